"""A queue of thousands: a message costs what it costs in a queue of ten, and is found by the index."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.lines import Line
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.operations import Letter, queue_messages

pytestmark = pytest.mark.django_db


def letters(start, stop):
    return [
        Letter(key=f"sample:{number}", to=f"d{number}@sample.example", name="", subject="S", text="T")
        for number in range(start, stop)
    ]


def queries_of_one_message(line):
    with CaptureQueriesContext(connection) as taken:
        assert operations.send_next(line=line).state == "sent"
    return [query["sql"].split()[0] for query in taken]


def test_a_message_takes_as_many_queries_with_10_as_with_1_000_queued(server):
    queue_messages(letters(0, 10))
    with Line() as line:
        few = queries_of_one_message(line)
        queue_messages(letters(10, 1009))
        assert Message.objects.filter(state="queued").count() == 1008
        assert queries_of_one_message(line) == few
    assert len(few) <= 6


def test_the_next_message_is_found_by_the_index(server):
    queue_messages(letters(0, 3000))
    Message.objects.filter(pk__gt=Message.objects.order_by("pk")[49].pk).update(state="failed")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_message")
    assert "outbox_message_due" in Message.objects.due_at(timezone.now())[:1].explain()


def test_5_000_recipients_are_queued_together_or_not_at_all():
    with CaptureQueriesContext(connection) as taken:
        queue_messages(letters(0, 5000))
    assert Message.objects.count() == 5000
    assert len(taken) <= 5000 * len(Message._meta.local_concrete_fields) / 900 + 10
    broken = [*letters(5000, 9999), Letter("last", "no address", "", "S", "T")]
    with pytest.raises(AddressUnusable):
        queue_messages(broken)
    assert Message.objects.count() == 5000
