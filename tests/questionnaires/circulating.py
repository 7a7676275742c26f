"""What the tests of circulation share: participants in several places, and mornings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icoca_portal.outbox.models import Message
from members.models import Delegate, Delegation, Organisation, User
from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories

GENEVA = ZoneInfo("Europe/Zurich")
HONOLULU, KIRITIMATI, NEW_YORK = "Pacific/Honolulu", "Pacific/Kiritimati", "America/New_York"
#: Opened well before the first reminder of a questionnaire that is due on 30 April 2018, 18:00 Geneva.
OPENED = datetime(2018, 3, 1, 9, tzinfo=UTC)
DEADLINE = datetime(2018, 4, 30, 18, tzinfo=GENEVA)


def in_place(zone: str, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]


def participant(name: str, code: str, **options: Any) -> Organisation:
    """A State that supports the Montreux Document, with a delegation."""
    return factories.DelegationFactory(
        organisation__name=name, organisation__slug=name.lower().replace(" ", "-"), organisation__code=code, **options
    ).organisation


def person(
    delegation: Delegation, zone: str = "Europe/Zurich", role: str = Delegate.Role.FOCAL_POINT, **options: Any
) -> User:
    user = factories.UserFactory(time_zone=zone, **options)
    factories.DelegateFactory(user=user, delegation=delegation, role=role)
    return user


def told(kind: str) -> list[str]:
    """To whom messages of a kind were queued, by address."""
    return sorted(Message.objects.filter(key__startswith=f"{kind}:").values_list("recipient", flat=True))


def submit(questionnaire: Questionnaire, delegation: Delegation, by: User) -> Any:
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, by=by)
    return operations.submit_response(response, by=by)


def days(count: float) -> timedelta:
    return timedelta(days=count)
