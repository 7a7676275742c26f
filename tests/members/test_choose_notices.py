"""One chooses how one is told; and whoever has a mail ends such mails from it, without signing in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from members import notices
from members.models import How, NoticeChoice
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/accounts/notices/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def body(response) -> str:
    return response.content.decode()


def path_of(user, kind: str) -> str:
    return "/" + notices.ending_address(user.pk, kind).split("/", 3)[3]


def how_of(user, kind: str) -> How:
    known = notices.kind_of(kind)
    assert known
    return notices.choices_of(user, [known])[kind]


def test_each_sees_the_kinds_that_can_concern_them(client_of, focal_point, reader, representative, chair) -> None:
    seen = {who: body(client_of(who).get(PAGE)) for who in ("focal_point", "reader", "representative", "chair")}
    lines = {
        "Reminders: your response is due": {"focal_point"},
        "Invitations to meetings": {"focal_point"},
        "A summary is published": {"focal_point", "reader"},
        "A line of your application was returned": {"representative"},
        "A summary is adopted by silence": {"chair"},
    }
    for line, expected in lines.items():
        assert {who for who, page in seen.items() if escape(line) in page} == expected, line
    assert "Always at once" in seen["focal_point"]
    assert client_of("visitor").get(PAGE).status_code == 302


def test_a_choice_is_kept_and_what_is_certain_cannot_be_chosen(client_of, focal_point) -> None:
    client = client_of("focal_point")
    assert client.get(PAGE).context["form"].initial["response_due"] == How.AT_ONCE

    sent = {"response_due": "digest", "note_written": "desk", "questionnaire_opened": "desk"}
    assert client.post(PAGE, sent).status_code == 302

    assert how_of(focal_point, "response_due") == How.DIGEST
    assert how_of(focal_point, "note_written") == How.DESK
    assert how_of(focal_point, "questionnaire_opened") == How.AT_ONCE
    assert how_of(focal_point, "agenda_revised") == How.AT_ONCE, "not sent, not changed"
    assert client.post(PAGE, {"response_due": "never"}).status_code == 422
    assert how_of(focal_point, "response_due") == How.DIGEST


def test_one_button_chooses_for_all_that_is_optional(client_of, reader) -> None:
    client_of("reader").post(PAGE, {"all": "digest", "note_written": "desk"})

    chosen = set(NoticeChoice.objects.values_list("kind", "how"))
    optional = {kind.key for kind in notices.kinds_for(reader) if kind.optional}
    assert chosen == {(key, "digest") for key in optional}


def test_the_page_says_when_the_message_of_the_day_comes_where_the_person_is(client_of, focal_point) -> None:
    type(focal_point).objects.filter(pk=focal_point.pk).update(time_zone="Asia/Tokyo")
    page = body(client_of("focal_point").get(PAGE))
    assert "08:00 in Tokyo" in page
    assert PAGE in body(client_of("focal_point").get("/members/profile/"))


def test_opening_the_address_in_a_mail_changes_nothing(focal_point) -> None:
    """Programs that look into mails open every address."""
    page = Client().get(path_of(focal_point, "response_due"))

    assert page.status_code == 200
    assert "Stop these messages" in body(page)
    assert "Reminders: your response is due" in body(page)
    for known in (focal_point.email, focal_point.name):
        assert known not in body(page)
    assert not NoticeChoice.objects.exists()


def test_the_button_ends_them_and_only_them(focal_point) -> None:
    client = Client(enforce_csrf_checks=True)
    path = path_of(focal_point, "response_due")
    assert client.post(path).status_code == 403, "a form of another site"
    assert not NoticeChoice.objects.exists()

    token = client.get(path).cookies["csrftoken"].value
    page = client.post(path, {"csrfmiddlewaretoken": token})

    assert "These messages have ended" in body(page)
    assert PAGE in body(page)
    assert list(NoticeChoice.objects.values_list("user", "kind", "how")) == [(focal_point.pk, "response_due", "desk")]


def test_a_mail_program_ends_them_by_itself_without_a_token(focal_point) -> None:
    client = Client(enforce_csrf_checks=True)
    for _each in range(2):
        assert client.post(path_of(focal_point, "response_due"), ONE_CLICK).status_code == 200
    assert how_of(focal_point, "response_due") == How.DESK


def test_the_message_of_the_day_ends_with_all_that_was_in_it(focal_point) -> None:
    notices.choose(focal_point, {"response_due": How.DIGEST, "agenda_revised": How.DIGEST}, by=focal_point)
    Client().post(path_of(focal_point, notices.DAILY), ONE_CLICK)
    assert [how_of(focal_point, kind) for kind in ("response_due", "agenda_revised", "note_written")] == [
        How.DESK,
        How.DESK,
        How.AT_ONCE,
    ]


def test_an_address_that_was_changed_or_names_what_cannot_be_ended_ends_nothing(focal_point) -> None:
    other = factories.UserFactory()
    mine, theirs = (path_of(user, "response_due").rstrip("/").rpartition("/") for user in (focal_point, other))
    mixed = f"{mine[0]}/{theirs[2].partition('.')[0]}.{mine[2].partition('.')[2]}/"
    for path in (mixed, f"{mine[0]}/nothing/", path_of(focal_point, "questionnaire_opened"), path_of(other, "gone")):
        assert Client().get(path).status_code == 404
        assert Client().post(path, ONE_CLICK).status_code == 404
    assert not NoticeChoice.objects.exists()
