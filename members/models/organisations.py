"""Organisations, what they are called, and their support of the Montreux Document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from icoca_portal.lib.dated import DatedRow
from members import querysets


class Pillar(models.TextChoices):
    """The three pillars of the Association, in which members vote and which the Board is made of."""

    GOVERNMENT = "government", _("Government")
    INDUSTRY = "industry", _("Industry")
    CIVIL_SOCIETY = "civil society", _("Civil society")


class Organisation(models.Model):
    """A State, an international organisation, a company or a civil-society organisation."""

    class Kind(models.TextChoices):
        STATE = "state", _("State")
        INTERNATIONAL_ORGANISATION = "international organisation", _("International organisation")
        COMPANY = "company", _("Company")
        CIVIL_SOCIETY = "civil society", _("Civil-society organisation")
        CERTIFICATION_BODY = "certification body", _("Certification body")
        PARTNER = "partner", _("Other partner")

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True, help_text=_("Stands in the page’s address."))
    code = models.CharField(
        _("code"),
        max_length=8,
        null=True,
        blank=True,
        unique=True,
        help_text=_("ISO code of a State, short name of an organisation; stands in reference numbers."),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(verbose_name=_("earlier version of the organisation"), excluded_fields=["version"])
    objects = querysets.OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("organisation"), _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "state",
                        "international organisation",
                        "company",
                        "civil society",
                        "certification body",
                        "partner",
                    ]
                ),
                name="organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Participation(DatedRow):
    """That an organisation supports the Montreux Document, from a day on."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )

    objects = querysets.ParticipationQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("participation"), _("participations")
        ordering = ["valid_from", "organisation__name"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                condition=Q(superseded_at=None),
                name="participation_begins_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(superseded_at=None, valid_to=None),
                name="participation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s since %(day)s") % {"organisation": self.organisation, "day": self.valid_from}


class OtherName(models.Model):
    """Another name under which an organisation is looked for: a former one, a short one, one in another language."""

    class Kind(models.TextChoices):
        FORMER = "former", _("Former name")
        SHORT = "short", _("Short name")
        OTHER = "other", _("Other name")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="other_names", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without this name."))

    history = HistoricalRecords(verbose_name=_("earlier version of the name"))

    class Meta:
        verbose_name, verbose_name_plural = _("other name"), _("other names")
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="othername_once"),
            models.CheckConstraint(condition=Q(kind__in=["former", "short", "other"]), name="othername_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name
