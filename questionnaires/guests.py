"""What a guest of a delegation may open: the sections assigned to them, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import FilteredRelation, Q

Sections = Mapping[int, frozenset[int]]
NOBODYS: Sections = {}


def guest_sections(user: Any) -> Sections:
    """The responses that the person helps to draft as a guest, each with the sections assigned to them (all by key).

    Whoever has a place of their own (a delegation, the Board, the secretariat) is nobody's guest: what another
    delegation once asked them to draft is then closed to them. One query, kept with the user; none for delegates.
    """
    if not user.is_authenticated or not user.is_active or user.is_staff:
        return NOBODYS
    if user.standing.delegate is not None or user.standing.is_director:
        return NOBODYS
    # getattr and setattr, not __dict__: the user of a request is a wrapper around the one that keeps it.
    kept: Sections | None = getattr(user, "_guest_sections", None)
    if kept is None:
        kept = user._guest_sections = _read(user)
    return kept


def _read(user: Any) -> Sections:
    from questionnaires.models import Response

    mine = FilteredRelation("assignments", condition=Q(assignments__user=user, assignments__ended_at=None))
    rows = Response.objects.filter(guests__user=user, guests__ended_at=None).annotate(mine=mine).order_by()
    found: dict[int, set[int]] = {}
    for response, section in rows.values_list("pk", "mine__section"):
        found.setdefault(response, set()).update({section} - {None})
    return {response: frozenset(sections) for response, sections in found.items()}


def is_guest_of(user: Any, response: Any) -> bool:
    """Whether the person is a guest of this response today."""
    return response.pk is not None and response.pk in guest_sections(user)


def may_open_section(user: Any, response: Any, section: int | None) -> bool:
    """Whether a section of a response, which the person may open, is one that they see: a guest's own, else all."""
    guest = guest_sections(user)
    return response.pk not in guest or section in guest[response.pk]
