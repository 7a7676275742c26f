"""To whom a questionnaire is put: chosen at the opening and later, shown before anything is sent, told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django_countries.data import COUNTRIES

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from members.models import Delegation, Organisation, Participation
from members.regions import Region, region_of
from questionnaires import operations
from questionnaires.exceptions import DelegationNotAsked, NobodyToAsk, QuestionnaireClosed
from questionnaires.models import Invitation, Questionnaire, Response
from tests import factories
from tests.questionnaires.board import REFUSED
from tests.questionnaires.circulating import participant, person, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", opened=False)


@pytest.fixture
def chosen(draft, delegation, focal_point, secretariat) -> Questionnaire:
    """Put to Switzerland alone."""
    operations.open_questionnaire(draft, to=[delegation.organisation], by=secretariat)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def nato() -> Organisation:
    return participant("Sample Alliance", "xo", organisation__kind=Organisation.Kind.INTERNATIONAL_ORGANISATION)


def address(questionnaire: Questionnaire, act: str = "open_questionnaire") -> str:
    return reverse(f"admin:questionnaires_questionnaire_{act}", args=[questionnaire.pk])


# At the opening


def test_who_gets_the_message_is_shown_with_those_who_have_nobody(
    draft, client_of, focal_point, contributor, reader, other_delegation
) -> None:
    page = client_of("secretariat").get(address(draft)).text

    assert "2 delegations." in page
    assert "2 people get the message." in page
    assert focal_point.email in page
    assert contributor.email in page
    assert reader.email not in page
    assert "1 delegation has no focal point and no contributor" in page
    assert "Nobody: appoint a focal point" in page
    assert not Message.objects.exists()


def test_a_region_is_chosen_and_what_was_shown_is_what_is_asked(
    draft, client_of, delegation, focal_point, nato
) -> None:
    japan = participant("Japan", "jp")
    browser = client_of("secretariat")

    shown = browser.get(address(draft), {"to": "region", "region": ["asia", "organisations"]}).text
    answer = browser.post(address(draft), {"to": "list", "delegation": [japan.pk, nato.pk]})

    assert f'name="delegation" value="{japan.pk}">' in shown
    assert f'name="delegation" value="{nato.pk}">' in shown
    assert f'<input type="hidden" name="delegation" value="{delegation.organisation_id}">' not in shown
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.audience) == ("open", "chosen")
    assert {row.delegation.organisation for row in Invitation.objects.all()} == {japan, nato}
    assert told("questionnaire-opened") == []


def test_all_are_asked_where_nothing_is_chosen(draft, client_of, delegation, focal_point, other_focal_point) -> None:
    client_of("secretariat").post(address(draft), {"to": "all"})

    draft.refresh_from_db()
    assert draft.audience == "all"
    assert Invitation.objects.count() == 2
    assert told("questionnaire-opened") == sorted([focal_point.email, other_focal_point.email])


@pytest.mark.parametrize("data", [{"to": "region"}, {"to": "list"}, {"to": "list", "delegation": "4711"}, {"to": "x"}])
def test_a_choice_of_nobody_opens_nothing(draft, client_of, delegation, data) -> None:
    browser = client_of("secretariat")

    assert browser.get(address(draft), data).status_code == 200
    assert browser.post(address(draft), data).status_code == 422
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_empty_list_is_refused_by_the_operation(draft, secretariat) -> None:
    with pytest.raises(NobodyToAsk):
        operations.open_questionnaire(draft, to=[], by=secretariat)


def test_a_second_click_on_open_tells_nobody_again(draft, client_of, focal_point) -> None:
    browser = client_of("secretariat")

    answers = [browser.post(address(draft), {"to": "all"}).status_code for _click in range(2)]

    assert answers == [302, 422]
    assert told("questionnaire-opened") == [focal_point.email]


def test_a_participant_without_a_delegation_gets_one(draft, secretariat) -> None:
    organisation = factories.ParticipationFactory().organisation

    operations.open_questionnaire(draft, by=secretariat)

    assert Invitation.objects.get().delegation == Delegation.objects.get(organisation=organisation)


# Later


def test_more_are_asked_later_and_only_they_are_told(chosen, client_of, focal_point, other_focal_point) -> None:
    page = client_of("secretariat").get(address(chosen, "invite_delegations")).text
    answer = client_of("secretariat").post(address(chosen, "invite_delegations"), {"to": "all"})

    assert other_focal_point.email in page
    assert focal_point.email not in page
    assert answer.status_code == 302
    assert told("questionnaire-opened") == sorted([focal_point.email, other_focal_point.email])
    assert client_of(other_focal_point).get(chosen.get_absolute_url()).status_code == 200


def test_nobody_is_asked_twice(chosen, client_of, delegation, other_focal_point, secretariat) -> None:
    browser = client_of("secretariat")
    browser.post(address(chosen, "invite_delegations"), {"to": "all"})

    again = browser.post(address(chosen, "invite_delegations"), {"to": "all"})

    assert again.status_code == 422
    assert "All participants of today are asked already." in again.text
    assert Invitation.objects.count() == 2
    with pytest.raises(NobodyToAsk):
        operations.invite_delegations(chosen, [delegation.organisation], by=secretariat)


def test_a_closed_one_is_put_to_nobody(chosen, client_of, secretariat, other_delegation) -> None:
    operations.close_questionnaire(chosen, by=secretariat)

    answer = client_of("secretariat").post(address(chosen, "invite_delegations"), {"to": "all"})

    assert answer.status_code == 422
    with pytest.raises(QuestionnaireClosed):
        operations.invite_delegations(chosen, [other_delegation.organisation], by=secretariat)


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(chosen, client_of, other_delegation, who) -> None:
    assert client_of(who).post(address(chosen, "invite_delegations"), {"to": "all"}).status_code in (302, 403)
    assert Invitation.objects.count() == 1


# For whom it exists then


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("focal_point", 200),
        ("reader", 200),
        ("other_focal_point", 404),
        ("director", 200),
        ("chair", 200),
        ("secretariat", 200),
        ("superuser", 200),
    ],
)
def test_it_exists_for_those_asked_and_for_who_reads_everything(chosen, client_of, who, status) -> None:
    assert client_of(who).get(chosen.get_absolute_url()).status_code == status


def test_a_delegation_that_was_not_asked_cannot_answer(chosen, client_of, other_delegation, other_focal_point) -> None:
    change = operations.Change(factories.question_of(chosen, "long_text").pk, "Sample", 0)

    with pytest.raises(DelegationNotAsked):
        operations.save_answers(chosen, other_delegation, [change], by=other_focal_point)

    browser = client_of("other_focal_point")
    assert browser.get(reverse("questionnaires:read_response", args=[chosen.slug])).status_code == 404
    assert chosen.title not in browser.get(reverse("questionnaires:list_questionnaires")).text
    assert not Response.objects.exists()


def test_published_results_exist_for_other_participants_and_their_answers_do_not(
    chosen, client_of, secretariat, other_delegation, other_focal_point
) -> None:
    operations.close_questionnaire(chosen, by=secretariat)
    Questionnaire.objects.filter(pk=chosen.pk).update(state="published")
    browser = client_of("other_focal_point")

    assert browser.get(chosen.get_absolute_url()).status_code == 200
    assert "Read your delegation’s response" not in browser.get(chosen.get_absolute_url()).text
    assert browser.get(reverse("questionnaires:read_response", args=[chosen.slug])).status_code == 403

    Participation.objects.filter(organisation=other_delegation.organisation).update(valid_to=today())
    assert browser.get(chosen.get_absolute_url()).status_code == 404


def test_who_joins_while_a_questionnaire_for_all_is_open_may_answer_and_be_told_by_name(
    draft, client_of, secretariat
) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    late = factories.DelegationFactory()
    user = person(late)

    assert client_of(user).get(draft.get_absolute_url()).status_code == 200
    change = operations.Change(factories.question_of(draft, "long_text").pk, "Sample", 0)
    response, _saved = operations.save_answers(draft, late, [change], by=user)
    assert response.has_begun


def test_who_left_keeps_what_was_answered(draft, client_of, secretariat, delegation, focal_point) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    factories.ResponseFactory(questionnaire=draft, delegation=delegation, by=focal_point)
    Invitation.objects.all().delete()
    Participation.objects.update(valid_to=today() - timedelta(days=1))

    assert client_of("focal_point").get(reverse("questionnaires:read_response", args=[draft.slug])).status_code == 200


# Regions


def test_every_country_but_antarctica_has_a_region() -> None:
    found = {code: region_of(Organisation(kind=Organisation.Kind.STATE, country=code)) for code in COUNTRIES}

    assert [code for code, region in found.items() if region == Region.UNKNOWN] == ["AQ"]


@pytest.mark.parametrize(
    ("options", "region"),
    [
        ({"country": "PT", "code": "x"}, Region.EUROPE),
        ({"country": "", "code": "pt"}, Region.EUROPE),
        ({"country": "", "code": "x1"}, Region.UNKNOWN),
        ({"country": "", "code": None}, Region.UNKNOWN),
        ({"country": "BE", "code": "EU", "kind": Organisation.Kind.INTERNATIONAL_ORGANISATION}, Region.ORGANISATIONS),
    ],
)
def test_the_region_of_an_organisation(options, region) -> None:
    assert region_of(Organisation(**options)) == region
