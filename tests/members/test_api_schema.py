"""The API is what its OpenAPI document says, whatever is asked: schemathesis tries it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from members.models import OtherName, Pillar
from tests import factories

pytestmark = pytest.mark.django_db

SCHEMA = schemathesis.openapi.from_wsgi("/members/api/v1/openapi.json", get_wsgi_application())
EXAMPLES = 25


@pytest.fixture
def registry(db: None) -> Iterator[None]:
    """A little of everything to find; and, as in Django's own test client, a request leaves the connection open."""
    company = factories.MembershipFactory(organisation__name="Sample Harbour", organisation__slug="switzerland")
    factories.CompanyProfileFactory(organisation=company.organisation, works_in="IQ,KE")
    factories.CertificateFactory(organisation=company.organisation)
    OtherName.objects.create(
        organisation=company.organisation, name="Sample Port", kind="former", until=date(2016, 1, 1)
    )
    factories.MembershipFactory(organisation__kind="civil society", pillar=Pillar.CIVIL_SOCIETY)
    factories.ParticipationFactory()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_as_described(case: schemathesis.Case, registry: None) -> None:
    case.call_and_validate(headers={"Host": "localhost"})
