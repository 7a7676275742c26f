"""The bench counts what a page really costs, and says when that is too much."""

from tools.bench import Figures, fault_of, measure


def test_the_queries_of_one_request_are_counted(client, db):
    figures = measure(client, "/health/", 3)
    assert figures.status == 200
    assert figures.queries > 0
    assert len(figures.times) == 3


def test_a_page_that_asks_too_much_is_a_fault():
    assert fault_of({"path": "/"}, Figures(200, [1.0], 12, 10)) == ""
    assert "more than 12 queries" in fault_of({"path": "/"}, Figures(200, [1.0], 13, 10))
    assert "more than 3 queries" in fault_of({"path": "/", "queries": 3}, Figures(200, [1.0], 4, 10))


def test_a_page_that_is_not_there_is_a_fault():
    assert "answered 404" in fault_of({"path": "/"}, Figures(404, [1.0], 0, 10))


def test_one_in_a_hundred_is_slower_than_the_99th_percentile():
    assert Figures(200, [float(n) for n in range(1, 101)], 0, 0).p99 == 99.0
