"""A provider that sends the mail (django-anymail): what it answers, and what it tells of returned mail afterwards."""

import hashlib
import hmac
import json
from base64 import b64encode
from unittest import mock

import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from urllib3.exceptions import MaxRetryError, NewConnectionError

from icoca_portal.outbox import operations, providers
from icoca_portal.outbox.models import Message

pytestmark = pytest.mark.django_db

SECRET = "portal:long-and-random-0123456789"
BASIC = {"Authorization": f"Basic {b64encode(SECRET.encode()).decode()}"}
KEY = "key-that-signs-0123456789"


@pytest.fixture
def provider(settings):
    """Postmark's events, anymail's own test backend."""
    settings.ANYMAIL_PROVIDER = "postmark"
    settings.ANYMAIL_WEBHOOK_SECRET = SECRET
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "MAILGUN_API_KEY": "k", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    mail.outbox = []
    return settings


@pytest.fixture
def sent(queue, provider):
    queue(1)
    message = operations.send_next()
    Message.objects.filter(pk=message.pk).update(provider_id="0a1b-2c3d")
    message.refresh_from_db()
    return message


def bounced(message, **changes):
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": message.provider_id,
        "Email": message.recipient,
        "BouncedAt": timezone.now().isoformat(),
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 Nobody of this name – désolé",
        "Metadata": {providers.LABEL: message.message_id},
        **changes,
    }


def post(client, event, to="postmark", headers=BASIC):
    return client.post(f"/outbox/provider/{to}/", json.dumps(event), content_type="application/json", headers=headers)


def state_of(message):
    message.refresh_from_db()
    return message.state


def test_the_provider_takes_the_mail_with_its_label_and_its_number_is_kept(queue, provider):
    provider.MAIL_RETURN_ADDRESS = "bounces@portal.example"
    row = queue(1)
    operations.send_next()
    assert state_of(row) == "sent"
    assert row.provider_id == "0"
    assert mail.outbox[0].metadata == {providers.LABEL: row.message_id}
    assert mail.outbox[0].from_email == provider.DEFAULT_FROM_EMAIL
    assert "From" not in mail.outbox[0].extra_headers


def test_a_bounce_is_noted_with_the_servers_words_and_twice_changes_nothing(client, sent):
    assert post(client, bounced(sent)).status_code == 200
    assert state_of(sent) == "returned"
    assert sent.returned_code == "5.1.1"
    assert "Nobody of this name – désolé" in sent.returned_why
    at = sent.returned_at
    assert post(client, bounced(sent)).status_code == 200
    sent.refresh_from_db()
    assert sent.returned_at == at


def test_a_message_whose_number_never_reached_us_is_known_by_its_label(client, queue, provider):
    row = queue(1)
    Message.objects.filter(pk=row.pk).update(state="sending", taken_at=timezone.now(), last_error="time-out")
    assert post(client, bounced(row, MessageID="ff-00")).status_code == 200
    assert state_of(row) == "returned"


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "Transient", "TypeCode": 2},
        {"RecordType": "Delivery"},
        {"RecordType": "Open"},
        {"MessageID": "unknown", "Metadata": {}},
        {"Email": "stranger@sample.example"},
        {"MessageID": "unknown"},
    ],
    ids=["delayed", "delivered", "opened", "unknown", "another recipient", "another number"],
)
def test_what_else_it_tells_marks_nothing(client, sent, changes):
    event = {**bounced(sent), "DeliveredAt": timezone.now().isoformat(), "ReceivedAt": timezone.now().isoformat()}
    assert post(client, {**event, **changes}).status_code == 200
    assert state_of(sent) == "sent"


def mailgun_event(message, kind, **data):
    stamp = "1796000000"
    signature = hmac.new(KEY.encode(), f"{stamp}token".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": "token", "signature": signature},
        "event-data": {
            "event": kind,
            "timestamp": timezone.now().timestamp(),
            "recipient": message.recipient,
            "message": {"headers": {"message-id": "0a1b@mailgun.example"}},
            "user-variables": {providers.LABEL: message.message_id},
            **data,
        },
    }


def test_a_signed_event_of_another_provider(client, sent, settings):
    settings.ANYMAIL_PROVIDER = "mailgun"
    Message.objects.filter(pk=sent.pk).update(provider_id="<0a1b@mailgun.example>")
    status = {"message": "552 5.2.2 full", "code": 552}
    event = mailgun_event(sent, "failed", severity="permanent", **{"delivery-status": status})
    forged = {**event, "signature": {**event["signature"], "signature": "0" * 64}}
    assert post(client, forged, "mailgun").status_code == 400
    assert state_of(sent) == "sent"
    assert post(client, event, "mailgun").status_code == 200
    assert state_of(sent) == "returned"
    assert sent.returned_code == "5.2.2"


def test_what_the_provider_refuses_to_send_has_failed(client, sent, settings):
    settings.ANYMAIL_PROVIDER = "mailgun"
    Message.objects.filter(pk=sent.pk).update(provider_id="<0a1b@mailgun.example>")
    event = mailgun_event(sent, "rejected", reject={"reason": "On our list of blocked addresses"})
    assert post(client, event, "mailgun").status_code == 200
    assert state_of(sent) == "failed"
    assert sent.last_error == "Refused: On our list of blocked addresses"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic cG9ydGFsOndyb25n"}], ids=["none", "wrong"])
def test_without_the_secret_nothing_is_believed(client, sent, headers):
    assert post(client, bounced(sent), headers=headers).status_code == 400
    assert state_of(sent) == "sent"


def test_the_address_is_there_for_the_one_provider_and_with_a_secret_only(client, sent, settings):
    assert client.get("/outbox/provider/postmark/").status_code == 405
    assert post(client, bounced(sent), "mailgun").status_code == 404
    settings.ANYMAIL_WEBHOOK_SECRET = ""
    assert post(client, bounced(sent)).status_code == 404
    settings.ANYMAIL_WEBHOOK_SECRET, settings.ANYMAIL_PROVIDER = SECRET, ""
    assert post(client, bounced(sent)).status_code == 404
    settings.ANYMAIL_PROVIDER = "scaleway"  # tells nothing afterwards
    assert post(client, bounced(sent), "scaleway").status_code == 404
    assert state_of(sent) == "sent"


def test_an_event_from_before_it_was_sent_again_says_nothing_of_the_new_copy(client, sent):
    model = get_user_model()
    event = bounced(sent)
    post(client, event)
    operations.retry_message(sent, by=model(**{model.USERNAME_FIELD: "secretary@sample.example"}))
    operations.send_next()
    assert post(client, event).status_code == 200
    assert state_of(sent) == "sent"


def answer_of(status):
    response = requests.Response()
    response.status_code, response.reason, response._content = status, "said the provider", b'{"error": "words"}'
    return AnymailRequestsAPIError(response=response)


def from_cause(cause):
    error = AnymailRequestsAPIError("Error posting")
    error.__cause__ = cause
    return error


NEVER_THERE = requests.ConnectionError(MaxRetryError(mock.Mock(), "/", NewConnectionError(mock.Mock(), "refused")))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (answer_of(422), "failed"),
        (answer_of(401), "queued"),
        (answer_of(429), "queued"),
        (answer_of(503), "queued"),
        (answer_of(500), "sending"),
        (from_cause(requests.ConnectTimeout()), "queued"),
        (from_cause(NEVER_THERE), "queued"),
        (from_cause(requests.ReadTimeout()), "sending"),
        (from_cause(requests.ConnectionError("aborted")), "sending"),
        (AnymailAPIError("no JSON"), "sending"),
    ],
    ids=["422", "401", "429", "503", "500", "no answer at all", "no server", "silence", "cut", "gibberish"],
)
def test_what_an_answer_of_the_provider_means(queue, provider, error, state):
    row = queue(1)
    with mock.patch("anymail.backends.test.EmailBackend.post_to_esp", side_effect=error):
        operations.send_next()
    assert state_of(row) == state
    assert row.last_error


def test_a_recipient_that_the_provider_refuses_at_once_has_failed(queue, provider):
    row = queue(1)
    status = AnymailRecipientStatus(message_id=None, status="rejected")
    with mock.patch("anymail.backends.test.EmailBackend.parse_recipient_status", return_value={row.recipient: status}):
        operations.send_next()
    assert state_of(row) == "failed"
    assert AnymailRecipientsRefused.__name__ in row.last_error


def test_a_missing_key_stops_the_start_in_words(provider):
    provider.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    providers.check_settings()
    provider.ANYMAIL = {}
    with pytest.raises(ImproperlyConfigured, match=r"Mail cannot go through postmark: .*POSTMARK_SERVER_TOKEN"):
        providers.check_settings()
