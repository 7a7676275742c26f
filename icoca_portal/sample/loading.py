"""Loads the sample site: all or nothing, and a second time without changing anything."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.refusals import Refusal
from icoca_portal.sample import (
    accounts,
    circulars,
    consultation,
    meetings,
    outreach,
    participants,
    plan,
    registry,
    registry_applications,
    responses,
)
from members.models import User


class NotASampleSite(Refusal):
    """The site is not the sample site, or its database holds other people than those of the sample."""


def refuse_elsewhere() -> None:
    """Raises NotASampleSite unless the settings say that this is the sample site."""
    if not settings.SAMPLE_SITE:
        raise NotASampleSite("SAMPLE_SITE is off. Sample data has a known password and belongs on a sample site alone.")


@transaction.atomic
def load() -> list[str]:
    """Add what is missing of the sample data, and return in a few lines what was done.

    What is there stays as it is, whoever has changed it since; only the deadline of the open questionnaire is moved
    when it has passed. Raises NotASampleSite.
    """
    refuse_elsewhere()
    if strangers := User.objects.exclude(email__endswith=".example").count():
        raise NotASampleSite(
            f"This database holds {strangers} people who are not of the sample: no address in .example. "
            "Sample data is loaded into a database of its own."
        )
    with translation.override(settings.LANGUAGE_CODE):
        return _load()


@transaction.atomic
def keep_open() -> bool:
    """Move the deadline of the sample questionnaire if it has passed while the site stood still; whether it was moved.

    For a site that is in use: nothing else is looked at or added. Raises NotASampleSite.
    """
    refuse_elsewhere()
    questionnaire = plan.Questionnaire.objects.filter(slug=plan.SLUG).first()
    return questionnaire is not None and plan.keep_deadline_to_come(
        questionnaire, by=accounts.user_of(accounts.SECRETARY)
    )


def _load() -> list[str]:
    people = accounts.load_offices()
    secretary = accounts.user_of(accounts.SECRETARY)
    supporters = participants.load(by=secretary)
    register = registry.load(by=secretary)
    register += registry_applications.load(by=secretary, applicant=accounts.user_of(accounts.APPLICANT))
    people += accounts.load_delegates(by=secretary)
    exchanges = meetings.load(by=secretary, chair=accounts.user_of(accounts.CHAIR))
    done_outside = outreach.load(by=secretary)
    strategic_plan = plan.load_plan()
    earlier, written = consultation.load(strategic_plan, by=secretary, director=accounts.user_of(accounts.DIRECTOR))
    asked = int(bool(written))
    questionnaire, opened = plan.load(strategic_plan, by=secretary, earlier=earlier)
    if opened:
        written += responses.load(questionnaire, by=secretary, director=accounts.user_of(accounts.DIRECTOR))
    moved = plan.keep_deadline_to_come(questionnaire, by=secretary)
    told = circulars.load(by=secretary)
    made = {
        "accounts": people,
        "participants": supporters,
        "organisations of the registry": register,
        "exchanges": exchanges,
        "guidance, reviews and workshops": done_outside,
        "questionnaires": asked + int(opened),
        "responses": written,
        "circulars": told,
    }
    counted = ", ".join(f"{count} {what}" for what, count in made.items() if count)
    lines = [f"Sample data loaded: {counted}." if counted else "The sample data is there; nothing was added."]
    if moved:
        lines.append(f"The deadline of the questionnaire had passed; it is now {in_geneva(questionnaire.deadline)}.")
    return lines
