"""Rows struck out, and brought back: the pages of both, for every dated row of the administration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from members import operations
from members.admin.dated import initial_of, struck_out, values_of
from members.forms import DirectorshipForm, RecordForm
from members.models import (
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Directorship,
    Membership,
    Participation,
    RevenueBand,
    Succession,
)
from members.registry_forms import (
    CompanyProfileForm,
    CorrectCertificateForm,
    CorrectStatusForm,
    MembershipForm,
    RevenueBandForm,
    StrikeOutForm,
    SuccessionForm,
)
from members.signing_in import person_of


@dataclass(frozen=True)
class Struck:
    """How rows of a kind are struck out: the operation, what is said of it, and the form of their values."""

    noun: str
    model: type[Any]
    operation: Callable[..., Any]
    form: type[Any]
    strike: Any
    restore: Any
    more: Any = ""


GOES_ON = _("What gave way to it goes on in its days.")

MEMBERSHIP = Struck(
    "membership",
    Membership,
    operations.strike_out_membership,
    MembershipForm,
    _("Strike out the membership"),
    _("Restore the membership"),
)
PROFILE = Struck(
    "profile",
    CompanyProfile,
    operations.strike_out_profile,
    CompanyProfileForm,
    _("Strike out the company profile"),
    _("Restore the company profile"),
    GOES_ON,
)
CERTIFICATE = Struck(
    "certificate",
    Certificate,
    operations.strike_out_certificate,
    CorrectCertificateForm,
    _("Strike out the period of the certificate"),
    _("Restore the period of the certificate"),
    GOES_ON,
)
PARTICIPATION = Struck(
    "participation",
    Participation,
    operations.strike_out_participation,
    RecordForm,
    _("Strike out the participation"),
    _("Restore the participation"),
)
STATUS = Struck(
    "application_status",
    ApplicationStatus,
    operations.strike_out_application_status,
    CorrectStatusForm,
    _("Strike out the state of the application"),
    _("Restore the state of the application"),
    _("The state before goes on. A membership or certificate that came of it has rows of its own, which stay."),
)
SUCCESSION = Struck(
    "succession",
    Succession,
    operations.strike_out_succession,
    SuccessionForm,
    _("Strike out the succession"),
    _("Restore the succession"),
)
DIRECTORSHIP = Struck(
    "directorship",
    Directorship,
    operations.strike_out_directorship,
    DirectorshipForm,
    _("Strike out the directorship"),
    _("Restore the directorship"),
)
BAND = Struck(
    "revenue_band",
    RevenueBand,
    operations.strike_out_revenue_band,
    RevenueBandForm,
    _("Strike out the revenue band"),
    _("Restore the revenue band"),
    GOES_ON,
)


class StrikingMixin(ActsMixin):
    """For a screen with dated rows. `struck` says which; `owner` is the field that leads from a row to the screen's
    object, empty where the row is the object itself."""

    struck: tuple[tuple[str, Struck], ...] = ()
    owner = ""

    def get_urls(self) -> list[Any]:
        row = "<int:row>/" if self.owner else ""
        own = []
        for part, kind in self.struck:
            for verb, view in (("strike_out", self.strike_out_row), ("restore", self.restore_row)):
                route = f"<int:pk>/{part}{row}{verb.replace('_', '-')}/"
                own.append(self.act_path(route, partial(view, kind=kind), f"{verb}_{kind.noun}"))
        return [*own, *super().get_urls()]

    def _row_of(self, kind: Struck, pk: int, row: int) -> tuple[Any, Any]:
        """A row, and the object on whose page it stands. Raises Http404."""
        if not self.owner:
            return self.row(kind.model, pk=pk), None
        found = self.row(kind.model, pk=row, **{self.owner: pk})
        return found, getattr(found, self.owner)

    def strike_out_row(self, request: HttpRequest, pk: int, kind: Struck, row: int = 0) -> HttpResponse:
        found, about = self._row_of(kind, pk, row)
        self._authorise_keeping(request, kind)
        return self.act(
            request,
            about,
            title=kind.strike,
            button=_("Strike out"),
            text=format_html(
                "{}. {} {}",
                found,
                _("It was recorded by mistake: it stays as what the portal knew until now, and counts no more."),
                kind.more,
            ),
            form_class=StrikeOutForm,
            perform=lambda **data: kind.operation(found, **data, by=person_of(request)),
            done=_("Struck out."),
        )

    def restore_row(self, request: HttpRequest, pk: int, kind: Struck, row: int = 0) -> HttpResponse:
        found, about = self._row_of(kind, pk, row)
        self._authorise_keeping(request, kind)
        if not found.struck_because:
            raise Http404
        owner = {f"{self.owner}_id": pk} if self.owner else {"superseded_by": found}
        shown = values_of(self, request, found, **owner)
        return self.act(
            request,
            about,
            title=kind.restore,
            button=_("Record it again"),
            text=format_html("{}<br>{}", struck_out(found), _("Its values are filled in; the struck row stays.")),
            form_class=kind.form,
            initial=initial_of(kind.form, shown),
            perform=lambda **data: operations.restore_row(found, **data, by=person_of(request)),
            done=_("Restored."),
        )

    def _authorise_keeping(self, request: HttpRequest, kind: Struck) -> None:
        """Raises PermissionDenied: whoever strikes out may record."""
        if not request.user.has_perm(f"members.add_{kind.model._meta.model_name}"):
            raise PermissionDenied
