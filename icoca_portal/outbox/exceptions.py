"""Refusals of the mail queue."""

from __future__ import annotations

from django.utils.translation import gettext as _

from icoca_portal.lib.refusals import Refusal


class AddressUnusable(Refusal):
    """The address cannot stand in a mail header: it holds white space or control characters, or not one ``@``."""

    def __init__(self) -> None:
        super().__init__(_("This is not an e-mail address. Nothing was queued."))


class MessageNotStuck(Refusal):
    """Only a failed, returned or uncertain message waits for a decision; this one is queued, on its way or sent."""

    def __init__(self) -> None:
        super().__init__(_("This message is queued, on its way or sent. There is nothing to decide."))


class MessageErased(Refusal):
    """The text was for its recipient alone and was erased once it had gone out, so there is nothing to send again."""

    def __init__(self) -> None:
        super().__init__(_("The text of this message was erased once it was sent. Have a new one written."))
