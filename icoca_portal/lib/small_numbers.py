"""Which figures of a count are left out so that none of them gives a small one away. Pure functions.

A *row* is a count of delegations by mutually exclusive cells whose total readers know. A *small* cell holds fewer
delegations than the threshold, none included: that nobody chose an answer is a statement about everybody. Hidden cells
carry one label, so that nobody knows which of them are small, and `hidden_in` chooses them by their order and never by
their size, so that the choice tells nothing. The method, and what an attacker who knows it can still work out, is in
docs/decisions/small-numbers.md; the tests count it through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def is_small(count: int, threshold: int) -> bool:
    """Whether a figure stands for fewer delegations than may be shown; with a threshold of 1 no figure is small."""
    return threshold > 1 and count < threshold


def hidden_in(counts: Sequence[int], threshold: int) -> frozenset[int]:
    """The places of the cells of a row that are left out.

    The small ones alone, where their sum (which the total gives away) leaves each of them every value from 0 to the
    largest small one; else with them the next cell by order, where it is large enough to cover them; else all.
    """
    small = [place for place, count in enumerate(counts) if is_small(count, threshold)]
    if not small:
        return frozenset()
    together, largest = sum(counts[place] for place in small), threshold - 1
    if largest <= together <= (len(small) - 1) * largest:
        return frozenset(small)
    if len(small) == 1 or (threshold > 2 and together < largest):
        follow = ((small[0] + step) % len(counts) for step in range(len(counts)))
        cover = next((place for place in follow if place not in small), None)
        if cover is not None and together + counts[cover] > 2 * largest:
            return frozenset([*small, cover])
    return frozenset(range(len(counts)))


def shown(counts: Sequence[int], threshold: int) -> list[int | None]:
    """The cells of a row as they may be published: None where a figure is left out."""
    hidden = hidden_in(counts, threshold)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def possible(count: int, total: int, threshold: int) -> list[int]:
    """What a reader knows of a figure that is shown only if neither it nor the rest of the `total` is small."""
    if not is_small(count, threshold) and not is_small(total - count, threshold):
        return [count]
    return [value for value in range(total + 1) if is_small(value, threshold) or is_small(total - value, threshold)]


def shown_of_several(
    chosen: Sequence[int],
    answered: int,
    known: Sequence[int],
    threshold: int,
    fewest: int | None = None,
    most: int | None = None,
) -> list[int | None]:
    """How often each of several choices was taken, as it may be published: each against the rest of those who answered.

    Choices overlap, so that a hidden figure does not follow from the others. But it is bounded by them, as whoever
    answered took `fewest` (at least one) to `most`; `known` lists what readers know of how many answered. Where such
    bounds leave a hidden figure, or a hidden number of answers, fewer values than the threshold, nothing is shown.
    """
    published = [None if len(possible(count, answered, threshold)) > 1 else count for count in chosen]
    hidden = published.count(None)
    if threshold <= 1 or (not hidden and len(known) == 1):
        return list(chosen) if threshold <= 1 else published
    shown_ones = [count for count in published if count is not None]
    low, high = max(fewest or 1, 1), min(most or len(chosen), len(chosen))
    figures: set[int] = set()
    answers: set[int] = set()
    for given in known:
        if any(is_small(given - count, threshold) for count in shown_ones):
            continue  # one of them would not be shown
        least, largest = low * given - sum(shown_ones), high * given - sum(shown_ones)
        small = [value for value in range(given + 1) if is_small(value, threshold) or given - value < threshold]
        fitting = [value for value in small if value <= largest and value + (hidden - 1) * given >= least]
        if fitting if hidden else least <= 0 <= largest:
            figures.update(fitting)
            answers.add(given)
    if (hidden and len(figures) < threshold) or (len(known) > 1 and len(answers) < threshold):
        return [None] * len(chosen)
    return published


def middle(values: Sequence[Any], threshold: int, mean: Callable[[Sequence[Any]], Any]) -> tuple[Any, Any, Any] | None:
    """The lower quarter, the middle and the upper quarter of some values, each as the mean of so many around it as the
    threshold says, so that none is what one delegation wrote.

    The quarters are None unless their values do not overlap with those of the middle. All of it is None for fewer
    values than the threshold, and where all are the same.
    """
    ordered = sorted(values)
    if len(ordered) < max(threshold, 1) or (threshold > 1 and ordered[0] == ordered[-1]):
        return None
    width = threshold + (len(ordered) - threshold) % 2
    start = (len(ordered) - width) // 2
    centre = mean(ordered[start : start + width])
    if len(ordered) < 4 * threshold:
        return None, centre, None
    edge = max(len(ordered) // 4 - threshold // 2, 0)
    lower, upper = ordered[edge : edge + threshold], ordered[len(ordered) - edge - threshold : len(ordered) - edge]
    return mean(lower), centre, mean(upper)


def ranks_may_be_shown(sums: Sequence[int], answered: int, choices: int, threshold: int) -> bool:
    """Whether the mean ranks of a ranking tell nothing of a few: `sums` of the ranks of each choice.

    A mean near the first or the last rank says that (nearly) all gave it; with two choices it is a count.
    """
    if threshold <= 1:
        return answered > 0
    if answered < threshold:
        return False
    above = [total - answered for total in sums]
    return all(threshold <= excess <= answered * (choices - 1) - threshold for excess in above)
