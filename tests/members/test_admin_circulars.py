"""The secretariat's screens for circulars: written, looked at, put to a colleague, sent once, read afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import geneva
from icoca_portal.outbox.models import Message
from members import operations
from members.models import Circular, CircularTemplate, Delegate, User
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

TEXTS = {"en": ("Sample news for {delegation}", "<p>Dear {name},</p><p>sample text.</p>")}
FOCAL_POINTS: dict[str, Any] = {"rule": "participants", "roles": ["focal point"], "day": None}
PDF = b"%PDF-1.4\n%sample\n"


def of(name: str, *args: Any) -> str:
    return reverse(f"admin:members_circular_{name}", args=args)


def drafted(by: User, **changes: Any) -> Circular:
    """To the focal points of all participants, in English."""
    written = {"texts": TEXTS, "audience": FOCAL_POINTS, "send_at": None, "about": None, **changes}
    return operations.write_circular(operations.draft_circular(by=by), by=by, **written)


@pytest.fixture
def circular(secretariat, focal_point, other_focal_point):
    return drafted(secretariat)


@pytest.fixture
def colleague(client_of, secretariat_group):
    """A browser of another officer of the secretariat."""
    return lambda: None


def typed(circular: Circular, **changes: Any) -> dict[str, Any]:
    """What the page of a draft sends, as it is stored."""
    text = circular.texts.filter(language="en").first()
    form = {
        "seen_version": circular.version,
        "about": "",
        "subject_en": text.subject if text else "",
        "body_en": text.body if text else "",
        "subject_fr": "",
        "body_fr": "",
        "rules": ["participants"],
        "participants-roles": ["focal point"],
        "participants-day": "",
        "send_at_0": "",
        "send_at_1": "",
        "_continue": "Save the draft",
    }
    return {**form, **changes}


def write(client: Any, circular: Circular, **changes: Any) -> Any:
    return client.post(of("change", circular.pk), typed(circular, **changes))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def value_of(name: str, page: str) -> str:
    """What the page carries under a name for the next step."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no {name}"
    return found[1]


def test_a_circular_is_begun_from_a_template_and_written(officer, focal_point):
    template = CircularTemplate.objects.create(name="Sample template")
    template.texts.create(language="en", subject="Sample of {delegation}", body="<p>Sample words</p>")
    assert "Sample template" in text_of(officer.get(of("add")))
    begun = officer.post(of("add"), {"about": "", "template": template.pk})
    circular = Circular.objects.get()
    assert begun.url == of("change", circular.pk)
    page = text_of(officer.get(begun.url))
    assert "Sample of {delegation}" in page
    assert "Name of the person’s organisation" in page

    written = write(
        officer,
        circular,
        subject_fr="Nouvelles",
        body_fr="<p>Texte</p><script>alert(1)</script>",
        rules=["delegations"],
        **{"delegations-delegations": [focal_point.standing.delegation.organisation_id], "delegations-roles": "reader"},
    )
    assert written.status_code == 302
    circular.refresh_from_db()
    assert circular.audience == {
        "rule": "delegations",
        "delegations": [focal_point.standing.delegation.organisation_id],
        "roles": ["reader"],
    }
    assert circular.text_in("fr").body == "<p>Texte</p>"
    page = text_of(officer.get(begun.url))
    assert "Nouvelles" in page
    assert "Delegations of Switzerland: readers" in text_of(officer.get(of("changelist")))


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(officer, circular):
    past = (timezone.now() - timedelta(hours=2)).astimezone(geneva())
    refused = write(
        officer,
        circular,
        subject_en="Sample {speling}\r\nBcc: victim@sample.example",
        body_fr="<p>Only the text</p>",
        rules=["participants", "regions"],
        send_at_0=past.strftime("%Y-%m-%d"),
        send_at_1=past.strftime("%H:%M"),
        upload=SimpleUploadedFile("Sample note.pdf", PDF),
    )
    page = text_of(refused)
    assert refused.status_code == 200
    assert "“{speling}” is no merge field." in page
    assert "{delegation}" in page
    assert "Write the other, or empty it." in page
    assert "This hour is past." in page
    assert "Only the text" in page
    assert page.count("This field is required.") == 2
    # The file that came with it is kept, and is no reason to refuse what is sent next.
    assert "Sample note.pdf" in page
    seen = value_of("seen_version", page)
    again = write(officer, circular, seen_version=seen, subject_en="Sample\r\nBcc: victim@sample.example")
    assert again.status_code == 302
    circular.refresh_from_db()
    assert circular.text_in("en").subject == "Sample Bcc: victim@sample.example"


def test_two_editors_do_not_overwrite_each_other(officer, circular, secretariat):
    operations.write_circular(
        circular,
        by=secretariat,
        texts={"en": ("Theirs", "<p>Theirs</p>")},
        audience=FOCAL_POINTS,
        send_at=None,
        about=None,
    )
    stale = write(officer, circular, subject_en="Mine", upload=SimpleUploadedFile("Sample.pdf", PDF))
    page = text_of(stale)
    assert stale.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert "Sample.pdf" in page
    over = value_of("_save_over", page)
    assert write(officer, circular, subject_en="Mine", _save_over=over).status_code == 302
    circular.refresh_from_db()
    assert circular.text_in("en").subject == "Mine"


def test_writing_on_what_a_colleague_has_sent_shows_what_was_typed(officer, circular, secretariat):
    operations.approve_circular(circular, by=secretariat)
    words = typed(circular, subject_en="Sample words typed too late")
    late = officer.post(of("change", circular.pk), words, headers={"origin": "http://testserver"})
    assert late.status_code == 409
    assert "Sample words typed too late" in text_of(late)
    circular.refresh_from_db()
    assert circular.text_in("en").subject == "Sample news for {delegation}"


def test_files_that_are_refused_are_named_and_the_rest_is_stored(officer, circular, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    response = officer.post(
        of("change", circular.pk),
        typed(
            circular,
            subject_en="Kept",
            upload=[
                SimpleUploadedFile("Sample large.pdf", PDF + b"0" * 2000),
                SimpleUploadedFile("Sample.exe", b"MZ\x90\x00\x03"),
                SimpleUploadedFile("Sample good.pdf", PDF),
            ],
            upload_attached="on",
        ),
        follow=True,
    )
    page = text_of(response)
    assert "“Sample large.pdf” was not added." in page
    assert "“Sample.exe” was not added. This type of file is not taken." in page
    assert "“Sample good.pdf” is added." in page
    circular.refresh_from_db()
    assert circular.text_in("en").subject == "Kept"
    file = circular.files.get()
    assert file.attached

    settings.MAIL_ATTACHMENTS_LIMIT = 5
    assert "That is too much" in text_of(officer.get(of("change", circular.pk)))
    assert "It cannot be sent yet" in text_of(officer.get(of("approve_circular", circular.pk)))
    write(officer, circular, _present_file=file.pk)
    file.refresh_from_db()
    assert not file.attached
    circular.refresh_from_db()
    write(officer, circular, _remove_file=file.pk)
    assert not circular.files.exists()


def test_an_address_book_in_an_old_encoding_becomes_lines_to_look_at(officer, circular):
    book = SimpleUploadedFile(
        "book.csv", "Zoë Sample;zoe@sample.example\r\nSample Müller,mueller@sample.example".encode("cp1252")
    )
    write(officer, circular, rules=["addresses"], **{"addresses-addresses": "", "address_book": book})
    page = text_of(officer.get(of("list_addressees", circular.pk)))
    assert "Sample Müller" in page
    assert "mueller@sample.example" in page


def test_who_gets_it_is_seen_with_what_is_pointed_out_first(
    officer, circular, secretariat, focal_point, other_focal_point
):
    factories.ParticipationFactory(organisation__name="Sample Silent State")
    focal_point.name = "=cmd()"
    focal_point.save(update_fields=["name"])
    other_focal_point.language = "fr"
    other_focal_point.save(update_fields=["language"])
    typed_in = [["", other_focal_point.email], ["", "not an address"]]
    operations.write_circular(
        circular, by=secretariat, texts=TEXTS, send_at=None, about=None,
        audience={"rule": "several", "of": [FOCAL_POINTS, {"rule": "addresses", "addresses": typed_in}]},
    )  # fmt: skip
    page = text_of(officer.get(of("list_addressees", circular.pk)))
    assert "There is no text in French" in page
    assert "Sample Silent State" in page
    assert "not an address" in page
    assert page.index("Named twice") < page.index("Every letter")
    found = text_of(officer.get(of("list_addressees", circular.pk) + "?q=sweden"))
    assert found.count("focal.se@sample.example") > found.count("focal.ch@sample.example")
    file = b"".join(officer.get(of("export_addressees", circular.pk)).streaming_content).decode("utf-8-sig")
    assert "'=cmd()" in file
    assert "Sample Silent State" in file


def test_each_letter_is_seen_as_it_will_be_sent(officer, circular):
    first = text_of(officer.get(of("preview_circular", circular.pk)))
    assert "Letter 1 of 2" in first
    assert "The letter after" in first
    second = text_of(officer.get(of("preview_circular", circular.pk) + "?to=2"))
    assert "The letter before" in second
    assert "Dear Sample Other Focal Point" in text_of(
        officer.get(of("preview_circular", circular.pk) + "?to=1&q=other")
    )
    frame = officer.get(of("preview_mail", circular.pk) + "?to=1")
    assert "Dear Sample Focal Point" in frame.content.decode() or "Dear Sample Other" in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "script" not in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_a_test_goes_to_oneself_and_counts_for_nothing(officer, circular, secretariat):
    sent = officer.post(of("send_circular_test", circular.pk), {"language": "en"})
    assert sent.status_code == 302
    message = Message.objects.get()
    assert message.recipient == secretariat.email
    assert message.subject.startswith("Test: ")
    circular.refresh_from_db()
    assert circular.state == Circular.State.DRAFT


def shown_on(page: str) -> str:
    return value_of("shown", page)


def test_what_is_confirmed_is_what_is_sent_and_pressing_twice_sends_once(officer, circular, secretariat):
    page = text_of(officer.get(of("approve_circular", circular.pk)))
    assert "Sample news for {delegation}" in page
    assert "2 people of 2 delegations" in page
    assert "At once" in page
    shown = {"shown": shown_on(page)}
    # Somebody joins a delegation while the page is open.
    late = factories.UserFactory(email="late.ch@sample.example")
    factories.DelegateFactory(user=late, delegation=Delegate.objects.first().delegation, role=Delegate.Role.FOCAL_POINT)
    changed = officer.post(of("approve_circular", circular.pk), shown)
    assert changed.status_code == 409
    assert "3 people of 2 delegations" in text_of(changed)
    assert not Message.objects.exists()
    shown = {"shown": shown_on(text_of(changed))}
    sent = officer.post(of("approve_circular", circular.pk), shown, follow=True)
    assert "is on its way: 3 letters." in text_of(sent)
    twice = officer.post(of("approve_circular", circular.pk), shown)
    assert twice.status_code == 409
    assert "approved already" in text_of(twice)
    assert Message.objects.count() == 3

    page = text_of(officer.get(of("change", circular.pk)))
    assert 'name="subject_en"' not in page
    assert "0 of 3 sent" in page
    begun = officer.post(of("correct_circular", circular.pk))
    correction = Circular.objects.get(corrects=circular)
    assert begun.url == of("change", correction.pk)
    assert f"Those who got {circular.refresh_from_db() or circular}" in text_of(officer.get(begun.url))
    kept = write(officer, correction, rules=["kept-0"], subject_en="Sample news, corrected")
    assert kept.status_code == 302
    correction.refresh_from_db()
    assert correction.audience == {"rule": "recipients", "circular": circular.pk}


def test_a_colleague_sees_it_on_the_front_page_and_sends_it_at_its_hour(
    officer, circular, secretariat, secretariat_group, client_of, settings, client
):
    settings.CIRCULARS_FOUR_EYES = True
    at = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    local = at.astimezone(geneva())
    assert (
        write(officer, circular, send_at_0=local.strftime("%Y-%m-%d"), send_at_1=local.strftime("%H:%M")).status_code
        == 302
    )
    page = text_of(officer.get(of("submit_circular", circular.pk)))
    assert "2 people of 2 delegations" in page
    officer.post(of("submit_circular", circular.pk), {"shown": shown_on(page)})
    assert "A colleague who neither wrote it" in text_of(officer.get(of("change", circular.pk)))
    page = text_of(officer.get(of("approve_circular", circular.pk)))
    own = officer.post(of("approve_circular", circular.pk), {"shown": shown_on(page)})
    assert own.status_code == 409

    second = client_of("superuser")
    assert "Waits for approval" in text_of(second.get(reverse("admin:index")))
    assert second.post(of("return_circular", circular.pk), {"reason": ""}).status_code == 200
    second.post(of("return_circular", circular.pk), {"reason": "Sample reason"})
    assert "Sample reason" in text_of(officer.get(of("change", circular.pk)))
    page = text_of(officer.get(of("submit_circular", circular.pk)))
    officer.post(of("submit_circular", circular.pk), {"shown": shown_on(page)})
    page = text_of(second.get(of("approve_circular", circular.pk)))
    approved = second.post(of("approve_circular", circular.pk), {"shown": shown_on(page)}, follow=True)
    assert "It is sent on" in text_of(approved)
    assert not Message.objects.exists()
    assert "Waits for its hour" in text_of(officer.get(of("changelist")))
    operations.release_due_circulars(at)
    assert Message.objects.count() == 2


def test_a_circular_is_given_up_and_sends_nothing(officer, circular):
    page = text_of(officer.get(of("cancel_circular", circular.pk)))
    assert officer.post(of("cancel_circular", circular.pk), {"shown": shown_on(page)}).status_code == 302
    circular.refresh_from_db()
    assert circular.state == Circular.State.CANCELLED
    assert not Message.objects.exists()


def test_who_may_only_read_circulars_changes_nothing(circular, client_of, secretariat_group):
    secretariat_group.permissions.remove(
        *Permission.objects.filter(codename__in=["add_circular", "change_circular", "approve_circular"])
    )
    reader = client_of("secretariat")
    assert reader.get(of("change", circular.pk)).status_code == 200
    assert reader.get(of("list_addressees", circular.pk)).status_code == 200
    for step in ("approve_circular", "cancel_circular", "send_circular_test"):
        assert reader.get(of(step, circular.pk)).status_code == 403, step
    assert reader.get(of("add")).status_code == 403
    assert reader.post(of("change", circular.pk), typed(circular)).status_code == 403
    assert client_of("reader").get(of("list_addressees", circular.pk)).status_code in (302, 403)


def test_lists_and_names_take_as_many_queries_for_many(officer, circular, secretariat):
    few = queries(officer, of("changelist"))
    names = queries(officer, of("list_addressees", circular.pk))
    for number in range(12):
        drafted(secretariat, texts={"en": (f"Sample {number}", "<p>Sample</p>")})
    assert queries(officer, of("changelist")) == few <= 14
    many = [[f"Sample {number}", f"sample.{number}@sample.example"] for number in range(5000)]
    operations.write_circular(
        circular, by=secretariat, texts=TEXTS, send_at=None, about=None,
        audience={"rule": "several", "of": [FOCAL_POINTS, {"rule": "addresses", "addresses": many}]},
    )  # fmt: skip
    assert queries(officer, of("list_addressees", circular.pk) + "?page=100") <= names + 7
    page = text_of(officer.get(of("list_addressees", circular.pk) + "?page=101"))
    assert "Page 101 of 101" in page
    assert "5002 letters" in page


def test_templates_have_words_in_each_language_and_refuse_unknown_fields(officer):
    address = reverse("admin:members_circulartemplate_add")
    form = {"name": "Sample", "about": "", "subject_en": "Sample {nothing}", "body_en": "<p>Sample</p>"}
    assert "“{nothing}” is no merge field." in text_of(officer.post(address, form))
    assert officer.post(address, {**form, "subject_en": "Sample {name}"}).status_code == 302
    template = CircularTemplate.objects.get()
    assert template.texts.get().subject == "Sample {name}"
    page = text_of(officer.get(reverse("admin:members_circulartemplate_change", args=[template.pk])))
    assert "Sample {name}" in page
    assert "Address of the portal" in page
