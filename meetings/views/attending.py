"""Who took part."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from icoca_portal.lib import exports
from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from meetings import papers
from meetings.views.finding import find_meeting


@require_GET
def export_participants(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """The list of participants as PDF, Word or CSV, for insiders; a visitor is asked to sign in."""
    meeting = find_meeting(request, group, number)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    authorise(request.user, "meetings.read_attendance", meeting)
    name = f"{meeting.symbol} participants"
    if form in ("pdf", "docx"):
        return download_paper(papers.participants_paper(meeting), name, form)
    content = exports.write_csv(papers.participants_headers(), papers.participants_rows(meeting))
    return exports.download(content, f"{name}.csv", exports.CSV)
