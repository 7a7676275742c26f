"""Figures of people: the Board, and the delegations in the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.figures.asking import AsOf, Figure
from members.figures.counting import Counted, counted, counts_by
from members.models import Delegate, Directorship


@counted("delegations")
def _delegations(asked: AsOf) -> Counted:
    return counts_by(Delegate.objects.as_of(asked.day), count=Count("delegation", distinct=True))


@counted("directors")
def _directors(asked: AsOf) -> Counted:
    """By pillar."""
    return counts_by(Directorship.objects.as_of(asked.day, known=asked.known), "pillar")


def delegation_figures(asked: AsOf) -> Iterable[Figure]:
    """Delegations that had somebody appointed on the day."""
    count = sum(number for *_, number in asked.counted("delegations"))
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
    by_pillar = Counter({pillar: number for pillar, *_, number in asked.counted("directors")})
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
