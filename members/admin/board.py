"""Seats on the Board of Directors: recorded, ended and corrected, never rewritten."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members import operations
from members.admin.striking import DIRECTORSHIP, StrikingMixin
from members.forms import DirectorshipForm, EndRecordForm
from members.models import Directorship
from members.signing_in import person_of


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
class DirectorshipAdmin(StrikingMixin, admin.ModelAdmin):
    struck = (("", DIRECTORSHIP),)
    list_display = ("person_name", "pillar", "is_chair", "valid_from", "valid_to", "user")
    list_filter = (InForceFilter, "pillar")
    list_select_related = ("user",)
    search_fields = ("person_name", "user__email")
    change_form_template = "admin/members/directorship/change_form.html"
    fields = (
        "person_name", "user", "pillar", "is_chair", "valid_from", "valid_to", "source",
        "recorded_at", "recorded_by", "superseded_at", "superseded_by", "struck_by", "struck_because",
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
