"""Rows for the tests, one section an app. Everything invented says "Sample"."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

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
