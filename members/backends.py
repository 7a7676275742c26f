"""Who is behind a session: read with their role in a delegation, which every page of a delegate asks next."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from icoca_portal.lib.days import today
from members import asked_with_person
from members.models import APPOINTED, PERSON, User


class _ReadsPerson:
    """`get_user` of Django's own backend: the same person, read with their role, their seat and their offices of today.

    It is in each request that the row is read, and nothing is kept between two.
    """

    def get_user(self, user_id: Any) -> User | None:
        pk = int(user_id)
        row = delegate = APPOINTED.first(user=pk, day=today())
        person: User | None = delegate.user if delegate else None
        if delegate is None:
            row = person = PERSON.first(user=pk, day=today())
        if person is None or not self.user_can_authenticate(person):  # type: ignore[attr-defined]
            return None
        asked_with_person.hand_over(row, person)
        person.appointment = delegate
        return person

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Django's: the person's own and those of their groups, kept with the person; one query instead of two."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        kept: set[str] | None = getattr(user_obj, "_perm_cache", None)
        if kept is None:
            kept = user_obj._perm_cache = {f"{app}.{name}" for app, name in _permissions_of(user_obj)}
        return kept


def _permissions_of(user: Any) -> Any:
    """What the administration lets the person do, as pairs of app and name."""
    names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    if user.is_superuser:
        return names
    return names.filter(user=user).union(names.filter(group__user=user))


class PersonBackend(_ReadsPerson, ModelBackend):
    """Django's, for the administration's permissions."""


class AddressBackend(_ReadsPerson, AuthenticationBackend):
    """allauth's, for signing in by e-mail address."""
