from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from meetings import rules  # noqa: F401  (registers the permissions)
        from meetings.querysets import chaired_groups
        from members import standing

        standing.register(lambda user: bool(chaired_groups(user)))
