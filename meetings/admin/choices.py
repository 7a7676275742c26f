"""What the inlines of the administration share."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, ForeignKey
from django.http import HttpRequest


class OneQueryChoices:
    """For an inline: the choices of its foreign keys are read once a page, not once a row."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.choices = list(field.choices)
        return field

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(db_field, ForeignKey) and field is not None:
            # Forty pencils and plus signs in one table help nobody.
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field
