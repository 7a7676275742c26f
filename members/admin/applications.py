"""Applications for membership and certification: received, reviewed, decided; each state with who, when and source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import day_of
from members import operations
from members.admin.checklists import CheckInline, ChecklistMixin
from members.admin.dated import DatedInline, initial_of, values_of
from members.admin.registry import APPLICATION_TAGS, CORRECTED, state_of_application, tag
from members.admin.striking import STATUS, StrikingMixin
from members.deadlines import Rules
from members.models import Application, ApplicationStatus, Check
from members.next_steps import STEPS, Actor, Line, NextStep, next_steps, read_next_steps, waiting_for
from members.registry_forms import (
    ApproveCertificationForm,
    ApproveForm,
    CorrectStatusForm,
    FromDayForm,
    ReceiveAnyForm,
    RefuseForm,
    WithdrawForm,
)
from members.representing import people_of
from members.signing_in import person_of

State = ApplicationStatus.State


class StatusInline(DatedInline):
    """The states of an application, the newest first."""

    model = ApplicationStatus
    fk_name = "application"
    screen = "application"
    verbose_name_plural = _("states")
    facts = ("state_shown", "reason")
    correct = "correct_application_status"
    strike_out, restore = "strike_out_application_status", "restore_application_status"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("application__organisation", "application__standard")

    @admin.display(description=_("State"))
    def state_shown(self, row: Any) -> Any:
        stands = row.superseded_at is None and row.valid_to is None
        return state_of_application(row) if stands else tag(row.get_state_display())


def _steps_of(application: Any, parts: Any) -> tuple[NextStep, ...]:
    """The next steps, from the lines that the page shows."""
    lines = next((part.formset.get_queryset() for part in parts if part.formset.model is Check), ())
    return next_steps(
        application.state_now,
        since=application.state_since,
        pillar=application.pillar,
        lines=[Line(row.state, day_of(row.changed_at)) for row in lines],
        rules=Rules.read(*STEPS),
    )


def _due(step: NextStep) -> Any:
    if step.due is None:
        return "–"
    return tag(date_format(step.due), "is-due") if step.is_overdue else date_format(step.due)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("To be decided")), *State.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        rows = ApplicationStatus.objects.filter(application=OuterRef("pk"))
        found = rows.undecided() if self.value() == "open" else rows.current().filter(state=self.value())
        return queryset.filter(Exists(found))


class NextFilter(admin.SimpleListFilter):
    """By who acts next; an application that waits for two is found under both."""

    title = _("who acts next")
    parameter_name = "next"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Actor.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        return queryset.filter(waiting_for(value)) if value in Actor.values else queryset


class ApplicationList(ChangeList):
    """The list, with what each application of the page waits for."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = read_next_steps(self.result_list)
        for application in self.result_list:
            application.next_steps = found[application.pk]


@admin.register(Application)
class ApplicationAdmin(ChecklistMixin, StrikingMixin, admin.ModelAdmin):
    owner = "application"
    struck = (("states/", STATUS),)
    list_display = ("organisation", "asks_for", "state_shown", "since", "next", "due")
    list_filter = (NextFilter, StateFilter, "kind", "pillar", "standard")
    list_per_page = 50
    search_fields = ("organisation__name", "organisation__other_names__name")
    search_help_text = _("Name or another name of the applicant.")
    show_full_result_count = False
    fields = readonly_fields = ("organisation", "kind", "pillar", "standard", "state_shown", "since")
    inlines = (CheckInline, StatusInline)
    change_form_template = "admin/members/application/change_form.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        now = ApplicationStatus.objects.current().filter(application=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .select_related("organisation", "standard")
            .annotate(
                state_now=Subquery(now.values("state")[:1]),
                state_since=Subquery(now.values("valid_from")[:1]),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An application is never rewritten: it moves on, or a state is corrected."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may_act(self, request: HttpRequest, obj: Any, permission: str) -> bool:
        """Who moves an application on writes its states; who receives one, the application too."""
        may_add = obj is not None or self.has_add_permission(request)
        return may_add and request.user.has_perm("members.add_applicationstatus")

    @admin.display(description=_("Asks for"), ordering="kind")
    def asks_for(self, application: Any) -> Any:
        return format_html("{}<small>{}</small>", application.asks_for, application.get_pillar_display())

    @admin.display(description=_("State"), ordering="state_now")
    def state_shown(self, application: Any) -> Any:
        if not application.state_now:
            return "–"
        return tag(State(application.state_now).label, APPLICATION_TAGS.get(application.state_now, ""))

    @admin.display(description=_("Since"), ordering="state_since")
    def since(self, application: Any) -> Any:
        return date_format(application.state_since) if application.state_since else "–"

    @admin.display(description=_("Next"))
    def next(self, application: Any) -> Any:
        return format_html_join("", "<div>{}</div>", ((step.what,) for step in application.next_steps)) or "–"

    @admin.display(description=_("By"))
    def due(self, application: Any) -> Any:
        return format_html_join("", "<div>{}</div>", ((_due(step),) for step in application.next_steps)) or "–"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ApplicationList

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        application = kwargs.get("obj")
        if application is not None:
            context["next_steps"] = _steps_of(application, context["inline_admin_formsets"])
            context["is_unheard"] = bool(context["next_steps"]) and not people_of([application.organisation_id])
        if application is not None and self._may_act(request, application, ""):
            context["is_open"] = application.state_now in ApplicationStatus.UNDECIDED
            context["is_received"] = application.state_now == State.RECEIVED
        return super().render_change_form(request, context, **kwargs)

    # The acts

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/review/", self.begin_review, "begin_review"),
            self.act_path("<int:pk>/approve/", self.approve_application, "approve_application"),
            self.act_path("<int:pk>/refuse/", self.refuse_application, "refuse_application"),
            self.act_path("<int:pk>/withdraw/", self.withdraw_application, "withdraw_application"),
            self.act_path(
                "<int:pk>/states/<int:row>/correct/", self.correct_application_status, "correct_application_status"
            ),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.act(
            request,
            None,
            title=_("Receive an application"),
            button=_("Record the application"),
            text=_("It is received on the day given; the review begins on the application’s page."),
            form_class=ReceiveAnyForm,
            perform=lambda **data: operations.receive_application(**data, by=person_of(request)),
            done=_("Application recorded."),
        )

    def begin_review(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self.row(Application, pk=pk)
        return self.act(
            request,
            application,
            title=_("Begin the review"),
            button=_("Begin the review"),
            text=_(
                "The application is under review from the day given, and the Board decides. Every line of its "
                "checklist is settled before."
            ),
            form_class=FromDayForm,
            perform=lambda **data: operations.begin_review(application, **data, by=person_of(request)),
            done=_("Application under review."),
        )

    def approve_application(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self.row(Application, pk=pk)
        opens = "membership" if application.kind == Application.Kind.MEMBERSHIP else "certificate"
        if not request.user.has_perm(f"members.add_{opens}"):
            raise PermissionDenied
        by = person_of(request)

        def approve(**data: Any) -> Any:
            if opens == "membership":
                return operations.approve_application(application, **data, by=by)
            own = {name: data.pop(name) for name in ("on", "reason", "source")}
            return operations.approve_application(application, **own, certificate=data, by=by)

        return self.act(
            request,
            application,
            title=_("Approve the application"),
            button=_("Approve the application"),
            text=_("The membership begins on the same day, and is public from then on.")
            if opens == "membership"
            else _("The certificate is valid from the same day until it expires, and is public from then on."),
            form_class=ApproveForm if opens == "membership" else ApproveCertificationForm,
            perform=approve,
            done=_("Application approved; the membership is recorded.")
            if opens == "membership"
            else _("Application approved; the certificate is recorded."),
        )

    def refuse_application(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self.row(Application, pk=pk)
        return self.act(
            request,
            application,
            title=_("Refuse the application"),
            button=_("Refuse the application"),
            text=_(
                "The reason is kept with the decision. The applicant’s representatives read it; no public page "
                "shows it."
            ),
            form_class=RefuseForm,
            perform=lambda **data: operations.refuse_application(application, **data, by=person_of(request)),
            done=_("Application refused."),
        )

    def withdraw_application(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self.row(Application, pk=pk)
        return self.act(
            request,
            application,
            title=_("Withdraw the application"),
            button=_("Record the withdrawal"),
            text=_("That the applicant no longer asks for it."),
            form_class=WithdrawForm,
            perform=lambda **data: operations.withdraw_application(application, **data, by=person_of(request)),
            done=_("Application withdrawn."),
        )

    def correct_application_status(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        status = self.row(ApplicationStatus, pk=row, application=pk)
        shown = values_of(self, request, status, application=pk)
        return self.act(
            request,
            status.application,
            title=_("Correct a state of the application"),
            button=_("Record the correction"),
            text=format_html(
                "{} {}",
                CORRECTED,
                _("A membership or certificate that came of it is corrected on the organisation’s page."),
            ),
            form_class=CorrectStatusForm,
            initial=initial_of(CorrectStatusForm, shown),
            perform=lambda **data: operations.correct_application_status(status, **data, by=person_of(request)),
            done=_("State of the application corrected."),
        )
