"""The Chair’s Summary in the administration."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.days import geneva, today
from icoca_portal.lib.ordering import OrderedInlineMixin
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.sealing import grouped
from icoca_portal.lib.stale import StaleSaveMixin
from meetings import finding, next_steps, operations
from meetings.admin_forms import (
    CirculateForm,
    CorrigendumForm,
    NamesForm,
    SummaryPartForm,
)
from meetings.attributions import summary_attributions
from meetings.models import (
    ChairsSummary,
    Meeting,
    NamesAccepted,
    PublishedSummary,
    SummaryPart,
    SummaryRound,
)

State = Meeting.State
SummaryState = ChairsSummary.State
#: What the form for a silence proposes.
USUAL_SILENCE = timedelta(days=14)


SUMMARY_ACTS = (
    Act(
        "circulate_summary",
        _("Circulate for comments"),
        (SummaryState.DRAFT, SummaryState.CIRCULATED),
        _(
            "Every delegate gets a message and reads the text. Delegations comment or object until the time you give; "
            "without an objection the text is adopted then, by itself. A text that is circulated already starts anew."
        ),
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
        _(
            "The text becomes a draft again and has to be adopted again. A silence that runs ends, and the delegates "
            "are told. What was circulated or published stays as it is."
        ),
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


class SummaryRoundInline(ReadOnlyInline):
    model = SummaryRound
    fields = ("symbol", "circulated_at", "until", "outcome", "ended_at", "comment_readers", "commented")
    readonly_fields = ("symbol", "commented")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SummaryRound]:
        rows = super().get_queryset(request).select_related("summary__meeting__working_group")
        said = Count("comments", filter=Q(comments__withdrawn_at=None))
        waiting = Count("comments", filter=Q(comments__withdrawn_at=None, comments__answer="none"))
        return rows.annotate(said=said, waiting=waiting)

    @admin.display(description=_("symbol"))
    def symbol(self, one: SummaryRound) -> str:
        return str(one)

    @admin.display(description=_("comments"))
    def commented(self, one: Any) -> str:
        url = f"{reverse('meetings:read_comments', args=one.summary.meeting.address)}?round={one.number}"
        counts = _("%(said)d, %(waiting)d not answered") % {"said": one.said, "waiting": one.waiting}
        return format_html('<a href="{}">{}</a>', url, counts)


class NamesAcceptedInline(ReadOnlyInline):
    model = NamesAccepted
    fields = ("step", "at", "by", "reason", "stood")
    readonly_fields = ("stood",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[NamesAccepted]:
        return super().get_queryset(request).select_related("by")

    @admin.display(description=_("passages"))
    def stood(self, one: NamesAccepted) -> str:
        return format_html_join(
            "", "<p>{}, {}: {}</p>", ((found["name"], found["part"], found["passage"]) for found in one.passages)
        )


@admin.register(ChairsSummary)
class ChairsSummaryAdmin(ActsMixin, ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    """Drafts are made on the meeting's page. A circulated, adopted or published text is read only, until it is opened
    again."""

    acts = SUMMARY_ACTS
    inlines = (SummaryPartInline, SummaryRoundInline, NamesAcceptedInline, PublishedSummaryInline)
    list_display = ("__str__", "state", "approved_at", "approved_by")
    list_filter = ("state",)
    search_fields = ("meeting__title",)
    fields = (
        "the_meeting",
        "state",
        "what_next",
        "comments_until",
        "approved_at",
        "approved_by",
        "names",
        "title_lines",
    )
    readonly_fields = ("the_meeting", "state", "what_next", "comments_until", "approved_at", "approved_by", "names")

    def get_inlines(self, request: HttpRequest, obj: ChairsSummary | None) -> Any:
        """Without the tables of what has not happened yet, which would be headings over nothing."""
        if obj is None:
            return self.inlines
        there = {
            SummaryRoundInline: obj.rounds, NamesAcceptedInline: obj.names_accepted,
            PublishedSummaryInline: obj.publications,
        }  # fmt: skip
        return [inline for inline in self.inlines if inline not in there or there[inline].exists()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ChairsSummary | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChairsSummary]:
        return super().get_queryset(request).select_related("meeting__working_group", "approved_by")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        finding.index_meeting(form.instance.meeting)

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """A text that follows a published one is a corrigendum, which says what it corrects."""
        row = self.get_object(request, unquote(object_id)) if act.name == "publish_summary" else None
        if row is not None and row.publications.exists():
            act = replace(act, form=CorrigendumForm, label=_("Publish the corrigendum"))
        return super().act_view(request, object_id, act)

    def act_initial(self, request: HttpRequest, act: Act, row: ChairsSummary) -> dict[str, Any] | None:
        """Two weeks for comments, as long as nobody chooses otherwise; who reads them stays as chosen before."""
        if act.name != "circulate_summary":
            return None
        until = datetime.combine(today() + USUAL_SILENCE, time(18), tzinfo=geneva())
        return {"comments_until": until, "comment_readers": row.comment_readers}

    def act_context(self, request: HttpRequest, act: Act, row: ChairsSummary) -> dict[str, Any]:
        publishes = act.name in ("publish_summary", "circulate_summary")
        return {"attributions": summary_attributions(row)} if publishes else {}

    @admin.display(description=_("meeting"))
    def the_meeting(self, summary: ChairsSummary) -> str:
        url = reverse("admin:meetings_meeting_change", args=[summary.meeting_id])
        return format_html('<a href="{}">{}</a>', url, summary.meeting)

    @admin.display(description=_("what comes next"))
    def what_next(self, summary: ChairsSummary) -> str:
        return next_steps.after_summary_as_it_is(summary)

    @admin.display(description=_("names in the text"))
    def names(self, summary: ChairsSummary) -> str:
        """Interventions are never attributed: what the check of names finds in the stored text."""
        found = summary_attributions(summary)
        return "; ".join(f"{one.name} ({one.part})" for one in found) or str(_("None found"))
