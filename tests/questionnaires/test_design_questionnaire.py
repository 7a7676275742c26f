"""The designer: one screen with all sections and questions, each step of it by plain links and forms and by htmx."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questionnaires import operations
from questionnaires.models import Question, Questionnaire, Section
from tests import factories
from tests.questionnaires.board import REFUSED
from tests.questionnaires.designing import design, fields_on, make_draft, only_if, question, texts, values

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft() -> Questionnaire:
    return make_draft()


@pytest.fixture
def officer(client_of):
    return client_of("secretariat")


# The screen


def test_the_screen_shows_every_question_with_its_number_kind_and_marks(draft, officer) -> None:
    first = question(draft, "1.1")
    first.required, first.takes_files = True, True
    first.translations = {"fr": {"text": "Exemple ?"}}
    first.save()
    asked_if = question(draft, "1.3")
    asked_if.condition = only_if(question(draft, "1.2"), "one_of", "first", "third")
    asked_if.save()

    page = officer.get(design("design", draft))

    assert page.status_code == 200
    for number in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3"):
        assert f'<span class="wg-num" data-number>{number}</span>' in page.text
        assert f"Sample {number}?" in page.text
    row = page.text.split(f'id="q-{first.pk}"')[1].split("</li>")[0]
    assert "Short text" in row
    assert "Required" in row
    assert "With files" in row
    assert "French missing" not in row
    row = page.text.split(f'id="q-{asked_if.pk}"')[1].split("</li>")[0]
    assert "Asked only if 1.2 is First or Third." in row
    assert "French missing" in row
    assert "Written in English, French." in page.text


def test_it_says_which_text_of_a_question_is_not_translated(draft, officer) -> None:
    row = question(draft, "1.1")
    Questionnaire.objects.filter(pk=draft.pk).update(translations={"fr": {"title": "Exemple"}})
    row.kind, row.unit, row.help_text = "number", "CHF", "Sample help"
    row.translations = {"fr": {"text": "Exemple ?", "help_text": "Aide"}}
    row.save()

    def marks() -> str:
        return officer.get(design("design", draft)).text.split(f'id="q-{row.pk}"')[1].split("</li>")[0]

    assert "French missing: Unit<" in marks()
    row.translations = {"fr": {"unit": "CHF"}}
    row.save()
    assert "French missing: Question, Help<" in marks()
    row.translations = {}
    row.save()
    assert "French missing<" in marks()


def test_a_section_without_questions_has_no_number_because_delegations_do_not_see_it(draft, officer) -> None:
    factories.SectionFactory(questionnaire=draft, position=0, title="Sample empty")

    page = officer.get(design("design", draft))

    assert '<span class="wg-num" data-number aria-hidden="true">–</span>' in page.text
    assert '<span class="wg-num" data-number>1.1</span>' in page.text


def test_the_screen_costs_the_same_queries_with_2_and_60_questions(client_of) -> None:
    browser = client_of("secretariat")
    used = []
    questionnaire = make_draft(("short_text", "single"), sections=1)
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    section = questionnaire.sections.get()
    for many in (0, 58):
        for number in range(many):
            factories.QuestionFactory(
                section=section, position=number + 3, condition=only_if(question(questionnaire, "1.1"), "answered")
            )
        browser.get(design("design", questionnaire))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(design("design", questionnaire)).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 15


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_are_sent_away(draft, client_of, who) -> None:
    browser = client_of(who)
    row = question(draft, "1.1")

    assert browser.get(design("design", draft)).status_code in (302, 403)
    assert browser.post(design("remove_question", draft, row.pk)).status_code in (302, 403)
    row.refresh_from_db()
    assert row.removed_at is None


def test_what_is_of_another_questionnaire_is_not_found(draft, officer) -> None:
    other = factories.QuestionnaireFactory(opened=False)
    row = Question.objects.filter(section__questionnaire=other).first()

    assert officer.get(design("change_question", draft, row.pk)).status_code == 404
    assert officer.post(design("remove_question", draft, row.pk)).status_code == 404
    assert officer.get(design("add_question", draft, row.section_id)).status_code == 404
    assert officer.get(design("change_section", draft, row.section_id)).status_code == 404
    assert officer.get(design("design", draft).replace(str(draft.pk), "4711")).status_code == 404


@pytest.mark.parametrize("step", ["duplicate", "remove", "restore", "delete"])
def test_a_step_is_taken_by_a_form_and_not_by_a_link(draft, officer, step) -> None:
    row = question(draft, "1.1")

    assert officer.get(design(f"{step}_question", draft, row.pk)).status_code == 405
    assert officer.get(design(f"{step}_section", draft, row.section_id)).status_code == 405
    assert officer.get(design("reorder_questions", draft)).status_code == 405


# Adding


def test_a_question_is_added_below_another_with_its_choices_in_two_languages(draft, officer) -> None:
    section = question(draft, "1.1").section
    address = f"{design('add_question', draft, section.pk)}?after={question(draft, '1.1').pk}"
    form = fields_on(officer.get(address)) | {
        "kind": "single",
        "text": "Sample  new\nquestion?",
        "text-fr": "Nouvelle question ?",
        "help_text-fr": "Aide",
        "choices-key": ["", "", ""],
        "choices-label": ["Yes, at once", "", "Not now"],
        "choices-label-fr": ["Oui, tout de suite", "", ""],
        "choices-type": [],
        "has_other": "on",
    }

    answer = officer.post(address, form)

    made = Question.objects.get(text="Sample new question?")
    assert answer.status_code == 302
    assert answer["Location"] == f"{design('design', draft)}#q-{made.pk}"
    assert texts(draft)[0] == ["Sample 1.1?", "Sample new question?", "Sample 1.2?", "Sample 1.3?"]
    assert made.translations == {"fr": {"text": "Nouvelle question ?", "help_text": "Aide"}}
    assert made.choices == [
        {"key": "yes-at-once", "label": "Yes, at once", "labels": {"fr": "Oui, tout de suite"}},
        {"key": "not-now", "label": "Not now"},
    ]
    assert made.has_other


def test_a_question_can_be_added_first_and_at_the_end(draft, officer) -> None:
    section = question(draft, "1.1").section
    for after, text in (("?after=0", "Sample first?"), ("", "Sample last?")):
        address = design("add_question", draft, section.pk) + after
        officer.post(address, fields_on(officer.get(address)) | {"text": text})

    assert texts(draft)[0] == ["Sample first?", "Sample 1.1?", "Sample 1.2?", "Sample 1.3?", "Sample last?"]


def test_without_javascript_rows_are_added_moved_and_removed_by_the_server(draft, officer) -> None:
    address = design("add_question", draft, draft.sections.first().pk)
    form = fields_on(officer.get(address)) | {
        "kind": "single",
        "text": "Sample new?",
        "choices-key": ["", ""],
        "choices-label": ["One", "Two"],
        "choices-label-fr": ["", "Deux"],
    }

    page = officer.post(address, form | {"_row": "choices:add"})
    assert page.status_code == 200
    assert fields_on(page)["choices-label"] == ["One", "Two", ""]
    assert fields_on(page)["text"] == ["Sample new?"]
    page = officer.post(address, fields_on(page) | {"_row": "choices:1:up"})
    assert fields_on(page)["choices-label"] == ["Two", "One", ""]
    assert fields_on(page)["choices-label-fr"] == ["Deux", "", ""]
    page = officer.post(address, fields_on(page) | {"_row": "choices:0:remove"})
    assert fields_on(page)["choices-label"] == ["One", ""]
    assert not Question.objects.filter(text="Sample new?").exists()


def test_the_form_shows_what_the_kind_needs_and_keeps_what_was_typed_for_another(draft, officer) -> None:
    address = design("add_question", draft, draft.sections.first().pk)
    form = fields_on(officer.get(address)) | {"kind": "number", "unit": "CHF", "choices-label": ["One", "Two"]}

    page = officer.post(address, form | {"_redraw": "1"})

    assert (
        '<fieldset class="wg-list" data-kinds="single multiple ranking matrix" data-list="choices" hidden>' in page.text
    )
    assert '<div class="wg-plain-field" data-kinds="number"><label for="' in page.text.split('_minimum"')[0]
    assert fields_on(page)["choices-label"] == ["One", "Two"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": " "}, "Write the question."),
        ({"kind": "single", "choices-label": ["One", "one"], "choices-key": ["", ""]}, "Give each label once."),
        (
            {"kind": "single", "choices-label": [""], "choices-label-fr": ["Un"], "choices-key": [""]},
            "Write each label in English too.",
        ),
        ({"kind": "number", "minimum": "5", "maximum": "4"}, "The largest number is not below the smallest one."),
        ({"kind": "long_text", "word_limit": "0"}, "Write a number from 1, or leave it empty."),
        (
            {"kind": "multiple", "choices-label": ["One", "Two"], "choices-key": ["", ""], "max_choices": "3"},
            "There are only 2 choices.",
        ),
        (
            {"kind": "multiple", "min_choices": "2", "max_choices": "1"},
            "Not fewer than the choices that are needed at least.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(draft, officer, typed, sentence) -> None:
    address = design("add_question", draft, draft.sections.first().pk)
    before = Question.objects.count()

    page = officer.post(address, fields_on(officer.get(address)) | {"text": "Sample typed?"} | typed)

    assert page.status_code == 422
    assert sentence in page.text
    assert Question.objects.count() == before
    if "text" not in typed:
        assert "Sample typed?" in page.text


def test_a_section_is_added_and_changed_in_two_languages(draft, officer) -> None:
    address = f"{design('add_section', draft)}?after={draft.sections.first().pk}"
    officer.post(address, fields_on(officer.get(address)) | {"title": "Sample between", "title-fr": "Entre"})

    made = Section.objects.get(title="Sample between")
    assert [section.title for section in draft.sections.order_by("position")] == [
        "Sample section 1",
        "Sample between",
        "Sample section 2",
    ]
    assert made.translations == {"fr": {"title": "Entre"}}
    address = design("change_section", draft, made.pk)
    answer = officer.post(address, fields_on(officer.get(address)) | {"introduction": "Sample words"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.introduction, made.version) == ("Sample words", 2)


# Changing


def test_rewording_a_choice_keeps_its_key_and_what_is_new_gets_one(draft, officer) -> None:
    row = question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address))
    assert form["choices-key"] == ["first", "second", "third", ""]

    officer.post(
        address,
        form
        | {
            "choices-key": ["third", "first", ""],
            "choices-label": ["Third", "The very first", "Second"],
            "choices-label-fr": ["", "", ""],
        },
    )

    row.refresh_from_db()
    assert [(choice["key"], choice["label"]) for choice in row.choices] == [
        ("third", "Third"),
        ("first", "The very first"),
        ("second-2", "Second"),
    ]
    assert row.version == 2


def test_columns_of_a_table_have_kinds(draft, officer) -> None:
    row = factories.QuestionFactory(section=draft.sections.first(), kind="table", text="Sample table?")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address))

    officer.post(
        address,
        form
        | {
            "columns-key": ["what", "", "how-many"],
            "columns-label": ["What", "Since", "How many"],
            "columns-label-fr": ["Quoi", "", ""],
            "columns-type": ["text", "date", "number"],
            "max_rows": "5",
        },
    )

    row.refresh_from_db()
    assert row.columns == [
        {"key": "what", "label": "What", "labels": {"fr": "Quoi"}, "type": "text"},
        {"key": "since", "label": "Since", "type": "date"},
        {"key": "how-many", "label": "How many", "type": "number"},
    ]
    assert row.max_rows == 5


def test_nothing_changed_is_no_new_version(draft, officer) -> None:
    for number in ("1.1", "1.2", "1.3"):
        row = question(draft, number)
        address = design("change_question", draft, row.pk)
        assert officer.post(address, fields_on(officer.get(address))).status_code == 302
        again = question(draft, number)
        assert (again.version, again.choices) == (1, row.choices)


def test_what_another_kind_needed_is_emptied_when_the_kind_changes(draft, officer) -> None:
    row = question(draft, "1.2")
    address = design("change_question", draft, row.pk)

    officer.post(address, fields_on(officer.get(address)) | {"kind": "long_text", "word_limit": "200"})

    row.refresh_from_db()
    assert (row.kind, row.choices, row.word_limit) == ("long_text", [], 200)


def test_a_third_language_of_the_portal_has_fields_without_more_ado(draft, officer, settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French"), ("es", "Spanish")]
    row = question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address))
    assert {"text-fr", "text-es", "choices-label-es"} <= set(form)

    officer.post(address, form | {"text-es": "¿Ejemplo?", "choices-label-es": ["Primero", "", "", ""]})

    row.refresh_from_db()
    assert row.translations == {"es": {"text": "¿Ejemplo?"}}
    assert row.choices[0]["labels"] == {"es": "Primero"}
    settings.LANGUAGES = settings.LANGUAGES[:2]
    officer.post(address, fields_on(officer.get(address)) | {"text-fr": "Exemple ?"})
    row.refresh_from_db()
    assert row.translations == {"es": {"text": "¿Ejemplo?"}, "fr": {"text": "Exemple ?"}}
    assert row.choices[0]["labels"] == {"es": "Primero"}


def test_who_changed_what_stands_in_the_log_of_the_questionnaire(draft, secretariat, officer) -> None:
    row = question(draft, "1.1")
    address = design("change_question", draft, row.pk)
    officer.post(address, fields_on(officer.get(address)) | {"text": "Sample other?"})

    entry = LogEntry.objects.filter(object_id=str(draft.pk), content_type__model="questionnaire").latest("pk")
    assert entry.user == secretariat
    assert "Question “Sample other?” changed." in entry.change_message


# Two officers at once


def test_a_stale_save_is_refused_with_both_versions_and_can_be_put_over_theirs(draft, officer) -> None:
    row = question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    mine = fields_on(officer.get(address)) | {"text": "Sample mine?", "choices-label": ["One", "Second", "Third", ""]}
    officer.post(address, fields_on(officer.get(address)) | {"text": "Sample theirs?"})

    page = officer.post(address, mine)

    assert page.status_code == 409
    assert "Two versions" in page.text
    for text in ("Sample theirs?", "Sample mine?", "First\nSecond".replace("\n", "<br>"), "One<br>Second"):
        assert text in page.text
    row.refresh_from_db()
    assert row.text == "Sample theirs?"
    assert fields_on(page)["version"] == ["1"]
    assert officer.post(address, fields_on(page)).status_code == 409
    answer = officer.post(address, fields_on(page) | {"_save_over": "2"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.text, row.choices[0]["label"], row.version) == ("Sample mine?", "One", 3)


def test_a_stale_section_is_refused(draft, officer) -> None:
    section = draft.sections.first()
    address = design("change_section", draft, section.pk)
    mine = fields_on(officer.get(address)) | {"title": "Sample mine"}
    officer.post(address, fields_on(officer.get(address)) | {"title": "Sample theirs"})

    page = officer.post(address, mine)

    assert page.status_code == 409
    assert "Sample theirs" in page.text
    section.refresh_from_db()
    assert section.title == "Sample theirs"


def test_a_question_that_a_colleague_removed_is_still_saved_to_be_restored(draft, officer, secretariat) -> None:
    row = question(draft, "1.1")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address)) | {"text": "Sample typed meanwhile?"}
    operations.remove_question(row, by=secretariat)

    page = officer.post(address, form)

    assert page.status_code == 409
    assert "Sample typed meanwhile?" in page.text


# htmx


def test_with_htmx_the_form_comes_into_the_row_and_the_saved_row_comes_back(draft, officer) -> None:
    row = question(draft, "1.1")
    address = design("change_question", draft, row.pk)
    opened = officer.get(address, **HTMX)
    assert opened.text.strip().startswith("<li")
    assert "<html" not in opened.text

    page = officer.post(address, fields_on(officer.get(address)) | {"text": "Sample other?"}, **HTMX)

    assert page.status_code == 200
    assert page.text.strip().startswith(f'<li class="wg-design-row" id="q-{row.pk}"')
    assert "Sample other?" in page.text
    assert 'id="design-seen"' in page.text
    assert 'hx-swap-oob="true"' in page.text


def test_with_htmx_only_the_condition_is_drawn_anew(draft, officer) -> None:
    row, other = question(draft, "1.3"), question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address)) | {"condition": "all", "test-0-question": str(other.pk), "_redraw": "1"}

    page = officer.post(address, form, **HTMX)

    assert page.text.strip().startswith('<fieldset class="wg-condition">')
    for label in ("First", "Second", "Third"):
        assert label in page.text


# Removing, restoring, deleting


def test_a_removed_question_stands_below_and_can_be_restored_where_it_was(draft, officer) -> None:
    row = question(draft, "1.2")

    officer.post(design("remove_question", draft, row.pk))
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.3?"]
    page = officer.get(design("design", draft))
    assert "Sample 1.2?" in page.text.split('id="design-removed"')[1]

    officer.post(design("restore_question", draft, row.pk))
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.2?", "Sample 1.3?"]


def test_what_no_edition_asked_can_be_deleted_for_good(draft, officer) -> None:
    row = question(draft, "1.2")
    copy = operations.duplicate_question(row, by=factories.UserFactory())
    officer.post(design("remove_question", draft, row.pk))

    officer.post(design("delete_question", draft, row.pk))

    assert not Question.objects.filter(pk=row.pk).exists()
    copy.refresh_from_db()
    assert copy.copied_from is None


def test_a_section_is_removed_with_its_questions_restored_and_deleted(draft, officer) -> None:
    section = draft.sections.first()

    officer.post(design("remove_section", draft, section.pk))
    assert texts(draft) == [["Sample 2.1?", "Sample 2.2?", "Sample 2.3?"]]
    officer.post(design("restore_section", draft, section.pk))
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.2?", "Sample 1.3?"]
    officer.post(design("remove_section", draft, section.pk))
    officer.post(design("delete_section", draft, section.pk))
    assert not Section.objects.filter(pk=section.pk).exists()


def test_a_question_of_a_removed_section_is_restored_with_it(draft, officer, secretariat) -> None:
    row = question(draft, "1.1")
    operations.remove_question(row, by=secretariat)
    operations.remove_section(row.section, by=secretariat)

    page = officer.post(design("restore_question", draft, row.pk))

    assert page.status_code == 422
    assert "Restore the section of this question first." in page.text


# The order


def test_a_row_is_moved_up_and_down_without_javascript_also_across_sections(draft, officer) -> None:
    def move(row: Question | Section, way: str) -> None:
        seen = str(officer.get(design("design", draft)).context["screen"].outline.seen)
        name = f"{'q' if isinstance(row, Question) else 's'}{row.pk}:{way}"
        assert officer.post(design("reorder_questions", draft), {"seen": seen, "move": name}).status_code == 302

    move(question(draft, "1.1"), "down")
    assert texts(draft)[0] == ["Sample 1.2?", "Sample 1.1?", "Sample 1.3?"]
    move(question(draft, "2.1"), "up")
    assert texts(draft) == [
        ["Sample 1.2?", "Sample 1.1?", "Sample 1.3?", "Sample 2.1?"],
        ["Sample 2.2?", "Sample 2.3?"],
    ]
    move(draft.sections.order_by("position").last(), "up")
    assert texts(draft)[0] == ["Sample 2.2?", "Sample 2.3?"]


def test_an_order_from_an_old_page_is_refused_with_both_orders(draft, officer, secretariat) -> None:
    first, second, third = (question(draft, number) for number in ("1.1", "1.2", "1.3"))
    seen = officer.get(design("design", draft)).context["screen"].outline.seen
    mine = seen.replace(f"{first.pk}.{second.pk}", f"{second.pk}.{first.pk}")
    theirs = seen.replace(f"{second.pk}.{third.pk}", f"{third.pk}.{second.pk}")
    officer.post(design("reorder_questions", draft), {"seen": seen, "order": theirs})

    page = officer.post(design("reorder_questions", draft), {"seen": seen, "order": mine})

    assert page.status_code == 409
    assert "Two orders" in page.text
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.3?", "Sample 1.2?"]
    answer = officer.post(design("reorder_questions", draft), {"seen": theirs, "order": mine})
    assert answer.status_code == 302
    assert texts(draft)[0] == ["Sample 1.2?", "Sample 1.1?", "Sample 1.3?"]


def test_an_order_that_was_made_up_is_refused(draft, officer) -> None:
    seen = officer.get(design("design", draft)).context["screen"].outline.seen
    for order in ("nonsense", "1:2:3", "", "999:1.2", seen.replace(".", ":")):
        assert officer.post(design("reorder_questions", draft), {"seen": seen, "order": order}).status_code in (
            409,
            422,
        )
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.2?", "Sample 1.3?"]


# “Ask only if”


def test_a_condition_is_written_with_the_answers_of_an_earlier_question(draft, officer) -> None:
    row, other = question(draft, "2.1"), question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    page = officer.post(address, fields_on(officer.get(address)) | {"_row": "tests:add"})
    page = officer.post(address, fields_on(page) | {"test-0-question": str(other.pk), "_redraw": "1"})
    assert fields_on(page)["test-0-is"] == ["one_of"]

    answer = officer.post(address, fields_on(page) | {"test-0-values": ["first", "third"]})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.condition == only_if(other, "one_of", "first", "third")
    officer.post(address, fields_on(officer.get(address)) | {"_row": "tests:0:remove"})
    form = fields_on(officer.post(address, fields_on(officer.get(address)) | {"_row": "tests:0:remove"}))
    officer.post(address, form)
    row.refresh_from_db()
    assert row.condition is None


def test_any_and_a_number_are_stored_too(draft, officer) -> None:
    row, choice, scale = (question(draft, number) for number in ("2.1", "1.2", "1.3"))
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address)) | {
        "condition": "any",
        "test-0-question": str(choice.pk),
        "test-0-is": "blank",
        "test-1-question": str(scale.pk),
        "test-1-is": "at_least",
        "test-1-limit": "3",
    }

    officer.post(address, form)

    row.refresh_from_db()
    assert row.condition == {
        "match": "any",
        "tests": [
            {"question": choice.pk, "is": "blank", "values": []},
            {"question": scale.pk, "is": "at_least", "values": ["3"]},
        ],
    }


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ({"test-0-question": ""}, "Choose the question, or remove this line."),
        ({"test-0-is": "one_of"}, "Choose at least one answer."),
        ({"test-0-is": "one_of", "test-0-values": ["not offered"]}, "Choose at least one answer."),
    ],
)
def test_a_condition_that_says_nothing_is_refused(draft, officer, test, sentence) -> None:
    row, other = question(draft, "2.1"), question(draft, "1.2")
    address = design("change_question", draft, row.pk)
    form = fields_on(officer.get(address)) | {"condition": "all", "test-0-question": str(other.pk)}

    page = officer.post(address, form | test)

    assert page.status_code == 422
    assert sentence in page.text


def test_only_earlier_questions_can_be_looked_at(draft, officer) -> None:
    row = question(draft, "1.2")
    row.condition = only_if(question(draft, "1.1"), "answered")
    row.save()
    page = officer.get(design("change_question", draft, row.pk)).text
    listed = page.split('name="test-0-question"')[1].split("</select>")[0]

    assert "Sample 1.1?" in listed
    assert "Sample 1.2?" not in listed
    assert "Sample 1.3?" not in listed


def test_what_a_condition_looks_at_is_not_moved_behind_removed_or_taken_away(draft, officer, secretariat) -> None:
    row, other = question(draft, "1.3"), question(draft, "1.2")
    row.condition = only_if(other, "one_of", "first")
    row.save()
    seen = officer.get(design("design", draft)).context["screen"].outline.seen
    behind = seen.replace(f"{other.pk}.{row.pk}", f"{row.pk}.{other.pk}")

    page = officer.post(design("reorder_questions", draft), {"seen": seen, "order": behind})
    assert page.status_code == 422
    assert (
        "“Sample 1.3?” is asked only after a certain answer to “Sample 1.2?”, which must stand before it." in page.text
    )
    page = officer.post(design("remove_question", draft, other.pk))
    assert page.status_code == 422
    assert "Sample 1.3?" in page.text.split("errornote")[1].split("</div>")[0]
    address = design("change_question", draft, other.pk)
    form = fields_on(officer.get(address)) | {"choices-key": ["second", ""], "choices-label": ["Second", "Fourth"]}
    page = officer.post(address, form)
    assert page.status_code == 422
    assert "that is not offered any more" in page.text
    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.2?", "Sample 1.3?"]
    other.refresh_from_db()
    assert other.choices[0]["key"] == "first"


def test_opening_refuses_a_condition_that_looks_forward(draft) -> None:
    row = question(draft, "1.1")
    Question.objects.filter(pk=row.pk).update(condition=only_if(question(draft, "1.2"), "answered"))

    assert operations.what_is_missing(draft) == [
        "“Sample 1.1?” is asked only after a certain answer to “Sample 1.2?”, which must stand before it."
    ]


# Copies


def test_a_question_is_duplicated_below_itself(draft, officer) -> None:
    row = question(draft, "1.2")
    row.condition = only_if(question(draft, "1.1"), "answered")
    row.save()

    officer.post(design("duplicate_question", draft, row.pk))

    assert texts(draft)[0] == ["Sample 1.1?", "Sample 1.2?", "Sample 1.2?", "Sample 1.3?"]
    copy = row.copies.get()
    assert (copy.choices, copy.condition) == (row.choices, row.condition)


def test_a_section_is_duplicated_and_its_conditions_look_at_the_copies(draft, officer) -> None:
    row, other = question(draft, "2.3"), question(draft, "2.2")
    row.condition = {
        "match": "all",
        "tests": [
            {"question": other.pk, "is": "answered", "values": []},
            {"question": question(draft, "1.1").pk, "is": "answered", "values": []},
        ],
    }
    row.save()

    officer.post(design("duplicate_section", draft, row.section_id))

    assert texts(draft)[2] == ["Sample 2.1?", "Sample 2.2?", "Sample 2.3?"]
    copied: Any = row.copies.get().condition
    assert [test["question"] for test in copied["tests"]] == [
        other.copies.get().pk,
        question(draft, "1.1").pk,
    ]


def test_questions_are_copied_from_an_earlier_questionnaire_with_their_conditions_where_they_can(
    draft, officer
) -> None:
    new = factories.QuestionnaireFactory(opened=False, title="Sample plan 2019")
    Question.objects.filter(section__questionnaire=new).delete()
    Section.objects.filter(questionnaire=new).delete()
    kept, lost = question(draft, "1.3"), question(draft, "2.1")
    kept.condition = only_if(question(draft, "1.2"), "one_of", "first")
    kept.save()
    lost.condition = only_if(question(draft, "1.1"), "answered")
    lost.save()
    address = f"{design('import_questions', new)}?from={draft.pk}"
    assert "Sample plan 2018" in officer.get(design("import_questions", new)).text
    assert "Sample 2.1?" in officer.get(address).text

    page = officer.post(
        address,
        {"question": [question(draft, n).pk for n in ("1.2", "1.3")], "section": [lost.section_id]},
        follow=True,
    )

    assert texts(new) == [["Sample 1.2?", "Sample 1.3?"], ["Sample 2.1?", "Sample 2.2?", "Sample 2.3?"]]
    copy = kept.copies.get()
    assert copy.condition == only_if(question(draft, "1.2").copies.get(), "one_of", "first")
    assert copy.copied_from == kept
    assert lost.copies.get().condition is None
    assert "“Sample 2.1?” is always asked now" in page.text


def test_nothing_ticked_is_said(draft, officer) -> None:
    other = factories.QuestionnaireFactory(opened=False)

    page = officer.post(f"{design('import_questions', draft)}?from={other.pk}", {})

    assert page.status_code == 422
    assert "Tick a section or a question." in page.text


# What was asked stays


def test_once_asked_a_question_keeps_its_kind_and_is_never_deleted(draft, officer, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    row = question(draft, "1.1")
    address = design("change_question", draft, row.pk)

    assert officer.post(address, fields_on(officer.get(address)) | {"kind": "number"}).status_code == 302
    row.refresh_from_db()
    assert row.kind == "short_text"
    with pytest.raises(operations.designing.QuestionAsked):
        operations.change_question(row, values(row, kind="number"), version=row.version, by=secretariat)
    officer.post(design("remove_question", draft, row.pk))
    assert officer.post(design("delete_question", draft, row.pk)).status_code == 422
    assert Question.objects.filter(pk=row.pk).exists()
    assert "Delete for good" not in officer.get(design("design", draft)).text


def test_a_choice_that_was_removed_and_written_again_is_another_one(draft, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    row = question(draft, "1.2")
    row = operations.change_question(row, values(row, choices=row.choices[1:]), version=1, by=secretariat)

    again = [*row.choices, {"key": "", "label": "First"}]
    row = operations.change_question(row, values(row, choices=again), version=2, by=secretariat)

    assert row.choices[-1] == {"key": "first-2", "label": "First"}


def test_once_closed_the_questions_are_only_read(draft, officer, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    operations.close_questionnaire(draft, by=secretariat)
    row = question(draft, "1.1")

    page = officer.get(design("design", draft))
    assert "Sample 1.1?" in page.text
    assert "Duplicate" not in page.text
    address = design("change_question", draft, row.pk)
    refused = officer.post(address, fields_on(officer.get(address)) | {"text": "Sample mine?"})
    assert refused.status_code == 422
    assert "The questionnaire is closed." in refused.text
    assert officer.post(design("remove_question", draft, row.pk)).status_code == 422
    row.refresh_from_db()
    assert (row.text, row.removed_at) == ("Sample 1.1?", None)
