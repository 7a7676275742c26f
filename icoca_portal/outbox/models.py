"""One row per message and recipient: the mail queue and its delivery log in one."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.kept_files import KeptFile
from icoca_portal.outbox.querysets import UNCERTAIN_AFTER, MessageQuerySet, TickQuerySet


class State(models.TextChoices):
    """Where a message stands. "Uncertain" is no state but a reading of ``SENDING``: see ``Message.is_uncertain``.

    A message is returned when the server took it, and it came back afterwards: the mailbox does not exist, is full.
    """

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    RETURNED = "returned", pgettext_lazy("mail", "Returned")


class Tick(models.Model):
    """When the clock (`icoca_portal.lib.clock`) last ran: one row, written over by whichever worker ran it."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    ticked_at = models.DateTimeField(_("ticked"))

    objects = TickQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tick of the clock"), _("ticks of the clock")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(only=True), name="outbox_tick_one_row")]

    def __str__(self) -> str:
        return f"{self.ticked_at:%Y-%m-%d %H:%M:%S}"


class Enclosure(models.Model):
    """The files of a message, kept once for all who get it, and as they were when it was queued."""

    made_at = models.DateTimeField(_("put together"), default=timezone.now, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("enclosure"), _("enclosures")
        default_permissions = ()

    def __str__(self) -> str:
        return ", ".join(str(each) for each in self.files.all())


class EnclosedFile(KeptFile):
    """A file that goes with a message."""

    enclosure = models.ForeignKey(Enclosure, models.CASCADE, related_name="files")

    class Meta:
        verbose_name, verbose_name_plural = _("enclosed file"), _("enclosed files")
        ordering = ["pk"]
        default_permissions = ()


class Message(models.Model):
    """A mail to one recipient, as it was queued. Written by ``operations`` alone; all times are aware (UTC)."""

    key = models.CharField(
        _("key"),
        max_length=255,
        unique=True,
        help_text=_("Names the event and the recipient. Queued twice, sent once."),
    )
    recipient = models.EmailField(_("recipient"))
    recipient_name = models.CharField(_("name of the recipient"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(
        _("text with its form"),
        blank=True,
        help_text=_("Clean HTML, where the text has headings, lists or links; else the mail is made from the text."),
    )
    enclosure = models.ForeignKey(
        Enclosure, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("enclosure")
    )
    reply_to = models.EmailField(_("replies go to"), blank=True)
    thread = models.CharField(
        _("thread"),
        max_length=80,
        blank=True,
        help_text=_("Names the thing that it is about: mail programs keep such messages together."),
    )
    unsubscribe = models.CharField(
        _("address that ends such messages"), max_length=400, blank=True, help_text=_("Of a message that is optional.")
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Holds a code or a link that opens an account: nobody reads it here, and it is erased once sent."),
    )
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    last_error = models.TextField(_("last error"), blank=True)
    queued_at = models.DateTimeField(_("queued"))
    taken_at = models.DateTimeField(_("taken by the worker"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    provider_id = models.CharField(_("number at the provider"), max_length=255, blank=True, db_index=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    returned_code = models.CharField(
        _("code of the return"), max_length=20, blank=True, help_text=_("As RFC 3463 has it: 5.1.1, no such mailbox.")
    )
    returned_why = models.TextField(_("why it was returned"), blank=True)

    # Names, not keys to users: the log outlives an account, and this app knows no other.
    retried_at = models.DateTimeField(_("sent again"), null=True, blank=True)
    retried_by = models.CharField(_("sent again by"), max_length=254, blank=True)
    settled_at = models.DateTimeField(_("left as it is"), null=True, blank=True)
    settled_by = models.CharField(_("left as it is by"), max_length=254, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("delivery log")
        ordering = ["-queued_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("retry_message", _("Can send a failed or uncertain message again")),
            ("settle_message", _("Can leave a failed or uncertain message as it is")),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="queued"), name="outbox_message_due"),
            models.Index(fields=["-queued_at", "-id"], name="outbox_message_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="outbox_message_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "returned"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "returned"]) & Q(sent_at=None)),
                name="outbox_message_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(taken_at__isnull=False), name="outbox_message_taken_at_when_sending"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(state__in=["failed", "sending", "returned"]),
                name="outbox_message_settled_when_stuck",
            ),
            models.CheckConstraint(
                condition=Q(state="returned", returned_at__isnull=False) | (~Q(state="returned") & Q(returned_at=None)),
                name="outbox_message_returned_at_when_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    def is_uncertain_at(self, moment: datetime) -> bool:
        """The row's side of ``MessageQuerySet.uncertain``: no worker is at it, and how it ended is not known."""
        if self.state != State.SENDING or self.taken_at is None:
            return False
        return bool(self.last_error) or self.taken_at < moment - UNCERTAIN_AFTER

    @property
    def is_uncertain(self) -> bool:
        """``is_uncertain_at`` now."""
        return self.is_uncertain_at(timezone.now())
