"""A person as far as it decides which meetings and papers exist for them: what a prepared query is composed for.

`visible_to` takes a `Reader` in the place of a person, so that the rules are written once. Most readers are alike (all
delegates, all visitors), and a query is composed once for all who are; what differs between them, the delegation, is
left `given`, as the moment is (docs/decisions/prepared-queries.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from icoca_portal.lib.prepared import given, given_moment
from meetings.querysets import chaired_groups, is_insider, is_secretariat


@dataclass(frozen=True)
class Reader:
    """Stands in for a person. It has what the rules of `meetings.querysets` ask of one, and nothing else."""

    is_staff: bool
    """Of the secretariat, with its permission to read every meeting."""
    is_authenticated: bool
    """An insider: for all others only what is public exists."""
    is_delegate: bool
    _chaired_groups: frozenset[int]

    is_active = True

    @classmethod
    def of(cls, user: Any) -> Reader:
        """What the person is today."""
        insider = is_insider(user)
        return cls(
            is_staff=is_secretariat(user),
            is_authenticated=insider,
            is_delegate=insider and user.standing.delegate is not None,
            _chaired_groups=chaired_groups(user),
        )

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """The one permission that the rules of reading ask for."""
        return permission == "meetings.view_meeting" and self.is_staff

    @property
    def standing(self) -> Any:
        """A delegation that is given later, if any; any other insider counts as a director does."""
        delegate = SimpleNamespace(delegation_id=given("delegation")) if self.is_delegate else None
        return SimpleNamespace(delegate=delegate, is_director=self.is_authenticated)

    @property
    def moment(self) -> Any:
        """The place of the moment at which something is read."""
        return given_moment("now")


def values_of(user: Any) -> dict[str, Any]:
    """What is put into a query that was composed for the person's `Reader`."""
    delegation = user.standing.delegation_id if user.is_authenticated and user.is_active else None
    return {"delegation": delegation, "now": timezone.now()}
