"""To whom a questionnaire is put, until when each delegation may answer, and who of it gets mail: pure reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from icoca_portal.lib.days import today
from members.models import Delegate, Delegation, Organisation, Participation
from questionnaires.models import Extension, Invitation, Questionnaire, Response

#: Who of a delegation is told of a questionnaire: those who write. Readers see it on their desk.
WRITERS = (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)


def is_asked(questionnaire: Questionnaire, delegation: Delegation) -> bool:
    """Whether the questionnaire was put to the delegation: one query."""
    return Questionnaire.objects.put_to(delegation.pk).filter(pk=questionnaire.pk).exists()


def delegations_asked(questionnaire: Questionnaire) -> Any:
    """The delegations that it was put to; with audience “all” also those of participants that joined since."""
    invited = Q(pk__in=Invitation.objects.filter(questionnaire=questionnaire).values("delegation"))
    if questionnaire.audience == Questionnaire.Audience.ALL:
        participants = Participation.objects.as_of(today()).values("organisation")
        invited |= Q(organisation__in=participants)
    return Delegation.objects.filter(invited)


def writers_of(delegations: Any) -> Any:
    """The focal points and contributors of today with an open account, with user and organisation."""
    rows = Delegate.objects.as_of(today()).filter(delegation__in=delegations, role__in=WRITERS, user__is_active=True)
    return rows.select_related("user", "delegation__organisation").by_role()


def participants_to_ask() -> list[Organisation]:
    """The participants of today by name, with their delegation where there is one."""
    return list(Organisation.objects.participants().select_related("delegation").order_by("name"))


def responses_of(delegation: Delegation, questionnaires: Collection[Questionnaire]) -> dict[int, Response]:
    """The delegation's response to each questionnaire, by its primary key; one that has not begun is a row in memory.

    Each knows its deadline without asking again. Three queries, however many there are.
    """
    rows = Response.objects.filter(delegation=delegation, questionnaire__in=questionnaires).select_related("edition")
    begun = {row.questionnaire_id: row for row in rows}
    extensions = latest_extensions(Extension.objects.filter(delegation=delegation, questionnaire__in=questionnaires))
    found = {}
    for questionnaire in questionnaires:
        response = begun.get(questionnaire.pk) or Response(questionnaire=questionnaire, delegation=delegation)
        response.questionnaire = questionnaire
        response.latest_extension = extensions.get((questionnaire.pk, delegation.pk))
        found[questionnaire.pk] = response
    return found


def latest_extensions(rows: Any) -> dict[tuple[int, int], Extension]:
    """The row that counts of each questionnaire and delegation, by both primary keys: one query."""
    found: dict[tuple[int, int], Extension] = {}
    for row in rows.newest_first():
        found.setdefault((row.questionnaire_id, row.delegation_id), row)
    return found


def by_delegation(delegates: Iterable[Delegate]) -> dict[int, list[Delegate]]:
    """Delegates by the primary key of their delegation."""
    found: dict[int, list[Delegate]] = {}
    for delegate in delegates:
        found.setdefault(delegate.delegation_id, []).append(delegate)
    return found
