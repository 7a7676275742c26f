"""What the API answers: its fields with what they mean, and an example of each answer.

Fields may be added while the version is 1; none changes its meaning or goes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from members.api.asking import (
    CategoryKey,
    KindKey,
    KnownKey,
    LanguageKey,
    OneOf,
    ParticipantKindKey,
    ParticipantRegionKey,
    PillarKey,
    RegionKey,
    WorksKey,
)
from members.models import Certificate, OtherName

SITE = "https://portal.example.org"
_API = f"{SITE}/members/api/v1"

CertificateState = Annotated[str, OneOf([*Certificate.State.values, "expired"])]
PeriodState = Annotated[str, OneOf(Certificate.State.values)]
NameKind = Annotated[str, OneOf(OtherName.Kind.values)]

_MEMBER: dict[str, Any] = {
    "name": "Sample Harbour Guarding",
    "slug": "sample-harbour-guarding",
    "kind": "company",
    "pillar": "industry",
    "category": "member",
    "since": "2014-01-01",
    "country": "CH",
    "region": "europe",
    "works": "land",
    "certified": True,
    "under_review": False,
    "certified_to": ["PSC.1"],
    "page": f"{SITE}/members/sample-harbour-guarding/",
    "url": f"{_API}/members/sample-harbour-guarding",
}


class ParameterError(Schema):
    """A parameter that cannot be answered."""

    parameter: str = Field(description="Its name.")
    message: str = Field(description="What is wrong with it, and what to write instead.")


class Problem(Schema):
    """What is wrong, and what to do (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "as_of: Write a day that there is as year-month-day, for example 2018-06-06.",
                "errors": [
                    {
                        "parameter": "as_of",
                        "message": "Write a day that there is as year-month-day, for example 2018-06-06.",
                    }
                ],
            }
        }
    )
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, for people.")
    errors: list[ParameterError] = Field(description="Parameter by parameter; empty where none is at fault.")


class Start(Schema):
    """Where everything is."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": "1.0",
                "sample": False,
                "documentation": f"{SITE}/members/api/",
                "openapi": f"{_API}/openapi.json",
                "resources": {"members": f"{_API}/members", "figures": f"{_API}/figures"},
            }
        }
    )
    version: str = Field(description="The version of the API.")
    sample: bool = Field(description="Whether the site holds invented data, to try it out.")
    documentation: str = Field(description="The page that describes the API.")
    openapi: str = Field(description="The same for programs.")
    resources: dict[str, str] = Field(description="The lists that can be read, each with its address.")


class Member(Schema):
    """A member, affiliate or observer, as it was on the day. The JSON file of the register has the same facts."""

    name: str = Field(description="Its name today.")
    slug: str = Field(description="What stands for it in addresses.")
    kind: KindKey = Field(description="What it is.")
    pillar: PillarKey = Field(description="In which pillar it belongs to the Association.")
    category: CategoryKey = Field(description="In which category.")
    since: date = Field(description="Since when.")
    country: str | None = Field(description="Headquarters of a company, country of others: ISO 3166-1, two letters.")
    region: RegionKey | None = Field(description="The region of the country.")
    works: WorksKey | None = Field(description="Where a company works.")
    certified: bool = Field(description="Whether it had a valid certificate.")
    under_review: bool = Field(description="Whether its application to be certified was under review.")
    certified_to: list[str] = Field(description="The codes of the standards.")
    page: str = Field(description="Its page in the register.")
    url: str = Field(description="All that is public of it.")


class Members(Schema):
    """The members of a day, a page at a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2018-06-06",
                "filters": {"pillar": "industry"},
                "count": 93,
                "page": 1,
                "pages": 4,
                "previous": None,
                "next": f"{_API}/members?pillar=industry&as_of=2018-06-06&page=2",
                "members": [_MEMBER],
            }
        }
    )
    as_of: date = Field(description="The day.")
    filters: dict[str, str] = Field(description="What was searched for and filtered by.")
    count: int = Field(description="How many there are on all pages.")
    page: int = Field(description="Which page this is.")
    pages: int = Field(description="How many there are.")
    previous: str | None = Field(description="The address of the page before.")
    next: str | None = Field(description="The address of the page after.")
    members: list[Member] = Field(description="The members on this page.")


class Period(Schema):
    """From when to when something held."""

    valid_from: date = Field(description="The first day.")
    valid_to: date | None = Field(description="The first day on which it no longer held; null: it holds today.")


class MembershipPeriod(Period):
    """A membership of the Association."""

    pillar: PillarKey = Field(description="In which pillar.")
    category: CategoryKey = Field(description="In which category.")


class ProfilePeriod(Period):
    """What a company was and did."""

    headquarters: str = Field(description="The country of its headquarters: ISO 3166-1, two letters.")
    works: WorksKey = Field(description="Where it worked.")
    countries_of_operation: list[str] = Field(description="The codes of the countries in which it worked.")


class CertificatePeriod(Period):
    """A period in the life of a certificate."""

    state: PeriodState = Field(description="What it was.")


class HeldCertificate(Schema):
    """A certificate with all its periods."""

    standard: str = Field(description="The code of the standard.")
    title: str = Field(description="The title of the standard; may be empty.")
    body: str = Field(description="The certification body.")
    number: str = Field(description="The number of the certificate; may be empty.")
    scope: str = Field(description="What it is for; may be empty.")
    issued_on: date = Field(description="When it was issued.")
    expires_on: date | None = Field(description="The first day on which it no longer counts; null: no end is recorded.")
    state: CertificateState = Field(description="How it stands today.")
    periods: list[CertificatePeriod] = Field(description="What it was from when to when, in order.")


class Name(Schema):
    """Another name."""

    name: str = Field(description="The name.")
    kind: NameKind = Field(description="Former, short or other.")
    until: date | None = Field(description="The first day without this name.")


class OrganisationFacts(Schema):
    """An organisation as the register knows it today, and what became of it. It has been a member or participant."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2018-06-06",
                "name": "Sample Harbour Guarding",
                "slug": "sample-harbour-guarding",
                "kind": "company",
                "country": "CH",
                "region": "europe",
                "website": "https://harbour.sample.example/",
                "standing": "Member since 1 January 2014, industry; certified to PSC.1 until 1 January 2019.",
                "since": "2014-01-01",
                "under_review": False,
                "other_names": [{"name": "Sample Port Watch", "kind": "former", "until": "2016-01-01"}],
                "memberships": [
                    {"valid_from": "2014-01-01", "valid_to": None, "pillar": "industry", "category": "member"}
                ],
                "participations": [],
                "profiles": [
                    {
                        "valid_from": "2014-01-01",
                        "valid_to": None,
                        "headquarters": "CH",
                        "works": "land",
                        "countries_of_operation": ["IQ", "KE"],
                    }
                ],
                "certificates": [
                    {
                        "standard": "PSC.1",
                        "title": "",
                        "body": "Sample Certification Body",
                        "number": "S-1",
                        "scope": "",
                        "issued_on": "2016-01-01",
                        "expires_on": "2019-01-01",
                        "state": "valid",
                        "periods": [{"valid_from": "2016-01-01", "valid_to": None, "state": "valid"}],
                    }
                ],
                "page": f"{SITE}/members/sample-harbour-guarding/",
            }
        }
    )
    as_of: date = Field(description="The day on which it was asked.")
    name: str = Field(description="Its name.")
    slug: str = Field(description="What stands for it in addresses.")
    kind: KindKey = Field(description="What it is.")
    country: str | None = Field(description="Headquarters of a company, country of others: ISO 3166-1, two letters.")
    region: RegionKey | None = Field(description="The region of the country.")
    website: str | None = Field(description="Its own website.")
    standing: str = Field(description="Where it stands, in one sentence of the language asked for.")
    since: date | None = Field(description="Since when it belongs to the Association in the category of today.")
    under_review: bool = Field(description="Whether an application of this member to be certified is under review.")
    other_names: list[Name] = Field(description="Former, short and other names.")
    memberships: list[MembershipPeriod] = Field(description="Its memberships of the Association, in order.")
    participations: list[Period] = Field(description="When it supported the Montreux Document, in order.")
    profiles: list[ProfilePeriod] = Field(description="What a company was and did, in order.")
    certificates: list[HeldCertificate] = Field(description="Its certificates, the latest first.")
    page: str = Field(description="Its page in the register.")


class Participant(Schema):
    """A State or international organisation that supported the Montreux Document on the day."""

    name: str = Field(description="Its name today.")
    slug: str = Field(description="What stands for it in addresses.")
    code: str | None = Field(description="ISO 3166-1 code of a State, short name of an organisation.")
    kind: ParticipantKindKey = Field(description="What it is.")
    region: ParticipantRegionKey = Field(description="The region of a State.")
    since: date = Field(description="Since when.")
    page: str = Field(description="Its page.")
    url: str = Field(description="All that is public of it.")


class Participants(Schema):
    """All participants of a day, in the order in which they joined."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2018-06-06",
                "count": 57,
                "participants": [
                    {
                        "name": "Switzerland",
                        "slug": "switzerland",
                        "code": "ch",
                        "kind": "state",
                        "region": "europe",
                        "since": "2008-09-17",
                        "page": f"{SITE}/members/switzerland/",
                        "url": f"{_API}/members/switzerland",
                    }
                ],
            }
        }
    )
    as_of: date = Field(description="The day.")
    count: int = Field(description="How many there are.")
    participants: list[Participant] = Field(description="The participants.")


class FigureOfDay(Schema):
    """A figure of the day."""

    key: str = Field(description="What stands for the figure; it does not change.")
    label: str = Field(description="What is counted.")
    value: int = Field(description="How many.")
    unit: str = Field(description="“%” for a share; empty for a count.")
    sentence: str = Field(description="The same in a sentence, ready for a record.")
    page: str | None = Field(description="The page with the organisations behind it, where they are public.")


class Figures(Schema):
    """The figures of a day. A share that would tell the revenue of a company is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2018-06-06",
                "known": "then",
                "language": "en",
                "figures": [
                    {
                        "key": "certified",
                        "label": "Certified companies",
                        "value": 13,
                        "unit": "",
                        "sentence": "On 6 June 2018, 13 member companies were certified.",
                        "page": f"{SITE}/members/statistics/certified/?as_of=2018-06-06&known=then",
                    }
                ],
            }
        }
    )
    as_of: date = Field(description="The day.")
    known: KnownKey = Field(description="Counted with what is known today, or was then.")
    language: LanguageKey = Field(description="The language of labels and sentences.")
    figures: list[FigureOfDay] = Field(description="The figures.")


class Series(Schema):
    """One line of a chart."""

    key: str = Field(description="What stands for it; it does not change.")
    label: str = Field(description="What is counted.")
    values: list[int] = Field(description="How many, for each of the days.")


class Chart(Schema):
    """Counts that belong together."""

    key: str = Field(description="What stands for it; it does not change.")
    label: str = Field(description="What is counted.")
    days: list[date] = Field(description="Each 1 January since the first row, and the day asked for.")
    series: list[Series] = Field(description="The counts, one list for each kind.")


class OverTheYears(Schema):
    """Counts over the years. What there are no rows of is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2018-06-06",
                "known": "today",
                "language": "en",
                "charts": [
                    {
                        "key": "certified",
                        "label": "Certified companies",
                        "days": ["2017-01-01", "2018-01-01", "2018-06-06"],
                        "series": [{"key": "certified", "label": "Certified companies", "values": [4, 9, 13]}],
                    }
                ],
            }
        }
    )
    as_of: date = Field(description="The last day.")
    known: KnownKey = Field(description="Each day counted with what is known today, or was when it ended.")
    language: LanguageKey = Field(description="The language of labels.")
    charts: list[Chart] = Field(description="The counts.")


class StandardFacts(Schema):
    """A standard that companies are certified to."""

    code: str = Field(description="Its code, as “standard” takes it.")
    title: str = Field(description="Its title; may be empty.")


class Standards(Schema):
    """All standards."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"standards": [{"code": "PSC.1", "title": "Sample title of the standard"}]}}
    )
    standards: list[StandardFacts] = Field(description="The standards, by their codes.")


class Country(Schema):
    """A country of ISO 3166-1."""

    code: str = Field(description="Its code, two letters.")
    names: dict[str, str] = Field(description="Its name in each language of the portal.")
    region: RegionKey | None = Field(description="Its region (United Nations, M49).")


class Countries(Schema):
    """All countries that “country” takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "countries": [{"code": "CH", "names": {"en": "Switzerland", "fr": "Suisse"}, "region": "europe"}]
            }
        }
    )
    countries: list[Country] = Field(description="The countries, by their codes.")


class Term(Schema):
    """A key that stands in answers, and what it is called."""

    key: str = Field(description="The key; it does not change.")
    labels: dict[str, str] = Field(description="What it is called in each language of the portal.")


class Terms(Schema):
    """What the keys in answers are called."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"terms": {"pillar": [{"key": "industry", "labels": {"en": "Industry", "fr": "Industrie"}}]}}
        }
    )
    terms: dict[str, list[Term]] = Field(description="The keys of each field.")
