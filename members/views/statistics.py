"""The figures of any day: their page, the organisations behind each, two days beside each other, files, years."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET
from django_countries import countries

from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, JSON, download, write_csv
from icoca_portal.lib.paging import PAGE
from members.figures import SMALLEST_SHOWN, AsOf, Figure, behind, figures_of, together
from members.figures.comparing import MOST_NAMES, compared, movements, sizes_disclose, without_sizes
from members.figures.over_time import charts_over_time
from members.figures.showing import shown
from members.forms import StatisticsForm
from members.models import CompanyProfile, Membership, Participation
from members.querysets import OrganisationQuerySet

DAYS = ("as_of", "with")
COLUMNS = ("key", "label", "value", "unit", "sentence", "as_of", "known")


@dataclass(frozen=True)
class Asked:
    """What an address asks: a day, how it is known, another day to compare with; and what of it could not be read."""

    form: StatisticsForm
    as_of: AsOf
    other: AsOf | None

    @property
    def known(self) -> str:
        return "then" if self.as_of.then else "today"

    @property
    def typed(self) -> dict[str, str]:
        """The days as they were typed, shortened: what is no day is shown again."""
        return {name: self.form.data.get(name, "")[:40] for name in DAYS}

    @property
    def query(self) -> str:
        """The day and the knowledge, for an address about them."""
        return self.query_of(self.as_of.day)

    def query_of(self, day: date) -> str:
        """The same of another day."""
        return urlencode({"as_of": day.isoformat(), **({"known": "then"} if self.as_of.then else {})})

    @property
    def query_of_both(self) -> str:
        """What is shown, the comparison too."""
        return f"{self.query}&{urlencode({'with': self.other.day.isoformat()})}" if self.other else self.query


def ask(request: HttpRequest) -> Asked:
    """What the address asks; of a day that it does not name, or that is none, the figures are those of today."""
    form = StatisticsForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    made: Callable[[date], AsOf] = AsOf.known_then if given.get("known") == "then" else AsOf
    day, other = given.get("as_of") or today(), given.get("with")
    as_of, *beside = together(*(made(each) for each in (day, other) if each))
    return Asked(form, as_of, beside[0] if beside else None)


def refuse(asked: Asked) -> HttpResponse | None:
    """The answer to whoever asks for a file of a day that is none (400)."""
    if not asked.form.errors:
        return None
    problems = " ".join(str(error) for errors in asked.form.errors.values() for error in errors)
    return HttpResponse(problems, status=400, content_type="text/plain; charset=utf-8")


def page_of(asked: Asked, **more: Any) -> dict[str, Any]:
    """What the pages of a day share."""
    return {
        "form": asked.form,
        "day": asked.as_of.day,
        "then": asked.as_of.then,
        "query": asked.query,
        "latest": today().isoformat(),
        "iso": asked.as_of.day.isoformat(),
        "other_errors": asked.form["with"].errors,
        "typed": asked.typed,
        "unreadable": {name: asked.typed[name] for name in DAYS if asked.form.has_error(name, "invalid")},
        **more,
    }


def _address_for(request: HttpRequest, asked: Asked) -> Callable[[Figure], str]:
    """Where this reader finds the organisations behind a figure; "" where there are none for them."""

    def address(figure: Figure) -> str:
        if not figure.value or not figure.may_be_seen_by(request.user):
            return ""
        return f"{reverse('members:read_figure', args=[figure.key])}?{asked.query}"

    return address


@require_GET
def read_statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a day: the main numbers, charts, sentences for a record; with another day, a comparison."""
    asked = ask(request)
    found = figures_of(asked.as_of)
    context = page_of(
        asked,
        shown=shown(asked.as_of, found, _address_for(request, asked)),
        figures=found,
        # Delegations are the portal's own, and say nothing of what the registry knew.
        nothing=not any(figure.value for figure in found if figure.key != "delegations"),
        query_of_both=asked.query_of_both,
        smallest=SMALLEST_SHOWN,
        left_out=pgettext("a figure", "left out"),
    )
    if asked.other:
        earlier, later = sorted((asked.as_of, asked.other), key=lambda each: each.day)
        disclose = sizes_disclose(earlier, later)
        context["comparison"] = {
            "earlier": earlier.day,
            "later": later.day,
            "rows": compared(figures_of(earlier), figures_of(later), sizes=not disclose),
            "sizes_left_out": disclose,
            "movements": movements(earlier, later, request.user),
            "most": MOST_NAMES,
        }
    return render(request, "members/read_statistics.html", context)


@require_GET
def read_statistics_over_time(request: HttpRequest) -> HttpResponse:
    """Members, certified companies, applications under review and participants over the years, to the day asked for."""
    asked = ask(request)
    address = reverse("members:read_statistics")
    charts = charts_over_time(asked.as_of, lambda day: f"{address}?{asked.query_of(day)}")
    return render(request, "members/read_statistics_over_time.html", page_of(asked, charts=charts))


@require_GET
def read_figure(request: HttpRequest, key: str) -> HttpResponse:
    """The organisations behind a figure of a day, as far as this reader may know them."""
    asked = ask(request)
    found = behind(key, asked.as_of, request.user)
    if found is None:
        raise Http404(_("There is no such figure of this day."))
    figure, organisations = found[0], cast(OrganisationQuerySet, found[1])
    visible = organisations.visible_to(request.user)
    rows = _with_facts(visible, figure, asked.as_of, request.user).order_by("name", "pk")
    paginator = Paginator(rows, PAGE)
    page = paginator.get_page(request.GET.get("page"))
    for row in page:
        row.place = countries.name(row.headquarters) if row.headquarters else row.country.name
    context = page_of(
        asked,
        figure=figure,
        page_obj=page,
        paginator=paginator,
        is_paginated=page.has_other_pages(),
        hidden=organisations.count() - paginator.count,
        of_participants=_is_of_participants(figure),
    )
    return render(request, "members/read_figure.html", context)


def _is_of_participants(figure: Figure) -> bool:
    return figure.key.partition(".")[0] == "participants"


def _with_facts(rows: QuerySet[Any], figure: Figure, asked: AsOf, user: Any) -> QuerySet[Any]:
    """The organisations with the country of their headquarters, and since when they are members (or participants)."""
    model: Any = Participation if _is_of_participants(figure) else Membership

    def of_that_day(kind: Any) -> Any:
        held = kind.objects.visible_to(user).as_of(asked.day, known=asked.known)
        return held.filter(organisation=OuterRef("pk")).order_by("valid_from")

    return rows.annotate(
        since=Subquery(of_that_day(model).values("valid_from")[:1]),
        headquarters=Subquery(of_that_day(CompanyProfile).values("headquarters")[:1]),
    )


@require_GET
def export_statistics(request: HttpRequest, form: str) -> HttpResponse:
    """The figures of a day, and of the one it is compared with, as CSV or JSON. A day that is none is refused (400)."""
    asked = ask(request)
    if refusal := refuse(asked):
        return refusal
    # Both days in one file are compared: see `sizes_disclose`.
    disclose = asked.other is not None and sizes_disclose(asked.as_of, asked.other)
    kept = without_sizes if disclose else list
    rows = [
        (figure.key, figure.label, figure.value, figure.unit, figure.sentence, each.day.isoformat(), asked.known)
        for each in (asked.as_of, asked.other)
        if each
        for figure in kept(figures_of(each))
    ]
    name = f"statistics-{asked.as_of.day.isoformat()}.{form}"
    if form == "csv":
        return download(write_csv(COLUMNS, rows), name, CSV)
    content = {"figures": [dict(zip(COLUMNS, row, strict=True)) for row in rows]}
    return download(json.dumps(content, ensure_ascii=False, indent=1).encode(), name, JSON)
