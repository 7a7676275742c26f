"""What a person decides on a message that got stuck: send it again, or leave it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.exceptions import MessageNotStuck
from icoca_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


def make_stuck(row, **changes):
    Message.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()


@pytest.fixture
def failed(queue):
    row = queue(1)
    make_stuck(row, state="failed", attempts=7, last_error="SMTPRecipientsRefused")
    return row


@pytest.fixture
def uncertain(queue):
    row = queue(2)
    make_stuck(row, state="sending", attempts=1, taken_at=timezone.now() - timedelta(minutes=11))
    return row


@pytest.mark.parametrize("stuck", ["failed", "uncertain"])
def test_it_goes_out_again_with_its_message_id(request, server, secretary, stuck):
    row = request.getfixturevalue(stuck)
    again = operations.retry_message(row, by=secretary)
    assert (again.state, again.attempts, again.last_error) == ("queued", 0, "")
    assert again.retried_by == "secretary@sample.example"
    assert again.retried_at is not None
    assert operations.send_next().state == "sent"
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


@pytest.mark.parametrize("state", ["queued", "sending", "sent"])
@pytest.mark.parametrize("operation", [operations.retry_message, operations.settle_message])
def test_a_message_that_is_not_stuck_is_left_alone(queue, secretary, state, operation):
    row = queue(1)
    now = timezone.now()
    make_stuck(
        row,
        state=state,
        taken_at=now if state == "sending" else None,
        sent_at=now if state == "sent" else None,
    )
    with pytest.raises(MessageNotStuck):
        operation(row, by=secretary)
    row.refresh_from_db()
    assert (row.state, row.retried_by, row.settled_by) == (state, "", "")


@pytest.mark.parametrize("stuck", ["failed", "uncertain"])
def test_settled_it_no_longer_waits(request, secretary, stuck):
    row = request.getfixturevalue(stuck)
    settled = operations.settle_message(row, by=secretary)
    assert settled.settled_by == "secretary@sample.example"
    assert not Message.objects.needs_attention(timezone.now()).exists()
    with pytest.raises(MessageNotStuck):
        operations.settle_message(row, by=secretary)


def test_settled_it_can_still_be_sent_again(failed, secretary):
    operations.settle_message(failed, by=secretary)
    again = operations.retry_message(failed, by=secretary)
    assert (again.state, again.settled_at, again.settled_by) == ("queued", None, "")


def test_sent_again_in_vain_it_waits_for_a_person_again(failed, secretary, server):
    def refuse(_email):
        raise ValueError("cannot be written")

    server.on_send = refuse
    operations.retry_message(failed, by=secretary)
    operations.send_next()
    assert list(Message.objects.needs_attention(timezone.now())) == [failed]
