"""The messages around questionnaires: to whom, once, in whose language, saying what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from icoca_portal.lib import sealing
from icoca_portal.outbox.models import Message
from members.models import Delegate
from questionnaires import operations
from tests import factories
from tests.questionnaires.answering import address, draft, make_questionnaire

pytestmark = pytest.mark.django_db


def sent(kind: str) -> dict[str, Message]:
    """The messages of a kind by address."""
    rows = Message.objects.filter(key__startswith=f"{kind}:")
    found = {row.recipient: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture
def people(focal_point, contributor, reader, inactive, other_focal_point, delegation, director):
    """Both delegations, with somebody whose time is over, and somebody whose time is to come."""
    for days in ({"valid_to": date(2018, 1, 1)}, {"valid_from": date(2100, 1, 1)}):
        factories.DelegateFactory(delegation=delegation, user=factories.UserFactory(), **days)


def test_the_opening_is_told_to_those_who_write(people) -> None:
    questionnaire = make_questionnaire(opened=False)

    operations.open_questionnaire(questionnaire, by=factories.UserFactory())

    messages = sent("questionnaire-opened")
    assert set(messages) == {"focal.ch@sample.example", "contributor.ch@sample.example", "focal.se@sample.example"}
    message = messages["contributor.ch@sample.example"]
    assert message.subject == "Questionnaire: Sample plan 2018"
    assert "Dear Sample Contributor" in message.text
    assert address("read_questionnaire") in message.text
    assert "Geneva" in message.text


def test_the_receipt_goes_to_every_delegate_of_the_delegation_once_with_the_seal(
    people, delegation, focal_point, reader
) -> None:
    # Who changed roles has two rows, and one receipt all the same.
    Delegate.objects.filter(user=reader).update(valid_to=date(2018, 1, 1))
    factories.DelegateFactory(
        user=reader, delegation=delegation, role=Delegate.Role.CONTRIBUTOR, valid_from=date(2018, 1, 1)
    )
    submission = operations.submit_response(draft(make_questionnaire(), delegation), by=focal_point)

    messages = sent("response-submitted")

    assert set(messages) == {f"{who}.ch@sample.example" for who in ("focal", "contributor", "reader")}
    for message in messages.values():
        assert message.subject == "Receipt SP-ch-1"
        assert sealing.grouped(submission.sha256) in message.text
        assert "By: Sample Focal Point, focal point" in message.text
        assert address("read_submission") in message.text
        assert address("verify_submission") in message.text
        assert "Sample long answer" not in message.text


def test_each_reads_it_in_their_own_language(delegation, focal_point, contributor) -> None:
    contributor.language = "fr"
    contributor.save()

    operations.submit_response(draft(make_questionnaire(), delegation), by=focal_point)

    messages = sent("response-submitted")
    assert messages["contributor.ch@sample.example"].language == "fr"
    assert messages["focal.ch@sample.example"].language == "en"
    with translation.override("fr"):
        weekday = date_format(timezone.localtime(), "l")
    assert weekday in messages["contributor.ch@sample.example"].text
    assert weekday not in messages["focal.ch@sample.example"].text


def test_a_second_submission_has_a_receipt_of_its_own(delegation, focal_point) -> None:
    response = draft(make_questionnaire(), delegation)
    operations.submit_response(response, by=focal_point)
    operations.return_response(response, reason="Sample <b>reason</b> & more", by=focal_point)
    operations.submit_response(response, by=focal_point)

    subjects = Message.objects.filter(key__startswith="response-submitted:").values_list("subject", flat=True)
    assert sorted(subjects) == ["Receipt SP-ch-1", "Receipt SP-ch-2"]


def test_a_return_gives_the_reason_to_those_who_write(people, delegation, focal_point) -> None:
    response = draft(make_questionnaire(), delegation)
    operations.submit_response(response, by=focal_point)

    operations.return_response(response, reason="Sample <b>reason</b> & more", by=focal_point)

    messages = sent("response-returned")
    assert set(messages) == {"focal.ch@sample.example", "contributor.ch@sample.example"}
    assert "Reason: Sample <b>reason</b> & more" in messages["focal.ch@sample.example"].text


def test_a_moved_deadline_is_told_to_those_who_have_not_submitted_each_time(people, delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    operations.submit_response(draft(questionnaire, delegation), by=focal_point)

    for days in (40, 50):
        operations.move_deadline(questionnaire, to=timezone.now() + timedelta(days=days), by=focal_point)

    rows = Message.objects.filter(key__startswith="deadline-moved:")
    assert list(rows.values_list("recipient", flat=True)) == ["focal.se@sample.example"] * 2


def test_hostile_titles_add_no_header_and_no_markup(delegation, focal_point) -> None:
    questionnaire = make_questionnaire(opened=False)
    questionnaire.title = "Plan\r\nBcc: spy@sample.example & {{ person }}"
    questionnaire.save()

    operations.open_questionnaire(questionnaire, by=focal_point)

    message = sent("questionnaire-opened")["focal.ch@sample.example"]
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "{{ person }}" in message.text
    assert "&amp;" not in message.text
