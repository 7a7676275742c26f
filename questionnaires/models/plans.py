"""The Association's strategic plan: its objectives, its milestones, and its text when there is one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questionnaires import querysets


class StrategicPlan(models.Model):
    """A plan of the Association, on which the participants are asked."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    summary = models.TextField(_("what it is"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.StrategicPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("strategic plan"), _("strategic plans")
        ordering = ["-slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("questionnaires:read_plan", args=[self.slug])


class Objective(models.Model):
    """One numbered objective of a plan."""

    plan = models.ForeignKey(StrategicPlan, models.PROTECT, related_name="objectives", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it means"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("objective"), _("objectives")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="objective_number_once_a_plan")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Milestone(models.Model):
    """A step on the way to the plan, with its day or, while that is not known, a note in words."""

    plan = models.ForeignKey(StrategicPlan, models.PROTECT, related_name="milestones", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    title = models.CharField(_("what"), max_length=200)
    date = models.DateField(_("day"), null=True, blank=True)
    date_note = models.CharField(
        _("day in words"), max_length=120, blank=True, help_text=_("Where the day is not known: “in May 2018”.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_done = models.BooleanField(_("done"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date__isnull=False) | ~Q(date_note=""), name="milestone_has_a_day_or_says_when"
            )
        ]

    def __str__(self) -> str:
        return self.title


def plan_document_path(document: PlanDocument, filename: str) -> str:
    """A random name without extension, so that nothing can be guessed or executed."""
    return f"plans/{uuid.uuid4().hex}"


class PlanDocument(models.Model):
    """The text of a plan, or a version of it. Earlier ones stay; the newest is the plan."""

    plan = models.ForeignKey(StrategicPlan, models.PROTECT, related_name="documents", verbose_name=_("plan"))
    title = models.CharField(_("title"), max_length=200)
    is_final = models.BooleanField(_("final"), default=False)
    file = models.FileField(_("file"), upload_to=plan_document_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("document of the plan"), _("documents of the plan")
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title
