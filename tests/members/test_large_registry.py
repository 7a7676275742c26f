"""A large registry: the benchmark's rows are valid and its SQL finds what the portal shows; files are streamed."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable
from datetime import date
from itertools import groupby, pairwise
from typing import Any

import pytest
from django.test import Client

from members.models import ApplicationStatus, Certificate, CompanyProfile, Membership, Organisation
from members.operations.registry import refuse_certificates_without_membership
from members.register import rows
from tests import factories
from tests.benchmarks import registry, registry_cases
from tests.counting import queries

pytestmark = pytest.mark.django_db

MANY = 1500
PAGES = (
    "/members/",
    "/members/?q=sample",
    "/members/?pillar=industry&status=certified&sort=-since",
    "/members/statistics/?as_of=2018-06-06",
    "/members/statistics/?as_of=2018-06-06&known=then",
    "/members/statistics/over-time/?as_of=2018-06-06",
    "/members/participants/",
)


def test_what_is_asked_stays_the_same_and_what_is_found_is_what_sql_by_hand_finds() -> None:
    company = factories.MembershipFactory(valid_from=date(2010, 1, 1)).organisation
    factories.CompanyProfileFactory(organisation=company, valid_from=date(2010, 1, 1))
    factories.CertificateFactory(organisation=company, expires_on=None, valid_to=None)
    factories.ParticipationFactory()
    factories.ApplicationStatusFactory(state=ApplicationStatus.State.UNDER_REVIEW, valid_from=date(2010, 1, 1))
    few = {page: queries(Client(), page) for page in PAGES}

    filled = registry.fill(MANY)

    assert filled.organisations == MANY
    assert filled.dated_rows > MANY * 9
    assert {page: queries(Client(), page) for page in PAGES} == few
    assert max(few.values()) <= 12
    registry_cases.compare()
    assert_valid()


def assert_valid() -> None:
    """The rows keep the rules of the operations, as known today."""
    for of, by in (
        (Membership, ("organisation_id",)),
        (CompanyProfile, ("organisation_id",)),
        (Certificate, ("organisation_id", "standard_id")),
        (ApplicationStatus, ("application_id",)),
    ):
        in_force = of._default_manager.filter(superseded_at=None).order_by(*by, "valid_from")
        spans: Iterable[Any] = in_force.values_list(*by, "valid_from", "valid_to")
        for _about, own in groupby(spans, key=lambda row: row[: len(by)]):
            assert all(before[-1] is not None and before[-1] <= after[-2] for before, after in pairwise(own))
        wrong = of._default_manager.exclude(superseded_at=None)
        assert wrong.exists()
        assert not wrong.filter(superseded_by=None).exists()
    for organisation in Organisation.objects.filter(certificates__isnull=False).distinct()[:300]:
        refuse_certificates_without_membership(organisation)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_file_of_ten_times_as_many_rows_takes_no_more_memory(monkeypatch, form) -> None:
    registry.fill(MANY)
    monkeypatch.setattr(rows, "CHUNK", 20)
    early = registry_cases.EARLY
    assert Membership.objects.as_of(early).count() * 8 < Membership.objects.as_of(date(2025, 1, 1)).count()

    def peak(day: date) -> int:
        # What the tests before left behind must not put off the collection of what this file leaves behind.
        gc.collect()
        gc.freeze()
        tracemalloc.start()
        try:
            response: Any = Client().get(f"/members/members.{form}", {"as_of": day.isoformat()})
            assert sum(len(part) for part in response.streaming_content) > 1000
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.unfreeze()

    peak(early)  # what is loaded once
    assert peak(date(2025, 1, 1)) < 2 * peak(early)
