"""The ninth exchange from “to be confirmed” to Corr.1, by clicking: who does what, and who reads what.

Two tests, told in chapters: before the meeting, and during and after it. A chapter is a step of the meeting; after it
the others look at what they read, and what is not theirs is nowhere in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from icoca_portal.lib.clock import run_due
from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.models import (
    AgendaRevision,
    ChairsSummary,
    Document,
    Invitation,
    Meeting,
    PublishedSummary,
    SummaryRound,
    Visibility,
)
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/meetings/icoca/9/"
CAST = (
    "secretariat", "chair", "focal_point", "contributor", "reader", "other_focal_point", "director", "visitor",
)  # fmt: skip
DELEGATES = ("focal_point", "contributor", "reader", "other_focal_point")
INSIDE = ("secretariat", "chair")
OUTSIDE = ("visitor",)
OTHERS = (*DELEGATES, "director", "visitor")

# What some read and others never do. Each is one word, so that no markup and no line end stands inside it.
NEED = "Samplenutallergy"
SPEAKER = "Sampleambassador"
LINK = "samplelink"
PAPER = "Samplepaperword"
REMARK = "Sampleremark"

TITLES = ("Update from the Executive Director", "ICoCA governance update", "Any other business")
TAG = re.compile(r"<[^>]*>")


@dataclass
class Stage:
    """The cast at their browsers, each opened when they first act."""

    person: Callable[..., Page]
    faults: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self.person(who)
        return self.pages[who]

    @cached_property
    def screen(self) -> str:
        """The meeting in the administration."""
        return f"/admin/meetings/meeting/{Meeting.objects.get(number=9).pk}/change/"

    @property
    def officer(self) -> Page:
        return self["secretariat"]

    def goes(self, who: str, address: str = HERE) -> Page:
        """Somebody opens a page."""
        response = self[who].goto(address)
        assert response is not None
        assert response.ok, f"{who} at {address}: {response.status}"
        return self[who]

    def content(self, who: str, address: str = HERE) -> str:
        """What the browser of somebody gets at an address, in full."""
        response = self[who].request.get(address)
        assert response.ok, f"{who} at {address}: {response.status}"
        return html.unescape(response.text())

    def read(self, whom: tuple[str, ...], *words: str, address: str = HERE) -> None:
        for who in whom:
            text = " ".join(TAG.sub(" ", self.content(who, address)).split())
            assert not [one for one in words if one not in text], f"{who} at {address}"

    def read_nothing_of(self, whom: tuple[str, ...], *secrets: str, address: str = HERE) -> None:
        """Not in the text, nor anywhere else in what is sent."""
        for who in whom:
            content = self.content(who, address)
            assert not [one for one in secrets if one in content], f"{who} at {address}"

    def are_refused(self, whom: tuple[str, ...], address: str, status: int = 404) -> None:
        assert {who: self[who].request.get(address).status for who in whom} == dict.fromkeys(whom, status)

    def looks(self, who: str, name: str) -> None:
        """The page that somebody has open is asked what every page is asked."""
        self.faults += look(self[who], name)

    def step(
        self, name: str, fill: Callable[[Page], object] = lambda page: None, *, title: str = "", at: str = ""
    ) -> Page:
        """The secretariat takes a step of the meeting, or of its summary, and confirms it."""
        page = self.goes("secretariat", at or self.screen)
        page.locator(".wg-acts").get_by_text(name, exact=True).click()
        expect(page.locator("h1").last).to_contain_text(title or name)
        fill(page)
        page.locator(".submit-row").get_by_role("button").click()
        expect(page.locator(".messagelist .success").first).to_be_visible()
        return page


@pytest.fixture
def stage(person, request) -> Stage:
    for who in CAST:
        request.getfixturevalue(who) if who != "visitor" else None
    factories.WorkingGroupFactory()
    return Stage(person)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def items(page: Page) -> Locator:
    return page.locator("#items-group .inline-related:not(.empty-form):not(.tabular)")


def add_item(page: Page, title: str, *, under: bool = False, presenter: str = "") -> None:
    page.locator("#items-group .add-row a, #items-group a.addlink").first.click()
    row = items(page).last
    row.get_by_label("Title:").fill(title)
    row.get_by_label("Introduced by:").fill(presenter)
    if under:
        row.get_by_label("Stands:").select_option(label="Under the item above it")


def told(event: str) -> set[str]:
    """Who has a message about this."""
    return set(Message.objects.filter(key__startswith=f"{event}:").values_list("recipient", flat=True))


def test_from_to_be_confirmed_to_held(stage):
    plan_it_without_a_date(stage)
    give_it_a_date_and_an_agenda(stage)
    convene_it(stage)
    invite_and_register(stage)
    revise_the_agenda(stage)
    attach_a_document(stage)
    move_it_to_today_and_hold_it(stage)
    assert not stage.faults, "\n".join(stage.faults)


def test_from_the_notes_to_the_corrigendum(stage, held):
    take_notes(stage)
    compose_the_summary(stage)
    circulate_it(stage)
    comment_and_answer(stage)
    silence_adopts_it(stage)
    publish_it(stage)
    correct_it(stage)
    find_it(stage)
    look_for_the_secrets(stage)
    assert not stage.faults, "\n".join(stage.faults)


@pytest.fixture
def held(stage, secretariat, focal_point, delegation, other_delegation) -> Meeting:
    """The meeting as the first test leaves it, made by operations: held today, with two people and a paper."""
    meeting = factories.MeetingFactory(
        number=9,
        date=today(),
        registration_until=timezone.now() + timedelta(hours=1),
        visibility=Visibility.PUBLIC,
        mode=Meeting.Mode.BOTH,
        online_link=f"https://meet.example/{LINK}",
    )
    for position, title in enumerate(TITLES, start=1):
        factories.AgendaItemFactory(meeting=meeting, position=position, title=title, record="")
    operations.convene_meeting(meeting, by=secretariat)
    meeting.refresh_from_db()
    operations.invite_delegations(meeting, [delegation.organisation, other_delegation.organisation], by=secretariat)
    invitation = Invitation.objects.get(delegation=delegation)
    for name, need in (("Sample Ada", NEED), ("Sample Ben", "")):
        person = {"person_name": name, "capacity": "member", "mode": "in person", "dietary_needs": need}
        operations.register_person(invitation, person=person, by=focal_point)
    upload = SimpleUploadedFile("sample.txt", f"A sample {PAPER}".encode(), "text/plain")
    operations.attach_document(
        meeting, upload=upload, title="Sample questionnaire", visibility="participants", by=secretariat
    )
    return operations.hold_meeting(meeting, by=secretariat)


# Before


def plan_it_without_a_date(stage: Stage) -> None:
    page = stage.goes("secretariat", "/admin/meetings/meeting/add/")
    page.get_by_label("Working group:").select_option(label="Working Group on the ICoCA")
    page.get_by_label("Number:").first.fill("9")
    page.get_by_label("What it is about:").fill("Sample: the Strategic Plan of the Association")
    page.get_by_label("Note on the date:").fill("Before the end of the year; the date is to be confirmed")
    page.get_by_label("Readers:").first.select_option(Visibility.PUBLIC)
    save(page)
    stage.read(CAST, "Ninth exchange", "Before the end of the year; the date is to be confirmed")
    stage.read_nothing_of(CAST, "meeting.ics")
    stage.are_refused(CAST, f"{HERE}meeting.ics")
    page = stage["visitor"]
    page.goto(f"{HERE}meeting.ics")
    expect(page.get_by_role("heading", level=1)).to_have_text("The date is to be confirmed")
    assert "BEGIN:VEVENT" not in stage["visitor"].request.get("/meetings/calendar.ics").text()


def give_it_a_date_and_an_agenda(stage: Stage) -> None:
    page = stage.goes("secretariat", stage.screen)
    page.locator("#id_date").fill((today() + timedelta(days=14)).isoformat())
    page.get_by_label("Note on the date:").fill("")
    page.get_by_label("Begins:").first.fill("15:00")
    page.get_by_label("Ends:").first.fill("17:00")
    page.get_by_label("Place:").fill("Sample Hall, Geneva")
    page.get_by_label("Way of meeting:").select_option(label="In person and online")
    page.get_by_label("Link to join online:", exact=True).fill(f"https://meet.example/{LINK}")
    add_item(page, "Update from the Executive Director", presenter="Jamie Williamson")
    add_item(page, "Sample: the questionnaire", under=True)
    add_item(page, "ICoCA governance update")
    add_item(page, "Any other business")
    save(page)
    expect(page.locator("main, #content").first).to_contain_text("Not yet. The agenda is circulated when")
    page = stage.goes("visitor")
    expect(page.locator("#h-agenda")).to_be_visible()
    expect(page.locator(".wg-agenda .wg-sub .wg-num")).to_have_text(re.compile(r"^1\W?[1a]"))
    expect(page.locator(".wg-agenda")).to_contain_text("Jamie Williamson")


def convene_it(stage: Stage) -> None:
    stage.step("Convene the meeting")
    assert told("meeting.convened") >= {
        "focal.ch@sample.example",
        "reader.ch@sample.example",
        "focal.se@sample.example",
    }
    revision = AgendaRevision.objects.get()
    stage.read(CAST, "1.1 Sample: the questionnaire", revision.sha256[:8], address=f"{HERE}agenda/")
    stage.goes("visitor", f"{HERE}agenda/")
    calendar = {who: stage[who].request.get(f"{HERE}meeting.ics").text() for who in ("reader", "director", "visitor")}
    assert all("BEGIN:VEVENT" in text for text in calendar.values())
    assert [who for who, text in calendar.items() if LINK in text] == ["reader", "director"]
    stage.read(DELEGATES, LINK)
    stage.read_nothing_of(OUTSIDE, LINK)


def invite_and_register(stage: Stage) -> None:
    page = stage.goes("secretariat", stage.screen)
    page.get_by_role("link", name="Invitations and registrations").first.click()
    page.get_by_role("link", name="Invite delegations").click()
    expect(page.get_by_role("heading", name="Who gets the message")).to_be_visible()
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.locator(".messagelist .success")).to_contain_text("2 delegations are invited")
    page = stage.goes("focal_point")
    page.get_by_role("link", name="Reply and register who comes").click()
    for name, need in (("Sample Ada", NEED), ("Sample Ben", "")):
        page.get_by_role("link", name="Register a person").click()
        page.get_by_label("Name", exact=False).first.fill(name)
        page.get_by_label("In person").check()
        page.get_by_label("Dietary needs").fill(need)
        page.get_by_role("button", name="Register", exact=True).click()
        expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text(NEED)
    own = f"{HERE}registration/"
    stage.read(("contributor", "reader"), NEED, address=own)
    stage.read_nothing_of(("other_focal_point",), NEED, "Sample Ada", address=own)
    stage.are_refused(("other_focal_point",), f"{own}switzerland/")
    stage.read_nothing_of(OTHERS, NEED)
    page = stage.goes("chair", f"{own}switzerland/")
    expect(page.locator("main")).to_contain_text("Sample Ada")
    stage.read_nothing_of(("chair",), NEED, address=f"{own}switzerland/")
    page = stage.goes("secretariat", f"{stage.screen.removesuffix('change/')}registrations/people/")
    expect(page.get_by_role("table")).to_contain_text(NEED)


def revise_the_agenda(stage: Stage) -> None:
    page = stage.goes("secretariat", stage.screen)
    row = items(page).filter(has=page.locator("input[value='ICoCA governance update']"))
    row.get_by_label("Introduced by:").fill("Rémy Friedmann")
    save(page)
    stage.read_nothing_of(OTHERS, "Friedmann")
    stage.read(("chair",), "Not circulated yet")
    stage.step(
        "Issue a revised agenda", lambda page: page.get_by_label("What changed, told").fill("Sample: a presenter")
    )
    stage.read(CAST, "Rev.1", "Friedmann", "What changed", address=f"{HERE}agenda/")
    page = stage.goes("reader", f"{HERE}agenda/")
    expect(page.locator("#changes")).to_contain_text("Friedmann")
    stage.looks("reader", "a revised agenda")
    message = Message.objects.filter(key__startswith="agenda.revised", recipient="focal.se@sample.example").get()
    assert "Friedmann" in message.text


def attach_a_document(stage: Stage) -> None:
    page = stage.goes("secretariat")
    page.get_by_role("link", name="Attach documents").first.click()
    page.get_by_role("combobox", name="Readers").select_option(label="Participants")
    page.locator("form.wg-attach input[type=file]").set_input_files(
        {"name": "Sample_questionnaire.txt", "mimeType": "text/plain", "buffer": f"A sample {PAPER}".encode()}
    )
    page.get_by_role("button", name="Attach the files").click()
    page.wait_for_url(f"**{HERE}documents/")
    document = Document.objects.get()
    assert document.symbol == "ICoCA-WG/9/2"
    readers = (*DELEGATES, *INSIDE, "director")
    stage.read(readers, "ICoCA-WG/9/2 Sample questionnaire")
    stage.read(readers, PAPER, address=document.get_absolute_url())
    stage.read_nothing_of(OUTSIDE, "Sample questionnaire", "ICoCA-WG/9/2")
    stage.read_nothing_of(OUTSIDE, "Sample questionnaire", "ICoCA-WG/9/2", address=f"{HERE}documents/")
    stage.are_refused(OUTSIDE, document.get_absolute_url())


def move_it_to_today_and_hold_it(stage: Stage) -> None:
    """The chair adopts the agenda; then the day comes, as the meeting is moved to it."""
    page = stage.goes("chair")
    page.get_by_role("button", name="Adopt the agenda").click()
    expect(page.locator(".wg-messages")).to_contain_text("adopted")
    before = sequence(stage)

    def to_today(page: Page) -> None:
        page.get_by_label("Date:", exact=True).fill(today().isoformat())
        page.get_by_label("Reason, told to the delegates").fill("Sample: the hall is taken")
        page.locator(".submit-row").get_by_role("button").click()
        expect(page.get_by_role("heading", name="What changes")).to_be_visible()

    stage.step("Move the meeting", to_today)
    assert sequence(stage) > before
    message = Message.objects.get(key__startswith="meeting.moved", recipient="reader.ch@sample.example")
    assert "the hall is taken" in message.text
    stage.step("Record the meeting as held")
    stage.read(CAST, "State Held")


def sequence(stage: Stage) -> int:
    """The SEQUENCE of the meeting in the calendar of anybody."""
    found = re.search(r"SEQUENCE:(\d+)", stage["visitor"].request.get(f"{HERE}meeting.ics").text())
    assert found
    return int(found[1])


# During


def take_notes(stage: Stage) -> None:
    """The officer and the chair write; a delegation sees nothing of it."""
    live = f"{HERE}live/"
    page = stage.goes("secretariat")
    page.get_by_role("link", name="Live notes").click()
    intervene(page, "Switzerland", SPEAKER, "whether the sample guidance will be translated")
    other = stage.goes("chair", live)
    intervene(other, "Sweden", "", "when the sample guidance will be printed")
    page = stage.goes("secretariat", live)
    expect(page.locator("#notes > li")).to_have_count(2)
    page.get_by_label("What was decided").fill("to publish the sample guidance")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#decisions ul textarea")).to_have_value("to publish the sample guidance")
    agree = page.locator("#follow-ups form").last
    agree.get_by_label("What").fill("Sample duty: send the guidance")
    agree.get_by_label("Delegation").fill("se")
    agree.get_by_role("button", name="Record the follow-up").click()
    expect(page.locator("#follow-ups ul")).to_contain_text("Sweden")
    for title in ("2 ICoCA governance update", "3 Any other business"):
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
        note(page, "A sample sentence stands here.")
    page.get_by_role("link", name="Attendance").click()
    expect(page.locator("main")).to_contain_text("Sample Ada")
    for name in ("Switzerland", "Sweden"):
        there = page.get_by_role("button", name=re.compile(rf"^In person\s*: {name}$"))
        if not there.is_visible():
            page.get_by_text("other participant").click()
        there.click()
        expect(there).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".wg-live-count")).to_contain_text("2")
    stage.read(DELEGATES, "Sample duty: send the guidance")
    stage.read_nothing_of(OTHERS, SPEAKER, "will be translated", "to publish the sample guidance")
    stage.read_nothing_of(OUTSIDE, "Sample duty", "Sample Ada", "Switzerland", "Sweden")
    stage.are_refused((*DELEGATES, "director"), live, 403)
    page = stage.goes("visitor", live)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def intervene(page: Page, delegation: str, speaker: str, text: str) -> None:
    """Type a question that somebody asked."""
    new = page.locator("#new form")
    new.get_by_label("Delegation").fill(delegation)
    new.get_by_label("Kind").select_option(label="Question")
    new.get_by_label("Speaker").fill(speaker)
    note(page, text)


def note(page: Page, text: str) -> None:
    new = page.locator("#new form")
    new.get_by_label("Text").fill(text)
    new.get_by_role("button", name="Add the note").click()
    expect(page.locator("#notes .wg-state.is-saved").last).to_be_visible()
    expect(page.locator("#notes .wg-state.is-failed")).to_have_count(0)


# After


@dataclass
class Draft:
    """The summary in the administration."""

    stage: Stage

    @property
    def screen(self) -> str:
        return f"/admin/meetings/chairssummary/{ChairsSummary.objects.get().pk}/change/"

    def write(self, text: str) -> None:
        """Write over the first part, in its editor."""
        page = self.stage.goes("secretariat", self.screen)
        box = page.get_by_role("textbox", name="Text").first
        box.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        save(page)


ASKED = "Two Montreux Document participants asked"
NAMED = "Switzerland asked whether the sample guidance will be translated."
CLEAN = "One Montreux Document participant asked whether the sample guidance will be translated."
CORRECTED = "One Montreux Document participant asked whether the sample guidance will be translated into French."


def compose_the_summary(stage: Stage) -> None:
    stage.step("Draft the summary")
    stage.are_refused(OTHERS, f"{HERE}summary/")
    page = stage.goes("secretariat", f"{HERE}summary/")
    expect(page.locator("article")).to_contain_text("One Montreux Document participant asked whether")
    page.get_by_role("link", name="Compose from the notes").click()
    expect(page.locator("b[aria-current=page]")).to_have_text("1 Update from the Executive Director")
    for select in page.get_by_label("In one sentence with").all():
        select.select_option("A")
    expect(page.locator("#composed")).to_contain_text(ASKED)
    page.get_by_label("goes, and the composed text stands in its place").check()
    page.get_by_role("button", name="Put it into the draft").click()
    stage.read(INSIDE, ASKED, address=f"{HERE}summary/")
    stage.read_nothing_of(("chair",), SPEAKER, "Switzerland", address=f"{HERE}summary/")


def circulate_it(stage: Stage) -> None:
    """The guard stops at a name; without it the text goes under silence."""
    draft = Draft(stage)
    draft.write(NAMED)
    page = stage.goes("secretariat", draft.screen)
    page.locator(".wg-acts").get_by_text("Circulate for comments", exact=True).click()
    circulate(page)
    page.locator(".submit-row").get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("Names stand in the text: Switzerland")
    expect(page.locator(".wg-names-found")).to_contain_text("spoke at this meeting")
    expect(page.locator(".wg-names-found q")).to_contain_text(NAMED)
    stage.looks("secretariat", "the guard")
    assert not SummaryRound.objects.exists()
    draft.write(CLEAN)
    stage.step("Circulate for comments", circulate, at=draft.screen)
    assert told("summary.circulated") >= {"reader.ch@sample.example", "focal.se@sample.example"}
    stage.read((*DELEGATES, *INSIDE), CLEAN, address=f"{HERE}summary/")
    stage.are_refused(OUTSIDE, f"{HERE}summary/")


def circulate(page: Page) -> None:
    until = page.get_by_role("group", name="Under silence until").or_(page.locator("form.wg-act-form"))
    until.get_by_label("Day").first.fill((today() + timedelta(days=7)).isoformat())
    until.get_by_label("Hour, Geneva").first.fill("18:00")
    page.get_by_label("Comments are read by").select_option(
        label="The secretariat, the chair and the delegation that wrote it"
    )


def comment_and_answer(stage: Stage) -> None:
    comments = f"{HERE}summary/comments/"
    page = stage.goes("focal_point", f"{HERE}summary/")
    page.get_by_role("link", name="Comment or object").click()
    page.get_by_role("link", name="Comment on paragraph 1", exact=True).click()
    page.get_by_label("Comment", exact=True).last.fill(f"{REMARK}: say into which language")
    stage.looks("focal_point", "a comment on a paragraph")
    page.get_by_role("button", name="Store the comment").click()
    expect(page.get_by_role("list", name="Comments on paragraph 1")).to_contain_text(REMARK)
    stage.read(("contributor", "reader", "chair"), REMARK, address=comments)
    expect(stage["reader"].get_by_role("link", name="Comment on paragraph 1")).to_have_count(0)
    stage.read_nothing_of(("other_focal_point",), REMARK, address=comments)
    stage.read(OUTSIDE, "Sign in", address=comments)
    page = stage.goes("secretariat", comments)
    page.get_by_role("link", name=re.compile("^Answer ?: Switzerland")).click()
    page.get_by_label("Answer", exact=True).select_option(label="Noted")
    page.get_by_label("In words, for the delegation").fill("Sample answer: in a corrigendum")
    page.get_by_role("button", name="Store the answer").click()
    stage.read(("focal_point", "reader"), "Sample answer: in a corrigendum", address=comments)
    stage.read_nothing_of(("other_focal_point",), "Sample answer", address=comments)


def silence_adopts_it(stage: Stage) -> None:
    summary_round = SummaryRound.objects.get()
    assert all(run_due(summary_round.until - timedelta(minutes=1)).values())
    assert ChairsSummary.objects.get().state == ChairsSummary.State.CIRCULATED
    assert all(run_due(summary_round.until + timedelta(minutes=1)).values())
    stage.read((*DELEGATES, *INSIDE), "Adopted by silence", address=f"{HERE}summary/")
    stage.are_refused(OUTSIDE, f"{HERE}summary/")


def publish_it(stage: Stage) -> None:
    stage.step("Publish the summary", at=Draft(stage).screen)
    page = stage.goes("visitor")
    page.get_by_role("link", name="Chair’s Summary", exact=True).first.click()
    expect(page.locator("article")).to_contain_text(CLEAN)
    expect(page.locator("main")).to_contain_text("There is no corrigendum.")
    assert download(page, "PDF").startswith(b"%PDF-")
    words = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(download(page, "Word"))).paragraphs)
    assert CLEAN in words
    stage.read(CAST, CLEAN, address=f"{HERE}summary/")


def download(page: Page, link: str) -> bytes:
    """The file behind a button of the page's head."""
    with page.expect_download() as waiting:
        page.locator(".wg-head .wg-actions").get_by_role("link", name=link).click()
    return waiting.value.path().read_bytes()


def correct_it(stage: Stage) -> None:
    draft = Draft(stage)
    stage.step("Open the text again", at=draft.screen)
    draft.write(CORRECTED)
    stage.read(OUTSIDE, CLEAN, address=f"{HERE}summary/")
    stage.read_nothing_of(OTHERS, "into French", address=f"{HERE}summary/")
    page = stage.goes("chair", "/")
    page.get_by_role("link", name="Read and approve").click()
    expect(page.locator("article")).to_contain_text(CORRECTED)
    page.get_by_role("button", name="Approve the summary").click()
    expect(page.locator(".wg-messages")).to_contain_text("adopted")

    def say_what(page: Page) -> None:
        page.get_by_label("What the corrigendum corrects").fill("Sample: the language is named.")

    stage.step("Publish the summary", say_what, title="Publish the corrigendum", at=draft.screen)
    page = stage.goes("visitor", f"{HERE}summary/")
    expect(page.locator("article")).to_contain_text(CORRECTED)
    expect(page.locator("main")).to_contain_text("Corr.1")
    page.get_by_role("link", name="What it changes").click()
    expect(page.locator("article ins")).to_contain_text("into French")
    expect(page.locator("main")).to_contain_text("Sample: the language is named.")
    stage.looks("visitor", "what the corrigendum changes")
    page = stage.goes("visitor", f"{HERE}summary/verify/")
    published = list(PublishedSummary.objects.order_by("number"))
    assert len(published) == 2
    for one in published:
        expect(page.locator("main")).to_contain_text(one.symbol)
        page.get_by_label("Seal (SHA-256)").fill(one.sha256)
        page.get_by_role("button", name="Check this seal").click()
        expect(page.locator("[role=status]").first).to_contain_text(f"It belongs to {one.symbol}")


def find_it(stage: Stage) -> None:
    """The search reads what its reader reads."""

    def search(who: str, words: str) -> Locator:
        page = stage.goes(who, "/meetings/search/")
        page.get_by_label("Words").fill(words)
        page.get_by_role("search").get_by_role("button", name="Search").click()
        expect(page.locator("main")).to_contain_text(re.compile("place found|places found|Nothing that you may read"))
        return page.locator(".wg-hits > li")

    expect(search("visitor", "guidance translated").first).to_contain_text("French")
    for who in OTHERS:
        expect(search(who, SPEAKER)).to_have_count(0)
    expect(search("secretariat", SPEAKER).first).to_be_visible()
    expect(search("reader", PAPER).first).to_contain_text("Sample questionnaire")
    for who in OUTSIDE:
        expect(search(who, PAPER)).to_have_count(0)


def look_for_the_secrets(stage: Stage) -> None:
    """At the end: in everything of this meeting that they read, each finds only what is theirs."""
    pages = ("", "agenda/", "documents/", "summary/", "summary/?number=0", "summary/corrigenda/1/", "summary/verify/",
             "summary/comments/", "registration/", "meeting.ics")  # fmt: skip
    addresses = [*(HERE + page for page in pages), "/meetings/", "/meetings/follow-ups/", "/meetings/calendar.ics"]
    of_participants = (LINK, PAPER, REMARK, "Sample duty", "Sample Ada", "Switzerland", "Sweden")
    secrets = {"reader": (SPEAKER,), "other_focal_point": (SPEAKER, NEED, REMARK)}
    secrets |= dict.fromkeys(OUTSIDE, (SPEAKER, NEED, *of_participants))
    for who, what in secrets.items():
        for address in addresses:
            content = stage[who].request.get(address).text()
            assert not [one for one in what if one in content], f"{who} at {address}"
