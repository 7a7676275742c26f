"""A strategic plan as its page shows it: what was asked on each objective, what came back, what the Board concluded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import cached_property

from icoca_portal.lib.richtext import clean
from icoca_portal.lib.small_numbers import is_small
from questionnaires.editions import FrozenQuestion
from questionnaires.models import (
    Conclusion,
    Edition,
    Milestone,
    Objective,
    PlanDocument,
    Questionnaire,
    StrategicPlan,
)


@dataclass(frozen=True)
class Put:
    """A questionnaire on the plan, with its questions in the reader's language, and how many have answered."""

    questionnaire: Questionnaire
    edition: Edition
    received: int

    @property
    def is_published(self) -> bool:
        return self.questionnaire.state == Questionnaire.State.PUBLISHED

    @property
    def is_few(self) -> bool:
        """Whether so few have answered that their number is not said."""
        return self.received > 0 and is_small(self.received, self.questionnaire.threshold)

    def questions_on(self, number: int) -> list[FrozenQuestion]:
        """The questions about the objective with this number."""
        return [q for q in self.edition.questions if q.objective and q.objective["number"] == number]


@dataclass(frozen=True)
class Concluded:
    """What the Board concluded, from which questionnaire."""

    conclusion: Conclusion

    @property
    def html(self) -> str:
        return clean(self.conclusion.text)


@dataclass
class ObjectiveReading:
    """One objective: by questionnaire what was asked, and the conclusions."""

    objective: Objective
    asked: list[tuple[Put, list[FrozenQuestion]]]
    concluded: list[Concluded] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """A milestone with how it is drawn on the line."""

    milestone: Milestone
    is_now: bool

    @property
    def classes(self) -> str:
        if self.is_now:
            return "is-now"
        return "" if self.milestone.is_done else "is-next"


@dataclass(frozen=True)
class PlanReading:
    """A plan with everything its page shows. At most seven queries, however long it is."""

    plan: StrategicPlan
    puts: list[Put]
    objectives: list[ObjectiveReading]
    concluded: list[Concluded]
    steps: list[Step]
    documents: list[PlanDocument]

    @cached_property
    def text(self) -> PlanDocument | None:
        """The plan itself, when there is one: the newest final document."""
        return next((document for document in self.documents if document.is_final), None)

    @property
    def next_step(self) -> Milestone | None:
        return next((step.milestone for step in self.steps if not step.milestone.is_done), None)


def read_plan(plan: StrategicPlan, user: Any) -> PlanReading:
    """Read a plan as far as `user` may."""
    puts = questionnaires_on(plan, user)
    by_objective: dict[int | None, list[Concluded]] = defaultdict(list)
    for row in Conclusion.objects.filter(
        questionnaire__in=[put.questionnaire for put in puts], published_at__isnull=False
    ).select_related("questionnaire"):
        by_objective[row.objective_id].append(Concluded(row))
    objectives = []
    for objective in plan.objectives.all():
        asked = [(put, questions) for put in puts if (questions := put.questions_on(objective.number))]
        objectives.append(ObjectiveReading(objective, asked, by_objective[objective.pk]))
    return PlanReading(
        plan, puts, objectives, by_objective[None], steps_of(list(plan.milestones.all())), list(plan.documents.all())
    )


def questionnaires_on(plan: StrategicPlan, user: Any) -> list[Put]:
    """The circulated questionnaires on a plan that exist for `user`, the first one first."""
    received = Count("responses", filter=Q(responses__record__isnull=False), distinct=True)
    rows = list(
        Questionnaire.objects.visible_to(user)
        .filter(plan=plan)
        .exclude(state=Questionnaire.State.DRAFT)
        .annotate(received=received)
        .order_by("opened_at", "pk")
    )
    newest = {e.questionnaire_id: e for e in Edition.objects.filter(questionnaire__in=rows).order_by("number")}
    return [Put(row, newest[row.pk], row.received) for row in rows if row.pk in newest]


def steps_of(milestones: list[Milestone]) -> list[Step]:
    """The milestones in their order; the last one that is done is where the plan stands now."""
    done = [milestone for milestone in milestones if milestone.is_done]
    return [Step(milestone, bool(done) and milestone is done[-1]) for milestone in milestones]
