"""Plans, questionnaires, sections and questions in the administration."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import User
from questionnaires import operations
from questionnaires.models import Objective, Question, Questionnaire, Section, StrategicPlan
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED

pytestmark = pytest.mark.django_db


def change(row: Any) -> str:
    return reverse(f"admin:questionnaires_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def draft() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP", opened=False)


def section_form(section: Section, **values: Any) -> dict[str, Any]:
    """What the page of a section posts, its questions as they are stored."""
    data: dict[str, Any] = {
        "title": section.title,
        "introduction": section.introduction,
        "objective": "",
        "seen_version": section.version,
        "questions-TOTAL_FORMS": section.questions.count(),
        "questions-INITIAL_FORMS": section.questions.count(),
        "questions-MIN_NUM_FORMS": 0,
        "questions-MAX_NUM_FORMS": 1000,
    }
    for number, question in enumerate(section.questions.order_by("position", "pk")):
        row = f"questions-{number}-"
        data |= {
            f"{row}id": question.pk,
            f"{row}section": section.pk,
            f"{row}position": question.position,
            f"{row}kind": question.kind,
            f"{row}text": question.text,
            f"{row}help_text": question.help_text,
            f"{row}choices": question.choices,
            f"{row}rows": question.rows,
            f"{row}low_label": question.low_label,
            f"{row}high_label": question.high_label,
        }
    return data | values


def questionnaire_form(questionnaire: Questionnaire, **values: Any) -> dict[str, Any]:
    """What the page of a draft posts, its sections as they are stored."""
    local = timezone.localtime(questionnaire.deadline, ZoneInfo("Europe/Zurich"))
    data: dict[str, Any] = {
        "title": questionnaire.title,
        "slug": questionnaire.slug,
        "code": questionnaire.code,
        "plan": "",
        "introduction": questionnaire.introduction,
        "deadline_0": f"{local:%Y-%m-%d}",
        "deadline_1": f"{local:%H:%M}",
        "seen_version": questionnaire.version,
        "sections-TOTAL_FORMS": questionnaire.sections.count(),
        "sections-INITIAL_FORMS": questionnaire.sections.count(),
        "sections-MIN_NUM_FORMS": 0,
        "sections-MAX_NUM_FORMS": 1000,
    }
    for number, section in enumerate(questionnaire.sections.order_by("position", "pk")):
        row = f"sections-{number}-"
        data |= {
            f"{row}id": section.pk,
            f"{row}questionnaire": questionnaire.pk,
            f"{row}position": section.position,
            f"{row}title": section.title,
        }
    return data | values


# A draft is written
def test_the_secretariat_makes_a_plan_with_its_objectives(client_of) -> None:
    data = {
        "title": "Sample plan",
        "slug": "sample-plan",
        "summary": "",
        "objectives-TOTAL_FORMS": 1,
        "objectives-INITIAL_FORMS": 0,
        "objectives-0-number": 3,
        "objectives-0-title": "Streamlined certification",
        "objectives-0-summary": "",
    }

    answer = client_of("secretariat").post(reverse("admin:questionnaires_strategicplan_add"), data)

    assert answer.status_code == 302
    plan = StrategicPlan.objects.get()
    assert [str(objective) for objective in plan.objectives.all()] == ["3 Streamlined certification"]


def test_the_secretariat_makes_a_questionnaire_with_its_sections(client_of) -> None:
    data = {
        "title": "Sample questionnaire",
        "slug": "sample",
        "code": "SP",
        "introduction": "",
        "deadline_0": "2030-01-31",
        "deadline_1": "18:00",
        "sections-TOTAL_FORMS": 2,
        "sections-INITIAL_FORMS": 0,
        "sections-0-position": 2,
        "sections-0-title": "Second",
        "sections-1-position": 1,
        "sections-1-title": "First",
    }

    answer = client_of("secretariat").post(reverse("admin:questionnaires_questionnaire_add"), data)

    assert answer.status_code == 302
    questionnaire = Questionnaire.objects.get()
    assert questionnaire.state == "draft"
    assert [section.title for section in questionnaire.sections.all()] == ["First", "Second"]


def test_a_deadline_is_typed_and_shown_in_geneva_whatever_the_zone_of_the_officer(
    draft, secretariat: User, client_of
) -> None:
    secretariat.time_zone = "America/New_York"
    secretariat.save()
    browser = client_of("secretariat")

    browser.post(change(draft), questionnaire_form(draft, deadline_0="2030-01-31", deadline_1="18:00"))

    draft.refresh_from_db()
    assert draft.deadline == datetime(2030, 1, 31, 17, tzinfo=ZoneInfo("UTC"))
    page = browser.get(change(draft)).text
    assert 'value="2030-01-31"' in page
    assert 'value="18:00"' in page


def test_sections_are_put_in_order_and_removed_while_they_are_empty(draft, client_of) -> None:
    empty = factories.SectionFactory(questionnaire=draft, position=3, title="Empty")
    first, second, _empty = draft.sections.all()
    data = questionnaire_form(draft, **{"sections-0-position": 2, "sections-1-position": 1, "sections-2-DELETE": "on"})

    answer = client_of("secretariat").post(change(draft), data)

    assert answer.status_code == 302
    assert list(draft.sections.all()) == [second, first]
    assert not Section.objects.filter(pk=empty.pk).exists()


def test_a_section_with_questions_is_not_removed(draft, client_of) -> None:
    answer = client_of("secretariat").post(change(draft), questionnaire_form(draft, **{"sections-0-DELETE": "on"}))

    assert answer.status_code == 200
    assert "errornote" in answer.text
    assert draft.sections.count() == 2


def test_a_question_is_changed_added_moved_and_removed(draft, client_of) -> None:
    section = draft.sections.first()
    short_text, long_text = section.questions.all()[:2]
    data = section_form(
        section,
        **{
            "questions-TOTAL_FORMS": 7,
            "questions-0-text": "A  better\nquestion?",
            "questions-0-position": 2,
            "questions-1-position": 1,
            "questions-2-DELETE": "on",
            "questions-6-section": section.pk,
            "questions-6-kind": "number",
            "questions-6-text": "How many?",
            "questions-6-minimum": "0",
            "questions-6-unit": "CHF",
        },
    )

    answer = client_of("secretariat").post(change(section), data)

    assert answer.status_code == 302
    assert answer["Location"] == change(draft)
    stored = list(section.questions.all())
    assert stored[:2] == [long_text, short_text]
    assert stored[1].text == "A better question?"
    assert "yes_no" not in [question.kind for question in stored]
    assert (stored[-1].kind, stored[-1].minimum, stored[-1].unit) == ("number", 0, "CHF")
    assert [question.position for question in stored] == [1, 2, 3, 4, 5, 6]


def test_objectives_to_choose_from_are_those_of_the_plan(draft, client_of) -> None:
    objective = factories.ObjectiveFactory(title="Of this plan")
    factories.ObjectiveFactory(title="Of another plan")
    Questionnaire.objects.filter(pk=draft.pk).update(plan=objective.plan)

    page = client_of("secretariat").get(change(draft.sections.first())).text

    assert "Of this plan" in page
    assert "Of another plan" not in page


def test_a_field_says_which_kinds_it_is_about(draft, client_of) -> None:
    page = client_of("secretariat").get(change(draft.sections.first())).text

    assert 'data-kinds="single multiple ranking matrix"' in page
    assert "js/question-kind.js" in page
    assert "js/reorder.js" in page


# Stale saves
def test_a_stale_save_of_a_questionnaire_is_refused_with_both_versions(draft, client_of) -> None:
    old = questionnaire_form(draft, title="My title")
    browser = client_of("secretariat")
    browser.post(change(draft), questionnaire_form(draft, title="Their title"))

    answer = browser.post(change(draft), old)

    assert answer.status_code == 409
    assert "Their title" in answer.text
    assert "My title" in answer.text
    draft.refresh_from_db()
    assert draft.title == "Their title"


def test_a_stale_save_of_a_section_is_refused_also_for_a_question(draft, client_of) -> None:
    section = draft.sections.first()
    old = section_form(section, **{"questions-0-text": "My question?"})
    browser = client_of("secretariat")
    browser.post(change(section), section_form(section, **{"questions-0-text": "Their question?"}))

    answer = browser.post(change(section), old)

    assert answer.status_code == 409
    assert section.questions.first().text == "Their question?"


def test_a_section_renamed_on_the_questionnaires_page_makes_its_own_page_stale(draft, client_of) -> None:
    section = draft.sections.first()
    old = section_form(section, title="My title")
    browser = client_of("secretariat")
    browser.post(change(draft), questionnaire_form(draft, **{"sections-0-title": "Their title"}))

    assert browser.post(change(section), old).status_code == 409
    section.refresh_from_db()
    assert section.title == "Their title"


def test_a_section_renamed_on_its_own_page_makes_the_questionnaires_page_stale(draft, client_of) -> None:
    section = draft.sections.first()
    old = questionnaire_form(draft, **{"sections-0-title": "My title"})
    browser = client_of("secretariat")
    browser.post(change(section), section_form(section, title="Their title"))

    assert browser.post(change(draft), old).status_code == 409
    section.refresh_from_db()
    assert section.title == "Their title"


def test_a_stale_save_of_a_plan_is_refused(client_of) -> None:
    plan = factories.StrategicPlanFactory()
    data = {
        "title": "Their title",
        "slug": plan.slug,
        "summary": "",
        "seen_version": 1,
        "objectives-TOTAL_FORMS": 0,
        "objectives-INITIAL_FORMS": 0,
    }
    browser = client_of("secretariat")
    assert browser.post(change(plan), data).status_code == 302

    assert browser.post(change(plan), data | {"title": "My title"}).status_code == 409
    plan.refresh_from_db()
    assert plan.title == "Their title"


# What is frozen
@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_the_wording_of_an_open_questionnaire_is_read_only_and_says_why(client_of, who) -> None:
    questionnaire = factories.QuestionnaireFactory()
    section = questionnaire.sections.first()
    browser = client_of(who)

    for row in (questionnaire, section):
        page = browser.get(change(row))
        assert page.status_code == 200
        assert "The wording is frozen" in page.text
        assert 'name="_save"' not in page.text
        assert 'name="title"' not in page.text


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_is_posted_to_a_frozen_questionnaire_is_refused(client_of, secretariat, state) -> None:
    questionnaire = factories.QuestionnaireFactory()
    if state == "closed":
        operations.close_questionnaire(questionnaire, by=secretariat)
    section = questionnaire.sections.first()
    browser = client_of("secretariat")

    for row, data in (
        (questionnaire, questionnaire_form(questionnaire, title="Mine")),
        (section, section_form(section, **{"questions-0-text": "Mine", "questions-1-DELETE": "on"})),
    ):
        assert browser.post(change(row), data).status_code == 403
    assert not Question.objects.filter(text="Mine").exists()
    assert section.questions.count() == 6
    questionnaire.refresh_from_db()
    assert questionnaire.title != "Mine"


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_questionnaires_sections_and_plans_are_not_deleted_as_a_whole(draft, client_of, who) -> None:
    plan = factories.StrategicPlanFactory()

    for row in (draft, draft.sections.first(), plan):
        address = reverse(f"admin:questionnaires_{row._meta.model_name}_delete", args=[row.pk])
        assert client_of(who).post(address, {"post": "yes"}).status_code == 403


def test_sections_stand_in_no_list_and_lead_to_the_questionnaires(draft, client_of) -> None:
    browser = client_of("secretariat")

    assert reverse("admin:questionnaires_section_changelist") not in browser.get(reverse("admin:index")).text
    answer = browser.get(reverse("admin:questionnaires_section_changelist"))
    assert answer["Location"] == reverse("admin:questionnaires_questionnaire_changelist")


# Preview
@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_a_draft_is_previewed_as_delegations_will_see_it(draft, client_of, who) -> None:
    page = client_of(who).get(reverse("admin:questionnaires_questionnaire_preview", args=[draft.pk]))

    assert page.status_code == 200
    for question in Question.objects.all():
        assert question.text in page.text
    assert page.text.count("<fieldset disabled") == 16
    assert "<form" not in page.text.split('<main id="main"')[1].split("</main>")[0]


# Who may
PAGES = ("questionnaires_questionnaire_changelist", "questionnaires_strategicplan_changelist")


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_are_sent_away(draft, client_of, who) -> None:
    browser = client_of(who)
    addresses = [
        *(reverse(f"admin:{page}") for page in PAGES),
        change(draft),
        change(draft.sections.first()),
        reverse("admin:questionnaires_questionnaire_preview", args=[draft.pk]),
    ]

    for address in addresses:
        assert browser.get(address).status_code in (302, 403)


@pytest.mark.parametrize("page", ["preview", "returns", "returns_csv", "open_questionnaire"])
def test_a_questionnaire_that_is_not_there_is_not_found(client_of, page) -> None:
    address = reverse(f"admin:questionnaires_questionnaire_{page}", args=[4711])

    assert client_of("secretariat").get(address).status_code == 404


# Constant queries
def test_the_list_runs_the_same_queries_at_1_and_30(client_of) -> None:
    browser = client_of("secretariat")
    used = []
    for many in (1, 29):
        for _number in range(many):
            factories.SubmissionFactory()
        browser.get(reverse(f"admin:{PAGES[0]}"))  # content types are read once a process
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(f"admin:{PAGES[0]}")).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12


def test_a_section_runs_the_same_queries_at_1_and_30_questions(client_of) -> None:
    objective: Objective = factories.ObjectiveFactory()
    questionnaire = factories.QuestionnaireFactory(opened=False, plan=objective.plan)
    section = questionnaire.sections.first()
    Question.objects.filter(section=section).exclude(pk=question_of(questionnaire, "short_text").pk).delete()
    browser = client_of("secretariat")
    used = []
    for many in (0, 29):
        for _number in range(many):
            factories.QuestionFactory(section=section, objective=objective)
        browser.get(change(section))  # content types are read once a process
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(change(section)).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12


def test_a_questionnaire_runs_the_same_queries_at_1_and_30_sections(client_of) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=False, deadline=timezone.now() + timedelta(days=3))
    browser = client_of("secretariat")
    used = []
    for many in (0, 28):
        for number in range(many):
            factories.SectionFactory(questionnaire=questionnaire, position=number)
        browser.get(change(questionnaire))  # content types are read once a process
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(change(questionnaire)).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12
