"""The door: everybody is told as they have chosen, once, and of nothing that is not there for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.operations import send_next
from members import notices, things
from members.models import How, Notice, NoticeChoice, Organisation, User
from members.notices import registry, waiting
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SEEN: set[int] = set()


@pytest.fixture(autouse=True)
def sample_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that one may choose, one that one may not, one that reminds; and things of which some are out of sight."""
    monkeypatch.setattr(registry, "_KINDS", {})
    monkeypatch.setattr(things, "_KINDS", {})
    notices.register(
        notices.NoticeKind("sample news", "Sample news", "Sample.", optional=True),
        notices.NoticeKind("sample duty", "Sample duty", "Sample.", optional=False),
        notices.NoticeKind(
            "sample reminder",
            "Sample reminder",
            "Sample.",
            optional=True,
            reminds=True,
            still=lambda rows: {row.pk for row in rows if "done" not in row.title},
        ),
    )
    SEEN.clear()
    SEEN.update(range(100))
    things.register(
        things.Kind(
            "sample",
            "Sample",
            find=lambda pk: things.Thing("sample", pk, lambda: f"Sample thing {pk}", "/sample/"),
            visible=lambda user, pks: SEEN & set(pks),
            rows=lambda user: Organisation.objects.filter(pk__in=SEEN),
        )
    )


@pytest.fixture
def person() -> User:
    return factories.UserFactory(email="person@sample.example", time_zone="UTC")


def told(*people: User, key: str = "event:1", kind: str = "sample news", title: str = "Sample", **more: Any) -> Any:
    changes = more.pop("changes", "")
    return notices.tell(
        people,
        kind=kind,
        key=key,
        about=more.pop("about", "sample-1"),
        address="/sample/",
        letter=lambda user: notices.Words(title, f"Dear {user.name}, {title}.\n", changes),
        **more,
    )


def choose(person: User, how: How, kind: str = "sample news") -> None:
    notices.choose(person, {kind: how}, by=person)


@pytest.mark.parametrize(("how", "mails"), [(How.AT_ONCE, 1), (How.DIGEST, 0), (How.DESK, 0)])
def test_everybody_is_told_as_they_chose_and_once(person, how, mails) -> None:
    choose(person, how)

    assert told(person) == [person]
    assert told(person) == []

    notice = Notice.objects.get()
    assert (notice.how, notice.title, Message.objects.count()) == (how, "Sample", mails)
    if mails:
        message = Message.objects.get()
        assert notice.message == message
        assert (message.thread, message.recipient) == ("sample-1", person.email)
        assert notices.named_by(message.unsubscribe.rstrip("/").rsplit("/", 1)[-1]) == (person.pk, "sample news")


def test_what_is_not_optional_comes_at_once_and_cannot_be_ended(person) -> None:
    NoticeChoice.objects.create(user=person, kind="sample duty", how=How.DESK)
    notices.choose(person, {"sample duty": How.DIGEST}, by=person)

    told(person, kind="sample duty")

    assert Message.objects.get().unsubscribe == ""


def test_who_did_it_has_the_proof_whatever_they_chose(person) -> None:
    colleague = factories.UserFactory()
    for each in (person, colleague):
        choose(each, How.DESK)

    told(person, colleague, certainly=[person.pk])

    assert Message.objects.get().recipient == person.email
    assert Notice.objects.count() == 2


def test_whoever_no_mail_reaches_finds_it_on_the_desk_and_keeps_nobody_from_it(person, caplog) -> None:
    lost = factories.UserFactory()
    User.objects.filter(pk=lost.pk).update(email="no address")
    closed = factories.UserFactory(is_active=False)

    told(User.objects.get(pk=lost.pk), person, closed)

    assert [message.recipient for message in Message.objects.all()] == [person.email]
    assert Notice.objects.get(user=lost).how == How.DESK
    assert not Notice.objects.filter(user=closed).exists()
    assert "No mail reaches" in caplog.text


def test_140_people_cost_as_many_queries_as_10() -> None:
    def cost(count: int) -> tuple[int, int]:
        people = factories.UserFactory.create_batch(count)
        for each in people[::3]:
            choose(each, How.DIGEST)
        with CaptureQueriesContext(connection) as queries:
            told(*people, key=f"event:{count}")
        return len([q for q in queries if "INSERT" not in q["sql"]]), len(queries)

    few, many = cost(10), cost(140)
    assert few[0] == many[0]
    assert many[1] <= few[1] + 12  # SQLite takes 999 values in one statement


def test_several_changes_before_the_mail_is_taken_are_one_mail_that_says_them_all(person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        wait = timedelta(minutes=10)
        told(person, key="rev:1", title="Rev.1", changes="- Item 2 is new", merge_after=wait)
        clock.shift(60)
        told(person, key="rev:2", title="Rev.2", changes="- Item 3 went", merge_after=wait)

        message = Message.objects.get()
        assert message.subject == "Rev.2"
        assert "Rev.2." in message.text
        assert "Rev.1\n- Item 2 is new" in message.text
        assert message.next_attempt_at == NOON + timedelta(minutes=11)
        assert [(row.message_id, row.dropped_at) for row in Notice.objects.all()] == [(message.pk, None)] * 2

        clock.shift(60 * 12)
        send_next()
        told(person, key="rev:3", title="Rev.3", changes="- Item 4", merge_after=wait)
        assert "Rev.1" not in Message.objects.latest("pk").text


def test_where_the_last_word_says_all_it_stands_for_those_before(person) -> None:
    for number in (1, 2, 3):
        told(person, key=f"state:{number}", title=f"State {number}", merge_after=timedelta(minutes=3))

    assert Message.objects.get().subject == "State 3"
    assert Notice.objects.get(dropped_at=None).title == "State 3"


def test_what_is_over_is_taken_back(person) -> None:
    choose(person, How.DIGEST, "sample reminder")
    other = factories.UserFactory()
    told(person, other, kind="sample reminder")
    told(person, key="news")

    assert notices.drop("sample-1", kinds=["sample reminder"]) == 2
    assert [message.key for message in Message.objects.all()] == [f"news:{person.pk}"]
    assert notices.drop("sample-1", kinds=["sample reminder"]) == 0

    Message.objects.update(state=State.SENDING, attempts=1, taken_at=NOON)
    assert notices.drop("sample-1", kinds=["sample news"]) == 0, "a worker has it"


def test_a_confidential_text_is_kept_nowhere(person) -> None:
    told(person, confidential=True, changes="Secret words")

    assert Message.objects.get().confidential
    assert Notice.objects.get().text == ""


# The message of the day


@pytest.fixture
def daily(person: User) -> User:
    choose(person, How.DIGEST)
    choose(person, How.DIGEST, "sample reminder")
    return person


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


@pytest.mark.parametrize(
    ("zone", "morning"),
    [
        ("UTC", datetime(2026, 11, 27, 8, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 11, 26, 19, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 26, 13, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 27, 2, 15, tzinfo=UTC)),
    ],
)
def test_the_message_of_the_day_comes_at_8_in_the_persons_zone(daily, zone, morning) -> None:
    User.objects.filter(pk=daily.pk).update(time_zone=zone)
    daily.refresh_from_db()
    with at(NOON):
        told(daily)
        assert notices.next_morning(daily, NOON) == morning

    with at(morning - timedelta(seconds=1)):
        assert notices.send_daily(morning - timedelta(seconds=1)) == 0
    with at(morning):
        assert [notices.send_daily(morning), notices.send_daily(morning)] == [1, 0]

    message = Message.objects.get()
    assert "Sample" in message.subject
    assert "/sample/" in message.text
    assert Notice.objects.get().message == message
    assert notices.named_by(message.unsubscribe.rstrip("/").rsplit("/", 1)[-1]) == (daily.pk, notices.DAILY)


def test_what_happens_after_8_waits_for_tomorrow_and_who_moves_gets_one_a_day(daily) -> None:
    with at(NOON):
        told(daily, key="a")
    with at(NOON + timedelta(hours=21)):
        assert notices.send_daily(NOON + timedelta(hours=21)) == 1
        told(daily, key="b")
        assert notices.send_daily(NOON + timedelta(hours=23)) == 0
    User.objects.filter(pk=daily.pk).update(time_zone="Pacific/Honolulu")  # where 8 of the same day is to come
    evening = NOON + timedelta(hours=31)
    with at(evening):
        assert notices.send_daily(evening) == 0
    with at(evening + timedelta(days=1)):
        assert notices.send_daily(evening + timedelta(days=1)) == 1
    assert Notice.objects.filter(told_at=None).count() == 0


def test_it_is_ordered_by_thing_and_leaves_out_what_is_done_or_out_of_sight(daily) -> None:
    SEEN.discard(3)
    with at(NOON):
        told(daily, key="a", title="First of one", changes="- what changed")
        told(daily, key="b", title="Only of two", about="sample-2")
        told(daily, key="c", title="Second of one")
        told(daily, key="d", title="Out of sight", about="sample-3")
        told(daily, key="e", title="A thing done", kind="sample reminder")
        told(daily, key="f", title="About nothing", about="")
    morning = NOON + timedelta(hours=21)
    with at(morning):
        notices.send_daily(morning)

    text = Message.objects.get().text
    places = [text.index(words) for words in ("Sample thing 1", "First of one", "what changed", "Second of one")]
    assert places == sorted(places)
    assert places[-1] < text.index("Only of two")
    assert "About nothing" in text
    assert "Out of sight" not in text
    assert "done" not in text
    assert "Sample thing 2" not in text
    assert set(Notice.objects.exclude(dropped_at=None).values_list("key", flat=True)) == {"d", "e"}


def test_200_notices_are_cut_with_the_way_to_the_desk(daily) -> None:
    with at(NOON):
        for number in range(200):
            told(daily, key=f"n:{number}", title=f"Notice {number}!", about="")
    morning = NOON + timedelta(hours=21)
    with at(morning):
        notices.send_daily(morning)

    message = Message.objects.get()
    assert "Notice 39!" in message.text
    assert "Notice 40!" not in message.text
    assert "160 more notices" in message.text
    assert not Notice.objects.filter(told_at=None).exists()


def test_killed_in_the_middle_of_the_night_post_everybody_gets_one(monkeypatch) -> None:
    people = factories.UserFactory.create_batch(3, time_zone="UTC")
    with at(NOON):
        for each in people:
            choose(each, How.DIGEST)
        told(*people)
    queue, calls = waiting.queue_messages, []

    def killed(letters: Any) -> Any:
        calls.append(1)
        done = queue(letters)
        if len(calls) == 2:
            raise SystemExit
        return done

    morning = NOON + timedelta(hours=21)
    with at(morning):
        with monkeypatch.context() as patch:
            patch.setattr(waiting, "queue_messages", killed)
            with pytest.raises(SystemExit):
                notices.send_daily(morning)
        assert Message.objects.count() == 1
        assert notices.send_daily(morning + timedelta(minutes=5)) == 2
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted(each.email for each in people)


def test_a_mail_that_waits_is_asked_for_again_before_it_goes(person) -> None:
    with at(NOON):
        told(person, key="a", merge_after=timedelta(minutes=10))
        told(person, key="b", about="sample-2", merge_after=timedelta(minutes=10))
    SEEN.discard(1)
    later = NOON + timedelta(minutes=9, seconds=30)
    with at(later):
        assert notices.check_waiting(later) == 1
    assert Message.objects.get().thread == "sample-2"
    assert Notice.objects.get(key="a").dropped_at is not None


# On the desk


def test_the_desk_shows_what_is_new_and_there_in_a_constant_number_of_queries(person) -> None:
    def ask(since: datetime | None = None) -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            rows = notices.new_notices(person, since, 5)
        return [row.title for row in rows], len(queries)

    for number in (*range(30), 500):
        factories.OrganisationFactory(pk=number + 10_000)
    SEEN.update(range(10_000, 10_030))
    with at(NOON - timedelta(days=1)):
        told(person, key="old", title="Old", about="sample-10000")
    with at(NOON):
        told(person, key="gone", title="Gone", about="sample-10500")
        told(person, key="new", title="New", about="")
        told(person, key="reminder", kind="sample reminder", title="Reminder")
    titles, few = ask()
    assert titles == ["New", "Old"]
    assert ask(NOON - timedelta(hours=1))[0] == ["New"]
    for number in range(30):
        told(person, key=f"more:{number}", about=f"sample-{10_000 + number}")
    assert ask()[1] == few == 1


# Whatever is chosen and whatever happens

STEPS = st.one_of(
    st.tuples(st.just("choose"), st.sampled_from(list(How))),
    st.tuples(st.just("tell"), st.integers(1, 6), st.integers(1, 3), st.booleans()),
    st.tuples(st.just("hide"), st.integers(1, 3)),
    st.tuples(st.just("drop"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)


def wait(clock: Any, half_hours: int, sent: list[tuple[str, str]]) -> None:
    """The worker: its clock and its mail, every half hour."""
    for _each in range(half_hours):
        clock.shift(30 * 60)
        now = datetime.now(UTC)
        notices.check_waiting(now)
        notices.send_daily(now)
        due = Message.objects.filter(state=State.QUEUED, next_attempt_at__lte=now)
        sent += due.values_list("subject", "text")
        due.update(state=State.SENT, sent_at=now, attempts=1)


def test_each_key_is_mailed_at_most_once_and_what_is_out_of_sight_never(person) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, max_size=25))
    def holds(steps: list[tuple[Any, ...]]) -> None:
        SEEN.clear()
        SEEN.update(range(10))
        sent: list[tuple[str, str]] = []
        at_once: set[str] = set()
        told_of_hidden = 0
        with transaction.atomic(), at(NOON) as clock:
            for what, *values in steps:
                if what == "choose":
                    choose(person, values[0])
                elif what == "tell":
                    number, thing, merged = values
                    if thing in SEEN:
                        more = timedelta(minutes=45) if merged else None
                        words = {"title": f"T{number}.", "changes": f"C{number}."}
                        told(person, key=f"k{number}", about=f"sample-{thing}", merge_after=more, **words)
                        if not merged:  # on its way before anything else happens
                            wait(clock, 0, sent)
                            now = datetime.now(UTC)
                            due = Message.objects.filter(state=State.QUEUED, next_attempt_at__lte=now)
                            sent += due.values_list("subject", "text")
                            due.update(state=State.SENT, sent_at=now, attempts=1)
                elif what == "hide":
                    SEEN.discard(values[0])
                    gone = Notice.objects.filter(about=f"sample-{values[0]}", told_at=None, how=How.DIGEST)
                    at_once |= set(gone.values_list("title", flat=True))
                elif what == "drop":
                    notices.drop(f"sample-{values[0]}", kinds=["sample news"])
                else:
                    before = len(sent)
                    wait(clock, values[0], sent)
                    told_of_hidden += sum(title in text for _subject, text in sent[before:] for title in at_once)
            wait(clock, 60, sent)
            for number in range(1, 7):
                assert sum(f"T{number}." in f"{subject} {text}" for subject, text in sent) <= 1
            assert told_of_hidden == 0
            transaction.set_rollback(True)

    holds()
