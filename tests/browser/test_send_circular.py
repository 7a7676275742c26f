"""A circular to 57 delegations with 140 delegates, by clicking: written, approved by a colleague, sent through a server
that fails in every way, repaired, read, and exported for the file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from icoca_portal.lib.clock import run_due
from icoca_portal.outbox import operations as outbox
from icoca_portal.outbox.models import Message
from members.models import Circular, CircularCopy, Delegate, Delegation, Organisation, Participation, User
from tests import factories
from tests.browser.looking import look
from tests.mail_server import CUT, MailServer

pytestmark = pytest.mark.django_db(transaction=True)

DELEGATIONS, DELEGATES = 57, 140


@pytest.fixture
def people(db: None) -> list[User]:
    """140 delegates of 57 delegations, every one of which has a focal point."""
    states = Organisation.objects.bulk_create(
        factories.OrganisationFactory.build(name=f"Sample State {n:02}", slug=f"state-{n:02}", code=f"x{n:02}")
        for n in range(DELEGATIONS)
    )
    Participation.objects.bulk_create(
        Participation(organisation=state, valid_from=date(2008, 9, 17), source="Sample") for state in states
    )
    delegations = Delegation.objects.bulk_create(Delegation(organisation=state) for state in states)
    users = User.objects.bulk_create(
        User(email=f"delegate.{n:03}@sample.example", name=f"Sample Delegate {n:03}", password="!")
        for n in range(DELEGATES)
    )
    roles = (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR, Delegate.Role.READER)
    Delegate.objects.bulk_create(
        Delegate(
            user=user,
            delegation=delegations[n % DELEGATIONS],
            role=roles[n // DELEGATIONS],
            valid_from=date(2015, 1, 1),
        )
        for n, user in enumerate(users)
    )
    return users


@pytest.fixture
def colleague(secretariat_group: Group) -> User:
    user: User = factories.UserFactory(email="colleague@sample.example", name="Sample Colleague", is_staff=True)
    user.groups.add(secretariat_group)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


def work(at: datetime) -> None:
    """The worker takes all that is due at this moment, and the clock runs."""
    with outbox.Line() as line:
        while outbox.send_next(at, line=line):
            pass
    run_due(at)


def write(page: Page) -> None:
    page.goto("/admin/members/circular/add/")
    page.get_by_role("button", name="Begin the draft").click()
    page.get_by_label("Subject, English").fill("Sample agenda for {delegation}")
    text = page.get_by_role("textbox", name="Text, English")
    text.click()
    text.press_sequentially("Dear {name}, the sample agenda is revised.")
    page.get_by_label("All participants", exact=True).check()
    for role in ("Focal point", "Contributor", "Reader"):
        page.get_by_role("checkbox", name=role).first.check()
    page.get_by_label("Add files").set_input_files(
        {"name": "annex.txt", "mimeType": "text/plain", "buffer": b"Sample annex"}
    )
    page.get_by_role("button", name="See who gets it").click()
    expect(page.get_by_text(f"{DELEGATES} letters to {DELEGATIONS} organisations.")).to_be_visible()
    page.get_by_role("link", name="Back to the circular").click()
    page.get_by_role("button", name="Put it to a colleague").click()
    page.get_by_role("button", name="Put it to a colleague").click()
    expect(page.get_by_text("The circular waits for a colleague.")).to_be_visible()


def figure(page: Page, words: str) -> str:
    return page.locator(".wg-figures > div", has_text=words).locator("dd").inner_text().strip()


def saved(page: Page, link: str) -> bytes:
    """The file behind a link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path()).read_bytes()


def test_every_delegation_hears_it_once_and_that_is_on_file(person, secretariat, colleague, people, settings, tmp_path):
    settings.MEDIA_ROOT, settings.CIRCULARS_FOUR_EYES = tmp_path, True
    faults: list[str] = []
    writer = person("secretariat")
    write(writer)
    circular = Circular.objects.get()
    screen, log = (f"/admin/members/circular/{circular.pk}/{page}/" for page in ("change", "log"))

    # Who wrote it does not send it; a colleague does, once, however often the button is pressed.
    writer.goto(screen)
    expect(writer.get_by_role("button", name="Send the circular")).to_have_count(0)
    assert not Message.objects.exists()
    other = person(colleague)
    other.goto(screen)
    other.get_by_role("link", name="Send the circular").click()
    other.get_by_role("button", name="Send the circular").dblclick()
    expect(other.get_by_text(re.compile("is on its way|approved already"))).to_be_visible()
    assert Message.objects.filter(circular_copy__isnull=False).count() == DELEGATES

    def address(n: int) -> str:
        return people[n].email

    now = timezone.now()
    with MailServer() as server:
        server.point(settings)
        server.answer("connect", "421 4.3.2 Not now", times=1)
        for n in (3, 4, 5):
            server.answer("RCPT", "550 5.1.1 No such mailbox", to=address(n))
        for n in range(20, 30):
            server.answer("RCPT", "450 4.2.1 Try later", to=address(n), times=1)
        server.answer("content", "552 5.3.4 Too large today", to=address(40), times=1)
        server.answer("content", CUT, to=address(50), times=1)
        work(now)
        writer.goto(log)
        faults += look(writer, "the log while some failed")
        work(now + timedelta(minutes=2))
        # One that the server had taken comes back.
        returned = CircularCopy.objects.get(recipient__user=people[60])
        outbox.record_return(returned.message, code="5.2.2", why="552 Mailbox full", returned_at=now)

        writer.goto(log)
        assert figure(writer, "on the way") == "0"
        assert figure(writer, "wait for a decision") == "6"
        writer.locator(".wg-figures a", has_text="6").click()
        for words in ("550 5.1.1 No such mailbox", "552 5.3.4 Too large today", "is not known", "Mailbox full"):
            expect(writer.get_by_text(words).first).to_be_visible()

        # Two addresses were wrong: put right, one of them for the account as well. One belongs to somebody else.
        def begin(name: str) -> None:
            writer.get_by_role("link", name=f"Send again… {name}").click()

        begin(people[3].name)
        writer.get_by_label("Address:").fill(address(9))
        writer.get_by_role("button", name="Send another copy").click()
        expect(writer.get_by_text(f"is the address of {people[9].name}")).to_be_visible()
        faults += look(writer, "an address that somebody else has")
        writer.get_by_label("Address:").fill("right.3@sample.example")
        writer.get_by_role("button", name="Send another copy").dblclick()
        expect(writer.get_by_text(re.compile("is queued|was sent meanwhile"))).to_be_visible()
        writer.goto(f"{log}?standing=to-decide")
        begin(people[4].name)
        writer.get_by_label("Address:").fill("right.4@sample.example")
        writer.get_by_label("Also change the address of the account").check()
        writer.get_by_role("button", name="Send another copy").click()
        expect(writer.get_by_text("Another copy to right.4@sample.example is queued.")).to_be_visible()
        # Nobody reads the third mailbox: it is left. The uncertain one did not come, says the delegation.
        writer.get_by_role("link", name=f"Leave as it is… {people[5].name}").click()
        writer.get_by_role("button", name="Leave it as it is").click()
        expect(writer.get_by_text("stays as it is.")).to_be_visible()
        assert len(server.accepted) == DELEGATES - 4
        begin(people[50].name)
        expect(writer.get_by_text("the recipient may have it twice")).to_be_visible()
        writer.get_by_role("button", name="Send another copy").click()
        # The rest that failed or came back: a colleague presses the same button at the same time.
        for page in (writer, other):
            page.goto(log)
            page.get_by_role("link", name="Send again to all 2 that failed").click()
        writer.get_by_role("button", name="Send the copies again").dblclick()
        expect(writer.get_by_text(re.compile("[02] copies are queued again"))).to_be_visible()
        other.get_by_role("button", name="Send the copies again").click()
        expect(other.get_by_text("0 copies are queued again.")).to_be_visible()
        work(timezone.now() + timedelta(minutes=5))

        assert set(server.copies().values()) == {1}
        wrong = {people[n].email for n in (3, 4, 5)}
        right = {"right.3@sample.example", "right.4@sample.example"}
        assert {mail.to for mail in server.accepted} == {user.email for user in people} - wrong | right

    # A delegate reads it on the portal, as it was written to them.
    reader = person(people[70])
    reader.goto("/members/circulars/")
    reader.get_by_role("link", name="Sample agenda for Sample State").click()
    expect(reader.get_by_text(f"Dear {people[70].name}, the sample agenda is revised.")).to_be_visible()
    assert saved(reader, "Text").startswith(b"Sample annex")

    # For the file.
    writer.goto(log)
    assert figure(writer, "sent, of 140") == "139"
    assert figure(writer, "left as they are") == "1"
    assert figure(writer, "opened on the portal") == "1"
    expect(writer.get_by_text("No copy waits any more.")).to_be_visible()
    faults += look(writer, "the log when all is done")
    lines = list(csv.reader(io.StringIO(saved(writer, "CSV").decode("utf-8-sig"))))
    copies = CircularCopy.objects.count()
    assert len(lines) == 1 + copies == 1 + DELEGATES + 5
    sheet: Any = load_workbook(io.BytesIO(saved(writer, "Excel"))).worksheets[0]
    assert sheet.max_row == 1 + copies
    assert saved(writer, "Delivery record, PDF").startswith(b"%PDF")
    circular.refresh_from_db()
    assert circular.state == Circular.State.SENT
    assert not faults, "\n".join(faults)
