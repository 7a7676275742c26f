"""Why the secretariat showed a quotation that was held back: kept with the results, and sealed like them."""

from django.db import migrations, models

from icoca_portal.lib.sealing import LiftSeal, SealTable


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0007_deadline_moved")]

    operations = [
        LiftSeal("Results"),
        migrations.AddField(
            model_name="results",
            name="released",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Those that were held back and are shown all the same, each with its question and its words.",
                verbose_name="quotations released",
            ),
        ),
        migrations.AddField(
            model_name="results",
            name="release_reason",
            field=models.TextField(blank=True, default="", verbose_name="why they were released"),
            preserve_default=False,
        ),
        SealTable("Results"),
    ]
