"""Delegations: who speaks and writes for a participant, in which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.read_only import ReadOnlyInline
from members import operations
from members.admin.shared import StoredFirstMixin, links
from members.forms import AppointForm, EndForm, RoleForm
from members.models import Delegate, Delegation
from members.signing_in import person_of


class DelegateInline(ReadOnlyInline):
    """People of a delegation, or the roles of a person."""

    model = Delegate
    fk_name = "delegation"
    verbose_name_plural = _("people")
    fields = readonly_fields = ("user", "role", "valid_from", "valid_to", "recorded_by", "ended_by", "acts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("user", "delegation__organisation", "recorded_by", "ended_by").order_by(
            "-valid_from", "pk"
        )

    @admin.display(description=_("Acts"))
    def acts(self, row: Delegate) -> Any:
        if row.valid_to is not None and row.valid_to <= max(today(), row.valid_from):
            return _("Ended")
        return links(
            [
                (reverse("admin:members_delegation_role", args=[row.delegation_id, row.pk]), _("Change the role"), row),
                (reverse("admin:members_delegation_end", args=[row.delegation_id, row.pk]), _("End"), row),
            ]
        )


class AppointmentInline(DelegateInline):
    fk_name = "user"
    verbose_name_plural = _("roles in delegations")
    fields = readonly_fields = ("delegation", "role", "valid_from", "valid_to", "recorded_by", "ended_by", "acts")


class FocalPointFilter(admin.SimpleListFilter):
    title = _("focal point")
    parameter_name = "focal_point"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Has one")), ("no", _("Has none"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        rows = Delegate.objects.as_of(today()).filter(role=Delegate.Role.FOCAL_POINT).values("delegation")
        return queryset.filter(pk__in=rows) if self.value() == "yes" else queryset.exclude(pk__in=rows)


@admin.register(Delegation)
class DelegationAdmin(ActsMixin, StoredFirstMixin, admin.ModelAdmin):
    list_display = ("organisation", "focal_points", "people")
    list_filter = (FocalPointFilter,)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__code", "delegates__user__name")
    autocomplete_fields = ("organisation",)
    inlines = (DelegateInline,)
    change_form_template = "admin/members/delegation/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = Delegate.objects.as_of(today()).select_related("user").by_role()
        return super().get_queryset(request).prefetch_related(Prefetch("delegates", people, to_attr="in_force"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("organisation",) if obj else ()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if kwargs.get("change"):  # people come and go by acts: nothing on the page itself is saved
            context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
            context["show_close"] = True
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description=_("Focal points"))
    def focal_points(self, delegation: Any) -> str:
        names = [str(row.user) for row in delegation.in_force if row.role == Delegate.Role.FOCAL_POINT]
        return ", ".join(names) or "–"

    @admin.display(description=_("People today"))
    def people(self, delegation: Any) -> int:
        return len(delegation.in_force)

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/appoint/", self.appoint_delegate, "appoint"),
            self.act_path("<int:pk>/people/<int:row>/role/", self.change_role, "role"),
            self.act_path("<int:pk>/people/<int:row>/end/", self.end_appointment, "end"),
            *super().get_urls(),
        ]

    def appoint_delegate(self, request: HttpRequest, pk: int) -> HttpResponse:
        delegation = self.row(Delegation, pk=pk)
        return self.act(
            request,
            delegation,
            title=_("Appoint a delegate"),
            button=_("Appoint"),
            text=format_html(
                '{} <a href="{}">{}</a>',
                _("Who has no account yet is added first, and invited after the appointment."),
                reverse("admin:members_user_add"),
                _("Add a person"),
            ),
            form_class=AppointForm,
            initial={"user": request.GET.get("user")},
            perform=lambda **data: operations.appoint_delegate(delegation, **data, by=person_of(request)),
            done=_("Delegate appointed."),
        )

    def change_role(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        delegate = self.row(Delegate, pk=row, delegation=pk)
        return self.act(
            request,
            delegate.delegation,
            title=gettext("Change the role of %(name)s") % {"name": delegate.user},
            button=_("Change the role"),
            form_class=RoleForm,
            initial={"role": delegate.role},
            perform=lambda **data: operations.change_role(delegate, **data, by=person_of(request)),
            done=_("Role changed."),
        )

    def end_appointment(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        delegate = self.row(Delegate, pk=row, delegation=pk)
        return self.act(
            request,
            delegate.delegation,
            title=gettext("End the appointment of %(name)s") % {"name": delegate.user},
            button=_("End the appointment"),
            form_class=EndForm,
            perform=lambda **data: operations.end_appointment(delegate, **data, by=person_of(request)),
            done=_("Appointment ended."),
        )
