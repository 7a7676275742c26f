"""What the API says of the register, of organisations and participants: what their pages show, in keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override, pgettext_lazy
from django_countries import countries

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.regions import REGIONS, region_of
from members.api import ROOT
from members.api.asking import ParticipantsAsked
from members.models import Certificate, CompanyProfile, Membership, Organisation, OtherName, Participation, Pillar
from members.regions import Region
from members.regions import region_of as region_of_participant
from members.register import Entry, Register, Row, Status, facts_of
from members.register.entries import ANYBODY

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def at(path: str) -> str:
    """The full address of something of the API."""
    return f"{settings.PORTAL_ADDRESS}{ROOT}{path}"


def page_of(slug: str) -> str:
    """The full address of the page of an organisation."""
    return f"{settings.PORTAL_ADDRESS}{reverse('members:read_member', args=[slug])}"


# The register of a day


def register_content(register: Register) -> dict[str, Any]:
    """A page of the register. Its `page` was found to be there."""
    asked, page = register.asked, register.page

    def address(number: int) -> str:
        return at(f"members?{asked.query(as_of=asked.day.isoformat(), page=number, per_page=asked.per_page)}")

    return {
        "as_of": asked.day,
        "filters": {**asked.filters, **({"q": asked.q} if asked.q else {})},
        "count": register.total,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "previous": address(page.number - 1) if page.has_previous() else None,
        "next": address(page.number + 1) if page.has_next() else None,
        "members": [_member(row) for row in page],
    }


def _member(row: Row) -> dict[str, Any]:
    slug = row.organisation.slug
    return {**facts_of(row), "slug": slug, "page": page_of(slug), "url": at(f"members/{slug}")}


# One organisation


def entry_content(entry: Entry) -> dict[str, Any]:
    """What anybody may know of an organisation. A day to come on which something ends is not said before it comes."""
    organisation, day = entry.organisation, entry.day
    country = _country(entry)
    return {
        "as_of": day,
        "name": organisation.name,
        "slug": organisation.slug,
        "kind": organisation.kind,
        "country": country or None,
        "region": region_of(country) or None,
        "website": organisation.website or None,
        "standing": entry.standing,
        "since": entry.since,
        "under_review": entry.reviewed,
        "other_names": [{"name": row.name, "kind": row.kind, "until": row.until} for row in entry.names],
        "memberships": [
            {"pillar": row.pillar, "category": row.category, **_period(row, day)} for row in entry.memberships
        ],
        "participations": [_period(row, day) for row in entry.participations],
        "profiles": list(_profiles(entry)),
        "certificates": [
            {
                "standard": held.last.standard.code,
                "title": held.last.standard.title,
                "body": held.last.body.name,
                "number": held.last.number,
                "scope": held.last.scope,
                "issued_on": held.last.issued_on,
                "expires_on": held.last.expires_on,
                "state": held.state,
                "periods": [{"state": row.state, **_period(row, day)} for row in held.periods],
            }
            for held in entry.certificates
        ],
        "page": page_of(organisation.slug),
    }


def _country(entry: Entry) -> str:
    """Where it is, as the register of a day has it: a State without a country on record by its code."""
    organisation = entry.organisation
    of_state = organisation.code if organisation.kind == Organisation.Kind.STATE else ""
    return entry.country_code or (of_state or "").upper()


def _period(row: Any, day: date) -> dict[str, date | None]:
    return {"valid_from": row.valid_from, "valid_to": _ended(row.valid_to, day)}


def _ended(end: date | None, day: date) -> date | None:
    return end if end is not None and end <= day else None


def _profiles(entry: Entry) -> Iterator[dict[str, Any]]:
    """The profiles as far as they are public. Where the revenue alone changed there is one: its day is not public."""
    for _public, rows in groupby(entry.profiles, key=_public_facts):
        run: list[CompanyProfile] = []
        for row in rows:
            if run and run[-1].valid_to != row.valid_from:
                yield _profile(run, entry.day)
                run = []
            run.append(row)
        yield _profile(run, entry.day)


def _public_facts(row: CompanyProfile) -> tuple[str, str, tuple[str, ...]]:
    headquarters: Any = row.headquarters
    works_in: Any = row.works_in
    return headquarters.code, row.environment, tuple(sorted({country.code for country in works_in}))


def _profile(run: list[CompanyProfile], day: date) -> dict[str, Any]:
    headquarters, works, operates = _public_facts(run[0])
    return {
        "headquarters": headquarters,
        "works": works,
        "countries_of_operation": list(operates),
        "valid_from": run[0].valid_from,
        "valid_to": _ended(run[-1].valid_to, day),
    }


# The participants of a day


def participants_content(asked: ParticipantsAsked) -> dict[str, Any]:
    """The participants of a day, in the order in which they joined."""
    rows = Participation.objects.visible_to(ANYBODY).as_of(asked.day).select_related("organisation")
    if asked.kind:
        rows = rows.filter(organisation__kind=asked.kind)
    words = fold(asked.q).split()
    found = [
        _participant(row)
        for row in rows.order_by("valid_from", "organisation__name")
        if all(word in fold(row.organisation.name) for word in words)
        and asked.region in (None, region_of_participant(row.organisation).value)
    ]
    return {"as_of": asked.day, "count": len(found), "participants": found}


def _participant(row: Participation) -> dict[str, Any]:
    organisation = row.organisation
    return {
        "name": organisation.name,
        "slug": organisation.slug,
        "code": organisation.code,
        "kind": organisation.kind,
        "region": region_of_participant(organisation).value,
        "since": row.valid_from,
        "page": page_of(organisation.slug),
        "url": at(f"members/{organisation.slug}"),
    }


# What things are called


@cache
def countries_content() -> dict[str, Any]:
    """All countries with their names in each language."""
    names = {}
    for language in LANGUAGES:
        with override(language):
            names[language] = {code: str(countries.name(code)) for code in countries.countries}
    return {
        "countries": [
            {
                "code": code,
                "names": {language: names[language][code] for language in LANGUAGES},
                "region": region_of(code) or None,
            }
            for code in sorted(countries.countries)
        ]
    }


@cache
def terms_content() -> dict[str, Any]:
    """What the keys in answers are called, in each language."""
    fields: dict[str, list[tuple[str, Any]]] = {
        "kind": [*Organisation.Kind.choices],
        "pillar": [*Pillar.choices],
        "category": [*Membership.Category.choices],
        "status": [*Status.choices],
        "works": [*CompanyProfile.Environment.choices],
        "region": [*REGIONS.items(), *((key, label) for key, label in Region.choices if key not in REGIONS)],
        "certificate_state": [
            *Certificate.State.choices,
            ("expired", pgettext_lazy("certificate", "Expired")),
        ],
        "name_kind": [*OtherName.Kind.choices],
    }
    terms: dict[str, list[dict[str, Any]]] = {
        name: [{"key": str(key), "labels": {}} for key, _label in choices] for name, choices in fields.items()
    }
    for language in LANGUAGES:
        with override(language):
            for name, choices in fields.items():
                for term, (_key, label) in zip(terms[name], choices, strict=True):
                    term["labels"][language] = str(label)
    return {"terms": terms}
