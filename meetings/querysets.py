"""Which meetings and papers exist for whom.

Visitors have what is public. Insiders (delegates, directors, chairs of a group, all of them by today's dates) have what
the participants have. The secretariat has everything, and a chair everything of the own group.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import given, given_day


def chairs_today() -> Exists:
    """Whether the person of a session chairs any working group on a day: asked with the person, for most do not."""
    from meetings.models import Office

    chairs = Office.objects.as_of(given_day("day")).filter(user=given("user"), role=Office.Role.CHAIR)
    return Exists(chairs.order_by())


def chaired_groups(user: Any) -> frozenset[int]:
    """The working groups that the person chairs today (Geneva), by primary key: one query, kept with the user; none
    where the person was read with the word that they chair nothing (`chairs_today`)."""
    if not user.is_authenticated or not user.is_active or getattr(user, "chairs_today", None) is False:
        return frozenset()
    from meetings.models import Office

    # getattr and setattr, not __dict__: the user of a request is a wrapper around the one that keeps it.
    kept: frozenset[int] | None = getattr(user, "_chaired_groups", None)
    if kept is None:
        offices = Office.objects.as_of(today()).filter(user=user, role=Office.Role.CHAIR).order_by()
        kept = user._chaired_groups = frozenset(offices.values_list("working_group", flat=True))
    return kept


def is_secretariat(user: Any) -> bool:
    """Holds the secretariat's permission to read every meeting."""
    return bool(user.is_staff and user.has_perm("meetings.view_meeting"))


def is_insider(user: Any) -> bool:
    """Reads what participants read: a delegate, a director or a chair today, or the secretariat."""
    if not user.is_authenticated or not user.is_active:
        return False
    if is_secretariat(user):
        return True
    standing = user.standing
    return bool(standing.delegate or standing.is_director or chaired_groups(user))


def inside_condition(user: Any, prefix: str = "meeting__") -> Q:
    """The condition that a row is the business of the user who works on its meeting: the secretariat, and the chair of
    the group. None of it is true for anybody else."""
    if is_secretariat(user):
        return ~Q(pk__in=[])  # not Q(), which falls out of an “or” with another condition
    chaired = chaired_groups(user)
    return Q(**{f"{prefix}working_group__in": chaired}) if chaired else Q(pk__in=[])


def own_delegation(user: Any) -> Q:
    """The condition that a row is of the delegation of which the user is a delegate today."""
    delegate = user.standing.delegate if user.is_authenticated and user.is_active else None
    return Q(delegation=delegate.delegation_id) if delegate else Q(pk__in=[])


def readable(user: Any, prefix: str = "") -> Q:
    """The condition that a meeting, found under `prefix`, exists for the user."""
    if is_secretariat(user):
        return Q()
    if not is_insider(user):
        return Q(**{f"{prefix}visibility": "public"})
    condition = Q(**{f"{prefix}visibility__in": ["public", "participants"]})
    if chaired := chaired_groups(user):
        condition |= Q(**{f"{prefix}working_group__in": chaired})
    return condition


class WorkingGroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """That a working group exists is public."""
        return self


class OfficeQuerySet(models.QuerySet[Any]):
    def as_of(self, day: date) -> Self:
        """Offices held on `day` (Geneva): the first day counts, the last (`valid_to`) does not."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def visible_to(self, user: Any) -> Self:
        """Accounts that hold an office are the secretariat's to see; the chair's name stands on each meeting."""
        return self if is_secretariat(user) else self.none()


class MeetingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Meetings that exist for the user."""
        return self.filter(readable(user))

    def on_the_line(self) -> Self:
        """Newest first, those without a date before all, with what the timeline prints: group, chair, attendance."""
        return (
            self.select_related("working_group", "chair_organisation")
            .annotate(
                participants=Coalesce(
                    "participants_counted", Count("attendance", filter=Q(attendance__capacity="participant"))
                )
            )
            .order_by(models.F("date").desc(nulls_first=True), "-number")
        )

    def with_agenda(self) -> Self:
        """With the text of the agenda that was circulated last (`circulated_text`), so that reading it asks nothing."""
        from meetings.models import AgendaRevision

        last = AgendaRevision.objects.filter(meeting=OuterRef("pk")).order_by("-number").values("content")[:1]
        return self.annotate(circulated_text=models.Subquery(last))

    def with_links(self) -> Self:
        """With whether any of its items is linked to something (`has_links`), so that most pages ask no more."""
        from meetings.models import ItemLink

        return self.annotate(has_links=Exists(ItemLink.objects.filter(item__meeting=OuterRef("pk")).order_by()))

    def with_participants_then(self, now: Any = None) -> Self:
        """With how many participants there were on the day of the meeting; today, or on the day `now`, where it has
        none (`participants_then`)."""
        from members.models import Participation

        then = Participation.objects.as_of(Coalesce(OuterRef("date"), now or Value(today()))).order_by()  # type: ignore[arg-type]
        counted = then.values(one=Value(1)).annotate(count=Count("organisation", distinct=True)).values("count")
        return self.annotate(participants_then=Coalesce(models.Subquery(counted), 0))

    def to_come(self, day: date) -> Self:
        """Planned or convened, on `day` or later, or without a date yet; the nearest date first."""
        return self.filter(Q(date=None) | Q(date__gte=day), state__in=["planned", "convened"]).order_by(
            models.F("date").asc(nulls_last=True), "number"
        )


class AgendaItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Items of the meetings that exist for the user. (Their records have a rule of their own: `read_record`.)"""
        return self.filter(readable(user, "meeting__"))

    def worked_on_by(self, user: Any) -> Self:
        """Items of which the user reads the record, and what is not circulated yet, as `read_record` says."""
        return self.filter(inside_condition(user))


class AttendanceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who attended is known to insiders."""
        return self.filter(readable(user, "meeting__")) if is_insider(user) else self.none()


class FollowUpQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was agreed to be done is known to insiders."""
        return self.filter(readable(user, "meeting__")) if is_insider(user) else self.none()

    def still_open(self) -> Self:
        """Something is still to be done."""
        return self.filter(state__in=["open", "in progress"])

    def in_order_of_state(self) -> Self:
        """With `place`: open first, then in progress, done, no longer pursued."""
        states = ("open", "in progress", "done", "dropped")
        return self.annotate(place=Case(*(When(state=state, then=number) for number, state in enumerate(states))))

    def overdue(self, day: date) -> Self:
        """Still to be done on `day` (Geneva), though its own day has passed."""
        return self.still_open().filter(due__lt=day)


class DocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Documents whose own readers include the user, of meetings that exist for them."""
        if is_secretariat(user):
            return self
        readers = Q(visibility="public")
        chairs = Q(meeting__working_group__in=chaired_groups(user))
        if is_insider(user):
            readers |= Q(visibility="participants")
        now = getattr(user, "moment", None) or timezone.now()  # a `Reader` has the place of it
        readers &= Q(readable_from=None) | Q(readable_from__lte=now)
        return self.filter(readers | chairs, readable(user, "meeting__"))

    def standing_for(self, user: Any) -> Self:
        """Of each file the newest version that the user reads. One that is held back, or that others read, takes the
        place of the one before it for nobody else."""
        from meetings.models import Document

        later = Document.objects.visible_to(user).versions_of("").filter(version__gt=OuterRef("version"))
        return self.visible_to(user).filter(Q(replaced_at=None) | ~Exists(later))

    def read_by_participants_at(self, moment: Any) -> Self:
        """Documents that participants may read at a moment (aware)."""
        since = Q(readable_from=None) | Q(readable_from__lte=moment)
        return self.filter(since, visibility__in=["participants", "public"])

    def versions_of(self, document: str) -> Self:
        """In a subquery: all versions of the document that the outer query has under this prefix."""
        first = Coalesce(OuterRef(f"{document}first_version"), OuterRef(f"{document}pk"))
        return self.filter(Q(pk=first) | Q(first_version=first), meeting=OuterRef(f"{document}meeting"))

    def current(self) -> Self:
        """Without the versions that a newer one has replaced, whoever reads it."""
        return self.filter(replaced_at=None)


class AgendaRevisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Circulated agendas of the meetings that exist for the user."""
        return self.filter(readable(user, "meeting__"))


class InvitationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Every invitation for those who work on the meeting; their own delegation's for its delegates."""
        return self.filter(inside_condition(user) | own_delegation(user), readable(user, "meeting__"))


class RegistrationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Everybody who is registered, for those who work on the meeting; their own people for a delegation.

        Needs are a narrower matter: `rules` has `read_needs`.
        """
        return self.filter(inside_condition(user) | own_delegation(user), readable(user, "meeting__"))

    def standing(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at=None)


class RegistrationChangeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the registrations themselves."""
        return self.filter(inside_condition(user) | own_delegation(user), readable(user, "meeting__"))


class NoteQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Notes and interventions: the secretariat and the chair of the group alone."""
        return self.filter(inside_condition(user, "item__meeting__"))

    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)


class NoteRevisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the notes themselves."""
        return self.filter(inside_condition(user, "note__item__meeting__"))


class SpeakerTurnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The speakers' list: the secretariat and the chair of the group alone."""
        return self.filter(inside_condition(user))

    def waiting(self) -> Self:
        """Who asked for the floor and has not had it."""
        return self.filter(began_at=None, withdrawn_at=None)


class DecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Decisions as noted: the secretariat and the chair of the group alone, until the summary says them."""
        return self.filter(inside_condition(user))

    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)


class DecisionRevisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the decisions themselves."""
        return self.filter(inside_condition(user, "decision__meeting__"))


class FollowUpChangeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the follow-ups themselves."""
        return self.filter(readable(user, "follow_up__meeting__")) if is_insider(user) else self.none()


class NamesAcceptedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The secretariat and the chair of the group alone."""
        return self.filter(inside_condition(user, "summary__meeting__"))


class SummaryFigureQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The secretariat and the chair of the group alone; readers have the text."""
        return self.filter(inside_condition(user, "summary__meeting__"))


class SummaryRoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was circulated to the participants is theirs to read."""
        return self.filter(readable(user, "summary__meeting__")) if is_insider(user) else self.none()


class SummaryCommentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """As the round says: all participants, or those who work on the meeting and the delegation that wrote it."""
        if not is_insider(user):
            return self.none()
        mine = inside_condition(user, "round__summary__meeting__") | own_delegation(user)
        return self.filter(Q(round__comment_readers="participants") | mine, readable(user, "round__summary__meeting__"))


class EntryQuerySet(models.QuerySet[Any]):
    """What of it a person may find is asked of the things themselves, in `meetings.finding`."""


class PastSummaryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What is being brought in is the secretariat's."""
        return self if is_secretariat(user) else self.none()


class ChairsSummaryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Published: the meeting's readers. Circulated: insiders. A draft: the secretariat and the group's chair."""
        if is_secretariat(user):
            return self
        from meetings.models import PublishedSummary, SummaryRound

        ready = Q(Exists(PublishedSummary.objects.filter(summary=OuterRef("pk"))))
        if is_insider(user):
            # What was circulated once stays readable, also when an objection or the secretariat took it back.
            ready |= Q(circulated_at__isnull=False) | Q(Exists(SummaryRound.objects.filter(summary=OuterRef("pk"))))
            if chaired := chaired_groups(user):
                ready |= Q(meeting__working_group__in=chaired)
        return self.filter(ready, readable(user, "meeting__"))

    def worked_on_by(self, user: Any) -> Self:
        """Summaries of which the user reads the draft, as `read_draft` says."""
        return self.filter(inside_condition(user))


class SummaryPartQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Parts of the summaries that exist for the user."""
        from meetings.models import ChairsSummary

        return self.filter(Exists(ChairsSummary.objects.visible_to(user).filter(pk=OuterRef("summary"))))


class PublishedSummaryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Published summaries of the meetings that exist for the user."""
        return self.filter(readable(user, "summary__meeting__"))


class StepQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who did what, and when, is the secretariat's to read."""
        return self if is_secretariat(user) else self.none()


class CalendarAddressQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A private address is its owner's alone."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class ItemLinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Links to what exists for the user. (Whether its meeting does is asked before.)"""
        from members.models import FieldReview, Guidance, Workshop

        targets: dict[str, Any] = {"guidance": Guidance, "field_review": FieldReview, "workshop": Workshop}
        found = Q(pk__in=[])
        for name, model in targets.items():
            found |= Q(**{f"{name}__in": model.objects.visible_to(user).order_by().values("pk")})
        return self.filter(found)

    def with_targets(self) -> Self:
        """With what they lead to, but for the findings of a review."""
        return self.select_related("guidance", "field_review", "workshop").defer("field_review__findings")
