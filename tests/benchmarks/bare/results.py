"""A participant's piece of work: read published results."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from tests.benchmarks.bare import facts

RESULTS = """
SELECT q.title, r.content, r.sha256, r.published_at
FROM questionnaires_results r JOIN questionnaires_questionnaire q ON q.id = r.questionnaire_id
WHERE q.slug = %s AND q.state = 'published' AND (
    EXISTS (SELECT 1 FROM questionnaires_invitation i WHERE i.questionnaire_id = q.id AND i.delegation_id = %s)
    OR EXISTS (SELECT 1 FROM questionnaires_response a WHERE a.questionnaire_id = q.id AND a.delegation_id = %s)
    OR EXISTS (SELECT 1 FROM members_participation p JOIN members_delegation d ON d.organisation_id = p.organisation_id
               WHERE d.id = %s AND p.superseded_at IS NULL AND p.valid_from <= %s
               AND (p.valid_to IS NULL OR p.valid_to > %s)))
"""
WORDS = {"=blank": "No answer", "=not-asked": "Not asked", "=answered": "Answered", "=rest": "Other answers, or none"}


def read_results(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts with their bars, question by question, from the sealed text."""
    you = facts.person(request)
    if you["delegation"] is None:
        raise PermissionDenied
    own, day = you["delegation"], facts.day()
    title, text, seal, published = facts.found(facts.one(RESULTS, [slug, own, own, own, day, day]))
    content = json.loads(text)
    for section in content["sections"]:
        for question in section["questions"]:
            question.update(_counted(question))
    return facts.page(
        "results.html",
        {
            "you": you,
            "slug": slug,
            "title": title,
            "content": content,
            "published": facts.in_geneva(facts.moment(published)),
            "seal": " ".join(seal[place : place + 8] for place in range(0, 64, 8)),
        },
    )


def _counted(question: dict[str, Any]) -> dict[str, Any]:
    bars, answered = [], ""
    for table in question["tables"]:
        cells = {cell["key"]: cell["count"] for cell in table["cells"]}
        if "=answered" in cells:
            answered = f"{cells['=answered']} delegations answered."
            continue
        caption = table["row"]["label"] if table["row"] else "Answers"
        most = question["total"] or 1
        rows = [_bar(_label(question, cell), cell["count"], most) for cell in table["cells"]]
        bars.append({"caption": caption, "rows": rows})
    figures = question["figures"]
    if ranks := figures.get("ranks"):
        most = len(ranks)
        rows = [_bar(row["label"], most + 1 - float(row["mean"]), most, row["mean"]) for row in ranks]
        bars.append({"caption": "Mean rank; 1 is first", "rows": rows})
    facts_shown = [("Mean of those who answered", figures["mean"])] if figures.get("mean") else []
    facts_shown += list((figures.get("middle") or {}).items())
    return {"bars": bars, "answered": answered, "facts": facts_shown}


def _label(question: dict[str, Any], cell: dict[str, Any]) -> str:
    key = cell["key"]
    if key in WORDS:
        return WORDS[key]
    if question["kind"] == "scale":
        return f"{key} {({'1': question['low'], '5': question['high']}).get(key, '')}".strip()
    if question["kind"] == "yes_no":
        return "Yes" if key == "yes" else "No"
    return str(cell.get("label", "Other"))


def _bar(label: str, count: float | None, most: float, shown: str = "") -> dict[str, str]:
    share = f"{100 * (count or 0) / most:.4f}".rstrip("0").rstrip(".")
    return {"label": label, "width": share, "shown": shown or ("not shown" if count is None else str(count))}
