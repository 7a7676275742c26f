"""What of questionnaires waits for a person, and what the secretariat sees of them first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.desk import Waiting
from icoca_portal.lib.moments import in_zone
from questionnaires.models import Questionnaire, Response, Submission
from questionnaires.review import counts, returns


def waiting_for(user: Any) -> list[Waiting]:
    """Open questionnaires that the person's delegation has not submitted; for the Board, those that have responses."""
    standing = user.standing
    found: list[Waiting] = []
    if standing.delegation:
        found += _to_answer(user)
    if standing.is_director:
        found += _to_read()
    return found


def _to_answer(user: Any) -> list[Waiting]:
    questionnaires = list(Questionnaire.objects.visible_to(user).open_at(timezone.now()))
    if not questionnaires:
        return []
    responses = {
        response.questionnaire_id: response
        for response in Response.objects.visible_to(user)
        .filter(questionnaire__in=questionnaires)
        .select_related("edition")
        .annotate(answered=Count("answers", filter=Q(answers__value__isnull=False)))
    }
    waiting = []
    for questionnaire in questionnaires:
        response = responses.get(questionnaire.pk)
        if response is not None and response.state == Response.State.SUBMITTED:
            continue
        waiting.append(
            Waiting(
                title=questionnaire.title,
                url=reverse("questionnaires:read_response", args=[questionnaire.slug]),
                kind="submit_response",
                due=questionnaire.deadline,
                detail=" ".join(filter(None, [_how_far(response), in_zone(questionnaire.deadline)])),
                action=_action(user.standing.may_draft, response),
            )
        )
    return waiting


def _action(may_draft: bool, response: Response | None) -> str:
    if not may_draft:
        return _("Read your delegation’s response")
    if response is None:
        return _("Start your response")
    if response.state == Response.State.RETURNED:
        return _("Correct your response")
    return _("Continue your response")


def _how_far(response: Response | None) -> str:
    if response is None:
        return _("Not started.")
    answered, total = response.answered, len(response.edition.questions.by_id)  # type: ignore[attr-defined]
    counted = ngettext(
        "%(answered)d of %(total)d question answered.", "%(answered)d of %(total)d questions answered.", total
    ) % {"answered": answered, "total": total}
    if response.state == Response.State.RETURNED:
        return _("Returned by the secretariat with a reason.") + " " + counted
    return counted


def _to_read() -> list[Waiting]:
    """Questionnaires with submissions, for the Board: newest deadline first."""
    received = Count("responses", filter=Q(responses__submissions__isnull=False), distinct=True)
    return [
        Waiting(
            title=_("Responses to “%(title)s”") % {"title": questionnaire.title},
            url=reverse("questionnaires:review_questionnaire", args=[questionnaire.slug]),
            kind="review_questionnaire",
            due=None,
            detail=ngettext(
                "%(count)d delegation has submitted.", "%(count)d delegations have submitted.", questionnaire.received
            )
            % {"count": questionnaire.received},
            action=_("Read the responses"),
        )
        for questionnaire in Questionnaire.objects.annotate(received=received).filter(received__gt=0)
    ]


def submissions_of(user: Any) -> list[Submission]:
    """The submissions on record of the person's delegation, newest first."""
    delegation = user.standing.delegation_id
    if delegation is None:
        return []
    rows = Submission.objects.on_record().filter(response__delegation=delegation)
    return list(rows.select_related("response__questionnaire").defer("content"))


@dataclass(frozen=True)
class OpenReturns:
    """How far the responses to one open questionnaire are, in delegations."""

    questionnaire: Questionnaire
    submitted: int
    returned: int
    drafts: int
    not_started: int

    @property
    def total(self) -> int:
        return self.submitted + self.returned + self.drafts + self.not_started


def secretariat_day() -> list[OpenReturns]:
    """For each questionnaire that is open: how many delegations have submitted, and how many are missing."""
    day = []
    for questionnaire in Questionnaire.objects.filter(state=Questionnaire.State.OPEN):
        found = counts(returns(questionnaire))
        day.append(
            OpenReturns(questionnaire, found["submitted"], found["returned"], found["draft"], found["not_started"])
        )
    return day
