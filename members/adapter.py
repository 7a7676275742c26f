"""How allauth behaves here: nobody signs up, mail goes through the outbox, and an ended role opens no door."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from members.emails import queue_account_mail
from members.standing import has_standing


class PortalAccountAdapter(DefaultAccountAdapter):
    """allauth's account adapter with the portal's rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is not open."),
        "email_password_mismatch": _("The address and the password do not belong together."),
        "enter_current_password": _("Type your current password."),
        "incorrect_code": _("This is not the code, or it has run out."),
        "incorrect_password": _("This is not your password."),
        "invalid_or_expired_key": _("This link has run out or was used."),
        "invalid_password_reset": _("This link has run out or was used."),
        "rate_limited": _("Too many attempts. Wait a few minutes."),
        "too_many_login_attempts": _("Too many attempts. Ask for a new code."),
        "unknown_email": _("The address and the password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the secretariat opens accounts at the request of a delegation."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse who proved who they are and has no place today, with the page that a closed account meets."""
        if not has_standing(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's messages, in the recipient's language."""
        user = context.get("user") or get_user_model().objects.filter(email=email.lower()).first()
        with translation.override(user.language if user else translation.get_language()):
            message: EmailMessage = self.render_mail(
                template_prefix, email, {"email": email, "secretariat_email": settings.SECRETARIAT_EMAIL, **context}
            )
        queue_account_mail(template_prefix, email, user, message)
