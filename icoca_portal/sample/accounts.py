"""The people of the sample site: invented, each named after what they may do, all with one known password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from icoca_portal.lib.access import SECRETARIAT
from members import operations
from members.models import Delegate, Delegation, Directorship, User

PASSWORD = "sample-portal"  # noqa: S105 (the sample site's password is known on purpose)
SINCE = date(2018, 1, 1)
SOURCE = "Sample load: an invented director"


@dataclass(frozen=True)
class Account:
    """An account, and what somebody who signs in with it can try. `code` and `role` place it in a delegation."""

    address: str
    name: str
    to_try: str
    time_zone: str = "Europe/Zurich"
    language: str = "en"
    code: str = ""
    role: str = ""


SECRETARY = Account(
    "secretariat@sample.example",
    "Sample Officer of the Secretariat",
    "Open /admin/: hold a meeting on one screen, see who has answered, return a response",
)
CHAIR = Account("chair@sample.example", "Sample Chair", "Read the records of a meeting, approve a Chair’s Summary")
DIRECTOR = Account(
    "director@sample.example", "Sample Director", "Read the submitted responses side by side, write a remark"
)
ADMINISTRATOR = Account("administrator@sample.example", "Sample Administrator", "Everything in /admin/, groups too")
APPLICANT = Account(
    "applicant@sample.example",
    "Sample Representative of an applicant",
    "Supply what an application for membership lacks, and what was returned with a reason",
)
OFFICES = (SECRETARY, CHAIR, DIRECTOR, ADMINISTRATOR, APPLICANT)

#: Delegations with people: how a sentence names them, and where their people sit.
PLACES = {
    "ch": ("Switzerland", "Europe/Zurich"),
    "us": ("the United States", "America/New_York"),
    "se": ("Sweden", "Europe/Stockholm"),
    "pt": ("Portugal", "Europe/Lisbon"),
    "au": ("Australia", "Australia/Sydney"),
    "ca": ("Canada", "America/Toronto"),
    "de": ("Germany", "Europe/Berlin"),
    "es": ("Spain", "Europe/Madrid"),
    "fr": ("France", "Europe/Paris"),
    "gb": ("the United Kingdom", "Europe/London"),
    "it": ("Italy", "Europe/Rome"),
    "jp": ("Japan", "Asia/Tokyo"),
    "nl": ("the Netherlands", "Europe/Amsterdam"),
    "no": ("Norway", "Europe/Oslo"),
}
#: What waits for the focal point of each delegation that has all three roles; the others have submitted.
WAITING = {
    "ch": "Submitted: read the response and its receipt, check the seal",
    "us": "Returned with a reason: correct the answer, submit it again",
    "se": "A draft of two people: go on with it, check the answers, submit",
    "pt": "Not started: answer the questionnaire from the beginning",
}
ROLES = {
    "focal": (Delegate.Role.FOCAL_POINT, "Focal Point"),
    "contributor": (Delegate.Role.CONTRIBUTOR, "Contributor"),
    "reader": (Delegate.Role.READER, "Reader"),
}


def delegates() -> Iterator[Account]:
    """The accounts of the delegations: all three roles where somebody waits for something, else the focal point."""
    for code, (place, time_zone) in PLACES.items():
        for prefix, (role, title) in ROLES.items():
            if prefix != "focal" and code not in WAITING:
                continue
            yield Account(
                address=f"{prefix}.{code}@sample.example",
                name=f"Sample {title} of {place}",
                to_try={
                    "focal": WAITING.get(code, "Submitted: read the response and its receipt"),
                    "contributor": "The same as a contributor, who writes but does not submit",
                    "reader": "The same as a reader, who writes nothing",
                }[prefix],
                time_zone=time_zone,
                language="fr" if code == "fr" else "en",
                code=code,
                role=role,
            )


def user_of(account: Account) -> User:
    """The stored account. Raises User.DoesNotExist."""
    return User.objects.get(email=account.address)


def focal_point_of(code: str) -> User:
    """The focal point of a delegation, by its code. Raises User.DoesNotExist."""
    return User.objects.get(email=f"focal.{code}@sample.example")


def load_offices() -> int:
    """Make the accounts of the secretariat, the chair, the director, the administrator and an applicant. Returns how
    many were made.

    An account that is there stays as it is, with the rights that it has now.
    """
    made = _make_accounts(OFFICES)
    if SECRETARY.address in made:
        made[SECRETARY.address].groups.add(Group.objects.get(name=SECRETARIAT))
    director = user_of(DIRECTOR)
    if not Directorship.objects.filter(user=director).exists():
        operations.record_directorship(
            person_name=director.name,
            user=director,
            pillar=Directorship.Pillar.CIVIL_SOCIETY,
            valid_from=SINCE,
            source=SOURCE,
            by=user_of(SECRETARY),
        )
    return len(made)


def load_delegates(*, by: User) -> int:
    """Make the accounts of the delegations and appoint them. Returns how many were made.

    Who has ever been appointed is not appointed again: the end of an appointment lasts.
    """
    accounts = list(delegates())
    made = _make_accounts(accounts)
    delegations = {
        delegation.code.lower(): delegation for delegation in Delegation.objects.select_related("organisation")
    }
    appointed = set(Delegate.objects.values_list("user__email", flat=True))
    for account in accounts:
        if account.address not in appointed:
            operations.appoint_delegate(
                delegations[account.code],
                user=made.get(account.address) or user_of(account),
                role=account.role,
                valid_from=SINCE,
                by=by,
            )
    return len(made)


def _make_accounts(accounts: Any) -> dict[str, User]:
    """Make the accounts that are missing, by address. The password is hashed once: a good hash takes its time."""
    there = set(User.objects.values_list("email", flat=True))
    missing = [account for account in accounts if account.address not in there]
    password = make_password(PASSWORD) if missing else ""
    made = {}
    for account in missing:
        made[account.address] = User.objects.create(
            email=account.address,
            name=account.name,
            password=password,
            language=account.language,
            time_zone=account.time_zone,
            is_staff=account in (SECRETARY, ADMINISTRATOR),
            is_superuser=account == ADMINISTRATOR,
        )
    return made
