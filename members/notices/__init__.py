"""The door through which people are told of what happened: whoever tells names a kind, each person has chosen how.

An app registers its kinds when it is ready (`register`), and its `emails` hand over what they have to say (`tell`).
What then becomes a mail at once, a line in the message of the day or a line on the desk, is decided here and nowhere
else. Mail about an account (a code, an invitation) and circulars do not go through this door. See
docs/decisions/notices.md.
"""

from members.notices.choosing import DAILY, choices_of, choose, end, ending_address, kinds_for, named_by
from members.notices.reading import new_notices
from members.notices.registry import NoticeKind, kind_of, kinds, register
from members.notices.telling import Words, drop, tell
from members.notices.waiting import check_waiting, next_morning, send_daily

__all__ = [
    "DAILY",
    "NoticeKind",
    "Words",
    "check_waiting",
    "choices_of",
    "choose",
    "drop",
    "end",
    "ending_address",
    "kind_of",
    "kinds",
    "kinds_for",
    "named_by",
    "new_notices",
    "next_morning",
    "register",
    "send_daily",
    "tell",
]
