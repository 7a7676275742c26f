"""One's own delegation and one's own profile."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from members import operations
from members.forms import ProfileForm
from members.models import Delegate, User
from members.signing_in import person_of


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
