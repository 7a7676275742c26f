"""What the search looks in: the texts of everything about meetings, one row a thing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.documents import Document
from meetings.models.meetings import Meeting


class Entry(models.Model):
    """The text of one thing that can be found. Written by `meetings.finding.index`; the thing itself is asked who reads
    it. The database keeps a full-text index of `text`."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        ITEM = "item", _("Agenda item")
        WORKING_COPY = "working copy", _("Agenda item, not circulated")
        RECORD = "record", _("Record")
        NOTE = "note", _("Note or intervention")
        DECISION = "decision", _("Decision")
        SUMMARY = "summary", _("Chair’s Summary")
        CIRCULATED = "circulated", _("Summary circulated for comments")
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
    presenter = models.CharField(_("introduced by"), max_length=200, blank=True)
    anchor = models.CharField(_("place on its page"), max_length=40, blank=True)
    compared_at = models.DateTimeField(
        _("compared"), null=True, help_text=_("On the entry of a meeting: when all its texts were last compared.")
    )

    objects = querysets.EntryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("entry of the search"), _("entries of the search")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="entry_once")]
        indexes = [models.Index(fields=["kind", "compared_at"], name="entry_compared")]

    def __str__(self) -> str:
        return self.title


class DocumentWords(models.Model):
    """The words of a document’s file, taken out of it once: the file of a document never changes. Written by the clock
    job `meetings.finding.read_documents`; until then, and where a file cannot be read, its title is what is found."""

    class Outcome(models.TextChoices):
        READ = "read", _("Read")
        NO_WORDS = "no words", _("Without words")
        UNREADABLE = "unreadable", _("Cannot be read")

    document = models.OneToOneField(Document, models.CASCADE, related_name="words", verbose_name=_("document"))
    text = models.TextField(_("text"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    note = models.CharField(_("note"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("read"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("words of a document"), _("words of documents")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["read", "no words", "unreadable"]), name="document_words_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.get_outcome_display()}"
