"""Publishing the results: what the secretariat sees first, what is held back, what is sealed, who is told."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from icoca_portal.lib import sealing
from icoca_portal.outbox.models import Message
from questionnaires import operations, results
from questionnaires.exceptions import QuestionnaireNotClosed, ReleaseUnexplained
from questionnaires.models import Answer, Questionnaire, Results
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED, SECRET, hide_secrets, make_questionnaire, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def address(questionnaire: Questionnaire) -> str:
    return reverse("admin:questionnaires_questionnaire_publish_results", args=[questionnaire.pk])


def consent(questionnaire: Questionnaire, name: str, quote: str, text: str | None) -> Any:
    """A response on record whose long text may be quoted so."""
    response = factories.ResponseFactory(
        questionnaire=questionnaire,
        delegation__organisation__name=name,
        delegation__organisation__slug=name.lower().replace(" ", "-"),
        values={"long_text": text},
    )
    Answer.objects.filter(response=response, question=question_of(questionnaire, "long_text")).update(quote=quote)
    return operations.submit_response(response, by=factories.UserFactory())


def quoted(row: Results, questionnaire: Questionnaire) -> list[Any]:
    content = json.loads(row.content)
    return next(q["quotations"] for s in content["sections"] for q in s["questions"] if q["kind"] == "long_text")


def closed(questionnaire: Questionnaire, by: Any) -> Questionnaire:
    operations.close_questionnaire(questionnaire, by=by)
    return questionnaire


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_it_is_previewed_and_then_published(questionnaire, client_of, request, who) -> None:
    for number in range(5):
        consent(questionnaire, f"Sample Land {number}", "unnamed", f"Sample words {number}")
    closed(questionnaire, request.getfixturevalue("secretariat"))
    browser = client_of(who)

    page = browser.get(address(questionnaire))
    assert "Sample words 3" in page.text
    assert "5 quotations are shown" in page.text
    assert not Results.objects.exists()
    answer = browser.post(address(questionnaire))

    assert answer.status_code == 302
    questionnaire.refresh_from_db()
    row = Results.objects.get()
    assert questionnaire.state == "published"
    assert row.published_by == request.getfixturevalue(who)
    assert row.is_intact
    assert sealing.canonical(json.loads(row.content)) == row.content


def test_the_preview_is_what_is_published(questionnaire, client_of, secretariat, reader) -> None:
    for number in range(6):
        consent(questionnaire, f"Sample Land {number}", "named", f"Sample words {number}")
    factories.ResponseFactory(questionnaire=questionnaire, delegation=reader.standing.delegation)
    closed(questionnaire, secretariat)

    preview = client_of("secretariat").get(address(questionnaire)).text
    operations.publish_results(questionnaire, by=secretariat)
    page = client_of("reader").get(reverse("questionnaires:read_results", args=[questionnaire.slug])).text

    body = page[page.index('aria-labelledby="s-1"') : page.index("h-small", page.index('id="s-2"'))]
    assert body.split("<section")[0].strip() in preview


@pytest.mark.parametrize("state", ["draft", "open", "published"])
def test_it_is_refused_in_any_other_state(state, secretariat, client_of) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=state != "draft")
    if state == "published":
        operations.publish_results(closed(questionnaire, secretariat), by=secretariat)
    before = Results.objects.count()

    with pytest.raises(QuestionnaireNotClosed):
        operations.publish_results(questionnaire, by=secretariat)
    page = client_of("secretariat").get(address(questionnaire))
    answer = client_of("secretariat").post(address(questionnaire))

    assert page.status_code == 200
    assert "Publish the results" not in page.text.split("<main")[-1].split("<h1")[-1].split("</h1>")[-1]
    assert answer.status_code == 422
    assert Results.objects.count() == before


@pytest.mark.parametrize("who", REFUSED)
def test_others_are_refused(questionnaire, client_of, secretariat, who) -> None:
    closed(questionnaire, secretariat)
    assert client_of(who).post(address(questionnaire)).status_code in (302, 403)
    assert not Results.objects.exists()


def test_results_are_sealed(questionnaire, secretariat) -> None:
    row = operations.publish_results(closed(questionnaire, secretariat), by=secretariat)
    with pytest.raises(IntegrityError), transaction.atomic():
        Results.objects.filter(pk=row.pk).update(content="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Results.objects.filter(pk=row.pk).delete()


def test_every_delegate_of_who_was_asked_is_told_once(questionnaire, secretariat, reader, focal_point) -> None:
    submit(questionnaire, "Sample Land")
    operations.publish_results(closed(questionnaire, secretariat), by=secretariat)

    told = Message.objects.filter(subject__startswith="Results: ")
    assert set(told.values_list("recipient", flat=True)) >= {reader.email, focal_point.email}
    assert told.count() == told.values("recipient").distinct().count()
    assert reverse("questionnaires:read_results", args=[questionnaire.slug]) in told[0].text


def test_no_draft_is_counted_or_quoted_and_a_returned_response_counts_as_it_was_submitted(
    questionnaire, secretariat, director
) -> None:
    for number in range(5):
        consent(questionnaire, f"Sample Land {number}", "unnamed", f"Sample words {number}")
    hide_secrets(questionnaire, secretariat)
    Answer.objects.update(quote="named")

    row = operations.publish_results(closed(questionnaire, secretariat), by=secretariat)

    assert SECRET not in row.content
    assert "Sealed before the return" not in row.content  # it was submitted without leave to quote it
    assert json.loads(row.content)["rate"]["answered"] == 6


def test_what_is_quoted_is_what_each_delegation_allowed(questionnaire, secretariat) -> None:
    consent(questionnaire, "Sample Zebra", "named", "Sample words with a name")
    consent(questionnaire, "Sample Apple", "named", "Sample words with another name")
    consent(questionnaire, "Sample Quiet", "none", "Sample words of silence")
    for number in range(4):
        consent(questionnaire, f"Sample Land {number}", "unnamed", f"Sample words of somebody {number}")

    row = operations.publish_results(closed(questionnaire, secretariat), by=secretariat)

    found = quoted(row, questionnaire)
    assert [q["delegation"] for q in found if q["delegation"]] == ["Sample Apple", "Sample Zebra"]
    unnamed = [q["text"] for q in found if not q["delegation"]]
    assert sorted(unnamed) == [f"Sample words of somebody {number}" for number in range(4)]
    assert unnamed == sorted(unnamed, key=lambda text: hashlib.sha256(text.encode()).hexdigest())
    assert "Sample Land" not in row.content
    assert "Sample words of silence" not in row.content


def test_words_without_a_name_of_one_of_a_few_are_left_out(questionnaire, secretariat, client_of) -> None:
    for number in range(4):
        consent(questionnaire, f"Sample Land {number}", "unnamed", f"Sample words {number}")
    consent(questionnaire, "Sample Blank", "none", None)
    closed(questionnaire, secretariat)

    composed = results.compose(questionnaire)

    assert composed.quotations == 0
    assert (
        "4 quotations without a name: each would be one of a few."
        in client_of("secretariat").get(address(questionnaire)).text
    )


@pytest.mark.parametrize(
    "text",
    [
        "Sample: we in Sweden think so.",
        "Sample: the Swedish government thinks so.",
        "Exemple (sample) : la Suède le pense.",
        "Sample: SE has said so before.",
        "Sample: ask Sample Person Lindqvist.",
        "Sample: Mrs LINDQVIST wrote this.",
    ],
)
def test_words_without_a_name_that_tell_whose_they_are_are_held_back(
    questionnaire, other_delegation, secretariat, client_of, text
) -> None:
    factories.DelegateFactory(delegation=other_delegation, user__name="Sample Person Lindqvist")
    type(other_delegation.organisation).objects.filter(pk=other_delegation.organisation_id).update(code="SE")
    response = factories.ResponseFactory(
        questionnaire=questionnaire, delegation=other_delegation, values={"long_text": text}
    )
    Answer.objects.filter(response=response).update(quote="unnamed")
    submission = operations.submit_response(response, by=factories.UserFactory())
    for number in range(5):
        consent(questionnaire, f"Sample Land {number}", "unnamed", "Sample: sweeping words, seen in a series.")
    closed(questionnaire, secretariat)
    key = f"{question_of(questionnaire, 'long_text').pk}-{submission.pk}"
    browser = client_of("secretariat")

    (held,) = [row for row in results.compose(questionnaire).held if row.key == key]
    assert held.text == text
    assert key in browser.get(address(questionnaire)).text
    with pytest.raises(ReleaseUnexplained), transaction.atomic():
        operations.publish_results(questionnaire, by=secretariat, released=[key])
    again = browser.post(address(questionnaire), {"released": [key], "reason": " "})
    assert again.status_code == 422
    assert f'value="{key}" checked' in again.text

    browser.post(address(questionnaire), {"released": [key], "reason": "The delegation agreed in writing"})
    row = Results.objects.get()
    assert text in [q["text"] for q in quoted(row, questionnaire)]
    assert row.release_reason == "The delegation agreed in writing"
    assert [kept["text"] for kept in row.released] == [text]
    assert "agreed in writing" not in row.content


def test_what_is_held_back_and_not_released_is_not_shown(questionnaire, other_delegation, secretariat) -> None:
    response = factories.ResponseFactory(
        questionnaire=questionnaire, delegation=other_delegation, values={"long_text": "Sample: Sweden says so."}
    )
    Answer.objects.filter(response=response).update(quote="unnamed")
    operations.submit_response(response, by=factories.UserFactory())
    for number in range(5):
        consent(questionnaire, f"Sample Land {number}", "unnamed", f"Sample words {number}")

    row = operations.publish_results(closed(questionnaire, secretariat), by=secretariat, released=["1-1"])

    assert "Sweden says so" not in row.content
    assert row.released == []


def test_nobody_answered(questionnaire, secretariat, client_of, reader) -> None:
    operations.publish_results(closed(questionnaire, secretariat), by=secretariat)
    page = client_of("reader").get(reverse("questionnaires:read_results", args=[questionnaire.slug]))
    assert "0 answered" in page.text


def test_with_a_threshold_of_one_everything_is_shown(questionnaire, secretariat) -> None:
    Questionnaire.objects.filter(pk=questionnaire.pk).update(threshold=1)
    submit(questionnaire, "Sample Land")
    row = operations.publish_results(closed(questionnaire, secretariat), by=secretariat)
    assert '"count":null' not in row.content
    assert json.loads(row.content)["rate"]["answered"] == 1


def test_two_publish_at_once_and_one_does(questionnaire, secretariat) -> None:
    closed(questionnaire, secretariat)
    operations.publish_results(questionnaire, by=secretariat)
    with pytest.raises(QuestionnaireNotClosed):
        operations.publish_results(questionnaire, by=secretariat)
    assert Results.objects.count() == 1
