"""The answers to one question, counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, median
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from icoca_portal.lib.charts import Bars
from questionnaires import kinds
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Submission, SubmittedAnswer

COUNTED = frozenset({"yes_no", "scale", "single", "multiple", "ranking", "matrix", "country", "confirmation"})
MEASURED = frozenset({"scale", "number", "date"})


def is_counted(question: FrozenQuestion) -> bool:
    """Whether the answers make a chart or figures; texts and files are read and not counted."""
    return question.kind in COUNTED | MEASURED


def tally(rows: QuerySet[Submission], question: FrozenQuestion) -> list[Any]:
    """The values that these submissions answer the question with, grouped by the database and equal ones side by
    side."""
    answers = SubmittedAnswer.objects.filter(submission__in=rows.order_by().values("pk"), question=question.id)
    counted = answers.values_list("value").annotate(count=Count("pk")).order_by()
    return [value for value, count in counted for _time in range(count)]


def tallies(rows: QuerySet[Submission], questions: Iterable[FrozenQuestion]) -> tuple[dict[int, int], dict[int, Any]]:
    """For several questions how many answered, and the values of those that are counted. Two queries."""
    questions = list(questions)
    answers = SubmittedAnswer.objects.filter(submission__in=rows.order_by().values("pk"))
    ids = [question.id for question in questions]
    answered = answers.filter(question__in=ids).values_list("question_id").annotate(count=Count("pk")).order_by()
    counted = [question.id for question in questions if is_counted(question)]
    values: dict[int, list[Any]] = defaultdict(list)
    grouped = answers.filter(question__in=counted).values_list("question_id", "value").annotate(count=Count("pk"))
    for question, value, count in grouped.order_by():
        values[question].extend([value] * count)
    return dict(answered), values


def charts(question: FrozenQuestion, values: Sequence[Any]) -> list[Bars]:
    """How often each choice was taken; for a ranking the mean ranks. Nothing for texts, numbers, dates and files."""
    match question.kind:
        case "yes_no":
            return [_counted(_("Answers"), [("yes", _("Yes")), ("no", _("No"))], values)]
        case "scale":
            ends = {kinds.SCALE[0]: question.low, kinds.SCALE[-1]: question.high}
            steps = [(step, f"{step} {ends.get(step, '')}".strip()) for step in kinds.SCALE]
            return [_counted(_("Answers"), steps, values)]
        case "single":
            return [_counted(_("Answers"), _labels(question), [value["choice"] for value in values])]
        case "confirmation":
            return [_counted(_("Answers"), [("yes", _("Confirmed"))], values)]
        case "country":
            named = Counter(kinds.country_name(value) for value in values)
            rows = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
            return [Bars(_("Answers"), [(name, count, str(count)) for name, count in rows])]
        case "multiple":
            chosen = [key for value in values for key in value["choices"]]
            return [_counted(_("Answers; several choices each"), _labels(question), chosen)]
        case "ranking":
            return [_ranked(question, values)]
        case "matrix":
            columns = [(choice.key, choice.label) for choice in question.choices]
            return [
                _counted(row.label, columns, [value[row.key] for value in values if row.key in value])
                for row in question.rows
            ]
        case _:
            return []


def _labels(question: FrozenQuestion) -> list[tuple[str, str]]:
    labels = [(choice.key, choice.label) for choice in question.choices]
    return [*labels, (kinds.OTHER, _("Other"))] if question.other else labels


def _counted(caption: str, labels: Sequence[tuple[Any, str]], values: Iterable[Any]) -> Bars:
    counts = Counter(values)
    return Bars(caption, [(label, counts[key], str(counts[key])) for key, label in labels])


def one_decimal(value: float) -> str:
    """Rounded half up, as people do; Django's number format cuts off."""
    return number_format(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP), 1)


def _ranked(question: FrozenQuestion, values: Sequence[Mapping[str, int]]) -> Bars:
    """The longest bar is ranked highest; the figure is the mean rank, so 1 is best."""
    ranks: dict[str, list[int]] = defaultdict(list)
    for value in values:
        for key, rank in value.items():
            ranks[key].append(rank)
    count = len(question.choices)
    rows = sorted((mean(ranks[c.key]), c.label) for c in question.choices if ranks[c.key])
    return Bars(
        _("Mean rank; 1 is first"), [(label, count + 1 - rank, one_decimal(rank)) for rank, label in rows], count
    )


def figures(question: FrozenQuestion, values: Sequence[Any]) -> list[tuple[str, str]]:
    """The mean of a scale; smallest, middle and largest of numbers and dates, of those that can be read as such."""
    if question.kind == "scale":
        return [(_("Mean of those who answered"), one_decimal(mean(values)))]
    if question.kind == "number":
        numbers = [number for value in values if (number := kinds.parse_number(value)) is not None]
        picks = [(_("Smallest"), min), (_("Median"), median), (_("Largest"), max)]
        return [
            (label, f"{number_format(pick(numbers), force_grouping=False)} {question.unit}".strip())  # type: ignore[operator]
            for label, pick in picks
            if numbers
        ]
    if question.kind == "date":
        days = [day for value in values if (day := kinds.parse_day(value))]
        ends = [(_("Earliest"), min), (_("Latest"), max)]
        return [(label, date_format(pick(days), "DATE_FORMAT")) for label, pick in ends if days]
    return []
