"""In which language a reader sees the questions: their own where the texts are written in it, or the one they chose.

The choice is kept in the session, for each questionnaire: the language of the pages stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from questionnaires.editions import EditionContent
from questionnaires.models import Edition

SESSION_KEY = "question_languages"


@dataclass(frozen=True)
class Offered:
    """A language to choose. `name` is in that language."""

    code: str
    name: str
    is_chosen: bool


def content_for(request: HttpRequest, edition: Edition) -> EditionContent:
    """The questions of an edition in the language that this reader chose for its questionnaire, else in their own."""
    chosen = request.session.get(SESSION_KEY, {}).get(str(edition.questionnaire_id))
    return edition.questions_in(chosen) if chosen else edition.questions


def language_of(request: HttpRequest, edition: Edition, content: EditionContent) -> str:
    """The language in which the questions stand on this page."""
    chosen = request.session.get(SESSION_KEY, {}).get(str(edition.questionnaire_id))
    wanted = chosen or (get_language() or settings.LANGUAGE_CODE)[:2]
    first = content.languages[0] if content.languages else settings.LANGUAGE_CODE
    return wanted if wanted in content.languages else first


def choose_language(request: HttpRequest, edition: Edition, language: str) -> None:
    """Keep the reader's choice; one that the questions are not written in is no choice."""
    if language in edition.questions.languages:
        kept = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = {**kept, str(edition.questionnaire_id): language}


def offered(content: EditionContent, current: str) -> list[Offered]:
    """The languages to choose from; none where the questions are written in one alone."""
    if len(content.languages) < 2:
        return []
    return [Offered(code, _name(code), code == current) for code in content.languages]


def _name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
