"""read_summary, approve_summary, verify_summary: the text, who gets which, the chair's button, the seal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from icoca_portal.lib.sealing import grouped
from meetings import operations
from meetings.models import ChairsSummary, Meeting, SummaryPart, Visibility
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/meetings/icoca/9/summary/"
APPROVE, VERIFY = f"{PAGE}approve/", f"{PAGE}verify/"
EVERYBODY = ("visitor", "reader", "other_focal_point", "chair", "director", "secretariat")


def body(response):
    return response.content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_draft_exists_for_the_secretariat_and_the_chair(draft, client_of, who):
    expected = 200 if who in ("chair", "secretariat") else 404
    for address in (PAGE, "/meetings/icoca/9/summary.pdf", "/meetings/icoca/9/summary.docx"):
        assert client_of(who).get(address).status_code == expected
    assert ("summary/" in body(client_of(who).get("/meetings/icoca/9/"))) is (expected == 200)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_circulated_text_is_for_insiders(draft, officer, client_of, who):
    operations.circulate_summary(draft, comments_until=timezone.now() + timedelta(days=1), by=officer)
    assert client_of(who).get(PAGE).status_code == (404 if who == "visitor" else 200)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_published_text_is_for_the_readers_of_the_meeting(published, client_of, who):
    page = body(client_of(who).get(PAGE))
    assert grouped(published.sha256) in page
    assert 'id="p1"' in page
    assert 'href="#s2"' in page


def test_a_text_for_participants_is_not_for_the_public(published, client_of):
    Meeting.objects.update(visibility=Visibility.PARTICIPANTS)
    assert client_of("visitor").get(PAGE).status_code == 404
    assert client_of("visitor").get(VERIFY).status_code == 404
    assert client_of("reader").get(PAGE).status_code == 200


def test_readers_keep_the_published_text_while_it_is_corrected(published, officer, client_of):
    operations.reopen_summary(published.summary, by=officer)
    SummaryPart.objects.filter(number="1").update(text="<p>Not yet for everybody</p>")
    for who in ("visitor", "reader", "director"):
        assert "Not yet for everybody" not in body(client_of(who).get(PAGE))
    chair = client_of("chair")
    assert "Not yet for everybody" in body(chair.get(PAGE))
    assert "Not yet for everybody" not in body(chair.get(f"{PAGE}?text=published"))


def test_paragraphs_are_numbered_through_and_lists_hang_on_them(draft, client_of):
    draft.parts.filter(number="1").update(text="<p>One</p><ul><li>first</li></ul><p>Two</p>")
    draft.parts.filter(number="2").update(text="<p>Three &lt;b&gt; <a href='https://sample.example/'>link</a></p>")
    page = body(client_of("chair").get(PAGE))
    for number, text in ((1, "One"), (2, "Two")):
        assert f'aria-label="Paragraph {number}">{number}</a><span>{text}</span></p>' in page
    assert '<div class="wg-hung"><ul><li><p>first</p></li></ul></div>' in page
    assert '<span>Three &lt;b&gt; <a href="https://sample.example/">link</a></span>' in page


def test_the_chair_sees_the_names_and_the_button(draft, client_of, other_delegation):
    draft.parts.filter(number="1").update(text="<p>Sweden asked.</p>")
    page = body(client_of("chair").get(PAGE))
    assert "Interventions are never attributed" in page
    assert "<b>Sweden</b>" in page
    assert "Approve the summary" in page
    assert "Approve the summary" not in body(client_of("secretariat").get(PAGE))


def test_the_chair_approves(draft, client_of, chair):
    response = client_of(chair).post(APPROVE, {"seen_version": draft.version}, follow=True)
    assert "The summary is adopted." in body(response)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (ChairsSummary.State.ADOPTED, chair)


@pytest.mark.parametrize("seen", ["", "0", "x", "99"])
def test_the_chair_does_not_approve_another_text(draft, client_of, seen):
    response = client_of("chair").post(APPROVE, {"seen_version": seen}, follow=True)
    assert "changed while you were reading" in body(response)
    draft.refresh_from_db()
    assert draft.state == ChairsSummary.State.DRAFT


def test_an_adopted_text_is_not_approved_again(adopted, client_of):
    response = client_of("chair").post(APPROVE, {"seen_version": adopted.version}, follow=True)
    assert "This step is for a summary that is" in body(response)


@pytest.mark.parametrize(
    ("who", "status"), [("secretariat", 403), ("superuser", 403), ("focal_point", 404), ("visitor", 302)]
)
def test_only_the_chair_approves(draft, client_of, who, status):
    assert client_of(who).post(APPROVE, {"seen_version": draft.version}).status_code == status
    draft.refresh_from_db()
    assert draft.state == ChairsSummary.State.DRAFT


def test_a_chair_of_another_group_does_not_approve(draft, client_of):
    other = factories.WorkingGroupFactory(name="Sample group", slug="sample", symbol="S-WG")
    elsewhere = factories.OfficeFactory(working_group=other).user
    assert client_of(elsewhere).post(APPROVE, {"seen_version": draft.version}).status_code == 404


def test_approving_takes_a_post(draft, client_of):
    assert client_of("chair").get(APPROVE).status_code == 405


def test_the_seal_on_record_is_known(published, client_of):
    client = client_of("visitor")
    for typed in (published.sha256, grouped(published.sha256).upper(), f" {published.sha256}\n"):
        assert "This is the seal on record." in body(client.get(VERIFY, {"seal": typed}))
    wrong = published.sha256[:-1] + ("0" if published.sha256[-1] != "0" else "1")
    assert "This seal is not on record." in body(client.get(VERIFY, {"seal": wrong}))
    assert "64 figures" in body(client.get(VERIFY, {"seal": "abc"}))


def test_the_seal_of_the_original_is_an_earlier_one_after_a_correction(published, officer, client_of):
    operations.reopen_summary(published.summary, by=officer)
    SummaryPart.objects.update(text="<p>Corrected</p>")
    operations.approve_summary(published.summary, by=officer)
    corrected = operations.publish_summary(published.summary, by=officer, corrects="Sample sentence.")
    client = client_of("visitor")
    assert "the seal of an earlier text" in body(client.get(VERIFY, {"seal": published.sha256}))
    assert "This is the seal on record." in body(client.get(VERIFY, {"seal": corrected.sha256}))


def test_there_is_nothing_to_verify_before_publication(adopted, client_of):
    for who in ("visitor", "reader", "secretariat"):
        assert client_of(who).get(VERIFY).status_code == 404
