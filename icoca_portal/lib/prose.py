"""Rich text in the administration: an editor that offers what a paper knows, and stores nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media  # type: ignore[import-untyped]

from icoca_portal.lib.richtext import clean, to_blocks

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = object

#: The tags of `lib.richtext`, as the editor names them. Lists need their items named beside them.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [3]},
    "HardBreak": True,
    "Link": {"enableTarget": False},
}


class ProseWidget(AdminProseEditorWidget):
    """The editor, with our style sheet and with the script that gives it the name of its label."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 8, **(attrs or {})}, config={"extensions": EXTENSIONS}, preset="configurable")

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["css/prose.css"]}, js=["js/prose.js"])


class RichTextField(forms.CharField):
    """A text area that becomes the editor; without JavaScript it takes HTML. Cleaned; empty when it holds no word."""

    widget = ProseWidget

    def clean(self, value: Any) -> str:
        html = clean(super().clean(value))
        return html if to_blocks(html) else ""


class ProseAdminMixin(_ModelAdmin):
    """For a ModelAdmin whose form or inlines hold a `RichTextField`: the editor's import map gets the page's nonce."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)
