"""Two entries of one organisation: compared beside each other, merged, and taken apart again."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.refusals import Refusal
from members import operations
from members.models import Application, Organisation
from members.signing_in import person_of


class ChooseEntryForm(forms.Form):
    """Which other entry is of the same organisation; found by typing."""

    entry = forms.ModelChoiceField(label=_("The other entry"), queryset=Organisation.objects.filter(merged_into=None))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["entry"]
        field.widget = AutocompleteSelect(Application._meta.get_field("organisation"), admin.site)
        field.widget.choices = field.choices


class MergeForm(forms.Form):
    """That the two are one, and where that is known from."""

    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Where it is known from that both are one organisation.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


class SeparateForm(forms.Form):
    """Why the two are not one."""

    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Where it is known from that they are two organisations.")
    )


class MergingMixin(ActsMixin):
    """For the screen of organisations. A merge asks for the right to change organisations and to add memberships."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/merge/", self.choose_entry, "choose_entry"),
            self.act_path("<int:pk>/merge/<int:other>/", self.merge_organisations, "merge"),
            self.act_path("<int:pk>/separate/", self.separate_organisation, "separate"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An entry that was merged is read, and changed no more."""
        return not (obj is not None and obj.merged_into_id) and super().has_change_permission(request, obj)

    def _authorise_merging(self, request: HttpRequest) -> None:
        """Raises PermissionDenied."""
        if not (self.has_change_permission(request) and request.user.has_perm("members.add_membership")):
            raise PermissionDenied

    def choose_entry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which other entry it is to be merged with; nothing is written."""
        organisation = self.row(Organisation, pk=pk)
        self._authorise_merging(request)
        chosen = ChooseEntryForm(request.POST) if request.method == "POST" else None
        if chosen and chosen.is_valid() and chosen.cleaned_data["entry"] != organisation:
            other = chosen.cleaned_data["entry"]
            return redirect("admin:members_organisation_merge", *self._older_last(organisation, other))
        return self.act(
            request,
            organisation,
            title=_("Merge with another entry"),
            button=_("Compare both"),
            text=_("An organisation that was entered twice. Both entries are shown beside each other first."),
            form_class=ChooseEntryForm,
            perform=self._refuse_itself,
            done="",
        )

    @staticmethod
    def _refuse_itself(**_data: Any) -> None:
        raise Refusal(gettext("This is the very entry. Choose another one."))

    @staticmethod
    def _older_last(one: Organisation, other: Organisation) -> tuple[int, int]:
        """The newer entry is taken for the duplicate, until somebody says otherwise."""
        return max(one.pk, other.pk), min(one.pk, other.pk)

    def merge_organisations(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Both entries beside each other, and what will happen to each row; on POST the merge."""
        duplicate, into = (self._entry(each) for each in (pk, other))
        self._authorise_merging(request)
        if duplicate == into:
            raise Http404
        plan = operations.merge_plan(duplicate, into)
        refused = "" if request.method == "POST" else self._refused(request, duplicate, into)

        def merge(source: str, seen: str) -> Any:
            kept = operations.merge_organisations(duplicate, into, source=source, seen=seen, by=person_of(request))
            self.log_change(request, into, gettext("“%(name)s” was merged into it.") % {"name": duplicate})
            return kept

        return self.act(
            request,
            None,
            title=gettext("Merge “%(name)s” into “%(kept)s”") % {"name": duplicate, "kept": into},
            button=_("Merge the two entries"),
            text=_(
                "All that the duplicate holds goes to the entry that stays, known there from now on. The duplicate’s "
                "name becomes another name of it, and its page leads there. Figures as known then still know both."
            ),
            form_class=MergeForm,
            initial={"seen": plan.seal},
            perform=merge,
            done=_("The two entries are one."),
            template="admin/members/organisation/merge.html",
            then=reverse("admin:members_organisation_change", args=[into.pk]),
            context={
                "duplicate": duplicate,
                "into": into,
                "sides": self._sides(duplicate, into),
                "parts": [(part, list(fates)) for part, fates in groupby(plan.fates, key=lambda fate: str(fate.part))],
                "conflicts": len(plan.conflicts),
                "refused": refused,
                "turned": reverse("admin:members_organisation_merge", args=[into.pk, duplicate.pk]),
            },
        )

    def _entry(self, pk: int) -> Any:
        return self.row(Organisation, pk=pk)

    def _refused(self, request: HttpRequest, duplicate: Organisation, into: Organisation) -> str:
        """What the merge would be refused for, tried out and taken back."""
        try:
            with transaction.atomic():
                operations.merge_organisations(duplicate, into, source="-", by=person_of(request))
                transaction.set_rollback(True)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _sides(self, duplicate: Organisation, into: Organisation) -> list[tuple[Any, str, str]]:
        """What differs between the entries themselves: label, duplicate, the one that stays."""

        def said(entry: Any) -> list[str]:
            names = ", ".join(name.name for name in entry.other_names.all())
            return [entry.get_kind_display(), entry.code or "–", str(entry.country.name) or "–", entry.website or "–",
                    names or "–", f"/members/{entry.slug}/"]  # fmt: skip

        labels = [_("Kind"), _("Code"), _("Country"), _("Website"), _("Other names"), _("Address")]
        return list(zip(labels, said(duplicate), said(into), strict=True))

    def separate_organisation(self, request: HttpRequest, pk: int) -> HttpResponse:
        duplicate = self.row(Organisation, pk=pk)
        self._authorise_merging(request)
        if not duplicate.merged_into_id:
            raise Http404
        return self.act(
            request,
            None,
            title=_("Make it an entry of its own again"),
            button=_("Make it an entry of its own"),
            text=format_html(
                "{} {}",
                gettext("“%(name)s” was merged into “%(kept)s”.") % {"name": duplicate, "kept": duplicate.merged_into},
                _("Its struck rows can then be restored here, and what the other entry took over be struck out there."),
            ),
            form_class=SeparateForm,
            perform=lambda **data: operations.separate_organisation(duplicate, **data, by=person_of(request)),
            done=_("The entry stands for itself again."),
        )
