"""A delegation's three pieces of work: open a section, save a field, submit."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from tests.benchmarks.bare import facts

RESPONSE = """
SELECT r.id, r.state, q.id, q.title, q.code, q.deadline, q.state, e.content,
       (SELECT x.until FROM questionnaires_extension x WHERE x.questionnaire_id = q.id
        AND x.delegation_id = r.delegation_id ORDER BY x.granted_at DESC, x.id DESC LIMIT 1)
FROM questionnaires_response r
JOIN questionnaires_questionnaire q ON q.id = r.questionnaire_id
JOIN questionnaires_edition e ON e.id = r.edition_id
WHERE q.slug = %s AND r.delegation_id = %s AND q.state <> 'draft'
"""
ANSWERS = """
SELECT a.question_id, a.value, a.version, a.saved_at, a.saved_by_id, u.name, a.quote
FROM questionnaires_answer a JOIN members_user u ON u.id = a.saved_by_id
WHERE a.response_id = %s AND a.question_id IN ({})
"""
NOTES = """
SELECT n.question_id, n.text, n.written_at, n.written_by_id, u.name
FROM questionnaires_note n JOIN members_user u ON u.id = n.written_by_id
WHERE n.response_id = %s AND n.question_id IN ({}) ORDER BY n.written_at, n.id
"""
BESIDE = """
SELECT 'keeper', u.id, u.name FROM questionnaires_assignment a JOIN members_user u ON u.id = a.user_id
WHERE a.response_id = %s AND a.section_id = %s AND a.ended_at IS NULL
UNION ALL
SELECT 'present', u.id, u.name FROM questionnaires_presence p JOIN members_user u ON u.id = p.user_id
WHERE p.response_id = %s AND p.section_id = %s AND p.seen_at > %s
"""
QUOTES = (("none", "Do not quote"), ("unnamed", "Quote without our name"), ("named", "Quote with our name"))


def read_section(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One section with its fields."""
    you = facts.person(request)
    response, state, _pk, title, _code, deadline, open_state, content, extended = facts.found(
        facts.one(RESPONSE, [slug, you["delegation"]])
    )
    deadline = facts.latest(deadline, extended)
    writable = (
        you["role_key"] in ("focal point", "contributor")
        and state in ("draft", "cleared", "returned")
        and open_state == "open"
        and datetime.now(UTC) < deadline
    )
    if not writable:
        raise PermissionDenied
    sections = json.loads(content)["sections"]
    section = next((row for row in sections if row["number"] == number), None)
    if section is None:
        raise Http404
    ids = [question["id"] for question in section["questions"]]
    answers = {row[0]: row for row in facts.rows(ANSWERS.format(", ".join(["%s"] * len(ids))), [response, *ids])}
    notes: dict[int, list[dict[str, str]]] = {}
    for question, text, at, by, name in facts.rows(NOTES.format(", ".join(["%s"] * len(ids))), [response, *ids]):
        who = "You" if by == you["id"] else name
        notes.setdefault(question, []).append({"text": text, "at": facts.in_geneva(facts.moment(at)), "by": who})
    now = facts.stored(datetime.now(UTC) - timedelta(minutes=1))
    beside = facts.rows(BESIDE, [response, section["id"], response, section["id"], now])
    return facts.page(
        "section.html",
        {
            "you": you,
            "slug": slug,
            "title": title,
            "deadline": facts.in_geneva(deadline),
            "section": section,
            "sections": sections,
            "items": [
                _item(question, answers.get(question["id"]), you, notes.get(question["id"], []))
                for question in section["questions"]
            ],
            "keepers": ", ".join(name for what, _pk, name in beside if what == "keeper"),
            "present": ", ".join(name for what, pk, name in beside if what == "present" and pk != you["id"]),
            "token": get_token(request),
        },
    )


def _item(
    question: dict[str, Any], row: tuple[Any, ...] | None, you: dict[str, Any], notes: list[dict[str, str]]
) -> dict[str, Any]:
    value = facts.value_of(row[1]) if row else None
    kind, name = question["kind"], f"q{question['id']}"
    item: dict[str, Any] = {
        "question": question,
        "value": value,
        "stored": json.dumps(_pairs(kind, name, value), ensure_ascii=False),
        "names": f"{name},{name}-version,{name}-theirs,{name}-pick,{name}-merged",
        "version": row[2] if row else 0,
        "saved": facts.saved(facts.moment(row[3])) if row else "",
        "by": ("you" if row[4] == you["id"] else row[5]) if row else "",
        "notes": notes,
        "quote": row[6] if row else "none",
        "control": "checkbox" if kind == "multiple" else "radio",
    }
    if kind in ("long_text", "short_text"):
        item["quotations"] = [{"key": key, "label": label, "chosen": key == item["quote"]} for key, label in QUOTES]
    if kind == "scale":
        item["options"] = [{"key": str(step), "chosen": step == value} for step in range(1, 6)]
    elif kind == "yes_no":
        labels = (("yes", "Yes"), ("no", "No"))
        item["options"] = [{"key": key, "label": label, "chosen": key == value} for key, label in labels]
    elif kind in ("single", "multiple"):
        held = ([value["choice"]] if kind == "single" else value["choices"]) if value else []
        item["options"] = [{**choice, "chosen": choice["key"] in held} for choice in question["choices"]]
    elif kind == "ranking":
        held = value or {}
        places = range(1, len(question["choices"]) + 1)
        item["ranks"] = [
            {**choice, "ranks": [{"key": place, "chosen": held.get(choice["key"]) == place} for place in places]}
            for choice in question["choices"]
        ]
    elif kind == "matrix":
        held = value or {}
        item["grid"] = [
            {**row, "cells": [{**c, "chosen": held.get(row["key"]) == c["key"]} for c in question["choices"]]}
            for row in question["rows"]
        ]
    return item


def _pairs(kind: str, name: str, value: Any) -> list[tuple[str, str]]:
    """A value as a form posts it."""
    if value is None:
        return []
    if kind == "single":
        return [(name, value["choice"])]
    if kind == "multiple":
        return [(name, key) for key in value["choices"]] + (
            [(f"{name}-other", value["other"])] if value["other"] else []
        )
    if kind == "ranking":
        return [(f"{name}-rank-{key}", str(rank)) for key, rank in value.items()]
    if kind == "matrix":
        return [(f"{name}-row-{key}", cell) for key, cell in value.items()]
    return [(name, str(value))]


def save_field(request: HttpRequest, slug: str, number: int, question: int) -> HttpResponse:
    """Save a text, unless somebody else saved meanwhile."""
    you = facts.person(request)
    if you["role_key"] not in ("focal point", "contributor"):
        raise PermissionDenied
    name = f"q{question}"
    text = request.POST[name].replace("\r\n", "\n").strip() or None
    base = int(request.POST[f"{name}-version"])
    now = datetime.now(UTC)
    with transaction.atomic():
        response, state, _pk, _title, _code, deadline, open_state, content, extended = facts.found(
            facts.one(RESPONSE + facts.locking(), [slug, you["delegation"]])
        )
        if (
            state not in ("draft", "cleared", "returned")
            or open_state != "open"
            or now >= facts.latest(deadline, extended)
        ):
            return HttpResponse("The questionnaire is closed.", status=422)
        section = next((row for row in json.loads(content)["sections"] if row["number"] == number), None)
        if section is None or all(row["id"] != question for row in section["questions"]):
            raise Http404
        row = facts.one(ANSWERS.format("%s"), [response, question])
        if row is None:
            raise Http404
        version = row[2]
        if version != base:
            return HttpResponse("Two versions", status=409)
        value = json.dumps(text)
        if value != json.dumps(facts.value_of(row[1])):
            version += 1
            facts.run(
                "UPDATE questionnaires_answer SET value = %s, version = %s, saved_at = %s, saved_by_id = %s, "
                "prefilled_from_id = NULL WHERE response_id = %s AND question_id = %s",
                [value, version, facts.stored(now), you["id"], response, question],
            )
            facts.run(
                "INSERT INTO questionnaires_answerrevision (answer_id, version, value, files, origin, saved_at, "
                "saved_by_id) SELECT id, version, value, files, 'typed', saved_at, saved_by_id "
                "FROM questionnaires_answer WHERE response_id = %s AND question_id = %s",
                [response, question],
            )
            facts.run("UPDATE questionnaires_response SET changed_at = %s WHERE id = %s", [facts.stored(now), response])
    held = json.dumps(_pairs("long_text", name, text), ensure_ascii=False)
    return facts.page(
        "state.html", {"id": question, "stored": held, "version": version, "saved": facts.saved(now), "by": "you"}
    )


def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal the answers as the next submission, and queue the receipts."""
    you = facts.person(request)
    if you["role_key"] != "focal point":
        raise PermissionDenied
    if not request.POST.get("confirm"):
        return HttpResponse("Tick the box.", status=422)
    now = datetime.now(UTC)
    with transaction.atomic():
        response, state, asked, title, code, deadline, open_state, frozen, extended = facts.found(
            facts.one(RESPONSE + facts.locking(), [slug, you["delegation"]])
        )
        if (
            state not in ("draft", "cleared", "returned")
            or open_state != "open"
            or now >= facts.latest(deadline, extended)
        ):
            return HttpResponse("Nothing is taken any more.", status=409)
        content = json.loads(frozen)
        edition = content["edition"]
        held = {
            question: (facts.value_of(value), facts.value_of(files), quote)
            for question, value, files, quote in facts.rows(
                "SELECT question_id, value, files, quote FROM questionnaires_answer WHERE response_id = %s", [response]
            )
        }
        submitted = []
        for section in content["sections"]:
            for question in section["questions"]:
                value, files, quote = held.get(question["id"], (None, [], "none"))
                if value is None and question["required"]:
                    return HttpResponse(f"{question['number']}: write an answer.", status=422)
                text = _shown(question, value)
                question.update(answer=value, answer_text=text, asked=True, attached=files, quote=quote)
                if value is not None:
                    submitted.append((question["id"], json.dumps(value), text, quote))
        (count,) = facts.found(
            facts.one("SELECT COUNT(*) FROM questionnaires_submission WHERE response_id = %s", [response])
        )
        reference = f"{code}-{you['code']}-{count + 1}"
        content.update(delegation=you["name"], number=count + 1, reference=reference)
        sealed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        seal = hashlib.sha256(sealed.encode()).hexdigest()
        (pk,) = facts.found(
            facts.one(
                "INSERT INTO questionnaires_submission (response_id, number, reference, content, sha256, submitted_at, "
                "submitted_by_id, submitted_by_name, edition_number) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) "
                "RETURNING id",
                [response, count + 1, reference, sealed, seal, facts.stored(now), you["id"], you["person"], edition],
            )
        )
        facts.run(
            "INSERT INTO questionnaires_submittedanswer (submission_id, question_id, value, text, quote) VALUES "
            + ", ".join(["(%s, %s, %s, %s, %s)"] * len(submitted)),
            [part for row in submitted for part in (pk, *row)],
        )
        facts.run(
            "UPDATE questionnaires_response SET state = 'submitted', changed_at = %s, record_id = %s WHERE id = %s",
            [facts.stored(now), pk, response],
        )
        _queue_receipts({**you, "questionnaire": asked}, title, reference, count + 1, seal, now, slug)
    return HttpResponseRedirect(f"/questionnaires/{slug}/response/submitted/")


def _shown(question: dict[str, Any], value: Any) -> str:
    """A value as a reader sees it."""
    if value is None:
        return ""
    kind = question["kind"]
    labels = {choice["key"]: choice["label"] for choice in question["choices"]}
    if kind == "yes_no":
        return {"yes": "Yes", "no": "No"}[value]
    if kind == "scale":
        meaning = {1: question["low"], 5: question["high"]}.get(value, "")
        return f"{value} ({meaning})" if meaning else str(value)
    if kind == "number":
        return f"{int(value):,} {question['unit']}".replace(",", "\u202f").strip()
    if kind in ("single", "multiple"):
        keys = [value["choice"]] if kind == "single" else value["choices"]
        shown = [labels[key] for key in keys if key != "other"]
        return "; ".join([*shown, f"Other: {value['other']}"] if value["other"] else shown)
    if kind == "ranking":
        return "; ".join(f"{rank}. {labels[key]}" for key, rank in sorted(value.items(), key=lambda pair: pair[1]))
    if kind == "matrix":
        cells = [(row["label"], labels[value[row["key"]]]) for row in question["rows"] if row["key"] in value]
        return "; ".join(f"{row}: {cell}" for row, cell in cells)
    return str(value)


def _queue_receipts(
    you: dict[str, Any], title: str, reference: str, number: int, seal: str, now: datetime, slug: str
) -> None:
    day = now.astimezone(facts.GENEVA).date()
    people = facts.rows(
        "SELECT u.id, u.email, u.name, u.language FROM members_delegate d JOIN members_user u ON u.id = d.user_id "
        "WHERE d.delegation_id = %s AND u.is_active AND d.valid_from <= %s AND (d.valid_to IS NULL OR d.valid_to > %s)",
        [you["delegation"], day, day],
    )
    grouped = " ".join(seal[place : place + 8] for place in range(0, 64, 8))
    about = f"questionnaire-{you['questionnaire']}"
    chosen = facts.rows(
        "SELECT user_id, how FROM members_noticechoice WHERE kind = 'response_submitted' AND user_id IN "
        f"({', '.join(['%s'] * len(people))})",
        [person[0] for person in people],
    )
    off = {pk for pk, how in chosen if how != "at_once"}
    for pk, email, name, language in people:
        if pk in off:
            continue
        text = (
            f"Dear {name},\n\n"
            f"The response of {you['name']} to “{title}” is submitted. It is submission No. {number}.\n\n"
            f"Reference number: {reference}\nSubmitted: {facts.in_geneva(now)}\nBy: {you['person']}, focal point\n\n"
            f"Seal of the questions and answers (SHA-256):\n{grouped}\n\n"
            f"The receipt, and your own copy of the answers:\nhttp://testserver/questionnaires/{slug}/response/submitted/"
            f"\n\nTo check whether a seal is the one on record:\nhttp://testserver/questionnaires/{slug}/verify/\n\n"
            "The secretariat of the Working Group\n"
        )
        facts.run(
            "INSERT INTO outbox_message (key, recipient, recipient_name, subject, text, language, confidential, "
            "message_id, state, attempts, next_attempt_at, last_error, queued_at, retried_by, settled_by, html, "
            "reply_to, thread, unsubscribe, provider_id, returned_code, returned_why) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'queued', 0, %s, '', %s, '', '', '', '', %s, '', '', '', '')",
            [
                f"response-submitted:{reference}:{pk}",
                email,
                name,
                f"Receipt {reference}",
                text,
                language,
                False,
                f"<{uuid4().hex}@testserver>",
                facts.stored(now),
                facts.stored(now),
                about,
            ],
        )
        facts.run(
            "INSERT INTO members_notice (user_id, kind, key, about, title, text, address, happened_at, how, told_at) "
            "VALUES (%s, 'response_submitted', %s, %s, %s, '', %s, %s, 'at_once', %s)",
            [
                pk,
                f"response-submitted:{reference}",
                about,
                f"Receipt {reference}",
                f"/questionnaires/{slug}/response/submitted/",
                facts.stored(now),
                facts.stored(now),
            ],
        )
