"""What stands around the whole life of responses: a world of people and questions, and an account of what was said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from icoca_portal.lib import sealing
from members.models import Delegate, Delegation, User
from questionnaires import operations
from questionnaires.models import Answer, AnswerRevision, Question
from tests import factories


@dataclass(frozen=True)
class Kept:
    """What one version of an answer holds: canonical JSON of its value and of the files beside it."""

    value: str
    files: str

    @classmethod
    def of(cls, row: Answer | AnswerRevision) -> Kept:
        return cls(sealing.canonical(row.value), sealing.canonical(row.files))


@dataclass
class Account:
    """What the portal acknowledged to one delegation."""

    delegation: Delegation
    mark: str  # stands in every text of this delegation, and in no text of another
    kept: dict[int, list[Kept]] = field(default_factory=lambda: defaultdict(list))  # by question, version by version
    sealed: list[tuple[int, str]] = field(default_factory=list)  # the key and the seal of each submission, in order

    cleared: dict[int, Kept] = field(default_factory=dict)  # the present answers when they were cleared last

    @property
    def present(self) -> dict[int, Kept]:
        """What stands now, by question."""
        return {question: kept[-1] for question, kept in self.kept.items() if kept}

    def text(self, question: int, version: int) -> str:
        """The text of a version; before the first one it was blank."""
        return self.kept[question][version - 1].value if version else "null"

    def version(self, question: int) -> int:
        return len(self.kept[question])


@dataclass
class Person:
    """Somebody at a page: the versions that stood on it when it was opened, and the conflicts shown since."""

    user: User
    account: Account
    seen: dict[int, int] = field(default_factory=dict)
    conflicts: dict[int, tuple[Any, int]] = field(default_factory=dict)  # what was typed, and the version of theirs


@dataclass(frozen=True)
class World:
    """What stands before the first act."""

    questionnaire: int
    earlier: int  # a questionnaire that both delegations have submitted
    officer: User
    delegations: tuple[Delegation, Delegation]
    people: tuple[tuple[User, int], ...]  # each with the place of the delegation
    focal_points: tuple[User, User]


def make_world() -> World:
    """An open questionnaire whose questions hang together, put to two delegations of two and three people."""
    questionnaire = factories.QuestionnaireFactory(opened=False)
    Question.objects.all().delete()
    first, second = questionnaire.sections.order_by("position")
    gate = factories.QuestionFactory(section=first, position=1, kind="yes_no", required=True)
    single = factories.QuestionFactory(section=first, position=2, kind="single")
    for place, (section, kind, condition, more) in enumerate(
        [
            (first, "long_text", {"question": gate.pk, "is": "one_of", "values": ["yes"]}, {}),
            (first, "short_text", None, {"takes_files": True}),
            (first, "file", None, {}),
            (second, "long_text", {"question": single.pk, "is": "one_of", "values": ["first"]}, {"required": True}),
            (second, "long_text", None, {}),
            (second, "scale", {"question": gate.pk, "is": "answered", "values": []}, {}),
        ],
        3,
    ):
        condition = condition and {"match": "all", "tests": [condition]}
        factories.QuestionFactory(section=section, position=place, kind=kind, condition=condition, **more)
    officer = factories.UserFactory(is_staff=True)
    operations.open_questionnaire(questionnaire, by=officer)
    delegations = factories.DelegationFactory(), factories.DelegationFactory()
    earlier = factories.QuestionnaireFactory()
    for delegation in delegations:
        factories.SubmissionFactory(response__questionnaire=earlier, response__delegation=delegation)
    people, focal_points = [], []
    for place, delegation in enumerate(delegations):
        roles = [Delegate.Role.FOCAL_POINT, *[Delegate.Role.CONTRIBUTOR] * (1 + place)]
        users = [factories.DelegateFactory(delegation=delegation, role=role).user for role in roles]
        people += [(user, place) for user in users]
        focal_points.append(users[0])
    return World(questionnaire.pk, earlier.pk, officer, delegations, tuple(people), (focal_points[0], focal_points[1]))
