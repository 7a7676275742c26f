"""What LibreOffice saved again is read as its authors wrote it: from files that it wrote, and live where it is here."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from questionnaires.word import open_form, origin_of
from tests.questionnaires.word.forms import WRITTEN, read, values_in
from tests.questionnaires.word.rich import FILES, READ, SOFFICE, WAYS, names, rich_form, saved_again

KEPT = [pytest.param("kept", name, id=name) for name in names()]
LIVE = [pytest.param("live", way, id=f"this machine's, by {way}") for way in WAYS] if SOFFICE else []
COUNTED = {"insertions": 1, "deletions": 1, "comments": 1, "hidden": 1, "footnotes": 0, "pictures": 0}


def test_as_its_authors_left_it() -> None:
    reading = read(rich_form())
    assert values_in(reading) == READ
    assert asdict(reading.tally) == COUNTED


@pytest.mark.parametrize(("kind", "name"), KEPT + LIVE)
def test_saved_again_by_libreoffice(kind, name) -> None:
    data = (FILES / name).read_bytes() if kind == "kept" else saved_again(rich_form(), name)

    reading = read(data)

    assert values_in(reading) == READ
    assert not reading.unmatched
    assert not reading.unknown
    assert asdict(reading.tally) == COUNTED
    origin = origin_of(open_form(data))
    assert origin is not None
    assert (origin.questionnaire, origin.response, origin.written_at) == ("SQ", "ch", WRITTEN)
    assert origin.versions == {101: 3, 102: 5}
