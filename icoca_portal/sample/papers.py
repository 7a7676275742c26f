"""The sample papers of the ninth exchange, and the position paper that one delegation attaches to its response.

Their symbols are invented; the figures are those of the meeting's record.
"""

from __future__ import annotations

from icoca_portal.lib.exports import write_csv
from icoca_portal.lib.papers import READERS, Facts, Paper, Paragraphs, Part, RichText, Table
from icoca_portal.lib.richtext import to_blocks
from icoca_portal.sample.plan import OBJECTIVES as PLANNED
from meetings.models import Meeting

#: Symbol and title of the papers.
OBJECTIVES = ("ICoCA-WG/9/2", "Draft objectives of the Strategic Plan (sample)")
REGISTER = ("ICoCA-WG/9/3", "Members and applications, June 2018 (sample)")

HEADERS = ("What", "How many")
MEMBERS = (
    ("Government members", 7),
    ("Member companies", 93),
    ("Civil-society members", 26),
)
COMPANIES = (
    ("Work on land", 51),
    ("Work at sea", 16),
    ("Work on land and at sea", 26),
    ("Certified", 13),
)
APPLICATIONS = (
    ("For certification, under review", 6),
    ("For membership, under review", 30),
)


def objectives_paper(meeting: Meeting) -> Paper:
    """The six objectives, each with what it means in the words of the sample plan."""
    items = [
        (number, to_blocks(f"<p><strong>{title}</strong></p><p>{summary}</p>"))
        for number, (title, summary) in enumerate(PLANNED, start=1)
    ]
    return Paper(
        title="Draft objectives of the Strategic Plan",
        meta=[("Symbol", OBJECTIVES[0]), ("Date", meeting.when), (READERS, "Participants")],
        lead="For discussion under items 1 and 2 of the agenda. The explanations are sample texts.",
        parts=[Part("Objectives", body=[Paragraphs(items)])],
        footer=OBJECTIVES[0],
        sample=True,
    )


def register_paper(meeting: Meeting) -> Paper:
    """The figures of the Association's register in early June 2018."""
    return Paper(
        title="Members and applications, June 2018",
        meta=[("Symbol", REGISTER[0]), ("Date", meeting.when), (READERS, "Public")],
        lead="For item 3 of the agenda.",
        parts=[
            Part("Members", body=[Table(HEADERS, MEMBERS)]),
            Part(
                "Companies",
                body=[
                    Table(HEADERS, COMPANIES),
                    Facts([("Headquarters", "in 34 countries"), ("Small, 0–20 million USD", "77 %")]),
                ],
            ),
            Part("Applications", body=[Table(HEADERS, APPLICATIONS)]),
        ],
        footer=REGISTER[0],
        sample=True,
    )


def register_csv() -> bytes:
    """The same figures as a table."""
    parts = (("Members", MEMBERS), ("Companies", COMPANIES), ("Applications", APPLICATIONS))
    rows = [(part, what, count) for part, figures in parts for what, count in figures]
    return write_csv(("Part", *HEADERS), rows)


def position_paper(delegation: str) -> Paper:
    """A page that a delegation could attach to its response."""
    return Paper(
        title=f"Sample position paper of {delegation}",
        meta=[("Date", "Sample"), (READERS, "Board and secretariat")],
        parts=[
            Part(
                "Position",
                body=[RichText(to_blocks("<p>Sample: this page is invented. It shows how an attachment travels.</p>"))],
            )
        ],
        sample=True,
    )
