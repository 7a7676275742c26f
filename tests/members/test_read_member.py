"""The page of one member or participant: what it says, what became of it, and what nobody reads on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from icoca_portal.lib.days import today
from members import operations
from members.models import Certificate, Membership, Organisation, OtherName, Pillar, Size
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

SOURCE = "Sample secret letter"
#: The lists that the administration may show beside an organisation.
PREFIXES = ("participations", "memberships", "profiles", "certificates", "other_names", "applications")


@pytest.fixture
def harbour():
    """A member company since 2014, without more."""
    return factories.MembershipFactory(
        organisation__name="Sample Harbour Guarding",
        organisation__slug="harbour",
        organisation__website="https://h.example",
    ).organisation


def page(client, slug="harbour"):
    response = client.get(f"/members/{slug}/")
    assert response.status_code == 200
    return response


def text_of(response):
    return " ".join(response.content.decode().split())


def events(response):
    return [(event.day.isoformat(), event.text, event.more) for event in response.context["entry"].events]


@pytest.mark.parametrize("who", ["visitor", "reader", "focal_point", "chair", "director", "secretariat", "superuser"])
def test_everybody_reads_it(client_of, harbour, who):
    text = text_of(page(client_of(who)))
    assert "Member since 1 January 2014, industry." in text
    assert ("/admin/members/organisation/" in text) == (who in ("secretariat", "superuser"))


@pytest.mark.parametrize("who", ["visitor", "focal_point", "chair", "director"])
def test_who_is_neither_member_nor_participant_is_not_there(client_of, who):
    factories.CompanyFactory(slug="stranger")
    assert client_of(who).get("/members/stranger/").status_code == 404
    assert client_of(who).get("/members/nobody/").status_code == 404


def test_the_secretariat_is_told_that_visitors_do_not_find_it(client_of):
    factories.CompanyFactory(slug="stranger")
    assert "visitors do not find this page" in text_of(page(client_of("secretariat"), "stranger"))


def test_a_membership_to_come_is_not_public(client, client_of):
    factories.MembershipFactory(organisation__slug="coming", valid_from=today() + timedelta(days=1))
    assert client.get("/members/coming/").status_code == 404
    assert events(page(client_of("secretariat"), "coming")) == []


def test_a_participant_has_a_page(client):
    factories.ParticipationFactory(
        organisation__name="Sampleland", organisation__slug="sampleland", valid_from=date(2009, 2, 3)
    )
    response = page(client, "sampleland")
    assert "Supports the Montreux Document since 3 February 2009." in text_of(response)
    assert events(response) == [("2009-02-03", "Joined the Montreux Document", "")]


def test_only_get_is_known(client, harbour):
    assert client.post("/members/harbour/").status_code == 405


def test_a_name_of_before_and_other_names_are_on_it(client, harbour):
    OtherName.objects.create(organisation=harbour, name="Sample Dock", kind="former", until=date(2017, 5, 1))
    OtherName.objects.create(organisation=harbour, name="SHG", kind="short")
    response = page(client)
    assert "Sample Dock" in text_of(response)
    assert "SHG" in text_of(response)
    assert ("2017-05-01", "Name changed", "Until then: Sample Dock") in events(response)


def test_the_profile_and_its_changes_are_on_it(client, harbour, secretariat):
    record = {"source": SOURCE, "by": secretariat, "size": Size.SMALL}
    first = {"headquarters": "GB", "environment": "land", "works_in": ["KE"], **record}
    operations.record_profile(harbour, valid_from=date(2014, 1, 1), **first)
    operations.record_profile(
        harbour, valid_from=date(2016, 1, 1), **{**first, "environment": "both", "works_in": ["KE", "GH"]}
    )
    response = page(client)
    text = text_of(response)
    assert "United Kingdom" in text
    assert "<dd>On land and at sea</dd>" in text
    assert "<dd>Ghana, Kenya</dd>" in text
    assert events(response)[0] == (
        "2016-01-01", "Profile changed", "Works: on land and at sea · Countries of operation: Ghana, Kenya",
    )  # fmt: skip


def test_a_change_of_the_revenue_alone_leaves_no_trace(client, client_of, harbour, secretariat):
    same = {"headquarters": "GB", "environment": "land", "source": SOURCE, "by": secretariat}
    operations.record_profile(harbour, valid_from=date(2014, 1, 1), size=Size.SMALL, **same)
    before = text_of(page(client))
    operations.record_profile(harbour, valid_from=date(2016, 1, 1), size=Size.LARGE, **same)
    assert text_of(page(client)) == before
    assert "2016" not in text_of(page(client_of("secretariat")))


def test_the_life_of_a_certificate(client, harbour, secretariat):
    body = factories.CertificationBodyFactory(name="Sample Certifier")
    certificate = operations.record_certificate(
        harbour,
        standard=factories.StandardFactory(),
        body=body,
        number="SC-17",
        scope="Guarding of ports",
        issued_on=date(2016, 1, 1),
        expires_on=date(2019, 1, 1),
        source=SOURCE,
        by=secretariat,
    )
    change = {"source": SOURCE, "by": secretariat}
    with time_machine.travel("2016-06-01 12:00Z"):
        response = page(client)
        assert "certified to PSC.1 until 1 January 2019" in text_of(response)
        assert "Sample Certifier" in text_of(response)
        assert "SC-17" in text_of(response)
        assert '<span class="wg-tag is-done">Valid</span>' in text_of(response)
    certificate = operations.change_certificate_state(certificate, state="suspended", on=date(2017, 1, 1), **change)
    with time_machine.travel("2017-02-01 12:00Z"):
        response = page(client)
        assert "certificate to PSC.1 suspended" in text_of(response)
        assert '<span class="wg-tag is-due">Suspended</span>' in text_of(response)
    certificate = operations.change_certificate_state(certificate, state="valid", on=date(2017, 3, 1), **change)
    response = page(client)
    assert '<span class="wg-tag ">Expired</span>' in text_of(response)
    assert [event[:2] for event in events(response)] == [
        ("2019-01-01", "Certificate to PSC.1 expired"),
        ("2017-03-01", "Certificate to PSC.1 valid again"),
        ("2017-01-01", "Certificate to PSC.1 suspended"),
        ("2016-01-01", "Certified to PSC.1"),
        ("2014-01-01", "Member of the Association"),
    ]
    operations.change_certificate_state(certificate, state="withdrawn", on=date(2018, 3, 1), **change)
    response = page(client)
    assert '<span class="wg-tag is-wrong">Withdrawn</span>' in text_of(response)
    assert events(response)[0][:2] == ("2018-03-01", "Certificate to PSC.1 withdrawn")
    assert "expired" not in text_of(response)


def test_a_certificate_that_is_renewed_is_another_one(client, harbour):
    for year in (2014, 2017):
        until = date(year + 3, 1, 1)
        factories.CertificateFactory(
            organisation=harbour,
            issued_on=date(year, 1, 1),
            valid_from=date(year, 1, 1),
            expires_on=until,
            valid_to=until,
        )
    response = page(client)
    held = response.context["entry"].certificates
    assert [(each.last.issued_on.year, each.state) for each in held] == [(2017, "expired"), (2014, "expired")]
    assert [event[:2] for event in events(response)][:3] == [
        ("2020-01-01", "Certificate to PSC.1 expired"),
        ("2017-01-01", "Certificate to PSC.1 renewed"),
        ("2014-01-01", "Certified to PSC.1"),
    ]


def test_a_certification_under_review_is_public_and_its_reason_and_letters_are_not(
    client, client_of, harbour, secretariat
):
    application = operations.receive_application(
        harbour,
        kind="certification",
        pillar="industry",
        standard=factories.StandardFactory(),
        received_on=date(2018, 1, 1),
        source=SOURCE,
        by=secretariat,
    )
    assert "nder review" not in text_of(page(client))
    operations.begin_review(application, on=date(2018, 2, 1), source=SOURCE, by=secretariat)
    assert "under review for certification" in text_of(page(client))
    operations.refuse_application(
        application, on=date(2018, 3, 1), reason="Sample secret reason", source=SOURCE, by=secretariat
    )
    for who in ("visitor", "secretariat"):
        text = text_of(page(client_of(who)))
        assert "nder review" not in text
        assert "Sample secret" not in text


def test_who_left_is_said_to_have_left(client, harbour, secretariat):
    membership = Membership.objects.get(organisation=harbour)
    operations.end_membership(membership, on=date(2017, 1, 1), source=SOURCE, by=secretariat)
    response = page(client)
    assert "No member any more; belonged to the Association until 1 January 2017." in text_of(response)
    assert [event[:2] for event in events(response)] == [
        ("2017-01-01", "Left the Association"),
        ("2014-01-01", "Member of the Association"),
    ]


def test_an_end_that_is_still_to_come_is_not_told(client, harbour, secretariat):
    ends = today() + timedelta(days=30)
    operations.end_membership(Membership.objects.get(organisation=harbour), on=ends, source=SOURCE, by=secretariat)
    response = page(client)
    assert "Member since 1 January 2014" in text_of(response)
    assert [event[1] for event in events(response)] == ["Member of the Association"]


def test_an_observer_that_becomes_a_member_does_not_leave(client):
    row = factories.MembershipFactory(organisation__slug="watch", category="observer", valid_to=date(2016, 1, 1))
    factories.MembershipFactory(organisation=row.organisation, pillar=Pillar.CIVIL_SOCIETY, valid_from=date(2016, 1, 1))
    response = page(client, "watch")
    assert "Member since 1 January 2016, civil society." in text_of(response)
    assert [event[1] for event in events(response)] == ["Member of the Association", "Observer of the Association"]


def test_a_pillar_put_right_does_not_begin_a_membership_anew(client):
    row = factories.MembershipFactory(organisation__slug="watch", valid_to=date(2016, 1, 1))
    factories.MembershipFactory(organisation=row.organisation, pillar=Pillar.CIVIL_SOCIETY, valid_from=date(2016, 1, 1))
    assert "Member since 1 January 2014, civil society." in text_of(page(client, "watch"))


def test_what_was_put_right_is_not_told(client, client_of, harbour, secretariat):
    membership = Membership.objects.get(organisation=harbour)
    operations.correct_membership(membership, valid_from=date(2015, 4, 4), source=SOURCE, by=secretariat)
    for who in ("visitor", "secretariat"):
        response = page(client_of(who))
        assert "Member since 4 April 2015" in text_of(response)
        assert [event[0] for event in events(response)] == ["2015-04-04"]


def test_no_revenue_no_source_and_nobody_who_recorded_stands_on_it(client_of, harbour, secretariat):
    operations.record_profile(
        harbour, headquarters="GB", environment="land", size=Size.MEDIUM, valid_from=date(2014, 1, 1), source=SOURCE,
        by=secretariat,
    )  # fmt: skip
    factories.CertificateFactory(organisation=harbour, source=SOURCE, recorded_by=secretariat)
    for who in ("visitor", "focal_point", "secretariat", "superuser"):
        text = text_of(page(client_of(who)))
        main = text[text.index("<main") : text.index("</main")]
        for secret in ("edium", "revenue", "USD", "Sample secret", "Sample source", secretariat.name):
            assert secret not in main, (who, secret)


def test_markup_in_a_name_stays_text(client, harbour):
    Organisation.objects.filter(pk=harbour.pk).update(name="<b>Sample</b> & Sons")
    assert "&lt;b&gt;Sample&lt;/b&gt; &amp; Sons" in text_of(page(client))


@pytest.mark.parametrize("slug", ["participants", "delegation", "profile"])
def test_the_pages_of_the_portal_come_before_organisations(client_of, slug):
    organisation = factories.MembershipFactory(organisation__slug=slug).organisation
    response = client_of("focal_point").get(f"/members/{slug}/")
    assert response.status_code == 200
    assert organisation.name not in response.content.decode()


@pytest.mark.parametrize("slug", ["participants", "delegation", "profile"])
def test_no_organisation_gets_an_address_of_the_portal(client_of, slug):
    response = client_of("secretariat").post("/admin/members/organisation/add/", typed(slug))
    assert "This address is a page of the portal" in response.content.decode()
    assert not Organisation.objects.filter(slug=slug).exists()


def test_any_other_address_is_free(client_of):
    response = client_of("secretariat").post("/admin/members/organisation/add/", typed("participants-2"))
    assert response.status_code == 302
    assert Organisation.objects.filter(slug="participants-2").exists()


def typed(slug):
    """What the secretariat types for a new organisation; the lists beside it are empty."""
    forms = [f"{prefix}-{name}_FORMS" for prefix in PREFIXES for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")]
    return {"name": "Sample Taker", "kind": "company", "slug": slug, "version": "1", **dict.fromkeys(forms, "0")}


def test_one_row_and_thirty_take_the_same_queries(client, client_of, harbour):
    body = factories.CertificationBodyFactory()

    def more(numbers):
        for number in numbers:
            since = date(2015, 1, 1) + timedelta(days=number)
            factories.CertificateFactory(
                organisation=harbour,
                body=body,
                number=str(number),
                issued_on=since,
                valid_from=since,
                valid_to=since + timedelta(days=1),
                expires_on=since + timedelta(days=1),
            )
            factories.CompanyProfileFactory(
                organisation=harbour, valid_from=since, valid_to=since + timedelta(days=1),
                headquarters=("CH", "FR")[number % 2], works_in=["KE"],
            )  # fmt: skip
            OtherName.objects.create(organisation=harbour, name=f"Sample Other {number}", kind="former", until=since)

    more([0])
    one = [queries(client_of(who), "/members/harbour/") for who in ("visitor", "secretariat")]
    more(range(1, 30))
    thirty = [queries(client_of(who), "/members/harbour/") for who in ("visitor", "secretariat")]
    assert one == thirty
    assert max(thirty) <= 12
    assert Certificate.objects.count() == 30
