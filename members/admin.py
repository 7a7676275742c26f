"""The secretariat's screens for organisations, people and roles. Whatever changes a state calls an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Prefetch, Q, QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.forms import (
    AppointForm,
    DirectorshipForm,
    EndForm,
    EndRecordForm,
    RecordForm,
    RoleForm,
    UserForm,
)
from members.models import Delegate, Delegation, Directorship, Organisation, Participation, User
from members.signing_in import person_of

# What the sign-in libraries register and nobody needs here: an account has one address, which UserAdmin changes, and
# the secrets of a second factor are its owner's alone.
for machinery in (EmailAddress, Authenticator, AccessLog, AccessFailureLog):
    if admin.site.is_registered(machinery):
        admin.site.unregister(machinery)


class ActMixin(admin.ModelAdmin):
    """Acts on a row, each on a page of its own: a form (or a question), a button, an operation."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Nothing hangs on a row that is not there yet."""
        return super().get_inlines(request, obj) if obj else []

    def act(
        self,
        request: HttpRequest,
        obj: Model | None,
        *,
        title: Any,
        button: Any,
        perform: Callable[..., Any],
        form_class: type[forms.BaseForm] = forms.Form,
        initial: dict[str, Any] | None = None,
        text: Any = "",
        done: Any = "",
        back: str = "",
    ) -> HttpResponse:
        """Show the page; on POST call `perform(**cleaned_data)`. A refusal stays on the page, with what was typed."""
        if not self.may_act(request, obj):
            raise PermissionDenied
        back = back or (self._address("change", obj.pk) if obj else self._address("changelist"))
        form = form_class(request.POST if request.method == "POST" else None, initial=initial)
        self._autocomplete(form)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    result = perform(**form.cleaned_data)
                    if obj:
                        self.log_change(request, obj, str(done or title))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(done or gettext("Stored.")))
                made = result if obj is None and isinstance(result, self.model) else None
                return redirect(self._address("change", made.pk) if made else back)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(obj) if obj else None,
            "opts": self.opts,
            "original": obj,
            "form": form,
            "text": text,
            "button": button,
            "back": back,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/act.html", context, status=422 if form.errors else 200)

    def may_act(self, request: HttpRequest, obj: Model | None) -> bool:
        """Whether the user takes steps on the row at all; what its state allows is the operation's to say."""
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def _address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _autocomplete(self, form: forms.BaseForm) -> None:
        """Persons are found by typing, not in a list of hundreds."""
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField) and getattr(field.queryset, "model", None) is User:
                related = Delegate._meta.get_field("user")
                form.fields[name].widget = AutocompleteSelect(related, self.admin_site)
                form.fields[name].widget.choices = field.choices

    def row(self, model: type[Any], **lookup: Any) -> Any:
        row = model.objects.filter(**lookup).first()
        if row is None:
            raise Http404
        return row

    def act_path(self, route: str, view: Callable[..., HttpResponse], name: str) -> Any:
        return path(
            route, self.admin_site.admin_view(view), name=f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        )


class ReadOnlyInline(admin.TabularInline):
    """Rows that are shown, and changed by acts only."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def links(pairs: list[tuple[str, Any, Any]]) -> SafeString | str:
    """Links (address, text, what it is about) beside each other; the last part is for screen readers."""
    return format_html_join(
        " · ",
        '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
        ((url, text, of) for url, text, of in pairs),
    )


# Organisations


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
class OrganisationAdmin(StaleSaveMixin, ActMixin, SimpleHistoryAdmin):
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


# Delegations


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
class DelegationAdmin(ActMixin):
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


# People


class RoleFilter(admin.SimpleListFilter):
    title = _("role today")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Delegate.Role.choices, ("director", _("Director")), ("none", _("None"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        delegates = Delegate.objects.as_of(today())
        directors = Directorship.objects.as_of(today()).exclude(user=None).values("user")
        match self.value():
            case None:
                return queryset
            case "director":
                return queryset.filter(pk__in=directors)
            case "none":
                return queryset.exclude(Q(pk__in=delegates.values("user")) | Q(pk__in=directors) | Q(is_staff=True))
            case role:
                return queryset.filter(pk__in=delegates.filter(role=role).values("user"))


@admin.register(User)
class UserAdmin(StaleSaveMixin, ActMixin):
    form = UserForm
    list_display = ("name", "email", "roles", "invited_at", "last_login", "is_active")
    list_filter = ("is_active", RoleFilter, "is_staff", "language")
    search_fields = ("name", "email", "appointments__delegation__organisation__name")
    filter_horizontal = ()
    inlines = (AppointmentInline,)
    actions = ("invite_chosen",)
    readonly_fields = ("is_active", "date_joined", "last_login", "invited_at", "closed_at", "closed_by")
    change_form_template = "admin/members/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        day = today()
        delegates = Delegate.objects.as_of(day).select_related("delegation__organisation")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("appointments", delegates, to_attr="roles_today"),
                Prefetch("directorships", Directorship.objects.as_of(day), to_attr="seats_today"),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        person: tuple[Any, dict[str, Any]] = (None, {"fields": ("name", "email", "language", "time_zone")})
        rights = (_("Secretariat"), {"fields": ("is_staff", "groups", "is_superuser")})
        account = (
            _("Account"),
            {"fields": ("is_active", "date_joined", "last_login", "invited_at", "closed_at", "closed_by")},
        )
        shown = [person]
        if request.user.is_superuser:
            shown.append(rights)
        return [*shown, account] if obj else shown

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts of staff are an administrator's: who could give one another address could sign in with it."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not (obj.is_staff or obj.is_superuser) or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed: deleted, it would take along what it did in the administration's own log."""
        return False

    @admin.display(description=_("Roles today"))
    def roles(self, user: Any) -> str:
        names = [f"{row.delegation}: {row.get_role_display()}" for row in user.roles_today]
        if user.seats_today:
            names.append(gettext("Director"))
        if user.is_staff:
            names.append(gettext("Secretariat"))
        return ", ".join(names) or "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and "email" in form.changed_data:
            operations.change_address(obj, email=form.cleaned_data["email"], by=person_of(request))
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/invite/", self.invite_person, "invite"),
            self.act_path("<int:pk>/close/", self.close_account, "close"),
            self.act_path("<int:pk>/open/", self.open_account, "open"),
            self.act_path("<int:pk>/second-factor/", self.remove_second_factor, "second_factor"),
            self.act_path("<int:pk>/unlock/", self.lift_pause, "unlock"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        obj = kwargs.get("obj")
        if obj is not None:
            context["is_paused"] = AccessAttempt.objects.filter(username=obj.email).exists()
            context["has_second_factor"] = obj.authenticator_set.exists()
            context["may_act"] = self.has_change_permission(request, obj)
        return super().render_change_form(request, context, **kwargs)

    def invite_person(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.row(User, pk=pk)
        return self.act(
            request,
            user,
            title=_("Invite"),
            button=_("Send the invitation"),
            text=gettext("A link to set a password goes to %(address)s. It works for seven days.")
            % {"address": user.email},
            perform=lambda: operations.invite_person(user, by=person_of(request)),
            done=_("Invitation queued."),
        )

    def close_account(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.row(User, pk=pk)
        return self.act(
            request,
            user,
            title=_("Close the account"),
            button=_("Close the account"),
            text=_("Its sessions end at once. The name stays in the records, and the account can be opened again."),
            perform=lambda: operations.close_account(user, by=person_of(request)),
            done=_("Account closed."),
        )

    def open_account(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.row(User, pk=pk)
        return self.act(
            request,
            user,
            title=_("Open the account"),
            button=_("Open the account"),
            text=_("What the person may do comes from the roles below, by their dates."),
            perform=lambda: operations.open_account(user, by=person_of(request)),
            done=_("Account opened."),
        )

    def remove_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.row(User, pk=pk)
        return self.act(
            request,
            user,
            title=_("Remove the second factor"),
            button=_("Remove the second factor"),
            text=_("For somebody who lost it. Make sure, not by e-mail alone, that it is they who ask. They are told."),
            perform=lambda: operations.remove_second_factor(user, by=person_of(request)),
            done=_("Second factor removed."),
        )

    def lift_pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.row(User, pk=pk)
        return self.act(
            request,
            user,
            title=_("Lift the pause"),
            button=_("Lift the pause"),
            text=_("After failed attempts signing in is stopped for half an hour. This ends the pause now."),
            perform=lambda: operations.lift_pause(user, by=person_of(request)),
            done=_("Pause lifted."),
        )

    @admin.action(description=_("Invite the chosen people"), permissions=["change"])
    def invite_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        invited = 0
        for user in queryset:
            try:
                if not self.has_change_permission(request, user):
                    raise PermissionDenied
                operations.invite_person(user, by=person_of(request))
            except PermissionDenied:
                messages.error(request, gettext("%(name)s is staff: an administrator invites them.") % {"name": user})
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, user, gettext("Invitation queued."))
                invited += 1
        if invited:
            messages.success(
                request,
                ngettext("%(number)d invitation queued.", "%(number)d invitations queued.", invited)
                % {"number": invited},
            )


# The Board


class InForceFilter(admin.SimpleListFilter):
    title = _("on the Board")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("today", _("Today")), ("superseded", _("Corrected rows"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "today":
                return queryset.as_of(today())
            case "superseded":
                return queryset.exclude(superseded_at=None)
            case _other:
                return queryset.filter(superseded_at=None)


@admin.register(Directorship)
class DirectorshipAdmin(ActMixin):
    list_display = ("person_name", "pillar", "is_chair", "valid_from", "valid_to", "user")
    list_filter = (InForceFilter, "pillar")
    list_select_related = ("user",)
    search_fields = ("person_name", "user__email")
    change_form_template = "admin/members/directorship/change_form.html"
    fields = (
        "person_name", "user", "pillar", "is_chair", "valid_from", "valid_to", "source",
        "recorded_at", "recorded_by", "superseded_at", "superseded_by",
    )  # fmt: skip
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A row is never rewritten: it is ended, or corrected by another one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/end/", self.end_directorship, "end"),
            self.act_path("<int:pk>/correct/", self.correct_directorship, "correct"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.act(
            request,
            None,
            title=_("Record a directorship"),
            button=_("Record the directorship"),
            form_class=DirectorshipForm,
            perform=lambda **data: operations.record_directorship(**data, by=person_of(request)),
            done=_("Directorship recorded."),
        )

    def end_directorship(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(Directorship, pk=pk)
        return self.act(
            request,
            None,
            title=gettext("End the directorship of %(name)s") % {"name": row},
            button=_("Record the end"),
            form_class=EndRecordForm,
            perform=lambda **data: operations.end_directorship(row, **data, by=person_of(request)),
            done=_("End of the directorship recorded."),
        )

    def correct_directorship(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(Directorship, pk=pk)
        return self.act(
            request,
            None,
            title=gettext("Correct the directorship of %(name)s") % {"name": row},
            button=_("Record the correction"),
            text=_("The wrong row stays, with the moment until which it was what the portal knew."),
            form_class=DirectorshipForm,
            initial={name: getattr(row, name) for name in DirectorshipForm.base_fields if name != "source"},
            perform=lambda **data: operations.correct_directorship(row, **data, by=person_of(request)),
            done=_("Directorship corrected."),
        )
