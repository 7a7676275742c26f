"""The list of the Montreux Document's participants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import ListView

from icoca_portal.lib.days import today
from icoca_portal.lib.exports import download, write_csv
from members.forms import ParticipantsForm
from members.models import Organisation, Participation


def chosen_participations(request: HttpRequest, form: ParticipantsForm) -> tuple[date, QuerySet[Any]]:
    """The day asked for (today if none or unreadable) and the participations of that day that the form asks for."""
    form.is_valid()
    asked = form.cleaned_data
    day = asked.get("as_of") or today()
    rows = Participation.objects.visible_to(request.user).as_of(day).select_related("organisation")
    if asked.get("q"):
        rows = rows.filter(organisation__name__icontains=asked["q"])
    if asked.get("kind"):
        rows = rows.filter(organisation__kind=asked["kind"])
    return day, rows.order_by("valid_from", "organisation__name")


class ListParticipants(ListView):
    """Who supports the Montreux Document on a day, and since when."""

    template_name = "members/list_participants.html"
    context_object_name = "participations"

    def get_queryset(self) -> QuerySet[Any]:
        self.form = ParticipantsForm(self.request.GET)
        self.day, rows = chosen_participations(self.request, self.form)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = list(context["participations"])
        states = sum(row.organisation.kind == Organisation.Kind.STATE for row in rows)
        context |= {
            "participations": rows,
            "form": self.form,
            "day": self.day,
            "is_today": self.day == today(),
            "is_filtered": any(self.form.cleaned_data.get(name) for name in ("q", "kind")),
            "states": states,
            "organisations": len(rows) - states,
            "query": self.request.GET.urlencode(),
        }
        return context


@require_GET
def export_participants(request: HttpRequest) -> HttpResponse:
    """The same list as CSV: name, code, kind, and the day since when (ISO 8601)."""
    day, rows = chosen_participations(request, ParticipantsForm(request.GET))
    content = write_csv(
        [_("Name"), _("Code"), _("Kind"), _("Participant since")],
        (
            (
                row.organisation.name,
                row.organisation.code,
                row.organisation.get_kind_display(),
                row.valid_from.isoformat(),
            )
            for row in rows
        ),
    )
    return download(content, f"participants-{day.isoformat()}.csv", "text/csv; charset=utf-8")
