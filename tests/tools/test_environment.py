"""The environment is filled when its lock changed, and a Python that cannot make one is told so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with locks and an environment, in which pip only writes down what it is asked for."""
    (tmp_path / "requirements").mkdir()
    for name in ("runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name} 1")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ntest ! -e {tmp_path}/broken\n')
    python.chmod(0o755)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "HOME", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", python)
    return tmp_path


def installs(checkout: Path) -> list[str]:
    """Which locks pip was asked to install."""
    calls = (checkout / "calls").read_text().splitlines() if (checkout / "calls").exists() else []
    return [Path(call.rpartition(" ")[2]).stem for call in calls if "install" in call]


def test_a_lock_is_installed_once(checkout):
    assert environment.main("runtime") == 0
    assert environment.main("runtime") == 0
    assert installs(checkout) == ["runtime"]


def test_a_changed_lock_is_installed_again(checkout):
    environment.main("runtime")
    environment.lock_of("runtime").write_text("runtime 2")
    environment.main("runtime")
    assert installs(checkout) == ["runtime", "runtime"]


def test_the_development_lock_covers_the_runtime_lock(checkout):
    environment.main("dev")
    environment.main("runtime")
    assert installs(checkout) == ["dev"]


def test_hashes_are_required(checkout):
    environment.main("dev")
    assert "--require-hashes" in (checkout / "calls").read_text()


def test_a_failed_installation_is_told_and_tried_again(checkout, capfd, monkeypatch):
    monkeypatch.setattr(environment, "works", lambda: True)
    (checkout / "broken").touch()
    assert environment.main("runtime") == 1
    assert "could not be installed" in capfd.readouterr().err
    (checkout / "broken").unlink()
    assert environment.main("runtime") == 0
    assert installs(checkout) == ["runtime", "runtime"]


def find_python(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the search for a Python in a folder without an environment, with only `folder` on PATH."""
    script = Path(__file__).parents[2] / "tools" / "find-python"
    shell = shutil.which("sh")
    assert shell
    return subprocess.run(
        [shell, script],
        cwd=folder,
        env={"PATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_no_python_names_what_to_install(tmp_path):
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "needs Python 3.11 or later" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_a_python_without_venv_names_its_package(tmp_path):
    fake_python(tmp_path, "python3", f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"')
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr


def test_a_shim_without_a_python_is_passed_over(tmp_path):
    fake_python(tmp_path, "python3", "exit 127")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert find_python(tmp_path).stdout == "python3.12\n"


def test_a_named_python_is_taken(tmp_path):
    assert find_python(tmp_path, PYTHON=sys.executable).stdout == f"{sys.executable}\n"
