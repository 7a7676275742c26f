"""People and the roles that give them rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.dated import DatedRow
from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import Prepared, given, given_day
from members import asked_with_person, querysets
from members.models.organisations import Organisation, Pillar


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail address. Their standing today and their groups say what they may do."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("Somebody has this address.")}
    )
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("preferred language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Zurich", help_text=_("Times are shown in it beside Geneva time.")
    )
    is_active = models.BooleanField(
        _("account open"), default=True, help_text=_("Close an account instead of deleting it: records keep the name.")
    )
    is_staff = models.BooleanField(_("secretariat"), default=False, help_text=_("May open the administration."))
    date_joined = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, editable=False)
    invited_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("invited by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("closed by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = querysets.UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_small_letters"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def appointment(self) -> Any:
        """Their role in a delegation today, None without one, with whether they sit on the Board too (`sits_on_board`).

        Kept with the object; `members.backends` reads it together with the person.
        """
        return APPOINTED.first(user=self.pk, day=today())

    @cached_property
    def standing(self) -> Standing:
        """What the person is today: kept for the request; no query for the person of a session."""
        return Standing.of(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the person may do `perm`.

        On an object only the rules decide, for administrators too: holding the keys of the house does not make one
        a delegate (nobody else reads a delegation's draft).
        """
        if obj is None and self.is_staff:
            return super().has_perm(perm)
        # Permissions on models open the administration, which is for staff; for others there is nothing to look up.
        return self.is_active and rules.has_perm(perm, self, obj)


class Delegation(models.Model):
    """A participant's people in the Working Group."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="delegation", verbose_name=_("organisation")
    )

    objects = querysets.DelegationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delegation"), _("delegations")
        ordering = ["organisation__name"]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def code(self) -> str:
        """What stands in reference numbers: the organisation's code, else its number in the register."""
        return self.organisation.code or str(self.organisation_id)


class Delegate(models.Model):
    """A person's role in a delegation, from a day to another. Changing a role ends one row and begins the next.

    A row that ends on the day it begins never held: an appointment taken back.
    """

    class Role(models.TextChoices):
        FOCAL_POINT = "focal point", _("Focal point")
        CONTRIBUTOR = "contributor", _("Contributor")
        READER = "reader", _("Reader")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="delegates", verbose_name=_("delegation"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid_from = models.DateField(_("from"), default=today)
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without the role; empty: without end.")
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    ended_at = models.DateTimeField(_("end recorded"), null=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("end recorded by")
    )

    objects = querysets.DelegateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delegate"), _("delegates")
        ordering = ["delegation__organisation__name", "role", "user__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="delegate_ends_not_before_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["focal point", "contributor", "reader"]), name="delegate_role_known"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(valid_to=None), name="delegate_of_one_delegation_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.delegation}"

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on `day` (Geneva)."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)


class Representative(DatedRow):
    """That a person speaks for an organisation: supplies what its applications lack, sends its self-assessments."""

    user = models.ForeignKey(User, models.PROTECT, related_name="represents", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="representatives", verbose_name=_("organisation")
    )

    objects = querysets.RepresentativeQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("representative"), _("representatives")
        ordering = ["organisation__name", "user__name"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(superseded_at=None, valid_to=None),
                name="representative_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class Directorship(DatedRow):
    """A seat on the Association's Board of Directors; with an account, its holder reads what the Board reads."""

    Pillar = Pillar

    person_name = models.CharField(_("name"), max_length=150)
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directorships",
        verbose_name=_("account"),
        help_text=_("With an account the director reads submitted responses."),
    )
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar)
    is_chair = models.BooleanField(_("chairs the Board"), default=False)

    objects = querysets.DirectorshipQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name, verbose_name_plural = _("directorship"), _("directorships")
        ordering = ["-valid_from", "person_name"]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(pillar__in=["government", "industry", "civil society"]), name="directorship_pillar_known"
            ),
        ]

    def __str__(self) -> str:
        return self.person_name


def _sits_on_board() -> models.Exists:
    return models.Exists(Directorship.objects.as_of(given_day("day")).filter(user=given("user")))


# One of the two is asked in each request of somebody who is signed in; both are asked of who is no delegate.
APPOINTED: Prepared[Any] = Prepared(
    lambda: (
        Delegate.objects.as_of(given_day("day"))
        .filter(user=given("user"))
        .select_related("user", "delegation__organisation")
        .annotate(sits_on_board=_sits_on_board(), **asked_with_person.expressions())
        .order_by("pk")[:1]
    )
)
PERSON: Prepared[Any] = Prepared(
    lambda: (
        User.objects.filter(pk=given("user"))
        .annotate(sits_on_board=_sits_on_board(), **asked_with_person.expressions())
        .order_by()
    )
)


@dataclass(frozen=True)
class Standing:
    """What a person is on one day: at most one delegation, perhaps a seat on the Board, perhaps of the secretariat.

    Rights follow from it, so they begin and end with the days of the rows behind it.
    """

    delegate: Delegate | None = None
    is_director: bool = False
    is_secretariat: bool = False

    @classmethod
    def of(cls, user: User | AnonymousUser) -> Standing:
        """The standing of a signed-in person today; nothing for a visitor or a closed account."""
        if not user.is_authenticated or not user.is_active:
            return cls()
        delegate = user.appointment
        known: bool | None = getattr(delegate or user, "sits_on_board", None)
        is_director = Directorship.objects.as_of(today()).filter(user=user).exists() if known is None else bool(known)
        return cls(delegate=delegate, is_director=is_director, is_secretariat=bool(user.is_staff))

    @property
    def delegation(self) -> Delegation | None:
        return self.delegate.delegation if self.delegate else None

    @property
    def delegation_id(self) -> int | None:
        return self.delegate.delegation_id if self.delegate else None

    @property
    def role(self) -> str:
        """The role in the delegation, or an empty text."""
        return self.delegate.role if self.delegate else ""

    @property
    def is_focal_point(self) -> bool:
        return self.role == Delegate.Role.FOCAL_POINT

    @property
    def may_draft(self) -> bool:
        """Focal points and contributors write; readers read."""
        return self.role in (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)
