"""Clearance by the delegation’s own people: asked, recorded, lapsed, required before it goes out; nobody else knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icoca_portal.lib.days import today
from questionnaires import operations
from questionnaires.exceptions import (
    ClearanceEnded,
    ClearanceMissing,
    ClearanceStands,
    NotOfDelegation,
    ResponseSealed,
)
from questionnaires.models import Clearance, Response, Submission
from questionnaires.review import returns
from tests.factories import question_of
from tests.questionnaires.answering import address, bring_to, queries
from tests.questionnaires.colleagues import clear, mail_to, write

pytestmark = pytest.mark.django_db


def send(browser, of, message="Sample message"):
    return browser.post(address("send_for_clearance"), {"of": of, "message": message}, follow=True)


def seen(browser) -> dict[str, str]:
    """What the page says of the draft that is read."""
    form = browser.get(address("read_clearance")).context["record_form"]
    return {name: str(form[name].value()) for name in ("seen", "edition")}


def record(browser, pk, moment, **changes):
    sent = {"name": "Sample Official", "office": "Sample ministry", "on": today().isoformat(), **moment}
    return browser.post(address("record_clearance", pk), sent | changes, follow=True)


def test_a_delegate_of_any_role_is_asked_told_and_clears(client_of, response, reader, focal_point):
    page = send(client_of("contributor"), reader.pk)
    assert "The draft is sent for clearance." in page.text
    (message,) = mail_to(reader)
    assert "Sample message" in message.text
    assert address("read_clearance") in message.text
    asked = client_of("reader")
    assert "Clear the response to “Sample plan 2018”" in asked.get("/").text
    clearance = Clearance.objects.get()
    done = record(asked, clearance.pk, seen(asked))
    assert "Recorded: the draft is cleared." in done.text
    response.refresh_from_db()
    clearance.refresh_from_db()
    assert response.state == Response.State.CLEARED
    assert (clearance.cleared_by_name, clearance.ended_by) == ("Sample Official, Sample ministry", reader)
    assert "Cleared by Sample Official, Sample ministry" in done.text
    assert "Clear the response" not in asked.get("/").text
    assert "Sample Official, Sample ministry" in mail_to(clearance.asked_by)[-1].text


def test_the_focal_point_records_what_the_capital_says_by_other_means(client_of, response, contributor, focal_point):
    send(client_of("contributor"), "other")
    clearance = Clearance.objects.get()
    assert clearance.asked_of is None
    browser = client_of("focal_point")
    assert record(client_of("contributor"), clearance.pk, seen(browser)).status_code == 403
    assert "Recorded" in record(browser, clearance.pk, seen(browser)).text


def test_not_cleared_needs_a_word_and_the_draft_goes_on(client_of, response, reader, focal_point):
    send(client_of("focal_point"), reader.pk)
    pk = Clearance.objects.get().pk
    browser = client_of("reader")
    assert browser.post(address("decline_clearance", pk), {"decline-remark": ""}).status_code == 422
    browser.post(address("decline_clearance", pk), {"decline-remark": "Put 1.2 more plainly"})
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    assert "Put 1.2 more plainly" in mail_to(focal_point)[-1].text
    assert "Put 1.2 more plainly" in client_of("contributor").get(address("read_clearance")).text
    send(client_of("focal_point"), reader.pk)
    assert Clearance.objects.count() == 2


def test_the_focal_point_takes_a_request_back(client_of, response, reader, focal_point):
    send(client_of("contributor"), reader.pk)
    pk = Clearance.objects.get().pk
    page = client_of("focal_point").get(address("read_clearance")).text
    assert "Take the request back" in page
    assert "Record the clearance" not in page
    client_of("focal_point").post(address("decline_clearance", pk), {"decline-remark": "Wrong person"})
    assert Clearance.objects.get().outcome == Clearance.Outcome.DECLINED


def test_a_change_of_any_answer_lapses_it_and_says_which(client_of, response, focal_point, contributor):
    clear(response, focal_point)
    write(response, "long_text", "Changed after the clearance", contributor)
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    text = client_of("focal_point").get(address("read_clearance")).text
    assert "It lapsed when Sample Contributor changed 1.2" in text


def test_nothing_lapses_by_a_save_that_changes_nothing(response, focal_point, contributor):
    clear(response, focal_point)
    write(response, "long_text", "Sample long answer\nin two lines", contributor)
    response.refresh_from_db()
    assert response.state == Response.State.CLEARED


def test_what_was_changed_while_the_clearer_read_is_not_cleared(client_of, response, reader, contributor):
    send(client_of("focal_point"), reader.pk)
    browser = client_of("reader")
    moment = seen(browser)
    write(response, "long_text", "Changed while it was read", contributor)
    page = record(browser, Clearance.objects.get().pk, moment)
    assert "The draft was changed while you were reading." in page.text
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    assert "Recorded" in record(browser, Clearance.objects.get().pk, seen(browser)).text


def test_a_second_click_and_two_focal_points(client_of, response, reader, focal_point):
    browser = client_of("focal_point")
    send(browser, reader.pk)
    assert "has been sent for clearance already" in send(browser, reader.pk).text
    clearance = Clearance.objects.get()
    assert len(mail_to(reader)) == 1
    moment = seen(client_of("reader"))
    record(client_of("reader"), clearance.pk, moment)
    assert "This was answered already." in record(client_of("reader"), clearance.pk, moment).text
    with pytest.raises(ClearanceEnded):
        operations.decline_clearance(clearance, remark="Too late", by=focal_point)
    with pytest.raises(ClearanceStands):
        operations.send_for_clearance(response.questionnaire, response.delegation, of=None, by=focal_point)
    assert Clearance.objects.get().outcome == Clearance.Outcome.CLEARED


def test_nobody_from_elsewhere_is_asked(client_of, response, other_focal_point, focal_point):
    assert send(client_of("focal_point"), other_focal_point.pk).status_code == 422
    with pytest.raises(NotOfDelegation):
        operations.send_for_clearance(response.questionnaire, response.delegation, of=other_focal_point, by=focal_point)


def test_a_form_that_says_too_little_comes_back(client_of, response, reader):
    send(client_of("focal_point"), reader.pk)
    pk, browser = Clearance.objects.get().pk, client_of("reader")
    page = record(browser, pk, seen(browser), office="", on=(today() + timedelta(days=1)).isoformat())
    assert page.status_code == 422
    assert "Write the office that cleared it." in page.text
    assert "Write a day that is not to come." in page.text
    assert 'value="Sample Official"' in page.text


# Before submission


def require(browser, value="1"):
    return browser.post(address("require_clearance"), {"required": value}, follow=True)


def submit(browser):
    return browser.post(address("submit_response"), {"confirm": "1"}, follow=True)


def test_where_it_is_required_nothing_goes_out_without_it(client_of, response, focal_point, contributor):
    browser = client_of("focal_point")
    assert "A clearance is required now." in require(browser).text
    assert require(client_of("contributor"), "0").status_code == 403
    checked = browser.get(address("check_response")).text
    assert "the draft is not cleared" in checked
    assert "Submit the response" not in checked
    assert submit(browser).status_code == 422
    response.refresh_from_db()
    with pytest.raises(ClearanceMissing):
        operations.submit_response(response, by=focal_point)
    clear(response, focal_point)
    assert "Submit the response" in browser.get(address("check_response")).text
    submit(browser)
    assert Submission.objects.count() == 1


def test_where_it_is_required_no_more_it_goes_out(client_of, response):
    browser = client_of("focal_point")
    require(browser)
    require(browser, "0")
    submit(browser)
    assert Submission.objects.count() == 1


def test_returned_it_is_cleared_again_and_goes_out_as_no_2(client_of, response, focal_point, secretariat):
    browser = client_of("focal_point")
    require(browser)
    clear(response, focal_point)
    submit(browser)
    response.refresh_from_db()
    operations.return_response(response, reason="Correct 1.2, sample reason", by=secretariat)
    assert submit(browser).status_code == 422
    write(response, "long_text", "Corrected", focal_point)
    response.refresh_from_db()
    assert response.state == Response.State.RETURNED
    clear(response, focal_point)
    assert response.state == Response.State.CLEARED
    assert "Correct 1.2, sample reason" in browser.get(address("read_response")).text
    write(response, "short_text", "Changed once more", focal_point)
    response.refresh_from_db()
    assert response.state == Response.State.RETURNED
    clear(response, focal_point)
    submit(browser)
    assert list(Submission.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    outcomes = list(Clearance.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["lapsed", "lapsed", "cleared"]
    assert browser.get(address("read_clearance")).text.count("It ended when the response was returned.") == 1


def test_another_edition_ends_it_and_what_was_read_before_is_not_cleared(
    client_of, response, questionnaire, focal_point, reader, secretariat
):
    send(client_of("focal_point"), reader.pk)
    browser = client_of("reader")
    moment = seen(browser)
    _another_edition(questionnaire, secretariat)
    assert "The draft was changed while you were reading." in record(browser, Clearance.objects.get().pk, moment).text
    assert "Recorded" in record(browser, Clearance.objects.get().pk, seen(browser)).text
    _another_edition(questionnaire, secretariat)
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    assert (
        "It ended when the questions, or what may be quoted, were changed."
        in browser.get(address("read_clearance")).text
    )


def _another_edition(questionnaire, by):
    question = question_of(questionnaire, "short_text")
    question.text += " Put more plainly."
    question.save()
    operations.publish_edition(questionnaire, by=by)


@pytest.mark.parametrize("state", ["past_deadline", "closed", "submitted"])
def test_after_the_end_there_is_nothing_to_clear(client_of, response, focal_point, reader, state):
    send(client_of("focal_point"), reader.pk)
    clearance = Clearance.objects.get()
    bring_to(state, response, focal_point)
    text = client_of("reader").get(address("read_clearance")).text
    assert "There is nothing to clear." in text
    assert "Sample message" in text  # the history stays
    if state == "submitted":
        with pytest.raises(ResponseSealed):
            operations.record_clearance(clearance, name="Late", on=today(), seen=response.changed_at, by=reader)


# Nobody else's


def test_nobody_outside_learns_of_it(client_of, response, questionnaire, focal_point, secretariat, director):
    clear(response, focal_point)
    for who in ("other_focal_point", "director", "secretariat", "superuser"):
        page = client_of(who).get(address("read_clearance"))
        assert "Sample ministry" not in page.text
    (row,) = [row for row in returns(questionnaire) if row.response]
    assert row.state == "draft"
    for page in (
        "/admin/questionnaires/response/", f"/admin/questionnaires/response/{response.pk}/change/",
        f"/admin/questionnaires/questionnaire/{questionnaire.pk}/returns/",
    ):  # fmt: skip
        text = client_of("secretariat").get(page, follow=True).text
        assert "leared" not in text, page
    operations.submit_response(response, by=focal_point)
    assert "ministry" not in Submission.objects.get().content
    browser = client_of("focal_point")
    assert "ministry" not in browser.get(address("read_submission")).text


def test_many_rounds_cost_no_more_queries(client_of, response, focal_point, reader):
    def count() -> int:
        return queries(client_of("focal_point"), address("read_clearance"))

    send(client_of("focal_point"), reader.pk)
    operations.decline_clearance(Clearance.objects.get(), remark="Not yet", by=focal_point)
    once = count()
    for number in range(30):
        clearance = operations.send_for_clearance(
            response.questionnaire, response.delegation, of=reader, message=f"Round {number}", by=focal_point
        )
        operations.decline_clearance(clearance, remark="Not yet", by=focal_point)
    assert once == count() <= 12


def test_the_delivery_log_of_the_secretariat_says_nothing_of_it(client_of, response, reader, focal_point):
    send(client_of("focal_point"), reader.pk)
    browser = client_of("reader")
    record(browser, Clearance.objects.get().pk, seen(browser), remark="Sample remark of the ministry")
    for message in [*mail_to(reader), *mail_to(focal_point)]:
        log = client_of("secretariat").get(f"/admin/outbox/message/{message.pk}/change/")
        assert log.status_code == 200
        for words in ("Sample message", "Sample ministry", "Sample remark", "lear the", "leared", "learance"):
            assert words not in log.text
