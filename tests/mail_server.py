"""A real mail server for the tests: speaks SMTP on a port of this machine, and errs where the script says so.

    with MailServer() as server:
        server.point(settings)                              # the portal sends to it
        server.answer("RCPT", "450 4.2.1 Busy", to="delegate.1@sample.example", times=1)
        server.answer("content", CUT)                       # accepted, but the line is cut before it says so
        …
        assert [each.to for each in server.accepted] == ["delegate.2@sample.example"]

It accepts everything that no rule is about. A rule is for one moment of the conversation: ``connect`` (the greeting),
``EHLO`` (or HELO), ``STARTTLS``, ``MAIL``, ``RCPT``, ``DATA`` (the command), ``content`` (the end of the mail). It says
a reply, or is `CUT`, or waits `wait` seconds and then goes on. The first rule that fits is used. A `content` that is
cut or waits *keeps* the mail first, as a server does whose "yes" is lost on its way; a reply that refuses does not.
"""

# ruff: noqa: N802 (aiosmtpd finds its methods by the names of the commands)

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from types import TracebackType
from typing import Any, AnyStr, Literal, Self, TypeVar, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
#: Instead of a reply: the line is cut.
CUT = "cut"

T = TypeVar("T")
Moment = Literal["connect", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "content"]


@dataclass(frozen=True)
class Accepted:
    """A mail that the server took."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def to(self) -> str:
        """The address of its only recipient."""
        (recipient,) = self.recipients
        return recipient

    @cached_property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


@dataclass
class Rule:
    """What the server does at a moment instead of going on."""

    moment: Moment
    reply: str
    to: str
    times: int | None
    after: int
    wait: float

    def applies(self, moment: Moment, recipients: list[str]) -> bool:
        """Whether it is for this moment; counts the times."""
        if self.moment != moment or self.times == 0 or (self.to and self.to not in recipients):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class MailServer:
    """The server, running between `start` and `stop`, or within ``with``. What it accepted stays in `accepted`."""

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        #: How many connections were opened, and how often each moment came.
        self.seen: Counter[str] = Counter()
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        #: The lines that are open.
        self.lines: set[_Conversation] = set()
        self.port = 0

    def answer(
        self,
        moment: Moment,
        reply: str = "",
        *,
        to: str = "",
        times: int | None = None,
        after: int = 0,
        wait: float = 0,
    ) -> None:
        """Say `reply` (or `CUT`, or nothing else than usual after `wait` seconds) at this moment, to mails to `to` (or
        all), so many times (or always), after so many that go well."""
        with self._lock:
            self._rules.append(Rule(moment, reply, to, times, after, wait))

    def behave(self) -> None:
        """Forget all rules: from now on everything is accepted."""
        with self._lock:
            self._rules.clear()

    def copies(self) -> Counter[str]:
        """How often each mail was accepted, by its Message-ID."""
        return Counter(each.message_id for each in self.accepted)

    def point(self, settings: Any, *, timeout: float = 2, tls: bool = False) -> None:
        """Let the portal (``settings``: pytest-django's fixture or Django's own) send to this server."""
        settings.EMAIL_BACKEND = "icoca_portal.outbox.backends.RelayBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, self.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL, settings.EMAIL_TIMEOUT = tls, False, timeout

    def start(self) -> Self:
        """Listen on a free port, or again on the one that it had."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail server", daemon=True)
        self._thread.start()
        self._server = self._in_loop(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        """Cut all lines and listen no more: whoever comes now is refused. `start` begins again."""
        self._in_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: _Conversation(self, self._loop), HOST, self.port)

    async def _end(self) -> None:
        self._server.close()
        for line in self.lines.copy():
            if line.transport is not None:
                cast(asyncio.Transport, line.transport).abort()
        others = asyncio.all_tasks() - {cast(Any, asyncio.current_task())}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def rule_at(self, moment: Moment, recipients: list[str]) -> Rule | None:
        """The rule for this moment, used once more; None where there is none. For the conversation below."""
        with self._lock:
            self.seen[moment] += 1
            return next((rule for rule in self._rules if rule.applies(moment, recipients)), None)


class _Conversation(SMTP):
    """One line to a client. aiosmtpd speaks; this asks the script before each step."""

    def __init__(self, script: MailServer, loop: asyncio.AbstractEventLoop) -> None:
        self.script = script
        self._greeting = ""
        super().__init__(self, hostname="mail.sample.example", ident="Tests", enable_SMTPUTF8=True, loop=loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.script.lines.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.script.lines.discard(self)
        super().connection_lost(error)

    async def _obeys(self, moment: Moment) -> bool:
        """Whether the script has answered in the place of the usual step."""
        recipients = [str(each) for each in self.envelope.rcpt_tos] if self.envelope is not None else []
        rule = self.script.rule_at(moment, recipients)
        if rule is None:
            return False
        await asyncio.sleep(rule.wait)
        if rule.reply == CUT:
            self._cut()
        elif rule.reply:
            await self.push(rule.reply)
        return bool(rule.reply)

    async def _handle_client(self) -> None:
        # The greeting is the first thing that aiosmtpd pushes; the script may take its place.
        rule = self.script.rule_at("connect", [])
        if rule is not None:
            await asyncio.sleep(rule.wait)
            if rule.reply == CUT:
                self._cut()
                return
            if rule.reply:
                self._greeting = rule.reply
        await super()._handle_client()

    def _cut(self) -> None:
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()

    async def push(self, status: AnyStr) -> None:
        greeting, self._greeting = self._greeting, ""
        if greeting:
            await super().push(greeting)
        else:
            await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._obeys("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._obeys("EHLO"):
            await super().smtp_HELO(hostname)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer STARTTLS where the script is about it."""
        session.host_name = hostname
        if any(rule.moment == "STARTTLS" for rule in self.script._rules):
            responses.insert(1, "250-STARTTLS")
        return responses

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._obeys("STARTTLS"):
            await self.push("454 4.7.0 TLS not available")

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._obeys("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        recipient = str(arg or "").partition(":")[2].strip().split(">")[0].removeprefix("<")
        assert self.envelope is not None
        self.envelope.rcpt_tos.append(recipient)  # so that the rule of this recipient is found
        obeyed = await self._obeys("RCPT")
        self.envelope.rcpt_tos.pop()
        if not obeyed:
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._obeys("DATA"):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The end of a mail: keep it, and say so."""
        recipients = [str(each) for each in envelope.rcpt_tos]
        rule = self.script.rule_at("content", recipients)
        if rule is None or not rule.reply or rule.reply == CUT:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.script.accepted.append(Accepted(str(envelope.mail_from or ""), tuple(recipients), content))
        if rule is None:
            return "250 2.0.0 Accepted"
        await asyncio.sleep(rule.wait)
        if rule.reply == CUT:
            self._cut()
        return rule.reply if rule.reply and rule.reply != CUT else "250 2.0.0 Accepted"
