"""The screen on which the secretariat composes a summary from what was noted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from icoca_portal.lib import sealing
from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from meetings import composing, operations
from meetings.attributions import names_in, texts_of
from meetings.composing import GROUPS, Choice, Material
from meetings.models import AgendaItem, ChairsSummary
from meetings.summary_figures import by_subject, figures_of
from meetings.views.finding import find_summary
from members.figures import figures
from members.signing_in import person_of

CONFLICT = 409
OPENING = "opening"


def _find(request: HttpRequest, group: str, number: int) -> ChairsSummary:
    summary = find_summary(request, group, number)
    authorise(request.user, "meetings.compose_summary", summary)
    return summary


def _chosen(wanted: str, grouped: list[list[Material]]) -> list[Material]:
    """The item that the address asks for, with its sub-items; nothing for the opening."""
    if wanted == OPENING or not grouped:
        return []
    return next((materials for materials in grouped if str(materials[0].item.pk) == wanted), grouped[0])


def _html(summary: ChairsSummary, materials: list[Material], choice: Choice) -> str:
    """The composed text, in the language of the portal's records."""
    with translation.override(settings.LANGUAGE_CODE):
        if not materials:
            return composing.opening(summary.meeting)
        return composing.composed(materials, choice, composing.offices_of(summary.meeting))


def _address(summary: ChairsSummary, materials: list[Material]) -> str:
    item = materials[0].item.pk if materials else OPENING
    return f"{reverse('meetings:compose_summary', args=summary.meeting.address)}?item={item}"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def compose_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Choose what of an item goes into the summary (GET: shown, nothing stored), and put it into its part (POST)."""
    summary = _find(request, group, number)
    grouped = composing.materials_of(summary.meeting)
    data = request.POST if request.method == "POST" else request.GET
    materials = _chosen(data.get("item", ""), grouped)
    choice = Choice.read(data, materials)
    html = _html(summary, materials, choice)
    refused = ""
    if request.method == "POST":
        refused = _put(request, summary, materials, html)
        if not refused:
            messages.success(request, _("The composed text stands in the draft."))
            return redirect(_address(summary, materials))
    return _page(request, summary, grouped, materials, choice, html, refused)


def _put(request: HttpRequest, summary: ChairsSummary, materials: list[Material], html: str) -> str:
    """Store what was composed; what stops it, as a sentence."""
    how = request.POST.get("how", "")
    if request.POST.get("seen_text") != sealing.digest(html):
        return _("What was noted has changed since you saw the text. Read it again, then put it into the draft.")
    item = materials[0].item if materials else None
    part = operations.part_of(summary, item)
    if part and part.text and how not in ("replace", "append"):
        return _("Choose what becomes of the text that stands in the draft.")
    try:
        operations.compose_part(
            summary,
            item,
            html=html,
            append=how == "append",
            by=person_of(request),
            seen_version=number_in(request.POST, "seen_version"),
        )
    except Refusal as refusal:
        return str(refusal)
    return ""


def _page(
    request: HttpRequest,
    summary: ChairsSummary,
    grouped: list[list[Material]],
    materials: list[Material],
    choice: Choice,
    html: str,
    refused: str,
) -> HttpResponse:
    summary.refresh_from_db(fields=["version", "state"])
    item: AgendaItem | None = materials[0].item if materials else None
    part = operations.part_of(summary, item)
    heading = materials[0].line.heading if materials else _("Opening")
    day = summary.meeting.date or today()
    with translation.override(settings.LANGUAGE_CODE):
        known = figures(day)
    context: dict[str, Any] = {
        "meeting": summary.meeting,
        "summary": summary,
        "tops": [rows[0] for rows in grouped],
        "materials": materials,
        "chosen": item.pk if item else OPENING,
        "heading": heading,
        "choice": choice,
        "groups": GROUPS,
        # Reduced to a paper's few tags by `composed`, and made of escaped words by `opening`.
        "preview": mark_safe(html),  # noqa: S308
        "seen_text": sealing.digest(html),
        "part": part,
        "attributions": names_in(summary.meeting, [(heading, text) for text in texts_of(html)]),
        "figures": by_subject(known),
        "day": day,
        "has_statistics": day <= today(),
        "standing": figures_of(summary),
        "language": settings.LANGUAGE_CODE,
        "refused": refused,
    }
    return render(request, "meetings/compose_summary.html", context, status=CONFLICT if refused else 200)


@login_required
@require_POST
def insert_figure(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Put a figure of the registry into a part, as a sentence."""
    summary = _find(request, group, number)
    authorise(request.user, "meetings.insert_figure", summary)
    materials = _chosen(_item_of(request.POST), composing.materials_of(summary.meeting))
    try:
        logged = operations.insert_figure(
            summary,
            materials[0].item if materials else None,
            key=request.POST.get("figure", ""),
            by=person_of(request),
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Put into the draft: %(sentence)s") % {"sentence": logged.sentence})
    return redirect(_address(summary, materials))


def _item_of(data: QueryDict) -> str:
    return data.get("item", "")
