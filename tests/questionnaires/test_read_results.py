"""The page of published results: who reads it, what stands on it, and what it costs."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib import sealing
from members.models import Organisation
from questionnaires import operations, results
from questionnaires.models import Answer, Questionnaire, Results
from questionnaires.views import results as views
from tests import factories
from tests.counting import queries
from tests.factories import question_of
from tests.questionnaires.board import make_questionnaire, submit
from tests.questionnaires.counted import delegation, edition, only_if, question, record_of, voice

pytestmark = pytest.mark.django_db

FORMATS = ("pdf", "docx", "csv", "json")


def address(questionnaire: Questionnaire, name: str = "read_results") -> str:
    return reverse(f"questionnaires:{name}", args=[questionnaire.slug])


@pytest.fixture
def questionnaire(secretariat) -> Questionnaire:
    """Published: seven responses, two of them with other answers."""
    questionnaire = make_questionnaire()
    for number in range(7):
        many = number < 5
        response = factories.ResponseFactory(
            questionnaire=questionnaire,
            delegation__organisation__name=f"Sample Land {number}",
            delegation__organisation__slug=f"sample-land-{number}",
            values={"scale": 4 if many else 2, "long_text": f"Sample <b>words</b> {number}", "number": str(number)},
        )
        Answer.objects.filter(response=response).update(quote="named" if number == 3 else "unnamed")
        operations.submit_response(response, by=factories.UserFactory())
    operations.close_questionnaire(questionnaire, by=secretariat)
    operations.publish_results(questionnaire, by=secretariat)
    return questionnaire


@pytest.mark.parametrize("who", ["reader", "focal_point", "chair", "director", "secretariat", "superuser"])
def test_participants_the_board_and_the_secretariat_read_it(questionnaire, client_of, who) -> None:
    page = client_of(who).get(address(questionnaire))
    assert page.status_code == 200
    assert "7 answered." in page.text
    assert "Participants, Board, secretariat" in page.text
    assert sealing.grouped(Results.objects.get().sha256) in page.text


def test_a_visitor_signs_in_and_so_does_who_has_no_role_any_more(questionnaire, client_of) -> None:
    assert client_of("visitor").get(address(questionnaire)).status_code == 302
    assert client_of(factories.UserFactory()).get(address(questionnaire)).status_code == 302


@pytest.mark.parametrize("who", ["reader", "chair", "director", "secretariat"])
@pytest.mark.parametrize("closed", [False, True])
def test_before_publication_there_is_nothing(client_of, secretariat, who, closed) -> None:
    questionnaire = make_questionnaire()
    if closed:
        operations.close_questionnaire(questionnaire, by=secretariat)
    browser = client_of(who)
    for name in ("read_results", *(f"export_results_{form}" for form in FORMATS), "verify_results"):
        assert browser.get(address(questionnaire, name)).status_code == 404


def test_small_figures_are_not_on_the_page_nor_in_any_file(questionnaire, client_of) -> None:
    browser = client_of("reader")
    page = browser.get(address(questionnaire)).text
    assert "The figures are not shown: they are small" in page
    assert "No figure is shown that stands for fewer than 5 delegations" in page
    content = json.loads(browser.get(address(questionnaire, "export_results_json")).content)
    scale = next(q for s in content["sections"] for q in s["questions"] if q["kind"] == "scale")
    assert [cell["count"] for cell in scale["tables"][0]["cells"]][:5] == [None] * 5
    assert scale["figures"] == {}
    table = browser.get(address(questionnaire, "export_results_csv")).content.decode("utf-8-sig")
    counts = [row["Figure"] for row in csv.DictReader(table.splitlines()) if row["What"] == "Answers"]
    assert "not shown" in counts
    assert {"1", "2", "3", "4"}.isdisjoint(counts)


def test_quotations_stand_as_texts_with_the_name_or_without(questionnaire, client_of) -> None:
    page = client_of("reader").get(address(questionnaire)).text
    assert page.count("Sample &lt;b&gt;words&lt;/b&gt; 3") == 1
    assert "Sample Land 3" in page
    assert "Sample Land 2" not in page


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")]
)
def test_the_files_are_downloads(questionnaire, client_of, form, begins) -> None:
    answer = client_of("reader").get(address(questionnaire, f"export_results_{form}"))
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert f'filename="{questionnaire.slug}-results.{form}"' in answer["Content-Disposition"]


def test_the_seal_is_the_hash_of_the_json_file_and_can_be_checked(questionnaire, client_of) -> None:
    content = client_of("reader").get(address(questionnaire, "export_results_json")).content
    seal = sealing.digest(content.decode())
    visitor = client_of("visitor")
    verify = address(questionnaire, "verify_results")
    assert "This seal is on record" in visitor.get(verify, {"seal": sealing.grouped(seal)}).text
    assert "This seal is not on record" in visitor.get(verify, {"seal": "0" * 64}).text
    assert visitor.get(verify, {"seal": "0"}).status_code == 422
    assert "Check this seal" in visitor.get(verify).text


def test_it_reads_one_row_and_renders_its_body_once(questionnaire, client_of) -> None:
    browser = client_of("reader")
    browser.get(address(questionnaire))
    views._kept.cache_clear()
    with CaptureQueriesContext(connection) as first:
        browser.get(address(questionnaire))
    once = len(first)  # the next request clears what was captured
    again = queries(browser, address(questionnaire))
    assert again == once - 1 <= 11
    assert views._kept.cache_info().currsize == 1


def test_it_costs_the_same_with_many_questions_and_responses(client_of, secretariat) -> None:
    counts = []
    for responses in (1, 30):
        questionnaire = factories.QuestionnaireFactory()
        for number in range(responses):
            submit(questionnaire, f"Sample Land {responses} {number}")
        operations.close_questionnaire(questionnaire, by=secretariat)
        operations.publish_results(questionnaire, by=secretariat)
        counts.append(queries(client_of("director"), address(questionnaire)))
    assert counts[0] == counts[1]


def test_a_french_reader_reads_the_questions_in_french(client_of, reader, secretariat) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=False)
    row = question_of(questionnaire, "yes_no")
    row.translations = {"fr": {"text": "Exemple de question ?"}}
    row.save()
    operations.open_questionnaire(questionnaire, by=secretariat)
    operations.close_questionnaire(questionnaire, by=secretariat)
    operations.publish_results(questionnaire, by=secretariat)
    reader.language = "fr"
    reader.save()
    assert "Exemple de question ?" in client_of(reader).get(address(questionnaire)).text


def test_the_questionnaire_leads_to_its_results(questionnaire, client_of) -> None:
    assert address(questionnaire) in client_of("reader").get(questionnaire.get_absolute_url()).text


def test_the_list_the_desk_and_the_receipt_lead_to_them_too(client_of, delegation, focal_point, secretariat) -> None:
    questionnaire = make_questionnaire()
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)
    operations.submit_response(response, by=focal_point)
    browser = client_of("focal_point")
    pages = [
        reverse("questionnaires:list_questionnaires"),
        reverse("home"),
        address(questionnaire, "read_submission"),
    ]
    for page in pages:
        assert address(questionnaire) not in browser.get(page).text
    operations.close_questionnaire(questionnaire, by=secretariat)
    operations.publish_results(questionnaire, by=secretariat)
    for page in pages:
        assert address(questionnaire) in browser.get(page).text


# What is counted, without a database


def shown(*voices, editions, threshold: int = 5):
    return results.show_content(results.compose_record(record_of(editions, voices), threshold).content)


def first(found):
    return next(iter(found.questions))


def test_one_response_says_nothing_but_that_there_are_few() -> None:
    content = edition(question(1, "yes_no"))
    found = shown(voice(1, content, {1: "yes"}), editions=[content])
    assert found.rate.answered is None
    assert results.taking.responded(found) == "Of 1 delegations asked, fewer than 5 answered."
    assert first(found).counts == []


def test_everybody_the_same_shows_nothing_of_it() -> None:
    content = edition(question(1, "yes_no"), question(2, "number"), question(3, "ranking", choices=("a", "b", "c")))
    given = {1: "yes", 2: "40", 3: {"a": 1, "b": 2, "c": 3}}
    found = shown(*(voice(n, content, given) for n in range(20)), editions=[content])
    assert {row.shown for q in found.questions for count in q.all_counts for row in count.rows} == {"not shown"}
    assert "small" in first(found).hidden
    assert [q.facts for q in found.questions] == [[], [], []]
    assert all(q.ranks is None for q in found.questions)


def test_two_hundred_responses_show_means_ranks_and_quarters() -> None:
    content = edition(
        question(1, "scale", low="little", high="much"),
        question(2, "number", unit="CHF", required=False),
        question(3, "ranking", choices=("a", "b")),
        question(4, "date"),
        question(5, "country"),
    )
    voices = [
        voice(
            n,
            content,
            {
                1: n % 5 + 1,
                2: str(n * 10) if n % 4 else None,
                3: {"a": 1 + n % 2, "b": 2 - n % 2},
                4: f"2018-{n % 12 + 1:02}-10",
                5: ("CH", "FR", "CH", "US", "CA")[n % 5] if n > 3 else "PT",
            },
        )
        for n in range(200)
    ]
    found = shown(*voices, editions=[content])
    scale, number, ranking, day, country = found.questions
    assert [row.count for row in scale.counts[0].rows] == [40, 40, 40, 40, 40]
    assert scale.facts == [("Mean of those who answered", "3.0")]
    assert [label for label, _figure in number.facts] == ["Lower quarter", "Middle", "Upper quarter"]
    assert number.answered == "150 delegations answered."
    assert [figure for _label, figure in ranking.rank_rows] == ["1.5", "1.5"]
    assert "2018" in day.facts[1][1]
    rows = {row.label: row.count for row in country.counts[0].rows}
    assert rows["Switzerland"] == 78
    assert "Portugal" not in rows
    assert sum(rows.values()) == 200
    assert rows["Other answers, or none"] >= 5


def test_a_question_of_one_edition_has_a_total_of_its_own() -> None:
    old = edition(question(1, "yes_no"), question(2, "yes_no"))
    new = edition(question(1, "yes_no"), question(3, "yes_no"), number=2)
    voices = [voice(n, old, {1: "yes" if n % 2 else "no", 2: "yes" if n % 2 else "no"}) for n in range(12)]
    voices += [voice(20 + n, new, {1: "yes", 3: "yes" if n % 2 else "no"}) for n in range(12)]
    found = shown(*voices, editions=[new, old])
    counted = {q.id: [row.count for row in q.counts[0].rows] for q in found.questions}
    assert counted == {1: [18, 6], 3: [6, 6, 12], 2: [6, 6, 12]}
    assert next(q for q in found.questions if q.id == 2).about == "Asked in edition 1 only. Of 24 delegations."
    few = shown(*voices[:12], voices[12], editions=[new, old])
    assert next(q for q in few.questions if q.id == 3).counts == []


def test_a_conditional_question_is_counted_where_the_other_is_shown_in_full() -> None:
    content = edition(question(1, "yes_no"), question(2, "short_text", condition=only_if(1, "no")))
    yes = [voice(n, content, {1: "yes"}) for n in range(8)]
    no = [voice(20 + n, content, {1: "no", 2: "Sample"}, q2="unnamed") for n in range(6)]
    full = list(shown(*yes, *no, editions=[content]).questions)[1]
    assert full.about == "Asked of some delegations only. Of 6 delegations."
    assert len(full.quotations) == 6
    hidden = results.compose_record(record_of([content], [*yes, *no[:2]]), 5)
    question_shown = list(results.show_content(hidden.content).questions)[1]
    assert "would tell how they answered" in question_shown.about
    assert (question_shown.total, question_shown.answered, question_shown.quotations) == (None, "", [])
    assert hidden.left_out[-1].quotations == 2


def test_a_named_quotation_of_a_hidden_conditional_question_is_held_back() -> None:
    content = edition(question(1, "yes_no"), question(2, "short_text", condition=only_if(1, "no")))
    voices = [voice(n, content, {1: "yes"}) for n in range(8)]
    voices.append(voice(20, content, {1: "no", 2: "Sample reason"}, q2="named"))
    (held,) = results.compose_record(record_of([content], voices), 5).held
    assert (held.text, held.consent) == ("Sample reason", "named")


def test_states_and_organisations_stand_apart_only_where_no_number_is_small() -> None:
    content = edition(question(1, "yes_no"))
    asked = [delegation(n) for n in range(40)]
    for each in asked[20:]:
        each.organisation.kind = Organisation.Kind.INTERNATIONAL_ORGANISATION

    def rate(answered: list[int]):
        record = record_of([content], [voice(n, content, {1: "yes"}) for n in answered])
        voices = [
            type(each)(each.submission, each.record, asked[each.submission], each.people) for each in record.voices
        ]
        whole = type(record)(record.head, record.sections, voices, asked, record.editions)
        return results.show_content(results.compose_record(whole, 5).content)

    apart = rate([*range(10), *range(20, 28)])
    assert [(row.kind, row.answered, row.asked) for row in apart.kinds] == [
        ("States", 10, 20),
        ("International organisations", 8, 20),
    ]
    assert rate([*range(10), *range(20, 23)]).kinds == []
    assert rate([*range(18), *range(20, 28)]).kinds == []


def test_the_deadline_and_drafts_do_not_matter_once_it_is_closed(questionnaire) -> None:
    Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=timezone.now() - timedelta(days=400))
    questionnaire.refresh_from_db()
    assert results.compose(questionnaire).content["rate"]["answered"] == 7
