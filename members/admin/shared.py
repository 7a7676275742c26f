"""What the screens of organisations, delegations and people share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = object


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
