"""Named refusals of the registry. Each carries a sentence for the person whose act was refused."""

from __future__ import annotations

from icoca_portal.lib.refusals import Refusal


class DatesOverlap(Refusal):
    """A dated row would share a day with another one that says something else."""


class AlreadyEnded(Refusal):
    """The row has an end, or was superseded, already."""


class EndsBeforeItBegins(Refusal):
    """The end given is not after the beginning."""


class AccountClosed(Refusal):
    """The act needs an open account."""


class NoRole(Refusal):
    """The person has no place in the portal, now or to come."""


class OwnAccount(Refusal):
    """Nobody closes the account they are signed in with."""


class AddressTaken(Refusal):
    """Somebody else has this e-mail address."""


class NotAMember(Refusal):
    """The act is about members of the Association, and the organisation is none on that day."""


class CertificateStillRuns(Refusal):
    """A certificate would run on after the membership that it needs."""


class OutsideItsTerm(Refusal):
    """The day given is not one of those on which the row holds."""


class StillOpen(Refusal):
    """The same was asked for before and is not decided, or is given already."""


class AlreadyDecided(Refusal):
    """The application was decided or withdrawn, or is in that state already."""


class AlreadyIssued(Refusal):
    """A version of a guidance that was issued stays as it is; a wrong one gets a successor."""


class FileMissing(Refusal):
    """A guidance is issued with a file, and a member sends its self-assessment as one."""


class FileThere(Refusal):
    """The version has a file of this form, language and type."""


class LabelTaken(Refusal):
    """The guidance has a version of this name."""


class ChangedMeanwhile(Refusal):
    """A colleague changed it while the page was open."""


class ActivityInAnotherState(Refusal):
    """The review or workshop is not in a state from which this step leads on."""


class NoRuleForDeadline(Refusal):
    """No day was given, and no rule says how long there is."""


class DueInThePast(Refusal):
    """What is asked for cannot be due before it is asked for."""


class NobodyToAsk(Refusal):
    """There is no member of this pillar on the day."""


class AssessmentSettled(Refusal):
    """The self-assessment was received, or is not needed."""


class AssessmentOutstanding(Refusal):
    """The self-assessment is waited for already."""


class DayToCome(Refusal):
    """What has happened has a day of the past."""


class TooLateToReplace(Refusal):
    """The self-assessment was received, and the time for a newer file is over."""


class NotStruckOut(Refusal):
    """Only what was struck out is restored."""


class LastState(Refusal):
    """An application is in a state as long as there is one; its last state is corrected, not struck out."""


class Merged(Refusal):
    """The organisation was entered twice, and merged into the other entry."""


class LineSettled(Refusal):
    """The line of the checklist is settled and moves no further, or is open already."""


class LineChangedMeanwhile(Refusal):
    """The page named an earlier version of the line: somebody supplied, returned or settled it since."""


class LinesNotSettled(Refusal):
    """The review cannot begin, nor the Board approve, before every line of the checklist is settled."""


class NothingSupplied(Refusal):
    """The line has nothing that could be checked, or nothing was sent."""


class ContactErased(Refusal):
    """The contact was erased: nothing of it is left to change."""


class Circle(Refusal):
    """An organisation would have come out of itself."""


class AlreadyMerged(Refusal):
    """One of the two entries was merged into another one already."""


class CannotBeMerged(Refusal):
    """Rows of the two entries say different things of the same days, or the entries cannot be one."""


class NotMerged(Refusal):
    """Only an entry that was merged into another is made one of its own again."""


class ImportSettled(Refusal):
    """The file was applied or given up already."""


class ImportRefused(Refusal):
    """A line of the file is refused, and with it the whole."""


class RegistryChangedMeanwhile(Refusal):
    """The registry is not what it was when the file was checked: its lines would do something else."""


class CircularInAnotherState(Refusal):
    """The circular is not in a state from which this step leads on."""


class CircularNotReady(Refusal):
    """Something is missing before the circular can go out: a text, a recipient, a value for a merge field."""


class CircularWrong(Refusal):
    """What was written cannot be kept: a merge field is unknown, or a brace stands alone."""


class OwnCircular(Refusal):
    """Two pairs of eyes: who wrote a circular, or put it to a colleague, does not approve it."""


class FourEyesOff(Refusal):
    """A circular is put to a colleague only where two pairs of eyes are asked for."""


class ReasonMissing(Refusal):
    """A circular is returned with a reason."""


class CopyOnItsWay(Refusal):
    """The copy before is queued or being sent: another one would be one too many."""


class CircularAddressUnusable(Refusal):
    """No mail can reach the address."""


class CopyChangedMeanwhile(Refusal):
    """Another copy of the circular was queued for the recipient since the page was shown."""
