"""From opening to closing: to whom a questionnaire is put, who has answered, who is given more time or reminded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, download
from icoca_portal.lib.moments import in_geneva
from members.signing_in import person_of
from questionnaires import exports, operations, review
from questionnaires.admin_forms import DeadlineForm
from questionnaires.models import Question, Questionnaire


class CirculationMixin(ActsMixin):
    """For the screen of questionnaires: the steps of one in circulation, and the board of returns."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/open/", self.open_questionnaire, "open_questionnaire"),
            self.act_path("<int:pk>/close/", self.close_questionnaire, "close_questionnaire"),
            self.act_path("<int:pk>/deadline/", self.move_deadline, "move_deadline"),
            self.act_path("<int:pk>/returns/", self.returns, "returns"),
            self.act_path("<int:pk>/returns.csv", self.returns_csv, "returns_csv"),
            *super().get_urls(),
        ]

    def open_questionnaire(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        return self.act(
            request,
            questionnaire,
            title=_("Open the questionnaire"),
            button=_("Open the questionnaire"),
            perform=lambda: operations.open_questionnaire(questionnaire, by=person_of(request)),
            done=_("The questionnaire is open. The delegations are told."),
            permission="questionnaires.open_questionnaire",
            template="admin/questionnaires/open_questionnaire.html",
            context={
                "questionnaire": questionnaire,
                "missing": operations.what_is_missing(questionnaire),
                "question_count": Question.objects.filter(section__questionnaire=questionnaire).count(),
            },
        )

    def close_questionnaire(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        return self.act(
            request,
            questionnaire,
            title=_("Close the questionnaire"),
            button=_("Close the questionnaire"),
            text=_(
                "From now on no answer is taken and nothing can be submitted. Drafts stay readable for their "
                "delegations. This cannot be undone."
            ),
            perform=lambda: operations.close_questionnaire(questionnaire, by=person_of(request)),
            done=_("The questionnaire is closed."),
            permission="questionnaires.close_questionnaire",
        )

    def move_deadline(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        return self.act(
            request,
            questionnaire,
            title=_("Move the deadline"),
            button=_("Move the deadline"),
            text=_("The deadline is %(deadline)s. Delegations that have not submitted are told of the new one.")
            % {"deadline": in_geneva(questionnaire.deadline)},
            form_class=DeadlineForm,
            initial={"to": questionnaire.deadline},
            perform=lambda to: operations.move_deadline(questionnaire, to=to, by=person_of(request)),
            done=_("The deadline is moved. The delegations that have not submitted are told."),
            permission="questionnaires.move_deadline",
        )

    def returns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where every participant stands; never what a draft says."""
        questionnaire = self._seen(request, pk)
        rows = review.returns(questionnaire)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who has answered"),
            "subtitle": str(questionnaire),
            "opts": self.opts,
            "questionnaire": questionnaire,
            "rows": rows,
            "counts": review.counts(rows),
            "day": review.day_of(questionnaire),
        }
        return TemplateResponse(request, "admin/questionnaires/returns.html", context)

    def returns_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self._seen(request, pk)
        name = f"{questionnaire.slug}-who-has-answered-{today():%Y-%m-%d}.csv"
        return download(exports.returns_csv(review.returns(questionnaire)), name, CSV)

    def _seen(self, request: HttpRequest, pk: int) -> Questionnaire:
        questionnaire = self.row(Questionnaire, pk=pk)
        if not self.has_view_permission(request, questionnaire):
            raise PermissionDenied
        return questionnaire
