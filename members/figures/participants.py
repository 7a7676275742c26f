"""Figures of the Montreux Document: who supported it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.figures.asking import AsOf, Figure
from members.models import Organisation
from members.regions import Region, region_of


def participant_figures(asked: AsOf) -> Iterable[Figure]:
    """Who supported the Montreux Document on the day: in all, by kind, by region."""
    participants = Organisation.objects.participants(asked.day, known=asked.known)
    rows = list(participants)
    when = asked.words
    states = sum(row.kind == Organisation.Kind.STATE for row in rows)
    organisations = len(rows) - states
    yield Figure(
        "participants",
        _("Participants, in all"),
        len(rows),
        ngettext(
            "On %(day)s, %(count)d participant supported the Montreux Document.",
            "On %(day)s, %(count)d participants supported the Montreux Document.",
            len(rows),
        )
        % {**when, "count": len(rows)},
    )
    counted = {
        "states": ngettext("%(count)d State", "%(count)d States", states) % {"count": states},
        "organisations": ngettext(
            "%(count)d international organisation", "%(count)d international organisations", organisations
        )
        % {"count": organisations},
    }
    yield Figure(
        "participants.states",
        _("Participants: States"),
        states,
        _("On %(day)s, the Montreux Document had the support of %(states)s.") % {**when, **counted},
    )
    yield Figure(
        "participants.organisations",
        _("Participants: international organisations"),
        organisations,
        _("On %(day)s, the Montreux Document had the support of %(organisations)s.") % {**when, **counted},
    )
    by_region = Counter(region_of(row) for row in rows)
    for region in Region:
        if region == Region.ORGANISATIONS or not by_region[region]:
            continue
        count = by_region[region]
        yield Figure(
            f"participants.{region.value}",
            _("Participants: States, %(region)s") % {"region": region.label},
            count,
            ngettext(
                "On %(day)s, %(count)d State that supported the Montreux Document counted to the region %(region)s.",
                "On %(day)s, %(count)d States that supported the Montreux Document counted to the region %(region)s.",
                count,
            )
            % {**when, "count": count, "region": region.label},
        )
