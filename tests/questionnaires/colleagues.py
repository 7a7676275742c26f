"""What the tests of working together share: a response of two sections, a guest of the first one, and ways to post."""

from __future__ import annotations

from typing import Any

from icoca_portal.outbox.models import Message
from members.models import Delegation, User
from questionnaires import operations
from questionnaires.models import Answer, Guest, Question, Questionnaire, Response
from tests.factories import question_of
from tests.questionnaires.answering import address

HTMX = {"HX-Request": "true"}


def section_id(questionnaire: Questionnaire, number: int = 1) -> int:
    """The key of a section by its number."""
    edition: Any = questionnaire.edition
    return int(edition.questions.section(number).id)


def invite(
    questionnaire: Questionnaire, delegation: Delegation, by: User, *numbers: int, email: str = "guest@sample.example"
) -> Guest:
    """A guest of the sections with these numbers (default: the first)."""
    return operations.invite_guest(
        questionnaire,
        delegation,
        name="Sample Guest",
        email=email,
        language="en",
        section_ids=[section_id(questionnaire, number) for number in numbers or (1,)],
        by=by,
    )


def write(response: Response, kind: str, value: Any, by: User) -> Answer:
    """Another text for the first question of a kind, over the one that stands."""
    question = question_of(response.questionnaire, kind)
    stands = Answer.objects.filter(response=response, question=question).first()
    change = operations.Change(question.pk, value, stands.version if stands else 0)
    operations.save_answers(response.questionnaire, response.delegation, [change], by=by)
    return Answer.objects.get(response=response, question=question)


def beside(name: str, question: Question) -> str:
    """The address of something beside one question."""
    return address(name, question.section.position, question.pk)


def mail_to(user: User) -> list[Message]:
    return list(Message.objects.filter(recipient=user.email).order_by("pk"))


def clear(response: Response, by: User) -> None:
    """Have the draft cleared by the capital, as the focal point records it."""
    clearance = operations.send_for_clearance(response.questionnaire, response.delegation, of=None, by=by)
    response.refresh_from_db()
    operations.record_clearance(
        clearance,
        name="Sample Official, Sample ministry",
        on=response.started_at.date(),
        seen=response.changed_at,
        by=by,
    )
    response.refresh_from_db()
