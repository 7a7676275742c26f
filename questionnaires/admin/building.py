"""Questionnaires, whose questions are written in the designer (`admin.designing`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.stale import StaleSaveMixin
from questionnaires.admin.circulating import CirculationMixin
from questionnaires.admin.designing import DesignMixin
from questionnaires.admin.previewing import PreviewMixin
from questionnaires.admin.publishing import PublishingMixin
from questionnaires.admin_forms import QuestionnaireForm, translated
from questionnaires.models import Questionnaire, Results

Draft = Questionnaire.State.DRAFT


# Questionnaires
@admin.register(Questionnaire)
class QuestionnaireAdmin(
    StaleSaveMixin, DesignMixin, PreviewMixin, PublishingMixin, CirculationMixin, admin.ModelAdmin
):
    """A draft is written here; an open or closed questionnaire is read only, and changes through its steps."""

    form = QuestionnaireForm
    list_display = ("title", "state", "deadline_in_geneva", "received", "answered_by")
    list_filter = ("state",)
    search_fields = ("title", "code")
    list_select_related = ("plan",)
    prepopulated_fields = {"slug": ("title",)}
    change_form_template = "admin/questionnaires/questionnaire/change_form.html"
    promises = ("read_from", "attribution", "threshold", "reminder_days")
    history = ("state", "opened", "editions_published", "closed", "published")
    readonly_fields = (*history, "deadline_in_geneva", "put_to", "reminders", "other_languages")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        submitted = Q(responses__submissions__isnull=False)
        rows = super().get_queryset(request).select_related("opened_by", "closed_by")
        return rows.annotate(received=Count("responses", filter=submitted, distinct=True))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The texts in every language side by side, then what is promised; once open, as they stand."""
        names = ("slug", "code", "plan")
        if obj is not None and obj.state != Draft:
            promises = (*self.promises[:-1], "reminders")
            return [
                (None, {"fields": ("title", "introduction", "other_languages", *names)}),
                (_("What delegations are promised"), {"fields": ("deadline_in_geneva", "put_to", *promises)}),
                (_("Since it was opened"), {"fields": self.history}),
            ]
        texts = (("title", *translated("title")), ("introduction", *translated("introduction")))
        return [
            (None, {"fields": (*texts, *names)}),
            (_("What delegations are promised"), {"fields": ("deadline", *self.promises)}),
            *([(_("State"), {"fields": ("state",)})] if obj else []),
        ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj and obj.state != Draft else dict(self.prepopulated_fields)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.state == Draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("deadline"), ordering="deadline")
    def deadline_in_geneva(self, questionnaire: Questionnaire) -> str:
        return in_geneva(questionnaire.deadline)

    @admin.display(description=_("other languages"))
    def other_languages(self, questionnaire: Questionnaire) -> SafeString | str:
        """Title and introduction in the languages beyond the first."""
        texts = [
            (dict(settings.LANGUAGES).get(code, code), " – ".join(text for text in found.values() if text))
            for code, found in questionnaire.translations.items()
        ]
        return format_html_join(mark_safe("<br>"), "{}: {}", texts) or "–"

    @admin.display(description=_("opened"))
    def opened(self, questionnaire: Questionnaire) -> str:
        return _by(questionnaire.opened_at, questionnaire.opened_by)

    @admin.display(description=_("editions"))
    def editions_published(self, questionnaire: Questionnaire) -> SafeString | str:
        """Each edition with when and by whom it was published."""
        rows = [
            (edition.number, _by(edition.frozen_at, edition.frozen_by))
            for edition in questionnaire.editions.select_related("frozen_by").order_by("number")
        ]
        return format_html_join(mark_safe("<br>"), "{}: {}", rows) or "–"

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

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """A new questionnaire goes on in the designer, unless another button of the page was pressed."""
        if {"_continue", "_addanother", "_popup"} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, gettext("“%(questionnaire)s” is made. Write its questions.") % {"questionnaire": obj})
        return redirect("admin:questionnaires_questionnaire_design", obj.pk)


def _by(moment: Any, user: Any) -> str:
    """When and by whom, or a dash."""
    return _("%(moment)s, by %(user)s") % {"moment": in_geneva(moment), "user": user} if moment else "–"
