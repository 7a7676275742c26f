"""The steps that the secretariat takes from a row's page in the administration: each is confirmed on a page of its own
and calls the operation of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise

from icoca_portal.lib.refusals import Refusal

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = object


@dataclass(frozen=True)
class Act:
    """A step. `name` is that of the operation, of the permission and of the address; `states` those it leads on from.

    `consequence` says what will happen; `done` what has happened. `form` asks for what the operation takes besides.
    `outcome` gives the row to show afterwards, from what the operation returns; default: the row acted on. `when` says
    what else must hold of the row for the step to be offered.
    """

    name: str
    label: str | Promise
    states: tuple[str, ...]
    consequence: str | Promise
    done: str | Promise
    operation: Callable[..., Any]
    form: type[forms.Form] = forms.Form
    outcome: Callable[[Any], Any] | None = None
    when: Callable[[Any], bool] | None = None

    def is_open_for(self, user: Any, row: Any) -> bool:
        """Whether the row's state and the user's rights let the step be offered."""
        if row.state not in self.states or (self.when and not self.when(row)):
            return False
        return bool(user.has_perm(f"meetings.{self.name}", row))


class ActsMixin(_ModelAdmin):
    """For a ModelAdmin whose rows have a `state` that operations change: buttons for the steps open from it.

    Where the page can be saved, a step's button saves first, so that nothing typed is lost.
    """

    acts: tuple[Act, ...] = ()
    change_form_template = "admin/meetings/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        info = self.opts.app_label, self.opts.model_name
        own = [
            path(
                f"<path:object_id>/{act.name}/",
                self.admin_site.admin_view(partial(self.act_view, act=act)),
                name=f"{info[0]}_{info[1]}_{act.name}",
            )
            for act in self.acts
        ]
        return own + super().get_urls()

    def act_url(self, act: Act, row: Any) -> str:
        """Where a step is confirmed."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{act.name}", args=[row.pk])

    def open_acts(self, request: HttpRequest, row: Any) -> list[Act]:
        """The steps open from the row's state for this user."""
        return [act for act in self.acts if act.is_open_for(request.user, row)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            context["acts"] = [(act, self.act_url(act, row)) for act in self.open_acts(request, row)]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        chosen = next((act for act in self.acts if act.name == request.POST.get("_act")), None)
        if chosen is None:
            return super().response_change(request, obj)
        return redirect(self.act_url(chosen, obj))

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """Confirm a step (GET), and take it (POST). A refusal is shown with status 409."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row) or not request.user.has_perm(f"meetings.{act.name}", row):
            raise PermissionDenied
        form, refusal = act.form(request.POST if request.method == "POST" else None), None
        if request.method == "POST" and form.is_valid():
            try:
                result = act.operation(row, by=request.user, **form.cleaned_data)
            except Refusal as error:
                refusal = error
            else:
                self.log_change(request, row, str(act.done))
                messages.success(request, str(act.done))
                return self._shown_afterwards(act.outcome(result) if act.outcome else row)
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "act": act,
            "row": row,
            "opts": self.opts,
            "form": form,
            "refusal": refusal,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]),
            **self.act_context(request, act, row),
        }
        request.current_app = self.admin_site.name
        status = 409 if refusal else 200
        return TemplateResponse(request, "admin/meetings/act.html", context, status=status)

    def act_context(self, request: HttpRequest, act: Act, row: Any) -> dict[str, Any]:
        """What else the page of a step shows."""
        return {}

    def _shown_afterwards(self, row: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        )
