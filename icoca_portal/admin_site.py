"""The secretariat's site: the portal's look, sign-in through allauth, the day's work in front."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_header = _("ICoCA Working Group: secretariat")
    site_title = _("ICoCA Working Group secretariat")
    index_title = _("Secretariat")
    enable_nav_sidebar = False
    login = secure_admin_login(admin.AdminSite.login)
