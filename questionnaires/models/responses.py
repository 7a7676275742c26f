"""What delegations answer: the draft with its versions, and what was submitted and sealed."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing
from members.models import Delegation
from questionnaires import querysets
from questionnaires.editions import EditionContent
from questionnaires.models.circulation import Extension
from questionnaires.models.design import Edition, Question, Questionnaire


class Response(models.Model):
    """What one delegation answers. “Not started” is the absence of this row."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CLEARED = "cleared", _("Cleared")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="responses", verbose_name=_("questionnaire")
    )
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="responses", verbose_name=_("delegation"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="responses", verbose_name=_("edition"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    record = models.ForeignKey(
        "Submission", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("on record")
    )
    neutral_number = models.PositiveIntegerField(
        _("number for readers without names"),
        null=True,
        editable=False,
        help_text=_("Drawn at the first submission; it follows neither the alphabet nor the time."),
    )
    edition_read = models.PositiveSmallIntegerField(
        _("edition whose changes were read"), default=0, editable=False, help_text=_("0: the first one answered.")
    )
    requires_clearance = models.BooleanField(_("needs clearance"), default=False, editable=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last worked on"), default=timezone.now, editable=False)

    objects = querysets.ResponseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("response"), _("responses")
        ordering = ["questionnaire", "delegation__organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "delegation"], name="response_one_a_delegation"),
            models.UniqueConstraint(fields=["questionnaire", "neutral_number"], name="response_neutral_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cleared", "submitted", "returned"]), name="response_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.delegation}"

    @property
    def has_begun(self) -> bool:
        """Whether anything was ever saved: until then the response is a row in memory only."""
        return self.pk is not None

    @property
    def has_unread_changes(self) -> bool:
        """Whether it was put before a newer edition whose changes nobody of its delegation has read yet."""
        return self.has_begun and 0 < self.edition_read < self.edition.number

    @property
    def is_writable(self) -> bool:
        """Whether its state lets answers be written; the deadline is another matter."""
        return self.state in (self.State.DRAFT, self.State.CLEARED, self.State.RETURNED)

    @cached_property
    def latest_extension(self) -> Extension | None:
        """The extension granted last, whether it still gives more time or not: one query, kept with the object.

        None where the response was read with the word that there is none (`ResponseQuerySet.at_address`).
        """
        if getattr(self, "newest_extension", 0) is None:
            return None
        return Extension.objects.latest_of(self.questionnaire_id, self.delegation_id)

    @property
    def extension(self) -> Extension | None:
        """The extension that gives this delegation more time than the others have; None without one."""
        latest = self.latest_extension
        return latest if latest and latest.until > self.questionnaire.deadline else None

    @property
    def deadline(self) -> datetime:
        """Until when this delegation may answer: the questionnaire's deadline, or its own extension if that is
        later."""
        return self.extension.until if self.extension else self.questionnaire.deadline

    def takes_answers_at(self, moment: datetime) -> bool:
        """Whether this delegation's answers are taken at `moment` (aware): open, and before its own deadline."""
        questionnaire = self.questionnaire
        if questionnaire.takes_answers_at(moment):
            return True
        return questionnaire.state == Questionnaire.State.OPEN and moment < self.deadline

    @property
    def takes_answers(self) -> bool:
        return self.takes_answers_at(timezone.now())


class AnswerOrigin(models.TextChoices):
    """How a text came to stand in an answer."""

    TYPED = "typed", _("Typed")
    RESTORED = "restored", _("Restored")
    PREFILLED = "prefilled", _("Taken from an earlier response")
    UPLOADED = "uploaded", _("Read from a Word file")
    FILES = "files", _("Files changed")


class Answer(models.Model):
    """The present text of one answer of a draft, with the version that a save must name.

    `files` lists what is attached to it, ``[{"attachment": pk, "name", "size", "sha256"}]``; for a question of the kind
    “files” that list is the `value` itself, null when empty. `quote` is the delegation's word on whether the published
    results may quote the text. While `prefilled_from` is set, the text was taken from that submission and nobody has
    confirmed it yet.
    """

    class Quote(models.TextChoices):
        NONE = "none", _("Do not quote")
        UNNAMED = "unnamed", _("Quote without our name")
        NAMED = "named", _("Quote with our name")

    response = models.ForeignKey(Response, models.PROTECT, related_name="answers", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    value = models.JSONField(
        _("value"), null=True, help_text=_("Shape by kind; null: blank. See questionnaires.kinds.")
    )
    files = models.JSONField(_("files"), default=list, blank=True)
    quote = models.CharField(_("quotation"), max_length=10, choices=Quote, default=Quote.NONE)
    prefilled_from = models.ForeignKey(
        "Submission", models.PROTECT, null=True, related_name="+", verbose_name=_("taken from")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_one_a_question"),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_counts_from_one"),
            models.CheckConstraint(condition=Q(quote__in=["none", "unnamed", "named"]), name="answer_quote_known"),
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.question_id} v{self.version}"


class AnswerRevision(models.Model):
    """Every text of an answer that was ever saved. Rows are only added."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="revisions", verbose_name=_("answer"))
    version = models.PositiveIntegerField(_("version"))
    value = models.JSONField(_("value"), null=True)
    files = models.JSONField(_("files"), default=list, blank=True)
    origin = models.CharField(_("origin"), max_length=12, choices=AnswerOrigin, default=AnswerOrigin.TYPED)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name, verbose_name_plural = _("earlier text of an answer"), _("earlier texts of answers")
        ordering = ["answer", "version"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="answer_revision_once"),
            models.CheckConstraint(
                condition=Q(origin__in=["typed", "restored", "prefilled", "uploaded", "files"]),
                name="answer_revision_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Where an attachment is stored: a random name without extension, so that nothing can be guessed or executed."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file that a delegation attached to an answer. Removed, it stays: earlier texts and submissions name it."""

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
    edition_number = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
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
        """The questions and answers as submitted, in the language they were sealed in."""
        return EditionContent.read(self.content)


class SubmittedAnswer(models.Model):
    """One answer of a submission as a row, so that the database can count, sort and search: a copy of what is sealed.

    Written with the submission and never changed; the sealed text is what counts, and this can be made anew from it.
    Only questions that were answered have a row.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="answers", verbose_name=_("submission"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    value = models.JSONField(_("value"), null=True)
    text = models.TextField(_("as a reader sees it"), blank=True)
    quote = models.CharField(_("quotation"), max_length=10, choices=Answer.Quote, default=Answer.Quote.NONE)

    class Meta:
        verbose_name, verbose_name_plural = _("submitted answer"), _("submitted answers")
        constraints = [
            models.UniqueConstraint(fields=["question", "submission"], name="submitted_answer_one_a_question")
        ]

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


class WordUpload(models.Model):
    """A Word file that came back filled in, as it was read. Nothing of it is stored as an answer until accepted.

    `content` is what `questionnaires.word` read: proposals by question, and what could not be read, with why.
    """

    response = models.ForeignKey(Response, models.PROTECT, related_name="word_uploads", verbose_name=_("response"))
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.JSONField(_("what was read"))
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("uploaded Word file"), _("uploaded Word files")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name
