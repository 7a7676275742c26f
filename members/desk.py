"""What of the registry, of circulars and of notices stands on a person's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from icoca_portal.lib.desk import Circulation, Desk, Entry, New, Waiting
from icoca_portal.lib.gathered import Part, Row, gather, newest
from icoca_portal.lib.months import Months
from icoca_portal.outbox.models import Message, State
from members.circulars.delivery import Counts, Standing, count_standings_of
from members.deadlines import Rules
from members.models import (
    Application,
    ApplicationStatus,
    Check,
    Circular,
    CircularCopy,
    CircularText,
    DeadlineRule,
    DeskVisit,
    Notice,
    Organisation,
    SelfAssessment,
    Standard,
)
from members.next_steps import Actor, NextStep, applications_waiting_for, lines_of, put_together
from members.next_steps import waiting_for as waits_for
from members.notices.reading import shown_on_desk
from members.representing import organisations_of

#: So many notices and circulars stand on a desk; and circulars that are on their way, on the secretariat's.
NEWS = 12
UNDERWAY = 10


@dataclass
class DeskOfMembers(Desk):
    """With when the person was last at their desk (`seen_at`) and when the visit before that ended (`before`); both
    None at the first."""

    seen_at: datetime | None = None
    before: datetime | None = None


def on_desk(user: Any, months: Months) -> DeskOfMembers:
    """What of the registry, of circulars and of notices stands on a person's desk.

    Waiting: for whoever speaks for an organisation, what its applications lack and the self-assessments that it owes;
    for the secretariat, a circular that a colleague put to them. Its last days are days of the calendar. News: what the
    person was told of and what was sent to them; notices of what does not exist for them (any more) are left out, and
    so are those that remind of what waits here itself. Circulations, for the secretariat: circulars on their way,
    applications that wait for it.

    One query besides that about the user, three for the secretariat.
    """
    organisations = {each.pk: each for each in organisations_of(user)}
    checks = bool(user.standing.is_secretariat and user.has_perm("members.view_application"))
    parts = _parts_of_news(user)
    if organisations:
        parts |= _parts_of_organisations(list(organisations))
    if checks:
        parts["to_check"] = (applications_waiting_for(Actor.SECRETARIAT), "pk")
    read = gather(**parts)
    ((seen_at, before),) = read["visits"] or [(None, None)]
    desk = DeskOfMembers(news=_news(read), seen_at=seen_at, before=before)
    if organisations:
        desk.waiting += _of_organisations(read, organisations)
    if user.standing.is_secretariat and user.has_perm("members.view_circular"):
        circulars = _circulars()
        counted = count_standings_of(circulars, timezone.now())
        desk.circulations += [_circulation(row, counted[row.pk]) for row in circulars]
        if user.has_perm("members.approve_circular"):
            desk.waiting += [_to_approve(row) for row in circulars if _waits_for(user, row)]
    if checks:
        desk.circulations += _applications(len(read["to_check"]))
    entries = [Entry.of(thing, _("Last day")) for thing in desk.waiting]
    desk.entries = [entry for entry in entries if entry and months.holds(entry.day)]
    return desk


# For whoever speaks for an organisation

_STATE = ("application", "state", "valid_from")
_RULE = ("step", "pillar", "length", "unit", "valid_from", "valid_to")
_ASSESSMENT = ("pk", "organisation", "year", "due_on")


def waiting_for(user: Any) -> list[Waiting]:
    """What of the registry waits for whoever speaks for an organisation."""
    organisations = {each.pk: each for each in organisations_of(user)}
    if not organisations:
        return []
    return _of_organisations(gather(**_parts_of_organisations(list(organisations))), organisations)


def _parts_of_organisations(keys: list[int]) -> dict[str, Part]:
    own = Application.objects.filter(waits_for(Actor.APPLICANT), organisation__in=keys)
    of_own = {"application__in": own.order_by().values("pk")}
    return {
        "applications": (own, "pk", "organisation", "kind", "pillar", "standard__code", "standard__title"),
        "states": (ApplicationStatus.objects.undecided().filter(**of_own), *_STATE),
        "lines": (Check.objects.filter(**of_own), "application", "state", "changed_at"),
        "rules": (DeadlineRule.objects.filter(superseded_at=None, step=DeadlineRule.Step.SUPPLY), *_RULE),
        "assessments": (SelfAssessment.objects.outstanding().filter(organisation__in=keys), *_ASSESSMENT),
    }


def _of_organisations(read: Mapping[str, list[Row]], organisations: Mapping[int, Organisation]) -> list[Waiting]:
    applications = {row[0]: _application(row, organisations) for row in read["applications"]}
    now = {
        pk: ApplicationStatus(application=applications[pk], state=state, valid_from=valid_from)
        for pk, state, valid_from in read["states"]
        if pk in applications
    }
    rules = Rules(tuple(DeadlineRule(**dict(zip(_RULE, row, strict=True))) for row in read["rules"]))
    steps = put_together(now, lines_of((row[0], row[1], row[2]) for row in read["lines"]), rules)
    assessments = [
        SelfAssessment(pk=pk, organisation=organisations[organisation], year=year, due_on=due_on)
        for pk, organisation, year, due_on in read["assessments"]
    ]
    return [
        *(
            _to_supply(applications[pk], step)
            for pk in sorted(steps, reverse=True)
            for step in steps[pk]
            if step.actor == Actor.APPLICANT
        ),
        *(_to_send(row) for row in sorted(assessments, key=lambda row: (row.due_on, row.pk))),
    ]


def _application(row: Row, organisations: Mapping[int, Organisation]) -> Application:
    pk, organisation, kind, pillar, code, title = row
    standard = Standard(pk=0, code=code, title=title) if code else None
    return Application(pk=pk, organisation=organisations[organisation], kind=kind, pillar=pillar, standard=standard)


def _to_supply(application: Application, step: NextStep) -> Waiting:
    words = ngettext("%(count)d line of the checklist", "%(count)d lines of the checklist", step.count)
    return Waiting(
        title=_("Supply what is missing: %(application)s") % {"application": application},
        url=reverse("members:read_application", args=[application.pk]),
        kind="supply_evidence",
        due=step.due,
        detail=words % {"count": step.count},
        action=_("Open the application"),
    )


def _to_send(assessment: SelfAssessment) -> Waiting:
    words = {"year": assessment.year, "organisation": assessment.organisation}
    return Waiting(
        title=_("Send the self-assessment %(year)d of %(organisation)s") % words,
        url=assessment.get_absolute_url(),
        kind="send_self_assessment",
        due=assessment.due_on,
        action=_("Send the self-assessment"),
    )


# What is new


def _parts_of_news(user: Any) -> dict[str, Part]:
    told = newest(shown_on_desk(user).new_since(None), "-happened_at", "-pk", limit=NEWS)
    # Whoever a circular was addressed to has a notice of it, with the subject as it was merged for them.
    key = Concat(Value("circular:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    others = Circular.objects.visible_to(user).exclude(Exists(Notice.objects.filter(user=user, key=key)))
    sent = newest(others, "-released_at", "-pk", limit=NEWS)
    sent = sent.annotate(subject=_subject_for(user.language))
    return {
        "visits": (DeskVisit.objects.filter(user=user), "seen_at", "before"),
        "notices": (told, "title", "text", "address", "happened_at"),
        "circulars": (sent, "year", "number", "correction", "released_at", "subject"),
    }


def _news(read: Mapping[str, list[Row]]) -> list[New]:
    return [*(_circular(*row) for row in read["circulars"]), *(_notice(*row) for row in read["notices"])]


def _notice(title: str, text: str, address: str, happened_at: datetime) -> New:
    return New(at=happened_at, title=title, url=address, note=text)


def _circular(year: int, number: int, correction: int, released_at: datetime, subject: str | None) -> New:
    circular = Circular(year=year, number=number, correction=correction)
    return New(
        at=released_at,
        title=subject or circular.symbol,
        url=circular.get_absolute_url(),
        symbol=circular.symbol,
        note=_("Circular to you"),
    )


def _subject_for(language: str) -> Subquery:
    """The subject in a language, else in the first of the portal's in which there is one (`Circular.text_in`)."""
    order = [language, *(code for code, _name in settings.LANGUAGES if code != language)]
    place = Case(
        *(When(language=code, then=Value(number)) for number, code in enumerate(order)),
        default=Value(len(order)),
        output_field=IntegerField(),
    )
    return Subquery(CircularText.objects.filter(circular=OuterRef("pk")).order_by(place).values("subject")[:1])


# For the secretariat


def _circulars() -> list[Circular]:
    """Circulars that wait for a colleague or for their hour, are on their way, or of which a copy needs somebody; the
    newest. One query."""
    waits = (Circular.State.SUBMITTED, Circular.State.QUEUED)
    later = CircularCopy.objects.filter(
        recipient=OuterRef("circular_copy__recipient"), number__gt=OuterRef("circular_copy__number")
    )
    stuck = Message.objects.filter(
        ~Exists(later), circular_copy__isnull=False, state__in=(State.FAILED, State.RETURNED), settled_at=None
    )
    rows = Circular.objects.filter(
        Q(state__in=waits) | Q(pk__in=stuck.order_by().values("circular_copy__recipient__circular"))
    )
    subject = _subject_for(settings.LANGUAGE_CODE)
    return list(rows.annotate(subject=subject).order_by("-created_at", "-pk")[:UNDERWAY])


def _waits_for(user: Any, circular: Circular) -> bool:
    return circular.state == Circular.State.SUBMITTED and circular.submitted_by_id != user.pk


def _to_approve(circular: Any) -> Waiting:
    return Waiting(
        title=_("Approve the circular “%(subject)s”") % {"subject": circular.subject},
        url=_address(circular),
        kind="approve_circular",
        due=circular.send_at,
        detail=_("A colleague has put it to you."),
        action=_("Read and approve"),
    )


def _address(circular: Circular) -> str:
    return reverse("admin:members_circular_change", args=[circular.pk])


def _circulation(row: Any, counts: Counts) -> Circulation:
    tags = []
    if row.state == Circular.State.SUBMITTED:
        tags.append(("is-half", row.get_state_display()))
    if row.held_why:
        tags.append(("is-wrong", _("Held back")))
    refused, returned = (counts.of.get(standing, 0) for standing in (Standing.REFUSED, Standing.RETURNED))
    if refused:
        words = ngettext("%(count)d refused", "%(count)d refused", refused)
        tags.append(("is-wrong", words % {"count": refused}))
    if returned:
        words = ngettext("%(count)d returned", "%(count)d returned", returned)
        tags.append(("is-wrong", words % {"count": returned}))
    return Circulation(
        kind=row.symbol or pgettext("kind of message", "Circular"),
        title=row.subject,
        url=_address(row),
        state=_delivered(row, counts),
        due=None if row.released_at else row.send_at,
        tags=tuple(tags),
    )


def _delivered(row: Circular, counts: Counts) -> str:
    if row.released_at is None:
        return row.held_why or ("" if row.state == Circular.State.SUBMITTED else _("Waits for its hour."))
    told = ngettext(
        "%(all)d recipient: %(sent)d sent, %(coming)d on the way, %(opened)d opened here.",
        "%(all)d recipients: %(sent)d sent, %(coming)d on the way, %(opened)d opened here.",
        counts.total,
    )
    return told % {
        "all": counts.total,
        "sent": counts.sent,
        "coming": counts.on_the_way,
        "opened": counts.opened,
    }


def _applications(count: int) -> list[Circulation]:
    if not count:
        return []
    words = ngettext("%(count)d application to check", "%(count)d applications to check", count) % {"count": count}
    url = reverse("admin:members_application_changelist") + "?next=secretariat"
    return [Circulation(kind=_("Registry"), title=words, url=url, state="")]


def you_are(user: Any) -> list[str]:
    """``Representative of Sample Guards``, for each organisation."""
    return [_("Representative of %(organisation)s") % {"organisation": each} for each in organisations_of(user)]
