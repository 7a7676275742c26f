"""The silence procedure: a text is circulated until a time, commented on, objected to, adopted by itself.

Every operation that begins or ends a round locks the summary first and then the round, and reads the clock once it
holds them; a comment locks the round alone. So a comment or an objection that arrives in the second in which the time
ends either came before the adoption or is refused, never both.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib import sealing
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.richtext import clean
from meetings import emails
from meetings.exceptions import (
    CommentAnsweredMeanwhile,
    CommentEmpty,
    CommentWithdrawn,
    ParagraphUnknown,
    RoundNotOpen,
    TimeAlreadyPast,
)
from meetings.models import ChairsSummary, NamesAccepted, Step, SummaryComment, SummaryRound
from meetings.operations.shared import (
    locked_summary,
    move_summary,
    pass_names,
    require_participants_among_readers,
    require_text,
)
from meetings.texts import paragraph_count, title_pairs
from members.models import Delegation, User

logger = logging.getLogger(__name__)

State = ChairsSummary.State
Outcome = SummaryRound.Outcome
#: How long before the time every delegate is reminded, once.
REMINDED_BEFORE = timedelta(days=2)


@transaction.atomic
def circulate_summary(
    summary: ChairsSummary,
    *,
    comments_until: datetime,
    by: User,
    names_reason: str = "",
    comment_readers: str = "",
) -> ChairsSummary:
    """Draft → circulated, under silence: unless a delegation objects by `comments_until` (aware), the text is adopted.

    The text is frozen as a round; a text that was changed after an earlier one is Rev.n. A text that is circulated
    already is circulated anew with its own time: the round before it ends. `comment_readers`: who reads the comments,
    as `ChairsSummary.CommentReaders`; default: as chosen before. `names_reason` as in `publish_summary`.

    Raises SummaryInAnotherState, SummaryEmpty, TimeAlreadyPast, SummaryAttributes, MeetingKeptFromParticipants.
    """
    summary = locked_summary(summary, State.DRAFT, State.CIRCULATED)
    require_text(summary)
    require_participants_among_readers(summary.meeting)
    moment = timezone.now()
    if comments_until <= moment:
        raise TimeAlreadyPast(_("The time for comments must end later than now."))
    pass_names(summary, NamesAccepted.Step.CIRCULATED, names_reason, by)
    end_open_round(summary, Outcome.REPLACED, moment)
    content = sealing.canonical(circulated_content(summary))
    if comment_readers:
        summary.comment_readers = comment_readers
    opened = SummaryRound.objects.create(
        summary=summary,
        number=summary.rounds.count() + 1,
        content=content,
        sha256=sealing.digest(content),
        comment_readers=summary.comment_readers,
        circulated_at=moment,
        circulated_by=by,
        until=comments_until,
    )
    summary.circulated_at, summary.comments_until = moment, comments_until
    move_summary(summary, State.CIRCULATED, Step.What.SUMMARY_CIRCULATED, by, note=str(opened))
    emails.queue_summary_circulated(opened)
    return summary


def circulated_content(summary: ChairsSummary) -> dict[str, Any]:
    """What a round freezes and a publication seals of the text: title lines, and parts as cleaned HTML."""
    return {
        "title_lines": [list(pair) for pair in title_pairs(summary.title_lines)],
        "parts": [
            {"number": part.number, "title": part.title, "text": clean(part.text)} for part in summary.parts.all()
        ],
    }


def end_open_round(summary: ChairsSummary, outcome: SummaryRound.Outcome, moment: datetime) -> bool:
    """End the round that is open of a locked summary; False where none is."""
    opened = SummaryRound.objects.select_for_update().filter(summary=summary, outcome=Outcome.OPEN).first()
    if opened is None:
        return False
    opened.outcome, opened.ended_at = outcome, moment
    opened.save(update_fields=["outcome", "ended_at"])
    return True


def begin_anew(summary: ChairsSummary) -> None:
    """Take back what stood of an adoption or a circulation, before the summary becomes a draft."""
    summary.approved_at = summary.approved_by = summary.circulated_at = summary.comments_until = None
    summary.adopted_by_silence = False


# What delegations say


def _locked_open(summary_round: SummaryRound) -> SummaryRound:
    """The round, locked, if comments are taken at this moment. Raises RoundNotOpen."""
    locked = (
        SummaryRound.objects.select_for_update(of=("self",))
        .select_related("summary__meeting__working_group")
        .get(pk=summary_round.pk)
    )
    if locked.outcome != Outcome.OPEN:
        raise RoundNotOpen(_("This text is no longer open for comments: %(outcome)s.") % {
            "outcome": locked.get_outcome_display().lower()
        })  # fmt: skip
    if timezone.now() >= locked.until:
        raise RoundNotOpen(_("Comments were taken until %(moment)s.") % {"moment": in_geneva(locked.until)})
    return locked


@transaction.atomic
def comment_summary(
    summary_round: SummaryRound,
    delegation: Delegation,
    *,
    text: str,
    by: User,
    paragraph: int | None = None,
    kind: str = SummaryComment.Kind.COMMENT,
    proposed: str = "",
) -> SummaryComment:
    """A delegation's comment on a paragraph (by its number) or on the whole, or a wording that it proposes for it.

    Raises RoundNotOpen, CommentEmpty, ParagraphUnknown. An objection is another thing: `object_to_summary`.
    """
    if kind not in (SummaryComment.Kind.COMMENT, SummaryComment.Kind.PROPOSAL):
        raise ValueError("an objection ends the silence: object_to_summary")
    text, proposed = text.strip(), proposed.strip() if kind == SummaryComment.Kind.PROPOSAL else ""
    locked = _locked_open(summary_round)
    if kind == SummaryComment.Kind.PROPOSAL and not proposed:
        raise CommentEmpty(_("Write the wording that you propose."))
    if not text and not proposed:
        raise CommentEmpty(_("Write the comment first."))
    _require_paragraph(locked, paragraph)
    said = {"round": locked, "delegation": delegation, "paragraph": paragraph, "kind": kind, "text": text,
            "proposed": proposed}  # fmt: skip
    # Sent twice, it is one comment.
    there = SummaryComment.objects.filter(**said, withdrawn_at=None).first()
    return there or SummaryComment.objects.create(**said, made_by=by)


def _require_paragraph(summary_round: SummaryRound, paragraph: int | None) -> None:
    if paragraph is not None and not 1 <= paragraph <= paragraph_count(summary_round.text["parts"]):
        raise ParagraphUnknown(_("This text has no paragraph %(number)d.") % {"number": paragraph})


@transaction.atomic
def withdraw_comment(comment: SummaryComment, *, by: User) -> SummaryComment:
    """Take a comment back while its round is open. It stays on record, as withdrawn. Raises RoundNotOpen,
    CommentWithdrawn."""
    _locked_open(comment.round)
    locked = _locked_comment(comment)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    return locked


def _locked_comment(comment: SummaryComment) -> SummaryComment:
    locked = (
        SummaryComment.objects.select_for_update(of=("self",))
        .select_related("round__summary__meeting__working_group", "delegation__organisation")
        .get(pk=comment.pk)
    )
    if locked.withdrawn_at:
        raise CommentWithdrawn(_("The comment was withdrawn."))
    return locked


@transaction.atomic
def object_to_summary(
    summary_round: SummaryRound, delegation: Delegation, *, reason: str, by: User, paragraph: int | None = None
) -> SummaryComment:
    """A delegation objects: the silence ends at once, the summary is a draft again, everybody is told that it was
    stopped. Who reads why is as with every comment. Raises RoundNotOpen, CommentEmpty, ParagraphUnknown."""
    reason = reason.strip()
    summary = (
        ChairsSummary.objects.select_for_update(of=("self",))
        .select_related("meeting__working_group")
        .get(pk=summary_round.summary_id)
    )
    locked = _locked_open(summary_round)
    if not reason:
        raise CommentEmpty(_("An objection needs a reason."))
    _require_paragraph(locked, paragraph)
    objection = SummaryComment.objects.create(
        round=locked,
        delegation=delegation,
        paragraph=paragraph,
        kind=SummaryComment.Kind.OBJECTION,
        text=reason,
        made_by=by,
    )
    locked.outcome, locked.ended_at = Outcome.OBJECTED, timezone.now()
    locked.save(update_fields=["outcome", "ended_at"])
    begin_anew(summary)
    move_summary(summary, State.DRAFT, Step.What.SUMMARY_OBJECTED, by, note=str(locked))
    emails.queue_summary_objected(locked)
    return objection


@transaction.atomic
def answer_comment(
    comment: SummaryComment, *, answer: str, text: str, by: User, seen: datetime | None = None
) -> SummaryComment:
    """The secretariat says what becomes of a comment, and the delegation is told. An answer may be given anew.

    `seen`: when the answer that stood on the page had been given (None: there was none). Raises CommentWithdrawn,
    CommentAnsweredMeanwhile.
    """
    if answer not in SummaryComment.Answer.values or answer == SummaryComment.Answer.NONE:
        raise ValueError(f"no answer: {answer}")
    locked = _locked_comment(comment)
    if locked.answered_at != seen:
        raise CommentAnsweredMeanwhile(
            _("A colleague answered this comment while you were writing: “%(answer)s. %(text)s” Yours is not stored.")
            % {"answer": locked.get_answer_display(), "text": locked.answer_text}
        )
    locked.answer, locked.answer_text = answer, text.strip()
    locked.answered_at, locked.answered_by = timezone.now(), by
    locked.save(update_fields=["answer", "answer_text", "answered_at", "answered_by"])
    emails.queue_comment_answered(locked)
    return locked


# What the clock does


def adopt_due_summaries(now: datetime) -> int:
    """Adopt the texts whose time is over at `now` (aware) and to which nobody objected; returns how many.

    One transaction a text: stopped anywhere, it has adopted some, and the others are still due. With several workers
    each is adopted by one of them. Must not be called inside a transaction.
    """
    count = 0
    due = SummaryRound.objects.filter(outcome=Outcome.OPEN, until__lte=now).order_by("until", "pk")
    for summary_round in due:
        try:
            count += _adopt(summary_round, now)
        except DatabaseError:
            raise
        except Exception:  # what hinders one text must not keep the others from being adopted
            logger.exception("Round %s was not adopted", summary_round.pk)
    return count


@transaction.atomic
def _adopt(due: SummaryRound, now: datetime) -> bool:
    summary = (
        ChairsSummary.objects.select_for_update(of=("self",))
        .select_related("meeting__working_group")
        .get(pk=due.summary_id)
    )
    locked = SummaryRound.objects.select_for_update().get(pk=due.pk)
    if locked.outcome != Outcome.OPEN or locked.until > now:
        return False
    locked.outcome, locked.ended_at = Outcome.ADOPTED, now
    locked.save(update_fields=["outcome", "ended_at"])
    summary.adopted_by_silence, summary.approved_at, summary.approved_by = True, now, None
    move_summary(summary, State.ADOPTED, Step.What.SUMMARY_ADOPTED, None, note=str(locked))
    emails.queue_summary_adopted(locked)
    return True


def remind_commenters(now: datetime) -> int:
    """Remind the delegates, once a round, that its time ends within two days of `now` (aware); returns how many rounds.

    A round that lasts less than that has no reminder. Must not be called inside a transaction.
    """
    due = SummaryRound.objects.filter(
        outcome=Outcome.OPEN,
        reminded_at=None,
        until__gt=now,
        until__lte=now + REMINDED_BEFORE,
        circulated_at__lt=F("until") - REMINDED_BEFORE,
    )
    return sum(_remind(row, now) for row in due)


@transaction.atomic
def _remind(due: SummaryRound, now: datetime) -> bool:
    locked = (
        SummaryRound.objects.select_for_update(of=("self",))
        .select_related("summary__meeting__working_group")
        .get(pk=due.pk)
    )
    if locked.reminded_at or locked.outcome != Outcome.OPEN:
        return False
    locked.reminded_at = now
    locked.save(update_fields=["reminded_at"])
    emails.queue_summary_due(locked)
    return True
