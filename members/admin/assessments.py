"""Self-assessments in the administration: asked of a whole pillar at once, received, waived; those that are late."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.admin.filters import PillarFilter, YesNoFilter
from members.admin.registry import tag
from members.admin.shared import has_rows
from members.models import Organisation, Representative, SelfAssessment, SelfAssessmentFile, User
from members.operations.assessments import Requested
from members.outreach_forms import (
    AskAgainForm,
    ReceiveAssessmentForm,
    RequestAssessmentsForm,
    SelfAssessmentForm,
    WaiveAssessmentForm,
)
from members.signing_in import person_of

ACTS = (
    Act(
        "receive_self_assessment",
        _("Record the receipt"),
        ("outstanding", "received"),
        _("It came on the day given, here or by another way. A file is added to those that are here."),
        _("Receipt recorded."),
        operations.receive_self_assessment,
        ReceiveAssessmentForm,
    ),
    Act(
        "waive_self_assessment",
        _("Not needed"),
        ("outstanding",),
        _("Nobody waits for it any more, and no reminder goes out."),
        _("Recorded as not needed."),
        operations.waive_self_assessment,
        WaiveAssessmentForm,
    ),
    Act(
        "ask_again",
        _("Ask for it again"),
        ("received", "waived"),
        _("It is waited for again, until the day given. The files that are here stay; no mail goes out but reminders."),
        _("Asked for again."),
        operations.ask_again,
        AskAgainForm,
    ),
)


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("outstanding", _("Not received")),
            ("overdue", _("Overdue")),
            ("received", _("Received")),
            ("waived", _("Not needed")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "outstanding":
                return queryset.outstanding()
            case "overdue":
                return queryset.outstanding().filter(due_on__lt=today())
            case "received":
                return queryset.filter(received_on__isnull=False)
            case "waived":
                return queryset.exclude(waived_because="")
            case _other:
                return queryset


class YearFilter(admin.SimpleListFilter):
    """The years for which something was asked, the last first."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = SelfAssessment.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = whole_number(self.value(), figures=4)
        return queryset.filter(year=asked) if asked else queryset


class MembersPillarFilter(PillarFilter):
    """By the pillar of the member today."""

    organisation = "organisation"


class RepresentedFilter(YesNoFilter):
    """Members for whom nobody gets the mail."""

    title = _("somebody represents the member")
    parameter_name = "represented"

    def holding(self) -> Exists:
        rows = Representative.objects.as_of(today()).filter(organisation=OuterRef("organisation"))
        return Exists(rows.filter(user__in=User.objects.active()))


class FileInline(ReadOnlyInline):
    """What was sent, the newest first."""

    model = SelfAssessmentFile
    template = "admin/members/_applications.html"
    verbose_name_plural = _("files")
    empty = _("No file was sent.")
    fields = readonly_fields = ("name", "kind", "came")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("uploaded_by")

    @admin.display(description=_("file"))
    def name(self, file: Any) -> Any:
        return format_html('<a href="{}" dir="auto">{}</a>', file.get_absolute_url(), file.original_name)

    @admin.display(description=_("type"))
    def kind(self, file: Any) -> str:
        return str(file.format)

    @admin.display(description=_("received"))
    def came(self, file: Any) -> str:
        return gettext("%(moment)s by %(name)s") % {"moment": in_geneva(file.uploaded_at), "name": file.uploaded_by}


@admin.register(SelfAssessment)
class SelfAssessmentAdmin(ActsMixin, StaleSaveMixin, admin.ModelAdmin):
    form = SelfAssessmentForm
    acts = ACTS
    list_display = ("organisation", "year", "due_on", "standing")
    list_filter = (StandingFilter, YearFilter, MembersPillarFilter, RepresentedFilter)
    list_select_related = ("organisation",)
    list_per_page = 50
    ordering = ("-year", "organisation__name", "pk")
    search_fields = ("organisation__name", "organisation__other_names__name")
    search_help_text = _("Name or another name of the member.")
    show_full_result_count = False
    readonly_fields = ("member", "year", "standing", "reason", "asked")
    fields = ("member", "year", "standing", "reason", "asked", "due_on")
    inlines = (FileInline,)
    view_on_site = False
    change_form_template = "admin/members/activity_change_form.html"
    change_list_template = "admin/members/selfassessment/change_list.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organisation", "requested_by")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was asked for and is not needed is waived."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was received or is not needed has no day to move."""
        settled = obj is not None and not obj.is_outstanding
        return (*self.readonly_fields, "due_on") if settled else self.readonly_fields

    @admin.display(description=_("Member"), ordering="organisation__name")
    def member(self, assessment: Any) -> Any:
        address = reverse("admin:members_organisation_change", args=[assessment.organisation_id])
        return format_html('<a href="{}" dir="auto">{}</a>', address, assessment.organisation)

    @admin.display(description=_("State"), ordering="received_on")
    def standing(self, assessment: Any) -> Any:
        shape, said = assessment.standing
        return tag(said, shape)

    @admin.display(description=_("Not needed because"))
    def reason(self, assessment: Any) -> str:
        return assessment.waived_because or "–"

    @admin.display(description=_("Asked for"))
    def asked(self, assessment: Any) -> str:
        words = {"moment": in_geneva(assessment.requested_at), "name": assessment.requested_by}
        return gettext("%(moment)s by %(name)s") % words

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.act(
            request,
            None,
            title=_("Request self-assessments"),
            button=_("Request them"),
            text=_(
                "All members of the pillar on the day are asked, each once a year: asking again asks those who joined "
                "since. Their representatives get a mail now, and reminders 14 and 3 days before the last day and 7 "
                "days after it."
            ),
            form_class=RequestAssessmentsForm,
            perform=lambda **data: operations.request_self_assessments(**data, by=person_of(request)),
            done=said_of,
        )


def said_of(requested: Requested) -> str:
    """What a request has done, in sentences."""
    asked = len(requested.new)
    words = {"count": asked, "day": date_format(requested.due_on)}
    said = [
        ngettext("%(count)d member asked, due by %(day)s.", "%(count)d members asked, due by %(day)s.", asked) % words
        if asked
        else gettext("Nobody new to ask.")
    ]
    if requested.before:
        said.append(
            ngettext("%(count)d had been asked before.", "%(count)d had been asked before.", requested.before)
            % {"count": requested.before}
        )
    if requested.untold:
        said.append(
            ngettext(
                "For %(count)d of them nobody gets the mail: record a representative.",
                "For %(count)d of them nobody gets the mail: record representatives.",
                requested.untold,
            )
            % {"count": requested.untold}
        )
    return " ".join(said)


# On the page of an organisation


class SelfAssessmentInline(ReadOnlyInline):
    """The self-assessments of a member, the last year first."""

    model = SelfAssessment
    template = "admin/members/_applications.html"
    fk_name = "organisation"
    fields = readonly_fields = ("of_year", "due_on", "standing", "kept")
    verbose_name_plural = _("self-assessments")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.prefetch_related("files").order_by("-year")

    @admin.display(description=_("Year"))
    def of_year(self, assessment: Any) -> Any:
        address = reverse("admin:members_selfassessment_change", args=[assessment.pk])
        return format_html('<a href="{}">{}</a>', address, assessment.year)

    @admin.display(description=_("State"))
    def standing(self, assessment: Any) -> Any:
        shape, said = assessment.standing
        return tag(said, shape)

    @admin.display(description=_("Files"))
    def kept(self, assessment: Any) -> Any:
        files = ((file.get_absolute_url(), file.original_name) for file in assessment.files.all())
        return format_html_join("", '<div><a href="{}" dir="auto">{}</a></div>', files) or "–"


def assessments_of(organisation: Organisation) -> list[Any]:
    """The part of an organisation's page, where it was asked for one."""
    return [SelfAssessmentInline] if has_rows(organisation, SelfAssessment) else []
