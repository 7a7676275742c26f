"""Questionnaires as the secretariat designs them, and the editions that are frozen from that design."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from questionnaires import querysets
from questionnaires.editions import EditionContent
from questionnaires.models.plans import Objective, StrategicPlan


def default_reminder_days() -> list[int]:
    """Two weeks, one week and two days before the deadline."""
    return [14, 7, 2]


class Questionnaire(models.Model):
    """Questions put to delegations, until a deadline. Delegations see its latest edition, not the rows of the design.

    Two promises are made to delegations before they write, and kept by `querysets.SubmissionQuerySet.visible_to`:
    from when the Board reads what was submitted (`read_from`), and whether it reads who wrote it (`attribution`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        PUBLISHED = "published", _("Results published")

    class Audience(models.TextChoices):
        ALL = "all", _("All participants")
        CHOSEN = "chosen", _("Chosen delegations")

    class ReadFrom(models.TextChoices):
        SUBMISSION = "submission", _("As soon as a response is submitted")
        CLOSING = "closing", _("After the questionnaire has closed")

    class Attribution(models.TextChoices):
        NAMED = "named", _("With the name of the delegation")
        UNNAMED = "unnamed", _("Without the name of the delegation")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        help_text=_("Stands in the page’s address."),
        validators=[RegexValidator(r"^plans$", _("This address is taken by the plans."), inverse_match=True)],
    )
    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]+$", _("Capital letters and figures only."))],
        help_text=_("Begins the reference numbers, for example SP2018."),
    )
    plan = models.ForeignKey(
        StrategicPlan, models.PROTECT, null=True, blank=True, related_name="questionnaires", verbose_name=_("plan")
    )
    introduction = models.TextField(_("introduction"), blank=True, help_text=_("What this is, and why it is asked."))
    translations = models.JSONField(
        _("other languages"), default=dict, blank=True, help_text=_("By language: title and introduction.")
    )
    deadline = models.DateTimeField(_("deadline"), help_text=_("Answers are taken until this second."))
    deadline_moved_at = models.DateTimeField(_("deadline moved"), null=True, editable=False)
    audience = models.CharField(_("put to"), max_length=10, choices=Audience, default=Audience.ALL)
    read_from = models.CharField(
        _("the Board reads responses"), max_length=12, choices=ReadFrom, default=ReadFrom.SUBMISSION
    )
    attribution = models.CharField(
        _("the Board reads them"), max_length=10, choices=Attribution, default=Attribution.NAMED
    )
    threshold = models.PositiveSmallIntegerField(
        _("smallest number shown in results"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Published results show no figure that stands for fewer delegations than this."),
    )
    reminder_days = models.JSONField(
        _("reminders"),
        default=default_reminder_days,
        blank=True,
        help_text=_("So many days before the deadline the missing are reminded."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("opened by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("questionnaire"), _("questionnaires")
        ordering = ["-deadline"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "closed", "published"]), name="questionnaire_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False), name="questionnaire_open_since_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"]) | Q(closed_at__isnull=False),
                name="questionnaire_closed_since_a_moment",
            ),
            models.CheckConstraint(condition=Q(audience__in=["all", "chosen"]), name="questionnaire_audience_known"),
            models.CheckConstraint(
                condition=Q(read_from__in=["submission", "closing"]), name="questionnaire_read_from_known"
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=["named", "unnamed"]), name="questionnaire_attribution_known"
            ),
            models.CheckConstraint(condition=Q(threshold__gte=1), name="questionnaire_threshold_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("questionnaires:read_questionnaire", args=[self.slug])

    def takes_answers_at(self, moment: datetime) -> bool:
        """Whether answers may be written at `moment` (aware): open, and before the deadline to the second.

        A delegation with an extension has longer: ask its `Response`, which knows (`Response.takes_answers_at`).
        """
        return self.state == self.State.OPEN and moment < self.deadline

    @property
    def takes_answers(self) -> bool:
        return self.takes_answers_at(timezone.now())

    def in_language(self, field: str) -> str:
        """`title` or `introduction` in the active language, else as it was written first."""
        texts = self.translations.get((translation.get_language() or "")[:2], {})
        return texts.get(field) or getattr(self, field)

    @property
    def local_title(self) -> str:
        """The title in the active language, else as it was written first."""
        return self.in_language("title")

    @cached_property
    def edition(self) -> Edition | None:
        """The edition that delegations answer, or None while the questionnaire is a draft."""
        return self.editions.order_by("-number").first()


class Section(models.Model):
    """Questions that are answered on one page."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="sections", verbose_name=_("questionnaire")
    )
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    translations = models.JSONField(
        _("other languages"), default=dict, blank=True, help_text=_("By language: title and introduction.")
    )
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("objective")
    )
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.DesignQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("section"), _("sections")
        ordering = ["questionnaire", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"


class Question(models.Model):
    """One question. Which of the fields below count depends on its kind (see `questionnaires.kinds`).

    `choices`, `rows` and `columns` are lists of ``{"key", "label", "labels": {language: label}}``; a column has a
    ``"type"`` besides. The key is made once and stays when the label is worded anew, so that answers keep their sense.
    `condition` is what `questionnaires.conditions` reads. `translations` holds ``text``, ``help_text``, ``low_label``,
    ``high_label`` and ``unit`` by language.
    """

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("Short text")
        LONG_TEXT = "long_text", _("Long text")
        YES_NO = "yes_no", _("Yes or no")
        SINGLE = "single", _("One choice")
        MULTIPLE = "multiple", _("Several choices")
        SCALE = "scale", _("Scale from 1 to 5")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        RANKING = "ranking", _("Ranking")
        MATRIX = "matrix", _("Matrix")
        FILE = "file", _("Files")
        TABLE = "table", _("Table")
        EMAIL = "email", _("E-mail address")
        URL = "url", _("Web address")
        COUNTRY = "country", _("Country")
        CONFIRMATION = "confirmation", _("Confirmation")

    section = models.ForeignKey(Section, models.PROTECT, related_name="questions", verbose_name=_("section"))
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("question"), max_length=500)
    help_text = models.CharField(_("help"), max_length=500, blank=True, help_text=_("One line below the question."))
    translations = models.JSONField(_("other languages"), default=dict, blank=True)
    required = models.BooleanField(_("required"), default=False)
    objective = models.ForeignKey(
        Objective,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("objective"),
        help_text=_("Empty: the section’s."),
    )
    choices = models.JSONField(_("choices"), default=list, blank=True)
    rows = models.JSONField(_("rows"), default=list, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    has_other = models.BooleanField(_("with “other”"), default=False, help_text=_("Adds a last choice with a text."))
    min_choices = models.PositiveSmallIntegerField(_("choices at least"), null=True, blank=True)
    max_choices = models.PositiveSmallIntegerField(_("choices at most"), null=True, blank=True)
    max_rows = models.PositiveSmallIntegerField(_("rows at most"), null=True, blank=True)
    low_label = models.CharField(_("1 means"), max_length=60, blank=True)
    high_label = models.CharField(_("5 means"), max_length=60, blank=True)
    word_limit = models.PositiveIntegerField(_("words at most"), null=True, blank=True)
    minimum = models.DecimalField(_("smallest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("largest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("Stands behind the number, for example CHF.")
    )
    takes_files = models.BooleanField(
        _("with files"), default=False, help_text=_("Delegations may attach files to their answer.")
    )
    condition = models.JSONField(_("ask only if"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.DesignQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("question"), _("questions")
        ordering = ["section", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "short_text",
                        "long_text",
                        "yes_no",
                        "single",
                        "multiple",
                        "scale",
                        "number",
                        "date",
                        "ranking",
                        "matrix",
                        "file",
                        "table",
                        "email",
                        "url",
                        "country",
                        "confirmation",
                    ]
                ),
                name="question_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=models.F("minimum")),
                name="question_largest_not_below_smallest",
            ),
            models.CheckConstraint(
                condition=Q(min_choices=None) | Q(max_choices=None) | Q(max_choices__gte=models.F("min_choices")),
                name="question_most_choices_not_below_fewest",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Edition(models.Model):
    """The questions as they were frozen; delegations answer an edition. A change after opening makes the next one."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="editions", verbose_name=_("questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.TextField(_("content"), help_text=_("Canonical JSON; see questionnaires.editions."))
    sha256 = models.CharField(_("seal"), max_length=64)
    note = models.TextField(_("what changed, and why"), blank=True)
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("edition"), _("editions")
        ordering = ["questionnaire", "number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="edition_number_once_a_questionnaire")
        ]

    def __str__(self) -> str:
        return _("%(questionnaire)s, edition %(number)s") % {"questionnaire": self.questionnaire, "number": self.number}

    @property
    def questions(self) -> EditionContent:
        """The frozen sections and questions, in the active language where they are written in it."""
        return self.questions_in((translation.get_language() or settings.LANGUAGE_CODE)[:2])

    def questions_in(self, language: str) -> EditionContent:
        """The frozen sections and questions in one language, where they are written in it."""
        return _read(self.content, language)


@lru_cache(maxsize=64)
def _read(content: str, language: str) -> EditionContent:
    """A frozen text is parsed once a process and language: every page of a response needs it, and it never changes."""
    return EditionContent.read(content, language)
