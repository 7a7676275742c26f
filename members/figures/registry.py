"""Figures of the Association's registry: members, companies, certificates, applications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.small_numbers import hidden_in
from members.figures.asking import AsOf, Figure, together
from members.figures.counting import Counted, counted, counts_by
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    Pillar,
    RevenueBand,
    Size,
)

# A size by revenue that fewer companies have than this is left out: a reader could tell whose revenue it is.
SMALLEST_SHOWN = 3


def _behind(rows: Any) -> QuerySet[Any]:
    """The organisations that dated rows are about."""
    return Organisation.objects.filter(Exists(rows.filter(organisation=OuterRef("pk"))))


def _members(asked: AsOf, **having: Any) -> Any:
    return Membership.objects.as_of(asked.day, known=asked.known).filter(**having)


@counted("memberships")
def _memberships_counted(asked: AsOf) -> Counted:
    """By category and pillar."""
    return counts_by(_members(asked), "category", "pillar")


def member_figures(asked: AsOf) -> Iterable[Figure]:
    """Who belonged to the Association: members by pillar, affiliates, observers."""
    counts = Counter({(category, pillar): number for category, pillar, _mark, number in asked.counted("memberships")})
    of_pillar = {pillar: counts[Membership.Category.MEMBER, pillar.value] for pillar in Pillar}
    total = sum(of_pillar.values())
    member = {"category": Membership.Category.MEMBER}
    yield Figure(
        "members",
        _("Members of the Association, in all"),
        total,
        ngettext(
            "On %(day)s, the Association had %(count)d member.",
            "On %(day)s, the Association had %(count)d members.",
            total,
        )
        % {**asked.words, "count": total},
        rows=lambda: _behind(_members(asked, **member)),
    )
    for pillar, label, sentence in _pillar_texts(asked, of_pillar):
        yield Figure(
            f"members.{pillar.value.replace(' ', '-')}",
            label,
            of_pillar[pillar],
            sentence,
            rows=partial(lambda pillar: _behind(_members(asked, **member, pillar=pillar)), pillar),
        )
    for category, key, label in (
        (Membership.Category.AFFILIATE, "affiliates", _("Affiliates")),
        (Membership.Category.OBSERVER, "observers", _("Observers")),
    ):
        count = sum(counts[category.value, pillar.value] for pillar in Pillar)
        if not count:
            continue
        if category == Membership.Category.AFFILIATE:
            text = ngettext(
                "On %(day)s, the Association had %(count)d affiliate.",
                "On %(day)s, the Association had %(count)d affiliates.",
                count,
            )
        else:
            text = ngettext(
                "On %(day)s, the Association had %(count)d observer.",
                "On %(day)s, the Association had %(count)d observers.",
                count,
            )
        yield Figure(
            key,
            label,
            count,
            text % {**asked.words, "count": count},
            rows=partial(lambda category: _behind(_members(asked, category=category)), category),
        )


def _pillar_texts(asked: AsOf, counts: dict[Pillar, int]) -> Iterable[tuple[Pillar, str, str]]:
    """Label and sentence of the members of each pillar."""
    texts = {
        Pillar.INDUSTRY: (
            _("Member companies"),
            ngettext(
                "On %(day)s, %(count)d company was a member of the Association.",
                "On %(day)s, %(count)d companies were members of the Association.",
                counts[Pillar.INDUSTRY],
            ),
        ),
        Pillar.CIVIL_SOCIETY: (
            _("Civil-society members"),
            ngettext(
                "On %(day)s, %(count)d civil-society organisation was a member of the Association.",
                "On %(day)s, %(count)d civil-society organisations were members of the Association.",
                counts[Pillar.CIVIL_SOCIETY],
            ),
        ),
        Pillar.GOVERNMENT: (
            _("Government members"),
            ngettext(
                "On %(day)s, %(count)d government was a member of the Association.",
                "On %(day)s, %(count)d governments were members of the Association.",
                counts[Pillar.GOVERNMENT],
            ),
        ),
    }
    for pillar, (label, sentence) in texts.items():
        yield pillar, label, sentence % {**asked.words, "count": counts[pillar]}


@dataclass(frozen=True)
class SizeShare:
    """How many member companies are of a size by revenue. `count` and `share` are None where they are left out."""

    size: Size
    band: RevenueBand | None
    count: int | None
    share: int | None

    @property
    def label(self) -> str:
        """The size, with its edges in money on the day."""
        if self.band is None:
            return str(self.size.label)
        return _("%(size)s: %(band)s") % {"size": self.size.label, "band": self.band}


def _profiles(asked: AsOf, **having: Any) -> Any:
    return CompanyProfile.objects.of_member_companies(asked.day, known=asked.known).filter(**having)


@counted("profiles")
def _profiles_counted(asked: AsOf) -> Counted:
    """By environment, size and country of the headquarters."""
    return counts_by(_profiles(asked), "environment", "size", "headquarters")


@counted("bands")
def _bands_counted(asked: AsOf) -> Counted:
    """No counting: the edges of each size, as text, so that they come with the counts. No upper edge is ""."""
    text = CharField()
    upper = Coalesce(Cast("upper", text), Value("", output_field=text))
    return counts_by(RevenueBand.objects.as_of(asked.day, known=asked.known), "size", Cast("lower", text), upper)


def _bands(asked: AsOf) -> dict[str, RevenueBand]:
    """The revenue band of each size on the day."""
    return {
        size: RevenueBand(size=size, lower=int(lower), upper=int(upper) if upper else None)
        for size, lower, upper, _number in asked.counted("bands")
    }


def sizes(asked: AsOf) -> list[SizeShare]:
    """The sizes of the member companies whose revenue is known, small figures left out with what gives them away.

    Shares are whole per cent of the companies of known size.
    """
    of_size: Counter[str] = Counter()
    for _environment, size, _headquarters, number in asked.counted("profiles"):
        of_size[size] += number
    counts = [of_size[size.value] for size in Size]
    total = sum(counts)
    if not total:
        return []
    bands = _bands(asked)
    hidden = hidden_in(counts, SMALLEST_SHOWN)
    return [
        SizeShare(size, bands.get(size.value), None, None)
        if place in hidden
        else SizeShare(size, bands.get(size.value), count, per_cent(count, total))
        for place, (size, count) in enumerate(zip(Size, counts, strict=True))
    ]


def per_cent(part: int, whole: int) -> int:
    """A share in whole per cent, halves rounded up."""
    return (200 * part + whole) // (2 * whole)


def company_figures(asked: AsOf) -> Iterable[Figure]:
    """Where the member companies work, in how many countries their headquarters are, how large they are."""
    works: Counter[str] = Counter()
    places = set()
    for place_of_work, _size, headquarters, number in asked.counted("profiles"):
        works[place_of_work] += number
        places.add(headquarters)
    environment = CompanyProfile.Environment
    counts = {**asked.words, **{each.value: works[each.value] for each in environment}}
    for each, label, sentence in (
        (
            environment.LAND,
            _("Member companies that work on land only"),
            ngettext(
                "On %(day)s, %(count)d member company operated on land only.",
                "On %(day)s, %(count)d member companies operated on land only.",
                works[environment.LAND],
            ),
        ),
        (
            environment.SEA,
            _("Member companies that work at sea only"),
            ngettext(
                "On %(day)s, %(count)d member company operated at sea only.",
                "On %(day)s, %(count)d member companies operated at sea only.",
                works[environment.SEA],
            ),
        ),
        (
            environment.BOTH,
            _("Member companies that work on land and at sea"),
            _(
                "On %(day)s, %(land)d of the member companies operated on land, %(sea)d at sea and %(both)d in both"
                " environments."
            ),
        ),
    ):
        yield Figure(
            f"companies.{each.value}",
            label,
            works[each],
            sentence % {**counts, "count": works[each]},
            rows=partial(lambda each: _behind(_profiles(asked, environment=each)), each),
        )
    countries = len(places)
    yield Figure(
        "companies.countries",
        _("Countries in which member companies have their headquarters"),
        countries,
        ngettext(
            "On %(day)s, the headquarters of the member companies were in %(count)d country.",
            "On %(day)s, the headquarters of the member companies were in %(count)d countries.",
            countries,
        )
        % {**asked.words, "count": countries},
        rows=lambda: _behind(_profiles(asked)),
    )
    for share in sizes(asked):
        if share.share is None:
            continue
        yield Figure(
            f"companies.{share.size.value}",
            _("Member companies by revenue: %(size)s") % {"size": share.label},
            share.share,
            _("On %(day)s, %(share)d%% of the member companies were %(size)s by revenue.")
            % {**asked.words, "share": share.share, "size": _in_words(share)},
            unit="%",
            rows=partial(lambda size: _behind(_profiles(asked, size=size)), share.size),
            permission="members.view_companyprofile",
        )


def _in_words(share: SizeShare) -> str:
    """The size inside a sentence: “small (0–20 million USD)”."""
    size = str(share.size.label).lower()
    return f"{size} ({share.band})" if share.band else size


def _certifying(asked: AsOf) -> Any:
    return Certificate.objects.certifying(asked.day, known=asked.known)


@counted("certified")
def _certified_counted(asked: AsOf) -> Counted:
    return counts_by(_certifying(asked), count=Count("organisation", distinct=True))


@counted("certified by standard")
def _certified_by_standard_counted(asked: AsOf) -> Counted:
    return counts_by(_certifying(asked), "standard__code", count=Count("organisation", distinct=True))


def certified_figures(asked: AsOf) -> Iterable[Figure]:
    """How many member companies were certified."""
    total = sum(number for *_marks, number in asked.counted("certified"))
    yield Figure(
        "certified",
        _("Certified member companies"),
        total,
        ngettext(
            "On %(day)s, %(count)d member company was certified.",
            "On %(day)s, %(count)d member companies were certified.",
            total,
        )
        % {**asked.words, "count": total},
        rows=lambda: _behind(_certifying(asked)),
    )


def standard_figures(asked: AsOf) -> Iterable[Figure]:
    """How many member companies were certified to each standard."""
    for code, _mark, _other, count in sorted(asked.counted("certified by standard")):
        yield Figure(
            f"certified.{code}",
            _("Certified member companies: %(standard)s") % {"standard": code},
            count,
            ngettext(
                "On %(day)s, %(count)d member company was certified to %(standard)s.",
                "On %(day)s, %(count)d member companies were certified to %(standard)s.",
                count,
            )
            % {**asked.words, "count": count, "standard": code},
            rows=partial(lambda code: _behind(_certifying(asked).filter(standard__code=code)), code),
        )


def _reviews(asked: AsOf) -> Any:
    return ApplicationStatus.objects.as_of(asked.day, known=asked.known).filter(
        state=ApplicationStatus.State.UNDER_REVIEW
    )


@counted("reviews")
def _reviews_counted(asked: AsOf) -> Counted:
    """By what was asked for."""
    return counts_by(_reviews(asked), "application__kind")


#: What heads the register of a day, and the counts that it rests on.
HEAD = (member_figures, company_figures, certified_figures)
COUNTS_OF_HEAD = ("memberships", "profiles", "bands", "certified")


def head_figures(day: date) -> dict[str, int]:
    """Member companies and their countries, members of the other pillars, certified companies: in one query."""
    (asked,) = together(AsOf(day), names=COUNTS_OF_HEAD)
    return {figure.key: figure.value for source in HEAD for figure in source(asked)}


def application_figures(asked: AsOf) -> Iterable[Figure]:
    """How many applications were under review."""
    counts = {kind: number for kind, _mark, _other, number in asked.counted("reviews")}
    membership = counts.get(Application.Kind.MEMBERSHIP, 0)
    certification = counts.get(Application.Kind.CERTIFICATION, 0)
    for kind, label, count, sentence in (
        (
            Application.Kind.MEMBERSHIP,
            _("Applications for membership under review"),
            membership,
            ngettext(
                "On %(day)s, %(count)d application for membership was under review.",
                "On %(day)s, %(count)d applications for membership were under review.",
                membership,
            ),
        ),
        (
            Application.Kind.CERTIFICATION,
            _("Applications for certification under review"),
            certification,
            ngettext(
                "On %(day)s, %(count)d application for certification was under review.",
                "On %(day)s, %(count)d applications for certification were under review.",
                certification,
            ),
        ),
    ):
        yield Figure(
            f"applications.{kind.value}",
            label,
            count,
            sentence % {**asked.words, "count": count},
            rows=partial(
                lambda kind: Organisation.objects.filter(
                    Exists(_reviews(asked).filter(application__kind=kind, application__organisation=OuterRef("pk")))
                ),
                kind,
            ),
            permission="members.view_application",
        )
