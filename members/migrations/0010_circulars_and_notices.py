"""Circulars and notices, the seal of what was sent, and the secretariat's rights to them."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import icoca_portal.lib.kept_files
from icoca_portal.lib.access import grant_to_secretariat
from icoca_portal.lib.sealing import SealTable

KEPT = ("organisation", "delegation", "delegate", "user", "othername", "standard", "contact")
KEPT_OF_OUTREACH = ("guidance", "guidanceversion", "fieldreview", "workshop", "selfassessment")
KEPT_OF_CIRCULARS = ("circular", "circulartext", "circulartemplate", "templatetext")
DATED = ("participation", "directorship", "membership", "companyprofile", "certificate", "revenueband", "succession")
DATED_OF_APPLICATIONS = ("application", "applicationstatus", "requirement", "deadlinerule", "representative")
FILES = ("evidence", "guidancefile", "selfassessmentfile", "registryimport", "circularfile")

PERMISSIONS = [
    *(f"{verb}_{row}" for verb in ("add", "change", "view") for row in (*KEPT, *KEPT_OF_OUTREACH, *KEPT_OF_CIRCULARS)),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in (*DATED, *DATED_OF_APPLICATIONS, *FILES)),
    "change_check",
    "view_check",
    "view_checkstep",
    "view_circularrecipient",
    "view_circularrecord",
    "approve_circular",
    "export_circular",
]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_registry_imports"),
        ("outbox", "0004_enclosures_and_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="CircularTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "about",
                    models.CharField(
                        blank=True,
                        help_text="The kind of thing it is for; empty: for every circular.",
                        max_length=40,
                        verbose_name="about",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "template of circulars",
                "verbose_name_plural": "templates of circulars",
                "ordering": ["name"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="DeskVisit",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_visit",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="seen")),
                ("before", models.DateTimeField(null=True, verbose_name="seen before")),
            ],
            options={
                "verbose_name": "visit of the desk",
                "verbose_name_plural": "visits of the desk",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Circular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waits for approval"),
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("cancelled", "Given up"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="year")),
                ("number", models.PositiveIntegerField(editable=False, null=True, verbose_name="number")),
                ("correction", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="correction")),
                (
                    "about_kind",
                    models.CharField(blank=True, editable=False, max_length=40, verbose_name="kind of thing"),
                ),
                ("about_id", models.PositiveBigIntegerField(editable=False, null=True, verbose_name="thing")),
                ("audience", models.JSONField(blank=True, default=dict, editable=False, verbose_name="audience")),
                ("send_at", models.DateTimeField(blank=True, null=True, verbose_name="not before")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="begun"),
                ),
                ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="put to a colleague")),
                ("approved_at", models.DateTimeField(editable=False, null=True, verbose_name="approved")),
                ("released_at", models.DateTimeField(editable=False, null=True, verbose_name="put into the outbox")),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                (
                    "held_why",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="why it is held back"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="members.circular",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="put to a colleague by",
                    ),
                ),
            ],
            options={
                "verbose_name": "circular",
                "verbose_name_plural": "circulars",
                "ordering": ["-created_at", "-pk"],
                "permissions": [
                    ("approve_circular", "Can approve a circular and send it"),
                    ("export_circular", "Can export the delivery log of a circular"),
                ],
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "queued", "sent", "cancelled"])),
                        name="circular_state_known",
                    ),
                    models.UniqueConstraint(fields=("year", "number", "correction"), name="circular_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("released_at", None), ("year", None)),
                            models.Q(
                                ("number__isnull", False),
                                ("released_at__isnull", False),
                                ("state__in", ["queued", "sent"]),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="circular_numbered_when_released",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", False), ("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="circular_sent_at_when_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="circular_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects", None), models.Q(("corrects", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="circular_corrects_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularFile",
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
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                (
                    "attached",
                    models.BooleanField(
                        default=False,
                        help_text="Else the mail holds a link, for those addressed alone.",
                        verbose_name="sent with the mail",
                    ),
                ),
                (
                    "circular",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="members.circular"
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
                "verbose_name": "file of a circular",
                "verbose_name_plural": "files of circulars",
                "ordering": ["pk"],
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="CircularRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="as")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French")], max_length=8, verbose_name="language"
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened on the portal")),
                (
                    "circular",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="members.circular"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="Empty where the address is no account's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circulars",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "ordering": ["organisation__name", "name", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("circular"),
                        django.db.models.functions.text.Lower("email"),
                        name="circularrecipient_address_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("circular", "user"),
                        name="circularrecipient_person_once",
                    ),
                ],
                "indexes": [models.Index(fields=["user", "circular"], name="circularrecipient_of_person")],
            },
        ),
        migrations.CreateModel(
            name="CircularCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="copy")),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circular_copy",
                        to="outbox.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        help_text="Empty for the first copy.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent again by",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="members.circularrecipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of a circular",
                "verbose_name_plural": "copies of circulars",
                "ordering": ["recipient", "number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "number"), name="circularcopy_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="circularcopy_number_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField(help_text="Canonical JSON.", verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sealed")),
                (
                    "circular",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="record", to="members.circular"
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        help_text="Who sent it, or approved that it is sent at its hour.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sealed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "record of a circular",
                "verbose_name_plural": "records of circulars",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CircularText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French")], max_length=8, verbose_name="language"
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "circular",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="members.circular"
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a circular",
                "verbose_name_plural": "texts of circulars",
                "ordering": ["language"],
                "default_permissions": ("add", "change", "view"),
                "constraints": [models.UniqueConstraint(fields=("circular", "language"), name="circulartext_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                ("about", models.CharField(blank=True, max_length=80, verbose_name="about")),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("address", models.CharField(blank=True, max_length=400, verbose_name="address")),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="happened")),
                (
                    "how",
                    models.CharField(
                        choices=[("at_once", "At once"), ("digest", "Once a day"), ("desk", "Only on the desk")],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("told_at", models.DateTimeField(null=True, verbose_name="told")),
                ("dropped_at", models.DateTimeField(null=True, verbose_name="dropped")),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="outbox.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-happened_at", "-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["at_once", "digest", "desk"])), name="notice_how_known"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["user", "-happened_at", "-id"], name="notice_newest_of_person"),
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("how", "digest"), ("told_at", None)),
                        fields=["user", "happened_at"],
                        name="notice_waits_for_digest",
                    ),
                    models.Index(fields=["about", "kind"], name="notice_about"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "how",
                    models.CharField(
                        choices=[("at_once", "At once"), ("digest", "Once a day"), ("desk", "Only on the desk")],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notices",
                "verbose_name_plural": "choices of notices",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="noticechoice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["at_once", "digest", "desk"])), name="noticechoice_how_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French")], max_length=8, verbose_name="language"
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="members.circulartemplate"
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a template",
                "verbose_name_plural": "texts of templates",
                "ordering": ["language"],
                "default_permissions": ("add", "change", "view"),
                "constraints": [models.UniqueConstraint(fields=("template", "language"), name="templatetext_once")],
            },
        ),
        SealTable("CircularRecord"),
        migrations.RunPython(grant_to_secretariat("members", PERMISSIONS), migrations.RunPython.noop),
    ]
