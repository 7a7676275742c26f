"""Tables of dated rows on a page of the administration: what holds, what was corrected by whom, the acts on each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.read_only import ReadOnlyInline
from members.admin.shared import PresentRowsFormSet, links


def values_of(screen: ActsMixin, request: HttpRequest, row: Any, **owner: Any) -> Any:
    """The row whose values a correction of `row` begins with: itself, or the one that `?values_of=` names among the
    rows of the same `owner`, whose values come back. Raises Http404."""
    if "values_of" not in request.GET:
        return row
    return screen.row(type(row), pk=number_in(request.GET, "values_of"), **owner)


def initial_of(form_class: Any, row: Any) -> dict[str, Any]:
    """The values of a row for the form of its correction; where the new one is known from is to be said."""
    return {name: getattr(row, name) for name in form_class.base_fields if name != "source"}


def recorded(row: Any) -> str:
    """When and by whom a row was recorded."""
    words = {"moment": in_geneva(row.recorded_at), "name": row.recorded_by or gettext("the portal")}
    return gettext("Recorded on %(moment)s by %(name)s") % words


def struck_out(row: Any) -> str:
    """Who struck a row out, when and why."""
    words = {"moment": in_geneva(row.superseded_at), "name": row.struck_by, "reason": row.struck_because}
    return gettext("Struck out on %(moment)s by %(name)s, because: %(reason)s") % words


def corrected(row: Any) -> Any:
    """Who put a row out of force, when and why; nothing of a row that stands."""
    if not row.superseded_at:
        return ""
    if row.struck_because:
        said = struck_out(row)
    else:
        new = row.superseded_by
        words = {
            "moment": in_geneva(row.superseded_at),
            "name": (new and new.recorded_by) or gettext("the portal"),
            "source": new.source if new else "–",
        }
        said = gettext("Corrected on %(moment)s by %(name)s. Source: %(source)s") % words
    return format_html('<small class="wg-why" dir="auto">{}</small>', said)


class DatedRowsFormSet(PresentRowsFormSet):
    """The rows of a part, each with the row that `stands` in its place today: itself, if nothing corrected it."""

    def get_queryset(self) -> QuerySet[Any]:
        is_new = not hasattr(self, "_queryset")
        rows = super().get_queryset()
        if is_new:
            by_key = {row.pk: row for row in rows}
            for row in by_key.values():
                row.stands = row
                while row.stands.superseded_by_id in by_key:
                    row.stands = by_key[row.stands.superseded_by_id]
        return rows


class DatedInline(ReadOnlyInline):
    """A part of a page whose rows are recorded, ended and corrected by acts. What was corrected is folded below.

    `facts` are the columns beside the days; `record` names the act that adds a row, and its label; `correct` the one
    that puts a row right. `strike_out` and `restore` those that take a row back and bring it back. Acts are offered to
    those who may add a row.
    """

    template = "admin/members/_dated_rows.html"
    formset = DatedRowsFormSet
    fk_name = "organisation"
    empty_value_display = "–"
    #: The screen whose addresses the acts are, and the kinds of organisation that the part is for.
    screen = "organisation"
    facts: tuple[str, ...] = ()
    record: tuple[str, Any] | None = None
    correct = ""
    strike_out = ""
    restore = ""
    empty: Any = ""
    may_keep = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("valid_from", "ends", *self.facts, "known", "acts")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.may_keep = request.user.has_perm(f"{self.opts.app_label}.add_{self.opts.model_name}")
        rows = super().get_queryset(request)
        return rows.select_related(self.fk_name, "recorded_by", "superseded_by__recorded_by", "struck_by").order_by(
            F("superseded_at").desc(nulls_first=True), "-valid_from", "-pk"
        )

    @property
    def record_route(self) -> str:
        """The name of the address where a row is added; empty if that happens elsewhere."""
        return f"admin:members_{self.screen}_{self.record[0]}" if self.record else ""

    def steps(self, row: Any) -> list[tuple[str, Any]]:
        """The acts on a row that stands, but for its correction: name and label."""
        return []

    def address(self, step: str, row: Any) -> str:
        owner = getattr(row, f"{self.fk_name}_id")
        return reverse(f"admin:members_{self.screen}_{step}", args=[owner, row.pk])

    @admin.display(description=_("Until"))
    def ends(self, row: Any) -> Any:
        return date_format(row.valid_to) if row.valid_to else _("still")

    @admin.display(description=_("Source"))
    def known(self, row: Any) -> Any:
        return format_html('<span dir="auto">{}</span><small>{}</small>{}', row.source, recorded(row), corrected(row))

    @admin.display(description=_("Acts"))
    def acts(self, row: Any) -> Any:
        if not self.may_keep:
            return "–"
        if row.superseded_at:
            step = self.restore if row.stands.struck_because else self.correct
            if not step or (row.stands.superseded_at and not row.stands.struck_because):
                return "–"
            address = self.address(step, row.stands)
            if row.struck_because:
                return links([(address, _("Restore"), row)])
            return links([(f"{address}?values_of={row.pk}", _("Restore these values"), row)])
        steps = [*self.steps(row), (self.correct, _("Correct"))]
        if self.strike_out:
            steps.append((self.strike_out, _("Strike out")))
        return links([(self.address(step, row), label, row) for step, label in steps])
