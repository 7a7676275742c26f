"""Whether a seal is the one on record: open to whoever holds a receipt, and silent about everything else."""

from __future__ import annotations

import pytest
from django.db import connection

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.models import Edition, Submission
from tests.factories import QuestionnaireFactory
from tests.questionnaires.answering import SECRET, address, bring_to, draft, make_questionnaire, queries

pytestmark = pytest.mark.django_db
PAGE = address("verify_submission")
ON_RECORD, UNKNOWN, BROKEN = "This seal is on record", "This seal is not on record", "does not have this seal any more"


@pytest.fixture
def submission(delegation, focal_point) -> Submission:
    bring_to("submitted", draft(make_questionnaire(), delegation, long_text=SECRET), focal_point)
    return Submission.objects.get()


@pytest.mark.parametrize("who", ["visitor", "reader", "other_focal_point", "chair", "director", "superuser"])
def test_whoever_holds_the_receipt_may_check_it(submission, client_of, who) -> None:
    browser = client_of(who)
    assert browser.get(PAGE).status_code == 200

    for typed in (submission.sha256, sealing.grouped(submission.sha256), f" {submission.sha256.upper()}\n"):
        page = browser.get(PAGE, {"seal": typed})
        assert page.status_code == 200
        assert ON_RECORD in page.text
        assert "SP-ch-1" in page.text
        assert SECRET not in page.text
        assert "Switzerland" not in page.text.split("<main")[1].split("</main")[0]


def test_another_seal_is_not_on_record(submission, client_of) -> None:
    turned = ("0" if submission.sha256[0] != "0" else "1") + submission.sha256[1:]
    for seal in (turned, Edition.objects.get().sha256, "0" * 64):
        page = client_of("visitor").get(PAGE, {"seal": seal})
        assert UNKNOWN in page.text
        assert "SP-ch-1" not in page.text


def test_a_seal_of_another_questionnaire_is_not_on_record_here(submission, client_of, delegation, focal_point) -> None:
    other = draft(QuestionnaireFactory(), delegation)
    seal = operations.submit_response(other, by=focal_point).sha256
    assert UNKNOWN in client_of("visitor").get(PAGE, {"seal": seal}).text


@pytest.mark.parametrize("typed", ["", "abc", "x" * 64, "0" * 63, "0" * 65, "' OR 1=1", "\x00", "😀" * 64, "0" * 5000])
def test_what_is_no_seal_is_said_and_looked_up_nowhere(submission, client_of, typed) -> None:
    page = client_of("visitor").get(PAGE, {"seal": typed})

    assert page.status_code == 422
    assert ON_RECORD not in page.text
    assert UNKNOWN not in page.text
    assert 'class="wg-errors"' in page.text


def test_an_earlier_submission_stays_on_record(submission, focal_point, client_of) -> None:
    operations.return_response(submission.response, reason="Sample", by=focal_point)
    second = operations.submit_response(submission.response, by=focal_point)
    for row in (submission, second):
        assert row.reference in client_of("visitor").get(PAGE, {"seal": row.sha256}).text


def test_a_record_that_was_tampered_with_is_told_as_such(submission, client_of) -> None:
    """Somebody with the database itself in hand lifts the triggers first."""
    content = submission.content.replace(SECRET, "A text that nobody submitted")
    connection.check_constraints()  # what waits for the end of the transaction would keep the table from being altered
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER questionnaires_submission_sealed_UPDATE")
        else:
            cursor.execute("ALTER TABLE questionnaires_submission DISABLE TRIGGER questionnaires_submission_sealed")
        cursor.execute("UPDATE questionnaires_submission SET content = %s", [content])

    page = client_of("visitor").get(PAGE, {"seal": submission.sha256})

    assert BROKEN in page.text
    assert ON_RECORD not in page.text


def test_a_draft_questionnaire_and_an_unknown_one_do_not_exist(client_of) -> None:
    assert client_of("visitor").get(PAGE).status_code == 404
    make_questionnaire(opened=False)
    for who in ("visitor", "secretariat"):
        assert client_of(who).get(PAGE).status_code == 404


def test_it_is_only_read(submission, client_of) -> None:
    assert client_of("focal_point").post(PAGE).status_code == 405


def test_it_costs_few_queries(submission, client_of) -> None:
    assert queries(client_of("reader"), f"{PAGE}?seal={submission.sha256}") <= 12
