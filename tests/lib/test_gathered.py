"""Several lists by one query."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.db.models import Exists, OuterRef

from icoca_portal.lib.gathered import gather, newest
from meetings.models import Document, Meeting
from members.models import Delegate, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_of_several_tables_come_by_one_query(focal_point, django_assert_num_queries):
    meeting = factories.MeetingFactory(
        title="Sample “subject”, نموذج\nin two lines", date=date(2026, 12, 3), starts_at=time(9, 30)
    )
    document = factories.DocumentFactory(meeting=meeting)
    Document.objects.update(uploaded_at=datetime(2026, 11, 26, 22, 5, 1, 250, UTC))
    of_today = Delegate.objects.filter(user=OuterRef("pk"))

    with django_assert_num_queries(1):
        read = gather(
            meetings=(Meeting.objects.all(), "pk", "title", "date", "starts_at", "ends_at", "working_group__slug"),
            documents=(Document.objects.all(), "pk", "uploaded_at", "meeting__date"),
            people=(User.objects.annotate(sits=Exists(of_today)).filter(pk=focal_point.pk), "name", "sits"),
            nobody=(User.objects.none(), "pk"),
        )

    assert read["meetings"] == [(meeting.pk, meeting.title, date(2026, 12, 3), time(9, 30), None, "icoca")]
    assert read["documents"] == [(document.pk, datetime(2026, 11, 26, 22, 5, 1, 250, UTC), date(2026, 12, 3))]
    assert [(name, bool(sits)) for name, sits in read["people"]] == [("Sample Focal Point", True)]
    assert read["nobody"] == []


def test_nothing_asked_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert gather() == {}


def test_of_many_only_the_newest_are_read():
    made = [factories.FollowUpFactory() for _number in range(5)]
    rows = type(made[0]).objects.all()
    read = gather(some=(newest(rows, "-pk", limit=2), "pk"), others=(newest(rows, "pk", limit=1), "pk"))
    assert {pk for (pk,) in read["some"]} == {made[3].pk, made[4].pk}
    assert read["others"] == [(made[0].pk,)]
