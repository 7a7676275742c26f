"""What is written down while a meeting sits: notes and interventions, the speakers' list, decisions."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.agendas import AgendaItem
from meetings.models.meetings import Meeting
from members.models import Delegation


class Note(models.Model):
    """What was noted under an item: the note-taker's own words, or an intervention with who made it.

    Read by the secretariat and the chair alone: attributed inside, unattributed outside. Each text carries a version,
    and every version is kept (`NoteRevision`). `key` is drawn by the page that writes, so that the same note sent
    twice is one note.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        QUESTION = "question", _("Question")
        COMMENT = "comment", _("Comment")
        REPLY = "reply", _("Reply")
        PROPOSAL = "proposal", _("Proposal")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes", verbose_name=_("agenda item"))
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NOTE)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="interventions", verbose_name=_("delegation")
    )
    speaker = models.CharField(
        _("speaker"), max_length=200, blank=True, help_text=_("Who speaks for no delegation, or the person’s name.")
    )
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = querysets.NoteQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("note"), _("notes")
        ordering = ["item", "position", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["note", "question", "comment", "reply", "proposal"]), name="note_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return ": ".join(part for part in (self.who, self.text[:60]) if part)

    @property
    def who(self) -> str:
        """``Switzerland, Sample Person``: who spoke; empty for the note-taker's own words."""
        return ", ".join(str(part) for part in (self.delegation, self.speaker) if part)

    @property
    def is_intervention(self) -> bool:
        """Whether somebody said it."""
        return bool(self.kind != self.Kind.NOTE or self.delegation_id or self.speaker)


class NoteRevision(models.Model):
    """A text that a note had, kept for ever: nothing that was saved is lost."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="revisions", verbose_name=_("note"))
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)
    who = models.CharField(_("who spoke"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Note.Kind)
    under = models.CharField(
        _("under"), max_length=250, blank=True, help_text=_("The item of the agenda under which it stood then.")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.NoteRevisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("text of a note"), _("texts of notes")
        ordering = ["note", "version"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["note", "version"], name="note_revision_once")]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.version}"


class SpeakerTurn(models.Model):
    """A place on the speakers' list of a meeting: asked for the floor, has it, has spoken."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="speaker_turns", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="speaker_turns", verbose_name=_("agenda item")
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("delegation")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    asked_at = models.DateTimeField(_("asked for the floor"), default=timezone.now)
    began_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = querysets.SpeakerTurnQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("place on the speakers’ list"), _("speakers’ list")
        ordering = ["position", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(delegation__isnull=False) | ~Q(name=""), name="speaker_is_a_delegation_or_named"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__isnull=False, ended_at__gte=F("began_at")),
                name="speaker_ends_after_beginning",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(began_at__isnull=False, ended_at=None),
                name="one_speaker_has_the_floor",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.delegation, self.name) if part)

    @property
    def waits(self) -> bool:
        """Asked for the floor and has not had it."""
        return self.began_at is None and self.withdrawn_at is None

    @property
    def speaks(self) -> bool:
        """Has the floor."""
        return self.began_at is not None and self.ended_at is None

    @property
    def taken(self) -> str:
        """How long it took, in minutes and seconds: ``4:05``; empty until it has ended."""
        if self.began_at is None or self.ended_at is None:
            return ""
        minutes, seconds = divmod(round((self.ended_at - self.began_at).total_seconds()), 60)
        return f"{minutes}:{seconds:02}"


class Decision(models.Model):
    """What a meeting decided, written down in place; read by the secretariat and the chair until a summary says it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("agenda item")
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    text = models.TextField(_("decision"))
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = querysets.DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")
        ordering = ["meeting", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text[:80]


class DecisionRevision(models.Model):
    """A text that a decision had, kept for ever, as those of notes are."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="revisions", verbose_name=_("decision"))
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.DecisionRevisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("text of a decision"), _("texts of decisions")
        ordering = ["decision", "version"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["decision", "version"], name="decision_revision_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}, {self.version}"
