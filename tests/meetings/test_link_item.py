"""Links of agenda items to guidance, reviews and workshops: who sees them; the agenda's text stays as it is."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from meetings import operations
from meetings.models import AgendaRevision, ItemLink
from members import operations as members
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(officer):
    return members.publish_activity(factories.FieldReviewFactory(), by=officer)


def of(meeting, step, *more):
    return reverse(f"admin:meetings_meeting_{step}", args=[meeting.pk, *more])


def body(response):
    return response.content.decode()


def test_a_link_stands_under_the_item_for_who_may_read_it(meeting, client_of, review, officer):
    hidden = factories.WorkshopFactory(title="Sample workshop that is not published")
    client = client_of("secretariat")
    item = meeting.items.first()
    done = client.post(of(meeting, "link_item"), {"item": item.pk, "to": f"fieldreview:{review.pk}"})
    assert done["Location"] == of(meeting, "link_item")
    operations.link_item(item, to=hidden, by=officer)
    operations.link_item(item, to=hidden, by=officer)  # a second click
    assert ItemLink.objects.count() == 2
    for who in ("visitor", "focal_point"):
        page = body(client_of(who).get(meeting.get_absolute_url()))
        assert review.get_absolute_url() in page
        assert "Field-based review, Ghana, 1 June 2018" in page
        assert hidden.title not in page
    assert hidden.title in body(client.get(meeting.get_absolute_url()))
    link = ItemLink.objects.get(workshop=hidden)
    assert body(client.get(of(meeting, "link_item"))).count(of(meeting, "unlink_item", link.pk)) == 1
    client.post(of(meeting, "unlink_item", link.pk))
    assert ItemLink.objects.get().field_review == review


def test_what_is_not_on_the_form_is_refused(meeting, planned, client_of, review):
    client = client_of("secretariat")
    foreign = planned.items.first()
    for typed in (
        {"item": foreign.pk, "to": f"fieldreview:{review.pk}"},
        {"item": meeting.items.first().pk, "to": "fieldreview:99999"},
        {"item": "x", "to": ""},
    ):
        assert client.post(of(meeting, "link_item"), typed).status_code == 422
    assert not ItemLink.objects.exists()
    assert client_of("chair").get(of(meeting, "link_item")).status_code in (302, 403)


def test_the_text_that_was_circulated_does_not_change(planned, client_of, review, officer):
    meeting = operations.convene_meeting(planned, by=officer)
    sealed = AgendaRevision.objects.get()
    operations.link_item(meeting.items.all()[0], to=review, by=officer)
    meeting.refresh_from_db()
    assert operations.changes_since_circulated(meeting) == []
    assert AgendaRevision.objects.get().content == sealed.content
    page = body(client_of("focal_point").get(meeting.get_absolute_url()))
    assert review.get_absolute_url() in page
    adopted = operations.adopt_agenda(meeting, by=officer)
    operations.link_item(adopted.items.all()[0], to=factories.GuidanceFactory(), by=officer)
    assert AgendaRevision.objects.count() == 1


def test_a_link_leads_to_exactly_one_thing(meeting, review, officer):
    item = meeting.items.first()
    for targets in ({}, {"field_review": review, "guidance": factories.GuidanceFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemLink.objects.create(item=item, linked_by=officer, **targets)


def test_links_make_no_screen_heavier(meeting, client_of, review, officer):
    """The meeting's screen asks nothing of them; its page one query, and only where there is a link."""
    client, reader = client_of("secretariat"), client_of("reader")
    screen = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    queries(client, screen)
    before = queries(client, screen), queries(reader, meeting.get_absolute_url())
    for _number in range(10):
        item = factories.AgendaItemFactory(meeting=meeting)
        operations.link_item(item, to=review, by=officer)
        operations.link_item(item, to=factories.GuidanceFactory(), by=officer)
    after = queries(client, screen), queries(reader, meeting.get_absolute_url())
    assert after == (before[0], before[1] + 1)
