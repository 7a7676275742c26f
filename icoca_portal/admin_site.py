"""The secretariat's site: the portal's look, sign-in through allauth, the day's work in front."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_header = _("ICoCA Working Group: secretariat")
    site_title = _("ICoCA Working Group secretariat")
    index_title = _("Secretariat")
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The secretariat's day before the lists: next meeting, responses, summaries, registry, circulars, mail."""
        # Here, because the site is made before the models of the apps are there.
        from icoca_portal.outbox.models import Message
        from meetings import desk as meetings_desk
        from members import quality
        from members.circulars import waiting
        from questionnaires import desk as questionnaires_desk

        now = timezone.now()
        stuck = Message.objects.needs_attention(now)
        day = {
            "meetings": meetings_desk.secretariat_day(),
            "questionnaires": questionnaires_desk.secretariat_day(),
            "registry": quality.secretariat_day(request.user),
            "circulars": waiting.secretariat_day(request.user),
            "mail": stuck.aggregate(waiting=Count("pk"), returned=Count("pk", filter=Q(state="returned"))),
            "mail_late": Message.objects.overdue(now).count(),
        }
        return super().index(request, {**(extra_context or {}), "day": day})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Through allauth: with the second factor, and with failures counted."""
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One page for signing out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One page for the password, and it asks for the second factor."""
        return redirect("account_change_password")
