"""What the secretariat keeps beside the figures: contacts, a merger, an entry made twice, a row struck out."""

from __future__ import annotations

from datetime import date
from typing import Any

from icoca_portal.lib.days import today
from icoca_portal.sample.clock import known_on
from members import operations
from members.models import Membership, Organisation, OtherName, Pillar, User

SOURCE = "Sample register"


def load(companies: list[Organisation], *, by: User) -> None:
    """Write it for the companies of the sample."""
    contacts(companies, by)
    merger(companies, by)
    entered_twice(companies, by)


def contacts(companies: list[Organisation], by: User) -> None:
    """Of four companies; one did not consent yet, one withdrew its consent and was erased."""
    since, asked = date(2024, 3, 1), {"consent_on": date(2024, 3, 4), "consent_source": "Sample form of 4 March 2024"}
    people: list[tuple[str, dict[str, Any]]] = [
        ("Sample Person One", asked),
        ("Sample Person Two", {**asked, "language": "fr"}),
        ("Sample Person Three", {}),
        ("Sample Person Four", asked),
    ]
    for number, (company, (name, more)) in enumerate(zip(companies, people, strict=False), start=1):
        contact = operations.record_contact(
            company,
            name=name,
            function="Sample function",
            email=f"contact{number}@sample.example",
            valid_from=since,
            by=by,
            **more,
        )
    operations.withdraw_consent(contact, on=today(), by=by)


def merger(companies: list[Organisation], by: User) -> None:
    """A company that left is merged into another on that day."""
    gone, successor = companies[61], companies[10]
    left = gone.memberships.get(superseded_at=None).valid_to
    if left:
        with known_on(left):
            operations.record_succession(
                successor, predecessor=gone, kind="merger", valid_from=left, source=f"{SOURCE}: notice", by=by
            )


def entered_twice(companies: list[Organisation], by: User) -> None:
    """An entry with a slip in its name, whose membership was recorded by mistake."""
    company = companies[8]
    name = company.name.replace("ar", "ra", 1) if "ar" in company.name else f"{company.name[:-4]}e{company.name[-4:]}"
    twin = Organisation.objects.create(name=name, slug=f"{company.slug}-2", kind=company.kind, country=company.country)
    OtherName.objects.create(organisation=twin, name=f"{name} (old list)", kind=OtherName.Kind.OTHER)
    with known_on(date(2024, 5, 2)):
        row: Membership = operations.record_membership(
            twin, pillar=Pillar.INDUSTRY, valid_from=date(2024, 5, 1), source=SOURCE, by=by
        )
    with known_on(date(2024, 5, 3)):
        operations.strike_out_membership(row, because="Sample: the company is a member under its right name.", by=by)
