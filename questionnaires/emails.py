"""The messages that operations queue, in the language of the person who gets them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from icoca_portal.outbox.operations import queue_message
from members.models import Delegate, Delegation, Organisation
from questionnaires.models import Questionnaire, Response, ReturnRecord, Submission


def _address(name: str, *arguments: Any) -> str:
    return settings.PORTAL_ADDRESS + reverse(f"questionnaires:{name}", args=arguments)


def _send(kind: str, key: str, delegates: Iterable[Delegate], context: dict[str, Any]) -> None:
    """Queue one message a delegate. `context` may hold callables: they are asked in the reader's language."""
    for delegate in delegates:
        user = delegate.user
        with translation.override(user.language):
            values = {name: value() if callable(value) else value for name, value in context.items()}
            text = render_to_string(f"emails/questionnaires/{kind}.txt", {**values, "person": user})
            subject, _blank, body = text.strip().partition("\n")
        queue_message(
            key=f"{key}:{user.pk}",
            to=user.email,
            name=user.name,
            subject=subject,
            text=body.strip() + "\n",
            language=user.language,
        )


def _delegates(delegations: Any, *roles: str) -> Any:
    rows = Delegate.objects.as_of(today()).filter(delegation__in=delegations, user__is_active=True)
    return (rows.filter(role__in=roles) if roles else rows).select_related("user", "delegation__organisation")


def questionnaire_opened(questionnaire: Questionnaire) -> None:
    """To the focal points and contributors of all participants: what is asked, by when, who will read it."""
    delegations = Delegation.objects.filter(organisation__in=Organisation.objects.participants())
    delegates = _delegates(delegations, Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)
    _send(
        "questionnaire_opened",
        f"questionnaire-opened:{questionnaire.pk}",
        delegates,
        {
            "questionnaire": questionnaire,
            "deadline": lambda: in_geneva(questionnaire.deadline),
            "address": _address("read_questionnaire", questionnaire.slug),
        },
    )


def deadline_moved(questionnaire: Questionnaire) -> None:
    """To those of the focal points and contributors whose delegation has not submitted."""
    submitted = Response.objects.filter(questionnaire=questionnaire, state=Response.State.SUBMITTED).values(
        "delegation"
    )
    delegations = Delegation.objects.filter(organisation__in=Organisation.objects.participants()).exclude(
        pk__in=submitted
    )
    delegates = _delegates(delegations, Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)
    _send(
        "deadline_moved",
        f"deadline-moved:{questionnaire.pk}:{questionnaire.version}",
        delegates,
        {
            "questionnaire": questionnaire,
            "deadline": lambda: in_geneva(questionnaire.deadline),
            "address": _address("read_response", questionnaire.slug),
        },
    )


def response_submitted(submission: Submission) -> None:
    """The receipt, to all delegates of the delegation."""
    response = submission.response
    _send(
        "response_submitted",
        f"response-submitted:{submission.reference}",
        _delegates([response.delegation_id]),
        {
            "submission": submission,
            "response": response,
            "seal": sealing.grouped(submission.sha256),
            "moment": lambda: in_geneva(submission.submitted_at),
            "address": _address("read_submission", response.questionnaire.slug),
            "verify_address": _address("verify_submission", response.questionnaire.slug),
        },
    )


def response_returned(record: ReturnRecord) -> None:
    """The reason, to the delegation's focal points and contributors."""
    submission = record.submission
    response = submission.response
    _send(
        "response_returned",
        f"response-returned:{submission.reference}",
        _delegates([response.delegation_id], Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR),
        {
            "record": record,
            "submission": submission,
            "response": response,
            "deadline": lambda: in_geneva(response.questionnaire.deadline),
            "address": _address("read_response", response.questionnaire.slug),
        },
    )
