"""A save from an old page of the administration overwrites nobody: it is refused, with both versions shown.

Stock Django writes whatever the form holds over whatever is stored. `StaleSaveMixin` gives a form the number of the
version it was made from (`seen_version`). A save under another number stores nothing and answers 409: what was typed
stays in the form, and a panel lists every field that differs, in the row and in its inlines, theirs beside yours. Only
the button “Save mine over it” writes over the version it was shown with; if that changed again, it is refused again.

The model has ``version = models.PositiveIntegerField(default=1, editable=False)``. An operation that changes what the
form shows raises it too (``version=F("version") + 1``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.db.models import F, Model
from django.forms.models import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from icoca_portal.lib.prose import RichTextField
from icoca_portal.lib.richtext import to_text

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _ModelAdmin = ModelAdmin[Any]
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelAdmin = _ModelForm = object

SEEN = "seen_version"
OVER = "_save_over"
STALE = "stale"
STATUS = 409


@dataclass(frozen=True)
class Difference:
    """One field of which the stored value is not what was typed; both as a reader sees them."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class RowDifferences:
    """The differences of one row of an inline, or what became of the row as a whole (`note`)."""

    title: str
    fields: list[Difference] = field(default_factory=list)
    note: str = ""


class VersionedForm(_ModelForm):
    """Mixed into the form of a change page. Its row is locked by then (`StaleSaveMixin.get_object`)."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if str(self.instance.version) not in (self.data.get(OVER), self.data.get(SEEN)):
            raise ValidationError(
                _("Not saved. A colleague saved this page while you were writing. Your text stays in the form."),
                code=STALE,
            )
        return cleaned

    @property
    def is_stale(self) -> bool:
        """Whether the refusal was because of the version, whatever else is wrong with the form."""
        return self.is_bound and self.has_error("__all__", code=STALE)


class StaleSaveMixin(_ModelAdmin):
    """For a ModelAdmin whose model has a `version`. Stands before ModelAdmin in the bases."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; for a save, read again under its lock: nothing can change between the check and the write."""
        row = super().get_object(request, object_id, from_field)
        database = router.db_for_write(self.model)
        if row is None or request.method != "POST" or not transaction.get_connection(database).in_atomic_block:
            return row
        if not self.model._base_manager.using(database).select_for_update().filter(pk=row.pk).values("pk"):
            return None
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form)(form.__name__, (VersionedForm, form), {}) if change else form  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and form.has_changed():
            obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(formset.has_changed() for formset in formsets):
            self.model._base_manager.filter(pk=form.instance.pk).update(version=F("version") + 1)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        stale = change and isinstance(form, VersionedForm) and form.is_stale
        if change and obj is not None:
            # After a refusal the form keeps its old number: sent again, it is refused again.
            context[SEEN] = form.data.get(SEEN, "") if form.is_bound else obj.version
        if stale:
            stored = self.model._base_manager.get(pk=obj.pk)
            context[STALE] = {
                "version": stored.version,
                "fields": list(differences(form, stored)),
                "inlines": [
                    (inline.opts.verbose_name_plural, rows)
                    for inline in context["inline_admin_formsets"]
                    if (rows := list(row_differences(inline.formset, stored)))
                ],
                "saved": last_saved(stored),
            }
        response = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        if stale:
            response.status_code = STATUS
        return response


def last_saved(row: Model) -> LogEntry | None:
    """Who saved the row last in the administration, and when."""
    entries = LogEntry.objects.filter(content_type=get_content_type_for_model(row), object_id=str(row.pk))
    return entries.select_related("user").order_by("-action_time").first()


def differences(form: Any, stored: Model) -> Iterator[Difference]:
    """Every field of a bound form whose typed value is not the stored one."""
    fresh = form.__class__(instance=stored, prefix=form.prefix)
    for name, form_field in form.fields.items():
        if form_field.widget.is_hidden or form_field.disabled or name == "DELETE":
            continue
        typed = form[name].data
        initial = fresh.get_initial_for_field(form_field, name)
        if form_field.has_changed(initial, typed):
            yield Difference(str(form[name].label), shown(form_field, initial), shown(form_field, typed))


def row_differences(formset: Any, parent: Model) -> Iterator[RowDifferences]:
    """What differs between the rows that were typed and those that are stored."""
    stored = {row.pk: row for row in formset.model._base_manager.filter(**{formset.fk.name: parent})}
    sent = set()
    for number, form in enumerate(formset.initial_forms, start=1):
        pk = _typed_pk(formset, form)
        row = stored.get(pk)
        sent.add(pk)
        if row is None:
            note = _("A colleague deleted this row. Mark it for deletion, or copy your text into a new row.")
            yield RowDifferences(str(form.instance) if form.instance.pk else _("Row %d") % number, note=note)
        elif formset.can_delete and formset._should_delete_form(form):
            yield RowDifferences(str(row), note=_("You delete this row; it is still stored."))
        elif fields := list(differences(form, row)):
            yield RowDifferences(str(row), fields)
    for form in formset.extra_forms:
        if form.has_changed():
            yield RowDifferences(_("New row"), note=_("You add this row; it is not stored."))
    for pk, row in stored.items():
        if pk not in sent:
            yield RowDifferences(str(row), note=_("A colleague added this row. It stays, whichever version you keep."))


def _typed_pk(formset: Any, form: Any) -> Any:
    """The key that the sent form carries for its row; None if it is not one."""
    try:
        return formset.model._meta.pk.to_python(form[formset.model._meta.pk.name].data)
    except (ValidationError, KeyError):
        return None


def shown(form_field: forms.Field, value: Any) -> str:
    """A value, stored or typed, as the person reads it in the form."""
    if value is None or value in ("", [], ()):
        return _("(empty)")
    if isinstance(value, Model):
        return str(value)
    if isinstance(form_field, RichTextField):
        return to_text(str(value)) or str(value)
    if isinstance(form_field, forms.BooleanField):
        return _("Yes") if form_field.to_python(value) else _("No")
    if isinstance(form_field, ModelMultipleChoiceField):
        keys = {str(item.pk if isinstance(item, Model) else item) for item in value}
        return ", ".join(str(row) for row in form_field.queryset or () if str(row.pk) in keys)
    if isinstance(form_field, ModelChoiceField):
        try:
            return str(form_field.to_python(value))
        except ValidationError:
            return str(value)
    if isinstance(form_field, forms.ChoiceField):
        labels: Mapping[str, Any] = dict(_flat(form_field.choices))
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(labels.get(str(item), item)) for item in values)
    if isinstance(value, list | tuple):  # date and time, typed in two fields
        return " ".join(str(part) for part in value if part)
    prepared = form_field.prepare_value(value)
    return str(form_field.widget.format_value(prepared) or prepared)


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
