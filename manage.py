#!/usr/bin/env python
"""Run an administrative command of the portal: ``python manage.py <command>``."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icoca_portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(f"Django is not installed here ({error}). Run `make run` or `make dev` first.") from error
    from django.core.exceptions import ImproperlyConfigured
    from environs import EnvError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as error:
        raise SystemExit(f"The portal does not start: {error}") from error


if __name__ == "__main__":
    main()
