"""What the Board concludes: written, kept in every version, never overwritten unseen, published by the secretariat."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document as WordDocument

from meetings.models import Visibility
from questionnaires import operations
from questionnaires.exceptions import ConclusionChangedMeanwhile, ConclusionNotReady, ConclusionPublished
from questionnaires.models import Conclusion, Discussion, Questionnaire
from tests import factories
from tests.factories import question_of
from tests.lib.pdf_reading import text_of
from tests.questionnaires.board import READERS, REFUSED, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(db) -> Questionnaire:
    """Its scale and its long text are about objective 3."""
    plan = factories.StrategicPlanFactory()
    questionnaire = factories.QuestionnaireFactory(
        title="Sample plan 2018", slug="sample-plan", code="SP", plan=plan, opened=False
    )
    objective = factories.ObjectiveFactory(plan=plan, number=3, title="Streamlined certification")
    for kind in ("scale", "long_text"):
        question = question_of(questionnaire, kind)
        question.objective = objective
        question.save()
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire


@pytest.fixture
def objective(questionnaire):
    return questionnaire.plan.objectives.get()


def address(name: str, number: int = 3) -> str:
    return reverse(f"questionnaires:{name}", args=["sample-plan", number])


def test_a_director_writes_and_the_secretariat_reads(questionnaire, director, client_of) -> None:
    sent = {"text": "<p>The Board <strong>agrees</strong>.<script>alert(1)</script></p>", "base": "0"}

    answer = client_of("director").post(address("write_conclusion"), sent)

    assert answer["Location"] == address("read_objective_review")
    conclusion = Conclusion.objects.get()
    assert conclusion.text == "<p>The Board <strong>agrees</strong>.</p>"
    assert (conclusion.objective.number, conclusion.version, conclusion.written_by) == (3, 1, director)
    assert "<strong>agrees</strong>" in client_of("secretariat").get(address("read_objective_review")).text


@pytest.mark.parametrize("who", [*REFUSED, "secretariat", "superuser"])
def test_nobody_else_writes(questionnaire, client_of, who) -> None:
    assert client_of(who).get(address("write_conclusion")).status_code == 403
    assert client_of(who).post(address("write_conclusion"), {"text": "x", "base": "0"}).status_code == 403
    assert not Conclusion.objects.exists()


def test_an_objective_that_the_plan_does_not_have_is_not_found(questionnaire, client_of) -> None:
    for name in ("read_objective_review", "write_conclusion"):
        assert client_of("director").get(address(name, 9)).status_code == 404


def test_a_save_from_an_old_page_stores_nothing_and_shows_both_texts(questionnaire, objective, client_of) -> None:
    other = factories.UserFactory(name="Sample colleague")
    factories.DirectorshipFactory(user=other)
    operations.write_conclusion(questionnaire, objective, text="<p>Theirs</p>", base=0, by=other)
    browser = client_of("director")

    refused = browser.post(address("write_conclusion"), {"text": "<p>Mine</p>", "base": "0"})

    assert refused.status_code == 409
    assert "<p>Theirs</p>" in refused.text
    assert "<p>Mine</p>" in refused.text
    assert "Sample colleague" in refused.text
    assert Conclusion.objects.get().text == "<p>Theirs</p>"
    again = browser.post(address("write_conclusion"), {"text": "<p>Mine</p>", "base": "0"})
    assert again.status_code == 409
    over = browser.post(address("write_conclusion"), {"text": "<p>Both</p>", "base": "0", "over": "1"})
    assert over.status_code == 302
    assert Conclusion.objects.get().text == "<p>Both</p>"
    history = browser.get(address("read_conclusion_history")).text
    assert "<p>Theirs</p>" in history
    assert "<p>Both</p>" in history


def test_the_same_text_from_an_old_page_changes_nothing(questionnaire, objective, director) -> None:
    first = operations.write_conclusion(questionnaire, objective, text="<p>Same</p>", base=0, by=director)
    again = operations.write_conclusion(questionnaire, objective, text="<p>Same</p>", base=0, by=director)

    assert (first.pk, again.version) == (again.pk, 1)


def test_the_secretariat_publishes_and_takes_back(questionnaire, objective, director, client_of) -> None:
    operations.write_conclusion(questionnaire, objective, text="<p>Agreed</p>", base=0, by=director)
    browser = client_of("secretariat")

    assert client_of("director").post(address("publish_conclusion"), {"seen": "1"}).status_code == 403
    assert browser.post(address("publish_conclusion"), {"seen": "7"}).status_code == 409
    for _click in range(2):
        assert browser.post(address("publish_conclusion"), {"seen": "1"}).status_code == 302
    conclusion = Conclusion.objects.get()
    assert conclusion.published_at is not None
    refused = client_of("director").post(address("write_conclusion"), {"text": "<p>Later</p>", "base": "1"})
    assert refused.status_code == 409
    assert "<p>Later</p>" in refused.text
    with pytest.raises(ConclusionPublished):
        operations.write_conclusion(questionnaire, objective, text="<p>Later</p>", base=1, by=director)
    assert browser.post(address("withdraw_conclusion")).status_code == 302
    assert operations.write_conclusion(questionnaire, objective, text="<p>Later</p>", base=1, by=director).version == 2


def test_nothing_is_published_before_it_is_written(questionnaire, secretariat, director) -> None:
    with pytest.raises(ConclusionNotReady):
        operations.publish_conclusion(questionnaire, None, by=secretariat, seen=0)
    operations.write_conclusion(questionnaire, None, text="<p> </p>", base=0, by=director)
    with pytest.raises(ConclusionNotReady):
        operations.publish_conclusion(questionnaire, None, by=secretariat, seen=1)


def test_the_first_conclusions_of_two_directors_do_not_overwrite_each_other(questionnaire, director) -> None:
    operations.write_conclusion(questionnaire, None, text="<p>One</p>", base=0, by=director)
    with pytest.raises(ConclusionChangedMeanwhile):
        operations.write_conclusion(questionnaire, None, text="<p>Two</p>", base=0, by=director)


@pytest.mark.parametrize("who", READERS)
def test_the_page_of_an_objective_counts_its_questions(questionnaire, client_of, who) -> None:
    submit(questionnaire, "Sample A", scale=5)
    submit(questionnaire, "Sample B", scale=4)

    text = client_of(who).get(address("read_objective_review")).text

    assert "Streamlined certification" in text
    assert question_of(questionnaire, "scale").text in text
    assert "4.5" in text
    assert "2 answers" in text
    assert question_of(questionnaire, "ranking").text not in text


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_report_holds_counts_passages_discussions_and_conclusions(
    questionnaire, objective, director, client_of, form
) -> None:
    submission = submit(questionnaire, "Sample A", scale=5, long_text="Shorter steps, please, and =cmd()")
    question = question_of(questionnaire, "long_text")
    operations.tag_passage(submission, question_id=question.pk, text="Shorter steps", theme="Timetable", by=director)
    operations.write_conclusion(questionnaire, objective, text="<p>The Board agrees</p>", base=0, by=director)
    operations.record_discussion(
        questionnaire, occasion="Sample session", date=date(2018, 5, 15), objective=objective, by=director
    )

    answer = client_of("director").get(reverse(f"questionnaires:export_report_{form}", args=["sample-plan"]))

    assert answer.status_code == 200
    text = text_of(answer.content) if form == "pdf" else _words(answer.content)
    for part in ("Streamlined certification", "Shorter steps", "Timetable", "The Board agrees", "Sample session"):
        assert part in text
    other = client_of("secretariat").get(reverse(f"questionnaires:export_report_{form}", args=["sample-plan"]))
    told = text_of(other.content) if form == "pdf" else _words(other.content)
    assert "Timetable" not in told
    assert "The Board agrees" in told


def _words(content: bytes) -> str:
    document = WordDocument(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_discussion_at_a_meeting_links_to_it(questionnaire, client_of) -> None:
    meeting = factories.MeetingFactory(visibility=Visibility.PUBLIC)
    record = reverse("questionnaires:record_discussion", args=["sample-plan"])
    browser = client_of("director")

    for _click in range(2):
        answer = browser.post(record, {"meeting": meeting.pk, "objective": "3", "note": "Sample note"})
    assert answer["Location"] == address("read_objective_review")
    assert Discussion.objects.count() == 1
    text = browser.get(address("read_objective_review")).text
    assert f'href="{meeting.get_absolute_url()}"' in text
    assert "Sample note" in text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a meeting, or name the occasion."),
        ({"occasion": "Sample session"}, "Give the day of the occasion."),
        ({"occasion": "x" * 300, "date": "2018-05-15"}, "at most 200 characters"),
    ],
)
def test_a_discussion_without_place_or_day_is_refused(questionnaire, client_of, sent, said) -> None:
    answer = client_of("director").post(reverse("questionnaires:record_discussion", args=["sample-plan"]), sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert sent.get("occasion", "") in answer.text
    assert not Discussion.objects.exists()


def test_a_meeting_that_does_not_exist_for_somebody_is_neither_offered_nor_shown(
    questionnaire, director, secretariat, client_of
) -> None:
    hidden = factories.MeetingFactory(visibility=Visibility.SECRETARIAT, title="Sample hidden meeting")
    record = reverse("questionnaires:record_discussion", args=["sample-plan"])

    assert client_of("director").post(record, {"meeting": hidden.pk}).status_code == 422
    operations.record_discussion(questionnaire, meeting=hidden, note="Sample note", by=secretariat)
    assert "Sample note" in client_of("secretariat").get(address("read_objective_review", 0)).text
    assert "Sample note" not in client_of("director").get(address("read_objective_review", 0)).text


def test_a_discussion_recorded_by_mistake_is_taken_back(questionnaire, director, client_of) -> None:
    row = operations.record_discussion(questionnaire, occasion="Sample session", date=date(2018, 5, 15), by=director)
    strike = reverse("questionnaires:strike_discussion", args=["sample-plan", row.pk])

    answer = client_of("director").post(strike, {"back": "https://elsewhere.example/"})

    assert answer["Location"] == reverse("questionnaires:list_objectives_review", args=["sample-plan"])
    assert not Discussion.objects.exists()
