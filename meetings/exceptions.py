"""Named refusals of the meetings. Each carries a sentence for the person whose act was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from icoca_portal.lib.refusals import Refusal

if TYPE_CHECKING:
    from meetings.attributions import Attribution
    from meetings.models import Decision, Invitation, Note, Registration


class MeetingInAnotherState(Refusal):
    """The meeting is not in a state from which this step leads on."""


class DateMissing(Refusal):
    """A meeting is convened, held and closed on a date; this one has none."""


class AgendaEmpty(Refusal):
    """There is no item on the agenda."""


class AgendaAlreadyAdopted(Refusal):
    """An adopted agenda is neither adopted again nor revised."""


class AgendaUnchanged(Refusal):
    """A revised agenda says what changed; nothing did."""


class AgendaNotCirculated(Refusal):
    """What is adopted is what was circulated; the secretariat has changed it since."""


class NothingMoved(Refusal):
    """The date, the hours, the place and the way of meeting are as they were."""


class DateNoteMissing(Refusal):
    """A meeting without a date says in its note when it may be."""


class MeetingDateNotToCome(Refusal):
    """A meeting is moved to a day to come."""


class HoursWrong(Refusal):
    """A meeting ends after it begins."""


class NextMeetingExists(Refusal):
    """The next exchange was prepared already."""


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


class DocumentThereAlready(Refusal):
    """A current document has this symbol, language and format."""


class DocumentReplaced(Refusal):
    """A newer version has taken the place of the document."""


class DocumentChangedMeanwhile(Refusal):
    """Somebody changed the document after the page on which it stood had been shown."""


class SymbolMissing(Refusal):
    """A paper is to stand beside another one, which is not there or has no symbol."""


class ImportEnded(Refusal):
    """A text of the past was saved or given up already."""


class ImportChangedMeanwhile(Refusal):
    """Somebody corrected the text after the page on which it stood had been shown."""


class ImportIncomplete(Refusal):
    """A text of the past lacks what a record needs: a number, a title, words."""


class MeetingHasSummary(Refusal):
    """A meeting has one summary; this one has it already."""


class MeetingIsAnother(Refusal):
    """The meeting with this number is on record for another day."""


class TimeAlreadyPast(Refusal):
    """The time given for comments is over before it begins."""


class RoundNotOpen(Refusal):
    """The text is not open for comments: the time is over, or something ended the silence before."""


class CommentEmpty(Refusal):
    """A comment, a proposal or an objection says nothing."""


class ParagraphUnknown(Refusal):
    """The circulated text has no paragraph with this number."""


class CommentWithdrawn(Refusal):
    """The comment was withdrawn."""


class CommentAnsweredMeanwhile(Refusal):
    """A colleague answered the comment after the page on which it is answered now had been shown."""


class CorrigendumUnexplained(Refusal):
    """Nobody has said what the corrigendum corrects."""


class NothingToCompose(Refusal):
    """Nothing was chosen that could be put into the summary."""


class FigureUnknown(Refusal):
    """The registry has no such figure for the day."""


class SummaryAttributes(Refusal):
    """Names stand in the text, and nobody has given a reason for which they attribute nothing.

    `attributions` lists where they stand.
    """

    def __init__(self, message: str, attributions: Sequence[Attribution]) -> None:
        super().__init__(message)
        self.attributions = attributions


class ItemOfAnotherMeeting(Refusal):
    """The agenda item, or what is written under it, belongs to another meeting."""


class NoteEmpty(Refusal):
    """There is no text to write down."""


class NoteChangedMeanwhile(Refusal):
    """Somebody else saved this note after its writer had begun from an older text. `note` is what is stored."""

    def __init__(self, message: str, note: Note) -> None:
        super().__init__(message)
        self.note = note


class DecisionChangedMeanwhile(Refusal):
    """Somebody else changed this decision after its writer had read it. `decision` is what is stored."""

    def __init__(self, message: str, decision: Decision) -> None:
        super().__init__(message)
        self.decision = decision


class SpeakerMissing(Refusal):
    """Neither a delegation nor a name asks for the floor."""


class SpeakerInAnotherState(Refusal):
    """The speaker does not wait for the floor, or does not have it."""


class AttendanceIncomplete(Refusal):
    """Nothing says who took part."""


class FollowUpIncomplete(Refusal):
    """Nothing says what is to be done."""


class FollowUpInAnotherState(Refusal):
    """The follow-up is not in a state from which this step leads on."""


class FollowUpChangedMeanwhile(Refusal):
    """The follow-up was changed after the page with this step had been shown."""


class ClosingNoteMissing(Refusal):
    """A follow-up is closed with a note that says how it ended."""


class RegistrationClosed(Refusal):
    """The time for registering is over, or has not come."""


class RegistrationUntilPast(Refusal):
    """The deadline of the registration has passed already, or lies after the meeting begins."""


class NobodyToRemind(Refusal):
    """Everybody has replied, was reminded within the hour, or has no focal point."""


class ReplyChangedMeanwhile(Refusal):
    """Somebody else replied for the delegation after the page was shown. `stored` is the invitation as it is now."""

    def __init__(self, message: str, stored: Invitation) -> None:
        super().__init__(message)
        self.stored = stored


class RegistrationChangedMeanwhile(Refusal):
    """Somebody else changed or withdrew the registration meanwhile. `stored` is the row as it is now."""

    def __init__(self, message: str, stored: Registration) -> None:
        super().__init__(message)
        self.stored = stored


class PersonRegisteredAlready(Refusal):
    """A person of this name stands in the delegation's list."""


class HeadRegisteredAlready(Refusal):
    """A delegation has one head."""


class WayOfAttendingNotOffered(Refusal):
    """The meeting is in person alone, or online alone."""
