"""Strategic plans with their objectives, the steps on the way, and their texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.ordering import OrderedInlineMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.stale import StaleSaveMixin
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.models import Milestone, Objective, PlanDocument, StrategicPlan


class PlanDocumentForm(forms.Form):
    """A text of the plan to publish."""

    title = forms.CharField(label=_("Title"), max_length=200)
    upload = forms.FileField(label=_("File"), help_text=_("PDF or Word, for example; at most 20 MB."))
    is_final = forms.BooleanField(label=_("This is the final plan"), required=False)


SHORT: Any = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}}


class ObjectiveInline(admin.TabularInline):
    model = Objective
    extra = 1
    formfield_overrides = SHORT
    fields = ("number", "title", "summary")


class MilestoneInline(OrderedInlineMixin, admin.TabularInline):
    model = Milestone
    extra = 1
    fields = ("position", "title", "date", "date_note", "note", "is_done")


class PlanDocumentInline(ReadOnlyInline):
    """The texts that are published. One is added by a step of its own; none is taken back."""

    model = PlanDocument
    fields = readonly_fields = ("stored", "is_final", "published_at", "published_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("plan", "published_by")

    @admin.display(description=_("document"))
    def stored(self, document: PlanDocument) -> SafeString:
        page = reverse("questionnaires:read_plan_document", args=[document.plan.slug, document.pk])
        return format_html('<a href="{}">{} ({})</a>', page, document.title, document.name)


@admin.register(StrategicPlan)
class StrategicPlanAdmin(StaleSaveMixin, ActsMixin, admin.ModelAdmin):
    list_display = ("title", "slug", "objective_count")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    fields = ("title", "slug", "summary")
    formfield_overrides = SHORT
    inlines = (ObjectiveInline, MilestoneInline, PlanDocumentInline)
    change_form_template = "admin/questionnaires/strategicplan/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(objective_count=Count("objectives"))

    @admin.display(description=_("objectives"))
    def objective_count(self, plan: Any) -> int:
        return plan.objective_count

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/document/", self.publish_plan_document, "publish_plan_document"),
            *super().get_urls(),
        ]

    def publish_plan_document(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = self.row(StrategicPlan, pk=pk)
        return self.act(
            request,
            plan,
            title=_("Publish a text of the plan"),
            button=_("Publish the document"),
            text=_("Everybody who signs in reads it at once, on the page of the plan. Earlier ones stay beside it."),
            form_class=PlanDocumentForm,
            perform=lambda upload, title, is_final: operations.publish_plan_document(
                plan, upload=upload, title=title, is_final=is_final, by=person_of(request)
            ),
            done=_("The document is published."),
            permission="questionnaires.publish_plan_document",
        )
