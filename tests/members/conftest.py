"""What the tests of the registry's pages share: the officer's browser, addresses of the administration, a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest
from django.test import Client

from icoca_portal.lib.days import today
from members import operations
from members.models import Application, Organisation, User
from tests import factories


@pytest.fixture
def officer(client_of: Callable[..., Client]) -> Client:
    """A browser in which the secretariat is signed in."""
    return client_of("secretariat")


@pytest.fixture
def secret_applicant(secretariat: User) -> Organisation:
    """A company whose application for membership is under review: the secretariat's to know."""
    applicant: Any = factories.CompanyFactory(name="Sample Secret Applicant")
    known: dict[str, Any] = {"source": "Sample secret", "by": secretariat}
    application = operations.receive_application(
        applicant, kind="membership", pillar="industry", received_on=date(2018, 1, 1), **known
    )
    operations.begin_review(application, on=date(2018, 2, 1), **known)
    return cast(Organisation, applicant)


@pytest.fixture
def applying(applicant: Organisation, representative: User, secretariat: User) -> Application:
    """The applicant's application for membership, received today, with three lines: a statute and a policy, each with a
    file, and a fee."""
    for position, title in enumerate(("Statute", "Policy", "Fee")):
        factories.RequirementFactory(
            pillar="civil society", title=title, position=position, needs_file=title != "Fee", explanation="Sample"
        )
    return operations.receive_application(
        applicant,
        kind="membership",
        pillar="civil society",
        received_on=today(),
        source="Sample letter",
        by=secretariat,
    )
