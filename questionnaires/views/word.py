"""Word out, Word in: forms to fill in elsewhere, and what came back beside what stands."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.exports import DOCX, download
from icoca_portal.lib.numbers import number_in, whole_number
from members.signing_in import person_of
from questionnaires import operations, word
from questionnaires.editions import EditionContent, freeze, write
from questionnaires.exceptions import FormNotRead, QuestionnaireClosed, ResponseSealed
from questionnaires.forms import UploadedForm
from questionnaires.models import Response, WordUpload
from questionnaires.views.answering import find_questionnaire, find_response, may_write
from questionnaires.word.comparing import compare
from questionnaires.word.exporting import blank_form, draft_form

SHOWN_UPLOADS = 10


@never_cache
@login_required
@require_GET
def export_blank(request: HttpRequest, slug: str) -> HttpResponse:
    """The form without answers, of the latest edition; for the secretariat also while the questionnaire is a draft."""
    questionnaire = find_questionnaire(request, slug)
    edition = questionnaire.edition
    content = edition.questions if edition else EditionContent.read(write(freeze(questionnaire, 1))[0])
    return download(blank_form(questionnaire, content), f"{questionnaire.code}-form.docx", DOCX)


@never_cache
@login_required
@require_GET
def export_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form with the present draft of the reader's delegation in it."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.export_form", response)
    name = f"{response.questionnaire.code}-{response.delegation.code}-form.docx"
    return download(draft_form(response), name, DOCX)


@login_required
@require_http_methods(["GET", "POST"])
def upload_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a form that was filled in. It is read and shown; no answer changes before the delegation accepts it."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.upload_form", response)
    if request.method == "GET":
        return _render_upload_page(request, response)
    form = UploadedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_upload_page(request, response, refusal=form.first_error, status=422)
    try:
        upload = operations.upload_form(
            response.questionnaire, response.delegation, form.cleaned_data["file"], by=person_of(request)
        )
    except FormNotRead as refusal:
        return _render_upload_page(request, response, refusal=str(refusal), status=422)
    except (QuestionnaireClosed, ResponseSealed) as refusal:
        return _render_upload_page(request, response, refusal=str(refusal), status=409)
    return redirect("questionnaires:read_upload", slug, upload.pk)


def _render_upload_page(
    request: HttpRequest, response: Response, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    rows = WordUpload.objects.filter(response=response.pk).select_related("uploaded_by", "settled_by")
    return render(
        request,
        "questionnaires/upload_form.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "writable": may_write(request, response),
            "uploads": rows[:SHOWN_UPLOADS],
            "refusal": refusal,
        },
        status=status,
    )


def find_upload(response: Response, pk: int) -> WordUpload:
    """A file that was uploaded to this response; else 404."""
    rows = WordUpload.objects.filter(response=response.pk).select_related("uploaded_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


@never_cache
@login_required
@require_GET
def read_upload(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a form says beside what stands: each change to take or to leave, and what could not be read."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.read_upload", response)
    return _render_upload(request, response, find_upload(response, pk))


@login_required
@require_POST
def apply_upload(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the ticked answers. What a colleague saved after the page was shown stays, and is shown beside it."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.apply_upload", response)
    upload = find_upload(response, pk)
    ticked = {number for text in request.POST.getlist("take") if (number := whole_number(text)) is not None}
    taken = {question: number_in(request.POST, f"seen-{question}") for question in ticked}
    was_settled = upload.settled_at is not None
    try:
        upload, saved = operations.apply_upload(upload, taken, by=person_of(request))
    except (QuestionnaireClosed, ResponseSealed) as refusal:
        return _render_upload(request, response, upload, ticked=ticked, refusal=str(refusal), status=409)
    if saved.conflicts:
        left = ticked - set(saved.conflicts)
        return _render_upload(
            request, response, upload, ticked=left, taken=len(saved.answers), stale=len(saved.conflicts), status=409
        )
    if not was_settled:
        messages.success(request, _taken_sentence(upload, len(saved.answers)))
        return redirect("questionnaires:read_response", slug)
    return redirect("questionnaires:read_upload", slug, pk)


def _taken_sentence(upload: WordUpload, count: int) -> str:
    if not count:
        return _("Nothing of %(name)s was taken. Your answers are as they were.") % {"name": upload.name}
    return ngettext("%(count)d answer of %(name)s is saved.", "%(count)d answers of %(name)s are saved.", count) % {
        "count": count,
        "name": upload.name,
    }


def _render_upload(
    request: HttpRequest,
    response: Response,
    upload: WordUpload,
    *,
    ticked: Collection[int] | None = None,
    taken: int = 0,
    stale: int = 0,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    reading = word.Reading.from_json(upload.content)
    comparison = compare(reading, response)
    if ticked is not None:
        for proposal in comparison.proposals:
            proposal.ticked = proposal.question.id in ticked
    origin = reading.origin
    return render(
        request,
        "questionnaires/read_upload.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "upload": upload,
            "comparison": comparison,
            "tally": reading.tally,
            "origin": origin,
            "other_edition": origin is not None and origin.edition != response.edition.number,
            "writable": may_write(request, response) and upload.settled_at is None,
            "taken": taken,
            "stale": stale,
            "refusal": refusal,
        },
        status=status,
    )
