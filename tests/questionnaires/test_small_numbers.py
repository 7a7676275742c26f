"""No published figure stands for a few delegations, and none of a few can be worked out from the published ones.

Two attackers try. One knows the published figures and that hidden ones are numbers of delegations. The other knows the
method besides: it goes through every record that there could be, keeps those with exactly these published figures, and
sees what a hidden figure is in them. Both must be left with several values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icoca_portal.lib import small_numbers
from tests.questionnaires.counted import attack, edition, only_if, parts, question, record_of, voice

LARGEST = {2: 26, 3: 20, 4: 16, 5: 13}
THRESHOLDS = (2, 3, 4, 5)


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("cells", LARGEST)
def test_who_knows_the_method_is_left_with_several_values(threshold: int, cells: int) -> None:
    for total in range(threshold, LARGEST[cells]):
        found: dict[Any, list[set[int]]] = defaultdict(lambda: [set() for _ in range(cells)])
        hidden: dict[Any, frozenset[int]] = {}
        for counts in parts(total, cells):
            shown = tuple(small_numbers.shown(counts, threshold))
            hidden[shown] = frozenset(place for place, count in enumerate(shown) if count is None)
            for place in hidden[shown]:
                found[shown][place].add(counts[place])
        for shown, places in hidden.items():
            for place in places:
                assert len(found[shown][place]) >= max(2, threshold - 1), (total, shown, place)


@given(counts=st.lists(st.integers(0, 60), min_size=2, max_size=9), threshold=st.integers(1, 12))
def test_a_row_shows_no_small_figure_and_its_total_gives_none_away(counts: list[int], threshold: int) -> None:
    shown = small_numbers.shown(counts, threshold)
    assert all(count is None or threshold == 1 or count >= threshold for count in shown)
    assert all(count is None or count == true for count, true in zip(shown, counts, strict=True))
    hidden = shown.count(None)
    if hidden and sum(counts) >= threshold:
        # Each hidden figure may be anything from nothing to all that the total leaves: as many values as the threshold.
        assert hidden >= 2
        assert sum(counts) - sum(count or 0 for count in shown) + 1 >= threshold


@given(counts=st.lists(st.integers(0, 60), min_size=2, max_size=6), threshold=st.integers(2, 12), data=st.data())
def test_which_figures_are_hidden_depends_on_their_order_and_not_on_who_is_larger(
    counts: list[int], threshold: int, data: Any
) -> None:
    """Of two figures that are both large enough to be shown, a larger one in its place hides the same figures."""
    hidden = small_numbers.hidden_in(counts, threshold)
    large = [place for place, count in enumerate(counts) if count >= max(threshold, 2 * threshold)]
    if large:
        place = data.draw(st.sampled_from(large))
        more = [count + 7 if number == place else count for number, count in enumerate(counts)]
        assert small_numbers.hidden_in(more, threshold) == hidden


@pytest.mark.parametrize(
    ("counts", "threshold", "shown"),
    [
        ([20, 15], 5, [20, 15]),
        ([20, 2], 5, [None, None]),
        ([20, 0], 5, [None, None]),  # that nobody said no is what everybody said
        ([1, 3, 8, 20, 6], 5, [None, None, 8, 20, 6]),
        ([0, 1, 20, 18], 5, [None, None, None, 18]),
        ([15, 15, 4], 5, [None, 15, None]),
        ([15, 15, 0], 5, [None, 15, None]),
        ([0, 0, 0, 0, 30], 5, [None] * 5),
        ([2, 1], 5, [None, None]),
        ([3, 0, 1], 1, [3, 0, 1]),
        ([4, 4], 5, [None, None]),
    ],
)
def test_rows_as_they_are_published(counts: list[int], threshold: int, shown: list[int | None]) -> None:
    assert small_numbers.shown(counts, threshold) == shown


@pytest.mark.parametrize("threshold", [2, 3, 4])
@pytest.mark.parametrize("optional", [False, True])
@pytest.mark.parametrize("limits", [(None, None), (1, 1), (2, None), (None, 2)])
def test_several_choices_overlap_and_give_nothing_away(
    threshold: int, optional: bool, limits: tuple[int | None, int | None]
) -> None:
    keys = ("a", "b", "c")
    fewest, most = limits
    sets = [chosen for size in range(fewest or 1, (most or 3) + 1) for chosen in combinations(keys, size)]
    options: list[Sequence[str] | None] = [*sets, *([None] if optional else [])]
    content = edition(
        question(1, "multiple", choices=keys, required=not optional, min_choices=fewest, max_choices=most)
    )
    answers = [voice(1, content, {1: chosen and {"choices": list(chosen), "other": ""}}) for chosen in options]
    for total in (threshold, 6):
        records = [
            record_of([content], [v for v, times in zip(answers, counts, strict=True) for _ in range(times)])
            for counts in parts(total, len(options))
        ]
        for (published, key), values in attack(records, threshold).items():
            assert len(values) >= 2, (total, key, values, published)


def _walk(content: Sequence[dict[str, Any]], kinds: Sequence[Any], threshold: int, total: int) -> None:
    """Try every record of so many responses of these kinds."""
    records = [
        record_of(content, [v for v, times in zip(kinds, counts, strict=True) for _ in range(times)])
        for counts in parts(total, len(kinds))
    ]
    found = attack(records, threshold)
    assert found
    for (published, key), values in found.items():
        assert len(values) >= 2, (key, values, published)


@pytest.mark.parametrize("threshold", [2, 3, 5])
@pytest.mark.parametrize("required", [False, True])
def test_a_conditional_question_tells_nothing_of_the_one_it_depends_on(threshold: int, required: bool) -> None:
    content = edition(
        question(1, "yes_no"),
        question(2, "yes_no", required=required, condition=only_if(1, "no")),
        question(3, "short_text", required=required, condition=only_if(2, "yes")),
    )
    kinds = [
        voice(1, content, {1: "yes"}),
        voice(1, content, {1: "no", 2: "no"}),
        voice(1, content, {1: "no", 2: "yes", 3: "Sample"}),
        *([] if required else [voice(1, content, {1: "no", 2: None}), voice(1, content, {1: "no", 2: "yes", 3: None})]),
    ]
    for total in (threshold, 2 * threshold, 12 if required else 9):
        _walk([content], kinds, threshold, total)


@pytest.mark.parametrize("threshold", [2, 3])
def test_a_question_of_one_edition_tells_nothing_of_how_few_were_asked(threshold: int) -> None:
    first = edition(question(1, "yes_no"))
    second = edition(question(1, "yes_no"), question(2, "confirmation", required=False), number=2)
    kinds = [
        *(voice(1, first, {1: one}) for one in ("yes", "no")),
        *(voice(1, second, {1: one, 2: two}) for one in ("yes", "no") for two in ("yes", None)),
    ]
    _walk([second, first], kinds, threshold, 8)


@pytest.mark.parametrize("threshold", [2, 3, 5])
def test_a_mean_tells_nothing_of_a_few(threshold: int) -> None:
    content = edition(question(1, "scale"))
    _walk([content], [voice(1, content, {1: step}) for step in (1, 2, 3, 4, 5)], threshold, 10)


@pytest.mark.parametrize("threshold", [2, 3])
def test_a_matrix_tells_nothing_of_a_few(threshold: int) -> None:
    content = edition(question(3, "matrix", choices=("low", "high"), rows=("x", "y"), required=False))
    cells = ("low", "high", None)
    rows = [{row: cell for row, cell in (("x", x), ("y", y)) if cell} for x in cells for y in cells]
    _walk([content], [voice(1, content, {3: row or None}) for row in rows], threshold, 6)


@given(
    values=st.lists(st.integers(0, 100), max_size=60),
    threshold=st.integers(2, 9),
)
@settings(max_examples=200)
def test_the_middle_is_that_of_several_and_no_single_figure(values: list[int], threshold: int) -> None:
    def group(some: Sequence[int]) -> list[int]:
        return list(some)

    found = small_numbers.middle(values, threshold, group)
    if len(values) < threshold or len(set(values)) == 1:
        assert found is None
        return
    assert found is not None
    lower, centre, upper = found
    assert len(centre) in (threshold, threshold + 1)
    if len(values) < 4 * threshold:
        assert lower is upper is None
    else:
        assert len(lower) == len(upper) == threshold
        # The three groups are apart: no difference of them is about fewer.
        assert sorted(values)[: len(values)] == sorted(values)
        order = sorted(values)
        assert lower == order[order_start(order, lower) :][:threshold]
        assert max(lower) <= min(centre)
        assert max(centre) <= min(upper)


def order_start(order: list[int], group: list[int]) -> int:
    return next(n for n in range(len(order)) if order[n : n + len(group)] == group)
