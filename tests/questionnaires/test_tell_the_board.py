"""Directors who want it are told of responses, from the moment that was promised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from icoca_portal.outbox.models import Message
from members import notices
from members.models import How, Notice
from questionnaires import operations
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("read_from", ["submission", "closing"])
def test_a_director_is_told_once_the_board_can_read(director, focal_point, delegation, secretariat, read_from) -> None:
    questionnaire = factories.QuestionnaireFactory(title="Sample plan", read_from=read_from)
    notices.choose(director, {"submissions_to_read": How.AT_ONCE}, by=director)
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, by=focal_point)
    assert operations.tell_the_board(timezone.now()) == 0
    operations.submit_response(response, by=focal_point)

    at_once = read_from == "submission"
    assert operations.tell_the_board(timezone.now()) == at_once
    questionnaire.refresh_from_db()
    operations.close_questionnaire(questionnaire, by=secretariat)
    assert operations.tell_the_board(timezone.now()) == (not at_once)
    assert operations.tell_the_board(timezone.now()) == 0

    message = Message.objects.get(recipient=director.email)
    assert message.subject == "New responses: Sample plan"
    assert delegation.organisation.name not in message.text
    assert set(Notice.objects.filter(kind="submissions_to_read").values_list("user", flat=True)) == {director.pk}
    assert operations.tell_the_board(timezone.now() + timedelta(days=3)) == 0
