"""The public register: who is in it on a day, how it is searched, filtered, counted, sorted and paged, and for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.text import slugify

from icoca_portal.lib.days import today
from members import operations
from members.figures import figures
from members.models import Membership, Organisation, OtherName, Pillar, Size
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

LIST = "/members/"
CAST = ("visitor", "reader", "contributor", "focal_point", "chair", "director", "secretariat", "superuser")


def company(name, *, headquarters="CH", environment="land", **membership):
    """A member company with a profile since it joined."""
    row = factories.MembershipFactory(organisation__name=name, organisation__slug=slugify(name), **membership)
    factories.CompanyProfileFactory(
        organisation=row.organisation,
        headquarters=headquarters,
        environment=environment,
        size=Size.MEDIUM,
        valid_from=row.valid_from,
    )
    return row.organisation


def civil(name, country="IQ", since=date(2018, 4, 20), **membership):
    """A civil-society member."""
    return factories.MembershipFactory(
        organisation__name=name,
        organisation__slug=slugify(name),
        organisation__kind=Organisation.Kind.CIVIL_SOCIETY,
        organisation__country=country,
        pillar=Pillar.CIVIL_SOCIETY,
        valid_from=since,
        **membership,
    ).organisation


def government(name, code):
    """A government member whose country is known by its code alone."""
    return factories.MembershipFactory(
        organisation__name=name,
        organisation__slug=code,
        organisation__kind=Organisation.Kind.STATE,
        organisation__code=code,
        pillar=Pillar.GOVERNMENT,
        valid_from=date(2013, 9, 20),
    ).organisation


@pytest.fixture
def standards():
    return {code: factories.StandardFactory(code=code) for code in ("PSC.1", "ISO 18788")}


@pytest.fixture
def members(standards, secretariat):
    """Three companies (one certified, one under review), a civil-society organisation and a government."""
    harbour = company("Sample Harbour Guarding", headquarters="GB", environment="sea")
    highland = company("Sample Highland Protection", headquarters="CH", valid_from=date(2016, 3, 1))
    meridian = company("Sample Méridien Risque", headquarters="FR", environment="both", valid_from=date(2015, 5, 5))
    factories.CertificateFactory(
        organisation=harbour,
        standard=standards["PSC.1"],
        expires_on=today() + timedelta(days=100),
        valid_to=today() + timedelta(days=100),
    )
    review(meridian, standards["ISO 18788"], secretariat)
    civil("Sample Watch")
    government("Sampleland", "se")
    return {"harbour": harbour, "highland": highland, "meridian": meridian}


def review(organisation, standard, by, on=date(2017, 1, 10)):
    """An application for certification that is under review since a day."""
    application = operations.receive_application(
        organisation,
        kind="certification",
        pillar="industry",
        standard=standard,
        received_on=on - timedelta(days=9),
        source="Sample letter",
        by=by,
    )
    operations.begin_review(application, on=on, source="Sample letter", by=by)
    return application


def names(response):
    return [row.organisation.name for row in response.context["page_obj"]]


def asked(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return names(response)


def counts(response, name):
    """The choices of a filter as the page shows them."""
    return {choice.value: choice.count for choice in response.context["register"].choices[name]}


@pytest.mark.parametrize("who", CAST)
def test_everybody_reads_the_same_register(client_of, members, who):
    assert len(names(client_of(who).get(LIST))) == 5


def test_only_get_is_known(client):
    assert client.post(LIST).status_code == 405


def test_an_empty_register_says_what_it_waits_for(client):
    assert "as soon as the secretariat has recorded them" in client.get(LIST).content.decode()


def test_the_register_is_that_of_the_day(client, members):
    assert asked(client, as_of="2015-05-04") == ["Sample Harbour Guarding", "Sampleland"]
    assert "Sample Méridien Risque" in asked(client, as_of="2015-05-05")
    assert asked(client, as_of="2013-01-01") == []
    assert "had no members on 1 January 2013" in client.get(LIST, {"as_of": "2013-01-01"}).content.decode()


def test_a_membership_that_ended_is_in_the_register_of_its_days_alone(client):
    company("Sample Left", valid_to=date(2017, 1, 1))
    assert asked(client, as_of="2016-12-31") == ["Sample Left"]
    assert asked(client, as_of="2017-01-01") == []


def test_a_corrected_row_is_not_shown(client, secretariat):
    organisation = company("Sample Corrected")
    row = Membership.objects.get(organisation=organisation)
    operations.correct_membership(row, valid_from=date(2015, 1, 1), source="Sample letter", by=secretariat)
    assert asked(client, as_of="2014-06-01") == []
    assert asked(client) == ["Sample Corrected"]


@pytest.mark.parametrize("typed", ["yesterday", "2018-13-45", "0000-00-00", "' OR 1=1", "9" * 400, "2999-01-01"])
def test_what_is_no_day_that_has_come_is_said_and_today_is_shown(client, members, typed):
    response = client.get(LIST, {"as_of": typed})
    assert "The register is that of today" in response.content.decode()
    assert len(names(response)) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"pillar": "nobles"},
        {"country": "../etc"},
        {"region": "x" * 500},
        {"status": "\x00"},
        {"sort": "organisation__profiles__size"},
        {"page": "-1"},
        {"page": "9" * 40},
        {"works": "space", "category": "%"},
    ],
)
def test_what_is_no_choice_is_passed_over(client, members, query):
    assert len(asked(client, **query)) == 5


@pytest.mark.parametrize(("typed", "expected"), [("\x00", 5), ("'; DROP TABLE", 0), ("%", 0), ("_", 0), ("\\", 0)])
def test_signs_in_a_name_are_signs(client, members, typed, expected):
    assert len(asked(client, q=typed)) == expected


@pytest.mark.parametrize("typed", ["meridien", "MÉRIDIEN", "risque méri", "  Méridien   risque "])
def test_a_name_is_found_whatever_its_accents_its_case_and_the_order_of_its_words(client, members, typed):
    assert asked(client, q=typed) == ["Sample Méridien Risque"]


def test_another_name_is_found_and_shown(client, members):
    OtherName.objects.create(organisation=members["highland"], name="Sample Älpine Guards", kind="former")
    response = client.get(LIST, {"q": "alpine"})
    assert names(response) == ["Sample Highland Protection"]
    assert "formerly" in response.content.decode()
    assert "Sample Älpine Guards" in response.content.decode()
    assert "Sample Älpine Guards" not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"pillar": "industry"}, ["Sample Harbour Guarding", "Sample Highland Protection", "Sample Méridien Risque"]),
        ({"pillar": "civil society"}, ["Sample Watch"]),
        ({"country": "se"}, ["Sampleland"]),
        ({"country": "IQ"}, ["Sample Watch"]),
        ({"country": "CH"}, ["Sample Highland Protection"]),
        ({"region": "asia"}, ["Sample Watch"]),
        ({"region": "europe", "works": "land"}, ["Sample Highland Protection"]),
        ({"works": "sea"}, ["Sample Harbour Guarding"]),
        ({"works": "both"}, ["Sample Méridien Risque"]),
        ({"status": "certified"}, ["Sample Harbour Guarding"]),
        ({"status": "review"}, ["Sample Méridien Risque"]),
        ({"status": "neither", "pillar": "industry"}, ["Sample Highland Protection"]),
        ({"standard": "PSC.1"}, ["Sample Harbour Guarding"]),
        ({"standard": "ISO 18788"}, []),
        ({"standard": "no such"}, []),
        ({"category": "observer"}, []),
        ({"q": "sample h", "works": "sea"}, ["Sample Harbour Guarding"]),
    ],
)
def test_the_register_is_filtered(client, members, query, expected):
    assert asked(client, **query) == expected


def test_each_choice_has_its_count_under_the_other_filters(client, members):
    response = client.get(LIST, {"region": "europe", "works": "land"})
    assert counts(response, "works") == {"land": 1, "sea": 1, "both": 1}
    assert counts(response, "region") == {"europe": 1}
    assert counts(response, "country") == {"CH": 1}
    assert counts(response, "pillar") == {"industry": 1}
    response = client.get(LIST, {"pillar": "industry"})
    assert counts(response, "pillar") == {"government": 1, "industry": 3, "civil society": 1}
    assert counts(response, "status") == {"certified": 1, "review": 1, "neither": 1}
    assert counts(response, "standard") == {"PSC.1": 1}
    assert counts(client.get(LIST, {"pillar": "civil society"}), "standard") == {}
    assert counts(client.get(LIST, {"q": "harbour"}), "country") == {"GB": 1}
    assert ">Industry (3)<" in response.content.decode()


def test_a_chosen_filter_stays_to_be_seen_when_it_leaves_nobody(client, members):
    response = client.get(LIST, {"country": "NO", "standard": "none of ours"})
    assert counts(response, "country")["NO"] == 0
    assert counts(response, "standard")["none of ours"] == 0
    assert '<option value="NO" selected>Norway (0)</option>' in response.content.decode()
    assert "is of this choice" in response.content.decode()


def test_every_choice_leads_to_as_many_rows_as_it_says(client, members, standards, secretariat):
    """Whatever is chosen already."""
    company("Sample Both", environment="both", headquarters="KE")
    certified = company("Sample Certified Too", environment="both", headquarters="KE")
    factories.CertificateFactory(
        organisation=certified, standard=standards["ISO 18788"], expires_on=None, valid_to=None
    )
    review(certified, standards["PSC.1"], secretariat)
    civil("Sample Observer", category="observer", country="")
    for chosen in ({}, {"works": "both"}, {"region": "africa", "status": "certified"}, {"standard": "PSC.1"}):
        response = client.get(LIST, chosen)
        for name, choices in response.context["register"].choices.items():
            for choice in choices:
                assert len(asked(client, **{**chosen, name: choice.value})) == choice.count, (chosen, choice)


def test_affiliates_and_observers_are_counted_apart(client, members):
    civil("Sample Observer", category="observer")
    text = " ".join(client.get(LIST).content.decode().split())
    assert "5 members<br>1 observer<br>on" in text
    assert asked(client, category="observer") == ["Sample Observer"]


def test_a_certificate_counts_while_it_is_valid_and_its_company_a_member(client, members):
    assert asked(client, status="certified", as_of="2015-12-31") == []
    assert asked(client, status="certified", as_of="2016-01-01") == ["Sample Harbour Guarding"]


def test_an_application_counts_while_it_is_under_review(client, members):
    assert asked(client, status="review", as_of="2017-01-09") == []
    assert asked(client, status="review", as_of="2017-01-10") == ["Sample Méridien Risque"]


def test_the_profile_is_that_of_the_day(client, members, secretariat):
    operations.record_profile(
        members["highland"],
        headquarters="AE",
        environment="sea",
        valid_from=date(2018, 1, 1),
        source="Sample letter",
        by=secretariat,
    )
    assert asked(client, country="AE", as_of="2017-12-31") == []
    assert asked(client, country="AE", as_of="2018-01-01") == ["Sample Highland Protection"]
    assert "Sample Highland Protection" not in asked(client, country="CH")


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "Sample Harbour Guarding", "Sampleland"),
        ("-name", "Sampleland", "Sample Harbour Guarding"),
        ("since", "Sampleland", "Sample Watch"),
        ("-since", "Sample Watch", "Sampleland"),
        ("country", "Sample Méridien Risque", "Sample Harbour Guarding"),
        ("-country", "Sample Harbour Guarding", "Sample Méridien Risque"),
    ],
)
def test_the_register_is_sorted(client, members, sort, first, last):
    """France, Iraq, Sweden, Switzerland, United Kingdom."""
    found = asked(client, sort=sort)
    assert (found[0], found[-1]) == (first, last)


def test_accents_and_small_letters_have_their_place_in_the_alphabet(client):
    for name in ("Sample Zeta", "sample alpha", "Sample Émile"):
        civil(name)
    assert asked(client) == ["sample alpha", "Sample Émile", "Sample Zeta"]


def test_the_countries_are_sorted_in_the_language_of_the_reader(client):
    for code in ("DE", "US", "SE"):
        civil(f"Sample {code}", country=code)
    assert asked(client, sort="country") == ["Sample DE", "Sample SE", "Sample US"]
    client.cookies["django_language"] = "fr"
    assert asked(client, sort="country") == ["Sample DE", "Sample US", "Sample SE"]  # Allemagne, États-Unis, Suède


def test_twenty_five_on_a_page_and_an_address_that_says_all(client):
    for number in range(30):
        civil(f"Sample Paged {number:02}")
    first, second = client.get(LIST, {"q": "paged"}), client.get(LIST, {"q": "paged", "page": "2"})
    assert (len(names(first)), len(names(second))) == (25, 5)
    assert not set(names(first)) & set(names(second))
    assert 'href="/members/?q=paged&amp;page=2#register"' in first.content.decode()
    assert names(client.get(LIST, {"q": "paged", "page": "77"})) == names(second)


def test_the_figures_are_those_of_the_day_whatever_is_searched(client, members):
    shown = client.get(LIST, {"q": "nobody", "as_of": "2018-06-06"}).context["figures"]
    counted = {figure.key: figure.value for figure in figures(date(2018, 6, 6))}
    assert shown["companies"] == counted["members.industry"] == 3
    assert shown["civil_society"] == counted["members.civil-society"] == 1
    assert shown["governments"] == counted["members.government"] == 1
    assert shown["certified"] == counted["certified"] == 1
    assert shown["countries"] == counted["companies.countries"] == 3


def test_while_typing_only_what_was_found_is_sent_and_the_address_is_kept(client, members):
    response = client.get(LIST, {"q": "harbour", "pillar": "", "sort": "name"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "<html" not in text
    assert "Sample Harbour Guarding" in text
    assert 'id="f-q"' not in text  # nobody's typing is overwritten
    assert 'id="f-country"' in text
    assert response["HX-Replace-Url"] == "/members/?q=harbour"
    assert "HX-Request" in response["Vary"]


def test_going_back_in_the_browser_gives_the_whole_page(client, members):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(LIST, {"q": "harbour"}, headers=headers).content.decode()


@pytest.mark.usefixtures("secret_applicant")
def test_no_revenue_no_source_and_no_applicant_stands_in_it(client_of, members):
    for who in ("visitor", "focal_point", "secretariat", "superuser"):
        for query in ({}, {"q": "secret"}, {"status": "review"}, {"as_of": "2018-06-06"}):
            text = client_of(who).get(LIST, query).content.decode()
            text = text[text.index("<main") : text.index("</main")]
            for secret in ("Secret Applicant", "Sample secret", "Sample source", "edium", "USD"):
                assert secret not in text, (who, query, secret)


def test_one_row_and_thirty_take_the_same_queries(client, client_of, standards, secretariat):
    def more(numbers):
        for number in numbers:
            organisation = company(f"Sample Counted {number}", headquarters=("CH", "FR", "GB")[number % 3])
            OtherName.objects.create(organisation=organisation, name=f"Sample Other {number}", kind="short")
            factories.CertificateFactory(
                organisation=organisation, standard=standards["PSC.1"], valid_to=None, expires_on=None
            )
            review(organisation, standards["ISO 18788"], secretariat)

    addresses = [LIST, f"{LIST}?q=other&country=CH&standard=PSC.1&sort=-country"]
    more([0])
    one = [queries(client_of(who), address) for who in ("visitor", "secretariat") for address in addresses]
    more(range(1, 30))
    thirty = [queries(client_of(who), address) for who in ("visitor", "secretariat") for address in addresses]
    assert one == thirty
    assert max(thirty) <= 12


def test_the_participants_and_the_members_lead_to_each_other(client):
    assert reverse("members:list_participants") in client.get(LIST).content.decode()
    assert f'href="{LIST}"' in client.get("/members/participants/").content.decode()
