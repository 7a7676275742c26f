"""What is asked of applicants, and how soon: checklists and rules of deadlines, each from a day on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from members import operations
from members.admin.dated import initial_of
from members.admin.shared import links
from members.checklist_forms import DeadlineRuleForm, RequirementForm
from members.forms import EndRecordForm
from members.models import DeadlineRule, Requirement
from members.signing_in import person_of


class DatedReferenceAdmin(ActsMixin, admin.ModelAdmin):
    """Rows that hold from a day to another: recorded, ended and corrected by acts, never rewritten."""

    list_select_related = ("recorded_by",)
    date_columns = ("valid_from", "valid_to", "source", "steps")
    change_list_template = "admin/members/dated_reference_list.html"
    change_form_template = "admin/members/dated_reference.html"
    list_per_page = 100
    form_class: Any
    #: What the acts are called: a title, a button, what is explained and said afterwards, of each.
    record_words: tuple[Any, Any, Any, Any]
    end_words: tuple[Any, Any, Any, Any]
    correct_words: tuple[Any, Any, Any, Any]

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        kept = ("recorded_at", "recorded_by", "superseded_at", "superseded_by")
        return (*self.form_class.base_fields, *kept) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.may_keep = self.has_add_permission(request)
        return super().get_queryset(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may_act(self, request: HttpRequest, obj: Any, permission: str) -> bool:
        """Who adds a row ends and corrects one too: both add one."""
        return self.has_add_permission(request)

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/end/", self.end_view, "end"),
            self.act_path("<int:pk>/correct/", self.correct_view, "correct"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Acts"))
    def steps(self, row: Any) -> Any:
        if not self.may_keep or row.superseded_at:
            return "–"
        open_acts = [("correct", _("Correct"))] if row.valid_to else [("end", _("End")), ("correct", _("Correct"))]
        name = f"admin:members_{self.opts.model_name}"
        return links([(reverse(f"{name}_{act}", args=[row.pk]), label, row) for act, label in open_acts])

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        title, button, text, done = self.record_words
        return self.act(
            request,
            None,
            title=title,
            button=button,
            text=text,
            form_class=self.form_class,
            perform=lambda **data: self.record(**data, by=person_of(request)),
            done=done,
            then=self._address_of(None),
        )

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        title, button, text, done = self.end_words
        row = self.row(self.model, pk=pk)
        return self.act(
            request,
            row,
            title=title,
            button=button,
            text=text,
            form_class=EndRecordForm,
            perform=lambda **data: self.end(row, **data, by=person_of(request)),
            done=done,
            then=self._address_of(None),
        )

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        title, button, text, done = self.correct_words
        row = self.row(self.model, pk=pk)
        return self.act(
            request,
            row,
            title=title,
            button=button,
            text=text,
            form_class=self.form_class,
            initial=initial_of(self.form_class, row),
            perform=lambda **data: self.correct(row, **data, by=person_of(request)),
            done=done,
            then=self._address_of(None),
        )

    def record(self, **data: Any) -> Any:
        raise NotImplementedError

    def end(self, row: Any, **data: Any) -> Any:
        raise NotImplementedError

    def correct(self, row: Any, **data: Any) -> Any:
        raise NotImplementedError


class HoldsFilter(admin.SimpleListFilter):
    """What holds today, unless somebody asks for more."""

    title = _("when it holds")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("force", _("Today, before or later")), ("all", _("With what was corrected"))]

    def choices(self, changelist: Any) -> Any:
        """“All” would be the third word for what stands here first."""
        chosen = self.value()
        yield {
            "selected": chosen is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Today"),
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": chosen == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "all":
                return queryset
            case "force":
                return queryset.filter(superseded_at=None)
            case _today:
                return queryset.as_of(today())


@admin.register(Requirement)
class RequirementAdmin(DatedReferenceAdmin):
    """What applicants supply: the lines of the checklists, by kind of application and pillar."""

    list_display = ("title", "asks", "pillar", "position", "needs_file", *DatedReferenceAdmin.date_columns)
    list_filter = (HoldsFilter, "asks", "pillar")
    ordering = ("asks", "pillar", "position", "title", "-valid_from")
    search_fields = ("title", "explanation")
    form_class = RequirementForm
    record_words = (
        _("Record a line of a checklist"),
        _("Record the line"),
        _(
            "What applicants supply from a day on. Applications that were received keep the lines of their day. A line "
            "of the same title ends on the day on which the new one begins."
        ),
        _("Line of the checklist recorded."),
    )
    end_words = (
        _("End a line of a checklist"),
        _("Record the end"),
        _("Applications received from that day on do not carry it; earlier ones keep it."),
        _("End of the line recorded."),
    )
    correct_words = (
        _("Correct a line of a checklist"),
        _("Record the correction"),
        _("Applications that were received keep the wording that they were received with."),
        _("Line of the checklist corrected."),
    )

    def record(self, **data: Any) -> Any:
        return operations.record_requirement(**data)

    def end(self, row: Any, **data: Any) -> Any:
        return operations.end_requirement(row, **data)

    def correct(self, row: Any, **data: Any) -> Any:
        return operations.correct_requirement(row, **data)


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(DatedReferenceAdmin):
    """How long somebody has for a step, from a day on. What began while a rule held keeps that rule."""

    list_display = ("step", "for_pillar", "time", *DatedReferenceAdmin.date_columns)
    list_filter = (HoldsFilter, "step", "pillar")
    ordering = ("step", "pillar", "-valid_from")
    form_class = DeadlineRuleForm
    record_words = (
        _("Record a rule of a deadline"),
        _("Record the rule"),
        _(
            "How long a step takes that begins from a day on. The rule that the step had ends on that day, and goes on "
            "for what began under it. A rule for a pillar comes before one for all."
        ),
        _("Rule of a deadline recorded."),
    )
    end_words = (
        _("End a rule of a deadline"),
        _("Record the end"),
        _("What begins from that day on has no deadline by this rule; what began before keeps it."),
        _("End of the rule recorded."),
    )
    correct_words = (
        _("Correct a rule of a deadline"),
        _("Record the correction"),
        _("Deadlines that follow from the rule follow the correction at once."),
        _("Rule of a deadline corrected."),
    )

    @admin.display(description=_("Pillar"), ordering="pillar")
    def for_pillar(self, row: Any) -> Any:
        return row.get_pillar_display() or _("All")

    @admin.display(description=_("Time"), ordering="length")
    def time(self, row: Any) -> str:
        return f"{row.length} {row.get_unit_display()}"

    def record(self, **data: Any) -> Any:
        return operations.record_deadline_rule(**data)

    def end(self, row: Any, **data: Any) -> Any:
        return operations.end_deadline_rule(row, **data)

    def correct(self, row: Any, **data: Any) -> Any:
        return operations.correct_deadline_rule(row, **data)
