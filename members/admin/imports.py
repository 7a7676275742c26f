"""Files of the registry: brought in after a dry run, all or nothing; and the registry as files in the same columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.exports import CSV, XLSX, send_file, stream
from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.paging import page_number, page_within
from icoca_portal.lib.refusals import Refusal
from members import operations
from members.exceptions import RegistryChangedMeanwhile
from members.importing import MOST_LINES, SHEETS, FileNotRead, Sheet
from members.importing.files import fates_csv, refused_first, registry_csv, registry_workbook, template_workbook
from members.models import ImportedLine, RegistryImport
from members.registry_forms import RegistryFileForm
from members.signing_in import person_of

State, Fate = RegistryImport.State, ImportedLine.Fate

TAGS: dict[str, str] = {State.CHECKED: "is-due", State.APPLIED: "is-done", State.DISCARDED: ""}
FATE_TAGS: dict[str, str] = {
    Fate.REFUSED: "is-wrong",
    Fate.NEW: "is-done",
    Fate.CHANGED: "is-half",
    Fate.UNCHANGED: "",
}


def address_of(sheet: Sheet) -> str:
    """A sheet as it stands in an address."""
    return sheet.name.replace(" ", "-")


@admin.register(RegistryImport)
class RegistryImportAdmin(ActsMixin, admin.ModelAdmin):
    """The log of imports; a file is sent on the page that adds one, and its dry run is the page of its row."""

    list_display = (
        "original_name",
        "uploaded_at",
        "uploaded_by",
        "state_shown",
        "new",
        "changed",
        "unchanged",
        "refused",
    )
    list_filter = ("state",)
    list_select_related = ("uploaded_by",)
    list_per_page = 50
    search_fields = ("original_name", "sha256", "source")
    search_help_text = _("Name of the file, its SHA-256, or its source.")
    show_full_result_count = False
    change_list_template = "admin/members/registryimport/change_list.html"

    class Media:
        css = {"all": ["css/registry-admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.import_registry")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An import moves on by its own steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The log stays."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may_export = request.user.has_perm("members.export_registry")
        return super().changelist_view(request, {**(extra_context or {}), "may_export": may_export})

    @admin.display(description=_("State"), ordering="state")
    def state_shown(self, row: Any) -> Any:
        return format_html('<span class="wg-tag {}">{}</span>', TAGS[row.state], row.get_state_display())

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("export/registry.xlsx", self.export_registry, "export_registry"),
            self.act_path("export/template.xlsx", self.export_template, "export_template"),
            self.act_path("export/<slug:name>.csv", self.export_registry_csv, "export_registry_csv"),
            self.act_path("<int:pk>/import/", self.import_registry, "import_registry"),
            self.act_path("<int:pk>/check/", self.check_registry_import, "check_registry_import"),
            self.act_path("<int:pk>/discard/", self.discard_registry_import, "discard_registry_import"),
            self.act_path("<int:pk>/lines.csv", self.export_lines, "export_lines"),
            self.act_path("<int:pk>/file/", self.read_file, "read_file"),
            *super().get_urls(),
        ]

    # Sending a file

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a file and work out what it would do. No transaction is open meanwhile: others go on writing."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RegistryFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                row = operations.upload_registry_file(
                    given["file"], source=given["source"], holds=given["holds"], by=person_of(request)
                )
            except FileNotRead as refused:
                form.add_error("file", list(refused.faults))
            else:
                return redirect(self._address_of(row))
        shown = {
            "title": _("Import a file of the registry"),
            "form": form,
            "button": _("Check the file"),
            "back": self._address_of(None),
            "text": _(
                "The file is read and compared with the registry. You see what becomes of each line before anything is "
                "written; then all of it is written, or nothing."
            ),
            "media": self.media + form.media,
            "sheets": [(sheet, address_of(sheet)) for sheet in SHEETS],
            "most_lines": MOST_LINES,
            "may_export": request.user.has_perm("members.export_registry"),
        }
        return self._page(request, "upload", status=422 if form.errors else 200, **shown)

    # The dry run, and what came of it

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The fates of the lines, refused ones first; of an import that was applied, what it wrote."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self._row(request, whole_number(object_id))
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        lines: Any = row.lines.select_related("organisation")
        fate = request.GET.get("fate", "")
        if fate in Fate.values:
            lines = lines.filter(fate=fate)
        counts = {name: getattr(row, name) for name in Fate.values}
        total = counts.get(fate, sum(counts.values()))
        pages = page_within(page_number(request.GET), total)
        start = (pages.number - 1) * pages.size
        context = {
            "title": row.original_name,
            "original": row,
            "lines": [(line, FATE_TAGS[line.fate]) for line in refused_first(lines)[start : start + pages.size]],
            "pages": pages,
            "fate": fate,
            "fates": [(value, label, counts[value]) for value, label in Fate.choices],
            "total": sum(counts.values()),
            "tag": TAGS[row.state],
            "may_import": self.has_add_permission(request),
        }
        return self._page(request, "lines", **context)

    @method_decorator(require_POST)
    def import_registry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write what the page showed."""
        row = self._to_settle(request, pk)
        try:
            operations.import_registry(row, shown=request.POST.get("shown", ""), by=person_of(request))
        except RegistryChangedMeanwhile as refused:
            messages.warning(request, str(refused))
        except Refusal as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The import is applied."))
        return redirect(self._address_of(row))

    @method_decorator(require_POST)
    def check_registry_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Work the fates out again, from what the registry holds now."""
        row = self._to_settle(request, pk)
        try:
            operations.check_registry_import(row, by=person_of(request))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect(self._address_of(row))

    @method_decorator(require_POST)
    def discard_registry_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the file up."""
        row = self._to_settle(request, pk)
        try:
            operations.discard_registry_import(row, by=person_of(request))
        except Refusal as refused:
            messages.error(request, str(refused))
            return redirect(self._address_of(row))
        messages.success(request, _("The file is given up. The registry is as it was."))
        return redirect(self._address_of(None))

    @method_decorator(require_safe)
    def export_lines(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The fates of all lines as CSV."""
        row = self._row(request, pk)
        return stream(fates_csv(row), f"{row.original_name} lines.csv", CSV)

    @method_decorator(require_safe)
    def read_file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file as it was sent, to save."""
        row = self._row(request, pk)
        if row.state == State.DISCARDED:
            raise Http404
        return download_file(row.file, row.original_name, row.media_type, row.size)

    # The registry as files

    @method_decorator(require_safe)
    def export_registry(self, request: HttpRequest) -> HttpResponseBase:
        """All records in force, a sheet a kind."""
        self._may_export(request)
        return send_file(registry_workbook(), f"registry {today():%Y-%m-%d}.xlsx", XLSX)

    @method_decorator(require_safe)
    def export_registry_csv(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """The records in force of one kind."""
        self._may_export(request)
        sheet = next((sheet for sheet in SHEETS if address_of(sheet) == name), None)
        if sheet is None:
            raise Http404
        return stream(registry_csv(sheet), f"registry {sheet.name} {today():%Y-%m-%d}.csv", CSV)

    @method_decorator(require_safe)
    def export_template(self, request: HttpRequest) -> HttpResponseBase:
        """The sheets without records, and what their columns hold."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return send_file(template_workbook(), "registry template.xlsx", XLSX)

    def _may_export(self, request: HttpRequest) -> None:
        if not request.user.has_perm("members.export_registry"):
            raise PermissionDenied

    def _row(self, request: HttpRequest, pk: int | None) -> RegistryImport:
        """An import that exists for the reader. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).select_related("uploaded_by", "settled_by").filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _to_settle(self, request: HttpRequest, pk: int) -> RegistryImport:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._row(request, pk)

    def _page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/members/registryimport/{template}.html", shown, status=status)
