"""Where in a long list a page stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icoca_portal.lib.numbers import number_in

#: Rows of a page, where nothing else is said.
PAGE = 50


@dataclass(frozen=True)
class Pages:
    """Where in a long list a page stands. `total` counts the whole list."""

    number: int
    total: int
    size: int = PAGE

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def page_number(data: Mapping[str, str]) -> int:
    """The page that an address asks for; the first where it says nothing sensible."""
    return max(1, number_in(data, "page", figures=6))


def page_within(number: int, total: int, size: int = PAGE) -> Pages:
    """The page, or the last one where there are fewer."""
    return Pages(min(number, Pages(1, total, size).count), total, size)
