"""The mail queue as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Owns the table of queued messages; knows no other app of the portal."""

    name = "icoca_portal.outbox"
    label = "outbox"
    verbose_name = _("Mail")
    default_auto_field = "django.db.models.BigAutoField"
