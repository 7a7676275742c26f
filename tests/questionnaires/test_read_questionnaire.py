"""What a questionnaire asks, who will read the answers, by when."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires.models import Question
from tests.factories import question_of
from tests.questionnaires.answering import (
    SECRET,
    address,
    bring_to,
    draft,
    make_questionnaire,
    narrow_and_wide,
    queries,
)

pytestmark = pytest.mark.django_db
PAGE = address("read_questionnaire")


@pytest.mark.parametrize(
    "who", ["reader", "contributor", "focal_point", "chair", "director", "secretariat", "superuser"]
)
def test_whoever_signs_in_reads_what_is_asked(client_of, who) -> None:
    make_questionnaire()

    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    for question in Question.objects.all():
        assert question.text in page.text
    assert "Until you submit: your delegation only." in page.text


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client_of, who) -> None:
    make_questionnaire()

    answer = client_of(who).get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["focal_point", "chair", "director"])
def test_a_draft_exists_for_the_secretariat_alone(client_of, who) -> None:
    make_questionnaire(opened=False)

    assert client_of(who).get(PAGE).status_code == 404
    page = client_of("secretariat").get(PAGE)
    assert page.status_code == 200
    assert "Start your response" not in page.text


def test_an_unknown_address_is_not_found(client_of) -> None:
    assert client_of("focal_point").get(PAGE).status_code == 404


def test_it_is_only_read(client_of) -> None:
    make_questionnaire()
    assert client_of("focal_point").post(PAGE).status_code == 405


@pytest.mark.parametrize(
    ("who", "state", "button"),
    [
        ("focal_point", None, "Start your response"),
        ("focal_point", "draft", "Continue your response"),
        ("focal_point", "returned", "Continue your response"),
        ("focal_point", "submitted", "Open the receipt"),
        ("focal_point", "past_deadline", "Read your delegation’s response"),
        ("reader", "draft", "Read your delegation’s response"),
        ("other_focal_point", "draft", "Start your response"),
    ],
)
def test_the_one_thing_to_do(client_of, delegation, focal_point, who, state, button) -> None:
    questionnaire = make_questionnaire()
    if state:
        response = draft(questionnaire, delegation, long_text=SECRET)
        if state != "draft":
            bring_to(state, response, focal_point)

    text = client_of(who).get(PAGE).text

    assert text.count('class="btn btn-primary"') == 1
    assert f">{button}</a>" in text
    assert SECRET not in text


def test_it_shows_what_was_frozen_and_not_what_the_rows_say_now(client_of) -> None:
    questionnaire = make_questionnaire()
    Question.objects.filter(pk=question_of(questionnaire, "long_text").pk).update(text="Changed under their hands?")

    text = client_of("focal_point").get(PAGE).text

    assert "Changed under their hands?" not in text
    assert "Sample question, long text?" in text


def test_it_costs_the_same_queries_for_one_and_for_thirty_questions(client_of, delegation) -> None:
    narrow, wide = narrow_and_wide(delegation)
    browser = client_of("focal_point")

    few, many = (queries(browser, reverse("questionnaires:read_questionnaire", args=[slug])) for slug in (narrow, wide))

    assert few == many <= 12


# The promise, before anything is typed
@pytest.mark.parametrize("name", ["read_questionnaire", "read_response"])
@pytest.mark.parametrize(
    ("read_from", "attribution", "sentences"),
    [
        ("submission", "named", ["From the moment you submit: the secretariat and the Board", "with the name of your"]),
        ("closing", "unnamed", ["After the questionnaire has closed: the Board", "without the name of your"]),
    ],
)
def test_it_says_who_reads_what_and_when_and_what_is_published(
    client_of, name, read_from, attribution, sentences
) -> None:
    make_questionnaire(read_from=read_from, attribution=attribution, threshold=7)

    page = client_of("contributor").get(address(name)).text

    for sentence in [*sentences, "No figure stands for fewer than 7 delegations.", "A text is quoted only as you say"]:
        assert sentence in page
