"""The board of follow-ups and the page of one: who reads, who acts, what is refused, and how many queries it takes."""

from datetime import timedelta

import pytest

from icoca_portal.lib.days import today
from meetings import operations
from meetings.desk import secretariat_day, waiting_for
from meetings.models import FollowUp, Meeting
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
BOARD = "/meetings/follow-ups/"
INSIDERS = ("reader", "focal_point", "other_focal_point", "chair", "director", "secretariat", "superuser")
STEPS = {
    "change": {"what": "Changed by the test"},
    "progress": {"note": "Half of it"},
    "close": {"state": "done", "note": "All of it"},
}


def body(response):
    return response.content.decode()


@pytest.fixture
def follow_up(meeting, officer, delegation):
    return operations.open_follow_up(
        meeting, what="Sample thing to do", delegation=delegation, due=today() + timedelta(days=5), by=officer
    )


def page(follow_up, step=""):
    return f"{BOARD}{follow_up.pk}/{step}"


@pytest.mark.parametrize("who", INSIDERS)
def test_insiders_read_the_board_and_the_page(follow_up, client_of, who):
    client = client_of(who)
    assert "Sample thing to do" in body(client.get(BOARD))
    assert "Switzerland" in body(client.get(page(follow_up)))


def test_others_read_neither(follow_up, client_of):
    for address in (BOARD, page(follow_up)):
        assert client_of("visitor").get(address).url.startswith("/accounts/login/")
        assert client_of(factories.UserFactory()).get(address).status_code == 302


def test_follow_ups_of_a_hidden_meeting_are_hidden(follow_up, client_of):
    Meeting.objects.update(visibility="secretariat")
    for who, there in (("focal_point", False), ("director", False), ("chair", True), ("secretariat", True)):
        client = client_of(who)
        assert ("Sample thing to do" in body(client.get(BOARD))) is there
        assert client.get(page(follow_up)).status_code == (200 if there else 404)
        assert ("Ninth exchange" in body(client.get(BOARD))) is there


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["focal_point", "director", "chair"])
def test_only_the_secretariat_takes_a_step(follow_up, client_of, who, step):
    client = client_of(who)
    assert client.post(page(follow_up, f"{step}/"), {"version": 1, **STEPS[step]}).status_code == 403
    assert '<form method="post" action="/meetings/follow-ups/' not in body(client.get(page(follow_up)))
    follow_up.refresh_from_db()
    assert (follow_up.version, follow_up.state) == (1, "open")


@pytest.mark.parametrize(("step", "shown"), [("change", "Changed by the test"), ("progress", "Half of it"),
                                             ("close", "All of it")])  # fmt: skip
def test_the_secretariat_takes_a_step(follow_up, client_of, step, shown):
    client = client_of("secretariat")
    response = client.post(page(follow_up, f"{step}/"), {"version": 1, **STEPS[step]}, follow=True)
    assert shown in body(response)
    assert "Sample Officer" in body(response)


def test_closed_it_leaves_the_board_until_it_is_opened_again(follow_up, client_of):
    client = client_of("secretariat")
    client.post(page(follow_up, "close/"), {"version": 1, **STEPS["close"]})
    assert "Sample thing to do" not in body(client.get(BOARD))
    assert "All of it" in body(client.get(f"{BOARD}?state=closed"))
    client.post(page(follow_up, "reopen/"), {"version": 2, "note": "Sample reason"})
    assert "Sample thing to do" in body(client.get(BOARD))
    assert "Sample reason" in body(client.get(page(follow_up)))


def test_a_closing_without_a_note_is_refused_with_a_sentence(follow_up, client_of):
    response = client_of("secretariat").post(page(follow_up, "close/"), {"version": 1, "state": "done", "note": " "})
    assert response.status_code == 409
    assert "Say how it ended" in body(response)


def test_a_stale_page_is_refused_and_keeps_what_was_typed(follow_up, client_of, officer):
    operations.progress_follow_up(follow_up, version=1, by=officer)
    response = client_of("secretariat").post(page(follow_up, "close/"), {"version": 1, **STEPS["close"]})
    assert response.status_code == 409
    assert "A colleague changed this follow-up" in body(response)
    assert "All of it" in body(response)
    follow_up.refresh_from_db()
    assert follow_up.state == "in progress"


def test_a_step_on_what_is_closed_is_refused(follow_up, client_of, officer):
    operations.close_follow_up(follow_up, version=1, state="dropped", note="Sample", by=officer)
    response = client_of("secretariat").post(page(follow_up, "progress/"), {"version": 2, "note": "Typed"})
    assert response.status_code == 409
    assert "This step is for one that is open or in progress" in body(response)
    assert "Typed" in body(response)


def test_an_unknown_delegation_is_named_in_the_refusal(follow_up, client_of):
    response = client_of("secretariat").post(
        page(follow_up, "change/"), {"version": 1, "what": "Sample", "delegation": "Atlantis"}
    )
    assert response.status_code == 422
    assert "No delegation is called “Atlantis”" in body(response)


def test_a_delegation_is_found_by_its_code(follow_up, client_of, other_delegation):
    client_of("secretariat").post(page(follow_up, "change/"), {"version": 1, "what": "Sample", "delegation": "SE"})
    follow_up.refresh_from_db()
    assert follow_up.delegation == other_delegation


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Of the delegation", "Of the secretariat", "Overdue thing"}),
        ("?overdue=on", {"Overdue thing"}),
        ("?owner=secretariat", {"Of the secretariat", "Overdue thing"}),
        ("?state=in+progress", {"Of the delegation"}),
        ("?state=closed", {"Done thing"}),
        ("?state=all&by=owner", {"Of the delegation", "Of the secretariat", "Overdue thing", "Done thing"}),
        ("?state=nonsense&meeting=0&owner=x", {"Of the delegation", "Of the secretariat", "Overdue thing"}),
    ],
)
def test_the_board_is_filtered(meeting, delegation, client_of, query, shown):
    made = {
        "Of the delegation": {"delegation": delegation, "state": "in progress"},
        "Of the secretariat": {},
        "Overdue thing": {"due": today() - timedelta(days=1)},
        "Done thing": {"state": "done", "due": today() - timedelta(days=1)},
    }
    for what, facts in made.items():
        factories.FollowUpFactory(meeting=meeting, what=what, **facts)
    text = body(client_of("reader").get(f"{BOARD}{query}"))
    assert {what for what in made if what in text} == shown


def test_the_board_of_one_meeting_and_of_one_delegation(meeting, planned, delegation, client_of):
    factories.FollowUpFactory(meeting=meeting, what="Of the ninth", delegation=delegation)
    factories.FollowUpFactory(meeting=planned, what="Of the tenth")
    client = client_of("reader")
    for query in (f"?meeting={meeting.pk}", f"?owner={delegation.pk}"):
        text = body(client.get(f"{BOARD}{query}"))
        assert "Of the ninth" in text
        assert "Of the tenth" not in text


def test_what_a_delegation_owes_stands_on_its_desks(follow_up, focal_point, other_focal_point, officer):
    (thing,) = [thing for thing in waiting_for(focal_point) if thing.kind == "follow_up"]
    assert (thing.title, thing.due, thing.url) == ("Sample thing to do", follow_up.due, page(follow_up))
    assert not [thing for thing in waiting_for(other_focal_point) if thing.kind == "follow_up"]
    operations.close_follow_up(follow_up, version=1, state="done", note="Sample", by=officer)
    assert not [thing for thing in waiting_for(focal_point) if thing.kind == "follow_up"]


def test_what_is_overdue_stands_in_the_secretariats_day(meeting, follow_up):
    late = factories.FollowUpFactory(meeting=meeting, due=today() - timedelta(days=1))
    factories.FollowUpFactory(meeting=meeting, due=today() - timedelta(days=1), state=FollowUp.State.DONE)
    assert secretariat_day().overdue == [late]


@pytest.mark.parametrize("query", ["", "?by=owner&state=all"])
@pytest.mark.parametrize("who", ["reader", "chair", "secretariat"])
def test_the_board_takes_as_many_queries_for_thirty(client_of, who, query):
    client = client_of(who)
    fill(1)
    few = queries(client, f"{BOARD}{query}")
    fill(29)
    assert queries(client, f"{BOARD}{query}") == few
    assert few <= 12


@pytest.mark.parametrize("who", ["reader", "secretariat"])
def test_a_page_takes_as_many_queries_for_thirty(client_of, follow_up, officer, who):
    client = client_of(who)
    few = queries(client, page(follow_up))
    for version in range(1, 30):
        operations.progress_follow_up(follow_up, version=version, note="Sample", by=factories.UserFactory())
    assert queries(client, page(follow_up)) == few
    assert few <= 12


def fill(count):
    for _ in range(count):
        meeting = factories.MeetingFactory(state="held")
        factories.FollowUpFactory(meeting=meeting, delegation=factories.DelegationFactory(), due=today())
        factories.FollowUpFactory(meeting=meeting, state="done")
