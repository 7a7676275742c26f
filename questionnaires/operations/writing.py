"""What every change of a delegation's answers shares: the lock and the deadline before it, what follows after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.prepared import Prepared, given
from members.models import Delegation
from questionnaires.exceptions import DelegationNotAsked, QuestionnaireClosed, ResponseSealed
from questionnaires.models import Clearance, Edition, Questionnaire, Response

_TO_WRITE: Prepared[Any] = Prepared(lambda: Response.objects.to_write(given("questionnaire"), given("delegation")))


def response_for_writing(questionnaire: Questionnaire, delegation: Delegation, now: datetime) -> tuple[Response, bool]:
    """The delegation's response, locked, if answers may be written `now`; and whether it was made for that.

    Called inside a transaction. Raises DelegationNotAsked, QuestionnaireClosed after the deadline, ResponseSealed once
    submitted.
    """
    keys = {"questionnaire": questionnaire.pk, "delegation": delegation.pk}
    response: Any = _TO_WRITE.first(**keys)
    begun = False
    if response is None:
        if questionnaire.edition is None:
            raise QuestionnaireClosed(_("The questionnaire is not open."))
        _row, begun = Response.objects.get_or_create(
            questionnaire=questionnaire,
            delegation=delegation,
            defaults={"edition": questionnaire.edition, "edition_read": questionnaire.edition.number},
        )
        if begun and not Questionnaire.objects.put_to(delegation.pk).filter(pk=questionnaire.pk).exists():
            raise DelegationNotAsked(_("The questionnaire was not put to your delegation."))
        response = _TO_WRITE.first(**keys)
    if not response.takes_answers_at(now):
        raise QuestionnaireClosed(closed_sentence(response))
    if not response.is_writable:
        raise ResponseSealed(
            _("The response is submitted. Ask the secretariat to return it if something must be corrected.")
        )
    # Begun in the moment in which this edition was published. Never backwards: what the caller holds may be older.
    if response.edition.number < response.newest_edition:
        put_before(response, Edition.objects.get(questionnaire=questionnaire, number=response.newest_edition))
    return response, begun


@transaction.atomic
def begin_response(questionnaire: Questionnaire, delegation: Delegation) -> Response:
    """The delegation's response, begun without an answer if it has not. Raises QuestionnaireClosed, ResponseSealed."""
    return response_for_writing(questionnaire, delegation, timezone.now())[0]


def put_before(response: Response, edition: Edition) -> None:
    """Let a locked response that is not submitted go on with another edition; its answers stay."""
    response.edition_read = response.edition_read or response.edition.number
    response.edition = edition
    if response.state == Response.State.CLEARED:
        response.state = state_of_a_draft(response)
        lapse_clearance(response)
    response.save(update_fields=["edition", "edition_read", "state"])


def answers_changed(response: Response, now: datetime) -> None:
    """Note that an answer of a locked response was changed `now`: what was cleared before is cleared no more."""
    response.changed_at = now
    if response.state == Response.State.CLEARED:
        response.state = state_of_a_draft(response)
        lapse_clearance(response)
    response.save(update_fields=["changed_at", "state"])


def lapse_clearance(response: Response) -> None:
    """End the clearance that stands, if one does: what was cleared is no longer what the draft says."""
    response.clearances.filter(outcome=Clearance.Outcome.CLEARED).update(outcome=Clearance.Outcome.LAPSED)


def state_of_a_draft(response: Response) -> str:
    """What an open response is without a clearance: returned if a submission of it was, else a draft."""
    is_returned = response.submissions.filter(return_record__isnull=False).exists()
    return Response.State.RETURNED if is_returned else Response.State.DRAFT


def closed_sentence(response: Response) -> str:
    """Why no answer of this delegation is taken any more."""
    if response.questionnaire.state == Questionnaire.State.OPEN:
        return _("The deadline was %(deadline)s. Drafts stay readable; answers are taken no more.") % {
            "deadline": in_geneva(response.deadline)
        }
    return _("The questionnaire is closed. Drafts stay readable; answers are taken no more.")
