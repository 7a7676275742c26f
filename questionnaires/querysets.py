"""Which questionnaires, responses and submissions exist for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F


class StrategicPlanQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Plans are known to everybody who signs in."""
        return self if user.is_authenticated else self.none()


class QuestionnaireQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Circulated questionnaires exist for everybody who signs in; drafts for the secretariat alone."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_perm("questionnaires.view_questionnaire") else self.exclude(state="draft")

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
    def until(self, questionnaire: int, delegation: int) -> datetime | None:
        """Until when the extension granted last to a delegation runs; None without one. Both are primary keys."""
        rows = self.filter(questionnaire=questionnaire, delegation=delegation).order_by("-granted_at", "-pk")
        return rows.values_list("until", flat=True).first()


class ResponseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A draft exists for its own delegation alone. What was submitted is read as a Submission, not here."""
        return self.filter(delegation=user.standing.delegation_id) if user.is_authenticated else self.none()


class SubmissionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Submissions exist for their own delegation, for the Board and for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("questionnaires.read_submissions"):
            return self
        return self.filter(response__delegation=user.standing.delegation_id)

    def on_record(self) -> Self:
        """The submission on record of each response, to which the response points: the one with the highest number."""
        return self.filter(response__record=F("pk"))


class RemarkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Remarks are the Board's own: asked of the rules alone, which let no administrator in."""
        return self if user.has_perm("questionnaires.write_remark", self.model) else self.none()
