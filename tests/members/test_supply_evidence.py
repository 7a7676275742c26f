"""Whoever speaks for an applicant supplies what its application lacks, and nobody else knows that it applied."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icoca_portal.lib.days import today
from members import operations
from members.models import Application, Check, Evidence, Representative
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

RTL = "النظام الأساسي.txt"


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def applicants_browser(client_of) -> Any:
    return client_of("representative")


def page_of(application) -> str:
    return reverse("members:read_application", args=[application.pk])


def line(application, title) -> Check:
    found: Check = application.checks.select_related("requirement").get(requirement__title=title)
    return found


def a_file(name="sample.txt", content=b"A sample text"):
    return SimpleUploadedFile(name, content, "text/plain")


def supply(client, application, title, *files, note="", **options) -> Any:
    row = line(application, title)
    address = reverse("members:supply_evidence", args=[application.pk, row.pk])
    return client.post(address, {"version": row.version, "note": note, "files": list(files)}, **options)


def test_the_page_says_what_is_missing_and_by_when(applicants_browser, applying):
    factories.DeadlineRuleFactory(length=30)
    page = applicants_browser.get(page_of(applying)).content.decode()
    due = f"{today() + timedelta(days=30):%-d %B %Y}"
    for words in (
        "0 of 3 lines settled",
        "Statute",
        "Policy",
        "Fee",
        f"You supply 3 lines by {due}",
    ):
        assert words in page


def test_files_and_a_note_go_to_the_secretariat(applicants_browser, applying):
    done = supply(
        applicants_browser,
        applying,
        "Statute",
        a_file(RTL),
        a_file("Annex.txt", b"Another"),
        note="In Arabic",
        follow=True,
    )
    page = done.content.decode()
    assert f"Received for “Statute”: {RTL}, Annex.txt" in page
    row = line(applying, "Statute")
    assert (row.state, row.steps.get().note, row.evidence.count()) == ("supplied", "In Arabic", 2)
    file = row.evidence.get(original_name=RTL)
    sent = applicants_browser.get(reverse("members:read_evidence", args=[applying.pk, file.pk]))
    assert b"".join(sent.streaming_content) == b"A sample text"
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"


def test_a_returned_line_shows_why_and_takes_a_file_again(applicants_browser, applying, secretariat):
    supply(applicants_browser, applying, "Statute", a_file())
    row = line(applying, "Statute")
    operations.return_check(row, reason="The signature is missing.", version=row.version, by=secretariat)
    page = applicants_browser.get(page_of(applying)).content.decode()
    assert "The signature is missing." in page
    assert "Returned" in page
    assert supply(applicants_browser, applying, "Statute", a_file("signed.txt")).status_code == 302
    assert [step.state for step in line(applying, "Statute").steps.all()] == ["supplied", "returned", "supplied"]


def test_a_page_from_before_the_return_loses_nothing_and_says_so(applicants_browser, applying, secretariat):
    supply(applicants_browser, applying, "Statute", a_file())
    row = line(applying, "Statute")
    address = reverse("members:supply_evidence", args=[applying.pk, row.pk])
    operations.return_check(row, reason="Sample", version=row.version, by=secretariat)
    typed = {"version": row.version, "files": [a_file("more.txt", b"More")], "note": ""}
    page = applicants_browser.post(address, typed, follow=True).content.decode()
    assert "Received for “Statute”: more.txt" in page
    assert "“Statute” was returned while you wrote. Read the reason." in page


def test_a_second_press_stores_nothing_twice(applicants_browser, applying):
    for _press in range(2):
        assert supply(applicants_browser, applying, "Statute", a_file(), note="Once").status_code == 302
    row = line(applying, "Statute")
    assert (row.evidence.count(), row.steps.count()) == (1, 1)


def test_of_several_files_those_are_taken_that_can_be(applicants_browser, applying):
    bad = SimpleUploadedFile("run.pdf", b"MZ\x90\x00\x03", "application/pdf")
    page = supply(applicants_browser, applying, "Statute", a_file("good.txt"), bad, follow=True).content.decode()
    assert "Received for “Statute”: good.txt" in page
    assert "Not taken: run.pdf. This type of file is not taken." in page


@pytest.mark.parametrize(
    ("title", "files", "words"),
    [
        ("Statute", [], "Choose a file."),
        ("Statute", [("large.txt", b"x" * 101)], "large.txt: The file has 1 MB"),
        ("Statute", [("page.txt", b"<script>alert(1)</script>")], "page.txt: This type of file is not taken."),
        ("Statute", [("empty.txt", b"")], "empty.txt: The file is empty."),
    ],
)
def test_what_is_not_taken_stays_on_the_page(applicants_browser, applying, settings, title, files, words):
    settings.MAX_UPLOAD_BYTES = 100
    response = supply(applicants_browser, applying, title, *(a_file(*file) for file in files), note="A typed note")
    assert response.status_code == 422
    page = response.content.decode()
    for shown in ("Not received", words, "A typed note"):
        assert shown in page
    assert line(applying, title).state == "missing"


def test_a_line_without_a_file_takes_words_but_not_nothing(applicants_browser, applying):
    assert supply(applicants_browser, applying, "Fee").status_code == 422
    assert supply(applicants_browser, applying, "Fee", note="Paid on 3 May, reference 77").status_code == 302
    assert line(applying, "Fee").state == "supplied"


@pytest.mark.parametrize("decided", ["accepted", "refused"])
def test_what_was_settled_meanwhile_takes_nothing_and_names_the_file(
    applicants_browser, applying, secretariat, decided
):
    row = line(applying, "Statute")
    if decided == "accepted":
        operations.waive_check(row, reason="Sample", version=row.version, by=secretariat)
    else:
        operations.refuse_application(applying, on=today(), reason="Sample", source="Sample", by=secretariat)
    response = supply(applicants_browser, applying, "Statute", a_file("late.txt"), note="A typed note")
    assert response.status_code == 422
    page = response.content.decode()
    assert "This file was not taken: late.txt." in page
    assert not Evidence.objects.exists()


def test_the_reason_of_a_refusal_is_read_by_the_applicant(applicants_browser, applying, secretariat):
    operations.refuse_application(applying, on=today(), reason="The audit is open.", source="Minutes", by=secretariat)
    page = applicants_browser.get(page_of(applying)).content.decode()
    for words in ("The Board of Directors refused the application", "The audit is open."):
        assert words in page
    assert "Minutes" not in page, "the source is the secretariat’s"
    assert 'type="file"' not in page


# Who may


def test_nobody_else_finds_an_application_or_its_files(client_of, applicants_browser, applying):
    supply(applicants_browser, applying, "Statute", a_file())
    file = Evidence.objects.get()
    others = factories.RepresentativeFactory().user
    addresses = [page_of(applying), reverse("members:read_evidence", args=[applying.pk, file.pk])]
    for who in ("focal_point", "director", "chair", others):
        client = client_of(who)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert supply(client, applying, "Policy", a_file()).status_code == 404
    own = factories.ApplicationStatusFactory(application__organisation=others.represents.get().organisation).application
    client = client_of(others)
    assert client.get(reverse("members:read_evidence", args=[own.pk, file.pk])).status_code == 404
    assert client.post(reverse("members:supply_evidence", args=[own.pk, line(applying, "Fee").pk])).status_code == 404


def test_who_spoke_until_yesterday_is_signed_out_and_keeps_the_words(applicants_browser, applying):
    Representative.objects.update(valid_to=today())
    own = {"origin": "http://testserver"}
    response = supply(applicants_browser, applying, "Statute", a_file(), note="What I had typed", headers=own)
    assert response.status_code == 403
    assert "What I had typed" in response.content.decode()
    assert not Evidence.objects.exists()


def test_an_expired_session_keeps_the_words_and_names_the_files(applicants_browser, applying):
    name = settings.SESSION_COOKIE_NAME
    applicants_browser.get(page_of(applying))
    del applicants_browser.cookies[name]
    response = supply(
        applicants_browser, applying, "Statute", a_file("chosen.txt"), note="What I had typed",
        headers={"origin": "http://testserver", "referer": f"http://testserver{page_of(applying)}"},
    )  # fmt: skip
    assert response.status_code == 302
    applicants_browser.force_login(Representative.objects.get().user)
    page = applicants_browser.get(reverse("read_parked")).content.decode()
    assert "What I had typed" in page
    assert "chosen.txt" in page


# The list and the desk


def test_the_desk_leads_to_what_is_missing(applicants_browser, applying):
    page = applicants_browser.get("/").content.decode()
    for words in ("Supply what is missing: Sample society, membership", "Representative of Sample society"):
        assert words in page
    assert page_of(applying) in page
    for title in ("Statute", "Policy", "Fee"):
        supply(applicants_browser, applying, title, a_file())
    assert "Supply what is missing" not in applicants_browser.get("/").content.decode()


def test_the_pages_take_the_same_queries_for_1_and_30(applicants_browser, applying, applicant, representative):
    addresses = [reverse("members:list_applications"), page_of(applying), "/"]
    one = [queries(applicants_browser, address) for address in addresses]
    for _number in range(29):
        row = Check.objects.create(application=applying, requirement=factories.RequirementFactory())
        operations.supply_evidence(row, uploads=[a_file()], note="Sample", by=representative)
        other = factories.ApplicationStatusFactory(application__organisation=applicant).application
        Check.objects.create(application=other, requirement=row.requirement)
    assert Application.objects.count() == 30
    assert [queries(applicants_browser, address) for address in addresses] == one
    assert max(one) <= 12, one
