from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat
from icoca_portal.lib.sealing import SealTable

# What the secretariat holds in the administration. Answers, revisions and attachments are not in it: a draft is its
# delegation's alone, and what was submitted is read through the review pages.
SECRETARIAT = [
    "add_strategicplan",
    "change_strategicplan",
    "view_strategicplan",
    "add_objective",
    "change_objective",
    "delete_objective",
    "view_objective",
    "add_questionnaire",
    "change_questionnaire",
    "view_questionnaire",
    "add_section",
    "change_section",
    "delete_section",
    "view_section",
    "add_question",
    "change_question",
    "delete_question",
    "view_question",
    "view_edition",
    "view_response",
    "view_submission",
    "view_returnrecord",
]


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        SealTable("Submission"),
        SealTable("Edition"),
        SealTable("AnswerRevision"),
        migrations.RunPython(
            grant_to_secretariat("questionnaires", SECRETARIAT), migrations.RunPython.noop, elidable=False
        ),
    ]
