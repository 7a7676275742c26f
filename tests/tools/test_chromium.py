"""The browser tests find a Chromium, or get one where this user may install it."""

import pytest

from tools import chromium


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose PATH is one folder, without any browser, and whose user is root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium, "downloaded", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return tmp_path


def put(folder, name, body="exit 0"):
    """Put a program on the machine."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


def test_the_one_on_the_path_is_found(machine):
    assert chromium.find() is None
    path = put(machine, "google-chrome")
    assert chromium.find() == path


def test_a_stub_that_does_not_start_is_passed_over(machine):
    put(machine, "chromium-browser", "echo 'install the snap'; exit 1")
    path = put(machine, "google-chrome")
    assert chromium.find() == path


def test_a_named_one_is_the_only_one(machine, monkeypatch, capsys):
    put(machine, "chromium")
    monkeypatch.setenv("CHROMIUM", str(machine / "another"))
    assert chromium.ensure() is None
    assert "does not start" in capsys.readouterr().err


def test_root_installs_one_after_an_update(machine):
    log, browser = machine / "log", machine / "chromium"
    put(
        machine,
        "apt-get",
        f'echo "$@" >> {log}\ncase "$*" in *install*) echo "#!/bin/sh" > {browser}; /bin/chmod +x {browser};; esac',
    )
    assert chromium.ensure() == str(browser)
    assert log.read_text().splitlines()[0] == "-q update"
    assert "install -y" in log.read_text()


def test_an_ordinary_user_does_not_try_the_package_manager(machine, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    put(machine, "apt-get")
    assert "apt-get" not in [commands[0][0] for commands in chromium.ways_to_install()]


def test_what_fails_is_told_and_ends_without_one(machine, monkeypatch, capfd):
    put(machine, "apt-get", "exit 100")
    monkeypatch.setattr(chromium.sys, "executable", put(machine, "python", "exit 1"))
    assert chromium.ensure() is None
    assert "exit status 100" in capfd.readouterr().err
