"""The admin site's configuration: ours (sign-in through allauth, the day's work in front) is the default one."""

from django.contrib.admin import apps as admin_apps


class PortalAdminConfig(admin_apps.AdminConfig):
    # Named in INSTALLED_APPS by its path; not what the entry "icoca_portal" beside it shall take up.
    default = False
    default_site = "icoca_portal.admin_site.PortalAdminSite"
