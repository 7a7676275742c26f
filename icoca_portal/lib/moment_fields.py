"""A field for a moment that is typed as a day and an hour in Geneva."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import comes_twice


class GenevaMomentWidget(forms.SplitDateTimeWidget):
    """A day and an hour, shown as they are in Geneva whatever the reader's own zone."""

    def __init__(self) -> None:
        super().__init__(
            date_attrs={"type": "date", "aria-label": _("Day")},  # type: ignore[dict-item]
            time_attrs={"type": "time", "aria-label": _("Hour, Geneva")},  # type: ignore[dict-item]
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )

    def decompress(self, value: datetime | None) -> tuple[date | None, time | None]:
        if not value:
            return None, None
        local = timezone.localtime(value, geneva())
        return local.date(), local.time()


class GenevaMomentField(forms.SplitDateTimeField):
    """A moment that is typed as a day and an hour in Geneva; gives an aware datetime."""

    widget = GenevaMomentWidget

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        if not data_list:
            return None
        moment = datetime.combine(data_list[0], data_list[1], tzinfo=geneva())
        if moment.astimezone(UTC).astimezone(geneva()).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise ValidationError(_("There is no such hour in Geneva on that day: the clocks are put forward."))
        if comes_twice(moment):
            raise ValidationError(
                _("Choose another hour: on that day this one comes twice, as the clocks are put back.")
            )
        return moment
