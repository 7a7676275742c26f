"""The agenda: as it was circulated, what changed from one text to the next, as a paper, and its adoption."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.refusals import Refusal
from meetings import operations, papers
from meetings.agenda_changes import compare_agendas
from meetings.agenda_texts import Agenda, agenda_of, read_content, readable_papers, working_copy
from meetings.models import AgendaRevision, Meeting
from meetings.querysets import is_insider
from meetings.views.finding import find_meeting
from members.signing_in import person_of

#: In an address, the text that is not circulated yet.
NEXT = "next"


def agenda_for(user: Any, meeting: Meeting) -> Agenda:
    """The agenda as the reader may see it."""
    return agenda_of(meeting).for_reader(readable_papers(user, meeting), inside=is_insider(user))


@require_GET
def read_agenda(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The agenda with all its texts, and what differs between two of them (``?from=0&to=1``; ``to=next`` for what the
    secretariat has not circulated yet, read by it and the chair). By default between the last two."""
    meeting = find_meeting(request, group, number)
    user = request.user
    readable, inside = readable_papers(user, meeting), is_insider(user)
    revisions = list(AgendaRevision.objects.visible_to(user).filter(meeting=meeting).order_by("number"))
    texts: dict[str, Agenda] = {
        str(revision.number): read_content(revision.text, is_circulated=True).for_reader(readable, inside=inside)
        for revision in revisions
    }
    current = list(texts.values())[-1] if texts else None
    pending: list[str] = []
    if user.has_perm("meetings.read_record", meeting) or current is None:
        copy = working_copy(meeting).for_reader(readable, inside=inside)
        if current is None:
            current = copy
        elif pending := compare_agendas(current, copy).sentences:
            texts[NEXT] = copy
    old, new = _chosen(request, list(texts))
    return render(
        request,
        "meetings/read_agenda.html",
        {
            "meeting": meeting,
            "agenda": current,
            "revisions": revisions,
            "circulated": revisions[-1] if revisions else None,
            "keys": [(key, _("Not circulated yet") if key == NEXT else text.symbol) for key, text in texts.items()],
            "old": old,
            "new": new,
            "comparison": compare_agendas(texts[old], texts[new]) if old != new else None,
            "pending": pending,
            "next": NEXT,
        },
    )


def _chosen(request: HttpRequest, keys: list[str]) -> tuple[str, str]:
    """The keys of the two texts to compare, the older one first."""
    if len(keys) < 2:
        return "", ""
    circulated = [key for key in keys if key != NEXT]
    old, new = (request.GET.get(name, "") for name in ("from", "to"))
    new = new if new in keys else circulated[-1]
    place = keys.index(new)
    old = old if old in keys else keys[max(place - 1, 0)]
    return (old, new) if keys.index(old) <= place else (new, old)


@login_required
@require_POST
def adopt_agenda(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The chair, or the secretariat, adopts the agenda."""
    meeting = find_meeting(request, group, number)
    authorise(request.user, "meetings.adopt_agenda", meeting)
    try:
        operations.adopt_agenda(meeting, by=person_of(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The agenda is adopted."))
    return redirect(meeting)


@require_GET
def export_agenda(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """The agenda as PDF or Word, with what the reader may see of it."""
    meeting = find_meeting(request, group, number, with_agenda=True)
    agenda = agenda_for(request.user, meeting)
    return download_paper(papers.agenda_paper(meeting, agenda), f"{agenda.symbol} agenda", form)
