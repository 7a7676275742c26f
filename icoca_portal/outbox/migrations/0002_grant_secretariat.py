"""The secretariat reads the delivery log and decides on what got stuck; nobody writes in it."""

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(
            grant_to_secretariat("outbox", ["view_message", "retry_message", "settle_message"]),
            migrations.RunPython.noop,
            elidable=False,
        ),
    ]
