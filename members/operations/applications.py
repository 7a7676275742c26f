"""Applications for membership and certification: received, reviewed, decided by the Board, or withdrawn.

What is checked before the review, line by line, is in `checklists`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members import application_emails as emails
from members.exceptions import AlreadyDecided, NotAMember, OutsideItsTerm, StillOpen
from members.models import Application, ApplicationStatus, Membership, Organisation, Pillar, Standard, User
from members.operations import checklists, dated
from members.operations.registry import lock_organisation, record_certificate, record_membership

State = ApplicationStatus.State


@transaction.atomic
def receive_application(
    organisation: Organisation,
    *,
    kind: str,
    pillar: str,
    received_on: date,
    source: str,
    by: User,
    standard: Standard | None = None,
) -> Application:
    """Record that an organisation applied on a day, for membership in a pillar or certification to a standard.

    It is given the checklist of that day, as known now; the applicant's representatives are told. Raises StillOpen (the
    same was asked for and is not decided; or a member asks for membership), NotAMember (a company that is no member
    asks for certification).
    """
    organisation = lock_organisation(organisation.pk)
    is_member = Membership.objects.as_of(received_on).members().filter(organisation=organisation).exists()
    if kind == Application.Kind.CERTIFICATION:
        pillar = Pillar.INDUSTRY
        if not is_member:
            raise NotAMember(_("%(name)s is no member on %(day)s.") % {"name": organisation, "day": received_on})
    elif is_member:
        raise StillOpen(_("%(name)s is a member on %(day)s already.") % {"name": organisation, "day": received_on})
    open_states = ApplicationStatus.objects.undecided().filter(
        application__organisation=organisation, application__kind=kind, application__standard=standard
    )
    other = open_states.select_related("application__organisation", "application__standard").first()
    if other:
        raise StillOpen(_("“%(row)s” is not decided yet.") % {"row": other.application})
    application = Application.objects.create(organisation=organisation, kind=kind, pillar=pillar, standard=standard)
    row = ApplicationStatus(
        application=application, state=State.RECEIVED, valid_from=received_on, source=source, recorded_by=by
    )
    dated.record(row, beside=application.statuses.all())
    checklists.write_checks(application, received_on=received_on)
    emails.queue_application_received(application)
    return application


@transaction.atomic
def begin_review(application: Application, *, on: date, source: str, by: User) -> ApplicationStatus:
    """Record that the application is under review from a day on.

    Raises LinesNotSettled (accept the lines of its checklist, or waive them, first), AlreadyDecided, OutsideItsTerm.
    """
    return _follow(application, State.UNDER_REVIEW, on=on, source=source, by=by)


@transaction.atomic
def approve_application(
    application: Application,
    *,
    on: date,
    source: str,
    by: User,
    reason: str = "",
    certificate: dict[str, Any] | None = None,
) -> ApplicationStatus:
    """Record that the Board approved; what was asked for begins on that day in the same operation.

    Of a certification, `certificate` gives what `record_certificate` takes: `body`, `issued_on`, `expires_on`,
    `number`, `scope`. Raises LinesNotSettled, AlreadyDecided, OutsideItsTerm, and what `record_membership` or
    `record_certificate` raises.
    """
    status = _follow(application, State.APPROVED, on=on, source=source, by=by, reason=reason)
    if application.standard is None:  # membership, as a constraint of the table says
        record_membership(application.organisation, pillar=application.pillar, valid_from=on, source=source, by=by)
    else:
        given: dict[str, Any] = {"issued_on": on, "valid_from": on, **(certificate or {})}
        record_certificate(application.organisation, standard=application.standard, source=source, by=by, **given)
    emails.queue_application_decided(status)
    return status


@transaction.atomic
def refuse_application(application: Application, *, on: date, reason: str, source: str, by: User) -> ApplicationStatus:
    """Record that the Board refused, and why: the applicant reads it. Raises AlreadyDecided, OutsideItsTerm."""
    status = _follow(application, State.REFUSED, on=on, source=source, by=by, reason=reason)
    emails.queue_application_decided(status)
    return status


@transaction.atomic
def withdraw_application(
    application: Application, *, on: date, source: str, by: User, reason: str = ""
) -> ApplicationStatus:
    """Record that the applicant withdrew. Raises AlreadyDecided, OutsideItsTerm."""
    status = _follow(application, State.WITHDRAWN, on=on, source=source, by=by, reason=reason)
    emails.queue_application_decided(status)
    return status


@transaction.atomic
def correct_application_status(row: ApplicationStatus, *, by: User, **changes: Any) -> ApplicationStatus:
    """Put right the days, the state or the reason of a state; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    Application.objects.select_for_update().get(pk=row.application_id)
    return dated.supersede(row, changes, by=by, beside=ApplicationStatus.objects.filter(application=row.application_id))


def _follow(
    application: Application, state: str, *, on: date, source: str, by: User, reason: str = ""
) -> ApplicationStatus:
    """End the state the application is in, on the day on which the next begins."""
    lock_organisation(application.organisation_id)
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=application.pk)
    )
    now = application.statuses.current().get()
    if not now.is_open or now.state == state:
        raise AlreadyDecided(_("“%(row)s” since %(day)s. Open the page again.") % {"row": now, "day": now.valid_from})
    if on < now.valid_from:
        raise OutsideItsTerm(
            _("“%(row)s” begins on %(day)s. Choose a later day.") % {"row": now, "day": now.valid_from}
        )
    if state in (State.UNDER_REVIEW, State.APPROVED):
        checklists.refuse_open_lines(application)
    beside = application.statuses.all()
    following = ApplicationStatus(
        application=application, state=state, reason=reason, valid_from=on, source=source, recorded_by=by
    )
    if on == now.valid_from:
        # Both on one day: the earlier state held on no day, and the later takes its place.
        return dated.supersede(now, {"state": state, "reason": reason, "source": source}, by=by, beside=beside)
    dated.end(now, on=on, source=source, by=by, beside=beside)
    return dated.record(following, beside=beside)
