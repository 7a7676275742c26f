"""Who may: the predicates about people that every app shares, and the permissions of this one."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_secretariat(user: Any) -> bool:
    """Staff of the secretariat, in the administration."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


@rules.predicate
def is_director(user: Any) -> bool:
    """Sits on the Board today."""
    return bool(user.is_authenticated and user.standing.is_director)


@rules.predicate
def is_of_delegation(user: Any, delegation: Any) -> bool:
    """Has any role in this delegation today."""
    return bool(user.is_authenticated and delegation is not None and user.standing.delegation_id == delegation.pk)


@rules.predicate
def may_draft_for(user: Any, delegation: Any) -> bool:
    """Writes for this delegation today: its focal points and contributors."""
    return is_of_delegation(user, delegation) and user.standing.may_draft


@rules.predicate
def is_focal_point_of(user: Any, delegation: Any) -> bool:
    """Speaks for this delegation today: submits, clears, appoints."""
    return is_of_delegation(user, delegation) and user.standing.is_focal_point


rules.add_perm("members.read_delegation", is_of_delegation)
