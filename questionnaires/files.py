"""The files of an answer: beside it, or for a question of files the answer itself. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from questionnaires.editions import FrozenQuestion

if TYPE_CHECKING:
    from questionnaires.models import Answer

MOST_FILES = 10
"""How many files one answer takes."""


def takes_files(question: FrozenQuestion) -> bool:
    return question.kind == "file" or question.files


def files_of(question: FrozenQuestion, answer: Answer | None) -> list[Any]:
    """What is attached to an answer, each as ``{"attachment", "name", "size", "sha256"}``."""
    if answer is None:
        return []
    return list((answer.value if question.kind == "file" else answer.files) or [])
