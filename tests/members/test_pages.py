"""Participants, one's delegation and one's profile: for whom, of which day, in how many queries."""

import csv
import io
from datetime import date

import pytest

from members.models import Organisation, User
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

LIST, CSV = "/members/participants/", "/members/participants.csv"
EVERYBODY = (
    "visitor", "reader", "contributor", "focal_point", "other_focal_point",
    "chair", "director", "secretariat", "inactive", "superuser",
)  # fmt: skip


@pytest.fixture
def participants():
    for name, since, kind in (
        ("Sample First", date(2008, 9, 17), Organisation.Kind.STATE),
        ("Sample Second", date(2012, 7, 27), Organisation.Kind.INTERNATIONAL_ORGANISATION),
        ("Sample Third", date(2016, 7, 6), Organisation.Kind.STATE),
    ):
        factories.ParticipationFactory(
            organisation__name=name, organisation__kind=kind, organisation__slug=name[-5:].lower(), valid_from=since
        )


def names(response):
    return [row.organisation.name for row in response.context["participations"]]


@pytest.mark.parametrize("who", [person for person in EVERYBODY if person != "inactive"])
def test_everybody_reads_the_list(client_of, who):
    assert client_of(who).get(LIST).status_code == 200


def test_the_list_is_that_of_the_day_asked_for(client, participants):
    assert names(client.get(LIST, {"as_of": "2012-07-26"})) == ["Sample First"]
    assert names(client.get(LIST, {"as_of": "2012-07-27"})) == ["Sample First", "Sample Second"]
    assert names(client.get(LIST)) == ["Sample First", "Sample Second", "Sample Third"]


def test_the_figures_are_those_of_the_list(client, participants):
    context = client.get(LIST, {"as_of": "2018-06-06"}).context
    assert (context["states"], context["organisations"]) == (2, 1)


def test_the_list_is_searched_by_name_and_kind(client, participants):
    assert names(client.get(LIST, {"q": "second"})) == ["Sample Second"]
    assert names(client.get(LIST, {"kind": "state"})) == ["Sample First", "Sample Third"]
    assert "has this name and kind" in client.get(LIST, {"q": "nowhere"}).content.decode()


def test_a_day_without_participants_says_so(client, participants):
    assert "had no participants on this day" in client.get(LIST, {"as_of": "2008-09-16"}).content.decode()


@pytest.mark.parametrize("typed", ["yesterday", "2018-13-45", "0000-00-00", "' OR 1=1", "9" * 400])
def test_what_is_no_date_is_said_and_today_is_shown(client, participants, typed):
    response = client.get(LIST, {"as_of": typed})
    assert response.status_code == 200
    assert "This is not a date" in response.content.decode()
    assert len(names(response)) == 3


def test_the_csv_is_the_list(client, participants):
    response = client.get(CSV, {"as_of": "2012-07-27"})
    assert response["Content-Disposition"] == 'attachment; filename="participants-2012-07-27.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Code", "Kind", "Participant since"]
    assert [row[0] for row in rows[1:]] == ["Sample First", "Sample Second"]
    assert rows[1][3] == "2008-09-17"


def test_the_csv_is_only_read(client):
    assert client.post(CSV).status_code == 405


@pytest.mark.parametrize("path", [LIST, CSV])
def test_the_list_takes_the_same_queries_for_1_and_30(client, path):
    factories.ParticipationFactory()
    one = queries(client, path)
    factories.ParticipationFactory.create_batch(29)
    assert queries(client, path) == one
    assert one <= 12


def test_the_register_of_members_leads_to_the_participants(client):
    assert f'href="{LIST}"' in client.get("/members/").content.decode()


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_a_delegate_reads_their_own_delegation(client_of, focal_point, reader, contributor, who):
    text = client_of(who).get("/members/delegation/").content.decode()
    assert all(str(person) in text for person in (focal_point, reader, contributor))


def test_another_delegation_is_not_on_the_page(client_of, focal_point, other_focal_point):
    text = client_of("other_focal_point").get("/members/delegation/").content.decode()
    assert str(other_focal_point) in text
    assert str(focal_point) not in text


@pytest.mark.parametrize("who", ["chair", "director", "secretariat", "superuser"])
def test_who_is_of_no_delegation_finds_none(client_of, who):
    assert client_of(who).get("/members/delegation/").status_code == 404


@pytest.mark.parametrize("path", ["/members/delegation/", "/members/profile/"])
def test_a_visitor_signs_in_first(client, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_only_a_focal_point_is_told_to_ask_for_changes(client_of, focal_point, reader):
    assert "when you ask for it" in client_of("focal_point").get("/members/delegation/").content.decode()
    assert "when your focal point asks for it" in client_of("reader").get("/members/delegation/").content.decode()


def test_the_delegation_takes_the_same_queries_for_1_and_30(client_of, focal_point, delegation):
    client = client_of("focal_point")
    one = queries(client, "/members/delegation/")
    factories.DelegateFactory.create_batch(29, delegation=delegation, role="reader")
    assert queries(client, "/members/delegation/") == one
    assert one <= 12


def profile(**changes):
    return {"name": "Sample New Name", "language": "en", "time_zone": "Asia/Tokyo", **changes}


def test_edit_profile_stores_name_language_and_zone(client_of, focal_point):
    response = client_of("focal_point").post("/members/profile/", profile(language="fr"))
    assert response["Location"] == "/members/profile/"
    user = User.objects.get(pk=focal_point.pk)
    assert (user.name, user.language, user.time_zone) == ("Sample New Name", "fr", "Asia/Tokyo")


@pytest.mark.parametrize("change", [{"name": ""}, {"language": "xx"}, {"time_zone": "Nowhere/Sample"}])
def test_edit_profile_refuses_and_keeps_what_was_typed(client_of, focal_point, change):
    response = client_of("focal_point").post("/members/profile/", profile(**change))
    assert response.status_code == 422
    assert "Not saved" in response.content.decode()
    assert User.objects.get(pk=focal_point.pk).name == focal_point.name


def test_edit_profile_changes_neither_address_nor_rights(client_of, focal_point):
    client_of("focal_point").post(
        "/members/profile/", profile(email="other@sample.example", is_staff="on", is_superuser="on")
    )
    user = User.objects.get(pk=focal_point.pk)
    assert (user.email, user.is_staff, user.is_superuser) == (focal_point.email, False, False)
