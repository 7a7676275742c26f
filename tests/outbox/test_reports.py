"""What reports of mail servers say, in their usual forms and in broken ones. Nothing here touches the database."""

from base64 import b64encode
from pathlib import Path

import pytest

from icoca_portal.outbox.reports import MailUnreadable, read_report

FOLDER = Path(__file__).parent / "returned"
VERP = "bounces+17.abcdefghijkl@portal.example"
ID = "<0123456789abcdef@portal.example>"
TO = "delegate.1@sample.example"
STATUS = f"Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; {TO}\nAction: failed\nStatus: 4.4.7\n"


def sample(name, *, verp=VERP, message_id=ID, to=TO, charset="utf-8", **replaced):
    """A sample file as a mail, in bytes."""
    text = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    values = {"{verp}": verp, "{id}": message_id, "{to}": to, "{status64}": b64encode(STATUS.encode()).decode()}
    for mark, value in {**values, **replaced}.items():
        text = text.replace(mark, value)
    return text.encode(charset)


@pytest.mark.parametrize(
    ("name", "is_permanent", "code", "words"),
    [
        ("postfix", True, "5.1.1", "550 5.1.1 Nobody of this name here"),
        ("exim", True, "5.2.2", "552 5.2.2 The mailbox holds 250.1.1 MB and is full"),
        ("exchange", True, "5.7.1", "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required"),
        ("gmail", True, "5.1.1", "There is no account of this name."),
        ("qmail", True, "5.0.0", "Remote host said: 554 delivery is not possible"),
        ("delayed", False, "4.4.1", "Connection timed out"),
        ("given-up", True, "4.4.7", ""),
    ],
)
def test_the_usual_forms(name, is_permanent, code, words):
    report = read_report(sample(name))
    (failure,) = report.failures
    assert failure.recipients == {TO}
    assert (failure.is_permanent, failure.code) == (is_permanent, code)
    assert words in failure.why
    assert report.message_ids == {ID}
    assert VERP in report.came_to


def test_a_report_about_an_address_with_letters_of_other_scripts():
    (failure,) = read_report(sample("smtputf8", to="délégué@exämple.example")).failures
    assert failure.recipients == {"délégué@exämple.example"}
    assert failure.why == "550 5.1.1 Empfänger unbekannt"
    written_out = read_report(sample("smtputf8", to=r"d\x{E9}l\x{E9}gu\x{E9}@sample.example"))
    assert "délégué@sample.example" in written_out.failures[0].recipients


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_words_of_a_server_in_whatever_bytes(charset):
    words = {"550 5.1.1 Nobody of this\n    name here\n\n--": "550 5.1.1 Boîte fermée – désolé\n\n--"}
    (failure,) = read_report(sample("postfix", charset=charset, **words)).failures
    assert failure.why == "550 5.1.1 Boîte fermée – désolé"


ANSWER = f"""From: Sample Delegate <{TO}>
To: {VERP}
Subject: Re: Sample message
{{more}}

{{text}}
"""
QUOTED = f"I got this back from my server:\n<{TO}>: host mx.sample.example said: 550 5.1.1 user unknown\n"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("In-Reply-To: <x@y>", "We shall come with two delegates."),
        ("In-Reply-To: <x@y>", QUOTED),
        ("Auto-Submitted: auto-replied", "I am out of the office until Monday."),
        ("Return-Path: <>\nAuto-Submitted: auto-replied\nX-Auto-Response-Suppress: All", "Out of the office."),
        ("Content-Type: text/plain; charset=nonsense", "Caf\xe9"),
        (
            "Return-Path: <>\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            f"--b\n\n{QUOTED}\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: a;{TO}\n--b--",
        ),
        ("Content-Type: multipart/mixed; boundary=b", "--b\nno end"),
    ],
)
def test_what_people_and_their_machines_answer_is_no_report(more, text):
    assert read_report(ANSWER.format(more=more, text=text).encode("latin-1")) is None


def test_a_report_that_somebody_passes_on_is_no_report():
    inner = sample("postfix").decode()
    head = ANSWER.format(more="Content-Type: multipart/mixed; boundary=outer", text="--outer")
    passed_on = (
        f"{head}Content-Type: text/plain\n\nSee below.\n--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--"
    )
    assert read_report(passed_on.encode()) is None


def nested(depth):
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"From: MAILER-DAEMON@a.example\nTo: {VERP}\n{parts}".encode()


MANY = b"From: MAILER-DAEMON@a.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 60_000
LONG = b"From: MAILER-DAEMON@a.example\nContent-Type: text/plain; " + b"a=b;\n " * 50_000 + b"\n\nx"


@pytest.mark.parametrize("raw", [nested(60), nested(20_000), MANY, LONG], ids=["deep", "very deep", "many", "long"])
def test_parts_without_end_are_not_taken_apart(raw):
    with pytest.raises(MailUnreadable):
        read_report(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"From: MAILER-DAEMON@a.example\nContent-Type: multipart/report; boundary=\n\n----\n",
        sample("postfix").replace(b"Final-Recipient: rfc822; ", b"Final-Recipient: \xff;;;"),
        sample("postfix").replace(b"Status: 5.1.1", b"Status: =?utf-8?q?=ff=fe?="),
        sample("given-up", **{"{status64}": "!not base 64!"}),
        sample("postfix").replace(b"boundary=", b"boundry="),
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes_or_said_to_be_unreadable(raw):
    try:
        report = read_report(raw)
    except MailUnreadable:
        return
    assert report is None or all(failure.recipients for failure in report.failures)


def test_the_head_of_a_long_report_is_enough():
    raw = sample("postfix").replace(b"Text of the message.", b"QUJD" * 200_000)[: 512 * 1024]
    report = read_report(raw)
    assert (report.failures[0].code, report.message_ids) == ("5.1.1", {ID})
