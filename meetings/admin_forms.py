"""What the secretariat types in the administration of meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from icoca_portal.lib.prose import RichTextField
from icoca_portal.lib.uploads import UploadRefused, check_upload
from meetings.agendas import OutlinedItem
from meetings.languages import LANGUAGES
from meetings.models import AgendaItem, ChairsSummary, Document, Meeting, SummaryPart, Visibility
from meetings.symbols import Placing
from members.models import FieldReview, Guidance, Workshop


class MeetingForm(forms.ModelForm):
    """A meeting, and a file to attach to it."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Meeting._meta.get_field("languages").help_text,
    )
    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A PDF, Word, Excel or OpenDocument file, a picture or text, of at most 20 MB and without macros."),
    )
    upload_title = forms.CharField(label=_("Title"), max_length=250, required=False)
    upload_symbol = forms.CharField(
        label=_("Symbol"), max_length=60, required=False, help_text=_("Empty: the next free number is given.")
    )
    upload_language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en", required=False)
    upload_visibility = forms.ChoiceField(
        label=_("Readers"), choices=Visibility, initial=Visibility.PARTICIPANTS, required=False
    )

    class Meta:
        model = Meeting
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets choose)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fixed = self.instance.state not in (Meeting.State.PLANNED, Meeting.State.CANCELLED)
        # A convened meeting has no field for its date: it is moved by a step.
        if fixed and "date" in self.fields and not cleaned.get("date"):
            self.add_error("date", _("A meeting that was convened keeps a date."))
        if cleaned.get("upload"):
            self._clean_upload(cleaned)
        elif cleaned.get("upload_title") or cleaned.get("upload_symbol"):
            self.add_error("upload", _("Choose the file that has this title."))
        return cleaned

    def _clean_upload(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("upload_title"):
            self.add_error("upload_title", _("Give the document a title."))
        try:
            checked = check_upload(cleaned["upload"])
        except UploadRefused as refusal:
            self.add_error("upload", str(refusal))
            return
        symbol, language = cleaned.get("upload_symbol"), cleaned.get("upload_language") or "en"
        same = Document.objects.filter(symbol=symbol, language=language, media_type=checked.media_type).current()
        if symbol and same.exists():
            self.add_error("upload_symbol", _("A document with this symbol, language and type is there already."))

    @property
    def attachment(self) -> dict[str, Any] | None:
        """What `operations.attach_document` takes, if there is a file."""
        cleaned = self.cleaned_data
        if not cleaned.get("upload"):
            return None
        return {
            "upload": cleaned["upload"],
            "title": cleaned["upload_title"],
            "symbol": cleaned["upload_symbol"],
            "placing": Placing.NONE if cleaned["upload_symbol"] else Placing.NEW,
            "language": cleaned["upload_language"] or "en",
            "visibility": cleaned["upload_visibility"] or Visibility.PARTICIPANTS,
        }


class SummaryPartForm(forms.ModelForm):
    text = RichTextField(
        label=_("Text"), required=False, help_text=_("Say “one Montreux Document participant”, never which.")
    )

    class Meta:
        model = SummaryPart
        fields = ["position", "number", "title", "text"]


class AttendanceFormSet(BaseInlineFormSet):
    """Refuses a delegation that was typed twice in the same capacity, with more of a word than the database would."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            key = data.get("delegation"), data.get("capacity")
            if data.get("DELETE") or key[0] is None:
                continue
            if key in seen:
                form.add_error("delegation", _("This delegation stands in the list already."))
            seen.add(key)


class FollowUpFormSet(BaseInlineFormSet):
    """A changed row is a new version, so that a page of it that was opened before does not write over it."""

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        obj.version += 1
        return super().save_existing(form, obj, commit)


# What an act asks for before it is done


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason, told to the delegates"), max_length=250, widget=forms.TextInput(attrs={"size": 60})
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What changed, told to the delegates"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"size": 60}),
    )  # fmt: skip


class OverwriteForm(forms.Form):
    overwrite = forms.BooleanField(
        label=_("If there is a draft already, overwrite what was written in it"), required=False
    )


class NamesForm(forms.Form):
    """Why names that stand in the text attribute nothing; asked by the operation where names were found."""

    names_reason = forms.CharField(
        label=_("Reason to let the names stand"),
        required=False,
        max_length=2000,
        help_text=_("Needed where names were found. It is kept with the passages, for the secretariat and the chair."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )


class CirculateForm(NamesForm):
    """Until when, and who reads the comments."""

    comments_until = GenevaMomentField(
        label=_("Under silence until (Geneva)"),
        help_text=_("Without an objection by then, the text is adopted."),
        error_messages={"required": _("Give the day and the hour.")},
    )
    comment_readers = forms.ChoiceField(
        label=_("Comments are read by"),
        choices=ChairsSummary.CommentReaders,
        initial=ChairsSummary.CommentReaders.PARTICIPANTS,
    )
    field_order = ("comments_until", "comment_readers", "names_reason")


class CorrigendumForm(NamesForm):
    """What is corrected, for the readers."""

    corrects = forms.CharField(
        label=_("What the corrigendum corrects"),
        max_length=500,
        help_text=_("A sentence for the readers; it is sealed with the text."),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    field_order = ("corrects", "names_reason")


class LinkItemForm(forms.Form):
    """Which item is about what. `items` are the lines of the agenda."""

    items: Sequence[OutlinedItem] = ()

    item = forms.ChoiceField(label=_("Agenda item"))
    to = forms.ChoiceField(label=_("Is about"))

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._targets: dict[str, Any] = {}
        self._items = {str(line.item.pk): line.item for line in self.items}
        fields: dict[str, Any] = dict(self.fields)
        fields["item"].choices = [("", "–")] + [(str(line.item.pk), line.heading) for line in self.items]
        fields["to"].choices = [("", "–"), *self._choices()]

    def _choices(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """All that there is to link to, by kind."""
        for model in (Guidance, FieldReview, Workshop):
            rows = {f"{model._meta.model_name}:{row.pk}": row for row in model._default_manager.defer(*UNREAD[model])}
            self._targets |= rows
            named = [(key, f"{row}, {row.when}" if hasattr(row, "when") else str(row)) for key, row in rows.items()]
            if named:
                yield str(capfirst(model._meta.verbose_name_plural)), named

    def clean_item(self) -> AgendaItem:
        return self._items[self.cleaned_data["item"]]

    def clean_to(self) -> Any:
        return self._targets[self.cleaned_data["to"]]


#: What a list of choices does not need: long texts.
UNREAD: dict[Any, tuple[str, ...]] = {
    Guidance: ("about",),
    FieldReview: ("findings", "topics", "public_note"),
    Workshop: ("public_note",),
}
