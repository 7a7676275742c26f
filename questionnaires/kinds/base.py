"""What all kinds of question share, and how a posted text is read."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

from questionnaires.editions import FrozenQuestion

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Pairs = list[tuple[str, str]]


def typed(data: QueryDict, name: str) -> str:
    """One posted text: newlines as ``\\n``, without what PostgreSQL cannot store, and without space around it."""
    text = data.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    return UNSTORABLE.sub("", text).strip()


def typed_line(data: QueryDict, name: str) -> str:
    """One posted text of a field of one line. A browser would drop its line ends, and join the words beside them."""
    return " ".join(typed(data, name).split("\n"))


def words(text: str) -> int:
    """How many words a text has. Scripts without spaces count their letters, as their own word processors do."""
    count = 0
    for chunk in text.split():
        letters = sum(1 for letter in chunk if "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af")
        count += letters or 1
    return count


class Kind:
    """What all kinds share. `name` is the base of the posted names: ``q12``."""

    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        """Every name that the fields of this question post."""
        return [name]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        """The value that was posted, null when blank. Choices that the question does not offer are dropped."""
        return typed(data, name) or None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        """The names and values that the fields would post for this value: the inverse of `read`."""
        return [] if value is None else [(name, str(value))]

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        """What stops a submission, each as a sentence that says what to do. A blank value has none but “required”."""
        return []

    def limits(self, question: FrozenQuestion) -> str:
        """What the question's limits are, as a sentence for its hint; empty without any."""
        return ""

    def show(self, question: FrozenQuestion, value: Any) -> str:
        """The value as a reader sees it, in plain text."""
        return "" if value is None else str(value)
