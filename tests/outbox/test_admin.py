"""The delivery log in the admin: to be read, and to decide on what got stuck; never to be written in."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from icoca_portal.outbox.models import EnclosedFile, Enclosure, Message

pytestmark = pytest.mark.django_db

LIST = "/admin/outbox/message/"


def person(address, *codenames, superuser=False):
    model = get_user_model()
    user = model.objects.create(
        **{model.USERNAME_FIELD: address, "is_staff": True, "is_superuser": superuser, "password": "!"}
    )
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="outbox", codename__in=codenames))
    return user


def browser_of(user):
    browser = Client()
    browser.force_login(user, backend="members.backends.PersonBackend")
    return browser


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def secretary():
    return browser_of(person("secretary@sample.example", "view_message", "retry_message", "settle_message"))


@pytest.fixture
def failed(queue):
    row = queue(1, text="The whole text.\n\nIn two paragraphs.")
    Message.objects.filter(pk=row.pk).update(state="failed", attempts=7, last_error="550 no such user")
    return row


@pytest.fixture
def returned(queue):
    row = queue(4)
    when = "2026-11-26T09:00Z"
    Message.objects.filter(pk=row.pk).update(
        state="returned",
        sent_at=when,
        returned_at=when,
        returned_code="5.2.2",
        returned_why="552 5.2.2 no room <b>left</b>",
    )
    return row


def choose(action, *rows):
    return {"action": action, "_selected_action": [row.pk for row in rows]}


def test_the_secretariat_holds_the_rights_of_the_log():
    held = Group.objects.get(name="Secretariat").permissions.filter(content_type__app_label="outbox")
    assert set(held.values_list("codename", flat=True)) == {"view_message", "retry_message", "settle_message"}


def test_the_log_lists_every_message(secretary, failed, queue):
    queue(2)
    page = secretary.get(LIST)
    assert page.status_code == 200
    assert "delegate.1@sample.example" in page.text
    assert "Sample message 2" in page.text


def test_one_message_is_read_in_full_and_cannot_be_changed(secretary, failed):
    address = f"{LIST}{failed.pk}/change/"
    page = secretary.get(address)
    assert "In two paragraphs." in page.text
    assert "550 no such user" in page.text
    assert 'name="subject"' not in page.text
    assert 'name="_save"' not in page.text
    assert secretary.post(address, {"subject": "Another"}).status_code == 403
    failed.refresh_from_db()
    assert failed.subject == "Sample message 1"


@pytest.mark.parametrize("who", ["secretary", "superuser"])
def test_nobody_adds_or_deletes(request, secretary, failed, who):
    browser = secretary if who == "secretary" else browser_of(person("root@sample.example", superuser=True))
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{failed.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(LIST, {**choose("delete_selected", failed), "post": "yes"})
    assert Message.objects.filter(pk=failed.pk).exists()


def test_a_message_that_opens_an_account_is_shown_to_nobody(queue):
    row = queue(1, confidential=True, text="Your code is 123456.")
    page = browser_of(person("root@sample.example", superuser=True)).get(f"{LIST}{row.pk}/change/")
    assert "Not shown. This message is for its recipient alone." in page.text
    assert "123456" not in page.text


def test_send_again_queues_what_failed_and_says_what_it_left_alone(secretary, failed, queue):
    waiting = queue(2)
    page = secretary.post(LIST, choose("retry_messages", failed, waiting), follow=True)
    failed.refresh_from_db()
    assert (failed.state, failed.retried_by) == ("queued", "secretary@sample.example")
    assert "1 message is queued again." in page.text
    assert "1 message was left alone" in page.text
    assert LogEntry.objects.get().object_id == str(failed.pk)


def test_left_as_it_is_a_message_no_longer_waits(secretary, failed):
    assert "Sample message 1" in secretary.get(LIST, {"attention": "all"}).text
    page = secretary.post(LIST, choose("settle_messages", failed), follow=True)
    assert "1 message stays as it is." in page.text
    assert "Failed, left as it is" in page.text
    assert "Sample message 1" not in secretary.get(LIST, {"attention": "all"}).text


def test_a_returned_message_says_why_in_words_and_what_helps(secretary, returned):
    assert "5.2.2: the mailbox is full." in secretary.get(LIST, {"attention": "returned"}).text
    page = secretary.get(f"{LIST}{returned.pk}/change/")
    assert "5.2.2: the mailbox is full." in page.text
    assert "Send it again in a few days" in page.text
    assert "no room &lt;b&gt;left&lt;/b&gt;" in page.text


def test_on_its_page_it_is_sent_again_to_a_corrected_address(secretary, returned):
    page = secretary.get(f"{LIST}{returned.pk}/change/")
    address = f"{LIST}{returned.pk}/retry_message/"
    assert address in page.text
    assert "Send it again in a few days" in secretary.get(address).text
    refused = secretary.post(address, {"to": "no address"})
    assert refused.status_code == 409
    assert "This is not an e-mail address." in refused.text
    page = secretary.post(address, {"to": "delegate.new@sample.example"}, follow=True)
    returned.refresh_from_db()
    assert (returned.state, returned.recipient) == ("queued", "delegate.new@sample.example")
    assert address not in page.text
    assert secretary.post(address, {"to": "again@sample.example"}).status_code == 409
    assert LogEntry.objects.get().object_id == str(returned.pk)


def test_on_its_page_it_is_left_as_it_is_once(secretary, returned):
    address = f"{LIST}{returned.pk}/settle_message/"
    page = secretary.post(address, follow=True)
    assert "Returned, left as it is" in page.text
    assert address not in page.text
    assert secretary.post(address).status_code == 409


def test_of_an_erased_text_no_second_copy_is_offered(secretary, queue, returned):
    Message.objects.filter(pk=returned.pk).update(confidential=True, text="")
    assert "retry_message" not in secretary.get(f"{LIST}{returned.pk}/change/").text
    page = secretary.post(LIST, choose("retry_messages", returned), follow=True)
    assert "1 message was left alone" in page.text


def test_the_front_page_counts_what_came_back(secretary, failed, returned):
    page = secretary.get("/admin/")
    assert "2 messages need a decision" in page.text
    assert "1 of them was returned" in page.text


def test_who_may_only_read_decides_nothing(failed):
    reader = browser_of(person("reader@sample.example", "view_message"))
    page = reader.get(LIST)
    assert "Send again" not in page.text
    reader.post(LIST, choose("retry_messages", failed))
    assert reader.post(f"{LIST}{failed.pk}/retry_message/", {"to": "x@sample.example"}).status_code == 403
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_staff_without_the_right_do_not_see_the_log(failed):
    stranger = browser_of(person("stranger@sample.example"))
    assert stranger.get(LIST).status_code == 403
    assert stranger.post(LIST, choose("retry_messages", failed)).status_code == 403


def test_a_visitor_is_sent_to_sign_in(client, failed):
    assert client.get(LIST).status_code == 302


def test_the_filters_find_what_they_name(secretary, failed, queue):
    late, lost = queue(2), queue(3)
    Message.objects.filter(pk=late.pk).update(next_attempt_at="2018-06-06T09:00Z")
    Message.objects.filter(pk=lost.pk).update(state="sending", taken_at="2018-06-06T09:00Z")

    def found(value):
        return set(secretary.get(LIST, {"attention": value}).context["cl"].queryset)

    assert found("all") == {failed, lost}
    assert found("uncertain") == {lost}
    assert found("overdue") == {late}
    assert "Uncertain" in secretary.get(LIST, {"attention": "uncertain"}).text


def test_search_finds_a_recipient(secretary, failed, queue):
    queue(2)
    assert list(secretary.get(LIST, {"q": "delegate.1@"}).context["cl"].queryset) == [failed]


def test_a_long_log_asks_the_database_as_often_as_a_short_one(secretary, queue):
    queue(1)
    secretary.get(LIST)
    with CaptureQueriesContext(connection) as short:
        secretary.get(LIST)
    for number in range(2, 31):
        queue(number)
    with CaptureQueriesContext(connection) as long:
        secretary.get(LIST)
    assert len(short) == len(long) <= 12


def test_the_form_of_a_message_is_shown_in_a_frame_of_its_own(secretary, queue):
    row = queue(1, html="<p>See <em>this</em>.</p>")
    page = secretary.get(f"{LIST}{row.pk}/change/")
    assert f'<iframe class="wg-mail-frame" sandbox src="{LIST}{row.pk}/form/"' in page.text
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    shown = secretary.get(f"{LIST}{row.pk}/form/")
    assert "See <em>this</em>." in shown.text
    assert "sandbox" in shown["Content-Security-Policy"]


def test_what_is_for_its_recipient_alone_has_no_form_and_no_files_here(secretary, queue):
    source = EnclosedFile.keep(SimpleUploadedFile("draft.txt", b"secret"), enclosure=Enclosure.objects.create())
    row = queue(1, confidential=True, text="Code 123456", enclosure=source.enclosure)
    page = secretary.get(f"{LIST}{row.pk}/change/").text
    assert "123456" not in page
    assert "draft.txt" not in page
    assert secretary.get(f"{LIST}{row.pk}/form/").status_code == 404
    assert secretary.get(f"{LIST}{row.pk}/files/{source.pk}/").status_code == 404


def test_staff_without_the_right_to_read_the_log_see_no_form(queue):
    row = queue(1)
    assert browser_of(person("other@sample.example")).get(f"{LIST}{row.pk}/form/").status_code == 403
