"""What was agreed to be done after a meeting, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from meetings import querysets
from meetings.models.agendas import AgendaItem
from meetings.models.meetings import Meeting
from members.models import Delegation


class FollowUp(models.Model):
    """What was agreed to be done after a meeting."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in progress", _("In progress")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("No longer pursued")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="follow_ups", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="agreed", verbose_name=_("under item")
    )
    what = models.CharField(_("what"), max_length=250)
    who = models.CharField(_("who"), max_length=120, blank=True)
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("delegation that does it"),
        help_text=_("Its delegates are reminded. Empty: the secretariat is."),
    )
    due = models.DateField(pgettext_lazy("deadline", "by"), null=True, blank=True)
    due_note = models.CharField(
        _("note on the date"), max_length=120, blank=True, help_text=_("Where there is no day: end of 2018.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closing_note = models.CharField(_("how it ended"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("follow-up"), _("follow-ups")
        ordering = [F("due").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "in progress", "done", "dropped"]), name="follow_up_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_follow_up", args=[self.pk])

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

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in (self.State.OPEN, self.State.IN_PROGRESS)

    @property
    def is_overdue(self) -> bool:
        """Whether it is still to be done, and its day (in Geneva) has passed."""
        return self.is_open and self.due is not None and self.due < today()

    @property
    def owner(self) -> str:
        """Who does it: the delegation and the person, whichever is known; else the secretariat."""
        return ", ".join(str(part) for part in (self.delegation, self.who) if part) or gettext("Secretariat")


class FollowUpChange(models.Model):
    """A step of a follow-up: what became of it, who said so, and in which words."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="changes", verbose_name=_("follow-up"))
    state = models.CharField(_("state"), max_length=20, choices=FollowUp.State)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.FollowUpChangeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("step of a follow-up"), _("steps of follow-ups")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.note}".strip()


class FollowUpReminder(models.Model):
    """That a reminder of a follow-up was sent: so many days before it was due (negative: after), once each."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="reminders", verbose_name=_("follow-up"))
    due = models.DateField(_("due"))
    days_before = models.SmallIntegerField(_("days before"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("reminder of a follow-up"), _("reminders of follow-ups")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "due", "days_before"], name="follow_up_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.follow_up}: {self.days_before}"
