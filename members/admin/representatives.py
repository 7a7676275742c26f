"""Who speaks for an organisation, on its page: recorded, invited, ended, corrected."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from members import operations
from members.admin.dated import DatedInline, initial_of, values_of
from members.checklist_forms import RepresentativeForm
from members.forms import EndRecordForm, RecordForm
from members.models import Organisation, Representative
from members.signing_in import person_of

Kind = Organisation.Kind


class RepresentativeInline(DatedInline):
    model = Representative
    facts = ("person",)
    record = ("record_representative", _("Record a representative"))
    correct = "correct_representative"
    empty = _("Nobody speaks for it here: nobody gets mail about its applications, or supplies what they lack.")
    kinds = (Kind.STATE, Kind.INTERNATIONAL_ORGANISATION, Kind.COMPANY, Kind.CIVIL_SOCIETY)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        return [] if row.valid_to else [("end_representative", _("End"))]

    @admin.display(description=_("Person"))
    def person(self, row: Any) -> Any:
        return format_html('<span dir="auto">{}</span><small>{}</small>', row.user, row.user.email)


class RepresentativesMixin(ActsMixin):
    """For the screen of organisations. Each act asks for the right to add a representative."""

    def get_urls(self) -> list[Any]:
        row = "<int:pk>/representatives/<int:row>/{}/"
        return [
            self.act_path("<int:pk>/representatives/record/", self.record_representative, "record_representative"),
            self.act_path(row.format("end"), self.end_representative, "end_representative"),
            self.act_path(row.format("correct"), self.correct_representative, "correct_representative"),
            *super().get_urls(),
        ]

    def _of_representatives(self, request: HttpRequest, organisation: Organisation, **options: Any) -> HttpResponse:
        if not request.user.has_perm("members.add_representative"):
            raise PermissionDenied
        return self.act(request, organisation, **options)

    def record_representative(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        by = person_of(request)

        def record(user: Any, name: str, email: str, language: str, **days: Any) -> Representative:
            if user:
                return operations.record_representative(organisation, user=user, **days, by=by)
            return operations.invite_representative(
                organisation, name=name, email=email, language=language, **days, by=by
            )

        return self._of_representatives(
            request,
            organisation,
            title=_("Record a representative"),
            button=_("Record the representative"),
            text=_(
                "They sign in, supply what the applications of the organisation lack, and read how far they are. They "
                "are told by mail; who has never signed in is invited."
            ),
            form_class=RepresentativeForm,
            initial={"valid_from": today()},
            perform=record,
            done=_("Representative recorded."),
        )

    def end_representative(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        representative = self.row(Representative, pk=row, organisation=pk)
        return self._of_representatives(
            request,
            representative.organisation,
            title=_("End the representation"),
            button=_("Record the end"),
            text=format_html(
                "{}. {}",
                representative.user,
                _("Sessions and rights end with it. What the person supplied stays."),
            ),
            form_class=EndRecordForm,
            perform=lambda **data: operations.end_representative(representative, **data, by=person_of(request)),
            done=_("End of the representation recorded."),
        )

    def correct_representative(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        representative = self.row(Representative, pk=row, organisation=pk)
        shown = values_of(self, request, representative, organisation=pk)
        return self._of_representatives(
            request,
            representative.organisation,
            title=_("Correct the representation"),
            button=_("Record the correction"),
            text=_("The wrong row stays, with the moment until which it was what the portal knew."),
            form_class=RecordForm,
            initial=initial_of(RecordForm, shown),
            perform=lambda **data: operations.correct_representative(representative, **data, by=person_of(request)),
            done=_("Representation corrected."),
        )
