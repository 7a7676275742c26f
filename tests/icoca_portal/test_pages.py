"""Front page, desk, health, errors, appearance."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.html import escape

from icoca_portal import views
from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message, Tick
from icoca_portal.outbox.operations import note_tick, queue_message
from members.models import Organisation
from questionnaires import operations
from tests import factories

pytestmark = pytest.mark.django_db


class TestFrontPage:
    def test_an_empty_portal_says_what_will_stand_here(self, client):
        page = client.get("/").content.decode()
        assert "No paper is published yet" in page
        assert "No meeting is announced yet" in page

    def test_one_seat_for_each_participant(self, client):
        for year in (2008, 2009, 2013):
            factories.ParticipationFactory(valid_from=f"{year}-01-01")
        factories.ParticipationFactory(
            valid_from="2013-06-06", organisation__kind=Organisation.Kind.INTERNATIONAL_ORGANISATION
        )
        page = client.get("/").content.decode()
        assert "4 participants" in page
        assert "support of 3 States and 1 international" in " ".join(page.split())
        assert 'class="s4"' in page, "the organisation's seat is gold"

    def test_what_is_not_published_is_not_there(self, client):
        factories.MeetingFactory(visibility="participants", title="Sample closed exchange")
        assert "exchange of" not in client.get("/").content.decode()


class TestDesk:
    def test_the_open_questionnaire_waits_first(self, client_of, delegation):
        questionnaire = factories.QuestionnaireFactory(title="Sample plan")
        page = client_of("focal_point").get("/").content.decode()
        assert "Sample plan" in page
        assert "Start your response" in page
        assert "It is due in 30 days" in page or "It is due in 29 days" in page
        factories.SubmissionFactory(response__questionnaire=questionnaire, response__delegation=delegation)
        after = client_of("focal_point").get("/").content.decode()
        assert "Start your response" not in after
        assert f"{questionnaire.code}-{delegation.code}-1" in after

    def test_the_reader_is_sent_to_read(self, client_of, delegation):
        factories.QuestionnaireFactory()
        page = client_of("reader").get("/").content.decode()
        assert escape("Read your delegation’s response") in page

    def test_a_director_is_sent_to_the_responses(self, client_of):
        factories.SubmissionFactory()
        assert "1 delegation has submitted" in client_of("director").get("/").content.decode()

    def test_the_bar_names_the_office(self, client_of):
        assert "<small>Chair of the Working Group</small>" in client_of("chair").get("/meetings/").content.decode()

    def test_with_nothing_to_do_the_desk_says_so(self, client_of):
        page = client_of("superuser").get("/").content.decode()
        assert "Nothing waits for you" in page

    @pytest.mark.parametrize("who", ["focal_point", "chair", "director", "secretariat"])
    def test_the_number_of_queries_does_not_grow(self, who, client_of, delegation, django_assert_max_num_queries):
        def ask() -> int:
            client = client_of(who)
            client.get("/")  # the first act of a session moves its end
            with django_assert_max_num_queries(12) as queries:
                assert client.get("/").status_code == 200
            return len(queries)

        factories.QuestionnaireFactory()
        few = ask()
        for _ in range(5):
            factories.QuestionnaireFactory()
            factories.MeetingFactory(visibility="public")
            factories.DelegateFactory(delegation=delegation)
        assert ask() == few

    @pytest.mark.parametrize("besides", ["nothing", "director", "chair"])
    def test_a_full_desk_takes_no_more_than_twelve_queries(
        self, besides, client_of, delegation, focal_point, contributor, django_assert_max_num_queries
    ):
        questionnaire, past = factories.QuestionnaireFactory(title="Sample plan"), factories.QuestionnaireFactory()
        response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)
        factories.SubmissionFactory(response__questionnaire=past, response__delegation=delegation)
        section = response.edition.questions.sections[0].id
        operations.assign_section(questionnaire, delegation, section_id=section, user=focal_point, by=contributor)
        operations.extend_deadline(
            questionnaire, delegation, until=questionnaire.deadline + timedelta(days=9), reason="Sample", by=contributor
        )
        operations.send_for_clearance(questionnaire, delegation, of=focal_point, by=contributor)
        meeting = factories.MeetingFactory(visibility="public", state="convened", date=today() + timedelta(days=30))
        meeting.invitations.create(delegation=delegation, invited_by=contributor)
        factories.FollowUpFactory(meeting=meeting, what="Sample follow-up", delegation=delegation)
        factories.DocumentFactory(meeting=meeting, visibility="public")
        if besides == "director":
            factories.DirectorshipFactory(user=focal_point)
        if besides == "chair":
            factories.OfficeFactory(user=focal_point, working_group=meeting.working_group)
        client = client_of("focal_point")
        client.get("/")
        with django_assert_max_num_queries(12):
            page = client.get("/").content.decode()
        for told in (
            "You look after section 1.",
            "Extended for your delegation.",
            "asks you to clear it",
            "Register for the",
            "Sample follow-up",
            f"{past.code}-{delegation.code}-1",
        ):
            assert told in page
        assert ("1 delegation has submitted" in page) == (besides == "director")


class TestHealth:
    @pytest.fixture(autouse=True)
    def _clock_runs(self) -> None:
        note_tick()

    def test_all_is_well(self, client):
        answer = client.get("/health/")
        assert answer.status_code == 200
        assert json.loads(answer.content) == {"database": "ok", "migrations": "ok", "mail": "ok", "clock": "ok"}

    def test_late_mail_is_told(self, client):
        queue_message(key="late", to="person@sample.example", subject="Sample", text="Sample")
        Message.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=10))
        answer = client.get("/health/")
        assert answer.status_code == 503
        assert json.loads(answer.content)["mail"] == "late"

    @pytest.mark.parametrize("ticked", ["never", "long ago"])
    def test_a_clock_that_stands_still_is_told(self, client, ticked):
        Tick.objects.all().delete()
        if ticked == "long ago":
            note_tick(timezone.now() - timedelta(minutes=6))
        answer = client.get("/health/")
        assert answer.status_code == 503
        assert json.loads(answer.content) == {"database": "ok", "migrations": "ok", "mail": "ok", "clock": "stopped"}

    def test_a_database_that_does_not_answer_is_told(self, client, monkeypatch):
        def refuse(*_arguments, **_options):
            raise DatabaseError("sample fault")

        monkeypatch.setattr(views, "MigrationExecutor", refuse)
        answer = client.get("/health/")
        assert answer.status_code == 503
        assert json.loads(answer.content)["database"] == "unreachable"


class TestErrors:
    def test_nothing_at_an_address(self, client):
        page = client.get("/nowhere/")
        assert page.status_code == 404
        assert "There is nothing at this address for you" in page.content.decode()
        assert page["X-Request-Id"] in page.content.decode()

    def test_not_for_the_role(self, client_of):
        factories.QuestionnaireFactory(slug="sample")
        page = client_of("director").get("/questionnaires/sample/response/")
        assert page.status_code == 403
        assert "Delegations answer questionnaires" in page.content.decode()

    def test_our_fault_is_shown_without_asking_the_database(self, client, monkeypatch, django_assert_num_queries):
        def fail(*_arguments):
            raise RuntimeError("sample fault")

        monkeypatch.setattr("icoca_portal.views.home_page.front_page", fail)
        quiet = Client(raise_request_exception=False)
        page = quiet.get("/")
        assert page.status_code == 500
        text = page.content.decode()
        assert "The fault is ours" in text
        assert page["X-Request-Id"] in text
        assert "sample fault" not in text
        request = RequestFactory().get("/")
        with django_assert_num_queries(0):
            views.server_error(request)

    def test_when_the_error_page_fails_too_a_sentence_is_left(self, monkeypatch):
        def fail(*_arguments, **_options):
            raise ValueError("sample fault")

        monkeypatch.setattr(views, "render_to_string", fail)
        request = RequestFactory().get("/")
        vars(request)["id"] = "ABCD-2345"
        page = views.server_error(request)
        assert page.status_code == 500
        assert "Quote ABCD-2345 to the secretariat" in page.content.decode()

    def test_a_request_that_cannot_be_read(self, client):
        page = client.post("/appearance/", {f"name{number}": "x" for number in range(5001)})
        assert page.status_code == 400
        assert "The request could not be read" in page.content.decode()


class TestAppearance:
    def test_the_choice_is_kept_in_this_browser(self, client):
        client.post("/appearance/", {"theme": "dark"})
        assert 'data-bs-theme="dark"' in client.get("/contact/").content.decode()
        client.post("/appearance/", {"theme": ""})
        assert "data-bs-theme" not in client.get("/contact/").content.decode()

    def test_it_never_sends_people_elsewhere(self, client):
        answer = client.post("/appearance/", {"theme": "dark", "next": "https://elsewhere.example/"})
        assert answer["Location"] == "/appearance/"


class TestHeaders:
    def test_every_page_carries_the_policy(self, client):
        page = client.get("/contact/")
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy
        assert "camera=()" in page["Permissions-Policy"]
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["Referrer-Policy"] == "same-origin"


class TestSecretariatsDay:
    def test_responses_in_and_missing_summaries_and_mail(self, client_of, delegation):
        questionnaire = factories.QuestionnaireFactory(title="Sample plan")
        factories.SubmissionFactory(response__questionnaire=questionnaire, response__delegation=delegation)
        message = queue_message(key="failed", to="person@sample.example", subject="Sample", text="Sample")
        Message.objects.filter(pk=message.pk).update(state="failed")
        page = " ".join(client_of("secretariat").get("/admin/").content.decode().split())
        assert "1 of 1 submitted" in page
        assert "One message needs a decision" in page
