"""Screens and inlines of the administration whose rows are read there, and come about elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _BaseModelAdmin = BaseModelAdmin[Any]
else:
    _BaseModelAdmin = object


class ReadOnlyMixin(_BaseModelAdmin):
    """For a ModelAdmin or an inline. Stands first in the bases."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(ReadOnlyMixin, admin.TabularInline):
    """A table of what was written elsewhere, or by acts."""

    extra = 0
    can_delete = False
