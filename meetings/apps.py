from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from icoca_portal.lib import clock
        from meetings import (
            audiences,  # noqa: F401  (registers the audiences of circulars)
            finding,
            notices,
            operations,
            rules,  # noqa: F401  (registers the permissions)
            things,
        )
        from meetings.querysets import chaired_groups, chairs_today
        from members import asked_with_person, standing
        from members import things as registry
        from members.notices import register
        from members.operations.merging import follow

        follow(self.get_model("Meeting"), "chair_organisation", versioned=True)
        for kind in things.KINDS:
            registry.register(kind)
        clock.job("follow-ups")(operations.send_follow_up_reminders)
        clock.job("summaries under silence")(operations.adopt_due_summaries)
        clock.job("reminders of silence")(operations.remind_commenters)
        asked_with_person.register("chairs_today", chairs_today)
        standing.register(lambda user: bool(chaired_groups(user)))
        clock.job("search")(finding.mend)
        clock.job("words of documents")(finding.read_documents)
        clock.job("registration reminders")(operations.send_due_registration_reminders)
        clock.job("needs deleted")(operations.clear_needs)
        clock.job("documents to read")(operations.tell_of_documents)
        register(*notices.KINDS)
