"""Sections that colleagues look after: given by the focal point, taken by contributors, told and shown."""

from __future__ import annotations

import pytest

from members.models import Delegate
from questionnaires import operations
from questionnaires.exceptions import NotOfDelegation, QuestionnaireClosed
from questionnaires.models import Assignment, Response
from tests import factories
from tests.questionnaires.answering import address, assert_same_queries, bring_to, draft
from tests.questionnaires.colleagues import mail_to, section_id

pytestmark = pytest.mark.django_db


def give(browser, questionnaire, user, number=1):
    sent = {"section": section_id(questionnaire, number), "user": user.pk}
    return browser.post(address("assign_section"), sent, follow=True)


def test_the_focal_point_gives_a_section_to_a_colleague_who_is_told(client_of, questionnaire, focal_point, contributor):
    page = give(client_of("focal_point"), questionnaire, contributor, 2)
    assert "Sample Contributor looks after section 2." in page.text
    (message,) = mail_to(contributor)
    assert "2 Sample section 2" in message.text
    assert address("edit_section", 2) in message.text
    task_list = client_of("reader").get(address("read_response")).text
    assert "Sample Contributor looks after this section." in task_list
    assert "You look after this section." in client_of("contributor").get(address("edit_section", 2)).text
    assert "You look after section 2." in client_of("contributor").get("/").text


def test_giving_a_section_begins_the_response_without_an_answer(client_of, questionnaire, delegation, contributor):
    give(client_of("focal_point"), questionnaire, contributor)
    response = Response.objects.get(delegation=delegation)
    assert (response.state, response.answers.count()) == ("draft", 0)


def test_a_second_click_gives_it_once_and_tells_once(client_of, questionnaire, contributor):
    browser = client_of("focal_point")
    give(browser, questionnaire, contributor)
    give(browser, questionnaire, contributor)
    assert Assignment.objects.count() == 1
    assert len(mail_to(contributor)) == 1


def test_several_people_look_after_one_section(client_of, questionnaire, contributor, focal_point):
    browser = client_of("focal_point")
    give(browser, questionnaire, contributor)
    give(browser, questionnaire, focal_point)
    text = browser.get(address("read_response")).text
    assert "Sample Contributor looks after this section." in text
    assert "You look after this section." in text
    assert mail_to(focal_point) == []


def test_a_contributor_takes_a_section_and_gives_none_to_others(client_of, questionnaire, contributor, focal_point):
    browser = client_of("contributor")
    assert "Look after it myself" in browser.get(address("read_people")).text
    assert "looks after section 1." in give(browser, questionnaire, contributor).text
    assert give(browser, questionnaire, focal_point).status_code == 403
    assert [row.user for row in Assignment.objects.all()] == [contributor]


def test_a_reader_sees_who_does_what_and_changes_nothing(client_of, questionnaire, reader):
    browser = client_of("reader")
    text = browser.get(address("read_people")).text
    assert "Nobody yet" in text
    assert "Look after it myself" not in text
    assert "Give the section" not in text
    assert give(browser, questionnaire, reader).status_code == 403


@pytest.mark.parametrize("who", ["reader", "other_focal_point", "director"])
def test_nobody_gets_a_section_who_does_not_write_for_the_delegation(client_of, questionnaire, who, request):
    page = give(client_of("focal_point"), questionnaire, request.getfixturevalue(who))
    assert "does not write for your delegation today" in page.text
    assert not Assignment.objects.exists()


def test_a_section_that_is_not_asked_is_given_to_nobody(client_of, questionnaire, contributor):
    sent = {"section": "99999", "user": contributor.pk}
    page = client_of("focal_point").post(address("assign_section"), sent, follow=True)
    assert "The section is asked no more." in page.text
    with pytest.raises(ValueError, match="no such section"):
        operations.assign_section(
            questionnaire, contributor.standing.delegation, section_id=99999, user=contributor, by=contributor
        )


@pytest.mark.parametrize("state", ["past_deadline", "closed"])
def test_after_the_end_no_section_is_given(client_of, questionnaire, delegation, focal_point, contributor, state):
    bring_to(state, draft(questionnaire, delegation), focal_point)
    page = give(client_of("focal_point"), questionnaire, contributor)
    assert "answers are taken no more" in page.text
    questionnaire.refresh_from_db()
    with pytest.raises(QuestionnaireClosed):
        operations.assign_section(
            questionnaire, delegation, section_id=section_id(questionnaire), user=contributor, by=focal_point
        )


def end(browser, assignment):
    return browser.post(address("end_assignment", assignment.pk), follow=True)


def test_the_focal_point_ends_it_and_what_was_written_stays(client_of, questionnaire, delegation, contributor):
    browser = client_of("focal_point")
    response = draft(questionnaire, delegation, long_text="Written by the contributor")
    give(browser, questionnaire, contributor)
    assignment = Assignment.objects.get()
    assert end(client_of("reader"), assignment).status_code == 403
    assert "no longer looks after the section" in end(browser, assignment).text
    end(browser, assignment)
    assignment.refresh_from_db()
    assert assignment.ended_at is not None
    assert "looks after this section" not in browser.get(address("read_response")).text
    assert response.answers.filter(value="Written by the contributor").exists()
    give(browser, questionnaire, contributor)
    assert Assignment.objects.active().count() == 1


def test_whoever_took_a_section_may_leave_it(client_of, questionnaire, contributor):
    browser = client_of("contributor")
    give(browser, questionnaire, contributor)
    assert "no longer looks after the section" in end(browser, Assignment.objects.get()).text


def test_another_delegation_neither_sees_nor_ends_it(client_of, questionnaire, contributor, other_delegation):
    give(client_of("focal_point"), questionnaire, contributor)
    draft(questionnaire, other_delegation)
    browser = client_of("other_focal_point")
    assert "Sample Contributor" not in browser.get(address("read_people")).text
    assert end(browser, Assignment.objects.get()).status_code == 404
    assert Assignment.objects.active().count() == 1


def test_the_page_says_who_writes_no_more(client_of, questionnaire, contributor):
    browser = client_of("focal_point")
    give(browser, questionnaire, contributor)
    Delegate.objects.filter(user=contributor).update(role=Delegate.Role.READER)
    assert "(does not write for your delegation today)" in browser.get(address("read_people")).text
    with pytest.raises(NotOfDelegation):
        operations.assign_section(
            questionnaire,
            contributor.standing.delegation,
            section_id=section_id(questionnaire, 2),
            user=contributor,
            by=contributor,
        )


def test_the_page_costs_the_same_for_few_and_many_questions(client_of, delegation, focal_point):
    assert_same_queries(client_of, delegation, "read_people")


def test_many_people_cost_no_more_queries(
    client_of, questionnaire, delegation, focal_point, django_assert_max_num_queries
):
    for _person in range(30):
        user = factories.UserFactory()
        factories.DelegateFactory(user=user, delegation=delegation, role=Delegate.Role.CONTRIBUTOR)
        operations.assign_section(
            questionnaire, delegation, section_id=section_id(questionnaire), user=user, by=focal_point
        )
    browser = client_of("focal_point")
    for page in (address("read_people"), address("read_response"), address("edit_section", 1)):
        browser.get(page)
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200
