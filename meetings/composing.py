"""The text of a summary as it follows from what was noted: sentences without who said what, to be edited by hand.

Interventions are rendered by their kind and by how many made them: one, two, a number of participants. Everything here
is in the active language; the portal's records are in `settings.LANGUAGE_CODE`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.richtext import clean, from_text, to_blocks
from meetings.agendas import OutlinedItem, outline
from meetings.models import AgendaItem, Attendance, Decision, FollowUp, Meeting, Note

Kind = Note.Kind
Capacity = Attendance.Capacity
#: Sentences in which several interventions can be merged.
GROUPS = ("A", "B", "C", "D", "E", "F", "G", "H")
#: What begins so goes on the sentence; everything else stands after a colon.
GOES_ON: Mapping[str, re.Pattern[str]] = {
    Kind.QUESTION: re.compile(
        r"(?:whether|if|how|why|when|what|which|who|where|about|for|that|to|si|comment|pourquoi|quand|quels?|quelles?|"
        r"qui|où|que)\b|qu['’]"
    ),
    Kind.COMMENT: re.compile(r"(?:that|que)\b|qu['’]"),
    Kind.REPLY: re.compile(r"(?:that|que)\b|qu['’]"),
    Kind.PROPOSAL: re.compile(r"(?:that|to|que|de)\b|(?:qu|d)['’]"),
}


@dataclass(frozen=True)
class Material:
    """What there is to compose an item from: its record, and what was noted under it."""

    line: OutlinedItem
    notes: Sequence[Note]
    decisions: Sequence[Decision]
    follow_ups: Sequence[FollowUp]

    @property
    def item(self) -> AgendaItem:
        return self.line.item

    @property
    def has_record(self) -> bool:
        return bool(to_blocks(self.item.record))


@dataclass(frozen=True)
class Choice:
    """What of the material goes into the text. `merged` names the sentence (A, B, …) of interventions put together."""

    records: frozenset[int] = frozenset()
    notes: frozenset[int] = frozenset()
    decisions: frozenset[int] = frozenset()
    follow_ups: frozenset[int] = frozenset()
    merged: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def usual(cls, materials: Iterable[Material]) -> Choice:
        """Record, notes and decisions; follow-ups have a list of their own."""
        rows = list(materials)
        return cls(
            records=frozenset(row.item.pk for row in rows if row.has_record),
            notes=frozenset(note.pk for row in rows for note in row.notes),
            decisions=frozenset(decision.pk for row in rows for decision in row.decisions),
        )

    @classmethod
    def read(cls, data: QueryDict, materials: Iterable[Material]) -> Choice:
        """What a form says; the usual where it was not sent yet. What is not of the material is passed over."""
        rows = list(materials)
        if "chosen" not in data:
            return cls.usual(rows)

        def among(name: str, keys: Iterable[int]) -> frozenset[int]:
            return frozenset(keys) & {whole_number(key, figures=15) for key in data.getlist(name)}

        notes = among("note", (note.pk for row in rows for note in row.notes))
        return cls(
            records=among("record", (row.item.pk for row in rows)),
            notes=notes,
            decisions=among("decision", (decision.pk for row in rows for decision in row.decisions)),
            follow_ups=among("follow-up", (one.pk for row in rows for one in row.follow_ups)),
            merged={pk: group for pk in notes if (group := data.get(f"merge-{pk}", "")) in GROUPS},
        )

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """The same choice as fields of a form."""
        sets = (("record", self.records), ("note", self.notes), ("decision", self.decisions),
                ("follow-up", self.follow_ups))  # fmt: skip
        pairs: list[tuple[str, Any]] = [("chosen", 1)]
        pairs += [(name, key) for name, keys in sets for key in sorted(keys)]
        return pairs + [(f"merge-{key}", group) for key, group in sorted(self.merged.items())]


def materials_of(meeting: Meeting) -> list[list[Material]]:
    """What was noted at a meeting, by item; a sub-item stands with its item. Five queries."""
    lines = outline(meeting.items.all())
    notes = _by_item(
        Note.objects.filter(item__meeting=meeting, removed_at=None)
        .select_related("delegation__organisation")
        .order_by("position", "pk")
    )
    decisions = _by_item(Decision.objects.filter(meeting=meeting, removed_at=None).order_by("pk"))
    follow_ups = _by_item(meeting.follow_ups.select_related("delegation__organisation").order_by("pk"))
    grouped: list[list[Material]] = []
    for line in lines:
        key = line.item.pk
        material = Material(line, notes.get(key, []), decisions.get(key, []), follow_ups.get(key, []))
        if line.depth == 0 or not grouped:
            grouped.append([material])
        else:
            grouped[-1].append(material)
    return grouped


def _by_item(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


# The text of an item


def composed(materials: Sequence[Material], choice: Choice, offices: Mapping[str, str]) -> str:
    """The text of an item with its sub-items as HTML; each sub-item stands under its heading.

    `offices` from `offices_of`: who speaks in an office, by name.
    """
    pieces = []
    for place, material in enumerate(materials):
        html = "".join(_pieces(material, choice, offices))
        if html and place:
            html = f"<h3>{escape(material.line.heading)}</h3>{html}"
        pieces.append(html)
    return clean("".join(pieces))


def _pieces(material: Material, choice: Choice, offices: Mapping[str, str]) -> Iterator[str]:
    if material.item.pk in choice.records:
        yield clean(material.item.record)
    chosen = [note for note in material.notes if note.pk in choice.notes and note.text.strip()]
    done: set[str] = set()
    for note in chosen:
        group = choice.merged.get(note.pk, "")
        if not group or not note.is_intervention:
            yield from_text(note.text) if not note.is_intervention else _paragraph(sentence([note], offices))
        elif group not in done:
            # The merged sentence stands where the first of its interventions stood.
            done.add(group)
            together = [one for one in chosen if choice.merged.get(one.pk) == group and one.is_intervention]
            yield _paragraph(sentence(together, offices))
    decisions = [decision.text for decision in material.decisions if decision.pk in choice.decisions]
    if len(decisions) == 1:
        yield _paragraph(_decided(decisions[0]))
    elif decisions:
        yield _paragraph(_("The Working Group decided:")) + _list(decisions)
    follow_ups = [_agreed(one) for one in material.follow_ups if one.pk in choice.follow_ups]
    if follow_ups:
        yield _paragraph(_("To be done after the meeting:")) + _list(follow_ups)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(_line(text))}</li>' for text in texts)}</ul>"


def _line(text: str) -> str:
    return " ".join(text.split())


def _ended(text: str) -> str:
    """The text with an end: a full stop, unless it has one."""
    return text if text.endswith((".", "?", "!", "…", ".”", "?”", ".»")) else f"{text}."


def _decided(text: str) -> str:
    text = _line(text)
    if GOES_ON[Kind.PROPOSAL].match(text):
        return _ended(_("The Working Group decided %(decision)s") % {"decision": text})
    return _ended(_("The Working Group decided: %(decision)s") % {"decision": text})


def _agreed(follow_up: FollowUp) -> str:
    by = str(follow_up.by) if follow_up.due or follow_up.due_note else ""
    return ", ".join(part for part in (follow_up.what.rstrip("."), follow_up.who, by) if part)


# One intervention, or several in one sentence


def offices_of(meeting: Meeting) -> dict[str, str]:
    """Those who speak in an office, by their names and by the office itself, with what a summary calls them."""
    called = {
        Capacity.EXECUTIVE_DIRECTOR: _("The Executive Director of the Association"),
        Capacity.CHAIR_OF_BOARD: _("The Chair of the Association’s Board"),
        Capacity.SECRETARIAT: _("The secretariat"),
        Capacity.CHAIR: _("The Chair"),
    }
    found = {str(capacity.label).casefold(): name for capacity, name in called.items()}
    found |= {"executive director": called[Capacity.EXECUTIVE_DIRECTOR], "chairman": called[Capacity.CHAIR]}
    for capacity, *people in meeting.attendance.filter(capacity__in=list(called)).values_list(
        "capacity", "person_name", "guest_name"
    ):
        found |= {person.casefold(): called[Capacity(capacity)] for person in people if person}
    if meeting.chair_name:
        found[meeting.chair_name.casefold()] = called[Capacity.CHAIR]
    return found


def sentence(notes: Sequence[Note], offices: Mapping[str, str]) -> str:
    """What was said in one sentence, without who said it: ``One Montreux Document participant asked whether …``.

    Several interventions become ``Two Montreux Document participants asked: …; …``, from three on ``A number of …``.
    The same delegation twice is one participant.
    """
    who, count = _who(notes, offices)
    kinds = {note.kind for note in notes}
    kind = kinds.pop() if len(kinds) == 1 else Kind.NOTE
    texts = [_line(note.text) for note in notes]
    goes_on = GOES_ON.get(kind)
    if goes_on and all(goes_on.match(text) for text in texts):
        joined = get_text_list([text.rstrip(". ") for text in texts], _("and"))
        return _ended(_said(kind, count, going_on=True) % {"who": who, "text": joined})
    joined = "; ".join(text if text.endswith(("?", "!")) else text.rstrip(". ") for text in texts)
    return _ended(_said(kind, count, going_on=False) % {"who": who, "text": joined})


def _who(notes: Sequence[Note], offices: Mapping[str, str]) -> tuple[str, int]:
    delegations = {note.delegation_id for note in notes if note.delegation_id}
    others = {note.speaker.strip().casefold() for note in notes if not note.delegation_id}
    if delegations and not others:
        return _participants(len(delegations)), len(delegations)
    if not delegations and len(others) == 1 and (office := offices.get(next(iter(others)))):
        return office, 1
    count = len(delegations) + len(others)
    return _speakers(count), count


def _participants(count: int) -> str:
    if count == 1:
        return _("One Montreux Document participant")
    if count == 2:
        return _("Two Montreux Document participants")
    return _("A number of Montreux Document participants")


def _speakers(count: int) -> str:
    if count == 1:
        return _("One speaker")
    if count == 2:
        return _("Two speakers")
    return _("A number of speakers")


def _said(kind: str, count: int, *, going_on: bool) -> str:
    """The sentence with places for `who` and `text`; the verb agrees with the number where a language asks for it."""
    forms: Mapping[tuple[str, bool], Callable[[], str]] = {
        (Kind.QUESTION, True): lambda: ngettext("%(who)s asked %(text)s", "%(who)s asked %(text)s", count),
        (Kind.QUESTION, False): lambda: ngettext("%(who)s asked: %(text)s", "%(who)s asked: %(text)s", count),
        (Kind.COMMENT, True): lambda: ngettext("%(who)s said %(text)s", "%(who)s said %(text)s", count),
        (Kind.COMMENT, False): lambda: ngettext("%(who)s commented: %(text)s", "%(who)s commented: %(text)s", count),
        (Kind.REPLY, True): lambda: ngettext("%(who)s replied %(text)s", "%(who)s replied %(text)s", count),
        (Kind.REPLY, False): lambda: ngettext("%(who)s replied: %(text)s", "%(who)s replied: %(text)s", count),
        (Kind.PROPOSAL, True): lambda: ngettext("%(who)s proposed %(text)s", "%(who)s proposed %(text)s", count),
        (Kind.PROPOSAL, False): lambda: ngettext("%(who)s proposed: %(text)s", "%(who)s proposed: %(text)s", count),
    }
    form = forms.get((kind, going_on))
    return form() if form else ngettext("%(who)s said: %(text)s", "%(who)s said: %(text)s", count)


# The opening


def opening(meeting: Meeting) -> str:
    """The facts of the heading in words, as HTML: when and where, who was in the chair, who took part."""
    rows = list(meeting.attendance.select_related("delegation__organisation"))
    sentences = [_took_place(meeting)]
    if meeting.chair_name:
        sentences.append(_("%(name)s was in the chair.") % {"name": meeting.chair_name})
    present = meeting.participants_among(rows)
    attended = list(chain(_counted(present), _in_office(rows), _guests(rows)))
    if attended:
        # Where only one took part, a language may want another form.
        sentences.append(
            ngettext("It was attended by %(people)s.", "It was attended by %(people)s.", present)
            % {"people": get_text_list(attended, _("and"))}
        )
    online = sum(row.mode == "online" and row.capacity == Capacity.PARTICIPANT for row in rows)
    if online and meeting.mode != Meeting.Mode.ONLINE:
        sentences.append(
            ngettext(
                "%(count)d of the participants took part online.",
                "%(count)d of the participants took part online.",
                online,
            )
            % {"count": online}
        )
    return _paragraph(" ".join(sentences))


def _took_place(meeting: Meeting) -> str:
    facts = {"exchange": meeting.name_in_sentence, "place": meeting.place, "day": meeting.when}
    if meeting.mode == Meeting.Mode.ONLINE:
        return _("The %(exchange)s of the Working Group took place online on %(day)s.") % facts
    if not meeting.place:
        return _("The %(exchange)s of the Working Group took place on %(day)s.") % facts
    if meeting.mode == Meeting.Mode.BOTH:
        return _("The %(exchange)s of the Working Group took place in %(place)s and online on %(day)s.") % facts
    return _("The %(exchange)s of the Working Group took place in %(place)s on %(day)s.") % facts


def _counted(present: int) -> Iterator[str]:
    if present:
        yield ngettext(
            "%(count)d Montreux Document participant", "%(count)d Montreux Document participants", present
        ) % {"count": present}


def _in_office(rows: Sequence[Attendance]) -> Iterator[str]:
    called = (
        (Capacity.EXECUTIVE_DIRECTOR, _("the Executive Director of the Association")),
        (Capacity.CHAIR_OF_BOARD, _("the Chair of the Association’s Board")),
    )
    for capacity, office in called:
        for row in rows:
            # A delegation is not named in any capacity.
            if row.capacity == capacity and not row.delegation_id:
                yield f"{office} ({row.guest_name})" if row.guest_name else office
    for row in rows:
        if row.capacity == Capacity.SECRETARIAT and not row.delegation_id:
            yield _named(row.guest_organisation or _("secretariat"))


def _named(organisation: str) -> str:
    return _("the %(organisation)s") % {"organisation": organisation}


def _guests(rows: Sequence[Attendance]) -> Iterator[str]:
    guests = sum(row.capacity == Capacity.GUEST for row in rows)
    if guests:
        yield ngettext("%(count)d guest", "%(count)d guests", guests) % {"count": guests}
