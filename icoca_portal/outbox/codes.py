"""What the codes of returned mail (RFC 3463 and the registry that continues it) mean to a secretariat.

A code has three parts: its class (4 for the time being, 5 for good) and two that name the cause. Only causes that tell
a person something have words of their own.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CLASSES = {
    "2": gettext_lazy("delivered"),
    "4": gettext_lazy("could not be delivered for the time being"),
    "5": gettext_lazy("could not be delivered"),
}
CAUSES = {
    "1.0": gettext_lazy("the address is not right"),
    "1.1": gettext_lazy("no such mailbox"),
    "1.2": gettext_lazy("no such domain"),
    "1.3": gettext_lazy("the address is written wrongly"),
    "1.4": gettext_lazy("the address stands for several mailboxes"),
    "1.6": gettext_lazy("the mailbox has moved"),
    "1.7": gettext_lazy("the sender’s address was not accepted"),
    "1.8": gettext_lazy("the sender’s address was not accepted"),
    "1.10": gettext_lazy("the domain takes no mail"),
    "2.0": gettext_lazy("the mailbox takes no mail"),
    "2.1": gettext_lazy("the mailbox is closed"),
    "2.2": gettext_lazy("the mailbox is full"),
    "2.3": gettext_lazy("the message is too large for the mailbox"),
    "2.4": gettext_lazy("the list behind the address does not work"),
    "3.1": gettext_lazy("the server has no room"),
    "3.2": gettext_lazy("the server takes no mail at present"),
    "3.4": gettext_lazy("the message is too large for the server"),
    "3.5": gettext_lazy("the server is set up wrongly"),
    "4.1": gettext_lazy("the server did not answer"),
    "4.2": gettext_lazy("the line to the server was cut"),
    "4.3": gettext_lazy("the directory of addresses did not answer"),
    "4.4": gettext_lazy("no way to the server was found"),
    "4.5": gettext_lazy("the server had too much to do"),
    "4.6": gettext_lazy("the message went round in a circle"),
    "4.7": gettext_lazy("it waited too long to be delivered"),
    "6.0": gettext_lazy("the server does not take such content"),
    "6.1": gettext_lazy("the server does not take such content"),
    "7.0": gettext_lazy("refused by a rule of the server"),
    "7.1": gettext_lazy("refused by a rule of the server"),
    "7.2": gettext_lazy("the list takes mail from its members only"),
    "7.13": gettext_lazy("the account is closed"),
    "7.20": gettext_lazy("the signature of the mail was not accepted (DKIM)"),
    "7.21": gettext_lazy("the signature of the mail was not accepted (DKIM)"),
    "7.22": gettext_lazy("the signature of the mail was not accepted (DKIM)"),
    "7.23": gettext_lazy("the sending server may not send for this domain (SPF)"),
    "7.24": gettext_lazy("the sending server may not send for this domain (SPF)"),
    "7.25": gettext_lazy("the sending server has no proper name"),
    "7.26": gettext_lazy("the mail failed the checks of its sender (SPF, DKIM)"),
}

_ADDRESS = gettext_lazy("Ask the delegation for the right address, correct it, and send the message again.")
_FULL = gettext_lazy("Send it again in a few days, or ask the delegation for another address.")
_SIZE = gettext_lazy("Send it again with links in place of files.")
_LINE = gettext_lazy("Send it again. If it comes back once more, ask the delegation by telephone.")
_RULE = gettext_lazy("Ask the delegation to have its mail administrator let the portal’s mail in.")
_OURS = gettext_lazy("Show this to the portal’s mail administrator: the sending server is not set up rightly.")

_HELP = {
    **dict.fromkeys(["1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "2.4", "7.13"], _ADDRESS),
    **dict.fromkeys(["2.2", "3.1"], _FULL),
    **dict.fromkeys(["2.3", "3.4"], _SIZE),
    **dict.fromkeys(["3.2", "3.5", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7"], _LINE),
    **dict.fromkeys(["6.0", "6.1", "7.0", "7.1", "7.2"], _RULE),
    **dict.fromkeys(["1.7", "1.8", "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26"], _OURS),
}


def code_in_words(code: str) -> str:
    """``5.1.1: no such mailbox.`` A code that is not known is said with its class; empty stays empty."""
    if not code:
        return ""
    kind, _dot, cause = code.partition(".")
    words = CAUSES.get(cause) or CLASSES.get(kind)
    return f"{code}: {words}." if words else f"{code}."


def what_helps(code: str) -> str:
    """What a person can do about a message that was returned with this code."""
    cause = code.partition(".")[2]
    return str(_HELP.get(cause) or _("Read the server’s words, and ask the delegation."))


_REPLY = re.compile(r"\(?(?P<code>\d{3}), b?(?P<quote>['\"])(?P<text>.*?)(?P=quote)", re.DOTALL)


def servers_words(error: str) -> str:
    """What the server said, without the name of the error that carried it: ``550 5.1.1 No such user``."""
    if found := _REPLY.search(error):
        return f"{found['code']} {' '.join(found['text'].replace(chr(92) + 'n', ' ').split())}"
    _name, separator, words = error.partition(": ")
    return (words if separator else error).strip()
