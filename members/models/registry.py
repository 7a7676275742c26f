"""The Association's registry: who is a member, what a company is, what it is certified for, since when.

Every row is dated and append-only (`DatedRow`): statistics of any day, as known today or then, read nothing else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from icoca_portal.lib.dated import DatedRow, in_force
from members import querysets
from members.models.organisations import Organisation, Pillar


class Membership(DatedRow):
    """That an organisation belongs to the Association, in one pillar and one category, from a day on."""

    class Category(models.TextChoices):
        MEMBER = "member", _("Member")
        AFFILIATE = "affiliate", _("Affiliate")
        OBSERVER = "observer", _("Observer")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar)
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.MEMBER)

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        ordering = ["valid_from", "organisation__name"]
        indexes = [in_force("organisation", "valid_from", "valid_to", "pillar", "category", name="membership_force")]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                condition=Q(superseded_at=None),
                name="membership_begins_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(superseded_at=None, valid_to=None), name="membership_open_once"
            ),
            models.CheckConstraint(
                condition=Q(pillar__in=["government", "industry", "civil society"]), name="membership_pillar_known"
            ),
            models.CheckConstraint(
                condition=Q(category__in=["member", "affiliate", "observer"]), name="membership_category_known"
            ),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s, %(category)s (%(pillar)s)") % {
            "organisation": self.organisation,
            "category": self.get_category_display(),
            "pillar": self.get_pillar_display(),
        }


class Size(models.TextChoices):
    """How large a company's revenue is. The edges in money are dated (`RevenueBand`)."""

    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


class RevenueBand(DatedRow):
    """From which to which yearly revenue a company counts to a size, in millions of US dollars."""

    size = models.CharField(_("size"), max_length=10, choices=Size)
    lower = models.PositiveIntegerField(_("from, million USD"), help_text=_("Included."))
    upper = models.PositiveIntegerField(
        _("to, million USD"), null=True, blank=True, help_text=_("Not included; empty: without limit.")
    )

    objects = querysets.RevenueBandQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("revenue band"), _("revenue bands")
        ordering = ["valid_from", "lower"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["size"], condition=Q(superseded_at=None, valid_to=None), name="revenueband_open_once"
            ),
            models.CheckConstraint(condition=Q(size__in=["small", "medium", "large"]), name="revenueband_size_known"),
            models.CheckConstraint(
                condition=Q(upper=None) | Q(upper__gt=F("lower")), name="revenueband_edges_in_order"
            ),
        ]

    def __str__(self) -> str:
        edges = {"lower": self.lower, "upper": self.upper}
        if self.upper is None:
            return _("%(lower)d million USD and more") % edges
        return _("%(lower)d–%(upper)d million USD") % edges


class CompanyProfile(DatedRow):
    """What a company is and does: where its headquarters are, how large it is, where and in which environment it works.

    The revenue is the secretariat's to read; the rest is public for members.
    """

    class Environment(models.TextChoices):
        LAND = "land", pgettext_lazy("where a company works", "On land")
        SEA = "sea", pgettext_lazy("where a company works", "At sea")
        BOTH = "both", pgettext_lazy("where a company works", "On land and at sea")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="profiles", verbose_name=_("company"))
    headquarters = CountryField(_("headquarters"))
    environment = models.CharField(_("works"), max_length=10, choices=Environment)
    size = models.CharField(
        _("size by revenue"), max_length=10, choices=Size, blank=True, help_text=_("Read by the secretariat only.")
    )
    works_in = CountryField(_("countries of operation"), multiple=True, blank=True, max_length=800)

    objects = querysets.CompanyProfileQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("company profile"), _("company profiles")
        ordering = ["valid_from", "organisation__name"]
        indexes = [
            in_force(
                "organisation", "valid_from", "valid_to", "environment", "size", "headquarters", name="profile_force"
            )
        ]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "valid_from"], condition=Q(superseded_at=None), name="profile_begins_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(superseded_at=None, valid_to=None), name="profile_open_once"
            ),
            models.CheckConstraint(condition=Q(environment__in=["land", "sea", "both"]), name="profile_works_known"),
            models.CheckConstraint(condition=Q(size__in=["", "small", "medium", "large"]), name="profile_size_known"),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s, profile") % {"organisation": self.organisation}


class Standard(models.Model):
    """A standard that companies are certified to."""

    code = models.CharField(_("standard"), max_length=30, unique=True, help_text=_("For example PSC.1."))
    title = models.CharField(_("title"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("standard"), _("standards")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Certificate(DatedRow):
    """A period in the life of a company's certificate: it was valid, suspended or withdrawn from a day to another.

    `valid_to` is the day on which the period ends: with the last one, the day on which the certificate expires. The
    periods of a certificate share company and standard.
    """

    class State(models.TextChoices):
        VALID = "valid", pgettext_lazy("certificate", "Valid")
        SUSPENDED = "suspended", pgettext_lazy("certificate", "Suspended")
        WITHDRAWN = "withdrawn", pgettext_lazy("certificate", "Withdrawn")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="certificates", verbose_name=_("company")
    )
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="certificates", verbose_name=_("standard"))
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="certificates_given", verbose_name=_("certification body")
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    scope = models.CharField(_("scope"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VALID)
    issued_on = models.DateField(_("issued"))
    expires_on = models.DateField(
        _("expires"), help_text=_("The first day on which the certificate no longer counts."), null=True, blank=True
    )

    objects = querysets.CertificateQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("certificate"), _("certificates")
        ordering = ["valid_from", "organisation__name"]
        indexes = [
            in_force("organisation", "valid_from", "valid_to", "state", name="certificate_force"),
            in_force("standard", "organisation", "valid_from", "valid_to", "state", name="certificate_of_standard"),
        ]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "standard", "valid_from"],
                condition=Q(superseded_at=None),
                name="certificate_begins_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["valid", "suspended", "withdrawn"]), name="certificate_state_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("issued_on")), name="certificate_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__gte=F("issued_on")), name="certificate_holds_from_its_issue_on"
            ),
            models.CheckConstraint(condition=~Q(organisation=F("body")), name="certificate_given_by_somebody_else"),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s, %(standard)s, %(state)s") % {
            "organisation": self.organisation,
            "standard": self.standard,
            "state": self.get_state_display(),
        }
