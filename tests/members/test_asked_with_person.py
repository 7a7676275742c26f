"""What is read together with the person of a session."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from icoca_portal.lib.days import today
from meetings.models import Office
from meetings.querysets import chaired_groups
from members.backends import PersonBackend
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["focal_point", "director", "superuser"])
def test_seat_and_offices_of_a_person_without_an_office_take_no_further_query(who, request):
    person = PersonBackend().get_user(request.getfixturevalue(who).pk)
    with CaptureQueriesContext(connection) as captured:
        assert not chaired_groups(person)
        assert person.standing.is_director == (who == "director")
    assert not captured.captured_queries


def test_an_office_counts_from_the_next_request_on(focal_point):
    assert not chaired_groups(PersonBackend().get_user(focal_point.pk))
    office = factories.OfficeFactory(user=focal_point)
    assert chaired_groups(PersonBackend().get_user(focal_point.pk)) == {office.working_group_id}
    Office.objects.update(valid_to=today())
    assert not chaired_groups(PersonBackend().get_user(focal_point.pk))


def test_permissions_are_those_of_the_person_and_of_their_groups_in_one_query(secretariat, superuser):
    for user in (secretariat, superuser):
        person, again = PersonBackend().get_user(user.pk), PersonBackend().get_user(user.pk)
        assert person
        assert again
        with CaptureQueriesContext(connection) as captured:
            found = PersonBackend().get_all_permissions(person)
        assert len(captured) == 1
        assert found == PersonBackend().get_user_permissions(again) | PersonBackend().get_group_permissions(again)
        assert "meetings.view_meeting" in found
