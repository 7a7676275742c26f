"""The mailbox that returned mail comes to: on an IMAP server, or a maildir on this machine.

A mail that has been read is moved to a folder beside (`HANDLED`, `UNREADABLE`), or stays and is flagged, so that it is
not read again until a person takes the flag away. Nothing is deleted, and nothing is marked as read.
"""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from ssl import create_default_context
from typing import Protocol
from urllib.parse import unquote, urlsplit

from imapclient import DELETED, FLAGGED, IMAPClient, SocketTimeout

HANDLED, UNREADABLE = "Handled", "Unreadable"

#: Of each mail so much is read: the words of the server stand before the copy of what it returns.
MOST_BYTES = 512 * 1024
#: How long one step may take: to connect, and to answer. In seconds.
TIMEOUT = SocketTimeout(connect=5, read=10)

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Address:
    """Where a mailbox is, as ``RETURN_MAILBOX_URL`` names it."""

    kind: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises ValueError with a sentence that says what is wrong, and never holds the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("its host or port is not readable") from None
        if parts.scheme == "maildir":
            if parts.netloc or not parts.path.strip("/"):
                raise ValueError("a maildir has three slashes and a path, as in maildir:///var/mail/returns")
            return cls("maildir", folder=unquote(parts.path))
        if parts.scheme not in {"imap", "imaps"}:
            raise ValueError("it begins with imaps://, imap:// or maildir:///")
        if not (parts.hostname and parts.username and parts.password):
            raise ValueError("it names a host, a user and a password, as in imaps://user:password@host:993/INBOX")
        return cls(
            parts.scheme,
            parts.hostname,
            port or (993 if parts.scheme == "imaps" else 143),
            unquote(parts.username),
            unquote(parts.password),
            unquote(parts.path.strip("/")) or "INBOX",
        )


@dataclass(frozen=True)
class Found:
    """A mail that waits: its name in the mailbox, when it came there (aware), and its first `MOST_BYTES`."""

    key: str
    arrived_at: datetime
    raw: bytes


class Mailbox(Protocol):
    """What can be done with a mailbox. A mail that somebody else has moved meanwhile is passed over."""

    def waiting(self, most: int) -> Iterator[Found]:
        """At most so many mails that bear no flag, the one that came first first, each fetched when it is asked for."""

    def put_away(self, key: str, folder: str) -> None:
        """Move a mail to a folder beside this one, which is made where it is missing."""

    def flag(self, key: str) -> None:
        """Leave a mail to a person."""


def open_mailbox(address: Address) -> AbstractContextManager[Mailbox]:
    """The mailbox, open until the end of the block. Raises OSError and what imapclient raises, here and inside."""
    return _maildir(address) if address.kind == "maildir" else _imap(address)


@contextmanager
def _imap(address: Address) -> Iterator[Mailbox]:
    context = create_default_context()
    secure = address.kind == "imaps"
    client = IMAPClient(
        address.host, address.port, ssl=secure, ssl_context=context if secure else None, timeout=TIMEOUT
    )
    try:
        if not secure and address.host not in _LOCAL:  # a password leaves this machine under a seal only
            client.starttls(context)
        client.normalise_times = False
        client.login(address.user, address.password)
        client.select_folder(address.folder)
        yield ImapMailbox(client)
        client.logout()
    finally:
        with suppress(OSError):
            client.shutdown()


class ImapMailbox:
    """A folder of an IMAP server, chosen already."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._made: dict[str, str] = {}

    def waiting(self, most: int) -> Iterator[Found]:
        wanted = b"BODY[]<0>"
        for number in sorted(self._client.search(["UNFLAGGED", "UNDELETED"]))[:most]:
            answer = self._client.fetch([number], ["INTERNALDATE", f"BODY.PEEK[]<0.{MOST_BYTES}>"]).get(number, {})
            raw = answer.get(wanted, answer.get(b"BODY[]"))
            if raw is not None:
                yield Found(str(number), answer[b"INTERNALDATE"].astimezone(UTC), raw[:MOST_BYTES])

    def put_away(self, key: str, folder: str) -> None:
        place, numbers = self._place(folder), [int(key)]
        if self._client.has_capability("MOVE"):
            self._client.move(numbers, place)
            return
        self._client.copy(numbers, place)
        self._client.add_flags(numbers, [DELETED])
        if self._client.has_capability("UIDPLUS"):  # else it would take along what other people marked
            self._client.uid_expunge(numbers)

    def flag(self, key: str) -> None:
        self._client.add_flags([int(key)], [FLAGGED])

    def _place(self, folder: str) -> str:
        """The folder's full name; some servers want all folders below the inbox."""
        if folder not in self._made:
            prefix = ""
            if self._client.has_capability("NAMESPACE"):
                personal = self._client.namespace().personal
                prefix = personal[0][0] if personal else ""
            if not self._client.folder_exists(name := f"{prefix}{folder}"):
                self._client.create_folder(name)
                self._client.subscribe_folder(name)
            self._made[folder] = name
        return self._made[folder]


@contextmanager
def _maildir(address: Address) -> Iterator[Mailbox]:
    root = Path(address.folder)
    if not (root / "new").is_dir() or not (root / "cur").is_dir():
        raise FileNotFoundError(f"{root} is no maildir: it has no folders “new” and “cur”")
    yield Maildir(root)


class Maildir:
    """A maildir, whose mails are files: a file is moved in one step, or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def waiting(self, most: int) -> Iterator[Found]:
        names = [*(self._root / "new").iterdir(), *(self._root / "cur").iterdir()]
        came = []
        for path in names:
            with suppress(FileNotFoundError):
                if "F" not in _flags(path.name) and path.is_file():
                    came.append((path.stat().st_mtime, path))
        for arrived, path in islice(sorted(came), most):
            with suppress(FileNotFoundError), path.open("rb") as file:
                yield Found(
                    f"{path.parent.name}/{path.name}", datetime.fromtimestamp(arrived, UTC), file.read(MOST_BYTES)
                )

    def put_away(self, key: str, folder: str) -> None:
        beside = self._root / f".{folder}"
        if not beside.is_dir():
            mailbox.Maildir(self._root, create=False).add_folder(folder)
        name = Path(key).name
        with suppress(FileNotFoundError):
            (self._root / key).rename(beside / "cur" / (name if ":2," in name else f"{name}:2,"))

    def flag(self, key: str) -> None:
        name = Path(key).name
        base, flags = name.partition(":2,")[0], "".join(sorted({*_flags(name), "F"}))
        with suppress(FileNotFoundError):
            (self._root / key).rename(self._root / "cur" / f"{base}:2,{flags}")


def _flags(name: str) -> str:
    return name.partition(":2,")[2]
