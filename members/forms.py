"""What people and the secretariat type about organisations, people and roles."""

from __future__ import annotations

from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.addresses import is_page_of_the_portal
from members.models import Delegate, Directorship, Organisation, User

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> list[tuple[str, Any]]:
    """All zones of the IANA database that are named after a place, grouped by area, and UTC."""
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for name in sorted(available_timezones()):
        area, _slash, place = name.partition("/")
        if place and area in groups:
            groups[area].append((name, place.replace("_", " ").replace("/", ", ")))
    return [*groups.items(), ("UTC", "UTC")]


class ProfileForm(forms.ModelForm):
    """What a person says about themselves; the address is the secretariat's to change."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Hours are shown in it beside those of Geneva.")
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        labels = {"name": _("Name"), "language": _("Language")}
        help_texts = {"language": _("For the portal’s pages and the mail it sends you.")}


class ParticipantsForm(forms.Form):
    """Which participants, on which day."""

    as_of = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    q = forms.CharField(label=_("Name"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Both")),
            (Organisation.Kind.STATE.value, Organisation.Kind.STATE.label),
            (Organisation.Kind.INTERNATIONAL_ORGANISATION.value, Organisation.Kind.INTERNATIONAL_ORGANISATION.label),
        ],
    )


class StatisticsForm(forms.Form):
    """Of which day figures are asked, counted with what is known today or was then, and beside which other day."""

    as_of = forms.DateField(label=_("As of"), required=False)
    known = forms.ChoiceField(
        label=_("Counted with what is known"),
        required=False,
        choices=[("today", _("today")), ("then", _("on that day"))],
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        # Its name in the address is a word that Python keeps for itself.
        self.fields["with"] = forms.DateField(label=_("Compare with"), required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("as_of", "with"):
            day = self.cleaned_data.get(name)
            if day is not None and day > today():
                words = {"day": date_format(day, "DATE_FORMAT")}
                self.add_error(name, _("%(day)s is a day to come: nobody knows its figures yet.") % words)
        return self.cleaned_data


class SendAssessmentForm(forms.Form):
    """The file of a self-assessment. What it really is, the operation finds out."""

    upload = forms.FileField(
        label=_("File"), max_length=255, allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["upload"].help_text = gettext(
            "A PDF, a Word, Excel or OpenDocument file, a picture or text, up to %(limit)d MB."
        ) % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2}


# The administration


class OrganisationForm(forms.ModelForm):
    """An organisation; its address stands beside those of the portal's own pages, and takes none of them.

    The fields are those of the screen.
    """

    def clean_slug(self) -> str:
        """The address, if it leads to the organisation's page."""
        slug = str(self.cleaned_data["slug"])
        if is_page_of_the_portal(slug):
            raise forms.ValidationError(_("This address is a page of the portal. Choose another one."))
        return slug


class UserForm(forms.ModelForm):
    """A person, as the secretariat enters them."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial="Europe/Zurich")

    class Meta:
        model = User
        fields = ("name", "email", "language", "time_zone", "is_staff", "groups", "is_superuser")

    def clean_email(self) -> str:
        """Addresses are kept in small letters."""
        return str(self.cleaned_data["email"]).strip().lower()


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=AdminDateWidget)


class PersonFoundMixin(forms.BaseForm):
    """For a form with a `user`: persons are found by typing, not in a list of hundreds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["user"])
        # Made for each form: the widget takes the language of the moment.
        field.widget = AutocompleteSelect(Delegate._meta.get_field("user"), admin.site)
        field.widget.choices = field.choices


class AppointForm(PersonFoundMixin, forms.Form):
    """Give a person a role in a delegation."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.active())
    role = forms.ChoiceField(label=_("Role"), choices=Delegate.Role)
    valid_from = forms.DateField(label=_("From"), initial=today, widget=AdminDateWidget)
    valid_to = _day(_("Until"), required=False, help_text=_("The first day without the role; empty: without end."))


class RoleForm(forms.Form):
    """Another role for a delegate."""

    role = forms.ChoiceField(label=_("Role"), choices=Delegate.Role, help_text=_("Holds from today on."))


class EndForm(forms.Form):
    """The end of an appointment."""

    on = forms.DateField(
        label=_("Ends on"),
        initial=today,
        widget=AdminDateWidget,
        help_text=_("The first day without the role. Sessions and rights end with it."),
    )


class RecordForm(forms.Form):
    """The days of a dated row, and where they are known from."""

    valid_from = _day(_("From"))
    valid_to = _day(_("Until"), required=False, help_text=_("The first day on which it no longer holds; empty: still."))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Where this is known from."))


class EndRecordForm(forms.Form):
    """The end of a dated row, and where it is known from."""

    on = forms.DateField(
        label=_("Ended on"),
        initial=today,
        widget=AdminDateWidget,
        help_text=_("The first day on which it no longer held."),
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Where this is known from."))


class DirectorshipForm(PersonFoundMixin, forms.ModelForm):
    """A seat on the Board; recorded or put right, never rewritten."""

    class Meta:
        model = Directorship
        fields = ("person_name", "user", "pillar", "is_chair", "valid_from", "valid_to", "source")
