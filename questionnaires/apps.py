from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        from icoca_portal.lib import clock
        from questionnaires import operations

        clock.job("reminders")(operations.send_due_reminders)
