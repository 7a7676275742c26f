"""The work on a long series of meetings that is measured, and beside each piece the same work done by a bare view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from members.models import Delegate, Delegation, Organisation, Participation, User
from tests.benchmarks import asking, series
from tests.benchmarks.asking import Browser
from tests.benchmarks.large import AIM, Case

MEETINGS, ITEMS = 500, 20
SINCE = date(2015, 1, 1)


def reader() -> User:
    """A delegate who reads the series."""
    organisation = Organisation.objects.create(
        name="Sample State of the series", slug="series-state", code="xx", kind=Organisation.Kind.STATE
    )
    Participation.objects.create(organisation=organisation, valid_from=SINCE, source="Sample source")
    user = User.objects.create_user("bench.delegate@sample.example", name="Sample Delegate")
    delegation = Delegation.objects.create(organisation=organisation)
    Delegate.objects.create(user=user, delegation=delegation, role=Delegate.Role.READER, valid_from=SINCE)
    return user


def cases(meetings: int = MEETINGS) -> Iterator[Case]:
    """Fill the database and give the work one by one, each to be measured before the next is asked for."""
    series.fill(meetings, ITEMS)
    user = reader()
    portal, bare = Browser(asking.portal(), user), Browser(asking.bare(), user)
    of = f"{meetings} × {ITEMS}"
    searches = {
        "a word in few": series.RARE,
        "a word in every summary": series.COMMON,
        "two words in many": "certification review",
    }
    for name, typed in searches.items():
        asked = f"?q={typed.replace(' ', '+')}"
        yield Case(
            f"search, {name}, {of}",
            portal.getting(f"/meetings/search/{asked}"),
            bare.getting(f"/bare/meetings/search/{asked}"),
            aim=AIM,
        )
    yield Case(f"list of meetings, {of}", portal.getting("/meetings/"), bare.getting("/bare/meetings/"))
    address = f"series/{meetings // 2}/"
    yield Case(f"one meeting, {of}", portal.getting(f"/meetings/{address}"), bare.getting(f"/bare/meetings/{address}"))
