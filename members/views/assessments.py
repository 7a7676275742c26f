"""Self-assessments, as the representative of a member sees them: what is due, what was received, the file to send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.paging import PAGE
from icoca_portal.lib.refusals import Refusal
from members import operations
from members.forms import SendAssessmentForm
from members.models import SelfAssessment, SelfAssessmentFile
from members.representing import is_representative
from members.signing_in import person_of


@login_required
@never_cache
@require_GET
def list_assessments(request: HttpRequest) -> HttpResponse:
    """The self-assessments of the members that one speaks for; the secretariat has a list of its own."""
    if request.user.has_perm("members.view_selfassessment"):
        return redirect("admin:members_selfassessment_changelist")
    rows = SelfAssessment.objects.visible_to(request.user).select_related("organisation").prefetch_related("files")
    page = Paginator(rows.order_by("-year", "organisation__name", "pk"), PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count and not is_representative(request.user):
        raise Http404
    context = {"page_obj": page, "paginator": page.paginator, "is_paginated": page.has_other_pages()}
    return render(request, "members/list_assessments.html", context)


@login_required
@never_cache
@require_GET
def read_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One self-assessment: by when, what was sent, and the form that sends a file."""
    return _page(request, _find(request, pk), SendAssessmentForm())


@login_required
@never_cache
@require_POST
def send_self_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file as the self-assessment, or in the place of the one that was sent."""
    assessment = _find(request, pk)
    authorise(request.user, "members.send_self_assessment", assessment)
    form = SendAssessmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            operations.send_self_assessment(assessment, upload=form.cleaned_data["upload"], by=person_of(request))
        except Refusal as refusal:
            form.add_error("upload", str(refusal))
        else:
            messages.success(request, _("Received. The file is with the secretariat."))
            return redirect(assessment)
    return _page(request, _find(request, pk), form, status=422)


@login_required
@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_assessment_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file that was sent as a self-assessment, to save."""
    files = SelfAssessmentFile.objects.visible_to(request.user)
    row = get_object_or_404(files, pk=file, assessment=pk)
    return download_file(row.file, row.original_name, row.media_type, row.size)


def _find(request: HttpRequest, pk: int) -> SelfAssessment:
    rows = SelfAssessment.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, assessment: Any, form: SendAssessmentForm, status: int = 200) -> HttpResponse:
    may_send = request.user.has_perm("members.send_self_assessment", assessment)
    context = {
        "assessment": assessment,
        "files": list(assessment.files.select_related("uploaded_by")),
        "form": form,
        "may_send": may_send and assessment.takes_files_on(today()),
    }
    return render(request, "members/read_assessment.html", context, status=status)
