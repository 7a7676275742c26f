"""Dated registry rows: facts that statistics count are added, ended or superseded, never rewritten.

`valid_from` and `valid_to` are days in Geneva, `valid_to` is exclusive and null while the fact still holds.
`recorded_at` and `superseded_at` say when the portal knew, so that a figure can be asked *as known then*.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def holding(day: date, *, known: datetime | None = None, prefix: str = "") -> Q:
    """That a row, found by the path `prefix`, holds on `day` (Geneva), as known now or by the moment `known`."""
    if known is None:
        knowledge = Q((f"{prefix}superseded_at", None))
    else:
        later = Q((f"{prefix}superseded_at", None)) | Q((f"{prefix}superseded_at__gt", known))
        knowledge = Q((f"{prefix}recorded_at__lte", known)) & later
    not_ended = Q((f"{prefix}valid_to", None)) | Q((f"{prefix}valid_to__gt", day))
    return knowledge & not_ended & Q((f"{prefix}valid_from__lte", day))


def in_force(*fields: str, name: str) -> models.Index:
    """An index of the rows that are known today, from which alone those of a day can be read.

    `superseded_at` stands in it too: without, SQLite would look into the table for what the condition says already.
    """
    return models.Index(*fields, "superseded_at", condition=Q(superseded_at=None), name=name)


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold on a day, as known today or as known at an earlier moment."""

    def as_of(self, day: date, *, known: datetime | None = None) -> Self:
        """Rows valid on `day` (Geneva). `known`: only what was recorded by that moment; default: what is known now."""
        return self.filter(holding(day, known=known))

    def overlapping(self, valid_from: date, valid_to: date | None) -> Self:
        """Rows in force that share at least one day with the half-open interval given."""
        rows = self.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from), superseded_at=None)
        return rows if valid_to is None else rows.filter(valid_from__lt=valid_to)


class DatedRow(models.Model):
    """An append-only row. Its meaning is in the fields that a subclass adds."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The first day on which it no longer holds; empty: still.")
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    superseded_at = models.DateTimeField(_("superseded"), null=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="supersedes", verbose_name=_("superseded by")
    )
    struck_because = models.CharField(_("struck out because"), max_length=300, blank=True, editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("struck out by"),
    )
    source = models.CharField(_("source"), max_length=300, help_text=_("Where this is known from."))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="%(class)s_ends_after_it_begins"
            ),
            # What was recorded by mistake is out of force with nothing in its place, and says why.
            models.CheckConstraint(
                condition=Q(struck_because="") | Q(superseded_at__isnull=False, superseded_by=None),
                name="%(class)s_struck_out_once",
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force and covers `day` (Geneva)."""
        ended = self.valid_to is not None and self.valid_to <= day
        return self.superseded_at is None and self.valid_from <= day and not ended
