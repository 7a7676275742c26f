"""What the Board concludes, and its publication by the secretariat."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.richtext import clean, to_blocks
from members.models import User
from questionnaires.exceptions import ConclusionChangedMeanwhile, ConclusionNotReady, ConclusionPublished
from questionnaires.models import Conclusion, Objective, Questionnaire


def _locked(questionnaire: Questionnaire, objective: Objective | None) -> Conclusion | None:
    # The questionnaire's row makes two first conclusions wait for each other.
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    rows = Conclusion.objects.select_for_update(of=("self",)).filter(questionnaire=questionnaire, objective=objective)
    return rows.select_related("written_by").first()


@transaction.atomic
def write_conclusion(
    questionnaire: Questionnaire, objective: Objective | None, *, text: str, base: int, by: User
) -> Conclusion:
    """Write what the Board concludes on an objective (None: on the whole), over version `base` (0: none yet).

    The text is cleaned. The same text again changes nothing. Raises ConclusionChangedMeanwhile if somebody wrote since
    `base`, with what stands; ConclusionPublished while participants read it.
    """
    html = clean(text)
    html = html if to_blocks(html) else ""
    conclusion = _locked(questionnaire, objective)
    standing = conclusion.version if conclusion else 0
    if conclusion is not None and conclusion.text == html:
        return conclusion
    if conclusion is not None and conclusion.published_at is not None:
        raise ConclusionPublished(
            _("The conclusion is published. The secretariat takes it back before it can be changed."), conclusion
        )
    if base != standing:
        raise ConclusionChangedMeanwhile(
            _("Not stored. Somebody wrote a conclusion while you were writing. Your text stands below."), conclusion
        )
    if conclusion is None:
        conclusion = Conclusion(questionnaire=questionnaire, objective=objective, text=html, written_by=by)
    else:
        conclusion.version += 1
        conclusion.text, conclusion.written_at, conclusion.written_by = html, timezone.now(), by
    conclusion._history_user = by  # type: ignore[attr-defined]
    conclusion.save()
    return conclusion


@transaction.atomic
def publish_conclusion(questionnaire: Questionnaire, objective: Objective | None, *, by: User, seen: int) -> Conclusion:
    """Let participants read the conclusion, as version `seen`. Done twice, it is done once.

    Raises ConclusionNotReady where nothing is written, ConclusionChangedMeanwhile if another version stands.
    """
    conclusion = _locked(questionnaire, objective)
    if conclusion is None or not conclusion.text:
        raise ConclusionNotReady(_("There is no conclusion to publish yet."))
    if conclusion.version != seen:
        raise ConclusionChangedMeanwhile(
            _("Not published. The Board changed the conclusion meanwhile. Read it again first."), conclusion
        )
    if conclusion.published_at is None:
        conclusion.published_at, conclusion.published_by = timezone.now(), by
        conclusion._history_user = by  # type: ignore[attr-defined]
        conclusion.save(update_fields=["published_at", "published_by"])
    return conclusion


@transaction.atomic
def withdraw_conclusion(questionnaire: Questionnaire, objective: Objective | None, *, by: User) -> None:
    """Take a published conclusion back, so that the Board can change it. Nothing happens if it is not published."""
    conclusion = _locked(questionnaire, objective)
    if conclusion is not None and conclusion.published_at is not None:
        conclusion.published_at = conclusion.published_by = None
        conclusion._history_user = by  # type: ignore[attr-defined]
        conclusion.save(update_fields=["published_at", "published_by"])
