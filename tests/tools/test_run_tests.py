"""The last line of `make test` counts every test there was, and nothing passes by not running."""

import pytest

from tools.run_tests import browser, count
from tools.steps import Done

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.mark.parametrize(
    ("numbers", "status", "passed", "failed"),
    [
        ((7, 0, 0, 0), 0, 7, 0),
        ((7, 2, 1, 0), 1, 4, 3),
        ((7, 0, 0, 2), 0, 5, 2),  # a skipped test showed nothing
        ((7, 0, 0, 0), 1, 7, 1),  # a run that broke off
        ((0, 0, 0, 0), 5, 0, 1),  # no tests at all
    ],
)
def test_a_report_is_counted(tmp_path, numbers, status, passed, failed):
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(*numbers))
    counted = count(Done("SQLite", status, 1.0), report)
    assert (counted.passed, counted.failed) == (passed, failed)


def test_a_run_without_a_report_is_a_failure(tmp_path):
    counted = count(Done("SQLite", 4, 1.0), tmp_path / "report.xml")
    assert (counted.passed, counted.failed) == (0, 1)


def test_browser_tests_are_left_out_only_on_request(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("NO_BROWSER", "1")
    assert browser(tmp_path) is None
    assert "NOT RUN" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("NO_BROWSER", "")])
def test_a_missing_browser_is_a_failure(tmp_path, monkeypatch, capsys, name, value):
    monkeypatch.setenv("NO_BROWSER", "1")
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    counted = browser(tmp_path)
    assert counted
    assert (counted.passed, counted.failed) == (0, 1)
    assert "there is no Chromium" in capsys.readouterr().out
