"""From opening to closing: to whom a questionnaire is put, who has answered, who is given more time or reminded."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, XLSX, download
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.numbers import whole_number
from members.audience import AudienceForm, audience
from members.models import Delegation
from members.signing_in import person_of
from questionnaires import circulation, exports, operations, review
from questionnaires.admin_forms import DeadlineForm
from questionnaires.circulation_forms import ExtendForm, RemindersForm, ReturnsForm
from questionnaires.models import Question, Questionnaire, Response

HEADS = {
    "participant": _("Participant"),
    "state": _("State"),
    "answered": _("Answered"),
    "deadline": _("Deadline"),
    "activity": _("Last activity"),
    "reminded": _("Last reminded"),
    "delegates": _("Delegates"),
}


class CirculationMixin(ActsMixin):
    """For the screen of questionnaires: the steps of one in circulation, and the board of returns."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/open/", self.open_questionnaire, "open_questionnaire"),
            self.act_path("<int:pk>/invite/", self.invite_delegations, "invite_delegations"),
            self.act_path("<int:pk>/close/", self.close_questionnaire, "close_questionnaire"),
            self.act_path("<int:pk>/deadline/", self.move_deadline, "move_deadline"),
            self.act_path("<int:pk>/reminders/", self.set_reminders, "set_reminders"),
            self.act_path("<int:pk>/remind/", self.remind_missing, "remind_missing"),
            self.act_path("<int:pk>/returns/<int:delegation>/extend/", self.extend_deadline, "extend_deadline"),
            self.act_path("<int:pk>/returns/", self.returns, "returns"),
            self.act_path("<int:pk>/returns.csv", self.export_returns, "returns_csv", {"form": "csv"}),
            self.act_path("<int:pk>/returns.xlsx", self.export_returns, "returns_xlsx", {"form": "xlsx"}),
            *super().get_urls(),
        ]

    # What the page of a questionnaire shows

    @admin.display(description=_("put to"))
    def put_to(self, questionnaire: Questionnaire) -> str:
        count = questionnaire.invitations.count()
        counted = ngettext("%(count)d delegation", "%(count)d delegations", count) % {"count": count}
        return f"{questionnaire.get_audience_display()}: {counted}"

    @admin.display(description=_("reminders"))
    def reminders(self, questionnaire: Questionnaire) -> str:
        return reminders_in_words(questionnaire)

    # To whom

    def open_questionnaire(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        candidates = circulation.participants_to_ask()
        return self.act(
            request,
            questionnaire,
            title=_("Open the questionnaire"),
            button=_("Open the questionnaire"),
            form_class=partial(AudienceForm, candidates=candidates),  # type: ignore[arg-type]
            perform=lambda organisations: operations.open_questionnaire(
                questionnaire, to=organisations, by=person_of(request)
            ),
            done=_("The questionnaire is open. The delegations are told."),
            permission="questionnaires.open_questionnaire",
            template="admin/questionnaires/open_questionnaire.html",
            context={
                "questionnaire": questionnaire,
                "missing": operations.what_is_missing(questionnaire),
                "question_count": Question.objects.standing()
                .filter(section__questionnaire=questionnaire, section__removed_at=None)
                .count(),
                **audience(request, candidates, circulation.WRITERS),
            },
        )

    def invite_delegations(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        there = set(questionnaire.invitations.values_list("delegation__organisation", flat=True))
        candidates = [row for row in circulation.participants_to_ask() if row.pk not in there]
        return self.act(
            request,
            questionnaire,
            title=_("Ask more delegations"),
            button=_("Ask these delegations"),
            form_class=partial(AudienceForm, candidates=candidates),  # type: ignore[arg-type]
            perform=lambda organisations: operations.invite_delegations(
                questionnaire, candidates if organisations is None else organisations, by=person_of(request)
            ),
            done=lambda delegations: (
                ngettext(
                    "%(count)d delegation more is asked, and told.",
                    "%(count)d delegations more are asked, and told.",
                    len(delegations),
                )
                % {"count": len(delegations)}
            ),
            permission="questionnaires.invite_delegations",
            template="admin/questionnaires/invite_delegations.html",
            then=self._board(questionnaire),
            context={"questionnaire": questionnaire, **audience(request, candidates, circulation.WRITERS)},
        )

    # How long

    def close_questionnaire(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        rows = review.returns(questionnaire) if questionnaire.state == Questionnaire.State.OPEN else []
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
            template="admin/questionnaires/close_questionnaire.html",
            context={
                "questionnaire": questionnaire,
                "missing": ReturnsForm({"state": ReturnsForm.MISSING, "sort": "state"}).chosen(rows),
                "running": [row for row in rows if row.extension and row.deadline > timezone.now()],
            },
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

    def extend_deadline(self, request: HttpRequest, pk: int, delegation: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        asked = circulation.delegations_asked(questionnaire).select_related("organisation").filter(pk=delegation)
        asked = asked.first() or self._who_answers(questionnaire, delegation)
        rows = questionnaire.extensions.filter(delegation=asked).newest_first().select_related("granted_by")
        earlier = list(rows)
        deadline = earlier[0].until if earlier else questionnaire.deadline
        return self.act(
            request,
            questionnaire,
            title=gettext("More time for %(delegation)s") % {"delegation": asked},
            button=_("Set this deadline"),
            text=_(
                "The deadline of all is %(deadline)s. The focal points and contributors of this delegation get a "
                "message with the new one and the reason."
            )
            % {"deadline": in_geneva(questionnaire.deadline)},
            form_class=ExtendForm,
            initial={"until": max(deadline, questionnaire.deadline)},
            perform=lambda until, reason: operations.extend_deadline(
                questionnaire, asked, until=until, reason=reason, by=person_of(request)
            ),
            done=lambda extension: (
                gettext("%(delegation)s has until %(deadline)s, and is told.")
                % {"delegation": asked, "deadline": in_geneva(extension.until)}
            ),
            permission="questionnaires.extend_deadline",
            template="admin/questionnaires/extend_deadline.html",
            then=self._board(questionnaire),
            context={
                "questionnaire": questionnaire,
                "delegation": asked,
                "earlier": earlier,
                "writers": list(circulation.writers_of([asked.pk])),
            },
        )

    def _who_answers(self, questionnaire: Questionnaire, delegation: int) -> Delegation:
        """A delegation that began a response while it was a participant; else 404."""
        row = Response.objects.filter(questionnaire=questionnaire, delegation=delegation)
        found = row.select_related("delegation__organisation").first()
        if found is None:
            raise Http404
        return found.delegation

    # Reminders

    def set_reminders(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self.row(Questionnaire, pk=pk)
        return self.act(
            request,
            questionnaire,
            title=_("Reminders"),
            button=_("Set the reminders"),
            text=_(
                "They go by themselves to the focal points and contributors of delegations that have not submitted, "
                "and never after a submission. Who has more time is reminded before their own deadline."
            ),
            form_class=RemindersForm,
            initial={"days": questionnaire.reminder_days},
            perform=lambda days: operations.set_reminders(questionnaire, days, by=person_of(request)),
            done=lambda _none: format_lazy("{} {}", _("Reminders:"), reminders_in_words(questionnaire)),
            permission="questionnaires.set_reminders",
            then=self._board(questionnaire),
        )

    def remind_missing(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remind all that are missing, or one of them (``?delegation=``), after having seen whom."""
        questionnaire = self.row(Questionnaire, pk=pk)
        asked = whole_number(request.GET.get("delegation"))
        only = None if asked is None else {asked}
        rows = circulation.to_remind(questionnaire, timezone.now(), only)
        return self.act(
            request,
            questionnaire,
            title=_("Remind the missing"),
            button=_("Send the reminder"),
            perform=lambda: operations.remind_missing(questionnaire, by=person_of(request), only=only),
            done=lambda count: (
                ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", count) % {"count": count}
            ),
            permission="questionnaires.remind_missing",
            template="admin/questionnaires/remind_missing.html",
            then=self._board(questionnaire),
            context={
                "questionnaire": questionnaire,
                "rows": rows,
                "people": sum(len(row.writers) for row in rows),
                "last": circulation.last_reminder(questionnaire),
            },
        )

    # The board of returns

    def returns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where every delegation stands; never what a draft says."""
        questionnaire = self._seen(request, pk)
        rows = review.returns(questionnaire)
        form = ReturnsForm(request.GET)
        chosen = form.chosen(rows)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who has answered"),
            "subtitle": str(questionnaire),
            "opts": self.opts,
            "questionnaire": questionnaire,
            "form": form,
            "rows": chosen,
            "counts": review.counts(rows),
            "heads": form.columns(HEADS, request.GET),
            "query": request.GET.urlencode(),
            "is_filtered": len(chosen) != len(rows),
            "day": review.day_of(questionnaire),
            "reminders": reminders_in_words(questionnaire),
            "is_open": questionnaire.state == Questionnaire.State.OPEN,
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/questionnaires/returns.html", context)

    def export_returns(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The rows of the board as it is filtered and sorted, as CSV or Excel."""
        questionnaire = self._seen(request, pk)
        rows = ReturnsForm(request.GET).chosen(review.returns(questionnaire))
        write, kind = (exports.returns_xlsx, XLSX) if form == "xlsx" else (exports.returns_csv, CSV)
        return download(write(rows), f"{questionnaire.slug}-who-has-answered-{today():%Y-%m-%d}.{form}", kind)

    def _board(self, questionnaire: Questionnaire) -> str:
        return reverse("admin:questionnaires_questionnaire_returns", args=[questionnaire.pk])

    def _seen(self, request: HttpRequest, pk: int) -> Questionnaire:
        questionnaire = self.row(Questionnaire, pk=pk)
        if not self.has_view_permission(request, questionnaire):
            raise PermissionDenied
        return questionnaire


def reminders_in_words(questionnaire: Questionnaire) -> str:
    """``14, 7 and 2 days before the deadline``, or that there are none."""
    days = questionnaire.reminder_days
    if not days:
        return gettext("None by themselves")
    listed = ", ".join(map(str, days))
    return ngettext("%(days)s day before the deadline", "%(days)s days before the deadline", days[-1]) % {
        "days": listed
    }
