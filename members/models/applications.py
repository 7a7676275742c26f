"""Applications for membership and for certification, and the states they went through."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.dated import DatedRow
from members import querysets
from members.models.organisations import Organisation, Pillar
from members.models.registry import Standard


class Application(models.Model):
    """That an organisation asked to become a member, or a member company to be certified to a standard."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "membership", pgettext_lazy("application", "Membership")
        CERTIFICATION = "certification", pgettext_lazy("application", "Certification")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    kind = models.CharField(_("asks for"), max_length=20, choices=Kind)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar, help_text=_("The pillar of the applicant."))
    standard = models.ForeignKey(
        Standard, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("standard")
    )

    objects = querysets.ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("application"), _("applications")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="membership", standard=None) | Q(kind="certification", standard__isnull=False),
                name="application_names_a_standard_for_certification",
            ),
            models.CheckConstraint(
                condition=Q(pillar__in=["government", "industry", "civil society"]), name="application_pillar_known"
            ),
        ]

    def __str__(self) -> str:
        if self.standard_id:
            return _("%(organisation)s, certification to %(standard)s") % {
                "organisation": self.organisation,
                "standard": self.standard,
            }
        return _("%(organisation)s, membership") % {"organisation": self.organisation}

    @property
    def asks_for(self) -> str:
        """``Certification: PSC.1``: what is asked for."""
        label = self.get_kind_display()
        return f"{label}: {self.standard}" if self.standard else label


class ApplicationStatus(DatedRow):
    """The state an application was in, from a day to another; the last state has no end."""

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("application", "Received")
        UNDER_REVIEW = "under review", pgettext_lazy("application", "Under review")
        APPROVED = "approved", pgettext_lazy("application", "Approved")
        REFUSED = "refused", pgettext_lazy("application", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")

    #: The states in which somebody still has to decide.
    UNDECIDED = (State.RECEIVED, State.UNDER_REVIEW)

    application = models.ForeignKey(Application, models.PROTECT, related_name="statuses", verbose_name=_("application"))
    state = models.CharField(_("state"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = querysets.ApplicationStatusQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("state of an application"), _("states of applications")
        ordering = ["application", "valid_from"]
        indexes = [
            models.Index("application", "valid_from", condition=Q(superseded_at=None), name="applicationstatus_force")
        ]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["application", "valid_from"],
                condition=Q(superseded_at=None),
                name="applicationstatus_begins_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(superseded_at=None, valid_to=None),
                name="applicationstatus_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "under review", "approved", "refused", "withdrawn"]),
                name="applicationstatus_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="applicationstatus_refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state in self.UNDECIDED
