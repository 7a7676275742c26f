"""read_statistics, read_figure, export_statistics: the figures of any day, and the organisations behind them."""

import csv
import io
import json
from datetime import date

import pytest
from django.utils import translation
from django.utils.html import escape

from members import operations
from members.models import Application, ApplicationStatus, Membership
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

PAGE, CSV, JSON = "/members/statistics/", "/members/statistics.csv", "/members/statistics.json"
DAY, QUERY = date(2018, 6, 6), {"as_of": "2018-06-06"}


def body(response):
    return response.content.decode()


def main(response):
    """The four main numbers."""
    return [each.number for each in response.context["shown"].main]


def bars(response, caption):
    """A chart of the page, as label and number."""
    chart = next(chart for chart in response.context["shown"].charts if chart.caption == caption)
    return [(row.label, row.shown) for row in chart.rows]


def company(**profile):
    """A member company with a profile; of its revenue nothing is known, unless a size is given."""
    name = profile.pop("name", None)
    profile = {"size": "", **profile}
    made = factories.CompanyFactory(**({"name": name} if name else {}))
    factories.MembershipFactory(organisation=made)
    factories.CompanyProfileFactory(organisation=made, **profile)
    return made


def review(organisation, kind=Application.Kind.MEMBERSHIP, since=date(2018, 1, 1)):
    """An application under review."""
    standard = factories.StandardFactory() if kind == Application.Kind.CERTIFICATION else None
    application = Application.objects.create(organisation=organisation, kind=kind, pillar="industry", standard=standard)
    ApplicationStatus.objects.create(application=application, state="under review", valid_from=since, source="Sample")
    return application


@pytest.fixture
def association(delegation):
    """Four companies, one certified; a society, a government, two applications, a director."""
    companies = [company(name=f"Sample Guard {letter}") for letter in "ABC"]
    companies.append(company(name="Sample Ship", environment="sea", headquarters="NO"))
    factories.CertificateFactory(organisation=companies[0])
    society = factories.CompanyFactory(name="Sample Watch", kind="civil society")
    factories.MembershipFactory(organisation=society, pillar="civil society")
    factories.MembershipFactory(organisation=delegation.organisation, pillar="government")
    review(factories.CompanyFactory(name="Sample Applicant"))
    review(companies[1], Application.Kind.CERTIFICATION)
    factories.DirectorshipFactory(user=None)
    return companies


@pytest.fixture
def sized():
    """Companies whose revenue is known: three or more of each size."""
    for size, number in (("small", 4), ("medium", 3), ("large", 3)):
        for place in range(number):
            company(name=f"Sample {size} {place}", size=size)


# The page of a day


def test_the_figures_of_the_day_asked_for(client, association):
    response = client.get(PAGE, QUERY)
    assert main(response) == ["4", "1", "1", "1"]
    assert bars(response, "Where the 4 companies work") == [
        ("On land", "3"), ("At sea", "1"), ("On land and at sea", "0")
    ]  # fmt: skip
    assert bars(response, "Applications under review") == [("Membership", "1"), ("Certification", "1")]
    assert bars(response, "Members by pillar") == [("Industry", "4"), ("Civil society", "1"), ("Government", "1")]
    assert bars(response, "Certified companies by standard") == [("PSC.1", "1")]
    assert bars(response, "Participants by region") == [("Europe", "1")]
    assert bars(response, "Board of Directors by pillar") == [
        ("Government", "1"), ("Industry", "0"), ("Civil society", "0")
    ]  # fmt: skip
    page = body(response)
    assert "in 2 countries" in page
    assert "On 6 June 2018, 3 of the member companies operated on land, 1 at sea and 0 in both environments." in page


def test_a_day_before_all_of_it_says_so(client, association):
    response = client.get(PAGE, {"as_of": "2001-01-01"})
    assert main(response) == ["0", "0", "0", "0"]
    assert "Nothing is recorded of this day" in body(response)
    assert "Nothing is recorded" not in body(client.get(PAGE, QUERY))


@pytest.mark.parametrize("typed", ["yesterday", "2018-13-45", "' OR 1=1", "<b>bold</b>", "9" * 400])
def test_what_is_no_date_is_said_and_kept(client, association, typed):
    response = client.get(PAGE, {"as_of": typed, "known": "then", "with": "2017-06-06"})
    page = body(response)
    assert response.status_code == 200
    assert "Enter a valid date. The figures are those of today." in page
    assert f"<bdi>{escape(typed[:40])}</bdi>: Enter a valid date." in page
    assert 'value="2017-06-06"' in page
    assert "<b>bold</b>" not in page


def test_a_day_to_come_is_refused(client, association, time_machine):
    time_machine.move_to("2018-06-06T12:00:00+02:00", tick=False)
    factories.MembershipFactory(valid_from=date(2018, 6, 7))
    response = client.get(PAGE, {"as_of": "2018-06-07"})
    assert "7 June 2018 is a day to come" in body(response)
    assert main(response)[0] == "4"
    assert response.context["day"] == DAY
    response = client.get(PAGE, {"as_of": "2018-06-06", "with": "2018-06-07"})
    assert "Nothing is compared." in body(response)
    assert "comparison" not in response.context
    assert "a day to come" not in body(client.get(PAGE, QUERY))


def test_a_strange_word_for_what_is_known_means_today(client, association):
    assert main(client.get(PAGE, {**QUERY, "known": "never"})) == ["4", "1", "1", "1"]


def test_as_known_today_and_as_known_then(client, secretariat, time_machine):
    time_machine.move_to("2018-01-10T12:00:00+01:00", tick=False)
    made = [factories.CompanyFactory() for _ in range(3)]
    early, wrong, late = made
    operations.record_membership(early, pillar="industry", valid_from=date(2018, 1, 1), source="Sample", by=secretariat)
    row = operations.record_membership(
        wrong, pillar="industry", valid_from=date(2018, 1, 1), source="Sample", by=secretariat
    )
    time_machine.move_to("2019-03-01T12:00:00+01:00", tick=False)
    operations.correct_membership(row, valid_from=date(2018, 9, 1), source="Sample letter", by=secretariat)
    operations.record_membership(late, pillar="industry", valid_from=date(2018, 2, 1), source="Sample", by=secretariat)
    assert main(client.get(PAGE, {**QUERY, "known": "then"}))[0] == "2"
    assert main(client.get(PAGE, QUERY))[0] == "2"
    address = f"{PAGE}members.industry/"
    then = body(client.get(address, {**QUERY, "known": "then"}))
    today = body(client.get(address, QUERY))
    assert (wrong.name in then, late.name in then) == (True, False)
    assert (wrong.name in today, late.name in today) == (False, True)
    response = client.get(PAGE, {"as_of": "2018-01-09", "known": "then"})
    assert main(response)[0] == "0"
    assert "the portal knew nothing of it" in body(response)


def test_sizes_that_few_companies_have_are_left_out(client):
    for size, number in (("small", 12), ("medium", 4), ("large", 1)):
        for _ in range(number):
            company(size=size)
    response = client.get(PAGE, QUERY)
    shown = bars(response, "Companies by revenue")
    assert [label.split(":")[0] for label, _ in shown] == ["Small", "Medium", "Large"]
    assert ("Large", "left out") in [(label.split(":")[0], number) for label, number in shown]
    assert len([number for _, number in shown if number == "left out"]) == 2
    assert "A size by revenue that fewer than 3 companies have is left out" in body(response)
    keys = {row["key"] for row in json.loads(client.get(JSON, QUERY).content)["figures"]}
    assert "companies.large" not in keys
    for address in (f"{PAGE}companies.large/", f"{PAGE}companies.medium/"):
        assert client.get(address, QUERY).status_code == 404


def test_the_edges_of_the_sizes_are_those_of_the_day(client, secretariat):
    for _ in range(3):
        company(size="small")
    operations.record_revenue_band(
        size="small", lower=0, upper=20, valid_from=date(2014, 1, 1), source="Sample", by=secretariat
    )
    operations.record_revenue_band(
        size="small", lower=0, upper=50, valid_from=date(2019, 1, 1), source="Sample", by=secretariat
    )
    assert "Small: 0–20 million USD" in body(client.get(PAGE, QUERY))
    assert "Small: 0–50 million USD" in body(client.get(PAGE, {"as_of": "2019-01-01"}))


def test_a_french_page_has_french_figures(client, association):
    with translation.override("fr"):
        page = body(client.get(PAGE, QUERY, headers={"accept-language": "fr"}))
    assert '<html lang="fr"' in page
    assert "6 juin 2018" in page
    assert "6 June 2018" not in page


@pytest.mark.parametrize("who", ["visitor", "reader", "focal_point", "chair", "director", "secretariat", "superuser"])
def test_the_page_takes_the_same_queries_for_1_and_30(client_of, association, who):
    client = client_of(who)
    addresses = [f"{PAGE}?as_of=2018-06-06&with=2015-06-06&known=then", f"{PAGE}members.industry/?as_of=2018-06-06"]
    one = [queries(client, address) for address in addresses]
    for _ in range(29):
        made = company()
        factories.CertificateFactory(organisation=made)
    assert [queries(client, address) for address in addresses] == one
    assert max(one) <= 12


# Behind a figure


def names(response):
    return [row.name for row in response.context["page_obj"]]


def test_the_organisations_behind_a_figure(client, association):
    response = client.get(f"{PAGE}companies.sea/", QUERY)
    assert names(response) == ["Sample Ship"]
    page = body(response)
    assert "On 6 June 2018, 1 member company operated at sea only." in page
    assert "Norway" in page
    assert "1 January 2014" in page
    assert names(client.get(f"{PAGE}certified.PSC.1/", QUERY)) == ["Sample Guard A"]
    assert names(client.get(f"{PAGE}members.civil-society/", QUERY)) == ["Sample Watch"]
    assert names(client.get(f"{PAGE}participants.europe/", QUERY)) == ["Switzerland"]
    assert "17 September 2008" in body(client.get(f"{PAGE}participants/", QUERY))


def test_each_figure_leads_to_its_organisations(client, association):
    page = body(client.get(PAGE, {**QUERY, "known": "then"}))
    assert f'href="{PAGE}members.industry/?as_of=2018-06-06&amp;known=then"' not in page
    page = body(client.get(PAGE, QUERY))
    assert f'href="{PAGE}members.industry/?as_of=2018-06-06"' in page
    assert f'href="{PAGE}companies.both/' not in page


@pytest.mark.parametrize("who", ["visitor", "focal_point", "chair", "director"])
def test_who_applied_and_who_is_small_is_the_secretariats(client_of, association, sized, who):
    client = client_of(who)
    for key in ("applications.membership", "applications.certification", "companies.small"):
        assert client.get(f"{PAGE}{key}/", QUERY).status_code == 404
        assert f"{PAGE}{key}/" not in body(client.get(PAGE, QUERY))


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_the_secretariat_sees_who_applied_and_who_is_small(client_of, association, sized, who):
    client = client_of(who)
    page = body(client.get(PAGE, QUERY))
    for key, expected in (
        ("applications.membership", ["Sample Applicant"]),
        ("applications.certification", ["Sample Guard B"]),
        ("companies.small", [f"Sample small {place}" for place in range(4)]),
    ):
        response = client.get(f"{PAGE}{key}/", QUERY)
        assert names(response) == expected
        assert "Secretariat" in body(response)
        assert f"{PAGE}{key}/" in page


@pytest.mark.parametrize("key", ["nothing", "members.nobody", "delegations", "board", "certified.ISO/IEC 1"])
def test_a_figure_that_is_none_or_has_no_organisations_is_not_found(client, association, key):
    assert client.get(f"{PAGE}{key}/", QUERY).status_code == 404


def test_a_standard_with_a_stroke_in_its_name_is_found(client, association):
    factories.CertificateFactory(organisation=association[2], standard=factories.StandardFactory(code="ISO/IEC 1"))
    assert names(client.get(f"{PAGE}certified.ISO/IEC 1/", QUERY)) == ["Sample Guard C"]


def test_what_was_taken_back_altogether_is_counted_then_and_not_named(client, client_of, secretariat, time_machine):
    time_machine.move_to("2018-01-10T12:00:00+01:00", tick=False)
    made = factories.CompanyFactory(name="Sample Mistake")
    operations.record_membership(made, pillar="industry", valid_from=date(2018, 1, 1), source="Sample", by=secretariat)
    time_machine.move_to("2019-03-01T12:00:00+01:00", tick=False)
    Membership.objects.filter(organisation=made).update(superseded_at="2018-12-01T00:00:00Z")
    address, query = f"{PAGE}members.industry/", {**QUERY, "known": "then"}
    page = body(client.get(address, query))
    assert "Sample Mistake" not in page
    assert "1 organisation behind this figure is not public" in page
    assert "Sample Mistake" in body(client_of("secretariat").get(address, query))


def test_a_long_list_has_pages(client):
    for _ in range(51):
        company()
    response = client.get(f"{PAGE}members.industry/", QUERY)
    assert len(names(response)) == 50
    page = body(response)
    assert "Page 1 of 2" in page
    assert "?as_of=2018-06-06&amp;page=2" in page
    assert len(names(client.get(f"{PAGE}members.industry/", {**QUERY, "page": "2"}))) == 1
    assert len(names(client.get(f"{PAGE}members.industry/", {**QUERY, "page": "no number"}))) == 50


# Two days


def test_two_days_beside_each_other(client, association):
    joined = company(name="Sample Joined")
    Membership.objects.filter(organisation=joined).update(valid_from=date(2018, 3, 1))
    left = factories.CompanyFactory(name="Sample Left")
    factories.MembershipFactory(organisation=left, valid_to=date(2018, 2, 1))
    second = factories.CompanyFactory(name="Sample Left Too")
    factories.MembershipFactory(organisation=second, valid_to=date(2018, 2, 1))
    response = client.get(PAGE, {**QUERY, "with": "2017-06-06"})
    rows = {row.figure.key: row for row in response.context["comparison"]["rows"]}
    row = rows["members.industry"]
    assert (row.earlier, row.later, row.difference, row.signed) == ("6", "5", -1, "\N{MINUS SIGN}1")
    assert (rows["applications.membership"].earlier, rows["applications.membership"].signed) == ("0", "+1")
    assert rows["participants"].signed == "0"
    (movement,) = response.context["comparison"]["movements"]
    assert [each["name"] for each in movement.joined.organisations] == ["Sample Joined"]
    assert [each["name"] for each in movement.left.organisations] == ["Sample Left", "Sample Left Too"]
    page = body(response)
    assert "1 joined" in page
    assert "2 left" in page


def test_the_earlier_day_comes_first_however_it_is_asked(client, association):
    response = client.get(PAGE, {"as_of": "2017-06-06", "with": "2018-06-06"})
    assert (response.context["comparison"]["earlier"], response.context["comparison"]["later"]) == (
        date(2017, 6, 6),
        DAY,
    )
    assert response.context["day"] == date(2017, 6, 6)


def test_a_standard_or_region_of_one_day_is_0_on_the_other_and_a_size_is_left_out(client, association, sized):
    factories.ParticipationFactory(organisation__code="NZ", valid_from=date(2018, 1, 1))
    response = client.get(PAGE, {**QUERY, "with": "2013-06-06"})
    rows = {row.figure.key: (row.earlier, row.later, row.difference) for row in response.context["comparison"]["rows"]}
    assert rows["certified.PSC.1"] == ("0", "1", 1)
    assert rows["participants.oceania"] == ("0", "1", 1)
    assert rows["companies.small"] == (None, "40\N{NO-BREAK SPACE}%", None)
    assert "left out" in body(response)


@pytest.mark.parametrize(("joined", "shown"), [(1, False), (2, False), (3, True)])
def test_what_one_company_moved_is_not_told_by_two_days_beside_each_other(client, sized, joined, shown):
    """Of a single company that joins between two days, the move of a share would tell the size."""
    for number in range(joined):
        made = factories.CompanyFactory()
        factories.MembershipFactory(organisation=made, valid_from=date(2018, 1, 1))
        if number:  # it changed its size, or joined
            factories.CompanyProfileFactory(organisation=made, size="large", valid_from=date(2018, 1, 1))
        else:
            factories.CompanyProfileFactory(organisation=made, size="small")
    both = {**QUERY, "with": "2017-06-06"}
    response = client.get(PAGE, both)
    rows = {row.figure.key: row for row in response.context["comparison"]["rows"]}
    assert (rows["companies.small"].difference is not None) is shown
    assert (rows["companies.small"].earlier is not None) is shown
    assert ("companies joined, left or changed their size" in body(response)) is not shown
    for address in (CSV, JSON):
        assert (body(client.get(address, both)).count("companies.small") == 2) is shown
        # Of one day alone nothing is left out.
        assert "companies.small" in body(client.get(address, QUERY))


def test_nobody_who_moved_hides_nothing(client, sized):
    response = client.get(PAGE, {**QUERY, "with": "2017-06-06"})
    rows = {row.figure.key: row for row in response.context["comparison"]["rows"]}
    assert rows["companies.small"].difference == 0


def test_two_days_alike_say_so(client, association):
    assert "The same organisations were members on both days." in body(
        client.get(PAGE, {**QUERY, "with": "2018-06-05"})
    )


def test_of_many_who_joined_fifty_are_named(client):
    for number in range(53):
        factories.MembershipFactory(organisation__name=f"Sample Many {number:02}")
    response = client.get(PAGE, {**QUERY, "with": "2010-01-01"})
    (movement,) = response.context["comparison"]["movements"]
    assert (movement.joined.number, len(movement.joined.organisations), movement.joined.more) == (53, 50, 3)
    assert "and 3 more" in body(response)
    assert "Sample Many 49" in body(response)
    assert "Sample Many 50" not in body(response)


def test_a_change_of_pillar_is_no_joining(client):
    made = factories.CompanyFactory()
    factories.MembershipFactory(organisation=made, valid_to=date(2018, 1, 1))
    factories.MembershipFactory(organisation=made, pillar="civil society", valid_from=date(2018, 1, 1))
    response = client.get(PAGE, {**QUERY, "with": "2017-06-06"})
    assert response.context["comparison"]["movements"] == []


# Files


def test_the_csv_has_every_figure(client, association, sized):
    response = client.get(CSV, {**QUERY, "known": "then"})
    assert response["Content-Disposition"] == 'attachment; filename="statistics-2018-06-06.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert list(rows[0]) == ["key", "label", "value", "unit", "sentence", "as_of", "known"]
    assert {(row["as_of"], row["known"]) for row in rows} == {("2018-06-06", "then")}
    found = {row["key"]: row for row in csv.DictReader(io.StringIO(client.get(CSV, QUERY).content.decode("utf-8-sig")))}
    assert found["members.industry"]["value"] == "14"
    assert found["companies.small"]["unit"] == "%"
    assert found["certified"]["sentence"] == "On 6 June 2018, 1 member company was certified."
    assert found["certified"]["known"] == "today"


def test_the_json_is_the_csv(client, association):
    response = client.get(JSON, {**QUERY, "with": "2017-06-06"})
    assert response["Content-Type"] == "application/json"
    content = json.loads(response.content)["figures"]
    rows = csv.DictReader(io.StringIO(client.get(CSV, {**QUERY, "with": "2017-06-06"}).content.decode("utf-8-sig")))
    assert [{**row, "value": str(row["value"])} for row in content] == list(rows)
    assert {row["as_of"] for row in content} == {"2018-06-06", "2017-06-06"}


@pytest.mark.parametrize("path", [CSV, JSON])
@pytest.mark.parametrize("typed", ["yesterday", "9999-12-31"])
def test_no_file_of_a_day_that_is_none(client, path, typed):
    response = client.get(path, {"as_of": typed})
    assert response.status_code == 400
    assert "Content-Disposition" not in response


@pytest.mark.parametrize("path", [PAGE, CSV, JSON, f"{PAGE}members/", f"{PAGE}over-time/"])
def test_statistics_are_only_read(client, path):
    assert client.post(path).status_code == 405
