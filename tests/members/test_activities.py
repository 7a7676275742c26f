"""Field-based reviews and workshops in the administration: written, held, published, taken back; two editors."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from icoca_portal.lib.days import today
from members.models import FieldReview, Workshop
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

REVIEW = {
    "country": "GH", "place": "", "begins_on": "2018-06-01", "topics": "Vetting\nTraining",
    "meets": ["companies", "civil society"], "public_note": "", "findings": "<p>Sample findings</p><script>x</script>",
}  # fmt: skip


def of(model, step, *args):
    return reverse(f"admin:members_{model}_{step}", args=args)


def said(response):
    return response.content.decode()


def test_a_review_is_written_held_published_and_taken_back(officer, client):
    visited = factories.MembershipFactory().organisation
    officer.post(of("fieldreview", "add"), {**REVIEW, "organisations": [visited.pk]})
    review = FieldReview.objects.get()
    assert (review.topic_list, review.parties) == (["Vetting", "Training"], ["Companies", "Civil society"])
    assert review.findings == "<p>Sample findings</p>"
    assert review.when == "June 2018"
    assert client.get(review.get_absolute_url()).status_code == 404
    for step, state in (
        ("hold_activity", "held"),
        ("plan_activity_again", "planned"),
        ("cancel_activity", "cancelled"),
    ):
        assert officer.post(of("fieldreview", step, review.pk)).status_code == 302
        review.refresh_from_db()
        assert review.state == state
    assert officer.post(of("fieldreview", "hold_activity", review.pk)).status_code == 409
    assert officer.post(of("fieldreview", "publish_activity", review.pk)).status_code == 302
    assert "Cancelled" in said(client.get(review.get_absolute_url()))
    assert officer.post(of("fieldreview", "publish_activity", review.pk)).status_code == 409
    officer.post(of("fieldreview", "unpublish_activity", review.pk))
    assert client.get(review.get_absolute_url()).status_code == 404


def test_what_is_still_to_come_is_not_held(officer):
    workshop = factories.WorkshopFactory(state="planned", begins_on=today() + timedelta(days=3))
    refused = officer.post(of("workshop", "hold_activity", workshop.pk))
    assert refused.status_code == 409
    assert "Put the date right first" in said(refused)


def test_days_and_numbers_that_cannot_be_are_refused_with_what_was_typed(officer):
    listed = [factories.CompanyFactory().pk for _number in range(3)]
    typed = {
        "title": "Sample ورشة", "country": "CD", "place": "Goma", "begins_on": "2018-05-20", "ends_on": "2018-05-10",
        "taking_part": 2, "organisations": listed, "public_note": "Sample note that stays",
    }  # fmt: skip
    refused = said(officer.post(of("workshop", "add"), typed))
    for words in ("The last day is before the first", "More organisations are listed", "Sample note that stays"):
        assert words in refused
    assert not Workshop.objects.exists()
    officer.post(of("workshop", "add"), {**typed, "ends_on": "2018-05-21", "taking_part": 25})
    assert Workshop.objects.get().organisations.count() == 3


def test_a_save_from_before_the_publication_overwrites_nothing(officer):
    review = factories.FieldReviewFactory()
    officer.post(of("fieldreview", "publish_activity", review.pk))
    stale = officer.post(of("fieldreview", "change", review.pk), {**REVIEW, "seen_version": 1})
    assert stale.status_code == 409
    assert FieldReview.objects.get().meets == []
    assert officer.post(of("fieldreview", "change", review.pk), {**REVIEW, "seen_version": 2}).status_code == 302
    assert FieldReview.objects.get().meets == ["companies", "civil society"]


def test_steps_are_for_those_who_keep_the_row(client_of, secretariat):
    review = factories.FieldReviewFactory()
    Group.objects.get().permissions.remove(*Group.objects.get().permissions.filter(codename="change_fieldreview"))
    client = client_of("secretariat")
    assert client.post(of("fieldreview", "publish_activity", review.pk)).status_code == 403
    assert of("fieldreview", "publish_activity", review.pk) not in said(
        client.get(of("fieldreview", "change", review.pk))
    )


def test_as_many_queries_for_thirty(officer):
    lists = [of(model, "changelist") for model in ("guidance", "fieldreview", "workshop")]

    def more(count):
        for number in range(count):
            factories.GuidanceFactory()
            factories.FieldReviewFactory(begins_on=date(2018, 1, 1) + timedelta(days=number))
            factories.WorkshopFactory(begins_on=date(2018, 1, 1) + timedelta(days=number))

    more(2)
    few = [queries(officer, address) for address in lists]
    more(29)
    assert [queries(officer, address) for address in lists] == few
    assert max(few) <= 12
