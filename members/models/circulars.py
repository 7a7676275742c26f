"""Circulars: messages to delegations, with what was said, to whom, by which rule, and what became of each copy.

A circular is written (`DRAFT`), put to a colleague where two pairs of eyes are asked for (`SUBMITTED`), waits for its
hour or is on its way (`QUEUED`), and is `SENT` once no copy waits any more. When it is sent, its number, its recipients
and its text are fixed: from then on a correction is another circular, Corr.n of the same number.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing
from icoca_portal.lib.kept_files import KeptFile
from icoca_portal.outbox.models import Message
from members import querysets
from members.models.organisations import Organisation
from members.models.people import User


class CircularTemplate(models.Model):
    """Words to begin a circular with, in each language; `about` names the kind of thing that they are for."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    about = models.CharField(
        _("about"), max_length=40, blank=True, help_text=_("The kind of thing it is for; empty: for every circular.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("template of circulars"), _("templates of circulars")
        ordering = ["name"]
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A subject and a text in one language, with merge fields in braces: ``{name}``. Cleaned HTML (`lib.richtext`)."""

    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject


class TemplateText(Wording):
    """The words of a template in one language."""

    template = models.ForeignKey(CircularTemplate, models.CASCADE, related_name="texts")

    class Meta:
        verbose_name, verbose_name_plural = _("text of a template"), _("texts of templates")
        ordering = ["language"]
        default_permissions = ("add", "change", "view")
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="templatetext_once")]


class Circular(models.Model):
    """A message to delegations. What is fixed when it is sent stands in `record` and `recipients`.

    `audience` is the rule by which its recipients are found, as `members.circulars.audiences` reads it; `about_kind`
    and `about_id` name the thing that it is about (`members.things`). `send_at` (aware) is the hour from which it may
    be sent, None: at once. `held_why` says why it could not be sent when its hour came, or why a colleague returned it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for approval")
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Given up")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    correction = models.PositiveSmallIntegerField(_("correction"), default=0, editable=False)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    about_kind = models.CharField(_("kind of thing"), max_length=40, blank=True, editable=False)
    about_id = models.PositiveBigIntegerField(_("thing"), null=True, editable=False)
    audience = models.JSONField(_("audience"), default=dict, blank=True, editable=False)
    send_at = models.DateTimeField(_("not before"), null=True, blank=True)

    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, editable=False, related_name="+", verbose_name=_("begun by"))
    written_at = models.DateTimeField(_("last written"), null=True, editable=False)
    written_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("last written by")
    )
    submitted_at = models.DateTimeField(_("put to a colleague"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("put to a colleague by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    released_at = models.DateTimeField(_("put into the outbox"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    held_why = models.CharField(_("why it is held back"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.CircularQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("circular"), _("circulars")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("add", "change", "view")
        permissions = [
            ("approve_circular", _("Can approve a circular and send it")),
            ("export_circular", _("Can export the delivery log of a circular")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "queued", "sent", "cancelled"]),
                name="circular_state_known",
            ),
            models.UniqueConstraint(fields=["year", "number", "correction"], name="circular_number_once"),
            models.CheckConstraint(
                condition=Q(released_at=None, year=None, number=None)
                | Q(released_at__isnull=False, year__isnull=False, number__isnull=False, state__in=["queued", "sent"]),
                name="circular_numbered_when_released",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False, released_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="circular_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="circular_approved_by_somebody",
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(corrects=F("id")), name="circular_corrects_another"),
        ]

    def __str__(self) -> str:
        return self.symbol or gettext("Circular without a number")

    def get_absolute_url(self) -> str:
        """Its page on the portal, for those addressed. A draft has none."""
        return reverse("members:read_circular", args=[self.reference]) if self.reference else ""

    @property
    def symbol(self) -> str:
        """``Circular 3/2026``, ``Circular 3/2026/Corr.1``; empty before it is sent."""
        if self.number is None:
            return ""
        symbol = gettext("Circular %(number)d/%(year)d") % {"number": self.number, "year": self.year}
        return f"{symbol}/Corr.{self.correction}" if self.correction else symbol

    @property
    def reference(self) -> str:
        """The part of its address: ``2026-3``, ``2026-3-corr1``; empty before it is sent."""
        if self.number is None:
            return ""
        return f"{self.year}-{self.number}" + (f"-corr{self.correction}" if self.correction else "")

    @property
    def is_editable(self) -> bool:
        """Whether its words, files and audience may still be changed."""
        return self.state == self.State.DRAFT

    def text_in(self, language: str) -> CircularText | None:
        """The text in this language, else in the first language of the portal that there is; None without any."""
        texts = {row.language: row for row in self.texts.all()}
        for code in (language, *(code for code, _name in settings.LANGUAGES)):
            if code in texts:
                return texts[code]
        return None


class CircularText(Wording):
    """What a circular says in one language."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="texts")

    class Meta:
        verbose_name, verbose_name_plural = _("text of a circular"), _("texts of circulars")
        ordering = ["language"]
        default_permissions = ("add", "change", "view")
        constraints = [models.UniqueConstraint(fields=["circular", "language"], name="circulartext_once")]


class CircularFile(KeptFile):
    """A file of a circular: sent with the mail (`attached`), or only as a link that works for those addressed."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="files")
    title = models.CharField(_("title"), max_length=200, blank=True)
    attached = models.BooleanField(
        _("sent with the mail"), default=False, help_text=_("Else the mail holds a link, for those addressed alone.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("file of a circular"), _("files of circulars")
        ordering = ["pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return self.title or self.original_name

    def get_absolute_url(self) -> str:
        return reverse("members:read_circular_file", args=[self.circular.reference, self.pk])


class CircularRecord(models.Model):
    """What was sent, sealed: texts, files by their hash, the audience in words, the number of recipients."""

    circular = models.OneToOneField(Circular, models.PROTECT, related_name="record")
    content = models.TextField(_("content"), help_text=_("Canonical JSON."))
    sha256 = models.CharField("SHA-256", max_length=64)
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    sealed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("sealed by"),
        help_text=_("Who sent it, or approved that it is sent at its hour."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("record of a circular"), _("records of circulars")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.circular)

    @property
    def holds(self) -> bool:
        """Whether the content still has the seal that was given for it."""
        return sealing.matches(self.content, self.sha256)


class CircularRecipient(models.Model):
    """Somebody to whom a circular went: who, for whom, as the rule found them at that hour, and in which language.

    `opened_at` is when they first opened it on the portal. Their address of today is that of their latest copy.
    """

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="recipients")
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="circulars", verbose_name=_("person"),
        help_text=_("Empty where the address is no account's."),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("address"))
    role = models.CharField(_("as"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    opened_at = models.DateTimeField(_("opened on the portal"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("recipient"), _("recipients")
        ordering = ["organisation__name", "name", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint("circular", Lower("email"), name="circularrecipient_address_once"),
            models.UniqueConstraint(
                fields=["circular", "user"], condition=Q(user__isnull=False), name="circularrecipient_person_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "circular"], name="circularrecipient_of_person")]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class CircularCopy(models.Model):
    """A copy of a circular that was queued for a recipient: the first, and each that was sent again."""

    recipient = models.ForeignKey(CircularRecipient, models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField(_("copy"), default=1)
    message = models.OneToOneField(Message, models.PROTECT, related_name="circular_copy", verbose_name=_("message"))
    queued_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("sent again by"),
        help_text=_("Empty for the first copy."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("copy of a circular"), _("copies of circulars")
        ordering = ["recipient", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["recipient", "number"], name="circularcopy_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="circularcopy_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.number}"
