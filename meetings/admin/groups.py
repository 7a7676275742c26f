"""Working groups in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from meetings.admin.choices import OneQueryChoices
from meetings.models import (
    Office,
    WorkingGroup,
)


class OfficeInline(OneQueryChoices, admin.TabularInline):
    model = Office
    extra = 0
    can_delete = False
    fields = ("user", "role", "valid_from", "valid_to")


@admin.register(WorkingGroup)
class WorkingGroupAdmin(admin.ModelAdmin):
    inlines = (OfficeInline,)
    list_display = ("name", "symbol", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
