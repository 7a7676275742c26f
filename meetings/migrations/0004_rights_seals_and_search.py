"""The secretariat's rights on the new rows, the seal on circulated agendas, the index of the search, and a round for
every summary that is circulated at this moment."""

import hashlib
import json

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat
from icoca_portal.lib.fulltext import AddFullText
from icoca_portal.lib.sealing import SealTable
from meetings.texts import title_pairs

PERMISSIONS = [
    *(f"{verb}_workinggroup" for verb in ("add", "change", "view")),
    *(f"{verb}_office" for verb in ("add", "change", "view")),
    *(f"{verb}_meeting" for verb in ("add", "change", "view")),
    *(f"{verb}_agendaitem" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_attendance" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_document" for verb in ("add", "change", "view")),
    *(f"{verb}_followup" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_chairssummary" for verb in ("change", "view")),
    *(f"{verb}_summarypart" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_pastsummary" for verb in ("add", "change", "view")),
    "view_publishedsummary",
    "view_step",
    "view_agendarevision",
    "view_invitation",
    "view_registration",
    "view_registrationchange",
    "view_note",
    "view_noterevision",
    "view_speakerturn",
    "view_decision",
    "view_followupchange",
    "view_namesaccepted",
    "view_summaryfigure",
    "view_summaryround",
    "view_summarycomment",
]


def open_rounds(apps, schema_editor):
    """What is circulated was circulated as it stands: until now a change of the text needed it to be taken back."""
    rounds = apps.get_model("meetings", "SummaryRound")
    circulated = apps.get_model("meetings", "ChairsSummary").objects.filter(state="circulated")
    for summary in circulated.prefetch_related("parts"):
        content = {
            "title_lines": [list(pair) for pair in title_pairs(summary.title_lines)],
            "parts": [{"number": part.number, "title": part.title, "text": part.text} for part in summary.parts.all()],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        rounds.objects.create(
            summary=summary,
            number=1,
            content=text,
            sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            comment_readers=summary.comment_readers,
            circulated_at=summary.circulated_at,
            circulated_by_id=summary.created_by_id,
            until=summary.comments_until,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_before_during_after"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        SealTable("AgendaRevision"),
        AddFullText("Entry", "text"),
        migrations.RunPython(open_rounds, migrations.RunPython.noop),
        migrations.RunPython(grant_to_secretariat("meetings", PERMISSIONS), migrations.RunPython.noop),
    ]
