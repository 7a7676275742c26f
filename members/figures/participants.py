"""Figures of the Montreux Document: who supported it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf, Upper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.regions import CODES
from members.figures.asking import AsOf, Figure
from members.figures.counting import Counted, counted, counts_by
from members.models import Organisation, Participation
from members.regions import Region, region_of_code

BODY = Organisation.Kind.INTERNATIONAL_ORGANISATION


def country_code(prefix: str = "") -> Upper:
    """The code of an organisation’s country as `region_of` reads it: the one on record, else its own code."""
    text = CharField()
    recorded = NullIf(f"{prefix}country", Value("", output_field=text), output_field=text)
    return Upper(Coalesce(recorded, f"{prefix}code", Value("", output_field=text), output_field=text))


@counted("participants")
def _participants(asked: AsOf) -> Counted:
    """By kind and by country."""
    return counts_by(
        Participation.objects.as_of(asked.day, known=asked.known),
        "organisation__kind",
        country_code("organisation__"),
        count=Count("organisation", distinct=True),
    )


def _supporting(asked: AsOf) -> QuerySet[Any]:
    return Organisation.objects.participants(asked.day, known=asked.known)


def _states_of(asked: AsOf, region: Region) -> QuerySet[Any]:
    states = _supporting(asked).exclude(kind=BODY).annotate(place=country_code())
    if region == Region.UNKNOWN:
        return states.exclude(place__in=[code for codes in CODES.values() for code in codes])
    return states.filter(place__in=CODES[region.value])


def participant_figures(asked: AsOf) -> Iterable[Figure]:
    """Who supported the Montreux Document on the day: in all, by kind, by region."""
    by_kind: Counter[str] = Counter()
    by_region: Counter[Region] = Counter()
    for kind, place, _mark, number in asked.counted("participants"):
        by_kind[kind] += number
        by_region[Region.ORGANISATIONS if kind == BODY else region_of_code(place)] += number
    total = by_kind.total()
    states = by_kind[Organisation.Kind.STATE]
    organisations = total - states
    when = asked.words
    yield Figure(
        "participants",
        _("Participants, in all"),
        total,
        ngettext(
            "On %(day)s, %(count)d participant supported the Montreux Document.",
            "On %(day)s, %(count)d participants supported the Montreux Document.",
            total,
        )
        % {**when, "count": total},
        rows=lambda: _supporting(asked),
    )
    in_words = {
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
        _("On %(day)s, the Montreux Document had the support of %(states)s.") % {**when, **in_words},
        rows=lambda: _supporting(asked).filter(kind=Organisation.Kind.STATE),
    )
    yield Figure(
        "participants.organisations",
        _("Participants: international organisations"),
        organisations,
        _("On %(day)s, the Montreux Document had the support of %(organisations)s.") % {**when, **in_words},
        rows=lambda: _supporting(asked).exclude(kind=Organisation.Kind.STATE),
    )
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
            rows=partial(_states_of, asked, region),
        )
