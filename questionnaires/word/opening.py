"""Opening a form that came back: what `icoca_portal.lib.word.opening` refuses, in words about the form."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.word.opening import Opened, WordRefused, check_word_size, open_word
from questionnaires.exceptions import FormNotRead

FRESH = _("This is no Word document. Send the form that you downloaded here, saved as .docx.")
#: Where the form is worth a word of its own.
SENTENCES: dict[str, str | Promise] = {
    "pdf": _("This is a PDF, which cannot be read back. Send the form as a Word document (.docx)."),
    "no word": FRESH,
    "unsafe": _(
        "The file is built in a way that Word does not write, and is not opened. "
        "Open the form in Word, save it as .docx, and send that."
    ),
    "too much": _("The file unpacks to more than is taken. Copy the answers into a fresh form, and send that."),
    "file inside": _(
        "The file holds another file inside (an embedded object). "
        "Remove it, save, and send the form again. Files are attached to answers on the portal."
    ),
    "object inside": _("The file holds an embedded object. Remove it, save, and send the form again."),
    "outside": _(
        "The file takes a template, a picture or a text from another address. "
        "Copy the answers into a fresh form, and send that."
    ),
}


def open_form(content: bytes) -> Opened:
    """The parts of a .docx that are read. Raises FormNotRead with a sentence for the sender."""
    try:
        return open_word(content)
    except WordRefused as refused:
        raise _told(refused) from refused


def check_size(size: int) -> None:
    """Refuse a file of so many bytes. Raises FormNotRead when it is empty, or over `settings.MAX_UPLOAD_BYTES`."""
    try:
        check_word_size(size)
    except WordRefused as refused:
        raise _told(refused) from refused


def _told(refused: WordRefused) -> FormNotRead:
    return FormNotRead(str(SENTENCES.get(refused.reason, refused)))
