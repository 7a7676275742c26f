"""What the secretariat types into the registry. What a day or a row must agree with, the operations say."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AdminTextInputWidget,
    AutocompleteSelect,
    FilteredSelectMultiple,
)
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.forms import EndRecordForm, RecordForm
from members.importing import SHEETS
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    RevenueBand,
    Succession,
)

__all__ = [
    "ApproveCertificationForm",
    "ApproveForm",
    "CertificateForm",
    "CompanyProfileForm",
    "CorrectCertificateForm",
    "CorrectStatusForm",
    "EndRecordForm",
    "FromDayForm",
    "MembershipForm",
    "ReceiveAnyForm",
    "ReceiveForm",
    "RecordForm",
    "RefuseForm",
    "RegistryFileForm",
    "RevenueBandForm",
    "StrikeOutForm",
    "SuccessionForm",
    "WithdrawForm",
]

DAYS = dict.fromkeys(("valid_from", "valid_to", "issued_on", "expires_on", "received_on"), AdminDateWidget)


def _source() -> forms.CharField:
    return forms.CharField(label=_("Source"), max_length=300, help_text=_("Where this is known from."))


def _reason(*, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), required=required, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


def _day(label: Any, *, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, initial=today, help_text=help_text, widget=AdminDateWidget)


class RowForm(forms.ModelForm):
    """The fields of a row, as the model describes them. What the row must agree with is asked by the operation, which
    names the row that stands in the way; the constraints of the database would name themselves."""

    def _get_validation_exclusions(self) -> set[str]:
        """The fields of the form have checked their values; a constraint whose fields are left out asks nothing."""
        return {field.name for field in self._meta.model._meta.fields}


class FromDayForm(forms.Form):
    """From which day on, and where it is known from."""

    on = _day(_("From"), help_text=_("The first day on which it holds."))
    source = _source()


class StrikeOutForm(forms.Form):
    """Why a row was recorded by mistake."""

    because = forms.CharField(
        label=_("Because"), max_length=300, help_text=_("What the mistake was. It stands with the struck row.")
    )


class MembershipForm(RowForm):
    class Meta:
        model = Membership
        fields = ("pillar", "category", "valid_from", "valid_to", "source")
        widgets = DAYS


class CompanyProfileForm(RowForm):
    class Meta:
        model = CompanyProfile
        fields = ("headquarters", "environment", "size", "works_in", "valid_from", "valid_to", "source")
        widgets = DAYS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["works_in"]
        # Made for each form: the widget takes the language of the moment.
        field.widget = FilteredSelectMultiple(gettext("countries"), False, choices=field.choices)


class CertificationBodyMixin(forms.BaseForm):
    """For a form with a `body`: certificates are given by organisations of that kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["body"])
        field.queryset = Organisation.objects.filter(kind=Organisation.Kind.CERTIFICATION_BODY, merged_into=None)
        field.help_text = format_html(
            '{} <a href="{}?{}">{}</a>',
            _("An organisation of the kind “certification body”."),
            reverse("admin:members_organisation_add"),
            urlencode({"kind": Organisation.Kind.CERTIFICATION_BODY.value}),
            _("Add one"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        issued, expires = cleaned.get("issued_on"), cleaned.get("expires_on")
        if issued and expires and expires <= issued:
            self.add_error("expires_on", gettext("Choose a day after the issue."))
        return cleaned


class CertificateForm(CertificationBodyMixin, RowForm):
    valid_from = forms.DateField(
        label=_("Valid from"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Empty: from the day of issue."),
    )

    class Meta:
        model = Certificate
        fields = ("standard", "body", "number", "scope", "issued_on", "expires_on", "valid_from", "source")
        widgets = DAYS


class CorrectCertificateForm(CertificationBodyMixin, RowForm):
    """A period of a certificate, put right."""

    class Meta:
        model = Certificate
        fields = (
            "standard", "body", "number", "scope", "state", "issued_on", "expires_on", "valid_from", "valid_to",
            "source",
        )  # fmt: skip
        widgets = DAYS
        help_texts = {
            "valid_to": _(
                "The first day after this state. If the certificate expires in it, the day on which it expires."
            )
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        expires, ends = cleaned.get("expires_on"), cleaned.get("valid_to")
        if expires and "valid_to" in cleaned and (ends is None or ends > expires):
            self.add_error(
                "valid_to",
                gettext("The certificate expires on %(day)s; no state of it lasts longer.") % {"day": expires},
            )
        return cleaned


class SuccessionForm(RowForm):
    """Out of whom an organisation came; found by typing."""

    class Meta:
        model = Succession
        fields = ("predecessor", "kind", "valid_from", "source")
        widgets = DAYS
        labels = {"valid_from": _("On")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["predecessor"])
        # Made for each form: the widget takes the language of the moment.
        field.widget = AutocompleteSelect(Succession._meta.get_field("predecessor"), admin.site)
        field.widget.choices = field.choices


# Applications


class StandardNamedMixin(forms.BaseForm):
    """For a form with `kind` and `standard`: a certification is to a standard, a membership to none."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind == Application.Kind.CERTIFICATION and not cleaned.get("standard") and "standard" not in self.errors:
            self.add_error("standard", gettext("Choose the standard of the certification."))
        if kind == Application.Kind.MEMBERSHIP:
            cleaned["standard"] = None
        return cleaned


class ReceiveForm(StandardNamedMixin, RowForm):
    """What an organisation asks for, and since when."""

    received_on = _day(pgettext_lazy("application", "Received"))
    source = _source()

    class Meta:
        model = Application
        fields = ("kind", "pillar", "standard")
        help_texts = {
            "pillar": _("The pillar of the applicant; companies that ask for certification are of the industry."),
            "standard": _("Of a certification alone."),
        }


class ReceiveAnyForm(ReceiveForm):
    """The same, of an organisation that is found by typing."""

    class Meta(ReceiveForm.Meta):
        fields = ("organisation", "kind", "pillar", "standard")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["organisation"])
        field.widget = AutocompleteSelect(Application._meta.get_field("organisation"), admin.site)
        field.widget.choices = field.choices


class ApproveForm(forms.Form):
    """That the Board approved, from which day on."""

    on = _day(_("Approved on"), help_text=_("What was asked for begins on this day."))
    reason = _reason()
    source = _source()


class ApproveCertificationForm(CertificationBodyMixin, ApproveForm):
    """The same of a certification, with its certificate."""

    body = forms.ModelChoiceField(label=_("Certification body"), queryset=Organisation.objects.none())
    number = forms.CharField(label=_("Number"), required=False, max_length=60)
    scope = forms.CharField(label=_("Scope"), required=False, max_length=300)
    issued_on = forms.DateField(
        label=_("Issued"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Empty: on the day of the approval. A later day is not possible."),
    )
    expires_on = forms.DateField(
        label=_("Expires"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("The first day on which the certificate no longer counts."),
    )
    field_order = ("on", "body", "number", "scope", "issued_on", "expires_on", "reason", "source")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        on, expires = cleaned.get("on"), cleaned.get("expires_on")
        if on and expires and expires <= on and "expires_on" not in self.errors:
            self.add_error("expires_on", gettext("Choose a day after the approval."))
        if cleaned.get("issued_on") is None:
            cleaned["issued_on"] = on
        return cleaned


class RefuseForm(forms.Form):
    """That the Board refused, and why."""

    on = _day(_("Refused on"))
    reason = _reason(required=True)
    source = _source()


class WithdrawForm(forms.Form):
    """That the applicant withdrew."""

    on = _day(_("Withdrawn on"))
    reason = _reason()
    source = _source()


class CorrectStatusForm(RowForm):
    """A state of an application, put right."""

    class Meta:
        model = ApplicationStatus
        fields = ("state", "valid_from", "valid_to", "reason", "source")
        widgets = {**DAYS, "reason": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") == ApplicationStatus.State.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", gettext("Say why the application was refused."))
        return cleaned


# Reference data


class RevenueBandForm(RowForm):
    class Meta:
        model = RevenueBand
        fields = ("size", "lower", "upper", "valid_from", "valid_to", "source")
        widgets = DAYS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lower, upper = cleaned.get("lower"), cleaned.get("upper")
        if lower is not None and upper is not None and upper <= lower:
            self.add_error("upper", gettext("Choose more than where the band begins."))
        return cleaned


# Files


class RegistryFileForm(forms.Form):
    """A file of the registry, and where it is from."""

    file = forms.FileField(label=_("File"), help_text=_("A workbook (.xlsx) or CSV, of at most 20 MB."))
    holds = forms.ChoiceField(
        label=_("A CSV holds"),
        required=False,
        choices=[("", _("what its columns say")), *((sheet.name, sheet.label) for sheet in SHEETS)],
        help_text=_("A workbook says it by the names of its sheets."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        widget=AdminTextInputWidget,
        help_text=_(
            "Where the file is from. It stands with new records that name no source, and with every correction that "
            "names no other one."
        ),
    )
