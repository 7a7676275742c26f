"""Who is in which section now, asked by a page every 20 seconds while somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.idling import not_an_act
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.guests import guest_sections
from questionnaires.models import Response
from questionnaires.together import open_sections, present

View = Callable[..., HttpResponse]


def polled(view: View) -> View:
    """For what a page asks by itself: a visitor gets a 401 instead of the sign-in page, and no session lasts longer."""

    @not_an_act
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else HttpResponse(status=401)

    return asked


def find_begun(request: HttpRequest, slug: str) -> Response | None:
    """The response of the reader's delegation: one query; None while it has not begun. 404 for whoever has none."""
    rows = Response.objects.visible_to(request.user).filter(questionnaire__slug=slug)
    response = rows.select_related("edition", "delegation").first()
    if response is None:
        if request.user.standing.delegation is None:  # type: ignore[union-attr]
            raise Http404
        return None
    authorise(request.user, "questionnaires.open_response", response)
    return response


@require_POST
@polled
def note_presence(request: HttpRequest, slug: str, section: int) -> HttpResponse:
    """Say that the reader is in this section, and hear who else is: three queries."""
    response = find_begun(request, slug)
    if response is None:
        return HttpResponse(status=204)
    frozen = next((row for row in open_sections(request.user, response) if row.number == section), None)
    if frozen is None or frozen.id is None:
        raise Http404
    operations.note_presence(response, section_id=frozen.id, by=person_of(request))
    names = present(response, but=request.user, sections=[frozen.id]).get(frozen.id, [])
    return render(request, "questionnaires/together/_present.html", {"names": names})


@require_GET
@polled
def read_presence(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in which section, for the task list: two queries."""
    response = find_begun(request, slug)
    if response is None:
        return HttpResponse(status=204)
    guest = guest_sections(request.user).get(response.pk)
    return render(
        request,
        "questionnaires/together/_present_in_sections.html",
        {
            "sections": open_sections(request.user, response),
            "present": present(response, but=request.user, sections=guest),
        },
    )
