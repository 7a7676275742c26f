"""The page of a plan: its steps, what was asked, what came back, what the Board concluded, the plan itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from questionnaires import operations
from questionnaires.models import Conclusion, Milestone, Objective, PlanDocument, Question, Questionnaire, StrategicPlan
from tests import factories
from tests.counting import queries
from tests.questionnaires.board import submit

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nSample plan\n%%EOF\n"


@pytest.fixture
def plan(settings: Any, tmp_path: Path) -> StrategicPlan:
    settings.MEDIA_ROOT = tmp_path
    plan = factories.StrategicPlanFactory(slug="sample-plan", title="Sample Plan", summary="Sample summary of it")
    for number in (1, 2):
        factories.ObjectiveFactory(plan=plan, number=number, title=f"Sample objective {number}")
    return plan


def questionnaire_on(plan: StrategicPlan, **options: Any) -> Any:
    questionnaire = factories.QuestionnaireFactory(opened=False, plan=plan, **options)
    objective = Objective.objects.get(plan=plan, number=1)
    Question.objects.filter(section__questionnaire=questionnaire, kind="yes_no").update(
        objective=objective, text="Sample question on the first objective?"
    )
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire


def page(browser: Any, plan: StrategicPlan) -> str:
    answer = browser.get(plan.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_address_of_plans_is_no_questionnaire(plan, client_of) -> None:
    assert plan.get_absolute_url() == "/questionnaires/plans/sample-plan/"
    assert client_of("visitor").get(plan.get_absolute_url()).status_code == 302
    assert client_of("reader").get("/questionnaires/plans/nowhere/").status_code == 404


def test_steps_stand_in_their_order_with_day_or_words(plan, client_of) -> None:
    Milestone.objects.create(plan=plan, position=2, title="Sample later step", date=date(2018, 11, 30))
    Milestone.objects.create(plan=plan, position=1, title="Sample first step", date_note="May 2018", is_done=True)
    text = page(client_of("reader"), plan)
    assert text.index("Sample first step") < text.rindex("Sample later step")
    assert "May 2018" in text
    assert '<li class="is-now">' in text
    assert '<li class="is-next">' in text
    assert "<dt>Next</dt><dd>Sample later step</dd>" in text


def test_it_says_what_was_asked_and_what_came_back(plan, client_of) -> None:
    questionnaire = questionnaire_on(plan, title="Sample asking")
    for number in range(5):
        submit(questionnaire, f"Sample Land {number}")
    text = page(client_of("reader"), plan)
    assert "Sample question on the first objective?" in text
    assert "5 delegations have answered." in text
    assert "Read the responses" not in text
    assert "Nothing was asked on this objective." in text
    read = page(client_of("director"), plan)
    assert reverse("questionnaires:review_questionnaire", args=[questionnaire.slug]) in read


def test_a_few_responses_are_not_counted_in_figures(plan, client_of) -> None:
    submit(questionnaire_on(plan), "Sample Land")
    assert "Fewer than 5 delegations have answered." in page(client_of("reader"), plan)


def test_results_are_linked_once_they_are_published(plan, client_of, secretariat) -> None:
    questionnaire = questionnaire_on(plan)
    results = reverse("questionnaires:read_results", args=[questionnaire.slug])
    assert results not in page(client_of("reader"), plan)
    operations.close_questionnaire(questionnaire, by=secretariat)
    operations.publish_results(questionnaire, by=secretariat)
    assert results in page(client_of("reader"), plan)


def test_a_conclusion_is_read_once_it_is_published(plan, client_of, director) -> None:
    questionnaire = questionnaire_on(plan)
    conclusion = Conclusion.objects.create(
        questionnaire=questionnaire,
        objective=plan.objectives.first(),
        text="<p>Sample <strong>conclusion</strong><script>alert(1)</script></p>",
        written_by=director,
    )
    whole = Conclusion.objects.create(
        questionnaire=questionnaire, text="<p>Sample words on the whole</p>", written_by=director
    )
    text = page(client_of("reader"), plan)
    assert "conclusion</strong>" not in text
    Conclusion.objects.filter(pk__in=[conclusion.pk, whole.pk]).update(published_at=timezone.now())
    text = page(client_of("reader"), plan)
    assert "Sample <strong>conclusion</strong>" in text
    assert "alert(1)" not in text
    assert "Sample words on the whole" in text


def test_a_questionnaire_that_was_not_put_to_the_reader_is_not_there(plan, client_of, reader) -> None:
    questionnaire = questionnaire_on(plan, title="Sample for others alone")
    Questionnaire.objects.filter(pk=questionnaire.pk).update(audience="chosen")
    questionnaire.invitations.all().delete()
    assert "Sample for others alone" not in page(client_of("reader"), plan)
    assert "Sample for others alone" in page(client_of("director"), plan)


def test_a_draft_questionnaire_is_not_on_the_page(plan, client_of) -> None:
    factories.QuestionnaireFactory(opened=False, plan=plan, title="Sample draft on the plan")
    assert "Sample draft on the plan" not in page(client_of("secretariat"), plan)


def test_it_costs_the_same_for_one_and_for_thirty(client_of, settings, tmp_path) -> None:
    counts = []
    for many in (1, 30):
        plan = factories.StrategicPlanFactory(slug=f"plan-{many}")
        for number in range(many):
            factories.ObjectiveFactory(plan=plan, number=number + 1)
            Milestone.objects.create(plan=plan, position=number, title="Sample", date=date(2018, 6, 6))
        for number in range(1 if many == 1 else 3):
            questionnaire_on(plan, slug=f"on-plan-{many}-{number}")
        browser = client_of("reader")
        browser.get(plan.get_absolute_url())
        counts.append(queries(browser, plan.get_absolute_url()))
    assert counts[0] == counts[1] <= 12


def test_the_list_names_all_plans(plan, client_of) -> None:
    factories.StrategicPlanFactory(title="Sample other plan")
    answer = client_of("reader").get(reverse("questionnaires:list_plans"))
    assert "Sample Plan" in answer.text
    assert "Sample other plan" in answer.text
    assert "2 objectives." in answer.text


# The text of the plan


def publish(browser: Any, plan: StrategicPlan, content: bytes = PDF, name: str = "plan.pdf", **data: Any) -> Any:
    address = reverse("admin:questionnaires_strategicplan_publish_plan_document", args=[plan.pk])
    return browser.post(address, {"title": "Sample final plan", "upload": SimpleUploadedFile(name, content), **data})


def test_the_secretariat_publishes_the_plan_and_everybody_fetches_it(plan, client_of, secretariat) -> None:
    assert "The plan is not final yet." in page(client_of("reader"), plan)
    assert publish(client_of("secretariat"), plan, is_final="on").status_code == 302
    document = PlanDocument.objects.get()
    assert (document.published_by, document.is_final, document.name) == (secretariat, True, "plan.pdf")

    browser = client_of("reader")
    text = page(browser, plan)
    assert "<dt>State</dt><dd>Final</dd>" in text
    address = reverse("questionnaires:read_plan_document", args=[plan.slug, document.pk])
    assert address in text
    answer = browser.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client_of("visitor").get(address).status_code == 302
    other = factories.StrategicPlanFactory()
    assert browser.get(reverse("questionnaires:read_plan_document", args=[other.slug, document.pk])).status_code == 404


def test_a_file_that_is_not_taken_is_refused_and_what_was_typed_stays(plan, client_of) -> None:
    answer = publish(client_of("secretariat"), plan, content=b"MZ\x90\x00 program", name="plan.exe")
    assert answer.status_code == 422
    assert "Sample final plan" in answer.text
    assert not PlanDocument.objects.exists()


def test_only_the_secretariat_publishes(plan, client_of) -> None:
    for who in ("reader", "director", "chair"):
        assert publish(client_of(who), plan).status_code in (302, 403)
    assert not PlanDocument.objects.exists()


def test_the_secretariat_sets_down_the_steps_in_the_administration(plan, client_of) -> None:
    browser = client_of("secretariat")
    address = reverse("admin:questionnaires_strategicplan_change", args=[plan.pk])
    text = browser.get(address).text
    assert "milestones-0-title" in text
    assert reverse("admin:questionnaires_strategicplan_publish_plan_document", args=[plan.pk]) in text
