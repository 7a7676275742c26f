"""What stands in the place of merge fields: for a reader's own name as for one that nobody thought of."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.lib.richtext import clean, to_text
from members import operations
from members.circulars.audiences import Addressee
from members.circulars.composing import Composer, letter_for
from members.circulars.merging import Merging, fields_in, merge_html, merge_subject, merge_text, problems
from members.circulars.of_members import decode_address_book, read_address
from members.models import Organisation
from members.things import Thing
from tests import factories

NAMES = ["D’Énghien “Sample”", "نموذج للتجربة", "O'Sample & <Sons>", "{name} {{x}} {", "\x92quoted\x93"]


@pytest.mark.parametrize("name", NAMES)
def test_a_value_is_put_in_as_it_is_once_and_escaped(name):
    values = {"name": name, "delegation": "Sample State"}
    subject = merge_subject("For {name}, {delegation}", values)
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    assert subject == " ".join(f"For {shown}, Sample State".split())
    html = merge_html("<p>Dear <strong>{ Name }</strong></p>", values)
    assert "<Sons>" not in html
    assert to_text(html).split() == to_text(f"<p>Dear {name.replace('&', '&amp;').replace('<', '&lt;')}</p>").split()
    assert merge_text("<p>Dear {name}</p>", values) == f"Dear {name}"


def test_a_subject_gets_no_line_break_and_a_text_keeps_it():
    values = {"name": "Sample\r\nBcc: everybody@sample.example"}
    assert merge_subject("For {name}", values) == "For Sample Bcc: everybody@sample.example"
    assert merge_html("<p>{name}</p>", values) == "<p>Sample<br>Bcc: everybody@sample.example</p>"


def test_braces_words_for_who_has_no_value_and_addresses():
    values = {"link": "https://portal.sample.example/a/?b=1&c=2", "delegation": ""}
    body = clean(
        '<p>{{braces}} {delegation|your “organisation”} {link}, <a href="https://{link}">read it</a>, '
        '<a href="https://{link}">{link}</a></p>'
    )
    address = "https://portal.sample.example/a/?b=1&amp;c=2"
    linked = f'<a href="{address}">'
    assert merge_html(body, values) == (
        f"<p>{{braces}} your “organisation” {linked}{address}</a>, {linked}read it</a>, {linked}{address}</a></p>"
    )
    plain = address.replace("&amp;", "&")
    assert merge_text(body, values) == f"{{braces}} your “organisation” {plain}, read it ({plain}), {plain}"
    nowhere = merge_html('<p><a href="https://{delegation}">x</a></p>', {"delegation": "javascript:alert(1)"})
    assert "javascript" not in nowhere


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("News for {nmae}", "<p>Text</p>", "“{nmae}” is no merge field"),
        ("News", "<p>{deadline}</p>", "“{deadline}” is no merge field"),
        ("News", "<p>Dear {name, text</p>", "does not end: “Dear {name, text”"),
        ("News", "<p>Dear {na<em>me</em>}</p>", "does not end"),
        ("News", "<p>Dear name}</p>", "with no merge field before it"),
        ("News {", "<p>Text</p>", "does not end"),
        ("News", '<p><a href="https://example.org/{name}">x</a></p>', "as a whole"),
        ("News", '<p><a href="https://{nmae}">x</a></p>', "“{nmae}” is no merge field"),
    ],
)
def test_what_is_wrong_is_named(subject, body, said):
    assert said in problems(subject, body)[0]


def test_what_is_right_is_not():
    assert problems("{name} {{}}", "<p>{ NAME } {delegation|you} {\u200bportal}</p>") == []
    fields = [field.name for field in fields_in("{name}", '<p>{name} {role} <a href="https://{portal}">x</a></p>')]
    assert fields == ["name", "role", "portal"]


@given(st.text(), st.text(), st.text(max_size=30))
def test_nothing_typed_raises_and_no_value_opens_a_tag(body, subject, value):
    html = clean(f"<p>{body}</p>")
    problems(subject, html)
    values = {"name": value, "delegation": value, "link": value}
    merged = merge_html(html, values)
    assert clean(merged).count("<") <= merged.count("<")
    assert "\n" not in merge_subject(subject, values)
    merge_text(html, values)
    assert "<script" not in merge_html("<p>{name}</p>", {"name": f"<script>{value}"})


def test_a_thing_is_asked_once_for_each_organisation_language_and_zone():
    asked = []

    def deadline(organisation):
        asked.append(
            (organisation and organisation.pk, translation.get_language(), str(timezone.get_current_timezone()))
        )
        return f"{organisation}"

    thing = Thing(
        "sample",
        1,
        lambda: "Sample",
        "/",
        fields={"deadline": deadline, "link": lambda _organisation: str(asked.pop())},
    )
    merging = Merging(thing, fields_in("{deadline}", "<p>{name}</p>"))
    state, other = (Organisation(pk=pk, name="Sample") for pk in (1, 2))
    for _again in range(3):
        for organisation in (state, other, None):
            for zone in ("Europe/Zurich", "America/New_York"):
                merging.values_for(Addressee(None, organisation, "", "Sample", "a@sample.example", "en", zone), "en")
    assert len(asked) == len(set(asked)) == 6


@pytest.mark.django_db
def test_a_letter_says_which_text_somebody_gets_in_the_place_of_their_own_language(secretariat, focal_point):
    circular = operations.draft_circular(by=secretariat)
    texts = {"fr": ("Nouvelles", "<p>{name}, {role|vous}</p>")}
    circular = operations.write_circular(circular, by=secretariat, texts=texts, audience={}, send_at=None, about=None)
    english = Addressee.of_user(focal_point)
    now = timezone.now()
    composer = Composer(circular, now=now)
    assert composer.language_for(english) == "fr"
    assert composer.in_another_language([english]) == {"en": 1}
    letter = letter_for(circular, english, now=now)
    assert (letter.language, letter.subject) == ("fr", "Nouvelles")
    assert letter.text.endswith("Sample Focal Point, vous")
    assert composer.missing([Addressee(None, None, "", "", "a@sample.example", "en")]) == []
    # The same letter, whatever the file is called.
    file = factories.CircularFileFactory(circular=circular, title="Annex {1} <b>", attached=True)
    assert "Annex {1} &lt;b&gt;" in letter_for(circular, english, now=now).html
    assert "Annex {1} <b>" in letter_for(circular, english, now=now).text
    assert str(file) == "Annex {1} <b>"


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Sample Person <a@sample.example>", ["Sample Person", "a@sample.example"]),
        ("“D’Énghien, Sample” <a@sample.example>", ["D’Énghien, Sample", "a@sample.example"]),
        ("a@sample.example", ["", "a@sample.example"]),
        ("Sample Person,a@sample.example", ["Sample Person", "a@sample.example"]),
        ("a@sample.example\tSample Person", ["Sample Person", "a@sample.example"]),
        ("نموذج <a@sample.example>", ["نموذج", "a@sample.example"]),
        ("no address", ["", "no address"]),
        ("Sample\x0b<a@sample.example\nBcc: b@sample.example>", ["Sample", "a@sample.example Bcc: b@sample.example"]),
    ],
)
def test_addresses_are_read_as_people_paste_them(line, read):
    assert read_address(line) == read


def test_an_address_book_of_an_older_program_is_read():
    line = "“D’Énghien” <a@sample.example>"
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        assert decode_address_book(SimpleUploadedFile("book.csv", line.encode(encoding))) == line
