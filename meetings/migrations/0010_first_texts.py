"""What the rows of before have not kept: the text of each decision, the first version of each document, and the agenda
of meetings that were convened before agendas were sealed. The secretariat reads the texts of decisions.

Such an agenda is sealed as it stands, in the name of who circulated it last, so that the next Rev.n can say what it
changes. The composition is written down here as it was, because a migration does not follow what the app becomes. A
meeting that was only recorded from the past never circulated anything and stays without a sealed text.
"""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from icoca_portal.lib import sealing
from icoca_portal.lib.access import grant_to_secretariat

PERMISSIONS = [
    *import_module("meetings.migrations.0004_rights_seals_and_search").PERMISSIONS,
    "view_decisionrevision",
]
CIRCULATES = ("convened", "agenda revised", "agenda adopted")


def keep_decisions(apps: Any, schema_editor: Any) -> None:
    """The text that a decision has is the first one kept of it."""
    revision = apps.get_model("meetings", "DecisionRevision")
    kept = revision.objects.filter(decision=OuterRef("pk"))
    decisions = apps.get_model("meetings", "Decision").objects.filter(~Exists(kept))
    revision.objects.bulk_create(
        revision(decision_id=row.pk, version=row.version, text=row.text, at=row.recorded_at, by_id=row.recorded_by_id)
        for row in decisions.iterator()
    )


def name_first_versions(apps: Any, schema_editor: Any) -> None:
    """Each version names the first one; the first names none."""
    documents = apps.get_model("meetings", "Document").objects
    before = dict(documents.exclude(replaces=None).values_list("pk", "replaces"))
    for key, first in before.items():
        while first in before:
            first = before[first]
        documents.filter(pk=key).update(first_version=first)


def seal_first_agendas(apps: Any, schema_editor: Any) -> None:
    """Seal the agenda of each convened or held meeting that was convened and has no sealed text."""
    meetings, steps = apps.get_model("meetings", "Meeting"), apps.get_model("meetings", "Step")
    revision = apps.get_model("meetings", "AgendaRevision")
    sealed = revision.objects.filter(meeting=OuterRef("pk"))
    convened = steps.objects.filter(meeting=OuterRef("pk"), what="convened")
    lacking = meetings.objects.filter(
        Q(state="convened") | Q(state="held") & (Q(agenda_state="adopted") | Exists(convened)), ~Exists(sealed)
    )
    day = timezone.localdate()
    for meeting in lacking.select_related("working_group", "chair_organisation"):
        circulated = steps.objects.filter(meeting=meeting, what__in=CIRCULATES).exclude(by=None).order_by("at", "pk")
        last = circulated.last()
        if last is None or not meeting.items.exists():
            continue
        text = sealing.canonical(agenda_content(apps, meeting))
        revision.objects.create(
            meeting=meeting,
            number=meeting.agenda_revision,
            content=text,
            sha256=sealing.digest(text),
            note=f"Sealed on {day.day} {day:%B %Y}, as it stood then.",
            issued_at=last.at,
            issued_by_id=last.by_id,
        )


def agenda_content(apps: Any, meeting: Any) -> dict[str, Any]:
    """Format 1 of a sealed agenda, as it was made when this migration was written."""
    number, symbol = meeting.agenda_revision, f"{meeting.working_group.symbol}/{meeting.number}/1"
    organisation = meeting.chair_organisation.name if meeting.chair_organisation else ""
    papers, follow_ups = papers_of(apps, meeting), follow_ups_of(apps, meeting)
    return {
        "format": 1,
        "kind": "Agenda",
        "number": number,
        "symbol": f"{symbol}/Rev.{number}" if number else symbol,
        "meeting": {
            "number": meeting.number,
            "title": meeting.title,
            "date": meeting.date.isoformat() if meeting.date else "",
            "date_note": meeting.date_note,
            "starts_at": hour(meeting.starts_at),
            "ends_at": hour(meeting.ends_at),
            "time_zone": meeting.time_zone,
            "place": meeting.place,
            "mode": meeting.mode,
            "languages": list(meeting.languages),
            "chair": ", ".join(part for part in (meeting.chair_name, organisation) if part),
        },
        "items": [
            {
                "id": item.pk,
                "number": place,
                "depth": depth,
                "kind": item.kind,
                "title": item.title,
                "presenter": item.presenter,
                "note": item.note,
                "starts_at": hour(item.starts_at),
                "minutes": item.minutes,
                "documents": papers[item.pk],
                "follow_ups": follow_ups[item.pk],
            }
            for item, place, depth in numbered(meeting)
        ],
    }


def hour(given: Any) -> str:
    return given.strftime("%H:%M") if given else ""


def numbered(meeting: Any) -> list[tuple[Any, str, int]]:
    """The items in order with number and depth; any other business is the last one."""
    rows = list(meeting.items.order_by("position", "pk"))
    given = {item.pk for item in rows}
    tops = sorted((item for item in rows if item.parent_id not in given), key=lambda item: item.kind == "aob")
    found = []
    for place, top in enumerate(tops, start=1):
        found.append((top, str(place), 0))
        under = (item for item in rows if item.parent_id == top.pk)
        found += [(item, f"{place}.{below}", 1) for below, item in enumerate(under, start=1)]
    return found


def papers_of(apps: Any, meeting: Any) -> dict[int, list[dict[str, Any]]]:
    """By item the papers that participants read now: of what an item names, the newest version that they have."""
    documents = apps.get_model("meetings", "Document").objects.filter(meeting=meeting)
    now = timezone.now()
    standing = {}
    for row in documents.order_by("version"):
        if row.visibility != "secretariat" and (row.readable_from is None or row.readable_from <= now):
            standing[row.first_version_id or row.pk] = {"id": row.pk, "symbol": row.symbol, "title": row.title}
    found = defaultdict(list)
    for row in documents.filter(replaced_at=None).annotate(item=F("items")).exclude(item=None):
        if paper := standing.get(row.first_version_id or row.pk):
            found[row.item].append(paper)
    for papers in found.values():
        papers.sort(key=lambda paper: (paper["symbol"], paper["id"]))
    return found


def follow_ups_of(apps: Any, meeting: Any) -> dict[int, list[dict[str, Any]]]:
    """By item the follow-ups that it takes up."""
    rows = apps.get_model("meetings", "FollowUp").objects.filter(taken_up_in__meeting=meeting)
    found = defaultdict(list)
    for row in rows.annotate(taken_item=F("taken_up_in")):
        due = row.due.isoformat() if row.due else ""
        said = {"id": row.pk, "what": row.what, "who": row.who, "due": due, "due_note": row.due_note}
        found[row.taken_item].append(said)
    for follow_ups in found.values():
        follow_ups.sort(key=lambda row: (row["due"] or "9999", row["id"]))
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0009_values_of_registration_changes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(keep_decisions, migrations.RunPython.noop),
        migrations.RunPython(name_first_versions, migrations.RunPython.noop),
        migrations.RunPython(seal_first_agendas, migrations.RunPython.noop),
        migrations.RunPython(grant_to_secretariat("meetings", PERMISSIONS), migrations.RunPython.noop),
    ]
