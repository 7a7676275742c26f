"""The whole life of responses in any order: several people of two delegations, a secretariat, and nothing gets lost.

Hypothesis puts acts in a row, each through its operation. Beside the database stands a plain account of what the
portal acknowledged; after every act the two must agree.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from questionnaires import operations
from questionnaires.exceptions import (
    AnswerChangedMeanwhile,
    ClearanceMissing,
    NothingChanged,
    NothingToRestore,
    QuestionNoLongerAsked,
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
from tests.questionnaires import plain_conditions
from tests.questionnaires.life import Account, Kept, Person, World, make_world

pytestmark = pytest.mark.django_db

PEOPLE, PLACES = st.integers(0, 4), st.integers(0, 7)
WORDS = st.sampled_from(["short", "two\nlines", "çédille, 文字", "<b>&amp;</b>"])


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
            self.every_file_is_still_there()
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
            self.check_refusal(refusal, account, question)
            return
        after = account.version(question)
        if after > before:
            # Nobody's text went under one that its writer had not seen: only files may have come in between.
            assert before == base or account.text(question, base) == account.text(question, before)
            assert account.kept[question][-1].value == sealing.canonical(value)
        else:
            assert account.text(question, after) == sealing.canonical(value)
        person.seen[question] = after
        person.conflicts.pop(question, None)

    def check_refusal(self, refusal: Refusal, account: Account, question: int) -> None:
        """A change is refused only where the response is sealed, or its edition does not ask the question."""
        if isinstance(refusal, QuestionNoLongerAsked):
            assert all(asked.id != question for asked in self.questions(account))
        else:
            assert isinstance(refusal, ResponseSealed)
            assert self.is_submitted(account)

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
            self.check_refusal(refusal, account, question)
        else:
            assert account.kept[question][-1] == account.kept[question][version - 1]
            assert account.version(question) == before or base == before
            person.seen[question] = account.version(question)

    @rule(who=PEOPLE, place=PLACES)
    def attach_a_file(self, who: int, place: int) -> None:
        person = self.person(who)
        account = person.account
        questions = [row for row in self.questions(account) if row.kind == "file" or row.files]
        if not questions:
            return
        question = questions[place % len(questions)].id
        name = f"{account.mark}-{next(self.fresh)}.txt"
        upload = SimpleUploadedFile(name, name.encode())
        before = account.version(question)
        questionnaire = Questionnaire.objects.get(pk=self.questionnaire.pk)
        refusal = self.write(
            account,
            lambda: operations.attach_file(questionnaire, account.delegation, question, upload, by=person.user),
        )
        if refusal is not None:
            self.check_refusal(refusal, account, question)
        else:
            assert account.version(question) == before + 1
            kept = account.kept[question][-1]
            assert name in kept.value + kept.files

    @rule(place=PLACES)
    def remove_a_file(self, place: int) -> None:
        person = self.person(place)
        account, questionnaire = person.account, Questionnaire.objects.get(pk=self.questionnaire.pk)
        for answer in self.answers(account).order_by("question"):
            files = answer.files or (answer.value if isinstance(answer.value, list) else [])
            if not files:
                continue
            question, attachment = answer.question_id, files[place % len(files)]["attachment"]
            refusal = self.write(
                account,
                partial(
                    operations.remove_file, questionnaire, account.delegation, question, attachment, by=person.user
                ),
            )
            if refusal is not None:
                self.check_refusal(refusal, account, question)
            return

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
                partial(
                    operations.confirm_answer,
                    response,
                    question_id=answer.question_id,
                    version=seen,
                    by=person.user,
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

    # The secretariat
    @precondition(lambda self: Edition.objects.filter(questionnaire=self.questionnaire).count() < 6)
    @rule(what=st.sampled_from(["word", "remove", "restore", "add", "choices", "condition"]), place=PLACES)
    def publish_another_edition(self, what: str, place: int) -> None:
        """Change the design and put it before everybody who has not submitted; their answers stay."""
        with suppress(Refusal), transaction.atomic():  # a condition may look at what would be removed
            self.redesign(what, place)
        before = {account.mark: self.response(account) for account in self.accounts}
        latest = Edition.objects.filter(questionnaire=self.questionnaire).latest("number")
        questionnaire = Questionnaire.objects.get(pk=self.questionnaire.pk)
        try:
            with transaction.atomic():
                edition = operations.publish_edition(questionnaire, by=self.world.officer)
        except NothingChanged:
            return
        assert edition.number == latest.number + 1
        for account in self.accounts:
            old, new = before[account.mark], self.response(account)
            if old is not None and new is not None:
                assert new.edition == (old.edition if old.state == Response.State.SUBMITTED else edition)

    def redesign(self, what: str, place: int) -> None:
        by, rows = self.world.officer, Question.objects.filter(section__questionnaire=self.questionnaire)
        standing = list(rows.standing().order_by("section__position", "position"))
        question = standing[place % len(standing)]
        if what == "word":
            values: dict[str, Any] = {"text": f"Sample question, worded anew {next(self.fresh)}?"}
            operations.change_question(question, values, version=question.version, by=by)
        elif what == "remove" and len(standing) > 4:
            operations.remove_question(question, by=by)
        elif what == "restore" and (removed := rows.exclude(removed_at=None).first()):
            operations.restore_question(removed, by=by)
        elif what == "add":
            values = {"kind": "long_text", "text": f"Sample question, added {next(self.fresh)}?"}
            operations.add_question(question.section, values, by=by)
        elif what == "choices" and (single := next((row for row in standing if row.kind == "single"), None)):
            values = {"choices": [*single.choices[::-1], {"key": "", "label": f"Another {next(self.fresh)}"}]}
            operations.change_question(single, values, version=single.version, by=by)
        elif what == "condition" and question.condition:
            operations.change_question(question, {"condition": None}, version=question.version, by=by)

    # Whoever holds the keys of the database
    @rule(table=st.sampled_from([Answer, Edition, Question]))
    def nobody_deletes(self, table: type[models.Model]) -> None:
        """What an answer hangs on cannot be taken away: neither by Django nor by a statement to the database."""
        rows = {
            Question: Question.objects.filter(pk__in=AnswerRevision.objects.values("answer__question")),
            Edition: Edition.objects.filter(questionnaire=self.questionnaire),
            Answer: Answer.objects.all(),
        }[table]
        begun = AnswerRevision.objects.filter(answer__response__questionnaire=self.questionnaire)
        if not begun.exists():
            return
        with pytest.raises(ProtectedError), transaction.atomic():
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

    def every_file_is_still_there(self) -> None:
        """Whatever file a version or a submission names can be read, and is the one that was sent."""
        rows = AnswerRevision.objects.filter(answer__response__questionnaire=self.questionnaire)
        named = [file for row in rows for file in [*row.files, *(row.value if isinstance(row.value, list) else [])]]
        for submission in Submission.objects.filter(response__questionnaire=self.questionnaire):
            named += submission.record.files
        for file in named:
            with Attachment.objects.get(pk=file["attachment"]).file.open() as stored:
                assert hashlib.sha256(stored.read()).hexdigest() == file["sha256"]

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
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # looking for a shorter row of acts would take longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
