"""Rows of an inline in an order that people choose: by dragging, by buttons, or by typing a number.

The model has ``position = models.PositiveIntegerField(default=0)`` and orders by ``position, pk``, without a unique
constraint on it (SQLite checks such a constraint in the middle of a swap). Saved positions are always 1 to n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Field
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin

    _Inline = InlineModelAdmin[Any, Any]
    _FormSet = BaseInlineFormSet[Any, Any, Any]
else:
    _Inline = object
    _FormSet = BaseInlineFormSet

POSITION = "position"


class PositionField(forms.IntegerField):
    """A place in the order. In a row that is not stored yet it alone is no entry: the row still counts as empty."""

    of_stored_row = True

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.of_stored_row and super().has_changed(initial, data)


class OrderedFormSet(_FormSet):
    """Gives the rows that stay the positions 1 to n, in the order that was typed."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None and POSITION in form.fields:
            form.fields[POSITION].of_stored_row = False
            form.initial.pop(POSITION, None)

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if not self._is_left_out(form)]
        for number, form in enumerate(sorted(rows, key=_place), start=1):
            form.cleaned_data[POSITION] = number
            if form.instance.position != number or form.initial.get(POSITION) != number:
                form.instance.position = number
                if POSITION not in form.changed_data:
                    form.changed_data.append(POSITION)

    def _is_left_out(self, form: Any) -> bool:
        """Rows that are deleted, and those offered for a new entry and left empty."""
        if self.can_delete and self._should_delete_form(form):  # type: ignore[attr-defined]
            return True
        return form.instance.pk is None and not form.has_changed()


def _place(form: Any) -> tuple[float, int, int]:
    """A row moved up comes before the one whose number it took, a row moved down after it; no number means last."""
    typed, before = form.cleaned_data.get(POSITION), form.initial.get(POSITION)
    if not typed:
        return float("inf"), 0, _index(form)
    if form.instance.pk is None or before is None or typed < before:
        return typed, -1, _index(form)
    return typed, int(typed > before), _index(form)


def _index(form: Any) -> int:
    return int(form.prefix.rsplit("-", 1)[-1])


class OrderedInlineMixin(_Inline):
    """For an inline (tabular or stacked) of a model with a `position`. Stands first in the bases."""

    formset = OrderedFormSet
    ordering = (POSITION, "pk")
    classes = ("ordered",)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/reorder.js"])

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == POSITION:
            kwargs |= {"form_class": PositionField, "required": False, "initial": None}
        return super().formfield_for_dbfield(db_field, request, **kwargs)
