"""The strategic plan, questionnaires on it, what delegations answer, and what the Board remarks."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing
from members.models import Delegation
from questionnaires import querysets
from questionnaires.editions import EditionContent


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


class Questionnaire(models.Model):
    """Questions put to all delegations, until a deadline. Delegations see its latest edition, not these rows."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=60, unique=True, help_text=_("Stands in the page’s address."))
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
    deadline = models.DateTimeField(_("deadline"), help_text=_("Answers are taken until this second."))
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
                condition=Q(state__in=["draft", "open", "closed"]), name="questionnaire_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False), name="questionnaire_open_since_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("questionnaires:read_questionnaire", args=[self.slug])

    def takes_answers_at(self, moment: datetime) -> bool:
        """Whether answers may be written at `moment` (aware): open, and before the deadline to the second."""
        return self.state == self.State.OPEN and moment < self.deadline

    @property
    def takes_answers(self) -> bool:
        return self.takes_answers_at(timezone.now())

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
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("objective")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("section"), _("sections")
        ordering = ["questionnaire", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"


class Question(models.Model):
    """One question. Which of the fields below count depends on its kind (see `questionnaires.kinds`)."""

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
        FILE = "file", _("File")

    section = models.ForeignKey(Section, models.PROTECT, related_name="questions", verbose_name=_("section"))
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("question"), max_length=500)
    help_text = models.CharField(_("help"), max_length=500, blank=True, help_text=_("One line below the question."))
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
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One a line: the choices, what is ranked, or the columns of a matrix.")
    )
    rows = models.TextField(_("rows"), blank=True, help_text=_("One a line: the rows of a matrix."))
    has_other = models.BooleanField(_("with “other”"), default=False, help_text=_("Adds a last choice with a text."))
    low_label = models.CharField(_("1 means"), max_length=60, blank=True)
    high_label = models.CharField(_("5 means"), max_length=60, blank=True)
    word_limit = models.PositiveIntegerField(_("words at most"), null=True, blank=True)
    minimum = models.DecimalField(_("smallest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("largest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("Stands behind the number, for example CHF.")
    )

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
                    ]
                ),
                name="question_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=models.F("minimum")),
                name="question_largest_not_below_smallest",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Edition(models.Model):
    """The questions as they were frozen when the questionnaire was opened; delegations answer an edition."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="editions", verbose_name=_("questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.TextField(_("content"), help_text=_("Canonical JSON; see questionnaires.editions."))
    sha256 = models.CharField(_("seal"), max_length=64)
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

    @cached_property
    def questions(self) -> EditionContent:
        """The frozen sections and questions."""
        return EditionContent.read(self.content)


class Response(models.Model):
    """What one delegation answers. “Not started” is the absence of this row."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="responses", verbose_name=_("questionnaire")
    )
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="responses", verbose_name=_("delegation"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="responses", verbose_name=_("edition"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last worked on"), default=timezone.now, editable=False)

    objects = querysets.ResponseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("response"), _("responses")
        ordering = ["questionnaire", "delegation__organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "delegation"], name="response_one_a_delegation"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned"]), name="response_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.delegation}"

    @property
    def has_begun(self) -> bool:
        """Whether anything was ever saved: until then the response is a row in memory only."""
        return self.pk is not None

    @property
    def is_writable(self) -> bool:
        """Whether its state lets answers be written; the questionnaire's deadline is another matter."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class Answer(models.Model):
    """The present text of one answer of a draft, with the version that a save must name."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="answers", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    value = models.JSONField(
        _("value"), null=True, help_text=_("Shape by kind; null: blank. See questionnaires.kinds.")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_one_a_question"),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.question_id} v{self.version}"


class AnswerRevision(models.Model):
    """Every text of an answer that was ever saved. Rows are only added."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="revisions", verbose_name=_("answer"))
    version = models.PositiveIntegerField(_("version"))
    value = models.JSONField(_("value"), null=True)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name, verbose_name_plural = _("earlier text of an answer"), _("earlier texts of answers")
        ordering = ["answer", "version"]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="answer_revision_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Where an attachment is stored: a random name without extension, so that nothing can be guessed or executed."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file that a delegation attached to an answer. It stays when the answer changes: earlier texts name it."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="attachments", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    attached_at = models.DateTimeField(_("attached"), default=timezone.now)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("attached by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("attachment"), _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A response as it was submitted: numbered, immutable, sealed. The database refuses to change or delete the row."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="submissions", verbose_name=_("response"))
    number = models.PositiveSmallIntegerField(_("number"))
    reference = models.CharField(_("reference number"), max_length=40, unique=True)
    content = models.TextField(
        _("content"), help_text=_("Canonical JSON of questions and answers; this text is sealed.")
    )
    sha256 = models.CharField(_("seal"), max_length=64, db_index=True)
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )
    submitted_by_name = models.CharField(_("name of who submitted"), max_length=150)

    objects = querysets.SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("submission"), _("submissions")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="submission_number_once_a_response"),
            models.CheckConstraint(condition=Q(number__gte=1), name="submission_number_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has the seal of the receipt."""
        return sealing.matches(self.content, self.sha256)

    @cached_property
    def record(self) -> EditionContent:
        """The questions and answers as submitted."""
        return EditionContent.read(self.content)


class Remark(models.Model):
    """What a director remarks on one answer of a submission. It stays with that submission when a later one arrives."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="remarks", verbose_name=_("submission"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    text = models.TextField(_("remark"))
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("written by")
    )

    objects = querysets.RemarkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("remark"), _("remarks")
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class ReturnRecord(models.Model):
    """That a response was returned, by whom and why; one row a return."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="return_record", verbose_name=_("submission")
    )
    reason = models.TextField(_("reason"))
    returned_at = models.DateTimeField(_("returned"), default=timezone.now)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("returned by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("return"), _("returns")
        ordering = ["-returned_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="return_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.submission}: {self.reason[:60]}"
