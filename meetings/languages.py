"""The languages in which people speak at a meeting or hear an interpreter, by their codes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The six of the United Nations first, then those that participants bring along.
LANGUAGES: dict[str, Promise] = {
    "ar": _("Arabic"),
    "zh": _("Chinese"),
    "en": _("English"),
    "fr": _("French"),
    "ru": _("Russian"),
    "es": _("Spanish"),
    "de": _("German"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "ja": _("Japanese"),
    "pl": _("Polish"),
    "uk": _("Ukrainian"),
}


def language_names(codes: Iterable[str]) -> str:
    """``English, French``: the names in the reader's language, in the order of the list above."""
    wanted = set(codes)
    known = [str(name) for code, name in LANGUAGES.items() if code in wanted]
    return ", ".join([*known, *sorted(wanted - LANGUAGES.keys())])
