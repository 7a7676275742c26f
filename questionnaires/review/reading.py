"""Who reads the responses to a questionnaire, and what of them: the one place that keeps what was promised.

From when a submission exists for the Board is `SubmissionQuerySet.visible_to`. Whether its delegation has a name is
here: every page, address, search, file and export of the Board takes labels, keys, references, times and reasons of
submissions from a `Reader`, never from the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of
from icoca_portal.lib.uploads import EXTENSIONS
from questionnaires.models import Passage, Questionnaire, Remark, Response, Submission

NEUTRAL = re.compile(r"delegation-([0-9]{1,9})")
BY_NAME = ("response__delegation__organisation__name", "response")
BY_NUMBER = ("response__neutral_number", "response")


def neutral(number: int | None) -> tuple[str, str]:
    """What a delegation is called, and what stands for it in addresses, where it has no name."""
    return _("Delegation %(number)s") % {"number": number or "–"}, f"delegation-{number or 0}"


@dataclass(frozen=True)
class Reader:
    """A person at the responses to one questionnaire. `since` is when their last visit ended; None at the first."""

    questionnaire: Questionnaire
    user: Any
    since: datetime | None = None

    @cached_property
    def names(self) -> bool:
        """Whether the reader learns which delegation an answer is of."""
        return bool(self.user.has_perm("questionnaires.read_names", self.questionnaire))

    @cached_property
    def of_board(self) -> bool:
        """Whether the reader has a part in the Board's own work: remarks and themes."""
        return bool(self.user.has_perm("questionnaires.write_remark", self.questionnaire))

    @property
    def order(self) -> tuple[str, str]:
        """In which order delegations stand: by name, or by a number that tells nothing."""
        return BY_NAME if self.names else BY_NUMBER

    def submissions(self) -> QuerySet[Submission]:
        """The submissions on record that exist for the reader, in order, without their sealed texts."""
        return self._rows().on_record().order_by(*self.order)

    def submissions_of(self, key: str) -> QuerySet[Submission]:
        """All submissions of the delegation that `key` names in addresses, the newest first."""
        return self._rows().filter(self._is(key)).order_by("-number")

    def _rows(self) -> Any:
        joined = ["response", "return_record"]
        if self.names:
            joined.append("response__delegation__organisation")
        rows = Submission.objects.visible_to(self.user).filter(response__questionnaire=self.questionnaire)
        return rows.select_related(*joined).defer("content")

    def _is(self, key: str) -> Q:
        if self.names:
            return Q(response__delegation__organisation__slug=key)
        number = NEUTRAL.fullmatch(key)
        return Q(response__neutral_number=int(number[1])) if number else Q(pk__in=[])

    def label(self, response: Response) -> str:
        """What the delegation is called: its name, or “Delegation 417”."""
        return str(response.delegation) if self.names else neutral(response.neutral_number)[0]

    def key(self, response: Response) -> str:
        """What stands for the delegation in addresses."""
        return response.delegation.organisation.slug if self.names else neutral(response.neutral_number)[1]

    def file_name(self, name: str, number: str, place: int) -> str:
        """The name of a file: the delegation's own, or that of its question, for names of files tell whose they are."""
        if self.names:
            return name
        ending = next((ending for ending in EXTENSIONS.values() if name.lower().endswith(ending)), "")
        return f"{_('file')}-{number}-{place}{ending}"

    def remarks(self) -> QuerySet[Remark]:
        """The Board's remarks on this questionnaire, for who is of the Board.

        Asked about this questionnaire, so that the rules decide for administrators too: without an object every
        permission is theirs.
        """
        if not self.of_board:
            return Remark.objects.none()
        return Remark.objects.visible_to(self.user).filter(submission__response__questionnaire=self.questionnaire)

    def passages(self) -> QuerySet[Passage]:
        """The passages that stand, of submissions that exist for the reader; for who is of the Board."""
        if not self.of_board:
            return Passage.objects.none()
        rows = Passage.objects.visible_to(self.user).filter(theme__questionnaire=self.questionnaire)
        seen = Submission.objects.visible_to(self.user).filter(response__questionnaire=self.questionnaire)
        return rows.filter(submission__in=seen.values("pk"))

    @property
    def waits(self) -> bool:
        """Whether the Board reads nothing yet, because the questionnaire promised so."""
        questionnaire = self.questionnaire
        return (
            not self.user.has_perm("questionnaires.read_submissions_at_once", questionnaire)
            and questionnaire.read_from == Questionnaire.ReadFrom.CLOSING
            and questionnaire.state in (Questionnaire.State.DRAFT, Questionnaire.State.OPEN)
        )

    def is_new(self, moment: datetime) -> bool:
        """Whether something came since the reader's last visit; nothing is new at the first."""
        return self.since is not None and moment > self.since


@dataclass(frozen=True)
class Received:
    """One submission as its reader may know it."""

    reader: Reader
    submission: Submission

    @property
    def label(self) -> str:
        return self.reader.label(self.submission.response)

    @property
    def key(self) -> str:
        return self.reader.key(self.submission.response)

    @property
    def reference(self) -> str:
        """The reference number, which names the delegation; empty for who reads without names."""
        return self.submission.reference if self.reader.names else ""

    @property
    def submitted_by(self) -> str:
        return self.submission.submitted_by_name if self.reader.names else ""

    @property
    def seal(self) -> str:
        """The seal is public with its reference number, so that who reads without names does not get it."""
        return self.submission.sha256 if self.reader.names else ""

    @property
    def submitted_at(self) -> datetime | None:
        """When it was submitted; None for who reads without names, since the time may tell whose it is."""
        return self.submission.submitted_at if self.reader.names else None

    @property
    def submitted_on(self) -> date | None:
        """The day of the submission in Geneva, whatever the reader's zone."""
        return day_of(self.submission.submitted_at) if self.reader.names else None

    @property
    def is_returned(self) -> bool:
        return hasattr(self.submission, "return_record")

    @property
    def reason(self) -> str:
        """Why it was returned, which the secretariat wrote to this delegation."""
        return self.submission.return_record.reason if self.is_returned and self.reader.names else ""

    @property
    def returned_at(self) -> datetime | None:
        return self.submission.return_record.returned_at if self.is_returned and self.reader.names else None

    @property
    def is_new(self) -> bool:
        return self.reader.is_new(self.submission.submitted_at)
