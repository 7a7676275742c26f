"""What changed from one edition of a questionnaire to another, and the delegation's word that it was read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import whole_number
from members.signing_in import person_of
from questionnaires import kinds, operations
from questionnaires.comparing import Comparison, compare
from questionnaires.models import Edition, Questionnaire, Response
from questionnaires.views.answering import find_questionnaire


@login_required
@require_http_methods(["GET", "POST"])
def read_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes between two editions (``?from=1&to=2``); by default those that the reader's delegation has not read.

    For whomever the questionnaire exists for. POST notes that the delegation has read them.
    """
    questionnaire = find_questionnaire(request, slug)
    editions = {edition.number: edition for edition in questionnaire.editions.select_related("frozen_by")}
    if not editions:
        raise Http404
    response = _own_response(request, questionnaire)
    if request.method == "POST":
        return _note_read(request, questionnaire, response)
    old, new = _chosen(request, editions, response)
    comparison = None
    if old.number < new.number:
        comparison = compare(old.content, new.content, (translation.get_language() or "")[:2])
    return render(
        request,
        "questionnaires/read_changes.html",
        {
            "questionnaire": questionnaire,
            "editions": list(editions.values()),
            "old": old,
            "new": new,
            "comparison": comparison,
            "notes": [edition for number, edition in editions.items() if old.number < number <= new.number],
            "response": response,
            "unread": response is not None and response.has_unread_changes and new.number >= response.edition.number,
            "kept": _kept(response, comparison, old),
        },
    )


def _own_response(request: HttpRequest, questionnaire: Questionnaire) -> Response | None:
    rows = Response.objects.visible_to(request.user).filter(questionnaire=questionnaire)
    return rows.select_related("edition", "delegation__organisation").first()


def _note_read(request: HttpRequest, questionnaire: Questionnaire, response: Response | None) -> HttpResponse:
    if response is None:
        raise Http404
    authorise(request.user, "questionnaires.read_changes", response)
    number = whole_number(request.POST.get("edition"), figures=4)
    if number is not None and request.POST.get("read"):
        operations.read_changes(response, edition=number, by=person_of(request))
        messages.success(request, _("Your delegation has read the changes."))
    return redirect("questionnaires:read_response", questionnaire.slug)


def _chosen(request: HttpRequest, editions: dict[int, Edition], response: Response | None) -> tuple[Edition, Edition]:
    """The two editions of the address; else from the one the delegation knows, or the one before, to the latest."""
    latest = max(editions)
    known = (response.edition_read or response.edition.number) if response else 0
    before = known if known and known < latest else max(latest - 1, 1)

    def number(name: str, default: int) -> int:
        text = request.GET.get(name, "")
        if not text:
            return default
        asked = whole_number(text)
        if asked is None or asked not in editions:
            raise Http404
        return asked

    old, new = number("from", before), number("to", latest)
    if old > new:
        raise Http404
    return editions[old], editions[new]


def _kept(response: Response | None, comparison: Comparison | None, old: Edition) -> list[tuple[int, str]]:
    """The delegation's own answers to questions that are not asked any more."""
    if response is None or comparison is None or not comparison.removed:
        return []
    gone = {change.question.id: change.question for change in comparison.removed}
    rows = response.answers.filter(question__in=gone, value__isnull=False).values_list("question_id", "value")
    return [(pk, kinds.show(gone[pk], value)) for pk, value in rows]
