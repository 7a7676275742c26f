"""What an app above `members` wants to know of everybody who is signed in: asked with the person, not after them.

An app registers it in `AppConfig.ready()`, because the import layers run the other way. The answer stands on the person
of a session under the name that it was registered by. A person who was read otherwise does not have it, so whoever
looks for it must be able to ask for it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists

_facts: dict[str, Callable[[], Exists]] = {}


def register(name: str, build: Callable[[], Exists]) -> None:
    """Ask with every person whether these rows exist, and keep the answer as their attribute `name`.

    `build` is called when a query is first composed; the person is ``given("user")`` in it, and the day
    ``given_day("day")``.
    """
    _facts[name] = build


def expressions() -> Mapping[str, Exists]:
    """What was registered, by name, for the query that reads the person."""
    return {name: build() for name, build in _facts.items()}


def hand_over(row: Any, person: Any) -> None:
    """Put what was asked with a row on the person themselves."""
    for name in _facts:
        setattr(person, name, bool(getattr(row, name)))
