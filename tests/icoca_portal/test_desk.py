"""The desk: what waits and by when, what is new since, the months, what is in circulation; the same for one thing and
for five hundred, within twelve queries for everybody."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from icoca_portal.home import calendar_of, latest_first, news_heading
from icoca_portal.lib.days import today
from icoca_portal.lib.desk import Entry, New, Stage, Waiting
from icoca_portal.lib.months import Months
from meetings import operations as meetings
from meetings.models import Document, FollowUp, Invitation, Meeting
from members.models import Application, Check, DeskVisit, Notice, SelfAssessment
from members.operations import note_desk_visit
from questionnaires import operations as questionnaires
from questionnaires.models import Questionnaire
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def words(client: Any, address: str = "/") -> str:
    """The text of the desk, without tags."""
    page = client.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())


class TestStages:
    @pytest.mark.parametrize(
        ("due", "stage"),
        [
            (datetime(2026, 11, 25, 13, 59, tzinfo=UTC), Stage.OVERDUE),
            (date(2026, 11, 24), Stage.OVERDUE),
            (datetime(2026, 11, 25, 22, 59, tzinfo=UTC), Stage.TODAY),
            (date(2026, 11, 25), Stage.TODAY),
            # Midnight in Geneva has passed, in UTC it has not.
            (datetime(2026, 11, 25, 23, 1, tzinfo=UTC), Stage.WEEK),
            (date(2026, 11, 29), Stage.WEEK),
            (date(2026, 11, 30), Stage.LATER),
            (None, Stage.UNDATED),
        ],
    )
    def test_how_near_a_thing_is(self, due, stage):
        assert Waiting(title="Sample", url="/", kind="sample", due=due).stage_at(WEDNESDAY) == stage

    def test_they_stand_in_this_order_and_what_is_late_says_so(self, client_of, delegation, time_machine):
        time_machine.move_to(WEDNESDAY, tick=False)
        meeting = factories.MeetingFactory()
        for what, due in (
            ("Sample never", None), ("Sample later", date(2027, 2, 1)), ("Sample week", date(2026, 11, 27)),
            ("Sample today", date(2026, 11, 25)), ("Sample late", date(2026, 11, 2)),
            ("Sample first", date(2018, 6, 6)),
        ):  # fmt: skip
            factories.FollowUpFactory(meeting=meeting, what=what, due=due, delegation=delegation)
        page = words(client_of("reader"))
        order = [
            "6 things wait for you. 2 are overdue.",
            "Overdue since 6 June 2018 Sample first",
            "Overdue 2 November Sample late Overdue",
            "Today 25 November Sample today",
            "This week 27 November Sample week",
            "Later 1 February 2027 Sample later",
            "Without a date Open Sample never",
        ]
        places = [page.find(told) for told in order]
        assert -1 not in places, order[places.index(-1)]
        assert places == sorted(places)


class TestVisits:
    def visit(self, user, time_machine, minutes: float) -> DeskVisit:
        time_machine.move_to(WEDNESDAY + timedelta(minutes=minutes), tick=False)
        found = DeskVisit.objects.filter(user=user).first()
        note_desk_visit(by=user, seen_at=found.seen_at if found else None, now=timezone.now())
        return DeskVisit.objects.get(user=user)

    def test_a_visit_ends_with_a_pause_of_half_an_hour(self, reader, time_machine):
        moments = [self.visit(reader, time_machine, minutes) for minutes in (0, 29, 58, 88, 90)]
        at = [WEDNESDAY + timedelta(minutes=minutes) for minutes in (0, 29, 58, 88, 90)]
        assert [(row.seen_at, row.before) for row in moments] == [
            (at[0], None), (at[1], None), (at[2], None), (at[3], at[2]), (at[4], at[2])
        ]  # fmt: skip

    def test_it_is_written_with_one_statement_and_not_within_a_minute(
        self, reader, time_machine, django_assert_num_queries
    ):
        time_machine.move_to(WEDNESDAY, tick=False)
        with django_assert_num_queries(1):
            note_desk_visit(by=reader, seen_at=None, now=WEDNESDAY)
        with django_assert_num_queries(0):
            note_desk_visit(by=reader, seen_at=WEDNESDAY, now=WEDNESDAY + timedelta(seconds=59))
        later = WEDNESDAY + timedelta(hours=1)
        with django_assert_num_queries(1):
            note_desk_visit(by=reader, seen_at=WEDNESDAY, now=later)
        # Another window that read the same row moves nothing again.
        note_desk_visit(by=reader, seen_at=WEDNESDAY, now=later)
        row = DeskVisit.objects.get(user=reader)
        assert (row.seen_at, row.before) == (later, WEDNESDAY)

    @pytest.mark.parametrize("header", ["HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"])
    def test_who_did_not_look_was_not_there(self, client_of, header):
        client = client_of("reader")
        assert client.head("/").status_code == 200
        assert client.get("/", **{header: "prefetch;prerender"}).status_code == 200
        assert not DeskVisit.objects.exists()
        client.get("/")
        assert DeskVisit.objects.count() == 1

    def test_what_came_since_the_visit_before_is_marked(self, client_of, reader, time_machine):
        time_machine.move_to(WEDNESDAY - timedelta(days=5), tick=False)
        meeting = factories.MeetingFactory(state=Meeting.State.HELD)
        factories.DocumentFactory(meeting=meeting, symbol="ICoCA-WG/9/2", title="Sample older paper")
        assert "The latest ICoCA-WG/9/2" not in words(client_of("reader"))  # the note on how one is told stands between
        time_machine.move_to(WEDNESDAY, tick=False)
        client = client_of("reader")
        assert "Nothing is new since Friday." in words(client)
        factories.DocumentFactory(meeting=meeting, symbol="ICoCA-WG/9/3", title="Sample newer paper")
        page = words(client)
        assert "New since Friday" in page
        assert "Sample newer paper New 25 November 2026. For participants" in page
        assert "Sample older paper 20 November 2026" in page


class TestNews:
    def test_notices_of_what_is_out_of_sight_are_not_there(self, client_of, reader):
        open_one, draft = factories.QuestionnaireFactory(), factories.QuestionnaireFactory(opened=False)
        for number, (about, title) in enumerate(
            (("", "Sample notice of nothing"), (f"questionnaire-{open_one.pk}", "Sample notice of an open one"),
             (f"questionnaire-{draft.pk}", "Sample notice of a draft"), ("nonsense-1", "Sample notice of nonsense"))
        ):  # fmt: skip
            Notice.objects.create(
                user=reader, kind="sample", key=f"{number}", about=about, title=title, address="/contact/?n={number}",
                text="Sample text of it", how="desk",
            )  # fmt: skip
            Notice.objects.filter(key=f"{number}").update(address=f"/contact/?n={number}")
        Notice.objects.create(
            user=reader, kind="sample", key="taken back", title="Sample notice taken back", how="desk",
            dropped_at=timezone.now(),
        )  # fmt: skip
        page = words(client_of("reader"))
        assert "Sample notice of nothing" in page
        assert "Sample notice of an open one" in page
        assert "Sample text of it" in page
        for hidden in ("of a draft", "of nonsense", "taken back"):
            assert f"Sample notice {hidden}" not in page

    def test_circulars_are_there_for_those_addressed(self, client_of, reader, contributor):
        circular = factories.CircularFactory(text__subject="Sample words to delegations")
        factories.CircularRecipientFactory(circular=circular, user=reader)
        page = client_of("reader").get("/").content.decode()
        assert "Sample words to delegations" in page
        assert circular.symbol in page
        assert circular.get_absolute_url() in page
        assert "Sample words to delegations" not in words(client_of("contributor"))

    def test_one_address_stands_once_and_the_paper_before_the_notice(self):
        paper = New(at=WEDNESDAY, title="Sample paper", url="/paper/", symbol="ICoCA-WG/9/2")
        notice = New(at=WEDNESDAY + timedelta(hours=1), title="Sample notice", url="/paper/")
        other = New(at=WEDNESDAY - timedelta(hours=1), title="Sample other", url="/other/")
        found = latest_first([notice, other, paper], WEDNESDAY - timedelta(minutes=1))
        assert [(item.title, item.is_new) for item in found] == [("Sample paper", True), ("Sample other", False)]

    def test_all_that_is_new_stands_there_as_far_as_there_is_room(self):
        items = [New(at=WEDNESDAY + timedelta(hours=n), title=f"{n}", url=f"/{n}/") for n in range(20)]
        assert len(latest_first(items, None)) == 4
        assert len(latest_first(items, WEDNESDAY + timedelta(hours=11))) == 8
        assert len(latest_first(items, WEDNESDAY - timedelta(hours=1))) == 12

    @pytest.mark.parametrize(
        ("before", "heading"),
        [
            (timedelta(hours=2), "New since 13:00"),
            (timedelta(hours=16), "New since yesterday"),
            (timedelta(days=5), "New since Friday"),
            (timedelta(days=9), "New since 16 November"),
            (timedelta(days=400), "New since 21 October 2025"),
        ],
    )
    def test_the_heading_says_since_when(self, before, heading, time_machine):
        time_machine.move_to(WEDNESDAY, tick=False)
        item = New(at=WEDNESDAY, title="Sample", url="/")
        assert news_heading([item], WEDNESDAY - before) == (heading, "")
        assert news_heading([item], None) == ("The latest", "")


class TestCalendar:
    def test_a_month_is_a_table_whose_days_lead_to_the_list(self, client_of, delegation, time_machine):
        time_machine.move_to(WEDNESDAY, tick=False)
        factories.MeetingFactory(number=10, state="convened", date=date(2026, 12, 3), place="Geneva")
        page = client_of("reader").get("/").content.decode()
        assert '<table class="wg-month">' in page
        assert re.search(r'<td class="is-today" aria-current="date">25</td>', page)
        assert '<a href="#day-2026-12-03">3<span class="visually-hidden">, 1 thing on 3 December</span></a>' in page
        assert '<li id="day-2026-12-03">' in page
        assert "from=2026-08#h-calendar" in page
        assert "from=2027-02#h-calendar" in page

    def test_a_deadline_is_that_of_the_own_delegation(
        self, client_of, delegation, other_focal_point, contributor, time_machine
    ):
        time_machine.move_to(WEDNESDAY, tick=False)
        questionnaire = factories.QuestionnaireFactory(deadline=datetime(2026, 12, 10, 17, 0, tzinfo=UTC))
        questionnaires.extend_deadline(
            questionnaire, delegation, until=datetime(2027, 1, 5, 17, 0, tzinfo=UTC), reason="Sample", by=contributor
        )
        own, other = (client_of(who).get("/").content.decode() for who in ("reader", "other_focal_point"))
        assert '<li id="day-2027-01-05">' in own
        assert '<li id="day-2026-12-10">' not in own
        assert '<li id="day-2026-12-10">' in other
        assert "Deadline of the questionnaire, 18:00 Geneva" in other

    def test_what_does_not_exist_for_a_person_is_on_no_day(self, client_of, time_machine, secretariat):
        time_machine.move_to(WEDNESDAY, tick=False)
        factories.MeetingFactory(visibility="secretariat", state="convened", date=date(2026, 12, 4))
        factories.QuestionnaireFactory(opened=False, deadline=datetime(2026, 12, 5, 17, 0, tzinfo=UTC))
        chosen = factories.DelegationFactory()
        questionnaires.open_questionnaire(
            factories.QuestionnaireFactory(opened=False, deadline=datetime(2026, 12, 6, 17, 0, tzinfo=UTC)),
            to=[chosen.organisation],
            by=secretariat,
        )
        summary = factories.ChairsSummaryFactory()
        meetings.circulate_summary(summary, comments_until=datetime(2026, 12, 7, 17, 0, tzinfo=UTC), by=secretariat)
        days = ["2026-12-04", "2026-12-05", "2026-12-06", "2026-12-07"]
        seen = {
            who: [day for day in days if f'id="day-{day}"' in client_of(who).get("/").content.decode()]
            for who in ("reader", "representative", "director", "secretariat")
        }
        assert seen == {
            "reader": ["2026-12-07"],
            "representative": [],
            "director": ["2026-12-06", "2026-12-07"],
            "secretariat": ["2026-12-04", "2026-12-06", "2026-12-07"],
        }

    def test_other_months_are_a_link_away(self, client_of, time_machine):
        time_machine.move_to(WEDNESDAY, tick=False)
        factories.MeetingFactory(number=12, state="convened", date=date(2027, 6, 3))
        client = client_of("reader")
        assert "Twelfth exchange" not in words(client).partition("Calendar")[2]
        page = words(client, "/?from=2027-05")
        assert "3 June" in page or "3 June 2027" in page
        assert "This month" in page
        for nonsense in ("2027-99", "x", "0000-00", "2027-05-01"):
            assert "This month" not in words(client, f"/?from={nonsense}")

    def test_many_things_of_a_day_are_folded(self):
        entries = [Entry(date(2026, 12, 3), f"Sample {n:03}", f"/{n}/", "Sample") for n in range(9)]
        calendar = calendar_of([*entries, *entries], Months.asked("2026-12", WEDNESDAY.date()))
        (day,) = calendar.months[0].days
        assert ([entry.title for entry in day.first], len(day.others)) == (
            ["Sample 000", "Sample 001", "Sample 002", "Sample 003"], 5
        )  # fmt: skip


class TestCirculation:
    def test_the_secretariat_sees_how_far_everything_is(self, client_of, delegation, secretariat, contributor):
        questionnaire = factories.QuestionnaireFactory(title="Sample plan")
        factories.SubmissionFactory(response__questionnaire=questionnaire, response__delegation=delegation)
        factories.DelegationFactory()
        summary = factories.ChairsSummaryFactory()
        meetings.circulate_summary(summary, comments_until=timezone.now() + timedelta(days=3), by=secretariat)
        meetings.comment_summary(summary.rounds.get(), delegation, text="Sample comment", by=contributor)
        meeting = factories.MeetingFactory(number=14, state="convened", date=today() + timedelta(days=30))
        meeting.invitations.create(delegation=delegation, invited_by=secretariat)
        for each in ("sent", "failed"):
            factories.CircularCopyFactory(recipient__circular=self.circular(), message__state=each)
        page = words(client_of("secretariat"))
        assert "Questionnaire Sample plan 2 delegations asked, 1 submitted, 1 missing." in page
        assert "1 comment. Until" in page
        assert "1 comment to answer" in page
        assert "1 delegation invited: 0 will attend, 0 will not, 1 without a reply. 0 people are registered." in page
        for who in ("focal_point", "director", "chair", "representative"):
            assert "In circulation" not in words(client_of(who))

    def circular(self):
        return factories.CircularFactory()

    def test_with_nothing_out_it_says_what_will_stand_there(self, client_of):
        assert "Nothing is in circulation." in words(client_of("secretariat"))


class TestBoard:
    def test_what_was_read_no_longer_waits_until_something_comes(self, client_of, director, delegation, time_machine):
        time_machine.move_to(WEDNESDAY, tick=False)
        questionnaire = factories.QuestionnaireFactory(title="Sample plan")
        submission = factories.SubmissionFactory(response__questionnaire=questionnaire, response__delegation=delegation)
        client = client_of("director")
        assert "1 delegation has submitted. You have not read it yet." in words(client)
        questionnaires.note_visit(questionnaire, by=director)
        assert "1 delegation has submitted." not in words(client)
        time_machine.move_to(WEDNESDAY + timedelta(hours=2), tick=False)
        question = submission.response.edition.questions.sections[0].questions[0]
        colleague = factories.DirectorshipFactory().user
        first = questionnaires.write_remark(submission, question_id=question.id, text="Sample remark", by=colleague)
        questionnaires.write_remark(
            submission, question_id=question.id, text="Sample reply", by=colleague, answers=first
        )
        assert "1 delegation has submitted. 2 new remarks by others in 1 discussion." in words(client)


@pytest.fixture
def full(delegation, applicant, secretariat, director) -> Any:
    """A function that puts so many things of every kind on everybody's desk."""
    group = factories.WorkingGroupFactory()
    officer = factories.UserFactory()
    requirement = factories.RequirementFactory()

    def put(number: int) -> None:
        meeting = factories.MeetingFactory(visibility="public", state="convened", date=today() + timedelta(days=9))
        meeting.invitations.create(delegation=delegation, invited_by=officer)
        factories.DocumentFactory(meeting=meeting, visibility="public")
        questionnaire = factories.QuestionnaireFactory()
        factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)
        factories.SubmissionFactory(response__questionnaire=questionnaire)
        application = factories.ApplicationStatusFactory(application__organisation=applicant).application
        Check.objects.create(application=application, requirement=requirement)
        factories.SelfAssessmentFactory(organisation=applicant, year=1000 + number)
        summary = factories.ChairsSummaryFactory(meeting__visibility="participants")
        meetings.circulate_summary(summary, comments_until=timezone.now() + timedelta(days=3), by=secretariat)
        factories.FollowUpFactory(meeting=meeting, delegation=delegation, due=date(2026, 1, 1))
        circular = factories.CircularFactory()
        people = [secretariat, director, *(row.user for row in delegation.delegates.all())]
        for person in people:
            Notice.objects.create(user=person, kind="sample", key=f"{circular.pk}", title="Sample", how="desk")
            recipient = factories.CircularRecipientFactory(circular=circular, user=person)
            factories.CircularCopyFactory(recipient=recipient, message__state="failed")
        if number == 1:
            return
        many = range(number - 1)
        Meeting.objects.bulk_create(
            Meeting(
                number=n + 1000, working_group=group, visibility="public", state="convened",
                date=today() + timedelta(days=60),
            )
            for n in many
        )  # fmt: skip
        Invitation.objects.bulk_create(
            Invitation(meeting=row, delegation=delegation, invited_by=officer)
            for row in Meeting.objects.filter(number__gte=1000)
        )
        FollowUp.objects.bulk_create(
            FollowUp(meeting=meeting, what=f"Sample {n}", delegation=delegation, due=date(2100, 1, 1)) for n in many
        )
        Document.objects.bulk_create(
            Document(
                meeting=meeting, symbol=f"S/{n}", title=f"Sample {n}", visibility="public", original_name="a.txt",
                size=1, media_type="text/plain", sha256="0" * 64, uploaded_by=officer,
            )
            for n in many
        )  # fmt: skip
        Questionnaire.objects.bulk_create(
            Questionnaire(
                title=f"Sample {n}", slug=f"many-{n}", code=f"M{n}", state="open", opened_at=timezone.now(),
                deadline=timezone.now() + timedelta(days=40),
            )
            for n in many
        )  # fmt: skip
        SelfAssessment.objects.bulk_create(
            SelfAssessment(organisation=applicant, year=2001 + n, due_on=today(), requested_by=officer) for n in many
        )
        made = Application.objects.bulk_create(
            Application(organisation=applicant, kind="membership", pillar="industry") for _n in many
        )
        factories.ApplicationStatusFactory._meta.model.objects.bulk_create(
            factories.ApplicationStatusFactory.build(application=row) for row in made
        )
        Check.objects.bulk_create(Check(application=row, requirement=requirement) for row in made)
        for person in people:
            Notice.objects.bulk_create(
                Notice(user=person, kind="sample", key=f"many-{n}", title=f"Sample {n}", how="desk") for n in many
            )

    return put


class TestQueries:
    ROLES = ("focal_point", "contributor", "reader", "chair", "director", "representative", "secretariat", "superuser")

    def test_everybodys_desk_takes_the_same_queries_for_one_thing_and_for_five_hundred(
        self, client_of, full, request, time_machine
    ):
        """A request in which the visit is written down takes one more, and stays within twelve too."""
        time_machine.move_to(WEDNESDAY, tick=False)  # so that none of these is one
        clients = {who: client_of(who) for who in self.ROLES}
        everything = factories.UserFactory()
        factories.DelegateFactory(user=everything, delegation=request.getfixturevalue("delegation"))
        factories.DirectorshipFactory(user=everything)
        factories.OfficeFactory(user=everything)
        clients["everything"] = client_of(everything)
        full(1)
        few = {who: queries(client, "/") for who, client in clients.items()}
        full(500)
        many = {who: queries(client, "/") for who, client in clients.items()}
        assert many == few
        assert max(few.values()) <= 11, few
        page = clients["focal_point"].get("/").content.decode()
        assert page.count("<li") < 300
        assert "Page 1 of" in page
        assert "Page 2 of" in words(clients["focal_point"], "/?page=2")
        assert "wg-due" not in clients["focal_point"].get("/?page=2").content.decode()
