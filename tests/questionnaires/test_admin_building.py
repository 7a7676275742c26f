"""Plans, questionnaires, sections and questions in the administration."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import User
from questionnaires import operations
from questionnaires.models import Questionnaire, StrategicPlan
from tests import factories
from tests.questionnaires.board import REFUSED
from tests.questionnaires.designing import design

pytestmark = pytest.mark.django_db


def change(row: Any) -> str:
    return reverse(f"admin:questionnaires_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def draft() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP", opened=False)


def questionnaire_form(questionnaire: Questionnaire, **values: Any) -> dict[str, Any]:
    """What the page of a draft posts."""
    local = timezone.localtime(questionnaire.deadline, ZoneInfo("Europe/Zurich"))
    data: dict[str, Any] = {
        "title": questionnaire.title,
        "slug": questionnaire.slug,
        "code": questionnaire.code,
        "plan": "",
        "introduction": questionnaire.introduction,
        "deadline_0": f"{local:%Y-%m-%d}",
        "deadline_1": f"{local:%H:%M}",
        "read_from": questionnaire.read_from,
        "attribution": questionnaire.attribution,
        "threshold": questionnaire.threshold,
        "reminder_days": ", ".join(map(str, questionnaire.reminder_days)),
        "seen_version": questionnaire.version,
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
        "milestones-TOTAL_FORMS": 0,
        "milestones-INITIAL_FORMS": 0,
        "documents-TOTAL_FORMS": 0,
        "documents-INITIAL_FORMS": 0,
        "objectives-0-number": 3,
        "objectives-0-title": "Streamlined certification",
        "objectives-0-summary": "",
    }

    answer = client_of("secretariat").post(reverse("admin:questionnaires_strategicplan_add"), data)

    assert answer.status_code == 302
    plan = StrategicPlan.objects.get()
    assert [str(objective) for objective in plan.objectives.all()] == ["3 Streamlined certification"]


def test_the_secretariat_makes_a_questionnaire_and_goes_on_to_its_questions(client_of) -> None:
    data = {
        "title": "Sample questionnaire",
        "title_fr": "Questionnaire d’exemple",
        "slug": "sample",
        "code": "SP",
        "introduction": "",
        "introduction_fr": "",
        "deadline_0": "2030-01-31",
        "deadline_1": "18:00",
        "read_from": "closing",
        "attribution": "unnamed",
        "threshold": "4",
        "reminder_days": "2, 10",
    }

    answer = client_of("secretariat").post(reverse("admin:questionnaires_questionnaire_add"), data)

    questionnaire = Questionnaire.objects.get()
    assert answer["Location"] == design("design", questionnaire)
    assert questionnaire.state == "draft"
    assert questionnaire.translations == {"fr": {"title": "Questionnaire d’exemple"}}
    assert (questionnaire.read_from, questionnaire.attribution) == ("closing", "unnamed")
    assert (questionnaire.threshold, questionnaire.reminder_days) == (4, [10, 2])


def test_the_page_of_a_draft_leads_to_its_questions_and_keeps_its_translations(draft, client_of) -> None:
    draft.translations = {"fr": {"title": "Titre", "introduction": "Mots"}}
    draft.save()
    browser = client_of("secretariat")

    page = browser.get(change(draft)).text
    assert design("design", draft) in page
    assert 'value="Titre"' in page
    browser.post(change(draft), questionnaire_form(draft, title_fr="Autre titre", introduction_fr="Mots"))

    draft.refresh_from_db()
    assert draft.translations == {"fr": {"title": "Autre titre", "introduction": "Mots"}}
    assert draft.version == 2


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


def test_a_stale_save_of_a_plan_is_refused(client_of) -> None:
    plan = factories.StrategicPlanFactory()
    data = {
        "title": "Their title",
        "slug": plan.slug,
        "summary": "",
        "seen_version": 1,
        "objectives-TOTAL_FORMS": 0,
        "objectives-INITIAL_FORMS": 0,
        "milestones-TOTAL_FORMS": 0,
        "milestones-INITIAL_FORMS": 0,
        "documents-TOTAL_FORMS": 0,
        "documents-INITIAL_FORMS": 0,
    }
    browser = client_of("secretariat")
    assert browser.post(change(plan), data).status_code == 302

    assert browser.post(change(plan), data | {"title": "My title"}).status_code == 409
    plan.refresh_from_db()
    assert plan.title == "Their title"


# What is frozen
@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_what_an_open_questionnaire_promises_is_read_only_and_says_why(client_of, who) -> None:
    questionnaire = factories.QuestionnaireFactory(translations={"fr": {"title": "Titre"}})

    page = client_of(who).get(change(questionnaire))

    assert page.status_code == 200
    assert "Delegations were told this and rely on it" in page.text
    assert "French: Titre" in page.text
    assert "14, 7, 2" in page.text
    assert 'name="_save"' not in page.text
    assert 'name="title"' not in page.text


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_is_posted_to_a_frozen_questionnaire_is_refused(client_of, secretariat, state) -> None:
    questionnaire = factories.QuestionnaireFactory()
    if state == "closed":
        operations.close_questionnaire(questionnaire, by=secretariat)

    answer = client_of("secretariat").post(change(questionnaire), questionnaire_form(questionnaire, title="Mine"))

    assert answer.status_code == 403
    questionnaire.refresh_from_db()
    assert questionnaire.title != "Mine"


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_questionnaires_and_plans_are_not_deleted_as_a_whole(draft, client_of, who) -> None:
    plan = factories.StrategicPlanFactory()

    for row in (draft, plan):
        address = reverse(f"admin:questionnaires_{row._meta.model_name}_delete", args=[row.pk])
        assert client_of(who).post(address, {"post": "yes"}).status_code == 403


# Who may
PAGES = ("questionnaires_questionnaire_changelist", "questionnaires_strategicplan_changelist")


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_are_sent_away(draft, client_of, who) -> None:
    browser = client_of(who)
    addresses = [
        *(reverse(f"admin:{page}") for page in PAGES),
        change(draft),
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
