"""Of what of questionnaires people are told, and whether what waits to be told still holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import How, Notice, User
from members.notices import NoticeKind
from questionnaires import circulation
from questionnaires.guests import guest_sections
from questionnaires.models import Questionnaire, Response


def _writes(user: User) -> bool:
    return user.standing.may_draft


def _is_delegate(user: User) -> bool:
    return user.standing.delegate is not None


def _works_on_responses(user: User) -> bool:
    return user.standing.delegate is not None or bool(guest_sections(user))


def _is_guest(user: User) -> bool:
    return bool(guest_sections(user))


def _still_due(notices: Sequence[Notice]) -> set[int]:
    """Reminders to one person of what is not submitted, can be, and has the deadline that they name."""
    delegation = notices[0].user.standing.delegation
    if delegation is None:
        return set()
    asked = {int(notice.about.rpartition("-")[2]): notice for notice in notices}
    open_ones = list(Questionnaire.objects.filter(pk__in=asked, state=Questionnaire.State.OPEN))
    responses = circulation.responses_of(delegation, open_ones)
    now = timezone.now()

    def holds(notice: Notice) -> bool:
        response = responses.get(int(notice.about.rpartition("-")[2]))
        if response is None or response.state == Response.State.SUBMITTED or not response.takes_answers_at(now):
            return False
        return ":by-hand:" in notice.key or f":{response.deadline.isoformat()}:" in notice.key

    return {notice.pk for notice in notices if holds(notice)}


KINDS = (
    NoticeKind(
        "questionnaire_opened",
        _("A questionnaire is put to your delegation"),
        _("What is asked, and by when: your delegation answers by a deadline."),
        optional=False,
        reaches=_writes,
    ),
    NoticeKind(
        "deadline_changed",
        _("A deadline was moved"),
        _("For all, or for your delegation alone: your response is due at another moment."),
        optional=False,
        reaches=_writes,
    ),
    NoticeKind(
        "response_returned",
        _("Your response was returned"),
        _("With the reason: your delegation corrects it and submits it again."),
        optional=False,
        reaches=_writes,
    ),
    NoticeKind(
        "clearance_asked",
        _("You are asked to clear a draft"),
        _("Your delegation waits for your answer before it submits."),
        optional=False,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "guest_invited",
        _("A delegation asks you to draft sections"),
        _("It waits for what you write."),
        optional=False,
        reaches=_is_guest,
    ),
    NoticeKind(
        "response_due",
        _("Reminders: your response is due"),
        _("Some days before the deadline, while your delegation has not submitted."),
        optional=True,
        reaches=_writes,
        still=_still_due,
        reminds=True,
    ),
    NoticeKind(
        "response_submitted",
        _("A colleague has submitted the response"),
        _("With the receipt. When you submit, yours comes at once in any case."),
        optional=True,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "edition_published",
        _("The questions have changed"),
        _("A new edition of a questionnaire that your delegation has begun to answer."),
        optional=True,
        reaches=_writes,
    ),
    NoticeKind(
        "section_assigned",
        _("A section is yours to look after"),
        _("A colleague gives you a section of the response."),
        optional=True,
        reaches=_works_on_responses,
    ),
    NoticeKind(
        "note_written",
        _("Notes of colleagues"),
        _("That there is a note on a question; it is read in the portal alone."),
        optional=True,
        reaches=_works_on_responses,
    ),
    NoticeKind(
        "clearance_recorded",
        _("What came of a clearance"),
        _("When a colleague has cleared the draft that you sent for clearance, or has not."),
        optional=True,
        reaches=_writes,
    ),
    NoticeKind(
        "results_published",
        _("Results of a questionnaire"),
        _("When they are there to be read."),
        optional=True,
        reaches=_is_delegate,
    ),
    NoticeKind(
        "submissions_to_read",
        _("Responses for the Board to read"),
        _("Once the Board can read them. What is unread stands on your desk."),
        optional=True,
        default=How.DESK,
        reaches=lambda user: user.standing.is_director,
        reminds=True,
    ),
)
