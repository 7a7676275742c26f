"""The public register for programs: the same facts as on the pages, the same for everybody, and good manners."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from icoca_portal.lib.days import today
from icoca_portal.lib.limits import Limit
from members import operations
from members.api import shapes
from members.api.description import description
from members.models import CompanyProfile, OtherName, Pillar, Size
from tests import factories

pytestmark = pytest.mark.django_db

API = "/members/api/v1/"
CAST = ("visitor", "focal_point", "inactive", "director", "secretariat", "superuser")


def read(client, path="", expected=200, **query):
    response = client.get(API + path, query)
    assert response.status_code == expected, response.content
    return json.loads(response.content)


def parameters(problem):
    """The parameters that a problem is about."""
    return [error["parameter"] for error in problem["errors"]]


@pytest.fixture
def members(secretariat):
    """A certified company under review for another standard, with a past; one more; a civil-society organisation."""
    harbour = factories.MembershipFactory(
        organisation__name="Sample Harbour Guarding", organisation__slug="harbour"
    ).organisation
    highland = factories.MembershipFactory(
        organisation__name="Sample Highland Protection", organisation__slug="highland", valid_from=date(2016, 3, 1)
    ).organisation
    factories.CompanyProfileFactory(organisation=harbour, works_in="KE,IQ", size=Size.MEDIUM)
    factories.CompanyProfileFactory(organisation=highland, environment="both", size=Size.MEDIUM)
    factories.CertificateFactory(organisation=harbour, expires_on=None, valid_to=None, number="S-1")
    OtherName.objects.create(organisation=harbour, name="Sample Port Watch", kind="former", until=date(2015, 1, 1))
    application = operations.receive_application(
        harbour,
        kind="certification",
        pillar="industry",
        standard=factories.StandardFactory(code="ISO 18788"),
        received_on=date(2017, 1, 1),
        source="Sample secret",
        by=secretariat,
    )
    operations.begin_review(application, on=date(2017, 2, 1), source="Sample secret", by=secretariat)
    factories.MembershipFactory(
        organisation__name="Sample Méridien Watch",
        organisation__slug="watch",
        organisation__kind="civil society",
        organisation__country="IQ",
        pillar=Pillar.CIVIL_SOCIETY,
        valid_from=date(2018, 4, 20),
    )
    factories.ParticipationFactory(
        organisation__name="Sampleland", organisation__slug="sampleland", organisation__code="se"
    )
    return {"harbour": harbour, "highland": highland}


# What is answered


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"as_of": "2018-04-19"},
        {"q": "méridien"},
        {"q": "port watch"},
        {"status": "certified", "standard": "PSC.1", "sort": "-since"},
        {"region": "asia", "category": "member"},
        {"country": "CH", "works": "both"},
    ],
)
def test_the_members_are_those_of_the_page_and_of_the_file(client, members, query):
    page = client.get("/members/", query).context["page_obj"]
    file = json.loads(b"".join(client.get("/members/members.json", query).streaming_content))["members"]
    found = read(client, "members", **query)
    assert [row["name"] for row in found["members"]] == [row.organisation.name for row in page]
    assert found["count"] == len(file) > 0
    assert [
        {name: each for name, each in row.items() if name not in ("slug", "url")} for row in found["members"]
    ] == file


def test_pages_lead_to_each_other_and_hold_everybody_once(client):
    for _number in range(7):
        factories.MembershipFactory()
    found, address = [], "members?per_page=3&sort=-since"
    pages = []
    while address:
        page = read(client, address)
        pages.append((page["page"], page["pages"], page["count"]))
        found += [row["slug"] for row in page["members"]]
        address = (page["next"] or "").partition(API)[2]
    assert pages == [(1, 3, 7), (2, 3, 7), (3, 3, 7)]
    assert len(set(found)) == len(found) == 7
    assert page["previous"].endswith("sort=-since&page=2&per_page=3")
    assert parameters(read(client, "members", 404, per_page=3, page=4)) == ["page"]
    assert read(client, "members", q="nobody of this name")["pages"] == 1


def test_an_organisation_is_what_its_page_shows(client, members):
    found = read(client, "members/harbour")
    assert found["standing"] == client.get("/members/harbour/").context["entry"].standing
    assert (found["country"], found["region"], found["since"]) == ("CH", "europe", "2014-01-01")
    assert found["under_review"] is True
    assert found["other_names"] == [{"name": "Sample Port Watch", "kind": "former", "until": "2015-01-01"}]
    assert found["memberships"] == [
        {"valid_from": "2014-01-01", "valid_to": None, "pillar": "industry", "category": "member"}
    ]
    [certificate] = found["certificates"]
    assert (certificate["standard"], certificate["number"], certificate["state"]) == ("PSC.1", "S-1", "valid")
    assert found["profiles"][0]["countries_of_operation"] == ["IQ", "KE"]
    assert read(client, "members/harbour", language="fr")["standing"].startswith("Membre depuis")
    assert read(client, "members/sampleland")["participations"] == [{"valid_from": "2008-09-17", "valid_to": None}]
    assert read(client, "members/sampleland")["country"] == "SE"


def test_a_change_of_the_revenue_alone_leaves_no_trace(client, members, secretariat):
    known = {"source": "Sample letter", "by": secretariat, "works_in": ["IQ", "KE"]}
    for day, size, environment in ((date(2015, 1, 1), "large", "land"), (date(2017, 1, 1), "small", "sea")):
        operations.record_profile(
            members["harbour"], headquarters="CH", environment=environment, size=size, valid_from=day, **known
        )
    assert CompanyProfile.objects.filter(organisation=members["harbour"], superseded_at=None).count() == 3
    found = read(client, "members/harbour")["profiles"]
    assert [(row["works"], row["valid_from"], row["valid_to"]) for row in found] == [
        ("land", "2014-01-01", "2017-01-01"),
        ("sea", "2017-01-01", None),
    ]


def test_what_is_still_to_come_is_not_said(client):
    """Who will leave is not known before the day, and who will join is not there at all."""
    tomorrow = today() + timedelta(days=1)
    leaving = factories.MembershipFactory(valid_to=tomorrow).organisation
    joining = factories.MembershipFactory(valid_from=tomorrow).organisation
    assert read(client, f"members/{leaving.slug}")["memberships"][0]["valid_to"] is None
    read(client, f"members/{joining.slug}", 404)
    assert parameters(read(client, "members", 404, as_of=tomorrow.isoformat())) == ["as_of"]


def test_participants_and_figures_are_those_of_their_pages(client, members):
    shown = client.get("/members/participants/", {"as_of": "2018-06-06"}).context["participations"]
    found = read(client, "participants", as_of="2018-06-06")
    assert [row["name"] for row in found["participants"]] == [row.organisation.name for row in shown]
    assert found["count"] == 1
    assert read(client, "participants", region="africa")["count"] == 0
    assert read(client, "participants", q="SAMPLEL", kind="state", region="europe")["count"] == 1
    for query in ({"as_of": "2018-06-06"}, {"as_of": "2018-06-06", "known": "then"}):
        file = json.loads(client.get("/members/statistics.json", query).content)["figures"]
        figures = read(client, "figures", **query)["figures"]
        keys = ("key", "label", "value", "unit", "sentence")
        assert [[row[key] for key in keys] for row in figures] == [[row[key] for key in keys] for row in file]
    by_key = {row["key"]: row for row in read(client, "figures", as_of="2018-06-06")["figures"]}
    assert client.get(by_key["members"]["page"].partition("testserver")[2]).status_code == 200
    assert by_key["applications.certification"]["page"] is None
    [members_chart] = [row for row in read(client, "figures/over-time")["charts"] if row["key"] == "members"]
    assert {row["key"]: row["values"][-1] for row in members_chart["series"]} == {
        "industry": 2, "civil society": 1, "government": 0,
    }  # fmt: skip


def test_keys_are_named_in_both_languages(client, members):
    assert {"code": "CH", "names": {"en": "Switzerland", "fr": "Suisse"}, "region": "europe"} in read(
        client, "countries"
    )["countries"]
    assert {"key": "sea", "labels": {"en": "At sea", "fr": "En mer"}} in read(client, "terms")["terms"]["works"]
    assert [row["code"] for row in read(client, "standards")["standards"]] == [
        "ISO 18788", "ISO 28007", "PSC.1",
    ]  # fmt: skip


# What is not answered


ADDRESSES = (
    "",
    "members",
    "members/harbour",
    "participants",
    "figures",
    "figures/over-time",
    "standards",
    "openapi.json",
)


@pytest.mark.usefixtures("secret_applicant")
def test_it_is_the_same_for_everybody_and_holds_nothing_that_is_not_public(client_of, members):
    said = {}
    for who, client in {who: client_of(who) for who in CAST}.items():
        client.cookies["django_language"] = "fr"
        with CaptureQueriesContext(connection) as captured:
            said[who] = [
                client.get(API + path, headers={"Accept-Language": "fr"}).content.decode() for path in ADDRESSES
            ]
        assert not any("session" in query["sql"] for query in captured)
    assert all(answers == said["visitor"] for answers in said.values())
    for secret in ("ecret", "Sample source", "Sample letter", '"size"', "edium", "recorded", '"source"'):
        assert secret not in "".join(said["visitor"][:-1]), secret


def test_applicants_and_certification_bodies_have_no_page_here(client_of, secret_applicant, members):
    for organisation in (secret_applicant, factories.CertificationBodyFactory()):
        assert parameters(read(client_of("secretariat"), f"members/{organisation.slug}", 404)) == ["slug"]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("members", "as_of=abc", ["as_of"]),
        ("members", "as_of=0000-01-01", ["as_of"]),
        ("members", "as_of=-001-01-01", ["as_of"]),
        ("members", "as_of=2018-02-30", ["as_of"]),
        ("members", "as_of=1528243200", ["as_of"]),
        ("members", "as_of=2018-06-06T00:00:00", ["as_of"]),
        ("members", "as_of=", ["as_of"]),
        ("members", "q=a%00b", ["q"]),
        ("members", "q=" + "a" * 101, ["q"]),
        ("members", "page=0", ["page"]),
        ("members", "page=1.0", ["page"]),
        ("members", "page=99999999999999999999", ["page"]),
        ("members", "page=%D9%A1&per_page=101", ["page", "per_page"]),
        ("members", "country=ch&pillar=Industry", ["pillar", "country"]),
        ("members", "pilar=industry", ["pilar"]),
        ("members", "pillar=industry&pillar=government", ["pillar"]),
        ("members/harbour", "as_of=2018-06-06", ["as_of"]),
        ("figures", "known=yesterday&language=de", ["known", "language"]),
        ("participants", "kind=company", ["kind"]),
        ("standards", "q=a", ["q"]),
        ("openapi.json", "v=2", ["v"]),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(client, path, query, expected):
    response = client.get(f"{API}{path}?{query}")
    problem = json.loads(response.content)
    assert (response.status_code, problem["status"]) == (422, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert sorted(parameters(problem)) == sorted(expected)
    assert all(error["message"].endswith(".") for error in problem["errors"])


@pytest.mark.parametrize("path", ["nothing", "members/", "members/no/body", "members/%00", "members/a%0Ab", "é"])
def test_an_unknown_address_is_a_problem_too(client, path):
    response = client.get(API + path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "/members/api/v1/" in json.loads(response.content)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(method):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}members")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert json.loads(response.content)["detail"] == "The register is read only: use GET."


def test_of_many_wrong_parameters_the_first_are_named(client):
    response = client.get(f"{API}members?" + "&".join(f"p{number}" for number in range(500)))
    assert parameters(json.loads(response.content)) == [f"p{number}" for number in range(10)]


def test_too_many_parameters_are_a_problem_and_no_page(client):
    response = client.get(f"{API}members?" + "&".join(f"p{number}=1" for number in range(6000)))
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_a_fault_of_ours_is_a_problem_with_a_code(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("members.api.resources.terms_content", lambda: 1 / 0)
    response = client.get(f"{API}terms")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response["X-Request-Id"] in json.loads(response.content)["detail"]


# Manners


def test_what_has_not_changed_is_not_sent_again(client, members):
    first = client.get(f"{API}members")
    assert first["Cache-Control"] == "public, max-age=60"
    for tag in (first["ETag"], f'"other", W/{first["ETag"]}', "*"):
        again = client.get(f"{API}members", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Access-Control-Allow-Origin"]) == (first["ETag"], "*")
    factories.MembershipFactory()
    changed = client.get(f"{API}members", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert read(client, "nothing", 404)
    assert client.get(f"{API}nothing")["Cache-Control"] == "no-store"


def test_any_cache_and_any_page_may_read_it(client_of, members):
    client = client_of("secretariat")
    for path in (*ADDRESSES, "nothing", "members?as_of=abc"):
        response = client.get(API + path, headers={"Origin": "https://other.example"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Vary" not in response
        assert "Content-Language" not in response
        assert not response.cookies
        assert response["Content-Length"] == str(len(response.content))
    asked = client.options(f"{API}members", headers={"Access-Control-Request-Headers": "if-none-match"})
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    # Cookies of the portal stand: its pages know the reader as before.
    assert client.get("/members/delegation/").wsgi_request.user.is_authenticated


def test_head_says_how_long_the_answer_is(client, members):
    whole, head = client.get(f"{API}members"), client.head(f"{API}members")
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (whole["ETag"], str(len(whole.content)))
    assert client.head(f"{API}nothing").status_code == 404


def test_an_address_that_asks_too_often_waits(client, settings, monkeypatch):
    settings.API_REQUESTS_PER_MINUTE = 3
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(address, path="standards"):
        return client.get(API + path, headers={"X-Forwarded-For": f"192.0.2.99, {address}"})

    assert [ask("192.0.2.1").status_code for _time in range(5)] == [200, 200, 200, 429, 429]
    refused = ask("192.0.2.1", "members?as_of=abc")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert ask("192.0.2.2").status_code == 200
    # One network of IPv6 is one client, however many addresses it has.
    assert [ask(f"2001:db8::{number}").status_code for number in range(1, 5)] == [200, 200, 200, 429]
    assert ask("2001:db8:0:1::1").status_code == 200


def test_who_waited_may_ask_again(time_machine):
    limit = Limit()
    time_machine.move_to("2026-06-06 12:00:00+00:00", tick=False)
    assert [limit.take("a", 60) for _time in range(62)] == [0] * 60 + [1, 1]
    time_machine.shift(timedelta(seconds=1))
    assert [limit.take("a", 60) for _time in range(2)] == [0, 1]
    time_machine.shift(timedelta(minutes=2))
    assert [limit.take("a", 60) for _time in range(61)] == [0] * 60 + [1]
    # A clock that is set back does not shut anybody out for long.
    time_machine.shift(timedelta(days=-1))
    assert limit.take("a", 60) == 1


def test_processes_of_the_server_share_the_limit():
    """They are forked from the process that made it."""
    program = (
        "import os\nfrom icoca_portal.lib.limits import Limit\nlimit = Limit()\n"
        "for _child in range(2):\n"
        "    if not (child := os.fork()):\n"
        "        os._exit(sum(limit.take('a', 30) == 0 for _time in range(20)))\n"
        "    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    root = Path(portal_settings.BASE_DIR)
    ended = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["20", "10"]


# What it costs, and what is written about it


def test_one_row_and_thirty_take_the_same_queries(client):
    def asked():
        counts = []
        for path in ("members?q=sample&per_page=100", "participants", "figures", "figures/over-time", "standards"):
            with CaptureQueriesContext(connection) as captured:
                read(client, path)
            counts.append(len(captured))
        return counts

    def more(numbers):
        for number in numbers:
            organisation = factories.MembershipFactory(organisation__name=f"Sample Counted {number}").organisation
            factories.CompanyProfileFactory(organisation=organisation)
            factories.CertificateFactory(organisation=organisation, valid_to=None, expires_on=None)
            OtherName.objects.create(organisation=organisation, name=f"Sample Other {number}", kind="short")
            factories.ParticipationFactory()

    more([0])
    one = asked()
    more(range(1, 30))
    assert asked() == one
    assert max(one) <= 6


def test_the_description_holds_examples_that_are_true_to_it(client):
    made = read(client, "openapi.json")
    assert made == json.loads(json.dumps(description()))
    assert made["openapi"].startswith("3.1")
    examples = {
        name: schema["example"] for name, schema in made["components"]["schemas"].items() if "example" in schema
    }
    for name, example in examples.items():
        shape = getattr(shapes, name)
        assert json.loads(shape(**example).model_dump_json()) == example, name
    for operations_of in made["paths"].values():
        answer = operations_of["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert answer.rpartition("/")[2] in examples


def test_the_page_describes_every_address_and_parameter(client):
    text = client.get("/members/api/").content.decode()
    for path, operations_of in description()["paths"].items():
        assert f"GET {path}<" in text
        for parameter in operations_of["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in text
    for address in ("/members/", "/members/statistics/"):
        factories.MembershipFactory()
        assert 'href="/members/api/"' in client.get(address).content.decode()


def test_no_organisation_takes_the_address(officer):
    response = officer.post(
        "/admin/members/organisation/add/", {"name": "Sample Api", "slug": "api", "kind": "company"}
    )
    assert "This address is a page of the portal" in response.content.decode()
