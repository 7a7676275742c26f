"""Who belongs to the Association, what a company is, what it is certified for: recorded, ended, corrected.

Days are days in Geneva; every end is exclusive. A correction supersedes: the wrong row stays with the moment until
which the portal knew no better, and undoing a correction is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from icoca_portal.lib.refusals import Refusal
from members.exceptions import AlreadyEnded, CertificateStillRuns, Merged, NotAMember, OutsideItsTerm
from members.models import Certificate, CompanyProfile, Membership, Organisation, Pillar, RevenueBand, Standard, User
from members.operations import dated


def lock_organisation(pk: int) -> Organisation:
    """The organisation, locked: its rows change one after the other. Raises Merged."""
    organisation: Organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=pk)
    if organisation.merged_into_id:
        raise Merged(
            _("“%(name)s” was merged into “%(kept)s”. Record it there.")
            % {"name": organisation, "kept": organisation.merged_into}
        )
    return organisation


# Membership


@transaction.atomic
def record_membership(
    organisation: Organisation,
    *,
    pillar: str,
    valid_from: date,
    source: str,
    by: User,
    category: str = Membership.Category.MEMBER,
    valid_to: date | None = None,
) -> Membership:
    """Record that an organisation belongs to the Association from a day on. Raises DatesOverlap, EndsBeforeItBegins."""
    lock_organisation(organisation.pk)
    row = Membership(
        organisation=organisation,
        pillar=pillar,
        category=category,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    return dated.record(row, beside=Membership.objects.filter(organisation=organisation))


@transaction.atomic
def end_membership(row: Membership, *, on: date, source: str, by: User) -> Membership:
    """Record that a membership ended. Raises AlreadyEnded, EndsBeforeItBegins, CertificateStillRuns."""
    organisation = lock_organisation(row.organisation_id)
    new = dated.end(row, on=on, source=source, by=by, beside=Membership.objects.filter(organisation=organisation))
    refuse_certificates_without_membership(organisation)
    return new


@transaction.atomic
def correct_membership(row: Membership, *, by: User, **changes: Any) -> Membership:
    """Put right the days, the pillar or the category of a membership; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins, CertificateStillRuns.
    """
    organisation = lock_organisation(row.organisation_id)
    new = dated.supersede(row, changes, by=by, beside=Membership.objects.filter(organisation=organisation))
    refuse_certificates_without_membership(organisation)
    return new


# Company profiles


@transaction.atomic
def record_profile(
    organisation: Organisation,
    *,
    headquarters: str,
    environment: str,
    valid_from: date,
    source: str,
    by: User,
    size: str = "",
    works_in: Any = (),
    valid_to: date | None = None,
) -> CompanyProfile:
    """Record what a company is from a day on. A profile without an end that began before ends on that day.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    lock_organisation(organisation.pk)
    own = CompanyProfile.objects.filter(organisation=organisation)
    dated.give_way(own, on=valid_from, source=source, by=by)
    row = CompanyProfile(
        organisation=organisation,
        headquarters=headquarters,
        environment=environment,
        size=size,
        works_in=works_in,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    return dated.record(row, beside=own)


@transaction.atomic
def end_profile(row: CompanyProfile, *, on: date, source: str, by: User) -> CompanyProfile:
    """Record until when a profile held. Raises AlreadyEnded, EndsBeforeItBegins."""
    organisation = lock_organisation(row.organisation_id)
    return dated.end(row, on=on, source=source, by=by, beside=CompanyProfile.objects.filter(organisation=organisation))


@transaction.atomic
def correct_profile(row: CompanyProfile, *, by: User, **changes: Any) -> CompanyProfile:
    """Put right any field of a profile; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    organisation = lock_organisation(row.organisation_id)
    return dated.supersede(row, changes, by=by, beside=CompanyProfile.objects.filter(organisation=organisation))


# Certificates


@transaction.atomic
def record_certificate(
    organisation: Organisation,
    *,
    standard: Standard,
    body: Organisation,
    issued_on: date,
    expires_on: date | None,
    source: str,
    by: User,
    number: str = "",
    scope: str = "",
    valid_from: date | None = None,
) -> Certificate:
    """Record a certificate: valid from `valid_from` (default: its issue) until it expires.

    Raises NotAMember (certificates are recorded of companies that are members), DatesOverlap, EndsBeforeItBegins.
    """
    organisation = lock_organisation(organisation.pk)
    row = Certificate(
        organisation=organisation,
        standard=standard,
        body=body,
        number=number,
        scope=scope,
        issued_on=issued_on,
        expires_on=expires_on,
        valid_from=valid_from or issued_on,
        valid_to=expires_on,
        source=source,
        recorded_by=by,
    )
    refuse_before_issue(row.issued_on, row.valid_from)
    dated.record(row, beside=same_certificate(row))
    refuse_certificates_without_membership(organisation)
    return row


@transaction.atomic
def change_certificate_state(row: Certificate, *, state: str, on: date, source: str, by: User) -> Certificate:
    """Suspend, withdraw or reinstate a certificate from a day on, until the day it expires.

    The row in force ends on that day, and one with the new state follows. Raises AlreadyEnded (superseded, or in that
    state already), OutsideItsTerm (the row does not hold on that day), EndsBeforeItBegins.
    """
    organisation = lock_organisation(row.organisation_id)
    stored = dated.lock_in_force(row)
    if stored.state == state or stored.state == Certificate.State.WITHDRAWN:
        raise AlreadyEnded(_("“%(row)s”: the state is recorded already.") % {"row": stored})
    if on <= stored.valid_from or (stored.valid_to is not None and on >= stored.valid_to):
        raise OutsideItsTerm(
            _("“%(row)s” does not hold before and on %(day)s. Choose a day after its beginning and before its end.")
            % {"row": stored, "day": on}
        )
    beside = same_certificate(stored)
    until = stored.valid_to
    ended = dated.supersede(stored, {"valid_to": on, "source": source}, by=by, beside=beside)
    following = Certificate(
        organisation=organisation,
        standard_id=ended.standard_id,
        body_id=ended.body_id,
        number=ended.number,
        scope=ended.scope,
        issued_on=ended.issued_on,
        expires_on=ended.expires_on,
        state=state,
        valid_from=on,
        valid_to=until,
        source=source,
        recorded_by=by,
    )
    dated.record(following, beside=beside)
    refuse_certificates_without_membership(organisation)
    return following


@transaction.atomic
def correct_certificate(row: Certificate, *, by: User, **changes: Any) -> Certificate:
    """Put right any field of a period of a certificate; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins, NotAMember, OutsideItsTerm.
    """
    organisation = lock_organisation(row.organisation_id)
    refuse_before_issue(changes.get("issued_on", row.issued_on), changes.get("valid_from", row.valid_from))
    # Of the standard that is right: the row may have named a wrong one.
    beside = organisation.certificates.filter(standard=changes.get("standard", row.standard_id))
    new = dated.supersede(row, changes, by=by, beside=beside)
    refuse_certificates_without_membership(organisation)
    return new


def same_certificate(row: Certificate) -> QuerySet[Any]:
    """The periods that may share no day: those of the company for the standard."""
    return Certificate.objects.filter(organisation=row.organisation_id, standard=row.standard_id)


def refuse_certificates_without_membership(organisation: Organisation) -> None:
    """A certificate counts from a day on which its company is a member; a membership does not end before it does."""
    in_force = {"organisation": organisation, "superseded_at": None}
    certificates = Certificate.objects.filter(**in_force, state=Certificate.State.VALID).select_related("standard")
    for _row, refusal in uncovered(Membership.objects.filter(**in_force), certificates):
        raise refusal


def uncovered(
    memberships: Iterable[Membership], certificates: Iterable[Certificate]
) -> Iterator[tuple[Certificate, Refusal]]:
    """The valid certificates of a company that its memberships do not carry, each with the refusal that says so.

    The rows given are those in force, in any order.
    """
    category = Membership.Category.MEMBER
    carrying = [row for row in memberships if row.pillar == Pillar.INDUSTRY and row.category == category]
    spans = _joined(sorted(((row.valid_from, row.valid_to) for row in carrying), key=lambda span: span[0]))
    for row in certificates:
        if row.state != Certificate.State.VALID:
            continue
        span = next(
            (each for each in spans if each[0] <= row.valid_from and (each[1] is None or row.valid_from < each[1])),
            None,
        )
        if span is None:
            said = _("“%(row)s” is valid from %(day)s, and the company is no member then. Record its membership first.")
            yield row, NotAMember(said % {"row": row, "day": row.valid_from})
        elif span[1] is not None and (row.valid_to is None or row.valid_to > span[1]):
            said = _("“%(row)s” runs on after %(day)s. Withdraw the certificate, or correct its end, first.")
            yield row, CertificateStillRuns(said % {"row": row, "day": span[1]})


def refuse_before_issue(issued_on: date, valid_from: date) -> None:
    """Raises OutsideItsTerm for a certificate that would be valid before its issue."""
    if valid_from < issued_on:
        raise OutsideItsTerm(
            _("The certificate is issued on %(day)s, and cannot be valid before.") % {"day": issued_on}
        )


def _joined(spans: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Spans of days, those that follow each other without a gap made one. They are sorted and share no day."""
    joined: list[tuple[date, date | None]] = []
    for begins, ends in spans:
        if joined and joined[-1][1] == begins:
            joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((begins, ends))
    return joined


# Reference data


@transaction.atomic
def record_revenue_band(
    *, size: str, lower: int, upper: int | None, valid_from: date, source: str, by: User, valid_to: date | None = None
) -> RevenueBand:
    """Record from which revenue a company counts to a size, from a day on. A band without an end ends on that day.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    own = lock_revenue_bands().filter(size=size)
    dated.give_way(own, on=valid_from, source=source, by=by)
    row = RevenueBand(
        size=size, lower=lower, upper=upper, valid_from=valid_from, valid_to=valid_to, source=source, recorded_by=by
    )
    return dated.record(row, beside=own)


@transaction.atomic
def correct_revenue_band(row: RevenueBand, *, by: User, **changes: Any) -> RevenueBand:
    """Put right the size, the edges or the days of a revenue band; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    beside = lock_revenue_bands().filter(size=changes.get("size", row.size))
    return dated.supersede(row, changes, by=by, beside=beside)


def lock_revenue_bands() -> QuerySet[RevenueBand]:
    """The revenue bands, locked: they change one after the other."""
    list(RevenueBand.objects.select_for_update(of=("self",)).order_by("pk"))
    return RevenueBand.objects.all()
