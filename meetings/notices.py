"""Of what of meetings people are told, and whether what waits to be told still holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import FollowUp, Invitation, SummaryRound
from meetings.querysets import chaired_groups
from members.models import How, Notice, User
from members.notices import NoticeKind

Outcome = SummaryRound.Outcome


def _is_delegate(user: User) -> bool:
    return user.standing.delegate is not None


def _is_focal_point(user: User) -> bool:
    return user.standing.is_focal_point


def _writes(user: User) -> bool:
    return user.standing.may_draft


def _adopts(user: User) -> bool:
    return user.standing.is_secretariat or bool(chaired_groups(user))


def _reads_silence(user: User) -> bool:
    return _is_delegate(user) or _adopts(user)


def _part(notice: Notice, place: int) -> str:
    """A part of the key of the event: ``follow-up.due:12:2026-06-30:14``."""
    return notice.key.split(":")[place]


def _follow_ups_open(notices: Sequence[Notice]) -> set[int]:
    """Reminders of follow-ups that are open, and due on the day that they name."""
    rows = FollowUp.objects.still_open().filter(pk__in={int(_part(notice, 1)) for notice in notices})
    due = {pk: str(day) for pk, day in rows.values_list("pk", "due")}
    return {notice.pk for notice in notices if due.get(int(_part(notice, 1))) == _part(notice, 2)}


def _rounds_open(notices: Sequence[Notice]) -> set[int]:
    """What asks for comments on texts that are under silence yet."""
    rows = SummaryRound.objects.filter(pk__in={int(_part(notice, 1)) for notice in notices})
    still = set(rows.filter(outcome=Outcome.OPEN, until__gt=timezone.now()).values_list("pk", flat=True))
    return {notice.pk for notice in notices if int(_part(notice, 1)) in still}


def _replies_missing(notices: Sequence[Notice]) -> set[int]:
    """Reminders to one person of invitations that their delegation has not answered and still may, by the deadline."""
    delegation = notices[0].user.standing.delegation_id
    rows = Invitation.objects.filter(
        delegation=delegation, reply=Invitation.Reply.NONE, meeting__in={int(_part(notice, 1)) for notice in notices}
    )
    now = timezone.now()
    meetings = {row.meeting_id: row.meeting for row in rows.select_related("meeting")}

    def holds(notice: Notice) -> bool:
        meeting = meetings.get(int(_part(notice, 1)))
        if meeting is None or not meeting.takes_registrations_at(now):
            return False
        closes = meeting.registration_closes
        return ":clock:" not in notice.key or bool(closes and notice.key.endswith(f":clock:{closes.isoformat()}"))

    return {notice.pk for notice in notices if holds(notice)}


KINDS = (
    NoticeKind(
        "meeting_convened",
        _("A meeting is convened"),
        _("When and where: delegations plan their attendance by it."),
        optional=False,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "meeting_changed",
        _("A meeting is cancelled, moved or put off"),
        _("Nobody is to travel to a meeting that does not take place."),
        optional=False,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "delegation_invited",
        _("Invitations to meetings"),
        _("Your delegation replies and registers by a deadline; also when that is moved."),
        optional=False,
        reaches=_is_focal_point,
    ),
    NoticeKind(
        "summary_circulated",
        _("A summary is put under silence"),
        _("Without an objection by a time the text is adopted."),
        optional=False,
        reaches=_is_delegate,
        still=_rounds_open,
    ),
    NoticeKind(
        "silence_broken",
        _("Silence is broken, or a text is taken back"),
        _("What was under silence is a draft again."),
        optional=False,
        reaches=_reads_silence,
    ),
    NoticeKind(
        "summary_due",
        _("Reminders: a time for comments ends"),
        _("Two days before a text under silence is adopted."),
        optional=True,
        reaches=_is_delegate,
        still=_rounds_open,
        reminds=True,
    ),
    NoticeKind(
        "registration_due",
        _("Reminders: your delegation has not replied"),
        _("Some days before the registration for a meeting closes."),
        optional=True,
        reaches=_is_focal_point,
        still=_replies_missing,
        reminds=True,
    ),
    NoticeKind(
        "follow_up_due",
        _("Reminders: a follow-up is due"),
        _("Of what your delegation is to do: two weeks and two days before its day, and a week after it."),
        optional=True,
        reaches=_is_delegate,
        still=_follow_ups_open,
        reminds=True,
    ),
    NoticeKind(
        "agenda_revised",
        _("Agendas change"),
        _("Rev.1, Rev.2 and so on, with what changed. Changes that follow one another make one message."),
        optional=True,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "registration_confirmed",
        _("Your registration is confirmed"),
        _("What your delegation replied and whom it registered, a few minutes after the last change."),
        optional=True,
        reaches=_is_focal_point,
    ),
    NoticeKind(
        "comment_answered",
        _("Your comment on a summary is answered"),
        _("The answer to an objection comes at once in any case."),
        optional=True,
        reaches=_writes,
    ),
    NoticeKind(
        "summary_adopted",
        _("A summary is adopted by silence"),
        _("It can be published."),
        optional=True,
        reaches=_adopts,
    ),
    NoticeKind(
        "summary_published",
        _("A summary is published"),
        _("With its symbol and its seal."),
        optional=True,
        reaches=_is_delegate,
        reminds=True,
    ),
    NoticeKind(
        "document_published",
        _("A document can be read"),
        _("A paper of a meeting, or a new version of it. The newest stand on your desk."),
        optional=True,
        default=How.DESK,
        reaches=_is_delegate,
        reminds=True,
    ),
)
