"""What the Board does with what was submitted: visits, remarks, themes and their passages, discussions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Meeting
from members.models import User
from questionnaires.exceptions import DiscussionNowhere, NothingSubmitted, PassageNotFound, ThemeTaken
from questionnaires.models import (
    Discussion,
    Objective,
    Passage,
    Question,
    Questionnaire,
    Remark,
    Response,
    ReviewVisit,
    Submission,
    Theme,
)
from questionnaires.review.answers import TAGGABLE
from questionnaires.review.marks import place_of

PAUSE = timedelta(minutes=30)
#: A visit is written down again only after this long, so that reading does not write on every page.
GRAIN = timedelta(minutes=1)


def is_noted(seen_at: datetime | None) -> bool:
    """Whether a visit that was last noted at `seen_at` need not be noted again yet."""
    return seen_at is not None and timezone.now() - seen_at <= GRAIN


@transaction.atomic
def note_visit(questionnaire: Questionnaire, *, by: User) -> ReviewVisit:
    """That the person is at the responses now. A visit ends with a pause of 30 minutes; the next one then begins, and
    `since` is when the one before it ended (None during the first)."""
    now = timezone.now()
    visit, made = ReviewVisit.objects.select_for_update().get_or_create(
        user=by, questionnaire=questionnaire, defaults={"seen_at": now}
    )
    if not made and not is_noted(visit.seen_at):
        if now - visit.seen_at > PAUSE:
            visit.since = visit.seen_at
        visit.seen_at = now
        visit.save(update_fields=["since", "seen_at"])
    return visit


@transaction.atomic
def write_remark(
    submission: Submission, *, question_id: int, text: str, by: User, answers: Remark | None = None
) -> Remark:
    """Put a director's remark beside one answer of a submission, or a reply to one; the same words sent twice are one.

    A reply to a reply is one to the remark above it. Raises NothingSubmitted for a question that is not in the
    submission, and for a remark to reply to that is on another answer.
    """
    text = text.strip()
    if not text:
        raise ValueError("a remark says something")
    _check_holds(submission, question_id)
    if answers is not None:
        answers = answers.answers or answers
        is_here = answers.submission.response_id == submission.response_id and answers.question_id == question_id
        if not is_here:
            raise NothingSubmitted(_("The remark is on another answer."))
        submission = answers.submission
    # The response's row makes a double click wait for the first one; the submission's own is sealed.
    Response.objects.select_for_update().get(pk=submission.response_id)
    remark, _made = Remark.objects.get_or_create(
        submission=submission, question_id=question_id, text=text, written_by=by, answers=answers
    )
    return remark


def _check_holds(submission: Submission, question_id: int) -> None:
    if question_id not in submission.record.by_id:
        raise NothingSubmitted(_("The submission does not hold this question."))


@transaction.atomic
def make_theme(questionnaire: Questionnaire, *, name: str, by: User) -> Theme:
    """The theme of this name, whatever its case; made if there is none."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("a theme has a name")
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    theme = Theme.objects.filter(questionnaire=questionnaire, name__iexact=name).first()
    return theme or Theme.objects.create(questionnaire=questionnaire, name=name, made_by=by)


@transaction.atomic
def rename_theme(theme: Theme, *, name: str, by: User) -> Theme:
    """Give the theme another name. Raises ThemeTaken if another theme of the questionnaire has it."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("a theme has a name")
    locked = Theme.objects.select_for_update().get(pk=theme.pk)
    others = Theme.objects.filter(questionnaire=locked.questionnaire_id, name__iexact=name).exclude(pk=locked.pk)
    if others.exists():
        raise ThemeTaken(_("There is a theme of this name. Merge the two instead."))
    locked.name = name
    try:
        with transaction.atomic():
            locked.save(update_fields=["name"])
    except IntegrityError as error:
        raise ThemeTaken(_("There is a theme of this name. Merge the two instead.")) from error
    theme.refresh_from_db()
    return locked


@transaction.atomic
def merge_themes(theme: Theme, *, into: Theme, by: User) -> int:
    """Put the passages of `theme` under another one of the same questionnaire; the theme itself goes.

    Passages that both have stand once. Returns how many passages were put. Raises ThemeTaken for a theme of another
    questionnaire, or the same one.
    """
    if theme.pk == into.pk or theme.questionnaire_id != into.questionnaire_id:
        raise ThemeTaken(_("Choose another theme of this questionnaire."))
    list(Theme.objects.select_for_update().filter(pk__in=[theme.pk, into.pk]).order_by("pk"))
    kept = set(into.passages.filter(removed_at=None).values_list("submission", "question", "start", "end"))
    moved = 0
    for passage in theme.passages.all():
        place = (passage.submission_id, passage.question_id, passage.start, passage.end)
        if passage.removed_at is None and place in kept:
            passage.removed_at, passage.removed_by = timezone.now(), by
        elif passage.removed_at is None:
            moved += 1
        passage.theme = into
        passage.save(update_fields=["theme", "removed_at", "removed_by"])
    theme.delete()
    return moved


@transaction.atomic
def tag_passage(
    submission: Submission,
    *,
    question_id: int,
    text: str,
    theme: str,
    by: User,
    start: int | None = None,
    end: int | None = None,
) -> Passage:
    """Put words of an answer under a theme, by its name; made if there is none. Sent twice, it is one passage.

    The words are those from `start` to `end` (letters, not bytes) if they stand there, else where they stand first.
    Raises NothingSubmitted without an answer, PassageNotFound if the words do not stand in it.
    """
    answer = submission.answers.filter(question=question_id, question__kind__in=TAGGABLE).first()
    if answer is None:
        raise NothingSubmitted(_("There is no answer of words to this question."))
    place = place_of(text, answer.text, start, end)
    if place is None:
        raise PassageNotFound(_("These words do not stand in the answer. Copy them from it as they are."))
    Response.objects.select_for_update().get(pk=submission.response_id)
    found = make_theme(submission.response.questionnaire, name=theme, by=by)
    first, last = place
    passage, _made = Passage.objects.get_or_create(
        theme=found,
        submission=submission,
        question_id=question_id,
        start=first,
        end=last,
        removed_at=None,
        defaults={"text": answer.text[first:last], "tagged_by": by},
    )
    return passage


@transaction.atomic
def untag_passage(passage: Passage, *, by: User) -> None:
    """Take a passage off its theme; the row stays, with who did it. Done twice, it is done once."""
    locked = Passage.objects.select_for_update().get(pk=passage.pk)
    if locked.removed_at is None:
        locked.removed_at, locked.removed_by = timezone.now(), by
        locked.save(update_fields=["removed_at", "removed_by"])
    passage.refresh_from_db()


@transaction.atomic
def record_discussion(
    questionnaire: Questionnaire,
    *,
    by: User,
    meeting: Meeting | None = None,
    occasion: str = "",
    date: date | None = None,
    objective: Objective | None = None,
    question: Question | None = None,
    note: str = "",
) -> Discussion:
    """That the questionnaire, one objective or one question was discussed: at a meeting, or on another occasion on a
    day. The same one recorded twice is one. Raises DiscussionNowhere without either, or on an occasion without day."""
    occasion = " ".join(occasion.split())
    if meeting is None and not occasion:
        raise DiscussionNowhere(_("Choose a meeting, or name the occasion."))
    if meeting is None and date is None:
        raise DiscussionNowhere(_("Give the day of the occasion."))
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    discussion, _made = Discussion.objects.get_or_create(
        questionnaire=questionnaire,
        objective=objective,
        question=question,
        meeting=meeting,
        occasion="" if meeting else occasion,
        date=meeting.date if meeting else date,
        note=" ".join(note.split()),
        defaults={"recorded_by": by},
    )
    return discussion


@transaction.atomic
def strike_discussion(discussion: Discussion, *, by: User) -> None:
    """Take back a discussion that was recorded by mistake."""
    Discussion.objects.filter(pk=discussion.pk).delete()
