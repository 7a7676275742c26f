"""A director's pieces of work: the first page of the matrix, and one question across all delegations."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from tests.benchmarks.bare import facts

PAGE = 50
SHORT = 70
QUESTIONNAIRE = """
SELECT q.id, q.title, q.code, e.content FROM questionnaires_questionnaire q
JOIN questionnaires_edition e ON e.questionnaire_id = q.id
WHERE q.slug = %s AND q.state <> 'draft' ORDER BY e.number DESC LIMIT 1
"""
RECORDS = """
SELECT s.id, s.reference, s.submitted_at, r.id, o.name, o.slug, COUNT(*) OVER () AS total
FROM questionnaires_response r JOIN questionnaires_submission s ON s.id = r.record_id
JOIN members_delegation d ON d.id = r.delegation_id JOIN members_organisation o ON o.id = d.organisation_id
WHERE r.questionnaire_id = %s ORDER BY o.name LIMIT %s
"""
ANSWERS = """
SELECT submission_id, question_id, value, SUBSTR(text, 1, 280) FROM questionnaires_submittedanswer
WHERE submission_id IN ({}) AND question_id IN ({})
"""
COUNTED = """
SELECT a.question_id, COUNT(*), AVG(%s)
FROM questionnaires_submittedanswer a JOIN questionnaires_response r ON r.record_id = a.submission_id
WHERE r.questionnaire_id = %%s AND a.question_id IN (%s) GROUP BY a.question_id
"""
REMARKS = """
SELECT s.response_id, m.question_id, m.id, m.text, m.written_at, u.name
FROM questionnaires_remark m JOIN questionnaires_submission s ON s.id = m.submission_id
JOIN members_user u ON u.id = m.written_by_id WHERE s.response_id IN ({}) ORDER BY m.id
"""
PARTICIPANTS = """
SELECT COUNT(DISTINCT organisation_id) FROM members_participation
WHERE superseded_at IS NULL AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)
"""
VOICES = """
SELECT s.id, s.reference, s.submitted_at, r.id, o.name, o.slug, a.text, b.value,
       COUNT(*) OVER () AS total, COUNT(a.id) OVER () AS answered
FROM questionnaires_response r JOIN questionnaires_submission s ON s.id = r.record_id
JOIN members_delegation d ON d.id = r.delegation_id JOIN members_organisation o ON o.id = d.organisation_id
LEFT JOIN questionnaires_submittedanswer a ON a.submission_id = s.id AND a.question_id = %s
LEFT JOIN questionnaires_submittedanswer b ON b.submission_id = s.id AND b.question_id = %s
WHERE r.questionnaire_id = %s ORDER BY CASE WHEN a.id IS NULL THEN 1 ELSE 0 END, o.name LIMIT %s
"""


def marks(values: Any) -> str:
    """As many placeholders as there are values."""
    return ", ".join(["%s"] * len(values))


def director(request: HttpRequest) -> dict[str, Any]:
    """Who asks, if they sit on the Board."""
    you = facts.person(request)
    if not you["is_director"]:
        raise PermissionDenied
    return you


def read_matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """Delegations by scales."""
    you = director(request)
    questionnaire, title, code, text = facts.found(facts.one(QUESTIONNAIRE, [slug]))
    sections = json.loads(text)["sections"]
    columns = [question for section in sections for question in section["questions"] if question["kind"] == "scale"]
    ids = [question["id"] for question in columns]
    rows = facts.rows(RECORDS, [questionnaire, PAGE])
    submissions, responses = [row[0] for row in rows], [row[3] for row in rows]
    given = {
        (submission, question): facts.value_of(value)
        for submission, question, value, _short in facts.rows(
            ANSWERS.format(marks(submissions), marks(ids)), [*submissions, *ids]
        )
    }
    step = "(value #>> '{}')::float" if connection.vendor == "postgresql" else "CAST(value AS REAL)"
    counted = {
        question: (count, mean)
        for question, count, mean in facts.rows(COUNTED % (step, marks(ids)), [questionnaire, *ids])
    }
    remarks: dict[tuple[int, int], int] = defaultdict(int)
    for response, question, _pk, _text, _at, _by in facts.rows(REMARKS.format(marks(responses)), responses):
        remarks[response, question] += 1
    day = facts.day()
    (participants,) = facts.found(facts.one(PARTICIPANTS, [day, day]))
    for question in columns:
        count, mean = counted.get(question["id"], (0, None))
        question.update(answered=count, mean=f"{mean:.1f}" if mean is not None else "")
    return facts.page(
        "matrix.html",
        {
            "you": you,
            "slug": slug,
            "title": title,
            "code": code,
            "columns": columns,
            "total": rows[0][6] if rows else 0,
            "participants": participants,
            "rows": [
                {
                    "label": name,
                    "slug": key,
                    "reference": reference,
                    "day": facts.moment(at).astimezone(facts.GENEVA).date(),
                    "cells": [
                        {
                            "rank": given.get((pk, number)),
                            "steps": range(1, 6),
                            "id": number,
                            "remarks": remarks.get((response, number), 0),
                        }
                        for number in ids
                    ],
                }
                for pk, reference, at, response, name, key, _total in rows
            ],
        },
    )


def read_question(request: HttpRequest, slug: str, question: int) -> HttpResponse:
    """Who answered a question what, with the remarks on that."""
    you = director(request)
    questionnaire, title, code, text = facts.found(facts.one(QUESTIONNAIRE, [slug]))
    sections = json.loads(text)["sections"]
    section = next((s for s in sections if any(q["id"] == question for q in s["questions"])), None)
    if section is None:
        raise Http404
    asked = next(q for q in section["questions"] if q["id"] == question)
    companion = next((q for q in section["questions"] if q["kind"] == "scale"), {"id": 0, "text": ""})
    rows = facts.rows(VOICES, [question, companion["id"], questionnaire, PAGE])
    responses = [row[3] for row in rows]
    remarks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for response, on, _pk, said, at, by in facts.rows(REMARKS.format(marks(responses)), responses):
        if on == question:
            remarks[response].append({"text": said, "by": by, "at": facts.in_geneva(facts.moment(at))})
    themes = facts.rows(
        "SELECT name FROM questionnaires_theme WHERE questionnaire_id = %s ORDER BY name", [questionnaire]
    )
    discussed = facts.rows(
        "SELECT occasion, date, note FROM questionnaires_discussion WHERE questionnaire_id = %s AND question_id = %s",
        [questionnaire, question],
    )
    order = [q for s in sections for q in s["questions"]]
    place = order.index(asked)
    return facts.page(
        "question.html",
        {
            "you": you,
            "slug": slug,
            "title": title,
            "code": code,
            "question": asked,
            "section": section,
            "companion": companion,
            "themes": themes,
            "discussed": discussed,
            "before": order[place - 1] if place else None,
            "after": order[place + 1] if place + 1 < len(order) else None,
            "total": rows[0][8] if rows else 0,
            "answered": rows[0][9] if rows else 0,
            "voices": [
                {
                    "pk": pk,
                    "label": name,
                    "slug": key,
                    "reference": reference,
                    "day": facts.moment(at).astimezone(facts.GENEVA).date(),
                    "text": answer,
                    "rank": facts.value_of(beside),
                    "steps": range(1, 6),
                    "remarks": remarks.get(response, []),
                }
                for pk, reference, at, response, name, key, answer, beside, _total, _answered in rows
            ],
            "token": get_token(request),
        },
    )
