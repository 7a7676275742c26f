"""Mergers and successions: recorded, corrected, refused in a circle, and what the public reads of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from icoca_portal.lib.days import today
from members import operations
from members.exceptions import Circle, DatesOverlap
from members.models import Succession
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"source": "Sample letter"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


def member(name):
    return factories.MembershipFactory(organisation__name=name).organisation


@pytest.fixture
def three():
    return [member(f"Sample {name}") for name in ("One", "Two", "Three")]


def page_of(client, organisation):
    return " ".join(client.get(of("organisation_change", organisation.pk)).content.decode().split())


def succeed(organisation, predecessor, by, **more):
    fields = {"valid_from": date(2018, 1, 1), "by": by, **SOURCE, **more}
    return operations.record_succession(organisation, predecessor=predecessor, **fields)


def test_a_succession_is_recorded_corrected_struck_out_and_restored(officer, three):
    one, two, _three = three
    typed = {"predecessor": two.pk, "kind": "merger", "valid_from": "2018-01-01", **SOURCE}
    assert officer.post(of("organisation_record_succession", one.pk), typed).status_code == 302
    row = Succession.objects.get()
    page = page_of(officer, one)
    assert "Successor of" in page
    assert "“Sample Two” is still recorded as a member after that day." in page
    assert f"{of('organisation_change', two.pk)}#memberships-group" in page
    assert "Succeeded by" in page_of(officer, two)
    again = officer.post(of("organisation_record_succession", one.pk), typed)
    assert "holds on some of these days" in again.content.decode()
    address = of("organisation_correct_succession", one.pk, row.pk)
    assert officer.post(address, {**typed, "kind": "takeover"}).status_code == 302
    assert "was corrected meanwhile" in officer.post(address, typed).content.decode()
    row = Succession.objects.get(superseded_at=None)
    assert row.kind == "takeover"
    strike = of("organisation_strike_out_succession", one.pk, row.pk)
    assert officer.post(strike, {"because": "Sample mistake"}).status_code == 302
    assert "because: Sample mistake" in page_of(officer, one)
    assert officer.post(of("organisation_restore_succession", one.pk, row.pk), typed).status_code == 302
    assert Succession.objects.get(superseded_at=None).kind == "merger"
    # Nothing of the predecessor was changed silently.
    assert two.memberships.get().valid_to is None


def test_a_circle_is_refused_with_its_names(three, officer, secretariat):
    one, two, three = three
    succeed(two, one, secretariat)
    row = succeed(three, two, secretariat)
    typed = {"predecessor": three.pk, "kind": "merger", "valid_from": "2018-01-01", **SOURCE}
    refused = officer.post(of("organisation_record_succession", one.pk), typed)
    assert refused.status_code == 422
    assert "“Sample One” ← “Sample Three” ← “Sample Two” ← “Sample One”" in refused.content.decode()
    with pytest.raises(Circle):
        succeed(one, one, secretariat)
    operations.strike_out_succession(row, because="Sample mistake", by=secretariat)
    succeed(one, three, secretariat)
    with pytest.raises(Circle):
        operations.restore_row(row, by=secretariat)
    with pytest.raises(DatesOverlap):
        succeed(one, three, secretariat)


def test_both_pages_of_the_register_say_it_and_no_other(client, secretariat, three):
    one, two, _three = three
    applicant = factories.CompanyFactory(name="Sample Secret Applicant")
    succeed(one, two, secretariat, kind="merger")
    succeed(one, applicant, secretariat)
    succeed(two, applicant, secretariat, valid_from=today() + timedelta(days=30))
    page = client.get(f"/members/{one.slug}/").content.decode()
    assert "Successor of" in page
    assert f'href="/members/{two.slug}/"' in page
    assert "Succeeds Sample Two" in page
    assert "Secret" not in page
    other = client.get(f"/members/{two.slug}/").content.decode()
    assert "Succeeded by Sample One" in other
    assert "Secret" not in other


def test_the_region_stands_beside_the_country(client):
    organisation = member("Sample Guards")
    factories.CompanyProfileFactory(organisation=organisation, headquarters="GH")
    page = client.get(f"/members/{organisation.slug}/").content.decode()
    assert "<dt>Region</dt><dd>Africa</dd>" in page
