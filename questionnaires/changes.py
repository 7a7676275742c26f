"""What passes between the forms and the operations when answers are saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from questionnaires.models import Answer


@dataclass(frozen=True)
class Change:
    """What somebody typed for one question, and the version of the answer they started from (0: there was none).

    `origin` is how the text came about, one of `models.AnswerOrigin`.
    """

    question_id: int
    value: Any
    base_version: int
    origin: str = "typed"


@dataclass
class Saved:
    """What became of changes, by question id: answers stored, those that a colleague had saved meanwhile, and texts for
    questions that are asked no more, which are not stored (each with the sentence that says so)."""

    answers: dict[int, Answer] = field(default_factory=dict)
    conflicts: dict[int, Answer] = field(default_factory=dict)
    gone: dict[int, str] = field(default_factory=dict)
