"""A delegation replies to its invitation and registers its people; everybody of it reads along."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.prepared import Prepared, given
from icoca_portal.lib.refusals import Refusal
from meetings import operations, registering
from meetings.exceptions import RegistrationChangedMeanwhile, ReplyChangedMeanwhile
from meetings.models import Invitation, Meeting, Registration, RegistrationChange
from meetings.querysets import is_secretariat
from meetings.registration_forms import PersonForm, ReplyForm
from meetings.views.finding import find_meeting
from members.signing_in import person_of

INVALID, CONFLICT = 422, 409


def find_invitation(request: HttpRequest, group: str, number: int, delegation: str = "") -> Invitation:
    """The invitation of a delegation (by its organisation’s address), or the reader's own; else a 404."""
    meeting = find_meeting(request, group, number)
    rows = Invitation.objects.visible_to(request.user).filter(meeting=meeting)
    rows = rows.select_related("delegation__organisation", "replied_by")
    if delegation:
        invitation = get_object_or_404(rows, delegation__organisation__slug=delegation)
    else:
        own = person_of(request).standing.delegation_id
        if own is None:
            raise Http404(_("You are of no delegation today."))
        invitation = get_object_or_404(rows, delegation=own)
    invitation.meeting = meeting
    return invitation


def _address(request: HttpRequest, invitation: Invitation) -> str:
    """The page of a registration: the short address for its own delegation."""
    arguments = invitation.meeting.address
    if person_of(request).standing.delegation_id == invitation.delegation_id:
        return reverse("meetings:read_registration", args=arguments)
    return reverse("meetings:read_registration_of", args=[*arguments, invitation.delegation.organisation.slug])


def _may_write(user: Any, invitation: Invitation) -> bool:
    """Whether the person may change the registration now; after the deadline the secretariat alone."""
    if not user.has_perm("meetings.register_delegation", invitation):
        return False
    meeting = invitation.meeting
    late = user.has_perm("meetings.register_late", invitation)
    return meeting.takes_registrations_at(timezone.now()) or (
        late and meeting.state in (Meeting.State.CONVENED, Meeting.State.HELD)
    )


_INVITATION: Prepared[Invitation] = Prepared(
    lambda: Invitation.objects.filter(meeting=given("meeting"), delegation=given("delegation")).order_by()
)


def own_registration(user: Any, meeting: Meeting) -> dict[str, Any]:
    """What the page of a meeting says of the reader's own invitation: one query for a delegate, none for others.

    The secretariat has the board of all of them instead.
    """
    own = None if is_secretariat(user) else user.standing.delegation_id
    if own is None:
        return {}
    invitation = _INVITATION.first(meeting=meeting.pk, delegation=own)
    return {
        "invitation": invitation,
        "takes_registrations": meeting.takes_registrations_at(timezone.now()),
        "speaks": user.standing.is_focal_point,
    }


@login_required
@require_GET
def read_registration(request: HttpRequest, group: str, number: int, delegation: str = "") -> HttpResponse:
    """The reply of a delegation, its people, and what changed."""
    user = person_of(request)
    if not delegation and user.standing.delegation_id is None and user.standing.is_secretariat:
        meeting = find_meeting(request, group, number)
        return redirect("admin:meetings_meeting_registrations", meeting.pk)
    return _page(request, find_invitation(request, group, number, delegation))


def _page(
    request: HttpRequest,
    invitation: Invitation,
    *,
    form: ReplyForm | None = None,
    stored: Invitation | None = None,
    status: int = 200,
) -> HttpResponse:
    user, meeting = person_of(request), invitation.meeting
    people = [
        row
        for row in Registration.objects.visible_to(user).filter(meeting=meeting).select_related("delegation")
        if row.delegation_id == invitation.delegation_id and not row.withdrawn_at
    ]
    changes = RegistrationChange.objects.visible_to(user).filter(meeting=meeting, delegation=invitation.delegation)
    now = timezone.now()
    if form is None:
        replied = invitation.replied_at
        form = ReplyForm(
            initial={
                "reply": invitation.reply if replied else None,
                "note": invitation.note,
                "seen": replied.isoformat() if replied else "",
            }
        )
    return render(
        request,
        "meetings/read_registration.html",
        {
            "meeting": meeting,
            "invitation": invitation,
            "delegation": invitation.delegation,
            "people": sorted(people, key=lambda row: (row.capacity != Registration.Capacity.HEAD, row.pk)),
            "changes": [
                (row, registering.change_in_words(row), registering.changed_values(row))
                for row in changes.select_related("by").order_by("-at", "-pk")
            ],
            "form": form,
            "stored": stored,
            "may_write": _may_write(user, invitation),
            "is_open": meeting.takes_registrations_at(now),
            "speaks": user.has_perm("meetings.register_delegation", invitation),
            "reads_needs": user.has_perm("meetings.read_needs", invitation),
            "closes": meeting.registration_closes,
            "days_kept": registering.NEEDS_KEPT.days,
            "secretariat_email": settings.SECRETARIAT_EMAIL,
            "own": user.standing.delegation_id == invitation.delegation_id,
        },
        status=status,
    )


@login_required
@require_POST
def reply_invitation(request: HttpRequest, group: str, number: int, delegation: str) -> HttpResponse:
    """The focal point says whether the delegation attends."""
    invitation = find_invitation(request, group, number, delegation)
    authorise(request.user, "meetings.register_delegation", invitation)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form=form, status=INVALID)
    try:
        replied = operations.reply_invitation(invitation, **form.cleaned_data, by=person_of(request))
    except ReplyChangedMeanwhile as refusal:
        # The form goes on from the reply that stands now: sent again, it writes over what was shown beside it.
        data = request.POST.copy()
        data["seen"] = refusal.stored.replied_at.isoformat() if refusal.stored.replied_at else ""
        form = ReplyForm(data)
        form.add_error(None, str(refusal))
        return _page(request, invitation, form=form, stored=refusal.stored, status=CONFLICT)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, invitation, form=form, status=INVALID)
    if replied.reply == Invitation.Reply.ATTENDS:
        messages.success(request, _("Stored: your delegation attends. Register who comes."))
    else:
        messages.success(request, _("Stored: your delegation does not attend. The secretariat sees it."))
    return redirect(_address(request, invitation))


@login_required
@require_http_methods(["GET", "POST"])
def register_person(request: HttpRequest, group: str, number: int, delegation: str) -> HttpResponse:
    """Add somebody who comes."""
    invitation = find_invitation(request, group, number, delegation)
    authorise(request.user, "meetings.register_delegation", invitation)
    if request.method == "GET" and not _may_write(request.user, invitation):
        return _closed(request, invitation)
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, meeting=invitation.meeting)
    if data is not None and form.is_valid():
        try:
            row = operations.register_person(invitation, person=form.person, by=person_of(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": row.person_name})
            return redirect(_address(request, invitation))
    return _person_page(request, invitation, form, status=INVALID if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change_registration(request: HttpRequest, group: str, number: int, delegation: str, pk: int) -> HttpResponse:
    """Change what is said of a person, from the version that the form was made from."""
    invitation = find_invitation(request, group, number, delegation)
    authorise(request.user, "meetings.register_delegation", invitation)
    row = _person(invitation, pk)
    if request.method == "GET":
        if row.withdrawn_at:
            raise Http404
        if not _may_write(request.user, invitation):
            return _closed(request, invitation)
        return _person_page(request, invitation, PersonForm(instance=row, meeting=invitation.meeting), row=row)
    form = PersonForm(request.POST, instance=row, meeting=invitation.meeting)
    seen = number_in(request.POST, "seen_version")
    if not form.is_valid():
        return _person_page(request, invitation, form, row=row, version=seen, status=INVALID)
    try:
        changed = operations.change_registration(row, seen_version=seen, person=form.person, by=person_of(request))
    except RegistrationChangedMeanwhile as refusal:
        form.add_error(None, str(refusal))
        return _person_page(request, invitation, form, row=row, stored=refusal.stored, status=CONFLICT)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _person_page(request, invitation, form, row=row, version=seen, status=INVALID)
    messages.success(request, _("The registration of %(name)s is stored.") % {"name": changed.person_name})
    return redirect(_address(request, invitation))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_registration(request: HttpRequest, group: str, number: int, delegation: str, pk: int) -> HttpResponse:
    """Take somebody off the list, from a page that says who it is and what follows."""
    invitation = find_invitation(request, group, number, delegation)
    authorise(request.user, "meetings.register_delegation", invitation)
    row = _person(invitation, pk)
    if request.method == "GET":
        if row.withdrawn_at:
            raise Http404
        if not _may_write(request.user, invitation):
            return _closed(request, invitation)
        return _withdraw_page(request, invitation, row)
    try:
        operations.withdraw_registration(
            row, seen_version=number_in(request.POST, "seen_version"), by=person_of(request)
        )
    except RegistrationChangedMeanwhile as refusal:
        return _withdraw_page(request, invitation, refusal.stored, refused=True, status=CONFLICT)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is no longer registered.") % {"name": row.person_name})
    return redirect(_address(request, invitation))


def _withdraw_page(
    request: HttpRequest, invitation: Invitation, row: Registration, *, refused: bool = False, status: int = 200
) -> HttpResponse:
    """Who would be withdrawn, as it is stored by now, and what follows."""
    people = Registration.objects.standing().filter(meeting=invitation.meeting, delegation=invitation.delegation)
    return render(
        request,
        "meetings/withdraw_registration.html",
        {
            "meeting": invitation.meeting,
            "invitation": invitation,
            "delegation": invitation.delegation,
            "row": row,
            "refused": refused,
            "is_last": not people.exclude(pk=row.pk).exists(),
            "is_open": invitation.meeting.takes_registrations_at(timezone.now()),
            "closes": invitation.meeting.registration_closes,
            "back": _address(request, invitation),
        },
        status=status,
    )


def _closed(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Nobody is asked to fill in a form that is taken no more."""
    messages.warning(request, _("The registration is closed."))
    return redirect(_address(request, invitation))


def _person(invitation: Invitation, pk: int) -> Registration:
    return get_object_or_404(Registration, pk=pk, meeting=invitation.meeting_id, delegation=invitation.delegation_id)


def _person_page(
    request: HttpRequest,
    invitation: Invitation,
    form: PersonForm,
    *,
    row: Registration | None = None,
    version: int | None = None,
    stored: Registration | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of one person. After a conflict it goes on from what is stored, which stands beside what was typed."""
    if stored is not None:
        version = stored.version
    elif version is None and row is not None:
        version = row.version
    gone = stored is not None and stored.withdrawn_at is not None
    return render(
        request,
        "meetings/register_person.html",
        {
            "meeting": invitation.meeting,
            "invitation": invitation,
            "delegation": invitation.delegation,
            "form": form,
            "row": None if gone else row,
            "gone": gone,
            "version": version,
            "differences": [] if stored is None or gone else _differences(form, stored),
            "back": _address(request, invitation),
            "is_open": _may_write(request.user, invitation),
            "closes": invitation.meeting.registration_closes,
            "days_kept": registering.NEEDS_KEPT.days,
            "secretariat_email": settings.SECRETARIAT_EMAIL,
        },
        status=status,
    )


def _differences(form: PersonForm, stored: Registration) -> list[dict[str, Any]]:
    """The fields of which the stored value is not what was typed, both as a reader sees them."""
    found = []
    for name, field in form.fields.items():
        theirs, mine = getattr(stored, name), form.cleaned_data.get(name, "")
        if theirs != mine:
            choices = dict(getattr(field, "choices", []))
            found.append({"label": field.label, "theirs": choices.get(theirs, theirs), "mine": choices.get(mine, mine)})
    return found
