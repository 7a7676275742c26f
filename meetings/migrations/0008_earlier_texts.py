"""Texts that decisions had, the item under which a note stood, what all versions of a document share, and the steps by
which a meeting is prepared."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0007_document_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="first_version",
            field=models.ForeignKey(
                editable=False,
                help_text="Empty: it is the first one itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="later_versions",
                to="meetings.document",
                verbose_name="first version",
            ),
        ),
        migrations.AddField(
            model_name="noterevision",
            name="under",
            field=models.CharField(
                blank=True,
                help_text="The item of the agenda under which it stood then.",
                max_length=250,
                verbose_name="under",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="what",
            field=models.CharField(
                choices=[
                    ("prepared", "Meeting prepared"),
                    ("convened", "Meeting convened"),
                    ("held", "Meeting held"),
                    ("closed", "Meeting closed"),
                    ("cancelled", "Meeting cancelled"),
                    ("agenda revised", "Agenda revised"),
                    ("agenda adopted", "Agenda adopted"),
                    ("document attached", "Document attached"),
                    ("summary drafted", "Summary drafted"),
                    ("summary circulated", "Summary circulated"),
                    ("summary approved", "Summary approved"),
                    ("summary reopened", "Summary opened again"),
                    ("summary published", "Summary published"),
                    ("moved", "Date or place changed"),
                    ("invited", "Delegations invited"),
                    ("document replaced", "New version of a document"),
                    ("document changed", "Document changed"),
                    ("document readers", "Readers of a document changed"),
                    ("summary objected", "Silence broken by an objection"),
                    ("summary adopted", "Summary adopted by silence"),
                    ("summary imported", "Summary of the past brought in"),
                    ("next prepared", "Next meeting prepared"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="DecisionRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="meetings.decision",
                        verbose_name="decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a decision",
                "verbose_name_plural": "texts of decisions",
                "ordering": ["decision", "version"],
                "default_permissions": ("view",),
                "constraints": [models.UniqueConstraint(fields=("decision", "version"), name="decision_revision_once")],
            },
        ),
    ]
