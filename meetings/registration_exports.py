"""The list of everybody who is registered, as a spreadsheet, as CSV for badges, and as a paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib import exports
from icoca_portal.lib.papers import READERS, Paper, Part, Table
from meetings.models import Meeting, Registration
from meetings.registering import needs_counted


def _headers(with_needs: bool) -> list[str]:
    headers = [_("Delegation"), _("Name"), _("Function"), _("Capacity"), _("Present"), _("E-mail")]
    return [*headers, _("Dietary needs"), _("Access needs")] if with_needs else headers


def _rows(people: Iterable[Registration], with_needs: bool) -> list[list[str]]:
    return [
        [
            str(row.delegation),
            row.person_name,
            row.function,
            str(row.get_capacity_display()),
            str(row.get_mode_display()),
            row.email,
            *([row.dietary_needs, row.access_needs] if with_needs else []),
        ]
        for row in people
    ]


def registered_csv(people: Iterable[Registration], *, with_needs: bool = False) -> bytes:
    """One line a person: what a badge holds, and with their needs if asked for."""
    return exports.write_csv(_headers(with_needs), _rows(people, with_needs))


def registered_xlsx(people: Sequence[Registration], *, with_needs: bool = False) -> bytes:
    """The same in a workbook; with needs, a second sheet counts them."""
    sheets: list[exports.Sheet] = [(_("Registered"), _headers(with_needs), _rows(people, with_needs))]
    if with_needs:
        counted = [(str(kind), text, number) for kind, rows in needs_counted(people) for text, number in rows]
        sheets.append((_("Needs"), [_("Kind"), _("Need"), _("People")], counted))
    return exports.write_xlsx(sheets)


def registered_paper(meeting: Meeting, people: Sequence[Registration]) -> Paper:
    """The list for the desk at the door: name, function, delegation, capacity. Without addresses and needs."""
    headers = [_("Name"), _("Function"), _("Delegation"), _("Capacity"), _("Present")]
    rows = [
        (row.person_name, row.function, str(row.delegation), row.get_capacity_display(), row.get_mode_display())
        for row in people
    ]
    number = ngettext("%(count)d person is registered.", "%(count)d people are registered.", len(rows))
    return Paper(
        title=_("Registered for the %(exchange)s") % {"exchange": meeting.name_in_sentence},
        language=translation.get_language() or settings.LANGUAGE_CODE,
        meta=[(_("Symbol"), meeting.symbol), (_("Date"), meeting.when), (READERS, _("Secretariat"))],
        lead=number % {"count": len(rows)},
        parts=[Part(_("People"), body=[Table(headers, rows)])],
        footer=meeting.symbol,
        sample=settings.SAMPLE_SITE,
    )
