"""The words of documents, and what the search filters by. The table of the search is made anew on SQLite, so its index
is lifted and laid again."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from icoca_portal.lib.fulltext import AddFullText, DropFullText

KINDS = [
    ("meeting", "Meeting"),
    ("item", "Agenda item"),
    ("working copy", "Agenda item, not circulated"),
    ("record", "Record"),
    ("note", "Note or intervention"),
    ("decision", "Decision"),
    ("summary", "Chair’s Summary"),
    ("circulated", "Summary circulated for comments"),
    ("draft", "Draft of a summary"),
    ("document", "Document"),
    ("follow-up", "Follow-up"),
]


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_rights_seals_and_search")]

    operations = [
        migrations.CreateModel(
            name="DocumentWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="meetings.document",
                        verbose_name="document",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("read", "Read"), ("no words", "Without words"), ("unreadable", "Cannot be read")],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="read")),
            ],
            options={
                "verbose_name": "words of a document",
                "verbose_name_plural": "words of documents",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(outcome__in=["read", "no words", "unreadable"]),
                        name="document_words_outcome_known",
                    )
                ],
            },
        ),
        DropFullText("Entry", "text"),
        migrations.AddField(
            "entry", "presenter", models.CharField(blank=True, max_length=200, verbose_name="introduced by")
        ),
        migrations.AddField(
            "entry", "anchor", models.CharField(blank=True, max_length=40, verbose_name="place on its page")
        ),
        migrations.AddField(
            "entry",
            "compared_at",
            models.DateTimeField(
                help_text="On the entry of a meeting: when all its texts were last compared.",
                null=True,
                verbose_name="compared",
            ),
        ),
        migrations.AlterField("entry", "kind", models.CharField(choices=KINDS, max_length=20, verbose_name="kind")),
        migrations.AddIndex("entry", models.Index(fields=["kind", "compared_at"], name="entry_compared")),
        AddFullText("Entry", "text"),
    ]
