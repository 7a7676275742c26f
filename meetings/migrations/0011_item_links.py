"""Links of agenda items to guidance, field-based reviews and workshops, and the secretariat's right to keep them."""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from icoca_portal.lib.access import grant_to_secretariat

PERMISSIONS = [
    *import_module("meetings.migrations.0010_first_texts").PERMISSIONS,
    *(f"{verb}_itemlink" for verb in ("add", "delete", "view")),
]


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_first_texts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("members", "0006_secretariat_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "linked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="linked"),
                ),
                (
                    "field_review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_links",
                        to="members.fieldreview",
                        verbose_name="field-based review",
                    ),
                ),
                (
                    "guidance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_links",
                        to="members.guidance",
                        verbose_name="guidance",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="linked by",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_links",
                        to="members.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of an agenda item",
                "verbose_name_plural": "links of agenda items",
                "ordering": ["item", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("field_review", None), ("guidance__isnull", False), ("workshop", None)),
                            models.Q(("field_review__isnull", False), ("guidance", None), ("workshop", None)),
                            models.Q(("field_review", None), ("guidance", None), ("workshop__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_link_to_one",
                    ),
                    models.UniqueConstraint(fields=("item", "guidance"), name="item_link_guidance_once"),
                    models.UniqueConstraint(fields=("item", "field_review"), name="item_link_field_review_once"),
                    models.UniqueConstraint(fields=("item", "workshop"), name="item_link_workshop_once"),
                ],
            },
        ),
        migrations.RunPython(grant_to_secretariat("meetings", PERMISSIONS), migrations.RunPython.noop),
    ]
