"""The pages of a registration: who reads, who writes, what two people at once see, and how many queries it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from icoca_portal.lib.days import today
from meetings import operations
from meetings.desk import waiting_for
from meetings.models import Invitation, Meeting, Registration
from tests import factories
from tests.counting import queries
from tests.meetings.inviting import convened, invite, person

pytestmark = pytest.mark.django_db
OWN = "/meetings/icoca/10/registration/"
PAGE = f"{OWN}switzerland/"
SECRET = "A very private need"
FORM = {"person_name": "Sample Ben", "capacity": "member", "mode": "online"}


@pytest.fixture
def invitation(delegation, focal_point, officer):
    day = today() + timedelta(days=30)
    meeting = convened(date=day, registration_until=timezone.now() + timedelta(days=10))
    return invite(meeting, delegation, by=officer)[0]


@pytest.fixture
def row(invitation, focal_point) -> Registration:
    return operations.register_person(invitation, person=person(dietary_needs=SECRET), by=focal_point)


def body(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("who", ["focal_point", "contributor", "reader"])
def test_the_own_delegation_reads_everything_and_the_focal_point_alone_writes(row, client_of, who):
    page = body(client_of(who).get(OWN))
    assert "Sample Ada" in page
    assert SECRET in page
    assert "Person registered: Sample Ada" in page
    assert ("Register a person" in page) is (who == "focal_point")
    assert ("You read along." in page) is (who != "focal_point")


@pytest.mark.parametrize("who", ["other_focal_point", "director"])
def test_for_others_it_does_not_exist(row, client_of, other_focal_point, who):
    client = client_of(who)
    for address in (OWN, PAGE, f"{PAGE}people/", f"{PAGE}people/{row.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}reply/", {"reply": "declines"}).status_code == 404
    assert "Sample Ada" not in body(client.get("/meetings/icoca/10/"))


def test_the_chair_reads_who_comes_and_no_needs(row, client_of):
    client = client_of("chair")
    page = body(client.get(PAGE))
    assert "Sample Ada" in page
    assert SECRET not in page
    assert client.get(f"{PAGE}people/{row.pk}/").status_code == 403
    assert client.post(f"{PAGE}reply/", {"reply": "declines"}).status_code == 403


@pytest.mark.parametrize("who", ["contributor", "reader"])
def test_who_only_reads_is_refused(row, client_of, who):
    client = client_of(who)
    assert client.get(f"{PAGE}people/").status_code == 403
    for address in ("reply/", "people/", f"people/{row.pk}/", f"people/{row.pk}/withdraw/"):
        assert client.post(PAGE + address, {}).status_code == 403
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_the_secretariat_is_led_to_the_board_and_reads_each_delegation(row, client_of):
    client = client_of("secretariat")
    assert client.get(OWN).url == f"/admin/meetings/meeting/{row.meeting_id}/registrations/"
    assert SECRET in body(client.get(PAGE))


def test_replying_registering_changing_and_withdrawing(invitation, client_of):
    client = client_of("focal_point")
    page = body(client.post(f"{PAGE}reply/", {"reply": "attends", "note": "Sample note", "seen": ""}, follow=True))
    assert "Stored: your delegation attends." in page
    page = body(client.post(f"{PAGE}people/", FORM, follow=True))
    assert "Sample Ben is registered." in page
    row = Registration.objects.get()
    page = body(client.post(f"{PAGE}people/{row.pk}/", {**FORM, "function": "x", "seen_version": "1"}, follow=True))
    assert "The registration of Sample Ben is stored." in page
    page = body(client.post(f"{PAGE}people/{row.pk}/withdraw/", {"seen_version": "2"}, follow=True))
    assert "Sample Ben is no longer registered." in page
    assert "Registration withdrawn: Sample Ben" in page
    assert client.get(f"{PAGE}people/{row.pk}/").status_code == 404


def test_a_page_says_what_is_withdrawn_and_what_follows_before_it_is_done(row, client_of):
    client, address = client_of("focal_point"), f"{PAGE}people/{row.pk}/withdraw/"
    assert address in body(client.get(f"{PAGE}people/{row.pk}/"))
    page = body(client.get(address))
    for words in (
        "takes Sample Ada off the list", SECRET, "The needs are deleted at once.", "Nobody else is registered.",
        "the person can be registered again", f'action="{address}"', 'name="seen_version" value="1"',
    ):  # fmt: skip
        assert words in page
    assert Registration.objects.get().withdrawn_at is None
    client.post(address, {"seen_version": "1"})
    assert Registration.objects.get().withdrawn_at
    assert client.get(address).status_code == 404
    assert "is no longer registered" in body(client.post(address, {"seen_version": "1"}, follow=True))


def test_the_page_before_a_withdrawal_says_only_what_does_follow(row, client_of, focal_point, invitation):
    other = operations.register_person(invitation, person=person("Sample Ben", capacity="head"), by=focal_point)
    page = body(client_of("focal_point").get(f"{PAGE}people/{other.pk}/withdraw/"))
    assert "The delegation has no head until you name another." in page
    assert "The needs are deleted" not in page
    assert "Nobody else is registered." not in page


def test_a_withdrawal_from_an_old_page_is_asked_again_with_what_stands_by_now(row, client_of, officer):
    operations.change_registration(row, seen_version=1, person=person(function="Of the colleague"), by=officer)
    client, address = client_of("focal_point"), f"{PAGE}people/{row.pk}/withdraw/"
    response = client.post(address, {"seen_version": "1"})
    assert response.status_code == 409
    assert "A colleague changed this registration meanwhile." in body(response)
    assert "Of the colleague" in body(response)
    assert 'name="seen_version" value="2"' in body(response)
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_who_may_not_register_withdraws_nobody_and_reads_no_page_about_it(row, client_of):
    address = f"{PAGE}people/{row.pk}/withdraw/"
    for who, status in (("reader", 403), ("chair", 403), ("other_focal_point", 404), ("secretariat", 200)):
        assert client_of(who).get(address).status_code == status
    Meeting.objects.update(registration_until=timezone.now() - timedelta(seconds=1))
    assert "The registration is closed." in body(client_of("focal_point").get(address, follow=True))
    page = body(client_of("secretariat").get(address))
    assert "the person can be registered again" not in page


def test_the_log_shows_what_a_change_replaced_and_never_needs(row, client_of, focal_point):
    changed = person(function="Sample director", dietary_needs="Another private need")
    operations.change_registration(row, seen_version=1, person=changed, by=focal_point)
    for who, address in (
        ("chair", PAGE), ("secretariat", f"/admin/meetings/meeting/{row.meeting_id}/registrations/"),
    ):  # fmt: skip
        page = body(client_of(who).get(address))
        assert "Function: <bdi>–</bdi>" in page
        assert "<bdi>Sample director</bdi>" in page
        assert "Changed: needs." in page
        assert SECRET not in page
        assert "private need" not in page


def test_a_reply_that_is_none_is_shown_again(invitation, client_of):
    response = client_of("focal_point").post(f"{PAGE}reply/", {"note": "Sample words"})
    assert response.status_code == 422
    assert "Choose one reply." in body(response)
    assert "Sample words" in body(response)


def test_two_replies_stand_side_by_side_and_mine_is_sent_on_purpose(invitation, client_of, officer):
    operations.reply_invitation(invitation, reply="attends", note="Of the colleague", seen=None, by=officer)
    client = client_of("focal_point")
    response = client.post(f"{PAGE}reply/", {"reply": "declines", "note": "Of mine", "seen": ""})
    assert response.status_code == 409
    assert "Two versions" in body(response)
    assert "Of the colleague" in body(response)
    seen = response.context["form"]["seen"].value()
    client.post(f"{PAGE}reply/", {"reply": "declines", "note": "Of mine", "seen": seen})
    assert Invitation.objects.get().note == "Of mine"


def test_two_versions_of_a_person_stand_side_by_side_and_nothing_typed_is_lost(row, client_of, officer):
    operations.change_registration(row, seen_version=1, person=person(function="Of the colleague"), by=officer)
    client = client_of("focal_point")
    typed = {**FORM, "person_name": "Sample Ada", "mode": "in person", "function": "Of mine"}
    response = client.post(f"{PAGE}people/{row.pk}/", {**typed, "seen_version": "1"})
    assert response.status_code == 409
    page = body(response)
    assert "Of the colleague" in page
    assert 'value="Of mine"' in page
    assert 'name="seen_version" value="2"' in page
    client.post(f"{PAGE}people/{row.pk}/", {**typed, "seen_version": "2"})
    row.refresh_from_db()
    assert row.function == "Of mine"


def test_who_was_withdrawn_meanwhile_can_be_registered_again_with_what_was_typed(row, client_of, officer):
    operations.withdraw_registration(row, seen_version=1, by=officer)
    response = client_of("focal_point").post(f"{PAGE}people/{row.pk}/", {**FORM, "seen_version": "1"})
    assert response.status_code == 409
    assert f'action="{PAGE}people/"' in body(response)
    assert 'value="Sample Ben"' in body(response)


def test_a_refusal_keeps_what_was_typed(row, client_of):
    response = client_of("focal_point").post(
        f"{PAGE}people/", {**FORM, "person_name": "sample ada", "function": "kept"}
    )
    assert response.status_code == 422
    assert "Sample Ada is registered already." in body(response)
    assert 'value="kept"' in body(response)


@pytest.mark.parametrize(("held", "asks"), [("both", True), ("online", False), ("in person", False)])
def test_the_way_of_attending_is_asked_where_there_are_two(invitation, client_of, held, asks):
    Meeting.objects.update(mode=held)
    client = client_of("focal_point")
    assert ('name="mode"' in body(client.get(f"{PAGE}people/"))) is asks
    client.post(f"{PAGE}people/", {"person_name": "Sample Ben", "capacity": "member", "mode": "online"})
    assert Registration.objects.get().mode == ("online" if held in ("both", "online") else "in person")


def test_after_the_deadline_it_is_read_only_and_says_whom_to_write_to(row, client_of, settings):
    Meeting.objects.update(registration_until=timezone.now() - timedelta(seconds=1))
    client = client_of("focal_point")
    page = body(client.get(OWN))
    assert f"For a change write to {settings.SECRETARIAT_EMAIL}." in page
    assert "Register a person" not in page
    assert "Change or withdraw" not in page
    for address in ("people/", f"people/{row.pk}/"):
        assert "The registration is closed." in body(client.get(PAGE + address, follow=True))
    response = client.post(f"{PAGE}people/", FORM)
    assert response.status_code == 422
    assert 'value="Sample Ben"' in body(response)
    late = body(client_of("secretariat").post(f"{PAGE}people/", FORM, follow=True))
    assert "After the deadline." in late


def test_the_deadline_stands_in_the_readers_zone_with_the_offset(invitation, client_of, focal_point):
    focal_point.time_zone = "America/New_York"
    focal_point.save()
    page = body(client_of("focal_point").get(OWN))
    assert "in New York (UTC−" in page


def test_a_session_that_ended_parks_what_was_typed(invitation, client_of, focal_point):
    client = client_of("focal_point")
    client.get(OWN)
    session = client.session
    session.flush()
    client.cookies.pop("sessionid", None)
    response = client.post(f"{PAGE}people/", FORM, headers={"origin": "http://testserver"})
    assert response.status_code == 302
    client.force_login(focal_point)
    assert "/parked/" in response.url


def test_the_desk_waits_until_the_focal_point_replied(invitation, client_of, focal_point, contributor, secretariat):
    def waits(user):
        return [thing.title for thing in waiting_for(user) if thing.kind == "register_delegation"]

    assert waits(focal_point) == ["Register for the tenth exchange"]
    assert waits(contributor) == waits(secretariat) == []
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert waits(focal_point) == []
    operations.reply_invitation(invitation, reply="declines", seen=None, by=focal_point)
    assert waits(focal_point) == []


def test_the_page_of_the_meeting_says_where_the_delegation_stands(invitation, client_of, other_focal_point):
    assert "Reply and register who comes" in body(client_of("focal_point").get("/meetings/icoca/10/"))
    assert "Who of your delegation comes" in body(client_of("reader").get("/meetings/icoca/10/"))
    for who in ("other_focal_point", "visitor", "secretariat"):
        assert "registration/" not in body(client_of(who).get("/meetings/icoca/10/"))


def test_as_many_queries_for_thirty_people(invitation, client_of, focal_point, officer):
    client = client_of("focal_point")
    register_many(invitation, officer, 1)
    few = queries(client, OWN)
    register_many(invitation, officer, 29)
    assert queries(client, OWN) == few
    assert few <= 12


def register_many(invitation, by, count):
    for _number in range(count):
        factories.UserFactory()
        operations.register_person(invitation, person=person(f"Sample {Registration.objects.count()}"), by=by)
