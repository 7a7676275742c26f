from django.db import migrations

from icoca_portal.lib.sealing import SealTable


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [SealTable("PublishedSummary")]
