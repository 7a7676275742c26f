from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        from icoca_portal.lib import clock
        from members import standing
        from members import things as registry
        from members.notices import register
        from questionnaires import (
            audiences,  # noqa: F401  (registers the audiences of circulars)
            notices,
            operations,
            things,
        )
        from questionnaires.guests import guest_sections

        registry.register(things.KIND)
        clock.job("reminders")(operations.send_due_reminders)
        standing.register(lambda user: bool(guest_sections(user)))
        clock.job("responses for the Board")(operations.tell_the_board)
        register(*notices.KINDS)
