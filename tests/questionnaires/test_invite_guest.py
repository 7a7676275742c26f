"""Guests of a delegation: who may be one, what they see, what they never see, and how it ends."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from icoca_portal.outbox.models import Message
from meetings.models import Visibility
from meetings.querysets import is_insider
from members.models import Delegate, User
from members.standing import has_standing
from questionnaires import operations
from questionnaires.exceptions import NoGuest
from questionnaires.guests import guest_sections
from questionnaires.models import Answer, Assignment, Attachment, Guest, Questionnaire, Response
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import (
    SECRET,
    address,
    answer_address,
    bring_to,
    draft,
    fields_on,
    posted,
)
from tests.questionnaires.colleagues import HTMX, beside, invite, mail_to, section_id
from tests.world import a_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def response(questionnaire, delegation):
    """A draft whose second section holds a secret."""
    found = draft(questionnaire, delegation, short_text="Of the first section")
    second = [
        question for question in questionnaire.edition.questions.section(2).questions if question.kind == "number"
    ]
    change = operations.Change(second[0].id, SECRET, 1)
    operations.save_answers(questionnaire, delegation, [change], by=factories.UserFactory())
    return found


@pytest.fixture
def guest(questionnaire, response, delegation, focal_point) -> User:
    """A guest of the first section."""
    return User.objects.get(pk=invite(questionnaire, delegation, focal_point).user_id)


# Inviting


def form(questionnaire: Questionnaire, **changes):
    sent = {
        "name": "Sample Expert", "email": " Expert@Sample.Example ", "language": "fr",
        "sections": [section_id(questionnaire, 2)],
    }  # fmt: skip
    return sent | changes


def test_an_invited_guest_gets_an_account_and_a_mail_in_their_language(
    client_of, questionnaire, focal_point, delegation
):
    page = client_of("focal_point").post(address("invite_guest"), form(questionnaire), follow=True)
    assert "Sample Expert is invited." in page.text
    user = User.objects.get(email="expert@sample.example")
    assert (user.name, user.language, user.has_usable_password()) == ("Sample Expert", "fr", False)
    assert user.invited_by == focal_point
    (message,) = mail_to(user)
    assert message.language == "fr"
    assert "Sample section 2" in message.text
    assert "Sample section 1" not in message.text
    assert "/accounts/password/reset/key/" in message.text
    assert "2018" in message.text
    assert has_standing(user)


def test_somebody_invited_twice_is_a_guest_once_with_all_sections(questionnaire, delegation, focal_point):
    invite(questionnaire, delegation, focal_point, 1)
    guest = invite(questionnaire, delegation, focal_point, 1, 2)
    assert Guest.objects.count() == 1
    assert Assignment.objects.active().filter(user=guest.user).count() == 2
    assert len(mail_to(guest.user)) == 2  # the invitation, and word of the second section
    invite(questionnaire, delegation, focal_point, 2)
    assert len(mail_to(guest.user)) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write the name of the person."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"sections": []}, "Choose at least one section."),
        ({"sections": ["99999"]}, "99999"),
    ],
)
def test_a_form_that_says_too_little_comes_back(client_of, questionnaire, focal_point, changes, sentence):
    page = client_of("focal_point").post(address("invite_guest"), form(questionnaire, **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert not Guest.objects.exists()


@pytest.mark.parametrize("who", ["other_focal_point", "director", "secretariat", "superuser", "chair"])
def test_whoever_has_another_place_is_no_guest(client_of, questionnaire, focal_point, who, request):
    person = request.getfixturevalue(who)
    page = client_of("focal_point").post(address("invite_guest"), form(questionnaire, email=person.email))
    assert page.status_code == 422
    assert "with another place in the portal" in page.text
    assert "Sample Expert" in page.text  # what was typed comes back
    assert not Guest.objects.exists()
    assert not Message.objects.filter(recipient=person.email).exists()


def test_a_colleague_is_given_the_section_as_a_colleague(client_of, questionnaire, focal_point, contributor):
    page = client_of("focal_point").post(address("invite_guest"), form(questionnaire, email=contributor.email))
    assert page.status_code == 422
    assert "Sample Contributor is of your delegation already." in page.text


def test_a_closed_account_is_no_guest(questionnaire, delegation, focal_point):
    closed = factories.UserFactory(is_active=False)
    with pytest.raises(NoGuest, match="closed"):
        invite(questionnaire, delegation, focal_point, email=closed.email)


def test_a_guest_of_another_delegation_is_no_guest_of_this_one(
    questionnaire, delegation, other_delegation, focal_point, other_focal_point
):
    invite(questionnaire, other_delegation, other_focal_point)
    with pytest.raises(NoGuest):
        invite(questionnaire, delegation, focal_point)
    Guest.objects.get().user.refresh_from_db()
    operations.end_guest(Guest.objects.get(), by=other_focal_point)
    assert invite(questionnaire, delegation, focal_point).response.delegation == delegation


@pytest.mark.parametrize("who", ["contributor", "reader"])
def test_the_focal_point_alone_invites_and_ends(client_of, questionnaire, delegation, focal_point, who):
    guest = invite(questionnaire, delegation, focal_point)
    browser = client_of(who)
    assert browser.post(address("invite_guest"), form(questionnaire)).status_code == 403
    assert browser.post(address("end_guest", guest.pk)).status_code == 403
    assert Guest.objects.active().count() == 1


# What a guest does


def test_a_guest_finds_their_sections_and_nothing_else(client_of, guest):
    browser = client_of(guest)
    desk = browser.get("/").text
    assert "Guest of Switzerland" in desk
    assert "You look after section 1." in desk
    listed = browser.get(address("read_response")).text
    assert "Sample section 1" in listed
    assert "Sample section 2" not in listed
    for words in ("Check your answers", "Your own copy", "Who does what", "What changed", "Have it cleared"):
        assert words not in listed
    page = browser.get(address("edit_section", 1))
    assert "Of the first section" in page.text
    assert "Sample section 2" not in page.text
    assert "Check your answers" not in page.text
    questionnaires = browser.get("/questionnaires/").text
    assert "Sample plan 2018" in questionnaires


def test_a_guest_writes_in_their_section(client_of, guest, questionnaire, delegation):
    question = question_of(questionnaire, "short_text")
    browser = client_of(guest)
    reply = browser.post(answer_address(question), posted("short_text", question, "Of the guest", 1), headers=HTMX)
    assert reply.status_code == 200
    stored = Answer.objects.get(question=question)
    assert (stored.value, stored.saved_by) == ("Of the guest", guest)
    fields = fields_on(browser.get(address("edit_section", 1)))
    fields[f"q{question.pk}"] = ["By the plain form"]
    saved = browser.post(address("edit_section", 1), {**fields, "go": "next"})
    assert saved.url == address("read_response")
    assert Answer.objects.get(question=question).value == "By the plain form"


def test_a_guest_meets_nothing_of_the_other_sections(client_of, guest, questionnaire, response, focal_point):
    browser = client_of(guest)
    other = question_of(questionnaire, "number")
    assert other.section.position == 2
    note = operations.write_note(response, question_id=other.pk, text=SECRET, by=focal_point)
    attachment = _attach(questionnaire, response, focal_point)
    gets = [
        address("edit_section", 2), beside("read_answer_history", other), beside("read_notes", other),
        address("read_attachment", attachment.pk),
    ]  # fmt: skip
    posts = [
        (address("edit_section", 2), {}), (answer_address(other), posted("number", other, "7", 2)),
        (beside("restore_answer", other), {"version": 1, "base": 2}), (beside("write_note", other), {"note": "Mine"}),
        (beside("confirm_answer", other), {}), (address("confirm_answers", 2), {}), (address("note_presence", 2), {}),
        (beside("attach_file", other), {f"q{other.pk}-file": a_file()}),
        (beside("choose_quotation", other), {f"q{other.pk}-quote": "named"}),
        (address("save_answer", 1, other.pk), posted("number", other, "7", 2)),
    ]  # fmt: skip
    for headers in ({}, HTMX):
        for page in gets:
            assert browser.get(page, headers=headers).status_code == 404, page
        for page, sent in posts:
            assert browser.post(page, sent, headers=headers).status_code == 404, page
    assert Answer.objects.get(question=other).value == SECRET
    assert list(response.notes.all()) == [note]


def _attach(questionnaire, response, by) -> Attachment:
    question = question_of(questionnaire, "file")
    operations.attach_file(questionnaire, response.delegation, question.pk, a_file(), by=by)
    return Attachment.objects.get(response=response)


FORBIDDEN = [
    "check_response", "read_submission", "export_receipt", "export_response_pdf", "export_response_docx", "read_people",
    "read_history", "read_clearance", "prefill_response",
]  # fmt: skip


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_guest_opens_no_page_of_the_whole_response(client_of, guest, name):
    assert client_of(guest).get(address(name)).status_code == 403


@pytest.mark.parametrize(
    "name", ["submit_response", "assign_section", "invite_guest", "require_clearance", "send_for_clearance"]
)
def test_a_guest_acts_for_nobody(client_of, guest, name):
    assert client_of(guest).post(address(name), {"confirm": "1", "user": guest.pk, "section": 1}).status_code == 403


def test_a_guest_is_nobody_elsewhere(client_of, guest, questionnaire, django_assert_max_num_queries):
    browser = client_of(guest)
    assert not is_insider(guest)
    inside = factories.MeetingFactory(number=77, visibility=Visibility.PARTICIPANTS)
    assert browser.get(inside.get_absolute_url()).status_code == 404
    assert browser.get(reverse("members:read_delegation")).status_code == 404
    other = factories.QuestionnaireFactory(title="Sample other questionnaire", slug="other-one")
    assert browser.get(reverse("questionnaires:read_questionnaire", args=[other.slug])).status_code == 404
    assert "Sample other questionnaire" not in browser.get("/questionnaires/").text
    assert browser.get(reverse("questionnaires:review_questionnaire", args=[questionnaire.slug])).status_code == 403
    assert browser.get("/admin/").status_code in (302, 403)
    assert browser.get(address("read_questionnaire")).url == address("read_response")
    for page in ("/", address("read_response"), address("edit_section", 1)):
        with django_assert_max_num_queries(12):
            browser.get(page)


def test_a_guest_who_was_appointed_elsewhere_reads_the_draft_no_more(client_of, guest, other_delegation):
    factories.DelegateFactory(user=guest, delegation=other_delegation, role=Delegate.Role.READER)
    assert guest_sections(User.objects.get(pk=guest.pk)) == {}
    browser = client_of(guest)
    assert "Of the first section" not in browser.get(address("edit_section", 1)).text
    assert browser.get(address("read_response")).status_code in (200, 403)
    assert "Sample section 1" not in browser.get("/").text


@pytest.mark.parametrize("state", ["past_deadline", "closed", "submitted"])
def test_after_the_end_a_guest_reads_their_section(client_of, guest, response, focal_point, state):
    bring_to(state, _complete(response, focal_point), focal_point)
    browser = client_of(guest)
    page = browser.get(address("edit_section", 1))
    assert "Of the first section" in page.text
    assert page.text.count("textarea") == page.text.count('name="note"') * 2  # the notes' alone
    assert browser.get(address("read_response")).status_code == 200


def _complete(response: Response, by) -> Response:
    question = question_of(response.questionnaire, "number")
    version = Answer.objects.get(question=question).version
    operations.save_answers(
        response.questionnaire, response.delegation, [operations.Change(question.pk, "12", version)], by=by
    )
    return response


# The end


def test_an_ended_guest_is_out_at_once_and_their_text_stays(client_of, guest, questionnaire, focal_point):
    browser = client_of(guest)
    question = question_of(questionnaire, "short_text")
    browser.post(answer_address(question), posted("short_text", question, "Of the guest", 1), headers=HTMX)
    client_of("focal_point").post(address("end_guest", Guest.objects.get().pk))
    assert browser.get(address("edit_section", 1)).url == reverse("account_login")
    assert Answer.objects.get(question=question).value == "Of the guest"
    assert not has_standing(User.objects.get(pk=guest.pk))
    operations.end_guest(Guest.objects.get(), by=focal_point)
    assert Assignment.objects.active().count() == 0


def test_what_an_ended_guest_was_typing_is_shown_to_them_once_more(client_of, guest, questionnaire, focal_point):
    browser = client_of(guest)
    question = question_of(questionnaire, "short_text")
    fields = fields_on(browser.get(address("edit_section", 1)))
    operations.end_guest(Guest.objects.get(), by=focal_point)
    fields[f"q{question.pk}"] = ["Typed while the access ended"]
    page = browser.post(address("edit_section", 1), fields, headers={"Origin": "http://testserver"})
    assert page.status_code == 403
    assert "Your access has ended" in page.text
    assert "Typed while the access ended" in page.text
    assert settings.SESSION_COOKIE_NAME not in browser.session


def test_a_field_saved_by_an_ended_guest_says_so_and_stays_in_the_browser(client_of, guest, questionnaire, focal_point):
    browser = client_of(guest)
    question = question_of(questionnaire, "short_text")
    operations.end_guest(Guest.objects.get(), by=focal_point)
    reply = browser.post(answer_address(question), posted("short_text", question, "Too late", 1), headers=HTMX)
    assert reply.status_code == 401
    assert "kept in this browser" in reply.text
    assert Answer.objects.get(question=question).value == "Of the first section"


def test_a_guest_whose_section_was_taken_away_reads_why_and_what_they_typed(
    client_of, guest, questionnaire, delegation, focal_point
):
    invite(questionnaire, delegation, focal_point, 2)
    browser = client_of(guest)
    question = question_of(questionnaire, "short_text")
    fields = fields_on(browser.get(address("edit_section", 1)))
    operations.end_assignment(Assignment.objects.get(section=section_id(questionnaire, 1)), by=focal_point)
    fields[f"q{question.pk}"] = ["Typed while it was taken away"]
    page = browser.post(address("edit_section", 1), fields, headers={"Origin": "http://testserver"})
    assert page.status_code == 403
    assert "Your work on this section has ended." in page.text
    assert "Typed while it was taken away" in page.text
    assert browser.get(address("edit_section", 2)).status_code == 200


def test_another_delegation_ends_no_guest(client_of, guest, questionnaire, other_delegation):
    draft(questionnaire, other_delegation)
    assert client_of("other_focal_point").post(address("end_guest", Guest.objects.get().pk)).status_code == 404
    assert Guest.objects.active().count() == 1


def test_a_guest_may_come_back(client_of, guest, questionnaire, delegation, focal_point):
    User.objects.filter(pk=guest.pk).update(last_login=guest.date_joined)
    operations.end_guest(Guest.objects.get(), by=focal_point)
    again = invite(questionnaire, delegation, focal_point, 2)
    assert Guest.objects.count() == 2
    assert client_of(again.user).get(address("edit_section", 2)).status_code == 200
    assert "/accounts/password/reset/" not in mail_to(guest)[-1].text
