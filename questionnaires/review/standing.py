"""Who has answered: for the secretariat, which reads no draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva, today
from members.models import Delegation, Organisation
from questionnaires.models import Edition, Questionnaire, Response, Submission

NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Return:
    """Where one participant stands. `state` is ``not_started``, ``draft``, ``submitted`` or ``returned``.

    `answered` of `total` questions have some answer; `at` is when the delegation, or the secretariat, last did
    something (None: nothing yet). `reference` and `number` are those of the submission on record.
    """

    organisation: Organisation
    state: str
    answered: int
    total: int
    response: Response | None = None
    submission: Submission | None = None
    at: datetime | None = None

    @property
    def delegation(self) -> Delegation | None:
        """None for a participant who has named nobody yet."""
        return getattr(self.organisation, "delegation", None)

    @property
    def reference(self) -> str:
        return self.submission.reference if self.submission else ""

    @property
    def number(self) -> int | None:
        return self.submission.number if self.submission else None

    @property
    def submitted_at(self) -> datetime | None:
        return self.submission.submitted_at if self.submission else None

    @property
    def reason(self) -> str:
        """Why the submission on record was returned; empty if it stands."""
        record = getattr(self.submission, "return_record", None)
        return record.reason if record else ""

    @property
    def state_label(self) -> str:
        """The state in words."""
        return _("Not started") if self.state == NOT_STARTED else str(Response.State(self.state).label)


def returns(questionnaire: Questionnaire) -> list[Return]:
    """Every participant of the day, and whoever else began a response, by name. Four queries, and no answer is read."""
    answered = Count("answers", filter=Q(answers__value__isnull=False))
    submissions = Submission.objects.select_related("return_record").defer("content").order_by("number")
    responses = {
        response.delegation.organisation_id: response
        for response in questionnaire.responses.select_related("delegation__organisation")
        .annotate(answered=answered)
        .prefetch_related(Prefetch("submissions", queryset=submissions))
    }
    participants = Organisation.objects.participants(day_of(questionnaire)).select_related("delegation")
    organisations = {organisation.pk: organisation for organisation in participants}
    for response in responses.values():
        organisations.setdefault(response.delegation.organisation_id, response.delegation.organisation)
    total = _question_count(questionnaire)
    rows = [_return(organisation, responses.get(pk), total) for pk, organisation in organisations.items()]
    return sorted(rows, key=lambda row: row.organisation.name)


def _question_count(questionnaire: Questionnaire) -> int:
    edition: Edition | None = questionnaire.edition
    return sum(1 for _question in edition.questions) if edition else 0


def _return(organisation: Organisation, response: Any, total: int) -> Return:
    if response is None:
        return Return(organisation, NOT_STARTED, 0, total)
    sealed = list(response.submissions.all())
    return Return(
        organisation=organisation,
        state=response.state,
        answered=response.answered,
        total=total,
        response=response,
        submission=sealed[-1] if sealed else None,
        at=response.changed_at,
    )


def counts(rows: Iterable[Return]) -> dict[str, int]:
    """How many stand where, and `received`: those with a submission on record."""
    rows = list(rows)
    found = Counter(row.state for row in rows)
    return {
        "not_started": found[NOT_STARTED],
        "draft": found["draft"],
        "submitted": found["submitted"],
        "returned": found["returned"],
        "received": sum(1 for row in rows if row.submission),
        "total": len(rows),
    }


def day_of(questionnaire: Questionnaire) -> date:
    """The day (Geneva) whose participants count: today, and once no answers are taken the last day they were."""
    ends = [moment for moment in (questionnaire.deadline, questionnaire.closed_at) if moment]
    return min(today(), timezone.localdate(min(ends), geneva()))
