"""Whether a person still has a place in the portal today.

The roles that `members` knows are asked here; offices that apps above it keep (the chair of a working group) are
registered by those apps in `AppConfig.ready()`, because the import layers run the other way.
"""

from __future__ import annotations

from collections.abc import Callable

from members.models import User
from members.representing import is_representative

Source = Callable[[User], bool]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a function that says whether a person has a place today by an office that another app keeps.

    It is asked only when nothing else gives a place, at most once a request. Returns the function, so that it can be
    used as a decorator. Registering twice counts once.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def has_standing(user: User) -> bool:
    """Whether an open account has any place today (Geneva): staff, a delegation, the Board, an organisation that they
    represent, or a registered office."""
    if not user.is_active:
        return False
    if user.is_staff or user.is_superuser:
        return True
    standing = user.standing
    if standing.delegate is not None or standing.is_director or is_representative(user):
        return True
    return any(source(user) for source in _sources)
