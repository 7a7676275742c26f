"""One organisation of the register: what it is today, what it is certified to, and what became of it, day by day.

What is read here is what a visitor may read, whoever asks: `visible_to` of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from icoca_portal.lib.days import today
from members.models import (
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    OtherName,
    Participation,
    Succession,
)
from members.regions import Region, region_of, region_of_code
from members.register.rows import country_name

ANYBODY = AnonymousUser()


@dataclass(frozen=True)
class Event:
    """What happened on a day. `tag` is the glyph of a state, if it is one."""

    day: date
    text: str
    more: str = ""


@dataclass(frozen=True)
class Held:
    """A certificate with all its periods, as it stands today."""

    periods: tuple[Certificate, ...]
    day: date

    @property
    def last(self) -> Certificate:
        return self.periods[-1]

    @property
    def state(self) -> str:
        """A state of a certificate, or ``expired``."""
        if self.last.state == Certificate.State.WITHDRAWN or self.last.holds_on(self.day):
            return str(self.last.state)
        return "expired"

    @property
    def state_label(self) -> str:
        if self.state == "expired":
            return pgettext("certificate", "Expired")
        return str(Certificate.State(self.state).label)

    @property
    def tag(self) -> str:
        """The class of its glyph."""
        return {"valid": "is-done", "suspended": "is-due", "withdrawn": "is-wrong"}.get(self.state, "")


@dataclass
class Entry:
    """What the page of an organisation shows. Rows stand in the order of their days, certificates the latest first."""

    organisation: Organisation
    day: date
    participations: list[Participation] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    profiles: list[CompanyProfile] = field(default_factory=list)
    certificates: list[Held] = field(default_factory=list)
    names: list[OtherName] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    """On either side; the other one is public as well."""

    @property
    def reviewed(self) -> bool:
        """Whether an application of this member to be certified is under review."""
        current: Any = self.membership
        return bool(current and current.reviewed)

    @property
    def is_public(self) -> bool:
        """Whether visitors find the page."""
        return bool(self.memberships or self.participations)

    @property
    def membership(self) -> Membership | None:
        """The membership of today."""
        return next((row for row in self.memberships if row.holds_on(self.day)), None)

    @property
    def profile(self) -> CompanyProfile | None:
        """The profile of today, or the last one."""
        return self.profiles[-1] if self.profiles else None

    @property
    def country_code(self) -> str:
        """Where it is: the headquarters of a company, the country of others. Empty where that is not known."""
        country: Any = self.profile.headquarters if self.profile else self.organisation.country
        return str(country.code or "")

    @property
    def country(self) -> str:
        """The same by name."""
        return country_name(self.country_code)

    @property
    def region(self) -> str:
        """Where that is in the world; empty where no country is known."""
        if self.profile:
            found = region_of_code(cast(Any, self.profile.headquarters).code)
        else:
            found = region_of(self.organisation)
        return "" if found in (Region.UNKNOWN, Region.ORGANISATIONS) else str(found.label)

    @property
    def predecessors(self) -> list[Succession]:
        return [row for row in self.successions if row.organisation_id == self.organisation.pk]

    @property
    def successors(self) -> list[Succession]:
        return [row for row in self.successions if row.predecessor_id == self.organisation.pk]

    @property
    def countries_of_operation(self) -> list[str]:
        return sorted(map(country_name, _codes(self.profile))) if self.profile else []

    @property
    def since(self) -> date | None:
        """Since when it belongs to the Association in the category of today without a break."""
        current = self.membership
        if current is None:
            return None
        begins = current.valid_from
        for row in reversed(self.memberships):
            if row.valid_to == begins and row.category == current.category:
                begins = row.valid_from
        return begins

    @property
    def standing(self) -> str:
        """Where it stands, in one sentence."""
        said = [*self._as_member(), *self._as_certified(), *self._as_participant()]
        return capfirst("; ".join(said)) + "." if said else ""

    def _as_member(self) -> Iterator[str]:
        current = self.membership
        if current is not None:
            words = {"day": shown(self.since), "pillar": str(current.get_pillar_display()).lower()}
            yield {
                Membership.Category.MEMBER.value: _("member since %(day)s, %(pillar)s"),
                Membership.Category.AFFILIATE.value: _("affiliate since %(day)s, %(pillar)s"),
                Membership.Category.OBSERVER.value: _("observer since %(day)s, %(pillar)s"),
            }[current.category] % words
        elif self.memberships:
            last = self.memberships[-1]
            yield _("no member any more; belonged to the Association until %(day)s") % {"day": shown(last.valid_to)}

    def _as_certified(self) -> Iterator[str]:
        current = self.membership
        if current is None or current.category != Membership.Category.MEMBER:
            return
        for held in self.certificates:
            words = {"standard": held.last.standard.code, "day": shown(held.last.expires_on)}
            if held.state == "valid":
                if held.last.expires_on:
                    yield _("certified to %(standard)s until %(day)s") % words
                else:
                    yield _("certified to %(standard)s") % words
            elif held.state == "suspended":
                yield _("certificate to %(standard)s suspended") % words
        if self.reviewed:
            yield _("under review for certification")

    def _as_participant(self) -> Iterator[str]:
        last = self.participations[-1] if self.participations else None
        if last and last.holds_on(self.day):
            yield _("supports the Montreux Document since %(day)s") % {"day": shown(last.valid_from)}
        elif last:
            yield _("supported the Montreux Document until %(day)s") % {"day": shown(last.valid_to)}

    @property
    def events(self) -> list[Event]:
        """What happened, the latest first; nothing that is still to come."""
        found = [*self._of_participation(), *self._of_membership(), *self._of_profile(), *self._of_certificates()]
        found += [
            Event(row.until, _("Name changed"), _("Until then: %(name)s") % {"name": row.name})
            for row in self.names
            if row.kind == OtherName.Kind.FORMER and row.until
        ]
        found += self._of_successions()
        return sorted((event for event in found if event.day <= self.day), key=lambda event: event.day)[::-1]

    def _of_participation(self) -> Iterator[Event]:
        begun = {row.valid_from for row in self.participations}
        for row in self.participations:
            yield Event(row.valid_from, _("Joined the Montreux Document"))
            if row.valid_to and row.valid_to not in begun:
                yield Event(row.valid_to, _("Left the Montreux Document"))

    def _of_membership(self) -> Iterator[Event]:
        begun = {row.valid_from for row in self.memberships}
        for row in self.memberships:
            text = {
                Membership.Category.MEMBER.value: _("Member of the Association"),
                Membership.Category.AFFILIATE.value: _("Affiliate of the Association"),
                Membership.Category.OBSERVER.value: _("Observer of the Association"),
            }[row.category]
            yield Event(row.valid_from, text, str(row.get_pillar_display()))
            if row.valid_to and row.valid_to not in begun:
                yield Event(row.valid_to, _("Left the Association"))

    def _of_successions(self) -> Iterator[Event]:
        for row in self.successions:
            if row.organisation_id == self.organisation.pk:
                text = _("Succeeds %(name)s") % {"name": row.predecessor}
            else:
                text = _("Succeeded by %(name)s") % {"name": row.organisation}
            yield Event(row.valid_from, text, str(row.get_kind_display()))

    def _of_profile(self) -> Iterator[Event]:
        """What changed of what is public. A change of the revenue alone leaves no trace here."""
        before: CompanyProfile | None = None
        for row in self.profiles:
            said = list(_differences(before, row)) if before else []
            if said:
                yield Event(row.valid_from, _("Profile changed"), " · ".join(said))
            before = row

    def _of_certificates(self) -> Iterator[Event]:
        begun = {(held.last.standard_id, held.periods[0].valid_from) for held in self.certificates}
        ended = {(held.last.standard_id, held.last.valid_to) for held in self.certificates}
        for held in self.certificates:
            words = {"standard": held.last.standard.code}
            renews = (held.last.standard_id, held.periods[0].valid_from) in ended
            before = ""
            for row in held.periods:
                if not before:
                    yield Event(
                        row.valid_from,
                        (_("Certificate to %(standard)s renewed") if renews else _("Certified to %(standard)s"))
                        % words,
                        _("By %(body)s") % {"body": row.body.name},
                    )
                if row.state == Certificate.State.SUSPENDED and before != row.state:
                    yield Event(row.valid_from, _("Certificate to %(standard)s suspended") % words)
                elif row.state == Certificate.State.WITHDRAWN and before != row.state:
                    yield Event(row.valid_from, _("Certificate to %(standard)s withdrawn") % words)
                elif row.state == Certificate.State.VALID and before == Certificate.State.SUSPENDED:
                    yield Event(row.valid_from, _("Certificate to %(standard)s valid again") % words)
                before = row.state
            if held.state == "expired" and (held.last.standard_id, held.last.valid_to) not in begun:
                yield Event(cast(date, held.last.valid_to), _("Certificate to %(standard)s expired") % words)


def entry_of(organisation: Organisation) -> Entry:
    """What anybody may know of an organisation, as of today, in six queries."""
    day = today()
    own = {"organisation": organisation}
    in_force = {**own, "superseded_at": None, "valid_from__lte": day}
    periods = (
        Certificate.objects.visible_to(ANYBODY)
        .filter(**in_force)
        .select_related("standard", "body")
        .order_by("standard__code", "issued_on", "number", "valid_from")
    )
    reviewing = ApplicationStatus.objects.reviewing_certification(day)
    entry = Entry(
        organisation,
        day,
        participations=list(Participation.objects.visible_to(ANYBODY).filter(**in_force).order_by("valid_from")),
        memberships=list(
            Membership.objects.visible_to(ANYBODY)
            .filter(**in_force)
            .annotate(reviewed=Exists(reviewing.filter(application__organisation=OuterRef("organisation"))))
            .order_by("valid_from")
        ),
        profiles=list(
            CompanyProfile.objects.visible_to(ANYBODY)
            .filter(**in_force)
            .only("organisation_id", "headquarters", "environment", "works_in", "valid_from", "valid_to")
            .order_by("valid_from")
        ),
        names=list(organisation.other_names.order_by("kind", "name")),
        successions=_successions_of(organisation),
    )
    if entry.memberships:
        same = groupby(periods, key=lambda row: (row.standard_id, row.issued_on, row.number))
        held = [Held(tuple(rows), day) for _key, rows in same]
        entry.certificates = sorted(held, key=lambda each: each.last.issued_on, reverse=True)
    return entry


def _successions_of(organisation: Any) -> list[Succession]:
    """On either side, where the other one is public as well. Not asked for where it is known that there are none."""
    if not getattr(organisation, "has_successions", True):
        return []
    rows = Succession.objects.visible_to(ANYBODY).filter(Q(organisation=organisation) | Q(predecessor=organisation))
    return list(rows.select_related("organisation", "predecessor").order_by("valid_from", "pk"))


def shown(day: date | None) -> str:
    """A day in full."""
    return date_format(day, "DATE_FORMAT") if day else ""


def _differences(before: CompanyProfile, after: CompanyProfile) -> Iterator[str]:
    if before.headquarters != after.headquarters:
        country: Any = after.headquarters
        yield _("Headquarters: %(country)s") % {"country": country_name(country.code)}
    if before.environment != after.environment:
        yield _("Works: %(where)s") % {"where": str(after.get_environment_display()).lower()}
    if _codes(before) != _codes(after):
        names = sorted(country_name(code) for code in _codes(after))
        yield _("Countries of operation: %(countries)s") % {"countries": ", ".join(names) or "–"}


def _codes(profile: CompanyProfile) -> set[str]:
    works_in: Any = profile.works_in
    return {country.code for country in works_in}
