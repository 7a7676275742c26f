"""The secretariat's screens: one holds the whole meeting, another its summary. States change through operations."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Field, ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.ordering import OrderedInlineMixin
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.sealing import grouped
from icoca_portal.lib.stale import StaleSaveMixin
from meetings import operations
from meetings.admin_forms import (
    AgendaItemForm,
    AttendanceFormSet,
    CirculateForm,
    MeetingForm,
    NamesForm,
    NoteForm,
    OverwriteForm,
    ReasonForm,
    SummaryPartForm,
)
from meetings.attributions import summary_attributions
from meetings.models import (
    AgendaItem,
    Attendance,
    ChairsSummary,
    Document,
    FollowUp,
    Meeting,
    Office,
    PublishedSummary,
    Step,
    SummaryPart,
    WorkingGroup,
)
from members.models import Delegation, User

State = Meeting.State
SummaryState = ChairsSummary.State


def is_provisional(meeting: Meeting) -> bool:
    """Whether the agenda may still change."""
    return meeting.agenda_state == Meeting.AgendaState.PROVISIONAL


MEETING_ACTS = (
    Act(
        "convene_meeting",
        _("Convene the meeting"),
        (State.PLANNED,),
        _("The meeting stands fast. Every delegate gets a message with the date and the address of the agenda."),
        _("The meeting is convened. The delegates are told."),
        operations.convene_meeting,
    ),
    Act(
        "revise_agenda",
        _("Issue a revised agenda"),
        (State.CONVENED,),
        _("The agenda gets its next number, Rev.n, and every delegate a message."),
        _("The agenda was revised. The delegates are told."),
        operations.revise_agenda,
        NoteForm,
        when=is_provisional,
    ),
    Act(
        "adopt_agenda",
        _("Adopt the agenda"),
        (State.CONVENED, State.HELD),
        _("The agenda stays as it is from now on. This cannot be undone."),
        _("The agenda is adopted."),
        operations.adopt_agenda,
        when=is_provisional,
    ),
    Act(
        "hold_meeting",
        _("Record the meeting as held"),
        (State.PLANNED, State.CONVENED),
        _("The meeting has taken place. This cannot be undone."),
        _("The meeting is recorded as held."),
        operations.hold_meeting,
    ),
    Act(
        "draft_summary",
        _("Draft the summary"),
        (State.HELD, State.CLOSED),
        _(
            "A draft of the Chair’s Summary is made from the facts, the attendance (how many, never who) and the "
            "records of the agenda items. The chair can read it at once."
        ),
        _("The draft is made."),
        operations.draft_summary,
        OverwriteForm,
        outcome=lambda summary: summary,
    ),
    Act(
        "close_meeting",
        _("Close the meeting"),
        (State.HELD,),
        _("Nothing more is expected for this meeting. This cannot be undone."),
        _("The meeting is closed."),
        operations.close_meeting,
    ),
    Act(
        "cancel_meeting",
        _("Cancel the meeting"),
        (State.PLANNED, State.CONVENED),
        _("The meeting does not take place. If it was convened, every delegate gets a message. This cannot be undone."),
        _("The meeting is cancelled."),
        operations.cancel_meeting,
        ReasonForm,
    ),
)

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


class AgendaItemInline(OrderedInlineMixin, admin.StackedInline):
    model = AgendaItem
    form = AgendaItemForm
    extra = 0
    fieldsets = ((None, {"fields": ("position", "title", ("presenter", "minutes"), "note", "record")}),)


class AttendanceInline(OneQueryChoices, admin.TabularInline):
    model = Attendance
    formset = AttendanceFormSet
    extra = 1
    fields = ("capacity", "delegation", "person_name", "guest_name", "guest_organisation", "mode")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attendance]:
        return super().get_queryset(request).select_related("delegation__organisation")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "delegation":
            kwargs["queryset"] = Delegation.objects.select_related("organisation").order_by("organisation__name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DocumentInline(admin.TabularInline):
    """Documents that are stored. A new one is attached above; one that should go is given to the secretariat alone."""

    model = Document
    extra = 0
    can_delete = False
    fields = ("symbol", "title", "language", "visibility", "stored")
    readonly_fields = ("stored",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).select_related("meeting__working_group")

    @admin.display(description=_("file"))
    def stored(self, document: Document) -> str:
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), document.original_name)


class FollowUpInline(admin.TabularInline):
    model = FollowUp
    extra = 0
    fields = ("what", "who", "due", "due_note", "state")


class StepInline(ReadOnlyInline):
    model = Step
    fields = ("what", "at", "by", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).select_related("by")


@admin.register(Meeting)
class MeetingAdmin(ActsMixin, ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    form = MeetingForm
    acts = MEETING_ACTS
    inlines = (AgendaItemInline, AttendanceInline, DocumentInline, FollowUpInline, StepInline)
    list_display = ("name", "working_group", "when", "place", "state", "agenda", "summary_state", "visibility")
    list_filter = ("state", "visibility", "working_group")
    list_select_related = ("working_group", "summary")
    search_fields = ("title", "place", "chair_name")
    ordering = ("working_group", "-number")
    readonly_fields = ("state", "agenda", "summary_state")
    fieldsets = (
        (
            _("Meeting"),
            {"fields": (("working_group", "number"), "title", "state", "agenda", "summary_state", "visibility")},
        ),
        (
            _("Date and place"),
            {"fields": ("date", "date_note", ("starts_at", "ends_at"), "time_zone", "place", "mode")},
        ),
        (
            _("Heading of the summary"),
            {"fields": ("chair_name", "chair_organisation", "participants_counted", "heading_facts")},
        ),
        (
            _("Attach a document"),
            {"fields": ("upload", "upload_title", "upload_symbol", "upload_language", "upload_visibility")},
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        if form.has_changed():
            obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.attachment:
            operations.attach_document(form.instance, by=cast(User, request.user), **form.attachment)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "heading_facts" and field is not None:
            field.widget.attrs["rows"] = 4
        return field

    @admin.display(description=_("agenda"))
    def agenda(self, meeting: Meeting) -> str:
        return meeting.agenda_note

    @admin.display(description=_("date"), ordering="date")
    def when(self, meeting: Meeting) -> str:
        return meeting.when

    @admin.display(description=_("meeting"), ordering="number")
    def name(self, meeting: Meeting) -> str:
        return meeting.name

    @admin.display(description=_("Chair’s Summary"))
    def summary_state(self, meeting: Meeting) -> str:
        summary = getattr(meeting, "summary", None)
        if summary is None:
            return "–"
        url = reverse("admin:meetings_chairssummary_change", args=[summary.pk])
        return format_html('<a href="{}">{}</a>', url, summary.get_state_display())


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
