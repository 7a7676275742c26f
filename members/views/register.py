"""The public register of the Association: who is a member on a day, and one of them. The same for every reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import replace_url

from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, JSON, XLSX, send_file, stream
from members.figures import head_figures
from members.models import Membership, Organisation
from members.outreach import activities_of
from members.querysets import in_a_succession
from members.register import (
    FILTERS,
    Asked,
    Register,
    Sort,
    entry_of,
    register_csv,
    register_json,
    register_workbook,
)

#: The filters that stand beside the name; the others are opened.
FIRST = ("pillar", "status")


@require_GET
@vary_on_headers("HX-Request")
def list_members(request: HttpRequest) -> HttpResponse:
    """The register of a day, searched and filtered; the address says all of it, so that it can be shared.

    While somebody types, only what is found and the counts are sent.
    """
    asked = Asked.read(request.GET)
    register = Register(asked)
    context = {
        "asked": asked,
        "register": register,
        "page_obj": register.page,
        "columns": _columns(asked),
        "summary": _summary(register),
        "filters": _filters(register),
        **_addresses(register),
    }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request:
        response = render(request, "members/_found_members.html", {**context, "oob": True})
        return replace_url(response, _address(asked.query()))
    context |= {
        "figures": _figures(asked),
        "today": today(),
        "orders": Sort.choices_both_ways(),
        "is_open": asked.filters.keys() - set(FIRST) or asked.sorted_by != Sort.NAME,
    }
    return render(request, "members/list_members.html", context)


@require_GET
def export_members(request: HttpRequest, form: str) -> HttpResponseBase:
    """The register as the page shows it, with the same search and filters: all of its pages in one file."""
    asked = Asked.read(request.GET)
    register = Register(asked)
    name = f"members-{asked.day.isoformat()}.{form}"
    if form == "csv":
        return stream(register_csv(register), name, CSV)
    if form == "json":
        return stream(register_json(register), name, JSON)
    return send_file(register_workbook(register), name, XLSX)


@require_GET
def read_member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member or participant, now or before. The secretariat finds any organisation, and reads what is public.

    An entry that was merged leads to the one that stayed.
    """
    found = Organisation.objects.visible_to(request.user).annotate(has_successions=in_a_succession())
    organisation = found.filter(slug=slug, merged_into=None).first()
    if organisation is None:
        kept = get_object_or_404(found, merged__slug=slug)
        return redirect("members:read_member", kept.slug, permanent=True)
    context = {
        "organisation": organisation,
        "entry": entry_of(organisation),
        "activities": activities_of(organisation),
    }
    return render(request, "members/read_member.html", context)


def _address(query: str, fragment: str = "") -> str:
    """The register at what a query asks for."""
    return reverse("members:list_members") + (f"?{query}" if query else "") + fragment


def _addresses(register: Register) -> dict[str, Any]:
    """Where the page leads: its other pages, the files, and less narrow searches."""
    asked, page = register.asked, register.page
    query = asked.query()

    def at(number: Any) -> str:
        return _address(asked.query(page=number if number != 1 else ""), "#register") if str(number).isdigit() else ""

    nothing = dict.fromkeys(FILTERS, "")
    return {
        "pages": [
            (number, at(number))
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        ],
        "next_page": at(page.next_page_number()) if page.has_next() else "",
        "query": f"?{query}" if query else "",
        "only_name": _address(asked.query(**nothing), "#register"),
        "whole_day": _address(asked.query(**nothing, q="", sort=""), "#register"),
    }


def _figures(asked: Asked) -> dict[str, int]:
    """The figures of the day that head the register, in one query."""
    found = head_figures(asked.day)
    return {
        "companies": found["members.industry"],
        "countries": found["companies.countries"],
        "civil_society": found["members.civil-society"],
        "governments": found["members.government"],
        "certified": found["certified"],
    }


def _filters(register: Register) -> list[dict[str, Any]]:
    """The filters as the form shows them: name, label, what stands for no choice, choices, and what is chosen."""
    texts = {
        "pillar": (_("Pillar"), _("All three")),
        "status": (_("Certification"), _("Any state")),
        "category": (_("Category"), _("All")),
        "country": (_("Country"), _("All countries")),
        "region": (_("Region"), _("All regions")),
        "standard": (_("Certified to"), _("Any standard or none")),
        "works": (pgettext("where a company works", "Works"), _("Anywhere")),
    }
    return [
        {
            "name": name,
            "label": label,
            "none": none,
            "choices": register.choices[name],
            "chosen": getattr(register.asked, name),
            "first": name in FIRST,
        }
        for name, (label, none) in texts.items()
    ]


def _columns(asked: Asked) -> list[dict[str, Any]]:
    """The columns of the table: label, and where they can be sorted by, the address and how they are sorted now."""
    titles: list[tuple[str, str]] = [
        (_("Member"), Sort.NAME),
        (_("Pillar"), ""),
        (_("Country"), Sort.COUNTRY),
        (pgettext("where a company works", "Works"), ""),
        (_("Since"), Sort.SINCE),
        (_("State"), ""),
    ]
    columns = []
    for label, sort in titles:
        now = bool(sort) and asked.sort == sort
        turned = f"-{sort}" if now and not asked.backwards else str(sort)
        columns.append(
            {
                "label": label,
                "query": asked.query(sort="" if turned == Sort.NAME else turned) if sort else None,
                "sorted": ("descending" if asked.backwards else "ascending") if now else "",
            }
        )
    return columns


def _summary(register: Register) -> list[tuple[str, int]]:
    """How many of each category were found, in the order of the categories."""
    found = register.by_category
    return [(category.value, found[category.value]) for category in Membership.Category]
