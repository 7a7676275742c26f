"""The sequence in calendars stands on its own, and begins where the version of the row was: no calendar that has a
meeting already sees a lower one."""

from django.db import migrations, models
from django.db.models import F


def go_on_from_the_version(apps, schema_editor):
    apps.get_model("meetings", "Meeting").objects.filter(calendar_sequence__lt=F("version") - 1).update(
        calendar_sequence=F("version") - 1, calendar_changed_at=F("changed_at")
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_words_of_documents")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="calendar_was",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="The day and hours before the date was open.",
                verbose_name="last in calendars",
            ),
        ),
        migrations.RunPython(go_on_from_the_version, migrations.RunPython.noop),
    ]
