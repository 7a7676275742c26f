"""read_map and export_map: participants and members by country, on a map and in a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django_countries import countries

from icoca_portal.lib.world import Drawing, Place, world
from icoca_portal.sample import participants
from members import figures, operations
from members.register import Asked, Register
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

PAGE, CSV = "/members/map/", "/members/map.csv"
DAY = "2018-06-06"


def body(response):
    return response.content.decode()


def drawn(response, frame="whole"):
    """What the map says of each country that it shows something of, by its code."""
    return {link.place.code: link.place.words for link in getattr(response.context["drawing"], frame).links}


def table(response):
    """The rows of the table by the name of their country: numbers and days."""
    return {
        row.name: [cell.get("day") or cell.get("number", 0) for cell in cells]
        for row, _address, cells in response.context["rows"]
    }


def sums(response):
    return [cell.get("participants") or cell.get("number", 0) for cell in response.context["sums"]]


def company(country, name, since=date(2014, 1, 1), **of_membership):
    made = factories.CompanyFactory(name=name, country=country)
    factories.MembershipFactory(organisation=made, valid_from=since, **of_membership)
    factories.CompanyProfileFactory(organisation=made, headquarters=country, valid_from=since)
    return made


@pytest.fixture
def association(delegation):
    """Three companies in two countries, one certified; a society; Switzerland as participant and member."""
    first = company("GB", "Sample Guard")
    company("GB", "Sample Watch", since=date(2017, 1, 1))
    company("MT", "Sample Ship")
    factories.CertificateFactory(organisation=first)
    society = factories.CompanyFactory(name="Sample Rights", kind="civil society", country="GB")
    factories.MembershipFactory(organisation=society, pillar="civil society")
    factories.MembershipFactory(organisation=delegation.organisation, pillar="government")
    observer = factories.CompanyFactory(name="Sample Observer", country="SE")
    factories.MembershipFactory(organisation=observer, category="observer")


# The world


def test_every_country_has_a_place_on_the_map():
    """But for Antarctica and an island without people, south of what is drawn."""
    assert set(countries.countries) - world().points.keys() == {"AQ", "BV"}
    left, top, width, height = world().box
    assert all(left <= x <= width and top <= y <= height for x, y, _side in world().points.values())


def test_what_cannot_be_seen_is_a_circle_and_what_can_is_filled():
    drawing = Drawing([Place(code, "wg-step-1") for code in ("FR", "MT", "LI", "TV", "AQ")])
    assert "FR" in [code for _step, shapes in drawing.steps for code, _shape in shapes]
    assert len(drawing.whole.circles) == 3
    assert [link.place.code for link in drawing.near.links] == ["FR", "MT", "LI"]
    # Its shape is in its own colour, and not below it as well.
    assert world().shapes["FR"] not in drawing.land
    assert world().shapes["SE"] in drawing.land


def test_every_participant_is_drawn(client):
    participants.load(by=factories.UserFactory())
    with participants.LIST.open(encoding="utf-8", newline="") as file:
        states = {row["iso2"]: row for row in csv.DictReader(file) if row["kind"] == "state"}
    response = client.get(PAGE)
    assert drawn(response).keys() == states.keys()
    drawing = response.context["drawing"]
    assert len(drawing.whole.dots) == len(states)
    page = body(response)
    small = {code for code in states if code not in world().shapes}
    for code in states.keys() - small:
        assert page.count(f'id="world-{code}"') == 1
    assert len(drawing.whole.circles) >= len(small)
    assert "European Union" in [each.name for each in response.context["bodies"]]
    earlier = client.get(PAGE, {"as_of": "2008-09-17"})
    assert drawn(earlier).keys() == {code for code, row in states.items() if row["participant_since"] <= "2008-09-17"}


# The page


def test_the_map_and_its_table_say_the_same(client, association):
    response = client.get(PAGE, {"as_of": DAY})
    assert drawn(response) == {
        "CH": "Switzerland: participant since 17 September 2008, 1 government",
        "MT": "Malta: 1 company",
        "GB": "United Kingdom: 2 companies, 1 civil-society member, 1 certified",
    }
    assert drawn(response, "near") == drawn(response)
    assert table(response) == {
        "Malta": [0, 1, 0, 0, 0],
        "Switzerland": [date(2008, 9, 17), 0, 0, 1, 0],
        "United Kingdom": [0, 2, 1, 0, 1],
    }
    assert sums(response) == [1, 3, 1, 1, 1]
    assert [words for _step, words in response.context["legend"]] == ["1 member", "2 to 4 members"]
    page = body(response)
    assert '<td><time datetime="2008-09-17">17 September 2008</time></td>' in page
    # Whoever uses the keyboard walks through the table, not through the shapes as well.
    over = "".join(re.findall(r'<g class="wg-over" aria-hidden="true">(.*?)</g>', page, re.DOTALL))
    assert over.count('href="/members/') == over.count('tabindex="-1"') == 6


@pytest.mark.parametrize("day", [date(2016, 7, 8), date(2018, 6, 6)])
def test_each_number_is_that_of_the_register_and_of_the_statistics(client, association, day):
    said = {figure.key: figure.value for figure in figures.figures(day)}
    response = client.get(PAGE, {"as_of": day.isoformat()})
    found = [said[key] for key in ("participants.states", "members.industry", "members.civil-society")]
    assert sums(response) == [*found, said["members.government"], said["certified"]]
    pillars = {"industry": "industry", "civil-society": "civil society", "government": "government"}
    for show, pillar in pillars.items():
        layer = client.get(PAGE, {"as_of": day.isoformat(), "show": show})
        for row, address, _cells in layer.context["rows"]:
            register = Register(Asked(day, pillar=pillar, country=row.code, category="member"))
            assert register.total == row.number(layer.context["layer"])
            assert client.get(address).context["register"].total == register.total


def test_what_each_layer_shows(client, association):
    shown = {show: client.get(PAGE, {"as_of": DAY, "show": show}) for show in ("participants", "industry", "nonsense")}
    assert drawn(shown["participants"]).keys() == {"CH"}
    assert table(shown["participants"]) == {"Switzerland": [date(2008, 9, 17)]}
    assert 'href="/members/switzerland/"' in body(shown["participants"])
    assert table(shown["industry"]) == {"Malta": [1, 0], "United Kingdom": [2, 1]}
    assert drawn(shown["nonsense"]).keys() == {"CH", "GB", "MT"}


def test_the_table_in_other_orders(client, association):
    def names(sort):
        return list(table(client.get(PAGE, {"as_of": DAY, "sort": sort})))

    assert names("industry") == ["United Kingdom", "Malta", "Switzerland"]
    assert names("since") == ["Switzerland", "Malta", "United Kingdom"]
    assert names("nonsense") == names("country") == ["Malta", "Switzerland", "United Kingdom"]
    assert 'aria-sort="descending"><a href="?as_of=2018-06-06&amp;sort=industry#table"' in body(
        client.get(PAGE, {"as_of": DAY, "sort": "industry"})
    )


def test_an_applicant_and_its_country_are_not_on_it(client, officer, association, secret_applicant):
    secret_applicant.country = "JP"
    secret_applicant.save()
    for browser in (client, officer):
        page = body(browser.get(PAGE, {"as_of": DAY}))
        assert "Japan" not in page
        assert 'id="world-JP"' not in page
        assert secret_applicant.name not in page


def test_as_known_today_and_as_known_then(client, secretariat, time_machine):
    source = {"source": "Sample letter", "by": secretariat}
    time_machine.move_to("2018-01-10T12:00:00+01:00", tick=False)
    made, state = (
        factories.CompanyFactory(name="Sample Mover"),
        factories.OrganisationFactory(name="Nowhere", code="JP"),
    )
    operations.record_membership(made, pillar="industry", valid_from=date(2018, 1, 1), **source)
    profile = operations.record_profile(
        made, headquarters="FR", environment="land", size="", works_in=[], valid_from=date(2018, 1, 1), **source
    )
    row = factories.ParticipationFactory(organisation=state, valid_from=date(2018, 1, 1))
    time_machine.move_to("2019-03-01T12:00:00+01:00", tick=False)
    operations.correct_profile(profile, headquarters="BE", **source)
    operations.correct_participation(row, valid_from=date(2019, 1, 1), valid_to=None, **source)
    query = {"as_of": DAY}
    assert drawn(client.get(PAGE, query)).keys() == {"BE"}
    then = client.get(PAGE, {**query, "known": "then"})
    assert drawn(then).keys() == {"FR", "JP"}
    assert "the register, which shows what is known today" in body(then)


def test_those_without_a_country_stand_last(client, association):
    for number in (1, 2):
        state = factories.OrganisationFactory(code=None, name=f"Sample Government {number}")
        factories.MembershipFactory(organisation=state, pillar="government")
        factories.ParticipationFactory(organisation=state)
    response = client.get(PAGE, {"as_of": DAY, "sort": "government"})
    assert list(table(response))[-1] == "No country on record"
    assert "2 participants" in body(response)
    assert sums(response)[3] == 3
    row, address, _cells = response.context["rows"][-1]
    assert client.get(address).context["register"].total == row.members == 2


@pytest.mark.parametrize("typed", ["yesterday", "<b>bold</b>", "9999-12-31"])
def test_a_day_that_is_none_is_said(client, association, typed):
    response = client.get(PAGE, {"as_of": typed})
    page = body(response)
    assert "The figures are those of today." in page
    assert "<b>bold</b>" not in page
    assert client.get(CSV, {"as_of": typed}).status_code == 400


def test_a_day_before_all_of_it_says_so(client, association):
    page = body(client.get(PAGE, {"as_of": "1990-01-01"}))
    assert "Nothing is recorded of this day" in page
    assert "<table" not in page
    assert "#table" not in page
    page = body(client.get(PAGE, {"as_of": "2009-01-01", "show": "government"}))
    assert "Nothing of this kind is recorded of this day" in page


def test_the_file_is_the_table(client, association):
    response = client.get(CSV, {"as_of": DAY, "sort": "industry"})
    assert response["Content-Disposition"] == 'attachment; filename="map-2018-06-06.csv"'
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Code", "Country", "Participant since", "Companies", "Civil society", "Governments", "Certified"],
        ["GB", "United Kingdom", "", "2", "1", "0", "1"],
        ["MT", "Malta", "", "1", "0", "0", "0"],
        ["CH", "Switzerland", "2008-09-17", "0", "0", "1", "0"],
    ]
    only = client.get(CSV, {"as_of": DAY, "show": "participants"}).content.decode("utf-8-sig")
    assert only.splitlines() == ["Code,Country,Participant since", "CH,Switzerland,2008-09-17"]


def test_the_same_number_of_queries_for_one_country_and_for_thirty(client):
    company("FR", "Sample First")
    address = f"{PAGE}?as_of={DAY}"
    one = queries(client, address)
    codes = [code for code in sorted(countries.countries) if code not in ("AQ", "BV")][:29]
    for number, code in enumerate(codes):
        company(code, f"Sample Company of {number}")
        factories.ParticipationFactory(organisation__code=code.lower(), organisation__country=code)
    assert queries(client, address) == one <= 12
