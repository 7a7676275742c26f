"""Organisations, what they are called, and their support of the Montreux Document."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from icoca_portal.lib.dated import DatedRow
from icoca_portal.lib.days import today
from icoca_portal.lib.folding import folded_copy
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
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text=_("It was entered twice; what is known of it stands with the other entry."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    folded = folded_copy("name")

    history = HistoricalRecords(
        verbose_name=_("earlier version of the organisation"), excluded_fields=["version", "folded"]
    )
    objects = querysets.OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("organisation"), _("organisations")
        ordering = ["name"]
        indexes = [models.Index("folded", name="organisation_by_name")]
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
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="organisation_merged_into_another"
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
    folded = folded_copy("name")

    history = HistoricalRecords(verbose_name=_("earlier version of the name"), excluded_fields=["folded"])

    class Meta:
        verbose_name, verbose_name_plural = _("other name"), _("other names")
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="othername_once"),
            models.CheckConstraint(condition=Q(kind__in=["former", "short", "other"]), name="othername_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(DatedRow):
    """That an organisation came out of another, from the day `valid_from` on. It has no end."""

    class Kind(models.TextChoices):
        MERGER = "merger", _("Merger")
        TAKEOVER = "takeover", _("Takeover")
        DIVISION = "division", _("Division")
        SUCCESSION = "succession", _("Succession")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="predecessors", verbose_name=_("successor")
    )
    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="successors", verbose_name=_("predecessor")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SUCCESSION)

    objects = querysets.SuccessionQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("succession"), _("successions")
        ordering = ["valid_from", "pk"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "predecessor"], condition=Q(superseded_at=None), name="succession_once"
            ),
            models.CheckConstraint(condition=~Q(organisation=F("predecessor")), name="succession_of_somebody_else"),
            models.CheckConstraint(condition=Q(valid_to=None), name="succession_without_end"),
            models.CheckConstraint(
                condition=Q(kind__in=["merger", "takeover", "division", "succession"]), name="succession_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s, successor of %(predecessor)s") % {
            "organisation": self.organisation,
            "predecessor": self.predecessor,
        }


class Contact(models.Model):
    """Whom the secretariat writes to at an organisation, from a day to another, and on what consent.

    Read by the secretariat alone. It is personal data: no earlier version is kept, and when the consent is withdrawn,
    or some time after the end, name and addresses are erased; the row stays with its days.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contacts", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    function = models.CharField(_("function"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("preferred language"), max_length=8, choices=settings.LANGUAGES, default="en")
    valid_from = models.DateField(_("since"), default=today)
    valid_to = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without this contact."))
    consent_on = models.DateField(
        _("consent given"), null=True, blank=True, help_text=_("Empty: not asked for, or not given yet.")
    )
    consent_source = models.CharField(
        _("how it was given"), max_length=300, blank=True, help_text=_("A letter, a form, a message, with its date.")
    )
    consent_withdrawn_on = models.DateField(_("consent withdrawn"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.ContactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        ordering = ["organisation", "-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="contact_ends_not_before_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None, consent_withdrawn_on=None)
                | Q(name="", function="", email="", telephone="", erased_at__isnull=False),
                name="contact_erased_wholly",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(name=""), name="contact_has_a_name_until_erased"
            ),
            models.CheckConstraint(
                condition=Q(consent_on=None) | ~Q(consent_source=""), name="contact_consent_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Contact erased"))
