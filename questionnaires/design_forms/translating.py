"""Texts in every language of the portal, side by side, and what of a form is not what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from icoca_portal.lib.stale import Difference, shown


def other_languages() -> list[tuple[str, str]]:
    """The languages that texts are translated into, with their names: all of the portal's but the first."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def first_language() -> tuple[str, str]:
    """The language that texts are written in first."""
    return settings.LANGUAGE_CODE, str(dict(settings.LANGUAGES)[settings.LANGUAGE_CODE])


@dataclass(frozen=True)
class Wording:
    """The field of a text in one language."""

    code: str
    language: str
    field: Any


class TranslatedForm(forms.ModelForm):
    """A form whose `texts` are typed in every language, side by side."""

    texts: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code, _name = first_language()
        stored = self.instance.translations
        for name in self.texts:
            if name not in self.fields:
                continue
            first = self.fields[name]
            first.widget.attrs |= {"lang": code, "dir": "auto"}
            for other, language in other_languages():
                widget = copy(first.widget)
                widget.attrs = {**first.widget.attrs, "lang": other}
                self.fields[f"{name}-{other}"] = forms.CharField(
                    label=gettext("%(label)s, %(language)s") % {"label": first.label, "language": language},
                    required=False,
                    max_length=getattr(first, "max_length", None),
                    widget=widget,
                )
                self.initial.setdefault(f"{name}-{other}", stored.get(other, {}).get(name, ""))

    def wordings(self, name: str) -> list[Wording]:
        """The fields of a text, the first language first."""
        found = [Wording(*first_language(), self[name])]
        return found + [Wording(code, language, self[f"{name}-{code}"]) for code, language in other_languages()]

    def translations(self) -> dict[str, Any]:
        """The translations that were typed, by language; those into languages that the portal does not have stay."""
        known = {code for code, _name in other_languages()}
        typed = {code: texts for code, texts in self.instance.translations.items() if code not in known}
        for code in known:
            texts = {name: " ".join(self.cleaned_data.get(f"{name}-{code}", "").split(" ")) for name in self.texts}
            if filled := {name: text for name, text in texts.items() if text}:
                typed[code] = filled
        return typed


def one_line(text: str) -> str:
    """A text of one line; its field is larger only so that it can be read while it is written."""
    return " ".join(text.split())


def field_differences(form: Any, stored: Any) -> Iterator[Difference]:
    """Every plain field of a bound form whose typed value is not the stored one."""
    for name, form_field in form.fields.items():
        if form_field.disabled or (hasattr(form, "shows") and not form.shows(name.split("-")[0])):
            continue
        plain, _dash, code = name.partition("-")
        theirs = stored.translations.get(code, {}).get(plain, "") if code else getattr(stored, name)
        if name == "objective":
            theirs = stored.objective
        typed = form[name].data
        if form_field.has_changed(form_field.prepare_value(theirs), typed):
            yield Difference(str(form_field.label), shown(form_field, theirs), shown(form_field, typed))
