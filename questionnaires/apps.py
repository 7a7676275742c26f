from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        from icoca_portal.lib import clock
        from members import standing
        from questionnaires import operations
        from questionnaires.guests import guest_sections

        clock.job("reminders")(operations.send_due_reminders)
        standing.register(lambda user: bool(guest_sections(user)))
