"""The search of the meetings, compared with what is there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from meetings import finding
from meetings.models import DocumentWords


class Command(BaseCommand):
    """Compares every meeting with the entries of the search, and reads every document that was not read yet."""

    help = "Brings the search up to date at once; the mail worker with --loop does it by itself, a bite at a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--read-again", action="store_true", help="read the files again that could not be read before"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["read_again"]:
            DocumentWords.objects.filter(outcome=DocumentWords.Outcome.UNREADABLE).delete()
        changed = finding.rebuild()
        read = 0
        while bite := finding.read_documents(timezone.now()):
            read += bite
        self.stdout.write(f"{changed} entries differed; {read} documents were read.")
