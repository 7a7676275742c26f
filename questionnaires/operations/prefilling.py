"""The delegation: taking over answers of an earlier response, and vouching for each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Delegation, User
from questionnaires.exceptions import AnswerChangedMeanwhile
from questionnaires.models import Answer, AnswerOrigin, Questionnaire, Response, Submission
from questionnaires.operations.together import put_version
from questionnaires.operations.writing import answers_changed, response_for_writing


@dataclass
class Prefilled:
    """What became of the answers that somebody chose to take over, by question id."""

    taken: list[int] = field(default_factory=list)
    changed_meanwhile: list[int] = field(default_factory=list)


@transaction.atomic
def prefill_response(
    questionnaire: Questionnaire,
    delegation: Delegation,
    *,
    source: Submission,
    values: Mapping[int, Any],
    seen: Mapping[int, int],
    by: User,
) -> tuple[Response, Prefilled]:
    """Take over answers of an earlier submission of the same delegation, each marked until somebody confirms it.

    `values` are the answers by question id, `seen` the version of each that stood on the page (0: none). One that was
    saved since stays as it is and is reported; one that stands already is left alone. Raises QuestionnaireClosed,
    ResponseSealed.
    """
    if source.response.delegation_id != delegation.pk:
        raise ValueError("a delegation takes over its own answers only")
    now = timezone.now()
    response, begun = response_for_writing(questionnaire, delegation, now)
    known = response.edition.questions.by_id
    rows = {answer.question_id: answer for answer in response.answers.filter(question__in=values)}
    done = Prefilled()
    for question_id, value in values.items():
        if question_id not in known:
            continue
        answer = rows.get(question_id) or Answer(response=response, question_id=question_id, version=0)
        if answer.version != seen.get(question_id, 0):
            done.changed_meanwhile.append(question_id)
        elif answer.value != value:
            put_version(answer, value, answer.files, origin=AnswerOrigin.PREFILLED, by=by, now=now, source=source)
            done.taken.append(question_id)
    if done.taken:
        answers_changed(response, now)
    elif begun:
        response.delete()  # nothing was taken: the response has not begun
    return response, done


@transaction.atomic
def confirm_answer(response: Response, *, question_id: int, version: int, by: User) -> Answer:
    """Vouch for an answer that was taken from an earlier response, as the writer read it (`version`).

    The text stays as it is and is now saved by who vouches for it; a second time changes nothing. Raises
    AnswerChangedMeanwhile if another text stands there by now, QuestionnaireClosed, ResponseSealed.
    """
    locked, _begun = response_for_writing(response.questionnaire, response.delegation, timezone.now())
    answer = locked.answers.select_related("saved_by").get(question=question_id)
    if answer.version != version:
        raise AnswerChangedMeanwhile(_("A colleague changed this answer while you were reading."), answer)
    _confirm([answer], by)
    return answer


@transaction.atomic
def confirm_answers(response: Response, *, versions: Mapping[int, int], by: User) -> int:
    """Vouch for several answers at once, each as it was read; how many. What was changed since is left alone.

    Raises QuestionnaireClosed, ResponseSealed.
    """
    locked, _begun = response_for_writing(response.questionnaire, response.delegation, timezone.now())
    rows = locked.answers.filter(question__in=versions, prefilled_from__isnull=False)
    unchanged = [answer for answer in rows if answer.version == versions[answer.question_id]]
    _confirm(unchanged, by)
    return len(unchanged)


def _confirm(answers: Collection[Answer], by: User) -> None:
    now = timezone.now()
    for answer in answers:
        if answer.prefilled_from_id is not None:
            answer.prefilled_from, answer.saved_at, answer.saved_by = None, now, by
            answer.save(update_fields=["prefilled_from", "saved_at", "saved_by"])
