"""The secretariat checks an application line by line; the review begins when every line is settled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icoca_portal.lib.days import today
from members import operations
from members.exceptions import LinesNotSettled
from members.models import Check
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

SOURCE = {"source": "Sample note"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


def line(application, title) -> Check:
    found: Check = application.checks.select_related("requirement", "application").get(requirement__title=title)
    return found


def act(client, application, title, step, **typed) -> Any:
    row = line(application, title)
    return client.post(of(f"application_{step}", application.pk, row.pk), {"version": row.version, **typed})


def page_of(client, application) -> str:
    return str(client.get(of("application_change", application.pk)).content.decode())


def a_file(name="sample.txt"):
    return SimpleUploadedFile(name, b"A sample text", "text/plain")


def test_an_application_carries_the_lines_of_the_day_on_which_it_was_received(applicant, secretariat):
    known = {"by": secretariat, **SOURCE}
    old = operations.record_requirement(
        asks="membership", pillar="industry", title="Statute", valid_from=date(2014, 1, 1), **known
    )
    operations.end_requirement(old, on=date(2018, 1, 1), **known)
    operations.record_requirement(
        asks="membership", pillar="industry", title="Policy", valid_from=date(2018, 1, 1), **known
    )
    factories.RequirementFactory(pillar="civil society", title="Of others")
    of_year = {
        year: operations.receive_application(
            factories.CompanyFactory(), kind="membership", pillar="industry", received_on=date(year, 6, 1), **known
        )
        for year in (2013, 2017, 2018)
    }
    assert {year: [str(row) for row in application.checks.all()] for year, application in of_year.items()} == {
        2013: [],
        2017: ["Statute"],
        2018: ["Policy"],
    }


def test_a_line_goes_back_and_forth_until_it_is_accepted(officer, representative, applying):
    assert "The applicant supplies 3 lines" in page_of(officer, applying)
    operations.supply_evidence(line(applying, "Statute"), uploads=[a_file("Statute 2017.txt")], by=representative)
    assert "The secretariat checks 1 line" in page_of(officer, applying)
    form = officer.get(of("application_return_check", applying.pk, line(applying, "Statute").pk)).content.decode()
    assert "Statute 2017.txt" in form
    assert act(officer, applying, "Statute", "return_check", reason="The signature is missing.").status_code == 302
    operations.supply_evidence(line(applying, "Statute"), uploads=[a_file("Statute signed.txt")], by=representative)
    assert act(officer, applying, "Statute", "accept_check").status_code == 302
    page = page_of(officer, applying)
    for words in ("The signature is missing.", "Statute 2017.txt", "Statute signed.txt", "Accepted", "Open again"):
        assert words in page
    states = [step.state for step in line(applying, "Statute").steps.all()]
    assert states == ["supplied", "returned", "supplied", "accepted"]


def test_the_review_waits_for_every_line_and_says_for_which(officer, applying, representative, secretariat):
    operations.supply_evidence(line(applying, "Statute"), uploads=[a_file()], by=representative)
    begins = of("application_begin_review", applying.pk)
    refused = officer.post(begins, {"on": today(), **SOURCE})
    assert refused.status_code == 422
    for words in ("“Statute” (Supplied)", "“Policy” (Missing)", "“Fee” (Missing)"):
        assert words in refused.content.decode()
    with pytest.raises(LinesNotSettled):
        operations.approve_application(applying, on=today(), source="Sample", by=secretariat)
    assert act(officer, applying, "Statute", "accept_check").status_code == 302
    assert act(officer, applying, "Policy", "waive_check").status_code == 422, "it says why"
    assert act(officer, applying, "Policy", "waive_check", reason="Part of the statute.").status_code == 302
    assert act(officer, applying, "Fee", "accept_check").status_code == 302, "it needs no file"
    assert "The secretariat begins the review" in page_of(officer, applying)
    assert officer.post(begins, {"on": today(), **SOURCE}).status_code == 302
    assert "The Board decides" in page_of(officer, applying)


def test_two_editors_of_a_line_do_not_pass_each_other_by(officer, applying, representative):
    row = line(applying, "Policy")
    operations.supply_evidence(row, uploads=[a_file("first.txt")], by=representative)
    seen = line(applying, "Policy").version
    operations.supply_evidence(row, uploads=[a_file("second.txt")], by=representative)
    address = of("application_accept_check", applying.pk, row.pk)
    refused = officer.post(address, {"version": seen, "note": "A sample note that was typed"})
    assert refused.status_code == 422
    page = refused.content.decode()
    for words in ("“Policy” changed meanwhile: Supplied, Sample Representative", "A sample note that was typed"):
        assert words in page
    assert line(applying, "Policy").state == "supplied"


@pytest.mark.parametrize(
    ("title", "step", "typed", "words"),
    [
        ("Statute", "accept_check", {}, "Nothing was supplied for “Statute”"),
        ("Statute", "return_check", {"reason": "Sample"}, "is with the applicant already"),
        ("Statute", "reopen_check", {}, "is open already"),
    ],
)
def test_a_line_that_nobody_supplied_is_not_judged(officer, applying, title, step, typed, words):
    refused = act(officer, applying, title, step, **typed)
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_a_settled_line_opens_again_where_it_stood(officer, applying, representative):
    operations.supply_evidence(line(applying, "Statute"), uploads=[a_file()], by=representative)
    for title, step in (("Statute", "accept_check"), ("Policy", "waive_check")):
        act(officer, applying, title, step, reason="Sample reason")
        act(officer, applying, title, "reopen_check")
    assert [line(applying, title).state for title in ("Statute", "Policy")] == ["supplied", "missing"]


def test_what_came_by_letter_is_added_by_the_secretariat(officer, applying, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    typed = {"files": [a_file("one.txt"), SimpleUploadedFile("two.exe", b"MZ\x00\x01")], "note": "By letter"}
    assert act(officer, applying, "Statute", "supply_evidence", **typed).status_code == 302
    row = line(applying, "Statute")
    assert (row.state, [str(file) for file in row.evidence.all()]) == ("supplied", ["one.txt"])
    assert "two.exe: This type of file is not taken." in page_of(officer, applying)


def test_nothing_moves_once_it_is_decided(officer, applying, secretariat):
    operations.refuse_application(applying, on=today(), reason="Sample", source="Sample", by=secretariat)
    refused = act(officer, applying, "Fee", "accept_check")
    assert refused.status_code == 422
    assert "The application is no longer open (Refused on" in refused.content.decode()
    page = page_of(officer, applying)
    assert "/checklist/" not in page


def test_an_application_from_before_the_checklists_goes_on_as_it_did(officer):
    old = factories.ApplicationStatusFactory(valid_from=today() - timedelta(days=9)).application
    assert "carries no checklist" in page_of(officer, old)
    assert officer.post(of("application_begin_review", old.pk), {"on": today(), **SOURCE}).status_code == 302


def test_the_page_takes_the_same_queries_for_3_and_30_lines(officer, applying, representative, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    addresses = [of("application_change", applying.pk), of("application_changelist")]
    few = [queries(officer, address) for address in addresses]
    for _number in range(27):
        Check.objects.create(application=applying, requirement=factories.RequirementFactory())
    for row in applying.checks.select_related("requirement")[:5]:
        operations.supply_evidence(row, uploads=[a_file()], by=representative)
    assert [queries(officer, address) for address in addresses] == few
    assert max(few) <= 12
