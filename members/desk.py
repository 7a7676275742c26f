"""What the registry has for a person's desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.desk import Waiting
from members.models import SelfAssessment
from members.querysets import represents


def waiting_for(user: Any) -> list[Waiting]:
    """What waits for somebody who speaks for a member."""
    return [*_assessments(user)]


def _assessments(user: Any) -> Iterator[Waiting]:
    """The self-assessments that their members are asked for. One query."""
    rows = SelfAssessment.objects.outstanding().filter(represents(user)).select_related("organisation")
    for row in rows.order_by("due_on", "pk"):
        yield Waiting(
            title=_("Send the self-assessment %(year)d of %(organisation)s")
            % {"year": row.year, "organisation": row.organisation},
            url=row.get_absolute_url(),
            kind="send_self_assessment",
            due=row.due_on,
            detail=_("Overdue") if row.is_overdue else "",
            action=_("Send the self-assessment"),
        )
