"""The guard: names by which an intervention could be attributed are found, however they are written."""

import pytest

from meetings import operations
from meetings.attributions import names_in, summary_attributions, texts_of
from meetings.models import Attendance, Note, NoteRevision
from members.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(delegation, other_delegation):
    """Switzerland, Sweden, some States whose names are awkward, and an organisation with a short name."""
    rows = (
        ("United States of America", "US"), ("Côte d’Ivoire", "CI"), ("Poland", "PL"), ("Netherlands", "NL"),
        ("New Zealand", "NZ"), ("Oman", "OM"), ("Czechia", "CZ"), ("Norway", "NO"),
    )  # fmt: skip
    for name, code in rows:
        factories.ParticipationFactory(organisation=factories.OrganisationFactory(name=name, code=code))
    kind = Organisation.Kind.INTERNATIONAL_ORGANISATION
    factories.ParticipationFactory(
        organisation=factories.OrganisationFactory(name="European Union", code="EU", kind=kind)
    )


def note(meeting, *, delegation=None, speaker="", **more):
    user = factories.UserFactory()
    more = {"kind": Note.Kind.QUESTION, "text": "Sample text"} | more
    item = more.pop("item", None) or meeting.items.first()
    return Note.objects.create(
        item=item, delegation=delegation, speaker=speaker, noted_by=user, changed_by=user, **more
    )


def found(meeting, html):
    return [one.name for one in names_in(meeting, [("Sample part", text) for text in texts_of(html)])]


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p>The delegate of Switzerland asked.</p>", ["Switzerland"]),
        ("<p>Swit<strong>zer</strong><em>land</em> asked.</p>", ["Switzerland"]),
        ('<p>Swi<a href="https://sample.example/">tzer</a>land asked.</p>', ["Switzerland"]),
        ("<p>SWITZERLAND asked; switzerland answered.</p>", ["SWITZERLAND", "switzerland"]),
        ("<p>Swit\u00adzer\u200bland asked.</p>", ["Swit\u00adzer\u200bland"]),
        ("<p>Swit\u2060zer\ufeffland asked.</p>", ["Swit\u2060zer\ufeffland"]),
        ("<p>New\u00a0Zealand and New\u2011Zealand</p>", ["New Zealand", "New\u2011Zealand"]),
        ("<p>New<br>Zealand asked.</p>", ["New Zealand"]),
        ("<p>Switzer<br>land asked.</p>", ["Switzerland"]),
        ("<p>the Swiss delegation</p>", ["Swiss"]),
        ("<p>la délégation suédoise, les Suédois</p>", ["suédoise", "Suédois"]),
        ("<p>la delegation suedoise</p>", ["suedoise"]),
        ("<p>la Suisse et la Suède</p>", ["Suisse", "Suède"]),
        ("<p>Cote d'Ivoire, Cote d’Ivoire, CÔTE D’IVOIRE</p>", ["Cote d'Ivoire", "Cote d’Ivoire", "CÔTE D’IVOIRE"]),
        ("<p>United States, the US, the U.S. and Americans</p>", ["United States", "US", "U.S.", "Americans"]),
        ("<p>les États-Unis, les etats unis</p>", ["États-Unis", "etats unis"]),
        ("<p>a question put to us</p>", []),
        ("<p>The EU asked; l’UE aussi.</p>", ["EU", "UE"]),
        ("<p>il y a eu une question</p>", []),
        ("<p>l’Union européenne</p>", ["Union européenne"]),
        ("<p>polish the text; the Polish delegate; a pole</p>", ["Polish"]),
        ("<p>A Roman asked a woman in Normandy.</p>", []),
        ("<p>Sweden’s question; Sweden2 and _Sweden_</p>", ["Sweden’s", "Sweden", "Sweden"]),
        ("<ul><li>one<ul><li>the Dutch one</li></ul></li></ul><blockquote><p>Oman</p></blockquote>", ["Dutch", "Oman"]),
        ("<p>Ѕwеdеn with letters of another script</p>", ["Ѕwеdеn"]),
        ('<p><a href="mailto:delegation@sweden.example">write</a></p>', ["sweden"]),
        ("<p>Ｓｗｅｄｅｎ in wide letters</p>", ["Ｓｗｅｄｅｎ"]),
        ("<h3>Reply to Norwegian questions</h3>", ["Norwegian"]),
        ("<p>the Czech Republic</p>", ["Czech Republic"]),
    ],
)
def test_how_it_is_written_hides_nothing(meeting, register, html, names):
    assert found(meeting, html) == names


def test_those_who_spoke_come_first_and_are_marked(draft, register, delegation):
    note(draft.meeting, delegation=delegation)
    draft.parts.filter(number="1").update(text="<p>Sweden, then the Swiss.</p>")
    first, second = summary_attributions(draft)
    assert (first.name, first.of, first.spoke) == ("Swiss", "Switzerland", True)
    assert (second.name, second.of, second.spoke) == ("Sweden", "Sweden", False)
    assert first.marked == "Sweden, then the <mark>Swiss</mark>."


def test_a_removed_note_is_no_intervention(draft, delegation):
    removed = note(draft.meeting, delegation=delegation)
    Note.objects.filter(pk=removed.pk).update(removed_at=removed.noted_at)
    draft.parts.filter(number="1").update(text="<p>Switzerland.</p>")
    assert [one.spoke for one in summary_attributions(draft)] == [False]
    assert not NoteRevision.objects.exists()


def test_a_speaker_is_found_by_family_name_too(meeting, delegation):
    note(meeting, delegation=delegation, speaker="Ms Léa Müller-Sample")
    for text in ("Léa Müller-Sample", "ms lea muller sample", "Ms Muller-Sample"):
        assert found(meeting, f"<p>A word of {text} on it.</p>"), text
    assert found(meeting, "<p>One participant asked.</p>") == []


def test_an_officer_speaks_in_an_office(meeting):
    factories.AttendanceFactory(
        meeting=meeting, delegation=None, capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR, guest_name="Sample Director"
    )
    note(meeting, speaker="Sample Director", kind=Note.Kind.REPLY)
    note(meeting, speaker="Executive Director", kind=Note.Kind.REPLY)
    assert found(meeting, "<p>The Executive Director, Sample Director, replied.</p>") == []


def test_a_passage_is_escaped(meeting, delegation):
    (one,) = names_in(meeting, [("Part", "<b>Switzerland</b> & more")])
    assert one.marked == "&lt;b&gt;<mark>Switzerland</mark>&lt;/b&gt; &amp; more"


def test_the_log_is_read_by_the_secretariat_and_the_chair(draft, delegation, officer, chair, client_of, focal_point):
    draft.parts.filter(number="1").update(text="<p>The review in Switzerland.</p>")
    operations.approve_summary(draft, by=chair)
    operations.publish_summary(draft, by=officer, names_reason="A sample reason of the log")
    operations.reopen_summary(draft, by=officer)
    for who in ("secretariat", "chair"):
        page = client_of(who).get(draft.get_absolute_url()).content.decode()
        assert "A sample reason of the log" in page
    for who in ("focal_point", "visitor", "director"):
        page = client_of(who).get(draft.get_absolute_url()).content.decode()
        assert "A sample reason of the log" not in page
