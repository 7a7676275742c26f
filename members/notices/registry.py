"""The kinds of things that people are told of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from members.models import How, Notice, User


def _all_hold(notices: Sequence[Notice]) -> Collection[int]:
    return {notice.pk for notice in notices}


@dataclass(frozen=True)
class NoticeKind:
    """A kind of things that people are told of.

    `explanation` is a sentence for the page on which they choose. Of a kind that is not `optional` everybody is told at
    once, and `explanation` says why. `default` is how those are told who chose nothing. `reaches` says whether the kind
    can concern a person as they stand today. `still` gives the primary keys of those notices that are to be told yet:
    asked before one is sent that waited, in a constant number of queries. `reminds` is for a kind that only repeats
    what stands on the desk anyway: such notices are not new there.
    """

    key: str
    label: str | Promise
    explanation: str | Promise
    optional: bool
    default: How = How.AT_ONCE
    reaches: Callable[[User], Any] = bool
    still: Callable[[Sequence[Notice]], Collection[int]] = _all_hold
    reminds: bool = False


_KINDS: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Make kinds known. Called when an app is ready."""
    for kind in kinds:
        _KINDS[kind.key] = kind


def kinds() -> list[NoticeKind]:
    """All kinds, in the order in which they were registered."""
    return list(_KINDS.values())


def kind_of(key: str) -> NoticeKind | None:
    """The kind of this name; None of one that no app knows (any more)."""
    return _KINDS.get(key)
