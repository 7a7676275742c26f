"""The audiences of circulars that meetings know: who is registered, who has not replied, who chairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.days import day_of
from meetings.models import Invitation, Meeting, Office
from meetings.registering import TOLD, people_registered
from meetings.things import AGENDA, DOCUMENT, MEETING, SUMMARY
from members.circulars.audiences import Addressee, Audience, Rule, accounts_of, key_of, one_line, register
from members.circulars.of_members import people_of_delegations, roles_in_words
from members.models import Delegate


def _meeting(audience: Audience) -> Meeting | None:
    """The meeting that the audience is about, or that its thing belongs to."""
    for kind, field in ((MEETING, "pk"), (AGENDA, "pk"), (SUMMARY, "summary"), (DOCUMENT, "documents")):
        if key := key_of(audience, kind):
            return Meeting.objects.select_related("working_group").filter(**{field: key}).first()
    return None


def _name(audience: Audience) -> str:
    meeting = _meeting(audience)
    return meeting.name_in_sentence if meeting else _("a meeting")


def _registered(audience: Audience, now: datetime) -> Iterable[Addressee]:
    """Everybody who is registered, with an account or without; of somebody without an address, the name."""
    meeting = _meeting(audience)
    if meeting is None:
        return
    people = people_registered(meeting)
    accounts = accounts_of(person.email for person in people)
    for person in people:
        organisation = person.delegation.organisation
        user = accounts.get(person.email.lower()) if person.email else None
        if user is not None:
            yield Addressee.of_user(user, organisation=organisation, role="registered")
        else:
            yield Addressee(None, organisation, "registered", one_line(person.person_name), person.email, "en")


def _no_reply(audience: Audience, now: datetime) -> Iterable[Addressee]:
    meeting = _meeting(audience)
    if meeting is None:
        return []
    rows = meeting.invitations.filter(reply=Invitation.Reply.NONE).select_related("delegation__organisation")
    organisations = [row.delegation.organisation for row in rows]
    return people_of_delegations(organisations, audience.get("roles", []), now)


def _invited(audience: Audience, now: datetime) -> Iterable[Addressee]:
    meeting = _meeting(audience)
    if meeting is None:
        return []
    organisations = [
        row.delegation.organisation for row in meeting.invitations.select_related("delegation__organisation")
    ]
    return people_of_delegations(organisations, audience.get("roles", []), now)


def _chairs(audience: Audience, now: datetime) -> Iterable[Addressee]:
    rows = Office.objects.as_of(day_of(now)).filter(role=Office.Role.CHAIR).select_related("user")
    return [Addressee.of_user(row.user, role="chair") for row in rows.order_by("working_group__name", "pk")]


def _fields() -> dict[str, forms.Field]:
    return {
        "roles": forms.MultipleChoiceField(
            label=gettext_lazy("People"),
            choices=Delegate.Role.choices,
            initial=list(TOLD),
            widget=forms.CheckboxSelectMultiple,
        )
    }


REGISTERED = register(
    Rule(
        key="registered",
        label=gettext_lazy("Those who are registered"),
        addressees=_registered,
        in_words=lambda audience: _("People registered for the %(exchange)s") % {"exchange": _name(audience)},
        about=(MEETING, AGENDA, SUMMARY, DOCUMENT),
    )
)
NO_REPLY = register(
    Rule(
        key="no reply",
        label=gettext_lazy("Delegations that have not replied"),
        addressees=_no_reply,
        in_words=lambda audience: (
            _("Delegations invited to the %(exchange)s that have not replied: %(people)s")
            % {"exchange": _name(audience), "people": roles_in_words(audience)}
        ),
        fields=_fields,
        about=(MEETING, AGENDA, SUMMARY, DOCUMENT),
    )
)
INVITED = register(
    Rule(
        key="invited",
        label=gettext_lazy("All delegations invited"),
        addressees=_invited,
        in_words=lambda audience: (
            _("Delegations invited to the %(exchange)s: %(people)s")
            % {"exchange": _name(audience), "people": roles_in_words(audience)}
        ),
        fields=_fields,
        about=(MEETING, AGENDA, SUMMARY, DOCUMENT),
    )
)
CHAIRS = register(
    Rule(
        key="chairs",
        label=gettext_lazy("Chairs of working groups"),
        addressees=_chairs,
        in_words=lambda audience: _("Chairs of working groups"),
    )
)
