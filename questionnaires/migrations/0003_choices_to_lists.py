"""Choices and rows become lists with keys of their own, so that a label can be worded anew and keep its answers.

The texts are rewritten as JSON here and the columns change their type in the next migration: PostgreSQL changes no
table in the transaction that has just changed its rows.
"""

import json

from django.db import migrations

from questionnaires.editions import choices_of


def to_lists(apps, schema_editor):
    Question = apps.get_model("questionnaires", "Question")
    for question in Question.objects.all():
        question.choices, question.rows = (
            json.dumps(choices_of(question.choices)),
            json.dumps(choices_of(question.rows)),
        )
        question.save(update_fields=["choices", "rows"])


def to_texts(apps, schema_editor):
    Question = apps.get_model("questionnaires", "Question")
    for question in Question.objects.all():
        for name in ("choices", "rows"):
            setattr(question, name, "\n".join(choice["label"] for choice in json.loads(getattr(question, name))))
        question.save(update_fields=["choices", "rows"])


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_secretariat_and_seals")]

    operations = [migrations.RunPython(to_lists, to_texts, elidable=True)]
