"""Out of whom an organisation came, and what came out of it: a part of its page with its acts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from members import operations
from members.admin.dated import corrected, initial_of, recorded, values_of
from members.models import Membership, Organisation, Succession
from members.registry_forms import SuccessionForm
from members.signing_in import person_of


def successions_of(organisation: Organisation) -> QuerySet[Any]:
    """The successions in which an organisation stands, on either side; of each, whether its predecessor is a member
    still (`still_member`)."""
    runs_on = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_from")),
        organisation=OuterRef("predecessor"),
        superseded_at=None,
    )
    rows = Succession.objects.filter(Q(organisation=organisation) | Q(predecessor=organisation))
    rows = rows.annotate(still_member=Exists(runs_on)).select_related(
        "organisation", "predecessor", "recorded_by", "superseded_by__recorded_by", "struck_by"
    )
    return rows.order_by(F("superseded_at").desc(nulls_first=True), "-valid_from", "-pk")


class SuccessionsMixin(ActsMixin):
    """For the screen of organisations."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/succession/record/", self.record_succession, "record_succession"),
            self.act_path("<int:pk>/succession/<int:row>/correct/", self.correct_succession, "correct_succession"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        organisation = kwargs.get("obj")
        if organisation is not None and request.user.has_perm("members.view_succession"):
            rows = list(successions_of(organisation)) if organisation.has_successions else []
            by_key = {row.pk: row for row in rows}
            for row in rows:
                row.recorded, row.corrected, row.stands = recorded(row), corrected(row), row
                while row.stands.superseded_by_id in by_key:
                    row.stands = by_key[row.stands.superseded_by_id]
            context["successions"] = [row for row in rows if not row.superseded_at]
            context["corrected_successions"] = [row for row in rows if row.superseded_at]
            may_change = self.has_change_permission(request, organisation)
            context["may_keep_successions"] = may_change and request.user.has_perm("members.add_succession")
        return super().render_change_form(request, context, **kwargs)

    def record_succession(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.row(Organisation, pk=pk)
        if not request.user.has_perm("members.add_succession"):
            raise PermissionDenied
        return self.act(
            request,
            organisation,
            title=_("Record a succession"),
            button=_("Record the succession"),
            text=_(
                "Out of whom this organisation came, and on which day. What the predecessor is a member of stays until "
                "its end is recorded."
            ),
            form_class=SuccessionForm,
            perform=lambda **data: operations.record_succession(organisation, **data, by=person_of(request)),
            done=_("Succession recorded."),
        )

    def correct_succession(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        succession = self.row(Succession, pk=row, organisation=pk)
        if not request.user.has_perm("members.add_succession"):
            raise PermissionDenied
        return self.act(
            request,
            succession.organisation,
            title=_("Correct the succession"),
            button=_("Record the correction"),
            text=_("The wrong row stays, with the moment until which it was what the portal knew."),
            form_class=SuccessionForm,
            initial=initial_of(SuccessionForm, values_of(self, request, succession, organisation=pk)),
            perform=lambda **data: operations.correct_succession(succession, **data, by=person_of(request)),
            done=_("Succession corrected."),
        )
