"""What the Board reads by: a number for each response that tells nothing, the edition of each submission, and search."""

import json
import random

from django.db import migrations, models

from icoca_portal.lib.fulltext import AddFullText
from icoca_portal.lib.sealing import LiftSeal, SealTable


def draw_numbers(apps, schema_editor):
    model = apps.get_model("questionnaires", "Response")
    lot = random.SystemRandom()
    by_questionnaire = {}
    for response in model.objects.exclude(record=None).order_by("pk"):
        by_questionnaire.setdefault(response.questionnaire_id, []).append(response)
    for responses in by_questionnaire.values():
        drawn = lot.sample(range(100, 1000) if len(responses) < 400 else range(10_000, 100_000), len(responses))
        for response, number in zip(responses, drawn, strict=True):
            response.neutral_number = number
            response.save(update_fields=["neutral_number"])


def copy_editions(apps, schema_editor):
    model = apps.get_model("questionnaires", "Submission")
    for submission in model.objects.iterator(chunk_size=200):
        number = json.loads(submission.content)["edition"]
        if number != 1:
            submission.edition_number = number
            submission.save(update_fields=["edition_number"])


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0005_records_and_rights")]

    operations = [
        migrations.AddField(
            "response",
            "neutral_number",
            models.PositiveIntegerField(
                editable=False,
                help_text="Drawn at the first submission; it follows neither the alphabet nor the time.",
                null=True,
                verbose_name="number for readers without names",
            ),
        ),
        LiftSeal("Submission"),
        migrations.AddField(
            "submission",
            "edition_number",
            models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="edition"),
        ),
        migrations.RunPython(draw_numbers, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(copy_editions, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "response",
            models.UniqueConstraint(fields=("questionnaire", "neutral_number"), name="response_neutral_number_once"),
        ),
        SealTable("Submission"),
        AddFullText("SubmittedAnswer", "text"),
    ]
