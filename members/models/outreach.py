"""Monitoring and outreach: guidance, field-based reviews, workshops, and the members' self-assessments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from icoca_portal.lib.days import period_in_words, today
from icoca_portal.lib.kept_files import KeptFile
from members import querysets
from members.models.organisations import Organisation
from members.models.people import User

#: For so long after the receipt a member may still put a newer file in the place of the one that it sent.
REPLACED_WITHIN = timedelta(days=7)


class Guidance(models.Model):
    """A text by which the Association guides its members; its editions follow each other."""

    title = models.CharField(_("title"), max_length=200, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    about = models.TextField(_("what it is about"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("guidance"), _("guidance")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:read_guidance", args=[self.slug])


class GuidanceVersion(models.Model):
    """A version of a guidance, public from the moment at which it was issued."""

    guidance = models.ForeignKey(Guidance, models.PROTECT, related_name="versions", verbose_name=_("guidance"))
    label = models.CharField(_("version"), max_length=40, help_text=_("For example 1, or 2018."))
    dated = models.DateField(_("date"), help_text=_("The date that the document bears."))
    day_known = models.BooleanField(_("the day is known"), default=True, help_text=_("Else the month alone is shown."))
    change_note = models.CharField(_("what changed"), max_length=500, blank=True)
    issued_at = models.DateTimeField(_("issued"), null=True, editable=False)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("issued by")
    )

    objects = querysets.GuidanceVersionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("version of a guidance"), _("versions of a guidance")
        ordering = ["guidance", "-dated", "-pk"]
        constraints = [models.UniqueConstraint(fields=["guidance", "label"], name="guidanceversion_once")]

    def __str__(self) -> str:
        return _("%(guidance)s, version %(label)s") % {"guidance": self.guidance, "label": self.label}

    @property
    def when(self) -> str:
        """The date that it bears, in words."""
        return period_in_words(self.dated, day_known=self.day_known)


class GuidanceFile(KeptFile):
    """A version in one language and form: the manual, the interpretative guidance."""

    version = models.ForeignKey(GuidanceVersion, models.PROTECT, related_name="files", verbose_name=_("version"))
    form = models.CharField(_("what it is"), max_length=100, help_text=_("For example Manual."))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")

    objects = querysets.GuidanceFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("file of a guidance"), _("files of a guidance")
        ordering = ["form", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "form", "language", "media_type"], name="guidancefile_once_a_language"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("members:read_guidance_file", args=[self.version.guidance.slug, self.pk])


class Activity(models.Model):
    """Something that the Association does at a place, on days that may be known by their month alone."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("activity", "Planned")
        HELD = "held", pgettext_lazy("activity", "Held")
        CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")

    country = CountryField(_("country"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    begins_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    day_known = models.BooleanField(
        _("the days are known"), default=True, help_text=_("Else the month alone is shown.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    public_note = models.TextField(_("public note"), max_length=4000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("published by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.ActivityQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-begins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="%(class)s_ends_not_before_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "cancelled"]), name="%(class)s_state_known"
            ),
        ]

    @property
    def when(self) -> str:
        """Its days in words, or its month."""
        return period_in_words(self.begins_on, self.ends_on, day_known=self.day_known)

    @property
    def where(self) -> str:
        """``Goma, Congo``: the place, if it is known, and the country."""
        country: Any = self.country
        return ", ".join(part for part in (self.place, str(country.name)) if part)

    @property
    def tag(self) -> str:
        """The class of the glyph of its state."""
        return {"held": "is-done", "cancelled": "is-wrong"}.get(self.state, "")


class FieldReview(Activity):
    """A field-based review: where the Association looks at how its members work, and whom it meets there."""

    class Party(models.TextChoices):
        """Whom a review meets."""

        COMPANIES = "companies", _("Companies")
        AUTHORITIES = "authorities", _("Authorities")
        CLIENTS = "clients", _("Clients")
        CIVIL_SOCIETY = "civil society", _("Civil society")
        SECURITY_ASSOCIATIONS = "security associations", _("Security associations")

    topics = models.TextField(_("topics"), max_length=2000, blank=True, help_text=_("One a line."))
    meets = models.JSONField(_("whom it meets"), default=list, blank=True)
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="field_reviews", verbose_name=_("members visited")
    )
    findings = models.TextField(_("findings"), blank=True, help_text=_("Read by the secretariat only."))

    class Meta(Activity.Meta):
        abstract = False
        verbose_name, verbose_name_plural = _("field-based review"), _("field-based reviews")

    def __str__(self) -> str:
        country: Any = self.country
        return gettext("Field-based review, %(country)s") % {"country": country.name}

    def get_absolute_url(self) -> str:
        return reverse("members:read_field_review", args=[self.pk])

    @property
    def topic_list(self) -> list[str]:
        """The topics, one after the other."""
        return [line.strip() for line in self.topics.splitlines() if line.strip()]

    @property
    def parties(self) -> list[str]:
        """Whom it meets, in words, in the order of `Party`."""
        return [str(party.label) for party in self.Party if party.value in self.meets]


class Workshop(Activity):
    """A workshop: with which partners, and who took part."""

    title = models.CharField(_("title"), max_length=200)
    led_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workshops_led",
        verbose_name=_("led by"),
    )
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="workshops_supported", verbose_name=_("partners")
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="workshops", verbose_name=_("organisations taking part")
    )
    taking_part = models.PositiveSmallIntegerField(
        _("number of organisations"), null=True, blank=True, help_text=_("All of them, also those not listed.")
    )

    class Meta(Activity.Meta):
        abstract = False
        verbose_name, verbose_name_plural = _("workshop"), _("workshops")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:read_workshop", args=[self.pk])


class SelfAssessment(models.Model):
    """A member's account of itself for a year: due on a day, received on another."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="self_assessments", verbose_name=_("member")
    )
    year = models.PositiveSmallIntegerField(_("for the year"))
    due_on = models.DateField(_("due"), help_text=_("The last day."))
    requested_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    requested_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("requested by")
    )
    received_on = models.DateField(_("received"), null=True, blank=True)
    waived_because = models.CharField(_("not needed because"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("self-assessment"), _("self-assessments")
        ordering = ["-year", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="selfassessment_once_a_year"),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(waived_because=""), name="selfassessment_received_or_waived"
            ),
        ]

    def __str__(self) -> str:
        return _("%(organisation)s, self-assessment %(year)d") % {"organisation": self.organisation, "year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("members:read_assessment", args=[self.pk])

    @property
    def state(self) -> str:
        """``outstanding``, ``received`` or ``waived``."""
        if self.received_on:
            return "received"
        return "waived" if self.waived_because else "outstanding"

    @property
    def is_outstanding(self) -> bool:
        """Whether it is still waited for."""
        return self.state == "outstanding"

    @property
    def is_overdue(self) -> bool:
        """Whether its last day has passed without it."""
        return self.is_outstanding and self.due_on < today()

    @property
    def standing(self) -> tuple[str, str]:
        """Where it stands: the class of the glyph, and the words."""
        if self.received_on:
            return "is-done", gettext("Received on %(day)s") % {"day": date_format(self.received_on)}
        if self.waived_because:
            return "", pgettext("self-assessment", "Not needed")
        day = date_format(self.due_on)
        if self.is_overdue:
            return "is-due", gettext("Overdue since %(day)s") % {"day": day}
        return "", pgettext("self-assessment", "Due by %(day)s") % {"day": day}

    @property
    def takes_files_until(self) -> date | None:
        """The last day on which the member may still send a file; None while it is waited for, however late.

        A newer file takes the place of one that was sent until the due day, and for a week after the receipt.
        """
        return max(self.due_on, self.received_on + REPLACED_WITHIN) if self.received_on else None

    def takes_files_on(self, day: date) -> bool:
        """Whether the member may send a file on the day (Geneva)."""
        if self.waived_because:
            return False
        last = self.takes_files_until
        return last is None or day <= last


class SelfAssessmentFile(KeptFile):
    """What a member sent as its self-assessment. It stays; a later one stands before it."""

    assessment = models.ForeignKey(
        SelfAssessment, models.PROTECT, related_name="files", verbose_name=_("self-assessment")
    )

    objects = querysets.SelfAssessmentFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("file of a self-assessment"), _("files of a self-assessment")
        ordering = ["-uploaded_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("members:read_assessment_file", args=[self.assessment_id, self.pk])
