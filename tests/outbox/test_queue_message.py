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
