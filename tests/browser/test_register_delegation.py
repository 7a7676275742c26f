"""Two people of one delegation at one registration: neither loses a word, and who is withdrawn is named first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from icoca_portal.lib.days import today
from meetings import operations
from meetings.models import Registration
from members.models import Delegate
from tests import factories
from tests.browser.looking import look
from tests.meetings.inviting import convened, invite
from tests.meetings.inviting import person as facts

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/meetings/icoca/10/registration/"
NEED = "A very private need"
THEIRS, MINE = "Of the colleague", "Of mine, from the other window"


@pytest.fixture
def row(delegation, focal_point) -> Registration:
    meeting = convened(date=today() + timedelta(days=30), registration_until=timezone.now() + timedelta(days=10))
    invitation = invite(meeting, delegation, by=factories.UserFactory())[0]
    return operations.register_person(
        invitation, person=facts(function="Sample deputy", dietary_needs=NEED), by=focal_point
    )


@pytest.fixture
def colleague(delegation):
    """A second focal point of the delegation."""
    return factories.DelegateFactory(delegation=delegation, role=Delegate.Role.FOCAL_POINT).user


def opened(page: Page) -> Page:
    page.goto(PAGE)
    page.get_by_role("link", name="Change or withdraw").click()
    return page


def store(page: Page) -> None:
    page.get_by_role("button", name="Store the change").click()


@pytest.mark.parametrize("script", [True, False])
def test_two_versions_stand_side_by_side_and_neither_is_lost(person, row, colleague, script):
    mine, theirs = opened(person("focal_point", script=script)), opened(person(colleague))
    theirs.get_by_label("Function").fill(THEIRS)
    store(theirs)
    expect(theirs.get_by_text("The registration of Sample Ada is stored.")).to_be_visible()
    mine.get_by_label("Function").fill(MINE)
    mine.get_by_label("Access needs").fill("Step-free way in")
    store(mine)
    panel = mine.get_by_role("group", name="Two versions")
    expect(panel).to_contain_text(THEIRS)
    expect(panel).to_contain_text(MINE)
    expect(mine.get_by_label("Function")).to_have_value(MINE)
    expect(mine.get_by_label("Access needs")).to_have_value("Step-free way in")
    row.refresh_from_db()
    assert row.function == THEIRS
    if script:
        assert not look(mine, "two versions of a registration")
    mine.get_by_label("Function").fill(f"{THEIRS}; {MINE}")
    store(mine)
    expect(mine.get_by_text("The registration of Sample Ada is stored.")).to_be_visible()
    row.refresh_from_db()
    assert (row.function, row.access_needs, row.dietary_needs) == (f"{THEIRS}; {MINE}", "Step-free way in", NEED)
    log = mine.get_by_role("region", name="Changes")
    expect(log).to_contain_text(f"Function: Sample deputy →now {THEIRS}")
    expect(log).not_to_contain_text("Step-free")


def test_the_text_of_the_colleague_stays_if_one_leaves_it(person, row, colleague):
    mine, theirs = opened(person("focal_point")), opened(person(colleague))
    theirs.get_by_label("Function").fill(THEIRS)
    store(theirs)
    mine.get_by_label("Function").fill(MINE)
    store(mine)
    mine.get_by_role("group", name="Two versions").get_by_role("link", name="Leave it as it is stored").click()
    expect(mine.locator(f"#person-{row.pk}")).to_contain_text(THEIRS)


def test_who_was_withdrawn_meanwhile_is_registered_anew_with_what_was_typed(person, row, colleague):
    mine, theirs = opened(person("focal_point")), opened(person(colleague))
    theirs.get_by_role("link", name="Withdraw the registration").click()
    theirs.get_by_role("button", name="Withdraw the registration").click()
    expect(theirs.get_by_text("Sample Ada is no longer registered.")).to_be_visible()
    mine.get_by_label("Function").fill(MINE)
    store(mine)
    expect(mine.get_by_role("alert")).to_contain_text("A colleague withdrew Sample Ada while you were writing.")
    assert not look(mine, "somebody who was withdrawn meanwhile")
    mine.get_by_role("button", name="Register", exact=True).click()
    expect(mine.get_by_text("Sample Ada is registered.")).to_be_visible()
    again = Registration.objects.standing().get()
    assert (again.function, again.dietary_needs) == (MINE, NEED)


def test_a_page_names_who_is_withdrawn_and_what_follows(person, row, colleague):
    mine, theirs = opened(person("focal_point")), opened(person(colleague))
    mine.get_by_role("link", name="Withdraw the registration").click()
    expect(mine.get_by_role("region", name="What is withdrawn")).to_contain_text(NEED)
    expect(mine.get_by_role("region", name="What follows")).to_contain_text("The needs are deleted at once.")
    assert not look(mine, "before a withdrawal")
    theirs.get_by_label("Function").fill(THEIRS)
    store(theirs)
    mine.get_by_role("button", name="Withdraw the registration").click()
    expect(mine.get_by_role("alert")).to_contain_text("Not withdrawn")
    expect(mine.get_by_role("region", name="What is withdrawn")).to_contain_text(THEIRS)
    assert not look(mine, "a withdrawal that was refused")
    assert Registration.objects.standing().exists()
    mine.get_by_role("button", name="Withdraw the registration").click()
    expect(mine.get_by_text("Sample Ada is no longer registered.")).to_be_visible()
    row.refresh_from_db()
    assert (row.function, row.dietary_needs) == (THEIRS, "")
    expect(mine.get_by_role("region", name="Changes")).to_contain_text("Registration withdrawn: Sample Ada")


def test_two_replies_stand_side_by_side(person, row, colleague):
    mine, theirs = person("focal_point"), person(colleague)
    for page in (mine, theirs):
        page.goto(PAGE)
    theirs.get_by_label("Note to the secretariat").fill(THEIRS)
    theirs.get_by_role("button", name="Change the reply").click()
    expect(theirs.get_by_text("Stored: your delegation attends.")).to_be_visible()
    mine.get_by_label("Note to the secretariat").fill(MINE)
    mine.get_by_role("button", name="Change the reply").click()
    panel = mine.get_by_role("group", name="Two versions")
    expect(panel).to_contain_text(THEIRS)
    expect(panel).to_contain_text(MINE)
    expect(mine.get_by_label("Note to the secretariat")).to_have_value(MINE)
    assert not look(mine, "two replies")
