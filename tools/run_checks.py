"""Everything that is checked without running the portal's tests: ``python -m tools.run_checks`` (``make check``).

All steps run even after one failed, so that one run shows everything there is to mend.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path

from tools.sample_site import sqlite_url
from tools.steps import PROGRAMS, ROOT, run


def production(folder: Path) -> dict[str, str]:
    """The settings of an imagined production, so that the checks see what production would see."""
    return {
        "DJANGO_SETTINGS_MODULE": "icoca_portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": sqlite_url(folder / "check.sqlite3"),
        "EMAIL_URL": "submission://user:password@mail.example:587",
        "MEDIA_ROOT": str(folder),
        "DEBUG": "false",
        "SAMPLE_SITE": "false",
        "SECURE_HTTPS": "true",
    }


def main() -> int:
    """Run all checks and say which failed. Returns the exit status."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    djade: list[str | Path] = [PROGRAMS / "djade", "--check", "--target-version", "5.2", *templates]
    with tempfile.TemporaryDirectory(prefix="portal-check-") as name:
        environment = production(Path(name))
        manage = [sys.executable, "manage.py"]
        done = [
            run("Style", [PROGRAMS / "ruff", "check", "."]),
            run("Format", [PROGRAMS / "ruff", "format", "--check", "."]),
            run("Types", [sys.executable, "-m", "mypy"]),
            run("Who imports whom", [PROGRAMS / "lint-imports", "--no-logo"]),
            run("Templates", djade),
            run("Migrations", [*manage, "makemigrations", "--check", "--dry-run"], environment),
            run("Production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], environment),
        ]
    print()
    for step in done:
        print(f"  {'failed' if step.status else 'ok':<6}  {step.seconds:6.1f} s  {step.name}")
    failed = [step.name for step in done if step.status]
    print(f"Checks failed: {', '.join(failed)}" if failed else f"All {len(done)} checks passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
