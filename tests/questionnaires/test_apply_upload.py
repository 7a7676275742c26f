"""Looking at a form that came back, and taking of it what the delegation accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from questionnaires import operations
from questionnaires.editions import freeze, write
from questionnaires.models import Answer, AnswerRevision, Edition, Question, Questionnaire, Response, WordUpload
from questionnaires.operations import Change
from questionnaires.word import Reading
from tests.factories import QuestionnaireFactory, question_of
from tests.questionnaires.answering import (
    STATES,
    WITHOUT_DELEGATION,
    address,
    at_once,
    bring_to,
    draft,
    make_questionnaire,
    queries,
    value_of,
    widen,
)
from tests.questionnaires.word.forms import replaced, rewritten
from tests.questionnaires.word.uploads import form_of, send, sent, ticked, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(delegation) -> Questionnaire:
    questionnaire = make_questionnaire()
    draft(questionnaire, delegation)
    return questionnaire


def save(questionnaire: Questionnaire, delegation: Any, by: Any, kind: str, value: Any, base: int) -> None:
    change = Change(question_of(questionnaire, kind).pk, value, base)
    operations.save_answers(questionnaire, delegation, [change], by=by)


def page_of(browser: Client, upload: WordUpload) -> Any:
    reply = browser.get(address("read_upload", upload.pk))
    assert reply.status_code == 200
    return reply


def fields(page: Any) -> dict[str, list[str]]:
    """What a browser would send from the page as it stands."""
    forms: Any = html.document_fromstring(page.text).iter("form")
    form = next(form for form in forms if "/apply/" in form.get("action", ""))
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def take(browser: Client, upload: WordUpload, page: Any, **changed: Any) -> Any:
    """Press the button on a page, with some fields changed by hand."""
    return browser.post(address("apply_upload", upload.pk), {**fields(page), **changed})


def proposed(page: Any, question: Question) -> str:
    """The words of what the page says about a question, empty if it says nothing."""
    document: Any = html.document_fromstring(page.text)
    found = document.get_element_by_id(f"q-{question.pk}", None)
    return " ".join(found.text_content().split()) if found is not None else ""


def test_the_whole_way(questionnaire, delegation, contributor, focal_point, client_of) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    multiple = question_of(questionnaire, "multiple")
    browser = client_of("focal_point")
    data = typed(form_of(browser), (long_text, "Typed in Word\nby the capital"), (short_text, ""))
    upload = send(browser, ticked(data, multiple, 1))

    page = page_of(browser, upload)
    assert "Sample long answer" in proposed(page, long_text)
    assert "Typed in Word" in proposed(page, long_text)
    assert "Left blank" in proposed(page, short_text)
    assert sorted(fields(page)["take"]) == sorted(str(q.pk) for q in (long_text, short_text, multiple))

    reply = take(browser, upload, page)

    assert reply["Location"] == address("read_response")
    assert "3 answers of form.docx are saved" in browser.get(reply["Location"]).text
    response = Response.objects.get()
    assert value_of(response, "long_text") == "Typed in Word\nby the capital"
    assert value_of(response, "short_text") is None
    assert value_of(response, "multiple") == {"choices": ["second"], "other": ""}
    revision = AnswerRevision.objects.get(answer__question=long_text, version=2)
    assert (revision.origin, revision.saved_by) == ("uploaded", focal_point)
    assert Answer.objects.filter(version=2).count() == 3
    upload.refresh_from_db()
    assert upload.settled_by == focal_point


def test_only_what_is_ticked_is_taken(questionnaire, client_of) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    browser = client_of("contributor")
    upload = send(browser, typed(form_of(browser), (long_text, "Taken"), (short_text, "Left")))
    take(browser, upload, page_of(browser, upload), take=[str(long_text.pk)])
    assert value_of(Response.objects.get(), "long_text") == "Taken"
    assert value_of(Response.objects.get(), "short_text") == "Sample short answer"


def test_nothing_ticked_puts_the_file_away(questionnaire, client_of) -> None:
    browser = client_of("contributor")
    upload = send(browser, typed(form_of(browser), (question_of(questionnaire, "long_text"), "Left")))
    reply = take(browser, upload, page_of(browser, upload), take=[])
    assert "Nothing of form.docx was taken" in browser.get(reply["Location"]).text
    assert not Answer.objects.exclude(version=1).exists()
    page = page_of(browser, WordUpload.objects.get())
    assert "Settled by Sample Contributor" in page.text
    assert "Take the ticked answers" not in page.text


def test_an_untouched_form_changes_nothing(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    upload = send(browser, form_of(browser))
    page = page_of(browser, upload)
    assert "Nothing: every answer that could be read is the one on the portal." in page.text
    assert "take" not in fields(page)


def test_what_a_colleague_saved_since_is_a_conflict_and_is_not_ticked(
    questionnaire, delegation, contributor, client_of
) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    data = typed(form_of(browser), (question, "From the capital"))
    save(questionnaire, delegation, contributor, "long_text", "From a colleague", 1)
    upload = send(browser, data)

    page = page_of(browser, upload)

    said = proposed(page, question)
    assert "From the capital" in said
    assert "From a colleague" in said
    assert "Two versions" in said
    assert "Sample Contributor" in said
    assert "take" not in fields(page)
    # Ticked knowingly, the form's text is taken; the colleague's stays in the history.
    take(browser, upload, page, take=[str(question.pk)])
    assert value_of(Response.objects.get(), "long_text") == "From the capital"
    assert AnswerRevision.objects.filter(value="From a colleague").exists()


def test_a_colleagues_newer_text_stands_where_the_form_left_its_own_alone(
    questionnaire, delegation, contributor, client_of
) -> None:
    browser = client_of("focal_point")
    data = form_of(browser)
    save(questionnaire, delegation, contributor, "long_text", "From a colleague", 1)
    page = page_of(browser, send(browser, data))
    assert proposed(page, question_of(questionnaire, "long_text")) == ""


def test_a_stale_page_takes_nothing_over_a_colleagues_text(questionnaire, delegation, contributor, client_of) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    browser = client_of("focal_point")
    upload = send(browser, typed(form_of(browser), (long_text, "From the capital"), (short_text, "As well")))
    page = page_of(browser, upload)
    save(questionnaire, delegation, contributor, "long_text", "Meanwhile", 1)

    reply = take(browser, upload, page)

    assert reply.status_code == 409
    assert value_of(Response.objects.get(), "long_text") == "Meanwhile"
    assert value_of(Response.objects.get(), "short_text") == "As well"
    assert "Meanwhile" in proposed(reply, long_text)
    assert "From the capital" in proposed(reply, long_text)
    assert proposed(reply, short_text) == ""
    assert "take" not in fields(reply)
    upload.refresh_from_db()
    assert upload.settled_at is None
    # The page that came back carries the version that it shows.
    take(browser, upload, reply, take=[str(long_text.pk)])
    assert value_of(Response.objects.get(), "long_text") == "From the capital"
    upload.refresh_from_db()
    assert upload.settled_at is not None


def test_a_double_click_applies_once(questionnaire, client_of) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    upload = send(browser, typed(form_of(browser), (question, "Once")))
    page = page_of(browser, upload)
    take(browser, upload, page)
    again = take(browser, upload, page)
    assert again["Location"] == address("read_upload", upload.pk)
    assert Answer.objects.get(question=question).version == 2


def test_a_settled_file_is_not_applied_a_second_time(questionnaire, delegation, contributor, client_of) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    upload = send(browser, typed(form_of(browser), (question, "From Word")))
    page = page_of(browser, upload)
    take(browser, upload, page)
    save(questionnaire, delegation, contributor, "long_text", "Written after", 2)
    take(browser, upload, page, **{f"seen-{question.pk}": "3"})
    assert value_of(Response.objects.get(), "long_text") == "Written after"


@pytest.mark.parametrize("state", STATES)
def test_after_the_deadline_and_once_sealed_the_text_is_kept_and_not_taken(
    questionnaire, focal_point, client_of, state
) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    upload = send(browser, typed(form_of(browser), (question, "Too late")))
    page = page_of(browser, upload)
    bring_to(state, Response.objects.get(), focal_point)

    reply = take(browser, upload, page)

    assert reply.status_code == 409
    assert "Nothing was saved" in reply.text
    assert "Too late" in proposed(reply, question)
    assert value_of(Response.objects.get(), "long_text") == "Sample long answer\nin two lines"
    shown = page_of(browser, upload)
    assert "Too late" in proposed(shown, question)
    assert "Take the ticked answers" not in shown.text


def test_a_blank_form_offers_what_is_new_and_removes_nothing(questionnaire, delegation, client_of) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    Answer.objects.filter(question=short_text).update(value=None)
    browser = client_of("focal_point")
    blank = browser.get(address("export_blank")).content
    upload = send(browser, typed(blank, (long_text, "Other text"), (short_text, "New text")))
    page = page_of(browser, upload)
    assert fields(page)["take"] == [str(short_text.pk)]
    assert "Two versions" in proposed(page, long_text)
    assert proposed(page, question_of(questionnaire, "number")) == ""


def test_a_form_that_lost_its_properties_is_compared_by_the_moment_in_its_foot(
    questionnaire, delegation, contributor, client_of
) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    data = typed(form_of(browser), (question, "From Word"))
    lost = replaced(data, 'name="Questionnaire"', 'name="Lost"', "docProps/custom.xml")
    assert fields(page_of(browser, send(browser, lost)))["take"] == [str(question.pk)]
    save(questionnaire, delegation, contributor, "long_text", "From a colleague", 1)
    assert "take" not in fields(page_of(browser, send(browser, lost)))


def test_a_form_that_says_nothing_of_itself_ticks_only_what_is_new(questionnaire, delegation, client_of) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    Answer.objects.filter(question=short_text).update(value=None)
    browser = client_of("focal_point")
    number = question_of(questionnaire, "number")
    data = typed(form_of(browser), (long_text, "From Word"), (short_text, "New"), (number, ""))
    data = replaced(data, 'name="Questionnaire"', 'name="Lost"', "docProps/custom.xml")

    def no_stamp(name: str, body: bytes) -> bytes:
        return body.replace(b"[F SP ", b"[ SP ") if name.startswith("word/footer") else body

    page = page_of(browser, send(browser, rewritten(data, no_stamp)))
    assert "does not say which questionnaire" in page.text
    assert fields(page)["take"] == [str(short_text.pk)]
    assert "Two versions" in proposed(page, long_text)
    assert proposed(page, question_of(questionnaire, "number")) == ""


def test_an_older_edition_is_offered_with_a_notice(questionnaire, delegation, client_of, superuser) -> None:
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    browser = client_of("focal_point")
    data = typed(form_of(browser), (long_text, "From Word"), (short_text, "To a question that is gone"))
    Question.objects.filter(pk=short_text.pk).update(removed_at=questionnaire.opened_at)
    Question.objects.filter(pk=long_text.pk).update(text="Worded anew?")
    text, seal = write(freeze(questionnaire, 2))
    edition = Edition.objects.create(
        questionnaire=questionnaire, number=2, content=text, sha256=seal, frozen_by=superuser
    )
    Response.objects.update(edition=edition)

    page = page_of(browser, send(browser, data))

    assert "The form is of edition 1; your delegation answers edition 2." in page.text
    assert fields(page)["take"] == [str(long_text.pk)]
    assert "Worded anew?" in proposed(page, long_text)
    assert "To a question that is gone" in page.text


def test_an_answer_to_a_question_that_is_not_asked_says_so(delegation, client_of, superuser) -> None:
    questionnaire = make_questionnaire(opened=False)
    yes_no, number = question_of(questionnaire, "yes_no"), question_of(questionnaire, "number")
    Question.objects.filter(pk=number.pk).update(
        condition={"match": "all", "tests": [{"question": yes_no.pk, "is": "one_of", "values": ["yes"]}]}
    )
    operations.open_questionnaire(questionnaire, by=superuser)
    browser = client_of("focal_point")
    data = typed(form_of(browser), (number, "12"))
    assert "this question is not asked" in proposed(page_of(browser, send(browser, data)), number)
    both = ticked(data, yes_no, 0)
    assert "this question is not asked" not in proposed(page_of(browser, send(browser, both)), number)


def test_what_cannot_be_read_says_why_and_what_stands_there(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    data = ticked(form_of(browser), question_of(questionnaire, "single"), 0, 1)
    page = page_of(browser, send(browser, data))
    assert "Several are ticked where one is asked for." in page.text
    assert "First; Second" in page.text


def test_what_would_stop_the_submission_is_said_beside_it(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    number = question_of(questionnaire, "number")
    page = page_of(browser, send(browser, typed(form_of(browser), (number, "a dozen"))))
    assert "Write a number in figures" in proposed(page, number)


def test_nothing_in_a_file_is_read_as_markup(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    question = question_of(questionnaire, "long_text")
    upload = send(browser, typed(form_of(browser), (question, "<script>alert(1)</script>")), "<b>x</b>.docx")
    page = page_of(browser, upload)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "<b>x</b>" not in page.text


def test_questions_that_are_not_in_the_file_and_made_up_ones_are_not_taken(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    upload = send(browser, form_of(browser))
    browser.post(address("apply_upload", upload.pk), {"take": ["99999999", "x", "1" * 30, "-1"]})
    assert not Answer.objects.exclude(version=1).exists()


def test_the_file_question_is_never_touched(questionnaire, client_of) -> None:
    question = question_of(questionnaire, "file")
    browser = client_of("focal_point")
    upload = send(browser, form_of(browser))
    assert question.pk not in Reading.from_json(upload.content).answers


def test_a_reader_and_people_without_a_delegation_are_refused(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    upload = send(browser, form_of(browser))
    for who in ("reader", *WITHOUT_DELEGATION):
        assert client_of(who).get(address("read_upload", upload.pk)).status_code == 403
        assert client_of(who).post(address("apply_upload", upload.pk)).status_code == 403


def test_another_delegation_finds_nothing(questionnaire, client_of) -> None:
    upload = send(client_of("focal_point"), form_of(client_of("focal_point")))
    other = client_of("other_focal_point")
    assert other.get(address("read_upload", upload.pk)).status_code == 404
    assert other.post(address("apply_upload", upload.pk)).status_code == 404


def test_a_file_of_another_questionnaire_is_not_found_here(questionnaire, delegation, client_of) -> None:
    upload = send(client_of("focal_point"), form_of(client_of("focal_point")))
    other = QuestionnaireFactory()
    draft(other, delegation)
    url = reverse("questionnaires:read_upload", args=[other.slug, upload.pk])
    assert client_of("focal_point").get(url).status_code == 404


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of) -> None:
    browser = client_of("visitor")
    for reply in (browser.get(address("read_upload", 1)), browser.post(address("apply_upload", 1))):
        assert reply["Location"].startswith(reverse("account_login"))


def test_methods(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    upload = send(browser, form_of(browser))
    assert browser.post(address("read_upload", upload.pk)).status_code == 405
    assert browser.get(address("apply_upload", upload.pk)).status_code == 405


def test_it_costs_the_same_queries_for_1_and_30_changes(delegation, focal_point, client_of) -> None:
    counted = []
    browser = client_of("focal_point")
    for count in (1, 30):
        questionnaire = Questionnaire.objects.create(
            title=f"Sample of {count}", slug=f"of-{count}", code=f"OF{count}",
            deadline=timezone.now() + timedelta(days=9),
        )  # fmt: skip
        widen(questionnaire, count)
        url = reverse("questionnaires:export_blank", args=[questionnaire.slug])
        data = browser.get(url).content
        texts = [q for q in Question.objects.filter(section__questionnaire=questionnaire) if "text" in q.kind]
        data = typed(data, *((question, "Typed in Word") for question in texts))
        reply = browser.post(reverse("questionnaires:upload_form", args=[questionnaire.slug]), sent(data))
        counted.append(queries(browser, reply["Location"]))
    assert counted[0] == counted[1] <= 12


@pytest.mark.django_db(transaction=True)
def test_two_delegates_who_take_the_same_file_at_once_apply_it_once(delegation, focal_point, contributor) -> None:
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)
    question = question_of(questionnaire, "long_text")
    reading = Reading.from_json(
        {
            "format": 1,
            "answers": {str(question.pk): {"value": "Once", "issue": "", "about": "", "left_over": ""}},
            "unknown": {},
            "unmatched": [],
            "tally": {},
            "origin": None,
        }
    )
    upload = WordUpload.objects.create(
        response=response, name="x.docx", size=1, sha256="0" * 64, content=reading.as_json(), uploaded_by=focal_point
    )
    results = at_once(
        [
            lambda: operations.apply_upload(upload, {question.pk: 1}, by=focal_point),
            lambda: operations.apply_upload(upload, {question.pk: 1}, by=contributor),
        ]
    )
    assert sorted(len(saved.answers) for _upload, saved in results) == [0, 1]
    assert Answer.objects.get(question=question).version == 2


def test_a_long_text_of_many_paragraphs_goes_the_whole_way(questionnaire, client_of) -> None:
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    text = "\n".join(f"Paragraph {number}" for number in range(1000))
    upload = send(browser, typed(form_of(browser), (question, text)))
    take(browser, upload, page_of(browser, upload))
    assert value_of(Response.objects.get(), "long_text") == text


def test_a_file_read_in_another_format_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="unknown format 9"):
        Reading.from_json({"format": 9})


def test_a_guest_of_the_delegation_has_no_form(questionnaire, delegation, focal_point, client_of) -> None:
    section = question_of(questionnaire, "long_text").section_id
    guest = operations.invite_guest(
        questionnaire,
        delegation,
        name="Sample Guest",
        email="guest@sample.example",
        language="en",
        section_ids=[section],
        by=focal_point,
    ).user
    upload = send(client_of("focal_point"), form_of(client_of("focal_point")))
    browser = client_of(guest)
    for name, parts in (("export_form", ()), ("upload_form", ()), ("read_upload", (upload.pk,))):
        assert browser.get(address(name, *parts)).status_code == 403, name
    assert browser.post(address("apply_upload", upload.pk)).status_code == 403
    assert "Work in Word" not in browser.get(address("read_response")).text
