"""The report for the Board's session, as an official paper: per objective what was asked, what came back, what the
Board made of it. Its writers are `lib.pdf` and `lib.word`."""

from __future__ import annotations

from html import escape

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.charts import Bars
from icoca_portal.lib.days import today
from icoca_portal.lib.papers import READERS, Body, Facts, Paper, Part, RichText, Table
from icoca_portal.lib.richtext import from_text, to_blocks
from questionnaires.review.asked import Asked
from questionnaires.review.discussed import Discussed
from questionnaires.review.objectives import Counted, ObjectiveReading, ThemeReading, read_all
from questionnaires.review.reading import Reader


def report(reader: Reader, asked: Asked) -> Paper:
    """The report with what its reader may know; in the language of the page."""
    questionnaire = reader.questionnaire
    received = reader.submissions().count()
    readings = read_all(reader, asked)
    lead = ngettext(
        "What %(count)d delegation answered, by objective, and what the Board made of it.",
        "What %(count)d delegations answered, by objective, and what the Board made of it.",
        received,
    ) % {"count": received}
    return Paper(
        title=_("Report on “%(title)s”") % {"title": questionnaire.in_language("title")},
        language=translation.get_language() or "en",
        direction="rtl" if translation.get_language_bidi() else "ltr",
        meta=[
            (_("Edition"), asked.latest.edition),
            (_("Received"), received),
            (_("As of"), date_format(today(), "DATE_FORMAT")),
            (READERS, _("Board") if reader.of_board else _("Board and secretariat")),
        ],
        lead=lead,
        parts=[_part(reader, reading) for reading in readings],
        footer=str(questionnaire),
        sample=settings.SAMPLE_SITE,
    )


def _part(reader: Reader, reading: ObjectiveReading) -> Part:
    body: list[Body] = []
    if reading.objective is not None and reading.objective.summary:
        body.append(RichText(to_blocks(from_text(reading.objective.summary))))
    for counted in reading.questions:
        body += _question(reader, counted)
    if reading.themes:
        body.append(_heading(_("Themes")))
        body += [_theme(theme) for theme in reading.themes]
    if reading.discussions:
        body += [_heading(_("Discussed on")), _discussions(reading.discussions)]
    body += [_heading(_("Conclusion")), _conclusion(reading)]
    title = _("Conclusion on the whole") if reading.is_whole else reading.title
    return Part(title, "" if reading.is_whole else reading.number, body)


def _heading(text: str) -> RichText:
    return RichText(to_blocks(f"<h3>{escape(text)}</h3>"))


def _question(reader: Reader, counted: Counted) -> list[Body]:
    number = ngettext("%(count)d answer", "%(count)d answers", counted.answered) % {"count": counted.answered}
    body: list[Body] = [_heading(f"{counted.number} {counted.question.text}")]
    facts = [(_("Answered"), number), *counted.figures]
    if counted.remarks:
        facts.append((_("Remarks"), str(counted.remarks)))
    body.append(Facts(facts))
    body += [_table(bars) for bars in counted.charts]
    return body


def _table(bars: Bars) -> Table:
    return Table(
        headers=[_("Choice"), _("Number")],
        rows=[[row.label, row.shown] for row in bars.rows],
        caption=bars.caption,
    )


def _theme(reading: ThemeReading) -> RichText:
    pieces = [f"<p><strong>{escape(reading.theme.name)}</strong></p>"]
    for quoted in reading.passages:
        source = f"{quoted.received.label}, {quoted.number}"
        pieces.append(f"<blockquote>{from_text(quoted.passage.text)}<p><em>{escape(source)}</em></p></blockquote>")
    return RichText(to_blocks("".join(pieces)))


def _discussions(rows: list[Discussed]) -> Table:
    return Table(
        headers=[_("Day"), _("Where"), _("Note")],
        rows=[
            [
                _day(row),
                row.where,
                row.discussion.note,
            ]
            for row in rows
        ],
    )


def _day(row: Discussed) -> str:
    """The day; of an occasion that names none, nothing."""
    if row.day:
        return date_format(row.day, "DATE_FORMAT")
    return _("to be confirmed") if row.meeting else ""


def _conclusion(reading: ObjectiveReading) -> RichText:
    text = reading.conclusion.text if reading.conclusion else ""
    return RichText(to_blocks(text or from_text(_("None is written yet."))))
