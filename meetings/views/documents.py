"""The documents of a meeting."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from icoca_portal.lib.downloads import download_file
from meetings.models import Document


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_document(request: HttpRequest, group: str, number: int, pk: int) -> FileResponse:
    """A document's file, to save: never shown in the browser, whatever it holds."""
    documents = Document.objects.visible_to(request.user)
    document = get_object_or_404(documents, pk=pk, meeting__working_group__slug=group, meeting__number=number)
    return download_file(document.file, document.original_name, document.media_type, document.size)
