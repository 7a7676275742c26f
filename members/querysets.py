"""Which rows of the registry exist for whom, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Case, CharField, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, NullIf, Upper

from icoca_portal.lib.dated import DatedQuerySet, holding
from icoca_portal.lib.days import today

if TYPE_CHECKING:
    from members.models import User


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        """Those whose account is open."""
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Makes accounts; the address is kept in small letters, so that it is one person's whatever they type."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new account. Without a password, none opens it until one is set. Raises ValueError without an address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator's account, as `manage.py createsuperuser` makes it."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


class OrganisationQuerySet(models.QuerySet[Any]):
    def participants(self, day: date | None = None, *, known: datetime | None = None) -> Self:
        """Organisations that support the Montreux Document on `day` (Geneva; default today), as known now or then."""
        from members.models import Participation

        rows = Participation.objects.as_of(day or today(), known=known).filter(organisation=OuterRef("pk"))
        return self.filter(Exists(rows))

    def visible_to(self, user: Any) -> Self:
        """Who participates or belongs to the Association, now or before, is public; others are the secretariat's."""
        if user.has_perm("members.view_organisation"):
            return self
        from members.models import Membership, Participation

        own = {"organisation": OuterRef("pk"), "superseded_at": None}
        return self.filter(
            Exists(Participation.objects.filter(**own))
            | Exists(Membership.objects.filter(**own, valid_from__lte=today()))
        )


class ParticipationQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who supports the Montreux Document, and since when, is public."""
        return self


class DelegationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A delegation's people are known to itself and to the secretariat."""
        if user.has_perm("members.view_delegation"):
            return self
        return self.filter(pk=user.standing.delegation_id) if user.is_authenticated else self.none()


class DelegateQuerySet(models.QuerySet[Any]):
    def by_role(self) -> Self:
        """Focal points first, then contributors, then readers; by name among themselves."""
        roles = ("focal point", "contributor", "reader")
        place = Case(*(When(role=role, then=number) for number, role in enumerate(roles)))
        return self.order_by(place, "user__name", "pk")

    def as_of(self, day: date) -> Self:
        """Delegates appointed on `day` (Geneva): the first day counts, the last (`valid_to`) does not."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def overlapping(self, valid_from: date, valid_to: date | None) -> Self:
        """Appointments that share at least one day with the half-open interval given."""
        rows = self.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).exclude(valid_to=F("valid_from"))
        return rows if valid_to is None else rows.filter(valid_from__lt=valid_to)

    def visible_to(self, user: Any) -> Self:
        """A delegation's people are known to itself and to the secretariat."""
        if user.has_perm("members.view_delegate"):
            return self
        return self.filter(delegation=user.standing.delegation_id) if user.is_authenticated else self.none()


class DirectorshipQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who sits on the Board is public."""
        return self


class MembershipQuerySet(DatedQuerySet):
    def members(self) -> Self:
        """Members alone, without affiliates and observers."""
        return self.filter(category="member")

    def with_country(self, day: date, *, known: datetime | None = None) -> Self:
        """Each with the `country` it counts to on the day ("" where there is none), and its `profile` of the day.

        That is where the headquarters are; of who has no profile the country on record, of a State its own code.
        """
        text = CharField()
        of_state = Case(When(organisation__kind="state", then=Upper("organisation__code")))
        profiles = "organisation__profiles"
        return self.annotate(
            profile=FilteredRelation(profiles, condition=holding(day, known=known, prefix=f"{profiles}__")),
            country=Coalesce(
                F("profile__headquarters"),
                NullIf(F("organisation__country"), Value("")),
                of_state,
                Value(""),
                output_field=text,
            ),
        )

    def visible_to(self, user: Any) -> Self:
        """Who belongs to the Association, and since when, is public from the first day on."""
        if user.has_perm("members.view_membership"):
            return self
        return self.filter(superseded_at=None, valid_from__lte=today())


class RevenueBandQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What counts as small is public."""
        return self


def is_member(day: date, *, known: datetime | None = None, of: str = "organisation", **having: Any) -> Exists:
    """That the organisation in the field `of` is a member on the day (in a pillar, as `having` says)."""
    from members.models import Membership

    return Exists(Membership.objects.as_of(day, known=known).members().filter(organisation=OuterRef(of), **having))


class CompanyProfileQuerySet(DatedQuerySet):
    def of_member_companies(self, day: date, *, known: datetime | None = None) -> Self:
        """Profiles of the day, of companies that are members on it."""
        return self.as_of(day, known=known).filter(is_member(day, known=known, pillar="industry"))

    def visible_to(self, user: Any) -> Self:
        """Of members public, but for the revenue, which no public page shows; of others the secretariat's."""
        if user.has_perm("members.view_companyprofile"):
            return self
        from members.models import Membership

        own = Membership.objects.filter(
            organisation=OuterRef("organisation"), superseded_at=None, valid_from__lte=today()
        )
        return self.filter(Exists(own), superseded_at=None, valid_from__lte=today())


class CertificateQuerySet(DatedQuerySet):
    def certifying(self, day: date, *, known: datetime | None = None) -> Self:
        """Certificates valid on the day, of companies that are members on it."""
        return self.as_of(day, known=known).filter(is_member(day, known=known, pillar="industry"), state="valid")

    def visible_to(self, user: Any) -> Self:
        """What a member is certified for is public."""
        if user.has_perm("members.view_certificate"):
            return self
        return self.filter(superseded_at=None, valid_from__lte=today())


class ApplicationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who asked for what is known to the applicant's representatives and to the secretariat."""
        if user.has_perm("members.view_application"):
            return self
        return self.filter(represents(user)) if user.is_authenticated else self.none()


class ApplicationStatusQuerySet(DatedQuerySet):
    def current(self) -> Self:
        """The last state of each application: the one it is in."""
        return self.filter(superseded_at=None, valid_to=None)

    def undecided(self) -> Self:
        """The states of applications that somebody still has to decide."""
        from members.models import ApplicationStatus

        return self.current().filter(state__in=ApplicationStatus.UNDECIDED)

    def reviewing_certification(self, day: date) -> Self:
        """Applications of members to be certified that were under review on the day: that much of them is public."""
        member = is_member(day, of="application__organisation")
        return self.as_of(day).filter(member, state="under review", application__kind="certification")

    def visible_to(self, user: Any) -> Self:
        """As the application."""
        if user.has_perm("members.view_application"):
            return self
        return self.filter(represents(user, "application__organisation")) if user.is_authenticated else self.none()


def represents(user: Any, of: str = "organisation") -> Exists:
    """That the person speaks for the organisation in the field `of` today."""
    from members.models import Representative

    return Exists(Representative.objects.as_of(today()).filter(user=user, organisation=OuterRef(of)))


class RepresentativeQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who speaks for an organisation is known to themselves and to the secretariat."""
        if user.has_perm("members.view_representative"):
            return self
        return self.filter(user=user.pk) if user.is_authenticated else self.none()


class SuccessionQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Out of whom a member came is public where both are."""
        if user.has_perm("members.view_succession"):
            return self
        from members.models import Organisation

        public = Organisation.objects.visible_to(user).values("pk")
        return self.filter(superseded_at=None, valid_from__lte=today(), organisation__in=public, predecessor__in=public)


def in_a_succession() -> Exists:
    """That an organisation stands in a succession, on either side, whether it is in force or not."""
    from members.models import Succession

    return Exists(Succession.objects.filter(Q(organisation=OuterRef("pk")) | Q(predecessor=OuterRef("pk"))))


class ContactQuerySet(models.QuerySet[Any]):
    def as_of(self, day: date) -> Self:
        """Contacts of the day (Geneva) that were not erased."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day, erased_at=None)

    def visible_to(self, user: Any) -> Self:
        """Whom the secretariat writes to is its own."""
        return self if user.has_perm("members.view_contact") else self.none()


class RequirementQuerySet(DatedQuerySet):
    def of(self, *, asks: str, pillar: str, day: date) -> Self:
        """The checklist of an application of this kind and pillar that is received on the day."""
        return self.as_of(day).filter(asks=asks, pillar=pillar)


class DeadlineRuleQuerySet(DatedQuerySet):
    def of(self, step: str, *, pillar: str, day: date) -> Self:
        """The rules of a step that began on the day: that of the pillar first, then that of all."""
        return self.as_of(day).filter(step=step, pillar__in=("", pillar)).order_by("-pillar")


class CheckQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the application."""
        from members.models import Application

        return self.filter(application__in=Application.objects.visible_to(user).values("pk"))


class EvidenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the application."""
        from members.models import Application

        return self.filter(check_line__application__in=Application.objects.visible_to(user).values("pk"))


class GuidanceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was issued is public."""
        if user.has_perm("members.view_guidance"):
            return self
        return self.filter(versions__issued_at__isnull=False).distinct()


class GuidanceVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was issued is public."""
        return self if user.has_perm("members.view_guidance") else self.filter(issued_at__isnull=False)


class GuidanceFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was issued is public."""
        return self if user.has_perm("members.view_guidance") else self.filter(version__issued_at__isnull=False)


class ActivityQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was published is public, but for the findings, which no page shows but the administration."""
        if user.has_perm(f"members.view_{self.model._meta.model_name}"):
            return self
        return self.filter(published_at__isnull=False)


class SelfAssessmentQuerySet(models.QuerySet[Any]):
    def outstanding(self) -> Self:
        """Those that were asked for and neither received nor waived."""
        return self.filter(received_on=None, waived_because="")

    def visible_to(self, user: Any) -> Self:
        """A self-assessment is known to its member's representatives and to the secretariat."""
        if user.has_perm("members.view_selfassessment"):
            return self
        return self.filter(represents(user)) if user.is_authenticated else self.none()


class SelfAssessmentFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the self-assessment."""
        if user.has_perm("members.view_selfassessment"):
            return self
        return self.filter(represents(user, "assessment__organisation")) if user.is_authenticated else self.none()


class RegistryImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was brought in is read by those who keep the registry."""
        return self if user.has_perm("members.view_registryimport") else self.none()

    def open(self) -> Self:
        """Those that wait to be applied or given up."""
        return self.filter(state="checked")


class CircularQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those that were sent: for the secretariat all, else for whoever was addressed, and for whoever has today the
        role in which somebody of their delegation was."""
        from members.models import CircularRecipient

        sent = self.exclude(released_at=None)
        if not user.is_authenticated:
            return sent.none()
        if user.standing.is_secretariat:
            return sent
        addressed = Q(user=user)
        if delegate := user.standing.delegate:
            addressed |= Q(organisation=user.standing.delegation.organisation_id, role=delegate.role)
        return sent.filter(pk__in=CircularRecipient.objects.filter(addressed).values("circular"))


class NoticeQuerySet(models.QuerySet[Any]):
    def waiting_for_digest(self) -> Self:
        """Those that the next message of the day holds."""
        return self.filter(how="digest", told_at=None, dropped_at=None)

    def new_since(self, moment: datetime | None) -> Self:
        """Those that came after `moment` (aware; None: all) and were not taken back."""
        kept = self.filter(dropped_at=None)
        return kept if moment is None else kept.filter(happened_at__gt=moment)
