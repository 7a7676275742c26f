"""Rows for the tests, one section an app. Everything invented says "Sample"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from icoca_portal.lib import sealing
from icoca_portal.outbox.models import Message
from meetings.models import (
    AgendaItem,
    Attendance,
    ChairsSummary,
    Document,
    FollowUp,
    Meeting,
    Office,
    SummaryPart,
    Visibility,
    WorkingGroup,
)
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    Circular,
    CircularCopy,
    CircularFile,
    CircularRecipient,
    CircularRecord,
    CircularText,
    CompanyProfile,
    DeadlineRule,
    Delegate,
    Delegation,
    Directorship,
    FieldReview,
    Guidance,
    Membership,
    Organisation,
    Participation,
    Pillar,
    Representative,
    Requirement,
    SelfAssessment,
    Size,
    Standard,
    User,
    Workshop,
)
from questionnaires import operations as questionnaire_operations
from questionnaires.editions import choices_of
from questionnaires.kinds import KINDS
from questionnaires.models import (
    Objective,
    Question,
    Questionnaire,
    Response,
    Section,
    StrategicPlan,
    Submission,
)

PASSWORD = "sample-portal-password"


# Members


class OrganisationFactory(DjangoModelFactory):
    """A State, unless `kind` says otherwise."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Sample State {n}")
    slug = factory.Sequence(lambda n: f"sample-state-{n}")
    code = factory.Sequence(lambda n: f"x{n}")
    kind = Organisation.Kind.STATE


class UserFactory(DjangoModelFactory):
    """An open account with `PASSWORD` and no role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person.{n}@sample.example")
    name = factory.Sequence(lambda n: f"Sample Person {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    organisation = factory.SubFactory(OrganisationFactory)
    valid_from = date(2008, 9, 17)
    source = "Sample source"


class DelegationFactory(DjangoModelFactory):
    """The delegation of a participant since 2008."""

    class Meta:
        model = Delegation
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    participation = factory.PostGeneration(
        lambda delegation, create, given: ParticipationFactory(organisation=delegation.organisation) if create else None
    )


class DelegateFactory(DjangoModelFactory):
    """A focal point since 2015."""

    class Meta:
        model = Delegate

    user = factory.SubFactory(UserFactory)
    delegation = factory.SubFactory(DelegationFactory)
    role = Delegate.Role.FOCAL_POINT
    valid_from = date(2015, 1, 1)


class DirectorshipFactory(DjangoModelFactory):
    """A director from government, with an account."""

    class Meta:
        model = Directorship

    user = factory.SubFactory(UserFactory)
    person_name = factory.LazyAttribute(lambda row: row.user.name if row.user else "Sample Director")
    pillar = Directorship.Pillar.GOVERNMENT
    valid_from = date(2016, 1, 1)
    source = "Sample source"


class CompanyFactory(OrganisationFactory):
    """A company, a member of no body yet."""

    name = factory.Sequence(lambda n: f"Sample Company {n}")
    slug = factory.Sequence(lambda n: f"sample-company-{n}")
    code = None
    kind = Organisation.Kind.COMPANY


class CertificationBodyFactory(OrganisationFactory):
    name = factory.Sequence(lambda n: f"Sample Certification Body {n}")
    slug = factory.Sequence(lambda n: f"sample-certification-body-{n}")
    code = None
    kind = Organisation.Kind.CERTIFICATION_BODY


class StandardFactory(DjangoModelFactory):
    """PSC.1, unless `code` says otherwise; always the same row."""

    class Meta:
        model = Standard
        django_get_or_create = ("code",)

    code = "PSC.1"


class MembershipFactory(DjangoModelFactory):
    """A member company since 2014."""

    class Meta:
        model = Membership

    organisation = factory.SubFactory(CompanyFactory)
    pillar = Pillar.INDUSTRY
    valid_from = date(2014, 1, 1)
    source = "Sample source"


class CompanyProfileFactory(DjangoModelFactory):
    """Of a small company in Switzerland that works on land, since 2014."""

    class Meta:
        model = CompanyProfile

    organisation = factory.SubFactory(CompanyFactory)
    headquarters = "CH"
    environment = CompanyProfile.Environment.LAND
    size = Size.SMALL
    valid_from = date(2014, 1, 1)
    source = "Sample source"


class CertificateFactory(DjangoModelFactory):
    """PSC.1, valid from 2016 for ten years."""

    class Meta:
        model = Certificate

    organisation = factory.SubFactory(CompanyFactory)
    standard = factory.SubFactory(StandardFactory)
    body = factory.SubFactory(CertificationBodyFactory)
    issued_on = valid_from = date(2016, 1, 1)
    expires_on = valid_to = date(2026, 1, 1)
    source = "Sample source"


class ApplicationFactory(DjangoModelFactory):
    """Of a company, for membership; without a state, which `ApplicationStatusFactory` adds."""

    class Meta:
        model = Application

    organisation = factory.SubFactory(CompanyFactory)
    kind = Application.Kind.MEMBERSHIP
    pillar = Pillar.INDUSTRY


class ApplicationStatusFactory(DjangoModelFactory):
    """Received on 1 January 2018."""

    class Meta:
        model = ApplicationStatus

    application = factory.SubFactory(ApplicationFactory)
    state = ApplicationStatus.State.RECEIVED
    valid_from = date(2018, 1, 1)
    source = "Sample source"


class RequirementFactory(DjangoModelFactory):
    """A line of the checklist for membership in industry since 2014, with a file."""

    class Meta:
        model = Requirement

    asks = Application.Kind.MEMBERSHIP
    pillar = Pillar.INDUSTRY
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Sample line {n}")
    valid_from = date(2014, 1, 1)
    source = "Sample source"


class DeadlineRuleFactory(DjangoModelFactory):
    """Thirty days for applicants, in all pillars since 2014."""

    class Meta:
        model = DeadlineRule

    step = DeadlineRule.Step.SUPPLY
    length = 30
    valid_from = date(2014, 1, 1)
    source = "Sample source"


class RepresentativeFactory(DjangoModelFactory):
    """Speaks for a company since 2015."""

    class Meta:
        model = Representative

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(CompanyFactory)
    valid_from = date(2015, 1, 1)
    source = "Sample source"


class GuidanceFactory(DjangoModelFactory):
    """Without a version: nobody but the secretariat knows of it."""

    class Meta:
        model = Guidance

    title = factory.Sequence(lambda n: f"Sample guidance {n}")
    slug = factory.Sequence(lambda n: f"sample-guidance-{n}")


class FieldReviewFactory(DjangoModelFactory):
    """Held in Ghana, its findings written, and not published."""

    class Meta:
        model = FieldReview

    country = "GH"
    begins_on = date(2018, 6, 1)
    state = "held"
    topics = "Sample topic\nAnother sample topic"
    findings = "<p>Sample findings</p>"


class WorkshopFactory(DjangoModelFactory):
    """Held in Goma, and not published."""

    class Meta:
        model = Workshop

    title = factory.Sequence(lambda n: f"Sample workshop {n}")
    country = "CD"
    place = "Goma"
    begins_on = date(2018, 5, 1)
    state = "held"


class SelfAssessmentFactory(DjangoModelFactory):
    """Waited for until a day in 2100."""

    class Meta:
        model = SelfAssessment

    organisation = factory.SubFactory(CompanyFactory)
    year = 2026
    due_on = date(2100, 1, 1)
    requested_by = factory.SubFactory(UserFactory)


class CircularFactory(DjangoModelFactory):
    """Sent on a day of 2026 with a text in English, numbered and sealed; ``state="draft"`` leaves it a draft."""

    class Meta:
        model = Circular
        skip_postgeneration_save = True

    class Params:
        is_out = factory.LazyAttribute(lambda row: row.state in ("queued", "sent"))

    state = Circular.State.SENT
    created_by = factory.SubFactory(UserFactory, is_staff=True)
    year = factory.LazyAttribute(lambda row: 2026 if row.is_out else None)
    number = factory.Maybe("is_out", factory.Sequence(lambda n: n + 1001), None)
    released_at = factory.LazyAttribute(lambda row: timezone.now() if row.is_out else None)
    sent_at = factory.LazyAttribute(lambda row: row.released_at if row.state == "sent" else None)
    text = factory.RelatedFactory("tests.factories.CircularTextFactory", factory_related_name="circular")

    @factory.post_generation
    def record(self: Circular, create: bool, given: Any, **options: Any) -> None:
        if self.released_at:
            texts = {row.language: {"subject": row.subject, "body": row.body} for row in self.texts.all()}
            content = sealing.canonical({"number": self.reference, "texts": texts})
            CircularRecord.objects.create(circular=self, content=content, sha256=sealing.digest(content))


class CircularTextFactory(DjangoModelFactory):
    class Meta:
        model = CircularText

    circular = factory.SubFactory(CircularFactory, text=None)
    language = "en"
    subject = factory.Sequence(lambda n: f"Sample circular {n}")
    body = "<p>Sample text of a circular.</p>"


class CircularFileFactory(DjangoModelFactory):
    """A stored text of a few words, offered as a link."""

    class Meta:
        model = CircularFile

    circular = factory.SubFactory(CircularFactory)
    title = factory.Sequence(lambda n: f"Sample annex {n}")
    file = factory.django.FileField(filename="sample.txt", data=b"Sample text")
    original_name = "sample.txt"
    size = 11
    media_type = "text/plain"
    sha256 = "0" * 64


class CircularRecipientFactory(DjangoModelFactory):
    """A person who was addressed as the focal point of a delegation, without a copy."""

    class Meta:
        model = CircularRecipient

    circular = factory.SubFactory(CircularFactory)
    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.LazyAttribute(lambda row: row.user.name if row.user else "Sample Recipient")
    email = factory.LazyAttribute(lambda row: row.user.email if row.user else "recipient@sample.example")
    role = Delegate.Role.FOCAL_POINT
    language = "en"


class CircularCopyFactory(DjangoModelFactory):
    """The first copy of a recipient, sent; what its message says else is given as ``message__…``."""

    class Meta:
        model = CircularCopy

    recipient = factory.SubFactory(CircularRecipientFactory)
    number = 1
    message = factory.SubFactory(
        "tests.factories.MessageFactory",
        recipient=factory.SelfAttribute("..recipient.email"),
        recipient_name=factory.SelfAttribute("..recipient.name"),
    )


class MessageFactory(DjangoModelFactory):
    """A mail that was sent a moment ago; another `state` comes with the moments that it must have."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"sample-message:{n}")
    message_id = factory.Sequence(lambda n: f"<{n}@portal.sample.example>")
    recipient = factory.Sequence(lambda n: f"recipient.{n}@sample.example")
    subject = "Sample subject"
    text = "Sample text"
    html = "<p>Sample text</p>"
    language = "en"
    state = "sent"
    attempts = factory.LazyAttribute(lambda row: 0 if row.state == "queued" else 1)
    queued_at = next_attempt_at = factory.LazyFunction(timezone.now)
    taken_at = factory.LazyAttribute(lambda row: None if row.state == "queued" else row.queued_at)
    sent_at = factory.LazyAttribute(lambda row: row.queued_at if row.state in ("sent", "returned") else None)
    returned_at = factory.LazyAttribute(lambda row: row.queued_at if row.state == "returned" else None)


# Meetings


class WorkingGroupFactory(DjangoModelFactory):
    """The Working Group on the Association, `icoca`; always the same row."""

    class Meta:
        model = WorkingGroup
        django_get_or_create = ("slug",)

    name = "Working Group on the ICoCA"
    slug = "icoca"
    symbol = "ICoCA-WG"


class OfficeFactory(DjangoModelFactory):
    """Chairs the working group since 2015."""

    class Meta:
        model = Office

    user = factory.SubFactory(UserFactory)
    working_group = factory.SubFactory(WorkingGroupFactory)
    valid_from = date(2015, 1, 1)


class MeetingFactory(DjangoModelFactory):
    """A planned meeting on 6 June 2018 that participants read."""

    class Meta:
        model = Meeting

    working_group = factory.SubFactory(WorkingGroupFactory)
    number = factory.Sequence(lambda n: n + 100)
    title = "Sample subject of the meeting"
    place = "Geneva"
    date = date(2018, 6, 6)
    visibility = Visibility.PARTICIPANTS


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Sample item {n}")
    record = "<p>One Montreux Document participant asked a sample question.</p>"


class AttendanceFactory(DjangoModelFactory):
    """A delegation in the capacity of a participant."""

    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    delegation = factory.SubFactory(DelegationFactory)


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    meeting = factory.SubFactory(MeetingFactory)
    what = factory.Sequence(lambda n: f"Sample follow-up {n}")
    who = "Sample organisation"


class DocumentFactory(DjangoModelFactory):
    """A stored text of a few words."""

    class Meta:
        model = Document

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Sample document {n}")
    replaces = None
    version = factory.LazyAttribute(lambda row: row.replaces.version + 1 if row.replaces else 1)
    first_version_id = factory.LazyAttribute(lambda row: row.replaces.lineage if row.replaces else None)
    file = factory.django.FileField(filename="sample.txt", data=b"Sample text")
    original_name = "sample.txt"
    size = 11
    media_type = "text/plain"
    sha256 = "0" * 64
    uploaded_by = factory.SubFactory(UserFactory)


class ChairsSummaryFactory(DjangoModelFactory):
    """A draft with one part."""

    class Meta:
        model = ChairsSummary
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory, state=Meeting.State.HELD)
    title_lines = "Chair: Sample Chair, Sample State"
    created_by = factory.SubFactory(UserFactory)
    part = factory.RelatedFactory("tests.factories.SummaryPartFactory", factory_related_name="summary")


class SummaryPartFactory(DjangoModelFactory):
    class Meta:
        model = SummaryPart

    summary = factory.SubFactory(ChairsSummaryFactory, part=None)
    position = 1
    number = "1"
    title = "Sample part"
    text = "<p>One Montreux Document participant asked a sample question.</p>"


# Questionnaires


class StrategicPlanFactory(DjangoModelFactory):
    class Meta:
        model = StrategicPlan

    title = "Sample strategic plan"
    slug = factory.Sequence(lambda n: f"sample-plan-{n}")


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    plan = factory.SubFactory(StrategicPlanFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda row: f"Sample objective {row.number}")


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    position = 1
    title = factory.LazyAttribute(lambda row: f"Sample section {row.position}")


class QuestionFactory(DjangoModelFactory):
    """A question of a `kind`, with the choices and rows that its kind needs."""

    class Meta:
        model = Question

    position = 1
    kind = Question.Kind.LONG_TEXT
    text = factory.LazyAttribute(lambda row: f"Sample question, {row.kind.replace('_', ' ')}?")
    choices = factory.LazyAttribute(
        lambda row: "First\nSecond\nThird" if row.kind in ("single", "multiple", "ranking", "matrix") else ""
    )
    rows = factory.LazyAttribute(lambda row: "Row one\nRow two" if row.kind == "matrix" else "")
    columns = factory.LazyAttribute(lambda row: COLUMNS if row.kind == "table" else [])
    low_label = factory.LazyAttribute(lambda row: "not important" if row.kind == "scale" else "")
    high_label = factory.LazyAttribute(lambda row: "very important" if row.kind == "scale" else "")

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """Choices and rows are given as the designer writes them, one a line."""
        lists = {name: choices_of(kwargs[name]) for name in ("choices", "rows") if isinstance(kwargs[name], str)}
        return {**kwargs, **lists}


COLUMNS: list[dict[str, str]] = [
    {"key": "what", "label": "What", "type": "text"},
    {"key": "how-many", "label": "How many", "type": "number"},
]

# One good value of each kind but the file, which is uploaded.
VALUES: dict[str, Any] = {
    "short_text": "Sample short answer",
    "long_text": "Sample long answer\nin two lines",
    "yes_no": "yes",
    "single": {"choice": "first", "other": ""},
    "multiple": {"choices": ["first", "third"], "other": ""},
    "scale": 4,
    "number": "12.5",
    "date": "2018-11-30",
    "ranking": {"second": 1, "first": 2, "third": 3},
    "matrix": {"row-one": "first", "row-two": "second"},
    "table": [{"what": "Sample paper", "how-many": "12"}, {"what": "Sample note"}],
    "email": "sample@sample.example",
    "url": "https://www.sample.example/paper",
    "country": "CH",
    "confirmation": "yes",
}


class QuestionnaireFactory(DjangoModelFactory):
    """Open for thirty days, with one question of every kind in two sections; ``opened=False`` leaves it a draft."""

    class Meta:
        model = Questionnaire
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Sample questionnaire {n}")
    slug = factory.Sequence(lambda n: f"sample-questionnaire-{n}")
    code = factory.Sequence(lambda n: f"SQ{n}")
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))

    @factory.post_generation
    def opened(self: Questionnaire, create: bool, given: bool | None, **options: Any) -> None:
        sections = [SectionFactory(questionnaire=self, position=position) for position in (1, 2)]
        Question.objects.bulk_create(
            QuestionFactory.build(section=sections[number > 5], position=number + 1, kind=kind)
            for number, kind in enumerate(KINDS)
        )
        if given is not False:
            questionnaire_operations.open_questionnaire(self, by=UserFactory(is_staff=True))


def upload(name: str = "Sample paper.pdf", content: bytes = b"%PDF-1.7\nSample paper\n%%EOF\n") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, "application/octet-stream")


def question_of(questionnaire: Questionnaire, kind: str) -> Question:
    """The first question of a kind."""
    found = Question.objects.filter(section__questionnaire=questionnaire, kind=kind).order_by("pk").first()
    assert found is not None
    return found


class ResponseFactory(DjangoModelFactory):
    """A draft in which every question but the file is answered; `values` (by kind) replaces some answers, None blanks
    one. Written through the operation, `by` whom is given or made."""

    class Meta:
        model = Response

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    delegation = factory.SubFactory(DelegationFactory)
    values: Any = None
    by: Any = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class: type[Response], *args: Any, **kwargs: Any) -> Response:
        questionnaire, given = kwargs["questionnaire"], {**VALUES, **(kwargs["values"] or {})}
        changes = [
            questionnaire_operations.Change(question.id, given.get(question.kind), 0)
            for question in questionnaire.edition.questions
        ]
        response, _saved = questionnaire_operations.save_answers(
            questionnaire, kwargs["delegation"], changes, by=kwargs["by"]
        )
        return response


class SubmissionFactory(DjangoModelFactory):
    """A response submitted through the operation; what `ResponseFactory` takes is given as ``response__…``."""

    class Meta:
        model = Submission

    response = factory.SubFactory(ResponseFactory)
    by: Any = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class: type[Submission], *args: Any, **kwargs: Any) -> Submission:
        return questionnaire_operations.submit_response(kwargs["response"], by=kwargs["by"])
