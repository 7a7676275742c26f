"""What happens to circulars: written, put to a colleague, approved, sent at their hour, repaired.

A circular is released in one transaction: its number, its recipients, its sealed record, and every letter, or nothing.
What was released stays as it is; a correction is another circular.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.days import day_of
from icoca_portal.lib.richtext import clean, printable, to_blocks
from icoca_portal.lib.sealing import canonical, digest
from icoca_portal.outbox.enclosing import EnclosureTooLarge, check_enclosure_size, enclose
from icoca_portal.outbox.models import Enclosure, Message, State
from icoca_portal.outbox.operations import Letter, queue_message, queue_messages
from members import things
from members.circulars.audiences import (
    CONTACT,
    NOWHERE,
    Addressee,
    Audience,
    Found,
    found,
    in_words,
    is_known,
    is_usable,
    put_about,
)
from members.circulars.composing import Composer
from members.circulars.merging import problems
from members.exceptions import (
    ChangedMeanwhile,
    CircularAddressUnusable,
    CircularInAnotherState,
    CircularNotReady,
    CircularWrong,
    ContactErased,
    CopyOnItsWay,
    FourEyesOff,
    OwnCircular,
    ReasonMissing,
)
from members.models import (
    Circular,
    CircularCopy,
    CircularFile,
    CircularRecipient,
    CircularRecord,
    CircularTemplate,
    CircularText,
    Contact,
    How,
    Notice,
    User,
)
from members.operations.people import change_address
from members.things import Thing

logger = logging.getLogger(__name__)

#: Of the record of a circular.
FORMAT = 1
#: So many letters are composed and queued at a time, and so many keys stand in one query at most.
AT_ONCE = 500
#: So often a number is taken anew that another worker took first.
ATTEMPTS = 3

Texts = Mapping[str, tuple[str, str]]


# Writing


@transaction.atomic
def draft_circular(
    *,
    by: User,
    about: Thing | None = None,
    template: CircularTemplate | None = None,
    audience: Audience | None = None,
) -> Circular:
    """Begin a circular, with the words of a template where one is given. Nothing of it goes anywhere yet."""
    now = timezone.now()
    circular = Circular.objects.create(
        about_kind=about.kind if about else "",
        about_id=about.pk if about else None,
        audience=audience or {},
        created_by=by,
        created_at=now,
        written_at=now,
        written_by=by,
    )
    if template is not None:
        _store_texts(circular, {row.language: (row.subject, row.body) for row in template.texts.all()})
    return circular


@transaction.atomic
def correct_circular(circular: Circular, *, by: User) -> Circular:
    """Begin Corr.n of a circular that was sent: with its texts, about the same thing, to those who got it.

    A correction of a correction corrects the first. Raises CircularInAnotherState.
    """
    stored = _lock(circular)
    if stored.released_at is None:
        raise CircularInAnotherState(_("Only a circular that was sent is corrected. This one can still be changed."))
    now = timezone.now()
    correction = Circular.objects.create(
        corrects_id=stored.corrects_id or stored.pk,
        about_kind=stored.about_kind,
        about_id=stored.about_id,
        audience={"rule": "recipients", "circular": stored.corrects_id or stored.pk},
        created_by=by,
        created_at=now,
        written_at=now,
        written_by=by,
    )
    _store_texts(correction, {row.language: (row.subject, row.body) for row in stored.texts.all()})
    return correction


@transaction.atomic
def write_circular(
    circular: Circular,
    *,
    by: User,
    texts: Texts,
    audience: Audience,
    send_at: datetime | None,
    about: Thing | None,
    seen: int | None = None,
) -> Circular:
    """Store what a draft says, to whom, and not before which hour (aware; None: at once).

    `texts` has subject and body by language; a language in which both are empty is left out, and one that is not given
    is dropped. `seen` is the version that the page was made from. Raises CircularInAnotherState (written is a draft
    alone: one that was submitted has to be returned first), ChangedMeanwhile, CircularWrong (a merge field).
    """
    stored = _lock(circular)
    _require(stored, Circular.State.DRAFT)
    if seen is not None and stored.version != seen:
        raise ChangedMeanwhile(
            _("Not saved. A colleague changed this circular while you were writing. Open the page again.")
        )
    kind = about.kind if about else ""
    written = _cleaned(texts)
    wrong = [problem for subject, body in written.values() for problem in problems(subject, body, kind)]
    if wrong:
        raise CircularWrong(" ".join(dict.fromkeys(wrong)))
    stored.about_kind, stored.about_id = kind, about.pk if about else None
    try:
        stored.audience = put_about(audience, about)
    except ValueError as error:
        raise CircularWrong(str(error)) from error
    stored.send_at = send_at
    _note_written(stored, by)
    _store(stored, "about_kind", "about_id", "audience", "send_at", "written_at", "written_by")
    _store_texts(stored, written)
    return stored


@transaction.atomic
def attach_circular_file(
    circular: Circular, *, by: User, upload: UploadedFile, title: str = "", attached: bool = False
) -> CircularFile:
    """Add a file to a draft, to be sent with the mail (`attached`) or as a link that works for those addressed.

    Raises CircularInAnotherState, UploadRefused, EnclosureTooLarge.
    """
    stored = _lock(circular)
    _require(stored, Circular.State.DRAFT)
    if attached:
        check_enclosure_size(_attached_size(stored) + (upload.size or 0))
    file = CircularFile.keep(upload, circular=stored, title=_one_line(title)[:200], attached=attached, uploaded_by=by)
    _note_written(stored, by)
    _store(stored, "written_at", "written_by")
    return file


@transaction.atomic
def remove_circular_file(file: CircularFile, *, by: User) -> None:
    """Take a file out of a draft. Raises CircularInAnotherState."""
    stored = _lock(file.circular)
    _require(stored, Circular.State.DRAFT)
    row = stored.files.filter(pk=file.pk).first()
    if row is None:
        return
    row.delete()
    transaction.on_commit(lambda: row.file.delete(save=False))
    _note_written(stored, by)
    _store(stored, "written_at", "written_by")


def _attached_size(circular: Circular) -> int:
    return sum(file.size for file in circular.files.all() if file.attached)


@transaction.atomic
def present_circular_file(file: CircularFile, *, by: User, attached: bool) -> CircularFile:
    """Let a file of a draft go with the mail (`attached`), or as a link. Raises CircularInAnotherState."""
    stored = _lock(file.circular)
    _require(stored, Circular.State.DRAFT)
    file.attached = attached
    file.save(update_fields=["attached"])
    _note_written(stored, by)
    _store(stored, "written_at", "written_by")
    return file


@transaction.atomic
def send_circular_test(
    circular: Circular, *, by: User, language: str | None = None, addressee: Addressee | None = None
) -> Message:
    """Send the letter of a reader (default: the first that the audience names, else one's own) to oneself.

    Its subject says that it is a test; it has no number, and it is no copy of the circular. Raises CircularNotReady
    (there is no text), CircularInAnotherState (it was released), EnclosureTooLarge, AddressUnusable.
    """
    stored = _lock(circular)
    _require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED, Circular.State.QUEUED)
    _refuse_released(stored)
    now = timezone.now()
    if addressee is None:
        named = found(stored, now).addressees
        addressee = named[0] if named else Addressee.of_user(by)
    composer = Composer(stored, now=now, is_test=True)
    if not composer.texts:
        raise CircularNotReady(_("There is no text yet."))
    composer.enclosure = _enclose(stored)
    letter = composer.letter(addressee, language=language or "")
    fields = {name: getattr(letter, name) for name in ("subject", "text", "language", "html", "reply_to", "thread")}
    return queue_message(
        key=f"circular.test:{stored.pk}:{uuid4().hex}", to=by.email, name=by.name, enclosure=letter.enclosure, **fields
    )


# Two pairs of eyes


@transaction.atomic
def submit_circular(circular: Circular, *, by: User) -> Circular:
    """Put a draft to a colleague, who approves or returns it; until then nobody changes it.

    Raises FourEyesOff, CircularInAnotherState, CircularNotReady.
    """
    if not settings.CIRCULARS_FOUR_EYES:
        raise FourEyesOff(_("Two pairs of eyes are not asked for. Send the circular."))
    stored = _lock(circular)
    _require(stored, Circular.State.DRAFT)
    _refuse_unready(stored, timezone.now())
    stored.state, stored.submitted_at, stored.submitted_by = Circular.State.SUBMITTED, timezone.now(), by
    stored.held_why = ""
    return _store(stored, "state", "submitted_at", "submitted_by", "held_why")


@transaction.atomic
def return_circular(circular: Circular, *, by: User, reason: str) -> Circular:
    """Back to a draft, with the reason: what was put to a colleague, or waits for its hour.

    Raises ReasonMissing, CircularInAnotherState.
    """
    stored = _lock(circular)
    _require(stored, Circular.State.SUBMITTED, Circular.State.QUEUED)
    _refuse_released(stored)
    reason = _one_line(reason)[:500]
    if not reason:
        raise ReasonMissing(_("Say why it is returned."))
    stored.state, stored.held_why = Circular.State.DRAFT, reason
    stored.submitted_at = stored.submitted_by = stored.approved_at = stored.approved_by = None
    return _store(stored, "state", "held_why", "submitted_at", "submitted_by", "approved_at", "approved_by")


@transaction.atomic
def approve_circular(circular: Circular, *, by: User) -> Circular:
    """Approve a circular: it is released at once, or by the clock at its hour.

    Where two pairs of eyes are asked for, it has to be submitted, and is approved by somebody who neither submitted nor
    last wrote it; else whoever wrote it may send the draft. Raises CircularInAnotherState (also when it was approved
    already), OwnCircular, CircularNotReady.
    """
    now = timezone.now()
    stored = _lock(circular)
    if settings.CIRCULARS_FOUR_EYES:
        _require(stored, Circular.State.SUBMITTED)
        if by.pk in (stored.submitted_by_id, stored.written_by_id):
            raise OwnCircular(_("A circular is approved by a colleague who neither wrote nor submitted it."))
    else:
        _require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED)
    at_once = stored.send_at is None or stored.send_at <= now
    if not at_once:
        _refuse_unready(stored, now)
    stored.state, stored.approved_at, stored.approved_by = Circular.State.QUEUED, now, by
    stored.held_why = ""
    _store(stored, "state", "approved_at", "approved_by", "held_why")
    if not at_once:
        return stored
    try:
        return _release_anew(stored, now)
    except _HeldBack as held:
        raise CircularNotReady(str(held)) from held


@transaction.atomic
def cancel_circular(circular: Circular, *, by: User) -> Circular:
    """Give a circular up of which nothing was sent: a draft, one put to a colleague, one that waits for its hour.

    Raises CircularInAnotherState.
    """
    stored = _lock(circular)
    _require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED, Circular.State.QUEUED)
    _refuse_released(stored)
    stored.state = Circular.State.CANCELLED
    return _store(stored, "state")


# Releasing


class _HeldBack(Exception):
    """The circular cannot go out now; the sentence says why."""


def release_circular(circular: Circular, *, now: datetime) -> Circular:
    """Send an approved circular whose hour has come: everything in one transaction, or nothing.

    The audience is asked anew. Whoever no mail can reach is left out and named in the record. Where the circular cannot
    go out (nobody is addressed, a merge field has nothing to say to somebody) it stays queued, with the reason in
    `held_why`. Raises CircularInAnotherState when it is not approved, was released already, or its hour is to come.
    """
    try:
        return _release_anew(circular, now)
    except _HeldBack as held:
        return _hold_back(circular, str(held))


def _release_anew(circular: Circular, now: datetime) -> Circular:
    """`_release` in a transaction of its own, which is taken back as a whole where it fails. Raises _HeldBack."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _release(_lock(circular), now)
        except IntegrityError:
            # Another worker took the first number of the year at the same moment.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _release(circular: Circular, now: datetime) -> Circular:
    _require(circular, Circular.State.QUEUED)
    _refuse_released(circular)
    if circular.send_at is not None and circular.send_at > now:
        raise CircularInAnotherState(_("The hour of this circular is still to come."))
    named = found(circular, now)
    _give_number(circular, now)
    circular.released_at, circular.held_why = now, ""
    composer = Composer(circular, now=now)
    reason = _why_unready(circular, composer, named)
    if reason:
        raise _HeldBack(reason)
    composer.enclosure = _enclose(circular)
    copied = list(composer.enclosure.files.all()) if composer.enclosure else []
    try:
        _put_into_the_outbox(circular, composer, named, now)
    except BaseException:
        # The rows are taken back by the transaction; the copies of files are not.
        for file in copied:
            file.file.delete(save=False)
        raise
    return circular


def _put_into_the_outbox(circular: Circular, composer: Composer, named: Found, now: datetime) -> None:
    _store(circular, "year", "number", "correction", "released_at", "held_why")
    for start in range(0, len(named.addressees), AT_ONCE):
        _queue_copies(circular, composer, named.addressees[start : start + AT_ONCE], now)
    _seal(circular, composer, named, now)
    logger.info("Circular %s released to %d recipients", circular.reference, len(named.addressees))


def _queue_copies(circular: Circular, composer: Composer, addressees: Sequence[Addressee], now: datetime) -> None:
    """Freeze these recipients, and queue the first copy of each."""
    recipients = CircularRecipient.objects.bulk_create(
        CircularRecipient(
            circular=circular,
            user=each.user,
            organisation=each.organisation,
            name=each.name[:200],
            email=each.email,
            role=each.role,
            language=composer.language_for(each),
        )
        for each in addressees
    )
    keys = [f"circular:{circular.pk}:{recipient.pk}:1" for recipient in recipients]
    letters = [composer.letter(each, key=key) for each, key in zip(addressees, keys, strict=True)]
    messages = queue_messages(letters)
    CircularCopy.objects.bulk_create(
        CircularCopy(recipient=recipient, message_id=messages[key])
        for recipient, key in zip(recipients, keys, strict=True)
    )
    _note_on_desks(circular, addressees, letters, now)


def _hold_back(circular: Circular, reason: str) -> Circular:
    with transaction.atomic():
        stored = _lock(circular)
        if stored.state == Circular.State.QUEUED and stored.released_at is None:
            stored.held_why = reason[:500]
            _store(stored, "held_why")
            logger.warning("Circular %d is held back: %s", stored.pk, reason)
        return stored


def _give_number(circular: Circular, now: datetime) -> None:
    """The next number of the year (Geneva), or the next correction of the circular that it corrects: without gaps, for
    a number that is given is kept in the same transaction. The first circular of the year, locked, makes workers wait
    for each other; the constraint refuses the second of two first ones, which then tries again."""
    if circular.corrects_id is not None:
        original = Circular.objects.select_for_update().get(pk=circular.corrects_id)
        last = Circular.objects.filter(corrects=original).aggregate(last=Max("correction"))["last"]
        circular.year, circular.number, circular.correction = original.year, original.number, (last or 0) + 1
        return
    circular.year = day_of(now).year
    of_year = Circular.objects.filter(year=circular.year, correction=0)
    of_year.select_for_update().filter(number=1).first()
    circular.number = (of_year.aggregate(last=Max("number"))["last"] or 0) + 1


def _enclose(circular: Circular) -> Enclosure | None:
    """The attached files, as they go out. Raises EnclosureTooLarge."""
    files = [file for file in circular.files.all() if file.attached]
    return enclose(files) if files else None


def _seal(circular: Circular, composer: Composer, named: Found, now: datetime) -> CircularRecord:
    content = canonical(_content(circular, composer, named, now))
    return CircularRecord.objects.create(
        circular=circular, content=content, sha256=digest(content), sealed_at=now, sealed_by=circular.approved_by
    )


def _content(circular: Circular, composer: Composer, named: Found, now: datetime) -> dict[str, Any]:
    """What is sealed: all that was said, to whom by which rule, and who said it. Letters to people are counted; their
    list (`CircularRecipient`) has a hash of its own, so that nobody's address stands where it can never be erased."""
    languages = [code for code, _name in settings.LANGUAGES]
    with translation.override(settings.LANGUAGE_CODE):
        symbol = circular.symbol
        title = composer.thing.title() if composer.thing else ""
    words = {}
    for language in languages:
        with translation.override(language):
            words[language] = in_words(circular.audience)
    recipients = [
        [each.email.lower(), each.organisation.pk if each.organisation else None, each.role]
        for each in named.addressees
    ]
    return {
        "format": FORMAT,
        "symbol": symbol,
        "year": circular.year,
        "number": circular.number,
        "correction": circular.correction,
        "sent_at": now.isoformat(),
        "about": {"thing": composer.thing.reference, "title": title} if composer.thing else None,
        "texts": {language: {"subject": text.subject, "body": text.body} for language, text in composer.texts.items()},
        "files": [
            {
                "name": file.original_name,
                "title": file.title,
                "size": file.size,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "attached": file.attached,
            }
            for file in composer.files
        ],
        "audience": {"rule": circular.audience, "in_words": words},
        "recipients": {
            "count": len(named.addressees),
            "organisations": named.organisations,
            "sha256": digest(canonical(sorted(recipients, key=str))),
        },
        "duplicates": len(named.duplicates),
        "left_out": [
            {
                "organisation": str(row.addressee.organisation or ""),
                # A contact may ask to be erased, and a sealed record cannot be.
                "name": "" if row.addressee.role == CONTACT else row.addressee.name,
                "email": "" if row.addressee.role == CONTACT else row.addressee.email,
                "why": row.why,
            }
            for row in named.without_address
        ],
        "written_by": _signature(circular.written_by),
        "submitted_by": _signature(circular.submitted_by),
        "approved_by": _signature(circular.approved_by),
        "approved_at": circular.approved_at.isoformat() if circular.approved_at else None,
    }


def _signature(person: User | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name} if person else None


def _note_on_desks(
    circular: Circular, addressees: Sequence[Addressee], letters: Sequence[Letter], now: datetime
) -> None:
    """The circular stands on the desk of everybody addressed who has an account."""
    address = circular.get_absolute_url()
    notices = []
    for addressee, letter in zip(addressees, letters, strict=True):
        if addressee.user is not None:
            with translation.override(letter.language):
                title = f"{circular.symbol}: {letter.subject}"
            notices.append(
                Notice(
                    user=addressee.user,
                    kind="circular",
                    key=f"circular:{circular.pk}",
                    about=things.reference_of("circular", circular.pk),
                    title=title[:400],
                    address=address,
                    happened_at=now,
                    how=How.DESK,
                )
            )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


# Repairing


@transaction.atomic
def resend_copy(
    recipient: CircularRecipient, *, by: User, email: str | None = None, also_account: bool = False
) -> CircularCopy:
    """Send a recipient the same version again, as a message of its own; to another address where one is given.

    The address of the recipient's account stays unless that is asked for (`also_account`). A copy before that waited
    for a decision is settled. Raises CircularInAnotherState, CircularAddressUnusable, AddressTaken, ContactErased, and
    CopyOnItsWay while the copy before is queued or being sent.
    """
    circular = _lock_released(recipient.circular)
    stored = CircularRecipient.objects.select_for_update(of=("self",)).select_related("user").get(pk=recipient.pk)
    address = (email or "").strip()
    if address and not is_usable(address):
        raise CircularAddressUnusable(_("“%(address)s” is not an e-mail address.") % {"address": address})
    if stored.email.endswith(f"@{NOWHERE}"):
        raise ContactErased(_("The contact was erased meanwhile."))
    last = stored.copies.select_related("message").order_by("-number").first()
    if last is None:
        raise CircularInAnotherState(_("This recipient has no copy yet."))
    if address and also_account and stored.user is not None:
        change_address(stored.user, email=address, by=by)
    now = timezone.now()
    if _is_on_its_way(last.message, now):
        raise CopyOnItsWay(_("The copy before is on its way. Wait until it is sent or has failed."))
    return _copy_again(circular, [last], {last.pk: address or last.message.recipient}, by, now)[0]


@transaction.atomic
def resend_failed(circular: Circular, *, by: User) -> int:
    """Send the circular again to everybody whose last copy failed or was returned, and was not settled; returns to how
    many. Uncertain ones are left: of those somebody decides, one by one. Raises CircularInAnotherState."""
    stored = _lock_released(circular)
    failed = list(
        latest_copies(stored)
        .filter(message__state__in=[State.FAILED, State.RETURNED], message__settled_at=None)
        .select_related("message")
        .order_by("pk")
    )
    _copy_again(stored, failed, {copy.pk: copy.message.recipient for copy in failed}, by, timezone.now())
    return len(failed)


def latest_copies(circular: Circular) -> Any:
    """Of each recipient the copy that was queued last."""
    later = CircularCopy.objects.filter(recipient=OuterRef("recipient"), number__gt=OuterRef("number"))
    return CircularCopy.objects.filter(recipient__circular=circular).exclude(Exists(later))


def _copy_again(
    circular: Circular, copies: Sequence[CircularCopy], addresses: Mapping[int, str], by: User, now: datetime
) -> list[CircularCopy]:
    """The same message for each of these copies, with a Message-ID of its own; what it replaces is settled."""
    letters = []
    for copy in copies:
        before = copy.message
        letters.append(
            Letter(
                key=f"circular:{circular.pk}:{copy.recipient_id}:{copy.number + 1}",
                to=addresses[copy.pk],
                name=before.recipient_name,
                subject=before.subject,
                text=before.text,
                language=before.language,
                html=before.html,
                reply_to=before.reply_to,
                thread=before.thread,
                enclosure=before.enclosure,
            )
        )
    messages = queue_messages(letters)
    made = CircularCopy.objects.bulk_create(
        CircularCopy(
            recipient_id=copy.recipient_id, number=copy.number + 1, message_id=messages[letter.key], queued_by=by
        )
        for copy, letter in zip(copies, letters, strict=True)
    )
    _settle([copy.message for copy in copies], by, now)
    return made


def _settle(messages: Iterable[Message], by: User, now: datetime) -> None:
    """Another copy has taken the place of these: they wait for nobody's decision any more."""
    stuck = [message.pk for message in messages if message.settled_at is None and not _is_done(message)]
    for start in range(0, len(stuck), AT_ONCE):
        Message.objects.filter(
            pk__in=stuck[start : start + AT_ONCE],
            settled_at=None,
            state__in=[State.FAILED, State.RETURNED, State.SENDING],
        ).update(settled_at=now, settled_by=by.get_username())


def _is_done(message: Message) -> bool:
    return message.state in (State.SENT, State.QUEUED)


def _is_on_its_way(message: Message, now: datetime) -> bool:
    return message.state == State.QUEUED or (message.state == State.SENDING and not message.is_uncertain_at(now))


def _lock_released(circular: Circular) -> Circular:
    stored = _lock(circular)
    if stored.released_at is None:
        raise CircularInAnotherState(_("Nothing of this circular was sent yet."))
    return stored


# Reading


def note_circular_opened(circular: Circular, *, by: User) -> None:
    """Note that a person opened the circular on the portal: the first time counts, and only of those addressed."""
    CircularRecipient.objects.filter(circular=circular, user=by, opened_at=None).update(opened_at=timezone.now())


# Forgetting


def forget_contact(contact: Contact) -> None:
    """Take a contact that is being erased out of what was sent to it: name, address and words. That its organisation
    was written to, when, and what became of it stays. A copy that waits is not sent any more. Inside a transaction.
    """
    if not contact.email:
        return
    rows = CircularRecipient.objects.filter(
        user=None, organisation=contact.organisation_id, role=CONTACT, email__iexact=contact.email
    )
    recipients = list(rows.select_for_update(of=("self",)))
    if not recipients:
        return
    now = timezone.now()
    messages = Message.objects.filter(circular_copy__recipient__in=recipients)
    messages.filter(state=State.QUEUED).update(state=State.FAILED, settled_at=now)
    messages.update(recipient=f"erased@{NOWHERE}", recipient_name="", text="", html="", last_error="", returned_why="")
    for recipient in recipients:
        recipient.name, recipient.email = "", f"erased.{recipient.pk}@{NOWHERE}"
    CircularRecipient.objects.bulk_update(recipients, ["name", "email"])


# By the clock


def release_due_circulars(now: datetime) -> None:
    """Release what is approved and whose hour (aware) has come, each on its own. What is held back waits for somebody:
    an hour later nobody expects it any more."""
    due = Circular.objects.filter(state=Circular.State.QUEUED, released_at=None, held_why="").exclude(send_at__gt=now)
    for circular in due.order_by("send_at", "pk"):
        try:
            release_circular(circular, now=now)
        except CircularInAnotherState:
            continue  # another worker, or a colleague, was faster
        except Exception:  # one that cannot be composed keeps no other from its hour
            logger.exception("Circular %d was not released", circular.pk)


def finish_circulars(now: datetime) -> None:
    """Note as sent the circulars of which no copy waits any more. A copy of which nobody knows whether it was sent
    waits for a person, not for the queue."""
    for circular in Circular.objects.filter(state=Circular.State.QUEUED).exclude(released_at=None).order_by("pk"):
        waiting = Message.objects.filter(circular_copy__recipient__circular=circular)
        queued = waiting.filter(state=State.QUEUED)
        sending = waiting.filter(state=State.SENDING).exclude(pk__in=Message.objects.uncertain(now).values("pk"))
        if queued.exists() or sending.exists():
            continue
        Circular.objects.filter(pk=circular.pk, state=Circular.State.QUEUED).update(
            state=Circular.State.SENT, sent_at=now, version=F("version") + 1
        )


# Shared


def _lock(circular: Circular) -> Circular:
    """The stored row, locked and fresh."""
    return (
        Circular.objects.select_for_update(of=("self",))
        .select_related("corrects", "created_by", "written_by", "submitted_by", "approved_by")
        .get(pk=circular.pk)
    )


def _require(circular: Circular, *states: str) -> None:
    if circular.state in states:
        return
    said = {
        Circular.State.DRAFT: _("This circular is a draft."),
        Circular.State.SUBMITTED: _("This circular waits for approval. It has to be returned before it is changed."),
        Circular.State.QUEUED: _("This circular is approved already."),
        Circular.State.SENT: _("This circular was sent."),
        Circular.State.CANCELLED: _("This circular was given up."),
    }
    raise CircularInAnotherState(said[Circular.State(circular.state)])


def _refuse_released(circular: Circular) -> None:
    if circular.released_at is not None:
        raise CircularInAnotherState(_("This circular was released already. Correct it by another one."))


def _store(circular: Circular, *fields: str) -> Circular:
    circular.version += 1
    circular.save(update_fields=[*fields, "version"])
    return circular


def _note_written(circular: Circular, by: User) -> None:
    circular.written_at, circular.written_by = timezone.now(), by


def _store_texts(circular: Circular, texts: Texts) -> None:
    circular.texts.all().delete()
    CircularText.objects.bulk_create(
        CircularText(circular=circular, language=language, subject=subject, body=body)
        for language, (subject, body) in texts.items()
    )


def _cleaned(texts: Texts) -> dict[str, tuple[str, str]]:
    """Subjects on one line and clean bodies, without the languages that say nothing. Raises CircularWrong."""
    known = dict(settings.LANGUAGES)
    written = {}
    for language, (subject, body) in texts.items():
        if language not in known:
            raise CircularWrong(_("The portal has no language “%(language)s”.") % {"language": language})
        line, html = _one_line(subject), clean(body)
        if len(line) > 200:
            raise CircularWrong(_("A subject has 200 characters at most, this one %(count)d.") % {"count": len(line)})
        if line or to_blocks(html):
            written[language] = (line, html)
    return written


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in printable(text)).split())


def _refuse_unready(circular: Circular, now: datetime) -> None:
    reason = why_unready(circular, now)
    if reason:
        raise CircularNotReady(reason)


def why_unready(circular: Circular, now: datetime) -> str:
    """What stands in the way of sending a circular `now` (aware), as a sentence; empty where nothing does."""
    return _why_unready(circular, Composer(circular, now=now), found(circular, now))


def _why_unready(circular: Circular, composer: Composer, named: Found) -> str:
    if not composer.texts:
        return _("There is no text yet.")
    for text in composer.texts.values():
        if not text.subject:
            return _("The text in “%(language)s” has no subject.") % {"language": text.get_language_display()}
        if not to_blocks(text.body):
            return _("The text in “%(language)s” says nothing yet.") % {"language": text.get_language_display()}
    wrong = [each for row in composer.texts.values() for each in problems(row.subject, row.body, circular.about_kind)]
    if wrong:
        return " ".join(dict.fromkeys(wrong))
    try:
        check_enclosure_size(sum(file.size for file in composer.files if file.attached))
    except EnclosureTooLarge as refusal:
        return str(refusal)
    if circular.about_kind and composer.thing is None:
        return _("What the circular is about is not there any more.")
    if composer.thing is not None and not composer.thing.is_out and circular.released_at is not None:
        return _("“%(thing)s” is not published yet.") % {"thing": composer.thing.title()}
    if not is_known(circular.audience):
        return _("Nobody is chosen yet to whom it goes.")
    if not named.addressees:
        return _("Nobody is addressed: no letter would reach anybody.")
    missing = composer.missing(named.addressees)
    if missing:
        first = missing[0]
        others = len({row.addressee.email for row in missing}) - 1
        words = {"field": first.field, "person": first.addressee.name or first.addressee.email, "others": others}
        if others:
            said = ngettext(
                "“{%(field)s}” has nothing to say to %(person)s and %(others)d other.",
                "“{%(field)s}” has nothing to say to %(person)s and %(others)d others.",
                others,
            )
            return said % words
        return _("“{%(field)s}” has nothing to say to %(person)s.") % words
    return ""
