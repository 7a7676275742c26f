"""The Working Group's known exchanges: the ninth with all its papers, the others as far as they are on record.

Who was present at the ninth exchange for a participant is not on record, nor is what each of them said. Their number
stands on the meeting without names, and the interventions in its second part are invented and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.word import write_docx
from icoca_portal.sample import meeting_documents, meeting_held, meeting_live, meeting_to_come, papers
from meetings import operations
from meetings.models import AgendaItem, Attendance, FollowUp, Meeting, Office, Visibility, WorkingGroup
from meetings.papers import agenda_paper
from members.models import Delegation, Organisation, User

CHAIR_SINCE = date(2018, 1, 1)
ASSOCIATION = "International Code of Conduct Association"


@dataclass(frozen=True)
class Exchange:
    """What is on record of an exchange: its day, the code of the State in the chair, whether it met online."""

    number: int
    day: date
    chair: str = ""
    online: bool = False
    title: str = ""


EXCHANGES = (
    Exchange(1, date(2014, 12, 16)),
    Exchange(2, date(2015, 6, 2), chair="SE"),
    Exchange(3, date(2016, 1, 28), chair="SE"),
    Exchange(6, date(2017, 7, 6), chair="US"),
    Exchange(12, date(2020, 6, 24), chair="US", online=True, title="The first exchange held online"),
    Exchange(13, date(2020, 11, 18), chair="US"),
    Exchange(14, date(2021, 9, 7), chair="US", online=True),
    Exchange(15, date(2023, 12, 6), chair="US"),
)

#: Title, who introduces it, note, record of each item of the ninth exchange.
ITEMS = (
    (
        "Update from the Executive Director on the Strategic Plan",
        "Jamie Williamson, Executive Director of the Association",
        "",
        """
        <p>The Executive Director described how the Strategic Plan of the Association is being drawn up. A questionnaire
        on the plan had gone to the Montreux Document participants before the exchange. Written responses had come back,
        and the Board of Directors discussed them in May 2018.</p>
        <p>The plan sets six objectives for 2018:</p>
        <ol>
          <li>government membership and recognition;</li>
          <li>client engagement;</li>
          <li>streamlined certification;</li>
          <li>operational awareness and credibility;</li>
          <li>broader funding;</li>
          <li>synergies with other initiatives in the regulation of private security.</li>
        </ol>
        <p>The plan is to be final by 30 November 2018. It will be shared with the participants, and presented at the
        2018 Annual General Assembly.</p>
        """,
    ),
    (
        "Discussion and feedback",
        "",
        "On the written responses to the questionnaire",
        """
        <p><em>Sample: the interventions below are invented. They show how a summary reports what was said, without
        saying who said it.</em></p>
        <p>One Montreux Document participant asked in which order the six objectives would be pursued if funds were to
        fall short.</p>
        <p>Another participant asked that the clients of security companies be heard while the plan is being written,
        and not only once it is final.</p>
        <p>One Montreux Document participant welcomed a shorter way to certification, and underlined that what is asked
        of a company must stay the same.</p>
        <p>One participant asked how a government that is not yet a member can follow the work of the Association from
        close by.</p>
        """,
    ),
    (
        "ICoCA governance update",
        "",
        "Election for two seats of the Board; members and applications",
        """
        <p>Before the end of the year an election will fill two seats of the Board of Directors. The government members
        are entitled to vote.</p>
        <p>Montreux Document participants that are not yet members of the Association were invited to join it, and to
        present a candidate.</p>
        <p>In early June 2018 the Association has 7 government members, 93 member companies and 26 civil-society
        members. Two of the civil-society members, both Iraqi, were approved in April.</p>
        <p>Of the 93 companies, 51 work on land, 16 at sea and 26 both on land and at sea. They have their headquarters
        in 34 countries, and 77 % of them are small (0–20 million USD). 13 companies are certified.</p>
        <p>6 applications for certification and 30 applications for membership are under review.</p>
        """,
    ),
    (
        "Thematic presentation by the Executive Director",
        "Jamie Williamson, Executive Director of the Association",
        "Monitoring, complaints and outreach",
        """
        <p>Guidance on the grievance mechanisms of companies comes out in June 2018, in two forms: a manual and an
        interpretative guidance.</p>
        <p>A field-based review is planned for Ghana in June 2018. It looks at:</p>
        <ul>
          <li>the vetting of personnel and of subcontractors;</li>
          <li>vulnerable persons;</li>
          <li>sexual exploitation and abuse;</li>
          <li>training.</li>
        </ul>
        <p>The review is to meet companies, authorities, clients, civil society and security associations.</p>
        <p>In May 2018 a workshop in Goma brought together 25 Congolese civil-society organisations. It was led by
        OSCMP, a member of the Association.</p>
        """,
    ),
    (
        "Any other business",
        "",
        "",
        """
        <p>The next meeting of the Working Group is to take place by the end of the year.</p>
        <p>Its date is to be confirmed.</p>
        """,
    ),
)

#: Why the check of names may let this text pass: it finds where two members come from.
NAMES_REASON = "Sample: “Iraqi” says where two members of the Association come from, and nothing of who spoke."

FOLLOW_UPS = (
    {
        "what": "Make the Strategic Plan final and share it with the participants",
        "who": "The Association",
        "due": date(2018, 11, 30),
        "state": FollowUp.State.IN_PROGRESS,
    },
    {
        "what": "Present the Strategic Plan to the Annual General Assembly",
        "who": "The Association",
        "due_note": "Annual General Assembly of 2018",
    },
    {
        "what": "Hold the election for two seats of the Board of Directors",
        "who": "The Association",
        "due_note": "Before the end of 2018",
    },
    {"what": "Fix the date of the next exchange", "who": "The Working Group"},
)


def load(*, by: User, chair: User) -> int:
    """Make the Working Group, give the chair the office, record the exchanges that are missing. Returns how many.

    `by` is of the secretariat. An exchange that is there stays as it is.
    """
    group, _made = WorkingGroup.objects.get_or_create(
        slug="icoca",
        defaults={
            "name": f"Working Group on the {ASSOCIATION}",
            "symbol": "ICoCA-WG",
            "description": "Brings together participants of the Montreux Document to advise the Association.",
        },
    )
    if not Office.objects.filter(user=chair).exists():
        Office.objects.create(user=chair, working_group=group, valid_from=CHAIR_SINCE)
    there = set(group.meetings.values_list("number", flat=True))
    for exchange in EXCHANGES:
        if exchange.number not in there:
            _load_exchange(group, exchange, by)
    if 9 not in there:
        _load_ninth(group, by, chair)
    if 10 not in there:
        Meeting.objects.create(
            working_group=group,
            number=10,
            date_note="Before the end of 2018; the date is to be confirmed",
            visibility=Visibility.PUBLIC,
        )
        meeting_live.load(group.meetings.get(number=10), by=by, chair=chair)
    meeting_documents.load(group.meetings.get(number=10), by=by)
    # All that comes after the last exchange on record is invented, each from the one before it.
    if max(there, default=0) <= EXCHANGES[-1].number:
        meeting_to_come.load(meeting_held.load(group, by=by, chair=chair), by=by)
    return group.meetings.count() - len(there)


def _load_exchange(group: WorkingGroup, exchange: Exchange, by: User) -> None:
    meeting = Meeting.objects.create(
        working_group=group,
        number=exchange.number,
        title=exchange.title,
        date=exchange.day,
        mode=Meeting.Mode.ONLINE if exchange.online else Meeting.Mode.IN_PERSON,
        visibility=Visibility.PUBLIC,
        chair_organisation=Organisation.objects.get(code=exchange.chair) if exchange.chair else None,
    )
    operations.close_meeting(operations.hold_meeting(meeting, by=by), by=by)


def _load_ninth(group: WorkingGroup, by: User, chair: User) -> None:
    """Take the ninth exchange through all its steps, from the provisional agenda to the sealed summary."""
    in_the_chair = Delegation.objects.get(organisation__code="US")
    meeting = Meeting.objects.create(
        working_group=group,
        number=9,
        title="The Strategic Plan of the Association, its governance, and its work in the field",
        date=date(2018, 6, 6),
        visibility=Visibility.PUBLIC,
        chair_name="Ian McKay",
        chair_organisation=in_the_chair.organisation,
        participants_counted=15,
        heading_facts="Written responses to the questionnaire: discussed by the Board in May 2018",
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, presenter=presenter, note=note, record=record)
        for position, (title, presenter, note, record) in enumerate(_tidy(ITEMS), start=1)
    )
    meeting = operations.convene_meeting(meeting, by=by)
    provisional = write_pdf(agenda_paper(meeting))
    meeting = operations.adopt_agenda(meeting, by=by)
    meeting = operations.hold_meeting(meeting, by=by)
    _record_attendance(meeting, in_the_chair)
    _attach_documents(meeting, provisional, by)
    FollowUp.objects.bulk_create(FollowUp(meeting=meeting, **follow_up) for follow_up in FOLLOW_UPS)
    summary = operations.draft_summary(meeting, by=by)
    operations.publish_summary(operations.approve_summary(summary, by=chair), by=by, names_reason=NAMES_REASON)
    operations.close_meeting(meeting, by=by)


def _tidy(items: tuple[tuple[str, str, str, str], ...]) -> list[tuple[str, str, str, str]]:
    return [(title, presenter, note, " ".join(record.split())) for title, presenter, note, record in items]


def _record_attendance(meeting: Meeting, in_the_chair: Delegation) -> None:
    """Those who are known by name or office; the participants are a number on the meeting."""
    capacities = Attendance.Capacity
    Attendance.objects.bulk_create(
        [
            Attendance(
                meeting=meeting, capacity=capacities.CHAIR, delegation=in_the_chair, person_name=meeting.chair_name
            ),
            Attendance(
                meeting=meeting,
                capacity=capacities.EXECUTIVE_DIRECTOR,
                guest_name="Jamie Williamson",
                guest_organisation=ASSOCIATION,
            ),
            Attendance(
                meeting=meeting,
                capacity=capacities.CHAIR_OF_BOARD,
                guest_name="Rémy Friedmann",
                guest_organisation=ASSOCIATION,
            ),
            Attendance(
                meeting=meeting,
                capacity=capacities.SECRETARIAT,
                guest_organisation="Secretariat of the Montreux Document Forum",
            ),
        ]
    )


def _attach_documents(meeting: Meeting, provisional: bytes, by: User) -> None:
    """Papers with invented symbols; each says on every page that it is a sample."""
    objectives, register = papers.objectives_paper(meeting), papers.register_paper(meeting)
    files = (
        (f"{meeting.symbol}/1/Prov", "Provisional agenda (sample)", "agenda.pdf", provisional, Visibility.PUBLIC),
        (*papers.OBJECTIVES, "objectives.pdf", write_pdf(objectives), Visibility.PARTICIPANTS),
        (*papers.OBJECTIVES, "objectives.docx", write_docx(objectives), Visibility.PARTICIPANTS),
        (*papers.REGISTER, "register.pdf", write_pdf(register), Visibility.PUBLIC),
        (*papers.REGISTER, "register.csv", papers.register_csv(), Visibility.PUBLIC),
    )
    for symbol, title, name, content, visibility in files:
        operations.attach_document(
            meeting,
            upload=SimpleUploadedFile(name, content),
            title=title,
            symbol=symbol,
            visibility=visibility,
            by=by,
        )
