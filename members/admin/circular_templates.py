"""Templates of circulars in the administration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.stale import StaleSaveMixin
from members import things
from members.circular_forms import BODY, SUBJECT, CircularTemplateForm, in_braces, kinds_of_circulars
from members.circulars import merging
from members.models import CircularTemplate, TemplateText


@admin.register(CircularTemplate)
class CircularTemplateAdmin(ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    """Words to begin with, in each language, with the merge fields that the kind of thing offers."""

    form = CircularTemplateForm
    change_form_template = "admin/members/circulartemplate/change_form.html"
    list_display = ("name", "about_kind", "languages")
    search_fields = ("name", "texts__subject", "texts__body")
    show_full_result_count = False
    view_on_site = False

    class Media:
        css = {"all": ["css/circulars-admin.css"]}
        js = ["js/circulars.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("texts")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Circulars that began with it keep its words; a template that is not used is rewritten."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        texts = [(language, {"fields": (f"{SUBJECT}{code}", f"{BODY}{code}")}) for code, language in settings.LANGUAGES]
        return [(None, {"fields": ("name", "about")}), *texts]

    @admin.display(description=_("About"), ordering="about")
    def about_kind(self, template: CircularTemplate) -> str:
        kind = things.kind_of(template.about)
        return str(kind.label) if kind else gettext("Nothing in particular")

    @admin.display(description=_("Languages"))
    def languages(self, template: Any) -> str:
        written = {row.language for row in template.texts.all()}
        return ", ".join(str(name) for code, name in settings.LANGUAGES if code in written) or "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Its texts are its own fields in the form."""
        texts = form.texts()
        form.instance.texts.exclude(language__in=texts).delete()
        for language, (subject, body) in texts.items():
            TemplateText.objects.update_or_create(
                template=form.instance, language=language, defaults={"subject": subject, "body": body}
            )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        chosen = context["adminform"].form["about"].value() if "about" in context["adminform"].form.fields else ""
        groups: list[tuple[Any, Any]] = [(_("In every circular"), merging.field_names())]
        groups += [
            (kind.label, kind.fields) for kind in kinds_of_circulars() if kind.fields and chosen in ("", kind.key, None)
        ]
        context["merge_groups"] = [(label, in_braces(fields)) for label, fields in groups]
        return super().render_change_form(request, context, *args, **kwargs)
