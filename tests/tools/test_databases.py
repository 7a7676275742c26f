"""Django can empty the tables after a transactional test although sealed ones refuse to lose a row."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

SEAL = {
    "sqlite": "CREATE TRIGGER seal BEFORE DELETE ON auth_group BEGIN SELECT RAISE(ABORT, 'sealed'); END",
    "postgresql": """
        CREATE FUNCTION seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sealed'; END $$;
        CREATE TRIGGER seal BEFORE DELETE ON auth_group FOR EACH ROW EXECUTE FUNCTION seal()
    """,
}
UNSEAL = {"sqlite": "DROP TRIGGER seal", "postgresql": "DROP FUNCTION seal CASCADE"}


@pytest.fixture
def sealed_groups(transactional_db):
    """Groups that cannot be deleted for the length of a test."""
    with connection.cursor() as cursor:
        cursor.execute(SEAL[connection.vendor])
    yield
    with connection.cursor() as cursor:
        cursor.execute(UNSEAL[connection.vendor])


def assert_sealed() -> None:
    group = Group.objects.create(name="Sample group")
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        group.delete()


def test_flush_empties_a_sealed_table_and_keeps_its_seal(sealed_groups):
    assert_sealed()
    call_command("flush", interactive=False, verbosity=0)
    assert not Group.objects.filter(name="Sample group").exists()
    assert_sealed()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_finds_the_tables_empty(transactional_db, turn):
    assert not Group.objects.filter(name="Sample group").exists()
    Group.objects.create(name="Sample group")
