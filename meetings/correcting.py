"""The screen on which a summary of the past is corrected: what is typed there, and the steps that move it about.

Pure: a structure of `meetings.importing.understand` and what a browser sends go in, a structure comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from icoca_portal.lib.richtext import to_blocks
from meetings.importing import KINDS, from_marks, to_marks
from meetings.importing.facts import date_in

#: The most that is read from a form.
MOST_ITEMS, MOST_BLOCKS, DEEPEST = 200, 3000, 3
LANGUAGES = ("en", "fr")
LETTERS_IN_A_LINE = 85


def shown(understood: dict[str, Any]) -> list[dict[str, Any]]:
    """The items as the page shows them: each block with its text in marks, and how many lines that takes."""
    items = []
    for place, item in enumerate(understood["items"]):
        blocks = []
        for number, block in enumerate(item["blocks"]):
            marks = to_marks(block["html"])
            lines = sum(1 + len(line) // LETTERS_IN_A_LINE for line in marks.split("\n"))
            blocks.append({**block, "place": number, "marks": marks, "rows": max(lines, 1), "choice": _choice(block)})
        items.append({**item, "place": place, "blocks": blocks, "is_first": place == 0})
    for item in items:
        item["is_last"] = item["place"] == len(items) - 1
    return items


def _choice(block: Mapping[str, Any]) -> str:
    is_list = block["kind"] in ("bullet", "number")
    return f"{block['kind']}-{min(int(block['level']), DEEPEST)}" if is_list else str(block["kind"])


def typed(data: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the fields of the page, as a structure. Whatever is missing or wrong is empty, never an error."""
    text = data.get
    return {
        "number": _number(text("number", ""), 999),
        "date": date_in(text("date", "")),
        "place": text("place", "").strip()[:120],
        "title": text("title", "").strip()[:250],
        "chair": text("chair", "").strip()[:150],
        "participants": _number(text("participants", ""), 999),
        "language": text("language", "en") if text("language", "en") in LANGUAGES else "en",
        "head": [
            {
                "text": " ".join(text(f"head-{place}-text", "").split()),
                "keep": f"head-{place}-keep" in data,
                "use": [name for name in text(f"head-{place}-use", "").split(",") if name],
                "note": text(f"head-{place}-note", ""),
            }
            for place in range(_number(text("heads", ""), MOST_BLOCKS) or 0)
        ],
        "items": [_typed_item(data, place) for place in range(_number(text("items", ""), MOST_ITEMS) or 0)],
    }


def _typed_item(data: Mapping[str, str], place: int) -> dict[str, Any]:
    text = data.get
    start = f"item-{place}-"
    blocks = []
    for number in range(_number(text(f"{start}blocks", ""), MOST_BLOCKS) or 0):
        name = f"b-{place}-{number}-"
        kind, _dash, level = text(f"{name}kind", "p").partition("-")
        blocks.append(
            {
                "kind": kind if kind in KINDS else "p",
                "html": from_marks(text(f"{name}text", "")),
                "level": _number(level, 8) or 0,
                "number": text(f"{name}number", ""),
                "note": text(f"{name}note", ""),
            }
        )
    return {
        "number": text(f"{start}number", "").strip()[:12],
        "title": " ".join(text(f"{start}title", "").split())[:250],
        "written": text(f"{start}written", ""),
        "agenda": f"{start}agenda" in data,
        "blocks": [block for block in blocks if block["html"] or block["note"]],
    }


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 6 else None


# Steps. Each is named by a button, with the places that it is about.


def moved(understood: dict[str, Any], step: str) -> tuple[dict[str, Any], str]:
    """The structure after a step such as ``before-2-0``, and the anchor to show. An unknown step changes nothing."""
    name, *places = step.split("-")
    act = _STEPS.get(name)
    if act is None or not all(place.isdecimal() for place in places):
        return understood, ""
    try:
        return understood, act(understood, *map(int, places))
    except (IndexError, TypeError):
        return understood, ""


def _before(understood: dict[str, Any], item: int, block: int) -> str:
    """A paragraph goes to the end of the item before; from the first item to the lines of the head."""
    taken = understood["items"][item]["blocks"].pop(block)
    if item == 0:
        words = " ".join(to_marks(taken["html"]).split())
        understood["head"].append({"text": words, "keep": True, "use": [], "note": taken["note"]})
        return "head"
    understood["items"][item - 1]["blocks"].append(taken)
    return f"item-{item - 1}"


def _after(understood: dict[str, Any], item: int, block: int) -> str:
    """A paragraph goes to the beginning of the item after."""
    if item + 1 >= len(understood["items"]):
        return f"item-{item}"
    taken = understood["items"][item]["blocks"].pop(block)
    understood["items"][item + 1]["blocks"].insert(0, taken)
    return f"item-{item + 1}"


def _split(understood: dict[str, Any], item: int, block: int) -> str:
    """A paragraph becomes the title of a new item, which takes what follows it."""
    blocks = understood["items"][item]["blocks"]
    title = blocks[block]
    rest = blocks[block + 1 :]
    words = " ".join(part.strip() for part in _words(title["html"]).split())
    if not words:
        return f"item-{item}"
    # What does not fit into a title stays a paragraph.
    kept = [title] if len(words) > 250 or "<a " in title["html"] else []
    del blocks[block:]
    understood["items"].insert(item + 1, _new(words[:250], [*kept, *rest]))
    return f"item-{item + 1}"


def _join(understood: dict[str, Any], item: int) -> str:
    """A title becomes a paragraph again, at the end of the item before, and its text with it."""
    if item == 0:
        return "item-0"
    taken = understood["items"].pop(item)
    title = " ".join(part for part in (taken["number"], taken["written"] or taken["title"]) if part)
    blocks = understood["items"][item - 1]["blocks"]
    if title:
        html = from_marks(_escaped(title))
        blocks.append({"kind": "h3", "html": html, "level": 0, "number": "", "note": ""})
    blocks += taken["blocks"]
    return f"item-{item - 1}"


def _head(understood: dict[str, Any], line: int) -> str:
    """A line of the head becomes the title of the first item, which takes the lines after it."""
    lines = understood["head"]
    title, rest = lines[line], lines[line + 1 :]
    del lines[line:]
    blocks = [
        {
            "kind": "beside" if row["note"] else "p",
            "html": from_marks(_escaped(row["text"])),
            "level": 0,
            "number": "",
            "note": row["note"],
        }
        for row in rest
    ]
    understood["items"].insert(0, _new(title["text"][:250], blocks))
    return "item-0"


def _new(title: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"number": "", "title": title, "written": "", "agenda": True, "blocks": blocks}


def _words(html: str) -> str:
    runs = [run for block in to_blocks(f"<p>{html}</p>") for run in block.get("runs", [])]
    return " ".join("".join(" " if run.get("br") else run["text"] for run in runs).split())


def _escaped(text: str) -> str:
    return to_marks(escape(text, quote=False))


_STEPS: dict[str, Callable[..., str]] = {
    "before": _before,
    "after": _after,
    "split": _split,
    "join": _join,
    "head": _head,
}
