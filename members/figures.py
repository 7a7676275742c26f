"""Figures of the registry as of a day, each with the sentence in which a record says it.

What the registry of people knows is counted here. Other apps that keep a registry add theirs in `AppConfig.ready()`:

    figures.register(membership_figures)

A source is a function that takes the day (Geneva) and gives figures in the active language. Its keys are stable: a
record that holds a figure finds it again by its key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Delegation, Directorship, Organisation
from members.regions import Region, region_of


@dataclass(frozen=True)
class Figure:
    """A figure of a day: a stable key, what it counts, how many, and the sentence that says so."""

    key: str
    label: str
    value: int
    sentence: str


Source = Callable[[date], Iterable[Figure]]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a function that gives figures of a day. Returns it, so that it can be a decorator. Twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def figures(day: date) -> list[Figure]:
    """All figures of the day (Geneva), as known now, in the active language."""
    return [figure for source in _sources for figure in source(day)]


@register
def participant_figures(day: date) -> Iterable[Figure]:
    """Who supported the Montreux Document on the day: in all, by kind, by region."""
    rows = list(Organisation.objects.participants(day))
    when = {"day": date_format(day, "DATE_FORMAT")}
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


@register
def delegation_figures(day: date) -> Iterable[Figure]:
    """Delegations that had somebody appointed on the day."""
    from members.models import Delegate

    appointed = Delegate.objects.as_of(day).values("delegation")
    count = Delegation.objects.filter(pk__in=appointed).count()
    yield Figure(
        "delegations",
        _("Delegations with people in the portal"),
        count,
        ngettext(
            "On %(day)s, %(count)d delegation had people appointed in the portal.",
            "On %(day)s, %(count)d delegations had people appointed in the portal.",
            count,
        )
        % {"day": date_format(day, "DATE_FORMAT"), "count": count},
    )


@register
def board_figures(day: date) -> Iterable[Figure]:
    """Who sat on the Association’s Board on the day: in all, by pillar."""
    by_pillar = Counter(Directorship.objects.as_of(day).values_list("pillar", flat=True))
    total = sum(by_pillar.values())
    when = {"day": date_format(day, "DATE_FORMAT")}
    yield Figure(
        "board",
        _("Directors of the Board, in all"),
        total,
        ngettext(
            "On %(day)s, the Board of Directors of the Association had %(count)d member.",
            "On %(day)s, the Board of Directors of the Association had %(count)d members.",
            total,
        )
        % {**when, "count": total},
    )
    for pillar in Directorship.Pillar:
        count = by_pillar[pillar.value]
        yield Figure(
            f"board.{pillar.value}",
            _("Directors of the Board: %(pillar)s") % {"pillar": pillar.label},
            count,
            ngettext(
                "On %(day)s, %(count)d director of the Board of the Association came from the pillar %(pillar)s.",
                "On %(day)s, %(count)d directors of the Board of the Association came from the pillar %(pillar)s.",
                count,
            )
            % {**when, "count": count, "pillar": str(pillar.label).lower()},
        )
