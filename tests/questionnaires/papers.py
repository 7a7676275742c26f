"""Answers that are hard to print, and how the tests judge a paper."""

from __future__ import annotations

import page

ARABIC = "نص عربي طويل عن خطة العمل الاستراتيجية 2018"
CHINESE = "战略计划 2018：政府成员资格与承认"
LONG = "\n\n".join(" ".join(f"word{number}" for number in range(start, start + 100)) for start in range(0, 10_000, 100))
HOSTILE = '#read("/etc/passwd") $x$ *b* <label> @ref \\ [ \x07 \u202e 😀 हिन्दी'
HARD = {"long_text": LONG, "short_text": f"{ARABIC} {CHINESE}", "single": {"choice": "first", "other": ""}}


def assert_accessible(document: bytes) -> None:
    """PDF/UA-1, by every rule that can be checked by a machine."""
    report = page.validate_pdf_bytes(document, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
