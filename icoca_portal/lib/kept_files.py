"""A file that was handed in: stored under a random name, with what is known of its content."""

from __future__ import annotations

from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.uploads import check_upload, format_of


def storage_name(instance: models.Model, filename: str) -> str:
    """A random name without an ending: neither who uploads nor who reads the disk can tell what a server might run."""
    return f"{instance._meta.model_name}/{uuid4().hex}"


class KeptFile(models.Model):
    """A file with its name, size, type and hash. What it belongs to is in the fields that a subclass adds."""

    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=255, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("type"), max_length=120, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("uploaded by"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    @property
    def format(self) -> str:
        """The format's name as the look prints it: ``PDF``, ``Word``."""
        return format_of(self.media_type)

    @classmethod
    def keep(cls, upload: UploadedFile, **fields: Any) -> Self:
        """Store an upload that was looked into together with its row: both or neither. Raises UploadRefused."""
        row = cls(**cls.values_of(upload), **fields)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except Exception:
            row.file.delete(save=False)
            raise
        return row

    @staticmethod
    def values_of(upload: UploadedFile) -> dict[str, Any]:
        """The columns of an upload that was looked into. Raises UploadRefused."""
        checked = check_upload(upload)
        return {
            "file": upload,
            "original_name": checked.name,
            "size": checked.size,
            "media_type": checked.media_type,
            "sha256": checked.sha256,
        }
