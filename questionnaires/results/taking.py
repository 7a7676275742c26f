"""Published results to take along: a paper, and a table of exactly what the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.exports import write_csv
from icoca_portal.lib.moments import in_geneva, to_the_second
from icoca_portal.lib.papers import READERS, Body, Facts, Paper, Part, RichText, Seal, Table
from icoca_portal.lib.richtext import from_text, to_blocks
from questionnaires.models import Results
from questionnaires.results.showing import Shown, ShownQuestion, show


def readers() -> str:
    """Who reads published results."""
    return _("Participants, Board, secretariat")


def protection(shown: Shown) -> list[str]:
    """How small numbers are protected, as sentences for readers."""
    if shown.threshold <= 1:
        return [_("Every figure is shown: the secretariat set no smallest number for this questionnaire.")]
    return [
        _(
            "No figure is shown that stands for %(fewer)s delegations, none included: that nobody gave an answer "
            "says something of everybody. It reads “not shown”."
        )
        % {"fewer": shown.fewer},
        _(
            "Where such a figure could be worked out from the others, more of them are not shown. Which of them are "
            "the small ones cannot be told, and a percentage, a mean or a total is shown only where it tells nothing "
            "of them."
        ),
        _(
            "The middle and the quarters of numbers and days are means of several answers, so that none is what one "
            "delegation wrote. Texts are quoted only where their delegation allowed it, with its name or without."
        ),
    ]


def responded(shown: Shown) -> str:
    """The response rate as a sentence."""
    rate = shown.rate
    if rate.answered is None:
        return _("Of %(asked)d delegations asked, %(fewer)s answered.") % {"asked": rate.asked, "fewer": shown.fewer}
    return ngettext(
        "Of %(asked)d delegations asked, %(answered)d answered.",
        "Of %(asked)d delegations asked, %(answered)d answered.",
        rate.answered,
    ) % {"asked": rate.asked, "answered": rate.answered}


def paper(row: Results) -> Paper:
    """The results as PDF or Word."""
    shown = show(row.content)
    parts = [Part(_("Response rate"), body=(_prose(responded(shown)), *_kinds(shown)))]
    for section in shown.sections:
        parts.append(Part(section.title, section.number))
        parts += [Part(question.text, question.number, _body(question)) for question in section.questions]
    parts.append(Part(_("How small numbers are protected"), body=tuple(map(_prose, protection(shown)))))
    address = settings.PORTAL_ADDRESS + reverse("questionnaires:verify_results", args=[row.questionnaire.slug])
    sealed = to_the_second(row.published_at)
    parts.append(
        Part(
            _("Seal"),
            body=(
                Seal(shown.code, row.sha256, sealed),
                _prose(
                    _("The seal is the SHA-256 of the JSON file of these results. To check it: %(address)s")
                    % {"address": address}
                ),
            ),
        )
    )
    return Paper(
        title=_("Results: %(title)s") % {"title": shown.title},
        language=translation.get_language() or "en",
        direction="rtl" if translation.get_language_bidi() else "ltr",
        meta=[
            (_("Questionnaire"), shown.code),
            (_("Published"), in_geneva(row.published_at)),
            (READERS, readers()),
        ],
        lead=responded(shown),
        parts=parts,
        footer=shown.title,
        sample=settings.SAMPLE_SITE,
    )


def _prose(text: str) -> RichText:
    return RichText(to_blocks(from_text(text)))


def _kinds(shown: Shown) -> tuple[Body, ...]:
    if not shown.kinds:
        return ()
    return (
        Table(
            (_("Kind of participant"), _("Asked"), _("Answered")),
            [(row.kind, row.asked, row.answered) for row in shown.kinds],
        ),
    )


def _body(question: ShownQuestion) -> tuple[Body, ...]:
    body: list[Body] = [_prose(" ".join(filter(None, [question.about, question.answered, question.hidden])))]
    for count in question.counts:
        rows: list[Sequence[object]] = [(row.label, row.shown) for row in count.rows]
        body.append(Table((_("Answer"), _("Delegations")), rows, count.caption))
    if question.rank_rows:
        body.append(Table((_("Choice"), _("Mean rank")), question.rank_rows))
    if question.facts:
        body.append(Facts(question.facts))
    for quotation in question.quotations:
        whose = quotation.delegation or _("A delegation")
        body.append(_prose(f"{whose}: “{quotation.text}”"))
    return tuple(body)


def csv(row: Results) -> bytes:
    """One line a figure or quotation, as the page shows them; what is left out says so."""
    shown = show(row.content)
    headers = [_("Number"), _("Question"), _("Of delegations"), _("What"), _("Answer"), _("Figure"), _("Quotation")]
    return write_csv(headers, _lines(shown))


def _lines(shown: Shown) -> Iterator[Sequence[Any]]:
    rate = shown.rate
    yield "", _("Response rate"), rate.asked, "", _("Asked"), rate.asked, ""
    answered = shown.fewer if rate.answered is None else rate.answered
    yield "", _("Response rate"), rate.asked, "", _("Answered"), answered, ""
    for kind in shown.kinds:
        yield "", _("Response rate"), kind.asked, kind.kind, _("Answered"), kind.answered, ""
    for question in shown.questions:
        head = (question.number, question.text, question.total)
        if question.total is None or question.answered:
            yield *head, "", question.answered or question.about, None, ""
        for count in question.all_counts:
            for row in count.rows:
                yield *head, count.caption, row.label, row.shown if row.count is None else row.count, ""
        for label, figure in [*question.facts, *question.rank_rows]:
            yield *head, _("Mean rank") if question.rank_rows else "", label, figure, ""
        for quotation in question.quotations:
            yield *head, _("Quotation"), quotation.delegation, None, quotation.text
