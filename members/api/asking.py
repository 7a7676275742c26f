"""What may be asked of the API. Everything else is refused, and the parameter named (`sentences`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django_countries import countries
from ninja import Schema
from pydantic import BeforeValidator, Field, GetCoreSchemaHandler
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from icoca_portal.lib.days import today
from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.regions import REGIONS
from members.api.problems import DoesNotExist
from members.models import CompanyProfile, Membership, Organisation, Pillar
from members.regions import Region
from members.register import Asked, Sort, Status
from members.register.asking import NO_REGION

MOST_PER_PAGE = 100
LAST_PAGE = 100_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBERS = "Write a whole number in plain figures."


class OneOf:
    """That a text is one of these, as its JSON Schema lists them."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = list(values)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(self.values)


def _read_day(given: Any) -> Any:
    """A day as ISO 8601 writes it, and in no other way."""
    if isinstance(given, date):
        return given
    try:
        if _DAY.fullmatch(str(given)):
            return date.fromisoformat(str(given))
    except ValueError:
        pass
    raise PydanticCustomError("day", "Write a day that there is as year-month-day, for example 2018-06-06.")


def _read_number(given: Any) -> Any:
    if isinstance(given, int):
        return given
    number = whole_number(str(given))
    if number is None:
        raise PydanticCustomError("number", _NUMBERS)
    return number


PillarKey = Annotated[str, OneOf(Pillar.values)]
CategoryKey = Annotated[str, OneOf(Membership.Category.values)]
KindKey = Annotated[str, OneOf(Organisation.Kind.values)]
ParticipantKindKey = Annotated[
    str, OneOf([Organisation.Kind.STATE.value, Organisation.Kind.INTERNATIONAL_ORGANISATION.value])
]
StatusKey = Annotated[str, OneOf(Status.values)]
WorksKey = Annotated[str, OneOf(CompanyProfile.Environment.values)]
RegionKey = Annotated[str, OneOf(REGIONS)]
RegionOrNone = Annotated[str, OneOf([*REGIONS, NO_REGION])]
ParticipantRegionKey = Annotated[str, OneOf(Region.values)]
CountryCode = Annotated[str, OneOf(countries.countries)]
SortKey = Annotated[str, OneOf(value for value, _label in Sort.choices_both_ways())]
KnownKey = Annotated[str, OneOf(["today", "then"])]
LanguageKey = Annotated[str, OneOf(code for code, _name in settings.LANGUAGES)]

Day = Annotated[date, BeforeValidator(_read_day)]
Page = Annotated[int, Field(ge=1, le=LAST_PAGE), BeforeValidator(_read_number)]
PerPage = Annotated[int, Field(ge=1, le=MOST_PER_PAGE), BeforeValidator(_read_number)]
Words = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Slug = Annotated[str, Field(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
Standard = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[^\x00]*$")]
Nothing = SkipJsonSchema[None]


class OfADay(Schema):
    """The day that is asked for."""

    as_of: Day | Nothing = Field(
        None,
        description="The day (in Geneva) as year-month-day; today if left out. Of a day to come nothing is known.",
        examples=["2018-06-06"],
    )

    @property
    def day(self) -> date:
        """The day, or today. Raises DoesNotExist for one that is still to come."""
        if self.as_of is not None and self.as_of > today():
            raise DoesNotExist(f"{self.as_of} is a day to come: nothing is known of it yet.", "as_of")
        return self.as_of or today()


class MembersAsked(OfADay):
    """The register of a day, searched, filtered, sorted and paged."""

    q: Words = Field("", description="Words that the name holds, or another name; accents and case count for nothing.")
    pillar: PillarKey | Nothing = Field(None, description="The pillar of the Association.")
    status: StatusKey | Nothing = Field(None, description="How a company stands with certification.")
    category: CategoryKey | Nothing = Field(None, description="In which category it belongs to the Association.")
    country: CountryCode | Nothing = Field(
        None,
        description="Where it is: ISO 3166-1 code of two capital letters, as /countries lists them.",
        examples=["CH"],
    )
    region: RegionOrNone | Nothing = Field(None, description="The region of that country.")
    standard: Standard | Nothing = Field(
        None, description="Certified to this standard on the day: a code of /standards.", examples=["PSC.1"]
    )
    works: WorksKey | Nothing = Field(None, description="Where a company works.")
    sort: SortKey = Field(Sort.NAME.value, description="What it is sorted by; with a minus backwards.")
    page: Page = Field(1, description="Which page; “next” and “previous” of an answer lead from one to another.")
    per_page: PerPage = Field(25, description="How many members a page has.")

    def read(self) -> Asked:
        """The same as the register is asked. Raises DoesNotExist for a day to come."""
        return Asked(
            day=self.day,
            q=" ".join(self.q.split()),
            pillar=self.pillar or "",
            status=self.status or "",
            category=self.category or "",
            country=self.country or "",
            region=self.region or "",
            standard=self.standard or "",
            works=self.works or "",
            sort=self.sort.removeprefix("-"),
            backwards=self.sort.startswith("-"),
            page=self.page,
            per_page=self.per_page,
        )


class InALanguage(Schema):
    """The language of labels and sentences. It is asked for, and not taken from the browser: caches stay simple."""

    language: LanguageKey = Field("en", description="The language of labels and sentences.")


class ParticipantsAsked(OfADay):
    """The participants of a day."""

    q: Words = Field("", description="A piece of the name.")
    kind: ParticipantKindKey | Nothing = Field(None, description="States alone, or international organisations alone.")
    region: ParticipantRegionKey | Nothing = Field(
        None, description="The region of a State; international organisations are a group of their own."
    )


class FiguresAsked(OfADay, InALanguage):
    """The figures of a day."""

    known: KnownKey = Field(
        "today",
        description="Whether the day is counted with what is known today, or with what was known when it ended.",
    )


def sentences(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What is wrong with each parameter, in plain English: the first thing that is."""
    found: dict[str, str] = {}
    for error in errors:
        # The name stands behind where it comes from and what it was read into; then, which of several types was tried.
        name = next(str(part) for part in error["loc"] if part not in ("query", "path", "asked"))
        found.setdefault(name, _sentence(error))
    return list(found.items())


def _sentence(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    match error["type"]:
        case "literal_error":
            expected = context["expected"]
            return f"Choose one of {expected}." if len(expected) < 300 else "There is no such code."
        case "greater_than_equal":
            return f"The smallest is {context['ge']}."
        case "less_than_equal":
            return f"The largest is {context['le']}."
        case "string_too_long":
            return f"At most {context['max_length']} characters."
        case "string_too_short":
            return "It is empty: leave it out."
        case "string_pattern_mismatch":
            return "It holds a character that no name has."
        case "missing":
            return "It is missing."
        case _:
            return str(error["msg"])
