"""What is published of the answers to a questionnaire: counted, with every small figure left out, and sealed.

The canonical JSON is an object ``{"format": 1, "title", "code", "translations", "editions", "threshold", "rate",
"sections"}``. `editions` are the numbers of those that responses on record answer. `rate` holds ``asked`` and
``answered`` (delegations; ``answered`` is null for fewer than the threshold), and ``kinds``: the same for States and
for international organisations, empty where a number of it would be small. A section holds ``number, title,
translations, questions``, and a question

==================  ================================================================================================
``id … objective``  as its edition has them: ``id, number, kind, text, low, high, unit, translations, objective``
``conditional``     whether it was asked of some only; ``editions``: the numbers of those that asked it, null for all
``total``           of how many delegations the counts are; null where nothing is shown, and ``reason`` says why:
                    ``few`` delegations were asked; in one ``edition`` alone, all but a few or only a few; or the
                    number of those asked would tell of another question (``condition``)
``tables``          counts ``{"row", "overlap", "cells"}``: `row` is that of a matrix, null for the others; the cells of
                    a table exclude each other and make up the total, or `overlap`, where several could be chosen. A
                    cell holds its ``key`` (with ``label`` and ``labels``, of a choice) and its ``count``, **null where
                    the figure is left out**. Keys beside the choices: ``=answered``, ``=blank`` (asked, no answer),
                    ``=not-asked`` (another edition), ``=rest`` (all other answers, or none)
``figures``         ``mean`` (of a scale), ``ranks`` (the choices with their mean ranks), ``middle`` (``lower, centre,
                    upper``: of numbers and days, each the mean of as many answers as the threshold says)
``quotations``      ``{"text", "delegation"}``: what delegations allowed to be quoted, the name null where without it
==================  ================================================================================================

How figures are left out stands in docs/decisions/small-numbers.md and `icoca_portal.lib.small_numbers`.
Nothing else of an answer is in the JSON.
"""

from questionnaires.results import taking
from questionnaires.results.composing import FORMAT, Composed, LeftOut, compose, compose_record
from questionnaires.results.quoting import Held
from questionnaires.results.reading import Asked, AskedSection, Record, Voice, delegations_asked, read_record
from questionnaires.results.showing import Shown, body_of, show, show_content

__all__ = [
    "FORMAT",
    "Asked",
    "AskedSection",
    "Composed",
    "Held",
    "LeftOut",
    "Record",
    "Shown",
    "Voice",
    "body_of",
    "compose",
    "compose_record",
    "delegations_asked",
    "read_record",
    "show",
    "show_content",
    "taking",
]
