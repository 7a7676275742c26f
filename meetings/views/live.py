"""The note-taker's screen: for the secretariat and the group's chair, for nobody else.

Each control is a plain form. With the script of the screen a form is sent beside the page (`request.htmx`): then what
was done is answered with 204, what was refused with its sentence, and the page asks for what has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import number_in, whole_number
from icoca_portal.lib.refusals import Refusal
from meetings import operations
from meetings.delegations import delegation_choices
from meetings.exceptions import DecisionChangedMeanwhile, NoteChangedMeanwhile
from meetings.follow_up_forms import FollowUpForm
from meetings.live import Roll, Screen, roll_of, screen_of
from meetings.live_forms import Typed, key_in, read_note
from meetings.models import AgendaItem, Attendance, AttendanceMode, Decision, Meeting, Note, SpeakerTurn
from meetings.views.finding import find_meeting
from members.models import Delegation
from members.signing_in import person_of

CONFLICT, INVALID, DONE = 409, 422, 204
PLAIN = "text/plain; charset=utf-8"


# The screen


@login_required
@require_GET
@never_cache
def take_notes(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The agenda, and the notes of the item that is open (``?item=``); ``?turn=`` begins a speaker’s intervention."""
    meeting = _find(request, group, number)
    return _show_screen(request, screen_of(meeting, request.GET.get("item", "")))


@login_required
@require_GET
@never_cache
def read_live(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """What differs from what the page has: 204, or the notes and regions that do."""
    meeting = _find(request, group, number)
    screen = screen_of(meeting, request.GET.get("item", ""))
    known = request.GET.get("known", "")
    changed = screen.regions_unlike(request.GET.dict())
    if screen.known == known and not changed:
        return HttpResponse(status=DONE)
    context = _context(screen) | {"changed": changed, "fresh": screen.notes_unlike(known)}
    return render(request, "meetings/live/changes.html", context)


def _find(request: HttpRequest, group: str, number: int, permission: str = "take_notes") -> Meeting:
    meeting = find_meeting(request, group, number)
    authorise(request.user, f"meetings.{permission}", meeting)
    return meeting


def _context(screen: Screen) -> dict[str, Any]:
    meeting = screen.meeting
    return {
        "meeting": meeting,
        "screen": screen,
        "item": screen.item,
        "kinds": Note.Kind.choices,
        "writable": meeting.state in operations.NOTED_IN,
    }


def _show_screen(request: HttpRequest, screen: Screen, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The page. `typed`: what was refused, to stay in its field (``note``, ``decision``, ``follow_up``)."""
    meeting = screen.meeting
    turn = None
    if chosen := number_in(request.GET, "turn"):
        turn = SpeakerTurn.objects.filter(meeting=meeting, pk=chosen).select_related("delegation__organisation").first()
    context = _context(screen) | {
        "delegations": delegation_choices().rows,
        "new_key": uuid4(),
        "decision_key": uuid4(),
        "turn": turn,
        "typed": typed,
        "follow_up_form": typed.get("follow_up") or FollowUpForm(),
    }
    return render(request, "meetings/take_notes.html", context, status=status)


def _address(meeting: Meeting, item: Any = None, anchor: str = "") -> str:
    address = reverse("meetings:take_notes", args=meeting.address)
    return f"{address}?item={item}{anchor}" if item else f"{address}{anchor}"


def _act(
    request: HttpRequest,
    meeting: Meeting,
    operation: Callable[[], Any],
    *,
    anchor: str = "",
    back: str = "",
    done: str = "",
) -> HttpResponse:
    """Do it, and show the screen again; or tell the script of the screen that it is done, or why not. `done`: what the
    page says of it, where it does not show."""
    try:
        operation()
    except Refusal as refusal:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(str(refusal), status=CONFLICT, content_type=PLAIN)
        messages.warning(request, str(refusal))
        done = ""
    if done and not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, done)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=DONE)
    return redirect(back or _address(meeting, number_in(request.POST, "item"), anchor))


def _item_in(request: HttpRequest, meeting: Meeting, name: str = "item") -> AgendaItem:
    return get_object_or_404(AgendaItem, meeting=meeting, pk=number_in(request.POST, name))


def _note(request: HttpRequest, meeting: Meeting, pk: int) -> Note:
    rows = Note.objects.visible_to(request.user).select_related(
        "item__meeting__working_group", "delegation__organisation", "changed_by"
    )
    return get_object_or_404(rows, item__meeting=meeting, pk=pk)


# Notes


@login_required
@require_POST
def write_note(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Save a note, a new one or a text over an older one. The script gets the note as it is now, with its state; a
    text that was begun from an older one comes back beside the one that is stored (409)."""
    meeting = _find(request, group, number)
    item = _item_in(request, meeting)
    typed = read_note(request.POST, delegation_choices())
    stored = Note.objects.filter(key=typed.key, item__meeting=meeting).select_related("delegation__organisation")
    if pick := request.POST.get("pick", ""):
        _choose(typed, pick, request, stored.first())
    try:
        note = operations.write_note(item, key=typed.key, version=typed.version, by=person_of(request), **typed.said)
    except NoteChangedMeanwhile as refusal:
        return _conflict(request, meeting, item, typed, refusal)
    except Refusal as refusal:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(str(refusal), status=INVALID, content_type=PLAIN)
        messages.warning(request, str(refusal))
        return _show_screen(request, screen_of(meeting, str(item.pk)), status=INVALID, note=typed)
    if not request.htmx:  # type: ignore[attr-defined]
        if typed.problem:
            messages.warning(request, typed.problem)
        return redirect(_address(meeting, item.pk, "#new" if not typed.version else f"#note-{note.pk}"))
    note = _note(request, meeting, note.pk)
    context = {"note": note, "problem": typed.problem, **_fragment(meeting, item)}
    return render(request, "meetings/live/_note.html", context)


def _choose(typed: Typed, pick: str, request: HttpRequest, stored: Note | None) -> None:
    """Of two texts take the one that was chosen, over the version that stood beside it."""
    typed.version = number_in(request.POST, "theirs")
    if pick == "theirs" and stored is not None and stored.version == typed.version:
        typed.text, typed.kind = stored.text, stored.kind
        typed.delegation, typed.speaker = stored.delegation, stored.speaker
    elif pick == "merged":
        typed.text = request.POST.get("merged", "")


def _conflict(
    request: HttpRequest, meeting: Meeting, item: AgendaItem, typed: Typed, refusal: NoteChangedMeanwhile
) -> HttpResponse:
    note = _note(request, meeting, refusal.note.pk)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"note": note, "mine": typed, **_fragment(meeting, item)}
        return render(request, "meetings/live/_note.html", context, status=CONFLICT)
    screen = screen_of(meeting, str(note.item_id))
    return _show_screen(request, screen, status=CONFLICT, conflict=note.pk, mine=typed)


def _fragment(meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    screen = screen_of(meeting, str(item.pk))
    return {"meeting": meeting, "item": item, "kinds": Note.Kind.choices, "writable": True, "screen": screen}


@login_required
@require_POST
def move_note(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """One place up (``go=up``) or down, or to another item (``to=``), which the page says that it has left."""
    meeting = _find(request, group, number)
    note, by = _note(request, meeting, pk), person_of(request)
    if "to" in request.POST:
        item = _item_in(request, meeting, "to")
        done = _("The note stands under “%(item)s” now.") % {"item": item.title}
        return _act(request, meeting, lambda: operations.move_note_to_item(note, item=item, by=by), done=done)
    up = request.POST.get("go") == "up"
    return _act(request, meeting, lambda: operations.move_note(note, up=up, by=by), anchor=f"#note-{pk}")


@login_required
@require_POST
def remove_note(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Off the list; it can be restored."""
    meeting = _find(request, group, number)
    note = _note(request, meeting, pk)
    return _act(request, meeting, lambda: operations.remove_note(note, by=person_of(request)), anchor="#removed")


@login_required
@require_POST
def restore_note(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Back in its place."""
    meeting = _find(request, group, number)
    note = _note(request, meeting, pk)
    return _act(request, meeting, lambda: operations.restore_note(note, by=person_of(request)), anchor=f"#note-{pk}")


@login_required
@require_GET
@never_cache
def read_note_history(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Each text that a note had, the newest first."""
    meeting = _find(request, group, number)
    note = _note(request, meeting, pk)
    revisions = _texts_of(note)
    others = {row.version for row in revisions if (row.text, row.kind) != (note.text, note.kind)} - {note.version}
    back = _address(meeting, note.item_id, f"#note-{note.pk}")
    return _earlier_texts(request, meeting, "note", note, revisions, others, back)


@login_required
@require_POST
def restore_note_version(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Give it an earlier text back, as a new one."""
    meeting = _find(request, group, number)
    note, version = _note(request, meeting, pk), number_in(request.POST, "version")
    get_object_or_404(note.revisions, version=version)
    back = _address(meeting, note.item_id, f"#note-{note.pk}")
    restore = operations.restore_note_version
    return _act(request, meeting, lambda: restore(note, version=version, by=person_of(request)), back=back)


def _texts_of(stands: Note | Decision) -> list[Any]:
    """Each text that it had, the newest first."""
    return list(stands.revisions.select_related("by").order_by("-version"))


def _earlier_texts(
    request: HttpRequest, meeting: Meeting, kind: str, stands: Any, revisions: list[Any], others: set[int], back: str
) -> HttpResponse:
    """The page of all texts of a note or a decision; `others` are the versions that can be had again."""
    context = {
        "meeting": meeting,
        "stands": stands,
        "revisions": revisions,
        "others": others,
        "back": back,
        "writable": meeting.state in operations.NOTED_IN,
        "restore": reverse(f"meetings:restore_{kind}_version", args=[*meeting.address, stands.pk]),
    }
    return render(request, f"meetings/read_{kind}_history.html", context)


# Decisions and follow-ups


@login_required
@require_POST
def record_decision(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Write down what was decided under the item."""
    meeting = _find(request, group, number)
    item, text = _item_in(request, meeting), request.POST.get("text", "")
    key, by = key_in(request.POST), person_of(request)
    return _act(
        request,
        meeting,
        lambda: operations.record_decision(meeting, key=key, text=text, item=item, by=by),
        anchor="#decisions",
    )


@login_required
@require_POST
def change_decision(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Another text. If a colleague changed it meanwhile, both stand on the page (409)."""
    meeting = _find(request, group, number)
    decision, text = _decision(request, meeting, pk), request.POST.get("text", "")
    version = number_in(request.POST, "version")
    try:
        operations.change_decision(decision, version=version, text=text, by=person_of(request))
    except DecisionChangedMeanwhile as refusal:
        stored = _decision(request, meeting, pk)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"row": stored, "mine": text, "refusal": refusal, "meeting": meeting, "writable": True}
            context["item"] = stored.item
            return render(request, "meetings/live/_decision.html", context, status=CONFLICT)
        messages.warning(request, str(refusal))
        screen = screen_of(meeting, str(decision.item_id))
        return _show_screen(request, screen, status=CONFLICT, decision=pk, decision_text=text)
    except Refusal as refusal:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(str(refusal), status=CONFLICT, content_type=PLAIN)
        messages.warning(request, str(refusal))
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=DONE)
    return redirect(_address(meeting, decision.item_id, "#decisions"))


@login_required
@require_POST
def remove_decision(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Off the list; it can be restored."""
    meeting = _find(request, group, number)
    decision, by = _decision(request, meeting, pk), person_of(request)
    return _act(request, meeting, lambda: operations.remove_decision(decision, by=by), anchor="#decisions")


@login_required
@require_POST
def restore_decision(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Back on the list."""
    meeting = _find(request, group, number)
    decision, by = _decision(request, meeting, pk), person_of(request)
    return _act(request, meeting, lambda: operations.restore_decision(decision, by=by), anchor="#decisions")


@login_required
@require_GET
@never_cache
def read_decision_history(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Each text that a decision had, the newest first."""
    meeting = _find(request, group, number)
    decision = _decision(request, meeting, pk)
    revisions = _texts_of(decision)
    others = {row.version for row in revisions if row.text != decision.text}
    back = _address(meeting, decision.item_id, "#decisions")
    return _earlier_texts(request, meeting, "decision", decision, revisions, others, back)


@login_required
@require_POST
def restore_decision_version(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Give it an earlier text back, as a new one."""
    meeting = _find(request, group, number)
    decision, version = _decision(request, meeting, pk), number_in(request.POST, "version")
    get_object_or_404(decision.revisions, version=version)
    back, by = _address(meeting, decision.item_id, "#decisions"), person_of(request)
    restore = operations.restore_decision_version
    return _act(request, meeting, lambda: restore(decision, version=version, by=by), back=back)


def _decision(request: HttpRequest, meeting: Meeting, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user).select_related("meeting__working_group", "recorded_by", "item")
    return get_object_or_404(rows, meeting=meeting, pk=pk)


@login_required
@require_POST
def open_follow_up(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Write down what is to be done, by whom and by when. From then on participants read it."""
    meeting = _find(request, group, number, "open_follow_up")
    item, form = _item_in(request, meeting), FollowUpForm(request.POST)
    if not form.is_valid():
        if request.htmx:  # type: ignore[attr-defined]
            told = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return HttpResponse(told, status=INVALID, content_type=PLAIN)
        return _show_screen(request, screen_of(meeting, str(item.pk)), status=INVALID, follow_up=form)
    by = person_of(request)
    return _act(
        request,
        meeting,
        lambda: operations.open_follow_up(meeting, item=item, by=by, **form.cleaned_data),
        anchor="#follow-ups",
    )


# The speakers' list


@login_required
@require_POST
def ask_for_floor(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """A delegation, or somebody by name, waits for the floor."""
    meeting = _find(request, group, number, "keep_speakers")
    typed, name = request.POST.get("delegation", "").strip(), request.POST.get("name", "").strip()
    delegation = delegation_choices().find(typed)
    if typed and delegation is None:
        name = ", ".join(part for part in (name, typed) if part)
    item, by = meeting.items.filter(pk=number_in(request.POST, "item")).first(), person_of(request)
    return _act(
        request,
        meeting,
        lambda: operations.ask_for_floor(meeting, delegation=delegation, name=name, item=item, by=by),
        anchor="#speakers",
    )


@login_required
@require_POST
def move_turn(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """One place earlier (``go=up``) or later."""
    up = request.POST.get("go") == "up"
    return _turn(request, group, number, pk, lambda turn, by: operations.move_turn(turn, up=up, by=by))


@login_required
@require_POST
def give_floor(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """The speaker begins; who had the floor has spoken."""
    return _turn(request, group, number, pk, lambda turn, by: operations.give_floor(turn, by=by))


@login_required
@require_POST
def end_turn(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """The speaker has spoken."""
    return _turn(request, group, number, pk, lambda turn, by: operations.end_turn(turn, by=by))


@login_required
@require_POST
def withdraw_turn(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """The speaker does not wait any more."""
    return _turn(request, group, number, pk, lambda turn, by: operations.withdraw_turn(turn, by=by))


def _turn(
    request: HttpRequest, group: str, number: int, pk: int, operation: Callable[[SpeakerTurn, Any], Model]
) -> HttpResponse:
    meeting = _find(request, group, number, "keep_speakers")
    rows = SpeakerTurn.objects.visible_to(request.user).select_related("meeting__working_group")
    turn = get_object_or_404(rows, meeting=meeting, pk=pk)
    return _act(request, meeting, lambda: operation(turn, person_of(request)), anchor="#speakers")


# Attendance


@login_required
@require_GET
@never_cache
def record_attendance(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Who takes part, ticked off by delegation. Asked by the script with the stamp it has, the part that changed."""
    meeting = _find(request, group, number, "tick_attendance")
    roll = roll_of(meeting)
    if request.htmx and request.GET.get("attendance") == roll.stamp:  # type: ignore[attr-defined]
        return HttpResponse(status=DONE)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "meetings/live/_roll.html", _roll_context(meeting, roll))
    context = _roll_context(meeting, roll) | {
        "screen": screen_of(meeting),
        "delegations": delegation_choices().rows,
        "capacities": [choice for choice in Attendance.Capacity.choices if choice[0] != "participant"],
        "modes": AttendanceMode.choices,
    }
    return render(request, "meetings/record_attendance.html", context)


def _roll_context(meeting: Meeting, roll: Roll) -> dict[str, Any]:
    return {"meeting": meeting, "roll": roll, "writable": meeting.state in operations.NOTED_IN}


@login_required
@require_POST
def tick_attendance(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The button says which delegation, and how it is present (``tick=12:online``); ``12:`` that it is not."""
    meeting = _find(request, group, number, "tick_attendance")
    pk, _colon, mode = request.POST.get("tick", "").partition(":")
    delegation = get_object_or_404(Delegation, pk=whole_number(pk))
    by = person_of(request)

    def tick() -> None:
        if mode not in AttendanceMode.values:
            operations.untick_attendance(meeting, delegation, by=by)
            return
        people = meeting.registrations.standing().filter(delegation=delegation, mode=mode)
        there = meeting.attendance.filter(delegation=delegation, capacity="participant").exists()
        names = None if there else ", ".join(person.person_name for person in people)
        operations.tick_attendance(meeting, delegation, mode=mode, person_name=names, by=by)

    return _act(request, meeting, tick, back=_roll_address(meeting, f"#delegation-{delegation.pk}"))


@login_required
@require_POST
def add_attendance(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """A guest, the chair, the secretariat: of a delegation, or by name."""
    meeting = _find(request, group, number, "tick_attendance")
    data, by = request.POST, person_of(request)
    typed = data.get("delegation", "").strip()
    delegation = delegation_choices().find(typed)
    organisation = data.get("organisation", "").strip() or ("" if delegation else typed)
    capacity = data.get("capacity", "")
    capacity = capacity if capacity in Attendance.Capacity.values else Attendance.Capacity.GUEST
    mode = data.get("mode", "")

    def add() -> Attendance:
        return operations.add_attendance(
            meeting,
            capacity=capacity,
            delegation=delegation,
            name=data.get("name", ""),
            organisation=organisation,
            mode=mode if mode in AttendanceMode.values else AttendanceMode.IN_PERSON,
            by=by,
        )

    return _act(request, meeting, add, back=_roll_address(meeting, "#guests"))


@login_required
@require_POST
def remove_attendance(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """Off the list of those who took part."""
    meeting = _find(request, group, number, "tick_attendance")
    row = get_object_or_404(Attendance.objects.visible_to(request.user), meeting=meeting, pk=pk)
    by = person_of(request)
    return _act(
        request, meeting, lambda: operations.remove_attendance(row, by=by), back=_roll_address(meeting, "#guests")
    )


def _roll_address(meeting: Meeting, anchor: str) -> str:
    return reverse("meetings:record_attendance", args=meeting.address) + anchor
