"""What a delegation types about a text under silence stays in the browser until a page shows it as stored."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings import operations
from meetings.models import SummaryComment, SummaryRound
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/meetings/icoca/9/summary/comments/"
ON_TWO = f"{PAGE}?on=2#say"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('wg-draft')).length"
TYPED, PROPOSED = "Typed before the line failed\n\nand a second paragraph", "As it should read"


@pytest.fixture
def opened(delegation) -> SummaryRound:
    meeting = factories.MeetingFactory(number=9, date=date(2018, 6, 6), state="held")
    for number in (1, 2, 3):
        factories.AgendaItemFactory(meeting=meeting, position=number, title=f"Sample item {number}")
    by = factories.UserFactory()
    draft = operations.draft_summary(meeting, by=by)
    operations.circulate_summary(draft, comments_until=timezone.now() + timedelta(days=7), by=by)
    return draft.rounds.get()


def form(page: Page):
    return page.locator("#say")


def write(page: Page) -> None:
    form(page).get_by_role("radio", name="Proposed wording").check()
    form(page).get_by_role("textbox", name="Comment").fill(TYPED)
    form(page).get_by_role("textbox", name="Proposed wording").fill(PROPOSED)


def store(page: Page) -> None:
    form(page).get_by_role("button", name="Store the comment").click()


def expect_typed(page: Page) -> None:
    expect(form(page).get_by_role("textbox", name="Comment")).to_have_value(TYPED)
    expect(form(page).get_by_role("textbox", name="Proposed wording")).to_have_value(PROPOSED)
    expect(form(page).get_by_role("radio", name="Proposed wording")).to_be_checked()


def test_without_a_connection_the_page_stays_and_says_so_and_the_text_comes_back(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    page.context.set_offline(True)
    write(page)
    store(page)
    expect(form(page).locator(".wg-state")).to_contain_text("Not stored. No connection,")
    expect_typed(page)
    page.context.set_offline(False)
    page.goto("/")
    page.goto(ON_TWO)
    expect_typed(page)
    expect(form(page).locator(".wg-state")).to_contain_text("Kept in this browser, typed ")
    assert not look(page, "a comment that came back")
    store(page)
    expect(page.get_by_text("The comment is stored.")).to_be_visible()
    comment = SummaryComment.objects.get()
    assert (comment.paragraph, comment.text.replace("\r\n", "\n"), comment.proposed) == (2, TYPED, PROPOSED)
    assert page.evaluate(KEPT) == 0
    expect(page.locator("#kept-elsewhere")).to_be_hidden()


def test_a_line_that_fails_while_it_is_sent_loses_nothing(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    page.route("**/comments/add/", lambda route: route.abort())
    store(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/comments/add/")
    assert not SummaryComment.objects.exists()
    # Not in the form for another paragraph, but on the page, with the way to its own.
    page.goto(f"{PAGE}?on=1#say")
    expect(form(page).get_by_role("textbox", name="Comment")).to_have_value("")
    box = page.locator("#kept-elsewhere")
    expect(box).to_contain_text("Comment on paragraph 2")
    expect(box.locator("blockquote").first).to_have_text(TYPED)
    assert not look(page, "a comment that is kept")
    box.get_by_role("link", name="Open the form").click()
    expect_typed(page)
    store(page)
    expect(page.get_by_text("The comment is stored.")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_the_copy_goes_only_once_a_page_shows_the_text_as_stored(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    # The portal stores it, and the page that would say so never arrives.
    page.route("**/comments/add/", lambda route: (route.fetch(max_redirects=0), route.abort()))
    store(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/comments/add/")
    assert SummaryComment.objects.count() == 1
    page.goto("/")
    assert page.evaluate(KEPT) == 1
    page.goto(PAGE)
    expect(page.get_by_text(PROPOSED)).to_be_visible()
    assert page.evaluate(KEPT) == 0
    expect(page.locator("#kept-elsewhere")).to_be_hidden()


def test_after_the_round_ended_the_text_can_still_be_read_and_deleted(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    SummaryRound.objects.update(until=timezone.now() - timedelta(seconds=1))
    store(page)
    expect(form(page).get_by_role("alert")).to_be_visible()
    expect_typed(page)
    page.goto(PAGE)
    box = page.locator("#kept-elsewhere")
    expect(box).to_contain_text(PROPOSED)
    expect(box.get_by_role("link")).to_have_count(0)
    box.get_by_role("button", name="Delete the copy").click()
    expect(box).to_be_hidden()
    assert page.evaluate(KEPT) == 0


def test_deleting_the_copy_in_the_form_empties_it(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    page.goto(ON_TWO.replace("?on=2", "?on=2&round=1"))
    expect_typed(page)
    form(page).get_by_role("button", name="Delete the copy").click()
    expect(form(page).get_by_role("textbox", name="Comment")).to_have_value("")
    expect(form(page).get_by_role("textbox", name="Comment")).to_be_focused()
    assert page.evaluate(KEPT) == 0


def test_a_session_that_ended_parks_the_comment_and_the_browser_lets_go_of_it_once_it_is_stored(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    Session.objects.all().delete()
    store(page)
    page.get_by_label("E-mail address").fill("contributor.ch@sample.example")
    page.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/parked/**")
    assert page.evaluate(KEPT) == 1
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("The comment is stored.")).to_be_visible()
    assert SummaryComment.objects.count() == 1
    assert page.evaluate(KEPT) == 0


def test_the_reason_of_an_objection_is_kept_and_that_it_is_meant_is_not(person, opened):
    page = person("contributor")
    address = "/meetings/icoca/9/summary/object/"
    page.goto(address)
    page.get_by_label("Reason").fill(TYPED)
    page.get_by_label("My delegation objects.").check()
    page.goto(PAGE)
    expect(page.locator("#kept-elsewhere")).to_contain_text("Objection")
    page.locator("#kept-elsewhere").get_by_role("link", name="Open the form").click()
    expect(page.get_by_label("Reason")).to_have_value(TYPED)
    expect(page.get_by_label("My delegation objects.")).not_to_be_checked()
    page.get_by_label("My delegation objects.").check()
    page.get_by_role("button", name="Object in the name of the delegation").click()
    expect(page.get_by_text("The objection is recorded.")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_an_answer_of_the_secretariat_is_kept_too(person, opened, delegation):
    comment = operations.comment_summary(
        opened, delegation, text="A sample comment", paragraph=1, by=factories.UserFactory()
    )
    page = person("secretariat")
    page.goto(f"{PAGE}?answer={comment.pk}")
    page.get_by_label("In words, for the delegation").fill("Typed answer")
    page.goto(PAGE)
    page.locator("#kept-elsewhere").get_by_role("link", name="Open the form").click()
    expect(page.get_by_label("In words, for the delegation")).to_have_value("Typed answer")
    page.get_by_label("Answer", exact=True).select_option(index=1)
    page.get_by_role("button", name="Store the answer").click()
    expect(page.get_by_text("The answer is stored.")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_signing_out_takes_the_copies_along(person, opened):
    page = person("contributor")
    page.goto(ON_TWO)
    write(page)
    assert page.evaluate(KEPT) == 1
    page.goto("/members/profile/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_without_a_script_it_is_the_same_form(person, opened):
    page = person("contributor", script=False)
    page.goto(ON_TWO)
    write(page)
    store(page)
    expect(page.get_by_text("The comment is stored.")).to_be_visible()
    assert SummaryComment.objects.get().proposed == PROPOSED
