"""The audiences of circulars that questionnaires know: whom one was put to, who has answered and who has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.circulars.audiences import Addressee, Audience, Rule, key_of, register
from members.circulars.of_members import people_of_delegations, roles_in_words
from members.models import Delegate, Organisation
from questionnaires.circulation import WRITERS, delegations_asked, missing
from questionnaires.models import Questionnaire, Response
from questionnaires.things import QUESTIONNAIRE


def _questionnaire(audience: Audience) -> Questionnaire | None:
    return Questionnaire.objects.filter(pk=key_of(audience, QUESTIONNAIRE) or 0).first()


def _not_answered(questionnaire: Questionnaire, now: datetime) -> list[Organisation]:
    """Those that were asked, have not submitted and still may: more time that was given counts, and so does a response
    that was returned."""
    return [row.delegation.organisation for row in missing(questionnaire, now)]


def _asked(questionnaire: Questionnaire, now: datetime) -> list[Organisation]:
    if questionnaire.state == Questionnaire.State.DRAFT:
        return []
    rows = delegations_asked(questionnaire).select_related("organisation").order_by("organisation__name")
    return [row.organisation for row in rows]


def _answered(questionnaire: Questionnaire, now: datetime) -> list[Organisation]:
    rows = questionnaire.responses.filter(state=Response.State.SUBMITTED).select_related("delegation__organisation")
    return [row.delegation.organisation for row in rows.order_by("delegation__organisation__name")]


def _rule(
    key: str, label: Promise, words: Promise, organisations: Callable[[Questionnaire, datetime], list[Organisation]]
) -> Rule:
    def addressees(audience: Audience, now: datetime) -> Iterable[Addressee]:
        questionnaire = _questionnaire(audience)
        if questionnaire is None:
            return []
        return people_of_delegations(organisations(questionnaire, now), audience.get("roles", []), now)

    def in_words(audience: Audience) -> str:
        questionnaire = _questionnaire(audience)
        title = questionnaire.local_title if questionnaire else _("a questionnaire")
        return str(words) % {"questionnaire": title, "people": roles_in_words(audience)}

    return Rule(key, label, addressees, in_words, fields=_fields, about=(QUESTIONNAIRE,))


def _fields() -> dict[str, forms.Field]:
    return {
        "roles": forms.MultipleChoiceField(
            label=gettext_lazy("People"),
            choices=Delegate.Role.choices,
            initial=list(WRITERS),
            widget=forms.CheckboxSelectMultiple,
        )
    }


UNANSWERED = register(
    _rule(
        "unanswered",
        gettext_lazy("Those who have not answered"),
        gettext_lazy("Delegations that have not answered “%(questionnaire)s” and still may: %(people)s"),
        _not_answered,
    )
)
ASKED = register(
    _rule(
        "asked",
        gettext_lazy("All whom the questionnaire was put to"),
        gettext_lazy("Delegations to which “%(questionnaire)s” was put: %(people)s"),
        _asked,
    )
)
ANSWERED = register(
    _rule(
        "answered",
        gettext_lazy("Those who have answered"),
        gettext_lazy("Delegations that have answered “%(questionnaire)s”: %(people)s"),
        _answered,
    )
)
