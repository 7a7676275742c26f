"""Monitoring and outreach on the public pages: what is found, who is named, and that findings are read nowhere."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLResolver, get_resolver, reverse

from icoca_portal.lib.words_of_files import read_words
from meetings.operations import link_item
from members import operations
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

LIST = "/members/outreach/"
AROUND, SECRET = "zebra", "qzfindingsxv"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Files of a test go away with it."""
    settings.MEDIA_ROOT = tmp_path


def a_file(name="sample.txt", content=b"Sample"):
    return SimpleUploadedFile(name, content)


def prepare(guidance, by, label="1", dated=date(2018, 6, 1), **said):
    version = operations.add_guidance_version(guidance, label=label, dated=dated, **said)
    operations.add_guidance_file(version, upload=a_file(content=label.encode()), form="Manual", language="en", by=by)
    return version


def issue(guidance, by, label="1", dated=date(2018, 6, 1), **said):
    return operations.issue_guidance_version(prepare(guidance, by, label, dated, **said), by=by)


def published(activity, by, *organisations):
    activity.organisations.add(*organisations)
    return operations.publish_activity(activity, by=by)


def body(response):
    return response.content.decode()


def titles(client, query=""):
    found = client.get(f"{LIST}{query}").context["found"]
    return [(entry.title, entry.when) for entry in found.entries]


def test_the_list_has_what_is_published_the_newest_first(client_of, secretariat):
    guidance = factories.GuidanceFactory(title="Sample guidance on grievances")
    issue(guidance, secretariat, dated=date(2018, 6, 1), day_known=False)
    published(factories.FieldReviewFactory(begins_on=date(2018, 6, 20), ends_on=date(2018, 6, 22)), secretariat)
    published(factories.WorkshopFactory(title="Sample workshop", day_known=False), secretariat)
    factories.FieldReviewFactory(country="NG")
    factories.WorkshopFactory(country="KE")
    factories.GuidanceFactory()
    review = ("Field-based review, Ghana", "20 June 2018 to 22 June 2018")
    text, workshop = ("Sample guidance on grievances", "June 2018"), ("Sample workshop", "May 2018")
    for who in ("visitor", "secretariat"):
        client = client_of(who)
        assert titles(client) == [review, text, workshop]
        assert titles(client, "?what=reviews") == [review]
        assert titles(client, "?country=CD") == [workshop]
        assert titles(client, "?year=2018&what=guidance") == [text]
        assert titles(client, "?year=2017") == []
        assert titles(client, "?what=nothing&country=%00%00&year=20x8&page=99999999999") == [review, text, workshop]
    assert "Nigeria" not in body(client_of("visitor").get(LIST))
    assert client_of("visitor").get("/members/workshops/")["Location"] == f"{LIST}?what=workshops"


def test_an_empty_list_says_what_will_stand_there(client):
    assert "Nothing is published yet" in body(client.get(LIST))
    assert "Nothing of this kind" in body(client.get(f"{LIST}?year=2018"))


def test_a_guidance_shows_the_version_that_holds_and_those_before(client, secretariat):
    guidance = factories.GuidanceFactory()
    issue(guidance, secretariat, "1")
    issue(guidance, secretariat, "2", date(2019, 1, 15), change_note="Sample change")
    draft = prepare(guidance, secretariat, "3", date(2020, 1, 1))
    page = client.get(guidance.get_absolute_url())
    assert page.context["newest"].label == "2"
    assert [version.label for version in page.context["earlier"]] == ["1"]
    assert "Sample change" in body(page)
    assert "Not issued" not in body(page)
    first = page.context["earlier"][0].files.get()
    sent = client.get(reverse("members:read_guidance_file", args=[guidance.slug, first.pk]))
    assert (sent["Content-Disposition"], sent["X-Content-Type-Options"]) == (
        'attachment; filename="sample.txt"',
        "nosniff",
    )
    assert b"".join(sent.streaming_content) == b"1"
    # The address of a file that is not issued yet, guessed, and under another guidance.
    kept = draft.files.get()
    assert client.get(reverse("members:read_guidance_file", args=[guidance.slug, kept.pk])).status_code == 404
    other = factories.GuidanceFactory()
    assert client.get(reverse("members:read_guidance_file", args=[other.slug, first.pk])).status_code == 404
    operations.issue_guidance_version(draft, by=secretariat)
    sent = client.get(reverse("members:read_guidance_file", args=[guidance.slug, kept.pk]))
    assert b"".join(sent.streaming_content) == b"3"


def test_only_organisations_that_the_reader_may_know_are_named(client_of, secretariat):
    member = factories.MembershipFactory(organisation__name="Sample Harbour Guarding").organisation
    unknown = factories.CompanyFactory(name="Sample Secret Applicant")
    review = published(factories.FieldReviewFactory(), secretariat, member, unknown)
    workshop = factories.WorkshopFactory(led_by=unknown, taking_part=25)
    workshop.partners.add(unknown)
    published(workshop, secretariat, member, unknown)
    for who in ("visitor", "focal_point", "director"):
        client = client_of(who)
        page = body(client.get(review.get_absolute_url()))
        assert member.name in page
        assert "and 1 other organisation" in page
        assert unknown.name not in page
        page = body(client.get(workshop.get_absolute_url()))
        assert member.name in page
        assert "and 24 other organisations" in page
        assert unknown.name not in page
    for activity in (review, workshop):
        assert unknown.name in body(client_of("secretariat").get(activity.get_absolute_url()))


def test_a_member_s_page_names_what_is_published_alone(client_of, secretariat):
    member = factories.MembershipFactory().organisation
    review = factories.FieldReviewFactory()
    review.organisations.add(member)
    workshop = published(factories.WorkshopFactory(led_by=member), secretariat)
    page = body(client_of("secretariat").get(f"/members/{member.slug}/"))
    assert workshop.title in page
    assert "Led the workshop" in page
    assert "Ghana" not in page
    operations.publish_activity(review, by=secretariat)
    assert review.get_absolute_url() in body(client_of("visitor").get(f"/members/{member.slug}/"))
    operations.unpublish_activity(review, by=secretariat)
    assert review.get_absolute_url() not in body(client_of("visitor").get(f"/members/{member.slug}/"))


def test_as_many_queries_for_thirty(client_of, secretariat):
    member = factories.MembershipFactory().organisation
    guidance = factories.GuidanceFactory()
    workshop = published(factories.WorkshopFactory(), secretariat)
    review = published(factories.FieldReviewFactory(), secretariat)

    def more(count):
        for number in range(count):
            label = f"{guidance.versions.count()}"
            issue(guidance, secretariat, label, date(2010, 1, 1) + timedelta(days=number))
            day = date(2018, 7, 1) + timedelta(days=number)  # so that each page of the list has all three kinds
            issue(factories.GuidanceFactory(), secretariat, dated=day)
            named = factories.MembershipFactory().organisation
            for activity in (workshop, review):
                activity.organisations.add(named)
            published(factories.FieldReviewFactory(begins_on=day), secretariat, member)
            published(factories.WorkshopFactory(begins_on=day), secretariat, member)

    more(1)
    addresses = [LIST, *(row.get_absolute_url() for row in (guidance, workshop, review)), f"/members/{member.slug}/"]
    few = [[queries(client_of(who), address) for address in addresses] for who in ("visitor", "secretariat")]
    more(29)
    many = [[queries(client_of(who), address) for address in addresses] for who in ("visitor", "secretariat")]
    assert few == many
    assert max(map(max, many)) <= 12


def words_of(content):
    """The words of a file, and of the files in it."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(name + words_of(archive.read(name)) for name in archive.namelist())
    return (
        read_words(content, "application/pdf") if content.startswith(b"%PDF-") else content.decode("utf-8", "replace")
    )


def addresses(parts, resolver=None, space=""):
    """Every address of the registry, of the meetings and around them, for the values that its parts may have."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(parts, pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            continue
        name = f"{space}{pattern.name or ''}"
        if pattern.name and (name == "home" or name.startswith(("members:", "meetings:"))):
            known = {part: parts[part] for part in pattern.pattern.converters if part in parts}
            if len(known) < len(pattern.pattern.converters):
                continue
            for number in range(max(map(len, known.values()), default=1)):
                given = {part: values[number % len(values)] for part, values in known.items()}
                yield reverse(name, kwargs=given)


def test_the_findings_of_a_review_are_read_in_the_administration_alone(client_of, secretariat, focal_point, director):
    member = factories.MembershipFactory(organisation__slug="sample-member").organisation
    review = factories.FieldReviewFactory(findings=f"<p>{AROUND} {SECRET}</p>")
    published(review, secretariat, member)
    meeting = factories.MeetingFactory(number=9, visibility="public", state="held", date=date(2018, 6, 6))
    item = factories.AgendaItemFactory(meeting=meeting)
    link_item(item, to=review, by=secretariat)
    representative = factories.RepresentativeFactory(organisation=member).user
    guidance = factories.GuidanceFactory(slug="sample-member")
    issue(guidance, secretariat)
    parts = {"slug": ["sample-member"], "pk": [review.pk], "number": [9], "group": ["icoca"],
             "key": ["members.industry"]}  # fmt: skip
    walked = [*addresses(parts), f"/members/?q={AROUND}", f"/meetings/search/?q={AROUND}", f"{LIST}?what=reviews"]
    assert review.get_absolute_url() in walked
    found, read = [], 0
    for who in ("visitor", "focal_point", "director", representative):
        client = client_of(who)
        for address in walked:
            response = client.get(address)
            read += response.status_code == 200
            content = b"".join(response.streaming_content) if response.streaming else response.content
            if SECRET in words_of(content):
                found.append((who, address))
    assert found == []
    assert read > 80
    assert SECRET in body(client_of("secretariat").get(f"/admin/members/fieldreview/{review.pk}/change/"))
    assert SECRET not in body(client_of("secretariat").get(review.get_absolute_url()))
