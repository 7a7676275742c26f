"""The Chair’s Summary."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib import sealing
from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.numbers import number_in, whole_number
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.seal_form import SealForm
from meetings import operations, papers
from meetings.attributions import summary_attributions
from meetings.differences import differences
from meetings.models import ChairsSummary, NamesAccepted, PublishedSummary, SummaryRound
from meetings.querysets import is_insider
from meetings.summary_figures import figures_of
from meetings.texts import SummaryText, text_of_draft, text_of_publication, text_of_round
from meetings.views.finding import find_meeting, find_summary
from members.signing_in import person_of


def shown_text(request: HttpRequest, summary: ChairsSummary) -> SummaryText:
    """The text that this reader gets: the draft for those who work on it; for insiders what was circulated last; else
    the last one published. ``?text=published`` gives that one to everybody, ``?number=0`` the one of that number."""
    wanted = whole_number(request.GET.get("number"))
    if wanted is not None:
        rows = PublishedSummary.objects.visible_to(request.user).filter(summary=summary)
        return text_of_publication(get_object_or_404(rows, number=wanted))
    if request.GET.get("text") == "published" and summary.publication:
        return text_of_publication(summary.publication)
    unpublished = _unpublished(request, summary) if summary.state != ChairsSummary.State.PUBLISHED else None
    if unpublished:
        return unpublished
    if summary.publication is None:
        raise Http404
    return text_of_publication(summary.publication)


def _unpublished(request: HttpRequest, summary: ChairsSummary) -> SummaryText | None:
    """The text in work, as far as this reader gets it."""
    works_on_it = request.user.has_perm("meetings.read_draft", summary)
    if not works_on_it and not is_insider(request.user):
        return None
    circulated, published = summary.latest_round, summary.publication
    if works_on_it and summary.state != ChairsSummary.State.CIRCULATED:
        return text_of_draft(summary)
    if circulated and (published is None or circulated.circulated_at > published.published_at):
        return text_of_round(circulated)
    return text_of_draft(summary) if works_on_it or summary.circulated_at else None


@require_GET
@never_cache
def read_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The summary with numbered paragraphs; a draft shows the chair what to look at, and the button to approve it."""
    summary = find_summary(request, group, number)
    text = shown_text(request, summary)
    user = request.user
    works_on_it = text.published is None and user.has_perm("meetings.read_draft", summary)
    return render(
        request,
        "meetings/read_summary.html",
        {
            "meeting": summary.meeting,
            "summary": summary,
            "text": text,
            "readers": papers.readers_of(summary),
            "works_on_it": works_on_it,
            "state": text.state(summary),
            "attributions": summary_attributions(summary) if works_on_it and summary.is_open else [],
            "accepted": NamesAccepted.objects.visible_to(user).filter(summary=summary).select_related("by")
            if user.is_authenticated
            else [],
            "may_approve": text.published is None
            and summary.awaits_adoption
            and user.has_perm("meetings.approve_summary", summary),
            "publications": list(summary.publications.order_by("number")),
            "rounds": SummaryRound.objects.visible_to(user).filter(summary=summary).order_by("number"),
            "takes_comments": bool(text.circulated and text.circulated.takes_comments_at(timezone.now())),
            "may_compose": user.has_perm("meetings.compose_summary", summary),
            "standing": figures_of(summary) if works_on_it and summary.is_open else [],
            "may_comment": user.has_perm("meetings.comment_summary", summary),
            "has_newer": text.published
            and summary.state != ChairsSummary.State.PUBLISHED
            and user.has_perm("meetings.read_draft", summary),
        },
    )


@login_required
@require_POST
def approve_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The chair approves the text that stood on the page."""
    summary = find_summary(request, group, number)
    authorise(request.user, "meetings.approve_summary", summary)
    seen = number_in(request.POST, "seen_version")
    try:
        operations.approve_summary(summary, by=person_of(request), seen_version=seen)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The summary is adopted. The secretariat publishes it."))
    return redirect(summary)


@require_GET
def export_summary(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """The summary as PDF or Word: the same text as the page."""
    summary = find_summary(request, group, number)
    text = shown_text(request, summary)
    name = f"{text.symbol}{'' if text.published else ' draft'}"
    return download_paper(papers.summary_paper(summary.meeting, summary, text), name, form)


@require_GET
@never_cache
def read_corrigendum(request: HttpRequest, group: str, number: int, corrigendum: int) -> HttpResponse:
    """What a corrigendum corrects: its sentence, and the difference to the text before it."""
    summary = find_summary(request, group, number)
    rows = {row.number: row for row in PublishedSummary.objects.visible_to(request.user).filter(summary=summary)}
    if corrigendum < 1 or corrigendum not in rows or corrigendum - 1 not in rows:
        raise Http404
    old, new = (text_of_publication(rows[one]) for one in (corrigendum - 1, corrigendum))
    return render(
        request,
        "meetings/read_difference.html",
        {
            "meeting": summary.meeting,
            "summary": summary,
            "old": old,
            "new": new,
            "difference": differences(old, new),
            "corrects": rows[corrigendum].text.get("corrects", ""),
            "readers": summary.meeting.get_visibility_display(),
            "public": summary.meeting.visibility == "public",
            "title": _("Corr.%(number)d to the %(summary)s") % {"number": corrigendum, "summary": summary},
            "old_url": f"{summary.get_absolute_url()}?number={corrigendum - 1}",
            "new_url": f"{summary.get_absolute_url()}?number={corrigendum}",
        },
    )


@require_GET
@never_cache
def verify_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Whether a seal is one on record for this meeting's summary. The hash is computed again from the stored text."""
    meeting = find_meeting(request, group, number)
    published = list(PublishedSummary.objects.visible_to(request.user).filter(summary__meeting=meeting))
    if not published:
        raise Http404
    form = SealForm(request.GET if "seal" in request.GET else None)
    checked, found = form.is_bound and form.is_valid(), None
    if checked:
        found = next((row for row in published if sealing.matches(row.content, form.cleaned_data["seal"])), None)
    return render(
        request,
        "meetings/verify_summary.html",
        {
            "meeting": meeting,
            "form": form,
            "checked": checked,
            "found": found,
            "latest": published[-1],
            "published": published,
            "broken": [row for row in published if not row.is_intact],
        },
    )
