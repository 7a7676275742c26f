"""Who is invited to a meeting, who has registered, and who took part."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import querysets
from meetings.models.meetings import AttendanceMode, Meeting
from members.models import Delegation


class Invitation(models.Model):
    """That a delegation was invited to a meeting, and what its focal point has replied."""

    class Reply(models.TextChoices):
        NONE = "none", _("No reply yet")
        ATTENDS = "attends", _("Attends")
        DECLINES = "declines", _("Does not attend")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations", verbose_name=_("meeting"))
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="invitations", verbose_name=_("delegation"))
    reply = models.CharField(_("reply"), max_length=20, choices=Reply, default=Reply.NONE)
    replied_at = models.DateTimeField(_("replied"), null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("replied by")
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True)

    objects = querysets.InvitationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["delegation__organisation__name"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "delegation"], name="delegation_invited_once"),
            models.CheckConstraint(
                condition=Q(reply="none", replied_at=None)
                | Q(reply__in=["attends", "declines"], replied_at__isnull=False, replied_by__isnull=False),
                name="invitation_reply_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation}: {self.get_reply_display()}"


class Registration(models.Model):
    """A person whom a delegation has registered for a meeting. Needs are read by the secretariat and the delegation,
    and deleted some weeks after the meeting (`Meeting.needs_cleared_at`)."""

    class Capacity(models.TextChoices):
        HEAD = "head", _("Head of delegation")
        MEMBER = "member", _("Member of the delegation")
        ADVISER = "adviser", _("Adviser")
        INTERPRETER = "interpreter", _("Interpreter or assistant")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="registrations", verbose_name=_("meeting"))
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="registrations", verbose_name=_("delegation")
    )
    person_name = models.CharField(_("name"), max_length=150)
    function = models.CharField(_("function"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity, default=Capacity.MEMBER)
    mode = models.CharField(_("present"), max_length=20, choices=AttendanceMode, default=AttendanceMode.IN_PERSON)
    dietary_needs = models.CharField(_("dietary needs"), max_length=250, blank=True)
    access_needs = models.CharField(_("access needs"), max_length=250, blank=True)
    registered_at = models.DateTimeField(_("registered"), default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = querysets.RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("registration"), _("registrations")
        ordering = ["delegation__organisation__name", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__in=["head", "member", "adviser", "interpreter"]),
                name="registration_capacity_known",
            ),
            models.CheckConstraint(condition=Q(mode__in=["in person", "online"]), name="registration_mode_known"),
            models.UniqueConstraint(
                fields=["meeting", "delegation"],
                condition=Q(capacity="head", withdrawn_at=None),
                name="registration_one_head_of_delegation",
                violation_error_message=_("The delegation has a head already."),
            ),
        ]

    def __str__(self) -> str:
        return self.person_name


class RegistrationChange(models.Model):
    """What changed in a delegation's registration for a meeting, and by whom. Never needs: only that they changed.

    `values` holds each fact that another one replaced: ``[field, before, after]``, as they are stored. `detail` holds
    what is said besides, a line each (`registering.change_in_words`); of changes noted before there were values, the
    names of the fields too.
    """

    class What(models.TextChoices):
        INVITED = "invited", _("Delegation invited")
        ATTENDS = "attends", _("Reply: attends")
        DECLINES = "declines", _("Reply: does not attend")
        ADDED = "added", _("Person registered")
        CHANGED = "changed", _("Registration changed")
        WITHDRAWN = "withdrawn", _("Registration withdrawn")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="registration_changes", verbose_name=_("meeting"))
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", verbose_name=_("delegation"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    person_name = models.CharField(_("name"), max_length=150, blank=True)
    detail = models.CharField(_("what changed"), max_length=500, blank=True)
    values = models.JSONField(_("before and after"), default=list, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = querysets.RegistrationChangeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("change of a registration"), _("changes of registrations")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.person_name}".strip()


class Attendance(models.Model):
    """That a delegation or a guest took part in a meeting, and in which capacity: a delegation once in each."""

    class Capacity(models.TextChoices):
        PARTICIPANT = "participant", _("Montreux Document participant")
        CHAIR = "chair", _("Chair")
        EXECUTIVE_DIRECTOR = "executive director", _("Executive Director of the Association")
        CHAIR_OF_BOARD = "chair of the Board", _("Chair of the Association’s Board")
        SECRETARIAT = "secretariat", _("Secretariat")
        GUEST = "guest", _("Guest")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance", verbose_name=_("meeting"))
    capacity = models.CharField(_("capacity"), max_length=30, choices=Capacity, default=Capacity.PARTICIPANT)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("delegation")
    )
    person_name = models.CharField(_("represented by"), max_length=300, blank=True)
    guest_name = models.CharField(_("name of a guest"), max_length=150, blank=True)
    guest_organisation = models.CharField(_("organisation of a guest"), max_length=200, blank=True)
    mode = models.CharField(_("present"), max_length=20, choices=AttendanceMode, default=AttendanceMode.IN_PERSON)

    objects = querysets.AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("attendance"), _("attendance")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(delegation__isnull=False, guest_name="", guest_organisation="")
                    | (Q(delegation=None, person_name="") & ~Q(guest_name="", guest_organisation=""))
                ),
                name="attendance_of_a_delegation_or_a_guest",
                violation_error_message=_("Choose a delegation, or name a guest or the guest’s organisation."),
            ),
            models.CheckConstraint(
                condition=~Q(capacity="participant") | Q(delegation__isnull=False),
                name="attendance_participant_is_a_delegation",
                violation_error_message=_("A participant is a delegation. Choose it, or another capacity."),
            ),
            models.CheckConstraint(
                condition=Q(
                    capacity__in=[
                        "participant",
                        "chair",
                        "executive director",
                        "chair of the Board",
                        "secretariat",
                        "guest",
                    ]
                ),
                name="attendance_capacity_known",
            ),
            models.CheckConstraint(condition=Q(mode__in=["in person", "online"]), name="attendance_mode_known"),
            models.UniqueConstraint(
                fields=["meeting", "delegation", "capacity"],
                condition=Q(delegation__isnull=False),
                name="attendance_of_a_delegation_once",
                violation_error_message=_("This delegation stands in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        """The person and what they stand for, whichever is known."""
        if self.delegation_id:
            return ", ".join(part for part in (self.person_name, str(self.delegation)) if part)
        return ", ".join(part for part in (self.guest_name, self.guest_organisation) if part)
