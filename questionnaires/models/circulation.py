"""To whom a questionnaire was put, who was given more time, and who was reminded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Delegation
from questionnaires import querysets
from questionnaires.models.design import Questionnaire


class Invitation(models.Model):
    """That a questionnaire was put to a delegation, and when somebody of it first opened it."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="invitations", verbose_name=_("questionnaire")
    )
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", verbose_name=_("delegation"))
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("invited by")
    )
    opened_at = models.DateTimeField(_("opened"), null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["questionnaire", "delegation__organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "delegation"], name="invitation_one_a_delegation")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.delegation}"


class Extension(models.Model):
    """More time for one delegation, with the reason. Rows are only added; the one granted last counts."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="extensions", verbose_name=_("questionnaire")
    )
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", verbose_name=_("delegation"))
    until = models.DateTimeField(_("until"), help_text=_("Answers are taken until this second."))
    reason = models.TextField(_("reason"))
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )

    objects = querysets.ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("extension"), _("extensions")
        ordering = ["-granted_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.delegation}: {self.until:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """That a delegate was reminded: `days` before a deadline by the clock, or by hand (`days` null)."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="reminders", verbose_name=_("questionnaire")
    )
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", verbose_name=_("delegation"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    deadline = models.DateTimeField(_("deadline"))
    days = models.PositiveSmallIntegerField(_("days before"), null=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("reminder"), _("reminders")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "user", "deadline", "days"],
                condition=Q(days__isnull=False),
                name="reminder_once_a_day_before",
            )
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.user}"
