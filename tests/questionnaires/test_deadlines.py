"""A deadline is one instant: kept to the second where answers are written, on both sides of a change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from icoca_portal.lib.moments import zone_named
from questionnaires import operations
from questionnaires.admin_forms import DeadlineForm
from questionnaires.exceptions import QuestionnaireClosed
from questionnaires.models import Questionnaire
from tests import factories
from tests.questionnaires.circulating import HONOLULU, KIRITIMATI, NEW_YORK, person

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# Day and hour as they are typed for Geneva, and the instant that they are.
TYPED = [
    pytest.param("2018-03-25", "01:59", datetime(2018, 3, 25, 0, 59, tzinfo=UTC), id="before Geneva's summer time"),
    pytest.param("2018-03-25", "03:00", datetime(2018, 3, 25, 1, 0, tzinfo=UTC), id="after it began"),
    pytest.param(
        "2018-10-28", "01:59", datetime(2018, 10, 27, 23, 59, tzinfo=UTC), id="before Geneva's hour comes twice"
    ),
    pytest.param("2018-10-28", "03:00", datetime(2018, 10, 28, 2, 0, tzinfo=UTC), id="after it"),
    pytest.param(
        "2018-11-04", "06:30", datetime(2018, 11, 4, 5, 30, tzinfo=UTC), id="01:30 in New York, the first time"
    ),
    pytest.param(
        "2018-11-04", "07:30", datetime(2018, 11, 4, 6, 30, tzinfo=UTC), id="01:30 in New York, the second time"
    ),
    pytest.param("2018-03-11", "08:00", datetime(2018, 3, 11, 7, 0, tzinfo=UTC), id="as New York's summer time begins"),
]


def typed(day: str, hour: str) -> DeadlineForm:
    return DeadlineForm({"to_0": day, "to_1": hour})


@pytest.mark.parametrize("place", ["Europe/Zurich", NEW_YORK, KIRITIMATI, HONOLULU])
@pytest.mark.parametrize(("day", "hour", "instant"), TYPED)
def test_what_is_typed_for_geneva_holds_to_the_second_for_a_delegate_anywhere(
    delegation, place, day, hour, instant
) -> None:
    form = typed(day, hour)
    assert form.is_valid()
    with time_machine.travel(datetime(2018, 1, 1, tzinfo=UTC)):
        questionnaire = factories.QuestionnaireFactory(deadline=form.cleaned_data["to"])
    user = person(delegation, place)
    question = factories.question_of(questionnaire, "long_text")

    def save(text: str, version: int) -> None:
        with timezone.override(zone_named(place)):
            operations.save_answers(questionnaire, delegation, [operations.Change(question.pk, text, version)], by=user)

    assert Questionnaire.objects.get().deadline == instant
    with time_machine.travel(instant - SECOND, tick=False):
        save("In the last second", 0)
    for late in (timedelta(0), SECOND, timedelta(minutes=30), timedelta(hours=1)):
        with time_machine.travel(instant + late, tick=False), pytest.raises(QuestionnaireClosed):
            save("Too late", 1)


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2018-03-25", "02:00", "There is no such hour"),
        ("2018-03-25", "02:30", "There is no such hour"),
        ("2018-10-28", "02:00", "comes twice"),
        ("2018-10-28", "02:59", "comes twice"),
    ],
)
def test_an_hour_that_is_none_or_two_is_not_taken_for_a_deadline(day, hour, sentence) -> None:
    form = typed(day, hour)

    assert not form.is_valid()
    assert sentence in str(form.errors["to"])


def test_the_repeated_hour_is_two_instants_where_answers_are_written(delegation, focal_point) -> None:
    """A deadline at the first 02:30 of 28 October 2018 in Geneva, set by other means than the form."""
    first = datetime(2018, 10, 28, 0, 30, tzinfo=UTC)
    with time_machine.travel(datetime(2018, 1, 1, tzinfo=UTC)):
        questionnaire = factories.QuestionnaireFactory(deadline=first)

    assert questionnaire.takes_answers_at(first - SECOND)
    assert not questionnaire.takes_answers_at(first)
    assert not questionnaire.takes_answers_at(datetime(2018, 10, 28, 1, 29, 59, tzinfo=UTC))
