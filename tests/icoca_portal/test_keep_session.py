"""How long a session lasts: from the last act of its person, not from what a page asks by itself."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from icoca_portal.lib.idling import EVERY, HEADER, MOVED

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_of):
    """Somebody of a delegation who opened a page six minutes ago."""
    found = client_of("reader")
    found.get("/contact/")
    session = found.session
    session[MOVED] = int(time.time()) - EVERY - 60
    session.save()
    return found


def moved(browser) -> int:
    return int(time.time()) - browser.session[MOVED]


def test_a_page_moves_the_end_and_says_how_long_it_is(browser):
    page = browser.get("/contact/")
    assert moved(browser) < 30
    assert page.context["session_seconds"] > settings.SESSION_COOKIE_AGE - 30
    assert f'data-seconds="{page.context["session_seconds"]}"' in page.text
    assert settings.SESSION_COOKIE_NAME in page.cookies


def test_the_next_page_writes_nothing(browser):
    browser.get("/contact/")
    page = browser.get("/contact/")
    assert settings.SESSION_COOKIE_NAME not in page.cookies


def test_what_a_page_asks_by_itself_moves_nothing(browser):
    address = reverse("questionnaires:read_presence", args=["nothing-here"])
    browser.get(address, headers={"HX-Request": "true"})
    assert moved(browser) > EVERY


def test_an_answer_to_a_field_says_how_long_the_session_lasts(browser):
    reply = browser.get("/contact/", headers={"HX-Request": "true"})
    assert int(reply[HEADER]) > settings.SESSION_COOKIE_AGE - 30
    assert HEADER not in browser.get("/contact/")


def test_somebody_says_that_they_are_still_there(browser):
    reply = browser.post(reverse("keep_session"))
    assert reply.json() == {"seconds": settings.SESSION_COOKIE_AGE}
    assert moved(browser) < 30
    assert browser.get(reverse("keep_session")).status_code == 405


def test_a_visitor_has_no_session_to_keep(client_of):
    visitor = client_of("visitor")
    assert visitor.post(reverse("keep_session")).status_code == 401
    page = visitor.get("/contact/")
    assert "data-seconds" not in page.text
    assert HEADER not in visitor.get("/contact/", headers={"HX-Request": "true"})


def test_the_administration_warns_too(client_of):
    assert 'id="session"' in client_of("secretariat").get("/admin/").text


def test_who_is_refused_reads_once_more_what_they_typed(client_of):
    browser = client_of("reader")
    sent = {"q1": "Typed in vain <b>", "password": "never shown"}
    page = browser.post("/nothing/here/", sent, headers={"Origin": "http://testserver"})
    assert page.status_code == 404
    assert escape("Typed in vain <b>") in page.text
    assert "never shown" not in page.text
    elsewhere = browser.post("/nothing/here/", sent, headers={"Origin": "https://elsewhere.example"})
    assert "Typed in vain" not in elsewhere.text
