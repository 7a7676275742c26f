"""Named refusals of the meetings. Each carries a sentence for the person whose act was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from icoca_portal.lib.refusals import Refusal

if TYPE_CHECKING:
    from meetings.attributions import Attribution


class MeetingInAnotherState(Refusal):
    """The meeting is not in a state from which this step leads on."""


class DateMissing(Refusal):
    """A meeting is convened, held and closed on a date; this one has none."""


class AgendaEmpty(Refusal):
    """There is no item on the agenda."""


class AgendaAlreadyAdopted(Refusal):
    """An adopted agenda is neither adopted again nor revised."""


class MeetingNotYetTakenPlace(Refusal):
    """The day of the meeting is still to come."""


class MeetingKeptFromParticipants(Refusal):
    """The step tells the participants about a meeting that only the secretariat reads."""


class SummaryAlreadyDrafted(Refusal):
    """A draft exists, and drafting again would overwrite what was written in it."""


class SummaryInAnotherState(Refusal):
    """The summary is not in a state from which this step leads on."""


class SummaryChangedMeanwhile(Refusal):
    """The text was changed after the page on which it was approved had been shown."""


class SummaryEmpty(Refusal):
    """A part of the summary has no text."""


class CommentsStillOpen(Refusal):
    """The summary was circulated, and the time for comments has not ended."""


class TimeAlreadyPast(Refusal):
    """The time given for comments is over before it begins."""


class SummaryAttributes(Refusal):
    """Names of participants stand in the text, and nobody has said that they attribute nothing.

    `attributions` lists where they stand.
    """

    def __init__(self, message: str, attributions: Sequence[Attribution]) -> None:
        super().__init__(message)
        self.attributions = attributions
