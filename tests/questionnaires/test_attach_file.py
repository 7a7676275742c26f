"""Files of an answer: attached and removed, one at a time by the page or many by a plain form."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icoca_portal.lib.uploads import UploadRefused
from questionnaires import operations
from questionnaires.exceptions import FilesNotTaken, QuestionnaireClosed, QuestionNoLongerAsked, ResponseSealed
from questionnaires.models import Answer, AnswerRevision, Attachment, Question, Questionnaire, Response
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import (
    PDF,
    STATES,
    WITHOUT_DELEGATION,
    address,
    at_once,
    bring_to,
    draft,
    fields_on,
    make_questionnaire,
    value_of,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def questionnaire() -> Questionnaire:
    questionnaire = make_questionnaire(opened=False)
    Question.objects.filter(kind="long_text").update(takes_files=True)
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire


@pytest.fixture(params=["file", "long_text"])
def question(request, questionnaire) -> Question:
    """A question of files, and one that takes files beside its text."""
    return question_of(questionnaire, request.param)


def paper(name: str = "Sample paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def to_attach(question: Question) -> str:
    return address("attach_file", question.section.position, question.pk)


def to_remove(question: Question, pk: int) -> str:
    return address("remove_file", question.section.position, question.pk, pk)


def send(browser, question: Question, *papers: SimpleUploadedFile, **more):
    return browser.post(to_attach(question), {f"q{question.pk}-file": papers or paper()}, **more)


def names(question: Question) -> list[str]:
    answer = Answer.objects.filter(question=question).first()
    if answer is None:
        return []
    return [file["name"] for file in ((answer.value if question.kind == "file" else answer.files) or [])]


# The page
@pytest.mark.parametrize("who", ["contributor", "focal_point"])
def test_a_file_is_attached_as_it_is_chosen_and_listed(question, client_of, who) -> None:
    page = send(client_of(who), question, headers=HTMX)

    assert page.status_code == 200
    assert "Sample paper.pdf" in page.text
    assert "<html" not in page.text
    assert names(question) == ["Sample paper.pdf"]


def test_a_plain_form_attaches_several_and_goes_back(question, client_of) -> None:
    answer = send(client_of("contributor"), question, paper("a.pdf"), paper("b.pdf", PDF + b"b"))
    section = address("edit_section", question.section.position)
    assert answer["Location"] == f"{section}#q-{question.pk}"
    assert names(question) == ["a.pdf", "b.pdf"]


def test_it_is_removed_and_stays_in_the_archive(question, client_of) -> None:
    browser = client_of("contributor")
    send(browser, question)
    pk = Attachment.objects.get().pk

    page = browser.post(to_remove(question, pk), headers=HTMX)
    assert page.status_code == 200
    assert "Sample paper.pdf" not in page.text
    assert browser.post(to_remove(question, pk)).status_code == 302  # a second click, and without JavaScript

    assert names(question) == []
    assert Attachment.objects.count() == 1
    assert b"".join(browser.get(address("read_attachment", pk)).streaming_content) == PDF


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x00", "This type of file is not taken."),
        (b"", "The file is empty."),
        (PDF + b"x" * 21 * 1024 * 1024, "The file has 22 MB; the limit is 20 MB."),
    ],
    ids=["a program", "empty", "21 MB"],
)
def test_what_is_refused_is_named_with_why(question, client_of, content, sentence) -> None:
    page = send(client_of("contributor"), question, paper("Bad.pdf", content), headers=HTMX)

    assert page.status_code == 422
    assert f"Bad.pdf: {sentence}" in page.text
    assert not Attachment.objects.exists()
    assert not Response.objects.exists()


def test_an_answer_takes_ten_files(question, client_of) -> None:
    browser = client_of("contributor")
    send(browser, question, *(paper(f"{n}.pdf", PDF + bytes([n])) for n in range(10)))
    page = send(browser, question, paper("eleventh.pdf", PDF + b"eleven"), headers=HTMX)
    assert page.status_code == 422
    assert "An answer takes 10 files. Remove one first." in page.text
    assert len(names(question)) == 10


def test_a_question_that_takes_no_files_says_so(questionnaire, client_of) -> None:
    question = question_of(questionnaire, "number")
    page = send(client_of("contributor"), question, headers=HTMX)
    assert page.status_code == 422
    assert "This question takes no files." in page.text


def test_readers_do_not_attach(question, client_of, delegation, questionnaire, focal_point) -> None:
    operations.attach_file(questionnaire, delegation, question.pk, paper(), by=focal_point)
    browser = client_of("reader")
    assert send(browser, question).status_code == 403
    assert browser.post(to_remove(question, Attachment.objects.get().pk)).status_code == 403
    assert names(question) == ["Sample paper.pdf"]


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(question, client_of, who) -> None:
    assert send(client_of(who), question).status_code == 403
    assert client_of(who).post(to_remove(question, 1)).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(question, client_of, who) -> None:
    assert send(client_of(who), question)["Location"].startswith(reverse("account_login"))
    assert send(client_of(who), question, headers=HTMX).status_code == 401
    assert not Attachment.objects.exists()


def test_another_delegation_attaches_to_its_own(question, client_of, questionnaire, delegation, focal_point) -> None:
    operations.attach_file(questionnaire, delegation, question.pk, paper(), by=focal_point)
    theirs = Attachment.objects.get()
    browser = client_of("other_focal_point")

    assert send(browser, question, paper("Own.pdf"), headers=HTMX).status_code == 200
    browser.post(to_remove(question, theirs.pk))

    own, other = Attachment.objects.get(response__delegation=delegation), Attachment.objects.latest("pk")
    assert own == theirs
    assert other.response.delegation.code == "se"
    for answer in Answer.objects.all():
        assert len((answer.value if question.kind == "file" else answer.files) or []) == 1


def test_what_does_not_exist_is_not_found(question, client_of) -> None:
    foreign = question_of(factories.QuestionnaireFactory(), "file")
    browser = client_of("contributor")
    for pk in (foreign.pk, 10**30):
        assert browser.post(address("attach_file", 1, pk), {f"q{pk}-file": paper()}).status_code == 404
        assert browser.post(address("remove_file", 1, pk, 1)).status_code == 404
    assert browser.get(to_attach(question)).status_code == 405
    assert browser.get(to_remove(question, 1)).status_code == 405


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_is_taken_it_says_so(question, delegation, focal_point, client_of, state, questionnaire) -> None:
    response = draft(questionnaire, delegation)
    operations.attach_file(questionnaire, delegation, question.pk, paper(), by=focal_point)
    bring_to(state, response, focal_point)
    browser = client_of("contributor")

    page = send(browser, question, paper("Late.pdf"), headers=HTMX)
    assert page.status_code == 422
    assert browser.post(to_remove(question, Attachment.objects.get().pk), headers=HTMX).status_code == 422

    assert names(question) == ["Sample paper.pdf"]
    with pytest.raises((QuestionnaireClosed, ResponseSealed)):
        operations.attach_file(questionnaire, delegation, question.pk, paper("b.pdf"), by=focal_point)


# Texts and files do not stand in each other's way
@pytest.fixture
def beside(questionnaire) -> Question:
    return question_of(questionnaire, "long_text")


def test_a_file_is_no_conflict_for_who_types(questionnaire, beside, delegation, contributor, client_of) -> None:
    response = draft(questionnaire, delegation)
    page = address("edit_section", 1)
    browser = client_of("focal_point")
    fields = fields_on(browser.get(page))
    operations.attach_file(questionnaire, delegation, beside.pk, paper(), by=contributor)

    assert browser.post(page, {**fields, f"q{beside.pk}": "Typed meanwhile", "go": "stay"}).status_code == 302

    assert value_of(response, "long_text") == "Typed meanwhile"
    assert names(beside) == ["Sample paper.pdf"]
    origins = AnswerRevision.objects.filter(answer__question=beside).values_list("version", "origin", "value")
    assert list(origins) == [
        (1, "typed", VALUES["long_text"]),
        (2, "files", VALUES["long_text"]),
        (3, "typed", "Typed meanwhile"),
    ]


def test_a_text_saved_before_the_file_is_still_a_conflict(
    questionnaire, beside, delegation, contributor, focal_point
) -> None:
    draft(questionnaire, delegation)
    change = operations.Change(beside.pk, "Theirs", 1)
    operations.save_answers(questionnaire, delegation, [change], by=contributor)
    operations.attach_file(questionnaire, delegation, beside.pk, paper(), by=contributor)

    mine = operations.Change(beside.pk, "Mine", 1)
    _response, saved = operations.save_answers(questionnaire, delegation, [mine], by=focal_point)

    assert set(saved.conflicts) == {beside.pk}


def test_a_text_brought_back_and_forth_is_still_a_conflict(
    questionnaire, beside, delegation, contributor, focal_point
) -> None:
    draft(questionnaire, delegation)
    for version, text in ((1, "Theirs"), (2, VALUES["long_text"])):
        operations.save_answers(
            questionnaire, delegation, [operations.Change(beside.pk, text, version)], by=contributor
        )
    mine = operations.Change(beside.pk, "Mine", 1)
    assert operations.save_answers(questionnaire, delegation, [mine], by=focal_point)[1].conflicts


def test_files_beside_a_text_are_sealed_and_read_by_the_board(
    questionnaire, beside, delegation, focal_point, client_of
) -> None:
    response = draft(questionnaire, delegation)
    operations.attach_file(questionnaire, delegation, beside.pk, paper(), by=focal_point)
    assert "Sample paper.pdf" in client_of("focal_point").get(address("check_response")).text

    submission = operations.submit_response(response, by=focal_point)

    (file,) = submission.record.by_id[beside.pk].attached
    assert file["sha256"] == Attachment.objects.get().sha256
    found = address("read_submitted_file", submission.pk, file["attachment"])
    assert b"".join(client_of("director").get(found).streaming_content) == PDF
    page = client_of("director").get(address("read_delegation_review", "switzerland"))
    assert "Sample paper.pdf" in page.text


# The operation
def test_a_removed_question_takes_no_files(questionnaire, delegation, focal_point) -> None:
    with pytest.raises(QuestionNoLongerAsked):
        operations.attach_file(questionnaire, delegation, 10**9, paper(), by=focal_point)
    number = question_of(questionnaire, "number")
    with pytest.raises(FilesNotTaken):
        operations.attach_file(questionnaire, delegation, number.pk, paper(), by=focal_point)
    with pytest.raises(UploadRefused):
        operations.attach_file(questionnaire, delegation, 10**9, paper(content=b"MZ\x00"), by=focal_point)
    assert not Response.objects.exists()
    assert not Attachment.objects.exists()


def test_removing_from_nothing_begins_nothing(questionnaire, question, delegation, focal_point) -> None:
    operations.remove_file(questionnaire, delegation, question.pk, 1, by=focal_point)
    assert not Response.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_sent_at_the_same_moment_are_all_attached(delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    pk = question_of(questionnaire, "file").pk
    tasks = [
        lambda n=n: operations.attach_file(
            questionnaire, delegation, pk, paper(f"{n}.pdf", PDF + bytes([n])), by=focal_point
        )
        for n in range(6)
    ]

    at_once(tasks)

    answer = Answer.objects.get()
    assert sorted(file["name"] for file in answer.value) == [f"{n}.pdf" for n in range(6)]
    assert answer.version == answer.revisions.count() == 6
