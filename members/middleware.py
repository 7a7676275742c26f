"""What holds for every request of a signed-in person: their place today, their zone and language, the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import zone_named
from icoca_portal.lib.parking import typed_in
from members.signing_in import SECOND_FACTORS
from members.standing import has_standing

GetResponse = Callable[[HttpRequest], HttpResponse]


class StandingMiddleware:
    """End the session of an account that was closed, or whose last role ended: at once, not at the next sign-in.

    A page that was asked for in full becomes the sign-in page with the reason. A fragment (htmx) goes on as a visitor's
    request, and meets the answer that every expired session meets, so that what was typed stays on the screen. A form
    that was sent in full is shown once more, to be copied: it has nobody to come back to.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        # A closed account is a visitor to Django already; its session is still there.
        ended = not has_standing(user) if user.is_authenticated else SESSION_KEY in request.session
        if ended:
            typed = [] if getattr(request, "htmx", False) else typed_in(request)
            logout(request)
            if not getattr(request, "htmx", False):
                sentence = _(
                    "Your access has ended: you have no role today. If that is a mistake, write to %(address)s."
                ) % {"address": settings.SECRETARIAT_EMAIL}
                if typed:
                    context = {"sentence": sentence, "typed": typed, "moment": timezone.now()}
                    return render(request, "account/access_ended.html", context, status=403)
                messages.warning(request, sentence)
                return redirect("account_login")
        return self.get_response(request)


class ReaderMiddleware:
    """Times and words as the person prefers: zone (visitors: Geneva) and language (visitors: the browser's)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            with timezone.override(geneva()):
                return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone_named(request.user.time_zone)):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Send staff without a second factor to the page where they choose one, before they reach anything else.

    `settings.STAFF_SECOND_FACTOR` switches it; only the sample site may switch it off.
    """

    exempt = ("mfa_", "account_", "choose_appearance", "contact", "privacy", "accessibility", "health")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not settings.STAFF_SECOND_FACTOR or not user.is_authenticated or not user.is_staff:
            return None
        match = request.resolver_match
        if match is not None and match.view_name and match.view_name.startswith(self.exempt):
            return None
        if is_mfa_enabled(user, SECOND_FACTORS):
            return None
        messages.info(request, _("The secretariat signs in with a second factor. Choose one to go on."))
        return redirect("mfa_index")
