"""Parked forms: what was typed comes back to the person who typed it, and to nobody else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from icoca_portal.lib import parking
from tests.lib import parking_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lib.parking_urls")]

HERE = {"Origin": "http://testserver", "Referer": "http://testserver/note/?section=2"}
ELSEWHERE = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}
TYPED = {"answer_text": "Une première ligne.\r\nEine zweite Zeile.", "themes": ["land", "sea"], "empty": ""}


class FormReader(HTMLParser):
    """The forms of a page, as a browser would send them: address and pairs of name and value."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._area: tuple[str, list[str]] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append((attributes["action"], []))
        elif tag == "input" and attributes.get("name"):
            self.forms[-1][1].append((attributes["name"], attributes.get("value", "")))
        elif tag == "textarea":
            self._area = (attributes["name"], [])

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            name, parts = self._area
            self._area = None
            # A browser drops the first line break of a text area and sends every other one as CRLF.
            text = re.sub(r"\r?\n", "\r\n", re.sub(r"\A\r?\n", "", "".join(parts)))
            self.forms[-1][1].append((name, text))


def fields_of(page, address):
    """The fields of the page's form for this address, as QueryDict lists."""
    for action, pairs in FormReader(page.text).forms:
        if action == address:
            fields = {}
            for name, value in pairs:
                fields.setdefault(name, []).append(value)
            return fields
    pytest.fail(f"the page has no form for {address}")


@pytest.fixture(autouse=True)
def nothing_received(settings):
    settings.STAFF_SECOND_FACTOR = False
    parking_urls.RECEIVED.clear()
    parking_urls.STATUS[0] = 200


def make_person(address):
    model = get_user_model()
    return model.objects.create(**{model.USERNAME_FIELD: address, "password": "!", "is_staff": True})


@pytest.fixture
def delegate():
    return make_person("delegate@sample.example")


@pytest.fixture
def colleague():
    return make_person("colleague@sample.example")


def sign_in(browser, person):
    """Sign in as the sign-in page does: what the browser's session holds already stays."""
    kept = browser.session.get(parking.SESSION_KEY)
    browser.force_login(person, backend="members.backends.PersonBackend")
    if kept is not None:
        session = browser.session
        session[parking.SESSION_KEY] = kept
        session.save()


def end_session(browser):
    """The session runs out; the other cookies of the browser stay."""
    browser.session.flush()
    del browser.cookies[portal_settings.SESSION_COOKIE_NAME]


@pytest.fixture
def browser(delegate):
    """A browser in which the delegate was signed in until the session ended."""
    browser = Client()
    sign_in(browser, delegate)
    browser.get("/note/")
    end_session(browser)
    return browser


def goes_to_sign_in(response, then):
    sign_in_page = resolve_url(portal_settings.LOGIN_URL)
    return (response.status_code, response.headers.get("Location")) == (302, f"{sign_in_page}?next={then}")


def test_what_an_expired_session_would_drop_comes_back_after_sign_in(browser, delegate):
    response = browser.post("/note/?section=2", TYPED, headers=HERE)
    assert goes_to_sign_in(response, "/parked/")
    sign_in(browser, delegate)
    page = browser.get("/parked/")
    assert page.status_code == 200
    assert "Answer text" in page.text
    assert "Une première ligne." in page.text
    assert "Eine zweite Zeile." in page.text
    assert "land" in page.text
    assert 'href="/note/?section=2"' in page.text
    assert "no-store" in page["Cache-Control"]
    assert parking_urls.RECEIVED == []


def test_the_sign_in_page_says_that_it_is_kept(browser):
    response = browser.post("/note/", TYPED, headers=HERE)
    assert "Sign in again. What you typed is kept and comes back." in browser.get(response["Location"]).text


def test_sent_again_the_page_gets_the_same_values_and_nothing_is_kept(browser, delegate):
    browser.post("/note/?section=2", TYPED, headers=HERE)
    sign_in(browser, delegate)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    fields = fields_of(strict.get("/parked/"), "/note/?section=2")
    assert strict.post("/note/?section=2", fields, headers=HERE).status_code == 200
    (received,) = parking_urls.RECEIVED
    assert received.keys() - TYPED.keys() == {"csrfmiddlewaretoken", parking.TOKEN_FIELD}
    assert {name: received[name] for name in TYPED} == {
        "answer_text": ["Une première ligne.\r\nEine zweite Zeile."],
        "themes": ["land", "sea"],
        "empty": [""],
    }
    assert "Nothing is kept." in strict.get("/parked/").text


@pytest.mark.parametrize(
    ("status", "is_kept"),
    [(200, False), (302, False), (409, False), (422, False), (403, True), (404, True), (500, True)],
)
def test_it_stays_parked_until_its_page_has_read_it(browser, delegate, status, is_kept):
    browser.post("/note/", TYPED, headers=HERE)
    sign_in(browser, delegate)
    fields = fields_of(browser.get("/parked/"), "/note/")
    parking_urls.STATUS[0] = status
    browser.post("/note/", fields, headers=HERE)
    assert ("Une première ligne." in browser.get("/parked/").text) is is_kept


def test_its_mark_on_another_address_takes_nothing_away(browser, delegate):
    browser.post("/note/?section=2", TYPED, headers=HERE)
    sign_in(browser, delegate)
    fields = fields_of(browser.get("/parked/"), "/note/?section=2")
    browser.post("/note/?section=3", fields, headers=HERE)
    assert "Une première ligne." in browser.get("/parked/").text


def test_another_person_never_sees_it_and_ends_it(browser, delegate, colleague):
    browser.post("/note/", TYPED, headers=HERE)
    sign_in(browser, colleague)
    page = browser.get("/parked/")
    assert "première" not in page.text
    assert "Nothing is kept." in page.text
    assert parking.SESSION_KEY not in browser.session
    sign_in(browser, delegate)
    assert "première" not in browser.get("/parked/").text


def test_a_visitor_does_not_see_it(browser):
    browser.post("/note/", TYPED, headers=HERE)
    assert goes_to_sign_in(browser.get("/parked/"), "/parked/")


def test_two_forms_are_both_kept_the_newest_first_and_one_pressed_twice_once(browser, delegate):
    for text in ("the first", "the second", "the second"):
        browser.post("/note/", {"answer": text}, headers=HERE)
    sign_in(browser, delegate)
    page = browser.get("/parked/").text
    assert page.count('<dd><p class="mb-0">the second') == 1
    assert page.index("the second") < page.index("the first")


def test_discarded_it_is_gone_and_the_other_stays(browser, delegate):
    for text in ("the first", "the second"):
        browser.post("/note/", {"answer": text}, headers=HERE)
    sign_in(browser, delegate)
    fields = fields_of(browser.get("/parked/"), "/parked/discard/")
    response = browser.post("/parked/discard/", fields)
    assert response["Location"] == "/parked/"
    page = browser.get("/parked/").text
    assert "the second" not in page
    assert "the first" in page
    assert browser.post("/parked/discard/", fields)["Location"] == "/parked/"
    response = browser.post("/parked/discard/", fields_of(browser.get("/parked/"), "/parked/discard/"))
    assert response["Location"] == "/"
    assert browser.get("/parked/discard/").status_code == 405
    assert browser.post("/parked/").status_code == 405


def test_discarding_needs_a_person(client):
    assert goes_to_sign_in(client.post("/parked/discard/"), "/parked/discard/")


@pytest.mark.parametrize(
    "headers",
    [
        ELSEWHERE,
        {**HERE, "Origin": "https://elsewhere.example"},
        {**HERE, "Origin": "null"},
        {**HERE, "Origin": "https://testserver"},
        {**HERE, "Origin": "http://testserver.elsewhere.example"},
        {"Referer": "https://elsewhere.example/note/"},
        {"Referer": "http://[broken/"},
        {},
    ],
    ids=[
        "another site",
        "its origin alone",
        "opaque",
        "other scheme",
        "host as a prefix",
        "referer",
        "broken",
        "silent",
    ],
)
def test_a_form_of_another_site_is_never_parked(browser, delegate, headers):
    browser.post("/note/", TYPED, headers=headers)
    assert parking.SESSION_KEY not in browser.session
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, delegate)
    response = strict.post("/note/", TYPED, headers=headers)
    assert response.status_code == 403
    assert "This form was not accepted" in response.text
    assert parking.SESSION_KEY not in strict.session
    assert parking_urls.RECEIVED == []


def test_the_referer_counts_where_the_browser_sends_no_origin(browser):
    browser.post("/note/", TYPED, headers={"Referer": HERE["Referer"]})
    assert len(browser.session[parking.SESSION_KEY]) == 1


def test_a_session_that_the_portal_ends_promises_nothing(delegate):
    """Whose role is over cannot sign in again: what they typed would wait for nobody."""
    browser = Client()
    sign_in(browser, delegate)
    browser.get("/note/")
    type(delegate).objects.filter(pk=delegate.pk).update(is_active=False)
    page = browser.post("/note/", TYPED, headers=HERE)
    assert page.status_code == 403
    assert "Eine zweite Zeile." in page.text  # to be copied, since it comes back to nobody
    assert parking.SESSION_KEY not in browser.session


def test_a_stranger_s_form_fills_no_session(client):
    response = client.post("/note/", TYPED, headers=HERE)
    assert goes_to_sign_in(response, "/note/")
    assert not client.session.keys()


def test_a_forged_memory_of_a_person_counts_for_nothing(client, delegate):
    client.cookies[parking.LAST_USER_COOKIE] = f"{delegate.pk}:1tGVaE:forged"
    client.post("/note/", TYPED, headers=HERE)
    assert parking.SESSION_KEY not in client.session


def test_nothing_under_accounts_is_parked(browser):
    response = browser.post("/accounts/something/", TYPED, headers=HERE)
    assert goes_to_sign_in(response, "/accounts/something/")
    assert parking.SESSION_KEY not in browser.session


def test_a_form_in_which_nothing_was_typed_leads_back_to_its_page(browser):
    response = browser.post("/note/", {"_save": "Save", "form-TOTAL_FORMS": "2", "seen_version": "4"}, headers=HERE)
    assert goes_to_sign_in(response, "/note/%3Fsection%3D2")
    assert parking.SESSION_KEY not in browser.session


def test_a_new_token_parks_the_form_of_a_person_who_is_signed_in(delegate):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, delegate)
    response = strict.post("/note/", {**TYPED, "csrfmiddlewaretoken": "a" * 64}, headers=HERE)
    assert (response.status_code, response["Location"]) == (302, "/parked/")
    page = strict.get("/parked/")
    assert "Une première ligne." in page.text
    assert strict.post("/note/", fields_of(page, "/note/"), headers=HERE).status_code == 200
    assert parking_urls.RECEIVED[0]["themes"] == ["land", "sea"]


def test_an_old_token_and_an_ended_session_lead_to_sign_in_once(browser, delegate):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert goes_to_sign_in(strict.post("/public-note/", TYPED, headers=HERE), "/parked/")
    assert len(strict.session[parking.SESSION_KEY]) == 1


def test_a_visitor_with_an_old_token_is_told_what_to_do(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/public-note/", TYPED, headers=HERE)
    assert response.status_code == 403
    assert 'href="/note/?section=2"' in response.text
    assert "go back, copy it" in response.text


def test_passwords_and_tokens_are_never_kept(browser, delegate):
    typed = {"name": "Sample", "New-Password1": "open sesame", "csrfmiddlewaretoken": "tokentoken"}
    browser.post("/note/", typed, headers=HERE)
    stored = str(browser.session[parking.SESSION_KEY])
    assert "open sesame" not in stored
    assert "tokentoken" not in stored
    sign_in(browser, delegate)
    assert "Passwords are never kept." in browser.get("/parked/").text


def test_a_file_is_not_kept_but_its_name_is(browser, delegate):
    upload = SimpleUploadedFile("position paper.pdf", b"%PDF-1.7 secret content")
    browser.post("/note/", {"title": "Position", "paper": upload}, headers=HERE)
    assert "secret content" not in str(browser.session[parking.SESSION_KEY])
    sign_in(browser, delegate)
    page = browser.get("/parked/").text
    assert "position paper.pdf" in page
    assert "This file was not kept." in page


def test_a_form_too_long_to_keep_says_so_and_leaves_the_others(browser, delegate):
    browser.post("/note/", {"answer": "short"}, headers=HERE)
    browser.post("/note/", {"answer": "x" * (parking.MAX_BYTES + 1)}, headers=HERE)
    sign_in(browser, delegate)
    page = browser.get("/parked/")
    assert "This form was too long to be kept." in page.text
    assert "short" in page.text
    assert "xxxx" not in page.text
    forms = [form for form in FormReader(page.text).forms if form[0] != reverse("keep_session")]
    assert len(forms) == 3  # two to discard, one to send


def test_a_form_beyond_what_the_server_reads_says_so_too(browser, delegate, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    browser.post("/note/", {f"answer{number}": "x" for number in range(5)}, headers=HERE)
    sign_in(browser, delegate)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    assert "This form was too long to be kept." in browser.get("/parked/").text


def test_many_forms_together_stay_under_the_limit(browser):
    for number in range(5):
        browser.post("/note/", {"answer": str(number) * 300_000}, headers=HERE)
    kept = browser.session[parking.SESSION_KEY]
    assert [bool(post["fields"]) for post in kept] == [True, True, True, False, False]
    assert len(str(kept)) < parking.MAX_BYTES


def test_a_script_gets_a_status_and_not_the_sign_in_page(browser):
    headers = {**HERE, "HX-Request": "true", "HX-Current-URL": "http://testserver/note/?section=2"}
    response = browser.post("/note/", TYPED, headers=headers)
    assert response.status_code == 401
    assert response["HX-Reswap"] == "none"
    assert response["X-Sign-In"] == f"{resolve_url(portal_settings.LOGIN_URL)}?next=/note/%3Fsection%3D2"
    assert response["Content-Type"].startswith("text/plain")
    assert "Not saved. Sign in again." in response.text
    assert parking.SESSION_KEY not in browser.session


def test_a_script_with_an_old_token_is_refused_without_being_parked(delegate):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, delegate)
    response = strict.post("/note/", TYPED, headers={**HERE, "HX-Request": "true"})
    assert response.status_code == 403
    assert response["HX-Reswap"] == "none"
    assert "X-Sign-In" not in response
    assert parking.SESSION_KEY not in strict.session


def test_a_script_of_a_visitor_with_an_old_token_is_told_to_sign_in(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        "/note/", TYPED, headers={**HERE, "HX-Request": "true", "HX-Current-URL": "https://x.example/"}
    )
    assert response.status_code == 401
    assert response["X-Sign-In"].startswith(resolve_url(portal_settings.LOGIN_URL))
    assert "x.example" not in response["X-Sign-In"]


def test_the_browser_remembers_its_last_person_in_a_cookie_that_scripts_cannot_read(client, delegate, colleague):
    assert parking.LAST_USER_COOKIE not in client.get("/note/").cookies
    sign_in(client, delegate)
    cookie = client.get("/note/").cookies[parking.LAST_USER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert parking.LAST_USER_COOKIE not in client.get("/note/").cookies
    sign_in(client, colleague)
    assert client.get("/note/").cookies[parking.LAST_USER_COOKIE].value.startswith(f"{colleague.pk}:")


def test_signing_out_makes_it_forget(client, delegate):
    sign_in(client, delegate)
    client.get("/note/")
    response = client.post("/accounts/logout/", headers=HERE)
    assert response.cookies[parking.LAST_USER_COOKIE]["max-age"] == 0
    client.post("/note/", TYPED, headers=HERE)
    assert parking.SESSION_KEY not in client.session


def test_an_error_of_the_server_is_passed_on_untouched(client, delegate):
    sign_in(client, delegate)
    parking_urls.STATUS[0] = 500
    assert parking.LAST_USER_COOKIE not in client.get("/note/").cookies


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("discussion_notes-0", "Discussion notes 0"),
        ("items[2].title", "Items 2 title"),
        ("Text", "Text"),
        ("été", "Été"),
    ],
)
def test_names_of_fields_become_readable(name, words):
    assert parking.readable(name) == words


@pytest.mark.parametrize(
    ("name", "is_machinery"),
    [
        ("_save", True),
        ("items-TOTAL_FORMS", True),
        ("seen_version", True),
        ("answer-version", True),
        ("next", True),
        ("conversion", False),
        ("next_steps", False),
    ],
)
def test_what_nobody_typed_is_not_shown(name, is_machinery):
    post = parking.ParkedPost("t", "1", "/", "/", "2018-06-06T08:00:00+00:00", fields=[[name, ["x"]]])
    assert (post.typed == []) is is_machinery
    assert post.hidden_inputs == [(name, "x")]
