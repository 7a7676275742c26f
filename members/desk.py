"""What of the registry waits for a person: for whoever speaks for a member, its self-assessments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.desk import Waiting
from members.models import SelfAssessment
from members.representing import organisations_of


def waiting_for(user: Any) -> list[Waiting]:
    """The self-assessments that are waited for; no query for whoever speaks for no organisation, two else."""
    organisations = organisations_of(user)
    if not organisations:
        return []
    asked = SelfAssessment.objects.outstanding().filter(organisation__in=[each.pk for each in organisations])
    return [_to_send(row) for row in asked.select_related("organisation").order_by("due_on", "pk")]


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
