"""The delegation: having a draft cleared by its own people before it goes out."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from members.models import Delegate, Delegation, User
from questionnaires import emails
from questionnaires.exceptions import (
    ClearanceEnded,
    ClearanceStands,
    DraftChangedMeanwhile,
    NotOfDelegation,
    ResponseSealed,
)
from questionnaires.models import Clearance, Questionnaire, Response
from questionnaires.operations.writing import lapse_clearance, response_for_writing, state_of_a_draft

WAITING = Clearance.Outcome.ASKED


@transaction.atomic
def require_clearance(questionnaire: Questionnaire, delegation: Delegation, *, required: bool, by: User) -> Response:
    """Say whether this response must be cleared before it is submitted. Begins the response if nobody has.

    Raises QuestionnaireClosed, ResponseSealed.
    """
    response, _begun = response_for_writing(questionnaire, delegation, timezone.now())
    response.requires_clearance = required
    response.save(update_fields=["requires_clearance"])
    return response


@transaction.atomic
def send_for_clearance(
    questionnaire: Questionnaire, delegation: Delegation, *, of: User | None, message: str = "", by: User
) -> Clearance:
    """Ask a colleague of any role to clear the draft, or note that it went to the capital by other means (`of` None).

    The draft stays open to everybody meanwhile. Raises QuestionnaireClosed, ResponseSealed, ClearanceStands if one was
    asked for or given already, NotOfDelegation for somebody who is not of the delegation today.
    """
    response, _begun = response_for_writing(questionnaire, delegation, timezone.now())
    if of is not None and not _is_delegate(response, of):
        raise NotOfDelegation(_("%(name)s is not of your delegation today.") % {"name": of})
    if response.state == Response.State.CLEARED:
        raise ClearanceStands(_("The draft is cleared already."))
    if response.clearances.filter(outcome=WAITING).exists():
        raise ClearanceStands(_("The draft has been sent for clearance already."))
    lapse_clearance(response)  # that of an earlier submission, which was returned
    clearance = Clearance.objects.create(response=response, asked_by=by, asked_of=of, message=message.strip())
    emails.clearance_asked(clearance)
    return clearance


def _is_delegate(response: Response, user: User) -> bool:
    rows = Delegate.objects.as_of(today()).filter(delegation=response.delegation_id, user=user)
    return user.is_active and rows.exists()


@transaction.atomic
def record_clearance(
    clearance: Clearance,
    *,
    name: str,
    on: date,
    seen: datetime,
    edition: int | None = None,
    remark: str = "",
    by: User,
) -> None:
    """Record that the draft is cleared: by whom (`name`, with the office) and on which day.

    `seen` is the moment of the last change in the draft that was read, `edition` the key of the edition it answered.
    Raises ClearanceEnded if it was answered already, DraftChangedMeanwhile if an answer or a question was changed
    since, ResponseSealed once submitted.
    """
    stored, response = _lock(clearance)
    if response.changed_at != seen or edition not in (None, response.edition_id):
        raise DraftChangedMeanwhile(
            _("The draft was changed while you were reading. Read it again before you clear it.")
        )
    stored.outcome, stored.cleared_by_name, stored.cleared_on = Clearance.Outcome.CLEARED, name.strip(), on
    response.state = Response.State.CLEARED
    response.save(update_fields=["state"])
    _end(stored, remark, by)


@transaction.atomic
def decline_clearance(clearance: Clearance, *, remark: str, by: User) -> None:
    """Record that the draft is not cleared, and why. Raises ClearanceEnded, ResponseSealed."""
    stored, response = _lock(clearance)
    if not remark.strip():
        raise ValueError("a draft is not cleared for a reason")
    stored.outcome = Clearance.Outcome.DECLINED
    response.state = state_of_a_draft(response)
    response.save(update_fields=["state"])
    _end(stored, remark, by)


def _lock(clearance: Clearance) -> tuple[Clearance, Response]:
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "edition", "delegation__organisation")
        .get(pk=clearance.response_id)
    )
    stored = Clearance.objects.select_related("asked_of", "asked_by").get(pk=clearance.pk)
    stored.response = response
    if not response.is_writable:
        raise ResponseSealed(_("The response is submitted already."))
    if stored.outcome != WAITING:
        raise ClearanceEnded(_("This was answered already. Open the page again."))
    return stored, response


def _end(stored: Clearance, remark: str, by: User) -> None:
    stored.remark, stored.ended_at, stored.ended_by = remark.strip(), timezone.now(), by
    stored.save()
    emails.clearance_recorded(stored, by=by)
