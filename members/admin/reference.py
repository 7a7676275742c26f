"""What the registry refers to: what counts as a small company from when on, and the standards of certification."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.admin.dated import initial_of
from members.admin.striking import BAND, StrikingMixin
from members.models import RevenueBand, Standard
from members.registry_forms import RevenueBandForm
from members.signing_in import person_of


@admin.register(RevenueBand)
class RevenueBandAdmin(StrikingMixin, admin.ModelAdmin):
    """The edges of the sizes, each from a day on: read here, corrected, and followed by new ones, never rewritten."""

    list_display = ("size", "edges", "valid_from", "valid_to", "source", "recorded_by", "superseded_at")
    list_display_links = ("size", "edges")
    list_filter = ("size", ("superseded_at", admin.EmptyFieldListFilter))
    list_select_related = ("recorded_by",)
    fields = readonly_fields = (
        "size", "edges", "valid_from", "valid_to", "source", "recorded_at", "recorded_by", "superseded_at",
        "superseded_by", "struck_by", "struck_because",
    )  # fmt: skip
    struck = (("", BAND),)
    change_form_template = "admin/members/revenueband/change_form.html"

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

    def get_urls(self) -> list[Any]:
        return [self.act_path("<int:pk>/correct/", self.correct_revenue_band, "correct"), *super().get_urls()]

    def correct_revenue_band(self, request: HttpRequest, pk: int) -> HttpResponse:
        band = self.row(RevenueBand, pk=pk)
        return self.act(
            request,
            None,
            title=_("Correct the revenue band"),
            button=_("Record the correction"),
            text=_("The wrong row stays, with the moment until which it was what the portal knew."),
            form_class=RevenueBandForm,
            initial=initial_of(RevenueBandForm, band),
            perform=lambda **data: operations.correct_revenue_band(band, **data, by=person_of(request)),
            done=_("Revenue band corrected."),
        )


@admin.register(Standard)
class StandardAdmin(StaleSaveMixin, admin.ModelAdmin):
    list_display = ("code", "title")
    search_fields = ("code", "title")
    fields = ("code", "title")

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was changed stands in the history with both texts: certificates of every day name their standard."""
        if add or not form.changed_data:
            return super().construct_change_message(request, form, formsets, add)
        return " ".join(
            gettext("%(field)s: “%(before)s” became “%(after)s”.")
            % {"field": form[name].label, "before": form.initial.get(name) or "–", "after": form.cleaned_data[name]}
            for name in form.changed_data
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Certificates of every day name their standard."""
        return False
