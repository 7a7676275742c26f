"""Who must act next on an application, what they do, and by which day.

An open application may wait for two at once: the applicant for a line that is missing, the secretariat for one that
was supplied. A line is with the applicant from the day on which the portal put it to them, so nobody's time runs out
before they could know of it; the Board's time begins with the review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icoca_portal.lib.days import day_of, today
from members.deadlines import Rules
from members.models import Application, ApplicationStatus, Check, DeadlineRule

Step = DeadlineRule.Step

#: The steps of an application.
STEPS = (Step.SUPPLY, Step.CHECK, Step.DECIDE)


class Actor(models.TextChoices):
    """Who acts."""

    APPLICANT = "applicant", gettext_lazy("The applicant")
    SECRETARIAT = "secretariat", gettext_lazy("The secretariat")
    BOARD = "board", gettext_lazy("The Board")


@dataclass(frozen=True)
class NextStep:
    """What somebody does next. `count` lines wait for it; none where it is not about lines. `due` is its last day."""

    actor: Actor
    step: str
    began: date
    due: date | None
    count: int = 0

    @property
    def is_overdue(self) -> bool:
        return self.due is not None and self.due < today()

    @property
    def what(self) -> str:
        """``The applicant supplies 2 lines``."""
        count = self.count
        if self.actor == Actor.APPLICANT:
            words = ngettext("The applicant supplies %(count)d line", "The applicant supplies %(count)d lines", count)
        elif self.actor == Actor.BOARD:
            words = _("The Board decides")
        elif not count:
            words = _("The secretariat begins the review")
        else:
            words = ngettext("The secretariat checks %(count)d line", "The secretariat checks %(count)d lines", count)
        return words % {"count": count}

    @property
    def sentence(self) -> str:
        """``The applicant supplies 2 lines by 3 January 2027``."""
        return self._by_its_day(self.what)

    @property
    def sentence_to_applicant(self) -> str:
        """``You supply 2 lines by 3 January 2027``."""
        if self.actor != Actor.APPLICANT:
            return self.sentence
        words = ngettext("You supply %(count)d line", "You supply %(count)d lines", self.count)
        return self._by_its_day(words % {"count": self.count})

    def _by_its_day(self, what: str) -> str:
        if self.due is None:
            return what
        words = {"what": what, "day": date_format(self.due)}
        return (_("%(what)s; it was due by %(day)s") if self.is_overdue else _("%(what)s by %(day)s")) % words


@dataclass(frozen=True)
class Line:
    """Where a line of a checklist is, and since which day (Geneva)."""

    state: str
    since: date


def next_steps(
    state: str | None, *, since: date, pillar: str, lines: Iterable[Line], rules: Rules
) -> tuple[NextStep, ...]:
    """The steps that an application waits for that is in a state since a day, the applicant's first; none where it is
    decided."""
    if state not in ApplicationStatus.UNDECIDED:
        return ()
    lines = list(lines)

    def step(actor: Actor, name: str, beginnings: Iterable[date], count: int = 0) -> NextStep:
        # The one that is due first; where no rule sets a day, that which began first.
        begun = [(rules.due(name, pillar, began) or date.max, began) for began in beginnings]
        due, began = min(begun)
        return NextStep(actor, name, began, None if due == date.max else due, count)

    found = []
    missing = [line.since for line in lines if line.state in Check.WITH_APPLICANT]
    supplied = [line.since for line in lines if line.state == Check.State.SUPPLIED]
    if missing:
        found.append(step(Actor.APPLICANT, Step.SUPPLY, missing, len(missing)))
    if supplied:
        found.append(step(Actor.SECRETARIAT, Step.CHECK, supplied, len(supplied)))
    if state == ApplicationStatus.State.UNDER_REVIEW:
        found.append(step(Actor.BOARD, Step.DECIDE, [since]))
    elif not found:
        settled = max((line.since for line in lines), default=since)
        found.append(step(Actor.SECRETARIAT, Step.CHECK, [max(settled, since)]))
    return tuple(found)


def read_next_steps(applications: Iterable[Application]) -> dict[int, tuple[NextStep, ...]]:
    """The steps of each application, by key. Three queries, however many there are."""
    keys = [application.pk for application in applications]
    if not keys:
        return {}
    statuses = ApplicationStatus.objects.undecided().filter(application__in=keys).select_related("application")
    return {**dict.fromkeys(keys, ()), **steps_of(statuses, Rules.read(*STEPS))}


def steps_of(statuses: Iterable[ApplicationStatus], rules: Rules) -> dict[int, tuple[NextStep, ...]]:
    """The steps of the applications that are in these states, by key. One query besides that of the states."""
    now = {row.application_id: row for row in statuses}
    rows = Check.objects.filter(application__in=now).order_by()
    return put_together(now, lines_of(rows.values_list("application", "state", "changed_at")), rules)


def put_together(
    now: Mapping[int, ApplicationStatus], lines: Mapping[int, list[Line]], rules: Rules
) -> dict[int, tuple[NextStep, ...]]:
    """The steps of applications, by key, from the states that they are in, their lines and the rules. No query."""
    return {
        key: next_steps(
            row.state, since=row.valid_from, pillar=row.application.pillar, lines=lines.get(key, ()), rules=rules
        )
        for key, row in now.items()
    }


def lines_of(checks: Iterable[tuple[int, str, datetime]]) -> dict[int, list[Line]]:
    """The lines of each application, by its key, from its checks: key, state, when they changed (aware)."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for key, state, changed_at in checks:
        lines[key].append(Line(state, day_of(changed_at)))
    return lines


def waiting_for(actor: str) -> Q:
    """The condition that an application waits for somebody to act."""
    now = ApplicationStatus.objects.current().filter(application=OuterRef("pk"))
    checks = Check.objects.filter(application=OuterRef("pk"))
    is_open = Exists(now.filter(state__in=ApplicationStatus.UNDECIDED))
    supplied = Exists(checks.filter(state=Check.State.SUPPLIED))
    if actor == Actor.APPLICANT:
        return Q(is_open, Exists(checks.filter(state__in=Check.WITH_APPLICANT)))
    if actor == Actor.BOARD:
        return Q(Exists(now.filter(state=ApplicationStatus.State.UNDER_REVIEW)))
    begins = Q(
        Exists(now.filter(state=ApplicationStatus.State.RECEIVED)), ~Exists(checks.exclude(state__in=Check.SETTLED))
    )
    return Q(is_open, supplied) | begins


def applications_waiting_for(actor: str) -> QuerySet[Any]:
    """The applications that wait for somebody to act."""
    return Application.objects.filter(waiting_for(actor)).select_related("organisation", "standard")
