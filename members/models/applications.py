"""Applications for membership and certification: their states and checklists, and how long each step may take."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.dated import DatedRow, in_force
from icoca_portal.lib.days import months_later
from icoca_portal.lib.kept_files import KeptFile
from members import querysets
from members.models.organisations import Organisation, Pillar
from members.models.people import User
from members.models.registry import Standard


class Asks(models.TextChoices):
    """What an application asks for."""

    MEMBERSHIP = "membership", pgettext_lazy("application", "Membership")
    CERTIFICATION = "certification", pgettext_lazy("application", "Certification")


class Requirement(DatedRow):
    """What applicants of a pillar have to supply, from a day to another: a line of the checklist.

    An application carries the lines that held on the day on which it was received.
    """

    asks = models.CharField(_("applications for"), max_length=20, choices=Asks)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("what is supplied"), max_length=200)
    explanation = models.CharField(
        _("explanation"), max_length=1000, blank=True, help_text=_("The applicant reads it.")
    )
    needs_file = models.BooleanField(_("with a file"), default=True)

    objects = querysets.RequirementQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("line of a checklist"), _("checklists")
        ordering = ["asks", "pillar", "position", "pk"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["asks", "pillar", "title"],
                condition=Q(superseded_at=None, valid_to=None),
                name="requirement_open_once",
            ),
            models.CheckConstraint(
                condition=Q(asks__in=["membership", "certification"]), name="requirement_asks_known"
            ),
            models.CheckConstraint(
                condition=Q(pillar__in=["government", "industry", "civil society"]), name="requirement_pillar_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DeadlineRule(DatedRow):
    """How long somebody has for a step, from a day to another. What began while a rule held keeps that rule."""

    class Step(models.TextChoices):
        SUPPLY = "supply", _("The applicant supplies what is missing")
        CHECK = "check", _("The secretariat checks what was supplied")
        DECIDE = "decide", _("The Board decides")
        CERTIFY = "certify", _("A new member company is certified")
        ASSESS = "assess", _("A self-assessment is sent")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        MONTHS = "months", _("months")

    step = models.CharField(_("step"), max_length=10, choices=Step)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar, blank=True, help_text=_("Empty: all."))
    length = models.PositiveSmallIntegerField(_("length"))
    unit = models.CharField(_("unit"), max_length=6, choices=Unit, default=Unit.DAYS)

    objects = querysets.DeadlineRuleQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("rule of a deadline"), _("rules of deadlines")
        ordering = ["step", "pillar", "valid_from"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["step", "pillar"],
                condition=Q(superseded_at=None, valid_to=None),
                name="deadlinerule_open_once",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["supply", "check", "decide", "certify", "assess"]), name="deadlinerule_step_known"
            ),
            models.CheckConstraint(
                condition=Q(pillar__in=["", "government", "industry", "civil society"]),
                name="deadlinerule_pillar_known",
            ),
            models.CheckConstraint(condition=Q(unit__in=["days", "months"]), name="deadlinerule_unit_known"),
            models.CheckConstraint(condition=Q(length__gte=1), name="deadlinerule_takes_time"),
        ]

    def last_day(self, begins: date) -> date:
        """The last day of a step that began on a day: so many days later, or the same day so many months later."""
        if self.unit == self.Unit.MONTHS:
            return months_later(begins, self.length)
        return begins + timedelta(days=self.length)

    def __str__(self) -> str:
        return _("%(step)s within %(length)d %(unit)s") % {
            "step": self.get_step_display(),
            "length": self.length,
            "unit": self.get_unit_display(),
        }


class Application(models.Model):
    """That an organisation asked to become a member, or a member company to be certified to a standard."""

    Kind = Asks

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
            models.Index("application", "valid_from", condition=Q(superseded_at=None), name="applicationstatus_force"),
            in_force("state", "valid_from", "valid_to", "application", name="applicationstatus_in_state"),
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


class Check(models.Model):
    """A line of an application's checklist: what its applicant has to supply, and whether it was accepted."""

    class State(models.TextChoices):
        MISSING = "missing", pgettext_lazy("line of a checklist", "Missing")
        SUPPLIED = "supplied", pgettext_lazy("line of a checklist", "Supplied")
        RETURNED = "returned", pgettext_lazy("line of a checklist", "Returned")
        ACCEPTED = "accepted", pgettext_lazy("line of a checklist", "Accepted")
        WAIVED = "waived", pgettext_lazy("line of a checklist", "Not needed")

    #: The states in which the applicant has something to do.
    WITH_APPLICANT = (State.MISSING, State.RETURNED)
    #: The states in which nobody has anything to do.
    SETTLED = (State.ACCEPTED, State.WAIVED)

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks", verbose_name=_("application"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="checks", verbose_name=_("line"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MISSING)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.CheckQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("line of the application’s checklist"), _("checklist of the application")
        ordering = ["application", "requirement__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "requirement"], name="check_once"),
            models.CheckConstraint(
                condition=Q(state__in=["missing", "supplied", "returned", "accepted", "waived"]),
                name="check_state_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.requirement)


class CheckStep(models.Model):
    """What happened to a line of a checklist: who moved it to which state, when and with what words."""

    check_line = models.ForeignKey(Check, models.PROTECT, related_name="steps", verbose_name=_("line"))
    state = models.CharField(_("state"), max_length=10, choices=Check.State)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name, verbose_name_plural = _("step of a line"), _("steps of a line")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "waived"]) | ~Q(note=""), name="checkstep_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_line}: {self.get_state_display()}"


class Evidence(KeptFile):
    """A file that was supplied for a line of a checklist. It stays; a later one stands before it."""

    check_line = models.ForeignKey(Check, models.PROTECT, related_name="evidence", verbose_name=_("line"))

    objects = querysets.EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("evidence"), _("evidence")
        ordering = ["-uploaded_at", "-pk"]
