"""The agenda on the meeting's screen, and the step that moves a meeting."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field, ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.ordering import OrderedInlineMixin
from meetings.agenda_forms import AgendaFormSet, AgendaItemForm
from meetings.models import AgendaItem, Meeting


class AgendaItemInline(OrderedInlineMixin, admin.StackedInline):
    """The secretariat's working copy. Once the agenda is adopted, no item comes or goes."""

    model = AgendaItem
    form = AgendaItemForm
    formset = AgendaFormSet
    extra = 0
    fieldsets = (
        (
            None,
            {"fields": ("position", "title", ("under", "kind", "is_standing"), ("presenter", "starts_at", "minutes"),
                        "note")},
        ),
        (_("Documents and follow-ups taken up"), {"fields": ("documents", "follow_ups"), "classes": ("collapse",)}),
        (None, {"fields": ("record",)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgendaItem]:
        return super().get_queryset(request).prefetch_related("documents", "follow_ups")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        # Django refuses to delete an item together with its sub-items; the formset says what stays, and why.
        formset.form.hand_clean_DELETE = lambda form: None  # type: ignore[attr-defined]
        return formset

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, ManyToManyField):
            return db_field.formfield(widget=CheckboxSelectMultiple, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not is_adopted(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_adopted(obj)


def is_adopted(meeting: Meeting | None) -> bool:
    """Whether the agenda stays as it is."""
    return meeting is not None and meeting.agenda_state == Meeting.AgendaState.ADOPTED
