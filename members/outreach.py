"""What the Association does in monitoring and outreach, as its public pages show it: one list of guidance, field-based
reviews and workshops, and which organisations of one may be named.

The list is the same for every reader: `visible_to` of nobody. Findings of a review are in none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BigIntegerField,
    CharField,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icoca_portal.lib.days import YearOf
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.paging import page_number, page_within
from members.models import Activity, FieldReview, Guidance, GuidanceFile, GuidanceVersion, Organisation, Workshop
from members.register.rows import country_name

ANYBODY = AnonymousUser()


class What(TextChoices):
    """What there is."""

    GUIDANCE = "guidance", gettext_lazy("Guidance")
    REVIEWS = "reviews", gettext_lazy("Field-based reviews")
    WORKSHOPS = "workshops", gettext_lazy("Workshops")


@dataclass(frozen=True)
class Entry:
    """A line of the list. `tag` is the glyph of a state, empty for guidance."""

    kind: str
    title: str
    url: str
    when: str
    line: str = ""
    state: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list; what makes no sense in it asks nothing."""

    what: str = ""
    country: str = ""
    year: int = 0
    page: int = 1

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Asked:
        what, country = data.get("what", ""), data.get("country", "")
        return cls(
            what if what in What.values else "",
            country if len(country) == 2 and country.isascii() and country.isalpha() else "",
            number_in(data, "year", figures=4),
            page_number(data),
        )

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than all."""
        return bool(self.what or self.country or self.year)


class Found:
    """The lines that an address asks for, the newest first, in as many queries for one as for many."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        chosen = _lines(asked, "what", "pk", "day").order_by("-day", "what", "pk")
        self.total = chosen.count()
        self.pages = page_within(asked.page, self.total)
        begins = (self.pages.number - 1) * self.pages.size
        self.entries = _entries(list(chosen[begins : begins + self.pages.size])) if self.total else []

        choices = list(_lines(Asked(), "year", "land", all_rows=False))
        #: The years in which there is something, the last first.
        self.years: list[int] = sorted({year for year, _land in choices}, reverse=True)
        #: The countries in which there is something: codes and names, by name.
        self.countries = sorted(
            ((code, country_name(code)) for code in {land for _year, land in choices if land}),
            key=lambda pair: pair[1],
        )


def _lines(asked: Asked, *columns: str, all_rows: bool = True) -> QuerySet[Any]:
    """These columns of what is asked for, from the three tables; each line once, unless `all_rows`."""
    issued = GuidanceVersion.objects.visible_to(ANYBODY).filter(guidance=OuterRef("pk")).order_by("-dated", "-pk")
    tables: dict[str, QuerySet[Any]] = {
        What.GUIDANCE.value: Guidance.objects.visible_to(ANYBODY).annotate(
            day=Subquery(issued.values("dated")[:1]), land=Value("", CharField())
        ),
        What.REVIEWS.value: _activities(FieldReview),
        What.WORKSHOPS.value: _activities(Workshop),
    }
    parts = []
    for what, rows in tables.items():
        if asked.what and what != asked.what:
            continue
        if asked.country:
            rows = rows.filter(land=asked.country)
        if asked.year:
            rows = rows.filter(day__range=(date(asked.year, 1, 1), date(asked.year, 12, 31)))
        parts.append(
            rows.annotate(what=Value(what, CharField()), year=YearOf(F("day"))).order_by().values_list(*columns)
        )
    return parts[0].union(*parts[1:], all=all_rows) if len(parts) > 1 else parts[0]


def _activities(model: type[Activity]) -> QuerySet[Any]:
    return model._default_manager.visible_to(ANYBODY).annotate(day=F("begins_on"), land=Cast("country", CharField()))


def _entries(lines: list[tuple[str, int, date]]) -> list[Entry]:
    """The lines of a page with what they say: a query a table, and one for the files of guidance."""
    keys: dict[str, list[int]] = {}
    for what, pk, _day in lines:
        keys.setdefault(what, []).append(pk)
    found: dict[tuple[str, int], Entry] = {}
    for guidance in with_issued_versions(Guidance.objects.filter(pk__in=keys.get(What.GUIDANCE, []))):
        found[What.GUIDANCE, guidance.pk] = _of_guidance(guidance)
    for review in FieldReview.objects.filter(pk__in=keys.get(What.REVIEWS, [])).defer("findings"):
        found[What.REVIEWS, review.pk] = _of_activity(review, _("Field-based review"), ", ".join(review.topic_list))
    for workshop in Workshop.objects.filter(pk__in=keys.get(What.WORKSHOPS, [])):
        found[What.WORKSHOPS, workshop.pk] = _of_activity(workshop, _("Workshop"), counted(workshop.taking_part))
    return [found[what, pk] for what, pk, _day in lines if (what, pk) in found]


def with_issued_versions(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Guidance with what anybody reads of it: `issued`, the newest version first, each with its files."""
    versions = GuidanceVersion.objects.visible_to(ANYBODY).order_by("-dated", "-pk").prefetch_related("files")
    return rows.prefetch_related(Prefetch("versions", versions, to_attr="issued"))


def _of_guidance(guidance: Any) -> Entry:
    newest = guidance.issued[0]
    forms = list(dict.fromkeys(file.form for file in newest.files.all()))
    languages = list(dict.fromkeys(str(file.get_language_display()) for file in newest.files.all()))
    return Entry(
        kind=_("Guidance"),
        title=guidance.title,
        url=guidance.get_absolute_url(),
        when=newest.when,
        line=" · ".join((", ".join(forms), ", ".join(languages))),
    )


def _of_activity(activity: Any, kind: str, more: str) -> Entry:
    where = activity.where if isinstance(activity, Workshop) else activity.place
    return Entry(
        kind=kind,
        title=str(activity),
        url=activity.get_absolute_url(),
        when=activity.when,
        line=" · ".join(part for part in (where, more) if part),
        state=activity.get_state_display(),
        tag=activity.tag,
    )


def counted(number: int | None) -> str:
    """``25 organisations``; empty where the number is not known."""
    if number is None:
        return ""
    return ngettext("%(count)d organisation", "%(count)d organisations", number) % {"count": number}


# One of them


@dataclass(frozen=True)
class Named:
    """Organisations that may be named to a reader, and how many more there are."""

    shown: list[Organisation]
    others: int

    @property
    def total(self) -> int:
        return len(self.shown) + self.others


def named(organisations: Any, user: Any, total: int | None = None) -> Named:
    """Those of the organisations that exist for the reader, by name; `total` counts those too that nobody listed."""
    listed = list(organisations.order_by("name"))
    visible = set(
        Organisation.objects.visible_to(user).filter(pk__in=[row.pk for row in listed]).values_list("pk", flat=True)
    )
    shown = [row for row in listed if row.pk in visible]
    return Named(shown, max(total or 0, len(listed)) - len(shown))


def activities_of(organisation: Organisation) -> list[Entry]:
    """The published reviews and workshops that an organisation took part in, the newest first. One query."""
    own = {"organisation": organisation.pk}
    visited = FieldReview.organisations.through.objects.filter(**own).values("fieldreview")
    supported = Workshop.partners.through.objects.filter(**own).values("workshop")
    attended = Workshop.organisations.through.objects.filter(**own).values("workshop")
    reviews = FieldReview.objects.visible_to(ANYBODY).filter(pk__in=visited)
    workshops = Workshop.objects.visible_to(ANYBODY).filter(
        Q(led_by=organisation) | Q(pk__in=supported) | Q(pk__in=attended)
    )
    columns = ("what", "pk", "called", "led", "country", "place", "begins_on", "ends_on", "day_known", "state")
    of_reviews = reviews.annotate(
        what=Value(What.REVIEWS.value, CharField()), called=Value("", CharField()), led=Value(0, BigIntegerField())
    )
    of_workshops = workshops.annotate(
        what=Value(What.WORKSHOPS.value, CharField()),
        called=Cast("title", CharField()),
        led=Coalesce(F("led_by"), 0, output_field=BigIntegerField()),
    )
    rows = of_reviews.order_by().values(*columns).union(of_workshops.order_by().values(*columns), all=True)
    return [_of_row(row, organisation) for row in rows.order_by("-begins_on", "what", "pk")]


def _of_row(row: dict[str, Any], organisation: Organisation) -> Entry:
    """The line of one of them, of what the query brought."""
    what, title, led_by = row.pop("what"), row.pop("called"), row.pop("led")
    if what == What.REVIEWS:
        return _of_activity(FieldReview(**row), _("Field-based review"), "")
    did = _("Led the workshop") if led_by == organisation.pk else ""
    return _of_activity(Workshop(**row, title=title), _("Workshop"), did)


@dataclass(frozen=True)
class Form:
    """What a version holds in one form (the manual), in its languages and types."""

    title: str
    files: list[GuidanceFile]


def by_form(files: Iterable[GuidanceFile]) -> list[Form]:
    """The files of a version by what they are."""
    found: dict[str, list[GuidanceFile]] = {}
    for file in files:
        found.setdefault(file.form, []).append(file)
    return [Form(title, rows) for title, rows in found.items()]
