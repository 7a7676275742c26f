"""How a delegation works together: sections, guests, who is where, notes, clearance. Nothing here leaves it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questionnaires import querysets
from questionnaires.models.design import Question, Section
from questionnaires.models.responses import Response


class Assignment(models.Model):
    """That a colleague or a guest looks after a section, until it is ended."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="assignments", verbose_name=_("response"))
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", verbose_name=_("section"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    assigned_at = models.DateTimeField(_("assigned"), default=timezone.now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = querysets.StandingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("assignment"), _("assignments")
        ordering = ["section__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "section", "user"],
                condition=Q(ended_at=None),
                name="assignment_once_a_section",
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.user}"


class Guest(models.Model):
    """A person from outside of the delegation who may draft the sections assigned to them, and sees nothing else."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="guests", verbose_name=_("response"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = querysets.StandingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("guest"), _("guests")
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "user"], condition=Q(ended_at=None), name="guest_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Presence(models.Model):
    """When somebody was last seen in a section: one row a person and section, written over."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="presences", verbose_name=_("response"))
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", verbose_name=_("section"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("presence"), _("presences")
        constraints = [models.UniqueConstraint(fields=["response", "section", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.section}"


class Note(models.Model):
    """A word between colleagues about a question. It is in no submission, export, mail or seal."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="notes", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("note"), _("notes")
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class Clearance(models.Model):
    """That a draft was sent for clearance, and what came of it; one row a round.

    `cleared_by_name` is who cleared it, who need not have an account; `ended_by` who recorded that. A change of any
    answer afterwards makes the clearance lapse.
    """

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Asked for")
        CLEARED = "cleared", _("Cleared")
        DECLINED = "declined", _("Not cleared")
        LAPSED = "lapsed", _("Lapsed: an answer was changed")

    response = models.ForeignKey(Response, models.PROTECT, related_name="clearances", verbose_name=_("response"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked of")
    )
    message = models.TextField(_("message"), blank=True)
    cleared_by_name = models.CharField(_("cleared by"), max_length=150, blank=True)
    cleared_on = models.DateField(_("cleared on"), null=True)
    remark = models.TextField(_("remark"), blank=True)
    ended_at = models.DateTimeField(_("recorded"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("clearance"), _("clearances")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["asked", "cleared", "declined", "lapsed"]), name="clearance_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="cleared") | (~Q(cleared_by_name="") & Q(cleared_on__isnull=False)),
                name="clearance_says_by_whom_and_when",
            ),
            models.UniqueConstraint(
                fields=["response"], condition=Q(outcome__in=["asked", "cleared"]), name="clearance_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.get_outcome_display()}"
