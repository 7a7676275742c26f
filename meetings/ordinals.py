"""The names of meetings in words: the ninth exchange."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ORDINALS: tuple[Promise, ...] = (
    gettext_lazy("First exchange"),
    gettext_lazy("Second exchange"),
    gettext_lazy("Third exchange"),
    gettext_lazy("Fourth exchange"),
    gettext_lazy("Fifth exchange"),
    gettext_lazy("Sixth exchange"),
    gettext_lazy("Seventh exchange"),
    gettext_lazy("Eighth exchange"),
    gettext_lazy("Ninth exchange"),
    gettext_lazy("Tenth exchange"),
    gettext_lazy("Eleventh exchange"),
    gettext_lazy("Twelfth exchange"),
    gettext_lazy("Thirteenth exchange"),
    gettext_lazy("Fourteenth exchange"),
    gettext_lazy("Fifteenth exchange"),
    gettext_lazy("Sixteenth exchange"),
    gettext_lazy("Seventeenth exchange"),
    gettext_lazy("Eighteenth exchange"),
    gettext_lazy("Nineteenth exchange"),
    gettext_lazy("Twentieth exchange"),
    gettext_lazy("Twenty-first exchange"),
    gettext_lazy("Twenty-second exchange"),
    gettext_lazy("Twenty-third exchange"),
    gettext_lazy("Twenty-fourth exchange"),
    gettext_lazy("Twenty-fifth exchange"),
    gettext_lazy("Twenty-sixth exchange"),
    gettext_lazy("Twenty-seventh exchange"),
    gettext_lazy("Twenty-eighth exchange"),
    gettext_lazy("Twenty-ninth exchange"),
    gettext_lazy("Thirtieth exchange"),
)


def exchange(number: int) -> str:
    """``Ninth exchange``, at the beginning of a line; from 31 on ``Exchange No. 31``."""
    if 1 <= number <= len(ORDINALS):
        return str(ORDINALS[number - 1])
    return _("Exchange No. %(number)d") % {"number": number}


def exchange_in_sentence(number: int) -> str:
    """``ninth exchange``, as it stands inside a sentence."""
    name = exchange(number)
    return name[:1].lower() + name[1:]
