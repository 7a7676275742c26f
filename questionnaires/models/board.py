"""What the Board makes of the responses: remarks, themes, conclusions; and what is published of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from icoca_portal.lib import sealing
from meetings.models import Meeting
from questionnaires import querysets
from questionnaires.models.design import Question, Questionnaire
from questionnaires.models.plans import Objective
from questionnaires.models.responses import Submission


class Remark(models.Model):
    """What a director remarks on one answer of a submission. It stays with that submission when a later one arrives.

    `answers` is the remark it answers to; threads are one level deep.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="remarks", verbose_name=_("submission"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="replies", verbose_name=_("answers to")
    )
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


class Theme(models.Model):
    """A subject that the Board follows through the answers to a questionnaire."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="themes", verbose_name=_("questionnaire")
    )
    name = models.CharField(_("theme"), max_length=120)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = querysets.ThemeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("theme"), _("themes")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "name"], name="theme_name_once_a_questionnaire"),
            models.CheckConstraint(condition=~Q(name=""), name="theme_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Passage(models.Model):
    """Words of a submitted answer that are about a theme, from `start` to `end` (characters of the answer's text)."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="passages", verbose_name=_("theme"))
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="passages", verbose_name=_("submission"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))
    text = models.TextField(_("passage"))
    tagged_at = models.DateTimeField(_("tagged"), default=timezone.now)
    tagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("tagged by")
    )
    removed_at = models.DateTimeField(_("removed"), null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("removed by")
    )

    objects = querysets.PassageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("passage"), _("passages")
        ordering = ["theme", "submission", "question", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["theme", "submission", "question", "start", "end"],
                condition=Q(removed_at=None),
                name="passage_tagged_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Discussion(models.Model):
    """Where the Board, or the Working Group, discussed a questionnaire, one of its objectives or one of its questions.

    It was at a meeting of the portal, or elsewhere, which `occasion` names.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="discussions", verbose_name=_("questionnaire")
    )
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="discussions", verbose_name=_("objective")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("question")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    occasion = models.CharField(
        _("occasion"), max_length=200, blank=True, help_text=_("For example: session of the Board, Geneva.")
    )
    date = models.DateField(_("day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("discussion"), _("discussions")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False) | ~Q(occasion=""), name="discussion_was_somewhere"
            )
        ]

    def __str__(self) -> str:
        return self.occasion or str(self.meeting)


class ReviewVisit(models.Model):
    """When a reader was last at the responses to a questionnaire: `since` is the end of the visit before this one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="+", verbose_name=_("questionnaire"))
    since = models.DateTimeField(_("since"), null=True)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("visit"), _("visits")
        constraints = [models.UniqueConstraint(fields=["user", "questionnaire"], name="review_visit_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.questionnaire}"


class Conclusion(models.Model):
    """What the Board concludes on an objective (none: on the whole), in rich text; participants read it once published.

    Every version is kept (django-simple-history); a save names the version that it started from.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="conclusions", verbose_name=_("questionnaire")
    )
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="conclusions", verbose_name=_("objective")
    )
    text = models.TextField(_("conclusion"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("written by")
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    history = HistoricalRecords(verbose_name=_("earlier version of the conclusion"))

    class Meta:
        verbose_name, verbose_name_plural = _("conclusion"), _("conclusions")
        ordering = ["questionnaire", "objective__number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "objective"], name="conclusion_once_an_objective"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(objective=None), name="conclusion_once_on_the_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.objective or '–'}"


class Results(models.Model):
    """The results of a questionnaire as they were published: sealed, with every small figure already left out."""

    questionnaire = models.OneToOneField(
        Questionnaire, models.PROTECT, related_name="results", verbose_name=_("questionnaire")
    )
    content = models.TextField(_("content"), help_text=_("Canonical JSON; see questionnaires.results."))
    sha256 = models.CharField(_("seal"), max_length=64)
    released = models.JSONField(
        _("quotations released"),
        default=list,
        blank=True,
        help_text=_("Those that were held back and are shown all the same, each with its question and its words."),
    )
    release_reason = models.TextField(_("why they were released"), blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("results"), _("results")

    def __str__(self) -> str:
        return str(self.questionnaire)

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has its seal."""
        return sealing.matches(self.content, self.sha256)
