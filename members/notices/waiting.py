"""What waits: the message of the day, and mails that wait for more of the same. The clock asks."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Min
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import as_read_by, zone_named
from icoca_portal.lib.mornings import MORNING
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.operations import Letter, queue_messages
from members import things
from members.models import How, Notice, User
from members.notices.choosing import DAILY, ending_address
from members.notices.reading import in_sight
from members.notices.telling import batches, drop_rows, untaken

logger = logging.getLogger(__name__)

#: So many notices stand in the message of a day; the others are read on the desk.
MOST_IN_A_DAY = 40

#: So long before it may be sent, a mail that waits is asked for again whether it still holds: the clock ticks twice.
ASKED_BEFORE = timedelta(seconds=75)


def morning_of(day: date, zone_name: str) -> datetime:
    """When the message of a day goes: 08:00 in the zone."""
    return datetime.combine(day, MORNING, tzinfo=zone_named(zone_name))


def next_morning(user: User, now: datetime) -> datetime:
    """When what happens `now` (aware) is told to somebody who is told once a day."""
    here = now.astimezone(zone_named(user.time_zone)).date()
    morning = morning_of(here, user.time_zone)
    return morning if now < morning else morning_of(here + timedelta(days=1), user.time_zone)


def send_daily(now: datetime) -> int:
    """Send each person their message of the day, if their morning has come at `now` (aware): what happened before it
    and was not told. Returns how many were queued. Must not be called inside a transaction.

    One transaction a person, one message for each day of theirs: stopped anywhere, the others are still due.
    """
    count = 0
    rows = Notice.objects.waiting_for_digest().order_by().values_list("user", "user__time_zone")
    for user_id, zone_name, first in rows.annotate(first=Min("happened_at")).order_by("user"):
        day = now.astimezone(zone_named(zone_name)).date()
        morning = morning_of(day, zone_name)
        if not first < morning <= now:
            continue
        try:
            count += _send_day(user_id, day, morning)
        except DatabaseError:
            raise
        except Exception:  # what hinders one message must not keep the others from going
            logger.exception("No message of the day for person %s", user_id)
    return count


@transaction.atomic
def _send_day(user_id: int, day: date, morning: datetime) -> bool:
    """Queue the message of one person's day, unless it was queued: in another zone, or by another worker."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
    key = f"notices-of-day:{day.isoformat()}:{user.pk}"
    waiting = Notice.objects.waiting_for_digest().filter(user=user, happened_at__lt=morning)
    rows = list(waiting.select_for_update(of=("self",)).order_by("happened_at", "pk"))
    if not rows or Message.objects.filter(key=key).exists():
        return False
    told = _that_still_hold(user, rows) if user.is_active else []
    kept = {row.pk for row in told}
    now = timezone.now()
    Notice.objects.filter(pk__in=[row.pk for row in rows if row.pk not in kept]).update(dropped_at=now)
    if not told:
        return False
    try:
        message = queue_messages([_letter_of_day(user, told, key)])[key]
    except AddressUnusable:
        logger.warning("No mail reaches person %s, who finds what is new on the desk", user.pk)
        Notice.objects.filter(pk__in=kept).update(how=How.DESK)
        return False
    Notice.objects.filter(pk__in=kept).update(told_at=now, message=message)
    return True


def _that_still_hold(user: User, notices: list[Notice]) -> list[Notice]:
    """Those about what exists for the person, and that the things behind them have not overtaken; in their order."""
    seen = in_sight(user, notices)
    hold = {pk for kind, rows in batches(seen) if kind for pk in kind.still(rows)}
    return [row for row in seen if row.pk in hold]


@dataclass(frozen=True)
class AboutThing:
    """What the message of the day says about one thing; `title` is empty where its only line names it."""

    title: str
    lines: list[Notice]


def _letter_of_day(user: User, notices: list[Notice], key: str) -> Letter:
    by_thing: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices[:MOST_IN_A_DAY]:
        by_thing[notice.about or f"notice:{notice.pk}"].append(notice)
    with as_read_by(user):
        context = {
            "user": user,
            "groups": [AboutThing(_title_of(about, rows), rows) for about, rows in by_thing.items()],
            "left": max(0, len(notices) - MOST_IN_A_DAY),
            "portal": settings.PORTAL_ADDRESS,
            "secretariat_email": settings.SECRETARIAT_EMAIL,
        }
        subject = _("What is new for you: %(title)s") % {"title": notices[0].title}
        if len(notices) > 1:
            subject = _("What is new for you: %(count)d notices") % {"count": len(notices)}
        text = render_to_string("emails/members/daily_notices.txt", context).strip() + "\n"
        html = render_to_string("emails/members/daily_notices.html", context).strip()
    return Letter(
        key=key,
        to=user.email,
        name=user.name,
        subject=subject,
        text=text,
        html=html,
        language=user.language,
        unsubscribe=ending_address(user.pk, DAILY),
    )


def _title_of(about: str, rows: list[Notice]) -> str:
    if len(rows) == 1:
        return ""
    kind, _dash, pk = about.rpartition("-")
    thing = things.find(kind, int(pk)) if pk.isdecimal() else None
    return thing.title() if thing else ""


def check_waiting(now: datetime) -> int:
    """Take back mails that wait for more of the same, are due soon after `now` (aware), and hold no more: what they are
    about was cancelled or is out of sight. Returns how many notices. Must not be called inside a transaction."""
    due = Message.objects.filter(
        state=State.QUEUED, attempts=0, next_attempt_at__gt=F("queued_at"), next_attempt_at__lte=now + ASKED_BEFORE
    )
    people = set(Notice.objects.filter(message__in=due, dropped_at=None).values_list("user", flat=True))
    return sum(_check(user, now) for user in User.objects.filter(pk__in=people).order_by("pk"))


@transaction.atomic
def _check(user: User, now: datetime) -> int:
    rows = untaken(Notice.objects.filter(user=user, how=How.AT_ONCE, message__next_attempt_at__lte=now + ASKED_BEFORE))
    hold = {row.pk for row in _that_still_hold(user, rows)}
    gone = [row for row in rows if row.pk not in hold]
    return drop_rows(gone) if gone else 0
