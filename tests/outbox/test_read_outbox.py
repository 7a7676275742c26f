"""The sample site's outbox: open to everybody there, and nowhere else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icoca_portal.outbox import operations

pytestmark = pytest.mark.django_db

LIST = "/outbox/"


@pytest.fixture
def sample_site(settings):
    settings.SAMPLE_SITE = True
    settings.EMAIL_BACKEND = "icoca_portal.outbox.backends.KeepBackend"


def test_outside_the_sample_site_there_is_no_such_page(client, queue, settings):
    settings.SAMPLE_SITE = False
    row = queue(1)
    assert client.get(LIST).status_code == 404
    assert client.get(reverse("outbox:read_message", args=[row.pk])).status_code == 404


def test_a_visitor_reads_the_code_that_was_sent(client, queue, sample_site):
    row = queue(
        1, subject="Your sign-in code", text="Your code is 123456.\n\nSee https://portal.example/", confidential=True
    )
    operations.send_next()
    page = client.get(LIST)
    assert page.status_code == 200
    assert "Your sign-in code" in page.text
    assert reverse("outbox:read_message", args=[row.pk]) in page.text
    message = client.get(reverse("outbox:read_message", args=[row.pk]))
    assert "Your code is 123456." in message.text
    assert 'href="https://portal.example/"' in message.text
    assert message["Cache-Control"] == "no-store"


def test_the_newest_stands_first(client, queue, sample_site):
    queue(1), queue(2)
    page = client.get(LIST).text
    assert page.index("Sample message 2") < page.index("Sample message 1")


def test_one_address_can_be_asked_for(client, queue, sample_site):
    queue(1), queue(2)
    page = client.get(LIST, {"to": "DELEGATE.2@"}).text
    assert "Sample message 2" in page
    assert "Sample message 1" not in page
    assert "No message to" in client.get(LIST, {"to": "<nobody>"}).text


def test_an_empty_outbox_says_what_will_stand_there(client, sample_site):
    assert "No message yet." in client.get(LIST).text


def test_a_text_cannot_act_on_the_page(client, queue, sample_site):
    row = queue(1, subject="<script>x</script>", text="<img src=x onerror=alert(1)>")
    for address in (LIST, reverse("outbox:read_message", args=[row.pk])):
        page = client.get(address).text
        assert "<script>x" not in page
        assert "<img src=x" not in page


def test_only_reading_is_possible(client, queue, sample_site):
    row = queue(1)
    assert client.post(LIST).status_code == 405
    assert client.delete(reverse("outbox:read_message", args=[row.pk])).status_code == 405


def test_a_page_holds_twenty_and_the_next_is_a_link(client, queue, sample_site):
    for number in range(30):
        queue(number)
    page = client.get(LIST, {"to": "delegate"})
    assert len(page.context["outbox"]) == 20
    assert 'href="?to=delegate&amp;page=2"' in page.text
    assert len(client.get(LIST, {"to": "delegate", "page": 2}).context["outbox"]) == 10


def test_a_long_list_asks_the_database_as_often_as_a_short_one(client, queue, sample_site):
    queue(1)
    client.get(LIST)
    with CaptureQueriesContext(connection) as short:
        client.get(LIST)
    for number in range(2, 31):
        queue(number)
    with CaptureQueriesContext(connection) as long:
        client.get(LIST)
    assert len(short) == len(long) <= 12
