"""The documents of a meeting: files with a symbol, their languages and versions."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import uploads
from meetings import querysets
from meetings.models.meetings import Meeting, Visibility


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
    readable_from = models.DateTimeField(
        _("readable from"),
        null=True,
        blank=True,
        help_text=_("Until then the secretariat and the chair alone read it. Empty: at once."),
    )
    number = models.PositiveSmallIntegerField(
        _("number of the paper"), null=True, blank=True, editable=False, help_text=_("2 in ICoCA-WG/9/2.")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="replaced_by", verbose_name=_("replaces")
    )
    first_version = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="later_versions",
        verbose_name=_("first version"),
        help_text=_("Empty: it is the first one itself."),
    )
    replaced_at = models.DateTimeField(_("replaced"), null=True, editable=False)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True, editable=False)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=255, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("type"), max_length=120, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("uploaded by")
    )

    if TYPE_CHECKING:
        items: Any  # the agenda items that it belongs to

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
                condition=~Q(symbol="") & Q(replaced_at=None),
                name="document_symbol_once",
                violation_error_message=_("A document with this symbol, language and type is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_document", args=[*self.meeting.address, self.pk])

    @property
    def lineage(self) -> int:
        """The key of the first version: what all versions of a file share."""
        return self.first_version_id or self.pk

    @property
    def is_current(self) -> bool:
        """Whether no newer version has taken its place."""
        return self.replaced_at is None

    @property
    def is_held_back(self) -> bool:
        """Whether its moment is still to come, so that only the secretariat and the chair read it."""
        return self.readable_from is not None and self.readable_from > timezone.now()

    @property
    def fingerprint(self) -> str:
        """Stands for what may be changed of it, so that a change made meanwhile is noticed."""
        moment = self.readable_from.isoformat() if self.readable_from else ""
        items = sorted(item.pk for item in self.items.all())
        facts = [self.title, self.language, self.visibility, moment, items, self.is_current]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    @property
    def format(self) -> str:
        """The format's name as the look prints it: ``PDF``, ``Word``."""
        return uploads.format_of(self.media_type)
