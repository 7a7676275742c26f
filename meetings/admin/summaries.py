"""The Chair’s Summary in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.ordering import OrderedInlineMixin
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.sealing import grouped
from icoca_portal.lib.stale import StaleSaveMixin
from meetings import finding, operations
from meetings.admin_forms import (
    CirculateForm,
    NamesForm,
    SummaryPartForm,
)
from meetings.attributions import summary_attributions
from meetings.models import (
    ChairsSummary,
    Meeting,
    PublishedSummary,
    SummaryPart,
)

State = Meeting.State
SummaryState = ChairsSummary.State


SUMMARY_ACTS = (
    Act(
        "circulate_summary",
        _("Circulate for comments"),
        (SummaryState.DRAFT,),
        _("Every delegate gets a message, reads the text and can send comments until the time you give."),
        _("The summary is circulated. The delegates are told."),
        operations.circulate_summary,
        CirculateForm,
    ),
    Act(
        "publish_summary",
        _("Publish the summary"),
        (SummaryState.ADOPTED,),
        _(
            "The text is sealed and published for the readers of the meeting, and every delegate gets a message. "
            "This cannot be undone: a correction is published beside it, as Corr.n."
        ),
        _("The summary is published and sealed. The delegates are told."),
        operations.publish_summary,
        NamesForm,
        outcome=lambda published: published.summary,
    ),
    Act(
        "reopen_summary",
        _("Open the text again"),
        (SummaryState.CIRCULATED, SummaryState.ADOPTED, SummaryState.PUBLISHED),
        _("The text becomes a draft again and the chair has to approve it again. What was published stays as it is."),
        _("The text is a draft again."),
        operations.reopen_summary,
    ),
)


class SummaryPartInline(OrderedInlineMixin, admin.StackedInline):
    model = SummaryPart
    form = SummaryPartForm
    extra = 0
    fieldsets = ((None, {"fields": ("position", ("number", "title"), "text")}),)
    readonly_fields = ("as_read",)

    def get_fieldsets(self, request: HttpRequest, obj: ChairsSummary | None = None) -> Any:
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("as_read",)}),)

    def has_add_permission(self, request: HttpRequest, obj: ChairsSummary | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or obj.is_open)

    def has_change_permission(self, request: HttpRequest, obj: ChairsSummary | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: ChairsSummary | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_open)

    @admin.display(description=_("text"))
    def as_read(self, part: SummaryPart) -> str:
        return part.text_html


class PublishedSummaryInline(ReadOnlyInline):
    model = PublishedSummary
    fields = ("symbol", "published_at", "published_by", "seal")
    readonly_fields = ("seal",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublishedSummary]:
        return super().get_queryset(request).select_related("published_by")

    @admin.display(description=_("seal"))
    def seal(self, published: PublishedSummary) -> str:
        return grouped(published.sha256)


@admin.register(ChairsSummary)
class ChairsSummaryAdmin(ActsMixin, ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    """Drafts are made on the meeting's page. An adopted or published text is read only, until it is opened again."""

    acts = SUMMARY_ACTS
    inlines = (SummaryPartInline, PublishedSummaryInline)
    list_display = ("__str__", "state", "approved_at", "approved_by")
    list_filter = ("state",)
    list_select_related = ("meeting__working_group", "approved_by")
    search_fields = ("meeting__title",)
    fields = ("the_meeting", "state", "comments_until", "approved_at", "approved_by", "names", "title_lines")
    readonly_fields = ("the_meeting", "state", "comments_until", "approved_at", "approved_by", "names")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ChairsSummary | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChairsSummary]:
        return super().get_queryset(request).select_related("meeting__working_group")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        finding.index_meeting(form.instance.meeting)

    def act_context(self, request: HttpRequest, act: Act, row: ChairsSummary) -> dict[str, Any]:
        publishes = act.name in ("publish_summary", "circulate_summary")
        return {"attributions": summary_attributions(row)} if publishes else {}

    @admin.display(description=_("meeting"))
    def the_meeting(self, summary: ChairsSummary) -> str:
        url = reverse("admin:meetings_meeting_change", args=[summary.meeting_id])
        return format_html('<a href="{}">{}</a>', url, summary.meeting)

    @admin.display(description=_("names in the text"))
    def names(self, summary: ChairsSummary) -> str:
        """Interventions are never attributed: what the check of names finds in the stored text."""
        found = summary_attributions(summary)
        return "; ".join(f"{one.name} ({one.part})" for one in found) or str(_("None found"))
