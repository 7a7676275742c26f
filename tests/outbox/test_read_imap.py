"""The mailbox on a real IMAP server: pymap, in memory, in a process of its own on this machine."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imapclient import FLAGGED, SEEN, IMAPClient

from icoca_portal.outbox import mailboxes, operations
from icoca_portal.outbox.mailboxes import Address, open_mailbox
from icoca_portal.outbox.returned_mail import Outcome, read_mailbox
from tests.outbox.test_read_returns import about, state_of
from tests.outbox.test_reports import ANSWER, nested

pytestmark = pytest.mark.django_db

USER, PASSWORD = "re@turns", "p/w:1"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but this test trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of the server, and the file of its certificate."""
    cert, key = certificate(tmp_path_factory.mktemp("imap"))
    port = free_port()
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--cert", str(cert), "--key", str(key), "dict", "--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while True:
            assert server.poll() is None, server.stderr and server.stderr.read()
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
                break
        yield port, cert
    finally:
        server.kill()
        server.communicate()


@pytest.fixture
def url(imap, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(imap[1]))
    monkeypatch.setattr(mailboxes, "_LOCAL", frozenset())  # so that the seal is asked for on this machine too
    return f"imap://re%40turns:p%2Fw%3A1@127.0.0.1:{imap[0]}/INBOX"


@pytest.fixture
def client(imap):
    """A person's own look into the mailbox, which is empty at first."""
    port, cert = imap
    with IMAPClient("127.0.0.1", port, ssl=False) as person:
        person.starttls(ssl.create_default_context(cafile=str(cert)))
        person.login(USER, PASSWORD)
        person.select_folder("INBOX")
        if numbers := person.search():
            person.delete_messages(numbers)
            person.expunge()
        yield person


@pytest.fixture
def sent(queue, server, settings):
    settings.MAIL_RETURN_ADDRESS = "bounces@portal.example"
    queue(1)
    return operations.send_next()


def test_reports_are_moved_and_everything_else_stays_unread_with_a_flag(sent, url, client):
    came = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    long_answer = ANSWER.format(more="", text="We shall come.\n" * 100_000).encode()
    for raw in (about(sent), nested(60), long_answer):
        client.append("INBOX", raw, msg_time=came)
    assert dict(read_mailbox(url)) == {Outcome.HANDLED: 1, Outcome.UNREADABLE: 1, Outcome.LEFT: 1}
    assert state_of(sent) == "returned"
    assert sent.returned_at == came

    client.select_folder("INBOX")
    (number,) = client.search()
    flags = client.get_flags([number])[number]
    assert FLAGGED in flags
    assert SEEN not in flags
    assert len(client.fetch([number], ["RFC822"])[number][b"RFC822"]) >= len(long_answer)
    for folder in ("Handled", "Unreadable"):
        assert client.select_folder(folder)[b"EXISTS"] == 1
    assert sum(read_mailbox(url).values()) == 0


def test_where_the_server_cannot_move_a_mail_it_is_copied_and_marked(sent, url, client, monkeypatch):
    has = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "MOVE" and has(self, name))
    client.append("INBOX", about(sent))
    before = client.folder_status("Handled")[b"MESSAGES"] if client.folder_exists("Handled") else 0
    assert dict(read_mailbox(url)) == {Outcome.HANDLED: 1}
    assert client.folder_status("Handled")[b"MESSAGES"] == before + 1
    assert sum(read_mailbox(url).values()) == 0


def test_a_mail_that_somebody_moved_meanwhile_is_passed_over(sent, url, client):
    client.append("INBOX", about(sent))
    with open_mailbox(Address.of(url)) as mailbox:
        (mail,) = mailbox.waiting(10)
        with open_mailbox(Address.of(url)) as other:
            other.put_away(mail.key, mailboxes.HANDLED)
        mailbox.put_away(mail.key, mailboxes.HANDLED)
        mailbox.flag(mail.key)


def test_a_server_that_nobody_vouches_for_gets_no_password(url, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    asked = []
    monkeypatch.setattr(IMAPClient, "login", lambda *arguments: asked.append(arguments))
    with pytest.raises(ssl.SSLCertVerificationError):
        read_mailbox(url)
    assert asked == []


def test_a_wrong_password_is_said_without_it(url):
    with pytest.raises(Exception, match=r"(?i)invalid|fail|auth") as refusal:
        read_mailbox(url.replace("p%2Fw", "wrong-word"))
    assert "wrong-word" not in str(refusal.value)
