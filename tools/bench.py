"""How fast the portal is: ``python -m tools.bench`` (``make bench``). docs/performance.md holds the figures of a run.

First the pages of tests/benchmarks/pages.toml on the sample data. Then a large portal is filled, 5,000 responses of 12
answers and 200 of 60, and what delegates, directors and participants do there is measured; beside each piece of work
the same work done by a bare Django view with SQL written by hand (tests/benchmarks/bare), in the same run and by turns,
and the ratio of the two throughputs: 1.00 is as fast as the bare view, 0.50 half as fast. In the same way a series of
500 meetings with 20 items each is filled and searched, read as a list and read as pages; a registry of 100,000
organisations with 1,000,000 dated rows: its figures of a day, its register, and its files with the memory they take;
and last a queue of 10,000 messages, sent to a mail server of this machine.

Requests go through WSGI in this process: what is measured is the portal, without network and web server. Per page:
requests a second, median and 99th percentile in milliseconds, queries, size of the answer, and on the large portal the
most memory that Python held while answering.

Exit status 1 when a page answers with another status than it should, needs more queries than it may, or misses the
ratio that is its aim. BENCH_ROUNDS sets how often each page is asked for (100), BENCH_ON the database: ``sqlite`` (the
default) or ``postgresql``, which is started for the run; BENCH_PART=pages, BENCH_PART=large,
BENCH_PART=meetings, BENCH_PART=members or BENCH_PART=mail leaves the other parts out.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import postgres, sample_site

if TYPE_CHECKING:
    from tests.benchmarks.asking import Figures
    from tests.benchmarks.large import Case, Outcome

PAGES = sample_site.ROOT / "tests" / "benchmarks" / "pages.toml"
MOST_QUERIES = 12
# A page that is slower than that in all its rounds together is asked for fewer times.
MOST_SECONDS = 20.0


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The DATABASE_URL of an empty database for this run."""
    if name == "sqlite":
        yield sample_site.sqlite_url(folder / "bench.sqlite3")
    elif name == "postgresql":
        with postgres.running() as server:
            yield postgres.make_database(server.url)
    else:
        raise SystemExit(f"BENCH_ON={name}: say sqlite or postgresql.")


def start_django(folder: Path, url: str) -> None:
    """Set Django up as the sample site, on a database and folders of this run."""
    os.environ.update(sample_site.environment(port=8000, debug=False))
    os.environ.update(
        DATABASE_URL=url,
        SAMPLE_ON_POSTGRES="true",
        MEDIA_ROOT=f"{folder}/media",
        STATIC_ROOT=f"{folder}/static",
        ALLOWED_HOSTS="testserver",
        PORTAL_ADDRESS="http://testserver",
    )
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    from tests.benchmarks import asking

    settings.ROOT_URLCONF = "tests.benchmarks.bare.urls"  # the portal's addresses, and those of the bare views
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, asking.BARE_BACKEND]
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)


def figures_of(figures: Figures) -> str:
    """The figures as a part of a row."""
    return f"{figures.per_second:7.0f} {figures.median:9.2f} {figures.p99:9.2f} {figures.queries:8}"


def measure_pages(rounds: int) -> bool:
    """Measure the pages of the file on the sample data. Returns whether one of them failed."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from tests.benchmarks import asking

    call_command("load_sample", verbosity=0)
    users = get_user_model()._default_manager
    handler = asking.portal()
    failed = False
    print(f"{'page':<66} {'req/s':>7} {'median ms':>9} {'p99 ms':>9} {'queries':>8} {'KiB':>7}")
    for page in tomllib.loads(PAGES.read_text())["page"]:
        email = page.get("as", "")
        browser = asking.Browser(handler, users.get(email=email) if email else None)
        (figures,) = asking.measure([browser.getting(page["path"])], rounds, at_most=MOST_SECONDS)
        fault = fault_of(page, figures)
        failed = failed or bool(fault)
        label = f"{page['path']}  {email.partition('@')[0]}"
        print(f"{label:<66} {figures_of(figures)} {figures.size / 1024:7.1f}{fault}", flush=True)
    return failed


def fault_of(page: dict[str, Any], figures: Figures) -> str:
    """What is wrong with a page, "" if nothing is."""
    if figures.status != 200:
        return f"  answered {figures.status}"
    allowed = page.get("queries", MOST_QUERIES)
    return f"  more than {allowed} queries" if figures.queries > allowed else ""


def measure_large(rounds: int) -> bool:
    """Fill the large portal and measure the work there. Returns whether a piece of it failed."""
    from tests.benchmarks import large

    sizes = " and ".join(f"{responses:,} × {questions}" for responses, questions, _sections in large.SIZES)
    failed = measure_cases(large.cases(), f"{sizes} answers", rounds)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    print(f"The process held {most:.0f} MiB at most, the filling included.")
    return failed


def measure_meetings(rounds: int) -> bool:
    """Fill a long series of meetings and measure the work on it. Returns whether a piece of it failed."""
    from tests.benchmarks import meeting_cases

    filled = f"{meeting_cases.MEETINGS} meetings × {meeting_cases.ITEMS} items"
    return measure_cases(meeting_cases.cases(), filled, rounds)


def measure_members(rounds: int) -> bool:
    """Fill a large registry and measure its public pages and files. Returns whether a piece of it failed."""
    from tests.benchmarks import registry_cases

    failed = measure_cases(registry_cases.cases(), "the registry", rounds, at_most=MOST_SECONDS / 2)
    columns = f"{'s':>7} {'CPU s':>7} {'rows/s':>8} {'MiB more':>9}"
    print(f"\n{'file':<44} {columns}   {'bare view':<34} {'ratio':>6}")
    grown: dict[str, float] = {}
    for file in registry_cases.files():
        sides = "   ".join(
            f"{side.seconds:7.2f} {side.processor:7.2f} {file.rows / side.seconds:8.0f} {side.grown:9.1f}"
            for side in (file.portal, file.bare)
        )
        faults = file.faults
        if file.portal.grown - grown.setdefault(file.form, file.portal.grown) > registry_cases.MORE_MEMORY:
            faults.append("memory grows with the rows")
        failed = failed or bool(faults)
        label = f"{file.form.upper()}, {file.rows:,} rows"
        print(f"{label:<44} {sides} {file.ratio:6.2f}  {', '.join(faults)}".rstrip(), flush=True)
    return failed


def measure_mail(rounds: int) -> bool:
    """Queue 5,000 messages at once, and send 10,000. Returns whether the worker grew with them."""
    from tests.benchmarks import mailing

    seconds, held = mailing.queue_at_once(mailing.AT_ONCE)
    print(f"\n{mailing.AT_ONCE:,} messages queued in one transaction: {seconds:.2f} s, {held:.0f} MiB held")
    sent = mailing.send_apart()
    print(
        f"{sent.count:,} messages sent by one worker: {sent.seconds:.0f} s, {sent.count / sent.seconds:.0f} a second; "
        f"queries a message {sent.queries_many} with {sent.count:,} queued, {sent.queries_few} with the last few; "
        f"{sent.warm:.1f} MiB after {mailing.WARM}, {sent.most:.1f} at most"
    )
    faults = []
    if sent.grown > mailing.MORE_MEMORY:
        faults.append(f"the worker grew by {sent.grown:.1f} MiB")
    if sent.queries_many != sent.queries_few:
        faults.append("its queries depend on the queue")
    print(", ".join(faults), end="\n" if faults else "")
    return bool(faults)


def measure_cases(cases: Iterator[Case], filled: str, rounds: int, at_most: float = MOST_SECONDS) -> bool:
    """Measure one piece of work after the other. Returns whether one of them failed."""
    from tests.benchmarks import asking, large

    began = time.monotonic()
    failed = False
    for number, case in enumerate(cases):
        if not number:
            print(f"\nFilled {filled} in {time.monotonic() - began:.0f} s.")
            columns = f"{'req/s':>7} {'median ms':>9} {'p99 ms':>9} {'queries':>8} {'KiB held':>9}"
            print(f"{'work':<44} {columns}   {'bare view':<46} {'ratio':>6}")
        portal, bare = asking.measure([case.portal, case.bare], rounds, at_most=at_most)
        outcome = large.Outcome(case, portal, bare)
        failed = failed or bool(outcome.faults)
        print(line_of(outcome), flush=True)
    return failed


def line_of(outcome: Outcome) -> str:
    """A piece of work as one row of the table."""
    sides = "   ".join(f"{figures_of(figures)} {figures.memory:9.0f}" for figures in (outcome.portal, outcome.bare))
    return f"{outcome.case.name:<44} {sides} {outcome.ratio:6.2f}  {', '.join(outcome.faults)}".rstrip()


def main() -> int:
    """Measure everything. Returns the exit status."""
    rounds = int(os.environ.get("BENCH_ROUNDS", "100"))
    on = os.environ.get("BENCH_ON", "sqlite")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name, database(on, Path(name)) as url:
        start_django(Path(name), url)
        from django.db import connections

        print(f"On {on}, {rounds} rounds.\n")
        parts = {
            "pages": measure_pages,
            "large": measure_large,
            "meetings": measure_meetings,
            "members": measure_members,
            "mail": measure_mail,
        }
        failed = [measure(rounds) for name, measure in parts.items() if os.environ.get("BENCH_PART", name) == name]
        connections.close_all()
    return int(any(failed))


if __name__ == "__main__":
    sys.exit(main())
