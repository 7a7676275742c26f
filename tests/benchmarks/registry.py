"""A large registry, filled in a minute or two: 100,000 organisations with 1,000,000 dated rows, the same each time.

The rows are those that the operations would have left: whatever ended or was followed by something else stands twice,
as it was known while it held and as it is known since; some of it was recorded late or wrong, and corrected.
`tests/members/test_large_registry.py` holds them against the rules of the operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    OtherName,
    Participation,
    RevenueBand,
    Standard,
    User,
)
from tests.benchmarks.filling import take_stock

ORGANISATIONS = 100_000
#: When the first of them joined, and when the last had.
FIRST, LAST = date(2005, 1, 1), date(2024, 12, 31)
#: Stands in one name of three, and in one of eight thousand.
COMMON, RARE = "Security", "Quetzal"
PLACES = (
    *("Harbour", "Highland", "Meridian", "Coastline", "Summit", "Delta", "Lantern", "Anchor", "Cedar", "Falcon"),
    *("Zénith", "Île", "Århus", "Córdoba", "Granite", "Beacon", "Horizon", "Compass", "Bridge", "River"),
)
TRADES = (COMMON, "Guarding", "Protection", COMMON, "Risk", "Services")
CAUSES = ("Human Rights", "Rule of Law", "Community Safety", f"Women and {COMMON}", "Labour Rights", f"Food {COMMON}")
COUNTRIES = (
    *("GB", "US", "ZA", "AE", "FR", "DE", "GR", "CY", "NO", "IN", "KE", "NG", "UG", "PE", "CO", "IQ", "AF", "PK"),
    *("LK", "PH", "AU", "CA", "CH", "SE", "DK", "NL", "BE", "IT", "ES", "PT", "MT", "TR", "EG", "SN"),
)
STANDARDS = ("PSC.1", "ISO 18788", "ISO 28007")
SOURCE = "Sample source"
ROW = ("valid_from", "valid_to", "recorded_at", "recorded_by_id", "superseded_at", "superseded_by_id", "source")
AT_A_TIME = 10_000
DAY = timedelta(days=1)

Own = tuple[Any, ...]


class Table:
    """Rows of one model, stored some at a time without making objects of them. Keys are given here."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self._model = model
        # What nobody says is as the model has it.
        others = {
            field.attname: field.get_default()
            for field in model._meta.local_concrete_fields
            if not (field.primary_key or field.generated or field.attname in columns)
        }
        self._columns = ("id", *columns, *others)
        self._others = tuple(others.values())
        self._rows: list[Own] = []
        self.key = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self.stored = 0

    def add(self, *values: Any) -> int:
        """A row for later. Returns its key."""
        self.key += 1
        self._rows.append((self.key, *values, *self._others))
        return self.key

    def store(self, least: int = AT_A_TIME) -> None:
        """Write what was added, if it is enough."""
        if len(self._rows) < least:
            return
        table, columns = self._model._meta.db_table, ", ".join(self._columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in self._rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self._columns))
                values = [[_as_text(value) for value in row] for row in self._rows]
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)
        self.stored += len(self._rows)
        self._rows.clear()

    def finish(self) -> None:
        """Write the rest, and let the next key that the database gives follow."""
        self.store(1)
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [self._model]):
                cursor.execute(sql)


class Dated(Table):
    """Rows of a dated model; `facts` are the columns of its own."""

    def __init__(self, model: type[models.Model], by: User, *facts: str) -> None:
        super().__init__(model, *facts, *ROW)
        self._by = by.pk

    def record(self, facts: Own, begins: date, ends: date | None, at: datetime) -> int:
        """A row that is in force. Returns its key."""
        return self.add(*facts, begins, ends, at, self._by, None, None, SOURCE)

    def correct(self, key: int, facts: Own, begins: date, ends: date | None, at: datetime, until: datetime) -> int:
        """A row that another took the place of, whose key is given. Returns its own."""
        return self.add(*facts, begins, ends, at, self._by, until, key, SOURCE)

    def end(self, facts: Own, begins: date, ends: date, at: datetime, ended: datetime) -> None:
        """What was known without an end, and with one since."""
        self.correct(self.record(facts, begins, ends, ended), facts, begins, None, at, ended)


@lru_cache(maxsize=20_000)
def _day_as_text(day: date) -> str:
    return day.isoformat()


def _as_text(value: Any) -> Any:
    """A value as SQLite holds it."""
    if isinstance(value, datetime):
        return str(value.replace(tzinfo=None))
    return _day_as_text(value) if isinstance(value, date) else value


@dataclass(frozen=True)
class Filled:
    """What was made."""

    organisations: int
    dated_rows: int


class Registry:
    """Draws and writes the whole of it."""

    def __init__(self, organisations: int) -> None:
        self._many = organisations
        self._draw = Random(organisations)
        self._today = timezone.localdate() - 2 * DAY
        by, _made = User.objects.get_or_create(
            email="bench.registrar@sample.example", defaults={"name": "Sample Registrar", "is_staff": True}
        )
        self._standards = [Standard.objects.get_or_create(code=code)[0].pk for code in STANDARDS]
        self._bands(by)
        self.organisations = Table(Organisation, "name", "slug", "code", "kind", "country", "website")
        self.names = Table(OtherName, "organisation_id", "name", "kind", "until")
        self.participations = Dated(Participation, by, "organisation_id")
        self.memberships = Dated(Membership, by, "organisation_id", "pillar", "category")
        self.profiles = Dated(CompanyProfile, by, "organisation_id", "headquarters", "environment", "size", "works_in")
        given = ("organisation_id", "standard_id", "body_id", "number", "scope", "state", "issued_on", "expires_on")
        self.certificates = Dated(Certificate, by, *given)
        self.applications = Table(Application, "organisation_id", "kind", "pillar", "standard_id")
        self.statuses = Dated(ApplicationStatus, by, "application_id", "state", "reason")

    @property
    def _tables(self) -> list[Table]:
        return [self.organisations, self.names, self.applications, *self._dated]

    @property
    def _dated(self) -> list[Table]:
        return [self.participations, self.memberships, self.profiles, self.certificates, self.statuses]

    def fill(self) -> Filled:
        """Make all organisations and their rows."""
        self._bodies = [
            self._organisation(number, f"Certification Body {number}", "certification body", "GB")
            for number in range(1, 13)
        ]
        for number in range(13, self._many + 1):
            self._one(number)
            for table in self._tables:
                table.store()
        for table in self._tables:
            table.finish()
        return Filled(self.organisations.stored, sum(table.stored for table in self._dated))

    def _bands(self, by: User) -> None:
        if RevenueBand.objects.exists():
            return
        for size, lower, upper in (("small", 0, 20), ("medium", 20, 100), ("large", 100, None)):
            RevenueBand.objects.create(
                size=size, lower=lower, upper=upper, valid_from=FIRST, source=SOURCE, recorded_by=by,
                recorded_at=_noon(FIRST),
            )  # fmt: skip

    def _one(self, number: int) -> None:
        """A State or a body of States for one of 500, seven companies of ten, civil society, others that applied."""
        draw = self._draw
        joined = FIRST + (LAST - FIRST) * number // self._many
        if number % 500 == 13:
            return self._participant(number, joined)
        place, chance = draw.choice(PLACES), draw.random()
        if number % 8000 == 99:
            place = RARE
        if chance < 0.7:
            country = draw.choice(COUNTRIES)
            company = self._organisation(number, f"{place} {draw.choice(TRADES)}", "company", country)
            self._company(company, joined, country)
        elif chance < 0.98:
            society = self._organisation(
                number, f"{place} for {draw.choice(CAUSES)}", "civil society", draw.choice(COUNTRIES)
            )
            self._member(society, "civil society", joined)
        else:
            applicant = self._organisation(number, f"{place} {draw.choice(TRADES)}", "company", "")
            self._application(applicant, "membership", "industry", None, joined, None)
        return None

    def _organisation(self, number: int, name: str, kind: str, country: str) -> int:
        key = self.organisations.add(
            f"Sample {name} {number:06}", f"bench-{number}", None, kind, country, "https://organisation.example/"
        )
        if number % 7 == 0:
            word = RARE if number % 9000 == 0 else self._draw.choice(("Watch", "Guards", "Group"))
            former = f"Sample {self._draw.choice(PLACES)} {word} {number:06}"
            self.names.add(key, former, "former", LAST)
        return key

    # What holds, and since when it is known

    def _known(self, day: date) -> datetime:
        """When the portal heard of what happened on a day: one time of ten weeks later."""
        late = self._draw.randrange(90) if self._draw.random() < 0.1 else 0
        return _noon(min(day + timedelta(days=late), self._today))

    def _record(self, table: Dated, facts: Own, begins: date, ends: date | None, wrong: Own | None = None) -> None:
        """A row in force; of one of 25 something else was known before."""
        at = self._known(begins)
        if wrong is not None and self._draw.random() < 0.04:
            until = at + timedelta(days=self._draw.randrange(1, 400))
            if until < _noon(self._today):
                table.correct(table.record(facts, begins, ends, until), wrong, begins, ends, at, until)
                return
        table.record(facts, begins, ends, at)

    def _participant(self, number: int, joined: date) -> None:
        kind = "international organisation" if number % 5000 == 13 else "state"
        key = self._organisation(number, kind.capitalize(), kind, self._draw.choice(COUNTRIES))
        self._record(self.participations, (key,), joined, None)
        if kind == "state" and number % 1000 == 13:
            self._record(self.memberships, (key, "government", "member"), joined + 100 * DAY, None)

    def _member(self, key: int, pillar: str, joined: date) -> tuple[date, date | None]:
        """A membership, with what came before; three of five applied for it. Returns its days."""
        draw = self._draw
        begins = joined
        if draw.random() < 0.6:
            self._application(key, "membership", pillar, None, joined - 200 * DAY, joined)
        if draw.random() < 0.1:
            begins = joined + timedelta(days=draw.randrange(100, 600))
            facts = (key, pillar, draw.choice(("affiliate", "observer")))
            self.memberships.end(facts, joined, begins, self._known(joined), _noon(begins))
        member = (key, pillar, "member")
        ends = begins + timedelta(days=draw.randrange(1500, 6000)) if draw.random() < 0.1 else None
        if ends is None or ends >= self._today:
            self._record(self.memberships, member, begins, None, wrong=(key, pillar, "observer"))
            return begins, None
        self.memberships.end(member, begins, ends, _noon(begins), self._known(ends))
        again = ends + 700 * DAY
        if again < self._today and draw.random() < 0.4:
            self._record(self.memberships, member, again, None)
        return begins, ends

    def _company(self, key: int, joined: date, country: str) -> None:
        begins, ends = self._member(key, "industry", joined)
        self._profiles(key, joined, country)
        if self._draw.random() < 0.6:
            # What a certificate rests on is known before it.
            self._certified(key, self._draw.randrange(3), begins + 120 * DAY, ends)
        elif ends is None and self._draw.random() < 0.1:
            self._application(key, "certification", "industry", self._standards[0], self._today - 150 * DAY, None)

    def _profiles(self, key: int, joined: date, country: str) -> None:
        draw = self._draw
        begins, at = joined, _noon(joined)
        works_in = ",".join(sorted(draw.sample(COUNTRIES, 3)))
        size = draw.choice(("small", "small", "small", "medium", "large", ""))
        for _number in range(draw.choice((0, 1, 1, 2, 2))):
            ends = begins + timedelta(days=draw.randrange(200, 1500))
            if ends >= self._today:
                break
            ended = self._known(ends)
            facts = (key, country, draw.choice(("land", "sea", "both")), size, works_in)
            self.profiles.end(facts, begins, ends, at, ended)
            begins, at = ends, ended
            size, country = draw.choice(("small", "medium", "large")), draw.choice((country, draw.choice(COUNTRIES)))
        self.profiles.record((key, country, draw.choice(("land", "sea", "both")), size, works_in), begins, None, at)

    def _certified(self, key: int, standard: int, begins: date, until: date | None) -> None:
        """Certificates of three years, one after the other while the company is a member; some were suspended."""
        draw = self._draw
        body, of = draw.choice(self._bodies), self._standards[standard]
        number, first = 0, True
        while True:
            ends = begins.replace(year=begins.year + 3, day=min(begins.day, 28))
            if begins >= self._today or (until is not None and ends > until):
                return
            number += 1

            def facts(state: str, begins: date = begins, ends: date = ends, number: int = number) -> Own:
                return key, of, body, f"SAMPLE-{key}-{number}", "Sample scope", state, begins, ends

            if first and draw.random() < 0.5:
                self._application(key, "certification", "industry", of, begins - 90 * DAY, begins)
            first = False
            paused, again = begins + 300 * DAY, begins + 400 * DAY
            if draw.random() < 0.2 and again < self._today:
                table, at = self.certificates, _noon(begins)
                ended = table.record(facts("valid"), begins, paused, _noon(paused))
                table.correct(ended, facts("valid"), begins, ends, at, _noon(paused))
                ended = table.record(facts("suspended"), paused, again, _noon(again))
                table.correct(ended, facts("suspended"), paused, ends, _noon(paused), _noon(again))
                table.record(facts("valid"), again, ends, _noon(again))
            else:
                self.certificates.record(facts("valid"), begins, ends, self._known(begins))
            if draw.random() < 0.08:
                return
            begins = ends

    def _application(
        self, key: int, kind: str, pillar: str, standard: int | None, received: date, decided: date | None
    ) -> None:
        """Received, 30 days later under review, and approved, if it was decided by now."""
        application = self.applications.add(key, kind, pillar, standard)
        reviewed = received + 30 * DAY
        self.statuses.end((application, "received", ""), received, reviewed, _noon(received), _noon(reviewed))
        facts = (application, "under review", "")
        if decided is None:
            self.statuses.record(facts, reviewed, None, _noon(reviewed))
            return
        self.statuses.end(facts, reviewed, decided, _noon(reviewed), _noon(decided))
        self.statuses.record((application, "approved", ""), decided, None, _noon(decided))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)


def fill(organisations: int = ORGANISATIONS) -> Filled:
    """Fill the registry in one transaction, and let the database count its rows."""
    with transaction.atomic():
        filled = Registry(organisations).fill()
    take_stock()
    return filled
