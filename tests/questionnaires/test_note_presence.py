"""Who is in which section now: for a minute, to colleagues alone, and cheaply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaires.models import Presence
from tests.questionnaires.answering import address, draft
from tests.questionnaires.colleagues import HTMX, invite

pytestmark = pytest.mark.django_db
# What it costs that somebody is signed in: the session, the person, their standing today.
SIGNED_IN = 3


def be(browser, section=1):
    return browser.post(address("note_presence", section), headers=HTMX)


def test_a_colleague_is_here_too(client_of, response):
    assert "Nobody else" in be(client_of("contributor")).text
    reply = be(client_of("focal_point"))
    assert "Sample Contributor is here too" in reply.text
    assert "Sample Focal Point" not in reply.text
    assert "Sample Contributor is here too" in client_of("reader").get(address("edit_section", 1)).text
    assert "is here too" not in client_of("reader").get(address("edit_section", 2)).text
    listed = client_of("reader").get(address("read_response")).text
    assert "Here now: Sample Contributor, Sample Focal Point" in listed
    polled = client_of("reader").get(address("read_presence"), headers=HTMX)
    assert "Here now: Sample Contributor, Sample Focal Point" in polled.text
    assert polled.text.count("hx-swap-oob") == 2


def test_a_minute_later_they_are_not(client_of, response):
    be(client_of("contributor"))
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert "Nobody else" in be(client_of("focal_point")).text
    be(client_of("contributor"))
    assert "Sample Contributor" in be(client_of("focal_point")).text
    assert Presence.objects.count() == 2


def test_a_poll_costs_three_queries(client_of, response):
    browser = client_of("contributor")
    be(browser)
    be(client_of("focal_point"))
    for ask in (lambda: be(browser), lambda: browser.get(address("read_presence"), headers=HTMX)):
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code == 200
        asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= SIGNED_IN + 3, asked


def test_a_guest_sees_the_presence_of_their_sections_alone(client_of, response, questionnaire, delegation, focal_point):
    guest = invite(questionnaire, delegation, focal_point).user
    be(client_of("contributor"), 2)
    be(client_of("focal_point"), 1)
    browser = client_of(guest)
    for text in (browser.get(address("read_response")).text, browser.get(address("read_presence")).text):
        assert "Sample Focal Point" in text
        assert "Sample Contributor" not in text
    assert be(browser, 2).status_code == 404
    be(browser)
    assert "Sample Guest is here too" in be(client_of("focal_point")).text


def test_another_delegation_is_in_its_own_response(client_of, response, questionnaire, other_delegation):
    be(client_of("contributor"))
    assert be(client_of("other_focal_point")).status_code == 204
    draft(questionnaire, other_delegation)
    assert "Nobody else" in be(client_of("other_focal_point")).text
    assert client_of("director").post(address("note_presence", 1)).status_code == 404


def test_before_the_response_has_begun_nobody_is_noted(client_of, questionnaire, focal_point):
    assert be(client_of("focal_point")).status_code == 204
    assert client_of("focal_point").get(address("read_presence"), headers=HTMX).status_code == 204
    assert not Presence.objects.exists()


def test_a_section_that_is_not_there(client_of, response):
    assert be(client_of("focal_point"), 9).status_code == 404


def test_who_is_signed_out_is_told_so_and_not_led_to_the_sign_in_page(client_of, response):
    visitor = client_of("visitor")
    assert be(visitor).status_code == 401
    assert visitor.get(address("read_presence"), headers=HTMX).status_code == 401
