"""The messages that operations queue, in the language of the person who gets them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva, in_zone
from icoca_portal.lib.prepared import Prepared, given_day, given_keys
from members import notices, things
from members.models import Delegate, Delegation, Directorship, User
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

#: Changes of the questions, or responses, that come within this time are told together.
TOGETHER = timedelta(minutes=10)

#: What asks somebody to answer, and is moot once the questionnaire is closed.
ASKING = ("response_due", "edition_published", "section_assigned")


def _path(name: str, *arguments: Any) -> str:
    return reverse(f"questionnaires:{name}", args=arguments)


def _tell(
    kind: str,
    key: str,
    people: Iterable[User],
    questionnaire: Questionnaire,
    path: str,
    context: dict[str, Any],
    *,
    template: str = "",
    own: Callable[[User], dict[str, Any]] | None = None,
    changes: Callable[[dict[str, Any]], str] | None = None,
    **more: Any,
) -> None:
    """Tell people of something about a questionnaire that is read at `path`, with the mail of the name `template`
    (default: that of the kind).

    `context` may hold callables: they are asked once for each language and zone in which somebody reads; `own` gives
    what is each person's own. `changes` says in a line what changed, of what the mail is made of. `more` is for
    `members.notices.tell`.
    """
    shared: dict[tuple[str, str], dict[str, Any]] = {}

    def asked(values: dict[str, Any]) -> dict[str, Any]:
        return {name: value() if callable(value) else value for name, value in values.items()}

    def letter(user: User) -> notices.Words:
        if (reads := (user.language, user.time_zone)) not in shared:
            shared[reads] = asked(context)
        values = {**shared[reads], **(asked(own(user)) if own else {})}
        values |= {"address": settings.PORTAL_ADDRESS + path, "person": user}
        text = render_to_string(f"emails/questionnaires/{template or kind}.txt", values)
        subject, _blank, body = text.strip().partition("\n")
        return notices.Words(subject, body.strip() + "\n", changes(values) if changes else "")

    about = things.reference_of("questionnaire", questionnaire.pk)
    notices.tell(people, kind=kind, key=key, letter=letter, about=about, address=path, **more)


def _due(values: dict[str, Any]) -> str:
    return _("Due: %(deadline)s") % {"deadline": values["deadline"]}


def _users(delegates: Iterable[Delegate]) -> list[User]:
    return [delegate.user for delegate in delegates]


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
    return ". ".join(filter(None, [in_geneva(moment), in_zone(moment)]))


def _title(questionnaire: Questionnaire) -> Callable[[], str]:
    """The title in the reader's language, where it is written in it."""
    return lambda: questionnaire.in_language("title")


def questionnaire_opened(questionnaire: Questionnaire, delegations: Collection[Delegation]) -> None:
    """To the focal points and contributors of these delegations: what is asked, by when, who will read it."""
    _tell(
        "questionnaire_opened",
        f"questionnaire-opened:{questionnaire.pk}",
        _users(circulation.writers_of(delegations)),
        questionnaire,
        _path("read_questionnaire", questionnaire.slug),
        {
            "questionnaire": questionnaire,
            "title": _title(questionnaire),
            "deadline": lambda: _until(questionnaire.deadline),
        },
        changes=_due,
    )


def deadline_moved(questionnaire: Questionnaire) -> None:
    """To those of the focal points and contributors whose delegation has not submitted, with its own deadline."""
    row_of = _rows_by_person(circulation.missing(questionnaire, timezone.now()))
    _tell(
        "deadline_changed",
        f"deadline-moved:{questionnaire.pk}:{questionnaire.version}",
        [delegate.user for delegate, _row in row_of.values()],
        questionnaire,
        _path("read_response", questionnaire.slug),
        {"questionnaire": questionnaire, "title": _title(questionnaire)},
        template="deadline_moved",
        own=lambda user: {
            "deadline": partial(_until, row_of[user.pk][1].deadline),
            "extended": row_of[user.pk][1].response.extension is not None,
        },
        changes=_due,
    )


def _rows_by_person(rows: Iterable[Missing]) -> dict[int, tuple[Delegate, Missing]]:
    """Everybody of the rows by their primary key, with the row of their delegation."""
    return {delegate.user_id: (delegate, row) for row in rows for delegate in row.writers}


def deadline_extended(extension: Extension) -> None:
    """The time that a delegation was given and the reason, to its focal points and contributors."""
    questionnaire = extension.questionnaire
    _tell(
        "deadline_changed",
        f"deadline-extended:{extension.pk}",
        _users(circulation.writers_of([extension.delegation_id])),
        questionnaire,
        _path("read_response", questionnaire.slug),
        {
            "extension": extension,
            "title": _title(questionnaire),
            "deadline": lambda: _until(extension.until),
            "of_all": lambda: in_geneva(questionnaire.deadline),
        },
        template="deadline_extended",
        changes=_due,
    )


def response_due(questionnaire: Questionnaire, rows: Collection[Missing], *, key: str) -> None:
    """A reminder, to the people of each row: how far their response is, by when, where. `key` names the occasion."""
    editions = Edition.objects.in_bulk({row.response.edition_id for row in rows if row.response.has_begun})
    how_far = how_far_of([row.response for row in rows], {pk: row.questions for pk, row in editions.items()})
    row_of = _rows_by_person(rows)

    def own(user: User) -> dict[str, Any]:
        row = row_of[user.pk][1]
        return {
            "row": row,
            "how_far": how_far.get(row.response.pk),
            "returned": row.response.state == Response.State.RETURNED,
            "deadline": partial(_until, row.deadline),
        }

    _tell(
        "response_due",
        f"response-due:{questionnaire.pk}:{key}",
        [delegate.user for delegate, _row in row_of.values()],
        questionnaire,
        _path("read_response", questionnaire.slug),
        {"title": _title(questionnaire)},
        own=own,
        changes=_due,
    )


def response_submitted(submission: Submission) -> None:
    """The receipt, to all delegates of the delegation; at once and certainly to who submitted."""
    response = submission.response
    verify = _path("verify_submission", response.questionnaire.slug)
    _tell(
        "response_submitted",
        f"response-submitted:{submission.reference}",
        _users(_delegates_of(response.delegation_id)),
        response.questionnaire,
        _path("read_submission", response.questionnaire.slug),
        {
            "submission": submission,
            "response": response,
            "title": _title(response.questionnaire),
            "seal": sealing.grouped(submission.sha256),
            "moment": lambda: in_geneva(submission.submitted_at),
            "verify_address": settings.PORTAL_ADDRESS + verify,
        },
        certainly=[submission.submitted_by_id],
    )


def response_returned(record: ReturnRecord) -> None:
    """The reason, to the delegation's focal points and contributors."""
    submission = record.submission
    response = submission.response
    _tell(
        "response_returned",
        f"response-returned:{submission.reference}",
        _users(_delegates([response.delegation_id], Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)),
        response.questionnaire,
        _path("read_response", response.questionnaire.slug),
        {
            "record": record,
            "submission": submission,
            "response": response,
            "title": _title(response.questionnaire),
            "deadline": lambda: _until(response.deadline),
        },
    )


# Within a delegation. No answer and no note is in these: who may read them does so in the portal


def _tell_within(
    kind: str, key: str, people: Iterable[User], response: Response, path: str, context: dict[str, Any], **more: Any
) -> None:
    """Tell colleagues of something that stays in the delegation: its text is kept in no log that others read."""
    _tell(kind, key, people, response.questionnaire, path, {"response": response, **context}, confidential=True, **more)


def _sections(response: Response, ids: Collection[int]) -> str:
    """The sections with these ids as ``2 Client engagement; 3 …``, in the active language."""
    sections = response.edition.questions.sections
    return "; ".join(f"{section.number} {section.title}" for section in sections if section.id in ids)


def section_assigned(assignment: Assignment) -> None:
    """To who now looks after a section."""
    response = assignment.response
    section = next(s for s in response.edition.questions.sections if s.id == assignment.section_id)
    _tell_within(
        "section_assigned",
        f"section-assigned:{assignment.pk}",
        [assignment.user],
        response,
        _path("edit_section", response.questionnaire.slug, section.number),
        {
            "by": assignment.assigned_by,
            "section": lambda: _sections(response, [assignment.section_id]),
            "deadline": lambda: in_geneva(response.deadline),
        },
    )


def _guest_context(guest: Guest) -> dict[str, Any]:
    response = guest.response
    mine = list(response.assignments.active().filter(user=guest.user).values_list("section_id", flat=True))
    return {
        "response": response,
        "by": guest.invited_by,
        "sections": lambda: _sections(response, mine),
        "deadline": lambda: in_geneva(response.deadline),
    }


def guest_introduction(guest: Guest) -> str:
    """Who asks a guest in and for what, for the message that opens their account; in the active language."""
    context = {name: value() if callable(value) else value for name, value in _guest_context(guest).items()}
    return render_to_string("emails/questionnaires/_guest_introduction.txt", context).strip()


def guest_invited(guest: Guest) -> None:
    """To a guest who has an account: which sections they are asked to draft."""
    given = guest.response.assignments.filter(user=guest.user).count()
    _tell_within(
        "guest_invited",
        f"guest-invited:{guest.pk}:{given}",
        [guest.user],
        guest.response,
        _path("read_response", guest.response.questionnaire.slug),
        _guest_context(guest),
    )


def clearance_asked(clearance: Clearance) -> None:
    """To the colleague who is asked to clear the draft."""
    response = clearance.response
    _tell_within(
        "clearance_asked",
        f"within-delegation:{clearance.pk}:1",
        [clearance.asked_of] if clearance.asked_of else [],
        response,
        _path("read_clearance", response.questionnaire.slug),
        {"clearance": clearance, "deadline": lambda: in_geneva(response.deadline)},
    )


def clearance_recorded(clearance: Clearance, *, by: User) -> None:
    """To who asked for the clearance, unless they recorded it themselves: what came of it."""
    response = clearance.response
    _tell_within(
        "clearance_recorded",
        f"within-delegation:{clearance.pk}:2",
        [clearance.asked_by] if clearance.asked_by_id != by.pk else [],
        response,
        _path("read_clearance", response.questionnaire.slug),
        {"clearance": clearance, "by": by, "deadline": lambda: in_geneva(response.deadline)},
    )


def note_written(note: Note, *, section: int, number: str) -> None:
    """To the writer's colleagues, and the guests of the section: that there is a note, never what it says."""
    response = note.response
    delegates = _users(_delegates([response.delegation_id]))
    assigned = response.assignments.active().filter(section=note.question.section_id).values("user")
    guests = [guest.user for guest in response.guests.active().filter(user__in=assigned).select_related("user")]
    people = {person.pk: person for person in [*delegates, *guests] if person.pk != note.written_by_id}
    _tell_within(
        "note_written",
        f"note-written:{note.pk}",
        people.values(),
        response,
        f"{_path('edit_section', response.questionnaire.slug, section)}#q-{note.question_id}",
        {"by": note.written_by, "number": number},
    )


def results_published(results: Results) -> None:
    """To all delegates of the delegations that were asked: the results are there to read."""
    questionnaire = results.questionnaire
    _tell(
        "results_published",
        f"results-published:{questionnaire.pk}",
        _users(_delegates(delegations_asked(questionnaire))),
        questionnaire,
        _path("read_results", questionnaire.slug),
        {"questionnaire": questionnaire},
    )


def edition_published(edition: Edition, delegations: Collection[int]) -> None:
    """To the focal points and contributors of delegations (primary keys) that have begun: what changed, and where."""
    questionnaire = edition.questionnaire
    _tell(
        "edition_published",
        f"edition-published:{questionnaire.pk}:{edition.number}",
        _users(_delegates(delegations, Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)),
        questionnaire,
        _path("read_changes", questionnaire.slug),
        {
            "questionnaire": questionnaire,
            "edition": edition,
            "deadline": lambda: in_geneva(questionnaire.deadline),
        },
        changes=lambda values: edition.note,
        merge_after=TOGETHER,
    )


def submissions_to_read(questionnaire: Questionnaire, key: str) -> None:
    """To the directors of today: there are new responses to read. Whose they are, the portal says as was promised."""
    seats = Directorship.objects.as_of(today()).exclude(user=None).values("user")
    _tell(
        "submissions_to_read",
        key,
        User.objects.active().filter(pk__in=seats),
        questionnaire,
        _path("review_questionnaire", questionnaire.slug),
        {"title": _title(questionnaire)},
        merge_after=TOGETHER,
    )


def drop_waiting(questionnaire: Questionnaire) -> None:
    """Once nothing can be answered any more: take back what asks somebody to do something, if it waits."""
    notices.drop(things.reference_of("questionnaire", questionnaire.pk), kinds=ASKING)
