"""To whom of the participants something is put: the choice, and who of each delegation would get the message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.models import Delegate, Organisation
from members.regions import Region, region_of

ALL, REGION, LIST = "all", "region", "list"


class AudienceForm(forms.Form):
    """Whom something is put to, of `candidates` (organisations): all of them, regions, or a list ticked by hand.

    Nothing chosen means all. `cleaned_data` is what the operation takes: ``organisations``, None for all.
    """

    to = forms.ChoiceField(
        label=_("Whom to ask"),
        choices=[(ALL, _("All participants")), (REGION, _("Regions")), (LIST, _("A list"))],
        required=False,
        widget=forms.RadioSelect,
    )
    region = forms.MultipleChoiceField(
        label=_("Regions"), choices=Region.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    delegation = forms.TypedMultipleChoiceField(
        label=_("Delegations"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, candidates: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*given, **options)
        self.candidates = candidates
        self.fields["delegation"].choices = [(row.pk, row.name) for row in candidates]  # type: ignore[attr-defined]
        there = {region_of(row) for row in candidates}
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            (region.value, region.label) for region in Region if region in there
        ]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        to = asked.get("to") or ALL
        if to == REGION:
            if not asked.get("region"):
                raise ValidationError(_("Choose at least one region."))
            return {"organisations": [row for row in self.candidates if region_of(row) in asked["region"]]}
        if to == LIST:
            if not asked.get("delegation"):
                raise ValidationError(_("Choose at least one delegation."))
            return {"organisations": [row for row in self.candidates if row.pk in asked["delegation"]]}
        return {"organisations": None}

    @property
    def chosen(self) -> list[Organisation]:
        """The organisations that are asked as the form stands; none where it is refused."""
        if not self.is_bound:
            return list(self.candidates)
        if not self.is_valid():
            return []
        organisations = self.cleaned_data["organisations"]
        return list(self.candidates) if organisations is None else organisations


def participants_to_ask(day: date | None = None) -> list[Organisation]:
    """The participants of `day` (Geneva; default today) by name, with their delegation where there is one."""
    return list(Organisation.objects.participants(day).select_related("delegation").order_by("name"))


def delegates_of(delegations: Any, roles: Collection[str]) -> Any:
    """The delegates of today in these roles with an open account, with user and organisation."""
    rows = Delegate.objects.as_of(today()).filter(delegation__in=delegations, role__in=roles, user__is_active=True)
    return rows.select_related("user", "delegation__organisation").by_role()


def by_delegation(delegates: Iterable[Delegate]) -> dict[int, list[Delegate]]:
    """Delegates by the primary key of their delegation."""
    found: dict[int, list[Delegate]] = {}
    for delegate in delegates:
        found.setdefault(delegate.delegation_id, []).append(delegate)
    return found


def audience(request: HttpRequest, candidates: list[Organisation], roles: Collection[str]) -> dict[str, Any]:
    """What the page of a choice shows: the choice as it stands (`choice`), and who would get the message (`told`).

    ``admin/members/_audience.html`` prints it, ``_audience_chosen.html`` carries the choice into the form that sends.
    """
    source = request.POST if request.method == "POST" else request.GET
    choice = AudienceForm(source if "to" in source else None, candidates=candidates, initial={"to": "all"})
    chosen = choice.chosen
    with_delegation = [row.delegation.pk for row in chosen if hasattr(row, "delegation")]
    writers = by_delegation(delegates_of(with_delegation, roles))
    told: list[dict[str, Any]] = [
        {
            "organisation": row,
            "region": region_of(row).label,
            "writers": writers.get(row.delegation.pk, []) if hasattr(row, "delegation") else [],
        }
        for row in chosen
    ]
    return {
        "choice": choice,
        "told": told,
        "is_all": choice.is_valid() and choice.cleaned_data["organisations"] is None if choice.is_bound else True,
        "people": sum(len(row["writers"]) for row in told),
        "silent": [row for row in told if not row["writers"]],
    }
