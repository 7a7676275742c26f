"""What the registry refers to: what counts as a small company from when on, and the standards of certification."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from members import operations
from members.models import RevenueBand, Standard
from members.registry_forms import RevenueBandForm
from members.signing_in import person_of


@admin.register(RevenueBand)
class RevenueBandAdmin(ActsMixin, admin.ModelAdmin):
    """The edges of the sizes, each from a day on: read here, and followed by new ones, never rewritten."""

    list_display = ("size", "edges", "valid_from", "valid_to", "source", "recorded_by", "superseded_at")
    list_display_links = ("size", "edges")
    list_filter = ("size", ("superseded_at", admin.EmptyFieldListFilter))
    list_select_related = ("recorded_by",)
    fields = readonly_fields = (
        "size", "edges", "valid_from", "valid_to", "source", "recorded_at", "recorded_by", "superseded_at",
        "superseded_by",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.order_by(F("superseded_at").desc(nulls_first=True), "-valid_from", "lower")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A band is never rewritten: a new one takes its place from a day on."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("Yearly revenue"), ordering="lower")
    def edges(self, band: Any) -> str:
        return str(band)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.act(
            request,
            None,
            title=_("Record a revenue band"),
            button=_("Record the revenue band"),
            text=_(
                "From which yearly revenue a company counts to a size, from a day on. The band that the size had ends "
                "on that day; figures of earlier days keep it."
            ),
            form_class=RevenueBandForm,
            perform=lambda **data: operations.record_revenue_band(**data, by=person_of(request)),
            done=_("Revenue band recorded."),
        )


@admin.register(Standard)
class StandardAdmin(admin.ModelAdmin):
    list_display = ("code", "title")
    search_fields = ("code", "title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Certificates of every day name their standard."""
        return False
