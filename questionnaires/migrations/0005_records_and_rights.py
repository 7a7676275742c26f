"""The pointers and rows that copy what is sealed, made for what was submitted before; and the secretariat's rights."""

import json

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat

# What the secretariat holds in the administration. Answers, revisions, attachments, notes and clearances are not in it:
# a draft is its delegation's alone, and what was submitted is read through the review pages.
SECRETARIAT = [
    *(f"{verb}_strategicplan" for verb in ("add", "change", "view")),
    *(f"{verb}_objective" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_milestone" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_plandocument" for verb in ("add", "view")),
    *(f"{verb}_questionnaire" for verb in ("add", "change", "view")),
    *(f"{verb}_section" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_question" for verb in ("add", "change", "delete", "view")),
    "view_edition",
    "view_invitation",
    "view_extension",
    "view_reminder",
    "view_response",
    "view_submission",
    "view_returnrecord",
    "view_results",
]


def copy_what_is_sealed(apps, schema_editor):
    model = apps.get_model("questionnaires", "Submission")
    answers = apps.get_model("questionnaires", "SubmittedAnswer")
    for submission in model.objects.select_related("response").order_by("number").iterator(chunk_size=200):
        response = submission.response
        response.record = submission
        response.save(update_fields=["record"])
        content = json.loads(submission.content)
        answers.objects.bulk_create(
            answers(
                submission=submission,
                question_id=question["id"],
                value=[question["answer"]] if question["kind"] == "file" else question["answer"],
                text=question["answer_text"],
            )
            for section in content["sections"]
            for question in section["questions"]
            if question["answer"] is not None
        )


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0004_together_board_results")]

    operations = [
        migrations.RunPython(copy_what_is_sealed, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(
            grant_to_secretariat("questionnaires", SECRETARIAT), migrations.RunPython.noop, elidable=False
        ),
    ]
