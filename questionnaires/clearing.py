"""The rounds of a clearance as the delegation reads them: who was asked, what came of it, and why it lapsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from questionnaires.models import AnswerRevision, Clearance, Response


@dataclass(frozen=True)
class Round:
    """One round. `lapse` is the change that ended a clearance; None too where the response was submitted and returned
    (`was_submitted`), or another edition came."""

    clearance: Clearance
    lapse: AnswerRevision | None = None
    was_submitted: bool = False

    @property
    def number_of_lapse(self) -> str:
        """The number of the question whose change ended it, as the edition counts; empty if it is asked no more."""
        if self.lapse is None:
            return ""
        question = self.clearance.response.edition.questions.by_id.get(self.lapse.answer.question_id)
        return question.number if question else ""


def rounds(response: Response) -> list[Round]:
    """Every round of a response, newest first. One query; two more, for changes and submissions, if any lapsed."""
    if not response.has_begun:
        return []
    rows = list(response.clearances.select_related("asked_by", "asked_of", "ended_by"))
    lapsed = [row for row in rows if row.outcome == Clearance.Outcome.LAPSED]
    changes = _changes_since(response, min((row.ended_at for row in lapsed if row.ended_at), default=None))
    submitted = list(response.submissions.order_by("number").values_list("submitted_at", flat=True)) if lapsed else []
    found = []
    for row in rows:
        row.response = response
        change = _first_after(changes, row) if row in lapsed else None
        sealed = next((moment for moment in submitted if row.ended_at and moment >= row.ended_at), None)
        was_submitted = sealed is not None and (change is None or change.saved_at > sealed)
        found.append(Round(row, None if was_submitted else change, was_submitted))
    return found


def _changes_since(response: Response, moment: Any) -> Sequence[AnswerRevision]:
    if moment is None:
        return ()
    rows = AnswerRevision.objects.filter(answer__response=response.pk, saved_at__gte=moment)
    return list(rows.select_related("answer", "saved_by").order_by("saved_at", "pk"))


def _first_after(changes: Sequence[AnswerRevision], clearance: Clearance) -> AnswerRevision | None:
    return next((row for row in changes if clearance.ended_at and row.saved_at >= clearance.ended_at), None)
