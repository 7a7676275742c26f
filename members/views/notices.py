"""How one is told of what; and the address in a mail that ends such mails."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from icoca_portal.lib.moments import city, zone_named
from members import notices
from members.models import How, User
from members.notice_forms import NoticesForm
from members.signing_in import person_of


@login_required
@require_http_methods(["GET", "POST"])
def choose_notices(request: HttpRequest) -> HttpResponse:
    """Choose how one is told of each kind of thing that can concern one."""
    user = person_of(request)
    kinds = notices.kinds_for(user)
    optional = [kind for kind in kinds if kind.optional]
    chosen = notices.choices_of(user, optional)
    form = NoticesForm(request.POST if request.method == "POST" else None, kinds=optional, initial=chosen)
    if request.method == "POST" and form.is_valid():
        notices.choose(user, form.chosen(), by=user)
        messages.success(request, _("Notices saved."))
        return redirect("members:choose_notices")
    zone = zone_named(user.time_zone)
    context = {
        "form": form,
        "certain": [kind for kind in kinds if not kind.optional],
        "hows": How,
        "has_daily": How.DIGEST in chosen.values(),
        "next_daily": notices.next_morning(user, timezone.now()),
        "zone": city(zone),
    }
    return render(request, "members/choose_notices.html", context, status=422 if form.errors else 200)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def end_notices(request: HttpRequest, signed: str) -> HttpResponse:
    """End the mails of one kind, from the address in such a mail and without signing in.

    Opening the address changes nothing: programs that look into mails open addresses. Mail programs that end mails
    themselves post what RFC 8058 says, and nothing else; they know no token of ours, the address is the proof.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        return _end_notices(request, signed)
    return _end_by_hand(request, signed)


@csrf_protect
def _end_by_hand(request: HttpRequest, signed: str) -> HttpResponse:
    return _end_notices(request, signed)


def _end_notices(request: HttpRequest, signed: str) -> HttpResponse:
    named = notices.named_by(signed)
    kind = notices.kind_of(named[1]) if named else None
    user = User.objects.filter(pk=named[0]).first() if named else None
    is_daily = named is not None and named[1] == notices.DAILY
    if named is None or user is None or not (is_daily or (kind and kind.optional)):
        return render(request, "members/end_notices.html", {"unknown": True}, status=404)
    if request.method == "POST":
        notices.end(user, named[1])
    # Whoever follows the address from a mail reads it in the language of the mail.
    with override(user.language):
        context = {"kind": kind, "is_daily": is_daily, "ended": request.method == "POST"}
        return render(request, "members/end_notices.html", context)
