"""Decisions in the administration: read there, with every text they had; written on the note-taker's screen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.read_only import ReadOnlyInline, ReadOnlyMixin
from meetings.models import Decision, DecisionRevision


class DecisionRevisionInline(ReadOnlyInline):
    model = DecisionRevision
    fields = ("version", "text", "at", "by")
    ordering = ("-version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DecisionRevision]:
        return super().get_queryset(request).select_related("by")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """What meetings decided, as it was written down in place."""

    inlines = (DecisionRevisionInline,)
    list_display = ("__str__", "the_meeting", "item", "recorded_at", "recorded_by", "stands")
    list_filter = ("meeting__working_group",)
    list_select_related = ("meeting__working_group", "item", "recorded_by")
    search_fields = ("text",)
    search_help_text = _("Words of the decision")
    ordering = ("-recorded_at", "-pk")
    fields = readonly_fields = ("the_meeting", "item", "text", "recorded_at", "recorded_by", "removed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Decision.objects.visible_to(request.user).select_related(*self.list_select_related)

    @admin.display(description=_("meeting"), ordering="meeting__number")
    def the_meeting(self, decision: Decision) -> str:
        return format_html('<a href="{}">{}</a>', decision.meeting.get_absolute_url(), decision.meeting.name)

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, decision: Decision) -> bool:
        return decision.removed_at is None
