"""What each person is told of, how, and since when they have been at their desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import querysets
from members.models.people import User


class How(models.TextChoices):
    """How somebody is told."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day")
    DESK = "desk", _("Only on the desk")


class NoticeChoice(models.Model):
    """How a person wants to be told of one kind of thing (`members.notices`). No row: as the kind has it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=40)
    how = models.CharField(_("how"), max_length=10, choices=How.choices)

    class Meta:
        verbose_name, verbose_name_plural = _("choice of notices"), _("choices of notices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="noticechoice_once"),
            models.CheckConstraint(condition=Q(how__in=["at_once", "digest", "desk"]), name="noticechoice_how_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_how_display()}"


class Notice(models.Model):
    """Something that a person was, is or will be told of. Written by `members.notices` alone.

    `key` names the event; once for each person. `about` names the thing as `members.things` does
    (``questionnaire-12``); it is asked for again before a notice that waited is sent, and whenever it is shown: what is
    not there for the person any more, or not published, is told to nobody. `message` is the mail, where there is one.
    Of a notice with `how` “once a day”, `told_at` is when the day's message was queued; `dropped_at` says that it was
    taken out before, because the thing was done, cancelled or out of sight.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=255)
    about = models.CharField(_("about"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    happened_at = models.DateTimeField(_("happened"), default=timezone.now)
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    message = models.ForeignKey(
        "outbox.Message", models.SET_NULL, null=True, related_name="+", verbose_name=_("message")
    )
    told_at = models.DateTimeField(_("told"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)

    objects = querysets.NoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        ordering = ["-happened_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "-happened_at", "-id"], name="notice_newest_of_person"),
            models.Index(
                fields=["user", "happened_at"],
                condition=Q(how="digest", told_at=None, dropped_at=None),
                name="notice_waits_for_digest",
            ),
            models.Index(fields=["about", "kind"], name="notice_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_once"),
            models.CheckConstraint(condition=Q(how__in=["at_once", "digest", "desk"]), name="notice_how_known"),
        ]

    def __str__(self) -> str:
        return self.title


class DeskVisit(models.Model):
    """When a person was at their desk: now (`seen_at`), and the visit before (`before`), since which things are new."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="desk_visit")
    seen_at = models.DateTimeField(_("seen"))
    before = models.DateTimeField(_("seen before"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("visit of the desk"), _("visits of the desk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}, {self.seen_at:%Y-%m-%d %H:%M}"
