"""Kill -9 of the server amid 200 saves, 50 files and 50 submissions: ``python -m tests.drills.kill_server``.

Fifty delegations answer two questions, twice each, restore an earlier text, attach a file, and submit. Held means: what
the server acknowledged is stored, nothing stands there that nobody sent, every file that is named can be read, and a
submission is either whole (sealed row with the copy of its answers, state, receipt in the outbox) or not there at
all. DRILL_SEED repeats a run; without it the kills fall at other moments each time.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from tests.drills._server import Answer, Book, NoAnswer, Person, Site, kill_while_working, run_on_both_databases

if TYPE_CHECKING:
    from members.models import Delegate
    from questionnaires.models import Questionnaire

DELEGATIONS = 50
ROUNDS = 2
KINDS = ("short_text", "long_text")
LANES = 5
KILLS = 8


class FocalPoint:
    """A delegate at work: saves answers field by field and submits, and notes what the server said."""

    def __init__(self, site: Site, delegate: Delegate, questionnaire: Questionnaire, book: Book) -> None:
        from tests.factories import question_of

        self.delegate = delegate
        self._person = Person(site)
        self._person.resume(delegate.user.email)
        self._address = f"/questionnaires/{questionnaire.slug}/response/"
        self._questions = {kind: question_of(questionnaire, kind) for kind in (*KINDS, "file")}
        self._versions: dict[int, str] = {}
        self._first: dict[str, str] = {}  # the text of version 1, where it is known
        self._book = book

    def key(self, kind: str) -> str:
        """The name in the book of an answer of this delegation."""
        return f"{self.delegate.delegation_id} {kind}"

    def _read_version(self, answer: Answer, question: int) -> str:
        found = re.search(rf'name="q{question}-version" value="(\d+)"', answer.body.decode())
        assert found, f"no version of question {question} in the answer {answer.status} of the server"
        return found.group(1)

    def save(self, kind: str, text: str) -> None:
        """Save one field as it is left. After a save without an answer the page is read again first, as people do."""
        question, section = self._questions[kind], self._section(kind)
        if question.pk not in self._versions:
            self._versions[question.pk] = self._read_version(self._person.get(section), question.pk)
        name = f"q{question.pk}"
        try:
            fields = {name: text, f"{name}-version": self._versions.pop(question.pk)}
            answer = self._person.post(f"{section}{question.pk}/", **fields)
        except NoAnswer:
            self._first.setdefault(kind, "")  # it may be version 1, or nothing
            self._book.note(self.key(kind), text, acknowledged=False)
            raise
        said = unescape(answer.body.decode())
        assert answer.status == 200, f"a save was answered with {answer.status}"
        assert "is-saved" in said, f"a save was answered with: {said}"
        self._versions[question.pk] = self._read_version(answer, question.pk)
        self._first.setdefault(kind, text)
        self._book.note(self.key(kind), text, acknowledged=True)

    def _section(self, kind: str) -> str:
        return f"{self._address}{self._questions[kind].section.position}/"

    def restore(self, kind: str) -> None:
        """Put version 1 on top, where it is known what it says."""
        question, section, text = self._questions[kind], self._section(kind), self._first.get(kind)
        if not text:
            return
        self._versions.pop(question.pk, None)
        base = self._read_version(self._person.get(section), question.pk)
        try:
            answer = self._person.post(f"{section}{question.pk}/restore/", version="1", base=base)
        except NoAnswer:
            self._book.note(self.key(kind), text, acknowledged=False)
            raise
        assert answer.status == 302, f"restoring was answered with {answer.status}"
        self._book.note(self.key(kind), text, acknowledged=True)

    def attach(self, name: str) -> None:
        """Attach a text file that holds its own name."""
        question, section = self._questions["file"], self._section("file")
        try:
            answer = self._person.send_file(f"{section}{question.pk}/files/", f"q{question.pk}-file", name, name)
        except NoAnswer:
            self._book.note(self.key("file"), name, acknowledged=False)
            raise
        assert answer.status == 302, f"a file was answered with {answer.status}"
        self._book.note(self.key("file"), name, acknowledged=True)

    def submit(self) -> None:
        """Submit once; does not try again."""
        try:
            answer = self._person.post(f"{self._address}submit/", confirm="on")
        except NoAnswer:
            self._book.note(self.key("submission"), "submitted", acknowledged=False)
            raise
        # A delegation whose every save went unanswered may have nothing to submit, and is told so.
        answered = any(self._book.acknowledged(self.key(kind)) for kind in (*KINDS, "file"))
        if answer.status == 422 and not answered:
            return
        assert answer.status == 302, f"a submission was answered with {answer.status}"
        assert answer.headers["Location"].endswith("/submitted/"), "a submission did not lead to its receipt"
        self._book.note(self.key("submission"), "submitted", acknowledged=True)

    def acts(self) -> list[Callable[[], None]]:
        """All that this person does, in order."""
        saves = [
            partial(self.save, kind, f"Sample text {number}, {secrets.token_hex(4)}")
            for number in range(ROUNDS)
            for kind in KINDS
        ]
        attach = partial(self.attach, f"sample-{secrets.token_hex(4)}.txt")
        return [*saves, partial(self.restore, KINDS[1]), attach, self.submit]


def check_answers(people: list[FocalPoint], book: Book) -> None:
    """No acknowledged save is lost, and nothing is stored that was not sent."""
    from questionnaires.models import AnswerRevision, Response

    for person in people:
        for kind in KINDS:
            response = Response.objects.filter(delegation=person.delegate.delegation_id).first()
            rows = list(response.answers.filter(question__kind=kind)) if response else []
            stored = rows[0].value if rows else None
            possible = book.possible(person.key(kind))
            assert stored in possible, f"{person.key(kind)} holds {stored!r}, and should hold one of {possible}"
            kept = set(AnswerRevision.objects.filter(answer__in=rows).values_list("value", flat=True))
            missing = set(book.acknowledged(person.key(kind))) - kept
            assert not missing, f"{person.key(kind)} lost what was acknowledged: {missing}"


def check_files(people: list[FocalPoint], book: Book) -> None:
    """Every acknowledged file is named by its answer, and every file that a row names is there, whole."""
    from questionnaires.models import Attachment, Response

    for person in people:
        response = Response.objects.filter(delegation=person.delegate.delegation_id).first()
        answers = list(response.answers.filter(question__kind="file")) if response else []
        named = {file["name"] for answer in answers for file in answer.value or ()}
        missing = set(book.acknowledged(person.key("file"))) - named
        assert not missing, f"{person.key('file')} lost what was acknowledged: {missing}"
    for attachment in Attachment.objects.all():
        with attachment.file.open() as stored:
            assert stored.read().decode().strip() == attachment.name, f"the file {attachment} is damaged"


def check_submissions(people: list[FocalPoint], book: Book) -> int:
    """Each submission is whole or is not there; returns how many there are."""
    from icoca_portal.outbox.models import Message
    from questionnaires.models import Response

    whole = 0
    for person in people:
        name = person.delegate.delegation.code
        response = Response.objects.filter(delegation=person.delegate.delegation_id).first()
        submissions = list(response.submissions.all()) if response else []
        acknowledged = book.acknowledged(person.key("submission"))
        assert len(submissions) <= 1, f"{name} submitted once and has {len(submissions)} submissions"
        assert submissions or not acknowledged, f"the acknowledged submission of {name} is lost"
        if response is None:
            continue
        is_submitted = response.state == Response.State.SUBMITTED
        assert is_submitted == bool(submissions), f"{name} is {response.state} with {len(submissions)} submissions"
        for submission in submissions:
            whole += 1
            assert submission.is_intact, f"the seal of {submission} does not match its text"
            sealed = {question.id: question.answer for question in submission.record if question.answer is not None}
            copies = dict(submission.answers.values_list("question_id", "value"))
            assert copies == sealed, f"the copy of {submission} does not hold its answers"
            stored = dict(response.answers.exclude(value=None).values_list("question_id", "value"))
            assert sealed == stored, f"{submission} does not hold the answers of {name}"
            receipts = Message.objects.filter(key__contains=submission.reference, recipient=person.delegate.user.email)
            assert receipts.count() == 1, f"{submission} has {receipts.count()} receipts in the outbox"
    return whole


def drill(site: Site) -> None:
    """Let fifty delegations work while the server is killed, then compare what they saw with what is stored."""
    from django.db import connection

    from tests.factories import DelegateFactory, QuestionnaireFactory

    seed = int(os.environ.get("DRILL_SEED") or secrets.randbelow(10**6))
    book = Book()
    questionnaire = QuestionnaireFactory()
    # Nobody signs in here, and fifty passwords would take longer to hash than the drill takes.
    delegates = [DelegateFactory(user__password=None) for _ in range(DELEGATIONS)]
    people = [FocalPoint(site, delegate, questionnaire, book) for delegate in delegates]
    lanes = [[act for person in people[lane::LANES] for act in person.acts()] for lane in range(LANES)]
    lost = kill_while_working(site, lanes, kills=KILLS, seed=seed)
    check_answers(people, book)
    check_files(people, book)
    whole = check_submissions(people, book)
    assert lost, "no kill hit a request: the drill showed nothing"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",), "the database file is damaged"
    known = book.count(acknowledged=True)
    print(
        f"{connection.vendor}: seed {seed}, {KILLS} kills, {known} acts acknowledged, {lost} cut off, {whole} submitted"
    )


if __name__ == "__main__":
    sys.exit(run_on_both_databases(__name__, drill))
