"""The Board's way of reading: what was received, side by side, by question and by delegation, with its own remarks.

Every address here is asked of a `review.Reader`, which knows when and with what names its person reads.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.exports import CSV, JSON, XLSX, send_file, stream
from icoca_portal.lib.refusals import Refusal
from members.signing_in import person_of
from questionnaires import exports, operations, review
from questionnaires.models import Attachment, Questionnaire, Submission
from questionnaires.review_forms import PassageForm, RemarkForm
from questionnaires.views.answering import find_questionnaire
from questionnaires.views.receipts import send_attachment

INVALID = 422


def find_reviewed(request: HttpRequest, slug: str) -> Questionnaire:
    """The questionnaire at this address. 404 if it does not exist for the reader, 403 if they read no submissions."""
    questionnaire = find_questionnaire(request, slug)
    authorise(request.user, "questionnaires.read_submissions", questionnaire)
    return questionnaire


def find_reader(request: HttpRequest, slug: str) -> review.Reader:
    """The reader at the questionnaire of this address, whose visit is noted."""
    person = person_of(request)
    rows = Questionnaire.objects.visible_to(person).with_visit_of(person)
    questionnaire: Any = get_object_or_404(rows, slug=slug)
    authorise(person, "questionnaires.read_submissions", questionnaire)
    since = questionnaire.visit_since
    if not operations.is_noted(questionnaire.visit_seen_at):
        since = operations.note_visit(questionnaire, by=person).since
    return review.Reader(questionnaire, person, since)


def asked_by(questionnaire: Questionnaire) -> review.Asked:
    """What the questionnaire asked in all its editions; 404 while it has none."""
    try:
        return review.Asked(questionnaire)
    except LookupError as error:
        raise Http404 from error


def find_submission(reader: review.Reader, delegation: str, number: int) -> Submission:
    """The submission of a delegation that exists for the reader; else 404."""
    return get_object_or_404(reader.submissions_of(delegation), number=number)


def frame(reader: review.Reader, **more: Any) -> dict[str, Any]:
    """What every page of the Board's shows."""
    return {"questionnaire": reader.questionnaire, "reader": reader, "may_remark": reader.of_board, **more}


def filters(reader: review.Reader, asked: review.Asked, selection: review.Selection) -> dict[str, Any]:
    """What the forms that narrow offer."""
    return {
        "selection": selection,
        "shows": review.shows_of(asked),
        "objectives": asked.objectives,
        "delegation_choices": review.delegations_of(reader),
        "regions": review.regions_of(reader),
    }


@never_cache
@login_required
@require_GET
def review_questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """Delegations by questions. The address says what is shown (`review.Selection`)."""
    reader = find_reader(request, slug)
    questionnaire = reader.questionnaire
    context = frame(reader)
    try:
        asked = review.Asked(questionnaire)
    except LookupError:
        return render(request, "questionnaires/review_questionnaire.html", context)
    selection = review.Selection.read(request.GET, asked, reader)
    matrix = review.matrix(reader, asked, selection, review.page_number(request.GET))
    day = review.day_of(questionnaire)
    context |= filters(reader, asked, selection) | {
        "asked": asked,
        "content": asked.latest,
        "participants": matrix.participants,
        "day": day,
        "tables": matrix.tables,
        "pages": matrix.pages,
        "ends": review.scale_ends(matrix.tables),
    }
    return render(request, "questionnaires/review_questionnaire.html", context)


@never_cache
@login_required
@require_GET
def read_question_review(request: HttpRequest, slug: str, question: int) -> HttpResponse:
    """One question across all delegations."""
    reader = find_reader(request, slug)
    return question_page(request, reader, question)


def question_page(request: HttpRequest, reader: review.Reader, question: int, **more: Any) -> HttpResponse:
    """The page of a question, also after something was refused (`more` holds its form)."""
    asked = asked_by(reader.questionnaire)
    selection = review.Selection.read(request.GET, asked, reader)
    reading = review.read_question(reader, asked, question, selection, review.page_number(request.GET))
    if reading is None:
        raise Http404
    discussions = review.discussions(reader, question=question)
    context = frame(reader, reading=reading, question=reading.question, pages=reading.pages, discussions=discussions)
    context |= filters(reader, asked, selection) | more
    status = INVALID if more else 200
    return render(request, "questionnaires/read_question_review.html", context, status=status)


@never_cache
@login_required
@require_GET
def read_delegation_review(request: HttpRequest, slug: str, delegation: str) -> HttpResponse:
    """One delegation across all questions; ``?number=1`` reads an earlier submission, ``&beside=1`` puts one beside."""
    reader = find_reader(request, slug)
    number, beside = request.GET.get("number", ""), request.GET.get("beside", "")
    return delegation_page(request, reader, delegation, number=number, beside=beside)


def delegation_page(
    request: HttpRequest, reader: review.Reader, delegation: str, *, number: str = "", beside: str = "", **more: Any
) -> HttpResponse:
    """The page of a delegation, also after something was refused: `more` then holds the form, and of what."""
    asked = asked_by(reader.questionnaire)
    reading = review.read_delegation(reader, asked, delegation, number=number, beside=beside)
    if reading is None:
        raise Http404
    context = frame(reader, reading=reading, received=reading.shown, submission=reading.shown.submission, **more)
    status = INVALID if more else 200
    return render(request, "questionnaires/read_delegation_review.html", context, status=status)


def back_to(request: HttpRequest, slug: str, question: int, delegation: str, number: int) -> HttpResponse:
    """To the page that something was written on, at the answer it is about."""
    if request.POST.get("back") == "delegation":
        page = reverse("questionnaires:read_delegation_review", args=[slug, delegation])
        return redirect(f"{page}?number={number}#q-{question}")
    page = reverse("questionnaires:read_question_review", args=[slug, question])
    where = {name: request.POST[name] for name in ("page", "region", "delegations") if request.POST.get(name)}
    query = f"?{urlencode(where)}" if where else ""
    return redirect(f"{page}{query}#d-{delegation}")


@login_required
@require_POST
def write_remark(request: HttpRequest, slug: str, question: int, delegation: str, number: int) -> HttpResponse:
    """Put a remark beside one answer, or a reply to one; back to the page it was written on."""
    reader = find_reader(request, slug)
    found = find_submission(reader, delegation, number)
    if question not in found.record.by_id:
        raise Http404
    authorise(request.user, "questionnaires.write_remark", found)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        refused: dict[str, Any] = {"refused": form, "refused_question": question, "refused_kind": "remark"}
        return delegation_page(request, reader, delegation, number=str(number), **refused)
    answers = None
    if form.cleaned_data["answers"]:
        answers = get_object_or_404(reader.remarks(), pk=form.cleaned_data["answers"])
    operations.write_remark(
        found, question_id=question, text=form.cleaned_data["text"], by=person_of(request), answers=answers
    )
    messages.success(request, _("The remark stands beside the answer. The Board reads it."))
    return back_to(request, slug, question, delegation, number)


@login_required
@require_POST
def tag_passage(request: HttpRequest, slug: str, question: int, delegation: str, number: int) -> HttpResponse:
    """Put words of an answer under a theme; back to the page they were chosen on."""
    reader = find_reader(request, slug)
    found = find_submission(reader, delegation, number)
    if question not in found.record.by_id:
        raise Http404
    authorise(request.user, "questionnaires.tag_passage", found)
    form = PassageForm(request.POST)
    if form.is_valid():
        try:
            passage = operations.tag_passage(found, question_id=question, by=person_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("The words stand under “%(theme)s”.") % {"theme": passage.theme})
            return back_to(request, slug, question, delegation, number)
    refused: dict[str, Any] = {"refused": form, "refused_question": question, "refused_kind": "passage"}
    return delegation_page(request, reader, delegation, number=str(number), **refused)


@login_required
@require_GET
def read_reviewed_file(
    request: HttpRequest, slug: str, delegation: str, number: int, question: int, place: int
) -> FileResponse:
    """A file that a submission names with one of its answers, to the Board and the secretariat.

    What was attached to a draft and not submitted is not found here.
    """
    reader = review.Reader(find_reviewed(request, slug), request.user)
    found = find_submission(reader, delegation, number)
    answer = found.record.by_id.get(question)
    files = review.sealed_files(answer) if answer else []
    if not 0 < place <= len(files) or answer is None:
        raise Http404
    sealed = files[place - 1]
    rows = Attachment.objects.filter(response=found.response_id, sha256=sealed["sha256"])
    attachment = get_object_or_404(rows, pk=sealed["attachment"])
    name = reader.file_name(attachment.name, answer.number, place)
    reply = download_file(attachment.file, name, attachment.media_type, attachment.size)
    reply["Cache-Control"] = "private, no-store"
    return reply


@login_required
@require_GET
def read_submitted_file(request: HttpRequest, slug: str, submission: int, attachment: int) -> FileResponse:
    """A file that a submission names, under its own name: for its delegation, and for who reads with names."""
    questionnaire = find_questionnaire(request, slug)
    rows = Submission.objects.visible_to(request.user).filter(response__questionnaire=questionnaire)
    found = get_object_or_404(rows.select_related("response"), pk=submission)
    is_own = found.response.delegation_id == request.user.standing.delegation_id  # type: ignore[union-attr]
    sealed = next((file for file in found.record.files if file["attachment"] == attachment), None)
    if sealed is None or not (is_own or request.user.has_perm("questionnaires.read_names", questionnaire)):
        raise Http404
    files = Attachment.objects.filter(response=found.response_id, sha256=sealed["sha256"])
    return send_attachment(get_object_or_404(files, pk=attachment))


@never_cache
@login_required
@require_GET
def search_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """The answers in which words are found, with the words marked."""
    reader = find_reader(request, slug)
    asked = asked_by(reader.questionnaire)
    selection = review.Selection.read({"show": "all", **request.GET.dict()}, asked, reader)
    typed = request.GET.get("q", "")[:300]
    found = review.find_answers(reader, asked, selection, typed, review.page_number(request.GET))
    context = frame(reader, q=typed, found=found, pages=found.pages) | filters(reader, asked, selection)
    return render(request, "questionnaires/search_answers.html", context)


@never_cache
@login_required
@require_GET
def export_submissions(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """What is on record: as a spreadsheet, its first sheet as CSV, or as JSON with the texts of the editions."""
    questionnaire = find_questionnaire(request, slug)
    authorise(request.user, "questionnaires.export_submissions", questionnaire)
    asked = asked_by(questionnaire)
    reader = review.Reader(questionnaire, request.user)
    name = f"{questionnaire.slug}-responses-{today():%Y-%m-%d}.{form}"
    if form == "csv":
        return stream(exports.submissions_csv(reader, asked), name, CSV)
    if form == "json":
        return stream(exports.submissions_json(reader, asked), name, JSON)
    return send_file(exports.submissions_workbook(reader, asked), name, XLSX)
