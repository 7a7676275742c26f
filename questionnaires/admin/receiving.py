"""What came in: responses without the text of drafts, and the log of submissions. Only a reason is typed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.read_only import ReadOnlyInline, ReadOnlyMixin
from icoca_portal.lib.sealing import grouped
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.admin_forms import ReturnForm
from questionnaires.models import Edition, Extension, Reminder, Response, Submission


def review_link(submission: Submission, text: Any) -> SafeString:
    """To the page on which a submission is read."""
    response = submission.response
    page = reverse(
        "questionnaires:read_delegation_review",
        args=[response.questionnaire.slug, response.delegation.organisation.slug],
    )
    return format_html('<a href="{}?number={}">{}</a>', page, submission.number, text)


class SubmissionInline(ReadOnlyInline):
    model = Submission
    ordering = ("-number",)
    fields = readonly_fields = ("read", "submitted", "submitted_by_name", "returned")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).defer("content")
        return rows.select_related(
            "response__questionnaire", "response__delegation__organisation", "return_record__returned_by"
        )

    @admin.display(description=_("reference"))
    def read(self, submission: Submission) -> SafeString:
        return review_link(submission, submission.reference)

    @admin.display(description=_("submitted"))
    def submitted(self, submission: Submission) -> str:
        return in_geneva(submission.submitted_at)

    @admin.display(description=_("returned"))
    def returned(self, submission: Submission) -> str:
        record = getattr(submission, "return_record", None)
        if record is None:
            return "–"
        return _("%(moment)s, by %(user)s: %(reason)s") % {
            "moment": in_geneva(record.returned_at),
            "user": record.returned_by,
            "reason": record.reason,
        }


class KnownState(admin.SimpleListFilter):
    """The states as the secretariat knows them: whether a draft is cleared is its delegation's own affair."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        states = (Response.State.DRAFT, Response.State.SUBMITTED, Response.State.RETURNED)
        return [(state.value, state.label) for state in states]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(known_state=self.value()) if self.value() else rows


@admin.register(Response)
class ResponseAdmin(ActsMixin, ReadOnlyMixin, admin.ModelAdmin):
    """Where a delegation stands. What a draft says is its delegation's alone and is not read here."""

    list_display = ("delegation", "questionnaire", "known_state", "answered", "last_worked_on")
    list_display_links = ("delegation",)
    list_filter = (KnownState, "questionnaire")
    list_select_related = ("questionnaire", "delegation__organisation")
    search_fields = ("delegation__organisation__name", "delegation__organisation__code", "submissions__reference")
    search_help_text = _("Name or code of the participant, or a reference number")
    ordering = ("questionnaire", "delegation__organisation__name")
    fields = readonly_fields = (
        "questionnaire",
        "delegation",
        "known_state",
        "edition_number",
        "answered",
        "started",
        "last_worked_on",
        "deadline",
        "extensions",
        "reminded",
    )
    inlines = (SubmissionInline,)
    change_form_template = "admin/questionnaires/response/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        known: Any = super().get_queryset(request)
        rows = known.known_outside().select_related("questionnaire", "delegation__organisation")
        return rows.annotate(answer_count=Count("answers", filter=Q(answers__value__isnull=False), distinct=True))

    @admin.display(description=_("state"), ordering="known_state")
    def known_state(self, response: Any) -> str:
        return str(Response.State(response.known_state).label)

    @admin.display(description=_("answered questions"))
    def answered(self, response: Any) -> int:
        return response.answer_count

    @admin.display(description=_("started"))
    def started(self, response: Response) -> str:
        return in_geneva(response.started_at)

    @admin.display(description=_("last worked on"), ordering="changed_at")
    def last_worked_on(self, response: Response) -> str:
        return in_geneva(response.changed_at)

    @admin.display(description=_("edition"))
    def edition_number(self, response: Response) -> int:
        return Edition.objects.values_list("number", flat=True).get(pk=response.edition_id)

    @admin.display(description=_("deadline"))
    def deadline(self, response: Response) -> str:
        until = in_geneva(response.deadline)
        return (
            gettext("%(deadline)s, extended for this delegation") % {"deadline": until} if response.extension else until
        )

    @admin.display(description=_("extensions"))
    def extensions(self, response: Response) -> SafeString | str:
        """The log: rows are only added."""
        rows = Extension.objects.filter(questionnaire=response.questionnaire_id, delegation=response.delegation_id)
        lines = (
            (
                gettext("Until %(until)s. Set on %(moment)s by %(who)s: %(reason)s")
                % {
                    "until": in_geneva(row.until),
                    "moment": in_geneva(row.granted_at),
                    "who": row.granted_by,
                    "reason": row.reason,
                },
            )
            for row in rows.newest_first().select_related("granted_by")
        )
        return format_html_join("", "<p dir='auto'>{}</p>", lines) or "–"

    @admin.display(description=_("reminded"))
    def reminded(self, response: Response) -> SafeString | str:
        rows = Reminder.objects.filter(questionnaire=response.questionnaire_id, delegation=response.delegation_id)
        lines = (
            (in_geneva(row.queued_at), row.user, row.queued_by or gettext("the clock"))
            for row in rows.select_related("user", "queued_by")[:20]
        )
        return format_html_join("", "<p>{}: {} ({})</p>", lines) or "–"

    def get_urls(self) -> list[Any]:
        return [self.act_path("<int:pk>/return/", self.return_response, "return_response"), *super().get_urls()]

    def return_response(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = self.row(Response, pk=pk)
        return self.act(
            request,
            response,
            title=_("Return the response"),
            button=_("Return the response"),
            text=_(
                "The delegation can change its answers and submit again, as the next number. What it submitted stays "
                "on record and readable until then, and is never changed. The focal points and contributors get a "
                "message with the reason."
            ),
            form_class=ReturnForm,
            perform=lambda reason: operations.return_response(response, reason=reason, by=person_of(request)),
            permission="questionnaires.return_response",
            done=_("The response is returned. The delegation is told."),
        )


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """The log of what was sealed. The answers are read on the review pages."""

    list_display = ("reference", "delegation", "questionnaire", "number", "submitted", "submitted_by_name")
    list_filter = ("response__questionnaire",)
    search_fields = ("reference", "response__delegation__organisation__name", "sha256")
    search_help_text = _("Reference number, name of the participant, or seal")
    fields = readonly_fields = (
        "reference",
        "delegation",
        "questionnaire",
        "number",
        "submitted",
        "submitted_by_name",
        "seal",
        "intact",
        "answers",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = (
            super()
            .get_queryset(request)
            .select_related("response__questionnaire", "response__delegation__organisation")
        )
        return rows.defer("content")

    @admin.display(description=_("delegation"), ordering="response__delegation__organisation__name")
    def delegation(self, submission: Submission) -> str:
        return str(submission.response.delegation)

    @admin.display(description=_("questionnaire"), ordering="response__questionnaire__title")
    def questionnaire(self, submission: Submission) -> str:
        return str(submission.response.questionnaire)

    @admin.display(description=_("submitted"), ordering="submitted_at")
    def submitted(self, submission: Submission) -> str:
        return in_geneva(submission.submitted_at)

    @admin.display(description=_("seal"))
    def seal(self, submission: Submission) -> str:
        return grouped(submission.sha256)

    @admin.display(description=_("stored text has this seal"), boolean=True)
    def intact(self, submission: Submission) -> bool:
        return submission.is_intact

    @admin.display(description=_("answers"))
    def answers(self, submission: Submission) -> SafeString:
        return review_link(submission, _("Read the answers"))
