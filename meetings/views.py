"""The pages of the meetings, and what a delegate takes along."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, TemplateView

from icoca_portal.lib import exports, sealing
from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_file, download_paper
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.seal_form import SealForm
from meetings import operations, papers
from meetings.attributions import summary_attributions
from meetings.ical import CONTENT_TYPE, write_calendar
from meetings.models import Attendance, CalendarAddress, ChairsSummary, Document, Meeting, PublishedSummary
from meetings.querysets import is_insider
from meetings.texts import SummaryText, text_of_draft, text_of_publication
from meetings.timeline import timeline
from members.models import Organisation
from members.signing_in import person_of
from members.standing import has_standing


class ListMeetings(TemplateView):
    """All meetings that exist for the reader, on one line."""

    template_name = "meetings/list_meetings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            stops=timeline(self.request.user), inside=is_insider(self.request.user), **kwargs
        )


def find_meeting(request: HttpRequest, group: str, number: int) -> Meeting:
    """The meeting of an address, if it exists for the reader; else a 404."""
    meetings = Meeting.objects.visible_to(request.user).select_related("working_group", "chair_organisation")
    return get_object_or_404(meetings, working_group__slug=group, number=number)


def find_summary(request: HttpRequest, group: str, number: int) -> ChairsSummary:
    """The summary of a meeting's address, if both exist for the reader; else a 404."""
    summaries = ChairsSummary.objects.visible_to(request.user).select_related(
        "meeting__working_group", "meeting__chair_organisation", "approved_by"
    )
    return get_object_or_404(summaries, meeting__working_group__slug=group, meeting__number=number)


class ReadMeeting(DetailView):
    """One meeting: agenda, documents and summary; for insiders attendance and follow-ups too."""

    template_name = "meetings/read_meeting.html"
    context_object_name = "meeting"

    def get_object(self, queryset: Any = None) -> Meeting:
        return find_meeting(self.request, self.kwargs["group"], self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, meeting = self.request.user, self.object
        context = super().get_context_data(**kwargs)
        documents = Document.objects.visible_to(user).filter(meeting=meeting).order_by("symbol", "title", "pk")
        context |= {
            "items": [(item, papers.item_line(item)) for item in meeting.items.all()],
            "papers": [list(same) for _key, same in groupby(documents, key=lambda paper: (paper.symbol, paper.title))],
            "summary": ChairsSummary.objects.visible_to(user)
            .filter(meeting=meeting)
            .select_related("meeting__working_group")
            .first(),
            "hours": papers.hours(meeting),
            "reads_record": user.has_perm("meetings.read_record", meeting),
            "may_adopt": meeting.agenda_state == Meeting.AgendaState.PROVISIONAL
            and meeting.state in (Meeting.State.CONVENED, Meeting.State.HELD)
            and user.has_perm("meetings.adopt_agenda", meeting),
            "inside": is_insider(user),
        }
        if context["inside"]:
            rows = list(
                Attendance.objects.visible_to(user).filter(meeting=meeting).select_related("delegation__organisation")
            )
            context |= {
                "attendance": rows,
                "present": meeting.participants_among(rows),
                "participants": Organisation.objects.participants(meeting.date).count(),
                "others": [row for row in rows if row.capacity != Attendance.Capacity.PARTICIPANT],
                "follow_ups": meeting.follow_ups.all(),
            }
        return context


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
    """The agenda as PDF or Word."""
    meeting = find_meeting(request, group, number)
    return download_paper(papers.agenda_paper(meeting), f"{meeting.agenda_symbol} agenda", form)


# The list of participants


@require_GET
def export_participants(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """The list of participants as PDF or CSV, for insiders; a visitor is asked to sign in."""
    meeting = find_meeting(request, group, number)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    authorise(request.user, "meetings.read_attendance", meeting)
    name = f"{meeting.symbol} participants"
    if form == "pdf":
        return download_paper(papers.participants_paper(meeting), name, form)
    content = exports.write_csv(papers.participants_headers(), papers.participants_rows(meeting))
    return exports.download(content, f"{name}.csv", exports.CSV)


# The Chair's Summary


def shown_text(request: HttpRequest, summary: ChairsSummary) -> SummaryText:
    """The text that this reader gets: the draft for those who work on it, or, once circulated, for insiders; else the
    last one published. With ``?text=published`` the published one, for everybody."""
    in_work = summary.state != ChairsSummary.State.PUBLISHED
    reads_draft = request.user.has_perm("meetings.read_draft", summary) or (
        summary.circulated_at is not None and is_insider(request.user)
    )
    if in_work and reads_draft and not (request.GET.get("text") == "published" and summary.publication):
        return text_of_draft(summary)
    if summary.publication is None:
        raise Http404
    return text_of_publication(summary.publication)


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
            "attributions": summary_attributions(summary) if works_on_it and summary.is_open else [],
            "may_approve": summary.is_open and user.has_perm("meetings.approve_summary", summary),
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
    seen = request.POST.get("seen_version", "")
    try:
        operations.approve_summary(summary, by=person_of(request), seen_version=int(seen) if seen.isdecimal() else 0)
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
            "broken": [row for row in published if not row.is_intact],
        },
    )


# Documents


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_document(request: HttpRequest, group: str, number: int, pk: int) -> FileResponse:
    """A document's file, to save: never shown in the browser, whatever it holds."""
    documents = Document.objects.visible_to(request.user)
    document = get_object_or_404(documents, pk=pk, meeting__working_group__slug=group, meeting__number=number)
    return download_file(document.file, document.original_name, document.media_type, document.size)


# Calendars


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def export_meeting(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One meeting as a calendar file. Without a date there is nothing to put into a calendar: a page says so (404)."""
    meeting = find_meeting(request, group, number)
    if meeting.date is None:
        return render(request, "meetings/date_to_be_confirmed.html", {"meeting": meeting}, status=404)
    return _calendar(write_calendar([meeting]), f"{meeting.symbol.replace('/', '-')}.ics")


@require_GET
def export_calendar(request: HttpRequest) -> HttpResponse:
    """The feed of public meetings, the same for everybody."""
    meetings = Meeting.objects.filter(visibility="public").select_related("working_group").order_by("date")
    return _calendar(write_calendar(meetings, name=_("ICoCA Working Group")), "calendar.ics")


@require_GET
@never_cache
def export_private_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The feed behind a private address: what its owner reads today, nothing once they have no place here."""
    address = get_object_or_404(CalendarAddress.objects.select_related("user"), token=token)
    if not has_standing(address.user):
        raise Http404
    meetings = Meeting.objects.visible_to(address.user).select_related("working_group").order_by("date")
    return _calendar(write_calendar(meetings, name=_("ICoCA Working Group")), "calendar.ics")


@require_GET
@never_cache
def read_calendar(request: HttpRequest) -> HttpResponse:
    """The addresses to subscribe to: the public one, and the reader's own."""
    own = CalendarAddress.objects.visible_to(request.user).first()
    context = {"own": own, "inside": is_insider(request.user), "portal_address": settings.PORTAL_ADDRESS}
    return render(request, "meetings/read_calendar.html", context)


@login_required
@require_POST
def make_calendar_address(request: HttpRequest) -> HttpResponse:
    """Make the reader's private address, or a new one in place of the old."""
    authorise(request.user, "meetings.make_calendar_address")
    operations.make_calendar_address(person_of(request))
    messages.success(request, _("Your private address is made. An earlier one no longer works."))
    return redirect("meetings:read_calendar")


@login_required
@require_POST
def revoke_calendar_address(request: HttpRequest) -> HttpResponse:
    """Take the reader's private address back."""
    address = get_object_or_404(CalendarAddress.objects.visible_to(request.user))
    authorise(request.user, "meetings.revoke_calendar_address", address)
    operations.revoke_calendar_address(address)
    messages.success(request, _("Your private address no longer works."))
    return redirect("meetings:read_calendar")
