"""The database itself refuses to change or delete what is sealed, whoever asks and however."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.lib import sealing
from questionnaires.models import AnswerRevision, Edition, Submission
from tests.questionnaires.answering import bring_to, draft, make_questionnaire

pytestmark = pytest.mark.django_db
SEALED = (Submission, Edition, AnswerRevision)
COLUMN = {Submission: "sha256", Edition: "sha256", AnswerRevision: "version"}


@pytest.fixture
def rows(delegation, focal_point) -> None:
    bring_to("submitted", draft(make_questionnaire(), delegation), focal_point)


def refused(act) -> None:
    with pytest.raises(IntegrityError, match="sealed records: a correction is a new row"), transaction.atomic():
        act()


@pytest.mark.parametrize("model", SEALED)
def test_rows_are_neither_changed_nor_deleted(rows, model: Any) -> None:
    row = model.objects.order_by("pk").first()
    before = model.objects.order_by("pk").values_list()[0]

    refused(lambda: model.objects.filter(pk=row.pk).update(**{COLUMN[model]: row.pk}))
    refused(row.save)
    refused(lambda: model.objects.filter(pk=row.pk)._raw_delete(using="default"))
    refused(lambda: model.objects.bulk_update([row], [COLUMN[model]]))
    refused(
        lambda: model.objects.bulk_create(
            [row], update_conflicts=True, update_fields=[COLUMN[model]], unique_fields=["id"]
        )
    )

    assert model.objects.order_by("pk").values_list()[0] == before


@pytest.mark.parametrize("model", SEALED)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_nor_by_plain_sql(rows, model: Any, statement: str) -> None:
    count = model.objects.count()
    sql = statement.format(model._meta.db_table, COLUMN[model], COLUMN[model])

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    refused(act)
    assert model.objects.count() == count > 0


def test_a_number_is_given_once(rows) -> None:
    row = Submission.objects.get()
    for changes in ({"reference": "SP-ch-9"}, {"number": 9}):
        twin = Submission.objects.get()
        twin.pk = None
        for name, value in changes.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
    assert Submission.objects.get() == row


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAF = st.none() | st.booleans() | st.integers() | TEXT
ROW = st.lists(LEAF, max_size=4) | st.dictionaries(TEXT, LEAF, max_size=4)
JSON = LEAF | ROW | st.dictionaries(TEXT, ROW, max_size=3) | st.lists(ROW, max_size=3)


@given(JSON, JSON)
def test_equal_content_has_the_same_seal_and_other_content_another(one, other) -> None:
    text = sealing.canonical(one)
    assert sealing.matches(text, sealing.digest(text))
    assert sealing.cleaned(sealing.grouped(sealing.digest(text)).upper()) == sealing.digest(text)
    same = sealing.canonical(other) == text
    assert (sealing.digest(sealing.canonical(other)) == sealing.digest(text)) == same


def test_nor_can_a_row_be_put_in_the_place_of_a_sealed_one(rows) -> None:
    """SQLite's REPLACE deletes the row that stands in the way; triggers fire on that only where they are asked to."""
    table = "questionnaires_submission"
    if connection.vendor == "sqlite":
        statement = f"REPLACE INTO {table} SELECT * FROM {table}"
    else:
        statement = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET content = 'other'"

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    refused(act)
