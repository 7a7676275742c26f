"""The admin site's configuration, so that ours (sign-in through allauth, the day's work in front) is the default one."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "icoca_portal.admin_site.PortalAdminSite"
