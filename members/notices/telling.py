"""Telling people, each as they have chosen."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import as_read_by
from icoca_portal.lib.prepared import Prepared, PreparedInsert, given_keys, given_text
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.operations import Letter, queue_messages, withdraw_messages
from members.models import How, Notice, NoticeChoice, User
from members.notices.choosing import ending_address
from members.notices.registry import NoticeKind, kind_of

logger = logging.getLogger(__name__)

#: So many people are asked for and written to in one statement.
AT_A_TIME = 400


class Words(NamedTuple):
    """What somebody is told: the subject, the text of the mail, and what changed, in lines, where several messages in
    one matter may become one; empty where the last message says all."""

    subject: str
    text: str
    changes: str = ""


#: What is the same for all, or each person's own.
Own = str | Callable[[User], str]

_CHOSEN: Prepared[tuple[int, str | None, bool]] = Prepared(
    lambda count: (
        User.objects.filter(pk__in=given_keys("people", count))
        .order_by()
        .values_list(
            "pk",
            Subquery(NoticeChoice.objects.filter(user=OuterRef("pk"), kind=given_text("kind")).values("how")),
            Exists(Notice.objects.filter(user=OuterRef("pk"), key=given_text("key"))),
        )
    )
)
_NEW_NOTICES = PreparedInsert(Notice, known_stay=True)


def tell(
    people: Iterable[User],
    *,
    kind: str,
    key: Own,
    letter: Callable[[User], Words],
    about: Own = "",
    address: Own = "",
    confidential: bool = False,
    merge_after: timedelta | None = None,
    certainly: Collection[int] = (),
) -> list[User]:
    """Tell people of something, each as they have chosen for the `kind`, and once of each `key`; returns whom.

    Call it inside the transaction of the change. `about` is the reference of the thing (`members.things`), `address`
    where it is read, without the portal's own; these and the key may be functions of the person. `letter` is asked for
    the `Words` in the language and zone of each person. `certainly` names people (primary keys) who are told at once
    whatever they chose: who did it themselves.

    With `merge_after` a mail waits so long for more about the same thing, and then says all of it: the words told last,
    and below them what changed before. Of a kind without changes the words told last stand for all.

    A `confidential` text is not kept, neither here nor in the delivery log once it is sent.

    Closed accounts are told nothing. Whoever has an address that no mail reaches finds the notice on the desk. A
    constant number of statements for `AT_A_TIME` people.
    """
    known = kind_of(kind)
    if known is None:
        raise LookupError(f"no kind of notices is called {kind}")
    telling = _Telling(known, key, letter, about, address, confidential, merge_after)
    wanted = list({person.pk: person for person in people if person.is_active}.values())
    told: list[User] = []
    with transaction.atomic(savepoint=False):
        for start in range(0, len(wanted), AT_A_TIME):
            told += telling.tell(wanted[start : start + AT_A_TIME], certainly)
    return told


class _Telling(NamedTuple):
    """One thing that is told, with how."""

    kind: NoticeKind
    key: Own
    letter: Callable[[User], Words]
    about: Own
    address: Own
    confidential: bool
    merge_after: timedelta | None

    def tell(self, people: list[User], certainly: Collection[int]) -> list[User]:
        now = timezone.now()
        hows = self._hows(people, certainly)
        people = [person for person in people if person.pk in hows]
        waiting = self._waiting(people) if self.merge_after else {}
        notices, letters, merged = [], {}, []
        for person in people:
            earlier = waiting.get(person.pk, [])
            with as_read_by(person):
                words = self.letter(person)
                notice = self._notice(person, words, hows[person.pk], now)
                if notice.how == How.AT_ONCE:
                    message = next((row.message for row in reversed(earlier) if row.message_id), None)
                    text = _with_changes(words, [row for row in earlier if message and row.message_id == message.pk])
                    try:
                        letter = self._letter(person, words, text, now, optional=person.pk not in certainly)
                        fields = letter.fields(now)
                    except AddressUnusable:
                        logger.warning("No mail reaches person %s, who finds it on the desk: %s", person.pk, notice.key)
                        notice.how, notice.told_at = How.DESK, None
                    else:
                        if message is None:
                            letters[person.pk] = letter
                        else:
                            notice.message = _written_over(message, fields)
                            merged.append(message)
            notices.append(notice)
        queued = queue_messages(letters.values())
        for notice in notices:
            if made := letters.get(notice.user_id):
                notice.message_id = queued.get(made.key)
        if merged:
            Message.objects.bulk_update(merged, ["subject", "text", "language", "next_attempt_at"])
        self._supersede(notices, waiting, now)
        _NEW_NOTICES.store(notices)
        return people

    def _hows(self, people: list[User], certainly: Collection[int]) -> dict[int, How]:
        """How each is told who was not told of their key yet."""
        rows: Iterable[tuple[int, str | None, bool]]
        if isinstance(self.key, str):
            rows = _CHOSEN.all(len(people), people=[each.pk for each in people], kind=self.kind.key, key=self.key)
        else:
            rows = self._chosen_and_known({each.pk: self.key(each) for each in people})
        return {
            pk: How(chosen or self.kind.default) if self.kind.optional and pk not in certainly else How.AT_ONCE
            for pk, chosen, was_told in rows
            if not was_told
        }

    def _chosen_and_known(self, keys: dict[int, str]) -> list[tuple[int, str | None, bool]]:
        """As `_CHOSEN`, where each has a key of their own (by the person's primary key): two queries."""
        chosen = dict(NoticeChoice.objects.filter(user__in=keys, kind=self.kind.key).values_list("user", "how"))
        rows = Notice.objects.filter(user__in=keys, key__in=set(keys.values()))
        known = set(rows.values_list("user", "key"))
        return [(pk, chosen.get(pk), (pk, key) in known) for pk, key in keys.items()]

    def _notice(self, person: User, words: Words, how: How, now: datetime) -> Notice:
        return Notice(
            user=person,
            kind=self.kind.key,
            key=_of(person, self.key),
            about=_of(person, self.about),
            title=" ".join(words.subject.split())[:400],
            text="" if self.confidential else words.changes,
            address=_of(person, self.address),
            happened_at=now,
            how=how,
            told_at=now if how == How.AT_ONCE else None,
        )

    def _letter(self, person: User, words: Words, text: str, now: datetime, *, optional: bool) -> Letter:
        return Letter(
            key=f"{_of(person, self.key)}:{person.pk}",
            to=person.email,
            name=person.name,
            subject=words.subject,
            text=text,
            language=person.language,
            confidential=self.confidential,
            thread=_of(person, self.about),
            unsubscribe=ending_address(person.pk, self.kind.key) if self.kind.optional and optional else "",
            not_before=now + self.merge_after if self.merge_after else None,
        )

    def _waiting(self, people: list[User]) -> dict[int, list[Notice]]:
        """What of the same kind about the same thing each was told of that is not on its way yet, oldest first."""
        about = {person.pk: _of(person, self.about) for person in people}
        rows = Notice.objects.filter(user__in=people, kind=self.kind.key, about__in=set(about.values()))
        found: dict[int, list[Notice]] = defaultdict(list)
        for row in untaken(rows):
            if row.about == about[row.user_id]:
                found[row.user_id].append(row)
        return found

    def _supersede(self, notices: list[Notice], waiting: dict[int, list[Notice]], now: datetime) -> None:
        """What waited without saying what changed, is said by what comes now."""
        stale = [
            row.pk
            for notice in notices
            for row in waiting.get(notice.user_id, ())
            if not row.text and (row.how == How.DIGEST or row.message_id == notice.message_id)
        ]
        if stale and not self.confidential:
            Notice.objects.filter(pk__in=stale).update(dropped_at=now)


def _of(person: User, own: Own) -> str:
    return own if isinstance(own, str) else own(person)


def _with_changes(words: Words, earlier: list[Notice]) -> str:
    """The text, with what changed before it and was not told yet; in the active language."""
    changes = [f"{row.title}\n{row.text}".strip() for row in earlier if row.text]
    if not changes:
        return words.text
    return "\n\n".join([words.text.rstrip(), _("This message also stands for what came before it:"), *changes]) + "\n"


def _written_over(message: Message, fields: dict[str, object]) -> Message:
    for name in ("subject", "text", "language", "next_attempt_at"):
        setattr(message, name, fields[name])
    return message


def untaken(notices: QuerySet[Notice]) -> list[Notice]:
    """Those of the notices that are not on their way, oldest first: in no message of the day yet, or in a mail that no
    worker has taken, nor can take before this transaction ends."""
    rows = notices.filter(
        Q(how=How.DIGEST, told_at=None) | Q(how=How.AT_ONCE, message__state=State.QUEUED, message__attempts=0),
        dropped_at=None,
    )
    found = list(rows.select_for_update(of=("self",)).order_by("happened_at", "pk"))
    mails = {row.message_id for row in found if row.message_id}
    free = Message.objects.select_for_update().filter(state=State.QUEUED, attempts=0).in_bulk(mails) if mails else {}
    for row in found:
        row.message = free.get(row.message_id)
    return [row for row in found if row.how == How.DIGEST or row.message is not None]


def drop(about: str, *, kinds: Collection[str], users: Collection[int] | None = None) -> int:
    """Take back what waits of these kinds about a thing, because it is done, cancelled or over; returns how many.

    `users` (primary keys) narrows it to some people. What a worker has taken is on its way. Inside a transaction.
    """
    rows = Notice.objects.filter(about=about, kind__in=kinds)
    return drop_rows(untaken(rows if users is None else rows.filter(user__in=users)))


def drop_rows(rows: Iterable[Notice]) -> int:
    """Take these notices back, with those of their mails that no worker has taken and that tell nothing else."""
    notices = list(rows)
    mails = {row.message_id for row in notices if row.message_id}
    if mails:
        others = Notice.objects.filter(message__in=mails, dropped_at=None).exclude(pk__in=[row.pk for row in notices])
        mails -= set(others.values_list("message", flat=True))
        taken = mails - withdraw_messages(mails)
        notices = [row for row in notices if row.message_id not in taken]
    return Notice.objects.filter(pk__in=[row.pk for row in notices]).update(dropped_at=timezone.now())


def batches(rows: list[Notice]) -> Iterator[tuple[NoticeKind | None, list[Notice]]]:
    """Notices by their kind."""
    found: dict[str, list[Notice]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(row)
    for key, some in found.items():
        yield kind_of(key), some
