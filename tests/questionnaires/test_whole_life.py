"""The whole life of responses in any order: several people of two delegations, a secretariat, and nothing gets lost.

Hypothesis puts acts in a row, each through its operation. Beside the database stands a plain account of what the
portal acknowledged; after every act the two must agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from members.models import Delegate, Delegation, User
from questionnaires import operations
from questionnaires.exceptions import (
    AnswerChangedMeanwhile,
    ClearanceMissing,
    NothingToRestore,
    ResponseIncomplete,
    ResponseSealed,
)
from questionnaires.models import (
    Answer,
    AnswerRevision,
    Attachment,
    Edition,
    Question,
    Questionnaire,
    Response,
    Submission,
    SubmittedAnswer,
)
from questionnaires.operations import Change
from tests import factories
from tests.questionnaires import plain_conditions

pytestmark = pytest.mark.django_db

PEOPLE, PLACES = st.integers(0, 4), st.integers(0, 7)
WORDS = st.sampled_from(["short", "two\nlines", "çédille, 文字", "<b>&amp;</b>"])


@dataclass(frozen=True)
class Kept:
    """What one version of an answer holds: canonical JSON of its value and of the files beside it."""

    value: str
    files: str

    @classmethod
    def of(cls, row: Answer | AnswerRevision) -> Kept:
        return cls(sealing.canonical(row.value), sealing.canonical(row.files))


@dataclass
class Account:
    """What the portal acknowledged to one delegation."""

    delegation: Delegation
    mark: str  # stands in every text of this delegation, and in no text of another
    kept: dict[int, list[Kept]] = field(default_factory=lambda: defaultdict(list))  # by question, version by version
    sealed: list[tuple[int, str]] = field(default_factory=list)  # the key and the seal of each submission, in order

    cleared: dict[int, Kept] = field(default_factory=dict)  # the present answers when they were cleared last

    @property
    def present(self) -> dict[int, Kept]:
        """What stands now, by question."""
        return {question: kept[-1] for question, kept in self.kept.items() if kept}

    def version(self, question: int) -> int:
        return len(self.kept[question])


@dataclass
class Person:
    """Somebody at a page: the versions that stood on it when it was opened, and the conflicts shown since."""

    user: User
    account: Account
    seen: dict[int, int] = field(default_factory=dict)
    conflicts: dict[int, tuple[Any, int]] = field(default_factory=dict)  # what was typed, and the version of theirs


@dataclass(frozen=True)
class World:
    """What stands before the first act."""

    questionnaire: int
    earlier: int  # a questionnaire that both delegations have submitted
    officer: User
    delegations: tuple[Delegation, Delegation]
    people: tuple[tuple[User, int], ...]  # each with the place of the delegation
    focal_points: tuple[User, User]


def make_world() -> World:
    """An open questionnaire whose questions hang together, put to two delegations of two and three people."""
    questionnaire = factories.QuestionnaireFactory(opened=False)
    Question.objects.all().delete()
    first, second = questionnaire.sections.order_by("position")
    gate = factories.QuestionFactory(section=first, position=1, kind="yes_no", required=True)
    single = factories.QuestionFactory(section=first, position=2, kind="single")
    for place, (section, kind, condition, more) in enumerate(
        [
            (first, "long_text", {"question": gate.pk, "is": "one_of", "values": ["yes"]}, {}),
            (first, "short_text", None, {"takes_files": True}),
            (first, "file", None, {}),
            (second, "long_text", {"question": single.pk, "is": "one_of", "values": ["first"]}, {"required": True}),
            (second, "long_text", None, {}),
            (second, "scale", {"question": gate.pk, "is": "answered", "values": []}, {}),
        ],
        3,
    ):
        condition = condition and {"match": "all", "tests": [condition]}
        factories.QuestionFactory(section=section, position=place, kind=kind, condition=condition, **more)
    officer = factories.UserFactory(is_staff=True)
    operations.open_questionnaire(questionnaire, by=officer)
    delegations = factories.DelegationFactory(), factories.DelegationFactory()
    earlier = factories.QuestionnaireFactory()
    for delegation in delegations:
        factories.SubmissionFactory(response__questionnaire=earlier, response__delegation=delegation)
    people, focal_points = [], []
    for place, delegation in enumerate(delegations):
        roles = [Delegate.Role.FOCAL_POINT, *[Delegate.Role.CONTRIBUTOR] * (1 + place)]
        users = [factories.DelegateFactory(delegation=delegation, role=role).user for role in roles]
        people += [(user, place) for user in users]
        focal_points.append(users[0])
    return World(questionnaire.pk, earlier.pk, officer, delegations, tuple(people), (focal_points[0], focal_points[1]))


class Life(RuleBasedStateMachine):
    """One example: everything between the first act and the last, rolled back afterwards."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.fresh = count(1)
        self.questionnaire = Questionnaire.objects.get(pk=self.world.questionnaire)
        self.accounts = [
            Account(delegation, f"mark-of-{place}") for place, delegation in enumerate(self.world.delegations)
        ]
        self.people = [Person(user, self.accounts[place]) for user, place in self.world.people]

    def teardown(self) -> None:
        """What only grows is looked at once, at the end."""
        try:
            self.no_draft_holds_a_text_of_others()
            for submission in Submission.objects.filter(response__questionnaire=self.questionnaire):
                self.check_submission(submission)
        finally:
            self.roll_back()

    def roll_back(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    # What the acts below share
    def person(self, number: int) -> Person:
        return self.people[number % len(self.people)]

    def response(self, account: Account) -> Response | None:
        rows = Response.objects.select_related("edition", "questionnaire")
        return rows.filter(questionnaire=self.questionnaire, delegation=account.delegation).first()

    def questions(self, account: Account) -> list[Any]:
        """The questions that the delegation has before it."""
        response = self.response(account)
        edition = response.edition if response else Edition.objects.filter(questionnaire=self.questionnaire).last()
        assert edition is not None
        return list(edition.questions)

    def text(self, person: Person, words: str) -> str:
        return f"{person.account.mark} {words} {next(self.fresh)}"

    def is_submitted(self, account: Account) -> bool:
        response = self.response(account)
        return response is not None and response.state == Response.State.SUBMITTED

    def answers(self, account: Account) -> models.QuerySet[Answer]:
        rows = Answer.objects.filter(response__questionnaire=self.questionnaire)
        return rows.filter(response__delegation=account.delegation)

    def write(self, account: Account, act: Callable[[], Any]) -> Refusal | None:
        """Do what may store next versions of answers, and enter what is acknowledged; the refusal, if it is one."""
        try:
            with transaction.atomic():
                act()
        except Refusal as refusal:
            return refusal
        for row in self.answers(account):
            if row.version > account.version(row.question_id):
                assert row.version == account.version(row.question_id) + 1
                account.kept[row.question_id].append(Kept.of(row))
        return None

    def send(self, person: Person, question: int, value: Any, base: int) -> None:
        """Save a field, as a person's page would."""
        account, before = person.account, person.account.version(question)
        change = Change(question, value, base)
        questionnaire = Questionnaire.objects.get(pk=self.questionnaire.pk)
        refusal = self.write(
            account, lambda: operations.save_answer(questionnaire, account.delegation, change, by=person.user)
        )
        if isinstance(refusal, AnswerChangedMeanwhile):
            assert refusal.answer.version == before
            person.conflicts[question] = (value, before)
            return
        if refusal is not None:
            assert isinstance(refusal, ResponseSealed)
            assert self.is_submitted(account)
            return
        after = account.version(question)
        if after > before:
            # Nobody's text went under one that its writer had not seen: only files may have come in between.
            assert before == base or account.kept[question][base - 1].value == account.kept[question][before - 1].value
            assert account.kept[question][-1].value == sealing.canonical(value)
        else:
            stored = account.kept[question][-1].value if after else "null"
            assert stored == sealing.canonical(value)
        person.seen[question] = after
        person.conflicts.pop(question, None)

    # The delegations
    @rule(who=PEOPLE)
    def open_the_page(self, who: int) -> None:
        person = self.person(who)
        person.seen = {question.id: person.account.version(question.id) for question in self.questions(person.account)}
        person.conflicts.clear()

    @rule(who=PEOPLE, place=PLACES, words=WORDS, blank=st.integers(0, 5))
    def edit(self, who: int, place: int, words: str, blank: int) -> None:
        person = self.person(who)
        questions = [question for question in self.questions(person.account) if question.kind != "file"]
        question = questions[place % len(questions)]
        value: Any = self.text(person, words)
        if question.kind == "yes_no":
            value = "yes" if len(words) % 2 else "no"
        elif question.kind == "single":
            value = {"choice": question.choices[len(words) % 2].key, "other": ""}
        elif question.kind == "scale":
            value = 1 + len(words) % 5
        self.send(person, question.id, value if blank else None, person.seen.get(question.id, 0))

    @precondition(lambda self: any(person.conflicts for person in self.people))
    @rule(who=PEOPLE, pick=st.sampled_from(["mine", "theirs", "merged"]))
    def pick(self, who: int, pick: str) -> None:
        people = [person for person in self.people if person.conflicts]
        person = people[who % len(people)]
        question, (mine, theirs) = next(iter(person.conflicts.items()))
        if pick == "theirs":
            person.seen[question] = theirs
            del person.conflicts[question]
            return
        if pick == "merged" and isinstance(mine, str) and person.account.mark in mine:
            mine = f"{person.account.kept[question][theirs - 1].value} and {mine}"
        self.send(person, question, mine, theirs)

    @rule(place=st.integers(0, 1))
    def fill_in_what_is_missing(self, place: int) -> None:
        """A focal point reads the page anew and answers what stops the submission."""
        account = self.accounts[place]
        person = next(person for person in self.people if person.account is account)
        for question in self.questions(account):
            blank = not account.kept[question.id] or account.kept[question.id][-1].value == "null"
            if question.required and blank:
                value = "yes" if question.kind == "yes_no" else self.text(person, "in time")
                self.send(person, question.id, value, account.version(question.id))

    @rule(who=PEOPLE, place=PLACES, version=st.integers(1, 4))
    def restore(self, who: int, place: int, version: int) -> None:
        person = self.person(who)
        account, response = person.account, self.response(person.account)
        if response is None:
            return
        questions = self.questions(account)
        question = questions[place % len(questions)].id
        before, base = account.version(question), person.seen.get(question, 0)
        refusal = self.write(
            account,
            lambda: operations.restore_answer(
                response, question_id=question, version=version, base_version=base, by=person.user
            ),
        )
        if isinstance(refusal, AnswerChangedMeanwhile):
            assert base != before
        elif isinstance(refusal, NothingToRestore):
            assert version > before
        elif refusal is not None:
            assert isinstance(refusal, ResponseSealed)
            assert self.is_submitted(account)
        else:
            assert account.kept[question][-1] == account.kept[question][version - 1]
            assert account.version(question) == before or base == before
            person.seen[question] = account.version(question)

    @rule(who=PEOPLE)
    def take_over_earlier_answers(self, who: int) -> None:
        person = self.person(who)
        account = person.account
        values = {
            question.id: self.text(person, "of an earlier response")
            for question in self.questions(account)
            if question.kind in ("short_text", "long_text")
        }
        before = {question: account.version(question) for question in values}
        source = Submission.objects.get(
            response__delegation=account.delegation, response__questionnaire=self.world.earlier
        )
        questionnaire = Questionnaire.objects.get(pk=self.questionnaire.pk)
        refusal = self.write(
            account,
            lambda: operations.prefill_response(
                questionnaire, account.delegation, source=source, values=values, seen=person.seen, by=person.user
            ),
        )
        assert refusal is None or self.is_submitted(account)
        for question, version in before.items():
            if account.version(question) > version:
                assert person.seen.get(question, 0) == version
                person.seen[question] = version + 1

    @rule(who=PEOPLE)
    def confirm(self, who: int) -> None:
        """Vouch for whatever is not confirmed, as it stands on the person's page."""
        person = self.person(who)
        response = self.response(person.account)
        if response is None:
            return
        for answer in response.answers.exclude(prefilled_from=None):
            seen = person.seen.get(answer.question_id, 0)
            refusal = self.write(
                person.account,
                lambda pk=answer.question_id, version=seen: operations.confirm_answer(
                    response, question_id=pk, version=version, by=person.user
                ),
            )
            assert (refusal is None) == (seen == answer.version and not self.is_submitted(person.account))

    @rule(place=st.integers(0, 1))
    def have_it_cleared(self, place: int) -> None:
        """A focal point asks for clearance, and records at once that it was given."""
        account, by = self.accounts[place], self.world.focal_points[place]
        response = self.response(account)
        if response is None or response.state in (Response.State.SUBMITTED, Response.State.CLEARED):
            return
        questionnaire = Questionnaire.objects.get(pk=self.questionnaire.pk)
        operations.require_clearance(questionnaire, account.delegation, required=True, by=by)
        clearance = operations.send_for_clearance(questionnaire, account.delegation, of=None, by=by)
        operations.record_clearance(clearance, name="Sample Office", on=today(), seen=response.changed_at, by=by)
        account.cleared = account.present

    @rule(place=st.integers(0, 1))
    def submit(self, place: int) -> None:
        account, by = self.accounts[place], self.world.focal_points[place]
        response = self.response(account)
        if response is None:
            return
        edition = response.edition.number
        try:
            with transaction.atomic():
                submission = operations.submit_response(response, by=by)
        except ResponseSealed:
            assert self.is_submitted(account)
        except (ResponseIncomplete, ClearanceMissing):
            assert not self.is_submitted(account)
        else:
            # Where a clearance is asked for, what goes out is what was cleared.
            assert not response.requires_clearance or account.cleared == account.present
            assert submission.edition_number == edition
            account.sealed.append((submission.pk, submission.sha256))

    @rule(place=st.integers(0, 1))
    def be_returned(self, place: int) -> None:
        account = self.accounts[place]
        response = self.response(account)
        if response is None or response.state != Response.State.SUBMITTED:
            return
        operations.return_response(response, reason="Sample reason", by=self.world.officer)

    # Whoever holds the keys of the database
    @rule(table=st.sampled_from([Answer, AnswerRevision, Attachment, Submission, SubmittedAnswer, Edition, Question]))
    def nobody_deletes(self, table: type[models.Model]) -> None:
        """What an answer hangs on cannot be taken away: neither by Django nor by a statement to the database."""
        rows = {
            Question: Question.objects.filter(pk__in=AnswerRevision.objects.values("answer__question")),
            Edition: Edition.objects.filter(questionnaire=self.questionnaire),
            Answer: Answer.objects.all(),
        }.get(table)
        if rows is None or not AnswerRevision.objects.exists() or not rows.exists():
            return
        with pytest.raises(ProtectedError):
            rows.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            self.delete_at_once(rows)

    def delete_at_once(self, rows: models.QuerySet[Any]) -> None:
        rows._raw_delete(rows.db)
        connection.check_constraints()  # else the database would look at the end of the transaction only

    # What must hold after every act
    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        for account in self.accounts:
            rows = AnswerRevision.objects.filter(
                answer__response__delegation=account.delegation, answer__response__questionnaire=self.questionnaire
            ).order_by("answer", "version")
            found: dict[int, list[Kept]] = defaultdict(list)
            for revision in rows.select_related("answer"):
                found[revision.answer.question_id].append(Kept.of(revision))
                assert revision.version == len(found[revision.answer.question_id])
            assert found == {question: kept for question, kept in account.kept.items() if kept}
            for answer in self.answers(account):
                assert answer.version == account.version(answer.question_id)
                assert Kept.of(answer) == account.kept[answer.question_id][-1]

    def no_draft_holds_a_text_of_others(self) -> None:
        for account, other in (self.accounts, self.accounts[::-1]):
            for revision in AnswerRevision.objects.filter(answer__response__delegation=account.delegation):
                assert other.mark not in sealing.canonical([revision.value, revision.files])
            for submission in Submission.objects.filter(response__delegation=account.delegation):
                assert other.mark not in submission.content

    @invariant()
    def every_submission_stands_as_it_was_sealed(self) -> None:
        for account in self.accounts:
            rows = list(
                Submission.objects.filter(
                    response__delegation=account.delegation, response__questionnaire=self.questionnaire
                ).order_by("number")
            )
            assert [(row.pk, row.sha256) for row in rows] == account.sealed
            assert [row.number for row in rows] == list(range(1, len(rows) + 1))
            assert all(row.is_intact for row in rows)
            response = self.response(account)
            if response is not None:
                assert response.record_id == (rows[-1].pk if rows else None)
                if response.state == Response.State.SUBMITTED:
                    assert response.edition.number == rows[-1].edition_number

    def check_submission(self, row: Submission) -> None:
        assert row.is_intact
        content = row.record.raw
        assert sealing.canonical(content) == row.content
        edition = Edition.objects.get(questionnaire=self.questionnaire, number=row.edition_number)
        assert content["edition"] == edition.number
        sealed = {question["id"]: question for section in content["sections"] for question in section["questions"]}
        assert list(sealed) == [question.id for question in edition.questions]
        values = {pk: question["answer"] for pk, question in sealed.items()}
        asked = plain_conditions.asked(content, values)
        for pk, question in sealed.items():
            assert question["asked"] == (pk in asked)
            if pk not in asked:
                assert (question["answer"], question["attached"], question["answer_text"]) == (None, [], "")
        copies = {
            copy.question_id: (copy.value, copy.text, copy.quote)
            for copy in SubmittedAnswer.objects.filter(submission=row)
        }
        assert copies == {
            pk: (question["answer"], question["answer_text"], question["quote"])
            for pk, question in sealed.items()
            if question["answer"] is not None
        }


def test_no_order_of_acts_loses_a_word() -> None:
    Life.world = make_world()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
