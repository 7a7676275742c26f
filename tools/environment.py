"""Make `.venv` hold exactly what a lock file names: ``python -m tools.environment runtime`` (or ``dev``).

Runs before the environment exists, so it needs nothing but the standard library. pip is called only when the lock
changed since the last time; afterwards no network is needed.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
# The development lock holds every package of the runtime lock in the same version.
HOLDS = {"runtime": ("runtime",), "dev": ("runtime", "dev")}


def lock_of(name: str) -> Path:
    """The lock file of an environment, ``runtime`` or ``dev``."""
    return ROOT / "requirements" / f"{name}.txt"


def stamp_of(name: str) -> Path:
    """The file that remembers which lock was installed."""
    return HOME / f"installed-{name}"


def fingerprint(name: str) -> str:
    """What identifies the content of a lock."""
    return hashlib.sha256(lock_of(name).read_bytes()).hexdigest()


def is_installed(name: str) -> bool:
    """Whether the environment holds this lock as it reads now."""
    return stamp_of(name).is_file() and stamp_of(name).read_text() == fingerprint(name)


def works() -> bool:
    """Whether the environment's Python starts and has pip; it does not after the machine's Python went away."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def create() -> None:
    """Make the environment anew, with the Python that runs this."""
    print(f"Making the environment .venv with Python {sys.version.split()[0]}", flush=True)
    venv.create(HOME, with_pip=True, clear=True, symlinks=True)


def install(name: str) -> None:
    """Install a lock and remember that. Raises CalledProcessError when pip fails; nothing is remembered then."""
    print(f"Installing requirements/{name}.txt (once for each change of it; this takes a minute)", flush=True)
    for part in HOLDS[name]:
        stamp_of(part).unlink(missing_ok=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", lock_of(name)], check=True)
    for part in HOLDS[name]:
        stamp_of(part).write_text(fingerprint(part))


def main(name: str) -> int:
    """Make and fill the environment where that is needed. Returns the exit status."""
    try:
        # Two commands at once would break each other's environment: the second waits for the first.
        with lock_of("runtime").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if is_installed(name) and PYTHON.exists():
                return 0
            if not works():
                create()
            install(name)
    except subprocess.CalledProcessError:
        print("The packages could not be installed; pip says why above. Nothing else was changed.", file=sys.stderr)
        print("The first installation needs the network or a local package index.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The environment could not be made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
