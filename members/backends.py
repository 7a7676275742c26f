"""Who is behind a session: read with their role in a delegation, which every page of a delegate asks next."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import Prepared, given
from members.models import APPOINTED, User

_PERSON: Prepared[User] = Prepared(lambda: User.objects.filter(pk=given("user")).order_by())


class _ReadsPerson:
    """`get_user` of Django's own backend: the same person, one query for a delegate instead of two.

    It is in each request that the row is read, and nothing is kept between two.
    """

    def get_user(self, user_id: Any) -> User | None:
        pk = int(user_id)
        delegate = APPOINTED.first(user=pk, day=today())
        person = delegate.user if delegate else _PERSON.first(user=pk)
        if person is None or not self.user_can_authenticate(person):  # type: ignore[attr-defined]
            return None
        person.appointment = delegate
        return person


class PersonBackend(_ReadsPerson, ModelBackend):
    """Django's, for the administration's permissions."""


class AddressBackend(_ReadsPerson, AuthenticationBackend):
    """allauth's, for signing in by e-mail address."""
