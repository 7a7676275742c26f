"""What of questionnaires stands on a person's desk, and what the secretariat sees of them first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
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

from icoca_portal.lib.days import day_of, geneva, today
from icoca_portal.lib.desk import Circulation, Desk, Entry, Waiting
from icoca_portal.lib.moments import in_zone
from icoca_portal.lib.months import Months
from members.models import Delegation, Organisation, Participation
from questionnaires.guests import guest_sections
from questionnaires.models import Clearance, Extension, Invitation, Questionnaire, Remark, Response, Submission
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


def on_desk(user: Any, own: list[Response], months: Months) -> Desk:
    """What of questionnaires stands on a person's desk; `own` are their `own_responses`.

    Waiting: open questionnaires that the person's delegation has not submitted, and drafts that the person is to clear;
    for a guest their sections; for the Board what nobody of it has read. How far responses are is left to `in_detail`.
    Days: the deadlines of the months, a delegation's own with its extension. Circulations, for the secretariat: what is
    open. At most one query for those who read what is circulated, two for guests, none else.
    """
    desk = Desk(waiting=waiting_for(user, own))
    desk.entries += [_deadline(row.questionnaire, row.deadline) for row in own]
    if user.has_perm("questionnaires.read_circulated"):
        circulated = list(_circulated(user, months))
        known = {response.questionnaire.pk for response in own}
        desk.entries += [_deadline(row, row.deadline) for row in circulated if row.pk not in known]
        desk.waiting += [_to_read(row) for row in circulated if row.received and _is_unread(row)]
        desk.circulations = [_circulation(row) for row in circulated if row.asked is not None]
    desk.entries = [entry for entry in desk.entries if months.holds(entry.day)]
    return desk


def waiting_for(user: Any, own: list[Response]) -> list[Waiting]:
    """What waits for the person's delegation, or for a guest. No query for a delegate, two for a guest."""
    if user.standing.delegation:
        return [*_to_answer(user, own), *_to_clear(own)]
    guest = guest_sections(user)
    return _to_help(user, list(guest)) if guest else []


def _deadline(questionnaire: Questionnaire, deadline: datetime) -> Entry:
    return Entry(
        day=day_of(deadline),
        title=questionnaire.in_language("title"),
        url=questionnaire.get_absolute_url(),
        what=_("Deadline of the questionnaire"),
        moment=deadline,
    )


def _to_answer(user: Any, own: list[Response]) -> list[Waiting]:
    now = timezone.now()
    return [
        Waiting(
            title=response.questionnaire.in_language("title"),
            url=reverse("questionnaires:read_response", args=[response.questionnaire.slug]),
            kind="submit_response",
            due=response.deadline,
            action=_action(user.standing.may_draft, response),
            row=response,
        )
        for response in own
        if response.questionnaire.is_asked  # type: ignore[attr-defined]
        and response.takes_answers_at(now)
        and response.state != Response.State.SUBMITTED
    ]


def in_detail(user: Any, things: Iterable[Waiting]) -> list[Waiting]:
    """The same things, those that are responses with how far they are and what else a delegate wants to know of them:
    for as many as a page shows. Two queries."""
    things = list(things)
    responses = [thing.row for thing in things if isinstance(thing.row, Response)]
    begun = [response for response in responses if response.has_begun]
    how_far = how_far_of(begun, {response.edition_id: response.edition.questions for response in begun})
    mine = sections_of(user, begun)
    return [
        replace(thing, detail=_detail(thing.row, how_far.get(thing.row.pk), looks_after(thing.row, mine)))
        if isinstance(thing.row, Response)
        else thing
        for thing in things
    ]


def _detail(response: Response, how_far: HowFar | None, mine: str) -> str:
    told = [_how_far(response, how_far), mine, _extended(response), in_zone(response.deadline)]
    return " ".join(filter(None, told))


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


def _circulated(user: Any, months: Months) -> QuerySet[Any]:
    """The questionnaires of which somebody who reads what is circulated has something to see: those that end in these
    months; for a director those with responses that they read, with what came since they were last at them (all of it,
    before their first visit); for the secretariat those that are open, with how many were asked and have submitted."""
    submissions = (
        Submission.objects.visible_to(user).on_record().filter(response__questionnaire=OuterRef("pk")).order_by()
    )
    remarks = Remark.objects.filter(submission__response__questionnaire=OuterRef("pk")).exclude(written_by=user)
    new = remarks.order_by().filter(written_at__gt=OuterRef("visit_seen_at"))
    nothing = Value(0)
    ends = Q(deadline__gte=_midnight(months.first), deadline__lt=_midnight(months.end))
    rows = Questionnaire.objects.visible_to(user).exclude(state=Questionnaire.State.DRAFT).with_visit_of(user)
    if user.standing.is_director:
        rows = rows.annotate(
            received=_number(submissions),
            new_submissions=_number(submissions.filter(submitted_at__gt=OuterRef("visit_seen_at"))),
            new_remarks=_number(new),
            new_threads=_number(new, of=Coalesce("answers", "pk")),
        )
        ends |= Q(received__gt=0)
    else:
        rows = rows.annotate(received=nothing, new_submissions=nothing, new_remarks=nothing, new_threads=nothing)
    if user.has_perm("questionnaires.view_questionnaire"):
        is_open = Q(state=Questionnaire.State.OPEN)
        ends |= is_open
        rows = rows.annotate(
            asked=Case(
                When(is_open, audience=Questionnaire.Audience.ALL, then=_number(_asked(of_all=True))),
                When(is_open, then=_number(_asked(of_all=False))),
                output_field=IntegerField(),
            ),
            submitted=Case(When(is_open, then=_number(_submitted())), output_field=IntegerField()),
        )
    else:
        rows = rows.annotate(asked=Value(None, output_field=IntegerField()))
    return rows.filter(ends).order_by("deadline", "pk")


def _asked(*, of_all: bool) -> QuerySet[Any]:
    """Whoever the questionnaire of the outer query was put to, as the board of returns counts them
    (`review.standing`): invited, or with a response; where it was put to all, today's participants too."""
    of_it = {"questionnaire": OuterRef(OuterRef("pk"))}
    asked = Q(delegation__in=Invitation.objects.filter(**of_it).order_by().values("delegation"))
    asked |= Q(delegation__in=Response.objects.filter(**of_it).order_by().values("delegation"))
    if of_all:
        asked |= Q(pk__in=Participation.objects.as_of(today()).values("organisation"))
    return Organisation.objects.filter(asked).order_by()


def _submitted() -> QuerySet[Any]:
    return Response.objects.filter(questionnaire=OuterRef("pk"), state=Response.State.SUBMITTED).order_by()


def _number(rows: QuerySet[Any], of: Any = "pk") -> Coalesce:
    """How many rows a subquery finds, or how many different values."""
    counted = rows.annotate(one=Value(1)).values("one").annotate(number=Count(of, distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=geneva())


def _is_unread(row: Any) -> bool:
    return row.visit_seen_at is None or bool(row.new_submissions or row.new_remarks)


def _to_read(row: Any) -> Waiting:
    return Waiting(
        title=_("Responses to “%(title)s”") % {"title": row.in_language("title")},
        url=reverse("questionnaires:review_questionnaire", args=[row.slug]),
        kind="review_questionnaire",
        detail=" ".join(_what_came(row)),
        action=_("Read the responses"),
    )


def _what_came(row: Any) -> Iterator[str]:
    count = row.received
    yield ngettext("%(count)d delegation has submitted.", "%(count)d delegations have submitted.", count) % {
        "count": count
    }
    if row.visit_seen_at is None:
        yield ngettext("You have not read it yet.", "You have not read them yet.", count)
    if row.new_submissions:
        count = row.new_submissions
        yield ngettext("%(count)d is new since your visit.", "%(count)d are new since your visit.", count) % {
            "count": count
        }
    if row.new_remarks:
        count = row.new_remarks
        said = ngettext("%(count)d new remark by others", "%(count)d new remarks by others", count) % {"count": count}
        count = row.new_threads
        yield ngettext("%(remarks)s in %(count)d discussion.", "%(remarks)s in %(count)d discussions.", count) % {
            "remarks": said,
            "count": count,
        }


def _circulation(row: Any) -> Circulation:
    words = {"asked": row.asked, "submitted": row.submitted, "missing": max(row.asked - row.submitted, 0)}
    told = ngettext(
        "%(asked)d delegation asked, %(submitted)d submitted, %(missing)d missing.",
        "%(asked)d delegations asked, %(submitted)d submitted, %(missing)d missing.",
        row.asked,
    )
    over = not row.takes_answers
    return Circulation(
        kind=_("Questionnaire"),
        title=row.in_language("title"),
        url=reverse("admin:questionnaires_questionnaire_returns", args=[row.pk]),
        state=told % words,
        due=row.deadline,
        tags=(("is-due", _("The deadline has passed")),) if over else (),
    )


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
