"""What an agenda item is about, beyond its papers: guidance, field-based reviews and workshops of the Association."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.agendas import AgendaItem
from members.models import FieldReview, Guidance, Workshop

#: The fields of which a link has exactly one.
TARGETS = ("guidance", "field_review", "workshop")


class ItemLink(models.Model):
    """That an agenda item is about a guidance, a field-based review or a workshop: one of the three.

    No part of the agenda's text: a link is in no sealed text and in no Rev.n, and comes and goes without one.
    """

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="links", verbose_name=_("agenda item"))
    guidance = models.ForeignKey(
        Guidance, models.PROTECT, null=True, blank=True, related_name="item_links", verbose_name=_("guidance")
    )
    field_review = models.ForeignKey(
        FieldReview,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="item_links",
        verbose_name=_("field-based review"),
    )
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="item_links", verbose_name=_("workshop")
    )
    linked_at = models.DateTimeField(_("linked"), default=timezone.now, editable=False)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("linked by")
    )

    objects = querysets.ItemLinkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("link of an agenda item"), _("links of agenda items")
        ordering = ["item", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(guidance__isnull=False, field_review=None, workshop=None)
                    | Q(guidance=None, field_review__isnull=False, workshop=None)
                    | Q(guidance=None, field_review=None, workshop__isnull=False)
                ),
                name="item_link_to_one",
            ),
            models.UniqueConstraint(fields=["item", "guidance"], name="item_link_guidance_once"),
            models.UniqueConstraint(fields=["item", "field_review"], name="item_link_field_review_once"),
            models.UniqueConstraint(fields=["item", "workshop"], name="item_link_workshop_once"),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> Guidance | FieldReview | Workshop:
        """What it leads to."""
        found = self.guidance or self.field_review or self.workshop
        assert found is not None, "a constraint of the table says that there is one"  # noqa: S101
        return found
