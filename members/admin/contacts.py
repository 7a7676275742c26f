"""Contacts of organisations: on the organisation's page with their acts, and in a list of all. The secretariat's alone.

An act is logged as one on the organisation, without a name: what is erased of a contact stands in no history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, csv_lines, stream
from icoca_portal.lib.read_only import ReadOnlyMixin
from members import operations
from members.admin.shared import has_rows
from members.contact_forms import ChangeContactForm, ConsentForm, ContactForm, EndContactForm, WithdrawConsentForm
from members.models import Contact, Organisation
from members.signing_in import person_of

ERASES = _("Name, function and addresses are erased at once, and cannot be brought back. The days stay.")


def contacts_of(organisation: Organisation) -> QuerySet[Any]:
    """The contacts as the page of an organisation shows them: those of today first, erased ones last."""
    erased_last, ended_later = F("erased_at").asc(nulls_first=True), F("valid_to").desc(nulls_first=True)
    return organisation.contacts.order_by(erased_last, ended_later, "-valid_from", "pk")


class ContactsMixin(ActsMixin):
    """For the screen of organisations: their contacts, recorded, changed, ended; consents given and withdrawn."""

    def get_urls(self) -> list[Any]:
        row = "<int:pk>/contacts/<int:row>/{}/"
        return [
            self.act_path("<int:pk>/contacts/record/", self.record_contact, "record_contact"),
            self.act_path(row.format("change"), self.change_contact, "change_contact"),
            self.act_path(row.format("end"), self.end_contact, "end_contact"),
            self.act_path(row.format("consent"), self.record_consent, "record_consent"),
            self.act_path(row.format("withdraw"), self.withdraw_consent, "withdraw_consent"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        organisation = kwargs.get("obj")
        if organisation is not None and request.user.has_perm("members.view_contact"):
            context["contacts"] = list(contacts_of(organisation)) if has_rows(organisation, Contact) else []
            may_change = self.has_change_permission(request, organisation)
            context["may_add_contact"] = may_change and request.user.has_perm("members.add_contact")
            context["may_change_contact"] = may_change and request.user.has_perm("members.change_contact")
        return super().render_change_form(request, context, **kwargs)

    def _contact(self, request: HttpRequest, pk: int, row: int) -> Any:
        """A contact of the organisation. Raises Http404, PermissionDenied."""
        if not request.user.has_perm("members.change_contact"):
            raise PermissionDenied
        return self.row(Contact, pk=row, organisation=pk)

    def _contact_act(
        self, request: HttpRequest, contact: Any, operation: Callable[..., Any], **options: Any
    ) -> HttpResponse:
        return self.act(
            request,
            contact.organisation,
            perform=lambda **data: operation(contact, **data, by=person_of(request)),
            **options,
        )

    def record_contact(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        if not request.user.has_perm("members.add_contact"):
            raise PermissionDenied
        return self.act(
            request,
            organisation,
            title=_("Record a contact"),
            button=_("Record the contact"),
            text=_("For the secretariat alone. It is erased a year after its end, or when the consent is withdrawn."),
            form_class=ContactForm,
            perform=lambda **data: operations.record_contact(organisation, **data, by=person_of(request)),
            done=_("Contact recorded."),
        )

    def change_contact(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        contact = self._contact(request, pk, row)
        known = {name: getattr(contact, name) for name in ChangeContactForm.base_fields if name != "seen"}
        return self._contact_act(
            request,
            contact,
            operations.change_contact,
            title=_("Change the contact"),
            button=_("Change the contact"),
            text=_("No earlier version is kept. For another person, end this contact and record a new one."),
            form_class=ChangeContactForm,
            initial={**known, "seen": contact.version},
            done=_("Contact changed."),
        )

    def end_contact(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        return self._contact_act(
            request,
            self._contact(request, pk, row),
            operations.end_contact,
            title=_("End the contact"),
            button=_("Record the end"),
            text=_("The contact is erased a year later."),
            form_class=EndContactForm,
            done=_("End of the contact recorded."),
        )

    def record_consent(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        contact = self._contact(request, pk, row)
        return self._contact_act(
            request,
            contact,
            operations.record_consent,
            title=_("Record the consent"),
            button=_("Record the consent"),
            text=_("That the person agreed to being kept as a contact."),
            form_class=ConsentForm,
            initial={"on": contact.consent_on or today(), "source": contact.consent_source},
            done=_("Consent recorded."),
        )

    def withdraw_consent(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        return self._contact_act(
            request,
            self._contact(request, pk, row),
            operations.withdraw_consent,
            title=_("Withdraw the consent"),
            button=_("Erase the contact"),
            text=ERASES,
            form_class=WithdrawConsentForm,
            done=_("Consent withdrawn; the contact is erased."),
        )


class HeldFilter(admin.SimpleListFilter):
    title = _("contact")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("today", _("Today")), ("ended", _("Ended")), ("erased", _("Erased"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "today":
                return queryset.as_of(today())
            case "ended":
                return queryset.filter(valid_to__lte=today(), erased_at=None)
            case "erased":
                return queryset.exclude(erased_at=None)
            case _other:
                return queryset


class ConsentFilter(admin.SimpleListFilter):
    title = _("consent")
    parameter_name = "consent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With consent")), ("no", _("Without consent"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        given = Q(consent_on__isnull=False, consent_withdrawn_on=None)
        match self.value():
            case "yes":
                return queryset.filter(given)
            case "no":
                return queryset.filter(consent_on=None, erased_at=None)
            case _other:
                return queryset


@admin.register(Contact)
class ContactAdmin(ReadOnlyMixin, ActsMixin, admin.ModelAdmin):
    """All contacts: found here, kept on the page of their organisation."""

    list_display = ("shown_name", "of", "function", "reached", "valid_from", "ends", "consent")
    list_filter = (HeldFilter, ConsentFilter, "language")
    list_select_related = ("organisation",)
    list_per_page = 50
    search_fields = ("name", "email", "telephone", "organisation__name")
    search_help_text = _("Name, address or organisation.")
    show_full_result_count = False
    fields = readonly_fields = (
        "organisation", "name", "function", "email", "telephone", "language", "valid_from", "valid_to", "consent_on",
        "consent_source", "consent_withdrawn_on", "erased_at", "recorded_at", "recorded_by",
    )  # fmt: skip
    change_form_template = "admin/members/contact/change_form.html"
    change_list_template = "admin/members/contact/change_list.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def get_urls(self) -> list[Any]:
        return [self.act_path("contacts.csv", self.export_contacts, "export_contacts"), *super().get_urls()]

    @admin.display(description=_("Name"), ordering="name")
    def shown_name(self, contact: Any) -> str:
        return str(contact)

    @admin.display(description=_("Organisation"), ordering="organisation__name")
    def of(self, contact: Any) -> Any:
        address = reverse("admin:members_organisation_change", args=[contact.organisation_id])
        return format_html('<a href="{}#contacts">{}</a>', address, contact.organisation)

    @admin.display(description=_("Reached at"), ordering="email")
    def reached(self, contact: Any) -> Any:
        return format_html("{}<small>{}</small>", contact.email or "–", contact.telephone)

    @admin.display(description=_("Until"), ordering="valid_to")
    def ends(self, contact: Any) -> Any:
        return date_format(contact.valid_to) if contact.valid_to else _("still")

    @admin.display(description=_("Consent"), ordering="consent_on")
    def consent(self, contact: Any) -> Any:
        if contact.consent_withdrawn_on:
            return gettext("Withdrawn on %(day)s") % {"day": date_format(contact.consent_withdrawn_on)}
        return date_format(contact.consent_on) if contact.consent_on else "–"

    @method_decorator(require_safe)
    def export_contacts(self, request: HttpRequest) -> HttpResponseBase:
        """The contacts that the list shows under the same search and filters, all its pages, without erased ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request).filter(erased_at=None)
        columns = (
            "organisation", "name", "function", "email", "telephone", "language", "valid_from", "valid_to",
            "consent_on", "consent_source",
        )  # fmt: skip
        headers = [str(label_for_field(name, Contact)) for name in columns]

        def rows() -> Iterator[list[Any]]:
            for contact in found.iterator(chunk_size=500):
                yield [str(contact.organisation), *(getattr(contact, name) for name in columns[1:])]

        return stream(csv_lines(headers, rows()), f"contacts {today():%Y-%m-%d}.csv", CSV)
