from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0008_earlier_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="registrationchange",
            name="values",
            field=models.JSONField(blank=True, default=list, verbose_name="before and after"),
        ),
    ]
