"""What applicants are told by mail: each thing once, in their language, and no reminder of what is done."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from members import operations
from members.exceptions import AccountClosed, DatesOverlap
from members.models import Representative, User
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"source": "Sample letter"}


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(user) -> list[str]:
    return [message.subject for message in Message.objects.filter(recipient=user.email).order_by("pk")]


def test_an_applicant_is_told_of_each_step_once(applying, representative, secretariat):
    checks = list(applying.checks.select_related("requirement"))
    for check in checks[:2]:
        operations.supply_evidence(check, uploads=[SimpleUploadedFile(f"{check}.txt", b"Sample")], by=representative)
        operations.return_check(check, reason=f"Of {check}: not signed", version=2, by=secretariat)
    operations.refuse_application(applying, on=today(), reason="Not complete", by=secretariat, **SOURCE)
    assert told(representative) == [
        "Application received: Sample society, membership",
        "Returned: Sample society, membership",
        "Refused: Sample society, membership",
    ]
    received, returned, refused = Message.objects.filter(recipient=representative.email).order_by("pk")
    link = reverse("members:read_application", args=[applying.pk])
    assert all(link in message.text for message in (received, returned, refused))
    for words in ("Statute", "Of Statute: not signed", "Of Policy: not signed", "Fee"):
        assert words in returned.text
    assert "Reason: Not complete" in refused.text


def test_who_no_longer_speaks_or_has_no_account_is_told_nothing(applying, representative, secretariat):
    Message.objects.all().delete()
    Representative.objects.update(valid_to=today())
    operations.withdraw_application(applying, on=today(), by=secretariat, **SOURCE)
    assert not Message.objects.exists()


@pytest.mark.parametrize("done", ["nothing", "supplied", "withdrawn"])
def test_the_clock_reminds_once_in_the_morning_and_not_of_what_is_done(applying, representative, secretariat, done):
    factories.DeadlineRuleFactory(length=30)
    checks = list(applying.checks.select_related("requirement"))
    if done == "supplied":
        for check in checks:
            operations.supply_evidence(check, uploads=[SimpleUploadedFile("sample.txt", b"Sample")], by=representative)
    elif done == "withdrawn":
        operations.withdraw_application(applying, on=today(), by=secretariat, **SOURCE)
    Message.objects.all().delete()
    begins = timezone.localtime().replace(hour=9)
    found = {}
    for days, hour in ((22, 12), (23, 6), (23, 9), (23, 10), (29, 12), (31, 12)):
        moment = (begins + timedelta(days=days)).replace(hour=hour)
        with time_machine.travel(moment, tick=False):
            operations.send_supply_reminders(timezone.now())
        found[days, hour] = Message.objects.count()
    expected = 0 if done != "nothing" else 1
    assert found == {(22, 12): 0, (23, 6): 0, **dict.fromkeys([(23, 9), (23, 10), (29, 12), (31, 12)], expected)}


# Who speaks for an organisation


def test_somebody_new_is_invited_and_may_then_sign_in(officer, applicant, client_of):
    typed = {
        "name": "Sample Newcomer", "email": "New@Sample.example", "language": "fr", "valid_from": today(), **SOURCE,
    }  # fmt: skip
    address = reverse("admin:members_organisation_record_representative", args=[applicant.pk])
    assert officer.post(address, typed).status_code == 302
    user = User.objects.get(email="new@sample.example")
    message = Message.objects.get(recipient=user.email)
    assert message.confidential
    assert "Sample society" in message.text
    assert client_of(user).get(reverse("members:list_applications")).status_code == 200
    again = officer.post(address, typed)
    assert again.status_code == 422
    assert "Sample Newcomer, Sample society" in again.content.decode()
    neither = officer.post(address, {"valid_from": today(), **SOURCE})
    assert "Name the person to be invited." in neither.content.decode()


def test_somebody_known_is_told_and_loses_the_place_with_the_last_day(officer, applicant, secretariat, client_of):
    user = factories.UserFactory(name="Sample Known")
    client = client_of(user)
    assert client.get("/").status_code == 302, "no role yet"
    row = operations.record_representative(applicant, user=user, valid_from=today(), by=secretariat, **SOURCE)
    assert told(user) == ["You speak for Sample society"]
    assert client_of(user).get("/").status_code == 200
    page = officer.get(reverse("admin:members_organisation_change", args=[applicant.pk])).content.decode()
    assert "Sample Known" in page
    with pytest.raises(DatesOverlap):
        operations.record_representative(applicant, user=user, valid_from=today(), by=secretariat, **SOURCE)
    operations.correct_representative(row, valid_from=today() - timedelta(days=9), by=secretariat, **SOURCE)
    stands = Representative.objects.get(superseded_at=None)
    ends = reverse("admin:members_organisation_end_representative", args=[applicant.pk, stands.pk])
    assert officer.post(ends, {"on": today(), **SOURCE}).status_code == 302
    assert client_of(user).get("/").status_code == 302


def test_a_closed_account_speaks_for_nobody(applicant, inactive, secretariat):
    with pytest.raises(AccountClosed):
        operations.record_representative(applicant, user=inactive, valid_from=today(), by=secretariat, **SOURCE)
