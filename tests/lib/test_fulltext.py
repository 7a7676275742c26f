"""Full-text search on both databases: what is found, where its words stand, and that nothing typed raises."""

from __future__ import annotations

import pytest

from icoca_portal.lib import fulltext
from questionnaires.models import SubmittedAnswer
from tests import factories
from tests.factories import question_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    """A function that stores a text as an answer, and gives its row."""
    questionnaire = factories.QuestionnaireFactory()
    question = question_of(questionnaire, "long_text")

    def store(text: str) -> SubmittedAnswer:
        submission = factories.SubmissionFactory(response__questionnaire=questionnaire, response__values={})
        answer = submission.answers.get(question=question)
        answer.text = text
        answer.save(update_fields=["text"])
        return answer

    return store


def found(typed: str) -> list[str]:
    return [row.text for row in fulltext.matching(SubmittedAnswer.objects.all(), "text", typed)]


def shown(row: SubmittedAnswer, typed: str) -> str:
    spans = fulltext.marks([row], "text", typed)[row.pk]
    return str(fulltext.snippet(row.text, spans).html)


def test_words_are_found_whatever_their_ending_case_and_accents(row):
    text = "La Sécurité privée exige des certifications; companies were certified."
    row(text)
    row("Nothing of the kind")

    for typed in ("securite", "SÉCURITÉ", "company", "Companies certified", "se\u0301curite\u0301", "privée exige"):
        assert found(typed) == [text], typed
    assert found("securite nothing") == []


def test_words_in_quotes_stand_side_by_side(row):
    row("A file of companies")
    row("Companies file complaints")

    assert found('"companies file"') == ["Companies file complaints"]
    assert len(found("companies file")) == 2


def test_the_row_that_speaks_of_it_most_comes_first(row):
    row("Audits, and " + "many other things " * 30)
    row("Audits of audits by audits")

    assert found("audit")[0] == "Audits of audits by audits"


def test_a_row_that_changes_or_goes_is_found_by_its_new_text_alone(row):
    answer = row("The former wording")
    answer.text = "The later wording"
    answer.save()
    assert found("former") == []
    assert found("later") == ["The later wording"]
    answer.delete()
    assert found("later") == []


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", '"', '""', "'", "*", "a*", "NEAR(a b)", "a AND", "NOT", "OR OR", "text:a", "-a", "^a", "(", ")",
        "a:b", "a & | ! <-> b", "\x00", "a\x00b", "\\", "%s", "%(x)s", "{", "_", "é\u0301", "😀", "\ud800", "';--",
        "a" * 500,
        "word " * 500, '"unended phrase', "\x02\x03", "हिन्दी", "نموذج", "中文字",
    ],
)  # fmt: skip
def test_nothing_that_can_be_typed_raises(row, typed):
    answer = row("Some text")
    assert isinstance(found(typed), list)
    assert isinstance(fulltext.marks([answer], "text", typed), dict)


def test_words_between_signs_are_found_one_by_one(row):
    row("and/or <script>audits</script> see www.paperhost.invalid, well-known_words")
    for word in ("or", "audits", "paperhost", "known", "words"):
        assert len(found(word)) == 1, word


def test_other_scripts_are_found(row):
    row("نموذج: إجابة قصيرة للتجربة")
    assert found("نموذج") == ["نموذج: إجابة قصيرة للتجربة"]


def test_what_was_found_is_marked_in_the_text_as_it_was_written(row):
    answer = row("😀 Pour la sécurité <b>privée</b> & more")
    assert shown(answer, "securite prive") == (
        "😀 Pour la <mark>sécurité</mark> &lt;b&gt;<mark>privée</mark>&lt;/b&gt; &amp; more"
    )


def test_letters_with_their_accents_apart_are_marked_whole(row):
    answer = row("La se\u0301curite\u0301 compte")
    assert shown(answer, "sécurité") == "La <mark>se\u0301curite\u0301</mark> compte"


def test_signs_that_mark_are_not_taken_from_the_text(row):
    answer = row("\x02<script>\x03 audits \x03\x02")
    html = shown(answer, "audits")
    assert "<mark>audits</mark>" in html
    assert "<script>" not in html
    assert html.count("<mark>") == html.count("</mark>")


def test_a_snippet_is_cut_around_the_first_word_found(row):
    answer = row("before " * 200 + "certification " + "after " * 200)
    html = shown(answer, "certifications")
    assert html.startswith("… before")
    assert "<mark>certification</mark>" in html
    assert html.endswith("after …")
    assert len(html) < 400


def test_a_word_far_inside_a_long_text_is_marked(row):
    answer = row(f"{'Words before it, é. ' * 4000}The sécurité of it. {'And after. ' * 2000}")

    spans = fulltext.marks([answer], "text", "securite")[answer.pk]

    assert [answer.text[first:last] for first, last in spans] == ["sécurité"]
    assert "<mark>sécurité</mark>" in fulltext.snippet(answer.text, spans).html
