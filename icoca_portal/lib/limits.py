"""How often somebody may ask, counted for all processes of the server together and without the database.

A limit that reads alone may not cost: a row or a cache in the database would turn every read into a write, and let
reading wait while a long import holds SQLite's lock; a cache in memory would give every process a limit of its own.
So the counts lie in memory that processes share by being forked: `Limit` is made before gunicorn forks its workers
(`preload_app`), and there is one limit a machine. Nothing of it is kept, and no address stands in it: what is counted
is found by a hash whose key is made anew at every start.
"""

from __future__ import annotations

import mmap
import secrets
import time
from hashlib import blake2b
from math import ceil

MINUTE = 60.0
#: Places in each of the two rows: enough for ten thousands of clients in the same minute, in half a megabyte.
PLACES = 1 << 15
_TINY = 1e-6


class Limit:
    """So many requests a minute for each key, all at once or one after the other.

    Kept for a key is one moment: when all that was asked would be paid off, were it asked evenly. A request is let in
    while that moment lies less than a minute ahead, and moves it on. Each key has a place in two rows, and the lower
    of the two counts, so that hardly anybody ever waits for somebody else's requests.

    Two processes that write the same place at the same time may lose one request between them. That is all that can
    happen, and no lock can be left behind by a process that is killed.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._moments = memoryview(mmap.mmap(-1, 2 * PLACES * 8)).cast("d")

    def take(self, key: str, per_minute: int) -> int:
        """Let one request in: 0, and it is counted; or how many seconds to wait, and it is not."""
        now, step = time.time(), MINUTE / per_minute
        places = self._places(key)
        # No further ahead than a minute, whatever the clock did meanwhile.
        due = min(max(now, min(self._moments[place] for place in places)), now + MINUTE) + step
        wait = due - now - MINUTE
        if wait > _TINY:
            return ceil(wait)
        for place in places:
            self._moments[place] = max(self._moments[place], due)
        return 0

    def _places(self, key: str) -> tuple[int, int]:
        digest = blake2b(key.encode(), key=self._secret, digest_size=8).digest()
        first, second = int.from_bytes(digest[:4]), int.from_bytes(digest[4:])
        return first % PLACES, PLACES + second % PLACES
