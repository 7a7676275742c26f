"""The Chair’s Summary: the draft, the rounds in which it was circulated under silence, and the sealed texts."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing
from icoca_portal.lib.richtext import clean
from meetings import querysets
from meetings.models.agendas import AgendaItem
from meetings.models.meetings import Meeting
from members.models import Delegation


class ChairsSummary(models.Model):
    """What is said of a meeting in the chair's name. Its parts are the draft; what is published is sealed beside it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CIRCULATED = "circulated", _("Circulated for comments")
        ADOPTED = "adopted", _("Adopted")
        PUBLISHED = "published", _("Published")

    class CommentReaders(models.TextChoices):
        SECRETARIAT = "secretariat", _("The secretariat, the chair and the delegation that wrote it")
        PARTICIPANTS = "participants", _("All participants")

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="summary", verbose_name=_("meeting"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    title_lines = models.TextField(
        _("title lines"), blank=True, help_text=_("One fact a line, as “Label: text”. Names may stand here.")
    )
    circulated_at = models.DateTimeField(_("circulated"), null=True, editable=False)
    comments_until = models.DateTimeField(_("comments until"), null=True, editable=False)
    comment_readers = models.CharField(
        _("who reads comments"), max_length=20, choices=CommentReaders, default=CommentReaders.PARTICIPANTS
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    adopted_by_silence = models.BooleanField(_("adopted by silence"), default=False, editable=False)
    created_at = models.DateTimeField(_("drafted"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("drafted by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.ChairsSummaryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("Chair’s Summary"), _("Chair’s Summaries")
        ordering = ["-meeting__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "circulated", "adopted", "published"]), name="summary_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "circulated"])
                | (Q(approved_at__isnull=False) & (Q(approved_by__isnull=False) | Q(adopted_by_silence=True))),
                name="summary_adopted_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(comment_readers__in=["secretariat", "participants"]), name="summary_comment_readers_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="circulated") | Q(circulated_at__isnull=False, comments_until__isnull=False),
                name="summary_circulated_until",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Chair’s Summary of the %(exchange)s") % {"exchange": self.meeting.name_in_sentence}

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_summary", args=self.meeting.address)

    @property
    def symbol(self) -> str:
        """``ICoCA-WG/9/Summary``."""
        return f"{self.meeting.symbol}/Summary"

    @property
    def is_open(self) -> bool:
        """Whether its text may be changed. What is under silence stays as it was circulated, until it is taken back."""
        return self.state == self.State.DRAFT

    @property
    def awaits_adoption(self) -> bool:
        """Whether it is still to be adopted, by the chair or by silence."""
        return self.state in (self.State.DRAFT, self.State.CIRCULATED)

    @cached_property
    def latest_round(self) -> SummaryRound | None:
        """The text that was circulated last; None while none was."""
        return self.rounds.select_related("summary__meeting__working_group").order_by("-number").first()

    @cached_property
    def publication(self) -> PublishedSummary | None:
        """The last published text: what readers get; None while nothing was published."""
        return self.publications.order_by("-number").first()


class SummaryPart(models.Model):
    """A numbered part of a summary: an agenda item, and what is said of it without saying who said it."""

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="parts", verbose_name=_("summary"))
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agenda item")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    number = models.CharField(_("number"), max_length=12, blank=True)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"), blank=True)

    objects = querysets.SummaryPartQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("part"), _("parts")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def text_html(self) -> SafeString:
        """The text as HTML for a page, whatever was stored."""
        return mark_safe(clean(self.text))  # noqa: S308 (reduced to a paper's few tags)


class PublishedSummary(models.Model):
    """A sealed summary: No. 0 is the original, No. 1 is Corr.1. The database refuses to change or delete it."""

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="publications", verbose_name=_("summary"))
    number = models.PositiveSmallIntegerField(_("number"), default=0, help_text=_("0: the original; 1: Corr.1."))
    symbol = models.CharField(_("symbol"), max_length=80, unique=True)
    content = models.TextField(_("sealed text"), help_text=_("Canonical JSON: sorted keys, no spaces, UTF-8."))
    sha256 = models.CharField(_("seal"), max_length=64, unique=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )

    objects = querysets.PublishedSummaryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("published summary"), _("published summaries")
        ordering = ["summary", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["summary", "number"], name="published_summary_number_once"),
        ]

    def __str__(self) -> str:
        return self.symbol

    @cached_property
    def text(self) -> dict[str, Any]:
        """What was sealed: `title`, `title_lines`, `parts` and the rest of `operations.sealed_content`."""
        content: dict[str, Any] = json.loads(self.content)
        return content

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has the seal that was given for it."""
        return sealing.matches(self.content, self.sha256)


class NamesAccepted(models.Model):
    """That somebody went on although names stood in the text: which passages, for which reason. Never changed."""

    class Step(models.TextChoices):
        CIRCULATED = "circulated", _("Before circulation")
        PUBLISHED = "published", _("Before publication")

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="names_accepted", verbose_name=_("summary"))
    step = models.CharField(_("step"), max_length=20, choices=Step)
    reason = models.TextField(_("reason"))
    passages = models.JSONField(_("passages"), default=list)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.NamesAcceptedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("names accepted"), _("names accepted")
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="names_accepted_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.reason}"


class SummaryFigure(models.Model):
    """A figure of the registry that was put into a draft: which one, of which day, in which words."""

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="figures", verbose_name=_("summary"))
    key = models.CharField(_("figure"), max_length=60)
    as_of = models.DateField(_("as of"))
    value = models.JSONField(_("value"))
    sentence = models.TextField(_("sentence"))
    inserted_at = models.DateTimeField(_("inserted"), default=timezone.now)
    inserted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("inserted by")
    )

    objects = querysets.SummaryFigureQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("figure in a summary"), _("figures in summaries")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.sentence


class SummaryRound(models.Model):
    """One circulation of a summary under silence: what was circulated, until when, and how it ended.

    What is adopted is `content`, the text that was circulated. A text that changes is circulated in a new round.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open for comments")
        ADOPTED = "adopted", _("Adopted by silence")
        OBJECTED = "objected", _("Stopped by an objection")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Followed by a revised text")

    summary = models.ForeignKey(ChairsSummary, models.PROTECT, related_name="rounds", verbose_name=_("summary"))
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("1: the first text; 2: Rev.1."))
    content = models.TextField(_("text"), help_text=_("Canonical JSON of title lines and parts."))
    sha256 = models.CharField(_("seal"), max_length=64)
    comment_readers = models.CharField(_("who reads comments"), max_length=20, choices=ChairsSummary.CommentReaders)
    circulated_at = models.DateTimeField(_("circulated"), default=timezone.now)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("circulated by")
    )
    until = models.DateTimeField(_("comments until"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, default=Outcome.OPEN)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)

    objects = querysets.SummaryRoundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("round of silence"), _("rounds of silence")
        ordering = ["summary", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["summary", "number"], name="summary_round_number_once"),
            models.UniqueConstraint(
                fields=["summary"], condition=Q(outcome="open"), name="summary_one_round_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("circulated_at")), name="summary_round_has_time"),
            models.CheckConstraint(
                condition=Q(outcome="open", ended_at=None)
                | Q(outcome__in=["adopted", "objected", "withdrawn", "replaced"], ended_at__isnull=False),
                name="summary_round_ended_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.summary.symbol}/Rev.{self.number - 1}" if self.number > 1 else self.summary.symbol

    def takes_comments_at(self, moment: datetime) -> bool:
        """Whether comments are taken at the moment (aware). The second in which the time ends is too late."""
        return self.outcome == self.Outcome.OPEN and moment < self.until

    @cached_property
    def text(self) -> dict[str, Any]:
        """What was circulated: `title_lines` and `parts`."""
        content: dict[str, Any] = json.loads(self.content)
        return content


class SummaryComment(models.Model):
    """What a delegation says of a circulated text: a comment, a wording that it proposes, or an objection, which stops
    the silence."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        PROPOSAL = "proposal", _("Proposed wording")
        OBJECTION = "objection", _("Objection")

    class Answer(models.TextChoices):
        NONE = "none", _("Not answered yet")
        TAKEN = "taken", _("Taken")
        PARTLY = "partly", _("Taken in part")
        NOT_TAKEN = "not taken", _("Not taken")
        NOTED = "noted", _("Noted")

    round = models.ForeignKey(SummaryRound, models.PROTECT, related_name="comments", verbose_name=_("round"))
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="summary_comments", verbose_name=_("delegation")
    )
    paragraph = models.PositiveSmallIntegerField(
        _("paragraph"), null=True, blank=True, help_text=_("Empty: the whole text.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COMMENT)
    text = models.TextField(_("text"))
    proposed = models.TextField(_("proposed wording"), blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    answer = models.CharField(_("answer"), max_length=20, choices=Answer, default=Answer.NONE)
    answer_text = models.TextField(_("answer in words"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )

    objects = querysets.SummaryCommentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("comment on a summary"), _("comments on summaries")
        ordering = ["round", F("paragraph").asc(nulls_first=True), "made_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["comment", "proposal", "objection"]), name="summary_comment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="none", answered_at=None)
                | Q(
                    answer__in=["taken", "partly", "not taken", "noted"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="summary_comment_answer_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation}: {(self.text or self.proposed)[:60]}"

    @property
    def answer_mark(self) -> str:
        """The look's class of the state of the answer."""
        marks = {"none": "is-due", "taken": "is-done", "partly": "is-half", "not taken": "is-wrong"}
        return marks.get(self.answer, "")
