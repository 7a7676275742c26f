"""People and their accounts: invited, closed and opened again, helped when they cannot sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.stale import StaleSaveMixin
from members import operations
from members.admin.delegations import AppointmentInline
from members.admin.shared import StoredFirstMixin
from members.forms import UserForm
from members.models import Delegate, Directorship, User
from members.signing_in import person_of

# What the sign-in libraries register and nobody needs here: an account has one address, which UserAdmin changes, and
# the secrets of a second factor are its owner's alone.
for machinery in (EmailAddress, Authenticator, AccessLog, AccessFailureLog):
    if admin.site.is_registered(machinery):
        admin.site.unregister(machinery)


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
class UserAdmin(StaleSaveMixin, ActsMixin, StoredFirstMixin, admin.ModelAdmin):
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
