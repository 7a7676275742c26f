"""What the secretariat reads in place of a code, and of an error that holds a server's answer."""

import pytest

from icoca_portal.outbox.codes import CAUSES, code_in_words, servers_words, what_helps


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.1.1", "5.1.1: no such mailbox."),
        ("4.2.2", "4.2.2: the mailbox is full."),
        ("5.0.0", "5.0.0: could not be delivered."),
        ("5.9.99", "5.9.99: could not be delivered."),
        ("x", "x."),
        ("", ""),
    ],
)
def test_a_code_in_words(code, words):
    assert code_in_words(code) == words


def test_for_every_cause_that_has_words_something_helps():
    unknown = what_helps("5.9.99")
    assert {cause for cause in CAUSES if what_helps(f"5.{cause}") == unknown} == set()
    assert "right address" in what_helps("5.1.1")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 no such\\nuser')}", "550 5.1.1 no such user"),
        ("Refused: on the provider's list", "on the provider's list"),
        ("Delayed 4.4.1: connection timed out", "connection timed out"),
        ("", ""),
    ],
)
def test_a_servers_answer_without_the_name_of_its_error(error, words):
    assert servers_words(error) == words
