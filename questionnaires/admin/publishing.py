"""The results of a closed questionnaire: what would be published, what is left out, what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from members.signing_in import person_of
from questionnaires import operations, results
from questionnaires.models import Questionnaire
from questionnaires.results import Held, body_of


class ReleaseForm(forms.Form):
    """Which of the quotations that are held back may be shown, and why."""

    released = forms.MultipleChoiceField(
        label=_("Show these quotations all the same"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why they may be shown"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the results, for the secretariat. For example: the delegation agreed in writing."),
    )

    def __init__(self, *args: Any, held: Sequence[Held] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["released"].choices = [(row.key, row.key) for row in held]  # type: ignore[attr-defined]
        if not held:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("released") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why the quotations may be shown."))
        return cleaned


class PublishingMixin(ActsMixin):
    """For the screen of questionnaires: the step from a closed one to published results."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/publish/", self.publish_results, "publish_results"),
            *super().get_urls(),
        ]

    def publish_results(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The preview is composed as the operation composes it; nothing of it is stored before it is published."""
        questionnaire = self.row(Questionnaire, pk=pk)
        is_closed = questionnaire.state == Questionnaire.State.CLOSED
        composed = results.compose(questionnaire) if is_closed else None
        shown = results.show_content(composed.content) if composed else None
        return self.act(
            request,
            questionnaire,
            title=_("Publish the results"),
            button=_("Publish the results"),
            form_class=partial(ReleaseForm, held=composed.held if composed else ()),  # type: ignore[arg-type]
            perform=lambda released=(), reason="": operations.publish_results(
                questionnaire, by=person_of(request), released=released, reason=reason
            ),
            done=_("The results are published. The delegates are told."),
            permission="questionnaires.publish_results",
            template="admin/questionnaires/publish_results.html",
            context={
                "questionnaire": questionnaire,
                "composed": composed,
                "shown": shown,
                "responded": results.taking.responded(shown) if shown else "",
                "body": body_of(shown) if shown else "",
            },
        )
