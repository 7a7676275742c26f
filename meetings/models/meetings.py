"""Meetings: their agenda, who took part, what was agreed to be done, and the steps that they went through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.richtext import clean
from meetings import ordinals, querysets
from meetings.models.groups import WorkingGroup
from members.models import Delegation, Organisation


class Visibility(models.TextChoices):
    """Who reads a meeting or a document."""

    SECRETARIAT = "secretariat", _("Secretariat and chair")
    PARTICIPANTS = "participants", _("Participants")
    PUBLIC = "public", _("Public")


class AttendanceMode(models.TextChoices):
    IN_PERSON = "in person", _("In person")
    ONLINE = "online", _("Online")


def known_zone(name: str) -> None:
    """Refuse what is not a time zone of the IANA list."""
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone, such as Europe/Zurich."), params={"name": name})


class Meeting(models.Model):
    """The n-th exchange of a working group. Its state changes through `meetings.operations` alone."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CONVENED = "convened", _("Convened")
        HELD = "held", _("Held")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class AgendaState(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        ADOPTED = "adopted", _("Adopted")

    class Mode(models.TextChoices):
        IN_PERSON = "in person", _("In person")
        ONLINE = "online", _("Online")
        BOTH = "both", _("In person and online")

    working_group = models.ForeignKey(
        WorkingGroup, models.PROTECT, related_name="meetings", verbose_name=_("working group")
    )
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("Shown in words: 9 is the ninth exchange."))
    title = models.CharField(
        _("what it is about"), max_length=250, blank=True, help_text=_("One line under the title.")
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    mode = models.CharField(_("way of meeting"), max_length=20, choices=Mode, default=Mode.IN_PERSON)
    date = models.DateField(
        _("date"),
        null=True,
        blank=True,
        help_text=_("Leave empty if the date is to be confirmed, and say so in the note."),
    )
    starts_at = models.TimeField(_("begins"), null=True, blank=True, help_text=_("In the time zone of the meeting."))
    ends_at = models.TimeField(_("ends"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Zurich", validators=[known_zone])
    date_note = models.CharField(
        _("note on the date"),
        max_length=200,
        blank=True,
        help_text=_("For example: before the end of the year; the date is to be confirmed."),
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED, editable=False)
    visibility = models.CharField(
        _("readers"),
        max_length=20,
        choices=Visibility,
        default=Visibility.PARTICIPANTS,
        help_text=_("Attendance and follow-ups are never shown to the public."),
    )
    agenda_state = models.CharField(
        _("agenda"), max_length=20, choices=AgendaState, default=AgendaState.PROVISIONAL, editable=False
    )
    agenda_revision = models.PositiveSmallIntegerField(_("revision of the agenda"), default=0, editable=False)
    chair_name = models.CharField(_("chair"), max_length=150, blank=True)
    chair_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair’s organisation")
    )
    participants_counted = models.PositiveSmallIntegerField(
        _("participants who took part"),
        null=True,
        blank=True,
        help_text=_("Where the record gives a number but no names."),
    )
    heading_facts = models.TextField(
        _("further title lines of the summary"),
        blank=True,
        help_text=_("One fact a line, as “Label: text”. Place, date, chair and attendance are added from this page."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = querysets.MeetingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("meeting"), _("meetings")
        ordering = ["working_group__name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["working_group", "number"], name="meeting_number_once_in_a_group"),
            models.CheckConstraint(condition=Q(number__gte=1), name="meeting_number_from_one"),
            models.CheckConstraint(
                condition=Q(date__isnull=False) | ~Q(date_note=""),
                name="meeting_has_a_date_or_a_note",
                violation_error_message=_("Give the date, or say in the note on the date when it may be."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"]) | Q(date__isnull=False),
                name="meeting_convened_has_a_date",
                violation_error_message=_("A meeting that was convened keeps a date."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(date__isnull=False),
                name="meeting_begins_on_a_date",
                violation_error_message=_("An hour needs a date."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"), starts_at__isnull=False),
                name="meeting_ends_after_it_begins",
                violation_error_message=_("The meeting ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "convened", "held", "closed", "cancelled"]),
                name="meeting_state_known",
            ),
            models.CheckConstraint(
                condition=Q(agenda_state__in=["provisional", "adopted"]), name="meeting_agenda_state_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["secretariat", "participants", "public"]), name="meeting_readers_known"
            ),
            models.CheckConstraint(condition=Q(mode__in=["in person", "online", "both"]), name="meeting_mode_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_meeting", args=[self.working_group.slug, self.number])

    @property
    def address(self) -> list[Any]:
        """The arguments of every address of this meeting."""
        return [self.working_group.slug, self.number]

    @property
    def name(self) -> str:
        """``Ninth exchange``."""
        return ordinals.exchange(self.number)

    @property
    def name_in_sentence(self) -> str:
        """``ninth exchange``."""
        return ordinals.exchange_in_sentence(self.number)

    @property
    def full_name(self) -> str:
        """``Ninth exchange of the Working Group``."""
        return gettext("%(exchange)s of the Working Group") % {"exchange": self.name}

    @property
    def symbol(self) -> str:
        """``ICoCA-WG/9``."""
        return f"{self.working_group.symbol}/{self.number}"

    @property
    def agenda_symbol(self) -> str:
        """``ICoCA-WG/9/1/Rev.1``: the agenda is the first paper of a meeting."""
        return f"{self.symbol}/1/{self.revision}" if self.agenda_revision else f"{self.symbol}/1"

    @property
    def revision(self) -> str:
        """``Rev.1``, or an empty text while the agenda is the first one."""
        return f"Rev.{self.agenda_revision}" if self.agenda_revision else ""

    @property
    def agenda_note(self) -> str:
        """What stands under the heading of the agenda: ``Rev.1, adopted``."""
        state = self.get_agenda_state_display()
        return f"{self.revision}, {state.lower()}" if self.revision else state

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which `starts_at` and `ends_at` are read."""
        return ZoneInfo(self.time_zone)

    def moment(self, hour: time | None) -> datetime | None:
        """The hour on the day of the meeting, aware; None while there is no date or no hour."""
        if self.date is None or hour is None:
            return None
        return datetime.combine(self.date, hour, tzinfo=self.zone)

    @property
    def begins(self) -> datetime | None:
        """When it begins, aware; None while there is no hour."""
        return self.moment(self.starts_at)

    @property
    def when(self) -> str:
        """``6 June 2018``, or what the note says about the date."""
        return date_format(self.date, "DATE_FORMAT") if self.date else self.date_note

    @property
    def chair(self) -> str:
        """``Ian McKay, United States of America``; the organisation alone where the name is not known."""
        return ", ".join(str(part) for part in (self.chair_name, self.chair_organisation) if part)

    def participants_among(self, attendance: Iterable[Attendance]) -> int:
        """How many participants took part: the number that the record gives, else those among the rows."""
        if self.participants_counted is not None:
            return self.participants_counted
        return sum(row.capacity == Attendance.Capacity.PARTICIPANT for row in attendance)

    @property
    def place_and_mode(self) -> str:
        """``Geneva``, ``Geneva and online`` or ``Online``."""
        if self.mode == self.Mode.ONLINE:
            return gettext("Online")
        if self.mode == self.Mode.BOTH and self.place:
            return gettext("%(place)s and online") % {"place": self.place}
        return self.place


class AgendaItem(models.Model):
    """An item of the agenda, numbered by its position. Its record is read by the secretariat and the chair alone."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    title = models.CharField(_("title"), max_length=250)
    presenter = models.CharField(_("introduced by"), max_length=200, blank=True)
    note = models.CharField(
        _("note"), max_length=250, blank=True, help_text=_("Printed on the agenda, under the title.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    record = models.TextField(
        _("record"),
        blank=True,
        help_text=_("What was said. Read by the secretariat and the chair; the draft of the summary begins from it."),
    )

    objects = querysets.AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("agenda item"), _("agenda items")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"

    @property
    def record_html(self) -> SafeString:
        """The record as HTML for a page, whatever was stored."""
        return mark_safe(clean(self.record))  # noqa: S308 (reduced to a paper's few tags)


class Attendance(models.Model):
    """That a delegation or a guest took part in a meeting, and in which capacity: a delegation once in each."""

    class Capacity(models.TextChoices):
        PARTICIPANT = "participant", _("Montreux Document participant")
        CHAIR = "chair", _("Chair")
        EXECUTIVE_DIRECTOR = "executive director", _("Executive Director of the Association")
        CHAIR_OF_BOARD = "chair of the Board", _("Chair of the Association’s Board")
        SECRETARIAT = "secretariat", _("Secretariat")
        GUEST = "guest", _("Guest")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance", verbose_name=_("meeting"))
    capacity = models.CharField(_("capacity"), max_length=30, choices=Capacity, default=Capacity.PARTICIPANT)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("delegation")
    )
    person_name = models.CharField(_("represented by"), max_length=300, blank=True)
    guest_name = models.CharField(_("name of a guest"), max_length=150, blank=True)
    guest_organisation = models.CharField(_("organisation of a guest"), max_length=200, blank=True)
    mode = models.CharField(_("present"), max_length=20, choices=AttendanceMode, default=AttendanceMode.IN_PERSON)

    objects = querysets.AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("attendance"), _("attendance")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(delegation__isnull=False, guest_name="", guest_organisation="")
                    | (Q(delegation=None, person_name="") & ~Q(guest_name="", guest_organisation=""))
                ),
                name="attendance_of_a_delegation_or_a_guest",
                violation_error_message=_("Choose a delegation, or name a guest or the guest’s organisation."),
            ),
            models.CheckConstraint(
                condition=~Q(capacity="participant") | Q(delegation__isnull=False),
                name="attendance_participant_is_a_delegation",
                violation_error_message=_("A participant is a delegation. Choose it, or another capacity."),
            ),
            models.CheckConstraint(
                condition=Q(
                    capacity__in=[
                        "participant",
                        "chair",
                        "executive director",
                        "chair of the Board",
                        "secretariat",
                        "guest",
                    ]
                ),
                name="attendance_capacity_known",
            ),
            models.CheckConstraint(condition=Q(mode__in=["in person", "online"]), name="attendance_mode_known"),
            models.UniqueConstraint(
                fields=["meeting", "delegation", "capacity"],
                condition=Q(delegation__isnull=False),
                name="attendance_of_a_delegation_once",
                violation_error_message=_("This delegation stands in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        """The person and what they stand for, whichever is known."""
        if self.delegation_id:
            return ", ".join(part for part in (self.person_name, str(self.delegation)) if part)
        return ", ".join(part for part in (self.guest_name, self.guest_organisation) if part)


class FollowUp(models.Model):
    """What was agreed to be done after a meeting."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in progress", _("In progress")
        DONE = "done", _("Done")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="follow_ups", verbose_name=_("meeting"))
    what = models.CharField(_("what"), max_length=250)
    who = models.CharField(_("who"), max_length=120, blank=True)
    due = models.DateField(pgettext_lazy("deadline", "by"), null=True, blank=True)
    due_note = models.CharField(
        _("note on the date"), max_length=120, blank=True, help_text=_("Where there is no day: end of 2018.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)

    objects = querysets.FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("follow-up"), _("follow-ups")
        ordering = [F("due").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "in progress", "done"]), name="follow_up_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def by(self) -> str:
        """``30 November 2018``, or the note, or that it is to be confirmed."""
        if self.due:
            return date_format(self.due, "DATE_FORMAT")
        return self.due_note or gettext("To be confirmed")

    @property
    def tag(self) -> str:
        """The class of the state's sign."""
        return {self.State.DONE: "is-done", self.State.IN_PROGRESS: "is-half"}.get(self.state, "")  # type: ignore[call-overload]


class Step(models.Model):
    """What happened to a meeting and its papers: who did it, and when. Added by operations, never changed."""

    class What(models.TextChoices):
        CONVENED = "convened", _("Meeting convened")
        HELD = "held", _("Meeting held")
        CLOSED = "closed", _("Meeting closed")
        CANCELLED = "cancelled", _("Meeting cancelled")
        AGENDA_REVISED = "agenda revised", _("Agenda revised")
        AGENDA_ADOPTED = "agenda adopted", _("Agenda adopted")
        DOCUMENT_ATTACHED = "document attached", _("Document attached")
        SUMMARY_DRAFTED = "summary drafted", _("Summary drafted")
        SUMMARY_CIRCULATED = "summary circulated", _("Summary circulated")
        SUMMARY_APPROVED = "summary approved", _("Summary approved")
        SUMMARY_REOPENED = "summary reopened", _("Summary opened again")
        SUMMARY_PUBLISHED = "summary published", _("Summary published")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="steps", verbose_name=_("meeting"))
    what = models.CharField(_("what"), max_length=30, choices=What)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.StepQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("step"), _("steps")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.get_what_display())
