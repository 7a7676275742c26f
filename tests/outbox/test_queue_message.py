"""Queueing: with the change or not at all, once for each event and recipient, and never a header more."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


def test_a_message_waits_in_the_queue_with_a_message_id_of_its_own(queue, settings):
    settings.DEFAULT_FROM_EMAIL = "Working Group <group@portal.example>"
    first, second = queue(1), queue(2)
    assert first.state == "queued"
    assert first.message_id.endswith("@portal.example>")
    assert first.message_id != second.message_id


def test_the_same_key_twice_gives_the_one_row(queue):
    first = queue(1)
    again = queue(1, subject="Another subject")
    assert again.pk == first.pk
    assert again.subject == "Sample message 1"
    assert Message.objects.count() == 1


def test_the_database_holds_one_row_for_a_key(queue):
    row = queue(1)
    row.pk, row.message_id = None, "<another@portal.example>"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_change_that_is_rolled_back_queues_nothing(queue):
    def change_that_fails():
        with transaction.atomic():
            queue(1)
            raise RuntimeError("the change did not go through")

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert not Message.objects.exists()


def test_line_breaks_cannot_add_a_header(queue, server):
    queue(1, subject="Agenda\r\nBcc: spy@sample.example", name="Delegate\nX-Spy: yes\u2028", text="Body")
    assert operations.send_next().state == "sent"
    (sent,) = mail.outbox
    written = sent.message()
    assert written["Subject"] == "Agenda Bcc: spy@sample.example"
    assert written["To"] == '"Delegate X-Spy: yes" <delegate.1@sample.example>'
    assert {"Bcc", "X-Spy"}.isdisjoint(written.keys())


@pytest.mark.parametrize(
    "address",
    [
        "one@sample.example\nBcc: two@sample.example",
        "one two@sample.example",
        "nobody",
        "@sample.example",
        "a@b@c",
        "a@",
    ],
)
def test_an_address_that_cannot_stand_in_a_header_is_refused(queue, address):
    with pytest.raises(AddressUnusable):
        queue(1, to=address)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "posted"},
        {"state": "sent"},
        {"sent_at": timezone.now()},
        {"state": "sending"},
        {"settled_at": timezone.now()},
    ],
    ids=["unknown state", "sent without a time", "a time without sent", "being sent by nobody", "settled while queued"],
)
def test_the_database_refuses_a_row_that_cannot_be(queue, changes):
    row = queue(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(**changes)


def _letter(number, **changed):
    values = {"key": f"event:{number}", "to": f"delegate.{number}@sample.example", "name": "", "subject": "S"}
    return operations.Letter(**{**values, "text": "Sample text", **changed})


def test_many_are_queued_as_one_is(django_assert_max_num_queries):
    one = operations.queue_message(key="event:0", to="delegate.0@sample.example", name="", subject="S", text="T")

    with django_assert_max_num_queries(1):
        operations.queue_messages([_letter(1, subject="Agenda\nBcc: spy@sample.example"), _letter(2)])

    first, second = Message.objects.exclude(pk=one.pk).order_by("pk")
    own = {"id", "_state", "key", "recipient", "subject", "text", "message_id", "queued_at", "next_attempt_at"}
    assert {k: v for k, v in vars(second).items() if k not in own} == {
        k: v for k, v in vars(one).items() if k not in own
    }
    assert (first.subject, first.recipient) == ("Agenda Bcc: spy@sample.example", "delegate.1@sample.example")
    assert len({one.message_id, first.message_id, second.message_id}) == 3
    assert second.next_attempt_at == second.queued_at <= timezone.now()
    assert operations.send_next().state == "sent"


def test_of_many_the_known_ones_stay_as_they_are(queue):
    operations.queue_messages([_letter(1)])
    Message.objects.update(subject="Kept")

    operations.queue_messages([_letter(1, subject="Again"), _letter(2)])

    assert list(Message.objects.order_by("key").values_list("subject", flat=True)) == ["Kept", "S"]


def test_an_unusable_address_among_many_queues_none():
    with pytest.raises(AddressUnusable):
        operations.queue_messages([_letter(1), _letter(2, to="nobody")])
    assert not Message.objects.exists()
