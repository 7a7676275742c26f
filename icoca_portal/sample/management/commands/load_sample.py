"""Load the sample data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from icoca_portal.sample.loading import NotASampleSite, load


class Command(BaseCommand):
    """Fills a sample site. A second run adds what is missing and changes nothing that is there."""

    help = "Loads the sample data into the database of a sample site (SAMPLE_SITE=true)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = load()
        except NotASampleSite as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"]:
            self.stdout.write("\n".join(lines))
