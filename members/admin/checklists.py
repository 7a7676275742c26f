"""The checklist on the page of an application: what was supplied for each line, and what the secretariat says of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.read_only import ReadOnlyInline
from members import operations
from members.admin.registry import tag
from members.admin.shared import links
from members.checklist_forms import AcceptForm, ReopenForm, ReturnForm, SupplyForm, WaiveForm
from members.models import ApplicationStatus, Check, CheckStep, Evidence
from members.signing_in import person_of

State = Check.State

CHECK_TAGS = {
    State.SUPPLIED.value: "is-half",
    State.RETURNED.value: "is-due",
    State.ACCEPTED.value: "is-done",
    State.WAIVED.value: "",
    State.MISSING.value: "is-due",
}


class CheckInline(ReadOnlyInline):
    """The lines in their order; each with its files, what was said of it, and the acts that its state allows."""

    model = Check
    template = "admin/members/application/_checklist.html"
    verbose_name_plural = _("checklist")
    fields = readonly_fields = ("line", "state_shown", "files", "said", "acts")
    empty = _("The application carries no checklist: none held for it on the day on which it was received.")
    may_act = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.may_act = request.user.has_perm("members.change_check")
        files = Evidence.objects.select_related("uploaded_by")
        steps = CheckStep.objects.select_related("by").order_by("-at", "-pk")
        is_open = Exists(ApplicationStatus.objects.undecided().filter(application=OuterRef("application")))
        rows = super().get_queryset(request).annotate(is_open=is_open).select_related("requirement", "application")
        return rows.prefetch_related(Prefetch("evidence", files), Prefetch("steps", steps)).order_by(
            "requirement__position", "pk"
        )

    @admin.display(description=_("Line"))
    def line(self, row: Any) -> Any:
        return format_html(
            '<strong dir="auto">{}</strong><small dir="auto">{}</small>',
            row.requirement.title,
            row.requirement.explanation,
        )

    @admin.display(description=_("State"))
    def state_shown(self, row: Any) -> Any:
        return format_html(
            "{}<small>{}</small>", tag(row.get_state_display(), CHECK_TAGS[row.state]), in_geneva(row.changed_at)
        )

    @admin.display(description=_("Files"))
    def files(self, row: Any) -> Any:
        return files_of(row) or "–"

    @admin.display(description=_("What was said"))
    def said(self, row: Any) -> Any:
        steps = list(row.steps.all())
        if not steps:
            return "–"
        shown = [_step(step) for step in steps]
        if len(shown) < 3:
            return format_html_join("", "{}", ((step,) for step in shown))
        earlier = len(shown) - 1
        return format_html(
            "{}<details><summary>{}</summary>{}</details>",
            shown[0],
            ngettext("%(count)d earlier step", "%(count)d earlier steps", earlier) % {"count": earlier},
            format_html_join("", "{}", ((step,) for step in shown[1:])),
        )

    @admin.display(description=_("Acts"))
    def acts(self, row: Any) -> Any:
        if not self.may_act or not row.is_open:
            return "–"
        args = [row.application_id, row.pk]
        return links(
            [
                (reverse(f"admin:members_application_{name}", args=args), label, row.requirement.title)
                for name, label in acts_on(row)
            ]
        )


def _step(step: CheckStep) -> Any:
    head = gettext("%(state)s: %(name)s, %(moment)s") % {
        "state": step.get_state_display(),
        "name": step.by,
        "moment": in_geneva(step.at),
    }
    note = format_html('<span class="wg-said" dir="auto">{}</span>', step.note) if step.note else ""
    return format_html("{}<small>{}</small>", note, head)


def files_of(line: Any) -> Any:
    """The files of a line, the newest first, each with who sent it and when."""
    return format_html_join(
        "",
        '<span class="wg-file"><a href="{}" dir="auto">{}</a> <small>{}, {}</small></span>',
        (
            (
                reverse("members:read_evidence", args=[line.application_id, file.pk]),
                file.original_name,
                file.uploaded_by,
                in_geneva(file.uploaded_at),
            )
            for file in line.evidence.all()
        ),
    )


def acts_on(line: Any) -> list[tuple[str, Any]]:
    """The acts that the state of a line allows: name and label."""
    if line.state in Check.SETTLED:
        return [("reopen_check", _("Open again"))]
    found: list[tuple[str, Any]] = []
    if line.state == State.SUPPLIED or not line.requirement.needs_file:
        found.append(("accept_check", _("Accept")))
    if line.state == State.SUPPLIED:
        found.append(("return_check", _("Return")))
    return [*found, ("supply_evidence", _("Add files")), ("waive_check", _("Not needed"))]


class ChecklistMixin(ActsMixin):
    """For the screen of applications: the acts on a line of the checklist. Each asks for the right to change lines."""

    def get_urls(self) -> list[Any]:
        line = "<int:pk>/checklist/<int:row>/{}/"
        return [
            self.act_path(line.format("accept"), self.accept_check, "accept_check"),
            self.act_path(line.format("return"), self.return_check, "return_check"),
            self.act_path(line.format("waive"), self.waive_check, "waive_check"),
            self.act_path(line.format("reopen"), self.reopen_check, "reopen_check"),
            self.act_path(line.format("supply"), self.supply_evidence, "supply_evidence"),
            *super().get_urls(),
        ]

    def _on_line(self, request: HttpRequest, line: Check, right: str, **options: Any) -> HttpResponse:
        if not request.user.has_perm(f"members.{right}"):
            raise PermissionDenied
        title: Promise = options.pop("title")
        return self.act(
            request,
            line.application,
            title=format_html("{}: {}", title, line.requirement.title),
            initial={"version": line.version},
            text=format_html(
                '<span dir="auto">{}</span> {}<span class="wg-act-files">{}</span>',
                line.requirement.explanation,
                options.pop("text"),
                files_of(line),
            ),
            **options,
        )

    def _line(self, pk: int, row: int) -> Check:
        line: Check = self.row(Check, pk=row, application=pk)
        return line

    def accept_check(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        line = self._line(pk, row)
        return self._on_line(
            request,
            line,
            "change_check",
            title=_("Accept"),
            button=_("Accept the line"),
            text=_("What was supplied is in order. The line can be opened again until the Board decides."),
            form_class=AcceptForm,
            perform=lambda **data: operations.accept_check(line, **data, by=person_of(request)),
            done=_("Line accepted."),
        )

    def return_check(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        line = self._line(pk, row)
        return self._on_line(
            request,
            line,
            "change_check",
            title=_("Return"),
            button=_("Return the line"),
            text=_("The applicant’s representatives read the reason and are told by mail."),
            form_class=ReturnForm,
            perform=lambda **data: operations.return_check(line, **data, by=person_of(request)),
            done=_("Line returned to the applicant."),
        )

    def waive_check(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        line = self._line(pk, row)
        return self._on_line(
            request,
            line,
            "change_check",
            title=_("Not needed"),
            button=_("Record that it is not needed"),
            text=_("Of this applicant alone. The reason is kept, and the applicant reads it."),
            form_class=WaiveForm,
            perform=lambda **data: operations.waive_check(line, **data, by=person_of(request)),
            done=_("Line recorded as not needed."),
        )

    def reopen_check(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        line = self._line(pk, row)
        return self._on_line(
            request,
            line,
            "change_check",
            title=_("Open again"),
            button=_("Open the line again"),
            text=_("It waits for the secretariat if something was supplied, else for the applicant."),
            form_class=ReopenForm,
            perform=lambda **data: operations.reopen_check(line, **data, by=person_of(request)),
            done=_("Line opened again."),
        )

    def supply_evidence(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        line = self._line(pk, row)

        def done(supplied: operations.Supplied) -> str:
            count = len(supplied.files)
            said = ngettext("%(count)d file added.", "%(count)d files added.", count) % {"count": count}
            return " ".join([said, *(f"{name}: {sentence}" for name, sentence in supplied.refused)])

        return self._on_line(
            request,
            line,
            "add_evidence",
            title=_("Add files"),
            button=_("Add the files"),
            text=_("What reached the secretariat by letter or mail. The applicant’s representatives read it too."),
            form_class=SupplyForm,
            perform=lambda files, note: operations.supply_evidence(
                line, uploads=files, note=note, by=person_of(request)
            ),
            done=done,
        )
