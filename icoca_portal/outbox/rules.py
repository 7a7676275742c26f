"""Who decides on a message: whoever holds the right to, for every message alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rules


def _holds(right: str) -> Callable[..., bool]:
    def holds(user: Any, message: Any = None) -> bool:
        # get_all_permissions, not has_perm: that one would ask the rule again.
        return f"outbox.{right}" in user.get_all_permissions()

    return rules.predicate(holds, name=f"holds_{right}")


rules.add_perm("outbox.retry_message", _holds("retry_message"))
rules.add_perm("outbox.settle_message", _holds("settle_message"))
