"""The delegation: who looks after which section, and guests who draft some of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from members import operations as members
from members.models import Delegate, Delegation, User
from members.standing import has_standing
from questionnaires import emails
from questionnaires.exceptions import NoGuest, NotOfDelegation
from questionnaires.models import Assignment, Guest, Questionnaire, Response
from questionnaires.operations.writing import response_for_writing

DRAFTERS = (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)


@transaction.atomic
def assign_section(
    questionnaire: Questionnaire, delegation: Delegation, *, section_id: int, user: User, by: User
) -> Assignment:
    """Let a colleague or a guest look after a section, and tell them unless they took it themselves.

    Begins the response if nobody has. Who looks after the section already goes on. Raises QuestionnaireClosed,
    ResponseSealed, and NotOfDelegation for somebody who does not write for the delegation today.
    """
    response, _begun = response_for_writing(questionnaire, delegation, timezone.now())
    if all(section.id != section_id for section in response.edition.questions.sections):
        raise ValueError("the edition has no such section")
    if not may_look_after(response, user):
        raise NotOfDelegation(_("%(name)s does not write for your delegation today.") % {"name": user})
    return _assign(response, section_id, user, by)


def may_look_after(response: Response, user: User) -> bool:
    """Whether a section can be given to this person today: a focal point, a contributor, a guest of the response."""
    delegates = Delegate.objects.as_of(today()).filter(delegation=response.delegation_id, role__in=DRAFTERS, user=user)
    return user.is_active and (delegates.exists() or response.guests.active().filter(user=user).exists())


def _assign(response: Response, section_id: int, user: User, by: User) -> Assignment:
    assignment, made = Assignment.objects.get_or_create(
        response=response, section_id=section_id, user=user, ended_at=None, defaults={"assigned_by": by}
    )
    if made and user.pk != by.pk:
        emails.section_assigned(assignment)
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User) -> Assignment:
    """Let somebody no longer look after a section. What they wrote stays. A second time changes nothing."""
    locked = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by = timezone.now(), by
        locked.save(update_fields=["ended_at", "ended_by"])
    return locked


@transaction.atomic
def invite_guest(
    questionnaire: Questionnaire,
    delegation: Delegation,
    *,
    name: str,
    email: str,
    language: str,
    section_ids: Collection[int],
    by: User,
) -> Guest:
    """Ask somebody from outside of the delegation to draft some sections; open an account for them if they have none.

    Somebody who is a guest already is given the further sections. Raises QuestionnaireClosed, ResponseSealed, and
    NoGuest for a delegate of any delegation, a director, staff, and a guest of another delegation.
    """
    response, _begun = response_for_writing(questionnaire, delegation, timezone.now())
    known = {section.id for section in response.edition.questions.sections}
    if not section_ids or not set(section_ids) <= known:
        raise ValueError("a guest is invited to sections of the edition")
    user, opened = members.register_person(email=email, name=name, language=language, by=by)
    if not opened:
        _refuse_who_has_a_place(user, response)
    guest, invited = Guest.objects.get_or_create(
        response=response, user=user, ended_at=None, defaults={"invited_by": by}
    )
    wanted = set(section_ids) - set(
        response.assignments.active().filter(user=user).values_list("section_id", flat=True)
    )
    for section_id in sorted(wanted):
        Assignment.objects.create(response=response, section_id=section_id, user=user, assigned_by=by)
    if user.last_login is None and invited:
        with translation.override(user.language):
            members.invite_person(user, by=by, introduction=emails.guest_introduction(guest))
    elif invited or wanted:
        emails.guest_invited(guest)
    return guest


def _refuse_who_has_a_place(user: User, response: Response) -> None:
    """Raise NoGuest unless the person behind a known address may become, or is, a guest of this delegation."""
    if not user.is_active:
        raise NoGuest(_("The account of %(email)s is closed. Ask the secretariat.") % {"email": user.email})
    roles = user.appointments.overlapping(today(), None)
    if roles.filter(delegation=response.delegation_id).exists():
        raise NoGuest(
            _("%(name)s is of your delegation already. Give them the section as a colleague.") % {"name": user}
        )
    guest_of = set(Guest.objects.active().filter(user=user).values_list("response__delegation", flat=True))
    has_place = roles.exists() or (has_standing(user) and not guest_of)
    if has_place or guest_of - {response.delegation_id}:
        raise NoGuest(
            _("%(email)s belongs to somebody with another place in the portal, who cannot be your guest.")
            % {"email": user.email}
        )


@transaction.atomic
def end_guest(guest: Guest, *, by: User) -> Guest:
    """End a guest's access, and with it all their sections. What they wrote stays. A second time changes nothing."""
    locked = Guest.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    if locked.ended_at is None:
        now = timezone.now()
        locked.ended_at, locked.ended_by = now, by
        locked.save(update_fields=["ended_at", "ended_by"])
        mine = Assignment.objects.active().filter(response=locked.response_id, user=locked.user_id)
        mine.update(ended_at=now, ended_by=by)
    return locked
