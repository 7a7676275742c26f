"""The public registry by hand: the figures of a day, the register with its counts, one member, participants, files.

`members.figures` and `members.register` give the same; `tests/benchmarks/registry_cases.py` compares them before
anything is measured.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import xlsxwriter
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django_countries import countries

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.regions import CODES, REGIONS
from icoca_portal.lib.small_numbers import hidden_in
from tests.benchmarks.bare import facts

PAGE = 25
PILLARS = {"government": "Government", "industry": "Industry", "civil society": "Civil society"}
CATEGORIES = {"member": "Member", "affiliate": "Affiliate", "observer": "Observer"}
WORKS = {"land": "On land", "sea": "At sea", "both": "On land and at sea"}
KINDS = {
    "state": "State",
    "international organisation": "International organisation",
    "company": "Company",
    "civil society": "Civil-society organisation",
    "certification body": "Certification body",
    "partner": "Other partner",
}
REGION_OF = {code: region for region, codes in CODES.items() for code in codes}
SIZES = ("small", "medium", "large")


@cache
def country_name(code: str) -> str:
    return str(countries.name(code)) if code else ""


class Held:
    """The condition that a row holds on a day, as known now or by a moment, with its parameters in order."""

    def __init__(self, day: date, known: datetime | None = None) -> None:
        self._parameters = [day, day] if known is None else [facts.stored(known)] * 2 + [day, day]
        known_now = "{0}.superseded_at IS NULL"
        known_then = "{0}.recorded_at <= %s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %s)"
        self._text = (
            f"{known_now if known is None else known_then}"
            " AND ({0}.valid_to IS NULL OR {0}.valid_to > %s) AND {0}.valid_from <= %s"
        )

    def put(self, sql: str, *others: Any) -> tuple[str, list[Any]]:
        """Each ``[x]`` in the SQL becomes the condition on the table x; each ``%s`` takes the next of the others."""
        rest = iter(others)
        parameters: list[Any] = []
        pieces = []
        for piece in sql.replace("]", "[").split("["):
            if piece.isidentifier() and len(piece) == 1:
                pieces.append(self._text.format(piece))
                parameters += self._parameters
            else:
                pieces.append(piece)
                parameters += [next(rest) for _place in range(piece.count("%s"))]
        return "".join(pieces), parameters


# Figures

INDUSTRY = """EXISTS (SELECT 1 FROM members_membership i WHERE i.organisation_id = {} AND [i]
 AND i.category = 'member' AND i.pillar = 'industry')"""
MEMBERS = "SELECT category, pillar, count(*) FROM members_membership m WHERE [m] GROUP BY 1, 2"
COMPANIES = f"""SELECT environment, size, headquarters, count(*) FROM members_companyprofile p
 WHERE [p] AND {INDUSTRY.format("p.organisation_id")} GROUP BY 1, 2, 3"""
CERTIFIED = f"""SELECT count(DISTINCT organisation_id) FROM members_certificate c
 WHERE [c] AND c.state = 'valid' AND {INDUSTRY.format("c.organisation_id")}"""
BY_STANDARD = f"""SELECT s.code, n FROM members_standard s JOIN (
 SELECT standard_id, count(DISTINCT organisation_id) AS n FROM members_certificate c
 WHERE [c] AND c.state = 'valid' AND {INDUSTRY.format("c.organisation_id")} GROUP BY standard_id
) AS found ON found.standard_id = s.id"""
REVIEWS = """SELECT a.kind, count(*) FROM members_applicationstatus s
 JOIN members_application a ON a.id = s.application_id WHERE [s] AND s.state = 'under review' GROUP BY 1"""
PARTICIPANTS = """SELECT o.kind, upper(coalesce(nullif(o.country, ''), o.code, '')), count(*)
 FROM members_participation p JOIN members_organisation o ON o.id = p.organisation_id WHERE [p] GROUP BY 1, 2"""
BANDS = "SELECT size, lower, upper FROM members_revenueband b WHERE [b]"
DELEGATIONS = """SELECT count(DISTINCT delegation_id) FROM members_delegate
 WHERE (valid_to IS NULL OR valid_to > %s) AND valid_from <= %s"""
DIRECTORS = "SELECT pillar, count(*) FROM members_directorship d WHERE [d] GROUP BY 1"


def figures(day: date, known: datetime | None = None) -> dict[str, int]:
    """Every figure of the day under the key that the portal gives it."""
    held = Held(day, known)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return facts.rows(*held.put(sql))

    members = {(category, pillar): number for category, pillar, number in rows(MEMBERS)}
    found = {f"members.{pillar.replace(' ', '-')}": members.get(("member", pillar), 0) for pillar in PILLARS}
    found["members"] = sum(found.values())
    for category, key in (("affiliate", "affiliates"), ("observer", "observers")):
        if number := sum(members.get((category, pillar), 0) for pillar in PILLARS):
            found[key] = number
    works: Counter[str] = Counter(dict.fromkeys(WORKS, 0))
    sizes: Counter[str] = Counter()
    places = set()
    for environment, size, headquarters, number in rows(COMPANIES):
        works[environment] += number
        sizes[size] += number
        places.add(headquarters)
    found |= {f"companies.{environment}": number for environment, number in works.items()}
    found["companies.countries"] = len(places)
    counts = [sizes[size] for size in SIZES]
    hidden, total = hidden_in(counts, 3), sum(counts)
    for place, size in enumerate(SIZES):
        if total and place not in hidden:
            found[f"companies.{size}"] = (200 * counts[place] + total) // (2 * total)
    ((found["certified"],),) = rows(CERTIFIED)
    found |= {f"certified.{code}": number for code, number in rows(BY_STANDARD)}
    reviews = dict(rows(REVIEWS))
    found |= {f"applications.{kind}": reviews.get(kind, 0) for kind in ("membership", "certification")}
    found |= _participants(rows(PARTICIPANTS))
    (found["delegations"],) = facts.found(facts.one(DELEGATIONS, [day, day]))
    directors = dict(rows(DIRECTORS))
    found |= {f"board.{pillar}": directors.get(pillar, 0) for pillar in PILLARS}
    found["board"] = sum(directors.values())
    rows(BANDS)
    return found


def _participants(rows: list[tuple[Any, ...]]) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for kind, code, number in rows:
        kinds[kind] += number
        if kind != "international organisation":
            regions[REGION_OF.get(code, "unknown")] += number
    total = kinds.total()
    return {
        "participants": total,
        "participants.states": kinds["state"],
        "participants.organisations": total - kinds["state"],
        **{f"participants.{region}": number for region, number in regions.items()},
    }


def read_statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a day, each with a sentence, and charts of what belongs together."""
    day, then = date.fromisoformat(request.GET["as_of"]), request.GET.get("known") == "then"
    known = datetime.combine(day + timedelta(days=1), time.min, facts.GENEVA) if then else None
    found = figures(day, known)
    groups: dict[str, list[dict[str, Any]]] = {}
    for key, value in found.items():
        name, _dot, of = key.partition(".")
        groups.setdefault(name, []).append({"key": key, "label": of or name, "value": value})
    charts = []
    for name, bars in groups.items():
        most = max(bar["value"] for bar in bars) or 1
        charts.append({"name": name, "bars": [{**bar, "width": 100 * bar["value"] // most} for bar in bars]})
    when = facts.day_of(day)
    head = {"members": found["members.industry"], "countries": found["companies.countries"]}
    return facts.page("statistics.html", {"day": when, "charts": charts, "figures": found.items(), "found": head})


# The register

COUNTRY = """coalesce(p.headquarters, nullif(o.country, ''), CASE WHEN o.kind = 'state' THEN upper(o.code) END, '')"""
CERTIFYING = f"""SELECT c.organisation_id FROM members_certificate c
 WHERE [c] AND c.state = 'valid' AND {INDUSTRY.format("c.organisation_id")}"""
REVIEWING = """SELECT a.organisation_id FROM members_applicationstatus s
 JOIN members_application a ON a.id = s.application_id WHERE [s] AND s.state = 'under review'
 AND a.kind = 'certification' AND EXISTS (SELECT 1 FROM members_membership r
 WHERE r.organisation_id = a.organisation_id AND [r] AND r.category = 'member')"""
OF_DAY = """FROM members_membership m JOIN members_organisation o ON o.id = m.organisation_id
 LEFT JOIN members_companyprofile p ON p.organisation_id = m.organisation_id AND [p] WHERE [m]"""
CELLS = f"""SELECT m.pillar, m.category, {COUNTRY}, coalesce(p.environment, ''), m.organisation_id IN ({CERTIFYING}),
 m.organisation_id IN ({REVIEWING}), count(*) {OF_DAY} """
ROWS = f"""SELECT m.id, m.organisation_id, o.name, o.slug, o.kind, m.pillar, m.category, m.valid_from, {COUNTRY},
 coalesce(p.environment, ''), EXISTS ({CERTIFYING} AND c.organisation_id = m.organisation_id),
 EXISTS ({REVIEWING} AND a.organisation_id = m.organisation_id) {OF_DAY} """
CODES_OF = f"""SELECT DISTINCT c.organisation_id, d.code FROM members_certificate c
 JOIN members_standard d ON d.id = c.standard_id WHERE [c] AND c.state = 'valid'
 AND {INDUSTRY.format("c.organisation_id")} AND c.organisation_id IN """
OTHER_NAMES = "SELECT organisation_id, name FROM members_othername WHERE organisation_id IN "
STANDARDS = f"{BY_STANDARD.replace(' GROUP BY standard_id', '')} "
HEAD = f"""SELECT 'members', pillar, count(*) FROM members_membership m WHERE [m] AND category = 'member' GROUP BY 2
 UNION ALL SELECT 'countries', '', count(DISTINCT headquarters) FROM members_companyprofile p
 WHERE [p] AND {INDUSTRY.format("p.organisation_id")}
 UNION ALL SELECT 'certified', '', count(DISTINCT organisation_id) FROM members_certificate c
 WHERE [c] AND c.state = 'valid' AND {INDUSTRY.format("c.organisation_id")}"""
ORDERS = {"": "o.folded, m.id", "-since": "m.valid_from DESC, o.folded, m.id"}


def _named(q: str) -> tuple[str, list[str]]:
    """The condition that every word stands in the name, or in another name."""
    words = fold(q).split()
    if not words:
        return "", []
    own = " AND ".join(["o.folded LIKE %s"] * len(words))
    other = " AND ".join(["n.folded LIKE %s"] * len(words))
    holding = [f"%{word}%" for word in words]
    return (
        f" AND ({own} OR m.organisation_id IN (SELECT n.organisation_id FROM members_othername n WHERE {other}))",
        holding * 2,
    )


def _filtered(asked: Mapping[str, str]) -> tuple[str, list[str]]:
    """The conditions of the filters that are measured."""
    sql, values = _named(asked.get("q", ""))
    for name, condition in (("pillar", " AND m.pillar = %s"), ("country", f" AND {COUNTRY} = %s")):
        if asked.get(name):
            sql, values = sql + condition, [*values, asked[name]]
    if asked.get("status") == "certified":
        sql += f" AND m.organisation_id IN ({CERTIFYING})"
    return sql, values


class Register:
    """The register of a day as the page shows it."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.asked = asked
        self.day = date.fromisoformat(asked["as_of"]) if asked.get("as_of") else facts.day()
        self._held = Held(self.day)

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return facts.rows(*self._held.put(sql, *values))

    def read(self) -> dict[str, Any]:
        """The first page, how many there are, and how many each choice of each filter would leave."""
        named, words = _named(self.asked.get("q", ""))
        chosen = {name: self.asked[name] for name in ("pillar", "country", "status") if self.asked.get(name)}
        names = ("pillar", "category", "country", "region", "works", "status")
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        total = 0
        for pillar, category, country, works, certified, reviewed, number in self._all(
            f"{CELLS}{named} GROUP BY 1, 2, 3, 4, 5, 6", *words
        ):
            states = (["certified"] if certified else []) + (["review"] if reviewed else []) or ["neither"]
            cell = {
                "pillar": [pillar],
                "category": [category],
                "country": [country],
                "region": [REGION_OF.get(country, "unknown")],
                "works": [works],
                "status": states,
            }
            refusing = {name for name, value in chosen.items() if value not in cell[name]}
            total += 0 if refusing else number
            for name, values in cell.items():
                if refusing <= {name}:
                    for value in values:
                        counts[name][value] += number
        condition, values = _filtered(self.asked)
        order = ORDERS[self.asked.get("sort", "")]
        rows = self._all(f"{ROWS}{condition} ORDER BY {order} LIMIT {PAGE}", *values)
        keys = [row[1] for row in rows]
        return {
            "total": total,
            "counts": counts | {"standard": self._standards(condition, values)},
            "rows": self._complete(rows),
            "also": self._also(keys),
            "head": {(name, pillar): number for name, pillar, number in self._all(HEAD)},
        }

    def _standards(self, condition: str, values: list[str]) -> Counter[str]:
        within = f" AND c.organisation_id IN (SELECT m.organisation_id {OF_DAY}{condition})" if condition else ""
        sql = f"{STANDARDS.replace(') AS found', f'{within} GROUP BY standard_id) AS found')}"
        return Counter(dict(self._all(sql, *(values if condition else []))))

    def _complete(self, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
        keys = [row[1] for row in rows]
        codes: dict[int, list[str]] = {}
        if keys:
            for key, code in self._all(f"{CODES_OF}({', '.join(['%s'] * len(keys))}) ORDER BY 2", *keys):
                codes.setdefault(key, []).append(code)
        return [_row(row, codes.get(row[1], [])) for row in rows]

    def _also(self, keys: list[int]) -> list[str]:
        words = fold(self.asked.get("q", "")).split()
        if not words or not keys:
            return []
        found = facts.rows(f"{OTHER_NAMES}({', '.join(['%s'] * len(keys))})", keys)
        return [name for _key, name in found if all(word in fold(name) for word in words)]

    def every_row(self) -> Iterator[dict[str, Any]]:
        """All rows, some at a time."""
        condition, values = _filtered(self.asked)
        with connection.chunked_cursor() as cursor:
            cursor.execute(*self._held.put(f"{ROWS}{condition} ORDER BY o.folded, m.id", *values))
            while rows := cursor.fetchmany(500):
                yield from self._complete(rows)


def _row(row: tuple[Any, ...], codes: list[str]) -> dict[str, Any]:
    _pk, _organisation, name, slug, kind, pillar, category, since, country, works, certified, reviewed = row
    states = (["Certified"] if certified else []) + (["Under review for certification"] if reviewed else [])
    return {
        "name": name,
        "slug": slug,
        "kind": KINDS[kind],
        "pillar": PILLARS[pillar],
        "category": CATEGORIES[category],
        "since": since,
        "code": country,
        "country": country_name(country),
        "works": WORKS.get(works, ""),
        "certified": certified,
        "reviewed": reviewed,
        "state": ", ".join(states) or CATEGORIES[category],
        "codes": codes,
    }


def list_members(request: HttpRequest) -> HttpResponse:
    """The first page of the register, with the counts of every choice."""
    found = Register(request.GET.dict()).read()
    rows = [{**row, "since_day": facts.day_of(row["since"])} for row in found["rows"]]
    filters = []
    for name, counts in found["counts"].items():
        labels = [(value, country_name(value) if name == "country" else value) for value in counts if value]
        choices = [(value, label, counts[value]) for value, label in sorted(labels, key=lambda pair: pair[1])]
        filters.append({"name": name, "choices": choices})
    pages = range(1, min(found["total"] // PAGE + 2, 10))
    return facts.page(
        "register.html", found | {"rows": rows, "filters": filters, "pages": pages, "q": request.GET.get("q", "")}
    )


# Files

HEADERS = (
    *("Name", "Kind", "Pillar", "Category", "Since", "Country code", "Country", "Region", "Works", "State"),
    *("Certified to", "Page"),
)


def _cells(row: dict[str, Any]) -> list[Any]:
    region = REGIONS.get(REGION_OF.get(row["code"], ""), "")
    return [
        *(row["name"], row["kind"], row["pillar"], row["category"], row["since"], row["code"], row["country"]),
        *(str(region), row["works"], row["state"], ", ".join(row["codes"])),
        f"http://testserver/members/{row['slug']}/",
    ]


def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All rows as CSV, sent while they are read."""

    def pieces() -> Iterator[bytes]:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        text.write("\ufeff")
        writer.writerow(HEADERS)
        for row in Register(request.GET.dict()).every_row():
            writer.writerow(_cells(row))
            if text.tell() > 64 * 1024:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    return StreamingHttpResponse(pieces(), content_type="text/csv")


def export_xlsx(request: HttpRequest) -> FileResponse:
    """All rows as a workbook."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet("Register"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADERS)
        for number, row in enumerate(Register(request.GET.dict()).every_row(), start=1):
            for column, value in enumerate(_cells(row)):
                if column == 4:
                    begins = date.fromisoformat(value) if isinstance(value, str) else value
                    sheet.write_datetime(number, column, begins, day)
                else:
                    sheet.write_string(number, column, value)
    file.seek(0)
    return FileResponse(file)


# One member, and the participants

ORGANISATION = """SELECT o.id, o.name, o.kind, o.country, o.website FROM members_organisation o
 WHERE o.slug = %s AND (EXISTS (SELECT 1 FROM members_participation p WHERE p.organisation_id = o.id
 AND p.superseded_at IS NULL) OR EXISTS (SELECT 1 FROM members_membership m WHERE m.organisation_id = o.id
 AND m.superseded_at IS NULL AND m.valid_from <= %s))"""
OWN = "{} WHERE organisation_id = %s AND superseded_at IS NULL AND valid_from <= %s ORDER BY valid_from"
PARTICIPATIONS = OWN.format("SELECT valid_from, valid_to FROM members_participation")
MEMBERSHIPS = OWN.format("SELECT pillar, category, valid_from, valid_to FROM members_membership")
PROFILES = OWN.format("SELECT headquarters, environment, works_in, valid_from FROM members_companyprofile")
CERTIFICATES = """SELECT d.code, c.state, c.valid_from, c.valid_to, c.issued_on, c.expires_on, c.number, c.scope, b.name
 FROM members_certificate c JOIN members_standard d ON d.id = c.standard_id
 JOIN members_organisation b ON b.id = c.body_id WHERE c.organisation_id = %s AND c.superseded_at IS NULL
 AND c.valid_from <= %s ORDER BY d.code, c.issued_on, c.number, c.valid_from"""
NAMES = "SELECT name, kind, until FROM members_othername WHERE organisation_id = %s ORDER BY kind, name"
IS_REVIEWED = f"{REVIEWING} AND a.organisation_id = %s LIMIT 1"


def read_member(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation is, holds and went through."""
    day = facts.day()
    key, name, kind, country, website = facts.found(facts.one(ORGANISATION, [slug, day]))
    memberships, profiles = facts.rows(MEMBERSHIPS, [key, day]), facts.rows(PROFILES, [key, day])
    certificates = facts.rows(CERTIFICATES, [key, day])
    participations = facts.rows(PARTICIPATIONS, [key, day])
    reviewed = facts.one(*Held(day).put(IS_REVIEWED, key))
    events = [
        (begins, f"{CATEGORIES[category]} of the Association") for _pillar, category, begins, _ends in memberships
    ]
    events += [(begins, f"Profile: {country_name(place)}, {WORKS[works]}") for place, works, _in, begins in profiles]
    events += [(row[2], f"Certificate to {row[0]}: {row[1]}, by {row[8]}") for row in certificates]
    events += [(begins, "Joined the Montreux Document") for begins, _ends in participations]
    events.sort(key=lambda event: str(event[0]), reverse=True)
    last = profiles[-1] if profiles else None
    return facts.page(
        "member.html",
        {
            "name": name,
            "kind": KINDS[kind],
            "country": country_name(last[0] if last else country),
            "works": WORKS[last[1]] if last else "",
            "places": ", ".join(map(country_name, filter(None, last[2].split(",")))) if last else "",
            "website": website,
            "names": facts.rows(NAMES, [key]),
            "certificates": [(*row[:4], facts.day_of(row[4]), facts.day_of(row[5]), *row[6:]) for row in certificates],
            "reviewed": reviewed,
            "events": [(facts.day_of(when), text) for when, text in events],
        },
    )


SUPPORTING = """SELECT o.name, o.code, o.kind, o.slug, o.country, p.valid_from FROM members_participation p
 JOIN members_organisation o ON o.id = p.organisation_id WHERE [p] ORDER BY p.valid_from, o.name"""


def list_participants(request: HttpRequest) -> HttpResponse:
    """Who supports the Montreux Document, and since when."""
    rows = [
        (name, code, KINDS[kind], slug, country_name(country), facts.day_of(since))
        for name, code, kind, slug, country, since in facts.rows(*Held(facts.day()).put(SUPPORTING))
    ]
    return facts.page("participants.html", {"rows": rows})


urlpatterns = [
    path("members/statistics/", read_statistics),
    path("members/participants/", list_participants),
    path("members/members.csv", export_csv),
    path("members/members.xlsx", export_xlsx),
    path("members/", list_members),
    path("members/<slug:slug>/", read_member),
]
