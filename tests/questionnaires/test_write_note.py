"""Notes between colleagues: said beside a question, read by the delegation alone, in nothing that leaves it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.models import Note, Response, Submission
from tests.factories import question_of
from tests.questionnaires.answering import address, bring_to, draft
from tests.questionnaires.colleagues import HTMX, beside, invite, mail_to
from tests.test_access import LET_IN, TABLE
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
SECRET = "Unmistakable word between colleagues"


@pytest.fixture
def question(questionnaire):
    return question_of(questionnaire, "long_text")


def say(browser, question, text=SECRET, **more):
    return browser.post(beside("write_note", question), {"note": text, **more}, follow=True)


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_every_colleague_says_something_and_all_read_it(client_of, response, question, who):
    page = say(client_of(who), question, f"{SECRET} by {who}")
    assert f"{SECRET} by {who}" in page.text
    assert page.redirect_chain[-1][0].endswith(f"#notes-{question.pk}")
    text = client_of("reader").get(address("edit_section", 1)).text
    assert f"{SECRET} by {who}" in text
    assert "1 note<" in text
    assert f"{SECRET} by {who}" in client_of("focal_point").get(beside("read_notes", question)).text


def test_with_htmx_the_thread_comes_back_with_its_count(client_of, response, question):
    browser = client_of("contributor")
    reply = browser.post(beside("write_note", question), {"note": SECRET}, headers=HTMX)
    assert reply.status_code == 200
    assert SECRET in reply.text
    assert 'hx-swap-oob="true">1 note' in reply.text
    assert "<h1" not in reply.text


def test_the_same_words_sent_twice_are_one_note(client_of, response, question):
    browser = client_of("contributor")
    say(browser, question)
    say(browser, question)
    assert Note.objects.count() == 1


def test_an_empty_or_endless_note_is_refused_with_what_was_typed(client_of, response, question):
    browser = client_of("contributor")
    empty = browser.post(beside("write_note", question), {"note": " "})
    assert (empty.status_code, "Write the note first." in empty.text) == (422, True)
    endless = browser.post(beside("write_note", question), {"note": "word " * 2000}, headers=HTMX)
    assert (endless.status_code, endless.text.count("word word") > 100) == (422, True)
    assert not Note.objects.exists()


def test_a_note_before_the_first_answer_begins_the_response(client_of, questionnaire, question, focal_point):
    say(client_of("focal_point"), question)
    assert Response.objects.get().notes.count() == 1


@pytest.mark.parametrize("state", ["past_deadline", "closed", "submitted"])
def test_people_talk_about_a_response_that_is_sealed_or_closed(client_of, response, question, focal_point, state):
    bring_to(state, response, focal_point)
    assert SECRET in say(client_of("focal_point"), question).text


def test_after_the_end_nothing_begins_with_a_note(client_of, questionnaire, question, focal_point):
    operations.close_questionnaire(questionnaire, by=focal_point)
    page = client_of("focal_point").post(beside("write_note", question), {"note": SECRET})
    assert page.status_code == 422
    assert SECRET in page.text
    assert not Response.objects.exists()


def test_a_mail_says_that_there_is_a_note_and_not_what_it_says(
    client_of, response, questionnaire, delegation, question, focal_point, contributor, reader
):
    guest = invite(questionnaire, delegation, focal_point, 1, email="first@sample.example").user
    other = invite(questionnaire, delegation, focal_point, 2, email="second@sample.example").user
    before = Message.objects.count()
    say(client_of("contributor"), question, tell="1")
    told = {message.recipient for message in Message.objects.order_by("pk")[before:]}
    assert told == {focal_point.email, reader.email, guest.email}
    assert len(mail_to(other)) == 1  # the invitation
    assert not Message.objects.filter(text__contains="Unmistakable").exists()
    assert address("edit_section", 1) in mail_to(focal_point)[-1].text


def test_another_delegation_neither_reads_nor_writes_it(client_of, response, question, questionnaire, other_delegation):
    say(client_of("contributor"), question)
    theirs = draft(questionnaire, other_delegation)
    assert SECRET not in client_of("other_focal_point").get(beside("read_notes", question)).text
    say(client_of("other_focal_point"), question, "Of the others")
    assert theirs.notes.get().text == "Of the others"
    assert response.notes.count() == 1


def test_notes_leave_a_submission_and_its_papers_alone(client_of, response, question, focal_point):
    say(client_of("contributor"), question)
    operations.submit_response(response, by=focal_point)
    submission = Submission.objects.get()
    assert "Unmistakable" not in submission.content
    assert submission.is_intact
    browser = client_of("focal_point")
    for name in ("export_response_docx", "export_response_pdf", "export_receipt", "read_submission", "check_response"):
        assert "Unmistakable" not in _text_of(browser, address(name))


def _text_of(browser: Client, page: str) -> str:
    reply: Any = browser.get(page)
    content = reply.getvalue()
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace") if reply.status_code == 200 else ""


# Everywhere, for everybody


@pytest.fixture
def world(request, db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world(request.getfixturevalue)


MAY_SHOW = ("edit_section", "read_notes", "write_note", "save_answer")


@pytest.mark.parametrize(
    "who", ["visitor", "other_focal_point", "chair", "director", "secretariat", "superuser", "focal_point", "guest"]
)
def test_no_page_shows_a_note_that_is_not_the_threads_own(world, client_of, who):
    """Every address of the table of access, opened by each role: the word stands in the delegation's sections alone."""
    for response in (world.response, world.submission.response):
        for kind in ("long_text", "number"):
            question = world.question(kind)
            operations.write_note(response, question_id=question.pk, text=SECRET, by=world.people("focal_point"))
    browser = client_of(world.guest.user if who == "guest" else who)
    found = []
    for line in TABLE:
        if who != "guest" and line.expected("get", who) not in ("let-in", *LET_IN):
            continue
        page = reverse(line.route, args=line.about(world))
        own = line.route.removeprefix("questionnaires:") in MAY_SHOW and who in (
            "focal_point",
            "other_focal_point",
            "guest",
        )
        if not own and "Unmistakable" in _text_of(browser, page):
            found.append(page)
    assert found == []
    assert not Message.objects.filter(text__contains="Unmistakable").exists()
