"""The Board's way: what was received, side by side, by question and by delegation, with the Board's own remarks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, XLSX, download
from members.models import Organisation
from questionnaires import exports, operations, review
from questionnaires.forms import RemarkForm
from questionnaires.models import Attachment, Questionnaire, Submission
from questionnaires.views.answering import find_questionnaire
from questionnaires.views.receipts import send_attachment


def find_reviewed(request: HttpRequest, slug: str) -> Questionnaire:
    """The questionnaire at this address. 404 if it does not exist for the reader, 403 if they read no submissions."""
    questionnaire = find_questionnaire(request, slug)
    authorise(request.user, "questionnaires.read_submissions", questionnaire)
    return questionnaire


def find_submission(request: HttpRequest, slug: str, pk: int) -> Submission:
    """A submission to this questionnaire that exists for the reader; else 404."""
    questionnaire = find_questionnaire(request, slug)
    rows = Submission.objects.visible_to(request.user).filter(response__questionnaire=questionnaire)
    return get_object_or_404(rows.select_related("response__delegation__organisation"), pk=pk)


def may_remark(request: HttpRequest, questionnaire: Questionnaire) -> bool:
    """Whether the pages show remarks and offer to write them."""
    return request.user.has_perm("questionnaires.write_remark", questionnaire)


@never_cache
@login_required
@require_GET
def review_questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """Delegations by questions. The address says what is shown (`review.Selection`)."""
    questionnaire = find_reviewed(request, slug)
    with_remarks = may_remark(request, questionnaire)
    context: dict[str, Any] = {"questionnaire": questionnaire, "may_remark": with_remarks}
    if questionnaire.edition is not None:
        content = questionnaire.edition.questions
        rows = review.received(questionnaire, request.user)
        selection = review.Selection.read(request.GET, content, with_remarks=with_remarks)
        tables = review.matrix(content, rows, selection)
        day = review.day_of(questionnaire)
        context |= {
            "content": content,
            "received": rows,
            "participants": Organisation.objects.participants(day).count(),
            "day": day,
            "selection": selection,
            "has_scales": any(question.kind == "scale" for question in content),
            "objectives": review.objectives_of(content),
            "tables": tables,
            "shown": len(tables[0].rows) if tables else 0,
            "ends": review.scale_ends(tables),
        }
    return render(request, "questionnaires/review_questionnaire.html", context)


@never_cache
@login_required
@require_GET
def read_question_review(request: HttpRequest, slug: str, question: int) -> HttpResponse:
    """One question across all delegations."""
    questionnaire = find_reviewed(request, slug)
    if questionnaire.edition is None:
        raise Http404
    reading = review.read_question(
        questionnaire.edition.questions, question, review.received(questionnaire, request.user)
    )
    if reading is None:
        raise Http404
    return render(
        request,
        "questionnaires/read_question_review.html",
        {
            "questionnaire": questionnaire,
            "reading": reading,
            "question": reading.question,
            "may_remark": may_remark(request, questionnaire),
        },
    )


@never_cache
@login_required
@require_GET
def read_delegation_review(request: HttpRequest, slug: str, delegation: str) -> HttpResponse:
    """One delegation across all questions; ``?number=1`` reads an earlier submission."""
    questionnaire = find_reviewed(request, slug)
    return _delegation_page(request, questionnaire, delegation, number=request.GET.get("number", ""))


def _delegation_page(
    request: HttpRequest,
    questionnaire: Questionnaire,
    slug: str,
    *,
    number: str = "",
    refused: RemarkForm | None = None,
    refused_question: int | None = None,
) -> HttpResponse:
    submissions = review.received_from(questionnaire, slug, request.user)
    if not submissions:
        raise Http404
    shown = submissions[0]
    if number:
        shown = next((row for row in submissions if str(row.submission.number) == number), None)  # type: ignore[assignment]
        if shown is None:
            raise Http404
    heard = review.delegations_heard(questionnaire, request.user)
    place = [organisation.slug for organisation in heard].index(slug)
    return render(
        request,
        "questionnaires/read_delegation_review.html",
        {
            "questionnaire": questionnaire,
            "received": shown,
            "submission": shown.submission,
            "submissions": submissions,
            "is_newest": shown is submissions[0],
            "before": heard[place - 1] if place else None,
            "after": heard[place + 1] if place + 1 < len(heard) else None,
            "may_remark": may_remark(request, questionnaire),
            "refused": refused,
            "refused_question": refused_question,
        },
        status=422 if refused else 200,
    )


@login_required
@require_POST
def write_remark(request: HttpRequest, slug: str, question: int, submission: int) -> HttpResponse:
    """Put a remark beside one answer; back to the page it was written on, the delegation's or the question's."""
    found = find_submission(request, slug, submission)
    if question not in found.record.by_id:
        raise Http404
    authorise(request.user, "questionnaires.write_remark", found)
    delegation = found.response.delegation.organisation.slug
    form = RemarkForm(request.POST)
    if not form.is_valid():
        questionnaire = find_reviewed(request, slug)
        return _delegation_page(
            request, questionnaire, delegation, number=str(found.number), refused=form, refused_question=question
        )
    operations.write_remark(found, question_id=question, text=form.cleaned_data["text"], by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The remark stands beside the answer. The Board reads it."))
    if request.POST.get("back") == "delegation":
        page = reverse("questionnaires:read_delegation_review", args=[slug, delegation])
        return redirect(f"{page}?number={found.number}#q-{question}")
    return redirect(f"{reverse('questionnaires:read_question_review', args=[slug, question])}#d-{delegation}")


@login_required
@require_GET
def read_submitted_file(request: HttpRequest, slug: str, submission: int, attachment: int) -> FileResponse:
    """A file that a submission names with one of its answers: to the Board, the secretariat and its delegation.

    What was attached to a draft and not submitted is not found here.
    """
    found = find_submission(request, slug, submission)
    sealed = next((file for file in found.record.files if file["attachment"] == attachment), None)
    if sealed is None:
        raise Http404
    rows = Attachment.objects.filter(response=found.response_id, sha256=sealed["sha256"])
    return send_attachment(get_object_or_404(rows, pk=attachment))


@never_cache
@login_required
@require_GET
def export_submissions(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What is on record as a spreadsheet, or its first sheet as CSV."""
    questionnaire = find_questionnaire(request, slug)
    authorise(request.user, "questionnaires.export_submissions", questionnaire)
    if questionnaire.edition is None:
        raise Http404
    name = f"{questionnaire.slug}-responses-{today():%Y-%m-%d}.{form}"
    if form == "csv":
        return download(exports.submissions_csv(questionnaire, request.user), name, CSV)
    return download(exports.submissions_workbook(questionnaire, request.user), name, XLSX)
