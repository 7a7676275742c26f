"""Circulars, as those addressed read them: the list, one with its files and its seal, the files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from icoca_portal.lib.downloads import download_file, download_paper
from icoca_portal.lib.visits import is_visit
from members import operations
from members.circulars.papers import circular_paper
from members.circulars.reading import Asked, Found, Reading, find_circular, find_file
from members.signing_in import person_of


@login_required
@never_cache
@require_GET
def list_circulars(request: HttpRequest) -> HttpResponse:
    """The circulars that one was addressed with, the newest first; for the secretariat all that were sent."""
    asked = Asked.read(request.GET)
    found = Found(person_of(request), asked)
    return render(request, "members/list_circulars.html", {"asked": asked, "found": found})


@login_required
@never_cache
@require_safe
def read_circular(request: HttpRequest, reference: str) -> HttpResponse:
    """A circular as it was merged for the reader. Whoever was addressed has opened it from now on."""
    person = person_of(request)
    circular = find_circular(person, reference)
    reading = Reading(circular, person, request.GET.get("language", ""))
    _note_opened(request, reading)
    return render(request, "members/read_circular.html", {"circular": circular, "reading": reading})


@login_required
@never_cache
@require_GET
def export_circular_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The circular as a paper, in the language asked for. Whoever takes it along has opened it."""
    person = person_of(request)
    circular = find_circular(person, reference)
    reading = Reading(circular, person, request.GET.get("language", ""))
    _note_opened(request, reading)
    return download_paper(circular_paper(reading), circular.symbol, "pdf")


@login_required
@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_circular_file(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """A file of a circular, to save: never shown in the browser, whatever it holds."""
    file = find_file(person_of(request), reference, pk)
    return download_file(file.file, file.original_name, file.media_type, file.size)


def _note_opened(request: HttpRequest, reading: Reading) -> None:
    """Note the first time that somebody who was addressed reads it, not that the secretariat looks it up."""
    if not reading.is_own or reading.recipient.opened_at or reading.user.standing.is_secretariat:
        return
    if is_visit(request):
        operations.note_circular_opened(reading.circular, by=reading.user)
