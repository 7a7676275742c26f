"""Mail that a provider sends for the portal (django-anymail): what its backend answers, and what it tells afterwards.

Nothing of this is needed where the portal speaks to a mail server of its own (``EMAIL_URL``). What a provider counts
about the readers, who opened a message and who followed a link, is not asked for and not kept.
"""

from __future__ import annotations

from collections.abc import Callable

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.http.response import HttpResponseBase
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

#: The field of the metadata by which a provider's events name the message: its Message-ID.
LABEL = "portal_message"

#: Providers that take no metadata; their events name the message by the provider's own number.
WITHOUT_METADATA = frozenset({"postal"})

#: Answers of a provider (HTTP) to a message that it did not take now, and may take later: faults of the set-up, which
#: somebody will mend (401, 402, 403, 404), and a provider that is busy.
_LATER = frozenset({401, 402, 403, 404, 408, 429, 503})


def prepare_mail(email: EmailMessage, message_id: str) -> EmailMessage:
    """The mail as the provider takes it; as it is where a mail server does.

    A provider has returned mail sent to itself, so the mail goes out without a return address of ours, and repeats our
    Message-ID in what it tells.
    """
    if settings.ANYMAIL_PROVIDER:
        email.from_email = email.extra_headers.pop("From", email.from_email)
        if settings.ANYMAIL_PROVIDER not in WITHOUT_METADATA:
            email.metadata = {LABEL: message_id}  # type: ignore[attr-defined]
    return email


def tracking_view(provider: str) -> Callable[..., HttpResponseBase] | None:
    """Anymail's own view for what this provider posts about mail it took; None where there is none."""
    from anymail.urls import urlpatterns

    name = f"{provider}_tracking_webhook"
    return next((each.callback for each in urlpatterns if each.name == name), None)


def check_settings() -> None:
    """Stop the start where ``ANYMAIL`` lacks what the provider needs. Raises ImproperlyConfigured."""
    if not settings.ANYMAIL_PROVIDER:
        return
    try:
        get_connection()
        view = tracking_view(settings.ANYMAIL_PROVIDER)
        if view is not None and settings.ANYMAIL_WEBHOOK_SECRET:
            view.view_class()  # type: ignore[attr-defined]
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            f"Mail cannot go through {settings.ANYMAIL_PROVIDER}: {error}. Name it in ANYMAIL, as README.md says."
        ) from error


def number_of(email: EmailMessage) -> str:
    """The provider's number of a mail just sent; empty where none has one."""
    status = getattr(email, "anymail_status", None)
    number = getattr(status, "message_id", None)
    return str(number)[:255] if isinstance(number, str | int) else ""


def is_final(error: Exception) -> bool:
    """Whether the provider has refused the message or its recipient, and would again."""
    if isinstance(error, AnymailRecipientsRefused):
        return True
    return isinstance(error, AnymailAPIError) and _status(error) in range(400, 500) and _status(error) not in _LATER


def is_refusal(error: Exception) -> bool:
    """Whether it is certain that the provider has not taken the message. An error 500 or a silence says nothing."""
    if not isinstance(error, AnymailAPIError):
        return False
    return _status(error) in _LATER or is_final(error) or _never_connected(error)


def _status(error: AnymailAPIError) -> int:
    return getattr(error, "status_code", None) or 0


def _never_connected(error: AnymailAPIError) -> bool:
    cause = error.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if isinstance(cause, NotConnected) and cause.args else None
    return isinstance(reason, NewConnectionError)
