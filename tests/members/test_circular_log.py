"""The delivery log of a circular: what became of each copy, in words; what is done about it; and the files of it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from icoca_portal.outbox.models import Message
from members import operations
from members.circulars.delivery import Asked, Log
from members.circulars.delivery_files import delivery_record
from members.models import Circular, CircularCopy, CircularRecipient, User
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

#: What the log shows, for each copy, by the name of who got it.
COPIES: dict[str, dict[str, Any]] = {
    "Queued": {"state": "queued"},
    "Tried": {"state": "queued", "attempts": 2, "last_error": "SMTPDataError: (451, b'4.3.0 Try later')"},
    "Sending": {"state": "sending"},
    "Lost": {"state": "sending", "last_error": "SMTPServerDisconnected: Connection unexpectedly closed"},
    "Sent": {},
    "Refused": {"state": "failed", "last_error": "SMTPRecipientsRefused: {'a@b': (550, b'5.1.1 No <b>such</b> user')}"},
    "Returned": {"state": "returned", "returned_code": "5.2.2", "returned_why": "552 Mailbox full"},
}


def of(name: str, *args: Any) -> str:
    return reverse(f"admin:members_circular_{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def circular(secretariat) -> Circular:
    """With a recipient of each standing, and one that was left as it is."""
    circular: Circular = factories.CircularFactory(year=2026, number=3, text__subject="=Sample subject")
    for name, message in COPIES.items():
        given = {f"message__{field}": value for field, value in message.items()}
        factories.CircularCopyFactory(
            recipient__circular=circular,
            recipient__name=f"Sample {name}",
            recipient__user__email=f"{name.lower()}@sample.example",
            **given,
        )
    factories.CircularCopyFactory(
        recipient__circular=circular,
        recipient__name="Sample Left",
        message__state="failed",
        message__settled_at=timezone.now(),
        message__settled_by="colleague@sample.example",
    )
    return circular


def recipient(circular: Circular, name: str) -> CircularRecipient:
    return circular.recipients.get(name=f"Sample {name}")


def names(client: Any, circular: Circular, query: str) -> list[str]:
    lines = client.get(f"{of('log', circular.pk)}?{query}").context["log"].lines
    return sorted(line.recipient.name.removeprefix("Sample ") for line in lines)


def send_again(client: Any, circular: Circular, name: str, **data: Any) -> Any:
    row = recipient(circular, name)
    address = row.copies.order_by("-number").first().message.recipient
    return client.post(of("resend_copy", circular.pk, row.pk), {"email": address, "seen": 1, **data}, follow=True)


def test_it_says_what_became_of_each_copy(client_of, circular):
    page = text_of(client_of("secretariat").get(of("log", circular.pk)))
    for words in (
        "Queued since",
        "Attempt 2 failed. The next one is on",
        "451 4.3.0 Try later",
        "Whether the server took it is not known.",
        "550 5.1.1 No &lt;b&gt;such&lt;/b&gt; user",
        "5.2.2: ",
        "552 Mailbox full",
        "Left as it is on",
        "colleague@sample.example",
        "portal.sample.example&gt;",
    ):
        assert words in page
    assert "Send again to all 2 that failed" in page


def test_it_is_narrowed_by_state_reading_and_words(client_of, circular):
    client = client_of("secretariat")
    CircularRecipient.objects.filter(name="Sample Sent").update(opened_at=timezone.now())
    assert names(client, circular, "standing=to-decide") == ["Lost", "Refused", "Returned"]
    assert names(client, circular, "standing=on-the-way") == ["Queued", "Sending", "Tried"]
    assert names(client, circular, "standing=left") == ["Left"]
    assert names(client, circular, "standing=sent&opened=yes") == ["Sent"]
    assert len(names(client, circular, "opened=no")) == 7
    assert names(client, circular, "q=refused%40sample") == ["Refused"]
    assert names(client, circular, "q=sample+lost") == ["Lost"]
    assert names(client, circular, "q=nobody%00") == []
    assert len(names(client, circular, "standing=nothing&opened=maybe&page=77")) == 8


def test_a_copy_goes_to_the_address_that_was_put_right(client_of, circular):
    client = client_of("secretariat")
    row = recipient(circular, "Returned")
    page = text_of(client.get(of("resend_copy", circular.pk, row.pk)))
    assert "Also change the address of the account" in page
    response = send_again(client, circular, "Returned", email="right@sample.example")
    assert "Another copy to right@sample.example is queued." in text_of(response)
    copies = list(row.copies.select_related("message").order_by("number"))
    assert [copy.message.state for copy in copies] == ["returned", "queued"]
    assert copies[1].message.recipient == "right@sample.example"
    assert copies[1].message.message_id != copies[0].message.message_id
    assert row.user.email == User.objects.get(pk=row.user_id).email == "returned@sample.example"
    page = text_of(client.get(of("log", circular.pk)))
    assert "Corrected. Found as" in page
    assert "Sent again by Sample Officer." in page
    assert names(client, circular, "q=right%40sample") == ["Returned"]


def test_the_account_gets_the_address_too_if_that_is_asked_for(client_of, circular):
    client = client_of("secretariat")
    send_again(client, circular, "Refused", email="Right@sample.example", also_account="on")
    assert recipient(circular, "Refused").user.email == "right@sample.example"
    # Whoever has no account has none to change.
    row = factories.CircularCopyFactory(
        recipient__circular=circular, recipient__user=None, message__state="failed"
    ).recipient
    page = text_of(client.get(of("resend_copy", circular.pk, row.pk)))
    assert "Also change" not in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nobody", "Enter a valid email address."),
        ("a@b.example\r\nBcc: c@d.example", "Enter a valid email address."),
        ("SENT@sample.example", "is the address of"),
        ("typed@sample.example", "is the address of Sample Typed"),
    ],
)
def test_an_address_that_is_none_or_somebody_else_s_is_refused(client_of, circular, address, said):
    factories.CircularRecipientFactory(circular=circular, user=None, name="Sample Typed", email="Typed@sample.example")
    response = send_again(client_of("secretariat"), circular, "Refused", email=address)
    assert response.status_code == 422
    assert said in text_of(response)
    assert recipient(circular, "Refused").copies.count() == 1


def test_two_colleagues_at_once_send_one_copy(client_of, circular):
    """The second has the page from before the first: whether the copy still waits, or was sent meanwhile."""
    client = client_of("secretariat")
    send_again(client, circular, "Refused")
    response = send_again(client, circular, "Refused")
    assert response.status_code == 422
    assert "Another copy was sent meanwhile." in text_of(response)
    Message.objects.filter(state="queued").update(state="sent", sent_at=timezone.now())
    assert send_again(client, circular, "Refused").status_code == 422
    assert recipient(circular, "Refused").copies.count() == 2
    # The page of now knows of the copy on its way.
    Message.objects.filter(circular_copy__recipient__name="Sample Refused", circular_copy__number=2).update(
        state="queued", sent_at=None
    )
    response = send_again(client, circular, "Refused", seen=2)
    assert response.status_code == 422
    assert recipient(circular, "Refused").copies.count() == 2


def test_all_that_failed_are_sent_again_once(client_of, circular):
    client = client_of("secretariat")
    assert "2 copies were refused or came back." in text_of(client.get(of("resend_failed", circular.pk)))
    assert "2 copies are queued again." in text_of(client.post(of("resend_failed", circular.pk), follow=True))
    client.post(of("resend_failed", circular.pk))
    again = CircularCopy.objects.filter(number=2)
    assert sorted(copy.recipient.name for copy in again) == ["Sample Refused", "Sample Returned"]


def test_what_did_not_arrive_is_left_as_it_is(client_of, circular):
    client = client_of("secretariat")
    row = recipient(circular, "Lost")
    address = of("settle_copy", circular.pk, row.pk)
    assert "no longer waits for a decision" in text_of(client.get(address))
    response = client.post(f"{address}?standing=to-decide", {"seen": 1})
    assert response.url == f"{of('log', circular.pk)}?standing=to-decide"
    assert names(client, circular, "standing=left") == ["Left", "Lost"]
    assert client.post(address, {"seen": 1}).status_code == 422
    assert client.post(of("settle_copy", circular.pk, recipient(circular, "Sent").pk), {"seen": 1}).status_code == 422


def test_the_log_shows_who_got_which_version(client_of, circular):
    correction = factories.CircularFactory(year=2026, number=3, correction=1, corrects=circular)
    user = recipient(circular, "Sent").user
    factories.CircularCopyFactory(recipient__circular=correction, recipient__user=user)
    lines = {line.recipient.name: line for line in Log(circular, Asked()).lines}
    assert lines["Sample Sent"].corrections == [correction]
    assert lines["Sample Refused"].corrections == []
    page = text_of(client_of("secretariat").get(of("log", circular.pk)))
    assert page.count("Later got") == 1


def test_the_files_hold_every_copy_and_no_formula(client_of, circular):
    client = client_of("secretariat")
    CircularRecipient.objects.filter(name="Sample Sent").update(name="=1+1")
    send_again(client, circular, "Refused")
    response: Any = client.get(of("export_log_csv", circular.pk))
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(lines) == 1 + 8 + 1
    assert any("'=1+1" in line for line in lines)
    assert [line[6] for line in lines if "Sample Refused" in line] == ["1", "2"]
    response = client.get(of("export_log_xlsx", circular.pk))
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content)))["Circular 3 2026"]
    assert sheet.max_row == 1 + 8 + 1
    assert "=1+1" in {cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    response = client.get(of("export_log_pdf", circular.pk))
    assert response.content.startswith(b"%PDF")
    assert "Circular 3-2026 delivery.pdf" in response["Content-Disposition"]


def test_the_record_names_whom_no_letter_reached(secretariat, focal_point):
    factories.DelegationFactory(organisation__name="Sample Silent State")
    draft = operations.draft_circular(by=secretariat)
    operations.write_circular(
        draft,
        by=secretariat,
        texts={"en": ("Sample", "<p>Sample</p>")},
        audience={"rule": "participants", "roles": ["focal point"]},
        send_at=None,
        about=None,
    )
    released = operations.approve_circular(draft, by=secretariat)
    said = str(delivery_record(released, timezone.now()).parts)
    assert "Sample Silent State" in said
    assert "Nobody of it gets mail." in said
    assert "All participants" in said
    assert focal_point.email in said
    assert released.record.sha256 in said


def test_a_draft_has_no_log(client_of, secretariat, circular):
    client = client_of("secretariat")
    draft = operations.draft_circular(by=secretariat)
    for name in ("log", "resend_failed", "export_log_csv"):
        assert client.get(of(name, draft.pk)).status_code == 404
    other = factories.CircularRecipientFactory()
    assert client.get(of("resend_copy", circular.pk, other.pk)).status_code == 404


def test_as_many_queries_for_five_thousand_recipients_as_for_one(client_of, secretariat):
    client = client_of("secretariat")
    one, many = factories.CircularFactory(number=1), factories.CircularFactory(number=2)
    factories.CircularCopyFactory(recipient__circular=one, recipient__user=None)
    few = queries(client, of("log", one.pk))
    fill(many, 5000)
    assert queries(client, of("log", many.pk)) == few <= 12
    page = client.get(f"{of('log', many.pk)}?page=3&q=sample")
    assert len(page.context["log"].lines) == 50


def fill(circular: Circular, number: int) -> None:
    """So many recipients with a copy each, without an account."""
    now = timezone.now()
    people = CircularRecipient.objects.bulk_create(
        CircularRecipient(circular=circular, name=f"Sample {n}", email=f"many.{n}@sample.example", language="en")
        for n in range(number)
    )
    mails = Message.objects.bulk_create(
        factories.MessageFactory.build(key=f"many:{row.pk}", message_id=f"<many.{row.pk}@x>", recipient=row.email,
                                       queued_at=now - timedelta(minutes=1))
        for row in people
    )  # fmt: skip
    CircularCopy.objects.bulk_create(
        CircularCopy(recipient=row, message=mail) for row, mail in zip(people, mails, strict=True)
    )
