"""Steps that the secretariat takes in the administration, each confirmed on a page of its own.

A step is a form (or only a question), a button and an operation. `ActsMixin.act` is the page of one. Where the rows
have a `state` that operations change, the steps may be declared as `Act`s: their addresses and buttons come with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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

INVALID = 422
CONFLICT = 409


@dataclass(frozen=True)
class Act:
    """A declared step. `name` is that of the operation, of the permission and of the address; `states` those it leads
    on from.

    `consequence` says what will happen; `done` what has happened, or a function that says so of what the operation
    returned. `form` asks for what the operation takes besides.
    `outcome` gives the row to show afterwards, from what the operation returns; default: the row acted on. `when` says
    what else must hold of the row for the step to be offered.
    """

    name: str
    label: str | Promise
    states: tuple[str, ...]
    consequence: str | Promise
    done: str | Promise | Callable[[Any], str]
    operation: Callable[..., Any]
    form: type[forms.BaseForm] = forms.Form
    outcome: Callable[[Any], Model] | None = None
    when: Callable[[Any], bool] | None = None

    def permission(self, row: Model) -> str:
        """The permission of the operation, with its app: ``meetings.adopt_agenda``."""
        return f"{row._meta.app_label}.{self.name}"

    def is_open_for(self, user: Any, row: Any) -> bool:
        """Whether the row's state and the user's rights let the step be offered."""
        if row.state not in self.states or (self.when and not self.when(row)):
            return False
        return bool(user.has_perm(self.permission(row), row))


class ActsMixin(_ModelAdmin):
    """For a ModelAdmin with steps. Stands before ModelAdmin in the bases.

    The page of a step is ``admin/act.html``, or ``admin/<app>/act.html`` if there is one; that of the declared steps is
    `act_template`, where it is given. Of the steps in `acts`, those open to the user are given to the page of a row,
    which shows their buttons (`acts`: step and address). Where that page can be saved, a button named ``_act`` saves
    first, so that nothing typed is lost.
    """

    acts: tuple[Act, ...] = ()
    act_template = ""

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.act_path(f"<path:object_id>/{act.name}/", partial(self.act_view, act=act), act.name)
            for act in self.acts
        ]
        return own + super().get_urls()

    def act_path(
        self, route: str, view: Callable[..., HttpResponseBase], name: str, options: dict[str, Any] | None = None
    ) -> URLPattern:
        """The address of a step or another page of this screen, named ``admin:<app>_<model>_<name>``; `options` are
        what the view is given besides what stands in the address."""
        full_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), options or {}, name=full_name)

    def row(self, model: type[Any], **lookup: Any) -> Any:
        """The row of an address, or a 404."""
        row = model.objects.filter(**lookup).first()
        if row is None:
            raise Http404
        return row

    def act(
        self,
        request: HttpRequest,
        obj: Model | None,
        *,
        title: Any,
        button: Any,
        perform: Callable[..., Any],
        done: Any,
        text: Any = "",
        form_class: type[forms.BaseForm] = forms.Form,
        initial: dict[str, Any] | None = None,
        permission: str = "",
        outcome: Callable[[Any], Model] | None = None,
        invalid_status: int = INVALID,
        refused_status: int = INVALID,
        template: str = "",
        then: str = "",
        context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page of a step; on POST call `perform(**cleaned_data)`, log `done` and show the row it is about, or
        the page at the address `then`. `done` may be a function that says what was done, given what `perform` returns.

        What the form (`invalid_status`) or the operation (`refused_status`) refuses stays on the page, with what was
        typed. Without `permission` a step asks for the right to change the row, or to add one
        (`obj` None); with it for that permission on the row, and the right to see it. Raises PermissionDenied.
        """
        if not self._may_act(request, obj, permission):
            raise PermissionDenied
        data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = form_class(data, files, initial=initial)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    result = perform(**form.cleaned_data)
                    said = str(done(result) if callable(done) and not isinstance(done, Promise) else done)
                    if obj:
                        self.log_change(request, obj, said)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refused_status
            else:
                messages.success(request, said)
                if then:
                    return redirect(then)
                made = result if obj is None and isinstance(result, self.model) else obj
                return redirect(self._address_of(outcome(result) if outcome else made))
        elif form.errors:
            status = invalid_status
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(obj) if obj else None,
            "opts": self.opts,
            "original": obj,
            "form": form,
            "text": text,
            "button": button,
            "back": then or self._address_of(obj),
            "media": self.media + form.media,
            **(context or {}),
        }
        templates = [template] if template else [f"admin/{self.opts.app_label}/act.html", "admin/act.html"]
        return TemplateResponse(request, templates, shown, status=status)

    def _may_act(self, request: HttpRequest, obj: Model | None, permission: str) -> bool:
        """Whether the user takes the step at all; what the row's state allows is the operation's to say."""
        if permission:
            return self.has_view_permission(request, obj) and request.user.has_perm(permission, obj)
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def _address_of(self, row: Model | None) -> str:
        """The page of a row, or the list."""
        if row is None:
            return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    # Declared steps

    def act_url(self, act: Act, row: Model) -> str:
        """Where a declared step is confirmed."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{act.name}", args=[row.pk])

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """Confirm a declared step (GET), and take it (POST). A form to be completed is shown again with status 200, a
        refusal with 409: the row moved on."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return self.act(
            request,
            row,
            title=act.label,
            button=act.label,
            text=act.consequence,
            form_class=act.form,
            initial=self.act_initial(request, act, row),
            perform=lambda **data: act.operation(row, by=request.user, **data),
            done=act.done,
            permission=act.permission(row),
            outcome=act.outcome,
            invalid_status=200,
            refused_status=CONFLICT,
            template=self.act_template,
            context=self.act_context(request, act, row),
        )

    def act_initial(self, request: HttpRequest, act: Act, row: Any) -> dict[str, Any] | None:
        """What the form of a declared step begins with."""
        return None

    def act_context(self, request: HttpRequest, act: Act, row: Any) -> dict[str, Any]:
        """What else the page of a declared step shows."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            open_acts = [act for act in self.acts if act.is_open_for(request.user, row)]
            context["acts"] = [(act, self.act_url(act, row)) for act in open_acts]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        chosen = next((act for act in self.acts if act.name == request.POST.get("_act")), None)
        if chosen is None:
            return super().response_change(request, obj)
        return redirect(self.act_url(chosen, obj))
