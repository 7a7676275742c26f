"""Organisations, and from when to when they participate."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.admin.shared import StoredFirstMixin, links
from members.forms import EndRecordForm, OrganisationForm, RecordForm
from members.models import Organisation, Participation
from members.signing_in import person_of


class ParticipatesFilter(admin.SimpleListFilter):
    title = _("participant today")
    parameter_name = "participant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        participants = Organisation.objects.participants().values("pk")
        return queryset.filter(pk__in=participants) if self.value() == "yes" else queryset.exclude(pk__in=participants)


class ParticipationInline(ReadOnlyInline):
    model = Participation
    fk_name = "organisation"
    fields = readonly_fields = (
        "valid_from",
        "valid_to",
        "source",
        "recorded_at",
        "recorded_by",
        "superseded_at",
        "acts",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("recorded_by", "organisation").order_by("valid_from", "pk")

    @admin.display(description=_("Acts"))
    def acts(self, row: Participation) -> Any:
        if row.superseded_at:
            return "–"
        pairs = [(reverse("admin:members_organisation_correct", args=[row.organisation_id, row.pk]), _("Correct"), row)]
        if row.valid_to is None:
            pairs.insert(
                0, (reverse("admin:members_organisation_end", args=[row.organisation_id, row.pk]), _("End"), row)
            )
        return links(pairs)


@admin.register(Organisation)
class OrganisationAdmin(StaleSaveMixin, ActsMixin, StoredFirstMixin, SimpleHistoryAdmin):
    form = OrganisationForm
    list_display = ("name", "kind", "code", "participant_since")
    list_filter = (ParticipatesFilter, "kind")
    search_fields = ("name", "code")
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = ((None, {"fields": ("name", "kind", "code", "slug", "country", "website")}),)
    inlines = (ParticipationInline,)
    change_form_template = "admin/members/organisation/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Participation.objects.as_of(today())
        return super().get_queryset(request).prefetch_related(Prefetch("participations", rows, to_attr="in_force"))

    @admin.display(description=_("Participant since"))
    def participant_since(self, organisation: Any) -> Any:
        return organisation.in_force[0].valid_from if organisation.in_force else "–"

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/participation/record/", self.record_participation, "record"),
            self.act_path("<int:pk>/participation/<int:row>/end/", self.end_participation, "end"),
            self.act_path("<int:pk>/participation/<int:row>/correct/", self.correct_participation, "correct"),
            *super().get_urls(),
        ]

    def record_participation(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        return self.act(
            request,
            organisation,
            title=_("Record a participation"),
            button=_("Record the participation"),
            text=_("From which day the organisation supports the Montreux Document."),
            form_class=RecordForm,
            perform=lambda **data: operations.record_participation(organisation, **data, by=person_of(request)),
            done=_("Participation recorded."),
        )

    def end_participation(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        participation = self.row(Participation, pk=row, organisation=pk)
        return self.act(
            request,
            participation.organisation,
            title=_("End the participation"),
            button=_("Record the end"),
            text=_("The row stays; a new one with the end takes its place."),
            form_class=EndRecordForm,
            perform=lambda **data: operations.end_participation(participation, **data, by=person_of(request)),
            done=_("End of the participation recorded."),
        )

    def correct_participation(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        participation = self.row(Participation, pk=row, organisation=pk)
        return self.act(
            request,
            participation.organisation,
            title=_("Correct the participation"),
            button=_("Record the correction"),
            text=_("The wrong row stays, with the moment until which it was what the portal knew."),
            form_class=RecordForm,
            initial={"valid_from": participation.valid_from, "valid_to": participation.valid_to},
            perform=lambda **data: operations.correct_participation(participation, **data, by=person_of(request)),
            done=_("Participation corrected."),
        )
