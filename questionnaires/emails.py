"""The messages that operations queue, in the language of the person who gets them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import as_read_by, in_geneva, in_zone
from icoca_portal.lib.prepared import Prepared, given_day, given_keys
from icoca_portal.outbox.operations import Letter, queue_messages
from members.models import Delegate, Delegation, User
from questionnaires import circulation
from questionnaires.circulation import Missing
from questionnaires.models import (
    Assignment,
    Clearance,
    Edition,
    Extension,
    Guest,
    Note,
    Questionnaire,
    Response,
    Results,
    ReturnRecord,
    Submission,
)
from questionnaires.progress import how_far_of
from questionnaires.results import delegations_asked


def _address(name: str, *arguments: Any) -> str:
    return settings.PORTAL_ADDRESS + reverse(f"questionnaires:{name}", args=arguments)


def _send(kind: str, key: str, delegates: Iterable[Delegate], context: dict[str, Any]) -> None:
    """Queue one message a delegate; see `_send_to`."""
    _send_to(kind, key, (delegate.user for delegate in delegates), context)


def _send_to(
    kind: str, key: str, people: Iterable[User], context: dict[str, Any], *, confidential: bool = False
) -> None:
    """Queue one message a person. `context` may hold callables: they are asked in the reader's language and zone.

    `confidential` keeps the text from the secretariat, which reads the delivery log; its subject must say nothing.
    """
    letters = []
    shared: dict[tuple[str, str], dict[str, Any]] = {}
    for user in people:
        with as_read_by(user):
            if (reads := (user.language, user.time_zone)) not in shared:
                shared[reads] = {name: value() if callable(value) else value for name, value in context.items()}
            values = shared[reads]
            text = render_to_string(f"emails/questionnaires/{kind}.txt", {**values, "person": user})
            subject, _blank, body = text.strip().partition("\n")
        letters.append(
            Letter(
                key=f"{key}:{user.pk}",
                to=user.email,
                name=user.name,
                subject=subject,
                text=body.strip() + "\n",
                language=user.language,
                confidential=confidential,
            )
        )
    queue_messages(letters)


_DELEGATES: Prepared[Delegate] = Prepared(
    lambda: _appointed(given_keys("delegations", 1), given_day("day")).select_related(None).select_related("user")
)


def _delegates_of(delegation: int) -> list[Delegate]:
    """Everybody of one delegation (its primary key): asked with every submission."""
    return _DELEGATES.all(delegations=[delegation], day=today())


def _delegates(delegations: Any, *roles: str) -> Any:
    return _appointed(delegations, today(), *roles)


def _appointed(delegations: Any, day: Any, *roles: str) -> Any:
    rows = Delegate.objects.as_of(day).filter(delegation__in=delegations, user__is_active=True)
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
        _delegates_of(response.delegation_id),
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


# Within a delegation. No answer and no note is in these: who may read them does so in the portal


def _sections(response: Response, ids: Collection[int]) -> str:
    """The sections with these ids as ``2 Client engagement; 3 …``, in the active language."""
    sections = response.edition.questions.sections
    return "; ".join(f"{section.number} {section.title}" for section in sections if section.id in ids)


def section_assigned(assignment: Assignment) -> None:
    """To who now looks after a section."""
    response = assignment.response
    section = next(s for s in response.edition.questions.sections if s.id == assignment.section_id)
    _send_to(
        "section_assigned",
        f"section-assigned:{assignment.pk}",
        [assignment.user],
        {
            "response": response,
            "by": assignment.assigned_by,
            "section": lambda: _sections(response, [assignment.section_id]),
            "deadline": lambda: in_geneva(response.deadline),
            "address": _address("edit_section", response.questionnaire.slug, section.number),
        },
        confidential=True,
    )


def _guest_context(guest: Guest) -> dict[str, Any]:
    response = guest.response
    mine = list(response.assignments.active().filter(user=guest.user).values_list("section_id", flat=True))
    return {
        "response": response,
        "by": guest.invited_by,
        "sections": lambda: _sections(response, mine),
        "deadline": lambda: in_geneva(response.deadline),
        "address": _address("read_response", response.questionnaire.slug),
    }


def guest_introduction(guest: Guest) -> str:
    """Who asks a guest in and for what, for the message that opens their account; in the active language."""
    context = {name: value() if callable(value) else value for name, value in _guest_context(guest).items()}
    return render_to_string("emails/questionnaires/_guest_introduction.txt", context).strip()


def guest_invited(guest: Guest) -> None:
    """To a guest who has an account: which sections they are asked to draft."""
    given = guest.response.assignments.filter(user=guest.user).count()
    _send_to(
        "guest_invited", f"guest-invited:{guest.pk}:{given}", [guest.user], _guest_context(guest), confidential=True
    )


def clearance_asked(clearance: Clearance) -> None:
    """To the colleague who is asked to clear the draft."""
    response = clearance.response
    _send_to(
        "clearance_asked",
        f"within-delegation:{clearance.pk}:1",
        [clearance.asked_of] if clearance.asked_of else [],
        {
            "clearance": clearance,
            "response": response,
            "deadline": lambda: in_geneva(response.deadline),
            "address": _address("read_clearance", response.questionnaire.slug),
        },
        confidential=True,
    )


def clearance_recorded(clearance: Clearance, *, by: User) -> None:
    """To who asked for the clearance, unless they recorded it themselves: what came of it."""
    response = clearance.response
    _send_to(
        "clearance_recorded",
        f"within-delegation:{clearance.pk}:2",
        [clearance.asked_by] if clearance.asked_by_id != by.pk else [],
        {
            "clearance": clearance,
            "response": response,
            "by": by,
            "deadline": lambda: in_geneva(response.deadline),
            "address": _address("read_clearance", response.questionnaire.slug),
        },
        confidential=True,
    )


def note_written(note: Note, *, section: int, number: str) -> None:
    """To the writer's colleagues, and the guests of the section: that there is a note, never what it says."""
    response = note.response
    delegates = [delegate.user for delegate in _delegates([response.delegation_id])]
    assigned = response.assignments.active().filter(section=note.question.section_id).values("user")
    guests = [guest.user for guest in response.guests.active().filter(user__in=assigned).select_related("user")]
    people = {person.pk: person for person in [*delegates, *guests] if person.pk != note.written_by_id}
    _send_to(
        "note_written",
        f"note-written:{note.pk}",
        people.values(),
        {
            "response": response,
            "by": note.written_by,
            "number": number,
            "address": f"{_address('edit_section', response.questionnaire.slug, section)}#q-{note.question_id}",
        },
        confidential=True,
    )


def results_published(results: Results) -> None:
    """To all delegates of the delegations that were asked: the results are there to read."""
    questionnaire = results.questionnaire
    _send(
        "results_published",
        f"results-published:{questionnaire.pk}",
        _delegates(delegations_asked(questionnaire)),
        {"questionnaire": questionnaire, "address": _address("read_results", questionnaire.slug)},
    )


def edition_published(edition: Edition, delegations: Collection[int]) -> None:
    """To the focal points and contributors of delegations (primary keys) that have begun: what changed, and where."""
    questionnaire = edition.questionnaire
    _send(
        "edition_published",
        f"edition-published:{questionnaire.pk}:{edition.number}",
        _delegates(delegations, Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR),
        {
            "questionnaire": questionnaire,
            "edition": edition,
            "deadline": lambda: in_geneva(questionnaire.deadline),
            "address": _address("read_changes", questionnaire.slug),
        },
    )
