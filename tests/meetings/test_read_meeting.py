"""list_meetings and read_meeting: what exists for whom, and how many queries it takes."""

from datetime import date

import pytest

from meetings.models import Meeting, Visibility
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
LIST, PAGE = "/meetings/", "/meetings/icoca/9/"
INSIDERS = (
    "reader",
    "contributor",
    "focal_point",
    "other_focal_point",
    "chair",
    "director",
    "secretariat",
    "superuser",
)


def body(response):
    return response.content.decode()


@pytest.mark.parametrize("who", ["visitor", *INSIDERS])
def test_a_public_meeting_is_for_everybody(meeting, client_of, who):
    response = client_of(who).get(PAGE)
    assert response.status_code == 200
    assert "Ninth exchange of the Working Group" in body(response)
    assert "Ninth exchange" in body(client_of(who).get(LIST))


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [(Visibility.PARTICIPANTS, INSIDERS), (Visibility.SECRETARIAT, ("chair", "secretariat", "superuser"))],
)
@pytest.mark.parametrize("who", ["visitor", *INSIDERS])
def test_a_closed_meeting_exists_for_its_readers_alone(meeting, client_of, who, visibility, readers):
    Meeting.objects.update(visibility=visibility)
    client = client_of(who)
    assert client.get(PAGE).status_code == (200 if who in readers else 404)
    assert (PAGE in body(client.get(LIST))) is (who in readers)


def test_a_closed_account_reads_what_visitors_read(meeting, client_of):
    Meeting.objects.update(visibility=Visibility.PARTICIPANTS)
    client = client_of("inactive")
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert client.get(PAGE).status_code == 404


def test_a_chair_of_another_group_reads_as_a_participant(meeting, client_of):
    other = factories.WorkingGroupFactory(name="Sample group", slug="sample", symbol="S-WG")
    elsewhere = factories.OfficeFactory(working_group=other).user
    assert client_of(elsewhere).get(PAGE).status_code == 200
    Meeting.objects.update(visibility=Visibility.SECRETARIAT)
    assert client_of(elsewhere).get(PAGE).status_code == 404


def test_an_office_ends_with_its_dates(meeting, client_of, chair):
    Meeting.objects.update(visibility=Visibility.SECRETARIAT)
    assert client_of(chair).get(PAGE).status_code == 200
    chair.offices.update(valid_to=date(2016, 1, 1))
    assert client_of(chair).get(PAGE).status_code != 200


def test_attendance_and_follow_ups_are_for_insiders(meeting, client_of, delegation):
    factories.AttendanceFactory(meeting=meeting, delegation=delegation)
    factories.AttendanceFactory(
        meeting=meeting, delegation=None, capacity="secretariat", guest_organisation="Sample Forum"
    )
    factories.FollowUpFactory(meeting=meeting, what="Sample thing to do")
    for who in ("reader", "director", "chair", "secretariat"):
        page = body(client_of(who).get(PAGE))
        assert "Sample thing to do" in page
        assert "Sample Forum" in page
    page = body(client_of("visitor").get(PAGE))
    assert "Sample thing to do" not in page
    assert "Sample Forum" not in page
    assert "participants.pdf" not in page


def test_the_record_is_for_the_secretariat_and_the_chair(meeting, client_of):
    meeting.items.update(record="<p>The very sample record.</p>")
    for who in ("chair", "secretariat"):
        assert "The very sample record." in body(client_of(who).get(PAGE))
    for who in ("visitor", "focal_point", "director"):
        assert "The very sample record." not in body(client_of(who).get(PAGE))


def test_a_record_cannot_run(meeting, client_of):
    meeting.items.update(record="<p>Text</p><img src=x onerror=alert(1)><script>alert(2)</script>")
    page = body(client_of("chair").get(PAGE))
    assert "onerror" not in page
    assert "alert(2)" not in page


def test_a_meeting_without_a_date_says_so(client_of):
    factories.MeetingFactory(number=10, date=None, date_note="Sample note on the date", visibility="public")
    page = body(client_of("visitor").get("/meetings/icoca/10/"))
    assert "To be confirmed" in page
    assert "Sample note on the date" in page
    assert "meeting.ics" not in page


def test_the_line_marks_what_is_left_out(client_of):
    for number, day in ((1, date(2014, 12, 16)), (2, date(2015, 6, 2)), (6, date(2017, 7, 6)), (9, date(2018, 6, 6))):
        factories.MeetingFactory(number=number, date=day, visibility="public", state="closed")
    factories.MeetingFactory(number=10, date=None, date_note="Later", visibility="public")
    stops = client_of("visitor").get(LIST).context["stops"]
    assert [(stop.meeting.number, stop.classes) for stop in stops] == [
        (10, "is-next"),
        (9, "is-now is-gap"),
        (6, "is-gap"),
        (2, ""),
        (1, ""),
    ]


def test_how_many_took_part_is_not_told_to_visitors(meeting, client_of):
    factories.AttendanceFactory(meeting=meeting)
    assert client_of("visitor").get(LIST).context["stops"][0].participants is None
    assert client_of("reader").get(LIST).context["stops"][0].participants == 1


def test_an_empty_list_says_what_will_stand_there(client_of, db):
    assert "No public meeting yet" in body(client_of("visitor").get(LIST))


def test_the_chair_adopts_the_agenda(meeting, client_of):
    assert "Adopt the agenda" in body(client_of("chair").get(PAGE))
    response = client_of("chair").post(f"{PAGE}agenda/adopt/", follow=True)
    meeting.refresh_from_db()
    assert meeting.agenda_state == Meeting.AgendaState.ADOPTED
    assert "The agenda is adopted." in body(response)
    assert "Adopt the agenda" not in body(response)


def test_adopting_twice_is_refused_with_a_sentence(meeting, client_of):
    Meeting.objects.update(agenda_state=Meeting.AgendaState.ADOPTED)
    response = client_of("chair").post(f"{PAGE}agenda/adopt/", follow=True)
    assert "The agenda was adopted and stays as it is." in body(response)


@pytest.mark.parametrize(("who", "status"), [("focal_point", 403), ("director", 403), ("visitor", 302)])
def test_others_do_not_adopt_the_agenda(meeting, client_of, who, status):
    assert client_of(who).post(f"{PAGE}agenda/adopt/").status_code == status
    meeting.refresh_from_db()
    assert meeting.agenda_state == Meeting.AgendaState.PROVISIONAL


def test_the_agenda_of_a_closed_meeting_is_not_there_to_adopt(planned, client_of):
    assert client_of("superuser").post("/meetings/icoca/1/agenda/adopt/").status_code == 404
    assert "/accounts/login/" in client_of("visitor").post("/meetings/icoca/10/agenda/adopt/").url
    assert client_of("chair").get("/meetings/icoca/10/agenda/adopt/").status_code == 405


@pytest.mark.parametrize("who", ["visitor", "focal_point", "chair", "secretariat"])
def test_the_list_takes_as_many_queries_for_thirty(client_of, who):
    client = client_of(who)
    factories.MeetingFactory(visibility="public", chair_organisation=factories.OrganisationFactory())
    few = queries(client, LIST)
    for _ in range(29):
        row = factories.MeetingFactory(visibility="public", chair_organisation=factories.OrganisationFactory())
        factories.AttendanceFactory(meeting=row)
    assert queries(client, LIST) == few
    assert few <= 12


# Three of the secretariat's queries are about its second factor and its permissions.
@pytest.mark.parametrize(("who", "most"), [("visitor", 12), ("focal_point", 12), ("chair", 12), ("secretariat", 12)])
def test_a_meeting_takes_as_many_queries_for_thirty(meeting, client_of, who, most):
    client = client_of(who)
    fill(meeting, 1)
    few = queries(client, PAGE)
    fill(meeting, 29)
    assert queries(client, PAGE) == few
    assert few <= most


def fill(meeting, count):
    for number in range(count):
        factories.AgendaItemFactory(meeting=meeting, position=10 + number)
        factories.AttendanceFactory(meeting=meeting)
        factories.AttendanceFactory(meeting=meeting, capacity="guest")
        factories.FollowUpFactory(meeting=meeting)
        factories.DocumentFactory(meeting=meeting, visibility="public")
