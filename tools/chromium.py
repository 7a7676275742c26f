"""Finds the Chromium that the browser tests drive, or installs one: ``python -m tools.chromium`` prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
START_SECONDS = 60
INSTALL_SECONDS = 600


def starts(path: str) -> bool:
    """Whether this program runs; the name may belong to a stub that only says where to get the real one."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=START_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def downloaded() -> str | None:
    """The Chromium that `playwright install` put in its cache, if there is one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def candidates() -> Iterator[str]:
    """Programs to try, the wished one first."""
    if named := os.environ.get("CHROMIUM"):
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(os.path.exists, APPLICATIONS)
    if path := downloaded():
        yield path


def find() -> str | None:
    """The path of a Chromium that starts, None if there is none. CHROMIUM in the environment names the only one."""
    return next(filter(starts, candidates()), None)


def ways_to_install() -> Iterator[list[list[str]]]:
    """Ways to get one, each a row of commands. A way that needs rights this user lacks is left out."""
    root = os.geteuid() == 0
    if root and shutil.which("apt-get"):
        yield [
            ["apt-get", "-q", "update"],
            ["apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        ]
    if root and shutil.which("dnf"):
        yield [["dnf", "install", "-y", "-q", "chromium"]]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("brew"):
        yield [["brew", "install", "--cask", "chromium"]]


def run_all(commands: list[list[str]]) -> bool:
    """Run commands until one fails; says which. Returns whether all went well."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        print(f"  {' '.join(command)}", file=sys.stderr, flush=True)
        try:
            subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                timeout=INSTALL_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            print(f"  {error}", file=sys.stderr)
            return False
    return True


def ensure() -> str | None:
    """Find a Chromium or install one, saying so on standard error. None if neither worked."""
    if path := find():
        return path
    if os.environ.get("CHROMIUM"):
        print(f"CHROMIUM={os.environ['CHROMIUM']} does not start.", file=sys.stderr)
        return None
    print("No Chromium was found for the browser tests. Installing one:", file=sys.stderr, flush=True)
    for commands in ways_to_install():
        if run_all(commands) and (path := find()):
            return path
    return None


if __name__ == "__main__":
    found = ensure()
    print(found or "No Chromium: install one, or name it with CHROMIUM=/path/to/it.")
    sys.exit(not found)
