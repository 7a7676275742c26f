"""What a delegation keeps: its receipt, its own copy, its files; and whether a seal is the one on record."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from icoca_portal.lib.downloads import download_file, download_paper
from icoca_portal.lib.seal_form import SealForm
from questionnaires import papers
from questionnaires.guests import may_open_section
from questionnaires.models import Attachment, Questionnaire, Response, Submission
from questionnaires.views.answering import find_response, find_submissions, return_of


@login_required
@require_GET
def read_submission(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt, with the reference number and the seal. Before there is one, back to the task list."""
    response = find_response(request, slug)
    submissions = list(find_submissions(response).defer("content"))
    if not submissions:
        return redirect("questionnaires:read_response", slug)
    return render(
        request,
        "questionnaires/read_submission.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "submission": submissions[0],
            "earlier": submissions[1:],
            "returned": return_of(response, submissions[0]),
        },
    )


@login_required
@require_GET
def export_receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt of the submission on record, or of an earlier one (`?number=1`), as PDF."""
    response = find_response(request, slug)
    number = request.GET.get("number", "")
    submissions = [s for s in find_submissions(response) if not number or str(s.number) == number]
    if not submissions:
        raise Http404
    return download_paper(papers.receipt(submissions[0], response), f"{submissions[0].reference}-receipt", "pdf")


@login_required
@require_GET
def export_response(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The delegation's own copy as PDF or Word: what was submitted, or the draft as it stands, which it then says."""
    response = find_response(request, slug)
    if response.state == Response.State.SUBMITTED:
        submission = find_submissions(response)[0]
        paper, name = papers.submission(submission, response), submission.reference
    else:
        paper = papers.draft(response)
        name = f"{response.questionnaire.code}-{response.delegation.code}-draft"
    return download_paper(paper, name, form)


@login_required
@require_GET
def read_attachment(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A file of the delegation's own response, to download; for a guest, one of their own sections."""
    response = find_response(request, slug, guests=True)
    attachment = get_object_or_404(Attachment.objects.select_related("question"), pk=pk, response=response.pk)
    if not may_open_section(request.user, response, attachment.question.section_id):
        raise Http404
    return send_attachment(attachment)


def send_attachment(attachment: Attachment) -> FileResponse:
    """The file as a download, kept by no cache."""
    reply = download_file(attachment.file, attachment.name, attachment.media_type, attachment.size)
    reply["Cache-Control"] = "private, no-store"
    return reply


@require_GET
def verify_submission(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether a seal is the one on record. Open to whoever holds a receipt; a seal cannot be guessed."""
    questionnaire = get_object_or_404(Questionnaire.objects.exclude(state=Questionnaire.State.DRAFT), slug=slug)
    form = SealForm(request.GET if "seal" in request.GET else None)
    found = None
    asked = form.is_bound and form.is_valid()
    if asked:
        found = Submission.objects.filter(
            response__questionnaire=questionnaire, sha256=form.cleaned_data["seal"]
        ).first()
    return render(
        request,
        "questionnaires/verify_submission.html",
        {"questionnaire": questionnaire, "form": form, "asked": asked, "found": found},
        status=422 if form.is_bound and form.errors else 200,
    )
