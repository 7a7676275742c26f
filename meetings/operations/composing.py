"""What was noted is put into the parts of a draft; figures of the registry are put into them too."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from icoca_portal.lib.richtext import clean, to_blocks
from meetings import finding
from meetings.agendas import outline
from meetings.exceptions import FigureUnknown, NothingToCompose, SummaryChangedMeanwhile
from meetings.models import AgendaItem, ChairsSummary, SummaryFigure, SummaryPart
from meetings.operations.shared import locked_summary
from members.figures import figures
from members.models import User

State = ChairsSummary.State


@transaction.atomic
def compose_part(
    summary: ChairsSummary,
    item: AgendaItem | None,
    *,
    html: str,
    by: User,
    append: bool = False,
    seen_version: int | None = None,
) -> SummaryPart:
    """Put a composed text into the part of an agenda item (None: the opening), in place of what stands there or after
    it. A part that is missing is made.

    `seen_version` is the version of the draft that stood beside the composed text: nothing typed since is overwritten.
    Raises SummaryInAnotherState, SummaryChangedMeanwhile, NothingToCompose.
    """
    summary = locked_summary(summary, State.DRAFT)
    html = clean(html)
    if not to_blocks(html):
        raise NothingToCompose(_("Nothing was chosen for this part. Choose a record, a note or a decision first."))
    if seen_version is not None and seen_version != summary.version:
        raise SummaryChangedMeanwhile(
            _("The draft was changed while you were composing. Both texts stand here again: compare them, then choose.")
        )
    part = part_of(summary, item)
    if part is None:
        part = _new_part(summary, item)
    part.text = f"{part.text}{html}" if append else html
    part.save()
    _changed(summary)
    return part


def part_of(summary: ChairsSummary, item: AgendaItem | None) -> SummaryPart | None:
    """The part of a draft that is about an item; None for the item: the one before all others, without a number."""
    parts = list(summary.parts.all())
    if item is None:
        return next((part for part in parts if part.item_id is None and not part.number), None)
    of_item = next((part for part in parts if part.item_id == item.pk), None)
    # Drafts of earlier years do not say of which item a part is; its title does.
    return of_item or next((part for part in parts if part.item_id is None and part.title == item.title), None)


def _new_part(summary: ChairsSummary, item: AgendaItem | None) -> SummaryPart:
    if item is None:
        with translation.override(settings.LANGUAGE_CODE):
            return SummaryPart(summary=summary, position=0, title=_("Opening"))
    tops = [line for line in outline(summary.meeting.items.all()) if line.depth == 0]
    place = next((place for place, line in enumerate(tops, start=1) if line.item.pk == item.pk), len(tops))
    number = next((line.number for line in tops if line.item.pk == item.pk), "")
    return SummaryPart(summary=summary, item=item, position=place, number=number, title=item.title)


@transaction.atomic
def insert_figure(summary: ChairsSummary, item: AgendaItem | None, *, key: str, by: User) -> SummaryFigure:
    """Put the sentence of a registry figure, as of the day of the meeting, at the end of a part, and log it.

    Raises SummaryInAnotherState, FigureUnknown.
    """
    summary = locked_summary(summary, State.DRAFT)
    day = summary.meeting.date or today()
    with translation.override(settings.LANGUAGE_CODE):
        figure = next((one for one in figures(day) if one.key == key), None)
    if figure is None:
        raise FigureUnknown(_("Choose a figure first."))
    part = part_of(summary, item) or _new_part(summary, item)
    part.text = f"{part.text}<p>{escape(figure.sentence)}</p>"
    part.save()
    logged = SummaryFigure.objects.create(
        summary=summary,
        key=key,
        as_of=day,
        value=figure.value,
        sentence=figure.sentence,
        inserted_at=timezone.now(),
        inserted_by=by,
    )
    _changed(summary)
    return logged


def _changed(summary: ChairsSummary) -> None:
    summary.version += 1
    summary.save(update_fields=["version"])
    finding.index_meeting(summary.meeting)
