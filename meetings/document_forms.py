"""What the secretariat types about documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from meetings.models import AgendaItem, Document, Meeting, Visibility
from meetings.symbols import BESIDE, Placing


class SeveralFilesInput(forms.ClearableFileInput):
    """A choice of files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files; each is looked into when it is attached, so that one that is refused leaves the others."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in (data or []) if file] if isinstance(data, list | tuple) else []


class ItemsField(forms.ModelMultipleChoiceField):
    """Items of the agenda, with their numbers."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position} {obj.title}"


class DocumentChoice(forms.ModelChoiceField):
    """A document, named so that its languages and formats can be told apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.get_language_display()}, {obj.format})"


class _OfMeeting(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    visibility = forms.ChoiceField(label=_("Readers"), choices=Visibility, initial=Visibility.PARTICIPANTS)
    readable_from = GenevaMomentField(
        label=_("Readable from (Geneva time)"),
        required=False,
        help_text=_("Until then the secretariat and the chair alone know of it. Empty: at once."),
    )
    items = ItemsField(AgendaItem.objects.none(), label=_("For the items of the agenda"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = meeting.items.all()
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        if not items:
            self.fields["items"].widget = forms.MultipleHiddenInput()


class AttachForm(_OfMeeting):
    """Files to attach, and what is said of all of them."""

    placing = forms.ChoiceField(label=_("What they are"), choices=Placing, initial=Placing.NEW)
    to = DocumentChoice(
        Document.objects.none(),
        label=_("… which paper"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only for an addendum, a revision, a corrigendum, another language or a new version."),
    )
    files = SeveralFilesField(  # type: ignore[assignment]  # a field by the name of what a form was given
        label=_("Files"),
        required=False,
        help_text=_("PDF, Word, Excel, OpenDocument, PNG, JPEG or text, without macros, up to 20 MB each."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        required=False,
        help_text=_("Of one file. Without it, and for several, the names of the files become their titles."),
    )
    change_note = forms.CharField(
        label=_("What changed"), max_length=300, required=False, help_text=_("For a new version; its readers see it.")
    )
    field_order = (
        "files", "title", "placing", "to", "change_note", "language", "visibility", "readable_from", "items",
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, current: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        self.fields["to"].queryset = Document.objects.filter(pk__in=[row.pk for row in current]).order_by("symbol")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        files = cleaned.get("files") or []
        if not files:
            self.add_error("files", _("Choose a file first."))
        placing = cleaned.get("placing")
        if placing in BESIDE and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose the paper to which the file belongs."))
        if placing == Placing.VERSION and len(files) > 1:
            self.add_error("files", _("One file takes the place of another. Choose one."))
        return cleaned


class ChangeForm(_OfMeeting):
    """A document's title, language, readers and items."""

    title = forms.CharField(label=_("Title"), max_length=250)
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ("title", "language", "visibility", "readable_from", "items", "seen")
