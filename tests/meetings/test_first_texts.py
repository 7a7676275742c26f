"""What the migration writes down of meetings, decisions and documents from before texts were kept."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from meetings import operations
from meetings.agenda_texts import agenda_content, read_content
from meetings.models import AgendaRevision, Decision, DecisionRevision, Document, Meeting, Step
from tests import factories

pytestmark = pytest.mark.django_db
MIGRATION = import_module("meetings.migrations.0010_first_texts")


@pytest.fixture(scope="module")
def before() -> Any:
    """The rows as the migration knows them, without what the app has made of them since."""
    return MigrationLoader(None).project_state([("meetings", "0009_values_of_registration_changes")]).apps


@pytest.fixture
def convened(planned, officer, secretariat) -> Meeting:
    """Convened and revised before agendas were sealed, with sub-items, papers, hours and follow-ups."""
    planned.starts_at, planned.ends_at, planned.place = "15:00", "17:00", "Genève"
    planned.languages, planned.chair_name = ["en", "fr"], "Sample Chair"
    planned.chair_organisation = factories.OrganisationFactory(name="Sample State")
    planned.state, planned.agenda_revision = Meeting.State.CONVENED, 2
    planned.save()
    top = planned.items.get()
    factories.AgendaItemFactory(meeting=planned, position=2, kind="aob", title="Any other business")
    second = factories.AgendaItemFactory(
        meeting=planned, position=3, title="Sample “talk”", starts_at="15:20", minutes=20, presenter="Sample Person"
    )
    factories.AgendaItemFactory(meeting=planned, position=4, parent=top, title="Sample sub-item")
    now = timezone.now()
    old = factories.DocumentFactory(meeting=planned, symbol="S/2", title="Sample old", replaced_at=now)
    new = factories.DocumentFactory(
        meeting=planned, symbol="S/2", replaces=old, readable_from=now + timedelta(days=1), title="Sample to come"
    )
    hidden = factories.DocumentFactory(meeting=planned, title="Sample hidden", visibility="secretariat")
    plain = factories.DocumentFactory(meeting=planned, symbol="S/1", title="Sample plain")
    second.documents.set([new, hidden, plain])
    second.follow_ups.set(
        [
            factories.FollowUpFactory(what="Sample later", due=today() + timedelta(days=9)),
            factories.FollowUpFactory(what="Sample sooner", due=today() + timedelta(days=2)),
            factories.FollowUpFactory(what="Sample undated", due=None, due_note="Before the end of the year"),
        ]
    )
    Step.objects.create(meeting=planned, what="convened", by=officer, at=now - timedelta(days=9))
    Step.objects.create(meeting=planned, what="agenda revised", by=secretariat, at=now - timedelta(days=5))
    return Meeting.objects.get(pk=planned.pk)


def test_the_agenda_is_sealed_as_it_would_be_now(convened, before, secretariat) -> None:
    wanted = agenda_content(convened, number=2)
    MIGRATION.seal_first_agendas(before, None)
    sealed = AgendaRevision.objects.get()
    assert json.loads(sealed.content) == wanted
    assert sealed.content == sealing.canonical(wanted)
    assert sealed.sha256 == sealing.digest(sealed.content)
    assert [line.number for line in read_content(sealed.text).lines] == ["1", "1.1", "2", "3"]
    assert "Sample old" in sealed.content
    assert "Sample hidden" not in sealed.content
    assert (sealed.number, sealed.issued_by) == (2, secretariat)
    assert sealed.issued_at == Step.objects.get(what="agenda revised").at
    assert str(today().year) in sealed.note


def test_the_first_revision_after_it_says_what_changed(convened, before, officer, client_of) -> None:
    MIGRATION.seal_first_agendas(before, None)
    convened.items.filter(title="Sample sub-item").update(title="Sample other words")
    assert operations.changes_since_circulated(convened) == [
        "1.1 Sample other words. Title: Sample sub-item → Sample other words"
    ]
    operations.revise_agenda(convened, by=officer)
    page = client_of("reader").get("/meetings/icoca/10/agenda/")
    assert page.context["comparison"].sentences == [
        "1.1 Sample other words. Title: Sample sub-item → Sample other words"
    ]
    assert [row.number for row in convened.agenda_revisions.all()] == [2, 3]


def test_it_seals_each_agenda_once_and_the_seal_holds(convened, before) -> None:
    MIGRATION.seal_first_agendas(before, None)
    MIGRATION.seal_first_agendas(before, None)
    row = AgendaRevision.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaRevision.objects.filter(pk=row.pk).update(note="Changed")


@pytest.mark.parametrize(
    ("state", "agenda", "step", "sealed"),
    [
        ("planned", "provisional", "", False),
        ("convened", "provisional", "convened", True),
        ("convened", "provisional", "", False),  # nobody is known who circulated it
        ("held", "provisional", "convened", True),
        ("held", "adopted", "agenda adopted", True),
        ("held", "provisional", "held", False),  # recorded from the past
        ("closed", "provisional", "convened", False),
        ("cancelled", "provisional", "convened", False),
    ],
)
def test_what_was_circulated_and_may_still_be_revised_is_sealed(
    meeting, before, officer, state, agenda, step, sealed
) -> None:
    Meeting.objects.update(state=state, agenda_state=agenda)
    if step:
        Step.objects.create(meeting=meeting, what=step, by=officer)
    MIGRATION.seal_first_agendas(before, None)
    assert meeting.agenda_revisions.exists() is sealed


def test_what_has_a_sealed_text_or_no_item_stays_as_it_is(planned, before, officer) -> None:
    operations.convene_meeting(planned, by=officer)
    bare = factories.MeetingFactory(number=11, date=today(), state=Meeting.State.CONVENED)
    Step.objects.create(meeting=bare, what="convened", by=officer)
    MIGRATION.seal_first_agendas(before, None)
    assert [row.meeting for row in AgendaRevision.objects.all()] == [planned]


def test_the_text_of_a_decision_is_the_first_one_kept(meeting, before, officer) -> None:
    decision = Decision.objects.create(meeting=meeting, text="Sample", version=3, recorded_by=officer)
    for _again in range(2):
        MIGRATION.keep_decisions(before, None)
    kept = DecisionRevision.objects.get()
    assert (kept.decision, kept.version, kept.text, kept.by) == (decision, 3, "Sample", officer)
    assert kept.at == decision.recorded_at
    operations.change_decision(decision, version=3, text="Other", by=officer)
    assert [row.text for row in decision.revisions.all()] == ["Sample", "Other"]


def test_all_versions_of_a_document_name_the_first(meeting, before) -> None:
    first = factories.DocumentFactory(meeting=meeting)
    second = factories.DocumentFactory(meeting=meeting, replaces=first)
    third = factories.DocumentFactory(meeting=meeting, replaces=second)
    alone = factories.DocumentFactory(meeting=meeting)
    Document.objects.update(first_version=None)
    MIGRATION.name_first_versions(before, None)
    named = dict(Document.objects.values_list("pk", "first_version"))
    assert named == {first.pk: None, second.pk: first.pk, third.pk: first.pk, alone.pk: None}


def test_the_secretariat_reads_the_texts_of_decisions(secretariat_group) -> None:
    assert secretariat_group.permissions.filter(codename="view_decisionrevision").exists()
    assert secretariat_group.permissions.filter(codename="view_noterevision").exists()
