"""What of the registry waits for a person: for whoever speaks for an organisation, what its applications lack and the
self-assessments that it owes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.desk import Waiting
from members.models import Application, SelfAssessment
from members.next_steps import Actor, NextStep, applications_waiting_for, read_next_steps
from members.representing import organisations_of


def waiting_for(user: Any) -> list[Waiting]:
    """No query for whoever speaks for no organisation, at most six else."""
    organisations = organisations_of(user)
    if not organisations:
        return []
    own = {"organisation__in": [each.pk for each in organisations]}
    applications = list(applications_waiting_for(Actor.APPLICANT).filter(**own))
    steps = read_next_steps(applications)
    asked = SelfAssessment.objects.outstanding().filter(**own)
    return [
        *(
            _to_supply(application, step)
            for application in applications
            for step in steps[application.pk]
            if step.actor == Actor.APPLICANT
        ),
        *(_to_send(row) for row in asked.select_related("organisation").order_by("due_on", "pk")),
    ]


def _to_supply(application: Application, step: NextStep) -> Waiting:
    words = ngettext("%(count)d line of the checklist", "%(count)d lines of the checklist", step.count)
    counted = words % {"count": step.count}
    return Waiting(
        title=_("Supply what is missing: %(application)s") % {"application": application},
        url=reverse("members:read_application", args=[application.pk]),
        kind="supply_evidence",
        due=step.due,
        detail=_("Overdue. %(what)s") % {"what": counted} if step.is_overdue else counted,
        action=_("Open the application"),
    )


def _to_send(assessment: SelfAssessment) -> Waiting:
    words = {"year": assessment.year, "organisation": assessment.organisation}
    return Waiting(
        title=_("Send the self-assessment %(year)d of %(organisation)s") % words,
        url=assessment.get_absolute_url(),
        kind="send_self_assessment",
        due=assessment.due_on,
        detail=_("Overdue") if assessment.is_overdue else "",
        action=_("Send the self-assessment"),
    )


def you_are(user: Any) -> list[str]:
    """``Representative of Sample Guards``, for each organisation."""
    return [_("Representative of %(organisation)s") % {"organisation": each} for each in organisations_of(user)]
