"""Papers that use every part a paper can have, for the writers' tests."""

from icoca_portal.lib.papers import (
    READERS,
    Answers,
    Facts,
    Paper,
    Paragraphs,
    Part,
    RichText,
    Seal,
    Table,
)
from icoca_portal.lib.richtext import to_blocks

DIGEST = "4f1c09be77a3d25e10b86c4d92ef5a31c0d7748b6e25f913a88b41d6035e9cf2"
INJECTION = '#read("/etc/passwd") $x$ *b* _e_ @ref <label> \\ [ #import "x.typ"'


def full_paper() -> Paper:
    """One of each body, in English."""
    return Paper(
        "Sample summary of an exchange",
        language="en",
        meta=(("Symbol", "WG/0/1"), ("Meeting", "6 June 2018"), (READERS, "Public")),
        lead="Held in a sample place.",
        footer="Sample footer",
        sample=True,
        parts=(
            Part(
                "Opening",
                number=1,
                body=(
                    Paragraphs(
                        (
                            (1, to_blocks("<p>First with <strong>bold</strong> and <em>slanted</em> words.</p>")),
                            (2, to_blocks('<p>See <a href="https://example.org/a?b=1">the address</a>.</p>')),
                        )
                    ),
                    RichText(
                        to_blocks(
                            "<h3>Below</h3><ol><li>one</li><li>two<ul><li>inner</li></ul></li></ol>"
                            "<p>between</p><ol><li>again one</li></ol><blockquote><p>quoted</p></blockquote>"
                        )
                    ),
                ),
            ),
            Part("Figures", number=2, body=(Table(("Name", "Count"), [("Sample A", 3), ("Sample B", 14)], "Counts"),)),
            Part("Details", body=(Facts((("Chair", "Sample Chair"), ("Place", None))),)),
            Part(
                "Answers",
                number=3,
                body=(
                    Answers(
                        (
                            ("3.1", "What comes first?", "Line one\nline two\n\nsecond paragraph", "Changed"),
                            ("3.2", "Anything else?", "", ""),
                            ("3.3", "Markup?", INJECTION, ""),
                        )
                    ),
                ),
            ),
            Part("Receipt", body=(Seal("SP-XX-1", DIGEST, "Sealed for Sample Delegate"),)),
        ),
    )


def arabic_paper() -> Paper:
    return Paper(
        "ملخص الرئيس",
        language="ar",
        direction="rtl",
        meta=(("الرمز", "WG/0/1"),),
        parts=(
            Part(
                "الافتتاح",
                number=1,
                body=(
                    Paragraphs(((1, to_blocks("<p>عقد الفريق <strong>العامل</strong> تبادله في 2018.</p>")),)),
                    Table(("الدولة", "منذ"), [("سويسرا", 2008)]),
                    Facts((("الرئيس", "Sample Chair"),)),
                    Seal("SP-XX-1", DIGEST, "مختوم"),
                ),
            ),
        ),
    )


def rich(html: str, *, title: str = "Sample", heading: str = "Part") -> Paper:
    """A paper that holds one rich text."""
    return Paper(title, parts=(Part(heading, body=(RichText(to_blocks(html)),)),))
