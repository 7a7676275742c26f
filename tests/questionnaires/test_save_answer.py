"""One field saved as it is left, and the rule of versions beneath it: no text that was taken is ever out of reach."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from questionnaires import operations
from questionnaires.exceptions import AnswerChangedMeanwhile, QuestionnaireClosed, ResponseSealed
from questionnaires.models import Answer, AnswerRevision, Questionnaire, Response
from questionnaires.operations import Change
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import (
    SECRET,
    STATES,
    WITHOUT_DELEGATION,
    address,
    answer_address,
    at_once,
    bring_to,
    draft,
    make_questionnaire,
    posted,
    value_of,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def question(questionnaire):
    return question_of(questionnaire, "long_text")


def post(browser: Any, question: Any, value: Any, base: int, **more: Any) -> Any:
    return browser.post(answer_address(question), {**posted("long_text", question, value, base), **more}, headers=HTMX)


# The view
@pytest.mark.parametrize("who", ["focal_point", "contributor"])
def test_whoever_drafts_saves_and_is_told_when(question, client_of, who) -> None:
    page = post(client_of(who), question, "Sample text", 0)

    assert page.status_code == 200
    assert "Saved" in page.text
    assert "by you" in page.text
    assert f'name="q{question.pk}-version" value="1"' in page.text
    assert f'id="state-{question.pk}"' in page.text
    assert "<textarea" not in page.text  # the field in which somebody types is left alone
    assert Answer.objects.get().value == "Sample text"


def test_a_reader_is_refused(question, client_of) -> None:
    assert post(client_of("reader"), question, "x", 0).status_code == 403
    assert not Response.objects.exists()


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(question, client_of, who) -> None:
    assert post(client_of(who), question, "x", 0).status_code == 403
    assert not Response.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_learns_it_without_losing_the_page(question, client_of, who) -> None:
    assert post(client_of(who), question, "x", 0).status_code == 401
    plain = client_of(who).post(answer_address(question), posted("long_text", question, "x", 0))
    assert plain.status_code == 302
    assert plain["Location"].startswith(reverse("account_login"))
    assert not Response.objects.exists()


def test_another_delegation_writes_its_own(questionnaire, question, delegation, client_of) -> None:
    own = draft(questionnaire, delegation, long_text=SECRET)

    page = post(client_of("other_focal_point"), question, "Theirs", 0)

    assert page.status_code == 200
    assert SECRET not in page.text
    assert value_of(own, "long_text") == SECRET
    assert Answer.objects.get(value="Theirs").response.delegation.code == "se"


def test_what_does_not_exist_is_not_found(questionnaire, question, client_of) -> None:
    browser = client_of("focal_point")
    foreign = question_of(factories.QuestionnaireFactory(), "long_text")
    for section, pk in ((1, foreign.pk), (9, foreign.pk), (1, 10**30)):
        assert browser.post(address("save_answer", section, pk), posted("", question, "x", 0)).status_code == 404
    # The section is where the page says the question stood: an edition that came meanwhile may have moved it.
    assert browser.post(address("save_answer", 2, question.pk), posted("", question, "x", 0)).status_code == 200
    unknown = reverse("questionnaires:save_answer", args=["unknown", 1, question.pk])
    assert browser.post(unknown, posted("", question, "x", 0)).status_code == 404


def test_a_draft_questionnaire_is_not_found(client_of) -> None:
    question = question_of(make_questionnaire(opened=False), "long_text")
    assert post(client_of("focal_point"), question, "x", 0).status_code == 404


def test_it_is_only_posted(question, client_of) -> None:
    assert client_of("focal_point").get(answer_address(question)).status_code == 405


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_is_taken_it_says_so(questionnaire, question, delegation, focal_point, client_of, state) -> None:
    response = draft(questionnaire, delegation)
    bring_to(state, response, focal_point)

    page = post(client_of("focal_point"), question, "Too late", 1)

    assert page.status_code == 422
    assert "Not saved." in page.text
    assert f'name="q{question.pk}-version" value="1"' in page.text
    assert value_of(response, "long_text") == VALUES["long_text"]


def test_a_returned_response_is_written_again(questionnaire, question, delegation, focal_point, client_of) -> None:
    response = draft(questionnaire, delegation)
    bring_to("returned", response, focal_point)

    assert post(client_of("contributor"), question, "Corrected", 1).status_code == 200
    assert value_of(response, "long_text") == "Corrected"


def test_a_colleagues_text_is_shown_beside_and_the_version_stays_old(
    questionnaire, question, delegation, contributor, client_of
) -> None:
    draft(questionnaire, delegation, long_text="At first")
    operations.save_answers(questionnaire, delegation, [Change(question.pk, "Theirs", 1)], by=contributor)
    browser = client_of("focal_point")

    page = post(browser, question, "Mine", 1)

    assert page.status_code == 409
    assert "Two versions" in page.text
    assert "Sample Contributor" in page.text
    # The next key stroke must not go over the colleague's text.
    assert f'name="q{question.pk}-version" value="1"' in page.text
    assert f'name="q{question.pk}-theirs" value="2"' in page.text
    assert post(browser, question, "Mine!", 1).status_code == 409
    assert Answer.objects.get(question=question).value == "Theirs"


def test_who_comes_back_to_the_first_text_is_not_given_the_colleagues_version_unseen(
    questionnaire, question, delegation, contributor, client_of
) -> None:
    """The page still shows the first text: were the new version handed out with it, the next letter would overwrite."""
    draft(questionnaire, delegation, long_text="At first")
    operations.save_answers(questionnaire, delegation, [Change(question.pk, "Theirs", 1)], by=contributor)
    browser = client_of("focal_point")
    assert post(browser, question, "At first and", 1).status_code == 409

    page = post(browser, question, "At first", 1)

    assert page.status_code == 409
    assert f'name="q{question.pk}-version" value="1"' in page.text
    assert Answer.objects.get(question=question).value == "Theirs"


@pytest.mark.parametrize(
    ("pick", "more", "stands"), [("mine", {}, "Mine"), ("theirs", {}, "Theirs"), ("merged", {"merged": "Both"}, "Both")]
)
def test_a_choice_puts_the_whole_question_anew(
    questionnaire, question, delegation, contributor, client_of, pick, more, stands
) -> None:
    response = draft(questionnaire, delegation, long_text="At first")
    operations.save_answers(questionnaire, delegation, [Change(question.pk, "Theirs", 1)], by=contributor)
    fields = {f"q{question.pk}-{name}": value for name, value in {"pick": pick, "theirs": 2, **more}.items()}

    page = post(client_of("focal_point"), question, "Mine", 1, **fields)

    assert page.status_code == 200
    assert page["HX-Retarget"] == f"#q-{question.pk}"
    assert f">\n{stands}</textarea>" in page.text
    assert value_of(response, "long_text") == stands


def test_a_choice_over_a_version_that_is_no_more_conflicts_again(
    questionnaire, question, delegation, contributor, client_of
) -> None:
    response = draft(questionnaire, delegation, long_text="At first")
    for base, text in ((1, "Theirs"), (2, "Theirs again")):
        operations.save_answers(questionnaire, delegation, [Change(question.pk, text, base)], by=contributor)
    picked = {f"q{question.pk}-pick": "mine", f"q{question.pk}-theirs": "2"}

    page = post(client_of("focal_point"), question, "Mine", 1, **picked)

    assert page.status_code == 409
    assert f'name="q{question.pk}-theirs" value="3"' in page.text
    assert value_of(response, "long_text") == "Theirs again"


def test_a_blank_that_stays_blank_is_no_answer(question, client_of) -> None:
    page = post(client_of("focal_point"), question, "   ", 0)

    assert page.status_code == 200
    assert "Not answered yet" in page.text
    assert not Answer.objects.exists()
    assert not Response.objects.exists()


def test_queries_do_not_grow_with_the_questionnaire(questionnaire, question, delegation, client_of) -> None:
    draft(questionnaire, delegation)
    browser = client_of("focal_point")
    post(browser, question, "Once", 1)
    with CaptureQueriesContext(connection) as captured:
        assert post(browser, question, "Again", 2).status_code == 200
    assert len(captured) <= 20


# The operation
@pytest.fixture
def save(questionnaire, delegation, focal_point):
    def save(question: Any, value: Any, base: int, **options: Any) -> Any:
        change = Change(question.pk, value, base, **options)
        return operations.save_answer(questionnaire, delegation, change, by=focal_point)[1]

    return save


@pytest.mark.parametrize("kind", list(VALUES))
def test_every_kind_is_stored_as_it_is_and_every_text_is_kept(questionnaire, save, kind) -> None:
    question = question_of(questionnaire, kind)

    assert save(question, VALUES[kind], 0).version == 1
    assert save(question, VALUES[kind], 1).version == 1
    assert save(question, None, 1).version == 2

    assert Answer.objects.get().value is None
    rows = AnswerRevision.objects.values_list("version", "value", "saved_by__name")
    assert list(rows) == [(1, VALUES[kind], "Sample Focal Point"), (2, None, "Sample Focal Point")]


def test_the_same_text_twice_is_no_conflict(save, question) -> None:
    save(question, "The same", 0)
    assert save(question, "The same", 0).version == 1


def test_one_conflict_keeps_no_other_answer_from_being_stored(questionnaire, delegation, focal_point, question) -> None:
    response = draft(questionnaire, delegation)
    short = question_of(questionnaire, "short_text")
    changes = [Change(question.pk, "Mine", 0), Change(short.pk, "Stored", 1), Change(10**9, "Unknown", 0)]

    _response, saved = operations.save_answers(questionnaire, delegation, changes, by=focal_point)

    assert set(saved.conflicts) == {question.pk}
    assert set(saved.answers) == {short.pk}
    assert set(saved.gone) == {10**9}
    assert value_of(response, "short_text") == "Stored"


@pytest.mark.parametrize("state", [*STATES, "draft questionnaire"])
def test_the_operation_itself_refuses(delegation, focal_point, state) -> None:
    questionnaire = make_questionnaire(opened=state != "draft questionnaire")
    question = question_of(questionnaire, "long_text")
    if state in STATES:
        bring_to(state, draft(questionnaire, delegation), focal_point)

    with pytest.raises(ResponseSealed if state == "submitted" else QuestionnaireClosed) as refusal:
        operations.save_answer(questionnaire, delegation, Change(question.pk, "x", 1), by=focal_point)

    assert str(refusal.value).endswith(".")
    assert not Answer.objects.filter(value="x").exists()


def test_a_late_first_answer_leaves_no_response(questionnaire, question, save) -> None:
    Questionnaire.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    with pytest.raises(QuestionnaireClosed):
        save(question, "x", 0)
    assert not Response.objects.exists()


@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_the_deadline_holds_to_the_second(questionnaire, question, save, late, taken) -> None:
    deadline = (timezone.now() + timedelta(days=400)).replace(microsecond=0)
    Questionnaire.objects.update(deadline=deadline)
    with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
        if taken:
            save(question, "In time", 0)
        else:
            with pytest.raises(QuestionnaireClosed):
                save(question, "Late", 0)
    assert Answer.objects.exists() == taken


# Many people, many windows, any order
class Tab:
    """A window: what its field shows, the version it started from, and the version of a conflict it has seen."""

    def __init__(self, text: str | None, base: int) -> None:
        self.text, self.base, self.theirs = text, base, 0


def test_no_order_of_saves_loses_a_text(questionnaire, question) -> None:
    people = [factories.UserFactory() for _ in range(3)]
    fresh = count(1)

    class Answering(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.delegation = factories.DelegationFactory()
            self.tabs = [Tab(None, 0), Tab(None, 0)]
            self.taken: list[str | None] = []  # the texts that a save was acknowledged for, version by version

        @property
        def stored(self) -> str | None:
            return self.taken[-1] if self.taken else None

        def tab(self, number: int) -> Tab:
            return self.tabs[number % len(self.tabs)]

        def send(self, tab: Tab, base: int, person: int, touched: bool) -> bool:
            """Save a window's text; whether it was stored as a new version."""
            change, by = Change(question.pk, tab.text, base), people[person]
            before = len(self.taken)
            may = tab.text == self.stored or base == before
            returned = tab.text == (self.taken[base - 1] if base else None)
            try:
                if touched:
                    _response, answer = operations.save_answer(questionnaire, self.delegation, change, by=by)
                    conflict = None
                else:
                    _response, saved = operations.save_answers(questionnaire, self.delegation, [change], by=by)
                    answer, conflict = saved.answers.get(question.pk), saved.conflicts.get(question.pk)
            except AnswerChangedMeanwhile as refusal:
                answer, conflict = None, refusal.answer
            if conflict is not None:
                assert not may
                assert touched or not returned
                assert (conflict.value, conflict.version) == (self.stored, before)
                tab.theirs = before
                return False
            assert may or (returned and not touched)
            if answer is None:
                assert self.stored is None
                return False
            if answer.version > before:
                assert answer.version == before + 1
                assert base == before
                self.taken.append(tab.text)
            tab.text, tab.base, tab.theirs = answer.value, answer.version, 0
            return True

        @rule()
        def open(self) -> None:
            self.tabs.append(Tab(self.stored, len(self.taken)))

        @rule(number=st.integers(0, 9))
        def write(self, number: int) -> None:
            self.tab(number).text = f"Text {next(fresh)}"

        @rule(number=st.integers(0, 9))
        def clear(self, number: int) -> None:
            self.tab(number).text = None

        @rule(number=st.integers(0, 9))
        def undo(self, number: int) -> None:
            tab = self.tab(number)
            tab.text = self.taken[tab.base - 1] if tab.base else None

        @rule(number=st.integers(0, 9), person=st.integers(0, 2), touched=st.booleans())
        def save(self, number: int, person: int, touched: bool) -> None:
            tab = self.tab(number)
            self.send(tab, tab.base, person, touched)

        @rule(number=st.integers(0, 9), person=st.integers(0, 2), merge=st.booleans())
        def pick(self, number: int, person: int, merge: bool) -> None:
            tab = self.tab(number)
            if tab.theirs:
                tab.text = f"Merged {next(fresh)}" if merge else tab.text
                self.send(tab, tab.theirs, person, touched=True)

        @rule(number=st.integers(0, 9))
        def take_theirs(self, number: int) -> None:
            tab = self.tab(number)
            if tab.theirs:
                tab.text, tab.base, tab.theirs = self.stored, len(self.taken), 0

        @invariant()
        def every_text_taken_is_there_in_its_order(self) -> None:
            rows = AnswerRevision.objects.filter(answer__response__delegation=self.delegation)
            assert list(rows.values_list("version", "value")) == list(enumerate(self.taken, 1))

        @invariant()
        def the_answer_is_the_last_text(self) -> None:
            row = Answer.objects.filter(response__delegation=self.delegation).first()
            assert (row.value, row.version) == (self.stored, len(self.taken)) if row else not self.taken

    run_state_machine_as_test(
        Answering,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_first_answers_at_the_same_moment_begin_one_response(delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    questions = [question_of(questionnaire, kind) for kind in VALUES]

    def saver(question: Any) -> Any:
        change = Change(question.pk, VALUES[question.kind], 0)
        return lambda: operations.save_answer(questionnaire, delegation, change, by=focal_point)[1].version

    assert at_once([saver(question) for question in questions]) == [1] * len(questions)
    assert Response.objects.count() == 1
    assert Answer.objects.count() == len(questions)


@pytest.mark.django_db(transaction=True)
def test_of_twelve_saves_from_one_version_one_is_taken_and_eleven_are_told(delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    question = question_of(questionnaire, "long_text")

    def saver(number: int) -> Any:
        change = Change(question.pk, f"Text {number}", 0)
        return lambda: operations.save_answer(questionnaire, delegation, change, by=focal_point)[1]

    results = at_once([saver(number) for number in range(12)])

    taken = [result for result in results if isinstance(result, Answer)]
    assert len(taken) == 1
    assert sum(isinstance(result, AnswerChangedMeanwhile) for result in results) == 11
    assert Answer.objects.get().value == taken[0].value
    assert AnswerRevision.objects.count() == 1
