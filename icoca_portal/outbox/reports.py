"""What a mail server says of a message that it could not deliver (RFC 3464, RFC 6533, and the forms from before).

Reading alone: nothing here asks the database or changes anything, and nothing believes what it reads. Whether a report
is about a message of ours is decided in `icoca_portal.outbox.returned_mail`.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import getaddresses, parseaddr
from quopri import decodestring

from flufl.bounce import all_failures

from icoca_portal.lib.richtext import one_line

#: A mail with more parts, or parts inside parts, than this is not taken apart: no server writes such a report.
MOST_PARTS, MOST_DEEP = 1000, 40
#: So many recipients, addresses and Message-IDs of one mail are looked at, and so many letters of one header.
MOST_NAMES, MOST_LETTERS = 50, 10_000

_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(rb"^content-type:[ \t]*(?:\r?\n[ \t]+)?(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
#: A description of a part of such length takes the parser of the standard library very long.
_ENDLESS = re.compile(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){5000}", re.IGNORECASE | re.MULTILINE)
_HEXADECIMAL = re.compile(r"\\x\{([0-9a-fA-F]{1,6})\}")
_SERVERS = frozenset({"mailer-daemon", "mail-daemon", "maildaemon", "postmaster", "mmdf", "microsoftexchange"})


class MailUnreadable(Exception):
    """The mail cannot be taken apart: it is no mail, or was made to break whoever reads it."""


@dataclass(frozen=True)
class Failure:
    """What the report says of one recipient. Addresses are case-folded: the final one and the one written to."""

    recipients: frozenset[str]
    is_permanent: bool
    code: str
    why: str


@dataclass(frozen=True)
class Report:
    """A report of messages that did not arrive. `came_to` are the addresses under which it reached the mailbox,
    `message_ids` those of the message it returns, `returned_to` the recipients in that message's own head."""

    failures: tuple[Failure, ...]
    came_to: tuple[str, ...]
    message_ids: frozenset[str]
    returned_to: frozenset[str]


def read_report(raw: bytes) -> Report | None:
    """The report that a mail is; None for any other mail. The end of a long mail may be missing.

    A person who passes a report on, or quotes one, has written no report. Raises MailUnreadable.
    """
    if len(_PART.findall(raw)) > MOST_DEEP or raw.count(b"\n--") > MOST_PARTS or _ENDLESS.search(raw):
        raise MailUnreadable("more parts, or longer descriptions of them, than any report has")
    try:
        mail = message_from_bytes(raw)
        failures = tuple(_failures(mail))
        if not failures:
            return None
        return Report(failures, _came_to(mail), *_returned(mail))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        # What the parsers of the standard library and of flufl.bounce raise on mails made to break them.
        raise MailUnreadable(f"{type(error).__name__}: {error}"[:200]) from error


def _failures(mail: Mail) -> Iterator[Failure]:
    status = _status_of(mail)
    if status is None and not _may_be_a_report(mail):
        return
    found = list(_stated(status)) if status is not None else []
    temporary, permanent = all_failures(mail)
    named = frozenset().union(*(each.recipients for each in found))
    text = _text_of(mail)
    for recipients, is_permanent in ((permanent, True), (temporary, False)):
        for recipient in sorted(map(_folded, recipients))[:MOST_NAMES]:
            if recipient and recipient not in named and "@" in recipient:
                why = _lines_about(text, recipient)
                found.append(Failure(frozenset({recipient}), is_permanent, code_in("", why, is_permanent), why))
    if status is None:
        failed = frozenset(map(_folded, re.split(r"[\s,]+", _header(mail, "X-Failed-Recipients"))))
        found = [
            Failure(each.recipients, True, each.code, each.why) if each.recipients & failed else each for each in found
        ]
    yield from found[:MOST_NAMES]


def _status_of(mail: Mail) -> Mail | None:
    """The part that states the outcome for machines, if the whole mail is such a report."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    kinds = {"message/delivery-status", "message/global-delivery-status"}
    return next((part for part in _parts(mail) if part.get_content_type() in kinds), None)


def _may_be_a_report(mail: Mail) -> bool:
    """Whether the mail says that a machine wrote it; people's answers hold words that look like a report, and so do
    receipts of readers and complaints, which are reports of another kind."""
    if mail.get_content_type() == "multipart/report":
        return str(mail.get_param("report-type", "")).casefold() in {"", "delivery-status", "global-delivery-status"}
    sender = parseaddr(_header(mail, "From"))[1].casefold().partition("@")[0]
    if any(sender.startswith(name) for name in _SERVERS):
        return True
    return _header(mail, "Return-Path").strip() == "<>" or "X-Failed-Recipients" in mail


def _stated(part: Mail) -> Iterator[Failure]:
    for block in _blocks(part):
        recipients = frozenset(
            filter(None, (_typed_address(_header(block, name)) for name in ("Final-Recipient", "Original-Recipient")))
        )
        if not recipients:
            continue
        action = _header(block, "Action").strip().casefold()
        code = (_CODE.findall(_header(block, "Status")) or [""])[0]
        if action == "failed" or (not action and code.startswith("5")):
            is_permanent = True
        elif action == "delayed" or (not action and code.startswith("4")):
            is_permanent = False
        else:
            continue  # delivered, relayed, expanded: nothing has failed
        kind, _, diagnosis = _header(block, "Diagnostic-Code").partition(";")
        why = plain(diagnosis or kind or _header(block, "X-Notes"))
        yield Failure(recipients, is_permanent, code_in(code, why, is_permanent), why)


def _blocks(part: Mail) -> list[Mail]:
    """The groups of fields of a status part, which the parser leaves in different shapes."""
    payload = part.get_payload()
    nested = [each for each in payload if isinstance(each, Mail)] if isinstance(payload, list) else []
    encoding = _header(part, "Content-Transfer-Encoding").strip().casefold()
    if encoding in {"base64", "quoted-printable"}:
        written = "".join(str(each.get_payload()) for each in nested).encode("ascii", "ignore")
        return _groups(b64decode(written) if encoding == "base64" else decodestring(written))
    blocks: list[Mail] = []
    for each in nested[:MOST_NAMES]:
        blocks.append(each)
        rest = each.get_payload(decode=True)
        if isinstance(rest, bytes) and rest.strip():
            blocks += _groups(rest)
    return blocks


def _groups(data: bytes) -> list[Mail]:
    return [message_from_bytes(group) for group in re.split(rb"\r?\n[ \t]*\r?\n", data)[:MOST_NAMES]]


def _came_to(mail: Mail) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
    values = [value for name in names for value in _headers(mail, name)]
    return tuple(dict.fromkeys(address for _name, address in getaddresses(values) if address))[:MOST_NAMES]


def _returned(mail: Mail) -> tuple[frozenset[str], frozenset[str]]:
    """The Message-IDs of the message that was returned, and the recipients that stand in its head."""
    ids: list[bytes] = []
    recipients: set[str] = set()
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global", "message/rfc822-headers", "message/global-headers"}:
            payload = part.get_payload()
            head = payload[0] if isinstance(payload, list) and payload else None
        elif kind == "text/rfc822-headers":
            head = message_from_bytes(_content(part))
        else:
            continue
        if isinstance(head, Mail):
            ids += _MESSAGE_ID.findall(f"Message-ID: {_header(head, 'Message-ID').strip()}".encode())
            recipients |= {_folded(address) for _name, address in getaddresses(_headers(head, "To")) if address}
    if not ids:  # the forms that copy the message into the text
        for part in _parts(mail):
            if part.get_content_maintype() == "text":
                ids += _MESSAGE_ID.findall(_content(part))
    return frozenset(each.decode("ascii") for each in ids[:MOST_NAMES]), frozenset(recipients)


def _parts(mail: Mail) -> Iterator[Mail]:
    """The parts of a mail, those of parts within it too; never into a message that it encloses."""
    if not mail.is_multipart() or mail.get_content_maintype() == "message":
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Mail):
            yield from _parts(part) if part.get_content_maintype() == "multipart" else (part,)


def _text_of(mail: Mail) -> str:
    for part in _parts(mail):
        if part.get_content_type() == "text/plain":
            return _decoded(_content(part), part.get_content_charset() or "")
    return ""


def _content(part: Mail) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _lines_about(text: str, recipient: str) -> str:
    """The server's words about a recipient: the lines from its address to the next empty one."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if recipient in line.casefold():
            about: list[str] = []
            for each in lines[number : number + 8]:
                if not each.strip():
                    break
                about.append(each)
            return plain(" ".join(about))
    return ""


def code_in(code: str, why: str, is_permanent: bool) -> str:
    """The most exact code there is: the stated one, unless it says nothing and the server's words hold another."""
    if code and not code.endswith(".0.0"):
        return code
    if within := _CODE.findall(why):
        return str(within[0])
    if not code and (reply := _REPLY.search(why)):
        return f"{reply[1]}.0.0"
    return code or ("5.0.0" if is_permanent else "4.0.0")


def _typed_address(value: str) -> str:
    """The address of ``rfc822; person@example.org``; that of ``utf-8;`` with its written-out letters put back."""
    _kind, _, address = value.rpartition(";")
    address = _HEXADECIMAL.sub(lambda match: _letter(int(match[1], 16)), address)
    return _folded(address)


def _letter(number: int) -> str:
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF else "?"


def _folded(address: str | bytes) -> str:
    text = _decoded(address, "") if isinstance(address, bytes) else address
    return text.strip().strip("<>").strip().casefold()


def _headers(mail: Mail, name: str) -> list[str]:
    """The values of a header as text, whatever bytes stand there."""
    found = [value for key, value in mail.raw_items() if key.casefold() == name.casefold()]
    starts = [str(value)[:MOST_LETTERS].encode("utf-8", "surrogateescape") for value in found[:MOST_NAMES]]
    return [_spelled(_decoded(start, "")) for start in starts]


def _header(mail: Mail, name: str) -> str:
    return next(iter(_headers(mail, name)), "")


def _spelled(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def _decoded(data: bytes, charset: str) -> str:
    """UTF-8 where it is; else what the mail says of itself; else Windows-1252, which older servers write unsaid."""
    for name in _charsets(charset):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _charsets(charset: str) -> Iterable[str]:
    yield "utf-8"
    if charset.lower() not in {"", "us-ascii", "iso-8859-1", "latin-1", "utf-8"}:
        yield charset


def plain(value: str) -> str:
    """The words of a server as one line, without control characters, of a length that a page can hold."""
    return one_line(value)[:1000]
