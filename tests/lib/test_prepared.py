"""Prepared queries: what Django's own queryset gives, read anew each time, with each value bound."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icoca_portal.lib.prepared import Prepared, PreparedInsert, given, given_day, given_keys, given_moment, given_text
from icoca_portal.outbox.models import Message
from members.models import Delegate, Delegation, Directorship, User

_OF_DELEGATION: Prepared[Delegate] = Prepared(
    lambda: (
        Delegate.objects.as_of(given_day("day"))
        .filter(delegation=given("delegation"), recorded_at__lte=given_moment("now"))
        .select_related("user", "delegation__organisation", "recorded_by")
        .annotate(sits=Exists(Directorship.objects.as_of(given_day("day")).filter(user=F("user"))))
        .order_by("pk")
    )
)
_NAMED: Prepared[User] = Prepared(lambda: User.objects.filter(name=given_text("name")).order_by("pk"))
_NAMES: Prepared[tuple[str, int]] = Prepared(
    lambda count: User.objects.filter(pk__in=given_keys("people", count)).order_by("pk").values_list("name", "pk")
)


def _told(row: Any) -> tuple[Any, ...]:
    columns = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return (*columns, row.user.name, row.delegation.organisation.country, row.recorded_by, row.recorded_at.tzinfo)


def _asked(delegation: Delegation, **changed: Any) -> list[Delegate]:
    values = {"delegation": delegation.pk, "day": date(2026, 6, 1), "now": timezone.now(), **changed}
    return _OF_DELEGATION.all(**values)


@pytest.mark.usefixtures("focal_point", "contributor", "other_focal_point")
def test_it_gives_the_same_objects_as_the_queryset(delegation: Delegation, django_assert_num_queries: Any) -> None:
    day = date.today()  # noqa: DTZ011
    plain = Delegate.objects.as_of(day).filter(delegation=delegation).select_related("user").order_by("pk")
    wanted = [_told(row) for row in plain]

    with django_assert_num_queries(1):
        found = [_told(row) for row in _asked(delegation, day=day)]

    assert found == wanted
    assert len(found) == 2
    assert [row.sits for row in _asked(delegation, day=day)] == [False, False]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("focal_point", "other_focal_point")
def test_each_asking_has_its_own_values(delegation: Delegation, other_delegation: Delegation) -> None:
    first, second, third = (_asked(row, day=date.today()) for row in (delegation, other_delegation, delegation))  # noqa: DTZ011

    assert {row.delegation_id for row in first} == {row.delegation_id for row in third} == {delegation.pk}
    assert {row.delegation_id for row in second} == {other_delegation.pk}
    assert _asked(delegation, day=date(1990, 1, 1)) == []
    assert _asked(delegation, day=date.today(), now=timezone.now() - timedelta(days=9000)) == []  # noqa: DTZ011


def test_what_changed_is_read(focal_point: User) -> None:
    assert [row.pk for row in _NAMED.all(name=focal_point.name)] == [focal_point.pk]

    User.objects.filter(pk=focal_point.pk).update(name="Somebody else")

    assert _NAMED.first(name=focal_point.name) is None
    assert _NAMED.first(name="Somebody else") == focal_point


@pytest.mark.usefixtures("focal_point")
@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "%s", '"; DROP TABLE members_user; --'])
def test_a_value_is_never_sql(text: str) -> None:
    assert _NAMED.all(name=text) == []
    assert User.objects.exists()


def test_no_key_at_all_is_no_row(focal_point: User) -> None:
    _NAMED.all(name="warm")

    assert _NAMED.all(name=focal_point.name)
    assert Prepared(lambda: Delegate.objects.filter(delegation=given("delegation"))).all(delegation=None) == []


def test_tuples_and_as_many_keys_as_there_are(
    focal_point: User, contributor: User, django_assert_num_queries: Any
) -> None:
    pks = [contributor.pk, focal_point.pk]

    assert _NAMES.all(2, people=pks) == sorted([(u.name, u.pk) for u in (focal_point, contributor)], key=lambda r: r[1])
    assert _NAMES.all(1, people=pks[:1]) == [(contributor.name, contributor.pk)]
    with django_assert_num_queries(0):
        assert _NAMES.all(0, people=[]) == []


@pytest.mark.usefixtures("focal_point")
def test_the_sql_is_composed_once_for_each_shape() -> None:
    composed = []

    def build() -> Any:
        composed.append(1)
        return User.objects.filter(name=given_text("name"))

    prepared: Prepared[User] = Prepared(build)
    for name in "abc":
        with CaptureQueriesContext(connection) as asked:
            prepared.all(name=name)
        assert len(asked) == 1

    assert len(composed) == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_inside_a_transaction_alone() -> None:
    locking: Prepared[User] = Prepared(lambda: User.objects.select_for_update().filter(name=given_text("name")))

    if not connection.features.has_select_for_update:
        assert locking.all(name="x") == []  # SQLite locks the whole database when a transaction begins
        return
    with pytest.raises(TransactionManagementError):
        locking.all(name="x")
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        locking.all(name="x")
    assert asked[0]["sql"].endswith("FOR UPDATE")
    with pytest.raises(TransactionManagementError):
        locking.all(name="x")


@pytest.mark.django_db
def test_other_rows_than_objects_and_tuples_are_refused() -> None:
    with pytest.raises(TypeError, match="values_list"):
        Prepared(lambda: User.objects.values("name")).all()


def _message(number: int, **changed: Any) -> Message:
    values = {"key": f"k{number}", "message_id": f"<{number}@x>", "text": "%s '", "recipient": "a@sample.example"}
    now = timezone.now()
    return Message(**{**values, "next_attempt_at": now, "queued_at": now, **changed})


@pytest.mark.django_db
def test_rows_are_stored_as_bulk_create_stores_them(django_assert_num_queries: Any) -> None:
    same = {"next_attempt_at": timezone.now(), "queued_at": timezone.now(), "sent_at": None, "confidential": True}
    Message.objects.bulk_create([_message(1, **same)])

    with django_assert_num_queries(1):
        PreparedInsert(Message).store([_message(2, **same), _message(3, **same)])

    own = {"id", "_state", "key", "message_id"}
    stored = [{k: v for k, v in vars(row).items() if k not in own} for row in Message.objects.order_by("key")]
    assert len(stored) == 3
    assert stored[0] == stored[1] == stored[2]


@pytest.mark.django_db
def test_more_rows_than_a_statement_takes_and_none_at_all(django_assert_num_queries: Any) -> None:
    PreparedInsert(Message).store(_message(number) for number in range(1500))
    assert Message.objects.count() == 1500

    with django_assert_num_queries(0):
        PreparedInsert(Message).store([])


@pytest.mark.django_db
def test_a_known_row_stays_or_is_refused() -> None:
    PreparedInsert(Message).store([_message(1, subject="First")])

    PreparedInsert(Message, known_stay=True).store([_message(1, subject="Again"), _message(2)])
    assert Message.objects.get(key="k1").subject == "First"
    assert Message.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Message).store([_message(1, message_id="<new@x>")])
