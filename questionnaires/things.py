"""Questionnaires as things that circulars and notices are about (`members.things`)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.moments import in_both
from members.things import Kind, Thing
from questionnaires.circulation import latest_extensions
from questionnaires.models import Extension, Questionnaire, Response

QUESTIONNAIRE = "questionnaire"


class _Told:
    """What a questionnaire has to say to each delegation, by its organisation: read once, when it is first asked."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    @cached_property
    def _extensions(self) -> dict[int, Extension]:
        rows = self.questionnaire.extensions.select_related("delegation")
        return {row.delegation.organisation_id: row for row in latest_extensions(rows).values()}

    @cached_property
    def _states(self) -> dict[int, str]:
        rows: Any = Response.objects.filter(questionnaire=self.questionnaire).known_outside()
        return dict(rows.values_list("delegation__organisation", "known_state"))

    def title(self, organisation: Any = None) -> str:
        return self.questionnaire.local_title

    def deadline(self, organisation: Any) -> str:
        """That of the delegation, with more time where it was given some; Geneva's hour and the reader's."""
        until = self.questionnaire.deadline
        extension = self._extensions.get(organisation.pk) if organisation else None
        return in_both(max(until, extension.until) if extension else until)

    def link(self, organisation: Any) -> str:
        return settings.PORTAL_ADDRESS + self.questionnaire.get_absolute_url()

    def state(self, organisation: Any) -> str:
        """As others than the delegation know it: what it has cleared is a draft to them."""
        if organisation is None:
            return ""
        state = self._states.get(organisation.pk)
        words = {
            None: _("not started"),
            Response.State.DRAFT: _("begun, not submitted"),
            Response.State.SUBMITTED: _("submitted"),
            Response.State.RETURNED: _("returned, to be submitted again"),
        }
        return words.get(Response.State(state) if state else None, "")


def thing_of(questionnaire: Questionnaire) -> Thing:
    """The questionnaire as a thing."""
    told = _Told(questionnaire)
    return Thing(
        kind=QUESTIONNAIRE,
        pk=questionnaire.pk,
        title=told.title,
        address=questionnaire.get_absolute_url(),
        fields={"title": told.title, "deadline": told.deadline, "link": told.link, "state": told.state},
        is_out=questionnaire.state != Questionnaire.State.DRAFT,
    )


def _find(pk: int) -> Thing | None:
    questionnaire = Questionnaire.objects.filter(pk=pk).first()
    return thing_of(questionnaire) if questionnaire else None


def _recent() -> Iterable[Thing]:
    """Drafts too: a circular may be written before its questionnaire opens, and is held back until it has."""
    return [thing_of(row) for row in Questionnaire.objects.order_by("-deadline", "-pk")[:20]]


KIND = Kind(
    key=QUESTIONNAIRE,
    label=gettext_lazy("Questionnaire"),
    find=_find,
    rows=lambda user: Questionnaire.objects.visible_to(user),
    recent=_recent,
    fields={
        "title": gettext_lazy("Title of the questionnaire"),
        "deadline": gettext_lazy("Until when the reader’s delegation may answer, in Geneva and at the reader’s place"),
        "link": gettext_lazy("Address of the questionnaire"),
        "state": gettext_lazy("State of the response of the reader’s delegation"),
    },
)
