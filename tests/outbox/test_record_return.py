"""What comes back: noted once, never on the wrong copy, and sent again from there."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.exceptions import AddressUnusable, MessageErased
from icoca_portal.outbox.models import Message

pytestmark = pytest.mark.django_db

WHY = "550 5.1.1 no such mailbox"


def come_back(message, code="5.1.1", why=WHY, **later):
    return operations.record_return(message, code=code, why=why, returned_at=timezone.now() + timedelta(**later))


def test_a_sent_message_that_came_back_waits_for_a_person(sent):
    back = come_back(sent)
    assert (back.state, back.returned_code, back.returned_why) == ("returned", "5.1.1", WHY)
    assert back.sent_at is not None
    assert Message.objects.needs_attention(timezone.now()).get() == sent


def test_told_twice_it_keeps_what_was_told_first(sent):
    first = come_back(sent)
    second = come_back(sent, code="5.2.2", why="full", minutes=5)
    assert (second.returned_at, second.returned_code, second.returned_why) == (first.returned_at, "5.1.1", WHY)


def test_an_uncertain_message_that_came_back_had_been_accepted(queue, server):
    row = queue(1)
    Message.objects.filter(pk=row.pk).update(state="sending", taken_at=timezone.now(), last_error="cut")
    back = come_back(row)
    assert (back.state, back.last_error, back.sent_at) == ("returned", "", back.taken_at)


def test_a_return_that_overtakes_the_worker_stays(queue, server):
    row = queue(1)
    server.on_send = lambda _email: come_back(row)
    operations.send_next()
    row.refresh_from_db()
    assert (row.state, row.returned_code) == ("returned", "5.1.1")


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_what_never_went_out_does_not_come_back(queue, state):
    row = queue(1)
    Message.objects.filter(pk=row.pk).update(state=state)
    assert come_back(row).state == state


def test_sent_again_to_another_address_it_keeps_its_message_id_and_may_come_back_again(sent, secretary):
    come_back(sent)
    again = operations.retry_message(sent, by=secretary, to="delegate.new@sample.example")
    assert (again.state, again.returned_at, again.returned_code, again.returned_why) == ("queued", None, "", "")
    operations.send_next()
    assert mail.outbox[1].extra_headers["Message-ID"] == mail.outbox[0].extra_headers["Message-ID"]
    assert "delegate.new@sample.example" in mail.outbox[1].to[0]
    assert come_back(sent, code="5.2.2").returned_code == "5.2.2"


def test_a_late_report_of_the_former_copy_says_nothing_about_the_new_one(sent, secretary):
    first = come_back(sent)
    operations.retry_message(sent, by=secretary)
    operations.send_next()
    late = operations.record_return(sent, code="5.1.1", why=WHY, returned_at=first.returned_at)
    assert late.state == "sent"


def test_an_address_that_no_mail_can_reach_is_refused_and_nothing_changes(sent, secretary):
    come_back(sent)
    with pytest.raises(AddressUnusable):
        operations.retry_message(sent, by=secretary, to="two@at@sample.example\nBcc: x@y.example")
    sent.refresh_from_db()
    assert (sent.state, sent.recipient) == ("returned", "delegate.1@sample.example")


def test_a_text_that_was_erased_is_not_sent_as_an_empty_mail(queue, server, secretary):
    queue(1, confidential=True, text="Your code is 123456.")
    back = come_back(operations.send_next())
    with pytest.raises(MessageErased):
        operations.retry_message(back, by=secretary)
    assert operations.settle_message(back, by=secretary).settled_by == "secretary@sample.example"


def test_a_delay_is_noted_and_the_message_stays_sent(sent):
    noted = operations.note_delay(sent, code="4.4.1", why="connection timed out", noted_at=timezone.now())
    assert (noted.state, noted.last_error) == ("sent", "Delayed 4.4.1: connection timed out")
    assert not Message.objects.needs_attention(timezone.now()).exists()
    assert come_back(sent).state == "returned"


def test_a_delay_shows_that_an_uncertain_message_was_accepted(queue):
    row = queue(1)
    Message.objects.filter(pk=row.pk).update(state="sending", taken_at=timezone.now(), last_error="cut")
    assert operations.note_delay(row, code="4.4.1", why="later", noted_at=timezone.now()).state == "sent"


def test_what_the_provider_does_not_send_has_failed(sent, secretary):
    failed = operations.record_refusal(sent, why="on the provider's list", refused_at=timezone.now())
    assert (failed.state, failed.sent_at, failed.last_error) == ("failed", None, "Refused: on the provider's list")
    assert operations.retry_message(sent, by=secretary).state == "queued"
