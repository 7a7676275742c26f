"""What the screens of organisations, delegations and people share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = object


def has_rows(organisation: Any, model: Any) -> bool:
    """Whether rows of a model are about the organisation: as its page asked with it (`has_<model>`), or asked now."""
    known = getattr(organisation, f"has_{model._meta.model_name}", None)
    return bool(model.objects.filter(organisation=organisation).exists() if known is None else known)


class PresentRowsFormSet(BaseInlineFormSet):
    """The rows of a part, without a query where the page knows that there are none (`has_<model>` of its object)."""

    def get_queryset(self) -> QuerySet[Any]:
        model: Any = self.model
        if not hasattr(self, "_queryset") and getattr(self.instance, f"has_{model._meta.model_name}", True) is False:
            self._queryset = model._default_manager.none().order_by("pk")
        return super().get_queryset()


class StoredFirstMixin(_ModelAdmin):
    """For a ModelAdmin with inlines. Stands before ModelAdmin in the bases."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Nothing hangs on a row that is not there yet."""
        return super().get_inlines(request, obj) if obj else []


def links(pairs: list[tuple[str, Any, Any]]) -> SafeString | str:
    """Links (address, text, what it is about) beside each other; the last part is for screen readers."""
    return format_html_join(
        " · ",
        '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
        ((url, text, of) for url, text, of in pairs),
    )
