"""The papers of a meeting: documents, and the Chair's Summary as a draft and as sealed rows."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing, uploads
from icoca_portal.lib.richtext import clean
from meetings import querysets
from meetings.models.meetings import Meeting, Visibility

FORMATS = {
    "application/pdf": "PDF",
    uploads.WORD: "Word",
    uploads.EXCEL: "Excel",
    uploads.OPEN_TEXT: "OpenDocument",
    uploads.OPEN_SHEET: "OpenDocument",
    "image/png": _("Picture"),
    "image/jpeg": _("Picture"),
    "text/plain": _("Text"),
    "text/csv": "CSV",
}


def storage_name(document: Document, filename: str) -> str:
    """A random name without an ending: neither who uploads nor who reads the disk can tell what a server might run."""
    return f"documents/{uuid4().hex}"


class Document(models.Model):
    """A paper of a meeting: a file with a symbol. Made by `operations.attach_document`, which looks into the file."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="documents", verbose_name=_("meeting"))
    symbol = models.CharField(_("symbol"), max_length=60, blank=True, help_text=_("For example ICoCA-WG/9/2."))
    title = models.CharField(_("title"), max_length=250)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    visibility = models.CharField(_("readers"), max_length=20, choices=Visibility, default=Visibility.PARTICIPANTS)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=255, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("type"), max_length=120, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("uploaded by")
    )

    objects = querysets.DocumentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        ordering = ["symbol", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=["secretariat", "participants", "public"]), name="document_readers_known"
            ),
            models.UniqueConstraint(
                fields=["symbol", "language", "media_type"],
                condition=~Q(symbol=""),
                name="document_symbol_once",
                violation_error_message=_("A document with this symbol, language and type is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_document", args=[*self.meeting.address, self.pk])

    @property
    def format(self) -> str:
        """The format's name as the look prints it: ``PDF``, ``Word``."""
        return str(FORMATS.get(self.media_type, _("File")))


class ChairsSummary(models.Model):
    """What is said of a meeting in the chair's name. Its parts are the draft; what is published is sealed beside it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CIRCULATED = "circulated", _("Circulated for comments")
        ADOPTED = "adopted", _("Adopted")
        PUBLISHED = "published", _("Published")

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="summary", verbose_name=_("meeting"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    title_lines = models.TextField(
        _("title lines"), blank=True, help_text=_("One fact a line, as “Label: text”. Names may stand here.")
    )
    circulated_at = models.DateTimeField(_("circulated"), null=True, editable=False)
    comments_until = models.DateTimeField(_("comments until"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    created_at = models.DateTimeField(_("drafted"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("drafted by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.ChairsSummaryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("Chair’s Summary"), _("Chair’s Summaries")
        ordering = ["-meeting__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "circulated", "adopted", "published"]), name="summary_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "circulated"])
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="summary_adopted_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="circulated") | Q(circulated_at__isnull=False, comments_until__isnull=False),
                name="summary_circulated_until",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Chair’s Summary of the %(exchange)s") % {"exchange": self.meeting.name_in_sentence}

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_summary", args=self.meeting.address)

    @property
    def symbol(self) -> str:
        """``ICoCA-WG/9/Summary``."""
        return f"{self.meeting.symbol}/Summary"

    @property
    def is_open(self) -> bool:
        """Whether its text may still be changed."""
        return self.state in (self.State.DRAFT, self.State.CIRCULATED)

    @cached_property
    def publication(self) -> PublishedSummary | None:
        """The last published text: what readers get; None while nothing was published."""
        return self.publications.order_by("-number").first()


class SummaryPart(models.Model):
    """A numbered part of a summary: an agenda item, and what is said of it without saying who said it."""

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="parts", verbose_name=_("summary"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    number = models.CharField(_("number"), max_length=12, blank=True)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"), blank=True)

    objects = querysets.SummaryPartQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("part"), _("parts")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def text_html(self) -> SafeString:
        """The text as HTML for a page, whatever was stored."""
        return mark_safe(clean(self.text))  # noqa: S308 (reduced to a paper's few tags)


class PublishedSummary(models.Model):
    """A sealed summary: No. 0 is the original, No. 1 is Corr.1. The database refuses to change or delete it."""

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="publications", verbose_name=_("summary"))
    number = models.PositiveSmallIntegerField(_("number"), default=0, help_text=_("0: the original; 1: Corr.1."))
    symbol = models.CharField(_("symbol"), max_length=80, unique=True)
    content = models.TextField(_("sealed text"), help_text=_("Canonical JSON: sorted keys, no spaces, UTF-8."))
    sha256 = models.CharField(_("seal"), max_length=64, unique=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )

    objects = querysets.PublishedSummaryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("published summary"), _("published summaries")
        ordering = ["summary", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["summary", "number"], name="published_summary_number_once"),
        ]

    def __str__(self) -> str:
        return self.symbol

    @cached_property
    def text(self) -> dict[str, Any]:
        """What was sealed: `title`, `title_lines`, `parts` and the rest of `operations.sealed_content`."""
        content: dict[str, Any] = json.loads(self.content)
        return content

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has the seal that was given for it."""
        return sealing.matches(self.content, self.sha256)
