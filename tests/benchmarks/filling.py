"""A large portal, filled in seconds: the rows that the operations would have written, thousands at a time.

Every questionnaire is opened by its operation, and every submission is composed by the function that the operation
itself calls (`compose_submission`); only the storing is done in bulk, and no mail is queued.
tests/questionnaires/test_bulk_filling.py compares the rows with those of the operations, column by column.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from icoca_portal.lib import sealing
from members.models import Delegate, Delegation, Directorship, Organisation, Participation, User
from questionnaires import operations, results
from questionnaires.editions import EditionContent, FrozenQuestion, choices_of
from questionnaires.models import (
    Answer,
    AnswerRevision,
    Invitation,
    Objective,
    Question,
    Questionnaire,
    Remark,
    Response,
    Results,
    Section,
    StrategicPlan,
    Submission,
    SubmittedAnswer,
)
from questionnaires.operations.submitting import compose_submission

# What every twelve questions are; a questionnaire of sixty has each five times.
TWELVE = (
    "long_text",
    "scale",
    "single",
    "short_text",
    "long_text",
    "scale",
    "multiple",
    "yes_no",
    "long_text",
    "number",
    "ranking",
    "matrix",
)
CHOICES = "Very well\nWell\nPartly\nNot at all"
WORDS = [
    *("sample", "government", "client", "company", "member", "oversight", "certification", "complaint", "vetting"),
    *("training", "review", "guidance", "standard", "region", "contract", "funding", "visit", "report", "question"),
]
# A round keeps this many responses in memory.
ROUND = 500
DIRECTOR = "bench.director@sample.example"
SINCE = date(2015, 1, 1)
Item = TypeVar("Item")


def batched(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Tuples of `size`, the last one perhaps shorter (`itertools.batched`, which Python 3.11 has not)."""
    rest = iter(items)
    while part := tuple(islice(rest, size)):
        yield part


@dataclass(frozen=True)
class Filled:
    """One questionnaire with its submitted responses, and the two drafts that a run works on."""

    questionnaire: Questionnaire
    responses: int
    questions: int
    sections: int
    drafts: tuple[Response, ...]


def fill_people(count: int) -> list[Delegate]:
    """So many participants, each with a delegation, a focal point and a contributor; returns the focal points."""
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Sample State {number:05}", slug=f"bench-{number:05}", code=f"b{number:05}", kind="state")
        for number in range(count)
    )
    Participation.objects.bulk_create(
        Participation(organisation=row, valid_from=date(2008, 9, 17), source="Sample source") for row in organisations
    )
    delegations = Delegation.objects.bulk_create(Delegation(organisation=row) for row in organisations)
    focal_points: list[Delegate] = []
    for role in (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR):
        users = User.objects.bulk_create(
            User(email=f"bench.{role.split()[0]}.{number}@sample.example", name=f"Sample {role} {number}", password="!")
            for number in range(count)
        )
        rows = Delegate.objects.bulk_create(
            Delegate(user=user, delegation=delegation, role=role, valid_from=SINCE)
            for user, delegation in zip(users, delegations, strict=True)
        )
        focal_points = focal_points or rows
    return focal_points


def fill_director() -> User:
    """A director of the Board with an account."""
    user = User.objects.create_user(DIRECTOR, name="Sample Director")
    Directorship.objects.create(
        user=user, person_name=user.name, pillar="government", valid_from=SINCE, source="Sample source"
    )
    return user


def design(slug: str, questions: int, *, sections: int, by: User) -> Questionnaire:
    """An open questionnaire of so many questions in so many sections, each about an objective of its own."""
    plan, _made = StrategicPlan.objects.get_or_create(slug="bench-plan", defaults={"title": "Sample strategic plan"})
    questionnaire = Questionnaire.objects.create(
        title=f"Sample questionnaire of {questions} questions",
        slug=slug,
        code=f"B{questions}",
        plan=plan,
        deadline=timezone.now() + timedelta(days=30),
    )
    kinds = [TWELVE[number % len(TWELVE)] for number in range(questions)]
    for number, part in enumerate(batched(kinds, questions // sections), 1):
        objective, _made = Objective.objects.get_or_create(
            plan=plan, number=number, defaults={"title": f"Sample objective {number}"}
        )
        section = Section.objects.create(
            questionnaire=questionnaire, position=number, title=f"Sample section {number}", objective=objective
        )
        for place, kind in enumerate(part, 1):
            Question.objects.create(
                section=section,
                position=place,
                kind=kind,
                text=f"Sample question {number}.{place}: what does your delegation make of this sample objective?",
                help_text="A sample line of help.",
                required=place == 1,
                choices=choices_of(CHOICES) if kind in ("single", "multiple", "ranking", "matrix") else [],
                rows=choices_of("For companies\nFor clients") if kind == "matrix" else [],
                has_other=kind == "multiple",
                low_label="not important" if kind == "scale" else "",
                high_label="very important" if kind == "scale" else "",
            )
    operations.open_questionnaire(questionnaire, by=by)
    return questionnaire


def value_for(question: FrozenQuestion, dice: random.Random) -> Any:
    """A good answer; one in twenty of those that are not required stays blank."""
    if not question.required and dice.random() < 0.05:
        return None
    keys = [choice.key for choice in question.choices]
    match question.kind:
        case "long_text":
            return " ".join(dice.choices(WORDS, k=dice.randint(20, 120))).capitalize() + "."
        case "short_text":
            return " ".join(dice.choices(WORDS, k=4)).capitalize()
        case "scale":
            return dice.randint(1, 5)
        case "yes_no":
            return dice.choice(["yes", "no"])
        case "single":
            return {"choice": dice.choice(keys), "other": ""}
        case "multiple":
            return {"choices": [key for key in keys if dice.random() < 0.5] or keys[:1], "other": ""}
        case "number":
            return str(dice.randint(0, 5000))
        case "ranking":
            return {key: rank for rank, key in enumerate(dice.sample(keys, len(keys)), 1)}
        case "matrix":
            return {row.key: dice.choice(keys) for row in question.rows}
    raise ValueError(question.kind)


def fill_responses(
    questionnaire: Questionnaire, delegates: Sequence[Delegate], *, seed: int = 0, submitted: bool = True
) -> list[Response]:
    """One whole response for each of these focal points, submitted at once unless `submitted` is false."""
    edition = questionnaire.edition
    assert edition is not None
    content, dice = edition.questions, random.Random(seed)
    began = timezone.now() - timedelta(days=9)
    responses: list[Response] = []
    numbers = dice.sample(range(10_000, 100_000), len(delegates))
    for number, part in enumerate(batched(delegates, ROUND)):
        now = began + timedelta(minutes=number)
        with transaction.atomic():
            made = _responses(questionnaire, part, now)
            drafts = _drafts(content, made, part, now, dice)
            if submitted:
                for response in made:
                    response.neutral_number = numbers.pop()
                _submit(list(zip(made, drafts, part, strict=True)), now)
        responses += made
    return responses


def _responses(questionnaire: Questionnaire, delegates: Sequence[Delegate], now: datetime) -> list[Response]:
    Invitation.objects.bulk_create(
        (
            Invitation(
                questionnaire=questionnaire,
                delegation=row.delegation,
                invited_at=now,
                invited_by=questionnaire.opened_by,
                opened_at=now,
                opened_by=row.user,
            )
            for row in delegates
        ),
        ignore_conflicts=True,
    )
    return Response.objects.bulk_create(
        Response(
            questionnaire=questionnaire,
            delegation=row.delegation,
            edition=questionnaire.edition,
            edition_read=questionnaire.edition.number,
            started_at=now,
            changed_at=now,
        )
        for row in delegates
    )


def _drafts(
    content: EditionContent, responses: Sequence[Response], by: Sequence[Delegate], now: datetime, dice: random.Random
) -> list[dict[int, Answer]]:
    """The answers of each response by question id, with the one revision that a first save leaves."""
    drafts: list[dict[int, Answer]] = []
    for response, delegate in zip(responses, by, strict=True):
        values = {question.id: value_for(question, dice) for question in content}
        drafts.append(
            {
                pk: Answer(response=response, question_id=pk, value=value, saved_at=now, saved_by=delegate.user)
                for pk, value in values.items()
                if value is not None
            }
        )
    rows = Answer.objects.bulk_create(answer for draft in drafts for answer in draft.values())
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer, version=answer.version, value=answer.value, saved_at=now, saved_by_id=answer.saved_by_id
        )
        for answer in rows
    )
    return drafts


def _submit(work: Sequence[tuple[Response, dict[int, Answer], Delegate]], now: datetime) -> None:
    composed = [
        compose_submission(response, draft, number=1, by=delegate.user, now=now) for response, draft, delegate in work
    ]
    Submission.objects.bulk_create(submission for submission, _answers in composed)
    for submission, answers in composed:
        for answer in answers:
            answer.submission_id = submission.pk
    SubmittedAnswer.objects.bulk_create(answer for _submission, answers in composed for answer in answers)
    for (response, _draft, _delegate), (submission, _answers) in zip(work, composed, strict=True):
        response.state, response.record = Response.State.SUBMITTED, submission
    done = [response for response, _draft, _delegate in work]
    Response.objects.bulk_update(done, ["state", "record", "neutral_number"])


def fill_remarks(questionnaire: Questionnaire, director: User, count: int) -> None:
    """A remark on the first question of so many submissions."""
    first = next(iter(questionnaire.edition.questions))
    submissions = Submission.objects.filter(response__questionnaire=questionnaire).order_by("pk")[:count]
    Remark.objects.bulk_create(
        Remark(submission=submission, question_id=first.id, text="A sample remark.", written_by=director)
        for submission in submissions.defer("content")
    )


def fill(sizes: Sequence[tuple[int, int, int]]) -> Iterator[Filled]:
    """For each ``(responses, questions, sections)`` a questionnaire with that many submissions, and two drafts."""
    officer = User.objects.create_user("bench.officer@sample.example", name="Sample Officer", is_staff=True)
    # Opened before there are people, so that nobody is written to.
    opened = [design(f"bench-{questions}", questions, sections=parts, by=officer) for _count, questions, parts in sizes]
    delegates = fill_people(max(count for count, _questions, _parts in sizes) + 2)
    director = fill_director()
    for number, (questionnaire, (count, questions, parts)) in enumerate(zip(opened, sizes, strict=True)):
        fill_responses(questionnaire, delegates[2 : count + 2], seed=number)
        drafts = fill_responses(questionnaire, delegates[:2], seed=number, submitted=False)
        fill_remarks(questionnaire, director, count // 25)
        yield Filled(questionnaire, count, questions, parts, tuple(drafts))


def publish(questionnaire: Questionnaire, by: User) -> None:
    """Close a questionnaire and publish what its operation would, without writing to anybody."""
    operations.close_questionnaire(questionnaire, by=by)
    text = sealing.canonical(results.compose(questionnaire).content)
    Results.objects.create(
        questionnaire=questionnaire,
        content=text,
        sha256=sealing.digest(text),
        released=[],
        published_at=timezone.now(),
        published_by=by,
    )
    questionnaire.state = Questionnaire.State.PUBLISHED
    questionnaire.save(update_fields=["state"])


def take_stock() -> None:
    """Let the database count its rows, as the one of a portal in use has done."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
