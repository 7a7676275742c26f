"""Having the draft cleared by the delegation's own people. Nobody else knows whether, by whom and when it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from members.models import Delegate, User
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.clearing import rounds
from questionnaires.models import Clearance, Response
from questionnaires.together_forms import (
    OTHER_MEANS,
    DeclineClearanceForm,
    RecordClearanceForm,
    SendForClearanceForm,
)
from questionnaires.views.answering import find_response

HERE = "questionnaires:read_clearance"


@login_required
@require_GET
def read_clearance(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the clearance stands, what can be done next, and every round so far."""
    return _render(request, find_response(request, slug))


def _delegates(response: Response) -> list[Delegate]:
    rows = Delegate.objects.as_of(today()).filter(delegation=response.delegation).select_related("user")
    return list(rows.by_role())


def _render(request: HttpRequest, response: Response, *, status: int = 200, **forms: Any) -> HttpResponse:
    user = person_of(request)
    history = rounds(response)
    pending = next((row.clearance for row in history if row.clearance.outcome == Clearance.Outcome.ASKED), None)
    standing = next((row.clearance for row in history if row.clearance.outcome == Clearance.Outcome.CLEARED), None)
    is_open = response.is_writable and response.takes_answers
    may_send = is_open and user.has_perm("questionnaires.send_for_clearance", response)
    may_record = is_open and pending is not None and user.has_perm("questionnaires.record_clearance", pending)
    first = {
        "on": today(),
        "name": user.name if pending and pending.asked_of_id == user.pk else "",
        "seen": f"{response.changed_at:%Y-%m-%dT%H:%M:%S.%f%z}",
        "edition": response.edition_id,
    }
    return render(
        request,
        "questionnaires/together/read_clearance.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "history": history,
            "pending": pending,
            "standing": standing if response.state == Response.State.CLEARED else None,
            "open": is_open,
            "may_require": is_open and user.has_perm("questionnaires.require_clearance", response),
            "may_record": may_record,
            "may_decline": is_open and pending and user.has_perm("questionnaires.decline_clearance", pending),
            "send_form": (forms.get("send") or SendForClearanceForm(delegates=_delegates(response)))
            if may_send and pending is None
            else None,
            "record_form": forms.get("record") or RecordClearanceForm(initial=first),
            "decline_form": forms.get("decline") or DeclineClearanceForm(prefix="decline"),
            "refusal": forms.get("refusal", ""),
        },
        status=status,
    )


@login_required
@require_POST
def require_clearance(request: HttpRequest, slug: str) -> HttpResponse:
    """The focal point says whether the response must be cleared before it goes out."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.require_clearance", response)
    required = request.POST.get("required") == "1"
    try:
        operations.require_clearance(
            response.questionnaire, response.delegation, required=required, by=person_of(request)
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        told = _("A clearance is required now.") if required else _("No clearance is required any more.")
        messages.success(request, told)
    return redirect(HERE, slug)


@login_required
@require_POST
def send_for_clearance(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a colleague to clear the draft, or note that it went to the capital by other means."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.send_for_clearance", response)
    form = SendForClearanceForm(request.POST, delegates=_delegates(response))
    if not form.is_valid():
        return _render(request, response, send=form, status=422)
    chosen = form.cleaned_data["of"]
    of = None if chosen == OTHER_MEANS else User.objects.get(pk=chosen)
    try:
        operations.send_for_clearance(
            response.questionnaire,
            response.delegation,
            of=of,
            message=form.cleaned_data["message"],
            by=person_of(request),
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The draft is sent for clearance. It stays open to your delegation."))
    return redirect(HERE, slug)


def _find_clearance(request: HttpRequest, slug: str, pk: int) -> tuple[Response, Clearance]:
    response = find_response(request, slug)
    clearance = get_object_or_404(Clearance, pk=pk, response=response.pk)
    clearance.response = response
    return response, clearance


@login_required
@require_POST
def record_clearance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The draft that was read is cleared. A second click finds it recorded."""
    response, clearance = _find_clearance(request, slug, pk)
    authorise(request.user, "questionnaires.record_clearance", clearance)
    form = RecordClearanceForm(request.POST)
    if not form.is_valid():
        return _render(request, response, record=form, status=422)
    try:
        operations.record_clearance(
            clearance,
            name=form.who,
            on=form.cleaned_data["on"],
            seen=form.cleaned_data["seen"],
            edition=form.cleaned_data["edition"],
            remark=form.cleaned_data["remark"],
            by=person_of(request),
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Recorded: the draft is cleared."))
    return redirect(HERE, slug)


@login_required
@require_POST
def decline_clearance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The draft is not cleared, or the request is taken back; with a word on why."""
    response, clearance = _find_clearance(request, slug, pk)
    authorise(request.user, "questionnaires.decline_clearance", clearance)
    form = DeclineClearanceForm(request.POST, prefix="decline")
    if not form.is_valid():
        return _render(request, response, decline=form, status=422)
    try:
        operations.decline_clearance(clearance, remark=form.cleaned_data["remark"], by=person_of(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Recorded: the draft is not cleared."))
    return redirect(HERE, slug)
