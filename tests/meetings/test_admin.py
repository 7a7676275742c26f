"""The secretariat's screens: the whole meeting on one, steps confirmed on their own page, stale saves refused."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.models import AgendaItem, Attendance, ChairsSummary, Document, Meeting, PublishedSummary, Step
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
OUTSIDERS = ("visitor", "reader", "focal_point", "chair", "director")


def change(row):
    return f"/admin/meetings/{row._meta.model_name}/{row.pk}/change/"


def act(row, name):
    return f"/admin/meetings/{row._meta.model_name}/{row.pk}/{name}/"


def body(response):
    return response.content.decode()


def typed(response):
    """What a browser would send from the change form of this response, without the buttons and the files."""
    data = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if field.field.widget.input_type == "file" if hasattr(field.field.widget, "input_type") else False:
                continue
            data[field.html_name] = "" if value is None else getattr(value, "pk", value)
    return data | {"seen_version": response.context["seen_version"]}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_screens_are_the_secretariats(meeting, draft, client_of, who):
    for address in (change(meeting), act(meeting, "close_meeting"), change(draft), act(draft, "publish_summary")):
        assert client_of(who).get(address).status_code in (302, 403)
        assert client_of(who).post(address).status_code in (302, 403)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.HELD


def test_the_secretariat_deletes_slips_of_the_hand_only(secretariat_group):
    granted = set(
        secretariat_group.permissions.filter(content_type__app_label="meetings").values_list("codename", flat=True)
    )
    assert {name for name in granted if name.startswith("delete")} == {
        "delete_agendaitem", "delete_attendance", "delete_followup", "delete_itemlink", "delete_summarypart",
    }  # fmt: skip
    assert {name for name in granted if name.endswith(("publishedsummary", "step"))} == {
        "view_publishedsummary", "view_step",
    }  # fmt: skip
    assert not Permission.objects.filter(codename="delete_publishedsummary").exists()


def test_one_screen_saves_the_whole_meeting(meeting, client_of, delegation):
    client = client_of("secretariat")
    data = typed(client.get(change(meeting)))
    data |= {
        "title": "Another sample subject",
        "items-0-position": "2",
        "items-1-position": "1",
        "items-1-record": "<p>Said <b>so</b></p><script>x</script>",
        "attendance-TOTAL_FORMS": "1",
        "attendance-0-capacity": "participant",
        "attendance-0-delegation": delegation.pk,
        "attendance-0-mode": "in person",
        "upload": SimpleUploadedFile("paper.pdf", b"%PDF-1.7\nsample"),
        "upload_title": "Sample paper",
    }
    response = client.post(change(meeting), data)
    assert response.status_code == 302, response.context["errors"]
    saved = Meeting.objects.get(pk=meeting.pk)
    assert (saved.title, saved.version) == ("Another sample subject", meeting.version + 1)
    assert [item.title for item in saved.items.all()] == ["Sample item 2", "Sample item 1"]
    assert saved.items.first().record == "<p>Said <strong>so</strong></p>"
    assert Attendance.objects.get().delegation == delegation
    assert Document.objects.get().media_type == "application/pdf"


def test_a_stale_save_is_refused_with_both_versions(meeting, client_of):
    client = client_of("secretariat")
    data = typed(client.get(change(meeting))) | {"place": "My sample place", "items-0-title": "My sample item"}
    other = typed(client.get(change(meeting))) | {"place": "Their sample place", "items-0-title": "Their sample item"}
    assert client.post(change(meeting), other).status_code == 302
    response = client.post(change(meeting), data)
    assert response.status_code == 409
    page = body(response)
    for text in ("Two versions", "My sample place", "Their sample place", "My sample item", "Their sample item"):
        assert text in page
    meeting.refresh_from_db()
    assert meeting.place == "Their sample place"


def test_a_step_makes_an_older_page_stale(planned, officer, client_of):
    client = client_of("secretariat")
    data = typed(client.get(change(planned)))
    operations.convene_meeting(planned, by=officer)
    assert client.post(change(planned), data | {"place": "Elsewhere"}).status_code == 409


def test_a_refused_file_stops_the_save_with_a_sentence(meeting, client_of):
    client = client_of("secretariat")
    data = typed(client.get(change(meeting))) | {
        "place": "Elsewhere",
        "upload": SimpleUploadedFile("program.pdf", b"MZ\x90\x00\x03\x00"),
        "upload_title": "Sample",
    }
    response = client.post(change(meeting), data)
    assert response.status_code == 200
    assert "This type of file is not taken." in body(response)
    meeting.refresh_from_db()
    assert meeting.place == "Geneva"
    assert not Document.objects.exists()


def test_a_held_meeting_keeps_its_date(meeting, client_of):
    client = client_of("secretariat")
    response = client.post(change(meeting), typed(client.get(change(meeting))) | {"date": "", "date_note": "Later"})
    assert response.status_code == 200
    assert "A meeting that was convened keeps a date." in body(response)


def test_a_delegation_typed_twice_is_refused_with_a_sentence(meeting, client_of, delegation):
    client = client_of("secretariat")
    data = typed(client.get(change(meeting))) | {"attendance-TOTAL_FORMS": "2"}
    for number in (0, 1):
        data |= {
            f"attendance-{number}-capacity": "participant",
            f"attendance-{number}-delegation": delegation.pk,
            f"attendance-{number}-mode": "in person",
        }
    response = client.post(change(meeting), data)
    assert response.status_code == 200
    assert "stands in the list already" in body(response)


def test_a_step_saves_what_was_typed_and_asks(planned, client_of, focal_point):
    client = client_of("secretariat")
    data = typed(client.get(change(planned))) | {"place": "Elsewhere", "_act": "convene_meeting"}
    response = client.post(change(planned), data, follow=True)
    assert response.redirect_chain[-1][0] == act(planned, "convene_meeting")
    assert "Every delegate gets a message" in body(response)
    planned.refresh_from_db()
    assert (planned.place, planned.state) == ("Elsewhere", Meeting.State.PLANNED)
    assert "The delegates are told." in body(client.post(act(planned, "convene_meeting"), follow=True))
    planned.refresh_from_db()
    assert planned.state == Meeting.State.CONVENED
    assert Message.objects.get().recipient == focal_point.email


def test_only_open_steps_are_offered(planned, client_of):
    offered = set(re.findall(r'name="_act" value="(\w+)"', body(client_of("secretariat").get(change(planned)))))
    assert offered == {"convene_meeting", "hold_meeting", "cancel_meeting"}


def test_a_refused_step_says_why(planned, client_of):
    AgendaItem.objects.all().delete()
    response = client_of("secretariat").post(act(planned, "convene_meeting"))
    assert response.status_code == 409
    assert "There is no item on the agenda." in body(response)


def test_a_step_from_the_wrong_state_is_refused(meeting, client_of):
    response = client_of("secretariat").post(act(meeting, "convene_meeting"))
    assert response.status_code == 409
    assert "The meeting is held." in body(response)


def test_cancelling_asks_for_a_reason(planned, client_of):
    client = client_of("secretariat")
    assert client.post(act(planned, "cancel_meeting"), {"reason": ""}).status_code == 200
    planned.refresh_from_db()
    assert planned.state == Meeting.State.PLANNED
    client.post(act(planned, "cancel_meeting"), {"reason": "Sample reason"})
    planned.refresh_from_db()
    assert planned.state == Meeting.State.CANCELLED


def test_from_the_draft_to_the_published_summary(meeting, client_of, chair, focal_point, other_delegation):
    client = client_of("secretariat")
    response = client.post(act(meeting, "draft_summary"), follow=True)
    summary = ChairsSummary.objects.get()
    assert response.redirect_chain[-1][0] == change(summary)
    data = typed(response) | {"parts-0-text": "<p>The review takes place in Sweden.</p>"}
    assert client.post(change(summary), data).status_code == 302
    summary.refresh_from_db()
    operations.approve_summary(summary, by=chair, seen_version=summary.version)
    adopted = body(client.get(change(summary)))
    assert 'name="parts-0-text"' not in adopted
    assert "<p>The review takes place in Sweden.</p>" in adopted
    refused = client.post(act(summary, "publish_summary"))
    assert refused.status_code == 409
    assert "<b>Sweden</b>" in body(refused)
    assert "<mark>Sweden</mark>" in body(refused)
    assert not PublishedSummary.objects.exists()
    done = client.post(act(summary, "publish_summary"), {"names_reason": "Where the review takes place"}, follow=True)
    published = PublishedSummary.objects.get()
    assert "published and sealed" in body(done)
    assert "in Sweden" in published.content


def test_the_secretariat_cannot_approve_for_the_chair(draft, client_of):
    assert client_of("secretariat").get(act(draft, "approve_summary")).status_code != 200
    assert client_of("superuser").post(act(draft, "approve_summary")).status_code != 200
    draft.refresh_from_db()
    assert draft.state == ChairsSummary.State.DRAFT


def test_an_adopted_text_cannot_be_changed_from_the_screen(adopted, client_of):
    response = client_of("secretariat").post(
        change(adopted), {"title_lines": "Changed", "seen_version": adopted.version}
    )
    assert response.status_code == 403
    adopted.refresh_from_db()
    assert "Changed" not in adopted.title_lines


def test_circulating_takes_an_hour_in_geneva(draft, client_of, secretariat, focal_point):
    secretariat.time_zone = "Asia/Tokyo"
    secretariat.save()
    client_of(secretariat).post(
        act(draft, "circulate_summary"),
        {"comments_until_0": "2099-06-06", "comments_until_1": "18:00", "comment_readers": "secretariat"},
    )
    draft.refresh_from_db()
    assert draft.comments_until.isoformat() == "2099-06-06T16:00:00+00:00"


def test_the_editor_runs_under_the_policy(meeting, client_of):
    response = client_of("secretariat").get(change(meeting))
    (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    (importmap,) = re.findall(r'<script[^>]*type="importmap"[^>]*>', body(response))
    assert f'nonce="{nonce}"' in importmap
    assert " style=" not in body(response)


def test_the_list_takes_as_many_queries_for_thirty(client_of):
    client = client_of("secretariat")
    factories.ChairsSummaryFactory()
    client.get("/admin/meetings/meeting/")
    few = queries(client, "/admin/meetings/meeting/"), queries(client, "/admin/meetings/chairssummary/")
    for _ in range(29):
        factories.ChairsSummaryFactory()
    assert (queries(client, "/admin/meetings/meeting/"), queries(client, "/admin/meetings/chairssummary/")) == few


def test_the_screen_takes_as_many_queries_for_thirty(meeting, client_of, officer):
    client = client_of("secretariat")
    client.get(change(meeting))

    def fill(count):
        for _ in range(count):
            factories.AgendaItemFactory(meeting=meeting)
            factories.AttendanceFactory(meeting=meeting)
            factories.FollowUpFactory(meeting=meeting)
            factories.DocumentFactory(meeting=meeting)
            Step.objects.create(meeting=meeting, what=Step.What.HELD, by=factories.UserFactory())

    fill(1)
    client.get(change(meeting))  # what is kept from page to page is read now
    few = queries(client, change(meeting))
    fill(29)
    assert queries(client, change(meeting)) == few
