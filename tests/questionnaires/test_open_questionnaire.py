"""Opening: the questions are frozen, answers are taken, the delegations are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.editions import choices_of
from questionnaires.exceptions import QuestionnaireFrozen, QuestionnaireNotReady
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP", opened=False)


def address(questionnaire: Questionnaire) -> str:
    return reverse("admin:questionnaires_questionnaire_open_questionnaire", args=[questionnaire.pk])


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_it_is_confirmed_and_then_open(
    draft, client_of, request, who, focal_point, contributor, reader, other_focal_point
) -> None:
    browser = client_of(who)

    page = browser.get(address(draft))
    answer = browser.post(address(draft))

    assert page.status_code == 200
    assert "The 16 questions are frozen as edition 1." in page.text
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.state == "open"
    assert draft.opened_by == request.getfixturevalue(who)
    assert draft.editions.get().number == 1
    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {focal_point.email, contributor.email, other_focal_point.email}


def test_looking_at_the_confirmation_opens_nothing(draft, client_of) -> None:
    client_of("secretariat").get(address(draft))

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not Message.objects.exists()


def test_what_is_missing_is_listed_instead_of_the_button(client_of) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=False, deadline=timezone.now() - timedelta(days=1))
    single = question_of(questionnaire, "single")
    single.choices = choices_of("Only one")
    single.save()
    browser = client_of("secretariat")

    page = browser.get(address(questionnaire)).text
    answer = browser.post(address(questionnaire))

    assert "Set a deadline that is still to come." in page
    assert f"Give “{single.text}” at least two choices." in page
    assert '<input type="submit"' not in page
    assert answer.status_code == 422
    questionnaire.refresh_from_db()
    assert questionnaire.state == "draft"
    with pytest.raises(QuestionnaireNotReady):
        operations.open_questionnaire(questionnaire, by=factories.UserFactory())


def test_an_open_questionnaire_is_not_opened_again(draft, client_of, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    browser = client_of("secretariat")

    page = browser.get(address(draft))
    answer = browser.post(address(draft))

    assert "has been opened already" in page.text
    assert '<input type="submit"' not in page.text
    assert answer.status_code == 422
    assert draft.editions.count() == 1
    with pytest.raises(QuestionnaireFrozen):
        operations.open_questionnaire(draft, by=secretariat)


def test_the_page_of_a_draft_leads_to_it(draft, client_of) -> None:
    browser = client_of("secretariat")
    page = reverse("admin:questionnaires_questionnaire_change", args=[draft.pk])

    assert address(draft) in browser.get(page).text
    browser.post(address(draft))
    assert address(draft) not in browser.get(page).text


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(draft, client_of, who) -> None:
    assert client_of(who).post(address(draft)).status_code in (302, 403)
    draft.refresh_from_db()
    assert draft.state == "draft"
