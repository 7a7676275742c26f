"""Say who can sign in to the sample site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from icoca_portal.sample.accounts import OFFICES, PASSWORD, WAITING, delegates
from icoca_portal.sample.loading import NotASampleSite, refuse_elsewhere
from members.models import User


class Command(BaseCommand):
    """Prints the sample accounts that are open, with what each of them can try."""

    help = "Lists the accounts of the sample site, with their password and what to try with each."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse_elsewhere()
        except NotASampleSite as refusal:
            raise CommandError(str(refusal)) from refusal
        there = set(User.objects.filter(is_active=True).values_list("email", flat=True))
        accounts = [account for account in (*OFFICES, *delegates()) if account.address in there]
        if not accounts:
            self.stdout.write("There is no sample account. Load the sample data first: manage.py load_sample")
            return
        width = max(len(account.address) for account in accounts)
        self.stdout.write(f"\nSample accounts, all with the password {PASSWORD}\n")
        for account in accounts:
            if not account.code or account.code in WAITING:
                self.stdout.write(f"  {account.address:<{width}}  {account.to_try}")
        others = [account for account in accounts if account.code and account.code not in WAITING]
        if others:
            codes = " ".join(account.code for account in others)
            self.stdout.write(f"  {'focal.CC@sample.example':<{width}}  {others[0].to_try}; CC is one of {codes}")
