"""What is on record of a questionnaire, question by question: who was asked what, and what each answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from members.models import Delegate, Delegation, Organisation
from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.models import Questionnaire, Submission
from questionnaires.review import day_of


@dataclass(frozen=True)
class Voice:
    """One response on record: its sealed content, and whose it is."""

    submission: int
    record: EditionContent
    delegation: Delegation
    people: tuple[str, ...] = ()

    def question(self, pk: int) -> FrozenQuestion | None:
        """The question as it was answered; None where the edition did not ask it, or its condition did not hold."""
        question = self.record.by_id.get(pk)
        return question if question is not None and question.asked else None


@dataclass(frozen=True)
class Asked:
    """A question of one or several editions. `raw` is its newest frozen form, `editions` the numbers that ask it."""

    raw: Mapping[str, Any]
    editions: tuple[int, ...]
    conditions: tuple[str, ...]
    optional: bool

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    @property
    def kind(self) -> str:
        return str(self.raw["kind"])

    @property
    def is_conditional(self) -> bool:
        return any(condition != "null" for condition in self.conditions)

    @property
    def condition(self) -> Mapping[str, Any] | None:
        """What decides whether it is asked, if all editions say the same."""
        return self.raw.get("condition") if len(self.conditions) == 1 else None


@dataclass(frozen=True)
class AskedSection:
    raw: Mapping[str, Any]
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """All that results are made of. `editions` are the numbers of those that responses on record answer."""

    head: Mapping[str, Any]
    sections: list[AskedSection]
    voices: list[Voice]
    delegations: list[Delegation]
    editions: tuple[int, ...]

    @property
    def questions(self) -> Iterable[Asked]:
        return (question for section in self.sections for question in section.questions)


def delegations_asked(questionnaire: Questionnaire) -> list[Delegation]:
    """To whom it was put: those invited, with audience “all” the participants of its last day too, and whoever has
    answered."""
    asked = Q(pk__in=questionnaire.invitations.values("delegation"))
    asked |= Q(pk__in=questionnaire.responses.filter(record__isnull=False).values("delegation"))
    if questionnaire.audience == Questionnaire.Audience.ALL:
        asked |= Q(organisation__in=Organisation.objects.participants(day_of(questionnaire)))
    return list(Delegation.objects.filter(asked).select_related("organisation").order_by("organisation__name"))


def read_record(questionnaire: Questionnaire) -> Record:
    """Read the submissions on record and the editions they answer. A constant number of queries."""
    submissions = list(
        Submission.objects.on_record()
        .filter(response__questionnaire=questionnaire)
        .select_related("response__delegation__organisation")
        .order_by("response__delegation__organisation__name")
    )
    names: dict[int, list[str]] = {}
    delegations = [submission.response.delegation_id for submission in submissions]
    for delegation, name in Delegate.objects.filter(delegation__in=delegations).values_list("delegation", "user__name"):
        names.setdefault(delegation, []).append(name)
    voices = [
        Voice(
            submission=submission.pk,
            record=submission.record,
            delegation=submission.response.delegation,
            people=tuple({*names.get(submission.response.delegation_id, ()), submission.submitted_by_name}),
        )
        for submission in submissions
    ]
    answered = {voice.record.edition for voice in voices}
    editions = [json.loads(edition.content) for edition in questionnaire.editions.order_by("-number")]
    newest = editions[0] if editions else {"title": questionnaire.title, "code": questionnaire.code, "sections": []}
    used = [edition for edition in editions if edition["edition"] in answered] or [newest]
    return Record(
        head=newest,
        sections=_sections(used),
        voices=voices,
        delegations=delegations_asked(questionnaire),
        editions=tuple(sorted(answered)),
    )


def _sections(editions: list[dict[str, Any]]) -> list[AskedSection]:
    """The questions of the editions that were answered, the newest wording first; what only an earlier one asked stands
    in its section, or in one at the end."""
    forms: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    for edition in editions:
        for section in edition["sections"]:
            for question in section["questions"]:
                forms.setdefault(question["id"], []).append((edition["edition"], question))
    sections: list[AskedSection] = []
    seen: set[int] = set()
    for edition in editions:
        for raw in edition["sections"]:
            new = [question for question in raw["questions"] if question["id"] not in seen]
            if not new:
                continue
            section = next((s for s in sections if _same(s.raw, raw)), None)
            if section is None:
                section = AskedSection(raw)
                sections.append(section)
            for question in new:
                seen.add(question["id"])
                section.questions.append(_asked(forms[question["id"]]))
    return sections


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.get("id") is not None and one.get("id") == other.get("id")


def _asked(forms: list[tuple[int, Mapping[str, Any]]]) -> Asked:
    newest = dict(forms[0][1])
    for name in ("choices", "rows"):
        merged = {choice["key"]: choice for _number, form in reversed(forms) for choice in form.get(name, ())}
        order = [choice["key"] for _number, form in forms for choice in form.get(name, ())]
        newest[name] = [merged[key] for key in dict.fromkeys(order)]
    newest["other"] = any(form.get("other") for _number, form in forms)
    return Asked(
        raw=newest,
        editions=tuple(sorted(number for number, _form in forms)),
        conditions=tuple({json.dumps(form.get("condition"), sort_keys=True) for _number, form in forms}),
        optional=any(not form["required"] for _number, form in forms),
    )
