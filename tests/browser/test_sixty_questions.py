"""Sixty questions, four people, three conflicts, one lost line and one ended session: worked through to the receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from members.models import Delegate, User
from questionnaires import operations
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Answer, AnswerRevision, Question, Questionnaire, Section, Submission
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SECTIONS, EACH = 6, 10
KINDS = ("long_text",) * 6 + ("short_text",) * 2 + ("yes_no", "scale")
GUEST = "guest@sample.example"


@pytest.fixture
def questionnaire(delegation) -> Questionnaire:
    row = factories.QuestionnaireFactory(opened=False)
    Question.objects.all().delete()
    Section.objects.all().delete()
    for number in range(1, SECTIONS + 1):
        section = factories.SectionFactory(questionnaire=row, position=number)
        for place, kind in enumerate(KINDS, 1):
            factories.QuestionFactory(
                section=section, position=place, kind=kind, text=f"Sample question {number}.{place}?", required=True
            )
    operations.open_questionnaire(row, by=factories.UserFactory(is_staff=True))
    return row


@pytest.fixture
def second_contributor(delegation) -> User:
    return factories.DelegateFactory(delegation=delegation, role=Delegate.Role.CONTRIBUTOR).user


@pytest.fixture
def guest(questionnaire, delegation, focal_point) -> User:
    """An expert from the capital, who drafts the last section and sees no other."""
    user = factories.UserFactory(email=GUEST)
    last = list(questionnaire.edition.questions.sections)[-1]
    operations.invite_guest(
        questionnaire, delegation, name=user.name, email=GUEST, language="en", section_ids=[last.id], by=focal_point
    )
    return user


class Scene:
    """The questionnaire on the screens of several people, and what each answer must be in the end."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.address = f"/questionnaires/{questionnaire.slug}/response/"
        self.questions = {question.number: question for question in questionnaire.edition.questions}
        self.expected: dict[str, Any] = {}

    def open(self, page: Page, section: int) -> None:
        page.goto(f"{self.address}{section}/")

    def block(self, page: Page, number: str) -> Locator:
        return page.locator(f"#q-{self.questions[number].id}")

    def field(self, page: Page, number: str) -> Locator:
        return self.block(page, number).locator(f'.wg-fields [name="q{self.questions[number].id}"]')

    def write(self, page: Page, number: str, text: str) -> None:
        """Type a text and leave the field."""
        self.field(page, number).fill(text)
        self.field(page, number).blur()

    def is_saved(self, page: Page, number: str) -> None:
        expect(self.block(page, number).locator(".wg-state.is-saved")).to_contain_text("by you")

    def answer(self, page: Page, question: FrozenQuestion, who: str) -> None:
        number = question.number
        if question.kind == "yes_no":
            self.block(page, number).get_by_label("Yes").check()
            self.expected[number] = "yes"
        elif question.kind == "scale":
            self.block(page, number).get_by_role("radio", name="4").check()
            self.expected[number] = 4
        else:
            self.expected[number] = f"{who} on {number}"
            self.write(page, number, self.expected[number])

    def answer_section(self, page: Page, section: int, who: str) -> None:
        """Answer what nobody has answered yet in a section, field after field; each is saved as it is left."""
        self.open(page, section)
        open_ones = [
            question
            for number, question in self.questions.items()
            if number.startswith(f"{section}.") and number not in self.expected
        ]
        for question in open_ones:
            self.answer(page, question, who)
        for question in open_ones:
            self.is_saved(page, question.number)

    def meet_conflict(self, early: Page, late: Page, number: str, theirs: str, mine: str) -> Locator:
        """Two people have the same section open; one saves, then the other. Returns the panel with both texts."""
        section = int(number.split(".")[0])
        self.open(late, section)
        self.open(early, section)
        self.write(early, number, theirs)
        self.is_saved(early, number)
        self.write(late, number, mine)
        panel = self.block(late, number).locator(".wg-versions")
        expect(panel.locator("blockquote").first).to_have_text(theirs)
        expect(panel.locator("blockquote").last).to_have_text(mine)
        return panel

    def settle(self, page: Page, number: str, panel: Locator, choice: str, becomes: str) -> None:
        panel.get_by_label(choice, exact=True).check()
        panel.get_by_role("button", name="Save this choice").click()
        expect(panel).to_have_count(0)
        expect(self.field(page, number)).to_have_value(becomes)
        self.expected[number] = becomes


def test_a_large_response_is_worked_through_by_four_people(
    person: Callable[..., Page], questionnaire, second_contributor, guest, delegation, focal_point
):
    scene = Scene(questionnaire)
    focal, contributor = person("focal_point"), person("contributor")
    second, expert = person(second_contributor), person(guest)

    # Three times two people are at the same answer; nobody's text goes under another's unseen.
    panel = scene.meet_conflict(focal, contributor, "1.1", "Focal on 1.1", "Contributor on 1.1")
    scene.settle(contributor, "1.1", panel, "Keep my version", "Contributor on 1.1")
    panel = scene.meet_conflict(contributor, second, "3.2", "Contributor on 3.2", "Second on 3.2")
    scene.settle(second, "3.2", panel, "Keep this version", "Contributor on 3.2")
    panel = scene.meet_conflict(second, focal, "5.3", "Second on 5.3", "Focal on 5.3")
    panel.locator("textarea").fill("Second on 5.3, and focal on 5.3")
    scene.settle(focal, "5.3", panel, "Combine them in one text", "Second on 5.3, and focal on 5.3")

    # A line is lost in the middle of a text.
    scene.open(contributor, 4)
    contributor.context.set_offline(True)
    scene.write(contributor, "4.1", "Contributor on 4.1, typed without a line")
    expect(scene.block(contributor, "4.1").locator(".wg-state")).to_contain_text("Not saved. No connection at")
    contributor.context.set_offline(False)
    scene.block(contributor, "4.1").get_by_role("button", name="Save again").click()
    scene.is_saved(contributor, "4.1")
    scene.expected["4.1"] = "Contributor on 4.1, typed without a line"

    # A session ends in the middle of a text.
    scene.open(expert, 6)
    (cookie,) = [cookie for cookie in expert.context.cookies() if cookie.get("name") == "sessionid"]
    Session.objects.filter(session_key=cookie.get("value")).delete()
    scene.write(expert, "6.1", "Expert on 6.1, typed after the session")
    scene.block(expert, "6.1").get_by_role("link", name="Sign in again").click()
    expert.get_by_label("E-mail address").fill(GUEST)
    expert.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    expert.get_by_role("button", name="Continue").click()
    expect(scene.field(expert, "6.1")).to_have_value("Expert on 6.1, typed after the session")
    scene.block(expert, "6.1").get_by_role("button", name="Save again").click()
    scene.is_saved(expert, "6.1")
    scene.expected["6.1"] = "Expert on 6.1, typed after the session"

    # Everybody answers the rest of their sections.
    for page, who, sections in (
        (focal, "Focal", (1, 2)),
        (contributor, "Contributor", (3, 4)),
        (second, "Second", (5,)),
        (expert, "Expert", (6,)),
    ):
        for section in sections:
            scene.answer_section(page, section, who)

    # The focal point reads all of it, and submits.
    focal.goto(f"{scene.address}check/")
    for text in scene.expected.values():
        if isinstance(text, str) and text != "yes":
            expect(focal.locator("main")).to_contain_text(text)
    focal.get_by_label("I submit on behalf of Switzerland").check()
    focal.get_by_role("button", name="Submit the response").click()
    expect(focal.get_by_role("heading", name="Your response is submitted")).to_be_visible()
    submission = Submission.objects.get()
    expect(focal.locator(".wg-receipt")).to_contain_text(submission.reference)

    assert len(scene.expected) == SECTIONS * EACH
    assert submission.is_intact
    assert {question.number: question.answer for question in submission.record} == scene.expected
    stored = {answer.question_id: answer.value for answer in Answer.objects.all()}
    assert {number: stored[question.id] for number, question in scene.questions.items()} == scene.expected
    # What somebody chose to replace is still in the history of its answer.
    kept = AnswerRevision.objects.order_by("version").values_list("value", flat=True)
    history = {
        number: list(kept.filter(answer__question=scene.questions[number].id)) for number in ("1.1", "3.2", "5.3")
    }
    assert history == {
        "1.1": ["Focal on 1.1", "Contributor on 1.1"],
        "3.2": ["Contributor on 3.2"],
        "5.3": ["Second on 5.3", "Second on 5.3, and focal on 5.3"],
    }
    # The draft was the delegation's alone: no page of the guest held another section.
    expert.goto(f"{scene.address}1/")
    expect(expert.locator("body")).not_to_contain_text("Contributor on 1.1")
