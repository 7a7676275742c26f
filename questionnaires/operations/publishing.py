"""From a closed questionnaire to results that its participants read."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib import sealing
from members.models import User
from questionnaires import emails, results
from questionnaires.exceptions import QuestionnaireNotClosed, ReleaseUnexplained
from questionnaires.models import Questionnaire, Results


@transaction.atomic
def publish_results(
    questionnaire: Questionnaire, *, by: User, released: Iterable[str] = (), reason: str = ""
) -> Results:
    """Count what is on record, leave out what would tell of a few, seal the rest, and tell the delegates.

    `released` are the keys of quotations that were held back and are shown all the same, for a `reason` that is kept.
    Raises QuestionnaireNotClosed unless the questionnaire is closed and nothing is published yet, ReleaseUnexplained
    for a release without a reason.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state == Questionnaire.State.PUBLISHED:
        raise QuestionnaireNotClosed(_("The results are published already."))
    if locked.state != Questionnaire.State.CLOSED:
        raise QuestionnaireNotClosed(_("Close the questionnaire first: results are made of all responses."))
    keys, reason = frozenset(released), reason.strip()
    # Like what it is made of, it is sealed in the language in which the questions were first written.
    with translation.override(settings.LANGUAGE_CODE):
        record = results.read_record(locked)  # every sealed text: once
        held = {quotation.key: quotation for quotation in results.compose_record(record, locked.threshold).held}
        chosen = [held[key] for key in held if key in keys]
        if chosen and not reason:
            raise ReleaseUnexplained(_("Say why the quotations may be shown."))
        shown = frozenset(quotation.key for quotation in chosen)
        text = sealing.canonical(results.compose_record(record, locked.threshold, shown).content)
    row = Results.objects.create(
        questionnaire=locked,
        content=text,
        sha256=sealing.digest(text),
        released=[{"question": q.number, "delegation": q.delegation, "text": q.text, "why": q.why} for q in chosen],
        release_reason=reason if chosen else "",
        published_at=timezone.now(),
        published_by=by,
    )
    locked.state = Questionnaire.State.PUBLISHED
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    questionnaire.refresh_from_db()
    emails.results_published(row)
    return row
