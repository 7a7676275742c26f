"""What the secretariat types of an agenda, and of a meeting that moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing
from icoca_portal.lib.ordering import POSITION, OrderedFormSet
from icoca_portal.lib.prose import RichTextField
from icoca_portal.lib.wording import Reworded
from meetings.agenda_texts import facts_in_words, meeting_content
from meetings.agendas import outline
from meetings.models import AgendaItem, Document, FollowUp, Meeting

ABOVE = "above"


class AgendaItemForm(forms.ModelForm):
    """An item. What it stands under is a choice of the form: an item that is stored, or the one above it."""

    under = forms.ChoiceField(
        label=_("Stands"),
        required=False,
        help_text=_("A sub-item moves with its item. Any other business always comes last."),
    )
    record = RichTextField(label=_("Record"), required=False, help_text=AgendaItem._meta.get_field("record").help_text)

    class Meta:
        model = AgendaItem
        fields = [
            "position", "title", "kind", "presenter", "starts_at", "minutes", "note", "is_standing", "documents",
            "follow_ups", "record",
        ]  # fmt: skip
        labels = {"position": _("Place in the list")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("under", str(self.instance.parent_id or ""))


class AgendaFormSet(OrderedFormSet):
    """The items of a meeting. Those that were typed as sub-items get their item, and positions follow the outline.

    Once the agenda is adopted, only the records change.
    """

    @cached_property
    def is_frozen(self) -> bool:
        return bool(self.instance.agenda_state == Meeting.AgendaState.ADOPTED)

    @cached_property
    def tops(self) -> list[tuple[str, str]]:
        """The stored items that stand by themselves, with their numbers."""
        return [(str(line.item.pk), line.heading) for line in outline(self.get_queryset()) if line.depth == 0]

    @cached_property
    def papers(self) -> list[Document]:
        return list(Document.objects.current().filter(meeting=self.instance)) if self.instance.pk else []

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """The follow-ups of earlier meetings that are open, and those that an item has taken up already."""
        if not self.instance.pk:
            return []
        earlier = FollowUp.objects.filter(
            meeting__working_group=self.instance.working_group_id, meeting__number__lt=self.instance.number
        )
        taken = {row.pk for item in self.get_queryset() for row in item.follow_ups.all()}
        return [row for row in earlier if row.is_open or row.pk in taken]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        own = str(form.instance.pk or "")
        form.fields["under"].choices = [
            ("", gettext("By itself")),
            (ABOVE, gettext("Under the item above it")),
            *((pk, gettext("Under %(item)s") % {"item": heading}) for pk, heading in self.tops if pk != own),
        ]
        for name, rows in (("documents", self.papers), ("follow_ups", self.follow_ups)):
            field = form.fields.get(name)
            if field is not None:
                field.queryset = field.queryset.filter(pk__in=[row.pk for row in rows])
                field.choices = [(row.pk, str(row)) for row in rows]
        if self.is_frozen:
            for name, field in form.fields.items():
                if name not in ("record", "id", "meeting"):
                    field.disabled = True

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.is_frozen:
            return
        self._refuse_deletions()
        rows = [form for form in self.forms if not self._is_left_out(form)]
        rows.sort(key=lambda form: form.cleaned_data[POSITION])
        top_before: Any = None
        for form in rows:
            form.parent_form = self._parent(form, rows, top_before)
            if form.parent_form is None:
                top_before = form
        if any(self.errors):
            return
        tops = [form for form in rows if form.parent_form is None]
        tops.sort(key=lambda form: form.cleaned_data["kind"] == AgendaItem.Kind.AOB)
        ordered = [each for top in tops for each in (top, *(form for form in rows if form.parent_form is top))]
        for number, form in enumerate(ordered, start=1):
            form.cleaned_data[POSITION] = number
            if form.instance.position != number:
                form.instance.position = number
                form.changed_data.append(POSITION)

    def _parent(self, form: Any, rows: list[Any], above: Any) -> Any:
        """The form of the item under which this one stands; None by itself."""
        under = form.cleaned_data.get("under", "")
        if not under:
            return None
        if under == ABOVE:
            if above is None:
                form.add_error("under", _("There is no item above it."))
            return above
        found = next((other for other in rows if str(other.instance.pk) == under), None)
        if found is None:
            form.add_error("under", _("The item that it stands under is deleted. Choose another one."))
        elif found.cleaned_data.get("under"):
            form.add_error("under", _("A sub-item has no sub-items. Choose an item that stands by itself."))
            return None
        return found

    def _refuse_deletions(self) -> None:
        """Items on which something hangs (notes, decisions, follow-ups) stay."""
        going = [form.instance for form in self.initial_forms if self._should_delete_form(form)]  # type: ignore[attr-defined]
        for item in going:
            held = [row for row in _protecting(item) if not isinstance(row, AgendaItem)]
            if held:
                raise ValidationError(
                    _("“%(item)s” stays: notes, decisions or follow-ups stand under it."), params={"item": item.title}
                )

    def save(self, commit: bool = True) -> Any:
        rows = [form for form in self.forms if hasattr(form, "parent_form")]
        wanted = {form: form.parent_form for form in rows}
        if commit and not self.is_frozen:
            # An item that is deleted must not hold those that stood under it.
            AgendaItem.objects.filter(meeting=self.instance).exclude(parent=None).update(parent=None)
        for form in rows:
            form.instance.parent = None
        saved = super().save(commit=commit)
        if commit:
            for form, parent in wanted.items():
                if parent is not None:
                    form.instance.parent = parent.instance
                    AgendaItem.objects.filter(pk=form.instance.pk).update(parent=parent.instance.pk)
        return saved


def _protecting(item: AgendaItem) -> Iterable[Any]:
    """The rows that keep an item from being deleted."""
    try:
        Collector(using=router.db_for_write(AgendaItem)).collect([item])
    except ProtectedError as error:
        return error.protected_objects
    except RestrictedError as error:
        return error.restricted_objects
    return ()


class MoveForm(forms.Form):
    """When and where a convened meeting is to take place. What differs is shown before it is done: the form is taken
    once it comes back with the mark of the facts that were looked at."""

    date = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty to put the meeting off, and say in the note when it may be."),
    )
    date_note = forms.CharField(label=_("Note on the date"), max_length=200, required=False)
    starts_at = forms.TimeField(
        label=_("Begins"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends_at = forms.TimeField(
        label=_("Ends"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, validators=Meeting._meta.get_field("time_zone").validators
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    mode = forms.ChoiceField(label=_("Way of meeting"), choices=Meeting.Mode)
    reason = forms.CharField(
        label=_("Reason, told to the delegates"), max_length=250, widget=forms.TextInput(attrs={"size": 60})
    )
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False)

    FACTS = ("date", "date_note", "starts_at", "ends_at", "time_zone", "place", "mode")
    differences: list[Reworded] = []
    is_to_look_at = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        looked_at = cleaned.pop("looked_at", "")
        if self.errors:
            return cleaned
        if not cleaned["date"]:
            cleaned["starts_at"] = cleaned["ends_at"] = None
        if not cleaned["date"] and not cleaned["date_note"]:
            self.add_error("date_note", _("Give the date, or say in the note on the date when it may be."))
        starts, ends = cleaned["starts_at"], cleaned["ends_at"]
        if ends and not (starts and ends > starts):
            self.add_error("ends_at", _("The meeting ends before it begins."))
        if self.errors:
            return cleaned
        before, after = (Meeting(**{name: facts.get(name) for name in self.FACTS}) for facts in (self.initial, cleaned))
        self.differences = [
            Reworded(label, was, value)
            for (_key, label, value), (_same, _label, was) in zip(
                facts_in_words(after), facts_in_words(before), strict=True
            )
            if was != value
        ]
        mark = sealing.digest(sealing.canonical(meeting_content(after)))
        if mark != looked_at and self.differences:
            typed = cast(QueryDict, self.data).copy()
            typed["looked_at"] = mark
            self.data = typed
            self.is_to_look_at = True
            self.add_error(None, _("Look at what changes, then confirm."))
        return cleaned
