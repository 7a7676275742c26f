"""What is sent with a line of an application's checklist, and what the secretariat types about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.uploads import EXTENSIONS
from members.forms import PersonFoundMixin, RecordForm
from members.models import DeadlineRule, Requirement, User
from members.registry_forms import DAYS, RowForm

#: What a browser offers to choose; what is taken, the content decides.
ACCEPT = ",".join([*EXTENSIONS.values(), ".jpeg"])


class FilesInput(forms.FileInput):
    """Several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else list(files.get(name) or [])


class FilesField(forms.Field):
    """Any number of files, as a list: each is looked into by the operation that stores it, and refused by its name."""

    widget = FilesInput


def _note(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4})
    )


class SupplyForm(forms.Form):
    """Files for a line, and words beside them."""

    files: Any = FilesField(
        label=_("Files"), required=False, widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT})
    )
    note = _note(_("Note"))


class OfLineForm(forms.Form):
    """An act on a line as it was read: `version` says which state of it the page has shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(OfLineForm):
    note = _note(_("Note"), help_text=_("The applicant reads it."))


class ReturnForm(OfLineForm):
    reason = _note(_("Reason"), required=True, help_text=_("What is missing or wrong, and what to send instead."))


class WaiveForm(OfLineForm):
    reason = _note(_("Reason"), required=True)


class ReopenForm(AcceptForm):
    pass


# Checklists and rules


class RequirementForm(RowForm):
    class Meta:
        model = Requirement
        fields = (
            "asks", "pillar", "position", "title", "explanation", "needs_file", "valid_from", "valid_to", "source",
        )  # fmt: skip
        widgets = {**DAYS, "explanation": forms.Textarea(attrs={"rows": 3})}


class DeadlineRuleForm(RowForm):
    class Meta:
        model = DeadlineRule
        fields = ("step", "pillar", "length", "unit", "valid_from", "valid_to", "source")
        widgets = DAYS


# Representatives


class RepresentativeForm(PersonFoundMixin, RecordForm):
    """Who speaks for an organisation: somebody who has an account, or somebody who is invited."""

    user = forms.ModelChoiceField(
        label=_("Person"),
        required=False,
        queryset=User.objects.active(),
        help_text=_("Somebody with an account. Who has none is invited: leave this empty and fill in the next three."),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=150)
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    language = forms.ChoiceField(
        label=pgettext_lazy("of a person", "Language"), required=False, choices=settings.LANGUAGES
    )
    field_order = ("user", "name", "email", "language", "valid_from", "valid_to", "source")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        named = bool(cleaned.get("name") or cleaned.get("email"))
        if cleaned.get("user") and named:
            self.add_error("user", _("Choose a person, or name one to be invited; not both."))
        elif not cleaned.get("user") and "user" not in self.errors:
            for field in ("name", "email"):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(
                        field,
                        _("Name the person to be invited.") if field == "name" else _("Say where the invitation goes."),
                    )
        return cleaned
