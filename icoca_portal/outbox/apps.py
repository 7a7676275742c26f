"""The mail queue as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Owns the table of queued messages; knows no other app of the portal."""

    name = "icoca_portal.outbox"
    label = "outbox"
    verbose_name = _("Mail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anymail.signals import tracking

        from icoca_portal.lib import clock
        from icoca_portal.outbox import provider_events, providers
        from icoca_portal.outbox.returned_mail import Reader

        providers.check_settings()
        tracking.connect(provider_events.receive_event, dispatch_uid="outbox")
        clock.job("returned mail")(Reader().read_when_due)
