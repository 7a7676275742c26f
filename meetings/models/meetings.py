"""Meetings, and the steps that they and their papers went through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings import ordinals, querysets
from meetings.models.groups import WorkingGroup
from members.models import Organisation

if TYPE_CHECKING:
    from meetings.models.attending import Attendance


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
    online_link = models.CharField(
        _("link to join online"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Shown to participants alone, never public."),
    )
    online_note = models.CharField(
        _("how to join online"), max_length=250, blank=True, help_text=_("For example a code. Shown with the link.")
    )
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_("In which people speak or hear an interpreter.")
    )
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
    registration_until = models.DateTimeField(
        _("registration until"), null=True, blank=True, help_text=_("Empty: until the meeting begins.")
    )
    registration_note = models.CharField(
        _("note on registration"), max_length=250, blank=True, help_text=_("Shown above the form of the focal points.")
    )
    has_speakers_list = models.BooleanField(
        _("with a speakers’ list"), default=False, help_text=_("The note-taker keeps the order and the time.")
    )
    calendar_sequence = models.PositiveIntegerField(_("sequence in calendars"), default=0, editable=False)
    calendar_changed_at = models.DateTimeField(_("changed in calendars"), default=timezone.now, editable=False)
    calendar_was = models.JSONField(
        _("last in calendars"), default=dict, editable=False, help_text=_("The day and hours before the date was open.")
    )
    needs_cleared_at = models.DateTimeField(_("dietary and access needs deleted"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = querysets.MeetingQuerySet.as_manager()

    # Not columns: what an operation or a queryset brings along.
    calendar_before: dict[str, Any]
    """What calendars showed when an operation locked the row."""
    circulated_text: str | None
    """From `with_agenda`."""
    participants_then: int
    """From `with_participants_then`."""
    participants: int
    """From `on_the_line`."""

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
    def registration_closes(self) -> datetime | None:
        """Until when delegations register, aware: as it was set, and no longer than until the meeting begins (without
        an hour and a deadline: until its day does, where it is held). None while neither is known."""
        closes, begins = self.registration_until, self.begins
        if closes is None:
            return begins or self.moment(time.min)
        return min(closes, begins) if begins else closes

    def takes_registrations_at(self, moment: datetime) -> bool:
        """Whether delegations may reply and register at `moment` (aware): convened, and before the deadline."""
        closes = self.registration_closes
        return self.state == self.State.CONVENED and closes is not None and moment < closes

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
        return sum(row.capacity == "participant" for row in attendance)

    @property
    def place_and_mode(self) -> str:
        """``Geneva``, ``Geneva and online`` or ``Online``."""
        if self.mode == self.Mode.ONLINE:
            return gettext("Online")
        if self.mode == self.Mode.BOTH and self.place:
            return gettext("%(place)s and online") % {"place": self.place}
        return self.place


class Step(models.Model):
    """What happened to a meeting and its papers: who did it, and when. Added by operations, never changed."""

    class What(models.TextChoices):
        PREPARED = "prepared", _("Meeting prepared")
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
        MOVED = "moved", _("Date or place changed")
        INVITED = "invited", _("Delegations invited")
        DOCUMENT_REPLACED = "document replaced", _("New version of a document")
        DOCUMENT_CHANGED = "document changed", _("Document changed")
        DOCUMENT_READERS = "document readers", _("Readers of a document changed")
        SUMMARY_OBJECTED = "summary objected", _("Silence broken by an objection")
        SUMMARY_ADOPTED = "summary adopted", _("Summary adopted by silence")
        SUMMARY_IMPORTED = "summary imported", _("Summary of the past brought in")
        NEXT_PREPARED = "next prepared", _("Next meeting prepared")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="steps", verbose_name=_("meeting"))
    what = models.CharField(_("what"), max_length=30, choices=What)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: the portal itself, at its hour."),
    )

    objects = querysets.StepQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("step"), _("steps")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.get_what_display())
