"""Private addresses of the calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets


class CalendarAddress(models.Model):
    """A person's private address of the calendar. Whoever has it reads what they read, so it can be taken back."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address", verbose_name=_("person")
    )
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = querysets.CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("calendar address"), _("calendar addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)
