"""The board of follow-ups, one follow-up with its log, and the steps that the secretariat takes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from meetings import operations
from meetings.delegations import delegation_choices
from meetings.follow_up_forms import ClosingForm, FilterForm, FollowUpForm, ProgressForm, ReopeningForm
from meetings.models import AgendaItem, FollowUp
from members.signing_in import person_of

PER_PAGE = 50
CONFLICT, INVALID = 409, 422


@login_required
@require_GET
def list_follow_ups(request: HttpRequest) -> HttpResponse:
    """What was agreed to be done at all meetings, by state or by who does it."""
    authorise(request.user, "meetings.read_follow_ups")
    rows = FollowUp.objects.visible_to(request.user)
    form = FilterForm(request.GET, rows)
    paginator = Paginator(form.chosen().select_related("meeting__working_group", "delegation__organisation"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    by_owner = form.cleaned_data.get("by") == "owner"
    heading: Callable[[FollowUp], str] = (
        (lambda row: row.owner) if by_owner else (lambda row: str(row.get_state_display()))
    )
    return render(
        request,
        "meetings/list_follow_ups.html",
        {
            "form": form,
            "parts": [(name, list(same)) for name, same in groupby(page, key=heading)],
            "by_owner": by_owner,
            "overdue": rows.overdue(today()).count(),
            "page_obj": page,
            "paginator": paginator,
            "is_paginated": paginator.num_pages > 1,
        },
    )


@login_required
@require_GET
@never_cache
def read_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One follow-up: what became of it, step by step; for the secretariat the steps that lead on."""
    return _show(request, _find(request, pk))


@login_required
@require_POST
def change_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Another text, another owner, another day."""
    form = FollowUpForm(request.POST)
    return _step(request, pk, "change_follow_up", form, operations.change_follow_up, _("The follow-up is changed."))


@login_required
@require_POST
def progress_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """It is being worked on; a word on how it goes."""
    form = ProgressForm(request.POST)
    return _step(
        request, pk, "progress_follow_up", form, operations.progress_follow_up, _("The follow-up is in progress.")
    )


@login_required
@require_POST
def close_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or no longer pursued, with a note."""
    form = ClosingForm(request.POST)
    return _step(request, pk, "close_follow_up", form, operations.close_follow_up, _("The follow-up is closed."))


@login_required
@require_POST
def reopen_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """There is something to be done after all."""
    form = ReopeningForm(request.POST)
    return _step(request, pk, "reopen_follow_up", form, operations.reopen_follow_up, _("The follow-up is open again."))


def _find(request: HttpRequest, pk: int) -> FollowUp:
    authorise(request.user, "meetings.read_follow_ups")
    rows = FollowUp.objects.visible_to(request.user).select_related(
        "meeting__working_group", "delegation__organisation", "item", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _step(
    request: HttpRequest, pk: int, name: str, form: forms.Form, operation: Callable[..., Any], done: str
) -> HttpResponse:
    """Take a step; what is refused stays on the page, with what was typed."""
    follow_up = _find(request, pk)
    authorise(request.user, f"meetings.{name}", follow_up)
    if not form.is_valid():
        return _show(request, follow_up, typed={name: form}, status=INVALID)
    try:
        operation(follow_up, version=number_in(request.POST, "version"), by=person_of(request), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _find(request, pk), typed={name: form}, status=CONFLICT)
    messages.success(request, done)
    return redirect(follow_up)


def _show(
    request: HttpRequest, follow_up: FollowUp, *, typed: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    shown: dict[str, forms.Form] = {}
    if request.user.has_perm("meetings.change_follow_up", follow_up):
        if follow_up.is_open:
            shown = {
                "progress_follow_up": ProgressForm(),
                "close_follow_up": ClosingForm(),
                "change_follow_up": FollowUpForm.of(follow_up),
            }
        else:
            shown = {"reopen_follow_up": ReopeningForm()}
        # What was typed for a step that is not open any more stays readable, to be copied.
        shown |= typed or {}
    refused = next(iter((typed or {}).values()), None)
    context = {
        "follow_up": follow_up,
        "meeting": follow_up.meeting,
        "changes": follow_up.changes.select_related("by"),
        "taken_up": AgendaItem.objects.visible_to(request.user)
        .filter(follow_ups=follow_up)
        .select_related("meeting__working_group"),
        "forms": shown,
        "refused": refused,
        "delegations": delegation_choices().rows if "change_follow_up" in shown else (),
    }
    return render(request, "meetings/read_follow_up.html", context, status=status)
