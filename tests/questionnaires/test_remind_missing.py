"""Reminders by hand: whom is shown first, and nobody twice within the hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from questionnaires import operations
from questionnaires.exceptions import NobodyToRemind, QuestionnaireClosed
from questionnaires.models import Questionnaire, Reminder
from tests import factories
from tests.questionnaires.answering import at_once
from tests.questionnaires.board import REFUSED, make_questionnaire
from tests.questionnaires.circulating import submit, told

pytestmark = pytest.mark.django_db


def address(questionnaire: Questionnaire, act: str = "remind_missing") -> str:
    return reverse(f"admin:questionnaires_questionnaire_{act}", args=[questionnaire.pk])


def test_the_missing_are_shown_and_reminded(
    questionnaire,
    client_of,
    delegation,
    focal_point,
    contributor,
    reader,
    other_delegation,
    other_focal_point,
    secretariat,
) -> None:
    submit(questionnaire, other_delegation, other_focal_point)
    page = client_of("secretariat").get(address(questionnaire)).text
    before = told("response-due")

    answer = client_of("secretariat").post(address(questionnaire), follow=True)

    assert focal_point.email in page
    assert other_focal_point.email not in page
    assert before == []
    assert "2 people are reminded." in answer.text
    assert told("response-due") == [contributor.email, focal_point.email]
    assert set(Reminder.objects.values_list("queued_by", "days")) == {(secretariat.pk, None)}


def test_a_second_click_reminds_nobody_until_an_hour_has_passed(
    questionnaire, client_of, focal_point, secretariat
) -> None:
    browser = client_of("secretariat")

    statuses = [browser.post(address(questionnaire)).status_code for _click in range(2)]

    assert statuses == [302, 422]
    assert "within the hour" in browser.get(address(questionnaire)).text
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert operations.remind_missing(questionnaire, by=secretariat) == 1
    assert told("response-due") == [focal_point.email] * 2


def test_one_delegation_is_reminded_alone(questionnaire, client_of, delegation, focal_point, other_focal_point) -> None:
    browser = client_of("secretariat")
    page = f"{address(questionnaire)}?delegation={delegation.pk}"

    assert other_focal_point.email not in browser.get(page).text
    browser.post(page)
    assert told("response-due") == [focal_point.email]
    browser.post(address(questionnaire))
    assert told("response-due") == [focal_point.email, other_focal_point.email]


def test_who_is_over_time_is_not_reminded(questionnaire, focal_point, secretariat) -> None:
    with time_machine.travel(questionnaire.deadline), pytest.raises(NobodyToRemind):
        operations.remind_missing(questionnaire, by=secretariat)


def test_nobody_is_reminded_of_a_closed_one(questionnaire, client_of, focal_point, secretariat) -> None:
    operations.close_questionnaire(questionnaire, by=secretariat)

    assert client_of("secretariat").post(address(questionnaire)).status_code == 422
    with pytest.raises(QuestionnaireClosed):
        operations.remind_missing(questionnaire, by=secretariat)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_remind_each_person_once(
    questionnaire, focal_point, other_focal_point, secretariat
) -> None:
    if connection.vendor == "sqlite":
        connection.close()

    results = at_once([lambda: operations.remind_missing(questionnaire, by=secretariat)] * 4)

    assert sorted(type(result).__name__ for result in results) == ["NobodyToRemind"] * 3 + ["int"]
    assert told("response-due") == sorted([focal_point.email, other_focal_point.email])


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
@pytest.mark.parametrize("act", ["remind_missing", "set_reminders"])
def test_others_cannot(questionnaire, client_of, who, act) -> None:
    assert client_of(who).post(address(questionnaire, act), {"days": "1"}).status_code in (302, 403)
    questionnaire.refresh_from_db()
    assert questionnaire.reminder_days == [14, 7, 2]
    assert not Reminder.objects.exists()


# When


@pytest.mark.parametrize(
    ("typed", "days"), [("14, 7, 2", [14, 7, 2]), (" 2,7 ,2,,30", [30, 7, 2]), ("", []), ("0", [0]), ("365", [365])]
)
def test_the_days_are_typed_with_commas(questionnaire, client_of, typed, days) -> None:
    browser = client_of("secretariat")

    assert 'value="14, 7, 2"' in browser.get(address(questionnaire, "set_reminders")).text
    assert browser.post(address(questionnaire, "set_reminders"), {"days": typed}).status_code == 302
    questionnaire.refresh_from_db()
    assert questionnaire.reminder_days == days


@pytest.mark.parametrize("typed", ["soon", "-1", "366", "1.5", "²", ",".join(map(str, range(11)))])
def test_what_are_no_days_is_refused_and_stays(questionnaire, client_of, typed) -> None:
    answer = client_of("secretariat").post(address(questionnaire, "set_reminders"), {"days": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    questionnaire.refresh_from_db()
    assert questionnaire.reminder_days == [14, 7, 2]


def test_the_days_of_a_closed_one_stay(questionnaire, client_of, secretariat) -> None:
    operations.close_questionnaire(questionnaire, by=secretariat)

    assert client_of("secretariat").post(address(questionnaire, "set_reminders"), {"days": "1"}).status_code == 422


def test_reminding_two_hundred_delegations_costs_no_query_for_each(secretariat, django_assert_max_num_queries) -> None:
    """Two queries a message (its row, within a savepoint) and a fixed number besides."""
    questionnaire = make_questionnaire()
    for _number in range(20):
        factories.DelegateFactory()

    with django_assert_max_num_queries(20 + 20 * 10):
        assert operations.remind_missing(questionnaire, by=secretariat) == 20
