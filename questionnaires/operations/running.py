"""The secretariat: a questionnaire's life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Organisation, User
from questionnaires import circulation, editions, emails
from questionnaires.exceptions import NobodyToAsk, QuestionnaireClosed, QuestionnaireFrozen, QuestionnaireNotReady
from questionnaires.models import Edition, Question, Questionnaire
from questionnaires.operations.circulating import invite
from questionnaires.outline import Outline


@transaction.atomic
def open_questionnaire(questionnaire: Questionnaire, *, by: User, to: Iterable[Organisation] | None = None) -> Edition:
    """Freeze the questions as edition 1, put them to the organisations `to`, take answers from now until the deadline.

    Without `to` they are put to all participants of today, and to those that join while the questionnaire is open. The
    focal points and contributors of the delegations are told. Raises QuestionnaireFrozen if it is open or closed
    already, QuestionnaireNotReady if nothing could be answered, NobodyToAsk for an empty `to`.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.DRAFT:
        raise QuestionnaireFrozen(_("The questionnaire has been opened already."))
    missing = what_is_missing(locked)
    if missing:
        raise QuestionnaireNotReady(" ".join(missing))
    chosen = circulation.participants_to_ask() if to is None else list(to)
    if to is not None and not chosen:
        raise NobodyToAsk(_("Choose at least one delegation."))
    now = timezone.now()
    content, seal = editions.write(editions.freeze(locked, 1))
    edition = Edition.objects.create(
        questionnaire=locked, number=1, content=content, sha256=seal, frozen_at=now, frozen_by=by
    )
    locked.state, locked.opened_at, locked.opened_by = Questionnaire.State.OPEN, now, by
    locked.audience = Questionnaire.Audience.ALL if to is None else Questionnaire.Audience.CHOSEN
    locked.version += 1
    locked.save(update_fields=["state", "opened_at", "opened_by", "audience", "version"])
    delegations = invite(locked, chosen, now, by=by)
    questionnaire.refresh_from_db()
    emails.questionnaire_opened(locked, delegations)
    return edition


def what_is_missing(questionnaire: Questionnaire) -> list[str]:
    """What keeps a questionnaire from being opened, as sentences; nothing when it is ready."""
    missing = []
    if questionnaire.deadline <= timezone.now():
        missing.append(_("Set a deadline that is still to come."))
    questions = list(Question.objects.standing().filter(section__questionnaire=questionnaire, section__removed_at=None))
    if not questions:
        missing.append(_("Add a section with at least one question."))
    for question in questions:
        needs_choices = question.kind in ("single", "multiple", "ranking", "matrix")
        if needs_choices and len(question.choices) + question.has_other < 2:
            missing.append(_("Give “%(question)s” at least two choices.") % {"question": question})
        if question.kind == Question.Kind.MATRIX and not question.rows:
            missing.append(_("Give “%(question)s” at least one row.") % {"question": question})
        if question.kind == Question.Kind.TABLE and not question.columns:
            missing.append(_("Give “%(question)s” at least one column.") % {"question": question})
        most = len(question.choices) + question.has_other
        if question.kind == Question.Kind.MULTIPLE and (question.min_choices or 0) > most:
            missing.append(_("“%(question)s” asks for more choices than it offers.") % {"question": question})
    return missing + [fault.sentence for fault in Outline.read(questionnaire).faults]


@transaction.atomic
def close_questionnaire(questionnaire: Questionnaire, *, by: User) -> None:
    """Take no more answers. Drafts stay readable. Raises QuestionnaireClosed if it is not open."""
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    locked.state, locked.closed_at, locked.closed_by = Questionnaire.State.CLOSED, timezone.now(), by
    locked.version += 1
    locked.save(update_fields=["state", "closed_at", "closed_by", "version"])
    emails.drop_waiting(locked)
    questionnaire.refresh_from_db()


@transaction.atomic
def move_deadline(questionnaire: Questionnaire, *, to: datetime, by: User) -> None:
    """Give an open questionnaire another deadline (`to`, aware, still to come), and tell who has not submitted.

    Raises QuestionnaireClosed if it is not open, QuestionnaireNotReady if `to` has passed.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    if to <= timezone.now():
        raise QuestionnaireNotReady(_("Set a deadline that is still to come."))
    locked.deadline, locked.deadline_moved_at = to, timezone.now()
    locked.version += 1
    locked.save(update_fields=["deadline", "deadline_moved_at", "version"])
    questionnaire.refresh_from_db()
    emails.deadline_moved(locked)
