"""What was agreed to be done: opened, in progress, closed with a note, opened again; and its reminders."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import emails, finding, following
from meetings.exceptions import (
    ClosingNoteMissing,
    FollowUpChangedMeanwhile,
    FollowUpInAnotherState,
    FollowUpIncomplete,
)
from meetings.models import AgendaItem, FollowUp, FollowUpChange, FollowUpReminder, Meeting
from meetings.operations.noting import require_item_of
from meetings.operations.shared import one_of
from members.models import Delegation, User

logger = logging.getLogger(__name__)
State = FollowUp.State
OPEN, CLOSED = (State.OPEN, State.IN_PROGRESS), (State.DONE, State.DROPPED)


@transaction.atomic
def open_follow_up(
    meeting: Meeting,
    *,
    what: str,
    by: User,
    who: str = "",
    delegation: Delegation | None = None,
    due: date | None = None,
    due_note: str = "",
    item: AgendaItem | None = None,
) -> FollowUp:
    """Write down what is to be done, by whom and by when. The same twice, while it is open, is one follow-up.

    Raises FollowUpIncomplete, ItemOfAnotherMeeting.
    """
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require_item_of(meeting, item)
    facts = _facts(what=what, who=who, delegation=delegation, due=due, due_note=due_note)
    there = FollowUp.objects.filter(meeting=meeting, item=item, state=State.OPEN, **facts).first()
    if there is not None:
        return there
    follow_up = FollowUp.objects.create(meeting=meeting, item=item, **facts)
    _log(follow_up, "", by)
    finding.index(follow_up)
    return follow_up


@transaction.atomic
def change_follow_up(
    follow_up: FollowUp,
    *,
    version: int,
    what: str,
    by: User,
    who: str = "",
    delegation: Delegation | None = None,
    due: date | None = None,
    due_note: str = "",
) -> FollowUp:
    """Change what is to be done, by whom or by when. `version` is the one that the writer had read.

    Raises FollowUpInAnotherState once it is closed, FollowUpChangedMeanwhile, FollowUpIncomplete.
    """
    follow_up = _locked(follow_up, version, *OPEN)
    facts = _facts(what=what, who=who, delegation=delegation, due=due, due_note=due_note)
    changed = [name for name, value in facts.items() if getattr(follow_up, name) != value]
    if not changed:
        return follow_up
    for name, value in facts.items():
        setattr(follow_up, name, value)
    names = [str(FollowUp._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    return _move(follow_up, follow_up.state, _("Changed: %(what)s") % {"what": ", ".join(names)}, by)


@transaction.atomic
def progress_follow_up(follow_up: FollowUp, *, version: int, by: User, note: str = "") -> FollowUp:
    """Open → in progress; or a word on how it goes. Raises FollowUpInAnotherState, FollowUpChangedMeanwhile."""
    follow_up = _locked(follow_up, version, *OPEN)
    return _move(follow_up, State.IN_PROGRESS, note, by)


@transaction.atomic
def close_follow_up(follow_up: FollowUp, *, version: int, state: str, note: str, by: User) -> FollowUp:
    """Open or in progress → done or no longer pursued, with a note that says how it ended.

    Raises FollowUpInAnotherState, FollowUpChangedMeanwhile, ClosingNoteMissing.
    """
    if state not in CLOSED:
        raise ValueError("a follow-up is closed as done, or as no longer pursued")
    follow_up = _locked(follow_up, version, *OPEN)
    if not note.strip():
        raise ClosingNoteMissing(_("Say how it ended: a follow-up is closed with a note."))
    follow_up.closed_at, follow_up.closed_by, follow_up.closing_note = timezone.now(), by, note.strip()[:500]
    return _move(follow_up, State(state), note, by)


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, version: int, by: User, note: str = "") -> FollowUp:
    """Done or no longer pursued → open. How it had ended stays in its log.

    Raises FollowUpInAnotherState, FollowUpChangedMeanwhile.
    """
    follow_up = _locked(follow_up, version, *CLOSED)
    follow_up.closed_at = follow_up.closed_by = None
    follow_up.closing_note = ""
    return _move(follow_up, State.OPEN, note, by)


def _facts(*, what: str, who: str, delegation: Delegation | None, due: date | None, due_note: str) -> dict[str, object]:
    if not what.strip():
        raise FollowUpIncomplete(_("Say what is to be done."))
    return {
        "what": what.strip()[:250],
        "who": who.strip()[:120],
        "delegation": delegation,
        "due": due,
        "due_note": due_note.strip()[:120],
    }


def _locked(follow_up: FollowUp, version: int, *states: FollowUp.State) -> FollowUp:
    follow_up = FollowUp.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=follow_up.pk)
    if follow_up.state not in states:
        raise FollowUpInAnotherState(
            _("The follow-up is %(state)s. This step is for one that is %(wanted)s.")
            % {"state": follow_up.get_state_display().lower(), "wanted": one_of(state.label for state in states)}
        )
    if follow_up.version != version:
        raise FollowUpChangedMeanwhile(
            _("A colleague changed this follow-up after you opened the page. Read it again, then decide.")
        )
    return follow_up


def _move(follow_up: FollowUp, state: str, note: str, by: User) -> FollowUp:
    follow_up.state = state
    follow_up.version += 1
    follow_up.save()
    finding.index(follow_up)
    _log(follow_up, note, by)
    return follow_up


def _log(follow_up: FollowUp, note: str, by: User) -> None:
    """What each step ends with: it stands in the log, and the search finds what is there now."""
    FollowUpChange.objects.create(follow_up=follow_up, state=follow_up.state, note=note.strip()[:500], by=by)
    finding.index(follow_up)


# Reminders


def send_follow_up_reminders(now: datetime) -> int:
    """Remind whom the clock says `now` (aware) of what they are to do; returns of how many follow-ups. Must not be
    called inside a transaction.

    One transaction a follow-up: stopped anywhere, it has reminded of some, and the others are still due.
    """
    count = 0
    for due in following.reminders_due(now):
        try:
            count += _remind(due, now)
        except DatabaseError:
            raise
        except Exception:  # one unusable address must not silence the others
            logger.exception("No reminder of follow-up %s", due.follow_up.pk)
    return count


@transaction.atomic
def _remind(reminder: following.DueReminder, now: datetime) -> bool:
    """Queue the mails of one reminder, unless the follow-up was closed or moved, or they were queued meanwhile."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=reminder.follow_up.pk)
    if not row.is_open or row.due is None or row.due != reminder.follow_up.due:
        return False
    _row, made = FollowUpReminder.objects.get_or_create(
        follow_up=row, due=row.due, days_before=reminder.days, defaults={"sent_at": now}
    )
    if made:
        emails.queue_follow_up_due(reminder)
    return made
