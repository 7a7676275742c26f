"""Addresses below /accounts/ that stand before allauth's own of the same name."""

from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.urls import path, re_path

from members import account_views

urlpatterns = [
    path("login/code/confirm/", account_views.CountedConfirmLoginCodeView.as_view(), name="account_confirm_login_code"),
    path("2fa/authenticate/", account_views.CountedAuthenticateView.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", account_views.CountedReauthenticateView.as_view(), name="mfa_reauthenticate"),
    # The QR code of the key is a picture inside the page; only this page may show such a one.
    path("2fa/totp/activate/", csp_update({"img-src": ["data:"]})(activate_totp), name="mfa_activate_totp"),
    path("email/", account_views.closed, name="account_email"),
    path("confirm-email/", account_views.closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", account_views.closed, name="account_confirm_email"),
]
