"""Search in everything about meetings: what its words are, keeping them, and who finds what.

`index` and `index_meeting` are called by the operations and screens that change something, in their transaction;
`mend` and `read_documents` are jobs of the clock; `search` is asked by the page. What a person finds is asked of each
thing's own `visible_to`, at the moment of the search, in the same query.
"""

from meetings.finding.documents import read_documents
from meetings.finding.indexing import index, index_meeting, mend, rebuild
from meetings.finding.searching import Filters, Found, Hit, kinds_for, search

__all__ = [
    "Filters",
    "Found",
    "Hit",
    "index",
    "index_meeting",
    "kinds_for",
    "mend",
    "read_documents",
    "rebuild",
    "search",
]
