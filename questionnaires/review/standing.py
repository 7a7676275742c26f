"""Who has answered: for the secretariat, which reads no draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva, today
from members.models import Delegate, Delegation, Organisation
from members.regions import Region, region_of
from questionnaires import circulation
from questionnaires.models import Edition, Extension, Questionnaire, Reminder, Response, Submission
from questionnaires.progress import HowFar, how_far_of


class Standing(StrEnum):
    """Where a delegation stands, in the order in which it goes: the states of a response, and two before it.

    Whether a draft is cleared is its delegation's own affair (`ResponseQuerySet.known_outside`).
    """

    NOT_OPENED = "not_opened"
    OPENED = "opened"
    DRAFT = "draft"
    RETURNED = "returned"
    SUBMITTED = "submitted"

    @property
    def label(self) -> str:
        """The state in words."""
        if self == Standing.NOT_OPENED:
            return _("Not opened")
        if self == Standing.OPENED:
            return _("Opened")
        return str(Response.State(self.value).label)


@dataclass(frozen=True)
class Return:
    """Where one delegation stands.

    `how_far` counts the questions that are asked and those with some answer; `at` is when the delegation, or the
    secretariat, last did something (None: nothing yet). `reference` and `number` are those of the submission on record.
    `deadline` is the delegation's own, `extension` the reason where it is not that of all. `delegates` counts its
    people of today, `writers` those of them who write and get mail.
    """

    organisation: Organisation
    state: Standing
    how_far: HowFar
    deadline: datetime
    response: Response | None = None
    submission: Submission | None = None
    edition: int | None = None
    at: datetime | None = None
    extension: str = ""
    reminded_at: datetime | None = None
    delegates: int = 0
    writers: int = 0

    @property
    def delegation(self) -> Delegation | None:
        """None for a participant who has named nobody yet."""
        return getattr(self.organisation, "delegation", None)

    @property
    def region(self) -> Region:
        return region_of(self.organisation)

    @property
    def answered(self) -> int:
        return self.how_far.answered

    @property
    def total(self) -> int:
        return self.how_far.asked

    @property
    def is_missing(self) -> bool:
        """Whether the secretariat waits for it: for a correction too."""
        return self.state != Standing.SUBMITTED

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
        return self.state.label


def returns(questionnaire: Questionnaire) -> list[Return]:
    """Every delegation that was asked, and whoever else began a response, by name.

    With audience “all” the participants of the day count as asked. Five queries, however many there are; of a draft
    nothing is read but which questions have an answer, and what a condition looks at.
    """
    submissions = Submission.objects.select_related("return_record").defer("content").order_by("number")
    responses = {
        response.delegation_id: response
        for response in questionnaire.responses.known_outside().prefetch_related(
            Prefetch("submissions", queryset=submissions)
        )
    }
    organisations = list(_annotated(_asked(questionnaire), questionnaire))
    editions = {edition.pk: edition for edition in Edition.objects.filter(questionnaire=questionnaire)}
    how_far = how_far_of(responses.values(), {pk: edition.questions for pk, edition in editions.items()})
    latest = max(editions.values(), key=lambda edition: edition.number, default=None)
    asked = sum(1 for _question in latest.questions) if latest else 0
    rows = []
    for organisation in organisations:
        response = responses.get(organisation.delegation.pk) if hasattr(organisation, "delegation") else None
        rows.append(_return(questionnaire, organisation, response, how_far, editions, asked))
    return rows


def _asked(questionnaire: Questionnaire) -> QuerySet[Organisation]:
    asked = Q(delegation__in=questionnaire.invitations.values("delegation"))
    asked |= Q(delegation__in=questionnaire.responses.values("delegation"))
    if questionnaire.audience == Questionnaire.Audience.ALL:
        asked |= Q(pk__in=Organisation.objects.participants(day_of(questionnaire)).values("pk"))
    return Organisation.objects.filter(asked).select_related("delegation").order_by("name")


def _annotated(organisations: QuerySet[Organisation], questionnaire: Questionnaire) -> QuerySet[Any]:
    """With what is counted of each delegation, in the same query."""
    delegation = OuterRef("delegation")
    opened = questionnaire.invitations.filter(delegation=delegation).values("opened_at")
    extension = Extension.objects.filter(questionnaire=questionnaire, delegation=delegation).newest_first()
    reminded = Reminder.objects.filter(questionnaire=questionnaire, delegation=delegation).order_by()
    people = Delegate.objects.as_of(today()).filter(delegation=delegation, user__is_active=True).order_by()
    counted = people.values("delegation").annotate(count=Count("pk")).values("count")
    writing = people.filter(role__in=circulation.WRITERS).values("delegation").annotate(count=Count("pk"))
    return organisations.annotate(
        opened_at=Subquery(opened[:1]),
        extended_until=Subquery(extension.values("until")[:1]),
        extended_because=Subquery(extension.values("reason")[:1]),
        reminded_at=Subquery(reminded.values("delegation").annotate(at=Max("queued_at")).values("at")[:1]),
        people=Coalesce(Subquery(counted), 0),
        writers=Coalesce(Subquery(writing.values("count")), 0),
    )


def _return(
    questionnaire: Questionnaire,
    organisation: Any,
    response: Any,
    how_far: Mapping[int, HowFar],
    editions: Mapping[int, Edition],
    asked: int,
) -> Return:
    until = organisation.extended_until
    is_extended = until is not None and until > questionnaire.deadline
    sealed = list(response.submissions.all()) if response else []
    moments = [moment for moment in (organisation.opened_at, response and response.changed_at) if moment]
    before = Standing.OPENED if organisation.opened_at else Standing.NOT_OPENED
    return Return(
        organisation=organisation,
        state=Standing(response.known_state) if response else before,
        how_far=how_far[response.pk] if response else HowFar(0, asked),
        deadline=until if is_extended else questionnaire.deadline,
        response=response,
        submission=sealed[-1] if sealed else None,
        edition=editions[response.edition_id].number if response else None,
        at=max(moments, default=None),
        extension=organisation.extended_because if is_extended else "",
        reminded_at=organisation.reminded_at,
        delegates=organisation.people,
        writers=organisation.writers,
    )


def counts(rows: Iterable[Return]) -> dict[str, int]:
    """How many stand where; `not_started` are those without a response, `missing` those that have not submitted, and
    `received` those with a submission on record."""
    rows = list(rows)
    found = Counter(row.state for row in rows)
    return {
        **{state.value: found[state] for state in Standing},
        "not_started": found[Standing.NOT_OPENED] + found[Standing.OPENED],
        "missing": sum(1 for row in rows if row.is_missing),
        "received": sum(1 for row in rows if row.submission),
        "total": len(rows),
    }


def day_of(questionnaire: Questionnaire) -> date:
    """The day (Geneva) whose participants count: today, and once no answers are taken the last day they were."""
    ends = [moment for moment in (questionnaire.deadline, questionnaire.closed_at) if moment]
    return min(today(), timezone.localdate(min(ends), geneva()))
