"""What colleagues see of each other: who looks after a section, who is in it now, what they say about a question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import ngettext

from icoca_portal.lib.prepared import Prepared, given, given_keys, given_moment
from members.models import Delegation
from questionnaires import guests
from questionnaires.editions import EditionContent, FrozenSection
from questionnaires.models import Assignment, Clearance, Note, Presence, Response
from questionnaires.prefill import earlier_rows

PRESENT_FOR = timedelta(seconds=60)
"""How long somebody counts as being in a section after their page was last heard of."""

# What every page of a section asks anew.
_KEEPERS: Prepared[Assignment] = Prepared(
    lambda: (
        Assignment.objects.active()
        .filter(response=given("response"))
        .select_related("user")
        .order_by("assigned_at", "pk")
    )
)
_PRESENT: Prepared[Presence] = Prepared(
    lambda: (
        Presence.objects.filter(response=given("response"), seen_at__gt=given_moment("since"))
        .select_related("user")
        .order_by("user__name", "pk")
    )
)
_NOTES: Prepared[Note] = Prepared(
    lambda count: Note.objects.filter(
        response=given("response"), question__in=given_keys("questions", count)
    ).select_related("written_by")
)


def open_sections(user: Any, response: Response) -> list[FrozenSection]:
    """The sections of a response that the person may open: those of the edition, for a guest their own."""
    sections = response.edition.questions.sections
    return [section for section in sections if guests.may_open_section(user, response, section.id)]


def looked_after(response: Response) -> Mapping[int, list[Assignment]]:
    """Who looks after each section, by the section's id: one query."""
    found: dict[int, list[Assignment]] = {}
    if response.has_begun:
        for row in _KEEPERS.all(response=response.pk):
            found.setdefault(row.section_id, []).append(row)
    return found


def sections_of(user: Any, responses: Iterable[Response]) -> Mapping[int, list[int]]:
    """The numbers of the sections that the person looks after, by response: one query."""
    by_key = {response.pk: response for response in responses}
    if not by_key:
        return {}
    found: dict[int, list[int]] = {}
    rows = Assignment.objects.active().filter(user=user, response__in=list(by_key))
    for response, section_id in rows.values_list("response", "section"):
        section = section_named(by_key[response].edition.questions, section_id)
        if section is not None:
            found.setdefault(response, []).append(section.number)
    return {response: sorted(numbers) for response, numbers in found.items()}


def looks_after(response: Response | None, mine: Mapping[int, list[int]]) -> str:
    """Which sections of a response the person looks after, as a sentence; empty if none."""
    numbers = mine.get(response.pk, []) if response is not None else []
    if not numbers:
        return ""
    told = ngettext("You look after section %(numbers)s.", "You look after sections %(numbers)s.", len(numbers))
    return told % {"numbers": ", ".join(map(str, numbers))}


def present(response: Response, *, but: Any, sections: Collection[int | None] | None = None) -> Mapping[int, list[str]]:
    """The names of who is in each section now, by its id, without the reader (`but`): one query.

    `sections` leaves out all others.
    """
    found: dict[int, list[str]] = {}
    for row in _rows(response):
        if row.user_id != but.pk and (sections is None or row.section_id in sections):
            found.setdefault(row.section_id, []).append(str(row.user))
    return found


def _rows(response: Response) -> list[Presence]:
    if not response.has_begun:
        return []
    return _PRESENT.all(response=response.pk, since=timezone.now() - PRESENT_FOR)


def notes_in(response: Response, questions: Collection[int]) -> Mapping[int, list[Note]]:
    """What colleagues say about these questions, by question id, oldest first: one query."""
    found: dict[int, list[Note]] = {}
    if response.has_begun:
        for note in _NOTES.all(len(questions), response=response.pk, questions=list(questions)):
            found.setdefault(note.question_id, []).append(note)
    return found


def beside_section(user: Any, response: Response, section: FrozenSection) -> dict[str, Any]:
    """What the page of a section shows beside the answers: notes, who is here now, who looks after it."""
    return {
        "is_guest": guests.is_guest_of(user, response),
        "notes": notes_in(response, [question.id for question in section.questions]),
        "present": present(response, but=user, sections=[section.id]).get(section.id or 0, []),
        "keepers": looked_after(response).get(section.id or 0, []),
    }


def beside_sections(user: Any, response: Response, *, may_prefill: bool) -> dict[str, Any]:
    """What the task list shows beside the sections: who looks after each, who is there now, where the clearance is."""
    mine = guests.guest_sections(user).get(response.pk)
    return {
        "is_guest": mine is not None,
        "looked_after": looked_after(response),
        "present": present(response, but=user, sections=mine),
        "clearance_asked": False,
        "prefill_offered": False,
        **(_offers(response, may_prefill) if mine is None else {}),
    }


def _offers(response: Response, may_prefill: bool) -> dict[str, bool]:
    """Whether a clearance is asked for, and whether an earlier response could be taken over: one query."""
    asked = Clearance.objects.filter(response=response.pk, outcome=Clearance.Outcome.ASKED)
    facts: dict[str, Any] = {"clearance_asked": Exists(asked)}
    if may_prefill:
        facts["prefill_offered"] = Exists(earlier_rows(response))
    found = Delegation.objects.filter(pk=response.delegation_id).values(**facts).get()
    return {name: bool(value) for name, value in found.items()}


def section_named(content: EditionContent, section_id: int) -> FrozenSection | None:
    """The section of an edition with this id; None once it asks nothing any more."""
    return next((section for section in content.sections if section.id == section_id), None)
