"""One section a page, and its plain Save, which works without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from questionnaires import operations
from questionnaires.models import Answer, AnswerRevision, Attachment, Questionnaire, Response
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import (
    PDF,
    SECRET,
    STATES,
    WITHOUT_DELEGATION,
    address,
    assert_same_queries,
    bring_to,
    draft,
    fields_on,
    make_questionnaire,
    value_of,
)

pytestmark = pytest.mark.django_db
PAGE, SECOND = address("edit_section", 1), address("edit_section", 2)


@pytest.fixture
def text(questionnaire):
    return question_of(questionnaire, "long_text")


# Reading
@pytest.mark.parametrize(("who", "writes"), [("focal_point", True), ("contributor", True), ("reader", False)])
def test_the_delegation_opens_a_section(questionnaire, delegation, client_of, text, who, writes) -> None:
    draft(questionnaire, delegation)

    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    assert "Sample long answer" in page.text
    assert (f'name="q{text.pk}"' in page.text) == writes
    assert ("You read along." in page.text) == (not writes)


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(questionnaire, delegation, client_of, text, who) -> None:
    draft(questionnaire, delegation)

    assert client_of(who).get(PAGE).status_code == 403
    assert client_of(who).post(PAGE, {f"q{text.pk}": "x", f"q{text.pk}-version": "1"}).status_code == 403
    assert Answer.objects.get(question=text).value == VALUES["long_text"]


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, text, who) -> None:
    browser = client_of(who)
    for answer in (browser.get(PAGE), browser.post(PAGE, {f"q{text.pk}": "x", f"q{text.pk}-version": "0"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert not Answer.objects.exists()


def test_another_delegation_reads_and_writes_its_own(questionnaire, delegation, client_of, text) -> None:
    own = draft(questionnaire, delegation, long_text=SECRET)
    browser = client_of("other_focal_point")

    assert SECRET not in browser.get(PAGE).text
    sent = browser.post(PAGE, {f"q{text.pk}": "Theirs", f"q{text.pk}-version": "1", "go": "stay"})

    assert sent.status_code == 302
    assert value_of(own, "long_text") == SECRET
    assert set(Answer.objects.filter(question=text).values_list("value", flat=True)) == {SECRET, "Theirs"}


@pytest.mark.parametrize("number", [0, 3, 99999999999999999999])
def test_an_unknown_section_is_not_found(questionnaire, client_of, number) -> None:
    browser = client_of("focal_point")
    assert browser.get(address("edit_section", number)).status_code == 404
    assert browser.post(address("edit_section", number)).status_code == 404


def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of) -> None:
    browser = client_of("focal_point")
    assert browser.get(PAGE).status_code == 404
    make_questionnaire(opened=False)
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE).status_code == 404


def test_other_methods_are_refused(questionnaire, client_of) -> None:
    assert client_of("focal_point").put(PAGE).status_code == 405


def test_it_costs_the_same_queries_for_one_and_for_thirty_questions(client_of, delegation) -> None:
    assert_same_queries(client_of, delegation, "edit_section", 1)


# Saving
@pytest.mark.parametrize("who", ["focal_point", "contributor"])
def test_what_was_typed_is_stored_and_the_next_section_opens(questionnaire, client_of, text, who) -> None:
    browser = client_of(who)
    fields = fields_on(browser.get(PAGE))
    fields[f"q{text.pk}"] = ["  First line\r\nSecond line\r\n\r\n😀 العربية \x00 "]

    answer = browser.post(PAGE, {**fields, "go": "next"})

    assert answer.status_code == 302
    assert answer["Location"] == SECOND
    stored = Answer.objects.get()
    assert stored.value == "First line\nSecond line\n\n😀 العربية"
    assert stored.version == 1
    assert stored.saved_by.name == {"focal_point": "Sample Focal Point", "contributor": "Sample Contributor"}[who]
    assert "Section 1 is saved." in browser.get(SECOND).text
    assert "by you" in browser.get(PAGE).text


def test_after_the_last_section_comes_the_check(questionnaire, client_of) -> None:
    browser = client_of("contributor")

    answer = browser.post(SECOND, {**fields_on(browser.get(SECOND)), "go": "next"})

    assert answer["Location"] == address("check_response")


def test_a_section_sent_back_blank_begins_nothing(questionnaire, client_of) -> None:
    browser = client_of("contributor")
    for page in (PAGE, SECOND):
        assert browser.post(page, {**fields_on(browser.get(page)), "go": "stay"}).status_code == 302

    assert not Response.objects.exists()


def test_a_blank_section_with_a_refused_file_begins_nothing(questionnaire, client_of, file) -> None:
    browser = client_of("contributor")

    page = browser.post(SECOND, {**fields_on(browser.get(SECOND)), f"q{file.pk}-file": upload(content=b"MZ\x00")})

    assert page.status_code == 422
    assert "This type of file is not taken." in page.text
    assert not Response.objects.exists()


@pytest.mark.parametrize("page", [PAGE, SECOND])
def test_a_section_sent_back_untouched_changes_nothing(questionnaire, delegation, client_of, page) -> None:
    response = draft(
        questionnaire,
        delegation,
        long_text="Quotes \" ' < & > \u00a0 and\n\n  an indented line\n\ttab",
        single={"choice": "second", "other": ""},
        date="30.11.2018",
        number="1 234,5",
    )
    before = list(Answer.objects.order_by("pk").values_list("value", "version", "saved_at"))
    moment = response.changed_at
    browser = client_of("contributor")

    assert browser.post(page, {**fields_on(browser.get(page)), "go": "stay"}).status_code == 302

    assert list(Answer.objects.order_by("pk").values_list("value", "version", "saved_at")) == before
    response.refresh_from_db()
    assert response.changed_at == moment


def test_what_a_number_or_a_date_is_not_is_kept_and_said_beside_it(questionnaire, delegation, client_of) -> None:
    response = draft(questionnaire, delegation)
    browser = client_of("contributor")
    number, day = question_of(questionnaire, "number"), question_of(questionnaire, "date")
    for question, page, typed in ((number, SECOND, "about twelve"), (day, SECOND, "end of November")):
        fields = {**fields_on(browser.get(page)), f"q{question.pk}": typed, "go": "stay"}
        assert browser.post(page, fields).status_code == 302

    assert (value_of(response, "number"), value_of(response, "date")) == ("about twelve", "end of November")
    text = browser.get(SECOND).text
    assert 'value="about twelve"' in text
    assert "Write a number in figures" in text
    assert f'type="text" id="f-{day.pk}" name="q{day.pk}" value="end of November"' in text


def test_fields_of_other_questionnaires_are_passed_over(questionnaire, client_of) -> None:
    foreign = question_of(factories.QuestionnaireFactory(), "long_text")

    sent = {f"q{foreign.pk}": "1", f"q{foreign.pk}-version": "0"}
    assert client_of("contributor").post(PAGE, sent).status_code == 302

    assert not Answer.objects.exists()


def test_a_field_of_another_section_is_saved_where_its_question_stands_now(questionnaire, client_of) -> None:
    """A later edition may have moved the question while somebody typed."""
    second = question_of(questionnaire, "number")

    sent = {f"q{second.pk}": "12", f"q{second.pk}-version": "0"}
    assert client_of("contributor").post(PAGE, sent).status_code == 302

    assert Answer.objects.get().value == "12"


# Two people at once
@pytest.fixture
def race(questionnaire, delegation, contributor, client_of, text):
    """Focal point's page, opened before a colleague saved another text; and what it would send."""
    response = draft(questionnaire, delegation, long_text="At first")
    browser = client_of("focal_point")
    fields = fields_on(browser.get(PAGE))
    change = operations.Change(text.pk, "The colleague’s text", 1)
    operations.save_answers(questionnaire, delegation, [change], by=contributor)
    return response, browser, fields


def test_an_untouched_field_never_conflicts(race, text, questionnaire) -> None:
    response, browser, fields = race
    short = question_of(questionnaire, "short_text")
    fields[f"q{short.pk}"] = ["Mine, elsewhere"]

    assert browser.post(PAGE, {**fields, "go": "stay"}).status_code == 302

    assert value_of(response, "long_text") == "The colleague’s text"
    assert value_of(response, "short_text") == "Mine, elsewhere"


def test_a_blank_left_blank_never_conflicts(questionnaire, delegation, contributor, client_of, text) -> None:
    browser = client_of("focal_point")
    fields = fields_on(browser.get(PAGE))
    response, _saved = operations.save_answers(
        questionnaire, delegation, [operations.Change(text.pk, "The colleague’s text", 0)], by=contributor
    )

    assert browser.post(PAGE, {**fields, "go": "stay"}).status_code == 302

    assert value_of(response, "long_text") == "The colleague’s text"


def test_two_changes_stand_side_by_side_and_the_rest_is_saved(race, text, questionnaire) -> None:
    response, browser, fields = race
    short = question_of(questionnaire, "short_text")
    fields[f"q{text.pk}"], fields[f"q{short.pk}"] = ["My text"], ["Mine, elsewhere"]

    page = browser.post(PAGE, {**fields, "go": "next"})

    assert page.status_code == 409
    assert "One answer has two versions" in page.text
    assert "Two versions" in page.text
    assert ">\nMy text</textarea>" in page.text
    assert "<mark>The colleague’s</mark> text" in page.text
    assert value_of(response, "long_text") == "The colleague’s text"
    assert value_of(response, "short_text") == "Mine, elsewhere"


@pytest.mark.parametrize(
    ("pick", "merged", "stands"),
    [
        ("mine", "", "My text"),
        ("theirs", "", "The colleague’s text"),
        ("merged", "Both\r\ntexts", "Both\ntexts"),
        ("merged", " ", None),
    ],
)
def test_one_is_picked_or_both_are_merged(race, text, pick, merged, stands) -> None:
    response, browser, fields = race
    fields[f"q{text.pk}"] = ["My text"]
    again = fields_on(browser.post(PAGE, {**fields, "go": "stay"}))
    again[f"q{text.pk}-pick"] = [pick]
    if merged:
        again[f"q{text.pk}-merged"] = [merged]

    assert browser.post(PAGE, {**again, "go": "stay"}).status_code == 302

    assert value_of(response, "long_text") == stands
    texts = list(AnswerRevision.objects.filter(answer__question=text).values_list("value", flat=True))
    assert texts[:2] == ["At first", "The colleague’s text"]


def test_without_a_choice_the_two_versions_stay(race, text) -> None:
    response, browser, fields = race
    fields[f"q{text.pk}"] = ["My text"]
    first = browser.post(PAGE, {**fields, "go": "stay"})

    again = browser.post(PAGE, {**fields_on(first), "go": "stay"})

    assert again.status_code == 409
    assert ">\nMy text</textarea>" in again.text
    assert value_of(response, "long_text") == "The colleague’s text"


def test_a_choice_over_a_version_that_is_no_more_conflicts_again(
    race, text, questionnaire, delegation, contributor
) -> None:
    response, browser, fields = race
    fields[f"q{text.pk}"] = ["My text"]
    page = browser.post(PAGE, {**fields, "go": "stay"})
    operations.save_answers(questionnaire, delegation, [operations.Change(text.pk, "A third", 2)], by=contributor)

    again = browser.post(PAGE, {**fields_on(page), f"q{text.pk}-pick": "mine", "go": "stay"})

    assert again.status_code == 409
    assert "A third" in again.text.replace("<mark>", "").replace("</mark>", "")
    assert value_of(response, "long_text") == "A third"
    final = browser.post(PAGE, {**fields_on(again), f"q{text.pk}-pick": "mine", "go": "stay"})
    assert final.status_code == 302
    assert value_of(response, "long_text") == "My text"


@pytest.mark.parametrize("kind", ["single", "multiple", "matrix", "number", "scale"])
def test_a_merge_of_what_cannot_be_merged_stores_no_text_in_its_place(
    questionnaire, delegation, client_of, kind
) -> None:
    response = draft(questionnaire, delegation)
    question = question_of(questionnaire, kind)
    page = address("edit_section", question.section.position)
    browser = client_of("contributor")
    fields = fields_on(browser.get(page))
    forged = {f"q{question.pk}-pick": "merged", f"q{question.pk}-merged": "<text>", f"q{question.pk}-theirs": "1"}

    assert browser.post(page, {**fields, **forged, "go": "stay"}).status_code in (302, 409)

    assert value_of(response, kind) == VALUES[kind]
    for name in ("edit_section", "check_response", "read_response"):
        url = page if name == "edit_section" else address(name)
        assert browser.get(url).status_code == 200


def test_a_merge_for_a_field_of_one_line_has_no_line_ends(questionnaire, delegation, client_of) -> None:
    response = draft(questionnaire, delegation)
    short = question_of(questionnaire, "short_text")
    browser = client_of("contributor")
    fields = fields_on(browser.get(PAGE))
    picked = {f"q{short.pk}-pick": "merged", f"q{short.pk}-merged": "Theirs\r\n\r\nMine", f"q{short.pk}-theirs": "1"}

    assert browser.post(PAGE, {**fields, **picked, "go": "stay"}).status_code == 302

    assert value_of(response, "short_text") == "Theirs  Mine"
    before = Answer.objects.get(question=short).version
    browser.post(PAGE, {**fields_on(browser.get(PAGE)), "go": "stay"})
    assert Answer.objects.get(question=short).version == before


@pytest.mark.parametrize("version", ["-1", "99999999999", "1e3", "١", "", "x" * 5000, "\x00"])
def test_a_forged_version_overwrites_nothing(race, text, version) -> None:
    response, browser, fields = race

    answer = browser.post(PAGE, {**fields, f"q{text.pk}": "My text", f"q{text.pk}-version": version})

    assert answer.status_code == 409
    assert value_of(response, "long_text") == "The colleague’s text"


# States
def test_a_reader_does_not_save(questionnaire, delegation, client_of, text) -> None:
    response = draft(questionnaire, delegation)

    assert client_of("reader").post(PAGE, {f"q{text.pk}": "x", f"q{text.pk}-version": "1"}).status_code == 403
    assert value_of(response, "long_text") == VALUES["long_text"]


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_is_taken_nothing_is_saved_and_the_typed_text_stands_on_the_page(
    questionnaire, delegation, focal_point, client_of, text, state
) -> None:
    response = draft(questionnaire, delegation)
    browser = client_of("contributor")
    fields = fields_on(browser.get(PAGE))
    bring_to(state, response, focal_point)
    fields[f"q{text.pk}"] = ["Typed too late, kept all the same"]

    page = browser.post(PAGE, {**fields, "go": "next"})

    assert page.status_code == 409
    assert "Nothing was saved" in page.text
    assert "Typed too late, kept all the same" in page.text
    assert value_of(response, "long_text") == VALUES["long_text"]
    read = browser.get(PAGE)
    assert read.status_code == 200
    assert f'name="q{text.pk}"' not in read.text
    assert "Sample long answer" in read.text


def test_a_returned_response_is_written_again(questionnaire, delegation, focal_point, client_of, text) -> None:
    response = draft(questionnaire, delegation)
    bring_to("returned", response, focal_point)
    browser = client_of("contributor")

    sent = browser.post(PAGE, {**fields_on(browser.get(PAGE)), f"q{text.pk}": "Corrected", "go": "stay"})

    assert sent.status_code == 302
    assert value_of(response, "long_text") == "Corrected"


@pytest.mark.parametrize(("late", "status"), [(-1, 302), (0, 409), (1, 409)])
def test_the_deadline_holds_to_the_second(questionnaire, delegation, client_of, text, late, status) -> None:
    response = draft(questionnaire, delegation)
    deadline = (timezone.now() + timedelta(minutes=9)).replace(microsecond=0)
    Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=deadline)
    browser = client_of("contributor")
    fields = {**fields_on(browser.get(PAGE)), f"q{text.pk}": "At the last second", "go": "stay"}

    with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
        assert browser.post(PAGE, fields).status_code == status
        assert (f'name="q{text.pk}"' in browser.get(PAGE).text) == (status == 302)

    assert (value_of(response, "long_text") == "At the last second") == (status == 302)


# Files
@pytest.fixture
def file(questionnaire):
    return question_of(questionnaire, "file")


def upload(name: str = "Sample paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def names_of(question) -> list[str]:
    answer = Answer.objects.filter(question=question).first()
    return [file["name"] for file in (answer.value or [])] if answer else []


def test_files_are_attached_and_removed_with_the_section(questionnaire, delegation, client_of, file) -> None:
    browser = client_of("contributor")
    sent = {**fields_on(browser.get(SECOND)), f"q{file.pk}-file": [upload("a.pdf"), upload("b.pdf", PDF + b"second")]}
    assert browser.post(SECOND, {**sent, "go": "stay"}).status_code == 302
    assert names_of(file) == ["a.pdf", "b.pdf"]
    page = browser.get(SECOND)
    assert "a.pdf" in page.text

    # A section that is sent back untouched changes nothing, and the same file is attached once.
    version = Answer.objects.get(question=file).version
    assert browser.post(SECOND, fields_on(page)).status_code == 302
    assert browser.post(SECOND, {**fields_on(page), f"q{file.pk}-file": upload("a.pdf")}).status_code == 302
    assert Answer.objects.get(question=file).version == version

    first = Attachment.objects.earliest("pk")
    removing = {**fields_on(page), "go": f"remove-{file.pk}-{first.pk}"}
    assert browser.post(SECOND, removing).status_code == 302
    assert names_of(file) == ["b.pdf"]
    assert browser.post(SECOND, removing).status_code == 302  # a second click
    assert names_of(file) == ["b.pdf"]
    assert Attachment.objects.count() == 2  # earlier texts name them


def test_a_refused_file_is_named_and_the_rest_is_saved(questionnaire, delegation, client_of, file) -> None:
    browser = client_of("contributor")
    number = question_of(questionnaire, "number")
    files = [upload("bad.pdf", b"MZ\x00"), upload("good.pdf")]

    page = browser.post(SECOND, {**fields_on(browser.get(SECOND)), f"q{file.pk}-file": files, f"q{number.pk}": "7"})

    assert page.status_code == 422
    assert "bad.pdf: This type of file is not taken." in page.text
    assert Answer.objects.get(question=number).value == "7"
    assert names_of(file) == ["good.pdf"]


def test_two_colleagues_attach_files_at_once_and_both_stand(
    questionnaire, delegation, contributor, client_of, file
) -> None:
    browser = client_of("focal_point")
    fields = fields_on(browser.get(SECOND))
    operations.attach_file(questionnaire, delegation, file.pk, upload("Theirs.pdf"), by=contributor)

    answer = browser.post(SECOND, {**fields, f"q{file.pk}-file": upload("Mine.pdf", PDF + b"mine"), "go": "stay"})

    assert answer.status_code == 302
    assert names_of(file) == ["Theirs.pdf", "Mine.pdf"]


# Hostile posts
@pytest.mark.parametrize(
    "value",
    [
        "x" * 50_000,
        "\x00" * 500,
        "\ud800",
        "\u202eabc\u2066",
        "😀" * 5000,
        "<script>",
        "{% x %}",
        "\r\r\n\n",
        "\x0b\x0c\x1f",
    ],
    ids=lambda value: ascii(value[:8]),
)
def test_no_text_crashes_the_page_or_any_other(questionnaire, delegation, client_of, value) -> None:
    browser = client_of("contributor")
    raw = value.encode("utf-8", "surrogatepass")
    for page in (PAGE, SECOND):
        fields = fields_on(browser.get(page))
        sent = {}
        for name in fields:
            sent[name] = fields[name] if name.endswith("-version") else [raw, raw]
            sent.setdefault(name.removesuffix("-version"), [raw])
        assert browser.post(page, {**sent, "go": "stay"}).status_code == 302

    for name in ("read_response", "check_response", "export_response_pdf", "export_response_docx"):
        assert browser.get(address(name)).status_code == 200
    for page in (PAGE, SECOND):
        again = browser.get(page)
        assert again.status_code == 200
        assert browser.post(page, {**fields_on(again), "go": "stay"}).status_code == 302
    assert {answer.version for answer in Answer.objects.all()} <= {1}
