"""Named refusals of the registry. Each carries a sentence for the person whose act was refused."""

from __future__ import annotations

from icoca_portal.lib.refusals import Refusal


class DatesOverlap(Refusal):
    """A dated row would share a day with another one that says something else."""


class AlreadyEnded(Refusal):
    """The row has an end, or was superseded, already."""
