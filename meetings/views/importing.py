"""Bringing in the past: upload a summary, correct what was understood, save it as the record of a meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from meetings import correcting, operations
from meetings.exceptions import ImportChangedMeanwhile
from meetings.models import PastSummary, Visibility, WorkingGroup
from members.signing_in import person_of

SHOWN = 50


class UploadForm(forms.Form):
    """A file, and of which working group it is."""

    working_group = forms.ModelChoiceField(
        WorkingGroup.objects.all(), label=gettext_lazy("Working group"), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Summary"),
        allow_empty_file=True,
        help_text=gettext_lazy("A Word document (.docx), Markdown or plain text, up to 20 MB."),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload_past_summary(request: HttpRequest) -> HttpResponse:
    """Upload a summary of the past; and those that wait to be corrected. Nothing is recorded before it is saved."""
    authorise(request.user, "meetings.upload_past_summary")
    form, refusal = UploadForm(), ""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                row = operations.upload_past_summary(
                    form.cleaned_data["working_group"], form.cleaned_data["file"], by=person_of(request)
                )
            except Refusal as refused:
                refusal = str(refused)
            else:
                return redirect("meetings:correct_past_summary", row.pk)
    rows = PastSummary.objects.visible_to(request.user).select_related(
        "working_group", "uploaded_by", "meeting__working_group"
    )
    context = {
        "form": form,
        "refusal": refusal,
        "waiting": rows.filter(saved_at=None, discarded_at=None)[:SHOWN],
        "ended": rows.exclude(saved_at=None, discarded_at=None)[:SHOWN],
    }
    return render(request, "meetings/upload_past_summary.html", context, status=422 if refusal or form.errors else 200)


def _find(request: HttpRequest, pk: int, permission: str) -> PastSummary:
    """A text of the past. Whoever may bring none in is refused (403) before it is looked for."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    rows = PastSummary.objects.visible_to(request.user).select_related(
        "working_group", "uploaded_by", "meeting__working_group"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct_past_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """What was understood, to be corrected. Every button stores what was typed before it does what it says."""
    row = _find(request, pk, "meetings.correct_past_summary")
    if request.method == "GET":
        return _render(request, row, row.understood, row.version)
    text, step = correcting.typed(request.POST), request.POST.get("do", "save")
    version = number_in(request.POST, "seen_version")
    text, anchor = correcting.moved(text, step)
    try:
        row = operations.correct_past_summary(row, text, seen_version=version, by=person_of(request))
    except ImportChangedMeanwhile as refused:
        row.refresh_from_db()
        return _render(request, row, text, row.version, refusal=str(refused), theirs=row.understood, status=409)
    except Refusal as refused:
        return _render(request, row, text, version, refusal=str(refused), status=409)
    if step == "record":
        return _save(request, row)
    if step == "save":
        messages.success(request, _("The corrections are stored. The meeting is recorded when you save it as such."))
    return redirect(reverse("meetings:correct_past_summary", args=[pk]) + (f"#{anchor}" if anchor else ""))


def _save(request: HttpRequest, row: PastSummary) -> HttpResponse:
    authorise(request.user, "meetings.save_past_summary")
    visibility = request.POST.get("visibility", "")
    try:
        meeting = operations.save_past_summary(
            row,
            seen_version=row.version,
            was_published="was_published" in request.POST,
            visibility=visibility if visibility in Visibility.values else Visibility.PARTICIPANTS,
            by=person_of(request),
        )
    except Refusal as refused:
        return _render(request, row, row.understood, row.version, refusal=str(refused), status=409)
    said = _("The %(exchange)s is recorded, with its summary.") % {"exchange": meeting.name_in_sentence}
    messages.success(request, said)
    return redirect(meeting)


@login_required
@require_POST
def discard_past_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a text up. No meeting changes."""
    row = _find(request, pk, "meetings.discard_past_summary")
    try:
        operations.discard_past_summary(row, by=person_of(request))
    except Refusal as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(name)s was given up. No meeting has changed.") % {"name": row.original_name})
    return redirect("meetings:upload_past_summary")


@login_required
@require_GET
def read_past_summary(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was uploaded, to save."""
    row = _find(request, pk, "meetings.correct_past_summary")
    return download_file(row.file, row.original_name, row.media_type, row.size)


def _render(
    request: HttpRequest,
    row: PastSummary,
    text: dict[str, Any],
    version: int,
    *,
    refusal: str = "",
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    items = correcting.shown(text)
    kinds = [
        ("p", _("Paragraph")),
        ("h3", _("Heading inside the item")),
        ("bullet-0", _("List")),
        ("bullet-1", _("List, one step in")),
        ("bullet-2", _("List, two steps in")),
        ("bullet-3", _("List, three steps in")),
        ("number-0", _("Numbered list")),
        ("number-1", _("Numbered list, one step in")),
        ("number-2", _("Numbered list, two steps in")),
        ("number-3", _("Numbered list, three steps in")),
        ("quote", _("Quotation")),
        ("beside", _("Not taken over")),
    ]
    uses = {
        "number": _("number"),
        "date": _("date"),
        "place": _("place"),
        "chair": _("chair"),
        "title": _("subject"),
        "attendance": _("attendance"),
        "participants": _("how many took part"),
    }
    context = {
        "row": row,
        "text": text,
        "items": items,
        "version": version,
        "refusal": refusal,
        "theirs": correcting.shown(theirs) if theirs else [],
        "kinds": kinds,
        "head": [
            {**line, "said": ", ".join(uses[name] for name in line["use"] if name in uses)} for line in text["head"]
        ],
        "ended": bool(row.saved_at or row.discarded_at),
        "left_over": sum(block["kind"] == "beside" for item in items for block in item["blocks"]),
        "visibilities": Visibility.choices,
        "visibility": request.POST.get("visibility") or Visibility.PUBLIC,
        "was_published": "was_published" in request.POST,
    }
    return render(request, "meetings/correct_past_summary.html", context, status=status)
