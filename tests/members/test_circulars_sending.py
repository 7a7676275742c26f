"""A circular on its way: approved, released as a whole or not at all, numbered, sealed, sent again."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icoca_portal.lib.access import SECRETARIAT
from icoca_portal.outbox.enclosing import EnclosureTooLarge
from icoca_portal.outbox.models import EnclosedFile, Message, State
from members import operations
from members.circulars.audiences import found
from members.circulars.composing import Composer
from members.circulars.looking import Looked
from members.exceptions import (
    AddressTaken,
    CircularAddressUnusable,
    CircularInAnotherState,
    CircularNotReady,
    CircularWrong,
    CopyOnItsWay,
    FourEyesOff,
    OwnCircular,
    ReasonMissing,
)
from members.models import Circular, CircularCopy, CircularRecipient, CircularRecord, Notice
from members.operations.circulars import releasing
from tests import factories

pytestmark = pytest.mark.django_db
FOCAL_POINTS = {"rule": "participants", "roles": ["focal point"], "day": None}
TEXTS = {
    "en": ("Sample news for {delegation}", "<p>Dear {name},</p><p>sample text.</p>"),
    "fr": ("Nouvelles pour {delegation}", "<p>Bonjour {name},</p><p>texte d’exemple.</p>"),
}
YEAR = timezone.localdate().year


def write(by, *, texts=TEXTS, audience=FOCAL_POINTS, send_at=None, about=None):
    circular = operations.draft_circular(by=by)
    return operations.write_circular(circular, by=by, texts=texts, audience=audience, send_at=send_at, about=about)


def typed(*addresses):
    return {"rule": "addresses", "addresses": [["", address] for address in addresses]}


@pytest.fixture
def drafted(secretariat, focal_point, other_focal_point):
    """To the focal points of two delegations; the second one reads French."""
    other_focal_point.language = "fr"
    other_focal_point.save()
    return write(secretariat)


@pytest.fixture
def colleague(secretariat_group):
    user = factories.UserFactory(email="colleague@sample.example", name="Sample Colleague", is_staff=True)
    user.groups.add(Group.objects.get(name=SECRETARIAT))
    return user


def state_of(*circulars):
    return [Circular.objects.get(pk=circular.pk).state for circular in circulars]


def test_a_circular_reaches_everybody_once_with_number_files_seal_and_desk(
    drafted, secretariat, focal_point, other_focal_point
):
    for attached in (True, False):
        upload = SimpleUploadedFile("Annex.txt", b"Sample annex", content_type="text/plain")
        operations.attach_circular_file(drafted, by=secretariat, upload=upload, title="Sample annex", attached=attached)
    sent = operations.approve_circular(drafted, by=secretariat)
    assert (sent.symbol, sent.held_why, sent.state) == (f"Circular 1/{YEAR}", "", Circular.State.QUEUED)

    first, second = Message.objects.order_by("recipient")
    assert (first.recipient, first.recipient_name) == (focal_point.email, focal_point.name)
    assert (first.subject, second.subject) == ("Sample news for Switzerland", "Nouvelles pour Sweden")
    assert (first.language, second.language) == ("en", "fr")
    assert (first.thread, first.message_id == second.message_id) == (f"circular-{sent.pk}", False)
    assert f"Circular 1/{YEAR}" in first.text
    assert f"https://testserver{sent.get_absolute_url()}" in first.text.replace("http://", "https://")
    assert "Dear Sample Focal Point," in first.text
    assert "<p>Dear Sample Focal Point,</p>" in first.html
    linked = sent.files.get(attached=False)
    assert linked.get_absolute_url() in first.html
    assert first.enclosure == second.enclosure
    with first.enclosure.files.get().file.open() as enclosed:
        assert enclosed.read() == b"Sample annex"

    record = CircularRecord.objects.get(circular=sent)
    content = json.loads(record.content)
    assert record.holds
    assert record.sealed_by == secretariat
    assert content["texts"]["en"]["body"] == TEXTS["en"][1]
    assert content["recipients"]["count"] == content["recipients"]["organisations"] == 2
    assert content["audience"]["in_words"]["en"] == "All participants of the Montreux Document: focal points"
    assert [file["sha256"] for file in content["files"]] == [file.sha256 for file in sent.files.all()]
    assert content["approved_by"]["name"] == "Sample Officer"
    assert focal_point.email not in record.content

    assert Notice.objects.get(user=focal_point).title == f"Circular 1/{YEAR}: Sample news for Switzerland"
    assert Notice.objects.get(user=other_focal_point).address == sent.get_absolute_url()
    assert sent in Circular.objects.visible_to(focal_point)

    with pytest.raises(CircularInAnotherState, match="approved already"):  # the second click
        operations.approve_circular(drafted, by=secretariat)
    with pytest.raises(CircularInAnotherState):
        operations.release_circular(drafted, now=timezone.now())
    with pytest.raises(CircularInAnotherState):
        operations.cancel_circular(drafted, by=secretariat)
    assert Message.objects.count() == 2


def test_the_secretariat_alone_writes_and_sends(drafted, secretariat, focal_point, director):
    guest_officer = factories.UserFactory(is_staff=True)  # opens the administration, and has no right there
    for right in ("draft_circular", "write_circular", "approve_circular", "resend_circular", "send_circular_test"):
        assert secretariat.has_perm(f"members.{right}", drafted)
        assert secretariat.has_perm(f"members.{right}")
        for other in (guest_officer, focal_point, director):
            assert not other.has_perm(f"members.{right}", drafted)
    assert not secretariat.has_perm("members.delete_circular")
    assert not focal_point.has_perm("members.read_circular", drafted)
    sent = operations.approve_circular(drafted, by=secretariat)
    assert focal_point.has_perm("members.read_circular", sent)
    assert not director.has_perm("members.read_circular", sent)


def test_two_pairs_of_eyes(settings, drafted, secretariat, colleague):
    with pytest.raises(FourEyesOff):
        operations.submit_circular(drafted, by=secretariat)
    settings.CIRCULARS_FOUR_EYES = True
    with pytest.raises(CircularInAnotherState):
        operations.approve_circular(drafted, by=colleague)  # nobody has put it to them

    operations.submit_circular(drafted, by=secretariat)
    with pytest.raises(CircularInAnotherState, match="has to be returned"):
        write_again(drafted, secretariat)
    with pytest.raises(CircularInAnotherState):
        operations.attach_circular_file(drafted, by=secretariat, upload=SimpleUploadedFile("a.txt", b"a"))
    with pytest.raises(OwnCircular):
        operations.approve_circular(drafted, by=secretariat)
    with pytest.raises(ReasonMissing):
        operations.return_circular(drafted, by=colleague, reason=" \n ")
    returned = operations.return_circular(drafted, by=colleague, reason="Name the day.")
    assert (returned.state, returned.held_why, returned.submitted_by) == (Circular.State.DRAFT, "Name the day.", None)

    write_again(drafted, colleague)
    operations.submit_circular(drafted, by=secretariat)
    with pytest.raises(OwnCircular):  # somebody else submitted it, but the words are theirs
        operations.approve_circular(drafted, by=colleague)
    operations.return_circular(drafted, by=colleague, reason="Yours again.")
    write_again(drafted, secretariat)
    operations.submit_circular(drafted, by=secretariat)
    sent = operations.approve_circular(drafted, by=colleague)
    assert sent.released_at is not None
    content = json.loads(sent.record.content)
    assert (content["submitted_by"]["name"], content["approved_by"]["name"]) == ("Sample Officer", "Sample Colleague")


def write_again(circular, by):
    return operations.write_circular(circular, by=by, texts=TEXTS, audience=FOCAL_POINTS, send_at=None, about=None)


def test_at_its_hour_it_goes_to_those_whom_the_rule_names_then(secretariat, focal_point, delegation):
    hour = timezone.now() + timedelta(hours=1)
    waiting = operations.approve_circular(write(secretariat, send_at=hour), by=secretariat)
    given_up = operations.approve_circular(write(secretariat, send_at=hour), by=secretariat)
    taken_back = operations.approve_circular(write(secretariat, send_at=hour), by=secretariat)
    operations.release_due_circulars(hour - timedelta(seconds=1))
    assert state_of(waiting) == [Circular.State.QUEUED]
    assert not Message.objects.exists()

    factories.DelegateFactory(delegation=delegation, user__email="new.ch@sample.example")
    operations.cancel_circular(given_up, by=secretariat)
    operations.return_circular(taken_back, by=secretariat, reason="Not yet.")
    operations.release_due_circulars(hour)
    operations.release_due_circulars(hour + timedelta(minutes=1))
    assert {message.recipient for message in Message.objects.all()} == {focal_point.email, "new.ch@sample.example"}
    assert Message.objects.count() == 2
    assert json.loads(waiting.record.content)["recipients"]["count"] == 2
    assert state_of(given_up, taken_back) == [Circular.State.CANCELLED, Circular.State.DRAFT]


def test_what_cannot_go_out_is_refused_before_and_held_back_at_its_hour(secretariat, focal_point, delegation):
    for texts, audience, said in (
        ({}, FOCAL_POINTS, "no text yet"),
        ({"en": ("", "<p>Text</p>")}, FOCAL_POINTS, "has no subject"),
        ({"en": ("Subject", "<p> </p>")}, FOCAL_POINTS, "says nothing"),
        (TEXTS, {}, "Nobody is chosen"),
        (TEXTS, typed("nowhere"), "Nobody is addressed"),
        (TEXTS, typed("a@sample.example"), r"{delegation}. has nothing to say to a@sample.example"),
    ):
        with pytest.raises(CircularNotReady, match=said):
            operations.approve_circular(write(secretariat, texts=texts, audience=audience), by=secretariat)
    with pytest.raises(CircularWrong, match=r"\{nmae\}.* no merge field"):
        write(secretariat, texts={"en": ("Subject", "<p>Dear {nmae}</p>")})

    hour = timezone.now() + timedelta(hours=1)
    waiting = operations.approve_circular(write(secretariat, send_at=hour), by=secretariat)
    focal_point.is_active = False
    focal_point.save()
    operations.release_due_circulars(hour)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.number, waiting.released_at) == (Circular.State.QUEUED, None, None)
    assert "Nobody is addressed" in waiting.held_why
    focal_point.is_active = True
    focal_point.save()
    operations.release_due_circulars(hour + timedelta(days=3))
    assert not Message.objects.exists()  # three days later nobody expects it: a person decides
    assert operations.release_circular(waiting, now=hour + timedelta(days=3)).number == 1


def test_whom_no_letter_reaches_is_left_out_and_on_record(secretariat, focal_point, other_delegation, inactive):
    audience = {
        "rule": "several",
        "of": [
            {**FOCAL_POINTS, "roles": ["focal point", "contributor"]},
            typed(focal_point.email.upper(), "b@sample.example", "B@sample.example", "no address", "x@y"),
        ],
    }
    texts = {"en": ("News", "<p>Dear {name}</p>")}
    circular = write(secretariat, texts=texts, audience=audience)
    named = found(circular, timezone.now())
    assert [each.email for each in named.addressees] == [focal_point.email, "b@sample.example"]
    assert [(row.kept.email, len(row.others)) for row in named.duplicates] == [
        (focal_point.email, 1),
        ("b@sample.example", 1),
    ]
    left_out = {(str(row.addressee), row.why) for row in named.without_address}
    assert left_out == {
        ("Sample Closed Account <closed.ch@sample.example>", "closed"),
        ("Sweden", "nobody"),
        ("no address", "unusable"),
        ("x@y", "unusable"),
    }
    assert [str(each) for each in named.unreached] == ["Sweden"]
    sent = operations.approve_circular(circular, by=secretariat)
    content = json.loads(sent.record.content)
    assert {(row["email"] or row["organisation"], row["why"]) for row in content["left_out"]} == {
        ("closed.ch@sample.example", "closed"),
        ("Sweden", "nobody"),
        ("no address", "unusable"),
        ("x@y", "unusable"),
    }
    assert content["duplicates"] == 2
    assert Message.objects.count() == 2


def test_a_release_that_is_killed_leaves_nothing_half(monkeypatch, drafted, secretariat):
    upload = SimpleUploadedFile("Annex.txt", b"Sample annex", content_type="text/plain")
    operations.attach_circular_file(drafted, by=secretariat, upload=upload, attached=True)
    before = files_enclosed()
    for step in ("queue_messages", "_note_on_desks", "seal"):
        with monkeypatch.context() as patched:

            def killed(*_args, **_more):
                raise SystemExit

            patched.setattr(releasing, step, killed)
            with pytest.raises(SystemExit):
                operations.approve_circular(drafted, by=secretariat)
        assert state_of(drafted) == [Circular.State.DRAFT]
        for model in (Message, CircularRecipient, CircularCopy, CircularRecord, Notice, EnclosedFile):
            assert not model.objects.exists(), (step, model)
    assert files_enclosed() == before
    assert operations.approve_circular(drafted, by=secretariat).number == 1
    assert Message.objects.count() == 2
    assert len(files_enclosed()) == len(before) + 1


def files_enclosed():
    storage = EnclosedFile._meta.get_field("file").storage
    return set(storage.listdir("enclosedfile")[1]) if storage.exists("enclosedfile") else set()


def test_files_over_the_limit_are_refused_and_links_are_not(settings, drafted, secretariat):
    settings.MAIL_ATTACHMENTS_LIMIT = 10
    upload = SimpleUploadedFile("Annex.txt", b"Sample annex", content_type="text/plain")
    with pytest.raises(EnclosureTooLarge):
        operations.attach_circular_file(drafted, by=secretariat, upload=upload, attached=True)
    upload.seek(0)
    file = operations.attach_circular_file(drafted, by=secretariat, upload=upload)
    assert operations.approve_circular(drafted, by=secretariat).number == 1
    with pytest.raises(CircularInAnotherState):
        operations.remove_circular_file(file, by=secretariat)


def test_whoever_has_no_account_gets_no_link_that_would_not_open(secretariat, focal_point):
    audience = typed(focal_point.email, "guest@sample.example")
    circular = write(secretariat, texts={"en": ("News", "<p>Dear {name}</p>")}, audience=audience)
    upload = SimpleUploadedFile("Annex.txt", b"Sample annex", content_type="text/plain")
    file = operations.attach_circular_file(circular, by=secretariat, upload=upload)
    (said,) = Looked.at(circular).pointed_out
    assert "no account" in said
    assert said.endswith("guest@sample.example")
    sent = operations.approve_circular(circular, by=secretariat)
    guest, mine = (Message.objects.get(recipient=email) for email in ("guest@sample.example", focal_point.email))
    file.refresh_from_db()
    assert file.get_absolute_url() in mine.html
    assert sent.get_absolute_url() in mine.html
    assert "href" not in guest.html
    assert f"Circular 1/{YEAR}" in guest.text
    assert "Annex.txt" in guest.text
    assert Composer(sent, now=timezone.now()).words_of(guest.html, "en") == "<p>Dear guest@sample.example</p>"


def test_a_file_is_removed_from_a_draft_with_what_is_stored(drafted, secretariat, django_capture_on_commit_callbacks):
    upload = SimpleUploadedFile("Annex.txt", b"Sample annex", content_type="text/plain")
    file = operations.attach_circular_file(drafted, by=secretariat, upload=upload)
    storage, name = file.file.storage, str(file.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_circular_file(file, by=secretariat)
    assert not drafted.files.exists()
    assert not storage.exists(name)


def test_the_test_goes_to_oneself_and_leaves_no_number(drafted, secretariat):
    message = operations.send_circular_test(drafted, by=secretariat)  # as the first of those addressed would read it
    assert message.recipient == secretariat.email
    assert message.subject.startswith("Essai")  # in the language of that reader
    assert message.subject.endswith("Nouvelles pour Sweden")
    assert "Bonjour Sample Other Focal Point," in message.text
    somebody = found(drafted, timezone.now()).addressees[1]
    english = operations.send_circular_test(drafted, by=secretariat, addressee=somebody)
    assert "Dear Sample Focal Point," in english.text
    french = operations.send_circular_test(drafted, by=secretariat, addressee=somebody, language="fr")
    assert "Bonjour Sample Focal Point," in french.text
    assert not CircularRecipient.objects.exists()
    sent = operations.approve_circular(drafted, by=secretariat)
    assert sent.number == 1
    with pytest.raises(CircularInAnotherState):
        operations.send_circular_test(drafted, by=secretariat)


def test_a_correction_keeps_the_number_and_goes_to_those_who_got_the_original(
    drafted, secretariat, focal_point, other_focal_point, delegation
):
    with pytest.raises(CircularInAnotherState):
        operations.correct_circular(drafted, by=secretariat)
    original = corrected = operations.approve_circular(drafted, by=secretariat)
    factories.DelegateFactory(delegation=delegation)  # was not there, and does not get the correction alone
    focal_point.email = "moved@sample.example"
    focal_point.save()
    for number in (1, 2):
        correction = operations.correct_circular(corrected, by=secretariat)
        assert {text.language for text in correction.texts.all()} == {"en", "fr"}
        sent = operations.approve_circular(correction, by=secretariat)
        assert sent.symbol == f"Circular 1/{YEAR}/Corr.{number}"
        letters = Message.objects.filter(circular_copy__recipient__circular=sent)
        assert {letter.recipient for letter in letters} == {"moved@sample.example", other_focal_point.email}
        assert {letter.thread for letter in letters} == {f"circular-{original.pk}"}
        assert f"Corrects Circular 1/{YEAR}." in letters.get(language="en").text
        corrected = sent
    assert operations.approve_circular(write(secretariat), by=secretariat).number == 2


def test_failed_copies_are_sent_again_once_and_addresses_mended(drafted, secretariat, focal_point, other_focal_point):
    sent = operations.approve_circular(drafted, by=secretariat)
    mine, theirs = sent.recipients.order_by("email")
    with pytest.raises(CopyOnItsWay):
        operations.resend_copy(mine, by=secretariat)
    now = timezone.now()
    first, second = (recipient.copies.get().message for recipient in (mine, theirs))
    Message.objects.filter(pk=first.pk).update(state=State.FAILED, last_error="550 no such mailbox")
    Message.objects.filter(pk=second.pk).update(state=State.RETURNED, sent_at=now, returned_at=now)

    assert operations.resend_failed(sent, by=secretariat) == 2
    assert operations.resend_failed(sent, by=secretariat) == 0
    again = mine.copies.get(number=2).message
    assert (again.subject, again.text, again.html) == (first.subject, first.text, first.html)
    assert again.message_id != first.message_id
    assert again.state == State.QUEUED
    first.refresh_from_db()
    assert (first.state, first.settled_by) == (State.FAILED, secretariat.email)

    Message.objects.filter(pk=again.pk).update(state=State.FAILED)
    with pytest.raises(CircularAddressUnusable):
        operations.resend_copy(mine, by=secretariat, email="Mended <mended@sample.example>")
    third = operations.resend_copy(mine, by=secretariat, email="mended@sample.example")
    assert (third.number, third.queued_by, third.message.recipient) == (3, secretariat, "mended@sample.example")
    focal_point.refresh_from_db()
    assert focal_point.email == "focal.ch@sample.example"
    Message.objects.filter(pk=third.message_id).update(state=State.FAILED)
    with pytest.raises(AddressTaken):
        operations.resend_copy(mine, by=secretariat, email=other_focal_point.email, also_account=True)
    operations.resend_copy(mine, by=secretariat, email="new@sample.example", also_account=True)
    focal_point.refresh_from_db()
    assert focal_point.email == "new@sample.example"
    assert mine.copies.count() == 4


def test_it_is_sent_once_no_copy_waits_and_opened_counts_once(drafted, secretariat, focal_point):
    sent = operations.approve_circular(drafted, by=secretariat)
    now = timezone.now()
    first, second = Message.objects.order_by("pk")
    Message.objects.filter(pk=first.pk).update(state=State.SENT, sent_at=now)
    operations.finish_circulars(now)
    assert state_of(sent) == [Circular.State.QUEUED]
    Message.objects.filter(pk=second.pk).update(state=State.SENDING, taken_at=now)
    operations.finish_circulars(now)
    assert state_of(sent) == [Circular.State.QUEUED]
    operations.finish_circulars(now + timedelta(hours=1))  # uncertain: a person decides
    assert state_of(sent) == [Circular.State.SENT]
    assert operations.resend_failed(sent, by=secretariat) == 0

    operations.note_circular_opened(sent, by=focal_point)
    opened = sent.recipients.get(user=focal_point).opened_at
    operations.note_circular_opened(sent, by=focal_point)
    operations.note_circular_opened(sent, by=secretariat)
    assert [row.opened_at for row in sent.recipients.exclude(opened_at=None)] == [opened]


def test_a_thousand_letters_take_a_bounded_number_of_queries(secretariat, focal_point):
    counted = []
    for many in (100, 1100):
        audience = typed(*(f"reader.{number}@sample.example" for number in range(many)))
        circular = write(secretariat, texts={"en": ("News", "<p>Dear {name}</p>")}, audience=audience)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sent = operations.approve_circular(circular, by=secretariat)
        assert sent.recipients.count() == many
        counted.append(len(queries))
    assert counted[1] - counted[0] < 80, counted


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_numbers_without_gaps_and_release_each_circular_once(secretariat, focal_point):
    circulars = [
        operations.approve_circular(write(secretariat, send_at=timezone.now() + timedelta(hours=1)), by=secretariat)
        for _number in range(3)
    ]
    begin = Barrier(3)
    raised = []

    def work():
        try:
            begin.wait(10)
            operations.release_due_circulars(timezone.now() + timedelta(hours=2))
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert raised == []
    operations.release_due_circulars(timezone.now() + timedelta(hours=2))
    released = Circular.objects.filter(pk__in=[circular.pk for circular in circulars])
    assert {circular.number for circular in released} == {1, 2, 3}
    assert Message.objects.count() == CircularCopy.objects.count() == 3
