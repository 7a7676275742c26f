"""The root of every named refusal."""

from __future__ import annotations


class Refusal(Exception):
    """An act that the present state does not allow.

    `str()` of it is a translated sentence for the person whose act was refused: what stopped it and what to do.
    """
