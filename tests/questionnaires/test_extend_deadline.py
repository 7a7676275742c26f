"""More time for one delegation, with a reason that it reads."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from icoca_portal.outbox.models import Message
from members.models import Delegation
from questionnaires import operations
from questionnaires.exceptions import DelegationNotAsked, NotAnExtension, QuestionnaireClosed
from questionnaires.models import Extension, Questionnaire
from tests import factories
from tests.questionnaires.board import REFUSED
from tests.questionnaires.circulating import DEADLINE, GENEVA, NEW_YORK, OPENED, person, submit, told

pytestmark = pytest.mark.django_db
LATER = {"until_0": "2018-05-04", "until_1": "18:00", "reason": "  Sample: the ministry is being moved  "}
UNTIL = datetime(2018, 5, 4, 18, tzinfo=GENEVA)


@pytest.fixture
def travel():
    with time_machine.travel(OPENED) as traveller:
        yield traveller


@pytest.fixture
def questionnaire(travel) -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", deadline=DEADLINE)


def address(questionnaire: Questionnaire, delegation: Delegation) -> str:
    return reverse("admin:questionnaires_questionnaire_extend_deadline", args=[questionnaire.pk, delegation.pk])


def save(questionnaire, delegation, by, text: str):
    version = 0
    row = questionnaire.responses.filter(delegation=delegation).first()
    question = factories.question_of(questionnaire, "long_text")
    if row and (answer := row.answers.filter(question=question).first()):
        version = answer.version
    return operations.save_answers(questionnaire, delegation, [operations.Change(question.pk, text, version)], by=by)


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_the_delegation_has_longer_and_its_people_are_told_why(
    questionnaire, client_of, request, who, delegation, focal_point, contributor, reader, other_focal_point
) -> None:
    focal_point.time_zone = NEW_YORK
    focal_point.save()
    page = client_of(who).get(address(questionnaire, delegation)).text
    answer = client_of(who).post(address(questionnaire, delegation), LATER)

    assert focal_point.email in page
    assert answer.status_code == 302
    extension = Extension.objects.get()
    assert (extension.until, extension.reason) == (UNTIL, "Sample: the ministry is being moved")
    assert extension.granted_by == request.getfixturevalue(who)
    assert told("deadline-extended") == sorted([focal_point.email, contributor.email])
    text = Message.objects.get(recipient=focal_point.email, key__startswith="deadline-extended").text
    assert "Reason: Sample: the ministry is being moved" in text
    assert "Due: Friday 4 May 2018, 18:00 Geneva. That is 12:00 in New York (UTC−4)." in text


def test_it_is_enforced_to_the_second_where_answers_are_written(
    questionnaire, travel, delegation, other_delegation, focal_point, other_focal_point, secretariat
) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)

    travel.move_to(DEADLINE, tick=False)
    save(questionnaire, delegation, focal_point, "After the deadline of the others")
    with pytest.raises(QuestionnaireClosed):
        save(questionnaire, other_delegation, other_focal_point, "Too late")
    travel.move_to(UNTIL - timedelta(seconds=1), tick=False)
    save(questionnaire, delegation, focal_point, "In the last second")
    travel.move_to(UNTIL, tick=False)
    with pytest.raises(QuestionnaireClosed) as refused:
        save(questionnaire, delegation, focal_point, "Too late")
    assert "Friday 4 May 2018, 18:00 Geneva" in str(refused.value)


def test_the_pages_of_the_delegation_say_it_and_those_of_others_do_not(
    questionnaire, travel, client_of, delegation, focal_point, other_focal_point, secretariat
) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample reason of theirs", by=secretariat)
    travel.move_to(DEADLINE + timedelta(hours=1), tick=False)
    pages = [
        reverse("questionnaires:list_questionnaires"),
        questionnaire.get_absolute_url(),
        *(reverse(f"questionnaires:{name}", args=[questionnaire.slug]) for name in ("read_response", "check_response")),
        reverse("questionnaires:edit_section", args=[questionnaire.slug, 1]),
    ]
    own, other = client_of("focal_point"), client_of("other_focal_point")

    for page in pages:
        assert "Friday 4 May 2018, 18:00 Geneva, extended for your delegation" in own.get(page).text, page
        assert "Monday 30 April 2018, 18:00 Geneva" in other.get(page).text, page
        assert "extended" not in other.get(page).text, page
    assert "Sample reason of theirs" in own.get(pages[2]).text
    assert "<textarea" in own.get(pages[4]).text
    assert "Due Friday 4 May 2018, 18:00 Geneva" in own.get("/").text
    assert "Sample plan 2018" not in other.get("/").text.split("</header>")[-1].split("Your delegation")[0]


def test_a_later_row_shortens_or_lengthens_an_earlier_one(
    questionnaire, travel, delegation, focal_point, secretariat
) -> None:
    for days in (4, 9, 2):
        operations.extend_deadline(
            questionnaire, delegation, until=DEADLINE + timedelta(days=days), reason=f"Sample {days}", by=secretariat
        )
        travel.shift(timedelta(minutes=1))
    travel.move_to(DEADLINE + timedelta(days=3), tick=False)

    with pytest.raises(QuestionnaireClosed):
        save(questionnaire, delegation, focal_point, "Too late")
    assert Extension.objects.count() == 3


def test_a_deadline_moved_after_the_extension_is_that_of_all(
    questionnaire, travel, delegation, focal_point, secretariat
) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)
    operations.move_deadline(questionnaire, to=UNTIL + timedelta(days=5), by=secretariat)
    travel.move_to(UNTIL + timedelta(days=1), tick=False)

    response, _saved = save(questionnaire, delegation, focal_point, "In time")

    assert response.extension is None
    assert response.deadline == UNTIL + timedelta(days=5)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (OPENED - timedelta(days=1), "Choose a moment that is still to come."),
        (DEADLINE, "Choose a moment after the deadline of all"),
        (UNTIL, "has until Friday 4 May 2018, 18:00 Geneva already"),
    ],
)
def test_what_gives_no_more_time_is_refused(questionnaire, delegation, secretariat, until, sentence) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)

    with pytest.raises(NotAnExtension, match=sentence):
        operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample", by=secretariat)


def test_a_second_click_is_refused_and_tells_nobody_again(questionnaire, client_of, delegation, focal_point) -> None:
    browser = client_of("secretariat")

    statuses = [browser.post(address(questionnaire, delegation), LATER).status_code for _click in range(2)]

    assert statuses == [302, 422]
    assert told("deadline-extended") == [focal_point.email]


@pytest.mark.parametrize("data", [{**LATER, "reason": "  "}, {**LATER, "until_0": "soon"}, {"reason": "Sample"}])
def test_half_a_form_is_refused_and_stays(questionnaire, client_of, delegation, data) -> None:
    answer = client_of("secretariat").post(address(questionnaire, delegation), data)

    assert answer.status_code == 422
    assert not Extension.objects.exists()


def test_who_was_not_asked_gets_no_more_time(travel, client_of, delegation, other_delegation, secretariat) -> None:
    questionnaire = factories.QuestionnaireFactory(deadline=DEADLINE, opened=False)
    operations.open_questionnaire(questionnaire, to=[delegation.organisation], by=secretariat)

    assert client_of("secretariat").get(address(questionnaire, other_delegation)).status_code == 404
    with pytest.raises(DelegationNotAsked):
        operations.extend_deadline(questionnaire, other_delegation, until=UNTIL, reason="Sample", by=secretariat)


def test_a_closed_questionnaire_is_extended_for_nobody(questionnaire, client_of, delegation, secretariat) -> None:
    operations.close_questionnaire(questionnaire, by=secretariat)

    assert client_of("secretariat").post(address(questionnaire, delegation), LATER).status_code == 422
    with pytest.raises(QuestionnaireClosed):
        operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)


def test_closed_before_the_extension_ends_nothing_is_taken(
    questionnaire, travel, delegation, focal_point, secretariat
) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)
    operations.close_questionnaire(questionnaire, by=secretariat)
    for state in ("closed", "published"):
        Questionnaire.objects.filter(pk=questionnaire.pk).update(state=state)
        with pytest.raises(QuestionnaireClosed):
            save(questionnaire, delegation, focal_point, "Too late")


def test_the_database_keeps_every_row_as_it_was(questionnaire, delegation, secretariat) -> None:
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample", by=secretariat)

    for change in (lambda: Extension.objects.update(reason="Another"), lambda: Extension.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_after_the_deadline_a_response_is_returned_within_an_extension(
    questionnaire, travel, client_of, delegation, focal_point, secretariat
) -> None:
    response = submit(questionnaire, delegation, focal_point).response
    travel.move_to(DEADLINE + timedelta(hours=1), tick=False)
    with pytest.raises(QuestionnaireClosed):
        operations.return_response(response, reason="Sample reason", by=secretariat)

    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="To correct it", by=secretariat)
    operations.return_response(response, reason="Sample reason", by=secretariat)
    second = operations.submit_response(response, by=focal_point)

    assert second.number == 2
    text = Message.objects.get(key__startswith="response-returned").text
    assert "Due: Friday 4 May 2018, 18:00 Geneva" in text


def test_the_response_keeps_the_log_in_the_administration(
    questionnaire, client_of, delegation, focal_point, secretariat
) -> None:
    response = submit(questionnaire, delegation, focal_point).response
    operations.extend_deadline(questionnaire, delegation, until=UNTIL, reason="Sample reason", by=secretariat)

    page = client_of("secretariat").get(reverse("admin:questionnaires_response_change", args=[response.pk])).text

    assert "Until Friday 4 May 2018, 18:00 Geneva." in page
    assert f"by {secretariat}: Sample reason" in page
    assert address(questionnaire, delegation) in page


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(questionnaire, client_of, delegation, who) -> None:
    assert client_of(who).post(address(questionnaire, delegation), LATER).status_code in (302, 403)
    assert not Extension.objects.exists()


def test_people_in_the_place_read_their_own_hours(questionnaire, client_of, delegation, secretariat) -> None:
    """Summer time ends in New York a week after Geneva: the same deadline a week later is another hour there."""
    user = person(delegation, NEW_YORK)
    for until, hours in (
        (datetime(2018, 10, 27, 18, tzinfo=GENEVA), "That is 12:00 in New York (UTC−4)."),
        (datetime(2018, 10, 29, 18, tzinfo=GENEVA), "That is 13:00 in New York (UTC−4)."),
        (datetime(2018, 11, 5, 18, tzinfo=GENEVA), "That is 12:00 in New York (UTC−5)."),
    ):
        operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample", by=secretariat)
        page = client_of(user).get(reverse("questionnaires:read_response", args=[questionnaire.slug])).text
        assert hours in page
