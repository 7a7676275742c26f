"""Refusals of the mail queue."""

from __future__ import annotations

from django.utils.translation import gettext as _

from icoca_portal.lib.refusals import Refusal


class AddressUnusable(Refusal):
    """The address cannot stand in a mail header: it holds white space or control characters, or not one ``@``."""

    def __init__(self) -> None:
        super().__init__(_("This is not an e-mail address. Nothing was queued."))


class MessageNotStuck(Refusal):
    """Only a failed or an uncertain message waits for a person's decision; this one is queued, on its way or sent."""

    def __init__(self) -> None:
        super().__init__(_("This message is queued, on its way or sent. There is nothing to decide."))
