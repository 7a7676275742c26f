"""How fast the key pages are: ``python -m tools.bench`` (``make bench``).

Loads the sample data into a database of its own, and asks for each page of tests/benchmarks/pages.toml with Django's
test client, in this process: what is measured is the portal, without network and web server. Prints, per page, requests
a second, median and 99th percentile in milliseconds, the number of queries and the size of the answer. Exit status 1
when a page does not answer with 200 or needs more queries than the file allows. BENCH_ROUNDS sets how often each page
is asked for (100).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import sample_site

if TYPE_CHECKING:
    from django.test import Client

PAGES = sample_site.ROOT / "tests" / "benchmarks" / "pages.toml"
MOST_QUERIES = 12


@dataclass(frozen=True)
class Figures:
    """What was measured of one page; times in milliseconds."""

    status: int
    times: list[float]
    queries: int
    size: int

    @property
    def p99(self) -> float:
        """The time that one request in a hundred exceeds."""
        return sorted(self.times)[max(0, round(len(self.times) * 0.99) - 1)]

    def line(self) -> str:
        """The figures as one row of the table."""
        mean = statistics.fmean(self.times)
        median = statistics.median(self.times)
        return f"{1000 / mean:8.0f} {median:9.2f} {self.p99:8.2f} {self.queries:8} {self.size / 1024:8.1f}"


def measure(client: Client, path: str, rounds: int) -> Figures:
    """Ask for a page: once to warm up, once to count the queries, then `rounds` times for the times."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        body = response.getvalue()
    count = len(queries)  # the next request clears what was captured
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(path).getvalue()
        times.append((time.perf_counter() - began) * 1000)
    return Figures(response.status_code, times, count, len(body))


def fault_of(page: dict[str, Any], figures: Figures) -> str:
    """What is wrong with a page, "" if nothing is."""
    if figures.status != 200:
        return f"  answered {figures.status}"
    allowed = page.get("queries", MOST_QUERIES)
    return f"  more than {allowed} queries" if figures.queries > allowed else ""


def main() -> int:
    """Measure every page of the file. Returns the exit status."""
    rounds = int(os.environ.get("BENCH_ROUNDS", "100"))
    pages = tomllib.loads(PAGES.read_text())["page"]
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        os.environ.update(sample_site.environment(port=8000, debug=False))
        os.environ.update(
            DATABASE_URL=sample_site.sqlite_url(Path(name, "bench.sqlite3")),
            MEDIA_ROOT=f"{name}/media",
            STATIC_ROOT=f"{name}/static",
            ALLOWED_HOSTS="testserver",
            PORTAL_ADDRESS="http://testserver",
        )
        import django
        from django.core.management import call_command

        django.setup()
        from django.contrib.auth import get_user_model
        from django.test import Client

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_sample", verbosity=0)
        users = get_user_model()._default_manager
        failed = False
        print(f"{'page':<58} {'req/s':>8} {'median ms':>9} {'p99 ms':>8} {'queries':>8} {'KiB':>8}")
        for page in pages:
            client = Client()
            reader = page.get("as", "")
            if reader:
                client.force_login(users.get(email=reader), backend="django.contrib.auth.backends.ModelBackend")
            figures = measure(client, page["path"], rounds)
            fault = fault_of(page, figures)
            failed = failed or bool(fault)
            label = f"{page['path']}  {reader.partition('@')[0]}"
            print(f"{label:<58} {figures.line()}{fault}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
