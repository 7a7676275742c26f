"""Figures of the registry as of a day, each with the sentence in which a record says it.

What the registry knows is counted here. Other apps that keep rows to count add theirs in `AppConfig.ready()`:

    figures.register(questionnaire_figures)

A source is a function that takes the day and the knowledge asked for (`AsOf`) and gives figures in the active language.
What it counts it asks of `AsOf.counted`, so that all figures of a page are counted in one query. Keys are stable: a
record that holds a figure finds it again by its key.
"""

from members.figures.asking import AsOf, Figure, behind, figures, figures_of, register, together
from members.figures.board import board_figures, delegation_figures
from members.figures.participants import participant_figures
from members.figures.registry import (
    SMALLEST_SHOWN,
    application_figures,
    certified_figures,
    company_figures,
    head_figures,
    member_figures,
    sizes,
    standard_figures,
)

for source in (
    member_figures,
    company_figures,
    certified_figures,
    standard_figures,
    application_figures,
    participant_figures,
    delegation_figures,
    board_figures,
):
    register(source)

__all__ = [
    "SMALLEST_SHOWN",
    "AsOf",
    "Figure",
    "behind",
    "figures",
    "figures_of",
    "head_figures",
    "register",
    "sizes",
    "together",
]
