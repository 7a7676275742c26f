"""Published results: the page of the participants, what they take along, and whether a seal is that of the results.

Results are sealed and never change, so that their body is rendered once a process and language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.exports import CSV, download
from icoca_portal.lib.seal_form import SealForm
from questionnaires.models import Questionnaire, Results
from questionnaires.results import body_of, show, taking

JSON = "application/json"
KEPT = 32


def find_results(request: HttpRequest, slug: str, *, whole: bool = True) -> Results:
    """The results at this address: 404 until they are published, 403 for who does not read them.

    `whole` reads their content too.
    """
    rows = Results.objects.filter(questionnaire__slug=slug).select_related("questionnaire__plan")
    rows = rows if whole else rows.defer("content")
    # Most readers were invited, and what a delegation was invited to exists for it: found by a short query.
    own = request.user.standing.delegation_id  # type: ignore[union-attr]
    found = rows.filter(questionnaire__invitations__delegation=own).first() if own else None
    if found is None:
        found = get_object_or_404(rows, questionnaire__in=Questionnaire.objects.visible_to(request.user))
    authorise(request.user, "questionnaires.read_results", found)
    return found


@lru_cache(maxsize=KEPT)
def _kept(pk: int, sha256: str, language: str) -> dict[str, Any]:
    """What the page shows of sealed results: the same as long as the seal is."""
    shown = show(Results.objects.values_list("content", flat=True).get(pk=pk, sha256=sha256))
    return {
        "title": shown.title,
        "code": shown.code,
        "rate": shown.rate,
        "fewer": shown.fewer,
        "sections": [(section.number, section.title) for section in shown.sections],
        "responded": taking.responded(shown),
        "protection": taking.protection(shown),
        "body": body_of(shown),
    }


@never_cache
@login_required
@require_GET
def read_results(request: HttpRequest, slug: str) -> HttpResponse:
    """Response rate, counts with charts, quotations; how small numbers are protected; the seal."""
    row = find_results(request, slug, whole=False)
    kept = _kept(row.pk, row.sha256, translation.get_language() or "")
    return render(
        request,
        "questionnaires/read_results.html",
        {"results": row, "questionnaire": row.questionnaire, "kept": kept, "readers": taking.readers()},
    )


@never_cache
@login_required
@require_GET
def export_results(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The same as PDF or Word, as CSV, or as the sealed JSON itself: its SHA-256 is the seal."""
    row = find_results(request, slug)
    name = f"{row.questionnaire.slug}-results"
    match form:
        case "csv":
            return download(taking.csv(row), f"{name}.csv", CSV)
        case "json":
            return download(row.content.encode(), f"{name}.json", JSON)
    return download_paper(taking.paper(row), name, form)


@require_GET
def verify_results(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether a seal is that of the published results. Open to whoever holds the paper; a seal tells nothing."""
    row = get_object_or_404(Results.objects.select_related("questionnaire"), questionnaire__slug=slug)
    form = SealForm(request.GET if "seal" in request.GET else None)
    asked = form.is_bound and form.is_valid()
    found = row if asked and form.cleaned_data["seal"] == row.sha256 else None
    return render(
        request,
        "questionnaires/verify_results.html",
        {"questionnaire": row.questionnaire, "form": form, "asked": asked, "found": found},
        status=422 if form.is_bound and form.errors else 200,
    )
