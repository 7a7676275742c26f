"""Every page that the table of access lets anybody see, and every state that a page can be in.

The pages come from that table (tests/test_access.py), so a new page is looked at without a word here. A page that is
made the same for two people is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import RequestFactory
from django.urls import reverse
from playwright.sync_api import Page, expect

from icoca_portal import views
from icoca_portal.outbox.models import Message
from members.models import Organisation
from questionnaires import operations as questionnaires
from questionnaires.changes import Change
from tests import factories
from tests.browser.looking import axe_faults, look
from tests.test_access import LET_IN, TABLE, Line
from tests.world import World, build_world, just_signed_in, park_form

pytestmark = pytest.mark.django_db(transaction=True)

# From who sees most to who sees least: what the last ones see was mostly looked at by then.
READERS = (
    "superuser",
    "secretariat",
    "director",
    "chair",
    "representative",
    "focal_point",
    "other_focal_point",
    "contributor",
    "reader",
    "visitor",
)
# Files, feeds and answers for machines.
NO_PAGES = re.compile(
    r"export_|members:api:|read_live|read_presence|read_document$|read_past_summary|read_attachment|read_submitted_file|read_reviewed_file|read_evidence|read_guidance_file|read_assessment_file|read_circular_file|read_plan_document|registryimport_read_file|"
    r"health|jsi18n|autocomplete|outbox:read_(form|file)|outbox_message_(form|file)|preview_mail|"
    r"returns_csv|returns_xlsx|registered_(pdf|docx|csv|xlsx)|simple_history"
)
ELEMENT = re.compile(r'<([a-z0-9]+)(?:[^>]*?( class="[^"]*"))?(?:[^>]*?( role="[^"]*"))?')
AREAS = {
    "portal": r"[a-z_]+$|outbox:",
    "signing in": r"(account|mfa)_",
    "members": r"members:",
    "meetings": r"meetings:",
    "answering": r"questionnaires:(?!.*review|write_remark)",
    "review": r"questionnaires:.*(review|remark|theme|passage|discussion|conclusion|search_answers)",
    "admin": r"admin:(?!members|meetings|questionnaires)",
    "admin, people": r"admin:members_(user|delegation)",
    "admin, registry": r"admin:members_(?!user|delegation)",
    "admin, circulars": r"admin:members_circular",
    "admin, meetings": r"admin:meetings_meeting",
    "admin, summaries": r"admin:meetings_(?!meeting)",
    "admin, questionnaires": r"admin:questionnaires_questionnaire",
    "admin, answers": r"admin:questionnaires_(?!questionnaire)",
}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world(request.getfixturevalue)


def session_of(page: Page) -> SessionBase:
    """The session behind the browser's cookie."""
    found = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(found[0])
    return store


def area_of(line: Line) -> str:
    return next(name for name, pattern in reversed(AREAS.items()) if re.match(pattern, line.route))


def shape_of(html: str) -> tuple[str, ...]:
    """How a page is made: its elements with their classes and roles, without the words and addresses in them."""
    main = html[html.find("<main") :]
    return tuple("".join(parts) for parts in ELEMENT.findall(main))


@pytest.mark.parametrize("area", AREAS)
def test_every_page_of(area, world, person, client_of):
    lines = [line for line in TABLE if area_of(line) == area and not NO_PAGES.search(line.route)]
    assert lines, f"the table of access has no page in {area}"
    faults, seen = [], set()
    for who in READERS:
        client, page = client_of(who), None
        if who != "visitor":
            just_signed_in(client.session)
        for line in lines:
            if line.expected("get", who) not in ("let-in", *LET_IN):
                continue
            address = reverse(line.route, args=line.about(world))
            response = client.get(address)
            shape = line.name, shape_of(response.content.decode()) if response.status_code == 200 else ()
            if not shape[1] or shape in seen:
                continue
            seen.add(shape)
            if page is None:
                page = person(who)
                if who != "visitor":
                    just_signed_in(session_of(page))
            page.goto(address)
            faults += look(page, f"{line.name} for {who}")
    assert not faults, "\n".join(faults)


# States that no address alone shows


@pytest.fixture
def see(person: Callable[..., Page]) -> Callable[..., Page]:
    """A function that opens an address as somebody who has just proved who they are."""

    def open_as(who: str, address: str, **options: Any) -> Page:
        page = person(who, **options)
        if who != "visitor":
            just_signed_in(session_of(page))
        page.goto(address)
        return page

    return open_as


def assert_good(page: Page, name: str) -> None:
    faults = look(page, name)
    assert not faults, "\n".join(faults)


EMPTY = ["/", "/?from=2019-02", "/meetings/", "/questionnaires/", "/members/participants/?as_of=1990-01-01",
         "/members/delegation/", "/members/statistics/?as_of=1990-01-01",
         "/members/statistics/over-time/?as_of=1990-01-01", "/members/map/?as_of=1990-01-01"]  # fmt: skip
EMPTY_LISTS = [
    "/admin/", "/admin/meetings/meeting/", "/admin/questionnaires/questionnaire/", "/admin/questionnaires/response/",
    "/admin/outbox/message/", "/admin/members/directorship/", "/admin/members/user/?q=nobody+has+this+name",
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "addresses"), [("focal_point", EMPTY), ("visitor", EMPTY[:3]), ("superuser", EMPTY_LISTS)]
)
def test_pages_with_nothing_on_them(see, person, who, addresses):
    page = see(who, addresses[0])
    faults = []
    for address in addresses:
        page.goto(address)
        faults += look(page, f"{address} empty for {who}")
    assert not faults, "\n".join(faults)


@pytest.mark.urls("tests.browser.failing_urls")
def test_pages_of_errors(see):
    page = see("visitor", "/")
    faults = []
    for address, words in (
        ("/fails/400/", "400"), ("/fails/403/", "403"), ("/fails/404/", "404"), ("/fails/500/", "500"),
        ("/fails/csrf/", "403"),
    ):  # fmt: skip
        response = page.goto(address)
        assert str(response.status) == words
        faults += look(page, address)
    assert not faults, "\n".join(faults)


@pytest.mark.django_db(databases=[])
def test_the_page_of_a_fault_needs_no_database():
    page = views.server_error(RequestFactory().get("/")).content.decode()
    assert "This page could not be shown" in page


def test_two_versions_a_lost_line_and_a_refusal_on_a_section(see, world, request):
    question = world.question("long_text")
    page = see("focal_point", f"/questionnaires/{world.questionnaire.slug}/response/1/")
    change = Change(question.pk, f"Of the colleague\n{world.response.pk}", 1)
    questionnaires.save_answers(
        world.questionnaire, world.response.delegation, [change], by=request.getfixturevalue("contributor")
    )
    block = page.locator(f"#q-{question.pk}")
    block.locator(".wg-fields textarea").fill("Of mine")
    block.locator(".wg-fields textarea").blur()
    expect(block.locator(".wg-versions")).to_be_visible()
    page.context.set_offline(True)
    other = page.locator(f"#q-{world.question('short_text').pk}")
    other.locator("input[type=text]").first.fill("Typed without a line")
    other.locator("input[type=text]").first.blur()
    expect(other.locator(".wg-state")).to_contain_text("Not saved")
    page.context.set_offline(False)
    assert_good(page, "a section with two versions and a text that is not saved")


def test_forms_that_were_refused(see, world):
    faults = []
    page = see("focal_point", "/members/profile/")
    page.get_by_label("Name").fill("")
    page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator(".wg-errors, .invalid-feedback").first).to_be_visible()
    faults += look(page, "a refused profile")
    page.goto(f"/questionnaires/{world.questionnaire.slug}/response/check/")
    expect(page.locator(".wg-errors[role=alert]")).to_be_visible()
    faults += look(page, "an incomplete response")
    page = see("director", f"/questionnaires/{world.questionnaire.slug}/review/by/sweden/")
    page.locator("form[action$='/remark/'] textarea").first.evaluate(
        "field => { field.form.noValidate = true; field.form.requestSubmit(); }"
    )
    page.wait_for_url("**/remark/")
    faults += look(page, "a refused remark")
    assert not faults, "\n".join(faults)


def test_the_statistics_in_every_state(see):
    for size, number in (("small", 9), ("large", 1)):
        for place in range(number):
            made = factories.CompanyFactory(name=f"Sample {size} company {place} {'Sampleverfassungsschutz' * 3}")
            factories.MembershipFactory(organisation=made)
            factories.CompanyProfileFactory(organisation=made, size=size, environment="both")
            factories.CertificateFactory(organisation=made)
    faults = []
    page = see("visitor", "/")
    for query, name in (
        ("?as_of=2018-06-06&with=2010-06-06", "two days compared, sizes left out"),
        ("?as_of=2018-06-06&with=2018-06-05", "two days alike"),
        ("?as_of=2018-06-06&known=then", "nothing known then"),
        ("?as_of=9999-12-31&with=yesterday", "refused days"),
        ("certified.PSC.1/?as_of=2018-06-06", "the companies behind a figure"),
        ("companies.sea/?as_of=2018-06-06", "nobody behind a figure"),
        ("over-time/?as_of=2018-06-06", "over the years"),
    ):
        page.goto(f"/members/statistics/{query}")
        faults += look(page, name)
    assert not faults, "\n".join(faults)


def test_the_map_in_every_layer(see):
    for country in ("CH", "GB", "MT", "LI", "SG", "BH"):
        made = factories.CompanyFactory(country=country)
        factories.MembershipFactory(organisation=made)
        factories.ParticipationFactory(organisation__country=country)
    factories.ParticipationFactory(organisation__kind=Organisation.Kind.INTERNATIONAL_ORGANISATION)
    faults = []
    page = see("visitor", "/")
    for query in (
        "?as_of=2018-06-06",
        "?show=participants&sort=since",
        "?show=industry&known=then",
        "?as_of=yesterday",
    ):
        page.goto(f"/members/map/{query}")
        faults += look(page, f"the map {query}")
    page.goto("/members/map/?as_of=2018-06-06")
    page.locator(".is-near a", has_text="Switzerland").hover()
    page.locator(".is-near a", has_text="Switzerland").click()
    expect(page).to_have_url(re.compile("country=CH"))
    assert not faults, "\n".join(faults)


def test_what_was_parked_comes_back(see, world):
    page = see("reader", "/")
    park_form(session_of(page))
    page.goto("/parked/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_good(page, "a parked form")


def test_the_ways_of_signing_in(see, world, secretariat):
    faults = []
    page = see("visitor", "/accounts/login/")
    page.get_by_label("E-mail address").fill("focal.ch@sample.example")
    page.get_by_role("textbox", name="Password").fill("wrong")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("do not belong together").first).to_be_visible()
    faults += look(page, "a refused sign-in")
    AccessAttempt.objects.filter(username="focal.ch@sample.example").update(failures_since_start=99)
    page.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many attempts")
    faults += look(page, "locked out")
    page.goto("/accounts/login/code/")
    page.get_by_label("E-mail address").fill("reader.ch@sample.example")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/confirm/")
    faults += look(page, "the code from the mail")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(secretariat.email)
    page.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/2fa/authenticate/")
    faults += look(page, "the second factor")
    page.context.clear_cookies()
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill("reader.ch@sample.example")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/done/")
    text = Message.objects.filter(recipient="reader.ch@sample.example").latest("pk").text
    page.goto(re.search(r"/accounts/password/reset/key/\S+", text).group())
    expect(page.get_by_role("textbox").first).to_be_visible()
    faults += look(page, "a new password")
    assert not faults, "\n".join(faults)


def test_a_stale_page_of_the_administration(see, world):
    organisation = world.submission.response.delegation.organisation
    faults = []
    page = see("secretariat", f"/admin/members/organisation/{organisation.pk}/change/")
    Organisation.objects.filter(pk=organisation.pk).update(name="Sample name of the colleague", version=2)
    page.get_by_label("Name:").fill("Sample name of mine")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Two versions")).to_be_visible()
    faults += look(page, "a stale page")
    page.goto(f"/admin/meetings/meeting/{world.inside.pk}/change/")
    page.get_by_label("Number", exact=False).first.fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote").first).to_be_visible()
    faults += look(page, "a refused meeting")
    assert not faults, "\n".join(faults)


def test_refused_acts_of_the_registry(see, world):
    registry = world.registry
    faults = []
    address = f"/admin/members/organisation/{registry.company.pk}/"
    page = see("secretariat", f"{address}membership/record/")
    page.get_by_label("Valid from").fill("2020-01-01")
    page.get_by_label("Source").fill("Sample source that stays")
    page.get_by_role("button", name="Record the membership").click()
    expect(page.locator(".errornote")).to_contain_text("holds on some of these days")
    expect(page.get_by_label("Source")).to_have_value("Sample source that stays")
    faults += look(page, "a refused membership")
    page.goto(f"{address}profile/record/")
    expect(page.locator(".selector-chosen option")).to_have_count(2)
    page.get_by_role("button", name="Record the profile").click()
    expect(page.locator(".form-row.errors").first).to_be_visible()
    expect(page.locator(".selector-chosen option")).to_have_count(2)
    faults += look(page, "a refused profile")
    assert not faults, "\n".join(faults)


def test_the_open_list_of_people(see, world):
    page = see("secretariat", f"/admin/members/delegation/{world.response.delegation_id}/appoint/")
    page.locator(".select2-selection").first.click()
    expect(page.locator(".select2-results__option").first).to_be_visible()
    page.locator(".select2-search__field").fill("Sample")
    expect(page.locator(".select2-results__option").first).to_contain_text("Sample")
    faults = list(axe_faults(page, {}))
    assert not faults, "\n".join(faults)


# What holds more than it shows, on paper, where nobody can scroll.
CUT = """() => [...document.querySelectorAll("main, main *")].filter((node) =>
  node.clientWidth && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible"
  && !node.closest(".visually-hidden, svg")).map((node) => node.outerHTML.slice(0, 100))"""
MARKED = """() => {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}"""


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/meetings/icoca/9/summary/",
        "/questionnaires/sample-open/review/",
        "/members/statistics/?as_of=2018-06-06&with=2010-06-06",
        "/members/statistics/over-time/?as_of=2018-06-06",
        "/members/map/?as_of=2018-06-06",
    ],
)
def test_on_paper_nothing_is_cut(see, world, address):
    page = see("director", address)
    page.emulate_media(media="print")
    # A sheet of A4 without its margins, upright.
    page.set_viewport_size({"width": 680, "height": 960})
    cut = page.evaluate(CUT)
    assert cut == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("who", "address"), [("visitor", "/"), ("focal_point", "/"), ("secretariat", "/admin/")])
def test_whoever_uses_the_keyboard_sees_where_they_are(see, world, who, address):
    page = see(who, address)
    for _press in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate(MARKED)
        assert shown, page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
