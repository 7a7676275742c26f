"""Texts: of one line or several, e-mail and web addresses, and files."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires.editions import FrozenQuestion
from questionnaires.kinds.base import Kind, Pairs, typed_line, words


class Text(Kind):
    def limits(self, question: FrozenQuestion) -> str:
        if not question.words:
            return ""
        return ngettext("Up to %(words)d word.", "Up to %(words)d words.", question.words) % {"words": question.words}

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if question.words and (count := words(value)) > question.words:
            over = count - question.words
            return [
                ngettext("Shorten the answer by %(over)d word.", "Shorten the answer by %(over)d words.", over)
                % {"over": over}
            ]
        return []


class Line(Text):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return typed_line(data, name) or None


class Email(Line):
    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        try:
            validate_email(value)
        except ValidationError:
            return [_("Write an e-mail address, for example name@example.org.")]
        return []


class WebAddress(Line):
    """An address on the web; people leave out the ``https://`` that their browser hides from them."""

    is_address = URLValidator(schemes=["http", "https"])

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        try:
            self.is_address(value if "://" in value else f"https://{value}")
        except ValidationError:
            return [_("Write a web address, for example https://www.example.org.")]
        return []


class File(Kind):
    """The value is written by the operation that stores the file; what a form posts is the file that stands there."""

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return None

    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [name, f"{name}-remove"]

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return ", ".join(file["name"] for file in value or ())
