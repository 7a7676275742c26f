"""The agenda of a meeting: its items, and each text of it that was circulated."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.richtext import clean
from meetings import querysets
from meetings.models.meetings import Meeting

if TYPE_CHECKING:
    from meetings.models.documents import Document
    from meetings.models.following import FollowUp


class AgendaItem(models.Model):
    """An item of the agenda, numbered by its position. Its record is read by the secretariat and the chair alone."""

    class Kind(models.TextChoices):
        ITEM = "item", _("Item")
        ADOPTION = "adoption", _("Adoption of the agenda")
        SUMMARY = "summary", _("Approval of the last summary")
        FOLLOW_UPS = "follow-ups", _("Follow-ups of earlier meetings")
        AOB = "aob", _("Any other business")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="sub_items", verbose_name=_("under item")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ITEM)
    is_standing = models.BooleanField(_("standing item"), default=False, help_text=_("The next meeting takes it over."))
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    title = models.CharField(_("title"), max_length=250)
    presenter = models.CharField(_("introduced by"), max_length=200, blank=True)
    note = models.CharField(
        _("note"), max_length=250, blank=True, help_text=_("Printed on the agenda, under the title.")
    )
    starts_at = models.TimeField(_("at"), null=True, blank=True, help_text=_("In the time zone of the meeting."))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    record = models.TextField(
        _("record"),
        blank=True,
        help_text=_("What was said. Read by the secretariat and the chair; the draft of the summary begins from it."),
    )

    documents: models.ManyToManyField[Document, Any] = models.ManyToManyField(
        "Document", blank=True, related_name="items", verbose_name=_("documents")
    )
    follow_ups: models.ManyToManyField[FollowUp, Any] = models.ManyToManyField(
        "FollowUp", blank=True, related_name="taken_up_in", verbose_name=_("follow-ups taken up")
    )

    objects = querysets.AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("agenda item"), _("agenda items")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["item", "adoption", "summary", "follow-ups", "aob"]),
                name="agenda_item_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="agenda_item_not_under_itself",
                violation_error_message=_("An item does not stand under itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title  # its number is the outline’s to say: `meetings.agendas`

    @property
    def record_html(self) -> SafeString:
        """The record as HTML for a page, whatever was stored."""
        return mark_safe(clean(self.record))  # noqa: S308 (reduced to a paper's few tags)


class AgendaRevision(models.Model):
    """The agenda as it was circulated: No. 0 when the meeting was convened, No. n is Rev.n. What readers see is
    the last of these; the items behind it are the secretariat’s next one. Sealed: the database refuses a change."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda_revisions", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("0: the first text; 1: Rev.1."))
    content = models.TextField(_("text"), help_text=_("Canonical JSON: sorted keys, no spaces, UTF-8."))
    sha256 = models.CharField(_("seal"), max_length=64)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )

    objects = querysets.AgendaRevisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("text of an agenda"), _("texts of agendas")
        ordering = ["meeting", "number"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_revision_number_once")]

    def __str__(self) -> str:
        return f"{self.meeting.symbol}/1/Rev.{self.number}" if self.number else f"{self.meeting.symbol}/1"

    @cached_property
    def text(self) -> dict[str, Any]:
        """What was circulated: the facts of the meeting and its items, as `operations.agenda_content` made them."""
        content: dict[str, Any] = json.loads(self.content)
        return content
