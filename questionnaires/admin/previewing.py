"""A questionnaire as a delegate will see it, in each language. Fields can be typed into; nothing is stored."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from icoca_portal.lib.acts import ActsMixin
from questionnaires import checks, conditions
from questionnaires.condition_words import condition_in
from questionnaires.design_forms import first_language, other_languages
from questionnaires.forms import BoundQuestion, bind
from questionnaires.kinds import kind_of
from questionnaires.models import Questionnaire
from questionnaires.screen import content_now


class PreviewMixin(ActsMixin):
    """For the screen of questionnaires: the preview."""

    def get_urls(self) -> list[Any]:
        return [self.act_path("<int:pk>/preview/", self.preview, "preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All sections on one page. What is typed comes back with the page and is checked; it goes nowhere else.

        Where htmx asks, only which questions are asked is answered (the event ``wg-asked``).
        """
        questionnaire: Questionnaire = self.row(Questionnaire, pk=pk)
        if not self.has_view_permission(request, questionnaire):
            raise PermissionDenied
        language = request.GET.get("language", "")
        if language not in dict(other_languages()):
            language, _name = first_language()
        latest = questionnaire.edition
        with translation.override(language):
            content = content_now(questionnaire, latest.number + 1 if latest else 1, language)
            values = {q.id: kind_of(q).read(q, request.POST, f"q{q.id}") for q in content} if request.POST else {}
            asked = conditions.asked(content, values)
            if getattr(request, "htmx", False):
                reply = HttpResponse(status=204)
                reply["HX-Trigger"] = json.dumps({"wg-asked": {"asked": sorted(asked)}})
                return reply
            checked = "check" in request.POST
            problems: dict[int, list[str]] = {}
            for problem in checks.problems_in(content, values) if checked else ():
                problems.setdefault(problem.question.id, []).append(problem.message)
            sections = [
                (
                    section,
                    [
                        {
                            "item": _typed(bind(q, section.number, None, writable=True), values.get(q.id), request),
                            "asked": q.id in asked,
                            "condition": condition_in(q, content),
                            "problems": problems.get(q.id, []),
                        }
                        for q in section.questions
                    ],
                )
                for section in content.sections
            ]
            return render(
                request,
                "questionnaires/preview_questionnaire.html",
                {
                    "questionnaire": questionnaire,
                    "content": content,
                    "sections": sections,
                    "checked": checked,
                    "problem_count": len(problems),
                    "languages": [
                        (code, name, code == language) for code, name in [first_language(), *other_languages()]
                    ],
                },
            )


def _typed(item: BoundQuestion, value: Any, request: HttpRequest) -> BoundQuestion:
    """The question with what was typed, and in a table with one row more where that was asked for."""
    item.value = value
    if request.POST.get("go") == f"add-{item.question.id}":
        item.least_rows = len(item.table) + 1
    return item
