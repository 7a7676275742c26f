"""Which questionnaires, responses and submissions exist for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery


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
        """The submission on record of each response: the one with the highest number."""
        newest = self.model.objects.filter(response=OuterRef("response")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(newest))


class RemarkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Remarks are the Board's own: asked of the rules alone, which let no administrator in."""
        return self if user.has_perm("questionnaires.write_remark", self.model) else self.none()
