"""Random histories with late corrections: the figures of any day, known today or then, against a slow count by days.

The slow model keeps no spans and no supersession. After each act it takes a picture of what is known: for every fact
and every single day of a short calendar, what held. A figure is counted by walking over the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icoca_portal.lib.refusals import Refusal
from members import figures, operations
from members.exceptions import AlreadyEnded, CertificateStillRuns, DatesOverlap, EndsBeforeItBegins, NotAMember
from members.figures import SMALLEST_SHOWN
from members.models import (
    Application,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    Participation,
    Pillar,
    Size,
    Standard,
    User,
)
from tests import factories

FIRST = date(2018, 1, 1)
DAYS = 12
START = datetime(2018, 6, 1, 12, tzinfo=UTC)
ORGANISATIONS = 6
STANDARDS = ("PSC.1", "ISO 18788")

Picture = dict[tuple[str, Any, int], Any]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@dataclass
class World:
    """The portal's rows and, beside them, the pictures of what was known after each act."""

    by: User
    organisations: list[Organisation]
    body: Organisation
    standards: list[Standard]
    moments: list[datetime] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    # What the last act left in force: the row, its table, whom it is about, its days, what it says.
    rows: list[tuple[Any, str, Any, range, Any]] = field(default_factory=list)
    reviews: dict[int, int] = field(default_factory=dict)

    def picture(self) -> Picture:
        return {(table, whom, each): what for _, table, whom, days, what in self.rows for each in days}

    def act(self, perform: Any, change: Any) -> None:
        """Perform an act; the model changes if, and only if, the portal did not refuse."""
        moment = START + timedelta(minutes=len(self.moments))
        with time_machine.travel(moment, tick=False):
            try:
                done = perform()
            except Refusal as refusal:
                self.refused(refusal, change)
            else:
                change(done)
        self.moments.append(moment)
        self.pictures.append(self.picture())

    def refused(self, refusal: Refusal, change: Any) -> None:
        """A refusal for shared days must be one that the calendar shows, too."""
        if isinstance(refusal, DatesOverlap):
            kept = list(self.rows)
            change(None)
            places = [(table, whom, each) for _, table, whom, days, _ in self.rows for each in days]
            assert len(places) > len(set(places))
            self.rows[:] = kept

    def of(self, table: str) -> list[int]:
        return [place for place, row in enumerate(self.rows) if row[1] == table]


def span(begins: int, length: int | None) -> tuple[date, date | None, range]:
    """Days of the calendar: as the portal takes them, and one by one. Without an end they go on past the calendar."""
    ends = None if length is None else begins + length
    return day(begins), None if ends is None else day(ends), range(begins, DAYS + 40 if ends is None else ends)


begins, length = st.integers(0, DAYS - 1), st.none() | st.integers(1, DAYS)
whom = st.integers(0, ORGANISATIONS - 1)
COUNTRIES, WORKS = st.sampled_from(["CH", "IQ", "GH"]), st.sampled_from(["land", "sea", "both"])
ACT = st.one_of(
    st.tuples(st.just("participate"), whom, begins, length),
    st.tuples(st.just("join"), whom, begins, length, st.sampled_from(Pillar), st.sampled_from(["member", "observer"])),
    st.tuples(st.just("join"), whom, begins, length, st.just(Pillar.INDUSTRY), st.just("member")),
    st.tuples(st.just("describe"), whom, begins, length, COUNTRIES, WORKS, st.sampled_from(["", *Size])),
    st.tuples(st.just("certify"), whom, begins, st.integers(1, DAYS), st.integers(0, 1)),
    st.tuples(st.just("suspend"), st.integers(0, 99), begins, st.sampled_from(["suspended", "withdrawn", "valid"])),
    st.tuples(st.just("end"), st.integers(0, 99), begins),
    st.tuples(st.just("correct"), st.integers(0, 99), begins, length),
    st.tuples(st.just("strike_out"), st.integers(0, 99)),
    st.tuples(st.just("apply"), whom, begins, begins, st.sampled_from(["approve", "refuse", "withdraw", "leave"])),
)


def perform(world: World, act: tuple[Any, ...]) -> None:
    globals()[f"act_{act[0]}"](world, *act[1:])


def added(world: World, table: str, about: Any, days: range, what: Any) -> Any:
    return lambda row: world.rows.append((row, table, about, days, what))


def act_participate(world: World, whom: int, begins: int, length: int | None) -> None:
    first, last, days = span(begins, length)
    world.act(
        lambda: operations.record_participation(
            world.organisations[whom], valid_from=first, valid_to=last, source="Sample", by=world.by
        ),
        added(world, "participation", whom, days, None),
    )


def act_join(world: World, whom: int, begins: int, length: int | None, pillar: str, category: str) -> None:
    first, last, days = span(begins, length)
    world.act(
        lambda: operations.record_membership(
            world.organisations[whom],
            pillar=pillar,
            category=category,
            valid_from=first,
            valid_to=last,
            source="Sample",
            by=world.by,
        ),
        added(world, "membership", whom, days, (category, str(pillar))),
    )


def act_describe(world: World, whom: int, begins: int, length: int | None, country: str, works: str, size: str) -> None:
    first, last, days = span(begins, length)

    def change(row: Any) -> None:
        # A profile without an end gives way from the day of the new one on.
        for place in world.of("profile"):
            old, table, about, had, what = world.rows[place]
            if about == whom and had.stop > DAYS + 30 and had.start < begins:
                old = CompanyProfile.objects.filter(
                    organisation=world.organisations[whom], superseded_at=None, valid_from=day(had.start)
                ).first()
                world.rows[place] = (old, table, about, range(had.start, begins), what)
        world.rows.append((row, "profile", whom, days, (country, works, str(size))))

    world.act(
        lambda: operations.record_profile(
            world.organisations[whom],
            headquarters=country,
            environment=works,
            size=size,
            valid_from=first,
            valid_to=last,
            source="Sample",
            by=world.by,
        ),
        change,
    )


def act_certify(world: World, whom: int, begins: int, length: int, standard: int) -> None:
    first, last, days = span(begins, length)
    world.act(
        lambda: operations.record_certificate(
            world.organisations[whom],
            standard=world.standards[standard],
            body=world.body,
            issued_on=first,
            expires_on=last,
            source="Sample",
            by=world.by,
        ),
        added(world, "certificate", (whom, standard), days, "valid"),
    )


def act_suspend(world: World, pick: int, on: int, state: str) -> None:
    places = world.of("certificate")
    if not places:
        return
    place = places[pick % len(places)]
    row, table, about, days, what = world.rows[place]

    def change(new: Any) -> None:
        old = Certificate.objects.get(
            organisation=row.organisation, standard=row.standard, superseded_at=None, valid_from=day(days.start)
        )
        world.rows[place] = (old, table, about, range(days.start, on), what)
        world.rows.append((new, table, about, range(on, days.stop), state))

    world.act(
        lambda: operations.change_certificate_state(row, state=state, on=day(on), source="Sample", by=world.by), change
    )


ENDS: dict[str, Callable[..., Any]] = {
    "participation": operations.end_participation,
    "membership": operations.end_membership,
    "profile": operations.end_profile,
}
CORRECTS: dict[str, Callable[..., Any]] = {
    "participation": operations.correct_participation,
    "membership": operations.correct_membership,
    "profile": operations.correct_profile,
    "certificate": operations.correct_certificate,
}


def act_end(world: World, pick: int, on: int) -> None:
    places = [place for table in ENDS for place in world.of(table)]
    if not places:
        return
    place = places[pick % len(places)]
    row, table, about, days, what = world.rows[place]

    def change(new: Any) -> None:
        world.rows[place] = (new, table, about, range(days.start, on), what)

    world.act(lambda: ENDS[table](row, on=day(on), source="Sample", by=world.by), change)


def act_correct(world: World, pick: int, begins: int, length: int | None) -> None:
    places = [place for table in CORRECTS for place in world.of(table)]
    if not places:
        return
    place = places[pick % len(places)]
    row, table, about, _days, what = world.rows[place]
    first, last, days = span(begins, length)
    dates: dict[str, Any] = {"valid_from": first, "valid_to": last}
    if table == "certificate":
        dates["issued_on"] = min(first, row.issued_on)
        dates["expires_on"] = last

    def change(new: Any) -> None:
        world.rows[place] = (new, table, about, days, what)

    world.act(lambda: CORRECTS[table](row, **dates, source="Sample correction", by=world.by), change)


STRIKES_OUT: dict[str, Callable[..., Any]] = {
    "participation": operations.strike_out_participation,
    "membership": operations.strike_out_membership,
    "profile": operations.strike_out_profile,
    "certificate": operations.strike_out_certificate,
}


def act_strike_out(world: World, pick: int) -> None:
    """A row never was. The profile, or the state of the certificate, that gave way to it goes on in its days."""
    places = [place for table in STRIKES_OUT for place in world.of(table)]
    if not places:
        return
    place = places[pick % len(places)]
    row, table, about, days, _what = world.rows[place]

    def change(_struck: Any) -> None:
        for number, (old, its_table, its_about, had, says) in enumerate(world.rows):
            if (its_table, its_about, had.stop) != (table, about, days.start) or table not in (
                "profile",
                "certificate",
            ):
                continue
            if table == "certificate" and old.issued_on != row.issued_on:
                continue
            now = type(old).objects.get(pk=old.pk)
            world.rows[number] = (now.superseded_by or now, table, about, range(had.start, days.stop), says)
        del world.rows[place]

    world.act(lambda: STRIKES_OUT[table](row, because="Sample mistake", by=world.by), change)


def act_apply(world: World, whom: int, begins: int, later: int, ends: str) -> None:
    """Received on a day, under review from the next on, then decided, withdrawn or left."""
    organisation, number = world.organisations[whom], len(world.rows)

    def receive_and_review() -> Any:
        application = operations.receive_application(
            organisation,
            kind=Application.Kind.MEMBERSHIP,
            pillar=Pillar.CIVIL_SOCIETY,
            received_on=day(begins),
            source="Sample",
            by=world.by,
        )
        operations.begin_review(application, on=day(begins + 1), source="Sample", by=world.by)
        return application

    held: list[Any] = []

    def under_review(application: Any) -> None:
        if application is not None:
            held.append(application)
            world.rows.append((application, "review", (whom, number), range(begins + 1, DAYS + 40), "membership"))

    world.act(receive_and_review, under_review)
    if not held or ends == "leave":
        return
    decided = begins + 1 + later
    place = len(world.rows) - 1

    def decide() -> Any:
        how: dict[str, Any] = {"on": day(decided), "source": "Sample", "by": world.by}
        if ends == "approve":
            return operations.approve_application(held[0], **how)
        if ends == "refuse":
            return operations.refuse_application(held[0], reason="Sample reason", **how)
        return operations.withdraw_application(held[0], **how)

    def change(done: Any) -> None:
        row, table, about, days, what = world.rows[place]
        world.rows[place] = (row, table, about, range(days.start, decided), what)
        if ends == "approve":
            membership = done and Membership.objects.filter(organisation=organisation, superseded_at=None).get(
                valid_from=day(decided)
            )
            days = range(decided, DAYS + 40)
            world.rows.append((membership, "membership", whom, days, ("member", "civil society")))

    world.act(decide, change)


def counted(picture: Picture, on: int) -> dict[str, int]:
    """Every figure of the registry on one day, by walking over the picture."""
    held = {(table, about): what for (table, about, each), what in picture.items() if each == on}

    def members(pillar: str) -> set[int]:
        return {about for (table, about), what in held.items() if table == "membership" and what == ("member", pillar)}

    companies = members("industry")
    profiles = [what for (table, about), what in held.items() if table == "profile" and about in companies]
    valid = [
        about
        for (table, about), what in held.items()
        if table == "certificate" and what == "valid" and about[0] in companies
    ]
    observers = sum(what[0] == "observer" for (table, _), what in held.items() if table == "membership")
    found = {
        "members": len(companies | members("civil society") | members("government")),
        "members.industry": len(companies),
        "members.civil-society": len(members("civil society")),
        "members.government": len(members("government")),
        "companies.land": sum(works == "land" for _, works, _ in profiles),
        "companies.sea": sum(works == "sea" for _, works, _ in profiles),
        "companies.both": sum(works == "both" for _, works, _ in profiles),
        "companies.countries": len({country for country, _, _ in profiles}),
        "certified": len({about[0] for about in valid}),
        "applications.membership": sum(table == "review" for table, _ in held),
        "applications.certification": 0,
        "participants": sum(table == "participation" for table, _ in held),
    }
    if observers:
        found["observers"] = observers
    for number, code in enumerate(STANDARDS):
        if count := sum(standard == number for _, standard in valid):
            found[f"certified.{code}"] = count
    sized = [size for *_, size in profiles if size]
    for size in Size:
        if share := round_half_up(100 * sized.count(size.value), len(sized)):
            found[f"companies.{size.value}"] = share
    return found


def round_half_up(part: int, whole: int) -> int:
    return int(part / whole + 0.5) if whole else 0


def answered(on: int, known: datetime | None) -> dict[str, int]:
    """What the portal says, without what the model does not hold (regions, the Board, delegations)."""
    found = {figure.key: figure.value for figure in figures.figures(day(on), known)}
    kept = ("members", "companies", "certified", "applications", "observers", "affiliates")
    return {key: value for key, value in found.items() if key == "participants" or key.split(".")[0] in kept}


@pytest.fixture
def world_of(secretariat):
    body = factories.CertificationBodyFactory()
    standards: list[Any] = [factories.StandardFactory(code=code) for code in STANDARDS]

    def make() -> World:
        return World(secretariat, [factories.CompanyFactory() for _ in range(ORGANISATIONS)], body, standards)

    return make


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACT, min_size=1, max_size=14), st.lists(st.tuples(st.integers(0, DAYS + 3), whom), max_size=3))
def test_every_figure_of_any_day_as_known_today_and_then(world_of, acts, asked):
    with transaction.atomic():
        world = world_of()
        for act in acts:
            perform(world, act)
        for on, number in [*asked, (DAYS // 2, 0)]:
            if not world.pictures:
                continue
            latest = counted(world.pictures[-1], on)
            assert without_small(answered(on, None)) == without_small(latest)
            place = number % len(world.pictures)
            then = counted(world.pictures[place], on)
            assert without_small(answered(on, world.moments[place])) == without_small(then)
        transaction.set_rollback(True)


def without_small(found: dict[str, int]) -> dict[str, int]:
    """Without the shares by revenue, which are left out of small companies' figures; they have a test of their own."""
    return {key: value for key, value in found.items() if key not in {f"companies.{size.value}" for size in Size}}


def test_shares_by_revenue_are_shown_where_they_tell_of_nobody(world_of):
    for number in range(20):
        company = factories.MembershipFactory().organisation
        size = Size.LARGE if number < 3 else Size.MEDIUM if number < 7 else Size.SMALL
        factories.CompanyProfileFactory(organisation=company, size=size)
    shown = {figure.key: figure.shown.split() for figure in figures.figures(FIRST)}
    assert [shown[f"companies.{size.value}"] for size in Size] == [["65", "%"], ["20", "%"], ["15", "%"]]


def test_a_share_that_would_tell_one_companys_revenue_is_left_out(world_of):
    for number in range(20):
        company = factories.MembershipFactory().organisation
        size = Size.LARGE if number == 0 else Size.MEDIUM if number < 8 else Size.SMALL
        factories.CompanyProfileFactory(organisation=company, size=size)
    shares = {share.size: share.count for share in figures.sizes(figures.AsOf(FIRST))}
    assert shares[Size.LARGE] is None
    # Who knows how many companies there are must not find the one by taking away the others.
    assert sum(count is None for count in shares.values()) > 1
    assert SMALLEST_SHOWN > 1


def test_the_rows_behind_a_figure_are_as_many_as_it_says(world_of, secretariat, reader):
    for number in range(4):
        company = factories.MembershipFactory().organisation
        factories.CompanyProfileFactory(organisation=company, headquarters="CH" if number else "GH")
        if number:
            factories.CertificateFactory(organisation=company)
    factories.MembershipFactory(
        organisation=factories.OrganisationFactory(kind=Organisation.Kind.CIVIL_SOCIETY), pillar=Pillar.CIVIL_SOCIETY
    )
    asked = figures.AsOf(FIRST)
    checked = 0
    for figure in figures.figures(FIRST):
        found = figures.behind(figure.key, asked, secretariat)
        if found is None or figure.unit or figure.key == "companies.countries":
            continue
        assert found[1].count() == figure.value, figure.key
        checked += 1
    assert checked > 8
    assert figures.behind("companies.small", asked, reader) is None
    assert figures.behind("applications.membership", asked, reader) is None
    found = figures.behind("certified", asked, reader)
    assert found is not None
    assert found[1].count() == 3


@pytest.fixture
def company(db):
    return factories.CompanyFactory(name="Sample Company")


def join(company, by, **fields):
    return operations.record_membership(company, **{"pillar": Pillar.INDUSTRY, "source": "Sample", "by": by} | fields)


def test_a_second_open_membership_is_refused_by_name(company, secretariat):
    join(company, secretariat, valid_from=date(2016, 1, 1))
    with pytest.raises(DatesOverlap, match="Sample Company, Member"):
        join(company, secretariat, valid_from=date(2018, 1, 1))
    with pytest.raises(EndsBeforeItBegins):
        join(company, secretariat, valid_from=date(2015, 1, 1), valid_to=date(2015, 1, 1))


def test_a_certificate_needs_a_membership_and_outlives_none(company, secretariat):
    certify = {
        "standard": factories.StandardFactory(),
        "body": factories.CertificationBodyFactory(),
        "issued_on": date(2017, 1, 1),
        "expires_on": date(2020, 1, 1),
        "source": "Sample",
        "by": secretariat,
    }
    with pytest.raises(NotAMember):
        operations.record_certificate(company, **certify)
    assert not Certificate.objects.exists()
    membership = join(company, secretariat, valid_from=date(2016, 1, 1))
    certificate = operations.record_certificate(company, **certify)
    with pytest.raises(CertificateStillRuns, match="PSC"):
        operations.end_membership(membership, on=date(2018, 1, 1), source="Sample", by=secretariat)
    operations.change_certificate_state(
        certificate, state="withdrawn", on=date(2018, 1, 1), source="Sample letter", by=secretariat
    )
    operations.end_membership(membership, on=date(2018, 1, 1), source="Sample", by=secretariat)
    assert {figure.key: figure.value for figure in figures.figures(date(2017, 12, 31))}["certified"] == 1
    assert {figure.key: figure.value for figure in figures.figures(date(2018, 1, 1))}["certified"] == 0
    with pytest.raises(AlreadyEnded):
        operations.change_certificate_state(
            certificate, state="suspended", on=date(2017, 6, 1), source="Sample", by=secretariat
        )


def test_approval_opens_the_membership_and_refused_approval_opens_nothing(company, secretariat):
    application = operations.receive_application(
        company,
        kind=Application.Kind.MEMBERSHIP,
        pillar=Pillar.INDUSTRY,
        received_on=date(2018, 3, 1),
        source="Sample letter",
        by=secretariat,
    )
    with pytest.raises(Refusal, match="not decided yet"):
        operations.receive_application(
            company,
            kind=Application.Kind.MEMBERSHIP,
            pillar=Pillar.INDUSTRY,
            received_on=date(2018, 3, 2),
            source="Sample letter",
            by=secretariat,
        )
    operations.begin_review(application, on=date(2018, 3, 5), source="Sample minutes", by=secretariat)
    with pytest.raises(Refusal):
        operations.approve_application(application, on=date(2018, 3, 4), source="Sample", by=secretariat)
    assert not Membership.objects.exists()
    operations.approve_application(application, on=date(2018, 4, 10), source="Sample decision", by=secretariat)
    assert Membership.objects.get().valid_from == date(2018, 4, 10)
    with pytest.raises(Refusal):
        operations.withdraw_application(application, on=date(2018, 5, 1), source="Sample", by=secretariat)
    states = application.statuses.filter(superseded_at=None).order_by("valid_from").values_list("state", flat=True)
    assert list(states) == ["received", "under review", "approved"]


def test_states_of_one_day_leave_the_last(company, secretariat):
    application = operations.receive_application(
        company,
        kind=Application.Kind.MEMBERSHIP,
        pillar=Pillar.INDUSTRY,
        received_on=date(2018, 3, 1),
        source="Sample letter",
        by=secretariat,
    )
    operations.begin_review(application, on=date(2018, 3, 1), source="Sample letter", by=secretariat)
    in_force = application.statuses.filter(superseded_at=None)
    assert [(row.state, row.valid_from) for row in in_force] == [("under review", date(2018, 3, 1))]


def test_a_new_profile_ends_the_one_before(company, secretariat):
    common = {"source": "Sample", "by": secretariat, "headquarters": "CH"}
    operations.record_profile(company, environment="land", valid_from=date(2015, 1, 1), **common)
    operations.record_profile(company, environment="both", valid_from=date(2017, 1, 1), **common)
    rows = CompanyProfile.objects.filter(superseded_at=None).order_by("valid_from")
    assert [(row.environment, row.valid_to) for row in rows] == [("land", date(2017, 1, 1)), ("both", None)]


def test_who_is_public(company, secretariat, reader, client_of):
    Participation.objects.all().delete()
    assert company not in Organisation.objects.visible_to(reader)
    join(company, secretariat, valid_from=date(2016, 1, 1))
    assert company in Organisation.objects.visible_to(reader)
    assert company in Organisation.objects.visible_to(secretariat)
