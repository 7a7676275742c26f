"""The bench counts what a page really costs, and says when that is too much."""

from tests.benchmarks.asking import Answer, Figures, Work, measure
from tools.bench import fault_of


def test_the_queries_of_one_request_are_counted(client, db):
    def ask() -> Answer:
        response = client.get("/health/")
        return Answer(response.status_code, response.content, 1.0)

    (figures,) = measure([Work(ask)], 3, at_most=60)

    assert figures.queries > 0
    assert figures.size > 0
    assert len(figures.times) == 3


def asked(queries: int, status: int = 200) -> Figures:
    return Figures(status=status, queries=queries, times=[1.0])


def test_a_page_that_asks_too_much_is_a_fault():
    assert fault_of({"path": "/"}, asked(12)) == ""
    assert "more than 12 queries" in fault_of({"path": "/"}, asked(13))
    assert "more than 3 queries" in fault_of({"path": "/", "queries": 3}, asked(4))


def test_a_page_that_is_not_there_is_a_fault():
    assert "answered 404" in fault_of({"path": "/"}, asked(0, status=404))


def test_one_in_a_hundred_is_slower_than_the_99th_percentile():
    assert Figures(times=[float(n) for n in range(1, 101)]).p99 == 99.0
