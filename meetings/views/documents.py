"""The documents of a meeting: the page for every reader, the secretariat's screens, the files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods

from icoca_portal.lib.access import authorise
from icoca_portal.lib.archives import Archive
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.refusals import Refusal
from meetings import operations
from meetings.agenda_texts import agenda_of
from meetings.archives import archive_name, meeting_archive
from meetings.document_forms import AttachForm, ChangeForm
from meetings.models import ChairsSummary, Document, Meeting, PublishedSummary
from meetings.shelf import fill_archive, papers_of
from meetings.symbols import Placing
from meetings.views.finding import find_meeting
from members.signing_in import person_of

MOST_TITLE = 250


@require_GET
@never_cache
def read_documents(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """All documents of a meeting that exist for the reader, by symbol, with their languages and versions."""
    meeting = find_meeting(request, group, number, with_agenda=True)
    lines = agenda_of(meeting).lines
    papers = papers_of(meeting, request.user, headings={line.pk: line.heading for line in lines})
    summaries = ChairsSummary.objects.visible_to(request.user).filter(meeting=meeting)
    summary = summaries.select_related("meeting__working_group").first()
    published = PublishedSummary.objects.visible_to(request.user).filter(summary=summary) if summary else []
    sizes = [file.document.size for paper in papers for file in paper.files]
    return render(
        request,
        "meetings/read_documents.html",
        {
            "meeting": meeting,
            "papers": papers,
            "has_agenda": bool(lines),
            "summary": summary,
            "corrigenda": [row for row in published if row.number],
            "count": len(sizes),
            "total": sum(sizes),
            "may_attach": request.user.has_perm("meetings.attach_document", meeting),
        },
    )


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def export_documents(request: HttpRequest, group: str, number: int) -> HttpResponseBase:
    """The documents that stand today and exist for the reader, as one archive."""
    meeting = find_meeting(request, group, number)
    archive = Archive()
    fill_archive(archive, papers_of(meeting, request.user))
    if not archive.names:
        raise Http404
    return archive.response(f"{meeting.symbol.replace('/', '-')} documents.zip")


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_document(request: HttpRequest, group: str, number: int, pk: int) -> FileResponse:
    """A document's file, to save: never shown in the browser, whatever it holds. A version that was replaced keeps its
    address, and says in the name of the file which one it is."""
    documents = Document.objects.visible_to(request.user)
    document = get_object_or_404(documents, pk=pk, meeting__working_group__slug=group, meeting__number=number)
    name = document.original_name
    if not document.is_current and not Document.objects.standing_for(request.user).filter(pk=pk).exists():
        stem, dot, ending = name.rpartition(".")
        note = _("version %(version)d, replaced") % {"version": document.version}
        name = f"{stem} ({note}){dot}{ending}"
    return download_file(document.file, name, document.media_type, document.size)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def attach_document(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The secretariat attaches files, several at once. With the script of the page each is sent by itself, and its
    answer is the line of the list that says what became of it."""
    meeting = find_meeting(request, group, number)
    authorise(request.user, "meetings.attach_document", meeting)
    current = list(Document.objects.filter(meeting=meeting).current())
    if request.method == "GET":
        asked = request.GET.get("to", "")
        to = next((row for row in current if str(row.pk) == asked), None)
        wanted = request.GET.get("placing")
        initial: dict[str, Any] = {"visibility": meeting.visibility}
        if to:
            initial = {
                "to": to,
                "placing": wanted if wanted in Placing.values else Placing.VERSION,
                "language": to.language,
                "visibility": to.visibility,
                "readable_from": to.readable_from if to.is_held_back else None,
                "items": to.items.all(),
            }
        return _render_form(request, meeting, AttachForm(meeting=meeting, current=current, initial=initial))
    form = AttachForm(request.POST, request.FILES, meeting=meeting, current=current)
    alone = bool(request.headers.get("HX-Request"))
    if not form.is_valid():
        if alone:
            refusals = [(_name(file), _first_error(form)) for file in request.FILES.getlist("files")]
            return render(request, "meetings/_attached.html", {"refusals": refusals}, status=422)
        return _render_form(request, meeting, form, status=422)
    attached, refusals = _attach(meeting, form, person_of(request))
    if alone:
        status = 422 if refusals else 200
        context = {"meeting": meeting, "attached": attached, "refusals": refusals}
        return render(request, "meetings/_attached.html", context, status=status)
    if attached:
        messages.success(request, _said(attached))
    if refusals:
        return _render_form(request, meeting, form, refusals=refusals, attached=attached, status=422)
    return redirect("meetings:read_documents", group, number)


def _attach(meeting: Meeting, form: AttachForm, by: Any) -> tuple[list[Document], list[tuple[str, str]]]:
    """Each file by itself: what is attached, and what is refused with its reason."""
    cleaned = form.cleaned_data
    files = cleaned["files"]
    attached, refusals = [], []
    for file in files:
        title = cleaned["title"] if len(files) == 1 else ""
        inherits = Placing(cleaned["placing"]) in (Placing.VERSION, Placing.LANGUAGE) and cleaned["to"]
        try:
            attached.append(
                operations.attach_document(
                    meeting,
                    upload=file,
                    title=title or (cleaned["to"].title if inherits else title_from(_name(file))),
                    placing=Placing(cleaned["placing"]),
                    to=cleaned["to"],
                    language=cleaned["language"],
                    visibility=cleaned["visibility"],
                    readable_from=cleaned["readable_from"],
                    change_note=cleaned["change_note"],
                    items=cleaned["items"],
                    by=by,
                )
            )
        except Refusal as refusal:
            refusals.append((_name(file), str(refusal)))
    return attached, refusals


def _name(file: UploadedFile) -> str:
    return (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]


def title_from(name: str) -> str:
    """The name of a file as a title: without its ending, with blanks for what stands in their place."""
    stem = name.rpartition(".")[0] or name
    return " ".join(stem.replace("_", " ").split())[:MOST_TITLE] or _("Document")


def _first_error(form: AttachForm) -> str:
    field, errors = next(iter(form.errors.items()))
    return f"{form.fields[field].label}: {errors[0]}" if field in form.fields else str(errors[0])


def _said(attached: list[Document]) -> str:
    said = ngettext("Attached: %(names)s.", "Attached: %(names)s.", len(attached))
    return said % {"names": "; ".join(str(row) for row in attached)}


def _render_form(
    request: HttpRequest,
    meeting: Meeting,
    form: AttachForm,
    *,
    refusals: list[tuple[str, str]] | None = None,
    attached: list[Document] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": form,
        "refusals": refusals or [],
        "attached": attached or [],
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "most_mb": settings.MAX_UPLOAD_BYTES // 1024**2,
    }
    return render(request, "meetings/attach_document.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_document(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """The secretariat changes a document's title, language, readers or items."""
    meeting = find_meeting(request, group, number)
    documents = (
        Document.objects.visible_to(request.user).filter(meeting=meeting).select_related("meeting__working_group")
    )
    document = get_object_or_404(documents, pk=pk)
    authorise(request.user, "meetings.change_document", document)
    refusal = ""
    if request.method == "POST":
        form = ChangeForm(request.POST, meeting=meeting)
        if form.is_valid():
            try:
                operations.change_document(document, by=person_of(request), **form.cleaned_data)
            except Refusal as refused:
                refusal = str(refused)
            else:
                messages.success(request, _("The document is changed."))
                return redirect("meetings:read_documents", group, number)
    else:
        form = ChangeForm(
            meeting=meeting,
            initial={
                "title": document.title,
                "language": document.language,
                "visibility": document.visibility,
                "readable_from": document.readable_from,
                "items": document.items.all(),
                "seen": document.fingerprint,
            },
        )
    status = 409 if refusal else 422 if form.errors else 200
    context = {"meeting": meeting, "document": document, "form": form, "refusal": refusal}
    return render(request, "meetings/change_document.html", context, status=status)


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def export_archive(request: HttpRequest, group: str, number: int) -> HttpResponseBase:
    """The whole meeting as one archive, as far as the reader may read it."""
    meeting = find_meeting(request, group, number)
    return meeting_archive(meeting, request.user).response(archive_name(meeting))
