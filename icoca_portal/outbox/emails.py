"""How a queued row becomes a mail: the same words as text and with their form, and the headers around them.

Nothing that a mail shows is fetched from anywhere: no picture, no font, no style sheet. Who opened it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import punycode
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from icoca_portal.lib import richtext
from icoca_portal.outbox import mail_html, providers
from icoca_portal.outbox.models import EnclosedFile, Message
from icoca_portal.outbox.returning import return_address_of

#: What stands between a text and its footer: mail programs leave out what comes after it when one answers.
SIGNATURE = "-- "
_THREAD = re.compile(r"[A-Za-z0-9-]{1,60}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: An address that may stand between angle brackets in a header.
_WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]+")


def new_message_id() -> str:
    """A Message-ID for a message just queued. It stays with the row, so that two copies are seen to be one message."""
    return f"<{uuid4().hex}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


def thread_id(thread: str) -> str:
    """The Message-ID that the messages about one thing refer to, so that mail programs keep them together.

    No message has it: the first one may have gone to others, or may have been deleted.
    """
    name = thread if _THREAD.fullmatch(thread) else sha256(thread.encode()).hexdigest()[:32]
    return f"<{name}.thread@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache
def _domain_of(sender: str) -> str:
    return punycode(parseaddr(sender)[1].rpartition("@")[2] or "localhost")


def is_web_address(address: str) -> bool:
    """Whether it can stand in ``List-Unsubscribe``: http or https, ASCII, no spaces, no angle brackets."""
    return bool(_WEB_ADDRESS.fullmatch(address))


def compose_message(message: Message) -> EmailMultiAlternatives:
    """The mail of a row, with its files.

    Raises ValueError for what cannot be written as a mail, and OSError when the storage has a file no more.
    """
    email = _envelope(message)
    email.to = [_mailbox(message.recipient_name, message.recipient)]
    email.extra_headers["Date"] = format_datetime(timezone.now())
    email.body = text_of(message)
    email.attach_alternative(html_of(message), "text/html")
    for file in _files(message):
        with file.file.open("rb") as content:
            email.attach(file.original_name, content.read(), file.media_type)
    providers.prepare_mail(email, message.message_id)
    return email


def headers_of(message: Message) -> list[tuple[str, str]]:
    """Each header that the portal writes, with what is read there; and first who it comes back to."""
    email = _envelope(message)
    name = f"{message.recipient_name} <{message.recipient}>" if message.recipient_name else message.recipient
    written = {
        "Return-Path": f"<{_envelope_sender(message)}>" if _envelope_sender(message) else "",
        "From": settings.DEFAULT_FROM_EMAIL,
        "To": name,
        "Reply-To": ", ".join(email.reply_to),
        "Subject": message.subject,
        **{name: str(value) for name, value in email.extra_headers.items()},
    }
    return [(name, value) for name, value in written.items() if value]


def text_of(message: Message) -> str:
    """The text, whole by itself: what the row says (or its HTML in words), and the footer."""
    text = message.text.strip("\n") or richtext.to_text(message.html)
    with translation.override(_language_of(message)):
        return f"{text}\n\n{SIGNATURE}\n" + "\n".join(_footer(message)) + "\n"


def html_of(message: Message) -> SafeString:
    """The HTML document of a message; of one that is not stored yet as well, for previews.

    What it says is cleaned again here: a row is only as clean as whoever queued it.
    """
    language = _language_of(message)
    is_rtl = language.split("-")[0] in settings.LANGUAGES_BIDI
    text = message.text or richtext.to_text(message.html)
    body = mail_html.styled(message.html) if message.html else mail_html.from_text(message.text)
    with translation.override(language):
        return render_to_string(
            "emails/mail.html",
            {
                "subject": message.subject,
                "preview": Truncator(" ".join(text.split())).chars(140),
                "body": mark_safe(body),  # noqa: S308  (cleaned by mail_html)
                "files": _files(message),
                "language": language,
                "direction": "rtl" if is_rtl else "ltr",
                "side": "right" if is_rtl else "left",
                "portal_address": settings.PORTAL_ADDRESS,
                "secretariat_email": settings.SECRETARIAT_EMAIL,
                "unsubscribe": message.unsubscribe if is_web_address(message.unsubscribe) else "",
                **mail_html.STYLES,
            },
        )


def _language_of(message: Message) -> str:
    return message.language if _LANGUAGE.fullmatch(message.language) else settings.LANGUAGE_CODE


def _envelope(message: Message) -> EmailMultiAlternatives:
    """The mail without its content and without whom it goes to.

    ``Auto-Submitted`` (RFC 3834) keeps out-of-office replies from answering, ``X-Auto-Response-Suppress`` those of
    Exchange, which does not know the former. There is no ``Precedence``: RFC 3834 speaks against it, and some servers
    hold such mail back. The two headers of RFC 8058 let a mail program end optional messages with one click.
    """
    headers = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if _LANGUAGE.fullmatch(message.language):
        headers["Content-Language"] = message.language
    if message.thread:
        headers["References"] = headers["In-Reply-To"] = thread_id(message.thread)
    if is_web_address(message.unsubscribe):
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        if message.unsubscribe.startswith("https://"):
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    envelope_sender = _envelope_sender(message)
    if envelope_sender:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    return EmailMultiAlternatives(
        from_email=envelope_sender or settings.DEFAULT_FROM_EMAIL,
        subject=message.subject,
        reply_to=[message.reply_to or settings.SECRETARIAT_EMAIL],
        headers=headers,
    )


def _envelope_sender(message: Message) -> str:
    """Where it comes back to. A provider has its own address for that, and refuses a mail that names another."""
    return return_address_of(message) if message.pk and not settings.ANYMAIL_PROVIDER else ""


def _mailbox(name: str, address: str) -> str:
    """``Name <address>`` for a header. Raises ValueError for an address that needs a server of RFC 6531."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("The part of the address before the @ has letters that mail servers do not take.")
    address = f"{local}@{punycode(domain)}"
    if name.isascii():
        return formataddr((name, address))
    # Django encodes it, in words of 75 characters at most (RFC 2047, 2); formataddr would make one word of it.
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _footer(message: Message) -> list[str]:
    """Who sent it, why, and how to end it where that is possible; in the language that is active."""
    lines = [
        f"{_('Sent by the portal of the ICoCA Working Group:')} {settings.PORTAL_ADDRESS}",
        _("You get this message because your address is kept there. Questions go to the secretariat:")
        + f" {settings.SECRETARIAT_EMAIL}",
    ]
    if is_web_address(message.unsubscribe):
        lines.append(f"{_('To get no more messages of this kind:')} {message.unsubscribe}")
    return lines


def _files(message: Message) -> Sequence[EnclosedFile]:
    """Its files, asked for once: the form of a mail names them, and the mail holds them."""
    prefetch_related_objects([message], "enclosure__files")
    return list(message.enclosure.files.all()) if message.enclosure else []
