"""compose_summary, insert_figure: sentences without who said it, the screen, figures of the registry."""

from datetime import date

import pytest
from django.utils import translation

from meetings import composing, operations
from meetings.attributions import names_in, texts_of
from meetings.composing import Choice
from meetings.exceptions import FigureUnknown, NothingToCompose, SummaryChangedMeanwhile, SummaryInAnotherState
from meetings.models import AgendaItem, Attendance, ChairsSummary, Decision, Note, SummaryFigure
from meetings.summary_figures import figures_of
from members import figures
from members.figures import Figure, asking
from tests import factories
from tests.counting import queries
from tests.meetings.test_attributions import note

pytestmark = pytest.mark.django_db
PAGE = "/meetings/icoca/9/summary/compose/"


def body(response):
    return response.content.decode()


def said(*notes, offices=None):
    return composing.sentence(notes, offices or {})


@pytest.fixture
def three(delegation, other_delegation):
    return [delegation, other_delegation, factories.DelegationFactory(organisation__name="Sample Third State")]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("question", "When is it final?", "One Montreux Document participant asked: When is it final?"),
        ("question", "whether it is final", "One Montreux Document participant asked whether it is final."),
        ("comment", "The plan is clear", "One Montreux Document participant commented: The plan is clear."),
        ("comment", "that the plan is clear.", "One Montreux Document participant said that the plan is clear."),
        ("reply", "That is so.", "One Montreux Document participant replied: That is so."),
        ("proposal", "to hear the clients", "One Montreux Document participant proposed to hear the clients."),
        ("note", "It is clear", "One Montreux Document participant said: It is clear."),
    ],
)
def test_an_intervention_is_said_by_its_kind(meeting, delegation, kind, text, expected):
    assert said(note(meeting, delegation=delegation, kind=kind, text=text)) == expected


def test_several_are_merged_into_one_sentence(meeting, three):
    notes = [
        note(meeting, delegation=one, text=text)
        for one, text in zip(three, ("First?", "Second", "Third."), strict=True)
    ]
    assert said(*notes[:2]) == "Two Montreux Document participants asked: First?; Second."
    assert said(*notes) == "A number of Montreux Document participants asked: First?; Second; Third."


def test_the_same_delegation_twice_is_one_participant(meeting, delegation):
    notes = [note(meeting, delegation=delegation, text=f"whether {word}") for word in ("one", "two")]
    assert said(*notes) == "One Montreux Document participant asked whether one and whether two."


def test_different_kinds_are_merged_too(meeting, three):
    notes = [
        note(meeting, delegation=three[0], text="One"),
        note(meeting, delegation=three[1], kind="comment", text="Two"),
    ]
    assert said(*notes) == "Two Montreux Document participants said: One; Two."


def test_in_french_the_verb_is_left_to_the_translation(meeting, delegation):
    with translation.override("fr"):
        assert said(note(meeting, delegation=delegation, text="Quand ?"))


def test_an_officer_is_named_by_the_office_and_others_are_speakers(meeting):
    factories.AttendanceFactory(
        meeting=meeting, delegation=None, capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR, guest_name="Sample Director"
    )
    offices = composing.offices_of(meeting)
    reply = note(meeting, speaker="Sample Director", kind="reply", text="that it is so")
    assert said(reply, offices=offices) == "The Executive Director of the Association replied that it is so."
    assert said(note(meeting, speaker="Sample Guest", text="Why?"), offices=offices) == "One speaker asked: Why?"


def test_the_opening_says_who_took_part_in_words(meeting, delegation):
    meeting.participants_counted, meeting.chair_name = 15, "Ian McKay"
    meeting.save()
    guest = {"meeting": meeting, "delegation": None}
    factories.AttendanceFactory(**guest, capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR, guest_name="Jamie Williamson")
    factories.AttendanceFactory(
        **guest, capacity=Attendance.Capacity.SECRETARIAT, guest_organisation="Secretariat of the Sample Forum"
    )
    factories.AttendanceFactory(**guest, capacity=Attendance.Capacity.GUEST, guest_name="Sample Guest")
    assert composing.opening(meeting) == (
        "<p>The ninth exchange of the Working Group took place in Geneva on 6 June 2018. Ian McKay was in the chair. "
        "It was attended by 15 Montreux Document participants, the Executive Director of the Association "
        "(Jamie Williamson), the Secretariat of the Sample Forum and 1 guest.</p>"
    )


def test_a_draft_holds_the_notes_unattributed(meeting, officer, delegation):
    first = meeting.items.first()
    note(meeting, delegation=delegation, speaker="Sample Person", text="whether <b>it</b> is final")
    note(meeting, kind=Note.Kind.NOTE, text="The chair opened the item.")
    Decision.objects.create(meeting=meeting, item=first, text="to meet again", recorded_by=officer)
    sub = AgendaItem.objects.create(
        meeting=meeting, parent=first, position=1, title="Sample sub-item", record="<p>Sub</p>"
    )
    draft = operations.draft_summary(meeting, by=officer)
    assert [(part.number, part.item) for part in draft.parts.all()] == [
        ("1", first),
        ("2", meeting.items.get(position=2)),
    ]
    assert draft.parts.first().text == (
        "<p>One Montreux Document participant asked a sample question.</p>"
        "<p>One Montreux Document participant asked whether &lt;b&gt;it&lt;/b&gt; is final.</p>"
        "<p>The chair opened the item.</p><p>The Working Group decided to meet again.</p>"
        f"<h3>1.1 {sub.title}</h3><p>Sub</p>"
    )
    whole = [("", text) for part in draft.parts.all() for text in texts_of(part.text)]
    assert names_in(meeting, whole) == []


def test_follow_ups_only_when_chosen(meeting, delegation):
    item = meeting.items.first()
    one = factories.FollowUpFactory(meeting=meeting, item=item, what="Sample deed", who="The Association")
    materials = composing.materials_of(meeting)[0]
    assert "Sample deed" not in composing.composed(materials, Choice.usual(materials), {})
    html = composing.composed(materials, Choice(follow_ups=frozenset({one.pk})), {})
    assert html == "<p>To be done after the meeting:</p><ul><li>Sample deed, The Association</li></ul>"


# The screen


def test_the_screen_shows_the_text_and_stores_nothing(draft, client_of, three):
    notes = [note(draft.meeting, delegation=one, text=f"whether {place}") for place, one in enumerate(three)]
    item = draft.meeting.items.first()
    query = {"item": item.pk, "chosen": 1, "note": [one.pk for one in notes[:2]]}
    query |= {f"merge-{one.pk}": "A" for one in notes[:2]}
    before = draft.parts.first().text
    page = body(client_of("secretariat").get(PAGE, query))
    assert "Two Montreux Document participants asked whether 0 and whether 1." in page
    assert before in page
    draft.refresh_from_db()
    assert (draft.parts.first().text, draft.version) == (before, 1)


def posted(client, item, how="", **query):
    """What the form of the screen sends."""
    page = client.get(PAGE, {"item": item, **query}).context
    fields = {"item": item, "how": how, "seen_version": page["summary"].version, "seen_text": page["seen_text"]}
    for name, value in page["choice"].fields:
        fields.setdefault(name, []).append(value) if isinstance(fields.get(name), list) else fields.update(
            {name: [value]}
        )
    return fields


def test_what_was_typed_is_not_overwritten_unasked(draft, client_of):
    client, item = client_of("secretariat"), draft.meeting.items.first().pk
    draft.parts.filter(number="1").update(text="<p>Typed by hand</p>")
    refused = client.post(PAGE, posted(client, item))
    assert refused.status_code == 409
    assert "Typed by hand" in body(refused)
    assert "asked a sample question" in body(refused)
    assert draft.parts.first().text == "<p>Typed by hand</p>"
    assert client.post(PAGE, posted(client, item, how="append")).status_code == 302
    assert draft.parts.first().text.startswith("<p>Typed by hand</p><p>One Montreux")
    assert client.post(PAGE, posted(client, item, how="replace")).status_code == 302
    assert "Typed by hand" not in draft.parts.first().text


def test_a_draft_that_was_changed_meanwhile_is_shown_again(draft, client_of, officer):
    client, item = client_of("secretariat"), draft.meeting.items.first()
    sent = posted(client, item.pk, how="replace")
    operations.compose_part(draft, item, html="<p>Of the colleague</p>", by=officer)
    refused = client.post(PAGE, sent)
    assert refused.status_code == 409
    assert "Of the colleague" in body(refused)
    assert draft.parts.first().text == "<p>Of the colleague</p>"


def test_notes_that_changed_meanwhile_are_shown_again(draft, client_of, delegation):
    client, item = client_of("secretariat"), draft.meeting.items.first()
    sent = posted(client, item.pk, how="replace")
    AgendaItem.objects.filter(pk=item.pk).update(record="<p>Changed since</p>")
    assert client.post(PAGE, sent).status_code == 409
    assert "Changed since" not in draft.parts.first().text


def test_the_opening_becomes_a_part_of_its_own(draft, client_of):
    client = client_of("secretariat")
    assert client.post(PAGE, posted(client, "opening")).status_code == 302
    first = draft.parts.first()
    assert (first.number, first.title) == ("", "Opening")
    assert "took place in Geneva" in first.text
    assert draft.parts.count() == 3


def test_the_preview_shows_names_that_notes_bring_in(draft, client_of, delegation):
    note(draft.meeting, delegation=delegation, text="What does Switzerland get?")
    page = body(client_of("secretariat").get(PAGE))
    assert "<mark>Switzerland</mark>" in page
    assert "spoke at this meeting" in page


def test_only_a_draft_is_composed(draft, officer, chair):
    with pytest.raises(NothingToCompose):
        operations.compose_part(draft, None, html="<p> </p>", by=officer)
    with pytest.raises(SummaryChangedMeanwhile):
        operations.compose_part(draft, None, html="<p>Text</p>", by=officer, seen_version=draft.version + 1)
    operations.approve_summary(draft, by=chair)
    with pytest.raises(SummaryInAnotherState):
        operations.compose_part(draft, None, html="<p>Text</p>", by=officer)


@pytest.mark.parametrize(
    ("who", "status"), [("secretariat", 200), ("chair", 403), ("focal_point", 404), ("visitor", 302)]
)
def test_composing_is_the_secretariats(draft, client_of, who, status):
    assert client_of(who).get(PAGE).status_code == status


def test_the_screen_takes_as_many_queries_for_thirty(draft, client_of, delegation):
    client = client_of("secretariat")
    note(draft.meeting, delegation=delegation)
    few = queries(client, PAGE)
    for _ in range(29):
        note(draft.meeting, delegation=delegation)
    assert queries(client, PAGE) == few


# Figures


def test_a_figure_of_the_day_goes_into_a_part_and_stays(draft, officer, client_of, delegation, other_delegation):
    item = draft.meeting.items.first()
    logged = operations.insert_figure(draft, item, key="participants", by=officer)
    sentence = "On 6 June 2018, 2 participants supported the Montreux Document."
    assert (logged.sentence, logged.value, logged.as_of) == (sentence, 2, date(2018, 6, 6))
    assert draft.parts.first().text.endswith(f"<p>{sentence}</p>")
    page = body(client_of("secretariat").get(draft.get_absolute_url()))
    assert "The registry says" not in page
    factories.ParticipationFactory()
    (standing,) = figures_of(draft)
    assert (standing.differs, standing.now.value) == (True, 3)
    page = body(client_of("secretariat").get(draft.get_absolute_url()))
    assert "The registry says 3 of that day now." in page
    assert sentence in draft.parts.first().text


def test_a_figure_taken_out_of_the_text_is_not_spoken_of(draft, officer):
    operations.insert_figure(draft, draft.meeting.items.first(), key="board", by=officer)
    draft.parts.update(text="<p>Nothing of it</p>")
    assert figures_of(draft) == []
    assert SummaryFigure.objects.count() == 1


def test_an_unknown_figure_is_refused(draft, officer, client_of):
    with pytest.raises(FigureUnknown):
        operations.insert_figure(draft, None, key="unheard of", by=officer)
    page = client_of("secretariat").post(f"{PAGE}figure/", {"item": "opening", "figure": ""}, follow=True)
    assert "Choose a figure first." in body(page)


def test_the_figures_of_a_day(delegation, other_delegation, director):
    factories.DirectorshipFactory(user=None, person_name="Sample", pillar="industry", valid_from=date(2018, 6, 7))
    found = {figure.key: figure.value for figure in figures.figures(date(2018, 6, 6))}
    assert found["participants"] == found["participants.states"] == found["participants.europe"] == 2
    assert found["participants.organisations"] == 0
    assert (found["board"], found["board.government"], found["board.industry"]) == (1, 1, 0)


def test_the_figures_to_choose_from_stand_by_subject(draft, client_of, delegation):
    for size, number in (("small", 9), ("medium", 4), ("large", 1)):
        for _ in range(number):
            made = factories.CompanyFactory()
            factories.MembershipFactory(organisation=made)
            factories.CompanyProfileFactory(organisation=made, size=size)
    response = client_of("secretariat").get(PAGE)
    found = {subject: [figure.key for figure in known] for subject, known in response.context["figures"]}
    assert list(found) == [
        "Members", "Member companies", "Certified companies", "Applications", "Participants", "Delegations and Board"
    ]  # fmt: skip
    assert found["Members"][:2] == ["members", "members.industry"]
    assert found["Delegations and Board"][:2] == ["delegations", "board"]
    # One large company: its size, and what would give it away, is not to be chosen.
    assert "companies.large" not in found["Member companies"]
    page = body(response)
    assert page.count("<optgroup") == 6
    assert 'href="/members/statistics/?as_of=2018-06-06#h-sentences"' in page


def test_another_app_adds_its_figures(draft, officer, monkeypatch):
    monkeypatch.setattr(asking, "_sources", list(asking._sources))
    figures.register(
        lambda asked: [Figure("sample", "Sample figure", 93, f"In {asked.day.year}, 93 companies were members.")]
    )
    logged = operations.insert_figure(draft, draft.meeting.items.first(), key="sample", by=officer)
    assert logged.sentence == "In 2018, 93 companies were members."
    assert ChairsSummary.objects.get().parts.first().text.endswith("<p>In 2018, 93 companies were members.</p>")
