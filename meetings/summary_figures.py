"""The registry figures that stand in a draft, held against what the registry says of the same day now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.richtext import to_text
from meetings.models import ChairsSummary, SummaryFigure
from members.figures import Figure, figures


@dataclass(frozen=True)
class Standing:
    """A figure that was put into the text. `now` is what the registry says of its day today; None: nothing any more."""

    logged: SummaryFigure
    now: Figure | None

    @property
    def differs(self) -> bool:
        """Whether the registry would say otherwise today."""
        return self.now is None or self.now.value != self.logged.value


def by_subject(known: Iterable[Figure]) -> list[tuple[str, list[Figure]]]:
    """Figures to choose from, put together by what they are about, each subject in the order of its figures."""
    subjects = {
        "members": _("Members"),
        "affiliates": _("Members"),
        "observers": _("Members"),
        "companies": _("Member companies"),
        "certified": _("Certified companies"),
        "applications": _("Applications"),
        "participants": _("Participants"),
        "delegations": _("Delegations and Board"),
        "board": _("Delegations and Board"),
    }
    found: dict[str, list[Figure]] = {}
    for figure in known:
        subject = subjects.get(figure.key.partition(".")[0], _("Other figures"))
        found.setdefault(subject, []).append(figure)
    return list(found.items())


def figures_of(summary: ChairsSummary) -> list[Standing]:
    """The figures whose sentences still stand in the draft, each once."""
    text = "\n".join(to_text(part.text) for part in summary.parts.all())
    standing: list[Standing] = []
    known: dict[date, dict[str, Figure]] = {}
    seen = set()
    for logged in summary.figures.select_related("inserted_by"):
        if logged.sentence not in text or logged.sentence in seen:
            continue
        seen.add(logged.sentence)
        if logged.as_of not in known:
            with translation.override(settings.LANGUAGE_CODE):
                known[logged.as_of] = {figure.key: figure for figure in figures(logged.as_of)}
        standing.append(Standing(logged, known[logged.as_of].get(logged.key)))
    return standing
