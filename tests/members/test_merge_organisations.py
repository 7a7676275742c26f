"""Two entries of one organisation become one: every row, what stands in the way, and what is known of it then."""

from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from members import figures, operations
from members.exceptions import AlreadyMerged, CannotBeMerged, ChangedMeanwhile, Merged
from members.models import Organisation, OtherName, SelfAssessment, Workshop
from members.operations import merging
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"source": "Sample letter"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def kept():
    return factories.CompanyFactory(name="Sample Guards", country="CH")


@pytest.fixture
def duplicate(kept):
    return factories.CompanyFactory(name="Sample Guard", code="sg", website="https://sample.example/")


@pytest.fixture
def merge(secretariat, duplicate, kept):
    def act(**options):
        return operations.merge_organisations(duplicate, kept, by=secretariat, **SOURCE, **options)

    return act


def spans(rows):
    in_force = rows.filter(superseded_at=None).order_by("valid_from")
    return [(row.valid_from, row.valid_to) for row in in_force]


def value(key, day, known=None):
    return {figure.key: figure.value for figure in figures.figures(day, known)}.get(key)


def test_every_relation_to_an_organisation_is_handled():
    """A new one fails here until `members.operations.merging` says what becomes of it (`merging.follow`)."""
    relations: list[Any] = [
        relation
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    ]
    there = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in relations
        # Neither the history, which stays as it is, nor the tables behind fields that hold many.
        if not relation.related_model.__name__.startswith("Historical")
        and not relation.related_model._meta.auto_created
    }
    assert sorted(there - merging.handled()) == []
    assert sorted(merging.handled() - there) == []


# The dated rows


def test_the_same_fact_becomes_one_row_and_then_there_were_two(merge, duplicate, kept):
    """Two memberships that touch are one from now on; the day before the merge knew two members."""
    factories.MembershipFactory(organisation=kept, valid_from=date(2014, 1, 1), valid_to=date(2018, 1, 1))
    factories.MembershipFactory(organisation=duplicate, valid_from=date(2017, 1, 1))
    before, day = timezone.now(), date(2017, 6, 1)
    assert value("members", day) == 2
    merge()
    assert spans(kept.memberships) == [(date(2014, 1, 1), None)]
    assert spans(duplicate.memberships) == []
    struck = duplicate.memberships.get()
    assert struck.struck_because == "Merged into “Sample Guards”: Sample letter"
    assert value("members", day) == 1
    assert value("members", day, before) == 2


def test_rows_that_follow_each_other_stay_two_and_what_is_known_already_is_dropped(merge, duplicate, kept):
    factories.ParticipationFactory(organisation=kept, valid_from=date(2010, 1, 1), valid_to=date(2012, 1, 1))
    factories.ParticipationFactory(
        organisation=duplicate, valid_from=date(2012, 1, 1), valid_to=date(2013, 1, 1), source="Sample of its own"
    )
    factories.ParticipationFactory(organisation=duplicate, valid_from=date(2010, 6, 1), valid_to=date(2011, 1, 1))
    merge()
    rows = kept.participations.filter(superseded_at=None).order_by("valid_from")
    assert spans(kept.participations) == [(date(2010, 1, 1), date(2012, 1, 1)), (date(2012, 1, 1), date(2013, 1, 1))]
    assert rows.last().source == "Sample of its own"


def test_a_row_between_two_joins_all_three(merge, duplicate, kept):
    for begins, ends in ((2010, 2012), (2014, 2016)):
        factories.ParticipationFactory(organisation=kept, valid_from=date(begins, 1, 1), valid_to=date(ends, 1, 1))
    factories.ParticipationFactory(organisation=duplicate, valid_from=date(2011, 1, 1), valid_to=date(2015, 1, 1))
    merge()
    assert spans(kept.participations) == [(date(2010, 1, 1), date(2016, 1, 1))]


def test_what_says_something_else_of_a_day_is_named_and_nothing_is_merged(officer, merge, duplicate, kept):
    for company, place in ((kept, "CH"), (duplicate, "FR")):
        factories.MembershipFactory(organisation=company)
        factories.CompanyProfileFactory(organisation=company, headquarters=place)
    page = officer.get(of("organisation_merge", duplicate.pk, kept.pk)).content.decode()
    assert "says something else of these days" in page
    assert "1 row stands in the way" in page
    with pytest.raises(CannotBeMerged, match="Sample Guards, profile"):
        merge()
    typed = {"source": "Sample letter", "seen": ""}
    refused = officer.post(of("organisation_merge", duplicate.pk, kept.pk), typed)
    assert refused.status_code == 422
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None
    assert spans(duplicate.memberships) != []


def test_certificates_are_joined_moved_and_given_by_the_other_body(merge, duplicate, kept, secretariat):
    factories.MembershipFactory(organisation=kept)
    factories.CertificateFactory(organisation=duplicate, number="No. 7")
    merge()
    assert kept.certificates.get(superseded_at=None).number == "No. 7"
    bodies = [factories.CertificationBodyFactory(name=f"Sample Body {letter}") for letter in "AB"]
    given = factories.CertificateFactory(organisation=kept, standard__code="ISO 18788", body=bodies[1])
    operations.merge_organisations(bodies[1], bodies[0], by=secretariat, **SOURCE)
    given.refresh_from_db()
    assert given.superseded_by.body == bodies[0]


def test_a_certificate_that_would_be_without_membership_is_seen_beforehand(officer, duplicate, kept):
    factories.CertificateFactory(organisation=duplicate)
    page = officer.get(of("organisation_merge", duplicate.pk, kept.pk)).content.decode()
    assert "the company is no member then" in page
    assert Organisation.objects.filter(merged_into=None, pk=duplicate.pk).exists()


def test_successions_move_and_one_between_the_two_is_struck_out(merge, duplicate, kept, secretariat):
    other = factories.CompanyFactory(name="Sample Other")
    for organisation, predecessor in ((duplicate, kept), (duplicate, other), (kept, other)):
        operations.record_succession(
            organisation, predecessor=predecessor, valid_from=date(2018, 1, 1), by=secretariat, **SOURCE
        )
    merge()
    assert list(kept.predecessors.filter(superseded_at=None).values_list("predecessor", flat=True)) == [other.pk]
    assert not duplicate.predecessors.filter(superseded_at=None).exists()


# What has no days


def test_everything_else_goes_to_the_entry_that_stays(merge, duplicate, kept, secretariat, client):
    factories.MembershipFactory(organisation=kept)
    OtherName.objects.create(organisation=duplicate, name="Sample Watch", kind=OtherName.Kind.FORMER)
    operations.record_contact(duplicate, name="Sample Person", valid_from=date(2018, 1, 1), by=secretariat)
    delegation = factories.DelegationFactory(organisation=duplicate)
    application = operations.receive_application(
        duplicate, kind="membership", pillar="industry", received_on=date(2018, 1, 1), by=secretariat, **SOURCE
    )
    workshop = Workshop.objects.create(title="Sample", begins_on=date(2018, 5, 1), led_by=duplicate, country="CD")
    workshop.partners.add(duplicate, kept)
    workshop.organisations.add(duplicate)
    assessment = SelfAssessment.objects.create(
        organisation=duplicate, year=2018, due_on=date(2019, 1, 1), requested_by=secretariat
    )
    meeting = factories.MeetingFactory(chair_organisation=duplicate)
    merge()
    names = {name.name for name in kept.other_names.all()}
    assert names == {"Sample Watch", "Sample Guard"}
    assert kept.contacts.get().name == "Sample Person"
    for row in (delegation, application, workshop, assessment, meeting, duplicate):
        row.refresh_from_db()
    assert delegation.organisation == application.organisation == assessment.organisation == kept
    assert workshop.led_by == meeting.chair_organisation == kept
    assert list(workshop.partners.all()) == list(workshop.organisations.all()) == [kept]
    assert application.statuses.current().get().source == "Merged into “Sample Guards”: Sample letter"
    kept.refresh_from_db()
    assert (kept.code, kept.website, kept.country.code) == ("sg", "https://sample.example/", "CH")
    assert duplicate.merged_into == kept
    moved = client.get(f"/members/{duplicate.slug}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/members/{kept.slug}/")
    assert "Sample Guards" in client.get("/members/?q=watch").content.decode()


@pytest.mark.parametrize("what", ["delegations", "applications", "assessments"])
def test_two_of_what_there_is_one_of_stand_in_the_way(merge, duplicate, kept, secretariat, what):
    for company in (duplicate, kept):
        if what == "delegations":
            factories.DelegationFactory(organisation=company)
        elif what == "applications":
            operations.receive_application(
                company, kind="membership", pillar="industry", received_on=date(2018, 1, 1), by=secretariat, **SOURCE
            )
        else:
            SelfAssessment.objects.create(
                organisation=company, year=2018, due_on=date(2019, 1, 1), requested_by=secretariat
            )
    with pytest.raises(CannotBeMerged, match="stand in the way"):
        merge()


# The page


def test_the_desk_leads_to_the_page_and_the_page_to_one_entry(officer, duplicate, kept):
    factories.MembershipFactory(organisation=kept)
    desk = officer.get(of("organisation_quality_check", "names")).content.decode()
    address = of("organisation_merge", duplicate.pk, kept.pk)
    assert f'href="{address}"' in desk
    page = officer.get(address)
    html = page.content.decode()
    for link in (of("organisation_merge", kept.pk, duplicate.pk), of("organisation_change", duplicate.pk)):
        assert f'href="{link}"' in html
    assert officer.get(of("organisation_merge", kept.pk, duplicate.pk)).status_code == 200
    typed = {"source": "Sample letter", "seen": page.context["form"].initial["seen"]}
    done = officer.post(address, typed)
    assert done["Location"] == of("organisation_change", kept.pk)
    assert officer.post(address, typed).status_code == 422
    assert "was merged into it." in LogEntry.objects.get(object_id=kept.pk).change_message
    listed = officer.get(of("organisation_changelist"))
    assert [row.name for row in listed.context["cl"].result_list] == ["Sample Guards"]
    merged = officer.get(f"{of('organisation_changelist')}?merged=yes")
    assert [row.name for row in merged.context["cl"].result_list] == ["Sample Guard"]
    assert officer.get(of("organisation_quality_check", "names")).context["rows"] == []
    shown = officer.get(of("organisation_change", duplicate.pk)).content.decode()
    assert f'href="{of("organisation_change", kept.pk)}"' in shown
    assert 'name="_save"' not in shown
    found = officer.get(
        "/admin/autocomplete/?app_label=members&model_name=application&field_name=organisation&term=Guard"
    )
    assert [row["text"] for row in found.json()["results"]] == ["Sample Guards"]


def test_what_changed_meanwhile_is_looked_at_again(officer, merge, duplicate, kept):
    seen = officer.get(of("organisation_merge", duplicate.pk, kept.pk)).context["form"].initial["seen"]
    factories.MembershipFactory(organisation=duplicate)
    with pytest.raises(ChangedMeanwhile):
        merge(seen=seen)


def test_another_entry_is_chosen_by_typing(officer, duplicate, kept):
    address = of("organisation_choose_entry", kept.pk)
    assert officer.post(address, {"entry": duplicate.pk})["Location"] == of("organisation_merge", duplicate.pk, kept.pk)
    same = officer.post(address, {"entry": kept.pk})
    assert same.status_code == 422
    assert "This is the very entry" in same.content.decode()


# Trying to break it


def test_what_is_merged_is_merged_once_and_takes_no_more_rows(officer, merge, duplicate, kept, secretariat):
    with pytest.raises(CannotBeMerged, match="this very entry"):
        operations.merge_organisations(kept, kept, by=secretariat, **SOURCE)
    other = factories.OrganisationFactory(kind="civil society")
    with pytest.raises(CannotBeMerged, match="Correct the kind first"):
        operations.merge_organisations(other, kept, by=secretariat, **SOURCE)
    merge()
    with pytest.raises(AlreadyMerged):
        merge()
    with pytest.raises(AlreadyMerged):
        operations.merge_organisations(kept, duplicate, by=secretariat, **SOURCE)
    with pytest.raises(Merged, match="“Sample Guard” was merged into “Sample Guards”"):
        operations.record_membership(
            duplicate, pillar="industry", valid_from=date(2018, 1, 1), by=secretariat, **SOURCE
        )
    for step in ("record_membership", "record_contact"):
        assert officer.get(of(f"organisation_{step}", duplicate.pk)).status_code == 403


def test_a_chain_of_merges_leads_to_the_last(client, merge, duplicate, kept, secretariat):
    last = factories.MembershipFactory(organisation__name="Sample Guards Ltd").organisation
    merge()
    operations.merge_organisations(kept, last, by=secretariat, **SOURCE)
    assert client.get(f"/members/{duplicate.slug}/")["Location"] == f"/members/{last.slug}/"


def test_it_is_undone_by_another_correction(officer, merge, duplicate, kept):
    row = factories.MembershipFactory(organisation=duplicate)
    merge()
    address = of("organisation_separate", duplicate.pk)
    assert officer.get(of("organisation_separate", kept.pk)).status_code == 404
    assert officer.post(address, SOURCE).status_code == 302
    taken_over = kept.memberships.get(superseded_at=None)
    strike = of("organisation_strike_out_membership", kept.pk, taken_over.pk)
    assert officer.post(strike, {"because": "Sample mistake"}).status_code == 302
    typed = {"pillar": row.pillar, "category": row.category, "valid_from": row.valid_from.isoformat(), **SOURCE}
    assert officer.post(of("organisation_restore_membership", duplicate.pk, row.pk), typed).status_code == 302
    assert value("members", today()) == 1
    assert spans(duplicate.memberships) == [(row.valid_from, None)]
