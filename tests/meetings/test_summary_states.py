"""draft_summary, circulate_summary, approve_summary, reopen_summary, publish_summary: what they do and refuse."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from icoca_portal.lib.sealing import digest
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.attributions import summary_attributions
from meetings.exceptions import (
    AgendaEmpty,
    CommentsStillOpen,
    CorrigendumUnexplained,
    MeetingKeptFromParticipants,
    SummaryAlreadyDrafted,
    SummaryAttributes,
    SummaryChangedMeanwhile,
    SummaryEmpty,
    SummaryInAnotherState,
    TimeAlreadyPast,
)
from meetings.models import Attendance, ChairsSummary, Meeting, NamesAccepted, SummaryPart, Visibility
from members.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
State = ChairsSummary.State


def test_a_draft_has_one_part_an_item_and_counts_without_names(meeting, officer, delegation, other_delegation):
    for present in (delegation, other_delegation):
        factories.AttendanceFactory(meeting=meeting, delegation=present, person_name="Sample Person of a Delegation")
    guest = {"meeting": meeting, "delegation": None}
    factories.AttendanceFactory(**guest, capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR, guest_name="Jamie Williamson")
    factories.AttendanceFactory(**guest, capacity=Attendance.Capacity.GUEST, guest_name="Sample Guest")
    meeting.chair_name, meeting.heading_facts = "Ian McKay", "Documents: three sample papers"
    meeting.save()
    summary = operations.draft_summary(meeting, by=officer)
    assert [(part.number, part.title) for part in summary.parts.all()] == [
        ("1", "Sample item 1"),
        ("2", "Sample item 2"),
    ]
    assert "sample question" in summary.parts.first().text
    lines = summary.title_lines.splitlines()
    assert "Took part: 2 Montreux Document participants" in lines
    assert "Executive Director of the Association: Jamie Williamson" in lines
    assert "Guests: 1" in lines
    assert "Chair: Ian McKay" in lines
    assert "Documents: three sample papers" in lines
    for name in ("Switzerland", "Sweden", "Sample Person of a Delegation", "Sample Guest"):
        assert name not in summary.title_lines


def test_a_draft_is_cleaned(meeting, officer):
    meeting.items.update(record="<p onclick='x()'>Text</p><script>alert(1)</script>")
    assert operations.draft_summary(meeting, by=officer).parts.first().text == "<p>Text</p>"


def test_a_draft_is_not_overwritten_unasked(draft, meeting, officer):
    draft.parts.update(text="<p>Written by hand</p>")
    with pytest.raises(SummaryAlreadyDrafted):
        operations.draft_summary(meeting, by=officer)
    assert draft.parts.first().text == "<p>Written by hand</p>"
    again = operations.draft_summary(meeting, by=officer, overwrite=True)
    assert (again.pk, again.parts.count()) == (draft.pk, 2)
    assert "Written by hand" not in again.parts.first().text


def test_nothing_is_drafted_over_an_adopted_text(adopted, meeting, officer):
    with pytest.raises(SummaryInAnotherState):
        operations.draft_summary(meeting, by=officer, overwrite=True)


def test_a_meeting_without_items_has_no_draft(officer):
    with pytest.raises(AgendaEmpty):
        operations.draft_summary(factories.MeetingFactory(state=Meeting.State.HELD), by=officer)


def test_the_chair_adopts_what_they_read(draft, chair):
    adopted = operations.approve_summary(draft, by=chair, seen_version=draft.version)
    assert (adopted.state, adopted.approved_by) == (State.ADOPTED, chair)
    assert adopted.approved_at is not None


def test_the_chair_does_not_adopt_what_was_changed_meanwhile(draft, chair):
    with pytest.raises(SummaryChangedMeanwhile):
        operations.approve_summary(draft, by=chair, seen_version=draft.version - 1)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_part_without_text_stops_the_approval(draft, chair):
    draft.parts.filter(number="2").update(text="<p> </p>")
    with pytest.raises(SummaryEmpty, match="2 Sample item 2"):
        operations.approve_summary(draft, by=chair)


@pytest.mark.parametrize("verb", ["approve_summary", "circulate_summary"])
def test_an_adopted_text_is_not_adopted_or_circulated_again(adopted, officer, verb):
    more = {"comments_until": timezone.now() + timedelta(days=1)} if verb == "circulate_summary" else {}
    with pytest.raises(SummaryInAnotherState):
        getattr(operations, verb)(adopted, by=officer, **more)


@pytest.mark.parametrize("verb", ["publish_summary", "reopen_summary"])
def test_a_draft_is_neither_published_nor_opened(draft, officer, verb):
    with pytest.raises(SummaryInAnotherState):
        getattr(operations, verb)(draft, by=officer)


def test_a_circulated_text_waits_for_comments(draft, officer, focal_point, time_machine):
    until = timezone.now() + timedelta(days=7)
    circulated = operations.circulate_summary(draft, comments_until=until, by=officer)
    assert circulated.state == State.CIRCULATED
    assert Message.objects.get().recipient == focal_point.email
    with pytest.raises(CommentsStillOpen):
        operations.approve_summary(draft, by=officer)
    time_machine.move_to(until + timedelta(minutes=1))
    assert operations.approve_summary(draft, by=officer).state == State.ADOPTED


def test_the_time_for_comments_is_to_come(draft, officer):
    with pytest.raises(TimeAlreadyPast):
        operations.circulate_summary(draft, comments_until=timezone.now(), by=officer)


@pytest.mark.parametrize("verb", ["circulate_summary", "publish_summary"])
def test_what_participants_may_not_read_is_not_sent_to_them(draft, officer, verb):
    Meeting.objects.update(visibility=Visibility.SECRETARIAT)
    more = {"comments_until": timezone.now() + timedelta(days=1)}
    if verb == "publish_summary":
        operations.approve_summary(draft, by=officer)
        more = {}
    with pytest.raises(MeetingKeptFromParticipants):
        getattr(operations, verb)(draft, by=officer, **more)


def test_publishing_seals_the_text_and_tells_the_delegates(adopted, officer, focal_point):
    published = operations.publish_summary(adopted, by=officer)
    assert (published.number, published.symbol) == (0, "ICoCA-WG/9/Summary")
    assert published.sha256 == digest(published.content)
    content = json.loads(published.content)
    assert [part["number"] for part in content["parts"]] == ["1", "2"]
    assert content["title"] == "Chair’s Summary of the ninth exchange"
    adopted.refresh_from_db()
    assert adopted.state == State.PUBLISHED
    message = Message.objects.get(recipient=focal_point.email)
    assert published.sha256[:8] in message.text
    assert adopted.get_absolute_url() in message.text


def test_what_was_published_does_not_follow_the_draft(published):
    SummaryPart.objects.update(text="<p>Changed behind the back</p>")
    published.refresh_from_db()
    assert "Changed behind the back" not in published.content
    assert published.is_intact


def test_a_correction_stands_beside_the_original(published, officer):
    opened = operations.reopen_summary(published.summary, by=officer)
    assert (opened.state, opened.approved_at) == (State.DRAFT, None)
    opened.parts.filter(number="1").update(text="<p>The corrected sample text.</p>")
    operations.approve_summary(opened, by=officer)
    with pytest.raises(CorrigendumUnexplained):
        operations.publish_summary(opened, by=officer)
    corrected = operations.publish_summary(opened, by=officer, corrects="The first item is reported as it was.")
    assert corrected.text["corrects"] == "The first item is reported as it was."
    assert (corrected.number, corrected.symbol) == (1, "ICoCA-WG/9/Summary/Corr.1")
    assert "The corrected sample text." in corrected.content
    published.refresh_from_db()
    assert "The corrected sample text." not in published.content


@pytest.fixture
def named(draft, delegation, other_delegation):
    """A draft in which Sweden and a person who spoke for Switzerland are named."""
    factories.AttendanceFactory(meeting=draft.meeting, delegation=delegation, person_name="Sample Speaker; Sample Aide")
    draft.parts.filter(number="1").update(text="<p>The delegate of <strong>Sweden</strong> asked a question.</p>")
    draft.parts.filter(number="2").update(text="<p>Sample Aide answered.</p>")
    return draft


def test_names_are_found_in_the_parts(named):
    found = [(found.name, found.part) for found in summary_attributions(named)]
    assert found == [("Sweden", "1 Sample item 1"), ("Sample Aide", "2 Sample item 2")]
    assert "delegate of Sweden asked" in summary_attributions(named)[0].excerpt


def test_names_in_the_heading_attribute_nothing(draft, other_delegation):
    draft.title_lines = "Chair: Sample Chair, Sweden"
    draft.save()
    assert summary_attributions(draft) == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("United States of America", "The United States asked.", ["United States"]),
        ("United States of America", "The United States of America asked.", ["United States of America"]),
        ("Oman", "A Roman asked a woman.", []),
        ("Sample State X", "SAMPLE STATE X asked", ["SAMPLE STATE X"]),
    ],
)
def test_a_name_is_found_as_a_whole_word(draft, name, text, found):
    organisation = factories.OrganisationFactory(name=name)
    factories.ParticipationFactory(organisation=organisation)
    draft.parts.filter(number="1").update(text=f"<p>{text}</p>")
    assert [one.name for one in summary_attributions(draft)] == found


def test_an_organisation_is_found_by_its_short_name(draft):
    kind = Organisation.Kind.INTERNATIONAL_ORGANISATION
    organisation = factories.OrganisationFactory(name="Sample Treaty Organisation", code="STO", kind=kind)
    factories.ParticipationFactory(organisation=organisation)
    draft.parts.filter(number="1").update(text="<p>STO asked.</p>")
    assert [one.name for one in summary_attributions(draft)] == ["STO"]


def test_names_stop_the_publication_until_somebody_looked(named, officer):
    operations.approve_summary(named, by=officer)
    with pytest.raises(SummaryAttributes) as refusal:
        operations.publish_summary(named, by=officer)
    assert [found.name for found in refusal.value.attributions] == ["Sweden", "Sample Aide"]
    assert "Sweden" in str(refusal.value)
    assert not Message.objects.exists()
    with pytest.raises(SummaryAttributes):
        operations.publish_summary(named, by=officer, names_reason="  ")
    assert not NamesAccepted.objects.exists()
    assert operations.publish_summary(named, by=officer, names_reason="Sample reason").number == 0
    logged = NamesAccepted.objects.get()
    assert (logged.step, logged.reason, logged.by) == ("published", "Sample reason", officer)
    assert [passage["name"] for passage in logged.passages] == ["Sweden", "Sample Aide"]
    assert "delegate of Sweden asked" in logged.passages[0]["passage"]


def test_names_stop_the_circulation_too(named, officer):
    with pytest.raises(SummaryAttributes):
        operations.circulate_summary(named, comments_until=timezone.now() + timedelta(days=1), by=officer)
