"""The reading model of the Board's pages: only what is sealed, the right figures, the right people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from icoca_portal.lib.days import today
from members.models import Delegation, User
from questionnaires import operations, review
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of

pytestmark = pytest.mark.django_db
SECRET = "An unmistakable draft that nobody else reads"


@pytest.fixture
def questionnaire() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP")


def submit(questionnaire: Questionnaire, name: str, **values: Any) -> Any:
    return factories.SubmissionFactory(
        response__questionnaire=questionnaire,
        response__delegation__organisation__name=name,
        response__values=values,
    )


def reader_of(questionnaire: Questionnaire, user: Any) -> review.Reader:
    return review.Reader(Questionnaire.objects.get(pk=questionnaire.pk), user)


def received(questionnaire: Questionnaire, user: Any) -> list[review.Received]:
    """What is on record for a person, in their order."""
    reader = reader_of(questionnaire, user)
    return [review.Received(reader, row) for row in reader.submissions()]


def matrix(questionnaire: Questionnaire, user: Any, **data: str) -> review.Matrix:
    reader = reader_of(questionnaire, user)
    asked = review.Asked(questionnaire)
    return review.matrix(reader, asked, review.Selection.read(data, asked, reader))


def read(questionnaire: Questionnaire, user: Any, question: int) -> review.QuestionReading:
    reader = reader_of(questionnaire, user)
    asked = review.Asked(questionnaire)
    reading = review.read_question(reader, asked, question, review.Selection.read({}, asked, reader))
    assert reading is not None
    return reading


def threads(questionnaire: Questionnaire, user: Any, question: int) -> list[review.Thread]:
    """The remarks on the answer of each delegation that has some."""
    return [thread for voice in read(questionnaire, user, question).voices for thread in voice.threads]


def test_received_holds_the_submission_on_record_of_each_delegation(questionnaire, director) -> None:
    first = submit(questionnaire, "Sample B", short_text="First text")
    submit(questionnaire, "Sample A")
    operations.return_response(first.response, reason="Sample reason", by=director)
    change = operations.Change(question_of(questionnaire, "short_text").pk, "Second text", 1)
    operations.save_answers(questionnaire, first.response.delegation, [change], by=first.submitted_by)
    second = operations.submit_response(first.response, by=first.submitted_by)

    rows = received(questionnaire, director)

    assert [row.label for row in rows] == ["Sample A", "Sample B"]
    assert rows[1].submission == second
    voices = read(questionnaire, director, question_of(questionnaire, "short_text").pk).voices
    assert [voice.question.answer_text for voice in voices] == ["Sample short answer", "Second text"]


def test_received_never_holds_a_draft_nor_the_newer_draft_of_a_returned_response(questionnaire, director) -> None:
    factories.ResponseFactory(questionnaire=questionnaire, values={"long_text": SECRET})
    returned = submit(questionnaire, "Sample A", long_text="Sealed text")
    operations.return_response(returned.response, reason="Sample reason", by=director)
    change = operations.Change(question_of(questionnaire, "long_text").pk, SECRET, 1)
    operations.save_answers(questionnaire, returned.response.delegation, [change], by=returned.submitted_by)

    rows = received(questionnaire, director)

    assert [row.submission for row in rows] == [returned]
    (voice,) = read(questionnaire, director, question_of(questionnaire, "long_text").pk).voices
    assert voice.question.answer_text == "Sealed text"
    assert rows[0].reason == "Sample reason"


def test_received_is_empty_for_who_reads_no_submissions(questionnaire, other_focal_point) -> None:
    submit(questionnaire, "Sample A")

    assert received(questionnaire, other_focal_point) == []


def test_remarks_are_with_the_answer_for_a_director_and_absent_for_the_secretariat(
    questionnaire, director, secretariat
) -> None:
    submission = submit(questionnaire, "Sample A")
    question = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)

    assert [thread.remark.text for thread in threads(questionnaire, director, question.pk)] == ["Sample remark"]
    assert threads(questionnaire, secretariat, question.pk) == []


def test_a_remark_on_an_earlier_submission_stays_beside_the_later_one(questionnaire, director) -> None:
    first = submit(questionnaire, "Sample A")
    question = question_of(questionnaire, "long_text")
    operations.write_remark(first, question_id=question.pk, text="On the first", by=director)
    operations.return_response(first.response, reason="Sample reason", by=director)
    second = operations.submit_response(first.response, by=first.submitted_by)

    (row,) = received(questionnaire, director)

    assert row.submission == second
    assert [thread.remark.submission.number for thread in threads(questionnaire, director, question.pk)] == [1]


def test_the_matrix_shows_scales_with_their_mean_of_those_who_answered(questionnaire, director) -> None:
    for name, rank in (("Sample A", 5), ("Sample B", 4), ("Sample C", None)):
        submit(questionnaire, name, scale=rank)

    (table,) = matrix(questionnaire, director).tables

    assert [column.question.kind for column in table.columns] == ["scale"]
    assert table.columns[0].mean == "4.5"
    assert table.columns[0].answered == 2
    assert [cells[0].rank for _row, cells in table.rows] == [5, 4, None]
    assert (table.rows[2][1][0].rank, table.rows[2][1][0].text) == (None, "")


def test_the_matrix_of_all_questions_has_one_table_a_section_and_short_texts(questionnaire, director) -> None:
    submit(questionnaire, "Sample A", long_text="word " * 60)

    tables = matrix(questionnaire, director, show="all").tables

    assert [table.section.number for table in tables] == [1, 2]
    assert sum(len(table.columns) for table in tables) == len(list(questionnaire.edition.questions))
    long_text = tables[0].rows[0][1][1].text
    assert len(long_text) == review.SHORT
    assert long_text.endswith("…")


def test_the_matrix_narrows_to_one_objective_and_to_delegations_with_remarks(director) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=False)
    objective = factories.ObjectiveFactory(number=3, title="Streamlined certification")
    scale = question_of(questionnaire, "scale")
    scale.objective = objective
    scale.save()
    operations.open_questionnaire(questionnaire, by=director)
    submit(questionnaire, "Sample A")
    remarked = submit(questionnaire, "Sample B")
    operations.write_remark(remarked, question_id=scale.pk, text="Sample remark", by=director)

    (table,) = matrix(questionnaire, director, show="all", objective="3", delegations="remarked").tables

    assert [column.question.id for column in table.columns] == [scale.pk]
    assert [(row.label, cells[0].remarks) for row, cells in table.rows] == [("Sample B", 1)]


def test_the_matrix_narrows_to_a_region_and_to_kinds_of_questions(questionnaire, director) -> None:
    for name, code, country in (("Sample A", "xa", "GH"), ("Sample B", "ch", ""), ("Sample C", "xc", "SE")):
        row = submit(questionnaire, name).response.delegation.organisation
        row.code, row.country = code, country
        row.save()
    body = submit(questionnaire, "Sample body").response.delegation.organisation
    body.kind = "international organisation"
    body.save()

    def shown(region: str) -> list[str]:
        return [row.label for row, _cells in matrix(questionnaire, director, region=region).tables[0].rows]

    assert shown("africa") == ["Sample A"]
    assert shown("europe") == ["Sample B", "Sample C"]
    assert shown("organisations") == ["Sample body"]
    assert len(shown("nowhere")) == 4
    kinds = {
        column.question.kind
        for table in matrix(questionnaire, director, show="figures").tables
        for column in table.columns
    }
    assert kinds == {"number", "date", "table"}


@pytest.mark.parametrize(
    "data", [{"show": "x"}, {"objective": "999"}, {"objective": "²"}, {"delegations": "x"}, {"region": "x"}]
)
def test_what_an_address_says_that_is_no_option_counts_as_not_chosen(questionnaire, director, data) -> None:
    reader = reader_of(questionnaire, director)

    assert review.Selection.read(data, review.Asked(questionnaire), reader) == review.Selection("scales")


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("yes_no", ["yes", "yes", "no"], [("Yes", "2"), ("No", "1")]),
        (
            "single",
            [{"choice": "first", "other": ""}, {"choice": "third", "other": ""}],
            [("First", "1"), ("Second", "0"), ("Third", "1")],
        ),
        (
            "multiple",
            [{"choices": ["first", "second"], "other": ""}, {"choices": ["first"], "other": ""}],
            [("First", "2"), ("Second", "1"), ("Third", "0")],
        ),
        (
            "ranking",
            [{"first": 1, "second": 2, "third": 3}, {"first": 2, "second": 1, "third": 3}, {"first": 1, "second": 2}],
            [("First", "1.3"), ("Second", "1.7"), ("Third", "3.0")],
        ),
        (
            "scale",
            [5, 5, 1],
            [("1 not important", "1"), ("2", "0"), ("3", "0"), ("4", "0"), ("5 very important", "2")],
        ),
    ],
)
def test_the_chart_counts_each_choice(questionnaire, kind, values, expected) -> None:
    question = questionnaire.edition.questions.by_id[question_of(questionnaire, kind).pk]

    (bars,) = review.charts(question, values)

    assert [(row.label, row.shown) for row in bars.rows] == expected


def test_a_matrix_question_has_one_chart_a_row(questionnaire) -> None:
    question = questionnaire.edition.questions.by_id[question_of(questionnaire, "matrix").pk]

    charts = review.charts(question, [{"row-one": "first"}, {"row-one": "first", "row-two": "third"}])

    assert [(bars.caption, [row.shown for row in bars.rows]) for bars in charts] == [
        ("Row one", ["2", "0", "0"]),
        ("Row two", ["0", "0", "1"]),
    ]


def test_figures_of_numbers_and_dates_leave_out_what_is_neither(questionnaire) -> None:
    by_id = questionnaire.edition.questions.by_id
    number = by_id[question_of(questionnaire, "number").pk]
    day = by_id[question_of(questionnaire, "date").pk]

    assert [figure for _label, figure in review.figures(number, ["3", "1", "8", "a few"])] == ["1", "3", "8"]
    assert [figure for _label, figure in review.figures(day, ["2018-11-30", "2018-06-06", "soon"])] == [
        "6 June 2018",
        "30 November 2018",
    ]


def test_a_question_is_read_with_its_neighbours_and_the_silent_apart(questionnaire, director) -> None:
    submit(questionnaire, "Sample A", long_text="Sample answer", scale=2)
    submit(questionnaire, "Sample B", long_text=None)
    order = list(questionnaire.edition.questions)

    reading = read(questionnaire, director, order[1].id)

    assert (reading.before, reading.after) == (order[0], order[2])
    assert [voice.received.label for voice in reading.voices] == ["Sample A"]
    assert [row.label for row in reading.silent] == ["Sample B"]
    assert (reading.answered, reading.total) == (1, 2)


def test_a_question_of_a_section_with_a_scale_carries_its_figure(questionnaire, director) -> None:
    submit(questionnaire, "Sample A", scale=2)

    reading = read(questionnaire, director, question_of(questionnaire, "yes_no").pk)

    assert reading.companion.kind == "scale"
    assert [voice.rank for voice in reading.voices] == [2]


def test_a_blank_answer_with_a_remark_is_not_silent(questionnaire, director) -> None:
    submission = submit(questionnaire, "Sample A", long_text=None)
    question = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=question.pk, text="Why blank", by=director)

    reading = read(questionnaire, director, question.pk)

    assert [voice.threads[0].remark.text for voice in reading.voices] == ["Why blank"]
    assert reading.answered == 0
    assert reading.silent == []


def test_charts_count_all_pages_and_not_only_the_one_that_is_shown(questionnaire, director, monkeypatch) -> None:
    monkeypatch.setattr("questionnaires.review.tables.PAGE", 2)
    for name, choice in (("Sample A", "yes"), ("Sample B", "yes"), ("Sample C", "no")):
        submit(questionnaire, name, yes_no=choice)

    reading = read(questionnaire, director, question_of(questionnaire, "yes_no").pk)

    assert [voice.received.label for voice in reading.voices] == ["Sample A", "Sample B"]
    assert [(row.label, row.shown) for row in reading.charts[0].rows] == [("Yes", "2"), ("No", "1")]
    assert (reading.answered, reading.total) == (3, 3)


def test_parts_of_answers_that_have_several(questionnaire) -> None:
    submission = submit(questionnaire, "Sample A")
    parts = {question.kind: review.parts_of(question) for question in submission.record}

    assert parts["multiple"] == ["First", "Third"]
    assert parts["ranking"] == ["1. Second", "2. First", "3. Third"]
    assert parts["matrix"] == ["Row one: First", "Row two: Second"]
    assert parts["long_text"] == parts["file"] == []


def test_returns_name_every_participant_with_their_state(
    questionnaire, director, delegation: Delegation, other_delegation: Delegation
) -> None:
    submitted = submit(questionnaire, "Sample A")
    returned = submit(questionnaire, "Sample B")
    operations.return_response(returned.response, reason="Sample reason", by=director)
    factories.ResponseFactory(
        questionnaire=questionnaire, delegation=delegation, values={"long_text": SECRET, "scale": None}
    )

    rows = {row.organisation.name: row for row in review.returns(questionnaire)}

    assert {name: row.state for name, row in rows.items()} == {
        "Sample A": "submitted",
        "Sample B": "returned",
        "Sweden": "not_opened",
        "Switzerland": "draft",
    }
    assert rows["Sample A"].reference == submitted.reference
    assert rows["Sample A"].submitted_at == submitted.submitted_at
    assert rows["Sample B"].reason == "Sample reason"
    assert (rows["Switzerland"].answered, rows["Switzerland"].total) == (14, 16)
    assert rows["Sweden"].at is None
    assert SECRET not in repr(rows)
    assert review.counts(rows.values()) == {
        "not_opened": 1,
        "opened": 0,
        "not_started": 1,
        "draft": 1,
        "submitted": 1,
        "returned": 1,
        "missing": 3,
        "received": 2,
        "total": 4,
    }


def test_returns_name_a_participant_that_has_no_delegation_yet(questionnaire) -> None:
    factories.ParticipationFactory(organisation__name="Sample newcomer")

    (row,) = review.returns(questionnaire)

    assert (row.organisation.name, row.delegation, row.state) == ("Sample newcomer", None, "not_opened")


def test_returns_count_the_participants_of_the_last_day_on_which_answers_were_taken(questionnaire) -> None:
    factories.ParticipationFactory(organisation__name="Sample early")
    late = today() + timedelta(days=40)
    factories.ParticipationFactory(organisation__name="Sample late", valid_from=late)

    with time_machine.travel(timezone.now() + timedelta(days=60)):
        names = [row.organisation.name for row in review.returns(questionnaire)]

    assert names == ["Sample early"]


@pytest.mark.parametrize("count", [1, 30])
def test_returns_run_five_queries_however_many_there_are(questionnaire, count: int, django_assert_num_queries) -> None:
    user: User = factories.UserFactory()
    for number in range(count):
        submit(questionnaire, f"Sample {number}")
        factories.ParticipationFactory()
    found = Questionnaire.objects.get(pk=questionnaire.pk)

    with django_assert_num_queries(5):
        rows = review.returns(found)
        assert len({(row.reference, row.reason, row.delegation, row.state_label) for row in rows}) > count - 1
    assert user.standing.delegation is None
