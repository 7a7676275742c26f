"""The delivery log of a circular: what became of the copy of each recipient, in one query for a page of any list.

Where a recipient stands is read of their latest copy. What the log says in words is said here once, for the page and
for the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.paging import page_number, page_within
from icoca_portal.outbox.codes import code_in_words, servers_words, what_helps
from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.querysets import UNCERTAIN_AFTER
from members.circulars.audiences import ROLES
from members.models import Circular, CircularCopy, CircularRecipient, User


class Standing(TextChoices):
    """Where a recipient stands: what became of their latest copy."""

    QUEUED = "queued", gettext_lazy("Queued")
    SENDING = "sending", gettext_lazy("Being sent")
    SENT = "sent", gettext_lazy("Sent")
    UNCERTAIN = "uncertain", gettext_lazy("Uncertain")
    REFUSED = "refused", gettext_lazy("Refused")
    RETURNED = "returned", pgettext_lazy("mail", "Returned")
    LEFT = "left", gettext_lazy("Left as it is")
    NONE = "none", gettext_lazy("No copy")


#: What came back or was not taken, and nobody has decided on: what `resend_failed` sends again.
FAILED = (Standing.REFUSED, Standing.RETURNED)
#: What waits for a person.
TO_DECIDE = (*FAILED, Standing.UNCERTAIN, Standing.NONE)
ON_THE_WAY = (Standing.QUEUED, Standing.SENDING)

#: The choices of the filter that stand for several, beside each standing by itself.
GROUPS: dict[str, tuple[str, ...]] = {"on-the-way": ON_THE_WAY, "to-decide": TO_DECIDE}
GROUP_LABELS = {
    "on-the-way": gettext_lazy("On the way: queued or being sent"),
    "to-decide": gettext_lazy("Waits for a decision: refused, returned or uncertain"),
}


def with_standing(recipients: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Each recipient with `standing` (a Standing) at `now` and the number of their latest copy (`latest`)."""
    uncertain = Q(state=State.SENDING) & (Q(taken_at__lt=now - UNCERTAIN_AFTER) | ~Q(last_error=""))
    reading = Case(
        When(settled_at__isnull=False, then=Value(Standing.LEFT.value)),
        When(state=State.FAILED, then=Value(Standing.REFUSED.value)),
        When(uncertain, then=Value(Standing.UNCERTAIN.value)),
        default="state",
        output_field=CharField(),
    )
    copies = CircularCopy.objects.filter(recipient=OuterRef("pk")).order_by("-number")
    message = Message.objects.filter(circular_copy__recipient=OuterRef("pk")).order_by("-circular_copy__number")
    return recipients.annotate(
        latest=Subquery(copies.values("number")[:1]),
        standing=Coalesce(
            Subquery(message.annotate(reading=reading).values("reading")[:1]), Value(Standing.NONE.value)
        ),
    )


@dataclass(frozen=True)
class Counts:
    """How many recipients stand where."""

    of: Mapping[str, int]
    opened: int

    @property
    def total(self) -> int:
        return sum(self.of.values())

    @property
    def sent(self) -> int:
        return self.of.get(Standing.SENT, 0)

    @property
    def on_the_way(self) -> int:
        return sum(self.of.get(each, 0) for each in ON_THE_WAY)

    @property
    def failed(self) -> int:
        """Refused or returned: what “send again to all” sends."""
        return sum(self.of.get(each, 0) for each in FAILED)

    @property
    def to_decide(self) -> int:
        return sum(self.of.get(each, 0) for each in TO_DECIDE)

    @property
    def left(self) -> int:
        return self.of.get(Standing.LEFT, 0)


def count_standings_of(circulars: Iterable[Circular], now: datetime) -> dict[int, Counts]:
    """Of each of these circulars, by its primary key, how many recipients stand where; one query."""
    keys = [circular.pk for circular in circulars]
    rows = with_standing(CircularRecipient.objects.filter(circular__in=keys), now).order_by()
    counted = rows.values("circular", "standing").annotate(recipients=Count("pk"), opened=Count("opened_at"))
    standings: dict[int, dict[str, int]] = {key: {} for key in keys}
    opened = dict.fromkeys(keys, 0)
    for row in counted.order_by():
        standings[row["circular"]][row["standing"]] = row["recipients"]
        opened[row["circular"]] += row["opened"]
    return {key: Counts(standings[key], opened[key]) for key in keys}


def count_standings(circular: Circular, now: datetime) -> Counts:
    """One query, however many recipients there are."""
    return count_standings_of([circular], now)[circular.pk]


@dataclass(frozen=True)
class Asked:
    """What an address asks of the log; what makes no sense in it asks nothing."""

    words: str = ""
    standing: str = ""
    opened: str = ""
    page: int = 1

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Asked:
        standing, opened = data.get("standing", ""), data.get("opened", "")
        return cls(
            " ".join(data.get("q", "").replace("\x00", "").split())[:200],
            standing if standing in GROUPS or standing in Standing.values else "",
            opened if opened in ("yes", "no") else "",
            page_number(data),
        )

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than all."""
        return bool(self.words or self.standing or self.opened)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of these recipients that it asks for. Each word must be somewhere: name, delegation, an address."""
        for word in self.words.split():
            sent_to = CircularCopy.objects.filter(recipient=OuterRef("pk"), message__recipient__icontains=word)
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(email__icontains=word)
                | Q(organisation__name__icontains=word)
                | Exists(sent_to)
            )
        if self.standing:
            rows = rows.filter(standing__in=GROUPS.get(self.standing, (self.standing,)))
        if self.opened:
            rows = rows.filter(opened_at__isnull=self.opened == "no")
        return rows


@dataclass(frozen=True)
class Line:
    """A recipient in the log, with their copies, the latest first, and the corrections that they got too."""

    recipient: Any
    copies: list[Any]
    corrections: list[Circular]
    now: datetime

    @property
    def latest(self) -> Any:
        return self.copies[0] if self.copies else None

    @property
    def message(self) -> Message | None:
        return self.latest.message if self.latest else None

    @property
    def address(self) -> str:
        """The address of today: that of the latest copy."""
        return self.message.recipient if self.message else self.recipient.email

    @property
    def was_fixed(self) -> bool:
        """Whether the address of today is another one than that under which they were found."""
        return self.address.lower() != self.recipient.email.lower()

    @property
    def standing(self) -> Standing:
        return standing_of(self.message, self.now)

    @property
    def tag(self) -> str:
        return TAGS.get(self.standing, "")

    @property
    def may_send_again(self) -> bool:
        """Whether another copy may be sent: none waits or is on its way."""
        return self.standing not in ON_THE_WAY

    @property
    def may_leave(self) -> bool:
        """Whether the latest copy waits for a decision."""
        return self.standing in TO_DECIDE and self.message is not None

    @property
    def role_in_words(self) -> str:
        return role_in_words(self.recipient.role)

    @property
    def words(self) -> list[str]:
        """What became of the latest copy, and what helps where it came back."""
        said = in_words(self.message, self.now)
        if self.standing == Standing.RETURNED and self.message is not None:
            said.append(what_helps(self.message.returned_code))
        return said

    @property
    def all_in_words(self) -> list[tuple[Any, list[str]]]:
        """Each copy with what became of it, the latest first."""
        return [(copy, in_words(copy.message, self.now)) for copy in self.copies]


TAGS: dict[str, str] = {
    Standing.QUEUED: "is-half",
    Standing.SENDING: "is-half",
    Standing.SENT: "is-done",
    Standing.UNCERTAIN: "is-due",
    Standing.REFUSED: "is-wrong",
    Standing.RETURNED: "is-wrong",
    Standing.NONE: "is-wrong",
}


def standing_of(message: Message | None, now: datetime) -> Standing:
    """The row's side of `with_standing`."""
    if message is None:
        return Standing.NONE
    if message.settled_at:
        return Standing.LEFT
    if message.state == State.FAILED:
        return Standing.REFUSED
    if message.is_uncertain_at(now):
        return Standing.UNCERTAIN
    return Standing(message.state)


class Log:
    """A page of the log: as many queries for one recipient as for five thousand."""

    def __init__(self, circular: Circular, asked: Asked, now: datetime | None = None) -> None:
        self.circular, self.asked = circular, asked
        self.now = now or timezone.now()
        self.counts = count_standings(circular, self.now)
        chosen = self.recipients
        self.total = chosen.count() if asked.narrows else self.counts.total
        self.pages = page_within(asked.page, self.total)
        begins = (self.pages.number - 1) * self.pages.size
        self.lines = lines_of(circular, chosen[begins : begins + self.pages.size], self.now) if self.total else []

    @property
    def recipients(self) -> QuerySet[Any]:
        """All that the address asks for."""
        return chosen_recipients(self.circular, self.asked, self.now)


def chosen_recipients(circular: Circular, asked: Asked, now: datetime) -> QuerySet[Any]:
    """The recipients that the address asks for, by delegation and name."""
    rows = with_standing(CircularRecipient.objects.filter(circular=circular), now)
    return asked.narrow(rows).order_by("organisation__name", "name", "pk")


def lines_of(circular: Circular, recipients: QuerySet[Any], now: datetime) -> list[Line]:
    """These recipients with all their copies: at most four queries."""
    copies = CircularCopy.objects.select_related("message", "queued_by").order_by("-number")
    copies = copies.defer("message__text", "message__html")
    rows = list(
        recipients.select_related("organisation", "user").prefetch_related(
            Prefetch("copies", copies, to_attr="all_copies")
        )
    )
    also = _corrections_of(circular, rows)
    return [Line(row, row.all_copies, also.get(row.pk, []), now) for row in rows]


def _corrections_of(circular: Circular, recipients: Iterable[Any]) -> dict[int, list[Circular]]:
    """The later versions of the circular that went to the same people or addresses, by recipient."""
    if circular.number is None:
        return {}
    family = Circular.objects.filter(year=circular.year, number=circular.number, correction__gt=circular.correction)
    later = {row.pk: row for row in family.order_by("correction")}
    rows = list(recipients)
    if not later or not rows:
        return {}
    people = {row.user_id: row.pk for row in rows if row.user_id}
    addresses = {row.email.lower(): row.pk for row in rows}
    got = CircularRecipient.objects.filter(circular__in=later).annotate(address=Lower("email"))
    got = got.filter(Q(user__in=people) | Q(address__in=addresses)).order_by("circular__correction")
    found: dict[int, list[Circular]] = {}
    for user, address, version in got.values_list("user_id", "address", "circular_id"):
        recipient = people.get(user) or addresses.get(address)
        if recipient:
            found.setdefault(recipient, []).append(later[version])
    return found


def holder_of(email: str, recipient: CircularRecipient) -> str:
    """The name of whoever else has this address: an account, or another recipient of the circular. Empty for nobody."""
    user = User.objects.filter(email__iexact=email).exclude(pk=recipient.user_id or 0).first()
    if user is not None:
        return str(user)
    others = with_standing(CircularRecipient.objects.filter(circular=recipient.circular_id), timezone.now())
    others = others.exclude(pk=recipient.pk)
    latest = CircularCopy.objects.filter(
        recipient=OuterRef("pk"), number=OuterRef("latest"), message__recipient__iexact=email
    )
    other = others.filter(Q(email__iexact=email) | Exists(latest)).first()
    return (other.name or other.email) if other is not None else ""


# In words


def role_in_words(role: str) -> str:
    """``Focal point`` for the key that is stored; a text that is no key as it is."""
    return str(ROLES.get(role, role))


def in_words(message: Message | None, now: datetime) -> list[str]:
    """What became of a copy, in sentences: when, why, in the server's own words, and who decided what."""
    if message is None:
        return [_("No copy was queued for this address.")]
    said = list(_course(message, now))
    if message.settled_at:
        said.append(
            _("Left as it is on %(moment)s by %(who)s.")
            % {"moment": in_geneva(message.settled_at), "who": message.settled_by}
        )
    return said


def _course(message: Message, now: datetime) -> Iterator[str]:
    why = servers_words(message.last_error)
    match message.state:
        case State.QUEUED if message.attempts:
            yield _("Attempt %(number)d failed. The next one is on %(moment)s.") % {
                "number": message.attempts,
                "moment": in_geneva(message.next_attempt_at),
            }
        case State.QUEUED:
            yield _("Queued since %(moment)s.") % {"moment": in_geneva(message.queued_at)}
            if message.next_attempt_at > max(now, message.queued_at):
                yield _("To be sent on %(moment)s.") % {"moment": in_geneva(message.next_attempt_at)}
        case State.SENDING if message.is_uncertain_at(now):
            taken = message.taken_at or message.queued_at
            yield _("Handed over on %(moment)s. Whether the server took it is not known.") % {
                "moment": in_geneva(taken)
            }
        case State.SENDING:
            yield _("Being sent since %(moment)s.") % {"moment": in_geneva(message.taken_at or message.queued_at)}
        case State.SENT:
            yield _("Sent on %(moment)s.") % {"moment": in_geneva(message.sent_at or message.queued_at)}
        case State.FAILED:
            yield _("Not taken by the server. Attempts: %(number)d, queued on %(moment)s.") % {
                "number": message.attempts,
                "moment": in_geneva(message.queued_at),
            }
        case State.RETURNED:
            yield _("Sent on %(sent)s, returned on %(returned)s.") % {
                "sent": in_geneva(message.sent_at or message.queued_at),
                "returned": in_geneva(message.returned_at or message.queued_at),
            }
            if message.returned_code:
                yield code_in_words(message.returned_code)
            why = message.returned_why.strip()
    if why:
        yield _("In the server’s words: “%(words)s”") % {"words": why}
