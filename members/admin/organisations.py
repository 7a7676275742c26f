"""Organisations: what they are called, who participates, who is a member and certified; the acts of the registry."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery, URLField
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from simple_history.admin import SimpleHistoryAdmin

from icoca_portal.lib.days import today
from icoca_portal.lib.stale import StaleSaveMixin
from members.admin.assessments import assessments_of
from members.admin.contacts import ContactsMixin
from members.admin.filters import PillarFilter, YesNoFilter
from members.admin.merging import MergingMixin
from members.admin.quality import QualityMixin
from members.admin.registry import PARTS, RegistryMixin, parts_of
from members.admin.shared import StoredFirstMixin
from members.admin.striking import CERTIFICATE, MEMBERSHIP, PARTICIPATION, PROFILE, SUCCESSION, StrikingMixin
from members.admin.successions import SuccessionsMixin
from members.forms import OrganisationForm
from members.models import (
    Certificate,
    Contact,
    Membership,
    Organisation,
    OtherName,
    Participation,
    Pillar,
    SelfAssessment,
)
from members.querysets import in_a_succession


class ParticipatesFilter(YesNoFilter):
    title = _("participant today")
    parameter_name = "participant"

    def holding(self) -> Exists:
        return Exists(Participation.objects.as_of(today()).filter(organisation=OuterRef("pk")))


class MemberFilter(YesNoFilter):
    title = _("member today")
    parameter_name = "member"

    def holding(self) -> Exists:
        return Exists(Membership.objects.as_of(today()).members().filter(organisation=OuterRef("pk")))


class MergedFilter(admin.SimpleListFilter):
    """Entries that were merged into another one stand in no list but this."""

    title = _("entered twice")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Merged into another"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(merged_into=None) if self.value() is None else queryset.exclude(merged_into=None)


class CountryFilter(admin.SimpleListFilter):
    """The countries that organisations have, by name, and those that have none."""

    title = _("country")
    template = "admin/members/organisation/_country_filter.html"
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Organisation.objects.order_by().values_list("country", flat=True).distinct()
        named = sorted(((code, countries.name(code)) for code in codes if code), key=lambda pair: str(pair[1]))
        return [("none", _("None")), *named]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(country="" if self.value() == "none" else self.value())


class OrganisationList(ChangeList):
    """The list, with what each organisation is certified to today."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = Certificate.objects.certifying(today()).select_related("standard").order_by("standard__code")
        found = super().get_queryset(request, exclude_parameters)
        return found.prefetch_related(Prefetch("certificates", rows, to_attr="certified_today"))


class OtherNameInline(admin.TabularInline):
    """Names under which an organisation is found; each change of them is kept."""

    model = OtherName
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(
    StaleSaveMixin,
    QualityMixin,
    MergingMixin,
    RegistryMixin,
    StrikingMixin,
    SuccessionsMixin,
    ContactsMixin,
    StoredFirstMixin,
    SimpleHistoryAdmin,
):
    form = OrganisationForm
    owner = "organisation"
    struck = (
        ("participation/", PARTICIPATION),
        ("membership/", MEMBERSHIP),
        ("profile/", PROFILE),
        ("certificate/", CERTIFICATE),
        ("succession/", SUCCESSION),
    )
    list_display = ("name", "kind", "country_name", "member_since", "certified", "participant_since")
    list_filter = (MemberFilter, PillarFilter, ParticipatesFilter, "kind", CountryFilter, MergedFilter)
    list_per_page = 50
    search_fields = ("name", "code", "other_names__name")
    search_help_text = _("Name, code, or another name of the organisation.")
    show_full_result_count = False
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = ((None, {"fields": ("name", "kind", "code", "slug", "country", "website")}),)
    change_form_template = "admin/members/organisation/change_form.html"
    change_list_template = "admin/members/organisation/change_list.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """In lists and choices, an organisation stands once, unless the merged entries are asked for."""
        if MergedFilter.parameter_name not in request.GET:
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """The names, and the parts of the registry that say something of this organisation."""
        return [OtherNameInline, *parts_of(obj), *assessments_of(obj)] if obj else []

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return OrganisationList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        own = {"organisation": OuterRef("pk")}
        memberships = Membership.objects.as_of(today()).filter(**own).order_by("valid_from")
        participations = Participation.objects.as_of(today()).filter(organisation=OuterRef("pk"))
        rows = super().get_queryset(request)
        if request.resolver_match and "object_id" in request.resolver_match.kwargs:
            # On the page of one: which parts have rows comes with it, and those that have none are not asked for.
            models = (*(part.model for part in PARTS), SelfAssessment, Contact)
            parts = {f"has_{model._meta.model_name}": Exists(model.objects.filter(**own)) for model in models}
            rows = rows.select_related("merged_into", "delegation").annotate(
                **parts, has_successions=in_a_succession(), has_earlier_names=Exists(OtherName.history.filter(**own))
            )
        return rows.annotate(
            belongs_since=Subquery(memberships.values("valid_from")[:1]),
            belongs_to=Subquery(memberships.values("pillar")[:1]),
            belongs_as=Subquery(memberships.values("category")[:1]),
            participates_since=Subquery(participations.order_by("valid_from").values("valid_from")[:1]),
        )

    @admin.display(description=_("Country"), ordering="country")
    def country_name(self, organisation: Any) -> str:
        return organisation.country.name or "–"

    @admin.display(description=_("Member since"), ordering="belongs_since")
    def member_since(self, organisation: Any) -> Any:
        if not organisation.belongs_since:
            return "–"
        pillar: Any = Pillar(organisation.belongs_to).label
        if organisation.belongs_as != Membership.Category.MEMBER:
            pillar = f"{pillar}, {Membership.Category(organisation.belongs_as).label}"
        day = date_format(organisation.belongs_since)
        return format_html("{}<small>{}</small>", day, pillar)

    @admin.display(description=_("Certified"))
    def certified(self, organisation: Any) -> str:
        return ", ".join(dict.fromkeys(row.standard.code for row in organisation.certified_today)) or "–"

    @admin.display(description=_("Participant since"), ordering="participates_since")
    def participant_since(self, organisation: Any) -> Any:
        return organisation.participates_since or "–"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        organisation = kwargs.get("obj")
        if organisation and organisation.has_earlier_names:
            names = OtherName.history.filter(organisation=organisation.pk).select_related("history_user")
            context["earlier_names"] = names.order_by("-history_date", "-history_id")[:100]
        return super().render_change_form(request, context, **kwargs)
