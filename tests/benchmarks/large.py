"""The work that is measured on a large portal, and beside each piece the same work done by a bare view."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from members.models import User
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Answer, Response
from tests.benchmarks import asking, filling
from tests.benchmarks.asking import Browser, Figures, Work
from tests.benchmarks.filling import Filled

# Submitted responses, questions, sections.
SIZES = ((5000, 12, 3), (200, 60, 6))
# The delegate's pages: at least half of the bare view's throughput. Results: at most twice its time. Both are this.
AIM = 0.5


@dataclass(frozen=True)
class Case:
    """A piece of work, the portal's and the bare view's. `aim` is the least ratio of the two; None: only shown."""

    name: str
    portal: Work
    bare: Work
    expected: int = 200
    queries: int = 12
    aim: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What was measured of a case."""

    case: Case
    portal: Figures
    bare: Figures

    @property
    def ratio(self) -> float:
        """The portal's throughput as a part of the bare view's, by the medians: a busy machine moves them least."""
        return self.bare.median / self.portal.median

    @property
    def faults(self) -> list[str]:
        """What is wrong, as a few words each."""
        found = []
        if (self.portal.status, self.bare.status) != (self.case.expected, self.case.expected):
            found.append(f"answered {self.portal.status}, the bare view {self.bare.status}")
        if self.portal.queries > self.case.queries:
            found.append(f"more than {self.case.queries} queries")
        if self.case.aim is not None and self.ratio < self.case.aim:
            found.append(f"below {self.case.aim:.2f}")
        return found


class Field:
    """A text of a draft that is saved again and again, each time another one and from the version stored last."""

    def __init__(self, browser: Browser, address: str, response: Response, question: FrozenQuestion) -> None:
        self._browser, self._address, self._name = browser, address, f"q{question.id}"
        self._row = Answer.objects.filter(response=response, question_id=question.id)
        self._version = self._row.get().version
        self._sent = ""

    def save(self) -> asking.Answer:
        self._sent = f"Sample text that was typed as number {self._version}. " * 4
        answer = self._browser.post(
            self._address, {self._name: self._sent, f"{self._name}-version": str(self._version)}
        )
        self._version += answer.status == 200
        return answer

    def check(self) -> None:
        """Raises AssertionError unless what was saved last is what stands there."""
        row = self._row.get()
        assert (row.value, row.version) == (self._sent.strip(), self._version), "a save was not stored"


def reopen(response: Response) -> Callable[[], None]:
    """A function that makes a submitted response a draft again, as nothing in the portal does."""

    def to_draft() -> None:
        Response.objects.filter(pk=response.pk).update(state=Response.State.DRAFT)

    return to_draft


def delegate_cases(filled: Filled, portal: Browser, bare: Browser) -> Iterator[Case]:
    """What a focal point does; the two browsers are those of the focal points of the two drafts."""
    slug = filled.questionnaire.slug
    ours, theirs = f"/questionnaires/{slug}/response/", f"/bare/{slug}/response/"
    edition = filled.questionnaire.edition
    assert edition is not None
    first = edition.questions.sections[0].questions[0]
    of = f"{filled.questions} questions"
    yield Case(f"open a section, {of}", portal.getting(f"{ours}1/"), bare.getting(f"{theirs}1/"), aim=AIM)
    fields = [
        Field(browser, f"{base}1/{first.id}/", response, first)
        for browser, base, response in zip((portal, bare), (ours, theirs), filled.drafts, strict=True)
    ]
    saves = [Work(field.save) for field in fields]
    yield Case(f"save a field, {of}", saves[0], saves[1], queries=16, aim=AIM)
    for field in fields:
        field.check()
    confirmed = {"confirm": "on"}
    yield Case(
        f"submit, {of}",
        Work(lambda: portal.post(f"{ours}submit/", confirmed), reopen(filled.drafts[0])),
        Work(lambda: bare.post(f"{theirs}submit/", confirmed), reopen(filled.drafts[1])),
        expected=302,
        queries=30,
        aim=AIM,
    )


def board_cases(filled: Filled, portal: Browser, bare: Browser) -> Iterator[Case]:
    """What a director reads; nothing was promised of its ratio."""
    slug = filled.questionnaire.slug
    edition = filled.questionnaire.edition
    assert edition is not None
    first = edition.questions.sections[0].questions[0].id
    for name, path in (("matrix, first page", "review/"), ("one question across all", f"review/{first}/")):
        yield Case(
            f"{name}, {_size(filled)}",
            portal.getting(f"/questionnaires/{slug}/{path}"),
            bare.getting(f"/bare/{slug}/{path}"),
        )


def results_case(filled: Filled, portal: Browser, bare: Browser) -> Case:
    """What every participant reads once the questionnaire is closed and its results are published."""
    slug = filled.questionnaire.slug
    return Case(
        f"results, {_size(filled)}",
        portal.getting(f"/questionnaires/{slug}/results/"),
        bare.getting(f"/bare/{slug}/results/"),
        aim=AIM,
    )


def _size(filled: Filled) -> str:
    return f"{filled.responses:,} × {filled.questions}"


def cases(sizes: tuple[tuple[int, int, int], ...] = SIZES) -> Iterator[Case]:
    """Fill the database and give the work one by one, each to be measured before the next is asked for."""
    all_filled = list(filling.fill(sizes))
    filling.take_stock()
    handlers = ((asking.portal(), asking.PORTAL_BACKEND), (asking.bare(), asking.BARE_BACKEND))
    director = [Browser(handler, User.objects.get(email=filling.DIRECTOR), backend) for handler, backend in handlers]
    for filled in all_filled:
        people = [
            Browser(
                handler,
                User.objects.get(appointments__delegation=draft.delegation, appointments__role="focal point"),
                backend,
            )
            for (handler, backend), draft in zip(handlers, filled.drafts, strict=True)
        ]
        yield from delegate_cases(filled, *people)
        yield from board_cases(filled, *director)
        began = time.monotonic()
        filling.publish(filled.questionnaire, filled.questionnaire.opened_by)  # type: ignore[arg-type]
        print(f"Results of {_size(filled)} counted in {time.monotonic() - began:.1f} s.")
        yield results_case(filled, *people)
