"""Rows for the tests, one section an app. Everything invented says "Sample"."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

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
from members.models import Delegate, Delegation, Directorship, Organisation, Participation, User

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
