"""Delegates who want it are told of documents: once they can read them, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.models import Document
from members import notices
from members.models import How, Notice
from tests import factories

pytestmark = pytest.mark.django_db


def test_whoever_chose_it_is_told_once_when_it_can_be_read(focal_point, other_focal_point) -> None:
    now = timezone.now()
    notices.choose(focal_point, {"document_published": How.AT_ONCE}, by=focal_point)
    document = factories.DocumentFactory(title="Sample paper", visibility="participants", uploaded_at=now)
    Document.objects.update(readable_from=now + timedelta(hours=1))
    factories.DocumentFactory(title="Sample secret", visibility="secretariat", uploaded_at=now)
    factories.DocumentFactory(title="Sample old paper", visibility="public", uploaded_at=now - timedelta(days=9))

    assert operations.tell_of_documents(now) == 0, "nothing before its hour"
    later = now + timedelta(hours=2)
    assert [operations.tell_of_documents(later), operations.tell_of_documents(later)] == [1, 0]

    message = Message.objects.get()
    assert (message.recipient, message.subject) == (focal_point.email, "Document: Sample paper")
    assert document.meeting.get_absolute_url() in message.text
    assert Notice.objects.get(user=other_focal_point).how == How.DESK
