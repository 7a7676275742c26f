"""Files of the registry that are brought in, the fates of their lines, and the secretariat's right to them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import icoca_portal.lib.kept_files
from icoca_portal.lib.access import grant_to_secretariat

KEPT = ("organisation", "delegation", "delegate", "user", "othername", "standard", "contact")
KEPT_OF_OUTREACH = ("guidance", "guidanceversion", "fieldreview", "workshop", "selfassessment")
DATED = ("participation", "directorship", "membership", "companyprofile", "certificate", "revenueband", "succession")
DATED_OF_APPLICATIONS = ("application", "applicationstatus", "requirement", "deadlinerule", "representative")
FILES = ("evidence", "guidancefile", "selfassessmentfile", "registryimport")

PERMISSIONS = [
    *(f"{verb}_{row}" for verb in ("add", "change", "view") for row in (*KEPT, *KEPT_OF_OUTREACH)),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in (*DATED, *DATED_OF_APPLICATIONS, *FILES)),
    "change_check",
    "view_check",
    "view_checkstep",
]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_registry_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegistryImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=icoca_portal.lib.kept_files.storage_name, verbose_name="file"
                    ),
                ),
                ("original_name", models.CharField(editable=False, max_length=255, verbose_name="name of the file")),
                ("size", models.PositiveBigIntegerField(editable=False, verbose_name="size")),
                ("media_type", models.CharField(editable=False, max_length=120, verbose_name="type")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                (
                    "uploaded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="uploaded"),
                ),
                ("holds", models.CharField(blank=True, max_length=20, verbose_name="a CSV holds")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "To be applied"), ("applied", "Applied"), ("discarded", "Given up")],
                        default="checked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="checked")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="applied or given up")),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of the registry",
                "verbose_name_plural": "imports of the registry",
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["checked", "applied", "discarded"])),
                        name="registryimport_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "applied"), _negated=True), ("refused", 0), _connector="OR"
                        ),
                        name="registryimport_all_or_nothing",
                    ),
                ],
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="ImportedLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="place")),
                ("sheet", models.CharField(max_length=20, verbose_name="sheet")),
                ("number", models.PositiveIntegerField(verbose_name="line")),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("refused", "Refused"),
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                        ],
                        max_length=10,
                        verbose_name="fate",
                    ),
                ),
                ("about", models.CharField(max_length=300, verbose_name="about")),
                ("said", models.JSONField(default=dict)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "registry_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="members.registryimport"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of an import",
                "verbose_name_plural": "lines of imports",
                "ordering": ["registry_import", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("registry_import", "position"), name="importedline_once"),
                    models.CheckConstraint(
                        condition=models.Q(("fate__in", ["refused", "new", "changed", "unchanged"])),
                        name="importedline_fate_known",
                    ),
                ],
                "default_permissions": (),
            },
        ),
        migrations.RunPython(grant_to_secretariat("members", PERMISSIONS), migrations.RunPython.noop),
    ]
