"""Who must act next, and by which day: by the rules that held on the day on which the step began."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from icoca_portal.lib.days import today
from members import operations
from members.deadlines import Rules, last_beginning
from members.models import Application, DeadlineRule, Membership
from members.next_steps import Actor, read_next_steps, waiting_for
from members.quality import companies_to_certify, overdue_steps
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"source": "Sample decision"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def changing(secretariat):
    """Sixty days for applicants from 2014, thirty from 1 March 2026, ten of them in industry."""
    for length, pillar, begins in ((60, "", date(2014, 1, 1)), (30, "", date(2026, 3, 1))):
        operations.record_deadline_rule(
            step="supply", length=length, unit="days", pillar=pillar, valid_from=begins, by=secretariat, **SOURCE
        )
    operations.record_deadline_rule(
        step="supply", length=10, unit="days", pillar="industry", valid_from=date(2026, 3, 1), by=secretariat, **SOURCE
    )


def test_a_step_keeps_the_rule_of_the_day_on_which_it_began(changing):
    rules = Rules.read("supply")
    due = {
        (pillar, began): rules.due("supply", pillar, began)
        for pillar in ("government", "industry")
        for began in (date(2013, 12, 31), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert due == {
        ("government", date(2013, 12, 31)): None,
        ("government", date(2026, 2, 28)): date(2026, 4, 29),
        ("government", date(2026, 3, 1)): date(2026, 3, 31),
        ("industry", date(2013, 12, 31)): None,
        ("industry", date(2026, 2, 28)): date(2026, 4, 29),
        ("industry", date(2026, 3, 1)): date(2026, 3, 11),
    }


@pytest.mark.parametrize(("length", "unit"), [(1, "days"), (90, "days"), (1, "months"), (11, "months"), (24, "months")])
def test_the_last_beginning_is_the_last(length, unit):
    rule = DeadlineRule(length=length, unit=unit)
    for number in range(800):
        day = date(2023, 12, 1) + timedelta(days=number)
        last = last_beginning(rule, day)
        assert rule.last_day(last) <= day < rule.last_day(last + timedelta(days=1))


def test_what_waits_for_whom_is_the_same_in_sql(applying, representative, secretariat, officer):
    def expect(*actors: str, application: Application = applying) -> None:
        assert [step.actor for step in read_next_steps([application])[application.pk]] == list(actors)
        found = {actor for actor in Actor.values if Application.objects.filter(waiting_for(actor)).exists()}
        assert found == set(actors)
        page = officer.get(f"{of('application_changelist')}?next=applicant").context["cl"].result_list
        assert bool(page) == (Actor.APPLICANT in actors)

    expect("applicant")
    checks = list(applying.checks.select_related("requirement"))
    operations.supply_evidence(checks[2], note="Paid", by=representative)
    expect("applicant", "secretariat")
    for check in checks[:2]:
        operations.waive_check(check, reason="Sample", version=1, by=secretariat)
    expect("secretariat")
    operations.accept_check(checks[2], version=2, by=secretariat)
    expect("secretariat")
    operations.begin_review(applying, on=today(), by=secretariat, **SOURCE)
    expect("board")
    operations.reopen_check(checks[0], version=2, by=secretariat)
    expect("applicant", "board")
    operations.withdraw_application(applying, on=today(), by=secretariat, **SOURCE)
    expect()


def test_the_list_says_who_acts_next_and_by_when(officer, applying, representative, changing):
    with time_machine.travel("2026-04-01T12:00Z", tick=False):
        applying.checks.update(changed_at="2026-02-20T12:00Z")
        assert [step.due for step in read_next_steps([applying])[applying.pk]] == [date(2026, 4, 21)]
        assert not overdue_steps()
    with time_machine.travel("2026-04-22T12:00Z", tick=False):
        ((_application, step),) = overdue_steps()
        assert step.sentence == "The applicant supplies 3 lines; it was due by 21 April 2026"
    page = officer.get(of("application_changelist")).content.decode()
    for words in ("The applicant supplies 3 lines", "21 April 2026"):
        assert words in page


def test_companies_have_the_time_of_the_rule_under_which_they_joined(secretariat, officer):
    for length, begins in ((24, date(2014, 1, 1)), (12, date(2020, 1, 1))):
        operations.record_deadline_rule(
            step="certify", length=length, unit="months", valid_from=begins, by=secretariat, **SOURCE
        )
    day = date(2021, 6, 1)
    joined = {
        "Before any rule": date(2013, 6, 1),
        "Overdue by the first": date(2018, 1, 1),
        "Soon by the first": date(2019, 6, 30),
        "In time by the first": date(2019, 12, 31),
        "Overdue by the second": date(2020, 3, 1),
        "In time by the second": date(2021, 1, 1),
        "Certified": date(2018, 1, 1),
    }
    for name, begins in joined.items():
        row = factories.MembershipFactory(organisation__name=name, valid_from=begins)
        if name == "Certified":
            factories.CertificateFactory(organisation=row.organisation)
    Membership.objects.filter(organisation__name="Certified").update(valid_from=date(2015, 1, 1))
    with time_machine.travel(f"{day}T12:00Z", tick=False):
        assert [row.organisation.name for row in companies_to_certify()] == [
            "Overdue by the first",
            "Soon by the first",
            "Overdue by the second",
        ]
    page = officer.get(f"{of('organisation_quality')}certification/").content.decode()
    for words in ("Overdue by the second", "1 March 2021", "Overdue"):
        assert words in page


def test_rules_and_lines_are_recorded_ended_and_corrected_in_the_administration(officer):
    typed = {"step": "check", "length": "14", "unit": "days", "valid_from": "2020-01-01", **SOURCE}
    assert officer.post(of("deadlinerule_add"), typed).status_code == 302
    assert officer.post(of("deadlinerule_add"), {**typed, "length": "7", "valid_from": "2024-01-01"}).status_code == 302
    first, second = DeadlineRule.objects.filter(superseded_at=None).order_by("valid_from")
    assert (first.valid_to, second.length) == (date(2024, 1, 1), 7)
    refused = officer.post(of("deadlinerule_correct", second.pk), {**typed, "valid_from": "2019-01-01"})
    assert refused.status_code == 422
    assert "holds on some of these days" in refused.content.decode()
    assert officer.post(of("deadlinerule_end", second.pk), {"on": "2025-01-01", **SOURCE}).status_code == 302
    today_list = officer.get(of("deadlinerule_changelist")).context["cl"].result_list
    assert list(today_list) == []
    kept = officer.get(f"{of('deadlinerule_changelist')}?holds=force").context["cl"].result_list
    assert [row.length for row in kept] == [7, 14]
    line = {"asks": "membership", "pillar": "industry", "title": "Statute", "valid_from": "2020-01-01", "position": "1"}
    assert officer.post(of("requirement_add"), {**line, **SOURCE}).status_code == 302
    assert "Statute" in officer.get(of("requirement_changelist")).content.decode()
