"""The book of the drills allows what may be stored after a cut-off request, and nothing else."""

import pytest

from tests.drills._server import Book


@pytest.mark.parametrize(
    ("lines", "possible"),
    [
        ([], [None]),
        ([("a", False)], [None, "a"]),
        ([("a", True)], ["a"]),
        ([("a", True), ("b", False)], ["a", "b"]),
        ([("a", False), ("b", True)], ["b"]),
        ([("a", True), ("b", False), ("c", False)], ["a", "b", "c"]),
    ],
)
def test_an_acknowledged_value_replaces_all_before_it(lines, possible):
    book = Book()
    for value, known in lines:
        book.note("answer", value, acknowledged=known)
    assert book.possible("answer") == possible


def test_acknowledged_values_are_kept_in_order_and_counted():
    book = Book()
    for value, known in [("a", True), ("b", False), ("c", True)]:
        book.note("answer", value, acknowledged=known)
    assert book.acknowledged("answer") == ["a", "c"]
    assert (book.count(acknowledged=True), book.count(acknowledged=False)) == (2, 1)
