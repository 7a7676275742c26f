"""The whole suite: ``python -m tools.run_tests`` (``make test``).

The tests run on SQLite and again on PostgreSQL; then the browser tests, and the drills (programs that break things and
look at what is left). The last line counts all of them. A skipped test counts as failed: it showed nothing.
NO_BROWSER=1 leaves the browser tests out, with a warning; never in CI.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from tools import chromium
from tools.steps import ROOT, Done, run

PYTEST = [sys.executable, "-m", "pytest", "-q"]


@dataclass(frozen=True)
class Count:
    """How a step ended: tests that passed and that did not."""

    step: Done
    passed: int
    failed: int


def workers() -> int:
    """How many processes share the tests."""
    return max(2, min(8, os.cpu_count() or 2))


def count(step: Done, report: Path) -> Count:
    """Count a pytest run by its report. A run that failed without a failed test (no start, no tests) is one failure."""
    tests = bad = 0
    if report.exists():
        # Written by our own pytest a moment ago.
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314
            tests += int(suite.get("tests", 0))
            bad += sum(int(suite.get(kind, 0)) for kind in ("failures", "errors", "skipped"))
    if step.status and not bad:
        bad += 1
        tests += 1
    return Count(step, tests - bad, bad)


def pytest(name: str, report: Path, *arguments: str, **environment: str) -> Count:
    """One pytest run over several processes."""
    command = [*PYTEST, "-n", str(workers()), "--dist", "worksteal", f"--junitxml={report}", *arguments]
    return count(run(name, command, environment), report)


def drill(path: Path) -> Count:
    """One drill: a program whose exit status tells whether it held."""
    step = run(f"Drill {path.stem}", [sys.executable, "-m", f"tests.drills.{path.stem}"])
    return Count(step, int(step.status == 0), int(step.status != 0))


def browser(folder: Path) -> Count | None:
    """The browser tests. None when they were left out on purpose."""
    in_ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    if os.environ.get("NO_BROWSER") and not in_ci:
        print("\n== Browser: NOT RUN, because NO_BROWSER is set. Nothing says that the pages work.", flush=True)
        return None
    path = chromium.ensure()
    if path is None:
        print(
            "\n== Browser: there is no Chromium and none could be installed. Install one (Debian: apt-get install\n"
            "   chromium) or name it with CHROMIUM=/path/to/it. NO_BROWSER=1 leaves these tests out.",
            flush=True,
        )
        return Count(Done("Browser", 1, 0), 0, 1)
    return pytest("Browser", folder / "browser.xml", "tests/browser", TESTS_ON="sqlite", CHROMIUM=path)


def main() -> int:
    """Run everything and count. Returns the exit status."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-reports-") as name:
        folder = Path(name)
        counts = [
            pytest("SQLite", folder / "sqlite.xml", "tests", TESTS_ON="sqlite"),
            pytest("PostgreSQL", folder / "postgresql.xml", "tests", TESTS_ON="postgresql"),
        ]
        if any((ROOT / "tests" / "browser").glob("test_*.py")) and (result := browser(folder)):
            counts.append(result)
        counts += [drill(path) for path in sorted((ROOT / "tests" / "drills").glob("[!_]*.py"))]
    print()
    for each in counts:
        print(f"  {each.passed:5} passed  {each.failed:5} failed  {each.step.seconds:6.1f} s  {each.step.name}")
    print(f"  {time.monotonic() - began:.0f} s in all")
    failed = sum(each.failed for each in counts)
    print(f"{sum(each.passed for each in counts)} passed, {failed} failed", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
