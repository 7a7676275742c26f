"""``{% kept %}``: rendered once for each set of keys and language, and never beyond its keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from icoca_portal.templatetags import kept

SOURCE = "{% load kept i18n %}{% kept one two %}{{ one }}-{{ two }}-{{ asked }}-{% translate 'Yes' %}{% endkept %}"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


class Counter:
    """Says how often it was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __str__(self) -> str:
        self.count += 1
        return str(self.count)


def test_the_same_keys_are_rendered_once() -> None:
    template, asked = Template(SOURCE), Counter()

    pages = [template.render(Context({"one": one, "two": 2, "asked": asked})) for one in ("a", "b", "a", "b")]

    assert pages == ["a-2-1-Yes", "b-2-2-Yes", "a-2-1-Yes", "b-2-2-Yes"]


def test_each_language_has_its_own() -> None:
    template, asked = Template(SOURCE), Counter()
    pages = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            pages.append(template.render(Context({"one": 1, "two": 2, "asked": asked})))

    assert pages == ["1-2-1-Yes", "1-2-2-Oui", "1-2-1-Yes"]


def test_what_is_kept_is_escaped_like_the_rest() -> None:
    page = Template(SOURCE).render(Context({"one": "<b>", "two": 2, "asked": ""}))

    assert page == "&lt;b&gt;-2--Yes"


def test_it_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    template, asked = Template(SOURCE), Counter()
    for one in (1, 2, 3, 4, 4):
        template.render(Context({"one": one, "two": 2, "asked": asked}))
    assert asked.count == 4

    template.render(Context({"one": 1, "two": 2, "asked": asked}))

    assert asked.count == 5


def test_it_must_be_ended() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept %}{% kept one %}words")
