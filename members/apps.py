from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from icoca_portal.lib import clock, folding
        from members import (
            asked_with_person,
            notice_kinds,
            notices,
            operations,
            representing,
            rules,  # noqa: F401  (registers the permissions)
            things,
        )
        from members.circulars import (
            about,
            of_members,  # noqa: F401  (registers the audiences)
        )

        clock.job("contacts erased")(operations.erase_contacts)
        folding.teach()
        asked_with_person.register("represents_today", representing.represents_today)
        clock.job("self-assessments")(operations.send_due_assessment_reminders)
        clock.job("reminders of applicants")(operations.send_supply_reminders)
        things.register(about.CIRCULAR)
        clock.job("circulars released")(operations.release_due_circulars)
        clock.job("circulars finished")(operations.finish_circulars)
        clock.job("notices that wait")(notices.check_waiting)
        clock.job("messages of the day")(notices.send_daily)
        notices.register(*notice_kinds.KINDS)
        for thing in notice_kinds.THINGS:
            things.register(thing)
