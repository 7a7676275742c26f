"""A meeting in the administration: everything about it on one screen."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Field, ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.stale import StaleSaveMixin
from meetings import finding, next_steps, operations
from meetings.admin.agendas import AgendaItemInline
from meetings.admin.choices import OneQueryChoices
from meetings.admin.linking import LinksMixin
from meetings.admin.registering import RegistrationsMixin
from meetings.admin_forms import (
    AttendanceFormSet,
    FollowUpFormSet,
    MeetingForm,
    NoteForm,
    OverwriteForm,
    ReasonForm,
)
from meetings.agenda_forms import MoveForm
from meetings.models import (
    Attendance,
    ChairsSummary,
    Document,
    FollowUp,
    Meeting,
    Step,
)
from members.admin.shared import links
from members.models import Delegation, User

State = Meeting.State
SummaryState = ChairsSummary.State


def is_provisional(meeting: Meeting) -> bool:
    """Whether the agenda may still change."""
    return meeting.agenda_state == Meeting.AgendaState.PROVISIONAL


def next_meeting(meeting: Meeting) -> Meeting | None:
    """The exchange after this one, if it is there."""
    rows = Meeting.objects.select_related("working_group")
    return rows.filter(working_group=meeting.working_group_id, number=meeting.number + 1).first()


def has_no_next(meeting: Meeting) -> bool:
    """Whether the next exchange is still to be prepared."""
    return next_meeting(meeting) is None


#: What of a convened meeting changes by a step alone.
MOVED = ("date", "date_note", "starts_at", "ends_at", "time_zone", "place", "mode")

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
        (State.CONVENED, State.HELD),
        _("The agenda gets its next number, Rev.n, and every delegate a message that says what changed."),
        _("The agenda was revised. The delegates are told."),
        operations.revise_agenda,
        NoteForm,
        when=is_provisional,
    ),
    Act(
        "move_meeting",
        _("Move the meeting"),
        (State.CONVENED,),
        _(
            "Another date, other hours, another place or way of meeting. Every delegate gets a message with what it "
            "was, what it is and why; calendars follow. Without a date the meeting is put off, and planned again."
        ),
        _("The meeting is moved. The delegates are told."),
        operations.move_meeting,
        MoveForm,
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
        "prepare_next_meeting",
        _("Prepare the next meeting"),
        (State.CONVENED, State.HELD, State.CLOSED),
        _(
            "The next exchange is made, its date to be confirmed, with an agenda: its adoption, the approval of this "
            "meeting’s summary, the follow-ups that are open, the standing items, any other business."
        ),
        _("The next meeting is prepared."),
        operations.prepare_next_meeting,
        outcome=lambda upcoming: upcoming,
        when=has_no_next,
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


class DocumentInline(ReadOnlyInline):
    """Documents that are stored. They are changed on a screen of their own, so that a change of readers is recorded."""

    model = Document
    fields = ("symbol", "title", "language", "visibility", "readable_from", "stored", "change")
    readonly_fields = ("stored", "change")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.current().select_related("meeting__working_group")

    @admin.display(description=_("change"))
    def change(self, document: Document) -> str:
        url = reverse("meetings:change_document", args=[*document.meeting.address, document.pk])
        circular = f"{reverse('admin:members_circular_add')}?about=document-{document.pk}"
        steps = [(url, _("Change"), document), (circular, _("Write a circular"), document)]
        return links(steps)

    @admin.display(description=_("file"))
    def stored(self, document: Document) -> str:
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), document.original_name)


class FollowUpInline(OneQueryChoices, admin.TabularInline):
    """What is to be done, by whom and by when. What became of it is recorded on its page, step by step."""

    model = FollowUp
    formset = FollowUpFormSet
    extra = 0
    can_delete = False
    fields = ("what", "delegation", "who", "due", "due_note", "progress")
    readonly_fields = ("progress",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return super().get_queryset(request).select_related("delegation__organisation")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "delegation":
            kwargs["queryset"] = Delegation.objects.select_related("organisation").order_by("organisation__name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("state"))
    def progress(self, follow_up: FollowUp) -> str:
        if follow_up._state.adding:
            return "–"
        return format_html('<a href="{}">{}</a>', follow_up.get_absolute_url(), follow_up.get_state_display())


class StepInline(ReadOnlyInline):
    model = Step
    fields = ("what", "at", "by", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).select_related("by")


@admin.register(Meeting)
class MeetingAdmin(LinksMixin, RegistrationsMixin, ActsMixin, ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    form = MeetingForm
    acts = MEETING_ACTS
    inlines = (AgendaItemInline, AttendanceInline, DocumentInline, FollowUpInline, StepInline)
    list_display = ("name", "symbol", "when", "place", "state", "agenda", "summary_state", "visibility")
    list_filter = ("state", "visibility", "working_group")
    list_select_related = ("working_group", "summary")
    search_fields = ("title", "place", "chair_name")
    ordering = ("working_group", "-number")
    readonly_fields = ("what_next", "state", "agenda", "circulated", "summary_state", "the_next")
    fieldsets = (
        (
            _("Meeting"),
            {
                "fields": (
                    ("working_group", "number"),
                    "title",
                    "state",
                    "what_next",
                    "agenda",
                    "circulated",
                    "summary_state",
                    "the_next",
                    "visibility",
                )
            },
        ),
        (
            _("Date and place"),
            {"fields": ("date", "date_note", ("starts_at", "ends_at"), "time_zone", "place", "mode", "languages")},
        ),
        (_("Online"), {"fields": ("online_link", "online_note")}),
        (_("Speakers’ list"), {"fields": ("has_speakers_list",)}),
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

    def get_readonly_fields(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        """A convened meeting is moved by a step of its own, which tells the delegates."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *MOVED) if obj is not None and obj.state == State.CONVENED else fields

    def get_fieldsets(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.state != State.CONVENED:
            return fieldsets
        note = _("The meeting is convened: these change by the step “Move the meeting”, which tells the delegates.")
        return [
            (name, {**options, "description": note} if "date" in options["fields"] else options)
            for name, options in fieldsets
        ]

    def act_initial(self, request: HttpRequest, act: Act, row: Meeting) -> dict[str, Any] | None:
        return {name: getattr(row, name) for name in MOVED} if act.name == "move_meeting" else None

    def act_context(self, request: HttpRequest, act: Act, row: Meeting) -> dict[str, Any]:
        if act.name == "revise_agenda":
            return {"changes": operations.changes_since_circulated(row)}
        return {"next_meeting": next_meeting(row)} if act.name == "prepare_next_meeting" else {}

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        if form.has_changed():
            obj.changed_at = timezone.now()
            if change:
                stored = Meeting.objects.get(pk=obj.pk)
                operations.note_calendar_change(obj, operations.calendar_facts(stored))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.attachment:
            operations.attach_document(form.instance, by=cast(User, request.user), **form.attachment)
        finding.index_meeting(form.instance)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "heading_facts" and field is not None:
            field.widget.attrs["rows"] = 4
        return field

    @admin.display(description=_("agenda"))
    def agenda(self, meeting: Meeting) -> str:
        return meeting.agenda_note

    @admin.display(description=_("what comes next"))
    def what_next(self, meeting: Meeting) -> str:
        return next_steps.after_meeting_as_it_is(meeting) if meeting.pk else "–"

    @admin.display(description=_("circulated"))
    def circulated(self, meeting: Meeting) -> str:
        """Which text was circulated, and what the items say otherwise."""
        if not meeting.pk:
            return "–"
        revision = meeting.agenda_revisions.order_by("-number").first()
        if revision is None:
            return str(_("Not yet. The agenda is circulated when the meeting is convened."))
        url = reverse("meetings:read_agenda", args=meeting.address)
        read = format_html('<a href="{}">{}</a>, {}', url, revision.text["symbol"], in_geneva(revision.issued_at))
        pending = operations.changes_since_circulated(meeting)
        if not pending:
            return read
        sentences = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in pending))
        return format_html("{}<p><strong>{}</strong></p><ul>{}</ul>", read, _("Not circulated yet:"), sentences)

    @admin.display(description=_("next meeting"))
    def the_next(self, meeting: Meeting) -> str:
        upcoming = next_meeting(meeting) if meeting.pk else None
        if upcoming is None:
            return "–"
        url = reverse("admin:meetings_meeting_change", args=[upcoming.pk])
        return format_html('<a href="{}">{}</a>', url, upcoming.name)

    @admin.display(description=_("date"), ordering="date")
    def when(self, meeting: Meeting) -> str:
        return meeting.when

    @admin.display(description=_("symbol"), ordering="working_group")
    def symbol(self, meeting: Meeting) -> str:
        return meeting.symbol

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
