"""How a person wants to be told of what, and the address that ends one kind of messages without signing in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from members.models import How, Notice, NoticeChoice, User
from members.notices.registry import NoticeKind, kind_of, kinds

#: Stands for the message of the day in the place of a kind.
DAILY = "daily"


def kinds_for(user: User) -> list[NoticeKind]:
    """The kinds that can concern a person as they stand today, in the order in which they were registered."""
    return [kind for kind in kinds() if kind.reaches(user)]


def choices_of(user: User, among: Iterable[NoticeKind]) -> dict[str, How]:
    """How a person is told of each of these kinds, by its key: one query."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "how"))
    return {kind.key: How(chosen.get(kind.key, kind.default)) if kind.optional else How.AT_ONCE for kind in among}


@transaction.atomic
def choose(user: User, hows: Mapping[str, How | str], *, by: User) -> None:
    """Keep how a person (`by` themselves) wants to be told of kinds, by their keys; what is not optional stays.

    What waits for the message of the day and is wanted otherwise now, is read on the desk.
    """
    known = {key: How(how) for key, how in hows.items() if (kind := kind_of(key)) is not None and kind.optional}
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(user=user, kind=key, how=how) for key, how in sorted(known.items())],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["how"],
    )
    off = [key for key, how in known.items() if how != How.DIGEST]
    Notice.objects.waiting_for_digest().filter(user=user, kind__in=off).update(how=How.DESK)


def end(user: User, key: str) -> None:
    """End the mails of a kind to a person, or of all kinds that they get once a day (`DAILY`): only on the desk."""
    wanted = [key]
    if key == DAILY:
        wanted = [each for each, how in choices_of(user, kinds()).items() if how == How.DIGEST]
    choose(user, dict.fromkeys(wanted, How.DESK), by=user)


def ending_address(user_id: int, key: str) -> str:
    """The address that ends the mails of a kind (or `DAILY`) to a person. It holds for ever and opens nothing else."""
    return settings.PORTAL_ADDRESS + reverse("members:end_notices", args=[_signer().sign_object([user_id, key])])


def named_by(signed: str) -> tuple[int, str] | None:
    """The primary key of the person and the kind that an `ending_address` names; None if it is not one of ours."""
    try:
        user_id, key = _signer().unsign_object(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(key)


def _signer() -> Signer:
    return Signer(sep=".", salt="members.notices.end")
