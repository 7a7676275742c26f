"""What the tests of the Board's pages share: a questionnaire, answers on record, and a secret that only drafts hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from members.models import User
from questionnaires import operations
from questionnaires.models import Questionnaire, Submission
from tests import factories
from tests.factories import question_of

SECRET = "An unmistakable draft that nobody else reads"
# Who may open the Board's pages, and what the others get: a visitor is sent to sign in.
READERS = ("director", "secretariat", "superuser")
REFUSED = ("reader", "contributor", "focal_point", "other_focal_point", "chair")


def make_questionnaire() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP")


def submit(questionnaire: Questionnaire, name: str, **values: Any) -> Submission:
    """A submission of a new delegation; `values` by kind of question replace the usual ones."""
    return factories.SubmissionFactory(
        response__questionnaire=questionnaire,
        response__delegation__organisation__name=name,
        response__delegation__organisation__slug=name.lower().replace(" ", "-"),
        response__values=values,
    )


def once_noted(browser: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the page, which notes the visit, so that the next ones need not, however slow the test is."""
    monkeypatch.setattr("questionnaires.operations.reviewing.GRAIN", timedelta(hours=1))
    assert browser.get(address).status_code == 200


def hide_secrets(questionnaire: Questionnaire, by: User) -> Submission:
    """Two drafts with `SECRET`: one never submitted, one newer than the returned submission that is given back."""
    factories.ResponseFactory(
        questionnaire=questionnaire,
        delegation__organisation__name="Sample Draft",
        values={"long_text": SECRET, "short_text": SECRET},
    )
    returned = submit(questionnaire, "Sample Returned", long_text="Sealed before the return")
    operations.return_response(returned.response, reason="Sample reason to return", by=by)
    changes = [
        operations.Change(question_of(questionnaire, kind).pk, SECRET, 1) for kind in ("long_text", "short_text")
    ]
    operations.save_answers(questionnaire, returned.response.delegation, changes, by=returned.submitted_by)
    return returned
