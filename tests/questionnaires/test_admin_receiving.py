"""Who has answered, responses and submissions in the administration: never what a draft says."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icoca_portal.lib import sealing
from questionnaires.models import Answer, AnswerRevision, Attachment, Questionnaire, Remark, Response, Submission
from tests import factories
from tests.questionnaires.board import REFUSED, SECRET, hide_secrets, make_questionnaire, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def returns(questionnaire: Questionnaire, form: str = "") -> str:
    return reverse(f"admin:questionnaires_questionnaire_returns{form}", args=[questionnaire.pk])


def change(row: Response | Submission) -> str:
    return reverse(f"admin:questionnaires_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_every_participant_is_listed_with_where_it_stands(
    questionnaire, client_of, director, other_delegation, who
) -> None:
    submission = submit(questionnaire, "Sample A")
    hide_secrets(questionnaire, director)

    page = client_of(who).get(returns(questionnaire))

    assert page.status_code == 200
    assert submission.reference in page.text
    assert "Sample reason to return" in page.text
    assert "15 of 16" in page.text
    assert page.text.count("<tr>") == 1 + 4
    for state in ("Not opened", "Draft", "Submitted", "Returned"):
        assert state in page.text
    assert "received, of 4" in page.text


def test_the_list_is_a_csv_too(questionnaire, client_of, director, other_delegation) -> None:
    submission = submit(questionnaire, "=Sample A")
    hide_secrets(questionnaire, director)

    answer = client_of("secretariat").get(returns(questionnaire, "_csv"))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith("attachment")
    assert [(row[0], row[2]) for row in rows[1:]] == [
        ("'=Sample A", "Submitted"),
        ("Sample Draft", "Draft"),
        ("Sample Returned", "Returned"),
        ("Sweden", "Not opened"),
    ]
    assert rows[1][8] == submission.reference
    assert SECRET not in answer.content.decode()


def test_no_screen_of_the_administration_shows_what_a_draft_says(questionnaire, client_of, director) -> None:
    returned = hide_secrets(questionnaire, director)
    draft = Response.objects.exclude(pk=returned.response_id).get()
    addresses = [
        returns(questionnaire),
        returns(questionnaire, "_csv"),
        reverse("admin:questionnaires_response_changelist"),
        reverse("admin:questionnaires_submission_changelist"),
        reverse("admin:questionnaires_questionnaire_change", args=[questionnaire.pk]),
        reverse("admin:questionnaires_questionnaire_preview", args=[questionnaire.pk]),
        reverse("admin:questionnaires_response_history", args=[draft.pk]),
        change(draft),
        change(returned.response),
        change(returned),
    ]

    for who in ("secretariat", "superuser"):
        for address in addresses:
            answer = client_of(who).get(address)
            assert answer.status_code == 200, address
            assert SECRET not in answer.content.decode(), address
            assert "Sealed before the return" not in answer.content.decode(), address


def test_answers_attachments_and_remarks_have_no_screen() -> None:
    for model in (Answer, AnswerRevision, Attachment, Remark):
        assert not admin.site.is_registered(model)


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
@pytest.mark.parametrize("name", ["response", "submission"])
def test_nothing_is_added_changed_or_deleted(questionnaire, client_of, who, name) -> None:
    submission = submit(questionnaire, "Sample A")
    row = submission if name == "submission" else submission.response
    browser = client_of(who)

    assert browser.get(reverse(f"admin:questionnaires_{name}_add")).status_code == 403
    assert browser.post(change(row), {"state": "draft", "number": 7}).status_code == 403
    assert (
        browser.post(reverse(f"admin:questionnaires_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    row.refresh_from_db()


def test_responses_are_found_by_state_and_name(questionnaire, client_of, director) -> None:
    submit(questionnaire, "Sample A")
    hide_secrets(questionnaire, director)
    address = reverse("admin:questionnaires_response_changelist")
    browser = client_of("secretariat")

    returned = browser.get(address, {"state__exact": "returned"}).text
    named = browser.get(address, {"q": '"Sample A"'}).text

    assert ("Sample Returned" in returned, "Sample Draft" in returned) == (True, False)
    assert ("Sample A" in named, "Sample Draft" in named) == (True, False)


def test_a_submission_shows_its_seal_and_leads_to_the_answers(questionnaire, client_of) -> None:
    submission = submit(questionnaire, "Sample A")

    page = client_of("secretariat").get(change(submission)).text

    assert sealing.grouped(submission.sha256) in page
    assert reverse("questionnaires:read_delegation_review", args=["sample-plan", "sample-a"]) + "?number=1" in page


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_are_sent_away(questionnaire, client_of, who) -> None:
    submission = submit(questionnaire, "Sample A")
    browser = client_of(who)

    for address in (
        returns(questionnaire),
        returns(questionnaire, "_csv"),
        change(submission),
        change(submission.response),
    ):
        assert browser.get(address).status_code in (302, 403)


@pytest.mark.parametrize(
    "address",
    [
        "admin:questionnaires_response_changelist",
        "admin:questionnaires_submission_changelist",
        "admin:questionnaires_questionnaire_returns",
    ],
)
def test_lists_run_the_same_queries_at_1_and_30(questionnaire, client_of, address) -> None:
    page = reverse(address, args=[questionnaire.pk] if address.endswith("returns") else [])
    browser = client_of("secretariat")
    used = []
    for many in (1, 29):
        for _number in range(many):
            factories.SubmissionFactory(response__questionnaire=questionnaire)
        browser.get(page)  # content types are read once a process
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12
