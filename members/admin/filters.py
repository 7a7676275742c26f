"""Filters that several lists of the registry have."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.models import Membership, Pillar


class YesNoFilter(admin.SimpleListFilter):
    """Rows of which something holds today, or does not."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def holding(self) -> Exists | Q:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.filter(self.holding())
            case "no":
                return queryset.exclude(self.holding())
            case _other:
                return queryset


class PillarFilter(admin.SimpleListFilter):
    """By the pillar to which an organisation belongs today, in whatever category."""

    title = _("pillar today")
    parameter_name = "pillar"
    #: The field that names the organisation.
    organisation = "pk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Pillar.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        rows = Membership.objects.as_of(today()).filter(organisation=OuterRef(self.organisation), pillar=self.value())
        return queryset.filter(Exists(rows))
