"""allauth's forms in the portal's words: a label above each field, no text inside it."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}


class PlainMixin:
    """Takes placeholders away, which vanish while one types, and gives the fields the portal's labels."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name) or LABELS.get(name) or field.label
        for name in ("password", "oldpassword"):
            if name in self.fields:  # type: ignore[attr-defined]
                self.fields[name].help_text = ""  # type: ignore[attr-defined]


class LoginForm(PlainMixin, account.LoginForm): ...


class ResetPasswordForm(PlainMixin, account.ResetPasswordForm): ...


class ResetPasswordKeyForm(PlainMixin, account.ResetPasswordKeyForm): ...


class ChangePasswordForm(PlainMixin, account.ChangePasswordForm): ...


class SetPasswordForm(PlainMixin, account.SetPasswordForm): ...


class ReauthenticateForm(PlainMixin, account.ReauthenticateForm): ...


class RequestLoginCodeForm(PlainMixin, account.RequestLoginCodeForm): ...


class ConfirmLoginCodeForm(PlainMixin, account.ConfirmLoginCodeForm):
    labels = {"code": _("Code from the mail")}


class AuthenticateForm(PlainMixin, mfa.AuthenticateForm):
    labels = {"code": _("Code from the application, or a recovery code")}


class ReauthenticateCodeForm(PlainMixin, mfa.ReauthenticateForm):
    labels = {"code": _("Code from the application, or a recovery code")}


class ActivateTOTPForm(PlainMixin, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the application")}


class AddWebAuthnForm(PlainMixin, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of the passkey"), "passwordless": _("Sign in without a password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Such as the device on which it is.")
        self.fields["passwordless"].help_text = _("The device then asks for its own lock each time.")
        self.initial["name"] = ""
