"""When a delegation first opened a questionnaire."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from members.models import Delegate
from questionnaires import operations, review
from questionnaires.models import Invitation, Questionnaire
from tests import factories
from tests.questionnaires.circulating import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(delegation, other_delegation) -> Questionnaire:
    return factories.QuestionnaireFactory(slug="sample-plan")


def pages(questionnaire: Questionnaire) -> list[str]:
    return [questionnaire.get_absolute_url(), reverse("questionnaires:read_response", args=[questionnaire.slug])]


@pytest.mark.parametrize("who", ["focal_point", "contributor", "reader"])
@pytest.mark.parametrize("page", [0, 1])
def test_the_first_look_of_a_delegate_is_noted_and_no_later_one(questionnaire, client_of, request, who, page) -> None:
    first = timezone.now()
    client_of(who).get(pages(questionnaire)[page])
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        client_of("focal_point").get(pages(questionnaire)[0])

    ours = Invitation.objects.get(delegation__organisation__code="ch")
    assert ours.opened_by == request.getfixturevalue(who)
    assert ours.opened_at is not None
    assert ours.opened_at - first < timedelta(minutes=30)
    assert Invitation.objects.get(delegation__organisation__code="se").opened_at is None
    states = {row.organisation.code: row.state.value for row in review.returns(questionnaire)}
    assert states == {"ch": "opened", "se": "not_opened"}


@pytest.mark.parametrize("who", ["secretariat", "superuser", "director", "chair"])
def test_the_looks_of_others_count_for_nothing(questionnaire, client_of, who) -> None:
    for page in pages(questionnaire):
        client_of(who).get(page)

    assert not Invitation.objects.exclude(opened_at=None).exists()


def test_nor_does_that_of_an_officer_who_is_a_delegate_too(questionnaire, client_of, delegation, secretariat) -> None:
    factories.DelegateFactory(user=secretariat, delegation=delegation, role=Delegate.Role.READER)

    client_of("secretariat").get(pages(questionnaire)[0])

    assert not Invitation.objects.exclude(opened_at=None).exists()


def test_nor_does_a_question_for_the_head_alone(questionnaire, client_of, focal_point) -> None:
    for page in pages(questionnaire):
        client_of("focal_point").head(page)

    assert not Invitation.objects.exclude(opened_at=None).exists()


def test_nor_a_look_once_it_is_closed(questionnaire, client_of, focal_point, secretariat) -> None:
    operations.close_questionnaire(questionnaire, by=secretariat)

    client_of("focal_point").get(pages(questionnaire)[0])

    assert not Invitation.objects.exclude(opened_at=None).exists()


def test_a_participant_that_joined_since_is_on_the_board_from_its_first_look(questionnaire, client_of) -> None:
    late = factories.DelegationFactory()

    client_of(person(late)).get(pages(questionnaire)[0])

    assert Invitation.objects.get(delegation=late).opened_at is not None


def test_it_costs_one_query_from_the_second_look_on(
    questionnaire, delegation, focal_point, django_assert_num_queries
) -> None:
    operations.note_opening(questionnaire, delegation, by=focal_point)

    with django_assert_num_queries(1):
        operations.note_opening(questionnaire, delegation, by=focal_point)
