"""The mail of a row: text and HTML that say the same, headers that nobody can add to, files."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.outbox import operations
from icoca_portal.outbox.emails import compose_message, headers_of, html_of, text_of, thread_id
from icoca_portal.outbox.enclosing import EnclosureTooLarge
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.models import EnclosedFile, Enclosure, Message
from icoca_portal.outbox.operations import Letter

ARABIC = "يُرجى تأكيد حضور وفدكم."
END = "https://portal.example/notices/end/abc/"


def written(message):
    """The mail as a server gets it, parsed anew."""
    return message_from_bytes(compose_message(message).message().as_bytes(), policy=policy.default)


def row_of(**changes):
    """A row that is not stored."""
    values = {"key": "k", "to": "delegate@sample.example", "name": "", "subject": "Subject", "text": "Text."}
    letter = Letter(**{**values, **changes})
    return Message(key=letter.key, **letter.fields(timezone.now()))


@pytest.fixture
def portal(settings):
    settings.DEFAULT_FROM_EMAIL = "Working Group <group@portal.example>"
    settings.SECRETARIAT_EMAIL = "secretariat@portal.example"
    settings.PORTAL_ADDRESS = "https://portal.example"
    settings.MAIL_RETURN_ADDRESS = ""
    return settings


@pytest.mark.django_db
def test_the_headers_say_who_to_whom_about_what_and_by_which_machine(queue, portal):
    portal.MAIL_RETURN_ADDRESS = "bounces@portal.example"
    row = queue(1, language="fr", thread="questionnaire-12", unsubscribe=END, reply_to="chair@portal.example")
    mail = written(row)
    assert mail["From"] == "Working Group <group@portal.example>"
    assert mail["To"] == "Sample Delegate 1 <delegate.1@sample.example>"
    assert mail["Reply-To"] == "chair@portal.example"
    assert mail["Message-ID"] == row.message_id
    assert mail["References"] == mail["In-Reply-To"] == "<questionnaire-12.thread@portal.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["List-Unsubscribe"] == f"<{END}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Precedence"] is None
    assert compose_message(row).from_email.startswith(f"bounces+{row.pk}.")
    assert dict(headers_of(row))["Return-Path"].startswith(f"<bounces+{row.pk}.")


@pytest.mark.django_db
def test_a_provider_is_told_of_no_envelope_sender(queue, portal):
    """It has its own, and django-anymail refuses a mail with a ``From`` apart from the sender."""
    portal.MAIL_RETURN_ADDRESS, portal.ANYMAIL_PROVIDER = "bounces@portal.example", "postmark"
    row = queue(1)
    email = compose_message(row)
    assert email.from_email == "Working Group <group@portal.example>"
    assert "From" not in email.extra_headers
    assert "Return-Path" not in dict(headers_of(row))


def test_what_is_not_given_is_not_said(portal):
    mail = written(row_of())
    assert mail["Reply-To"] == "secretariat@portal.example"
    assert not {"References", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Language"} & {*mail}


def test_one_click_is_offered_over_https_alone(portal):
    """RFC 8058 asks for it; the sample site is read over http."""
    mail = written(row_of(unsubscribe="http://127.0.0.1:8000/notices/end/abc/"))
    assert mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None


def test_a_thread_of_any_name_has_one_valid_id(portal):
    for thread in ("questionnaire-12", "réunion 9", "a" * 80, "<x@y>\r\nBcc: z"):
        assert re.fullmatch(r"<[a-zA-Z0-9-]+\.thread@portal\.example>", thread_id(thread))
        assert thread_id(thread) == thread_id(thread)
    assert thread_id("a b") != thread_id("a c")


def test_text_and_html_say_the_same(portal):
    row = row_of(
        text="Dear A,\n\nfirst line\nsecond line: https://portal.example/x?a=1&b=2.\n\nWrite to a.b@portal.example."
    )
    text, html = (part for part in written(row).iter_parts())
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n").startswith(row.text + "\n\n-- \n")
    shown = html.get_content()
    assert "first line<br>second line" in shown
    assert 'href="https://portal.example/x?a=1&amp;b=2"' in shown
    assert 'href="mailto:a.b@portal.example"' in shown
    for part in (text.get_content(), shown):
        assert "secretariat@portal.example" in part
        assert "https://portal.example" in part


def test_html_alone_makes_a_whole_text(portal):
    row = row_of(
        text="", html='<h3>Order</h3><p>See <a href="https://portal.example/a">the agenda</a>.</p><ul><li>one</li></ul>'
    )
    assert text_of(row).startswith("Order\n\nSee the agenda (https://portal.example/a).\n\n- one\n\n-- \n")


def test_a_message_that_can_be_ended_says_where(portal):
    row = row_of(unsubscribe=END)
    assert f"To get no more messages of this kind: {END}" in text_of(row)
    assert f'<a href="{END}"' in html_of(row)


def test_html_that_is_not_clean_is_cleaned(portal):
    """Nothing is fetched, nothing runs, whoever queued it."""
    row = row_of(
        html='<p onclick="x()">a<img src="https://spy.example/p.gif"><script>x</script><a href="javascript:x">b</a></p>'
    )
    shown = html_of(row)
    assert not re.search(r"spy\.example|<script|onclick|javascript|<img|<link|src=|url\(|@import|@font-face", shown)
    assert 'style="margin' in shown  # and each element has its own style


def test_markup_in_a_plain_text_or_subject_is_text(portal):
    shown = html_of(row_of(subject="<b>x</b>", text='<b>y</b> https://portal.example/"><script>'))
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "&lt;b&gt;y&lt;/b&gt;" in shown
    assert "<script" not in shown


def test_the_language_gives_words_and_direction(portal):
    assert '<html lang="en" dir="ltr">' in html_of(row_of())
    assert '<html lang="ar" dir="rtl">' in html_of(row_of(language="ar", text=ARABIC))
    assert re.search(r'<p[^>]* dir="auto"[^>]*>يُرجى', html_of(row_of(text=ARABIC)))
    assert '<html lang="en" dir="ltr">' in html_of(row_of(language='x" y'))


@pytest.mark.parametrize(
    "text", ["Réunion du Groupe de travail, " * 20, ARABIC * 20, "開催通知" * 100, "x" * 400, "😀" * 300]
)
def test_long_subjects_and_names_in_any_script_arrive_whole(portal, text):
    row = row_of(subject=text, name=text)
    raw = compose_message(row).message().as_bytes()
    assert max(len(line) for line in raw.split(b"\n")) <= 998
    assert raw.split(b"\n\n")[0].isascii()
    mail = message_from_bytes(raw, policy=policy.default)
    assert str(mail["Subject"]).strip() == row.subject  # a folded line begins with a space
    name, address = parseaddr(message_from_bytes(raw)["To"])
    assert str(make_header(decode_header(name))) == row.recipient_name
    assert address == "delegate@sample.example"


def test_a_domain_in_any_script_is_written_as_servers_read_it(portal):
    assert written(row_of(to="a@bücher.example", name="A"))["To"] == "A <a@xn--bcher-kva.example>"


@pytest.mark.django_db
def test_an_address_that_no_server_takes_fails_and_says_why(queue, server):
    row = queue(1, to="françois@sample.example")
    operations.send_next()
    row.refresh_from_db()
    assert row.state == "failed"
    assert "before the @" in row.last_error
    assert dict(headers_of(row))["To"] == "Sample Delegate 1 <françois@sample.example>"


ANYTHING = st.text(max_size=60) | st.sampled_from(
    [
        "x\r\nBcc: spy@x.example",
        "a@b.example\nBcc: c",
        "a@b.example, c@d.example",
        'a"@b.example',
        "<a@b.example>",
        "\0",
        "a;b:c",
    ]
)


@given(subject=ANYTHING, name=ANYTHING, reply_to=ANYTHING, thread=ANYTHING, unsubscribe=ANYTHING | st.just(END))
def test_nothing_that_is_typed_adds_a_header(subject, name, reply_to, thread, unsubscribe):
    try:
        row = row_of(subject=subject, name=name, reply_to=reply_to, thread=thread, unsubscribe=unsubscribe)
    except (AddressUnusable, ValueError):
        return  # refused before it is queued
    raw = compose_message(row).message().as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    allowed = {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
        "X-Auto-Response-Suppress", "References", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post",
    }  # fmt: skip
    assert set(mail.keys()) <= allowed
    assert len(mail.keys()) == len(set(mail.keys()))
    assert [each.addr_spec for each in mail["To"].addresses] == ["delegate@sample.example"]
    assert len(mail["Reply-To"].addresses) == 1
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


# Files


def kept(name, content, **changes):
    """A file as some other app keeps it."""
    return EnclosedFile.keep(SimpleUploadedFile(name, content), enclosure=Enclosure.objects.create(), **changes)


@pytest.mark.django_db
def test_files_go_with_the_mail_as_they_were_when_it_was_queued(queue, relay):
    file = kept("Ordre du jour – révisé.txt", "Point 1: é\n".encode())
    enclosure = operations.enclose([file])
    rows = [queue(number, enclosure=enclosure) for number in (1, 2)]
    file.file.delete(save=False)
    operations.send_next(), operations.send_next()
    assert [each.message_id for each in relay.accepted] == [row.message_id for row in rows]
    for each in relay.accepted:
        (attached,) = each.mail.iter_attachments()
        assert attached.get_filename() == "Ordre du jour – révisé.txt"
        assert attached.get_content_type() == "text/plain"
        assert attached.get_payload(decode=True).decode().replace("\r\n", "\n") == "Point 1: é\n"
    assert "Ordre du jour – révisé.txt" in html_of(rows[0])


@pytest.mark.django_db
def test_more_than_a_mail_takes_is_refused_with_both_numbers(settings):
    settings.MAIL_ATTACHMENTS_LIMIT = 2048
    files = [kept("a.txt", b"a" * 1500), kept("b.txt", b"b" * 1500)]
    before = Enclosure.objects.count()
    with pytest.raises(EnclosureTooLarge) as refused:
        operations.enclose(files)
    assert str(refused.value) == (
        "These files have 2.9\xa0KB together, and a mail takes 2.0\xa0KB. Nothing was queued: send links instead."
    )
    assert Enclosure.objects.count() == before
    operations.enclose(files[:1])


@pytest.mark.django_db
def test_a_file_that_the_storage_has_lost_delays_the_mail_and_is_named(queue, relay):
    row = queue(1, enclosure=operations.enclose([kept("a.txt", b"a")]))
    row.enclosure.files.get().file.delete(save=False)
    operations.send_next()
    row.refresh_from_db()
    assert (row.state, relay.accepted) == ("queued", [])
    assert row.last_error
    assert relay.seen["connect"] == 0


@pytest.mark.django_db
def test_the_form_of_a_confidential_message_is_erased_with_its_text(queue, server):
    row = queue(1, confidential=True, text="Code 123456", html="<p>Code 123456</p>")
    operations.send_next()
    row.refresh_from_db()
    assert (row.state, row.text, row.html) == ("sent", "", "")
