"""Plans and their objectives; questionnaires with their sections, and sections with their questions, while a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, F, ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.ordering import OrderedInlineMixin
from icoca_portal.lib.stale import StaleSaveMixin
from questionnaires import editions
from questionnaires.admin.circulating import CirculationMixin
from questionnaires.admin.publishing import PublishingMixin
from questionnaires.admin_forms import QuestionForm, QuestionnaireForm, SectionForm, SectionRowForm
from questionnaires.forms import bind
from questionnaires.models import Objective, Question, Questionnaire, Results, Section

Draft = Questionnaire.State.DRAFT


def questionnaire_of(row: Any) -> Questionnaire | None:
    """The questionnaire that a page is about."""
    return row.questionnaire if isinstance(row, Section) else row


class WhileDraft:
    """For an inline: rows change only while the questionnaire is a draft; delegations answer the frozen edition."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]

    def _is_draft(self, obj: Any) -> bool:
        questionnaire = questionnaire_of(obj)
        return questionnaire is None or questionnaire.state == Draft


# Questionnaires
class SectionInline(WhileDraft, OrderedInlineMixin, admin.TabularInline):
    model = Section
    form = SectionRowForm
    extra = 1
    fields = ("position", "title", "questions")
    readonly_fields = ("questions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(question_count=Count("questions"))

    @admin.display(description=_("questions"))
    def questions(self, section: Any) -> SafeString | str:
        if section.pk is None:
            return gettext("Save first, then write the questions.")
        return format_html(
            '<a href="{}" aria-label="{}: {}">{}</a>',
            reverse("admin:questionnaires_section_change", args=[section.pk]),
            text := _("Questions (%(count)d)") % {"count": section.question_count},
            section.title,
            text,
        )


@admin.register(Questionnaire)
class QuestionnaireAdmin(StaleSaveMixin, PublishingMixin, CirculationMixin, admin.ModelAdmin):
    """A draft is written here; an open or closed questionnaire is read only, and changes through its steps."""

    form = QuestionnaireForm
    list_display = ("title", "state", "deadline_in_geneva", "received", "answered_by")
    list_filter = ("state",)
    search_fields = ("title", "code")
    list_select_related = ("plan",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SectionInline,)
    change_form_template = "admin/questionnaires/questionnaire/change_form.html"
    written = ("title", "slug", "code", "plan", "introduction", "deadline", "reminder_days")
    history = ("state", "opened", "closed", "published")
    readonly_fields = (*history, "deadline_in_geneva", "put_to", "reminders")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        submitted = Q(responses__submissions__isnull=False)
        rows = super().get_queryset(request).select_related("opened_by", "closed_by")
        return rows.annotate(received=Count("responses", filter=submitted, distinct=True))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return self.written
        if obj.state == Draft:
            return (*self.written, "state")
        return (*self.written[:-2], "deadline_in_geneva", "put_to", "reminders", *self.history)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj and obj.state != Draft else dict(self.prepopulated_fields)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.state == Draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("deadline"), ordering="deadline")
    def deadline_in_geneva(self, questionnaire: Questionnaire) -> str:
        return in_geneva(questionnaire.deadline)

    @admin.display(description=_("opened"))
    def opened(self, questionnaire: Questionnaire) -> str:
        return _by(questionnaire.opened_at, questionnaire.opened_by)

    @admin.display(description=_("closed"))
    def closed(self, questionnaire: Questionnaire) -> str:
        return _by(questionnaire.closed_at, questionnaire.closed_by)

    @admin.display(description=_("results published"))
    def published(self, questionnaire: Questionnaire) -> str:
        row = Results.objects.filter(questionnaire=questionnaire).select_related("published_by").first()
        return _by(row.published_at, row.published_by) if row else "–"

    @admin.display(description=_("received"), ordering="received")
    def received(self, questionnaire: Any) -> int | str:
        return "–" if questionnaire.state == Draft else questionnaire.received

    @admin.display(description=_("who has answered"))
    def answered_by(self, questionnaire: Questionnaire) -> SafeString | str:
        if questionnaire.state == Draft:
            return "–"
        return format_html(
            '<a href="{}" aria-label="{}: {}">{}</a>',
            reverse("admin:questionnaires_questionnaire_returns", args=[questionnaire.pk]),
            _("Who has answered"),
            questionnaire,
            _("Who has answered"),
        )

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/preview/", self.preview, "preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The delegate's pages of a draft, all sections on one page; nothing can be typed."""
        questionnaire = self._seen(request, pk)
        content = editions.EditionContent.read(editions.write(editions.freeze(questionnaire, 1))[0])
        sections = [
            (section, [bind(question, section.number, None, writable=True) for question in section.questions])
            for section in content.sections
        ]
        return render(
            request,
            "questionnaires/preview_questionnaire.html",
            {"questionnaire": questionnaire, "content": content, "sections": sections},
        )


def _by(moment: Any, user: Any) -> str:
    """When and by whom, or a dash."""
    return _("%(moment)s, by %(user)s") % {"moment": in_geneva(moment), "user": user} if moment else "–"


# Sections, with their questions
class QuestionInline(WhileDraft, OrderedInlineMixin, admin.StackedInline):
    model = Question
    form = QuestionForm
    extra = 1
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "position",
                    "kind",
                    "text",
                    "help_text",
                    "required",
                    "choices",
                    "has_other",
                    "rows",
                    ("low_label", "high_label"),
                    "word_limit",
                    ("minimum", "maximum", "unit"),
                    "objective",
                )
            },
        ),
    )

    class Media:
        css = {"all": ("css/questionnaires-admin.css",)}
        js = ("js/question-kind.js",)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        return _objectives_of_plan(super().formfield_for_foreignkey, db_field, request, **kwargs)


def _objectives_of_plan(make: Any, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
    """The objectives of the questionnaire's plan to choose from, read once a page and not once a question."""
    if db_field.name != "objective":
        return make(db_field, request, **kwargs)
    match = request.resolver_match
    section = match.kwargs.get("object_id") if match else None
    kwargs["queryset"] = Objective.objects.filter(plan__questionnaires__sections=section)
    field = make(db_field, request, **kwargs)
    if field is not None:
        if not hasattr(request, "objective_choices"):
            request.objective_choices = list(iter(field.choices))  # type: ignore[attr-defined]
        field.choices = request.objective_choices  # type: ignore[attr-defined]
    return field


@admin.register(Section)
class SectionAdmin(StaleSaveMixin, admin.ModelAdmin):
    """One section with its questions. It is reached from its questionnaire, and stands in no list of its own."""

    form = SectionForm
    inlines = (QuestionInline,)
    change_form_template = "admin/questionnaires/section/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("questionnaire")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """For a save, its questionnaire is locked too: it cannot be opened in the middle."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            row.questionnaire = Questionnaire.objects.select_for_update().get(pk=row.questionnaire_id)
        return row

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.questionnaire.state == Draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are deleted on the questionnaire's page, where their order is."""
        return False

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        return _objectives_of_plan(super().formfield_for_foreignkey, db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "title" in form.changed_data:  # it stands on the questionnaire's page
            Questionnaire.objects.filter(pk=obj.questionnaire_id).update(version=F("version") + 1)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:questionnaires_questionnaire_changelist")

    def response_post_save_change(self, request: HttpRequest, obj: Section) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:questionnaires_questionnaire_change", args=[obj.questionnaire_id]))
