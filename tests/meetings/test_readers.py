"""A query that is composed once for many readers finds for each of them what `visible_to` finds."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from icoca_portal.lib.prepared import Prepared
from meetings.models import Attendance, ChairsSummary, Document, FollowUp, Invitation, Meeting, Office
from meetings.readers import Reader, values_of
from tests import factories

pytestmark = pytest.mark.django_db

MODELS: list[Any] = [Meeting, Document, Attendance, FollowUp, ChairsSummary, Invitation]
PREPARED: dict[Any, Prepared[Any]] = {
    model: Prepared(lambda reader, model=model: model.objects.visible_to(reader).order_by("pk")) for model in MODELS
}


@pytest.fixture
def _rows(delegation, other_delegation, officer, chair):
    now = timezone.now()
    chaired = factories.MeetingFactory(
        working_group=Office.objects.get(user=chair).working_group, visibility="secretariat"
    )
    for meeting in (
        chaired,
        *(factories.MeetingFactory(visibility=v) for v in ("public", "participants", "secretariat")),
    ):
        for visibility in ("public", "participants", "secretariat"):
            factories.DocumentFactory(meeting=meeting, visibility=visibility)
        for days in (-1, 1):
            factories.DocumentFactory(meeting=meeting, visibility="public", readable_from=now + timedelta(days=days))
        factories.AttendanceFactory(meeting=meeting, delegation=delegation)
        factories.FollowUpFactory(meeting=meeting)
        factories.ChairsSummaryFactory(meeting=meeting)
        for row in (delegation, other_delegation):
            meeting.invitations.create(delegation=row, invited_by=officer)


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize(
    "who", ["visitor", "nobody", "reader", "focal_point", "other_focal_point", "chair", "director", "secretariat"]
)
def test_as_many_rows_as_for_the_person(who, request):
    if who == "visitor":
        person = AnonymousUser()
    else:
        person = factories.UserFactory() if who == "nobody" else request.getfixturevalue(who)
    for model, prepared in PREPARED.items():
        found = prepared.all(Reader.of(person), **values_of(person))
        assert found == list(model.objects.visible_to(person).order_by("pk")), model
    everything = len(PREPARED[Document].all(Reader.of(person), **values_of(person))) == 20
    assert everything == (who in ("chair", "secretariat"))


@pytest.mark.usefixtures("_rows")
def test_two_delegations_share_a_query_and_not_what_it_finds(focal_point, other_focal_point):
    assert Reader.of(focal_point) == Reader.of(other_focal_point)
    own, others = (
        {row.delegation_id for row in PREPARED[Invitation].all(Reader.of(user), **values_of(user))}
        for user in (focal_point, other_focal_point)
    )
    assert own == {focal_point.standing.delegation_id}
    assert others == {other_focal_point.standing.delegation_id}
