"""The Association's registry on the page of an organisation: memberships, company profiles, certificates."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from icoca_portal.lib.read_only import ReadOnlyInline
from members import operations
from members.admin.dated import DatedInline, initial_of, values_of
from members.admin.representatives import RepresentativeInline, RepresentativesMixin
from members.admin.shared import PresentRowsFormSet, has_rows
from members.models import (
    Application,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    Participation,
    Pillar,
)
from members.registry_forms import (
    CertificateForm,
    CompanyProfileForm,
    CorrectCertificateForm,
    EndRecordForm,
    FromDayForm,
    MembershipForm,
    ReceiveForm,
    RecordForm,
)
from members.signing_in import person_of

Kind = Organisation.Kind

#: The pillar in which an organisation of a kind would be a member.
PILLARS = {
    Kind.STATE.value: Pillar.GOVERNMENT.value,
    Kind.INTERNATIONAL_ORGANISATION.value: Pillar.GOVERNMENT.value,
    Kind.COMPANY.value: Pillar.INDUSTRY.value,
    Kind.CIVIL_SOCIETY.value: Pillar.CIVIL_SOCIETY.value,
}
CORRECTED = _("The wrong row stays, with the moment until which it was what the portal knew.")
TAGS = {"valid": "is-done", "suspended": "is-due", "withdrawn": "is-wrong"}


def tag(label: Any, shape: str = "") -> Any:
    """A state, as a glyph and a word."""
    return format_html('<span class="wg-tag {}">{}</span>', shape, label)


# The parts of the page


class ParticipationInline(DatedInline):
    model = Participation
    record = ("record", _("Record a participation"))
    correct, strike_out, restore = "correct", "strike_out_participation", "restore_participation"
    empty = _("Does not support the Montreux Document.")
    kinds = (Kind.STATE, Kind.INTERNATIONAL_ORGANISATION)

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        return [] if row.valid_to else [("end", _("End"))]


class MembershipInline(DatedInline):
    model = Membership
    facts = ("pillar", "category")
    record = ("record_membership", _("Record a membership"))
    correct, strike_out, restore = "correct_membership", "strike_out_membership", "restore_membership"
    empty = _("Does not belong to the Association.")
    kinds = tuple(Kind)

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        return [] if row.valid_to else [("end_membership", _("End"))]


class CompanyProfileInline(DatedInline):
    model = CompanyProfile
    facts = ("base", "environment", "size", "countries")
    record = ("record_profile", _("Record a company profile"))
    correct, strike_out, restore = "correct_profile", "strike_out_profile", "restore_profile"
    empty = _("Nothing is recorded of what the company is and does.")
    kinds = (Kind.COMPANY,)

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        return [] if row.valid_to else [("end_profile", _("End"))]

    @admin.display(description=_("Headquarters"))
    def base(self, row: Any) -> Any:
        return row.headquarters.name

    @admin.display(description=_("Countries of operation"))
    def countries(self, row: Any) -> str:
        return ", ".join(sorted(str(country.name) for country in row.works_in)) or "–"


class CertificateInline(DatedInline):
    model = Certificate
    facts = ("standard", "state_shown", "given", "term")
    record = ("record_certificate", _("Record a certificate"))
    correct, strike_out, restore = "correct_certificate", "strike_out_certificate", "restore_certificate"
    empty = _("No certificate is recorded.")
    kinds = (Kind.COMPANY,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("standard", "body")

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        """The state changes in the last period of a certificate that runs; earlier ones are history."""
        if row.valid_to != row.expires_on or (row.valid_to and row.valid_to <= today()):
            return []
        if row.state == Certificate.State.VALID:
            return [("suspend_certificate", _("Suspend")), ("withdraw_certificate", _("Withdraw"))]
        if row.state == Certificate.State.SUSPENDED:
            return [("reinstate_certificate", _("Reinstate")), ("withdraw_certificate", _("Withdraw"))]
        return []

    @admin.display(description=_("State"))
    def state_shown(self, row: Any) -> Any:
        if row.state == Certificate.State.VALID and row.expires_on and row.valid_to == row.expires_on <= today():
            return tag(_("Expired"))
        return tag(row.get_state_display(), TAGS[row.state] if row.holds_on(today()) else "")

    @admin.display(description=_("Given by"))
    def given(self, row: Any) -> Any:
        more = format_html_join(
            "", '<small dir="auto">{}</small>', ((text,) for text in (row.number, row.scope) if text)
        )
        return format_html("{}{}", row.body, more)

    @admin.display(description=_("Issued, expires"))
    def term(self, row: Any) -> Any:
        return format_html(
            "{}<br>{}", date_format(row.issued_on), date_format(row.expires_on) if row.expires_on else "–"
        )


class ApplicationInline(ReadOnlyInline):
    """What the organisation asked for; decided on the application's own page."""

    model = Application
    formset = PresentRowsFormSet
    template = "admin/members/_applications.html"
    fields = readonly_fields = ("asks_for", "pillar", "state_shown", "since", "known")
    record = ("receive_application", _("Receive an application"))
    record_route = "admin:members_organisation_receive_application"
    empty = _("No application was received.")
    kinds = (Kind.STATE, Kind.INTERNATIONAL_ORGANISATION, Kind.COMPANY, Kind.CIVIL_SOCIETY)
    may_keep = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.may_keep = request.user.has_perm("members.add_application")
        now = FilteredRelation("statuses", condition=Q(statuses__superseded_at=None, statuses__valid_to=None))
        rows = super().get_queryset(request).annotate(now=now)
        return rows.select_related("organisation", "standard", "now").order_by("-pk")

    @admin.display(description=_("Asks for"))
    def asks_for(self, row: Any) -> Any:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:members_application_change", args=[row.pk]), row.asks_for
        )

    @admin.display(description=_("State"))
    def state_shown(self, row: Any) -> Any:
        now = self._now(row)
        return state_of_application(now) if now else "–"

    @admin.display(description=_("Since"))
    def since(self, row: Any) -> Any:
        now = self._now(row)
        return date_format(now.valid_from) if now else "–"

    @admin.display(description=_("Source"))
    def known(self, row: Any) -> Any:
        now = self._now(row)
        return now.source if now else "–"

    def _now(self, row: Any) -> Any:
        """The state it is in, read with it; None where the only one was struck out."""
        return getattr(row, "now", None)


APPLICATION_TAGS = {"received": "is-due", "under review": "is-half", "approved": "is-done", "refused": "is-wrong"}


def state_of_application(row: Any) -> Any:
    """The state of an application, as a glyph and a word."""
    return tag(row.get_state_display(), APPLICATION_TAGS.get(row.state, ""))


#: In the order of the page. A part that does not fit the kind of the organisation is shown once it has a row.
PARTS: tuple[Any, ...] = (
    ParticipationInline,
    MembershipInline,
    CompanyProfileInline,
    CertificateInline,
    ApplicationInline,
    RepresentativeInline,
)


def parts_of(organisation: Organisation) -> list[Any]:
    """The parts that fit the organisation's kind, and those that have a row."""
    return [part for part in PARTS if organisation.kind in part.kinds or has_rows(organisation, part.model)]


# The acts


class RegistryMixin(RepresentativesMixin):
    """For the screen of organisations: what is recorded in the registry, and put right.

    Each act asks for the right to change the organisation and to add the row that it writes.
    """

    def get_urls(self) -> list[Any]:
        states = [
            ("suspend", "suspended", _("Suspend the certificate"), _("Certificate suspended.")),
            ("withdraw", "withdrawn", _("Withdraw the certificate"), _("Certificate withdrawn.")),
            ("reinstate", "valid", _("Reinstate the certificate"), _("Certificate reinstated.")),
        ]
        row = "<int:pk>/{}/<int:row>/{}/"
        return [
            self.act_path("<int:pk>/participation/record/", self.record_participation, "record"),
            self.act_path(row.format("participation", "end"), self.end_participation, "end"),
            self.act_path(row.format("participation", "correct"), self.correct_participation, "correct"),
            self.act_path("<int:pk>/membership/record/", self.record_membership, "record_membership"),
            self.act_path(row.format("membership", "end"), self.end_membership, "end_membership"),
            self.act_path(row.format("membership", "correct"), self.correct_membership, "correct_membership"),
            self.act_path("<int:pk>/profile/record/", self.record_profile, "record_profile"),
            self.act_path(row.format("profile", "end"), self.end_profile, "end_profile"),
            self.act_path(row.format("profile", "correct"), self.correct_profile, "correct_profile"),
            self.act_path("<int:pk>/certificate/record/", self.record_certificate, "record_certificate"),
            self.act_path(row.format("certificate", "correct"), self.correct_certificate, "correct_certificate"),
            *(
                self.act_path(
                    row.format("certificate", verb),
                    partial(self.change_certificate_state, state=state, label=label, done=done),
                    f"{verb}_certificate",
                )
                for verb, state, label, done in states
            ),
            self.act_path("<int:pk>/application/receive/", self.receive_application, "receive_application"),
            *super().get_urls(),
        ]

    def _keep(self, request: HttpRequest, organisation: Organisation, model: Any, **options: Any) -> HttpResponse:
        """An act that writes a row of `model`."""
        if not request.user.has_perm(f"members.add_{model._meta.model_name}"):
            raise PermissionDenied
        return self.act(request, organisation, **options)

    def _correct(
        self, request: HttpRequest, row: Any, form_class: Any, title: Any, done: Any, operation: Any
    ) -> HttpResponse:
        """Put a row right. `?values_of=` names a row that was corrected before, whose values come back."""
        shown = values_of(self, request, row, organisation=row.organisation_id)
        return self._keep(
            request,
            row.organisation,
            type(row),
            title=title,
            button=_("Record the correction"),
            text=_("The values of the corrected row are filled in. The row that stands now stays as superseded.")
            if shown is not row
            else CORRECTED,
            form_class=form_class,
            initial=initial_of(form_class, shown),
            perform=lambda **data: operation(row, **data, by=person_of(request)),
            done=done,
        )

    def _end(self, request: HttpRequest, row: Any, title: Any, done: Any, operation: Any) -> HttpResponse:
        return self._keep(
            request,
            row.organisation,
            type(row),
            title=title,
            button=_("Record the end"),
            text=_("The row stays; a new one with the end takes its place."),
            form_class=EndRecordForm,
            perform=lambda **data: operation(row, **data, by=person_of(request)),
            done=done,
        )

    # Participation

    def record_participation(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        return self._keep(
            request,
            organisation,
            Participation,
            title=_("Record a participation"),
            button=_("Record the participation"),
            text=_("From which day the organisation supports the Montreux Document."),
            form_class=RecordForm,
            perform=lambda **data: operations.record_participation(organisation, **data, by=person_of(request)),
            done=_("Participation recorded."),
        )

    def end_participation(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        participation = self.row(Participation, pk=row, organisation=pk)
        return self._end(
            request,
            participation,
            _("End the participation"),
            _("End of the participation recorded."),
            operations.end_participation,
        )

    def correct_participation(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        participation = self.row(Participation, pk=row, organisation=pk)
        return self._correct(
            request,
            participation,
            RecordForm,
            _("Correct the participation"),
            _("Participation corrected."),
            operations.correct_participation,
        )

    # Membership

    def record_membership(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        return self._keep(
            request,
            organisation,
            Membership,
            title=_("Record a membership"),
            button=_("Record the membership"),
            text=_("From which day the organisation belongs to the Association. It is public from that day on."),
            form_class=MembershipForm,
            initial={"pillar": PILLARS.get(organisation.kind), "category": Membership.Category.MEMBER},
            perform=lambda **data: operations.record_membership(organisation, **data, by=person_of(request)),
            done=_("Membership recorded."),
        )

    def end_membership(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        membership = self.row(Membership, pk=row, organisation=pk)
        return self._end(
            request,
            membership,
            _("End the membership"),
            _("End of the membership recorded."),
            operations.end_membership,
        )

    def correct_membership(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        membership = self.row(Membership, pk=row, organisation=pk)
        return self._correct(
            request,
            membership,
            MembershipForm,
            _("Correct the membership"),
            _("Membership corrected."),
            operations.correct_membership,
        )

    # Company profiles

    def record_profile(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = self.row(Organisation, pk=pk)
        last = company.profiles.filter(superseded_at=None).order_by("-valid_from").first()
        known = ("headquarters", "environment", "size", "works_in")
        initial = {name: getattr(last, name) for name in known} if last else {"headquarters": company.country}
        return self._keep(
            request,
            company,
            CompanyProfile,
            title=_("Record a company profile"),
            button=_("Record the profile"),
            text=_("What the company is from a day on. A profile without an end that began before ends on that day."),
            form_class=CompanyProfileForm,
            initial=initial,
            perform=lambda **data: operations.record_profile(company, **data, by=person_of(request)),
            done=_("Company profile recorded."),
        )

    def end_profile(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        profile = self.row(CompanyProfile, pk=row, organisation=pk)
        return self._end(
            request,
            profile,
            _("End the company profile"),
            _("End of the company profile recorded."),
            operations.end_profile,
        )

    def correct_profile(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        profile = self.row(CompanyProfile, pk=row, organisation=pk)
        return self._correct(
            request,
            profile,
            CompanyProfileForm,
            _("Correct the company profile"),
            _("Company profile corrected."),
            operations.correct_profile,
        )

    # Certificates

    def record_certificate(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = self.row(Organisation, pk=pk)
        return self._keep(
            request,
            company,
            Certificate,
            title=_("Record a certificate"),
            button=_("Record the certificate"),
            text=_("Valid from its first day until it expires, while the company is a member."),
            form_class=CertificateForm,
            perform=lambda **data: operations.record_certificate(company, **data, by=person_of(request)),
            done=_("Certificate recorded."),
        )

    def change_certificate_state(
        self, request: HttpRequest, pk: int, row: int, state: str, label: Any, done: Any
    ) -> HttpResponse:
        certificate = self.row(Certificate, pk=row, organisation=pk)
        return self._keep(
            request,
            certificate.organisation,
            Certificate,
            title=label,
            button=label,
            text=format_html(
                "{}. {}",
                certificate,
                _("The row ends on the day given, and one with the new state follows until the certificate expires."),
            ),
            form_class=FromDayForm,
            perform=lambda **data: operations.change_certificate_state(
                certificate, state=state, **data, by=person_of(request)
            ),
            done=done,
        )

    def correct_certificate(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        certificate = self.row(Certificate, pk=row, organisation=pk)
        return self._correct(
            request,
            certificate,
            CorrectCertificateForm,
            _("Correct the certificate"),
            _("Certificate corrected."),
            operations.correct_certificate,
        )

    # Applications

    def receive_application(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        is_member = Membership.objects.as_of(today()).members().filter(organisation=organisation).exists()
        return self._keep(
            request,
            organisation,
            Application,
            title=_("Receive an application"),
            button=_("Record the application"),
            text=_("It is received on the day given; the review begins on the application’s page."),
            form_class=ReceiveForm,
            initial={
                "kind": Application.Kind.CERTIFICATION if is_member else Application.Kind.MEMBERSHIP,
                "pillar": PILLARS.get(organisation.kind),
            },
            perform=lambda **data: operations.receive_application(organisation, **data, by=person_of(request)),
            done=_("Application recorded."),
            outcome=lambda application: application,
        )
