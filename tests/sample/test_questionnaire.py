"""The questionnaire of the sample site and what its delegations have made of it."""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import geneva, today
from icoca_portal.outbox.models import Message
from members.models import User
from questionnaires import checks, results
from questionnaires.editions import FrozenQuestion
from questionnaires.kinds import KINDS
from questionnaires.models import (
    Extension,
    Question,
    Questionnaire,
    Remark,
    Response,
    Results,
    ReturnRecord,
    StrategicPlan,
    Submission,
)
from tests.sample.site import SampleSite

OBJECTIVES = [
    "Government membership and recognition",
    "Client engagement",
    "Streamlined certification",
    "Operational awareness and credibility",
    "Broader funding",
    "Synergies with other initiatives",
]
SUBMITTED = {"AU", "CA", "CH", "DE", "ES", "FR", "GB", "IT", "JP", "NL", "NO"}


SLUG = "strategic-plan-2018"


def response_of(code: str) -> Response:
    return Response.objects.get(questionnaire__slug=SLUG, delegation__organisation__code=code)


def submissions() -> QuerySet[Submission]:
    return Submission.objects.filter(response__questionnaire__slug=SLUG)


def typed_texts(question: FrozenQuestion) -> list[str]:
    """What a person typed for a question in their own words."""
    match question.kind, question.answer:
        case _, None:
            return []
        case (("short_text" | "long_text"), text):
            return [text]
        case (("single" | "multiple"), value):
            return [value["other"]] if value["other"] else []
        case "table", rows:
            return [row["step"] for row in rows]
        case "file", value:
            return [file["name"] for file in value]
    return []


class QuestionnaireTest(SampleSite):
    """The questionnaire on the strategic plan, its responses, and the remarks on them."""

    def test_the_plan_has_its_six_objectives(self) -> None:
        objectives = StrategicPlan.objects.get().objectives.all()
        assert [(objective.number, objective.title) for objective in objectives] == list(enumerate(OBJECTIVES, start=1))

    def test_the_questionnaire_is_open_until_six_in_the_evening_in_geneva(self) -> None:
        questionnaire = Questionnaire.objects.get(slug=SLUG)
        assert (questionnaire.slug, questionnaire.code) == ("strategic-plan-2018", "SP2018")
        assert questionnaire.takes_answers
        local = timezone.localtime(questionnaire.deadline, geneva())
        assert (local.date(), local.hour, local.minute) == (today() + timedelta(days=12), 18, 0)

    def test_it_asks_about_each_objective_and_in_every_way(self) -> None:
        edition = Questionnaire.objects.get(slug=SLUG).edition.questions
        assert [section.title for section in edition.sections] == [*OBJECTIVES, "Anything else"]
        questions = list(edition)
        assert {question.kind for question in questions} == set(Question.Kind.values) == set(KINDS)
        scales = [question for question in questions if question.kind == "scale"]
        assert [scale.objective["number"] for scale in scales] == [1, 2, 3, 4, 5, 6]
        assert all(scale.low and scale.high and scale.required for scale in scales)
        assert {question.kind for question in questions if question.other} == {"single", "multiple"}
        assert all(question.words for question in questions if question.kind == "long_text")
        assert {question.unit for question in questions if question.kind == "number"} == {"%"}
        assert [question.required for question in questions if question.kind == "file"] == [False]
        assert all(question.objective is None for question in edition.sections[-1].questions)

    def test_each_delegation_stands_where_the_list_of_accounts_says(self) -> None:
        states = dict(
            Response.objects.filter(questionnaire__slug=SLUG).values_list("delegation__organisation__code", "state")
        )
        assert states == {**dict.fromkeys(SUBMITTED, "submitted"), "US": "returned", "SE": "draft"}
        assert set(submissions().values_list("reference", flat=True)) == {
            f"SP2018-{code}-1" for code in SUBMITTED | {"US"}
        }
        assert all(submission.is_intact for submission in submissions())

    def test_each_was_submitted_by_its_own_focal_point(self) -> None:
        for submission in submissions().select_related("submitted_by"):
            code = submission.reference.split("-")[1].lower()
            assert submission.submitted_by.email == f"focal.{code}@sample.example"

    def test_the_united_states_are_told_why_their_response_came_back(self) -> None:
        record = ReturnRecord.objects.get()
        assert record.submission.reference == "SP2018-US-1"
        assert record.reason.startswith("Sample: ")
        assert record.returned_by.email == "secretariat@sample.example"
        assert response_of("US").is_writable
        answers = {question.number: question.answer_text for question in record.submission.record}
        assert answers["5.2"] == "60 %"
        assert "a third" in answers["7.2"]
        mail = Message.objects.filter(recipient="focal.us@sample.example", subject__contains="eturned").get()
        assert record.reason.split(":")[1].strip()[:40] in " ".join(mail.text.split())

    def test_two_people_of_sweden_have_half_a_draft(self) -> None:
        response = response_of("SE")
        answers = list(response.answers.select_related("saved_by"))
        assert {answer.saved_by.email for answer in answers} == {
            "focal.se@sample.example",
            "contributor.se@sample.example",
        }
        total = len(list(response.edition.questions))
        assert total / 4 < len(answers) < total * 3 / 4
        changed = [answer for answer in answers if answer.version == 2]
        assert [answer.revisions.count() for answer in changed] == [2]
        assert not response.submissions.exists()

    def test_what_was_submitted_would_be_taken_again(self) -> None:
        for submission in submissions():
            record = submission.record
            assert checks.problems_in(record, {question.id: question.answer for question in record}) == []

    def test_every_text_says_that_it_is_invented(self) -> None:
        texts = [
            text for submission in submissions() for question in submission.record for text in typed_texts(question)
        ]
        texts += [
            str(answer.value)
            for answer in response_of("SE").answers.filter(question__kind__in=["short_text", "long_text"])
        ]
        texts += Remark.objects.values_list("text", flat=True)
        assert len(texts) > 30
        assert [text for text in texts if "sample" not in text.lower()] == []

    def test_the_answers_differ_from_delegation_to_delegation(self) -> None:
        scales = {
            tuple(question.answer for question in submission.record if question.kind == "scale")
            for submission in submissions()
        }
        assert len(scales) == 12

    def test_switzerland_attached_a_paper(self) -> None:
        attachment = response_of("CH").attachments.get()
        with attachment.file.open() as file:
            assert file.read(5) == b"%PDF-"

    def test_the_director_has_remarked_on_answers(self) -> None:
        remarks = list(Remark.objects.select_related("submission", "written_by"))
        assert {remark.submission.reference for remark in remarks} == {"SP2018-CH-1", "SP2018-DE-1", "SP2018-GB-1"}
        assert {remark.written_by.email for remark in remarks} == {"director@sample.example"}

    def test_portugal_has_not_started(self) -> None:
        assert not Response.objects.filter(questionnaire__slug=SLUG, delegation__organisation__code="PT").exists()

    def test_everything_asked_stands_in_french_too(self) -> None:
        for questionnaire in Questionnaire.objects.all():
            content = json.loads(questionnaire.editions.get().content)
            assert content["translations"]["fr"]["introduction"].startswith(("L’Association", "Exemple"))
            for section in content["sections"]:
                assert section["translations"]["fr"]["title"]
                for question in section["questions"]:
                    french = question["translations"]["fr"]
                    assert french["text"]
                    assert bool(question["help"]) == ("help" in french)
                    for name in ("choices", "rows", "columns"):
                        assert all(choice["labels"]["fr"] for choice in question[name]), question["number"]

    def test_some_questions_are_asked_only_if(self) -> None:
        content = Questionnaire.objects.get(slug=SLUG).edition.questions
        conditional = {question.number for question in content if question.condition}
        assert conditional == {"1.4", "6.3"}
        record = submissions().get(reference="SP2018-ES-1").record
        assert [question.number for question in record if not question.asked] == ["1.4", "6.3"]

    def test_sweden_works_together_on_its_draft(self) -> None:
        response = response_of("SE")
        assert {row.user.email.partition("@")[0] for row in response.assignments.active()} == {
            "focal.se",
            "contributor.se",
        }
        notes = list(response.notes.values_list("text", flat=True))
        assert len(notes) == 3
        assert all(text.startswith("Sample note") for text in notes)
        clearance = response.clearances.get()
        assert (clearance.outcome, clearance.cleared_by_name) == ("lapsed", "Sample Head of Department")

    def test_the_united_states_have_a_week_more(self) -> None:
        extension = Extension.objects.get()
        assert extension.delegation.code == "US"
        assert extension.reason.startswith("Sample: ")
        assert extension.until > Questionnaire.objects.get(slug=SLUG).deadline

    def test_one_quotation_would_be_held_back(self) -> None:
        (held,) = results.compose(Questionnaire.objects.get(slug=SLUG)).held
        assert (held.delegation, held.why) == ("Italy", "It holds “Italy”.")

    def test_the_board_has_themes_a_reply_a_discussion_and_a_draft_conclusion(self) -> None:
        questionnaire = Questionnaire.objects.get(slug=SLUG)
        assert {theme.passages.count() for theme in questionnaire.themes.all()} == {2}
        (reply,) = Remark.objects.exclude(answers=None)
        assert reply.text.startswith("Sample reply")
        assert {str(row) for row in questionnaire.discussions.all()} >= {"Board of Directors, May 2018"}
        (draft,) = questionnaire.conclusions.all()
        assert (draft.objective.number, draft.published_at) == (1, None)
        assert "Sample: a draft" in draft.text

    def test_the_plan_has_its_steps_and_no_final_text(self) -> None:
        plan = StrategicPlan.objects.get()
        steps = list(plan.milestones.values_list("date", "date_note", "is_done"))
        assert [is_done for _date, _note, is_done in steps] == [True, True, True, False, False]
        assert (date(2018, 11, 30), "", False) in steps
        assert "May 2018" in [note for _date, note, _done in steps]
        assert not plan.documents.exists()


class ConsultationTest(SampleSite):
    """The earlier consultation: invented, closed, with results to read and answers to take over."""

    def test_it_lies_in_2017_and_nobody_got_mail_about_it(self) -> None:
        questionnaire = Questionnaire.objects.get(slug="sample-consultation-2017")
        assert questionnaire.state == "published"
        assert {questionnaire.opened_at.year, questionnaire.closed_at.year} == {2017}
        sealed = Submission.objects.filter(response__questionnaire=questionnaire)
        assert {submission.submitted_at.year for submission in sealed} == {2017}
        assert all(submission.is_intact for submission in sealed)
        assert not Message.objects.filter(text__contains="sample-consultation-2017").exists()
        assert timezone.now().year > 2017

    def test_its_results_show_figures_and_leave_small_ones_out(self) -> None:
        row = Results.objects.get()
        assert row.is_intact
        self.client.force_login(User.objects.get(email="reader.pt@sample.example"))
        page = self.client.get(
            reverse("questionnaires:read_results", args=["sample-consultation-2017"])
        ).content.decode()
        assert "14 answered" in page
        assert "not shown" in page
        assert "Sample: one person in the Association" in page

    def test_the_plan_shows_what_the_board_concluded_from_it(self) -> None:
        self.client.force_login(User.objects.get(email="reader.pt@sample.example"))
        page = self.client.get(StrategicPlan.objects.get().get_absolute_url()).content.decode()
        assert "Sample conclusion: a guide alone" in page
        assert "Sample: a draft" not in page

    def test_every_text_of_it_says_that_it_is_invented(self) -> None:
        sealed = Submission.objects.filter(response__questionnaire__slug="sample-consultation-2017")
        texts = [text for submission in sealed for question in submission.record for text in typed_texts(question)]
        assert len(texts) > 15
        assert [text for text in texts if "sample" not in text.lower()] == []

    def test_sweden_and_portugal_may_take_over_what_they_answered(self) -> None:
        later = {question.copied_from_id for question in Question.objects.filter(section__questionnaire__slug=SLUG)}
        for code in ("SE", "PT"):
            record = Submission.objects.get(reference=f"SC2017-{code}-1").record
            assert len([question for question in record if question.id in later and question.answer is not None]) >= 3
