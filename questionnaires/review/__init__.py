"""What was received, as the Board and the secretariat read it: pure reading, a constant number of queries.

Answers come from what was submitted alone: from the rows that copy it where many are read, from the sealed text where
one delegation is. A draft, also the newer draft of a returned response, is not read here at all; `returns` counts its
answers and looks at none. Everything that could tell whose an answer is comes from a `Reader`.
"""

from icoca_portal.lib.paging import page_number
from questionnaires.review.answers import FileShown, Given, Tagged, Thread, files_of, parts_of, sealed_files
from questionnaires.review.asked import Asked
from questionnaires.review.counting import charts, figures, is_counted, tallies, tally
from questionnaires.review.delegations import DelegationReading, read_delegation
from questionnaires.review.discussed import Discussed, discussions, meetings_for
from questionnaires.review.finding import Found, Hit, find_answers
from questionnaires.review.marks import marked, place_of
from questionnaires.review.objectives import (
    ObjectiveReading,
    list_objectives,
    list_themes,
    objectives_of,
    read_all,
    read_objective,
    read_theme,
)
from questionnaires.review.questions import QuestionReading, Voice, read_question
from questionnaires.review.reading import Reader, Received
from questionnaires.review.standing import Return, Standing, counts, day_of, returns
from questionnaires.review.tables import (
    PAGE,
    SHORT,
    SHOWS,
    Cell,
    Column,
    Matrix,
    Selection,
    Table,
    delegations_of,
    matrix,
    regions_of,
    scale_ends,
    shows_of,
)

__all__ = [
    "PAGE",
    "SHORT",
    "SHOWS",
    "Asked",
    "Cell",
    "Column",
    "DelegationReading",
    "Discussed",
    "FileShown",
    "Found",
    "Given",
    "Hit",
    "Matrix",
    "ObjectiveReading",
    "QuestionReading",
    "Reader",
    "Received",
    "Return",
    "Selection",
    "Standing",
    "Table",
    "Tagged",
    "Thread",
    "Voice",
    "charts",
    "counts",
    "day_of",
    "delegations_of",
    "discussions",
    "figures",
    "files_of",
    "find_answers",
    "is_counted",
    "list_objectives",
    "list_themes",
    "marked",
    "matrix",
    "meetings_for",
    "objectives_of",
    "page_number",
    "parts_of",
    "place_of",
    "read_all",
    "read_delegation",
    "read_objective",
    "read_question",
    "read_theme",
    "regions_of",
    "returns",
    "scale_ends",
    "sealed_files",
    "shows_of",
    "tallies",
    "tally",
]
