"""While a questionnaire is open: its changed questions become the next edition, and delegations are told."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from questionnaires import editions, emails
from questionnaires.comparing import compare
from questionnaires.exceptions import NothingChanged, QuestionnaireClosed, QuestionnaireNotReady
from questionnaires.models import Edition, Questionnaire, Response
from questionnaires.operations.designing import log
from questionnaires.operations.running import what_is_missing
from questionnaires.operations.writing import put_before


@transaction.atomic
def publish_edition(questionnaire: Questionnaire, *, note: str = "", by: User) -> Edition:
    """Freeze the design as the next edition, put it before every delegation that has not submitted, and tell them.

    Answers stay as they are, each with its question. A cleared response is a draft again: nobody cleared this edition.
    What is submitted stays as it was submitted, on its own edition. `note` says to delegations what changed and why.
    Raises QuestionnaireClosed if it is not open, NothingChanged, and QuestionnaireNotReady as for opening it.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("Only an open questionnaire gets another edition."))
    latest = locked.editions.latest("number")
    content, seal = editions.write(editions.freeze(locked, latest.number + 1))
    if not compare(latest.content, content):
        raise NothingChanged(_("Nothing has changed since edition %(number)s.") % {"number": latest.number})
    if missing := what_is_missing(locked):
        raise QuestionnaireNotReady(" ".join(missing))
    edition = Edition.objects.create(
        questionnaire=locked,
        number=latest.number + 1,
        content=content,
        sha256=seal,
        note=note.strip(),
        frozen_at=timezone.now(),
        frozen_by=by,
    )
    responses = locked.responses.exclude(state=Response.State.SUBMITTED).select_for_update(of=("self",))
    moved = list(responses.select_related("edition", "questionnaire"))
    for response in moved:
        put_before(response, edition)
    log(by, locked, _("Edition %(number)s published.") % {"number": edition.number})
    questionnaire.refresh_from_db()
    questionnaire.__dict__.pop("edition", None)
    emails.edition_published(edition, [response.delegation_id for response in moved])
    return edition


@transaction.atomic
def read_changes(response: Response, *, edition: int, by: User) -> None:
    """Note that the delegation knows what changed up to the edition with this number; it is reminded of it no more."""
    locked = Response.objects.select_for_update(of=("self",)).select_related("edition").get(pk=response.pk)
    number = min(edition, locked.edition.number)
    if number > locked.edition_read:
        locked.edition_read = number
        locked.save(update_fields=["edition_read"])
    response.refresh_from_db()
