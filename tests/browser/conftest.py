"""People at their browsers: the real pages in Chromium, with each script, style and policy as in production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from members.models import User

# How long a page may take to show what a test waits for: long, since the machine may be busy with other tests.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(autouse=True)
def _complaints(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that breaks its own policy or script fails its test, whatever else the test looks at."""
    complaints: list[str] = []
    request.node.stash[COMPLAINTS] = complaints
    yield
    assert not complaints, complaints


COMPLAINTS: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture
def person(
    browser: Browser, live_server: LiveServer, client_of: Callable[..., Client], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """A function that gives a page of the person (by the name in the cast, or a user) in a browser of their own.

    `width`, `dark` and `script` (JavaScript on) set the browser up. Addresses are relative to the portal.
    """
    contexts: list[BrowserContext] = []

    def make(who: str | User, *, width: int = WIDE["width"], dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": WIDE["height"]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        sign_in(context, live_server, client_of(who))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        complaints = request.node.stash[COMPLAINTS]
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda entry: _listen(entry, complaints))
        return page

    yield make
    for context in contexts:
        context.close()


def _listen(entry: Any, complaints: list[str]) -> None:
    if "Content Security Policy" in entry.text or "Uncaught" in entry.text:
        complaints.append(entry.text)


def sign_in(context: BrowserContext, live_server: LiveServer, client: Client) -> None:
    """Give the browser the session of a test client, and so the person that is signed in there."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is not None:
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
