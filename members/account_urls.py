"""Addresses below /accounts/ that stand before allauth's own of the same name."""

from django.urls import path, re_path

from members import account_views

urlpatterns = [
    path("login/code/confirm/", account_views.CountedConfirmLoginCodeView.as_view(), name="account_confirm_login_code"),
    path("2fa/authenticate/", account_views.CountedAuthenticateView.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", account_views.CountedReauthenticateView.as_view(), name="mfa_reauthenticate"),
    path("email/", account_views.closed, name="account_email"),
    path("confirm-email/", account_views.closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", account_views.closed, name="account_confirm_email"),
]
