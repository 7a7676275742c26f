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
