"""The register in a browser: searched as somebody types, and the same without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import CompanyProfile, Pillar
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def members(db):
    """Thirty companies, one of them certified and under a name without an end, and a civil-society organisation."""
    for number in range(29):
        name = f"Sample {'Harbour' if number < 10 else 'Company'} {number:02}"
        company = factories.MembershipFactory(organisation__name=name).organisation
        where = (CompanyProfile.Environment.LAND, CompanyProfile.Environment.SEA)[number % 2]
        factories.CompanyProfileFactory(organisation=company, environment=where, headquarters=("CH", "FR")[number % 2])
    certified = factories.MembershipFactory(
        organisation__name="Sample " + "Wachgesellschaft" * 8, organisation__slug="certified"
    ).organisation
    factories.CertificateFactory(organisation=certified, valid_to=None, expires_on=None, scope="ميناء")
    factories.MembershipFactory(
        organisation__name="منظمة Sample", pillar=Pillar.CIVIL_SOCIETY, organisation__kind="civil society"
    )


def test_what_is_typed_and_chosen_narrows_the_list_at_once(person, members):
    page = person("visitor")
    page.goto("/members/")
    rows = page.locator(".wg-register tbody tr")
    expect(rows).to_have_count(25)
    name = page.get_by_role("searchbox", name="Name")
    name.press_sequentially("harbour")
    expect(rows).to_have_count(10)
    expect(name).to_be_focused()
    expect(name).to_have_value("harbour")
    expect(page.get_by_role("status")).to_contain_text("10 members")
    assert page.url.endswith("/members/?q=harbour")
    page.get_by_text("More filters").click()
    works = page.get_by_role("combobox", name="Works")
    works.focus()
    works.select_option(label="At sea (5)")
    expect(rows).to_have_count(5)
    expect(works).to_be_focused()
    expect(page.get_by_role("combobox", name="Country").locator("option")).to_have_text(["All countries", "France (5)"])
    page.reload()
    expect(rows).to_have_count(5)
    expect(page.get_by_role("combobox", name="Works")).to_have_value("sea")
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sample Harbour 01")
    page.go_back()
    expect(rows).to_have_count(5)
    page.get_by_role("searchbox", name="Name").fill("nobody of this name")
    expect(page.get_by_text("is of this choice")).to_be_visible()
    page.get_by_role("link", name="Show all of that day").click()
    expect(rows).to_have_count(25)


def test_the_register_without_javascript(person, members):
    page = person("visitor", script=False)
    page.goto("/members/")
    page.get_by_role("searchbox", name="Name").fill("harbour")
    page.get_by_role("combobox", name="Pillar").select_option(label="Industry (30)")
    page.get_by_role("button", name="Search").click()
    rows = page.locator(".wg-register tbody tr")
    expect(rows).to_have_count(10)
    page.get_by_label("As of").fill("2013-12-31")
    page.get_by_role("button", name="Show that day").click()
    expect(page.get_by_text("Nobody of 31 December 2013")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Name")).to_have_value("harbour")


@pytest.mark.parametrize(
    "address",
    [
        "/members/",
        "/members/?status=certified&sort=-since",
        "/members/?q=nobody",
        "/members/?as_of=1999-01-01",
        "/members/?as_of=tomorrow",
        "/members/certified/",
    ],
)
def test_its_pages_are_good_to_read(person, members, address):
    page = person("visitor")
    page.goto(address)
    faults = look(page, address)
    assert not faults, "\n".join(faults)
