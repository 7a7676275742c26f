"""The exchanges of the sample site: the facts of the ninth, and nothing more than is known of the others."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from icoca_portal.lib.days import today
from icoca_portal.sample import participants
from meetings import operations
from meetings.attributions import summary_attributions
from meetings.desk import next_meeting
from meetings.models import (
    AgendaItem,
    AgendaRevision,
    Attendance,
    ChairsSummary,
    Document,
    FollowUp,
    Invitation,
    Meeting,
    NamesAccepted,
    Office,
    PublishedSummary,
    Registration,
    Step,
    SummaryComment,
    SummaryRound,
)
from members.models import Delegation, Organisation, Participation, User
from tests.lib.pdf_reading import page_texts
from tests.sample.site import SampleSite

NINTH = date(2018, 6, 6)


def text_of(part: dict[str, str]) -> str:
    return " ".join(strip_tags(part["text"].replace("<", " <")).split())


def content() -> dict[str, Any]:
    """What was sealed of the ninth exchange."""
    return PublishedSummary.objects.get(summary__meeting__number=9).text


#: What each part of the ninth exchange's summary must say.
FACTS = (
    (
        1,
        [
            "questionnaire",
            "discussed them in May 2018",
            "government membership and recognition",
            "client engagement",
            "streamlined certification",
            "operational awareness and credibility",
            "broader funding",
            "synergies with other initiatives",
            "final by 30 November 2018",
            "shared with the participants",
            "2018 Annual General Assembly",
        ],
    ),
    (2, ["One Montreux Document participant asked", "Sample"]),
    (
        3,
        [
            "two seats of the Board",
            "government members are entitled to vote",
            "not yet members",
            "present a candidate",
            "7 government members",
            "93 member companies",
            "26 civil-society members",
            "Two of the civil-society members, both Iraqi, were approved in April",
            "51 work on land",
            "16 at sea",
            "26 both",
            "34 countries",
            "77 %",
            "0–20 million USD",
            "13 companies are certified",
            "6 applications for certification",
            "30 applications for membership",
        ],
    ),
    (
        4,
        [
            "grievance mechanisms",
            "June 2018",
            "a manual and an interpretative guidance",
            "Ghana",
            "personnel",
            "subcontractors",
            "vulnerable persons",
            "sexual exploitation and abuse",
            "training",
            "companies, authorities, clients, civil society and security associations",
            "workshop in Goma",
            "May 2018",
            "25 Congolese",
            "OSCMP",
        ],
    ),
    (5, ["by the end of the year", "to be confirmed"]),
)


class ParticipantsTest(SampleSite):
    """The participants of the Montreux Document."""

    def test_participants_of_the_day_of_the_ninth_exchange(self) -> None:
        states = Organisation.objects.participants(NINTH).filter(kind=Organisation.Kind.STATE)
        others = Organisation.objects.participants(NINTH).filter(kind=Organisation.Kind.INTERNATIONAL_ORGANISATION)
        assert states.count() == 54
        assert set(others.values_list("code", flat=True)) == {"EU", "NATO", "OSCE"}
        assert all(str(state.country) == state.code for state in states)

    def test_every_participant_of_the_list_has_its_day_its_source_and_a_delegation(self) -> None:
        listed = {code: since for _name, code, _kind, since in participants.rows()}
        assert len(listed) == 62
        rows = Participation.objects.values_list("organisation__code", "valid_from")
        assert dict(rows) == listed
        assert listed["SE"] == date(2008, 9, 17)
        assert listed["RO"] == date(2023, 9, 21)
        assert set(Participation.objects.values_list("source", flat=True)) == {
            "Sample load from the public list of participants"
        }
        assert set(Delegation.objects.values_list("organisation__code", flat=True)) == set(listed)


class NinthExchangeTest(SampleSite):
    """The ninth exchange, 6 June 2018."""

    def test_the_summary_has_five_numbered_parts_named_after_the_agenda(self) -> None:
        assert [(part["number"], part["title"]) for part in content()["parts"]] == [
            ("1", "Update from the Executive Director on the Strategic Plan"),
            ("2", "Discussion and feedback"),
            ("3", "ICoCA governance update"),
            ("4", "Thematic presentation by the Executive Director"),
            ("5", "Any other business"),
        ]

    def test_the_title_lines_say_who_was_there_without_naming_the_participants(self) -> None:
        lines = dict(content()["title_lines"])
        assert content()["date"] == "2018-06-06"
        assert lines["Date"] == "6 June 2018"
        assert lines["Chair"] == "Ian McKay, United States of America"
        assert lines["Took part"] == "15 Montreux Document participants"
        assert lines["Executive Director of the Association"].startswith("Jamie Williamson")
        assert lines["Chair of the Association’s Board"].startswith("Rémy Friedmann")
        assert "Montreux Document Forum" in lines["Secretariat"]
        assert "Place" not in lines  # nothing is on record about where it was held

    def test_each_part_carries_its_facts(self) -> None:
        for number, facts in FACTS:
            text = text_of(content()["parts"][number - 1])
            assert [fact for fact in facts if fact not in text] == []

    def test_no_participant_is_named_in_any_part(self) -> None:
        names = list(Organisation.objects.filter(delegation__isnull=False).values_list("name", flat=True))
        names += ["United States", "USA", "EU", "OSCE", "NATO"]
        assert len(names) == 67
        texts = [f"{part['title']} {text_of(part)}" for part in content()["parts"]]
        found = [name for name in names for text in texts if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]
        assert found == []
        assert "Ghana" not in names
        # The guard stops at where two civil-society members come from. It was looked at, and the reason is kept.
        (passage,) = summary_attributions(ChairsSummary.objects.get(meeting__number=9))
        assert (passage.name, NamesAccepted.objects.get().passages[0]["name"]) == ("Iraqi", "Iraqi")

    def test_the_summary_was_approved_by_the_chair_and_sealed_by_the_secretariat(self) -> None:
        published = PublishedSummary.objects.get(summary__meeting__number=9)
        assert published.is_intact
        assert published.published_by.email == "secretariat@sample.example"
        assert published.summary.approved_by.email == "chair@sample.example"
        assert published.summary.state == ChairsSummary.State.PUBLISHED
        meeting = published.summary.meeting
        assert (meeting.number, meeting.state, meeting.agenda_state) == (9, "closed", "adopted")

    def test_no_state_is_said_to_have_attended_but_the_one_in_the_chair(self) -> None:
        meeting = Meeting.objects.get(number=9)
        assert meeting.participants_counted == 15
        rows = {row.capacity: row.who for row in meeting.attendance.all()}
        assert len(rows) == meeting.attendance.count() == 4
        assert Attendance.Capacity.PARTICIPANT not in rows
        named = meeting.attendance.exclude(delegation=None)
        assert [row.who for row in named] == ["Ian McKay, United States of America"]

    def test_follow_ups_of_the_ninth_exchange(self) -> None:
        rows = {row.what: row.by for row in Meeting.objects.get(number=9).follow_ups.all()}
        assert sorted(rows.values()) == [
            "30 November 2018",
            "Annual General Assembly of 2018",
            "Before the end of 2018",
            "To be confirmed",
        ]

    def test_documents_are_real_files_and_each_says_that_it_is_a_sample(self) -> None:
        documents = list(Meeting.objects.get(number=9).documents.all())
        assert len(documents) == 5
        assert all("sample" in document.title.lower() for document in documents)
        pdfs = [document for document in documents if document.format == "PDF"]
        assert len(pdfs) == 3
        for document in pdfs:
            with document.file.open() as file:
                texts = page_texts(file.read())
            assert texts
            assert all("Sample data" in text for text in texts)
        register = next(document for document in pdfs if document.symbol == "ICoCA-WG/9/3")
        with register.file.open() as file:
            text = " ".join(page_texts(file.read()))
        for figure in (
            "Government members 7",
            "Member companies 93",
            "Civil-society members 26",
            "Work on land 51",
            "Work at sea 16",
            "Work on land and at sea 26",
            "Certified 13",
            "34 countries",
            "77 %",
            "For certification, under review 6",
            "For membership, under review 30",
        ):
            assert figure in text

    def test_a_visitor_reads_the_summary_and_the_public_papers_alone(self) -> None:
        summary = self.client.get(reverse("meetings:read_summary", args=["icoca", 9])).content.decode()
        assert "93 member companies" in summary
        page = self.client.get(reverse("meetings:read_meeting", args=["icoca", 9])).content.decode()
        assert "ICoCA-WG/9/3" in page
        assert "ICoCA-WG/9/2" not in page

    def test_a_delegate_reads_how_many_took_part(self) -> None:
        self.client.force_login(User.objects.get(email="reader.ch@sample.example"))
        page = " ".join(self.client.get(reverse("meetings:read_meeting", args=["icoca", 9])).content.decode().split())
        assert 'of the 57 Montreux Document participants</dt><dd class="wg-figure">15<' in page
        assert "ICoCA-WG/9/2" in page
        line = self.client.get(reverse("meetings:list_meetings")).content.decode()
        assert "15 participants." in line


class OtherExchangesTest(SampleSite):
    """The exchanges of which little is known, the next one, and who is in the chair."""

    def test_other_exchanges_are_closed_records_with_date_and_chair(self) -> None:
        known = {
            meeting.number: (meeting.date, str(meeting.chair_organisation or ""), meeting.mode)
            for meeting in Meeting.objects.filter(state=Meeting.State.CLOSED, number__lt=16).exclude(number=9)
        }
        america = "United States of America"
        assert known == {
            1: (date(2014, 12, 16), "", "in person"),
            2: (date(2015, 6, 2), "Sweden", "in person"),
            3: (date(2016, 1, 28), "Sweden", "in person"),
            6: (date(2017, 7, 6), america, "in person"),
            12: (date(2020, 6, 24), america, "online"),
            13: (date(2020, 11, 18), america, "in person"),
            14: (date(2021, 9, 7), america, "online"),
            15: (date(2023, 12, 6), america, "in person"),
        }

    def test_the_next_exchange_has_no_date_and_is_shown_as_the_next_one(self) -> None:
        meeting = next_meeting(AnonymousUser())
        assert meeting.number == 10
        assert meeting.date is None
        assert meeting.state == Meeting.State.PLANNED
        page = self.client.get(reverse("meetings:list_meetings")).content.decode()
        assert "Before the end of 2018; the date is to be confirmed" in page

    def test_the_chair_holds_the_office_today(self) -> None:
        chair = User.objects.get(email="chair@sample.example")
        office = Office.objects.get()
        assert (office.user, office.working_group.slug, office.valid_to) == (chair, "icoca", None)
        assert chair.has_perm("meetings.approve_summary", ChairsSummary.objects.get(meeting__number=9))


class InventedExchangesTest(SampleSite):
    """What comes after the last exchange on record: each face that a meeting can have, and all of it says “sample”."""

    def page(self, name: str, *args: Any, who: str = "") -> str:
        if who:
            self.client.force_login(User.objects.get(email=f"{who}@sample.example"))
        else:
            self.client.logout()
        answer = self.client.get(reverse(f"meetings:{name}", args=["icoca", *args]))
        return " ".join(answer.content.decode().split()) if answer.status_code == 200 else ""

    def test_everything_invented_says_so(self) -> None:
        invented = Meeting.objects.filter(number__gt=15)
        assert invented.count() == 3
        procedure = ("Adoption of the agenda", "Approval of the Chair’s Summary of the sixteenth exchange",
                     "Approval of the Chair’s Summary of the seventeenth exchange",
                     "Follow-ups of earlier meetings", "Any other business")  # fmt: skip
        items = AgendaItem.objects.filter(meeting__in=invented)
        present = Attendance.objects.filter(meeting__in=invented)
        texts = [
            *invented.values_list("title", flat=True),
            *items.exclude(title__in=procedure).values_list("title", flat=True),
            *FollowUp.objects.filter(meeting__in=invented).values_list("what", flat=True),
            *SummaryComment.objects.values_list("text", flat=True),
            *Document.objects.filter(meeting__in=invented).values_list("title", flat=True),
            *present.exclude(person_name="").values_list("person_name", flat=True),
        ]
        assert [text for text in texts if "sample" not in text.lower()] == []

    def test_what_is_real_is_not_dealt_with_by_what_is_invented(self) -> None:
        taken_up = FollowUp.objects.filter(taken_up_in__meeting__number__gt=15).distinct()
        assert set(taken_up.values_list("meeting__number", flat=True)) == {16, 17}

    def test_a_summary_was_adopted_by_silence_published_and_corrected(self) -> None:
        first, corrected = PublishedSummary.objects.filter(summary__meeting__number=16).order_by("number")
        assert (first.text["adopted"], first.text["rounds"][0]["outcome"]) == ("by silence", "adopted")
        assert corrected.symbol == "ICoCA-WG/16/Summary/Corr.1"
        assert first.is_intact
        assert corrected.is_intact
        assert first.published_at < corrected.published_at < timezone.now() - timedelta(days=100)
        page = self.page("read_corrigendum", 16, 1)
        assert "three weeks, not two" in page
        assert ("two weeks before an exchange" in text_of(first.text["parts"][2])) is True
        assert "three weeks before an exchange" in text_of(corrected.text["parts"][2])

    def test_a_summary_is_under_silence_with_comments_of_two_delegations(self) -> None:
        running = SummaryRound.objects.get(outcome=SummaryRound.Outcome.OPEN)
        assert running.summary.meeting.number == 17
        assert running.circulated_at < timezone.now() < running.until - timedelta(days=7)
        comments = list(running.comments.order_by("made_at"))
        assert [(row.delegation.code, row.paragraph, row.answer) for row in comments] == [
            ("SE", 6, "partly"), ("NL", 7, "none"),
        ]  # fmt: skip
        page = self.page("read_comments", 17, who="focal.ch")
        assert "the cost was one of several reasons" in page
        assert "the next text says “is among what decides”" in page
        assert "could be certified together" in page
        assert self.page("read_meeting", 17) == ""

    def test_names_of_who_spoke_are_in_no_summary(self) -> None:
        for summary in ChairsSummary.objects.filter(meeting__number__gt=15):
            assert summary_attributions(summary) == []
        text = " ".join(text_of(part) for part in SummaryRound.objects.get(outcome="open").text["parts"])
        assert "One Montreux Document participant asked whether several small companies" in text

    def test_the_agenda_to_come_is_a_revised_one_with_sub_items(self) -> None:
        page = self.page("read_agenda", 18, who="reader.pt")
        assert "ICoCA-WG/18/1/Rev.1" in page
        for text in ("lessons of two reviews", "Sample Reviewer", "16:10", "Approval of the Chair’s Summary",
                     "Reviews in the field: questions for the exchange"):  # fmt: skip
            assert text in page
        first, last = AgendaRevision.objects.filter(meeting__number=18)
        assert first.issued_at < last.issued_at < timezone.now()
        assert len(last.text["items"]) == len(first.text["items"]) + 4
        meeting = Meeting.objects.get(number=18)
        assert operations.changes_since_circulated(meeting) == []

    def test_participants_alone_read_how_to_join(self) -> None:
        assert "meet.sample.example" in self.page("read_meeting", 18, who="reader.pt")
        assert self.page("read_meeting", 18) == ""

    def test_some_of_the_invited_have_replied(self) -> None:
        rows = Invitation.objects.filter(meeting__number=18).values_list("delegation__organisation__code", "reply")
        assert dict(rows) == {
            "CH": "attends", "NL": "attends", "SE": "declines", "PT": "none", "US": "none", "FR": "none", "DE": "none",
        }  # fmt: skip
        assert Registration.objects.filter(meeting__number=18).count() == 3
        assert "Sample Delegate One" in self.page("read_registration", 18, who="focal.ch")

    def test_follow_ups_are_in_every_state(self) -> None:
        invented = FollowUp.objects.filter(meeting__number__gt=15)
        assert set(invented.values_list("state", flat=True)) == set(FollowUp.State.values)
        assert invented.overdue(today()).count() == 1

    def test_what_is_long_ago_has_its_own_moments(self) -> None:
        steps = Step.objects.filter(meeting__number=16)
        assert steps.count() > 8
        assert steps.order_by("at").last().at < timezone.now() - timedelta(days=100)
