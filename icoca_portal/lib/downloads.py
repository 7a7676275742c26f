"""Papers and stored files as downloads, which a browser neither runs nor guesses at."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse

from icoca_portal.lib.exports import DOCX, PDF, download
from icoca_portal.lib.papers import Paper
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.word import write_docx


def download_paper(paper: Paper, name: str, form: str) -> HttpResponse:
    """The paper as ``name.form``; `form` is ``pdf`` or ``docx``."""
    content, media_type = (write_pdf(paper), PDF) if form == "pdf" else (write_docx(paper), DOCX)
    return download(content, f"{name}.{form}", media_type)


def download_file(file: FieldFile, name: str, media_type: str, size: int) -> FileResponse:
    """The stored file, of `size` bytes, piece by piece. Raises Http404 when the storage does not have it."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(size)
    return response
