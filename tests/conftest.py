"""The cast of users that every view test draws on, each with a name that is also its fixture's.

`visitor`, `reader`, `contributor` and `focal_point` (all three of one delegation, ``ch``), `other_focal_point`
(``se``), `chair`, `director`, `representative` (of an organisation that applies to the Association), `secretariat`,
`inactive` (a closed account), `superuser`. `client_of("chair")` is a browser in which that person is signed in; staff
have a second factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from icoca_portal.lib.access import SECRETARIAT
from members.models import Delegate, Delegation, Organisation, Standard, User
from tests import factories

CAST = (
    "visitor",
    "reader",
    "contributor",
    "focal_point",
    "other_focal_point",
    "chair",
    "director",
    "representative",
    "secretariat",
    "inactive",
    "superuser",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Put back what migrations wrote, the secretariat's rights and the registry's standards, whenever a transactional
    test has emptied the tables. Django only makes the permissions again, on its signal after the flush.
    """
    with django_db_blocker.unblock():
        standards = list(Standard.objects.values("code", "title"))
        granted = set(
            Permission.objects.filter(group__name=SECRETARIAT).values_list("content_type__app_label", "codename")
        )
    *_, last = (app for app in apps.get_app_configs() if app.models_module)

    def write_again(**_kwargs: Any) -> None:
        group, made = Group.objects.get_or_create(name=SECRETARIAT)
        if made:
            there = Permission.objects.select_related("content_type")
            group.permissions.set([each for each in there if (each.content_type.app_label, each.codename) in granted])
        if not Standard.objects.exists():
            Standard.objects.bulk_create([Standard(**row) for row in standards])

    post_migrate.connect(write_again, sender=last)
    yield
    post_migrate.disconnect(write_again, sender=last)


@pytest.fixture
def secretariat_group(db: None) -> Group:
    """The Secretariat group with exactly the permissions that the migrations gave it."""
    return Group.objects.get(name=SECRETARIAT)


@pytest.fixture
def delegation(db: None) -> Delegation:
    """Switzerland, with code ``ch``."""
    return factories.DelegationFactory(
        organisation__name="Switzerland", organisation__slug="switzerland", organisation__code="ch"
    )


@pytest.fixture
def other_delegation(db: None) -> Delegation:
    """Sweden, with code ``se``."""
    return factories.DelegationFactory(
        organisation__name="Sweden", organisation__slug="sweden", organisation__code="se"
    )


def _delegate(delegation: Delegation, role: str, address: str, name: str) -> User:
    user = factories.UserFactory(email=address, name=name)
    factories.DelegateFactory(user=user, delegation=delegation, role=role)
    return user


@pytest.fixture
def focal_point(delegation: Delegation) -> User:
    return _delegate(delegation, Delegate.Role.FOCAL_POINT, "focal.ch@sample.example", "Sample Focal Point")


@pytest.fixture
def contributor(delegation: Delegation) -> User:
    return _delegate(delegation, Delegate.Role.CONTRIBUTOR, "contributor.ch@sample.example", "Sample Contributor")


@pytest.fixture
def reader(delegation: Delegation) -> User:
    return _delegate(delegation, Delegate.Role.READER, "reader.ch@sample.example", "Sample Reader")


@pytest.fixture
def other_focal_point(other_delegation: Delegation) -> User:
    return _delegate(other_delegation, Delegate.Role.FOCAL_POINT, "focal.se@sample.example", "Sample Other Focal Point")


@pytest.fixture
def chair(db: None) -> User:
    """Chairs a working group today and is of no delegation."""
    user = factories.UserFactory(email="chair@sample.example", name="Sample Chair")
    factories.OfficeFactory(user=user)
    return user


@pytest.fixture
def director(db: None) -> User:
    user = factories.UserFactory(email="director@sample.example", name="Sample Director")
    factories.DirectorshipFactory(user=user)
    return user


@pytest.fixture
def applicant(db: None) -> Organisation:
    """A civil-society organisation that is no member."""
    return factories.OrganisationFactory(
        name="Sample society", slug="sample-society", kind=Organisation.Kind.CIVIL_SOCIETY
    )


@pytest.fixture
def representative(applicant: Organisation) -> User:
    """Speaks for the applicant and has no other place."""
    user = factories.UserFactory(email="applicant@sample.example", name="Sample Representative")
    factories.RepresentativeFactory(user=user, organisation=applicant)
    return user


@pytest.fixture
def secretariat(secretariat_group: Group) -> User:
    user = factories.UserFactory(email="secretariat@sample.example", name="Sample Officer", is_staff=True)
    user.groups.add(secretariat_group)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


@pytest.fixture
def superuser(db: None) -> User:
    user = User.objects.create_superuser(
        "administrator@sample.example", factories.PASSWORD, name="Sample Administrator"
    )
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


@pytest.fixture
def inactive(delegation: Delegation) -> User:
    """A delegate whose account was closed."""
    user = _delegate(delegation, Delegate.Role.CONTRIBUTOR, "closed.ch@sample.example", "Sample Closed Account")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


@pytest.fixture
def client_of(request: pytest.FixtureRequest, db: None) -> Callable[..., Client]:
    """A function that gives a browser in which a person of the cast (by name) or any user is signed in."""

    def make(who: str | User, **options: Any) -> Client:
        client = Client(**options)
        if who != "visitor":
            client.force_login(request.getfixturevalue(who) if isinstance(who, str) else who)
        return client

    return make
