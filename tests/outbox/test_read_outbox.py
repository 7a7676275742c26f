"""The sample site's outbox: open to everybody there, and nowhere else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icoca_portal.outbox import operations
from icoca_portal.outbox.models import EnclosedFile, Enclosure

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
    for route in ("outbox:read_message", "outbox:read_form"):
        assert client.get(reverse(route, args=[row.pk])).status_code == 404


def test_the_page_shows_the_mail_as_it_is_sent(client, queue, sample_site):
    """Its form in a frame that may do nothing, its text, files, headers, and how it was sent."""
    source = EnclosedFile.keep(SimpleUploadedFile("agenda.txt", b"1 Opening"), enclosure=Enclosure.objects.create())
    row = queue(1, html="<p>See <strong>this</strong>.</p>", thread="meeting-9", enclosure=operations.enclose([source]))
    operations.send_next()
    response = client.get(reverse("outbox:read_message", args=[row.pk]))
    form = reverse("outbox:read_form", args=[row.pk])
    assert f'<iframe class="wg-mail-frame" sandbox src="{form}"' in response.text
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "meeting-9.thread@" in response.text
    assert "agenda.txt" in response.text
    shown = client.get(form)
    assert re.search(r"See <strong[^>]*>this</strong>", shown.text)
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "script-src" not in shown["Content-Security-Policy"]
    file = reverse("outbox:read_file", args=[row.pk, row.enclosure.files.get().pk])
    assert file in response.text
    assert b"".join(client.get(file).streaming_content) == b"1 Opening"
    other = reverse("outbox:read_file", args=[queue(2).pk, row.enclosure.files.get().pk])
    assert client.get(other).status_code == 404


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
