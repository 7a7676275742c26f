"""Themes and their passages: where words stand, what is refused, and that nothing is tagged twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires import operations
from questionnaires.exceptions import NothingSubmitted, PassageNotFound, ThemeTaken
from questionnaires.models import Passage, Question, Questionnaire, Submission, Theme
from questionnaires.review import marked, place_of
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED, make_questionnaire, submit

pytestmark = pytest.mark.django_db
TEXT = "First the audit 😀 of se\u0301curite\u0301.\nThen the audit again, نموذج."


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.fixture
def question(questionnaire: Questionnaire) -> Question:
    return question_of(questionnaire, "long_text")


@pytest.fixture
def submission(questionnaire: Questionnaire) -> Submission:
    return submit(questionnaire, "Sample A", long_text=TEXT)


@pytest.fixture
def address(question: Question) -> str:
    return reverse("questionnaires:tag_passage", args=["sample-plan", question.pk, "sample-a", 1])


@pytest.mark.parametrize(
    ("words", "start", "end", "found"),
    [
        ("the audit", None, None, "the audit"),
        ("  the audit ", None, None, "the audit"),
        ("the audit", 38, 47, "the audit"),
        ("the audit", 3, 12, "the audit"),
        ("audit 😀 of", 10, 20, "audit 😀 of"),
        ("sécurité", None, None, "se\u0301curite\u0301"),
        ("se\u0301curite", None, None, "se\u0301curite\u0301"),
        ("sécurité. Then", None, None, "se\u0301curite\u0301.\nThen"),
        ("نموذج", None, None, "نموذج"),
    ],
)
def test_words_are_found_where_they_stand(words, start, end, found) -> None:
    place = place_of(words, TEXT, start, end)

    assert place is not None
    assert TEXT[slice(*place)] == found


def test_the_second_of_equal_words_is_the_one_that_was_chosen() -> None:
    second = TEXT.rindex("the audit")

    assert place_of("the audit", TEXT, second, second + 9) == (second, second + 9)
    assert place_of("the audit", TEXT, second + 1, second + 9) == (6, 15)


@pytest.mark.parametrize("words", ["", "  ", "not in it", "\u0301", "😀😀"])
def test_words_that_do_not_stand_there_are_nowhere(words) -> None:
    assert place_of(words, TEXT) is None


def test_a_place_never_parts_a_letter_from_its_accent_or_a_sign_from_its_parts() -> None:
    assert place_of("e", "e\u0301tat", 0, 1) == (0, 2)
    assert place_of("👩", "a 👩\u200d💻 b", 2, 3) == (2, 5)


def test_overlapping_passages_are_marked_without_crossing() -> None:
    html = marked("ab<cd>ef", [(0, 4, "One"), (2, 6, "Two & more")])

    assert html == (
        '<mark class="wg-passage" title="One">ab</mark>'
        '<mark class="wg-passage is-several" title="One, Two &amp; more">&lt;c</mark>'
        '<mark class="wg-passage" title="Two &amp; more">d&gt;</mark>ef'
    )


def test_a_director_tags_words_and_is_back_at_the_answer(submission, question, address, director, client_of) -> None:
    second = TEXT.rindex("the audit")
    sent = {"text": "the audit", "theme": " Timely  audits ", "start": second, "end": second + 9, "back": "delegation"}

    answer = client_of("director").post(address, sent, follow=True)

    assert answer.redirect_chain[0][0].endswith(f"/review/by/sample-a/?number=1#q-{question.pk}")
    passage = Passage.objects.get()
    assert (passage.start, passage.end, passage.text) == (second, second + 9, "the audit")
    assert (passage.theme.name, passage.tagged_by) == ("Timely audits", director)
    assert '<mark class="wg-passage" title="Timely audits">the audit</mark> again' in answer.text
    assert answer.text.count("wg-passage") >= 2


def test_sent_twice_it_is_one_passage_under_one_theme(submission, address, client_of) -> None:
    browser = client_of("director")
    for theme in ("Audits", "audits", "AUDITS "):
        assert browser.post(address, {"text": "First the audit", "theme": theme}).status_code == 302

    assert Passage.objects.count() == Theme.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": "words that are not there", "theme": "Audits"}, "These words do not stand in the answer."),
        ({"text": "", "theme": "Audits"}, "Copy the words from the answer first."),
        ({"text": "the audit", "theme": "  "}, "Name the theme."),
        ({"text": "the audit", "theme": "x" * 200}, "Shorten the name to 120 characters"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(submission, address, client_of, sent, said) -> None:
    answer = client_of("director").post(address, sent)

    assert answer.status_code == 422
    assert "The words are not tagged" in answer.text
    assert said in answer.text
    assert sent["text"] in answer.text
    assert sent["theme"].strip() in answer.text
    assert not Passage.objects.exists()


@pytest.mark.parametrize("who", [*REFUSED, "secretariat", "superuser"])
def test_the_board_alone_tags(submission, address, client_of, who) -> None:
    assert client_of(who).post(address, {"text": "the audit", "theme": "Audits"}).status_code == 403
    assert not Passage.objects.exists()


def test_only_words_of_an_answer_can_be_tagged(submission, questionnaire, director) -> None:
    for kind in ("scale", "file", "single"):
        with pytest.raises(NothingSubmitted):
            operations.tag_passage(
                submission, question_id=question_of(questionnaire, kind).pk, text="4", theme="Audits", by=director
            )
    with pytest.raises(PassageNotFound):
        operations.tag_passage(
            submission, question_id=question_of(questionnaire, "long_text").pk, text="x", theme="A", by=director
        )


def test_untagged_words_lose_their_mark_and_can_be_tagged_again(submission, question, address, client_of) -> None:
    browser = client_of("director")
    browser.post(address, {"text": "the audit", "theme": "Audits"})
    passage = Passage.objects.get()
    untag = reverse("questionnaires:untag_passage", args=["sample-plan", passage.pk])

    for _click in range(2):
        assert browser.post(untag, {"back": "theme"}).status_code == 302
    passage.refresh_from_db()
    assert passage.removed_at is not None
    page = browser.get(reverse("questionnaires:read_theme", args=["sample-plan", passage.theme_id])).text
    assert "No passage stands under this theme." in page
    browser.post(address, {"text": "the audit", "theme": "Audits"})
    assert Passage.objects.filter(removed_at=None).count() == 1


def test_a_theme_lists_its_passages_with_whose_they_are(submission, questionnaire, director, client_of) -> None:
    question = question_of(questionnaire, "long_text")
    theme = operations.tag_passage(
        submission, question_id=question.pk, text="First the audit", theme="<b>Audits</b>", by=director
    ).theme
    browser = client_of("director")

    text = browser.get(reverse("questionnaires:read_theme", args=["sample-plan", theme.pk])).text

    assert "First the audit" in text
    assert "Sample A, 1.2" in text
    assert "&lt;b&gt;Audits&lt;/b&gt;" in text
    listed = browser.get(reverse("questionnaires:list_themes", args=["sample-plan"])).text
    assert "1 passage" in listed
    assert "1 delegation" in listed


def test_a_theme_is_renamed_but_never_to_the_name_of_another(questionnaire, director, client_of) -> None:
    theme = operations.make_theme(questionnaire, name="Audits", by=director)
    operations.make_theme(questionnaire, name="Costs", by=director)
    rename = reverse("questionnaires:rename_theme", args=["sample-plan", theme.pk])
    browser = client_of("director")

    refused = browser.post(rename, {"name": "COSTS"})
    assert refused.status_code == 422
    assert "Merge the two instead." in refused.text
    assert 'value="COSTS"' in refused.text
    assert browser.post(rename, {"name": "Timely audits"}).status_code == 302
    theme.refresh_from_db()
    assert theme.name == "Timely audits"


def test_merged_themes_keep_every_passage_once(submission, questionnaire, question, director, client_of) -> None:
    def tag(text: str, theme: str) -> Passage:
        return operations.tag_passage(submission, question_id=question.pk, text=text, theme=theme, by=director)

    kept, gone = tag("First the audit", "Audits").theme, tag("First the audit", "Costs").theme
    tag("again", "Costs")
    merge = reverse("questionnaires:merge_themes", args=["sample-plan", gone.pk])
    browser = client_of("director")

    assert browser.post(merge, {"into": ""}).status_code == 422
    assert browser.post(merge, {"into": str(kept.pk)}).status_code == 302
    assert list(Theme.objects.all()) == [kept]
    assert sorted(kept.passages.filter(removed_at=None).values_list("text", flat=True)) == ["First the audit", "again"]
    assert browser.post(merge, {"into": str(kept.pk)}).status_code == 404


def test_themes_of_another_questionnaire_are_not_mixed(questionnaire, director, client_of) -> None:
    own = operations.make_theme(questionnaire, name="Audits", by=director)
    other = operations.make_theme(factories.QuestionnaireFactory(slug="other-plan"), name="Audits", by=director)
    browser = client_of("director")

    merge = reverse("questionnaires:merge_themes", args=["sample-plan", own.pk])
    assert browser.post(merge, {"into": str(other.pk)}).status_code == 404
    assert browser.get(reverse("questionnaires:read_theme", args=["sample-plan", other.pk])).status_code == 404
    with pytest.raises(ThemeTaken):
        operations.merge_themes(own, into=other, by=director)
    with pytest.raises(ThemeTaken):
        operations.merge_themes(own, into=own, by=director)


def test_the_secretariat_reads_no_theme(submission, questionnaire, question, director, client_of) -> None:
    operations.tag_passage(submission, question_id=question.pk, text="the audit", theme="Audit theme", by=director)
    browser = client_of("secretariat")

    for name, args in (
        ("read_question_review", [question.pk]),
        ("read_delegation_review", ["sample-a"]),
        ("list_objectives_review", []),
        ("read_objective_review", [0]),
    ):
        text = browser.get(reverse(f"questionnaires:{name}", args=["sample-plan", *args])).text
        assert "Audit theme" not in text
        assert "wg-passage" not in text
    assert browser.get(reverse("questionnaires:list_themes", args=["sample-plan"])).status_code == 403
