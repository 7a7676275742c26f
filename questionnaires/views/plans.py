"""The strategic plans: how each comes about, from what was asked to what the Board concluded and the plan itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from django.views.generic import ListView

from icoca_portal.lib.access import SignedInVisibleMixin
from icoca_portal.lib.downloads import download_file
from questionnaires import plans
from questionnaires.models import PlanDocument, StrategicPlan


class PlanList(SignedInVisibleMixin, ListView):
    """All plans, the newest first."""

    queryset = StrategicPlan.objects.all()
    template_name = "questionnaires/list_plans.html"
    context_object_name = "plans"
    paginate_by = 30

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().annotate(objective_count=Count("objectives")).order_by("-slug")


@login_required
@require_GET
def read_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A plan: milestones, objectives with what was asked, what came back and what the Board concluded, documents."""
    plan = get_object_or_404(StrategicPlan.objects.visible_to(request.user), slug=slug)
    return render(
        request,
        "questionnaires/read_plan.html",
        {
            "plan": plan,
            "reading": plans.read_plan(plan, request.user),
            "may_read_submissions": request.user.has_perm("questionnaires.read_submissions"),
            "may_read_results": request.user.has_perm("questionnaires.read_results"),
            "may_change": request.user.has_perm("questionnaires.change_strategicplan"),
        },
    )


@login_required
@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_plan_document(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A text of a plan, to save: never shown in the browser, whatever it holds."""
    documents = PlanDocument.objects.filter(plan__in=StrategicPlan.objects.visible_to(request.user))
    document = get_object_or_404(documents, pk=pk, plan__slug=slug)
    return download_file(document.file, document.name, document.media_type, document.size)
