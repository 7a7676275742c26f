"""Who may see and do what: the few pieces that every app's views share, and what a migration needs for its group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.management import create_permissions
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet

SECRETARIAT = "Secretariat"


def authorise(user: Any, permission: str, obj: Model | None = None) -> None:
    """Let the caller go on if `user` holds `permission` (on `obj`).

    Raises PermissionDenied (403). Whether the object exists for the user at all is decided before, by `visible_to`.
    """
    if not user.has_perm(permission, obj):
        raise PermissionDenied


class VisibleMixin:
    """For generic views: only the rows that exist for the user; every other one is a 404."""

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().visible_to(self.request.user)  # type: ignore[misc, attr-defined]


class SignedInVisibleMixin(LoginRequiredMixin, VisibleMixin):
    """Like VisibleMixin, for pages that no visitor has."""


def grant_to_secretariat(app_label: str, permissions: Iterable[str]) -> Any:
    """A function for `RunPython` that gives the Secretariat group exactly these model permissions of one app.

    `permissions` are codenames (`change_meeting`). The group is made if it is missing. Raises LookupError when a
    codename does not exist, so that a renamed model cannot silently take a right away.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        config = apps.get_app_config(app_label)
        config.models_module = True  # create_permissions skips an app that seems to have no models
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=SECRETARIAT)
        permission_rows = apps.get_model("auth", "Permission").objects
        wanted = set(permissions)
        found = permission_rows.filter(content_type__app_label=app_label, codename__in=wanted)
        missing = wanted - {row.codename for row in found}
        if missing:
            raise LookupError(f"{app_label} has no permission {', '.join(sorted(missing))}")
        group.permissions.remove(*group.permissions.filter(content_type__app_label=app_label))
        group.permissions.add(*found)

    return forwards
