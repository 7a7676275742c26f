"""The messages that operations queue, in the language of the person who gets them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva, in_zone, zone_named
from icoca_portal.outbox.operations import queue_message
from members.models import Delegate, Delegation
from questionnaires import circulation
from questionnaires.circulation import Missing
from questionnaires.models import Edition, Extension, Questionnaire, Response, ReturnRecord, Submission
from questionnaires.progress import how_far_of


def _address(name: str, *arguments: Any) -> str:
    return settings.PORTAL_ADDRESS + reverse(f"questionnaires:{name}", args=arguments)


def _send(kind: str, key: str, delegates: Iterable[Delegate], context: dict[str, Any]) -> None:
    """Queue one message a delegate. `context` may hold callables: they are asked in the reader's language and zone."""
    for delegate in delegates:
        user = delegate.user
        with translation.override(user.language), timezone.override(zone_named(user.time_zone)):
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


def _until(moment: datetime) -> str:
    """A deadline in Geneva's hours, with the reader's own beside it."""
    return " ".join(filter(None, [in_geneva(moment), in_zone(moment)]))


def _title(questionnaire: Questionnaire) -> Callable[[], str]:
    """The title in the reader's language, where it is written in it."""
    return lambda: questionnaire.in_language("title")


def questionnaire_opened(questionnaire: Questionnaire, delegations: Collection[Delegation]) -> None:
    """To the focal points and contributors of these delegations: what is asked, by when, who will read it."""
    _send(
        "questionnaire_opened",
        f"questionnaire-opened:{questionnaire.pk}",
        circulation.writers_of(delegations),
        {
            "questionnaire": questionnaire,
            "title": _title(questionnaire),
            "deadline": lambda: _until(questionnaire.deadline),
            "address": _address("read_questionnaire", questionnaire.slug),
        },
    )


def deadline_moved(questionnaire: Questionnaire) -> None:
    """To those of the focal points and contributors whose delegation has not submitted, with its own deadline."""
    for row in circulation.missing(questionnaire, timezone.now()):
        _send(
            "deadline_moved",
            f"deadline-moved:{questionnaire.pk}:{questionnaire.version}",
            row.writers,
            {
                "questionnaire": questionnaire,
                "title": _title(questionnaire),
                "deadline": partial(_until, row.deadline),
                "extended": row.response.extension is not None,
                "address": _address("read_response", questionnaire.slug),
            },
        )


def deadline_extended(extension: Extension) -> None:
    """The time that a delegation was given and the reason, to its focal points and contributors."""
    questionnaire = extension.questionnaire
    _send(
        "deadline_extended",
        f"deadline-extended:{extension.pk}",
        circulation.writers_of([extension.delegation_id]),
        {
            "extension": extension,
            "title": _title(questionnaire),
            "deadline": lambda: _until(extension.until),
            "of_all": lambda: in_geneva(questionnaire.deadline),
            "address": _address("read_response", questionnaire.slug),
        },
    )


def response_due(questionnaire: Questionnaire, rows: Collection[Missing], *, key: str) -> None:
    """A reminder, to the people of each row: how far their response is, by when, where. `key` names the occasion."""
    editions = Edition.objects.in_bulk({row.response.edition_id for row in rows if row.response.has_begun})
    how_far = how_far_of([row.response for row in rows], {pk: row.questions for pk, row in editions.items()})
    for row in rows:
        _send(
            "response_due",
            f"response-due:{questionnaire.pk}:{key}",
            row.writers,
            {
                "row": row,
                "title": _title(questionnaire),
                "how_far": how_far.get(row.response.pk),
                "returned": row.response.state == Response.State.RETURNED,
                "cleared": row.response.state == Response.State.CLEARED,
                "deadline": partial(_until, row.deadline),
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
            "title": _title(response.questionnaire),
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
            "title": _title(response.questionnaire),
            "deadline": lambda: _until(response.deadline),
            "address": _address("read_response", response.questionnaire.slug),
        },
    )
