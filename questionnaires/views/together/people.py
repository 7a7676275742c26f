"""Who does what in a response: sections given to colleagues, and guests who draft some of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from members.models import Delegate, User
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.models import Assignment, Guest, Response
from questionnaires.together import looked_after, section_named
from questionnaires.together_forms import GuestForm
from questionnaires.views.answering import find_response

HERE = "questionnaires:read_people"


@login_required
@require_GET
def read_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Which section each colleague and guest looks after; the focal point's forms to give and to end."""
    return _render(request, find_response(request, slug))


def _render(
    request: HttpRequest, response: Response, *, form: GuestForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    sections = [section for section in response.edition.questions.sections if section.id is not None]
    given = looked_after(response)
    delegates = list(Delegate.objects.as_of(today()).filter(delegation=response.delegation).select_related("user"))
    guests = list(response.guests.active().select_related("user", "invited_by")) if response.has_begun else []
    writers = [d.user for d in delegates if d.role in (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)]
    able = [*writers, *(guest.user for guest in guests)]
    return render(
        request,
        "questionnaires/together/read_people.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "rows": [_row(section, given.get(section.id or 0, []), able, request.user) for section in sections],
            "guests": [_guest(guest, sections, given) for guest in guests],
            "open": response.is_writable and response.takes_answers,
            "may_assign": request.user.has_perm("questionnaires.assign_section", response),
            "may_take": request.user.has_perm("questionnaires.take_section", response),
            "form": form or GuestForm(sections=sections, initial={"language": (get_language() or "en")[:2]}),
            "refusal": refusal,
        },
        status=status,
    )


def _row(section: Any, given: list[Assignment], able: list[User], reader: Any) -> dict[str, Any]:
    taken = {row.user_id for row in given}
    writing = {user.pk for user in able}
    return {
        "section": section,
        "given": [{"assignment": row, "writes": row.user_id in writing} for row in given],
        "free": [user for user in able if user.pk not in taken],
        "is_mine": reader.pk in taken,
    }


def _guest(guest: Guest, sections: list[Any], given: Any) -> dict[str, Any]:
    mine = [s for s in sections if any(row.user_id == guest.user_id for row in given.get(s.id, []))]
    return {"guest": guest, "sections": mine}


@login_required
@require_POST
def assign_section(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a section to a colleague or guest; contributors take one themselves."""
    response = find_response(request, slug)
    posted = request.POST
    user = get_object_or_404(User, pk=number_in(posted, "user", figures=15))
    own = user.pk == request.user.pk
    authorise(request.user, "questionnaires.take_section" if own else "questionnaires.assign_section", response)
    section = section_named(response.edition.questions, number_in(posted, "section", figures=15))
    if section is None or section.id is None:
        messages.warning(request, _("The section is asked no more. Open the page again."))
        return redirect(HERE, slug)
    try:
        operations.assign_section(
            response.questionnaire, response.delegation, section_id=section.id, user=user, by=person_of(request)
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        told = _("%(name)s looks after section %(number)s.") % {"name": user, "number": section.number}
        messages.success(request, told)
    return redirect(HERE, slug)


@login_required
@require_POST
def end_assignment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody no longer looks after a section: the focal point says so, or they themselves."""
    response = find_response(request, slug)
    assignment = get_object_or_404(Assignment.objects.select_related("user"), pk=pk, response=response.pk)
    if assignment.user_id != request.user.pk:
        authorise(request.user, "questionnaires.assign_section", response)
    operations.end_assignment(assignment, by=person_of(request))
    messages.success(request, _("%(name)s no longer looks after the section.") % {"name": assignment.user})
    return redirect(HERE, slug)


@login_required
@require_POST
def invite_guest(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask somebody from outside of the delegation to draft some sections."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.invite_guest", response)
    sections = [section for section in response.edition.questions.sections if section.id is not None]
    form = GuestForm(request.POST, sections=sections)
    if not form.is_valid():
        return _render(request, response, form=form, status=422)
    asked = form.cleaned_data
    try:
        guest = operations.invite_guest(
            response.questionnaire,
            response.delegation,
            name=asked["name"],
            email=asked["email"],
            language=asked["language"],
            section_ids=asked["sections"],
            by=person_of(request),
        )
    except Refusal as refusal:
        return _render(request, response, form=form, refusal=str(refusal), status=422)
    messages.success(request, _("%(name)s is invited. The mail is on its way.") % {"name": guest.user})
    return redirect(HERE, slug)


@login_required
@require_POST
def end_guest(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a guest's access; what they wrote stays."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.invite_guest", response)
    if not response.has_begun:
        raise PermissionDenied
    guest = get_object_or_404(Guest.objects.select_related("user"), pk=pk, response=response.pk)
    operations.end_guest(guest, by=person_of(request))
    messages.success(request, _("%(name)s is no longer your guest. What they wrote stays.") % {"name": guest.user})
    return redirect(HERE, slug)
