"""What the search looks in: the texts of everything about meetings, one row a thing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.meetings import Meeting


class Entry(models.Model):
    """The text of one thing that can be found. Written by `meetings.finding.index`; the thing itself is asked who reads
    it. The database keeps a full-text index of `text`."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        ITEM = "item", _("Agenda item")
        RECORD = "record", _("Record")
        NOTE = "note", _("Note or intervention")
        DECISION = "decision", _("Decision")
        SUMMARY = "summary", _("Chair’s Summary")
        DRAFT = "draft", _("Draft of a summary")
        DOCUMENT = "document", _("Document")
        FOLLOW_UP = "follow-up", _("Follow-up")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    object_id = models.PositiveBigIntegerField(_("number of the thing"))
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name=_("meeting"))
    title = models.CharField(_("title"), max_length=400)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    date = models.DateField(_("date"), null=True)

    objects = querysets.EntryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("entry of the search"), _("entries of the search")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="entry_once")]

    def __str__(self) -> str:
        return self.title
