"""Summaries of the past, as they were brought in."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.groups import WorkingGroup
from meetings.models.meetings import Meeting


def import_name(row: PastSummary, filename: str) -> str:
    """A random name without an ending."""
    return f"imports/{uuid4().hex}"


class PastSummary(models.Model):
    """A text that was uploaded to become the record of an earlier meeting: what was understood of it (`understood`, as
    `meetings.importing` made it and the secretariat corrected it), until it is saved or given up."""

    working_group = models.ForeignKey(
        WorkingGroup, models.PROTECT, related_name="past_summaries", verbose_name=_("working group")
    )
    file = models.FileField(_("file"), upload_to=import_name, max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=255)
    media_type = models.CharField(_("type"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    understood = models.JSONField(_("understood"), default=dict)
    version = models.PositiveIntegerField(default=1)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    saved_at = models.DateTimeField(_("saved"), null=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="brought_in", verbose_name=_("saved as meeting")
    )
    discarded_at = models.DateTimeField(_("given up"), null=True)

    objects = querysets.PastSummaryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("summary of the past"), _("summaries of the past")
        ordering = ["-uploaded_at"]
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return self.original_name
