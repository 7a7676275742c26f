"""Pages about participants, delegations and one's own profile."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods
from django.views.generic import ListView, TemplateView

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import download, write_csv
from members import operations
from members.forms import ParticipantsForm, ProfileForm
from members.models import Delegate, Organisation, Participation, User
from members.signing_in import person_of


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


class ReadDelegation(LoginRequiredMixin, TemplateView):
    """One's own delegation: its people, their roles and dates. Who is of none meets a 404."""

    template_name = "members/read_delegation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person_of(self.request)
        delegation = user.standing.delegation
        if delegation is None:
            raise Http404(_("You are of no delegation today."))
        authorise(user, "members.read_delegation", delegation)
        day = today()
        people = list(Delegate.objects.visible_to(user).filter(delegation=delegation).select_related("user").by_role())
        return super().get_context_data(
            **kwargs,
            delegation=delegation,
            current=[person for person in people if person.holds_on(day)],
            coming=[person for person in people if person.valid_from > day and person.valid_to != person.valid_from],
            former=[
                person
                for person in people
                if person.valid_to is not None and person.valid_from < person.valid_to <= day
            ],
        )


@login_required
@require_http_methods(["GET", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone; and the ways of signing in."""
    user = person_of(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        operations.edit_profile(user, **form.cleaned_data, by=user)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Profile saved."))
        return redirect("members:edit_profile")
    return render(request, "members/edit_profile.html", {"form": form}, status=422 if form.errors else 200)
