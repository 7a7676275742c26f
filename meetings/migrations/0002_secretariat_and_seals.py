"""What the Secretariat group may do with meetings, and the seal on what was published. Records stay: what may be deleted
is what a slip of the hand added to a meeting (an item, a line of the attendance, a follow-up, a part of a draft)."""

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat
from icoca_portal.lib.sealing import SealTable

PERMISSIONS = [
    "add_workinggroup",
    "change_workinggroup",
    "view_workinggroup",
    "add_office",
    "change_office",
    "view_office",
    "add_meeting",
    "change_meeting",
    "view_meeting",
    "add_agendaitem",
    "change_agendaitem",
    "delete_agendaitem",
    "view_agendaitem",
    "add_attendance",
    "change_attendance",
    "delete_attendance",
    "view_attendance",
    "add_document",
    "change_document",
    "view_document",
    "add_followup",
    "change_followup",
    "delete_followup",
    "view_followup",
    "change_chairssummary",
    "view_chairssummary",
    "add_summarypart",
    "change_summarypart",
    "delete_summarypart",
    "view_summarypart",
    "view_publishedsummary",
    "view_step",
]


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        SealTable("PublishedSummary"),
        migrations.RunPython(grant_to_secretariat("meetings", PERMISSIONS), migrations.RunPython.noop),
    ]
