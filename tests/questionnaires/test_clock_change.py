"""A deadline is one instant: it holds to the second on both sides of the night in which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from questionnaires import operations
from questionnaires.models import Answer, Questionnaire, Submission
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import address, answer_address, draft, posted

pytestmark = pytest.mark.django_db

# In Geneva clocks go forward on 28 March 2027 at 01:00 UTC, and back on 31 October 2027 at 01:00 UTC.
DEADLINES = [
    pytest.param(datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), "01:59", id="last second of winter"),
    pytest.param(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03:00", id="first second of summer"),
    pytest.param(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02:30", id="half past two, the first time"),
    pytest.param(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "02:30", id="half past two, the second time"),
]
ZONES = ["Europe/Zurich", "America/New_York", "Pacific/Auckland"]
SECONDS = [(-1, True), (0, False), (1, False)]
HTMX = {"HX-Request": "true"}


def put_deadline(questionnaire: Questionnaire, deadline: datetime) -> None:
    Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=deadline)


@pytest.mark.parametrize(("deadline", "hour"), DEADLINES)
@pytest.mark.parametrize(("late", "taken"), SECONDS)
def test_a_field_is_saved_until_the_last_second(
    questionnaire, delegation, focal_point, client_of, deadline, hour, late, taken
) -> None:
    put_deadline(questionnaire, deadline)
    question = question_of(questionnaire, "long_text")

    for version, zone in enumerate(ZONES):
        focal_point.time_zone = zone
        focal_point.save()
        with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
            page = client_of(focal_point).post(
                answer_address(question), posted("long_text", question, f"Typed in {zone}", version), headers=HTMX
            )
        assert page.status_code == (200 if taken else 422)
        assert ("is-saved" in page.text) == taken

    assert [answer.version for answer in Answer.objects.all()] == ([len(ZONES)] if taken else [])


@pytest.mark.parametrize(("deadline", "hour"), DEADLINES)
@pytest.mark.parametrize(("late", "taken"), SECONDS)
def test_a_response_is_submitted_until_the_last_second(
    questionnaire, delegation, focal_point, client_of, deadline, hour, late, taken
) -> None:
    draft(questionnaire, delegation)
    put_deadline(questionnaire, deadline)

    with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
        browser = client_of(focal_point)
        shown = browser.get(address("read_response"))
        answer = browser.post(address("submit_response"), {"confirm": "1"})

    assert f"{hour} Geneva" in shown.text
    assert answer["Location"] == address("read_submission" if taken else "read_response")
    assert Submission.objects.exists() == taken


@pytest.mark.parametrize(("deadline", "hour"), DEADLINES)
def test_an_extension_over_the_change_is_an_instant_too(
    questionnaire, delegation, other_delegation, focal_point, other_focal_point, client_of, deadline, hour
) -> None:
    """One delegation has an hour longer, counted in seconds and not by the clock on the wall."""
    put_deadline(questionnaire, deadline)
    question = question_of(questionnaire, "long_text")
    until = deadline + timedelta(hours=1)
    with time_machine.travel(deadline - timedelta(days=1), tick=False):
        operations.extend_deadline(
            Questionnaire.objects.get(),
            delegation,
            until=until,
            reason="Sample reason",
            by=factories.UserFactory(is_staff=True),
        )

    for late, who, taken in [
        (0, focal_point, True),
        (0, other_focal_point, False),
        (3599, focal_point, True),
        (3600, focal_point, False),
    ]:
        with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
            version = Answer.objects.count() and Answer.objects.get().version
            page = client_of(who).post(
                answer_address(question), posted("long_text", question, f"Typed {late}", version), headers=HTMX
            )
        assert page.status_code == (200 if taken else 422)

    assert Answer.objects.get().value == "Typed 3599"
