"""What the Secretariat group may do with the registry. Nothing is deleted: rows end, accounts are closed."""

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat

PERMISSIONS = [
    "add_organisation",
    "change_organisation",
    "view_organisation",
    "add_participation",
    "view_participation",
    "add_delegation",
    "change_delegation",
    "view_delegation",
    "add_delegate",
    "change_delegate",
    "view_delegate",
    "add_directorship",
    "view_directorship",
    "add_user",
    "change_user",
    "view_user",
]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(grant_to_secretariat("members", PERMISSIONS), migrations.RunPython.noop),
    ]
