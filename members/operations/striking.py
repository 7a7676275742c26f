"""What was recorded by mistake is struck out, and what was struck out by mistake comes back: both are corrections.

A struck row stays what the portal knew until then. Striking out takes the same locks, and asks the same of what is
left, as a correction does: a membership under a certificate that runs is not struck out, an application keeps a state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members.exceptions import LastState, OutsideItsTerm
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Directorship,
    Membership,
    Organisation,
    Participation,
    RevenueBand,
    Succession,
    User,
)
from members.operations import dated
from members.operations.board import same_director
from members.operations.registry import (
    lock_organisation,
    lock_revenue_bands,
    refuse_certificates_without_membership,
    same_certificate,
)
from members.operations.successions import lock_successions, refuse_circle, same_succession


@dataclass(frozen=True)
class Kind:
    """How rows of a kind are kept right.

    `lock` locks what a row is about, and gives it; it refuses what no such row can say. `beside` are the rows that it
    may share no day with; `before` those of which one gave way when it began; `check` raises what must not be of what
    is left.
    """

    lock: Callable[[Any], Any]
    beside: Callable[[Any], Any]
    before: Callable[[Any], Any] | None = None
    check: Callable[[Any], None] | None = None


def _lock_organisation(row: Any) -> Organisation:
    return lock_organisation(row.organisation_id)


def _of_organisation(row: Any) -> Any:
    return type(row)._default_manager.filter(organisation=row.organisation_id)


def _lock_certified(row: Certificate) -> Organisation:
    if row.valid_from < row.issued_on:
        raise OutsideItsTerm(
            _("The certificate is issued on %(day)s, and cannot be valid before.") % {"day": row.issued_on}
        )
    return lock_organisation(row.organisation_id)


def _periods(row: Certificate) -> Any:
    """The periods of the very certificate."""
    return same_certificate(row).filter(issued_on=row.issued_on, number=row.number, body=row.body_id)


def _lock_application(row: ApplicationStatus) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=row.application_id)


def _states(row: ApplicationStatus) -> Any:
    return ApplicationStatus.objects.filter(application=row.application_id)


def _refuse_no_state(application: Application) -> None:
    """An application is in a state, and the last one has no end."""
    if not application.statuses.current().exists():
        raise LastState(_("“%(row)s” would be in no state. Correct this one instead.") % {"row": application})


def _lock_succession(row: Succession) -> None:
    lock_successions(row)
    refuse_circle(row)


KINDS: dict[type[Any], Kind] = {
    Participation: Kind(_lock_organisation, _of_organisation),
    Membership: Kind(_lock_organisation, _of_organisation, check=refuse_certificates_without_membership),
    CompanyProfile: Kind(_lock_organisation, _of_organisation, _of_organisation),
    Certificate: Kind(_lock_certified, same_certificate, _periods, refuse_certificates_without_membership),
    ApplicationStatus: Kind(_lock_application, _states, _states, _refuse_no_state),
    RevenueBand: Kind(
        lambda _row: lock_revenue_bands(),
        lambda row: RevenueBand.objects.filter(size=row.size),
        lambda row: RevenueBand.objects.filter(size=row.size),
    ),
    Succession: Kind(_lock_succession, same_succession),
    # Finding the rows of a director with an account locks the account.
    Directorship: Kind(lambda _row: None, same_director),
}


def _strike_out(row: dated.Row, *, because: str, by: User) -> dated.Row:
    kind = KINDS[type(row)]
    with transaction.atomic():
        about = kind.lock(row)
        before = kind.before(row) if kind.before else None
        kind.beside(row)
        struck = dated.strike_out(row, because=because, by=by, before=before)
        if kind.check:
            kind.check(about)
        return struck


def restore_row(row: Any, *, by: User, **changes: Any) -> Any:
    """Record anew a row that was struck out, as it was or with `changes`.

    Raises NotStruckOut, DatesOverlap (another row took its days), EndsBeforeItBegins, and what a correction of such a
    row raises.
    """
    kind = KINDS[type(row)]
    with transaction.atomic():
        meant = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        for name, value in changes.items():
            setattr(meant, name, value)
        about = kind.lock(meant)
        before = kind.before(meant) if kind.before else None
        restored = dated.restore(row, changes, by=by, beside=kind.beside(meant), before=before)
        if kind.check:
            kind.check(about)
        return restored


def strike_out_participation(row: Participation, *, because: str, by: User) -> Participation:
    """Take back that a participation was recorded. Raises AlreadyEnded."""
    return _strike_out(row, because=because, by=by)


def strike_out_membership(row: Membership, *, because: str, by: User) -> Membership:
    """Take back that a membership was recorded. Raises AlreadyEnded, NotAMember, CertificateStillRuns."""
    return _strike_out(row, because=because, by=by)


def strike_out_succession(row: Succession, *, because: str, by: User) -> Succession:
    """Take back that an organisation came out of another. Raises AlreadyEnded."""
    return _strike_out(row, because=because, by=by)


def strike_out_profile(row: CompanyProfile, *, because: str, by: User) -> CompanyProfile:
    """Take back that a profile was recorded; the one before, that ended when it began, goes on. Raises AlreadyEnded."""
    return _strike_out(row, because=because, by=by)


def strike_out_certificate(row: Certificate, *, because: str, by: User) -> Certificate:
    """Take back a period of a certificate; the one before, of the same certificate, goes on.

    Raises AlreadyEnded, NotAMember, CertificateStillRuns.
    """
    return _strike_out(row, because=because, by=by)


def strike_out_application_status(row: ApplicationStatus, *, because: str, by: User) -> ApplicationStatus:
    """Take back a state of an application; the one before goes on. Raises AlreadyEnded, LastState.

    A membership or certificate that an approval opened is a row of its own, and stays.
    """
    return _strike_out(row, because=because, by=by)


def strike_out_directorship(row: Directorship, *, because: str, by: User) -> Directorship:
    """Take back that a seat on the Board was recorded. Raises AlreadyEnded."""
    return _strike_out(row, because=because, by=by)


def strike_out_revenue_band(row: RevenueBand, *, because: str, by: User) -> RevenueBand:
    """Take back that a revenue band was recorded; the one before, that ended when it began, goes on.

    Raises AlreadyEnded.
    """
    return _strike_out(row, because=because, by=by)
