"""One secret of each kind in a meeting, looked for in everything that each role can get.

Every address of the meetings is walked as the resolver has it, with the keys of everything that was made, so that a new
page is looked through without being listed here; so are the screens of the administration, the pages around them, the
feeds and files (unpacked), the search, what a form answers, and the mail. What a role reads is exactly what
`secrets.READERS` says: nothing more, and nothing less.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from icoca_portal.lib import clock
from icoca_portal.lib.words_of_files import read_words
from icoca_portal.outbox.models import Message
from members.models import User
from tests import factories
from tests.meetings.secrets import AROUND, READERS, SECRETS, Told, tell

pytestmark = pytest.mark.django_db

ROLES = (
    "visitor",
    "nobody",
    "reader",
    "focal_point",
    "other_focal_point",
    "director",
    "chair",
    "secretariat",
    "superuser",
)
#: What a page may be asked besides its address: other texts of it, and all that can be found.
QUESTIONS = ("text=published", "to=next", "from=0&to=next", "show=all", "state=all", "state=done")
AROUND_THEM = ("home", "members:list_participants", "contact", "privacy")


@pytest.fixture
def people(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    return request.getfixturevalue


@pytest.fixture
def nobody() -> User:
    """Somebody with an account and no role."""
    return factories.UserFactory(email="nobody@sample.example")


@pytest.fixture
def told(people, nobody) -> Told:
    for role in ROLES:
        if role != "visitor":
            people(role)
    return tell(people)


def words_in(response: Any) -> str:
    """Everything that an answer says, whatever it is packed in."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    said = [str(response.headers), words_of(content, response.headers.get("Content-Type", ""))]
    return "\n".join(said)


def words_of(content: bytes, media_type: str = "") -> str:
    """The text of a file, and of the files in it."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(name + words_of(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"%PDF-"):
        return read_words(content, "application/pdf")
    return content.decode("utf-8", "replace").replace("\r\n ", "")  # calendar files break lines inside words


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, ":".join(part for part in (space, one.namespace) if part))
        elif one.name:
            yield f"{space}:{one.name}" if space else one.name, one


def addresses(told: Told, role: str, *, with_screens: bool) -> list[str]:
    """Every address of the meetings, and of their screens in the administration, for everything that was made.

    Of the private addresses of the calendar a role tries its own: whoever has another's reads what its owner reads,
    which is a test of its own below.
    """
    found: dict[str, None] = dict.fromkeys(reverse(name) for name in AROUND_THEM)
    for name, pattern in patterns(get_resolver()):
        if not name.startswith(("meetings:", "admin:meetings_") if with_screens else "meetings:"):
            continue
        converters = pattern.pattern.converters if hasattr(pattern.pattern, "converters") else {}
        names = list(converters)
        choices = [values_for(part, converters[part], told, role) for part in names]
        for values in product(*choices):
            found[reverse(name, kwargs=dict(zip(names, values, strict=True)))] = None
    return list(found)


def values_for(part: str, converter: Any, told: Told, role: str) -> list[Any]:
    """What may stand in a part of an address."""
    kind = type(converter).__name__
    if part == "group":
        return ["icoca"]
    if part == "number":
        return [meeting.number for meeting in told.meetings]
    if part == "token":
        return [told.tokens.get(role, "guessed")]
    if kind == "UUIDConverter":
        return sorted(told.uuids)
    if kind == "IntConverter" or part in ("object_id", "pk"):
        return sorted(told.keys)
    return ["ch", "se", "switzerland", "sweden", "pdf", "csv", "zip", "docx"]


def told_to(browser: Client, told: Told, role: str) -> dict[str, set[str]]:
    """Which secrets the answers hold, and at which addresses."""
    seen: dict[str, set[str]] = {}

    def look(address: str, text: str) -> None:
        for name, word in SECRETS.items():
            # What stands in the address was known before.
            if word in text and word not in address:
                seen.setdefault(name, set()).add(address)

    # Who is not of the staff is sent away from every screen of the administration alike: one of them tries them all.
    for address in addresses(told, role, with_screens=role in ("secretariat", "director")):
        response = browser.get(address)
        look(address, words_in(response))
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_page and not address.startswith("/admin/"):
            for question in QUESTIONS:
                look(f"{address}?{question}", words_in(browser.get(f"{address}?{question}")))
        if response.status_code != 404 and not address.startswith("/admin/"):
            with transaction.atomic():
                look(f"POST {address}", words_in(browser.post(address, {})))
                transaction.set_rollback(True)
    look("the search", "".join(search(browser)))
    return seen


def search(browser: Client) -> Iterator[str]:
    """Every page of what is found by the word around the secrets, and what each name of somebody filters."""
    address, page = reverse("meetings:search_meetings"), 1
    while True:
        response = browser.get(f"{address}?{urlencode({'q': AROUND, 'page': page})}")
        yield response.text
        if response.context["pages"].after is None:
            break
        page += 1
    for word in SECRETS.values():
        for asked in ({"q": word}, {"presenter": word}):
            # That something is found by a word tells the word.
            if browser.get(f"{address}?{urlencode(asked)}").context["found"].hits:
                yield word


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_exactly_what_is_theirs(told, client_of, people, role) -> None:
    browser = client_of("visitor" if role == "visitor" else people(role))

    seen = told_to(browser, told, role)

    theirs = {name for name, readers in READERS.items() if role in readers}
    too_much = {name: sorted(where)[:4] for name, where in seen.items() if name not in theirs}
    assert not too_much
    assert theirs - set(seen) == set()


def test_the_private_calendar_says_what_its_owner_reads_and_nothing_once_they_have_no_role(told, people) -> None:
    address = reverse("meetings:export_private_calendar", args=[told.tokens["reader"]])
    theirs = {name for name, readers in READERS.items() if "reader" in readers}

    text = words_in(Client().get(address))

    assert {name for name, word in SECRETS.items() if word in text} <= theirs
    assert SECRETS["link to join"] in text
    people("reader").appointments.update(valid_to="2016-01-01")
    assert Client().get(address).status_code == 404


def test_no_mail_tells_its_recipient_more_than_their_pages(told, people) -> None:
    clock.run_due()
    roles = {people(role).email: role for role in ROLES if role != "visitor"}
    messages = list(Message.objects.all())

    assert messages
    for message in messages:
        said = "\n".join(str(getattr(message, one.attname)) for one in Message._meta.concrete_fields)
        role = roles.get(message.recipient, "other_focal_point")
        for name, word in SECRETS.items():
            assert word not in said or role in READERS[name], f"{message.subject} tells {role} the {name}"


def test_every_secret_has_somebody_who_must_not_read_it_or_is_public() -> None:
    for name, readers in READERS.items():
        assert readers <= {*ROLES}, name
    assert len(set(SECRETS.values())) == len(READERS)
    assert settings.SAMPLE_SITE is False
