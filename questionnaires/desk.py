"""What of questionnaires waits for a person, and what the secretariat sees of them first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.days import geneva, today
from icoca_portal.lib.desk import Waiting
from icoca_portal.lib.moments import in_zone
from members.models import Delegation
from questionnaires.guests import guest_sections
from questionnaires.models import Clearance, Extension, Questionnaire, Remark, Response, Submission
from questionnaires.progress import HowFar, how_far_of
from questionnaires.review import Return, counts, returns
from questionnaires.together import looks_after, sections_of

#: How long before its end an extension is shown to the secretariat.
ENDING = timedelta(days=3)


def own_responses(user: Any) -> list[Response]:
    """The responses of the person's delegation to what it was asked or has answered; one that has not begun is a row in
    memory. One query, however many there are; none for who has no delegation.

    Each knows its questionnaire, with whether it was put to the delegation (`is_asked`), its deadline, its submission
    on record without the text, who asks the person to clear it (`asker`), and the questions only where it is open.
    """
    delegation = user.standing.delegation
    if delegation is None:
        return []
    extensions = Extension.objects.filter(questionnaire=OuterRef("pk"), delegation=delegation).newest_first()
    asking = Clearance.objects.filter(response=OuterRef("mine"), outcome=Clearance.Outcome.ASKED, asked_of=user)
    name = Coalesce(NullIf("asked_by__name", Value("")), "asked_by__email", output_field=CharField())
    put_to: Any = Questionnaire.objects.with_whether_put_to(delegation.pk)  # Any: `mine` is joined, and no field
    rows = (
        put_to.annotate(
            mine=FilteredRelation("responses", condition=Q(responses__delegation=delegation)),
            extended_until=Subquery(extensions.values("until")[:1]),
            asker=Subquery(asking.values(name=name)[:1]),
            questions=Case(When(state=Questionnaire.State.OPEN, then="mine__edition__content")),
        )
        .filter(Q(is_asked=True, state=Questionnaire.State.OPEN) | Q(mine__isnull=False))
        .select_related("mine__edition", "mine__record")
        .defer("mine__edition__content", "mine__record__content")
    )
    return [_own_response(row, delegation) for row in rows]


def _own_response(row: Any, delegation: Delegation) -> Response:
    # Django leaves the attribute away where nothing was joined.
    response: Response = getattr(row, "mine", None) or Response(questionnaire=row, delegation=delegation)
    response.questionnaire, response.delegation = row, delegation
    response.latest_extension = row.extended_until and Extension(
        questionnaire=row, delegation=delegation, until=row.extended_until
    )
    if response.has_begun and row.questions is not None:
        response.edition.content = row.questions
    if response.record is not None:
        response.record.response = response
    return response


def waiting_for(user: Any, own: list[Response]) -> list[Waiting]:
    """Open questionnaires that the person's delegation has not submitted, and drafts that the person is to clear (both
    from `own_responses`); for a guest their sections; for the Board, the questionnaires that have responses."""
    standing = user.standing
    found: list[Waiting] = []
    if standing.delegation:
        found += _to_answer(user, own)
        found += _to_clear(own)
    elif guest := guest_sections(user):
        found += _to_help(user, list(guest))
    if standing.is_director:
        found += _to_read(user)
    return found


def _to_answer(user: Any, own: list[Response]) -> list[Waiting]:
    """At most two queries."""
    now = timezone.now()
    responses = [
        response
        for response in own
        if response.questionnaire.is_asked  # type: ignore[attr-defined]
        and response.takes_answers_at(now)
        and response.state != Response.State.SUBMITTED
    ]
    begun = [response for response in responses if response.has_begun]
    how_far = how_far_of(begun, {response.edition_id: response.edition.questions for response in begun})
    mine = sections_of(user, begun)
    return [
        Waiting(
            title=response.questionnaire.in_language("title"),
            url=reverse("questionnaires:read_response", args=[response.questionnaire.slug]),
            kind="submit_response",
            due=response.deadline,
            detail=" ".join(
                filter(
                    None,
                    [
                        _how_far(response, how_far.get(response.pk)),
                        looks_after(response, mine),
                        _extended(response),
                        in_zone(response.deadline),
                    ],
                )
            ),
            action=_action(user.standing.may_draft, response),
        )
        for response in responses
    ]


def _extended(response: Response) -> str:
    return _("Extended for your delegation.") if response.extension else ""


def _to_clear(own: list[Response]) -> list[Waiting]:
    """Drafts of the person's delegation that they are asked to clear."""
    return [
        Waiting(
            title=_("Clear the response to “%(title)s”") % {"title": response.questionnaire.title},
            url=reverse("questionnaires:read_clearance", args=[response.questionnaire.slug]),
            kind="record_clearance",
            due=response.deadline,
            detail=_("%(name)s asks you to clear it before it is submitted.") % {"name": response.questionnaire.asker},  # type: ignore[attr-defined]
            action=_("Read and clear"),
        )
        for response in own
        if response.questionnaire.asker  # type: ignore[attr-defined]
        and response.is_writable
        and response.takes_answers
    ]


def _to_help(user: Any, responses: list[int]) -> list[Waiting]:
    """What a guest drafts: one thing a response, with their sections."""
    rows = Response.objects.filter(pk__in=responses).select_related(
        "questionnaire", "edition", "delegation__organisation"
    )
    mine = sections_of(user, rows)
    return [
        Waiting(
            title=_("%(title)s: response of %(delegation)s")
            % {"title": row.questionnaire.title, "delegation": row.delegation},
            url=reverse("questionnaires:read_response", args=[row.questionnaire.slug]),
            kind="save_answer",
            due=row.deadline,
            detail=" ".join(filter(None, [looks_after(row, mine), in_zone(row.deadline)])),
            action=_("Open your sections"),
        )
        for row in rows
        if row.is_writable and row.takes_answers and mine.get(row.pk)
    ]


def guest_of(user: Any) -> str:
    """Whose guest the person is, in words; empty for who is nobody's."""
    rows = Response.objects.filter(pk__in=list(guest_sections(user))).select_related("delegation__organisation")
    names = dict.fromkeys(str(row.delegation) for row in rows) if guest_sections(user) else {}
    return _("Guest of %(delegation)s") % {"delegation": ", ".join(names)} if names else ""


def _action(may_draft: bool, response: Response) -> str:
    if not may_draft:
        return _("Read your delegation’s response")
    if not response.has_begun:
        return _("Start your response")
    if response.state == Response.State.RETURNED:
        return _("Correct your response")
    return _("Continue your response")


def _how_far(response: Response, how_far: HowFar | None) -> str:
    if how_far is None:
        return _("Not started.")
    counted = ngettext(
        "%(answered)d of %(total)d question answered.", "%(answered)d of %(total)d questions answered.", how_far.asked
    ) % {"answered": how_far.answered, "total": how_far.asked}
    if response.state == Response.State.RETURNED:
        return _("Returned by the secretariat with a reason.") + " " + counted
    return counted


def _to_read(user: Any) -> list[Waiting]:
    """Questionnaires with submissions that exist for a director, newest deadline first, with what came since they were
    last at them (nothing, before their first visit). One query."""
    submissions = (
        Submission.objects.visible_to(user).on_record().filter(response__questionnaire=OuterRef("pk")).order_by()
    )
    remarks = Remark.objects.filter(submission__response__questionnaire=OuterRef("pk")).exclude(written_by=user)
    rows = (
        Questionnaire.objects.visible_to(user)
        .with_visit_of(user)
        .annotate(
            received=_number(submissions),
            new_submissions=_number(submissions.filter(submitted_at__gt=OuterRef("visit_seen_at"))),
            new_remarks=_number(remarks.order_by().filter(written_at__gt=OuterRef("visit_seen_at"))),
        )
        .filter(received__gt=0)
    )
    return [
        Waiting(
            title=_("Responses to “%(title)s”") % {"title": questionnaire.title},
            url=reverse("questionnaires:review_questionnaire", args=[questionnaire.slug]),
            kind="review_questionnaire",
            due=None,
            detail=" ".join(_what_came(questionnaire)),
            action=_("Read the responses"),
        )
        for questionnaire in rows
    ]


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a subquery finds."""
    counted = rows.annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _what_came(questionnaire: Any) -> Iterator[str]:
    count = questionnaire.received
    yield ngettext("%(count)d delegation has submitted.", "%(count)d delegations have submitted.", count) % {
        "count": count
    }
    if questionnaire.new_submissions:
        count = questionnaire.new_submissions
        yield ngettext("%(count)d is new since your visit.", "%(count)d are new since your visit.", count) % {
            "count": count
        }
    if questionnaire.new_remarks:
        count = questionnaire.new_remarks
        yield ngettext("%(count)d new remark by others.", "%(count)d new remarks by others.", count) % {"count": count}


def submissions_of(own: list[Response]) -> list[Submission]:
    """The submissions on record of a delegation, from its `own_responses`, newest first."""
    found = [response.record for response in own if response.record is not None]
    return sorted(found, key=lambda submission: (submission.submitted_at, submission.pk), reverse=True)


@dataclass(frozen=True)
class OpenReturns:
    """How far the responses to one open questionnaire are, in delegations.

    `ending` are the delegations whose own, later deadline comes within three days; `running` says whether any
    extension still runs; `reminded` counts the people who were reminded today (Geneva), `untold` the delegations that
    are missing and of which nobody gets mail.
    """

    questionnaire: Questionnaire
    submitted: int
    returned: int
    drafts: int
    not_started: int
    ending: list[Return]
    running: bool
    reminded: int
    untold: int

    @property
    def total(self) -> int:
        return self.submitted + self.returned + self.drafts + self.not_started

    @property
    def is_over(self) -> bool:
        """Whether nobody can answer any more, so that it waits to be closed."""
        return not self.questionnaire.takes_answers and not self.running


def secretariat_day() -> list[OpenReturns]:
    """For each questionnaire that is open: how many delegations have submitted, and how many are missing."""
    day, now = [], timezone.now()
    midnight = datetime.combine(today(), time(), tzinfo=geneva())
    for questionnaire in Questionnaire.objects.filter(state=Questionnaire.State.OPEN):
        rows = returns(questionnaire)
        found = counts(rows)
        extended = [row for row in rows if row.extension and row.is_missing and row.deadline > now]
        day.append(
            OpenReturns(
                questionnaire=questionnaire,
                submitted=found["submitted"],
                returned=found["returned"],
                drafts=found["draft"],
                not_started=found["not_started"],
                ending=[row for row in extended if row.deadline <= now + ENDING],
                running=bool(extended),
                reminded=questionnaire.reminders.filter(queued_at__gte=midnight).values("user").distinct().count(),
                untold=sum(1 for row in rows if row.is_missing and not row.writers),
            )
        )
    return day
