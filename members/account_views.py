"""Sign-in pages of allauth that need more here: failures counted by django-axes, routes closed, a QR code shown."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.views import ConfirmLoginCodeView
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from members.signing_in import locked_out, may_try, record_failure


class CountedMixin:
    """Refuse who failed too often, and count each failure, as Django's own authentication does for passwords."""

    request: HttpRequest

    def counted_address(self) -> str:
        """The address of the account that is being opened."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = self.counted_address()
        if not may_try(request, address):
            return locked_out(request, None, {"username": address})
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        record_failure(self.request, self.counted_address())
        return super().form_invalid(form)  # type: ignore[misc]


class CountedConfirmLoginCodeView(CountedMixin, ConfirmLoginCodeView):
    """The code from the mail."""

    def counted_address(self) -> str:
        return self._process.state.get("email") or ""


class CountedAuthenticateView(CountedMixin, AuthenticateView):
    """The second factor, after the password or the code from the mail."""

    def counted_address(self) -> str:
        return self.stage.login.user.email


class CountedReauthenticateView(CountedMixin, ReauthenticateView):
    """The second factor again, before a change to the ways of signing in."""

    def counted_address(self) -> str:
        return self.request.user.email  # type: ignore[union-attr]


def closed(request: HttpRequest, **kwargs: str) -> NoReturn:
    """An account has exactly one address, which the secretariat changes: allauth's pages for more do not exist."""
    raise Http404(_("An account has one address. The secretariat changes it."))
