"""The applicant's own pages: what an application lacks, supplying it, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import day_of
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from members import operations
from members.checklist_forms import ACCEPT, SupplyForm
from members.deadlines import Rules
from members.models import Application, ApplicationStatus, Check, CheckStep, DeadlineRule, Evidence
from members.next_steps import STEPS, Line, next_steps, read_next_steps
from members.representing import organisations_of
from members.signing_in import person_of

State = Check.State


@dataclass(frozen=True)
class ShownLine:
    """A line of a checklist as its applicant reads it. `due` is its last day while it is with them."""

    check: Check
    files: list[Evidence]
    steps: list[CheckStep]
    due: date | None
    takes: bool
    errors: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def is_with_applicant(self) -> bool:
        return self.check.state in Check.WITH_APPLICANT

    @property
    def said(self) -> CheckStep | None:
        """What the secretariat said last, while that is where the line stands."""
        last = self.steps[0] if self.steps else None
        return last if last and last.state == self.check.state != State.SUPPLIED and last.note else None

    @property
    def tag(self) -> str:
        return {State.ACCEPTED: "is-done", State.SUPPLIED: "is-half", State.WAIVED: ""}.get(
            State(self.check.state), "is-due"
        )


@login_required
@never_cache
@require_safe
def list_applications(request: HttpRequest) -> HttpResponse:
    """The applications of the organisations that the person speaks for. Whoever speaks for none meets a 404."""
    organisations = organisations_of(request.user)
    if not organisations:
        raise Http404(_("You speak for no organisation today."))
    applications = list(
        Application.objects.visible_to(request.user)
        .filter(organisation__in=[organisation.pk for organisation in organisations])
        .select_related("organisation", "standard")
        .prefetch_related(Prefetch("statuses", ApplicationStatus.objects.current(), to_attr="now"))
    )
    steps = read_next_steps(applications)
    rows = [(application, application.now[0], steps[application.pk]) for application in applications if application.now]
    rows.sort(key=lambda row: (not row[1].is_open, -row[0].pk))
    return render(request, "members/list_applications.html", {"organisations": organisations, "applications": rows})


@login_required
@never_cache
@require_safe
def read_application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: its checklist, who acts next and by when, and what happened. Others than the applicant's
    representatives and the secretariat meet a 404."""
    return _show(request, _find(request, pk))


@login_required
@never_cache
@require_POST
def supply_evidence(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Store what was sent for a line. What is refused stays on the page: the note as typed, the files by their name."""
    application = _find(request, pk)
    authorise(request.user, "members.supply_evidence", application)
    check = get_object_or_404(Check.objects.visible_to(request.user).filter(application=application), pk=line)
    form = SupplyForm(request.POST, request.FILES)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return _show(request, application, refused=(check.pk, sentences, request.POST.get("note", "")), status=422)
    files, note = form.cleaned_data["files"], form.cleaned_data["note"]
    try:
        supplied = operations.supply_evidence(check, uploads=files, note=note, by=person_of(request))
    except Refusal as refusal:
        return _show(request, application, refused=(check.pk, [str(refusal)], note), status=422)
    _confirm(request, check, supplied)
    return redirect(f"{reverse('members:read_application', args=[application.pk])}#line-{check.pk}")


def _confirm(request: HttpRequest, read: Check, supplied: operations.Supplied) -> None:
    """Say what was received, what was not taken, and that the line changed while somebody wrote."""
    title = read.requirement.title
    if supplied.files:
        names = ", ".join(file.original_name for file in supplied.files)
        messages.success(request, _("Received for “%(line)s”: %(names)s") % {"line": title, "names": names})
    else:
        messages.success(request, _("Received for “%(line)s”.") % {"line": title})
    for name, sentence in supplied.refused:
        messages.error(request, _("Not taken: %(name)s. %(sentence)s") % {"name": name, "sentence": sentence})
    if read.state == State.RETURNED and number_in(request.POST, "version") != read.version:
        messages.warning(request, _("“%(line)s” was returned while you wrote. Read the reason.") % {"line": title})


@login_required
@require_safe
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_evidence(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file that was supplied, to be saved: for the applicant's representatives and the secretariat."""
    row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=file, check_line__application=pk)
    return download_file(row.file, row.original_name, row.media_type, row.size)


def _find(request: HttpRequest, pk: int) -> Application:
    rows = Application.objects.visible_to(request.user).select_related("organisation", "standard")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    application: Application,
    *,
    refused: tuple[int, list[str], str] = (0, [], ""),
    status: int = 200,
) -> HttpResponse:
    statuses = list(application.statuses.filter(superseded_at=None).order_by("-valid_from", "-pk"))
    now = next((row for row in statuses if row.valid_to is None), None)
    may_supply = request.user.has_perm("members.supply_evidence", application)
    rules = Rules.read(*STEPS)
    checks = list(
        application.checks.select_related("requirement")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("uploaded_by")),
            Prefetch("steps", CheckStep.objects.select_related("by").order_by("-at", "-pk")),
        )
        .order_by("requirement__position", "pk")
    )
    refused_line, errors, note = refused
    lines = [
        ShownLine(
            check=check,
            files=list(check.evidence.all()),
            steps=list(check.steps.all()),
            due=_due(check, application, rules),
            takes=bool(may_supply and now and now.is_open and check.state not in Check.SETTLED),
            errors=errors if check.pk == refused_line else [],
            note=note if check.pk == refused_line else "",
        )
        for check in checks
    ]
    steps = (
        ()
        if now is None
        else next_steps(
            now.state,
            since=now.valid_from,
            pillar=application.pillar,
            lines=[Line(check.state, day_of(check.changed_at)) for check in checks],
            rules=rules,
        )
    )
    context = {
        "application": application,
        "now": now,
        "statuses": statuses,
        "lines": lines,
        "settled": sum(1 for check in checks if check.state in Check.SETTLED),
        "own_step": next((step for step in steps if step.actor == "applicant"), None),
        "steps": [step for step in steps if step.actor != "applicant"],
        "first_open": next((line.check.pk for line in lines if line.takes and line.is_with_applicant), None),
        "refused": next((line for line in lines if line.errors), None),
        "may_supply": may_supply,
        "accept": ACCEPT,
        "most_files": operations.MOST_FILES,
        "most_mb": settings.MAX_UPLOAD_BYTES // 1024**2,
    }
    return render(request, "members/read_application.html", context, status=status)


def _due(check: Check, application: Application, rules: Rules) -> date | None:
    if check.state not in Check.WITH_APPLICANT:
        return None
    return rules.due(DeadlineRule.Step.SUPPLY, application.pillar, day_of(check.changed_at))
