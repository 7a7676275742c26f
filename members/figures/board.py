"""Figures of people: the Board, and the delegations in the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.figures.asking import AsOf, Figure
from members.models import Delegate, Delegation, Directorship


def delegation_figures(asked: AsOf) -> Iterable[Figure]:
    """Delegations that had somebody appointed on the day."""
    appointed = Delegate.objects.as_of(asked.day).values("delegation")
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
        % {**asked.words, "count": count},
    )


def board_figures(asked: AsOf) -> Iterable[Figure]:
    """Who sat on the Association’s Board on the day: in all, by pillar."""
    by_pillar = Counter(Directorship.objects.as_of(asked.day, known=asked.known).values_list("pillar", flat=True))
    total = sum(by_pillar.values())
    when = asked.words
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
