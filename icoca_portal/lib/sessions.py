"""Sessions as Django keeps them in the database, found by a prepared query: every request asks for its own."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from icoca_portal.lib.prepared import Prepared, given_moment, given_text

_LIVE: Prepared[Session] = Prepared(
    lambda: Session.objects.filter(session_key=given_text("key"), expire_date__gt=given_moment("now")).order_by()
)


class SessionStore(db.SessionStore):
    """Django's own store. What it does about a session that has ended is left to it."""

    def _get_session_from_db(self) -> Session | None:
        found = _LIVE.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        return found or super()._get_session_from_db()  # type: ignore[misc]
