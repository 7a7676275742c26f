"""The series of exchanges: the line, the years, and the attendance of one delegation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from icoca_portal.lib.access import authorise
from meetings import series
from meetings.models import WorkingGroup
from meetings.querysets import is_insider
from meetings.timeline import Key, keys, stops
from members.models import Delegation
from members.signing_in import person_of

ON_THE_LINE = 25
OF_THE_YEARS = 10


class SeriesForm(forms.Form):
    """Which exchanges: of one year, of one working group. What cannot be read counts for nothing."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)
    group = forms.TypedChoiceField(label=gettext_lazy("Working group"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, found: list[Key]) -> None:
        super().__init__(data)
        years = sorted({key.year for key in found if key.year}, reverse=True)
        there = {key.group for key in found}
        groups = [row for row in WorkingGroup.objects.all() if row.pk in there]
        year: Any = self.fields["year"]
        group: Any = self.fields["group"]
        year.choices = [("", _("All years")), *((year, year) for year in years)]
        group.choices = [("", _("All working groups")), *((row.pk, row.name) for row in groups)]
        for field in (year, group):
            field.widget.attrs["class"] = "form-select"
        if len(groups) < 2:
            del self.fields["group"]

    def chosen(self, found: list[Key]) -> list[Key]:
        """The keys that are asked for."""
        self.is_valid()
        year, group = self.cleaned_data.get("year"), self.cleaned_data.get("group")
        return [key for key in found if (not year or key.year == year) and (not group or key.group == group)]

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for that can be read."""
        return any(self.cleaned_data.values())


class Series(TemplateView):
    """The exchanges that exist for the reader, filtered, a page at a time; as many queries for five as for 500."""

    paginate_by = ON_THE_LINE

    def found(self) -> list[Key]:
        return keys(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.found()
        form = SeriesForm(self.request.GET, found)
        page: Page[Key] = Paginator(form.chosen(found), self.paginate_by).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            form=form,
            is_filtered=form.is_filtered,
            total=len(found),
            page_obj=page,
            paginator=page.paginator,
            is_paginated=page.has_other_pages(),
            inside=is_insider(self.request.user),
        )


class ListMeetings(Series):
    """All meetings on one line."""

    template_name = "meetings/list_meetings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"stops": stops(self.request.user, list(context["page_obj"]))}


class ReadSeries(Series):
    """The exchanges that took place, by year: chairs, and for insiders how many took part, as chart and table."""

    template_name = "meetings/read_series.html"
    paginate_by = OF_THE_YEARS

    def found(self) -> list[Key]:
        return [key for key in super().found() if key.took_place and key.year]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = series.exchanges(self.request.user, list(context["page_obj"]))
        return context | {"rows": rows, "chart": series.participants_chart(rows)}


@login_required
@require_GET
def list_attendance(request: HttpRequest, delegation: str = "") -> HttpResponse:
    """Where one delegation was over the years: the reader's own, or for the secretariat any; without one, all of them
    with their numbers."""
    user = person_of(request)
    if delegation:
        rows = Delegation.objects.visible_to(user).select_related("organisation")
        found = get_object_or_404(rows, organisation__slug=delegation)
    elif user.standing.delegation:
        found = user.standing.delegation
    elif user.standing.is_secretariat:
        authorise(user, "meetings.list_attendance")
        counted, named = series.delegations_counted()
        page = Paginator(counted, 100).get_page(request.GET.get("page"))
        context = {"page_obj": page, "paginator": page.paginator, "is_paginated": page.has_other_pages()}
        return render(request, "meetings/list_delegations.html", {**context, "named": named})
    else:
        raise Http404(_("You are of no delegation today."))
    authorise(user, "meetings.list_attendance", found)
    record = series.record_of(user, found)
    page_of_keys = Paginator(record.keys, ON_THE_LINE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/list_attendance.html",
        {
            "delegation": found,
            "record": record,
            "rows": series.presences(found, list(page_of_keys)),
            "page_obj": page_of_keys,
            "paginator": page_of_keys.paginator,
            "is_paginated": page_of_keys.has_other_pages(),
            "own": user.standing.delegation_id == found.pk,
        },
    )
