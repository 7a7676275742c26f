"""Who last wrote a circular: with two pairs of eyes, they do not approve it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0010_circulars_and_notices")]

    operations = [
        migrations.AddField(
            model_name="circular",
            name="written_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="last written"),
        ),
        migrations.AddField(
            model_name="circular",
            name="written_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last written by",
            ),
        ),
    ]
