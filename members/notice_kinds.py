"""Of what of the registry people are told, whether what waits to be told still holds, and the things it is about."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Application, Notice, SelfAssessment, User
from members.next_steps import Actor, applications_waiting_for
from members.notices import NoticeKind
from members.representing import is_representative
from members.things import Kind, Thing


def _speaks_for_somebody(user: User) -> bool:
    return is_representative(user)


def _keys(notices: Sequence[Notice]) -> dict[int, int]:
    """The primary key of what each notice is about, by that of the notice."""
    return {notice.pk: int(notice.about.rpartition("-")[2]) for notice in notices}


def _to_supply(notices: Sequence[Notice]) -> set[int]:
    """What is said of applications that wait for the applicant."""
    about = _keys(notices)
    still = set(applications_waiting_for(Actor.APPLICANT).filter(pk__in=about.values()).values_list("pk", flat=True))
    return {notice for notice, pk in about.items() if pk in still}


def _to_send(notices: Sequence[Notice]) -> set[int]:
    """What is said of self-assessments that are waited for; a reminder, if the day that it names still holds."""
    about = _keys(notices)
    rows = SelfAssessment.objects.outstanding().filter(pk__in=about.values())
    due = {pk: day.isoformat() for pk, day in rows.values_list("pk", "due_on")}
    return {
        notice.pk
        for notice in notices
        if (day := due.get(about[notice.pk])) and (notice.kind != "assessment_due" or f":{day}:" in notice.key)
    }


KINDS = (
    NoticeKind(
        "representative_recorded",
        _("You speak for an organisation"),
        _("The secretariat has recorded it: its applications wait for you."),
        optional=False,
        reaches=_speaks_for_somebody,
    ),
    NoticeKind(
        "lines_returned",
        _("A line of your application was returned"),
        _("The application goes on once you have supplied it."),
        optional=False,
        reaches=_speaks_for_somebody,
    ),
    NoticeKind(
        "application_decided",
        _("Your application is decided"),
        _("The decision and its reason."),
        optional=False,
        reaches=_speaks_for_somebody,
    ),
    NoticeKind(
        "assessment_requested",
        _("A self-assessment is asked for"),
        _("Your member sends it by a deadline."),
        optional=False,
        reaches=_speaks_for_somebody,
        still=_to_send,
    ),
    NoticeKind(
        "application_received",
        _("Your application is received"),
        _("With the list of what is to be supplied."),
        optional=True,
        reaches=_speaks_for_somebody,
    ),
    NoticeKind(
        "supply_due",
        _("Reminders: what your application lacks"),
        _("A week before it is due."),
        optional=True,
        reaches=_speaks_for_somebody,
        still=_to_supply,
        reminds=True,
    ),
    NoticeKind(
        "assessment_due",
        _("Reminders: a self-assessment is due"),
        _("Some days before its day, and after it."),
        optional=True,
        reaches=_speaks_for_somebody,
        still=_to_send,
        reminds=True,
    ),
)


def _application(pk: int) -> Thing | None:
    row = Application.objects.select_related("organisation", "standard").filter(pk=pk).first()
    address = reverse("members:read_application", args=[pk])
    return None if row is None else Thing("application", pk, lambda: str(row), address)


def _assessment(pk: int) -> Thing | None:
    row = SelfAssessment.objects.select_related("organisation").filter(pk=pk).first()
    return None if row is None else Thing("assessment", pk, lambda: str(row), row.get_absolute_url())


THINGS = (
    Kind("application", _("Application"), find=_application, rows=lambda user: Application.objects.visible_to(user)),
    Kind(
        "assessment", _("Self-assessment"), find=_assessment, rows=lambda user: SelfAssessment.objects.visible_to(user)
    ),
)
