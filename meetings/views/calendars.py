"""Calendar files and feeds."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from meetings import operations
from meetings.ical import CONTENT_TYPE, has_entry, write_calendar
from meetings.models import CalendarAddress, Meeting
from meetings.querysets import is_insider
from meetings.views.finding import find_meeting
from members.signing_in import person_of
from members.standing import has_standing


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@never_cache
def export_meeting(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One meeting as a calendar file; for participants with how to join online.

    Without a date there is nothing to put into a calendar, and a page says so (404); but calendars that had a day are
    told that it no longer stands.
    """
    meeting = find_meeting(request, group, number)
    if not has_entry(meeting):
        return render(request, "meetings/date_to_be_confirmed.html", {"meeting": meeting}, status=404)
    content = write_calendar([meeting], inside=is_insider(request.user))
    return _calendar(content, f"{meeting.symbol.replace('/', '-')}.ics")


@require_GET
def export_calendar(request: HttpRequest) -> HttpResponse:
    """The feed of public meetings, the same for everybody."""
    meetings = Meeting.objects.filter(visibility="public").select_related("working_group").order_by("date", "pk")
    return _calendar(write_calendar(meetings, name=_("ICoCA Working Group")), "calendar.ics")


@require_GET
@never_cache
def export_private_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The feed behind a private address: what its owner reads today, in their language; nothing once they have no
    place here."""
    address = get_object_or_404(CalendarAddress.objects.select_related("user"), token=token)
    if not has_standing(address.user):
        raise Http404
    meetings = Meeting.objects.visible_to(address.user).select_related("working_group").order_by("date", "pk")
    with translation.override(address.user.language):
        content = write_calendar(meetings, name=_("ICoCA Working Group"), inside=is_insider(address.user))
    return _calendar(content, "calendar.ics")


@require_GET
@never_cache
def read_calendar(request: HttpRequest) -> HttpResponse:
    """The addresses to subscribe to: the public one, and the reader's own."""
    own = CalendarAddress.objects.visible_to(request.user).first()
    context = {"own": own, "inside": is_insider(request.user), "portal_address": settings.PORTAL_ADDRESS}
    return render(request, "meetings/read_calendar.html", context)


@login_required
@require_POST
def make_calendar_address(request: HttpRequest) -> HttpResponse:
    """Make the reader's private address, or a new one in place of the old."""
    authorise(request.user, "meetings.make_calendar_address")
    operations.make_calendar_address(person_of(request))
    messages.success(request, _("Your private address is made. An earlier one no longer works."))
    return redirect("meetings:read_calendar")


@login_required
@require_POST
def revoke_calendar_address(request: HttpRequest) -> HttpResponse:
    """Take the reader's private address back."""
    address = get_object_or_404(CalendarAddress.objects.visible_to(request.user))
    authorise(request.user, "meetings.revoke_calendar_address", address)
    operations.revoke_calendar_address(address)
    messages.success(request, _("Your private address no longer works."))
    return redirect("meetings:read_calendar")
