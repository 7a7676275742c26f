"""One of everything: the rows that the walks over every page and every address go through.

Built through the operations wherever there is one, so that what the walks meet is what the portal makes. The texts are
unkind on purpose: right to left, words without an end, markup that must stay text.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from datetime import time as clock
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticationExtensionsClientOutputs,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from icoca_portal.lib import parking
from icoca_portal.lib.days import today
from icoca_portal.lib.word.text import Tally
from icoca_portal.outbox import operations as outbox
from icoca_portal.outbox.models import EnclosedFile, Enclosure, Message
from meetings import operations as meetings
from meetings.models import (
    Attendance,
    ChairsSummary,
    Decision,
    Document,
    FollowUp,
    Invitation,
    ItemLink,
    Meeting,
    Note,
    Office,
    PastSummary,
    Registration,
    SpeakerTurn,
    SummaryComment,
    Visibility,
    WorkingGroup,
)
from meetings.symbols import Placing
from members import operations as members
from members.models import (
    Application,
    Certificate,
    Check,
    Circular,
    CircularTemplate,
    CompanyProfile,
    Contact,
    DeadlineRule,
    Delegation,
    Directorship,
    Evidence,
    FieldReview,
    Guidance,
    GuidanceFile,
    Membership,
    Organisation,
    OtherName,
    Participation,
    Pillar,
    RegistryImport,
    Representative,
    Requirement,
    RevenueBand,
    SelfAssessment,
    SelfAssessmentFile,
    Standard,
    Succession,
    User,
    Workshop,
)
from questionnaires import operations as questionnaires
from questionnaires.changes import Change
from questionnaires.editions import choices_of
from questionnaires.models import (
    Answer,
    Assignment,
    Attachment,
    Clearance,
    Guest,
    Milestone,
    Objective,
    PlanDocument,
    Question,
    Questionnaire,
    Response,
    Section,
    StrategicPlan,
    Submission,
    Theme,
    WordUpload,
)
from questionnaires.word import Read, Reading
from questionnaires.word.marks import Origin
from tests import factories

RTL = "نموذج: إجابة قصيرة للتجربة"
LONG = "Sampleverfassungsschutzkommissionsgeschäftsordnungsänderungsantragsbegründung" * 2
MARKUP = "<script>document.title = 'broken out'</script> & “quoted” <b>not bold</b>"
UNKIND = f"Sample: {MARKUP}\n{LONG}\n{RTL}"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
SECRET = "An unmistakable sample draft that nobody else reads"


@dataclass(frozen=True)
class Live:
    """What a note-taker has written down."""

    note: Note
    """An intervention with two texts."""
    removed: Note
    decision: Decision
    turn: SpeakerTurn
    """Waits; another has spoken, another has the floor."""
    follow_up: FollowUp
    """Overdue, in progress, of the delegation `ch`."""
    guest: Attendance


@dataclass(frozen=True)
class Registry:
    """What is recorded of one company, and what it asked for."""

    company: Organisation
    """A member with another name; its profile was corrected."""
    membership: Membership
    struck: Membership
    """Of earlier days, recorded by mistake."""
    profile: CompanyProfile
    certificate: Certificate
    suspended: Certificate
    application: Application
    """For certification, under review; its last state was corrected."""
    asked: Application
    """For membership, of the organisation that `representative` speaks for, received. Of its lines one is missing, one
    returned, one supplied and one accepted."""
    evidence: Evidence
    """Of the line that was returned."""
    requirement: Requirement
    rule: DeadlineRule
    representative: Representative
    band: RevenueBand
    standard: Standard
    contact: Contact
    """Of the company, without consent; another was erased."""
    succession: Succession
    """The company came out of a member that is one still."""
    twin: Organisation
    """Another entry of the company, with a membership of the same days and a profile that says something else."""
    merged: Organisation
    """Entered twice, and merged."""
    imported: RegistryImport
    """A file with a line of each fate, and applicable only once it is mended."""
    applicable: RegistryImport


@dataclass(frozen=True)
class Outreach:
    """Guidance, reviews, workshops and self-assessments."""

    guidance: Guidance
    """Issued in two versions, with a third that is prepared."""
    file: GuidanceFile
    """Of the newest issued version."""
    draft: GuidanceFile
    """Of the version that is prepared."""
    unissued: Guidance
    review: FieldReview
    """Published, with findings; it visited the company of the registry."""
    hidden: FieldReview
    workshop: Workshop
    """Published, held, with an organisation that is in no register."""
    planned: Workshop
    """Not published."""
    assessment: SelfAssessment
    """Of the company, which the contributor represents: received, with a file."""
    waited: SelfAssessment
    """Of the company, overdue."""
    assessment_file: SelfAssessmentFile
    link: ItemLink
    """From the first item of the public meeting to the review."""


@dataclass
class World:
    """What was built, by what it is."""

    meeting: Meeting
    """Public and closed, with a published summary."""
    inside: Meeting
    """For participants, convened for a day to come, with a link to join. Its agenda is Rev.1, with sub-items, and was
    changed again since."""
    registration: Registration
    """Of `ch`, for it."""
    undated: Meeting
    """Planned, its date to be confirmed."""
    hidden: Meeting
    """For the secretariat and the chair."""
    drafted: Meeting
    """For participants, held; its summary is a draft."""
    elsewhere: Meeting
    """Of another working group, for participants; its summary is circulated, as Rev.1."""
    comment: SummaryComment
    """Of `ch`, on a paragraph of that summary."""
    objected: Meeting
    """For participants, held; `ch` objected to its summary, which is a draft again."""
    documents: dict[str, Document]
    """By readers, all of `meeting`."""
    past: PastSummary
    """A summary of the past that was read and waits to be corrected."""
    plan: StrategicPlan
    plan_document: PlanDocument
    questionnaire: Questionnaire
    """Open: `ch` drafts, `se` has submitted, another delegation's was returned."""
    draft: Questionnaire
    closed: Questionnaire
    """With a draft of `ch` that was never submitted."""
    published: Questionnaire
    """Its results are published: six responses, with quotations."""
    response: Response
    """The draft of `ch`, half answered, with an attachment."""
    attachment: Attachment
    upload: WordUpload
    """A form that came back to the draft of `ch`, with something of everything in it."""
    submission: Submission
    """Of `se`, with a file and a remark."""
    returned: Response
    theme: Theme
    """With a passage of `submission`."""
    messages: dict[str, Message]
    """By state."""
    participation: Participation
    directorship: Directorship
    office: Office
    passkey: Authenticator
    """Of the focal point."""
    assignment: Assignment
    """The contributor looks after the second section of `response`."""
    guest: Guest
    """Drafts the first section of `response`."""
    clearance: Clearance
    """Of `response`, asked of the reader."""
    attempt: AccessAttempt
    """Somebody failed to sign in."""
    circular: Circular
    """Sent to the focal points, with a file as a link: the copy of `ch` came back, the others wait."""
    circular_draft: Circular
    """About nothing, to nobody yet."""
    circular_template: CircularTemplate
    """In English alone."""
    live: Live
    """What was written down at `inside`, which keeps a speakers’ list."""
    registry: Registry
    outreach: Outreach
    people: Callable[[str], Any]

    @property
    def section_id(self) -> int:
        """The first section of the open questionnaire."""
        found = self.questionnaire.edition.questions.sections[0].id
        assert found is not None
        return found

    def question(self, kind: str, questionnaire: Questionnaire | None = None) -> Question:
        return factories.question_of(questionnaire or self.questionnaire, kind)


def a_file(name: str = "sample-note.txt", content: bytes = b"A sample note") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def build_world(people: Callable[[str], Any]) -> World:
    """Build it. `people` gives a person or a delegation of tests/conftest.py by name (`request.getfixturevalue`)."""
    outbox.note_tick()  # as if a worker ran
    officer: User = people("secretariat")
    chair: User = people("chair")
    ours: Delegation = people("delegation")
    theirs: Delegation = people("other_delegation")
    for who in ("reader", "contributor", "focal_point", "other_focal_point", "inactive", "superuser", "director"):
        people(who)
    speaker: User = people("representative")
    group = WorkingGroup.objects.get(slug="icoca")
    meeting, documents = _public_meeting(group, ours, officer, chair)
    inside = _convened_and_revised(group, officer)
    registration = _registered(inside, ours, theirs, officer, people("focal_point"))
    undated = factories.MeetingFactory(
        working_group=group, number=11, date=None, date_note="Before the end of the year; the date is to be confirmed"
    )
    hidden = factories.MeetingFactory(
        working_group=group, number=12, date=today() + timedelta(days=90), visibility=Visibility.SECRETARIAT
    )
    drafted = _held(group, 8)
    meetings.draft_summary(drafted, by=officer)
    other_group = factories.WorkingGroupFactory(slug="other", name="Sample other group", symbol="OTHER-WG")
    elsewhere = _held(other_group, 1)
    circulated = meetings.draft_summary(elsewhere, by=officer)
    comment = _under_silence(circulated, ours, theirs, people)
    objected = _held(group, 7)
    _objected_to(meetings.draft_summary(objected, by=officer), ours, people)
    meetings.make_calendar_address(people("reader"))

    plan = factories.StrategicPlanFactory(slug="sample-plan", summary=UNKIND)
    for number in (1, 2):
        factories.ObjectiveFactory(plan=plan, number=number, summary=f"{RTL} {LONG}")
    questionnaire = _questionnaire(plan, officer)
    response, attachment = _half_drafted(questionnaire, ours, people("contributor"))
    submission = _submitted(questionnaire, theirs, people("other_focal_point"))
    questionnaires.write_remark(
        submission,
        question_id=factories.question_of(questionnaire, "long_text").pk,
        text=UNKIND,
        by=people("director"),
    )
    theme = _concluded(questionnaire, submission, people)
    returned = _submitted(questionnaire, _delegation("Sample Returned Land", "sample-returned", "xr")).response
    questionnaires.return_response(returned, reason=UNKIND, by=officer)
    sections: list[Any] = [section.id for section in questionnaire.edition.questions.sections]
    assignment = questionnaires.assign_section(
        questionnaire, ours, section_id=sections[1], user=people("contributor"), by=people("focal_point")
    )
    guest = _guest(questionnaire, ours, sections[0], people("focal_point"))
    clearance = questionnaires.send_for_clearance(
        questionnaire, ours, of=people("reader"), message=UNKIND, by=people("focal_point")
    )
    questionnaires.write_note(
        response, question_id=factories.question_of(questionnaire, "long_text").pk, text=UNKIND, by=people("reader")
    )
    draft = factories.QuestionnaireFactory(opened=False, title="Sample draft questionnaire", slug="sample-draft")
    closed = factories.QuestionnaireFactory(title="Sample closed questionnaire", slug="sample-closed", plan=plan)
    factories.ResponseFactory(questionnaire=closed, delegation=ours, by=people("focal_point"))
    questionnaires.close_questionnaire(closed, by=officer)
    registry = _registry(officer, speaker)
    return World(
        meeting=meeting,
        inside=inside,
        registration=registration,
        undated=undated,
        hidden=hidden,
        drafted=drafted,
        elsewhere=elsewhere,
        comment=comment,
        objected=objected,
        documents=documents,
        past=_past_summary(group, officer),
        plan=plan,
        plan_document=_plan_papers(plan, officer),
        questionnaire=questionnaire,
        draft=draft,
        closed=closed,
        published=_published(plan, officer),
        response=response,
        attachment=attachment,
        upload=_uploaded(response, people("contributor")),
        submission=submission,
        returned=returned,
        theme=theme,
        messages=_mail(),
        circular=_circular(officer),
        circular_draft=members.draft_circular(by=officer),
        circular_template=_circular_template(),
        participation=Participation.objects.get(organisation=ours.organisation),
        directorship=Directorship.objects.get(user=people("director")),
        office=Office.objects.get(user=chair),
        passkey=_passkey(people("focal_point")),
        assignment=assignment,
        guest=guest,
        clearance=clearance,
        attempt=AccessAttempt.objects.create(
            username="nobody@sample.example",
            ip_address="192.0.2.1",
            path_info="/accounts/login/",
            failures_since_start=2,
            user_agent=LONG,
        ),
        live=_live(inside, ours, officer, chair),
        registry=registry,
        outreach=_outreach(registry.company, meeting, officer, people("contributor")),
        people=people,
    )


# Circulars


def _circular(officer: User) -> Circular:
    """Unkind words in two languages, sent, a file with it; the copy of Switzerland came back."""
    circular = members.draft_circular(by=officer)
    members.write_circular(
        circular,
        by=officer,
        texts={
            "en": (
                f"Sample circular {MARKUP}"[:200],
                f"<p>To {{name}}. {LONG} {RTL}</p><ul><li>Sample point</li></ul>",
            ),
            "fr": ("Circulaire d’exemple", "<p>À l’attention de {name}.</p>"),
        },
        audience={"rule": "participants", "roles": ["focal point"]},
        send_at=None,
        about=None,
    )
    members.attach_circular_file(circular, by=officer, upload=a_file(), title=LONG)
    circular = members.approve_circular(circular, by=officer)
    copy = circular.recipients.get(organisation__slug="switzerland").copies.get()
    Message.objects.filter(pk=copy.message_id).update(state="sent", sent_at=timezone.now(), taken_at=timezone.now())
    outbox.record_return(copy.message, code="5.1.1", why=UNKIND, returned_at=timezone.now())
    return circular


def _circular_template() -> CircularTemplate:
    template = CircularTemplate.objects.create(name=f"Sample template {MARKUP}"[:120])
    template.texts.create(language="en", subject="Sample of {name}", body=f"<p>{LONG} {RTL}</p>")
    return template


# The registry


def _registry(officer: User, speaker: User) -> Registry:
    """A company with something of everything, each of it once corrected or changed, and what was asked for."""
    company = factories.CompanyFactory(name=f"Sample company {RTL} {LONG}"[:200], country="CH")
    OtherName.objects.create(organisation=company, name=LONG, kind=OtherName.Kind.FORMER)
    body = factories.CertificationBodyFactory()
    kept: dict[str, Any] = {"source": UNKIND[:300], "by": officer}
    day = today() - timedelta(days=400)
    membership = members.record_membership(company, pillar=Pillar.INDUSTRY, valid_from=day, **kept)
    earlier: dict[str, Any] = {"valid_from": day - timedelta(days=400), "valid_to": day - timedelta(days=300)}
    struck = members.record_membership(company, pillar=Pillar.INDUSTRY, **earlier, **kept)
    members.strike_out_membership(struck, because=UNKIND[:300], by=officer)
    wrong = members.record_profile(company, headquarters="CH", environment="land", valid_from=day, **kept)
    works: dict[str, Any] = {"size": "small", "works_in": ["CD", "GH"]}
    profile = members.correct_profile(wrong, environment="both", **works, **kept)
    standards = [factories.StandardFactory(), factories.StandardFactory(code="ISO 18788")]
    soon = today() + timedelta(days=60)
    given: dict[str, Any] = {
        "body": body,
        "number": LONG[:60],
        "scope": UNKIND[:300],
        "issued_on": day,
        "expires_on": soon,
    }
    first, second = (members.record_certificate(company, standard=standard, **given, **kept) for standard in standards)
    suspended = members.change_certificate_state(
        second, state=Certificate.State.SUSPENDED, on=today() - timedelta(days=30), **kept
    )
    asked_on = today() - timedelta(days=200)
    application = members.receive_application(
        company,
        kind=Application.Kind.CERTIFICATION,
        pillar=Pillar.INDUSTRY,
        standard=factories.StandardFactory(code="ISO 28007"),
        received_on=asked_on,
        **kept,
    )
    status = members.begin_review(application, on=asked_on + timedelta(days=20), **kept)
    members.correct_application_status(status, valid_from=asked_on + timedelta(days=20), reason=UNKIND, **kept)
    asked, rule = _asked(speaker, asked_on, kept)
    returned = asked.checks.get(state=Check.State.RETURNED)
    band = members.record_revenue_band(size="small", lower=0, upper=20, valid_from=date(2010, 1, 1), **kept)
    reached: dict[str, Any] = {
        "email": f"{'a-long-sample-address-' * 2}x@sample.example",
        "telephone": "+41 99 999 99 99",
    }
    contact = members.record_contact(
        company, name=LONG[:150], function=UNKIND[:150], valid_from=day, **reached, by=officer
    )
    gone = members.record_contact(company, name="Sample person", valid_from=day, by=officer)
    members.withdraw_consent(gone, on=today(), by=officer)
    predecessor = factories.MembershipFactory(organisation__name="Sample predecessor").organisation
    succession = members.record_succession(company, predecessor=predecessor, kind="merger", valid_from=day, **kept)
    members.correct_succession(succession, kind="takeover", **kept)
    twin = factories.CompanyFactory(name=f"Sample company twin {LONG}"[:200])
    members.record_membership(twin, pillar=Pillar.INDUSTRY, valid_from=day, **kept)
    members.record_profile(twin, headquarters="FR", environment="sea", valid_from=day, **kept)
    merged = factories.MembershipFactory(organisation__name="Sample predecessor entered twice").organisation
    members.merge_organisations(merged, predecessor, **kept)
    told = f'name,kind,website\n"{company.name}",company,https://{LONG[:40]}.example\n{RTL} new,company,\n'
    told += f"{body.name},certification body,\n"
    imported, applicable = [
        members.upload_registry_file(a_file("sample-registry.csv", text.encode()), source=UNKIND[:300], by=officer)
        for text in (f"{told}{LONG[:150]},{LONG[:80]},\n", told)
    ]
    return Registry(
        company=company,
        membership=membership,
        struck=struck,
        profile=profile,
        certificate=first,
        suspended=suspended,
        application=application,
        asked=asked,
        evidence=returned.evidence.get(),
        requirement=returned.requirement,
        rule=rule,
        representative=speaker.represents.get(),
        band=band,
        standard=standards[0],
        contact=contact,
        succession=company.predecessors.get(superseded_at=None),
        twin=twin,
        merged=merged,
        imported=imported,
        applicable=applicable,
    )


def _asked(speaker: User, on: date, kept: dict[str, Any]) -> tuple[Application, DeadlineRule]:
    """An application of which a line is in each state, and the rule of its deadline."""
    rule = members.record_deadline_rule(step="supply", length=30, unit="days", valid_from=date(2010, 1, 1), **kept)
    for number in range(1, 6):
        members.record_requirement(
            asks=Application.Kind.MEMBERSHIP,
            pillar=Pillar.CIVIL_SOCIETY,
            title=f"{number} {UNKIND}"[:200],
            explanation=UNKIND,
            position=number,
            valid_from=date(2010, 1, 1),
            **kept,
        )
    asked = members.receive_application(
        speaker.represents.get().organisation,
        kind=Application.Kind.MEMBERSHIP,
        pillar=Pillar.CIVIL_SOCIETY,
        received_on=on,
        **kept,
    )
    _missing, waived, supplied, returned, accepted = asked.checks.select_related("requirement")
    by = kept["by"]
    members.waive_check(waived, reason=UNKIND, version=1, by=by)
    for line in (supplied, returned, accepted):
        members.supply_evidence(line, uploads=[a_file(f"{RTL} {LONG}.txt"[:200])], note=UNKIND, by=speaker)
    members.return_check(returned, reason=UNKIND, version=2, by=by)
    members.accept_check(accepted, version=2, by=by)
    return asked, rule


# Monitoring and outreach


def _outreach(company: Organisation, meeting: Meeting, officer: User, representative: User) -> Outreach:
    """One of each, published and not, with texts that are unkind."""
    hidden_from_all = factories.OrganisationFactory(name="Sample organisation in no register", kind="civil society")
    guidance, unissued = factories.GuidanceFactory(title=f"Sample {RTL} {LONG}"[:200]), factories.GuidanceFactory()
    files = []
    for number, label in enumerate(("1", "2", LONG[:40])):
        version = members.add_guidance_version(
            guidance, label=label, dated=date(2018 + number, 6, 1), day_known=bool(number), change_note=UNKIND[:500]
        )
        form, upload = f"Sample manual {LONG}"[:100], a_file(content=label.encode())
        files.append(members.add_guidance_file(version, upload=upload, form=form, language="en", by=officer))
        if number < 2:
            members.issue_guidance_version(version, by=officer)
    review = factories.FieldReviewFactory(
        place=RTL, day_known=False, topics=UNKIND, meets=["companies", "clients"], public_note=UNKIND,
        findings=f"<p>{SECRET}</p>",
    )  # fmt: skip
    review.organisations.add(company, hidden_from_all)
    workshop = factories.WorkshopFactory(
        title=f"Sample {LONG}"[:200], led_by=company, taking_part=25, public_note=UNKIND, ends_on=date(2018, 5, 3)
    )
    workshop.organisations.add(company, hidden_from_all)
    for activity in (review, workshop):
        members.publish_activity(activity, by=officer)
    factories.RepresentativeFactory(user=representative, organisation=company)
    requested: Any = {"organisation": company, "requested_by": officer}
    assessment = factories.SelfAssessmentFactory(**requested)
    members.send_self_assessment(assessment, upload=a_file(f"{LONG}.txt"), by=representative)
    return Outreach(
        guidance=guidance,
        file=files[1],
        draft=files[2],
        unissued=unissued,
        review=review,
        hidden=factories.FieldReviewFactory(),
        workshop=workshop,
        planned=factories.WorkshopFactory(state="planned"),
        assessment=assessment,
        waited=factories.SelfAssessmentFactory(**requested, year=2018, due_on=date(2018, 3, 31)),
        assessment_file=assessment.files.get(),
        link=meetings.link_item(meeting.items.all()[0], to=review, by=officer),
    )


# Meetings


def _public_meeting(
    group: WorkingGroup, delegation: Delegation, officer: User, chair: User
) -> tuple[Meeting, dict[str, Document]]:
    meeting = factories.MeetingFactory(
        working_group=group,
        number=9,
        date=date(2018, 6, 6),
        visibility=Visibility.PUBLIC,
        state=Meeting.State.HELD,
        chair_name="Sample Chair",
        heading_facts="Association: Sample representatives",
    )
    record = (
        f"<p>One Montreux Document participant asked a sample question.</p><ul><li>{LONG}</li><li>{RTL}</li></ul>"
        "<p>&lt;script&gt;document.title = 'broken out'&lt;/script&gt; and <strong>more</strong>.</p>"
    )
    for position in (1, 2, 3):
        factories.AgendaItemFactory(
            meeting=meeting, position=position, title=f"Sample item {position}", presenter="Sample speaker",
            note=f"{RTL} {LONG}"[:240], minutes=20, record=record,
        )  # fmt: skip
    factories.AttendanceFactory(meeting=meeting, delegation=delegation, person_name=f"Sample {RTL}")
    factories.AttendanceFactory(
        meeting=meeting, delegation=None, capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR, guest_name="Sample Director",
        guest_organisation=LONG,
    )  # fmt: skip
    factories.FollowUpFactory(meeting=meeting, what=f"{RTL} {LONG}"[:240], due=date(2018, 11, 30))
    factories.FollowUpFactory(meeting=meeting, due_note="The day is to be confirmed")
    documents = {
        visibility: meetings.attach_document(
            meeting,
            upload=a_file(content=f"For {visibility}".encode()),
            title=f"Sample paper for {visibility} {LONG}"[:240],
            symbol=f"ICoCA-WG/9/{number}",
            visibility=visibility,
            by=officer,
        )
        for number, visibility in enumerate(Visibility.values, start=2)
    }
    summary = meetings.draft_summary(meeting, by=officer)
    meetings.approve_summary(summary, by=chair)
    meetings.publish_summary(summary, by=officer)
    meetings.reopen_summary(summary, by=officer)
    summary.parts.filter(number="1").update(text=f"<p>One participant asked a corrected question.</p><p>{LONG}</p>")
    meetings.approve_summary(summary, by=chair)
    meetings.publish_summary(summary, by=officer, corrects=UNKIND[:500])
    meetings.close_meeting(meeting, by=officer)
    meeting.refresh_from_db()
    return meeting, documents


def _convened_and_revised(group: WorkingGroup, officer: User) -> Meeting:
    """Convened in unkind words; Rev.1 moved an hour, added sub-items with a presenter and a paper, and a last item."""
    meeting = factories.MeetingFactory(
        working_group=group,
        number=10,
        title=UNKIND[:200],
        date=today() + timedelta(days=20),
        starts_at=clock(15),
        ends_at=clock(17),
        place=f"Sample {RTL}",
        mode=Meeting.Mode.BOTH,
        online_link=f"https://meet.sample.example/{LONG}",
        online_note=f"{RTL} {LONG}"[:240],
        languages=["en", "fr", "ar"],
        registration_note=UNKIND[:240],
    )
    top = factories.AgendaItemFactory(
        meeting=meeting, position=1, title=f"{RTL} {LONG}"[:240], starts_at=clock(15), record=""
    )
    meetings.convene_meeting(meeting, by=officer)
    top.starts_at, top.minutes = clock(15, 10), 50
    top.save()
    for position, (title, presenter) in enumerate(((UNKIND, LONG), (f"Sample sub-item {RTL}", RTL)), start=2):
        item = factories.AgendaItemFactory(
            meeting=meeting, position=position, parent=top, title=title[:240], presenter=presenter[:190],
            starts_at=clock(15, 10 * position), minutes=20, note=LONG, record="",
        )  # fmt: skip
    factories.AgendaItemFactory(meeting=meeting, position=4, title="Any other business", kind="aob", record="")
    meetings.attach_document(
        meeting, upload=a_file(), title=f"Sample paper {LONG} {RTL}"[:240], placing=Placing.NEW, items=[item],
        by=officer,
    )  # fmt: skip
    meetings.revise_agenda(meeting, by=officer, note=UNKIND[:300])
    meeting.refresh_from_db()
    return meeting


def _live(meeting: Meeting, delegation: Delegation, officer: User, chair: User) -> Live:
    """Notes of two people, and one of everything else that is captured while a meeting sits."""
    Meeting.objects.filter(pk=meeting.pk).update(has_speakers_list=True)
    item = meeting.items.get(position=1)
    factories.AgendaItemFactory(
        meeting=meeting, position=5, title="Sample sub-item, not circulated", parent=item, record=""
    )

    def write(text: str, by: User, version: int = 0, note: Note | None = None, **said: Any) -> Note:
        return meetings.write_note(item, key=note.key if note else uuid4(), version=version, text=text, by=by, **said)

    note = write("Sample first text", officer, kind="question", delegation=delegation)
    write(UNKIND, chair, 1, note, kind="question", delegation=delegation, speaker=f"Sample {RTL} {LONG}"[:200])
    removed = meetings.remove_note(write(f"{RTL} {LONG}", officer), by=officer)
    write("Sample words of the note-taker", officer)
    for name in ("Sample who has spoken", "Sample who speaks"):
        meetings.give_floor(meetings.ask_for_floor(meeting, name=name, item=item, by=officer), by=officer)
    turn = meetings.ask_for_floor(meeting, delegation=delegation, name=f"{RTL} {LONG}"[:200], by=officer)
    meetings.ask_for_floor(meeting, name="Sample who waits", by=officer)
    meetings.tick_attendance(meeting, delegation, by=officer, person_name=f"Sample {RTL}")
    follow_up = meetings.open_follow_up(
        meeting, what=f"{RTL} {LONG}"[:240], delegation=delegation, due=today() - timedelta(days=3), item=item,
        by=officer,
    )  # fmt: skip
    decision = meetings.record_decision(meeting, key=uuid4(), text=f"{RTL} {LONG}", item=item, by=officer)
    return Live(
        note=note,
        removed=removed,
        decision=meetings.change_decision(decision, version=1, text=UNKIND, by=chair),
        turn=turn,
        follow_up=meetings.progress_follow_up(follow_up, version=1, note=UNKIND[:400], by=officer),
        guest=meetings.add_attendance(meeting, capacity="guest", name=LONG[:150], organisation=RTL, by=officer),
    )


def _registered(
    meeting: Meeting, ours: Delegation, theirs: Delegation, officer: User, focal_point: User
) -> Registration:
    """Both delegations are invited, and ours has registered somebody."""
    meetings.invite_delegations(meeting, [ours.organisation, theirs.organisation], by=officer)
    invitation = Invitation.objects.get(meeting=meeting, delegation=ours)
    person = {
        "person_name": f"Sample {RTL}"[:150], "function": LONG[:150], "capacity": "head", "mode": "in person",
        "email": "sample@sample.example", "dietary_needs": UNKIND[:200], "access_needs": LONG[:200],
    }  # fmt: skip
    registration = meetings.register_person(invitation, person=person, by=focal_point)
    changed = {**person, "function": RTL[:150]}
    return meetings.change_registration(registration, seen_version=1, person=changed, by=focal_point)


def _held(group: WorkingGroup, number: int) -> Meeting:
    meeting = factories.MeetingFactory(working_group=group, number=number, state=Meeting.State.HELD)
    factories.AgendaItemFactory(meeting=meeting, position=1, record=f"<p>{SECRET}</p>")
    return meeting


def _under_silence(
    summary: ChairsSummary, ours: Delegation, theirs: Delegation, people: Callable[[str], Any]
) -> SummaryComment:
    """Circulated, commented, revised, circulated again, commented again; one comment is answered, one withdrawn."""
    officer, until = people("secretariat"), timezone.now() + timedelta(days=7)
    meetings.circulate_summary(summary, comments_until=until, by=officer)
    first = summary.rounds.get()
    meetings.comment_summary(first, theirs, text=UNKIND, by=people("other_focal_point"))
    meetings.reopen_summary(summary, by=officer)
    text = f"<p>{SECRET}</p><p>{LONG} {RTL}</p><ul><li>{LONG}</li></ul>"
    summary.parts.update(text=text, title=f"{RTL} {LONG}"[:240])
    meetings.circulate_summary(summary, comments_until=until, by=officer)
    second = summary.rounds.get(number=2)
    writer = people("contributor")
    comment = meetings.comment_summary(
        second, ours, text=UNKIND, kind="proposal", proposed=f"{LONG} {RTL}", paragraph=1, by=writer
    )
    answered = meetings.comment_summary(second, theirs, text=LONG, paragraph=2, by=people("other_focal_point"))
    meetings.answer_comment(answered, answer="partly", text=UNKIND, by=officer)
    meetings.withdraw_comment(meetings.comment_summary(second, ours, text="Sample", by=writer), by=writer)
    return comment


def _objected_to(summary: ChairsSummary, ours: Delegation, people: Callable[[str], Any]) -> None:
    """Circulated; a delegation commented and then objected, which ended the silence."""
    until = timezone.now() + timedelta(days=7)
    meetings.circulate_summary(summary, comments_until=until, by=people("secretariat"))
    circulated, writer = summary.rounds.get(), people("contributor")
    meetings.comment_summary(circulated, ours, text=f"{RTL} {LONG}", paragraph=1, by=writer)
    meetings.object_to_summary(circulated, ours, reason=UNKIND, paragraph=1, by=writer)


def _past_summary(group: WorkingGroup, officer: User) -> PastSummary:
    """Unkind Markdown: long words, letters from the right, what is not understood."""
    text = (
        f"# Sample of the past\n\nSeventh exchange\n\nDate: 6 July 2017\n\n## 1. {LONG[:100]}\n\n{RTL} {LONG}\n\n"
        f"- {MARKUP}\n  - {LONG}\n\n![Sample](picture.png)\n\n## 2. {RTL}\n\n> {LONG}\n"
    )
    return meetings.upload_past_summary(group, a_file("past.md", text.encode()), by=officer)


def summary_of(meeting: Meeting) -> ChairsSummary:
    return ChairsSummary.objects.get(meeting=meeting)


# Questionnaires


def _questionnaire(plan: StrategicPlan, officer: User) -> Questionnaire:
    """Open, with a question of each kind; the texts of the first section are unkind."""
    questionnaire = factories.QuestionnaireFactory(
        opened=False, title="Sample open questionnaire", slug="sample-open", code="SO", plan=plan, introduction=UNKIND
    )
    first = Section.objects.filter(questionnaire=questionnaire, position=1).get()
    first.introduction, first.objective = f"{RTL}\n{LONG}", Objective.objects.get(plan=plan, number=1)
    first.save()
    questions = Question.objects.filter(section__questionnaire=questionnaire)
    questions.filter(kind="yes_no").update(required=True, help_text=f"{RTL} {LONG}")
    questions.filter(kind="long_text").update(text=f"Sample question, long text? {MARKUP}", word_limit=300)
    questions.filter(kind="single").update(has_other=True, choices=choices_of(f"First\n{LONG}\n{RTL}"))
    questions.filter(kind="number").update(unit="CHF", minimum=0)
    questionnaires.open_questionnaire(questionnaire, by=officer)
    return questionnaire


def _plan_papers(plan: StrategicPlan, officer: User) -> PlanDocument:
    """Milestones with a day and in words, and a final text."""
    for position, (day, note, done) in enumerate([(date(2018, 4, 2), "", True), (None, RTL, False)], start=1):
        Milestone.objects.create(
            plan=plan,
            position=position,
            title=f"{RTL} {LONG}"[:200],
            date=day,
            date_note=note,
            note=MARKUP,
            is_done=done,
        )
    return questionnaires.publish_plan_document(plan, upload=a_file(), title=UNKIND[:200], by=officer, is_final=True)


def _published(plan: StrategicPlan, officer: User) -> Questionnaire:
    """Closed, with published results; what is quoted is unkind."""
    questionnaire = factories.QuestionnaireFactory(
        title="Sample published questionnaire", slug="sample-published", plan=plan
    )
    for number in range(6):
        response = factories.ResponseFactory(
            questionnaire=questionnaire,
            delegation=_delegation(f"Sample Heard Land {number}", f"sample-heard-{number}", f"h{number}"),
            values={"long_text": f"{UNKIND} {number}", "yes_no": "no"},
        )
        Answer.objects.filter(response=response).update(quote=("named", "unnamed")[number % 2])
        questionnaires.submit_response(response, by=factories.UserFactory())
    questionnaires.close_questionnaire(questionnaire, by=officer)
    questionnaires.publish_results(questionnaire, by=officer)
    return questionnaire


def _half_drafted(questionnaire: Questionnaire, delegation: Delegation, by: User) -> tuple[Response, Attachment]:
    """Written by two people; the required answer is missing."""
    write = [
        Change(factories.question_of(questionnaire, "short_text").pk, SECRET, 0),
        Change(factories.question_of(questionnaire, "long_text").pk, f"{SECRET}\n{UNKIND}", 0),
        Change(factories.question_of(questionnaire, "scale").pk, 2, 0),
    ]
    response, _saved = questionnaires.save_answers(questionnaire, delegation, write, by=by)
    paper = factories.question_of(questionnaire, "file").pk
    questionnaires.attach_file(questionnaire, delegation, paper, a_file(f"{LONG[:60]}.txt"), by=by)
    return response, Attachment.objects.get(response=response)


def _guest(questionnaire: Questionnaire, delegation: Delegation, section_id: int, by: User) -> Guest:
    return questionnaires.invite_guest(
        questionnaire,
        delegation,
        name=f"Sample Guest {RTL}",
        email="guest.ch@sample.example",
        language="en",
        section_ids=[section_id],
        by=by,
    )


def _uploaded(response: Response, by: User) -> WordUpload:
    """Read from a form that was written before the draft: changes, two versions, what cannot be read, the rest."""

    def pk(kind: str) -> int:
        return factories.question_of(response.questionnaire, kind).pk

    reading = Reading(
        answers={
            pk("short_text"): Read(f"{SECRET} in Word"),
            pk("long_text"): Read(UNKIND),
            pk("number"): Read(f"about {LONG}"),
            pk("yes_no"): Read("yes", left_over=UNKIND),
            pk("single"): Read(issue="several", about=UNKIND),
            pk("scale"): Read(2, left_over=LONG),
        },
        unknown={0: UNKIND},
        unmatched=[UNKIND],
        tally=Tally(1, 2, 3, 1, 2, 1),
        origin=Origin("SO", 7, "ch", response.started_at, {pk("short_text"): 1}),
    )
    return WordUpload.objects.create(
        response=response, name=f"{LONG}.docx", size=1, sha256="0" * 64, content=reading.as_json(), uploaded_by=by
    )


def _submitted(questionnaire: Questionnaire, delegation: Delegation, by: User | None = None) -> Submission:
    by = by or factories.UserFactory()
    response = factories.ResponseFactory(
        questionnaire=questionnaire,
        delegation=delegation,
        by=by,
        values={"long_text": UNKIND, "short_text": RTL, "single": {"choice": "other", "other": LONG}},
    )
    paper = factories.question_of(questionnaire, "file").pk
    questionnaires.attach_file(questionnaire, delegation, paper, a_file(), by=by)
    return questionnaires.submit_response(response, by=by)


def _delegation(name: str, slug: str, code: str) -> Delegation:
    return factories.DelegationFactory(organisation__name=name, organisation__slug=slug, organisation__code=code)


# Mail, sign-in, what was parked


def _concluded(questionnaire: Questionnaire, submission: Submission, people: Callable[[str], Any]) -> Theme:
    """What the Board made of it: a reply, two themes that overlap, a discussion and a conclusion."""
    director: User = people("director")
    question = factories.question_of(questionnaire, "long_text").pk
    remark = submission.remarks.get()
    questionnaires.write_remark(submission, question_id=question, text=UNKIND, by=director, answers=remark)
    text = submission.answers.get(question=question).text
    for name, start, end in (("Sample theme", 0, 12), (f"{RTL} {LONG}"[:120], 4, 30)):
        passage = questionnaires.tag_passage(
            submission, question_id=question, text=text[start:end], theme=name, by=director, start=start, end=end
        )
    questionnaires.record_discussion(
        questionnaire, occasion=f"Sample session {LONG}"[:200], date=date(2018, 5, 15), note=UNKIND[:500], by=director
    )
    questionnaires.write_conclusion(questionnaire, None, text=f"<p>{RTL} {LONG}</p>", base=0, by=director)
    return passage.theme


def _mail() -> dict[str, Message]:
    enclosure = Enclosure.objects.create()
    EnclosedFile.keep(SimpleUploadedFile(f"{LONG[:60]}.txt", b"Sample."), enclosure=enclosure)
    rows = {
        state: outbox.queue_message(
            key=f"world:{state}",
            to="focal.ch@sample.example",
            name=LONG,
            subject=f"Sample {state} {MARKUP}",
            text=UNKIND,
            enclosure=enclosure,
            thread="world",
        )
        for state in ("queued", "sent", "failed", "sending")
    }
    now = timezone.now()
    changes: dict[str, dict[str, Any]] = {
        "sent": {"state": "sent", "sent_at": now, "taken_at": now},
        "failed": {"state": "failed", "attempts": 7, "last_error": f"550 {LONG}"},
        "sending": {"state": "sending", "taken_at": now - timedelta(hours=1)},
    }
    for state, fields in changes.items():
        Message.objects.filter(pk=rows[state].pk).update(**fields)
        rows[state].refresh_from_db()
    return rows


def _passkey(user: User) -> Authenticator:
    """A passkey as a browser registers it; the private half is thrown away."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    registered = RegistrationResponse(
        raw_id=b"sample-key",
        response=AuthenticatorAttestationResponse(
            client_data=CollectedClientData.create("webauthn.create", b"sample", "https://portal.example"),
            attestation_object=AttestationObject.create(
                "none",
                AuthenticatorData.create(
                    bytes(32), FLAGS, 1, AttestedCredentialData.create(Aaguid(bytes(16)), b"sample-key", key)
                ),
                {},
            ),
        ),
        client_extension_results=AuthenticationExtensionsClientOutputs({"credProps": {"rk": True}}),
    )
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"Sample key {LONG}"[:100], "credential": dict(registered)},
    )


def just_signed_in(session: SessionBase) -> None:
    """The session says that its person proved who they are a moment ago, as the sign-in pages do."""
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def park_form(session: SessionBase, path: str = "/members/profile/") -> None:
    """A form that the session's person sent after an earlier one had ended waits in it."""
    post = parking.ParkedPost(
        token="sample-token",
        user=session["_auth_user_id"],
        path=path,
        page=path,
        at=timezone.now().isoformat(),
        fields=[["name", [UNKIND]], ["language", ["en"]]],
        files=[f"{LONG}.txt"],
        left_out=["password"],
    )
    session[parking.SESSION_KEY] = [asdict(post)]
    session.save()
