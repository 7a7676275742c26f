"""Which questionnaires, responses and submissions exist for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import Prepared, given, given_text
from meetings.querysets import is_insider
from questionnaires.guests import guest_sections


def _is_participant(delegation: int) -> Exists:
    """Whether a delegation's organisation is a participant today."""
    from members.models import Participation

    return Exists(Participation.objects.as_of(today()).filter(organisation__delegation=delegation))


def _put_to(delegation: int) -> Q:
    from questionnaires.models import Invitation

    invited = Invitation.objects.filter(questionnaire=OuterRef("pk"), delegation=delegation)
    return ~Q(state="draft") & (Q(Exists(invited)) | Q(_is_participant(delegation), audience="all"))


class StrategicPlanQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Plans are known to everybody of the Working Group, and to guests of its delegations."""
        return self if is_insider(user) or guest_sections(user) else self.none()


class QuestionnaireQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Drafts exist for the secretariat alone, what is circulated for the Board and the chair too.

        For a delegation exist those that were put to it, those it has answered, and while its organisation is a
        participant all whose results are published; for a guest those alone that they help to answer.
        """
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("questionnaires.view_questionnaire"):
            return self
        circulated = self.exclude(state="draft")
        if user.has_perm("questionnaires.read_circulated"):
            return circulated
        from questionnaires.models import Response

        seen = Q(pk__in=[])
        if guest := guest_sections(user):
            seen |= Q(pk__in=Response.objects.filter(pk__in=list(guest)).values("questionnaire"))
        if delegation := user.standing.delegation_id:
            own = Response.objects.filter(questionnaire=OuterRef("pk"), delegation=delegation)
            seen |= Q(_put_to(delegation)) | Q(Exists(own)) | Q(_is_participant(delegation), state="published")
        return circulated.filter(seen)

    def put_to(self, delegation: int) -> Self:
        """Those that were put to a delegation (its primary key): by an invitation, or to all participants, also to one
        that joined since."""
        return self.filter(_put_to(delegation))

    def with_whether_put_to(self, delegation: int) -> Self:
        """Each with whether it was put to a delegation (`is_asked`), as `put_to` says it."""
        return self.annotate(
            is_asked=Case(When(_put_to(delegation), then=True), default=False, output_field=models.BooleanField())
        )

    def with_visit_of(self, user: Any) -> Self:
        """Each with when the person was last at its responses (`visit_seen_at`) and when the visit before ended
        (`visit_since`); both None for who was not there yet."""
        from questionnaires.models import ReviewVisit

        visit = ReviewVisit.objects.filter(user=user, questionnaire=OuterRef("pk"))
        return self.annotate(
            visit_seen_at=Subquery(visit.values("seen_at")), visit_since=Subquery(visit.values("since"))
        )

    def open_at(self, moment: datetime) -> Self:
        """Those that take answers at `moment` (aware): open, and before their deadline to the second."""
        return self.filter(state="open", deadline__gt=moment)


class DesignQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Sections or questions that are asked; those removed since an edition asked them stay for their answers."""
        return self.filter(removed_at=None)


class StandingQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        """Rows that nobody has ended."""
        return self.filter(ended_at=None)


class ExtensionQuerySet(models.QuerySet[Any]):
    def newest_first(self) -> Self:
        """The first row of a delegation is the one that counts."""
        return self.order_by("-granted_at", "-pk")

    def latest_of(self, questionnaire: int, delegation: int) -> Any:
        """The extension granted last to a delegation; None without one. Both are primary keys."""
        return self.filter(questionnaire=questionnaire, delegation=delegation).newest_first().first()


class ResponseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A draft exists for its own delegation alone, and for the guests it asked to help.

        What was submitted is read as a Submission, not here.
        """
        if not user.is_authenticated:
            return self.none()
        if guest := guest_sections(user):
            return self.filter(pk__in=list(guest))
        return self.of_delegation(user.standing.delegation_id)

    def of_delegation(self, delegation: Any) -> Self:
        """What exists for those who are of a delegation (its primary key) and nobody's guest."""
        return self.filter(delegation=delegation)

    def at_address(self, slug: Any) -> Self:
        """The response to the questionnaire at an address, with all that its pages look at.

        It says whether it was ever given more time (`newest_extension`), so that most need not ask for it.
        """
        from questionnaires.models import Extension

        granted = Extension.objects.filter(
            questionnaire=OuterRef("questionnaire"), delegation=OuterRef("delegation")
        ).newest_first()
        return (
            self.filter(questionnaire__slug=slug)
            .select_related("questionnaire", "edition", "delegation__organisation")
            .annotate(newest_extension=Subquery(granted.values("pk")[:1]))
            .order_by("pk")[:1]
        )

    def visible_at(self, user: Any, slug: str) -> Any:
        """The response that exists for the person at an address (`at_address`), else None: one query."""
        if guest_sections(user) or not user.is_authenticated:
            return self.visible_to(user).at_address(slug).first()
        return _OWN_AT_ADDRESS.first(delegation=user.standing.delegation_id, slug=slug)

    def to_write(self, questionnaire: Any, delegation: Any) -> Self:
        """The response of a delegation to a questionnaire (primary keys), locked, with its questionnaire and edition.

        It says which edition the questionnaire is at (`newest_edition`).
        """
        from questionnaires.models import Edition

        editions = Edition.objects.filter(questionnaire=OuterRef("questionnaire")).order_by("-number")
        return (
            self.select_for_update(of=("self",))
            .filter(questionnaire=questionnaire, delegation=delegation)
            .select_related("questionnaire", "edition")
            .annotate(newest_edition=Subquery(editions.values("number")[:1]))
            .order_by("pk")[:1]
        )

    def known_outside(self) -> Self:
        """With `known_state`: the state as others than the delegation know it, who are not told what is cleared."""
        returned = When(state="cleared", record__return_record__isnull=False, then=Value("returned"))
        cleared = When(state="cleared", then=Value("draft"))
        return self.annotate(known_state=Case(returned, cleared, default=F("state")))


def _responses() -> Any:
    from questionnaires.models import Response

    return Response.objects


_OWN_AT_ADDRESS: Prepared[Any] = Prepared(
    lambda: _responses().of_delegation(given("delegation")).at_address(given_text("slug"))
)


class SubmissionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Submissions exist for their own delegation, for the secretariat, and for the Board from the moment that the
        questionnaire promised: at once, or after it has closed."""
        if not user.is_authenticated:
            return self.none()
        if not user.has_perm("questionnaires.read_submissions"):
            return self.filter(response__delegation=user.standing.delegation_id)
        if user.has_perm("questionnaires.read_submissions_at_once"):
            return self
        seen = read_by_the_board("response__questionnaire__")
        if user.standing.delegation_id:
            seen |= Q(response__delegation=user.standing.delegation_id)
        return self.filter(seen)

    def on_record(self) -> Self:
        """The submission on record of each response, to which the response points: the one with the highest number."""
        return self.filter(response__record=F("pk"))


def read_by_the_board(to: str = "") -> Q:
    """Questionnaires whose responses the Board reads by now; `to` is the way to the questionnaire, with its ``__``."""
    return Q(**{f"{to}read_from": "submission"}) | Q(**{f"{to}state__in": ("closed", "published")})


class RemarkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Remarks are the Board's own: asked of the rules alone, which let no administrator in."""
        return self if user.has_perm("questionnaires.write_remark", self.model) else self.none()


class ThemeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Themes are the Board's own, as remarks are."""
        return self if user.has_perm("questionnaires.tag_passage", self.model) else self.none()


class PassageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Passages are the Board's own, as remarks are; those that were untagged stay as rows and are not seen."""
        rows = self.filter(removed_at=None)
        return rows if user.has_perm("questionnaires.tag_passage", self.model) else rows.none()
