"""What was received, as the Board and the secretariat read it: pure reading, a constant number of queries.

Answers come from the sealed content of submissions alone. A draft, also the newer draft of a returned response, is not
read here at all; `returns` counts its answers and looks at none.
"""

from questionnaires.review.counting import charts, figures
from questionnaires.review.questions import QuestionReading, Voice, read_question
from questionnaires.review.standing import Return, Standing, counts, day_of, returns
from questionnaires.review.submissions import Given, Received, delegations_heard, parts_of, received, received_from
from questionnaires.review.tables import SHORT, Cell, Column, Selection, Table, matrix, objectives_of, scale_ends

__all__ = [
    "SHORT",
    "Cell",
    "Column",
    "Given",
    "QuestionReading",
    "Received",
    "Return",
    "Selection",
    "Standing",
    "Table",
    "Voice",
    "charts",
    "counts",
    "day_of",
    "delegations_heard",
    "figures",
    "matrix",
    "objectives_of",
    "parts_of",
    "read_question",
    "received",
    "received_from",
    "returns",
    "scale_ends",
]
