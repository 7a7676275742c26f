"""The pages of the silence procedure: who reads and writes what, refusals that keep what was typed, exports."""

from datetime import timedelta

import page as pdf
import pytest
from django.utils import timezone

from meetings import operations
from meetings.models import ChairsSummary, SummaryComment, SummaryPart, SummaryRound
from tests import factories
from tests.counting import queries
from tests.lib.pdf_reading import text_of
from tests.lib.test_exports import Workbook

pytestmark = pytest.mark.django_db
SUMMARY = "/meetings/icoca/9/summary/"
PAGE, ADD, OBJECT = f"{SUMMARY}comments/", f"{SUMMARY}comments/add/", f"{SUMMARY}object/"
INSIDERS = ("reader", "contributor", "other_focal_point", "chair", "director", "secretariat")


def body(response):
    return response.content.decode()


@pytest.fixture
def until():
    return timezone.now() + timedelta(days=7)


@pytest.fixture
def opened(draft, officer, until) -> SummaryRound:
    operations.circulate_summary(draft, comments_until=until, by=officer)
    return draft.rounds.get()


@pytest.fixture
def said(opened, delegation, contributor) -> SummaryComment:
    return operations.comment_summary(opened, delegation, text="A sample comment of ours", paragraph=1, by=contributor)


@pytest.mark.parametrize("who", INSIDERS)
def test_participants_read_the_comments_of_all(said, client_of, who):
    page = body(client_of(who).get(PAGE))
    assert "A sample comment of ours" in page
    assert "Switzerland" in page
    assert "Under silence until" in page


@pytest.mark.parametrize("who", INSIDERS)
def test_comments_for_the_secretariat_are_kept_from_other_delegations(said, client_of, who):
    SummaryRound.objects.update(comment_readers="secretariat")
    page = body(client_of(who).get(PAGE))
    assert ("A sample comment of ours" in page) is (who in ("reader", "contributor", "chair", "secretariat"))


def test_visitors_read_no_comments(said, client_of):
    assert client_of("visitor").get(PAGE).status_code == 302


def test_nothing_was_circulated(draft, client_of):
    assert client_of("secretariat").get(PAGE).status_code == 404
    assert client_of("focal_point").get(OBJECT).status_code == 404


def test_a_contributor_comments_from_the_page(opened, client_of):
    client = client_of("contributor")
    assert f'action="{ADD}#say"' not in body(client.get(PAGE))
    assert f'action="{ADD}#say"' in body(client.get(f"{PAGE}?on=2"))
    sent = {"round": 1, "paragraph": 2, "kind": "proposal", "proposed": "As it should read", "text": ""}
    assert "As it should read" in body(client.post(ADD, sent, follow=True))
    made = SummaryComment.objects.get()
    assert (made.paragraph, made.kind, made.delegation.organisation.name) == (2, "proposal", "Switzerland")


def test_a_reader_reads_and_does_not_write(opened, client_of):
    client = client_of("reader")
    page = body(client.get(f"{PAGE}?on=1"))
    assert ADD not in page
    assert OBJECT not in page
    assert client.post(ADD, {"round": 1, "kind": "comment", "text": "No"}).status_code == 403
    assert client.get(OBJECT).status_code == 403
    assert not SummaryComment.objects.exists()


def test_what_is_refused_stays_on_the_page(opened, client_of, until, time_machine):
    client = client_of("contributor")
    empty = client.post(ADD, {"round": 1, "kind": "comment", "proposed": "Only a wording"})
    assert empty.status_code == 422
    assert "Only a wording" in body(empty)
    time_machine.move_to(until)
    late = client_of("contributor").post(ADD, {"round": 1, "paragraph": 1, "kind": "comment", "text": "Typed too late"})
    assert late.status_code == 422
    assert "Typed too late" in body(late)
    assert "Comments were taken until" in body(late)
    assert not SummaryComment.objects.exists()


def test_a_delegation_withdraws_its_own_comment_alone(said, client_of):
    address = f"{PAGE}{said.pk}/withdraw/"
    assert client_of("other_focal_point").post(address).status_code == 403
    assert client_of("reader").post(address).status_code == 403
    assert "Withdrawn by the delegation." in body(client_of("focal_point").post(address, follow=True))


def test_an_objection_asks_whether_it_is_meant(opened, client_of, other_focal_point):
    client = client_of("contributor")
    assert "An objection ends the silence at once" in body(client.get(OBJECT))
    refused = client.post(OBJECT, {"round": 1, "reason": "A sample reason"})
    assert refused.status_code == 422
    assert "A sample reason" in body(refused)
    opened.refresh_from_db()
    assert opened.outcome == "open"
    done = client.post(OBJECT, {"round": 1, "reason": "A sample reason", "confirmed": "on"}, follow=True)
    assert "The objection is recorded." in body(done)
    assert ChairsSummary.objects.get().state == "draft"
    late = client_of(other_focal_point).post(OBJECT, {"round": 1, "reason": "Mine too", "confirmed": "on"})
    assert late.status_code == 422
    assert "Mine too" in body(late)


def test_after_an_objection_delegates_read_what_was_circulated_and_not_the_draft(
    opened, delegation, contributor, client_of
):
    operations.object_to_summary(opened, delegation, reason="Sample reason", by=contributor)
    SummaryPart.objects.update(text="<p>Not yet for everybody</p>")
    for who in ("reader", "other_focal_point", "director"):
        page = body(client_of(who).get(SUMMARY))
        assert "Not yet for everybody" not in page
        assert "asked a sample question" in page
        assert "Stopped by an objection" in page
        assert client_of(who).get("/meetings/icoca/9/summary.docx").status_code == 200
    assert "Not yet for everybody" in body(client_of("secretariat").get(SUMMARY))
    assert client_of("visitor").get(SUMMARY).status_code == 404


def test_the_secretariat_answers_on_the_page(said, client_of):
    client, address = client_of("secretariat"), f"{PAGE}{said.pk}/answer/"
    assert f'action="{address}' in body(client.get(f"{PAGE}?answer={said.pk}"))
    assert client.post(address, {"answer": "", "text": "Kept words"}).status_code == 422
    done = body(client.post(address, {"answer": "not taken", "text": "Sample words"}, follow=True))
    assert "Sample words" in done
    second = client.post(address, {"answer": "noted", "text": "Of another officer"})
    assert second.status_code == 422
    assert "Of another officer" in body(second)
    for who in ("chair", "focal_point"):
        assert client_of(who).post(address, {"answer": "noted"}).status_code == 403
    assert "Sample words" in body(client_of("reader").get(PAGE))


def test_open_comments_go_along_with_a_revised_text(said, officer, until, client_of):
    operations.reopen_summary(said.round.summary, by=officer)
    SummaryPart.objects.filter(number="1").update(
        text="<p>One Montreux Document participant asked a better question.</p>"
    )
    operations.circulate_summary(said.round.summary, comments_until=until, by=officer)
    client = client_of("reader")
    page = body(client.get(PAGE))
    assert "ICoCA-WG/9/Summary/Rev.1" in page
    assert "On earlier texts, not answered yet" in page
    assert "A sample comment of ours" in page
    changes = body(client.get(f"{SUMMARY}changes/2/"))
    assert "<del>sample</del>" in changes
    assert "<ins>better</ins>" in changes
    assert client.get(f"{SUMMARY}changes/1/").status_code == 404
    operations.answer_comment(said, answer="taken", text="", by=officer)
    assert "On earlier texts, not answered yet" not in body(client.get(PAGE))
    assert "A sample comment of ours" in body(client.get(f"{PAGE}?round=1"))


def test_the_comments_as_files(said, client_of, officer):
    said.text = "=1+1 a sample comment"
    said.save()
    operations.answer_comment(said, answer="partly", text="Sample words", by=officer)
    for who, status in (("secretariat", 200), ("chair", 200), ("reader", 403), ("focal_point", 403)):
        assert client_of(who).get(f"{SUMMARY}comments.xlsx").status_code == status
        assert client_of(who).get(f"{SUMMARY}comments.pdf").status_code == status
    row = Workbook(client_of("chair").get(f"{SUMMARY}comments.xlsx").content).rows()[1]
    assert row[:5] == ["ICoCA-WG/9/Summary", "1", "Switzerland", "Comment", "=1+1 a sample comment"]
    assert "Taken in part" in row
    assert "Sample words" in row
    paper = client_of("secretariat").get(f"{SUMMARY}comments.pdf").content
    assert pdf.validate_pdf_bytes(paper, profile="ua1").is_compliant
    assert "Sample words" in text_of(paper)


def test_the_page_takes_as_many_queries_for_thirty(said, opened, client_of, contributor):
    client = client_of("secretariat")
    few = queries(client, PAGE)
    for number in range(29):
        operations.comment_summary(
            opened, factories.DelegationFactory(), text=f"Sample {number}", paragraph=1 + number % 2, by=contributor
        )
    assert queries(client, PAGE) == few
    assert few <= 12


# What was published, and what corrects it


def test_a_corrigendum_stands_beside_the_original_with_the_difference(published, officer, client_of):
    summary = operations.reopen_summary(published.summary, by=officer)
    SummaryPart.objects.filter(number="1").update(text="<p>Two Montreux Document participants asked a question.</p>")
    operations.approve_summary(summary, by=officer)
    second = operations.publish_summary(summary, by=officer, corrects="Two participants asked, not one.")
    client = client_of("visitor")
    latest, first = body(client.get(SUMMARY)), body(client.get(f"{SUMMARY}?number=0"))
    assert "Two participants asked, not one." in latest
    assert "Two Montreux Document participants" in latest
    assert "This is an earlier text." in first
    assert "One Montreux Document participant asked a sample question." in first
    changes = body(client.get(f"{SUMMARY}corrigenda/1/"))
    assert "Two participants asked, not one." in changes
    assert "<del>One</del>" in changes
    for absent in ("0", "2"):
        assert client.get(f"{SUMMARY}corrigenda/{absent}/").status_code == 404
    assert client.get(f"{SUMMARY}?number=7").status_code == 404
    verify = body(client.get(f"{SUMMARY}verify/"))
    assert published.symbol in verify
    assert second.symbol in verify
    for number, words in ((0, "One Montreux"), (1, "Two Montreux")):
        paper = client.get(f"/meetings/icoca/9/summary.pdf?number={number}").content
        assert pdf.validate_pdf_bytes(paper, profile="ua1").is_compliant
        assert words in text_of(paper)
        assert client.get(f"/meetings/icoca/9/summary.docx?number={number}").status_code == 200


def test_the_admin_asks_what_a_corrigendum_corrects(published, officer, client_of, chair):
    summary = operations.reopen_summary(published.summary, by=officer)
    operations.approve_summary(summary, by=chair)
    client = client_of("secretariat")
    address = f"/admin/meetings/chairssummary/{summary.pk}/publish_summary/"
    assert "What the corrigendum corrects" in body(client.get(address))
    assert client.post(address, {"corrects": ""}).status_code == 200
    assert client.post(address, {"corrects": "Sample sentence."}).status_code == 302
    assert summary.publications.get(number=1).text["corrects"] == "Sample sentence."
