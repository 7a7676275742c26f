"""The papers of a meeting, as the PDF and Word writers take them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.papers import READERS, Answers, Facts, Paper, Paragraphs, Part, RichText, Seal, Table
from icoca_portal.lib.richtext import Block, Run
from meetings.agenda_texts import Agenda, AgendaLine, agenda_of
from meetings.models import Attendance, ChairsSummary, Meeting, SummaryComment
from meetings.registering import names_registered
from meetings.texts import SummaryText


def agenda_paper(meeting: Meeting, agenda: Agenda | None = None) -> Paper:
    """The agenda as it was circulated last, in the reader's language as far as it is the portal's words.

    `agenda` is what the reader may see of it (`Agenda.for_reader`); without it the paper holds what everybody may.
    """
    agenda = agenda or agenda_of(meeting).for_reader({}, inside=False)
    facts = [(label, value) for key, label, value in agenda.facts if value and key != "title"]
    items = [(line.number, _item(line)) for line in agenda.lines]
    return Paper(
        title=_("Agenda of the %(exchange)s") % {"exchange": meeting.name_in_sentence},
        language=translation.get_language() or settings.LANGUAGE_CODE,
        meta=[
            (_("Symbol"), agenda.symbol),
            (_("Date"), agenda.meeting.when),
            (_("State"), meeting.get_agenda_state_display()),
            (READERS, meeting.get_visibility_display()),
        ],
        lead=agenda.meeting.title,
        parts=[
            Part(_("Meeting"), body=[Facts(facts)]),
            Part(_("Items"), body=[Paragraphs(items)] if items else [RichText([_line(_("No item yet."))])]),
        ],
        footer=agenda.symbol,
        sample=settings.SAMPLE_SITE,
    )


def _item(line: AgendaLine) -> list[Block]:
    title = f"{line.hour}  {line.title}" if line.hour else line.title
    runs: list[Run] = [{"text": title, "strong": line.depth == 0}]
    if line.line:  # in the same paragraph, so that it stands closer to its title than to the next item
        runs += [{"br": True}, {"text": line.line}]
    blocks: list[Block] = [{"type": "p", "runs": runs}]
    for label, rows in ((_("Documents"), line.papers), (_("Follow-ups taken up"), line.follow_ups)):
        if rows:
            blocks.append(_line(f"{label}:"))
            blocks.append({"type": "ul", "items": [[_line(str(row))] for row in rows]})
    return blocks


def _line(text: str) -> Block:
    return {"type": "p", "runs": [{"text": text}]}


def summary_paper(meeting: Meeting, summary: ChairsSummary, text: SummaryText) -> Paper:
    """The summary in its own language. A draft says that it is one; a published text ends with its seal."""
    with translation.override(text.language):
        facts = [(label or _("Note"), value) for label, value in text.title_lines]
        state = text.state(summary)
        readers = meeting.get_visibility_display() if text.published else readers_of(summary)
        parts = [Part(_("Exchange"), body=[Facts(facts)])] if facts else []
        parts += [
            Part(
                part.title,
                number=part.number,
                body=[Paragraphs([(paragraph.number or "", paragraph.blocks) for paragraph in part.paragraphs])],
            )
            for part in text.parts
        ]
        if text.published and text.published.text.get("corrects"):
            corrects = (_("Corrects"), text.published.text["corrects"])
            parts.insert(0, Part(_("Corrigendum"), body=[Facts([corrects])]))
        if text.published:
            sealed = _("Published %(moment)s") % {"moment": in_geneva(text.published.published_at)}
            parts.append(Part(_("Seal"), body=[Seal(text.symbol, text.published.sha256, sealed)]))
        return Paper(
            title=text.title,
            language=text.language,
            meta=[
                (_("Symbol"), text.symbol),
                (_("Meeting"), meeting.when),
                (_("State"), state),
                (READERS, readers),
            ],
            lead=meeting.full_name,
            parts=parts,
            footer=text.symbol,
            sample=settings.SAMPLE_SITE,
        )


def readers_of(summary: ChairsSummary) -> str:
    """Who reads the text that is not published yet: the participants once it was circulated."""
    return _("Participants") if summary.circulated_at else _("Secretariat and chair")


def comment_headers() -> list[str]:
    """The headers of `comment_rows`."""
    return [
        _("Text"), _("Paragraph"), _("Delegation"), _("Kind"), _("Comment"), _("Proposed wording"), _("Made, Geneva"),
        _("Answer"), _("Answer in words"), _("Answered, Geneva"),
    ]  # fmt: skip


def comment_rows(comments: Iterable[SummaryComment]) -> Iterator[list[Any]]:
    """What was said of the circulated texts and what became of it, a row a comment."""
    for comment in comments:
        answer = comment.get_answer_display()
        yield [
            str(comment.round),
            comment.paragraph if comment.paragraph is not None else _("The whole text"),
            str(comment.delegation),
            str(comment.get_kind_display()),
            comment.text,
            comment.proposed,
            timezone.localtime(comment.made_at, geneva()),
            str(_("Withdrawn") if comment.withdrawn_at else answer),
            comment.answer_text,
            timezone.localtime(comment.answered_at, geneva()) if comment.answered_at else None,
        ]


def comments_paper(summary: ChairsSummary, comments: Sequence[SummaryComment]) -> Paper:
    """The comments by round, for the secretariat and the chair."""
    parts = []
    for _pk, same in groupby(comments, key=lambda comment: comment.round_id):
        rows = list(same)
        items = [
            (_comment_label(comment), _comment_question(comment), _comment_answer(comment), "") for comment in rows
        ]
        parts.append(Part(str(rows[0].round), body=[Answers(items)]))
    return Paper(
        title=_("Comments on the %(summary)s") % {"summary": summary},
        language=translation.get_language() or settings.LANGUAGE_CODE,
        meta=[
            (_("Symbol"), summary.symbol),
            (_("Meeting"), summary.meeting.when),
            (READERS, _("Secretariat and chair")),
        ],
        parts=parts or [Part(_("Comments"), body=[RichText([_line(_("No comment."))])])],
        footer=summary.symbol,
        sample=settings.SAMPLE_SITE,
    )


def _comment_label(comment: SummaryComment) -> str:
    return str(comment.paragraph) if comment.paragraph is not None else ""


def _comment_question(comment: SummaryComment) -> str:
    said = ". ".join(text.rstrip(".") for text in (comment.text, comment.proposed) if text)
    return f"{comment.delegation}, {comment.get_kind_display().lower()}: {said}"


def _comment_answer(comment: SummaryComment) -> str:
    if comment.withdrawn_at:
        return _("Withdrawn")
    return ". ".join(text for text in (comment.get_answer_display(), comment.answer_text) if text)


def participants_rows(meeting: Meeting) -> list[tuple[str, str, str, str]]:
    """Who took part: capacity, organisation, person, in person or online; the chair first, then by name."""
    order = [choice.value for choice in (
        Attendance.Capacity.CHAIR,
        Attendance.Capacity.PARTICIPANT,
        Attendance.Capacity.EXECUTIVE_DIRECTOR,
        Attendance.Capacity.CHAIR_OF_BOARD,
        Attendance.Capacity.SECRETARIAT,
        Attendance.Capacity.GUEST,
    )]  # fmt: skip
    rows = sorted(
        meeting.attendance.select_related("delegation__organisation"),
        key=lambda row: (order.index(row.capacity), str(row.delegation or row.guest_organisation), row.person_name),
    )
    # Whoever was ticked off as a delegation alone is named as it registered them.
    registered = names_registered(meeting)
    return [
        (
            str(row.get_capacity_display()),
            str(row.delegation or row.guest_organisation),
            row.person_name or row.guest_name or _registered(row, registered),
            str(row.get_mode_display()),
        )
        for row in rows
    ]


def _registered(row: Attendance, registered: dict[int, str]) -> str:
    is_participant = row.capacity == Attendance.Capacity.PARTICIPANT and row.delegation_id is not None
    return registered.get(row.delegation_id or 0, "") if is_participant else ""


def participants_paper(meeting: Meeting) -> Paper:
    """The list of participants; read by those who took part and their like, never public."""
    present = meeting.participants_among(meeting.attendance.all())
    took_part = ngettext(
        "%(count)d Montreux Document participant took part.",
        "%(count)d Montreux Document participants took part.",
        present,
    )
    return Paper(
        title=_("List of participants of the %(exchange)s") % {"exchange": meeting.name_in_sentence},
        language=translation.get_language() or settings.LANGUAGE_CODE,
        meta=[(_("Symbol"), meeting.symbol), (_("Date"), meeting.when), (READERS, _("Participants"))],
        lead=took_part % {"count": present} if present else "",
        parts=[Part(_("Participants"), body=[Table(participants_headers(), participants_rows(meeting))])],
        footer=meeting.symbol,
        sample=settings.SAMPLE_SITE,
    )


def participants_headers() -> list[str]:
    """The headers of `participants_rows`."""
    return [_("Capacity"), _("Organisation"), _("Represented by"), _("Present")]
