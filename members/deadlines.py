"""By which day a step is due: the rule that held on the day on which it began, of its pillar first, then of all.

The rules are dated rows (`DeadlineRule`), so a rule that changes says nothing new of what began before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Self

from django.db.models import Case, CharField, IntegerField, Q, Value, When

from members.models import DeadlineRule


def last_beginning(rule: DeadlineRule, due: date) -> date:
    """The last day on which a step could begin that was due by a day."""
    back = timedelta(days=rule.length if rule.unit == DeadlineRule.Unit.DAYS else 28 * rule.length - 1)
    day = due - back
    while rule.last_day(day) > due:
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True)
class Rules:
    """The rules in force, of every day: one query, for as many steps as are asked of it."""

    rows: tuple[DeadlineRule, ...]

    @classmethod
    def read(cls, *steps: str) -> Self:
        """Those of some steps, or all."""
        rows = DeadlineRule.objects.filter(superseded_at=None)
        return cls(tuple(rows.filter(step__in=steps) if steps else rows))

    def rule(self, step: str, pillar: str, began: date) -> DeadlineRule | None:
        """The rule of a step that began on a day."""
        held = [row for row in self.rows if row.step == step and row.pillar in ("", pillar) and row.holds_on(began)]
        return max(held, key=lambda row: row.pillar, default=None)

    def due(self, step: str, pillar: str, began: date) -> date | None:
        """The last day of a step that began on a day; None where no rule sets one."""
        rule = self.rule(step, pillar, began)
        return rule.last_day(began) if rule else None

    def due_by(self, step: str, pillar: str, day: date, *, field: str) -> Q:
        """The condition that a step that began on the day in `field` is due by a day."""
        condition = Q(pk__in=[])
        for rule, began in self._spans(step, pillar, field):
            condition |= began & Q((f"{field}__lte", last_beginning(rule, day)))
        return condition

    def of_each(self, step: str, pillar: str, *, field: str) -> dict[str, Case]:
        """For `annotate`: the length and the unit of the rule of a step that began on the day in `field`."""
        spans = list(self._spans(step, pillar, field))
        return {
            "rule_length": Case(
                *(When(began, then=Value(rule.length)) for rule, began in spans), output_field=IntegerField()
            ),
            "rule_unit": Case(*(When(began, then=Value(rule.unit)) for rule, began in spans), output_field=CharField()),
        }

    def _spans(self, step: str, pillar: str, field: str) -> Iterator[tuple[DeadlineRule, Q]]:
        """Each rule with the condition that it decides of the day in `field`."""
        own = [row for row in self.rows if row.step == step and row.pillar in ("", pillar)]
        edges = sorted({edge for row in own for edge in (row.valid_from, row.valid_to) if edge})
        for begins, until in pairwise([*edges, None]):
            if begins and (rule := self.rule(step, pillar, begins)):
                before = Q((f"{field}__lt", until)) if until else Q()
                yield rule, Q((f"{field}__gte", begins)) & before
