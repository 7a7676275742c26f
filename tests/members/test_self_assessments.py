"""Self-assessments: asked of a pillar, sent by representatives, received by the secretariat, reminded of once."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icoca_portal.lib.days import geneva, today
from icoca_portal.outbox.models import Message
from members import operations
from members.desk import waiting_for
from members.exceptions import DueInThePast, NobodyToAsk, NoRuleForDeadline
from members.models import DeadlineRule, SelfAssessment, SelfAssessmentFile
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Files of a test go away with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def company():
    """A member company since 2014."""
    return factories.MembershipFactory(
        organisation__name="Sample Harbour Guarding", valid_from=date(2014, 1, 1)
    ).organisation


@pytest.fixture
def representative(company):
    """Speaks for the company, and has no other place in the portal."""
    return factories.RepresentativeFactory(organisation=company, user__email="sent.by@sample.example").user


@pytest.fixture
def assessment(company) -> SelfAssessment:
    return factories.SelfAssessmentFactory(organisation=company, due_on=today() + timedelta(days=30))


def a_file(content=b"Sample", name="sample.txt"):
    return SimpleUploadedFile(name, content)


def send(client, assessment, content=b"Sample", name="sample.txt"):
    address = reverse("members:send_self_assessment", args=[assessment.pk])
    return client.post(address, {"upload": a_file(content, name)}, follow=True)


def said(response):
    return response.content.decode()


def read(client, address):
    """The answer to a file's address, read to its end, which closes the file."""
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def recipients(begins):
    return sorted(Message.objects.filter(key__startswith=begins).values_list("recipient", flat=True))


# Asking


def test_all_members_of_the_pillar_are_asked_once_a_year(company, representative, secretariat):
    factories.MembershipFactory(pillar="civil society")
    left = factories.MembershipFactory(valid_from=date(2014, 1, 1), valid_to=date(2020, 1, 1)).organisation
    factories.MembershipFactory(category="observer")
    asked: dict = {"year": 2026, "pillar": "industry", "by": secretariat, "due_on": today() + timedelta(days=60)}
    first = operations.request_self_assessments(**asked)
    assert [row.organisation for row in first.new] == [company]
    assert (first.before, first.untold) == (0, 0)
    assert recipients("assessment.requested:") == ["sent.by@sample.example"]
    later = factories.MembershipFactory().organisation
    again = operations.request_self_assessments(**{**asked, "due_on": today() + timedelta(days=90)})
    assert ([row.organisation for row in again.new], again.before, again.untold) == ([later], 1, 1)
    assert company.self_assessments.get().due_on == today() + timedelta(days=60)
    assert recipients("assessment.requested:") == ["sent.by@sample.example"]
    of_then = operations.request_self_assessments(**asked, on=date(2019, 1, 1))
    assert [row.organisation for row in of_then.new] == [left]


def test_the_rule_of_the_day_says_by_when(company, secretariat):
    asked: dict = {"year": 2026, "pillar": "industry", "by": secretariat}
    with pytest.raises(NoRuleForDeadline):
        operations.request_self_assessments(**asked)
    rules: dict = {"step": DeadlineRule.Step.ASSESS, "source": "Sample", "recorded_by": secretariat}
    DeadlineRule.objects.create(**rules, valid_from=date(2014, 1, 1), valid_to=date(2025, 1, 1), length=600)
    DeadlineRule.objects.create(**rules, valid_from=date(2025, 1, 1), length=1, unit="months")
    DeadlineRule.objects.create(**rules, valid_from=date(2025, 1, 1), length=9, pillar="civil society")
    with time_machine.travel(datetime(2026, 1, 31, 12, tzinfo=geneva())):
        assert operations.request_self_assessments(**asked).due_on == date(2026, 2, 28)
        with pytest.raises(DueInThePast):
            operations.request_self_assessments(**asked, on=date(2014, 2, 1))
        with pytest.raises(NobodyToAsk):
            operations.request_self_assessments(**{**asked, "pillar": "government"})


def test_a_year_is_requested_on_a_page(officer, company):
    address = reverse("admin:members_selfassessment_add")
    typed = {"year": 2026, "pillar": "industry", "on": today(), "due_on": today() + timedelta(days=60)}
    done = officer.post(address, typed, follow=True)
    assert "1 member asked, due by" in said(done)
    assert "For 1 of them nobody gets the mail" in said(done)
    assert "Nobody new to ask. 1 had been asked before." in said(officer.post(address, typed, follow=True))
    refused = officer.post(address, {**typed, "year": 1})
    assert refused.status_code == 422


# Sending


def test_the_representative_finds_it_on_the_desk_and_sends_it(client_of, assessment, representative):
    client = client_of(representative)
    thing = waiting_for(representative)[0]
    assert (thing.title, thing.due) == (
        "Send the self-assessment 2026 of Sample Harbour Guarding", assessment.due_on,
    )  # fmt: skip
    assert thing.title in said(client.get("/"))
    assert "Sample Harbour Guarding" in said(client.get("/members/assessments/"))
    sent = send(client, assessment, name="تقييم.txt")
    assert "Received. The file is with the secretariat." in said(sent)
    assert "تقييم.txt" in said(sent)
    assessment.refresh_from_db()
    assert assessment.received_on == today()
    assert waiting_for(representative) == []
    # A second click sends the same file.
    send(client, assessment)
    assert assessment.files.count() == 1
    send(client, assessment, b"Newer")
    newest = assessment.files.first()
    assert (assessment.files.count(), newest.file.read()) == (2, b"Newer")
    newest.file.close()
    file = read(client, newest.get_absolute_url())
    assert (file["X-Content-Type-Options"], file["Content-Disposition"][:10]) == ("nosniff", "attachment")


def test_a_newer_file_is_taken_until_the_due_day_or_for_a_week(client_of, assessment, representative):
    due = today() - timedelta(days=20)
    SelfAssessment.objects.update(due_on=due)
    client = client_of(representative)
    send(client, assessment)  # however late
    SelfAssessment.objects.update(received_on=today() - timedelta(days=7))
    send(client, assessment, b"Within the week")
    assert assessment.files.count() == 2
    SelfAssessment.objects.update(received_on=today() - timedelta(days=8))
    late = send(client, assessment, b"Too late")
    assert late.status_code == 422
    assert "Write to the secretariat" in said(late)
    assert "Send a newer file" not in said(late)
    SelfAssessment.objects.update(due_on=today())
    assert send(client, assessment, b"Until the due day").status_code == 200
    SelfAssessment.objects.update(received_on=None, waived_because="Sample reason")
    assert "Sample reason" in said(send(client, assessment, b"Not needed"))
    assert assessment.files.count() == 3


def test_what_is_refused_is_said_on_the_page(client_of, assessment, representative, settings):
    client = client_of(representative)
    for name, content, words in (
        ("sample.pdf", b"MZ\x90\x00 a program", "This type of file is not taken"),
        ("sample.txt", b"", "The file is empty"),
    ):
        refused = send(client, assessment, content, name)
        assert refused.status_code == 422
        assert words in said(refused)
    settings.MAX_UPLOAD_BYTES = 3
    assert "the limit is" in said(send(client, assessment))
    address = reverse("members:send_self_assessment", args=[assessment.pk])
    assert "Choose a file." in said(client.post(address, {}))
    assert not SelfAssessmentFile.objects.exists()
    assert SelfAssessment.objects.get().received_on is None


def test_it_exists_for_its_representatives_and_the_secretariat(client_of, assessment, representative, focal_point):
    operations.send_self_assessment(assessment, upload=a_file(), by=representative)
    file = assessment.files.get().get_absolute_url()
    other = factories.RepresentativeFactory().user
    former = factories.RepresentativeFactory(organisation=assessment.organisation, valid_to=date(2020, 1, 1)).user
    factories.DelegateFactory(user=former)
    for who in (other, former, focal_point, "director"):
        client = client_of(who)
        assert [client.get(address).status_code for address in (assessment.get_absolute_url(), file)] == [404, 404]
        assert send(client, assessment).status_code == 404
    assert "No self-assessment is asked for yet" in said(client_of(other).get("/members/assessments/"))
    assert client_of(focal_point).get("/members/assessments/").status_code == 404
    officer = client_of("secretariat")
    assert read(officer, file).status_code == 200
    assert send(officer, assessment).status_code == 403


# The secretariat


def test_the_secretariat_receives_waives_and_asks_again(officer, assessment):
    def act(step, **typed):
        return officer.post(reverse(f"admin:members_selfassessment_{step}", args=[assessment.pk]), typed, follow=True)

    to_come = today() + timedelta(days=1)
    assert "still to come" in said(act("receive_self_assessment", received_on=to_come))
    act("receive_self_assessment", received_on=today() - timedelta(days=3), upload=a_file())
    assert (SelfAssessment.objects.get().received_on, assessment.files.count()) == (today() - timedelta(days=3), 1)
    assert act("waive_self_assessment", because="Sample reason").status_code == 409
    act("ask_again", due_on=to_come)
    row = SelfAssessment.objects.get()
    assert (row.state, row.due_on, assessment.files.count()) == ("outstanding", to_come, 1)
    act("waive_self_assessment", because="Sample reason")
    assert SelfAssessment.objects.get().waived_because == "Sample reason"
    assert act("ask_again", due_on=today() - timedelta(days=1)).status_code == 409


def test_another_last_day_from_an_old_page_overwrites_nobody(officer, assessment):
    address = reverse("admin:members_selfassessment_change", args=[assessment.pk])
    rows = {"files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0}
    assert officer.post(address, {"due_on": "2030-01-01", "seen_version": 1, **rows}).status_code == 302
    stale = officer.post(address, {"due_on": "2031-01-01", "seen_version": 1, **rows})
    assert stale.status_code == 409
    assert "1 January 2030" in said(stale) or "2030-01-01" in said(stale)
    assert SelfAssessment.objects.get().due_on == date(2030, 1, 1)


def test_five_thousand_take_the_queries_of_one(officer, assessment, secretariat):
    address = reverse("admin:members_selfassessment_changelist")
    asked = ["", "?state=overdue", "?state=received&pillar=industry", "?represented=no&year=2026", "?q=Sample"]
    few = [queries(officer, address + query) for query in asked]
    companies = type(assessment.organisation).objects.bulk_create(
        type(assessment.organisation)(name=f"Sample company {n}", slug=f"one-of-many-{n}", kind="company")
        for n in range(5000)
    )
    SelfAssessment.objects.bulk_create(
        SelfAssessment(organisation=each, year=2026, due_on=date(2026, 1, 1), requested_by=secretariat)
        for each in companies
    )
    assert [queries(officer, address + query) for query in asked] == few
    assert max(few) <= 12


# Reminding


@pytest.mark.parametrize(("days", "words"), [(14, "in 14 days"), (3, "in 3 days"), (-7, "has not been received")])
def test_representatives_are_reminded_once(assessment, representative, days, words):
    begins = "assessment.due:"
    morning = datetime.combine(assessment.due_on - timedelta(days=days), datetime.min.time(), geneva())
    with time_machine.travel(morning + timedelta(hours=7), tick=False) as clock:
        for hours in (7, 9, 10):
            clock.move_to(morning + timedelta(hours=hours))
            operations.send_due_assessment_reminders(morning + timedelta(hours=hours))
            assert recipients(begins) == ([] if hours < 8 else ["sent.by@sample.example"])
    message = Message.objects.get(key__startswith=begins)
    assert words in message.text
    assert assessment.get_absolute_url() in message.text


def test_nobody_is_reminded_of_what_came_or_was_moved(company, assessment, representative, secretariat):
    due = assessment.due_on
    day = datetime.combine(due - timedelta(days=3), datetime.min.time(), geneva()) + timedelta(hours=9)
    operations.send_self_assessment(assessment, upload=a_file(), by=representative)
    moved = factories.SelfAssessmentFactory(organisation=company, year=2027, due_on=due + timedelta(days=1))
    waived = factories.SelfAssessmentFactory(organisation=company, year=2028, due_on=due)
    operations.waive_self_assessment(waived, because="Sample", by=secretariat)
    with time_machine.travel(day):
        assert operations.send_due_assessment_reminders(day) == 0
    assert moved.is_outstanding
