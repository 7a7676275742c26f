"""Guidance, field-based reviews and workshops in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Field, ManyToManyField, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.read_only import ReadOnlyInline
from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.admin.filters import YesNoFilter
from members.admin.registry import tag
from members.admin.shared import StoredFirstMixin, links
from members.models import Activity, FieldReview, Guidance, GuidanceFile, GuidanceVersion, Workshop
from members.outreach_forms import (
    FieldReviewForm,
    GuidanceFileForm,
    GuidanceForm,
    GuidanceVersionForm,
    NewGuidanceVersionForm,
    WorkshopForm,
)
from members.signing_in import person_of

State = Activity.State


# Guidance


class GuidanceVersionInline(ReadOnlyInline):
    """The versions of a guidance with their files, the newest first. They are prepared and issued by acts."""

    model = GuidanceVersion
    template = "admin/members/_applications.html"
    verbose_name_plural = _("versions")
    fields = readonly_fields = ("label", "when", "change_note", "state", "kept", "acts")
    record = ("add_guidance_version", _("Add a version"))
    record_route = "admin:members_guidance_add_guidance_version"
    empty = _("No version yet. A version gets its files, then it is issued.")
    may_keep = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.may_keep = request.user.has_perm("members.change_guidance")
        rows = super().get_queryset(request).select_related("guidance", "issued_by").prefetch_related("files")
        return rows.order_by(F("issued_at").desc(nulls_first=True), "-dated", "-pk")

    def address(self, step: str, row: Any, *more: int) -> str:
        return reverse(f"admin:members_guidance_{step}", args=[row.guidance_id, row.pk, *more])

    @admin.display(description=_("Date"))
    def when(self, row: Any) -> str:
        return str(row.when)

    @admin.display(description=_("State"))
    def state(self, row: Any) -> Any:
        if row.issued_at is None:
            return tag(_("Being prepared"))
        words = {"moment": in_geneva(row.issued_at), "name": row.issued_by}
        said = gettext("%(moment)s by %(name)s") % words
        return format_html("{}<small>{}</small>", tag(_("Issued"), "is-done"), said)

    @admin.display(description=_("Files"))
    def kept(self, row: Any) -> Any:
        return format_html_join("", "<div>{}</div>", ((self._file(row, file),) for file in row.files.all())) or "–"

    def _file(self, row: Any, file: Any) -> Any:
        file.version = row
        said = f"{file.form}: {file.format}, {file.get_language_display()}"
        shown = format_html('<a href="{}" dir="auto">{}</a>', file.get_absolute_url(), said)
        if row.issued_at or not self.may_keep:
            return shown
        step = (self.address("remove_guidance_file", row, file.pk), _("Remove"), said)
        return format_html("{} {}", shown, links([step]))

    @admin.display(description=_("Acts"))
    def acts(self, row: Any) -> Any:
        if row.issued_at or not self.may_keep:
            return "–"
        steps = [
            ("add_guidance_file", _("Add a file")),
            ("change_guidance_version", _("Change")),
            ("issue_guidance_version", _("Issue")),
        ]
        return links([(self.address(step, row), label, row) for step, label in steps])


@admin.register(Guidance)
class GuidanceAdmin(StaleSaveMixin, ActsMixin, StoredFirstMixin, admin.ModelAdmin):
    form = GuidanceForm
    list_display = ("title", "newest", "issued_versions", "address")
    search_fields = ("title", "about")
    show_full_result_count = False
    prepopulated_fields = {"slug": ("title",)}
    inlines = (GuidanceVersionInline,)
    view_on_site = False
    change_form_template = "admin/members/activity_change_form.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        issued = GuidanceVersion.objects.filter(guidance=OuterRef("pk"), issued_at__isnull=False).order_by("-dated")
        counted = issued.order_by().values("guidance").annotate(number=Count("pk")).values("number")
        return (
            super()
            .get_queryset(request)
            .annotate(newest_label=Subquery(issued.values("label")[:1]), issued_count=Subquery(counted))
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was issued stays; what was not is in nobody's way."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The address of what was issued stands in papers and mails."""
        return ("slug",) if obj is not None and obj.issued_count else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj is not None else {"slug": ("title",)}

    @admin.display(description=_("Newest version"))
    def newest(self, guidance: Any) -> Any:
        return guidance.newest_label or tag(_("Being prepared"))

    @admin.display(description=_("Versions issued"), ordering="issued_count")
    def issued_versions(self, guidance: Any) -> int:
        return guidance.issued_count or 0

    @admin.display(description=_("Page"))
    def address(self, guidance: Any) -> Any:
        return format_html('<a href="{}">{}</a>', guidance.get_absolute_url(), guidance.get_absolute_url())

    # The acts

    def get_urls(self) -> list[Any]:
        version = "<int:pk>/versions/<int:row>/"
        return [
            self.act_path("<int:pk>/versions/add/", self.add_guidance_version, "add_guidance_version"),
            self.act_path(f"{version}change/", self.change_guidance_version, "change_guidance_version"),
            self.act_path(f"{version}issue/", self.issue_guidance_version, "issue_guidance_version"),
            self.act_path(f"{version}files/add/", self.add_guidance_file, "add_guidance_file"),
            self.act_path(f"{version}files/<int:file>/remove/", self.remove_guidance_file, "remove_guidance_file"),
            *super().get_urls(),
        ]

    def add_guidance_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        guidance = self.row(Guidance, pk=pk)
        return self.act(
            request,
            guidance,
            title=_("Add a version"),
            button=_("Add the version"),
            text=_("It is prepared here, with its files; nobody else reads it until it is issued."),
            form_class=NewGuidanceVersionForm,
            perform=lambda **data: operations.add_guidance_version(guidance, **data),
            done=lambda version: gettext("Version %(label)s added. Add its files.") % {"label": version.label},
        )

    def change_guidance_version(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        version = self.row(GuidanceVersion, pk=row, guidance=pk)
        fields = ("label", "dated", "day_known", "change_note")
        return self.act(
            request,
            version.guidance,
            title=_("Change a version"),
            button=_("Save the version"),
            form_class=GuidanceVersionForm,
            initial={**{name: getattr(version, name) for name in fields}, "seen": version.guidance.version},
            perform=lambda **data: operations.change_guidance_version(version, **data),
            done=_("Version changed."),
        )

    def issue_guidance_version(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        version = self.row(GuidanceVersion, pk=row, guidance=pk)
        return self.act(
            request,
            version.guidance,
            title=_("Issue a version"),
            button=_("Issue the version"),
            text=format_html(
                "{} {}",
                version,
                _("becomes public at once. It and its files stay as they are; a wrong file gets a new version."),
            ),
            perform=lambda: operations.issue_guidance_version(version, by=person_of(request)),
            done=_("Version issued."),
        )

    def add_guidance_file(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        version = self.row(GuidanceVersion, pk=row, guidance=pk)
        return self.act(
            request,
            version.guidance,
            title=_("Add a file"),
            button=_("Add the file"),
            text=version,
            form_class=GuidanceFileForm,
            perform=lambda **data: operations.add_guidance_file(version, **data, by=person_of(request)),
            done=_("File added."),
        )

    def remove_guidance_file(self, request: HttpRequest, pk: int, row: int, file: int) -> HttpResponse:
        stored = self.row(GuidanceFile, pk=file, version=row, version__guidance=pk)
        return self.act(
            request,
            stored.version.guidance,
            title=_("Remove a file"),
            button=_("Remove the file"),
            text=f"{stored.form}: {stored.original_name}",
            perform=lambda: operations.remove_guidance_file(stored),
            done=_("File removed."),
        )


# Field-based reviews and workshops


ACTIVITY_ACTS = (
    Act(
        "publish_activity",
        _("Publish"),
        tuple(State),
        _("Everybody reads it at once, with the organisations of the register that are named. Never the findings."),
        _("Published."),
        operations.publish_activity,
        when=lambda row: row.published_at is None,
    ),
    Act(
        "hold_activity",
        _("Record as held"),
        (State.PLANNED,),
        _("It has taken place."),
        _("Recorded as held."),
        operations.hold_activity,
    ),
    Act(
        "cancel_activity",
        pgettext_lazy("activity", "Cancel"),
        (State.PLANNED,),
        _("It does not take place. A page that is published says so."),
        _("Recorded as cancelled."),
        operations.cancel_activity,
    ),
    Act(
        "plan_activity_again",
        _("Plan it again"),
        (State.HELD, State.CANCELLED),
        _("It is planned again: that it was held or cancelled was a slip, or has changed."),
        _("Planned again."),
        operations.plan_activity_again,
    ),
    Act(
        "unpublish_activity",
        _("Take back from the public pages"),
        tuple(State),
        _("Nobody but the secretariat reads it from now on, and links to it lead nowhere."),
        _("Taken back."),
        operations.unpublish_activity,
        when=lambda row: row.published_at is not None,
    ),
)


class CountryFilter(admin.SimpleListFilter):
    """The countries in which there is something."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = model_admin.model._default_manager.order_by().values_list("country", flat=True).distinct()
        return sorted(((code, countries.name(code)) for code in codes), key=lambda pair: str(pair[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(country=self.value())


class PublishedFilter(YesNoFilter):
    title = _("published")
    parameter_name = "published"

    def holding(self) -> Q:
        return Q(published_at__isnull=False)


class ActivityAdmin(ActsMixin, StaleSaveMixin, admin.ModelAdmin):
    """What the screens of reviews and workshops share."""

    acts = ACTIVITY_ACTS
    list_filter = ("state", PublishedFilter, CountryFilter)
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "begins_on"
    readonly_fields = ("state", "published")
    view_on_site = False
    change_form_template = "admin/members/activity_change_form.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What does not take place is cancelled; what nobody is to read is not published."""
        return False

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.is_relation and field is not None:
            # Organisations are recorded on a screen of their own.
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
            if isinstance(db_field, ManyToManyField):
                # Without the cross that clears all: it stands among the items of a list and is none.
                field.widget.widget.is_required = True
        return field

    @admin.display(description=_("Date"), ordering="begins_on")
    def when(self, activity: Any) -> str:
        return str(activity.when)

    @admin.display(description=_("Place"), ordering="country")
    def where(self, activity: Any) -> str:
        return str(activity.where)

    @admin.display(description=_("State"), ordering="state")
    def state_shown(self, activity: Any) -> Any:
        return tag(activity.get_state_display(), activity.tag)

    @admin.display(description=_("Published"), ordering="published_at")
    def published_on(self, activity: Any) -> Any:
        return date_format(activity.published_at) if activity.published_at else "–"

    @admin.display(description=_("Published"))
    def published(self, activity: Any) -> Any:
        if not activity.pk or not activity.published_at:
            return str(_("No. The secretariat alone reads it."))
        words = {"moment": in_geneva(activity.published_at), "name": activity.published_by}
        said = gettext("%(moment)s by %(name)s") % words
        return format_html('<a href="{}">{}</a>', activity.get_absolute_url(), said)


@admin.register(FieldReview)
class FieldReviewAdmin(ProseAdminMixin, ActivityAdmin):
    form = FieldReviewForm
    list_display = ("where", "when", "state_shown", "published_on")
    search_fields = ("place", "topics", "public_note", "organisations__name")
    search_help_text = _("Place, topic, note, or a member visited.")
    autocomplete_fields = ("organisations",)
    fieldsets = (
        (
            None,
            {"fields": ("state", "published", "country", "place", ("begins_on", "ends_on"), "day_known")},
        ),
        (_("What it looks at"), {"fields": ("topics", "meets", "organisations", "public_note")}),
        (_("For the secretariat alone"), {"fields": ("findings",)}),
    )


@admin.register(Workshop)
class WorkshopAdmin(ActivityAdmin):
    form = WorkshopForm
    list_display = ("title", "where", "when", "taking_part", "state_shown", "published_on")
    search_fields = ("title", "place", "public_note", "organisations__name", "partners__name", "led_by__name")
    search_help_text = _("Title, place, note, or an organisation that took part.")
    autocomplete_fields = ("led_by", "partners", "organisations")
    fieldsets = (
        (
            None,
            {"fields": ("title", "state", "published", "country", "place", ("begins_on", "ends_on"), "day_known")},
        ),
        (_("Who took part"), {"fields": ("led_by", "partners", "taking_part", "organisations")}),
        (None, {"fields": ("public_note",)}),
    )
