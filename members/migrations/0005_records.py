import django.db.models.deletion
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import icoca_portal.lib.days
import icoca_portal.lib.kept_files


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_secretariat_registry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("function", models.CharField(blank=True, max_length=150, verbose_name="function")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("telephone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French")],
                        default="en",
                        max_length=8,
                        verbose_name="preferred language",
                    ),
                ),
                ("valid_from", models.DateField(default=icoca_portal.lib.days.today, verbose_name="since")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="The first day without this contact.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "consent_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty: not asked for, or not given yet.",
                        null=True,
                        verbose_name="consent given",
                    ),
                ),
                (
                    "consent_source",
                    models.CharField(
                        blank=True,
                        help_text="A letter, a form, a message, with its date.",
                        max_length=300,
                        verbose_name="how it was given",
                    ),
                ),
                (
                    "consent_withdrawn_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="consent withdrawn"),
                ),
                ("erased_at", models.DateTimeField(editable=False, null=True, verbose_name="erased")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["organisation", "-valid_from", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="contact_ends_not_before_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent_withdrawn_on", None), ("erased_at", None)),
                            models.Q(
                                ("email", ""),
                                ("erased_at__isnull", False),
                                ("function", ""),
                                ("name", ""),
                                ("telephone", ""),
                            ),
                            _connector="OR",
                        ),
                        name="contact_erased_wholly",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="contact_has_a_name_until_erased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consent_on", None), models.Q(("consent_source", ""), _negated=True), _connector="OR"
                        ),
                        name="contact_consent_has_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day on which it no longer holds; empty: still.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("superseded_at", models.DateTimeField(editable=False, null=True, verbose_name="superseded")),
                (
                    "struck_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
                ),
                (
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("supply", "The applicant supplies what is missing"),
                            ("check", "The secretariat checks what was supplied"),
                            ("decide", "The Board decides"),
                            ("certify", "A new member company is certified"),
                            ("assess", "A self-assessment is sent"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "pillar",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("government", "Government"),
                            ("industry", "Industry"),
                            ("civil society", "Civil society"),
                        ],
                        help_text="Empty: all.",
                        max_length=20,
                        verbose_name="pillar",
                    ),
                ),
                ("length", models.PositiveSmallIntegerField(verbose_name="length")),
                (
                    "unit",
                    models.CharField(
                        choices=[("days", "days"), ("months", "months")],
                        default="days",
                        max_length=6,
                        verbose_name="unit",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="struck out by",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.deadlinerule",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of a deadline",
                "verbose_name_plural": "rules of deadlines",
                "ordering": ["step", "pillar", "valid_from"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="deadlinerule_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_because", ""),
                            models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                            _connector="OR",
                        ),
                        name="deadlinerule_struck_out_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("step", "pillar"),
                        name="deadlinerule_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["supply", "check", "decide", "certify", "assess"])),
                        name="deadlinerule_step_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pillar__in", ["", "government", "industry", "civil society"])),
                        name="deadlinerule_pillar_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["days", "months"])), name="deadlinerule_unit_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("length__gte", 1)), name="deadlinerule_takes_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country")),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                ("begins_on", models.DateField(verbose_name="begins")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "day_known",
                    models.BooleanField(
                        default=True, help_text="Else the month alone is shown.", verbose_name="the days are known"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("public_note", models.TextField(blank=True, max_length=4000, verbose_name="public note")),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "topics",
                    models.TextField(blank=True, help_text="One a line.", max_length=2000, verbose_name="topics"),
                ),
                ("meets", models.JSONField(blank=True, default=list, verbose_name="whom it meets")),
                (
                    "findings",
                    models.TextField(blank=True, help_text="Read by the secretariat only.", verbose_name="findings"),
                ),
                (
                    "organisations",
                    models.ManyToManyField(
                        blank=True,
                        related_name="field_reviews",
                        to="members.organisation",
                        verbose_name="members visited",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "field-based review",
                "verbose_name_plural": "field-based reviews",
                "ordering": ["-begins_on", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                        name="fieldreview_ends_not_before_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "held", "cancelled"])),
                        name="fieldreview_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guidance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, unique=True, verbose_name="title")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("about", models.TextField(blank=True, max_length=2000, verbose_name="what it is about")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "guidance",
                "verbose_name_plural": "guidance",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="GuidanceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(help_text="For example 1, or 2018.", max_length=40, verbose_name="version")),
                ("dated", models.DateField(help_text="The date that the document bears.", verbose_name="date")),
                (
                    "day_known",
                    models.BooleanField(
                        default=True, help_text="Else the month alone is shown.", verbose_name="the day is known"
                    ),
                ),
                ("change_note", models.CharField(blank=True, max_length=500, verbose_name="what changed")),
                ("issued_at", models.DateTimeField(editable=False, null=True, verbose_name="issued")),
                (
                    "guidance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="members.guidance",
                        verbose_name="guidance",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a guidance",
                "verbose_name_plural": "versions of a guidance",
                "ordering": ["guidance", "-dated", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("guidance", "label"), name="guidanceversion_once")],
            },
        ),
        migrations.CreateModel(
            name="GuidanceFile",
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
                ("form", models.CharField(help_text="For example Manual.", max_length=100, verbose_name="what it is")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French")],
                        default="en",
                        max_length=8,
                        verbose_name="language",
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
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="members.guidanceversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a guidance",
                "verbose_name_plural": "files of a guidance",
                "ordering": ["form", "language", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "form", "language", "media_type"), name="guidancefile_once_a_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day on which it no longer holds; empty: still.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("superseded_at", models.DateTimeField(editable=False, null=True, verbose_name="superseded")),
                (
                    "struck_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
                ),
                (
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="representatives",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="struck out by",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.representative",
                        verbose_name="superseded by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="represents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "representative",
                "verbose_name_plural": "representatives",
                "ordering": ["organisation__name", "user__name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="representative_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_because", ""),
                            models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                            _connector="OR",
                        ),
                        name="representative_struck_out_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("user", "organisation"),
                        name="representative_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day on which it no longer holds; empty: still.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("superseded_at", models.DateTimeField(editable=False, null=True, verbose_name="superseded")),
                (
                    "struck_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
                ),
                (
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "asks",
                    models.CharField(
                        choices=[("membership", "Membership"), ("certification", "Certification")],
                        max_length=20,
                        verbose_name="applications for",
                    ),
                ),
                (
                    "pillar",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("industry", "Industry"),
                            ("civil society", "Civil society"),
                        ],
                        max_length=20,
                        verbose_name="pillar",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("title", models.CharField(max_length=200, verbose_name="what is supplied")),
                (
                    "explanation",
                    models.CharField(
                        blank=True, help_text="The applicant reads it.", max_length=1000, verbose_name="explanation"
                    ),
                ),
                ("needs_file", models.BooleanField(default=True, verbose_name="with a file")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="struck out by",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.requirement",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a checklist",
                "verbose_name_plural": "checklists",
                "ordering": ["asks", "pillar", "position", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="requirement_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_because", ""),
                            models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                            _connector="OR",
                        ),
                        name="requirement_struck_out_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("asks", "pillar", "title"),
                        name="requirement_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asks__in", ["membership", "certification"])), name="requirement_asks_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pillar__in", ["government", "industry", "civil society"])),
                        name="requirement_pillar_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("supplied", "Supplied"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("waived", "Not needed"),
                        ],
                        default="missing",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="changed"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="members.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="members.requirement",
                        verbose_name="line",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the application’s checklist",
                "verbose_name_plural": "checklist of the application",
                "ordering": ["application", "requirement__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "requirement"), name="check_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["missing", "supplied", "returned", "accepted", "waived"])),
                        name="check_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("supplied", "Supplied"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("waived", "Not needed"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
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
                    "check_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="members.check",
                        verbose_name="line",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a line",
                "verbose_name_plural": "steps of a line",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["returned", "waived"]), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="checkstep_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                (
                    "check_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="members.check",
                        verbose_name="line",
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
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="for the year")),
                ("due_on", models.DateField(help_text="The last day.", verbose_name="due")),
                (
                    "requested_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="requested"),
                ),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="received")),
                ("waived_because", models.CharField(blank=True, max_length=300, verbose_name="not needed because")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_assessments",
                        to="members.organisation",
                        verbose_name="member",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
            ],
            options={
                "verbose_name": "self-assessment",
                "verbose_name_plural": "self-assessments",
                "ordering": ["-year", "organisation__name"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "year"), name="selfassessment_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("received_on", None), ("waived_because", ""), _connector="OR"),
                        name="selfassessment_received_or_waived",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfAssessmentFile",
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
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="members.selfassessment",
                        verbose_name="self-assessment",
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
                "verbose_name": "file of a self-assessment",
                "verbose_name_plural": "files of a self-assessment",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day on which it no longer holds; empty: still.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("superseded_at", models.DateTimeField(editable=False, null=True, verbose_name="superseded")),
                (
                    "struck_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
                ),
                (
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merger", "Merger"),
                            ("takeover", "Takeover"),
                            ("division", "Division"),
                            ("succession", "Succession"),
                        ],
                        default="succession",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="members.organisation",
                        verbose_name="successor",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="members.organisation",
                        verbose_name="predecessor",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="struck out by",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.succession",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "succession",
                "verbose_name_plural": "successions",
                "ordering": ["valid_from", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="succession_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_because", ""),
                            models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                            _connector="OR",
                        ),
                        name="succession_struck_out_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("organisation", "predecessor"),
                        name="succession_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", models.F("predecessor")), _negated=True),
                        name="succession_of_somebody_else",
                    ),
                    models.CheckConstraint(condition=models.Q(("valid_to", None)), name="succession_without_end"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["merger", "takeover", "division", "succession"])),
                        name="succession_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Workshop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country")),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                ("begins_on", models.DateField(verbose_name="begins")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "day_known",
                    models.BooleanField(
                        default=True, help_text="Else the month alone is shown.", verbose_name="the days are known"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("public_note", models.TextField(blank=True, max_length=4000, verbose_name="public note")),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "taking_part",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="All of them, also those not listed.",
                        null=True,
                        verbose_name="number of organisations",
                    ),
                ),
                (
                    "led_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workshops_led",
                        to="members.organisation",
                        verbose_name="led by",
                    ),
                ),
                (
                    "organisations",
                    models.ManyToManyField(
                        blank=True,
                        related_name="workshops",
                        to="members.organisation",
                        verbose_name="organisations taking part",
                    ),
                ),
                (
                    "partners",
                    models.ManyToManyField(
                        blank=True,
                        related_name="workshops_supported",
                        to="members.organisation",
                        verbose_name="partners",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "workshop",
                "verbose_name_plural": "workshops",
                "ordering": ["-begins_on", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                        name="workshop_ends_not_before_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "held", "cancelled"])), name="workshop_state_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="applicationstatus",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="applicationstatus",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="certificate",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="companyprofile",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="companyprofile",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="directorship",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="directorship",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="historicalorganisation",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="It was entered twice; what is known of it stands with the other entry.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="members.organisation",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="membership",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="It was entered twice; what is known of it stands with the other entry.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="members.organisation",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="participation",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="revenueband",
            name="struck_because",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="struck out because"),
        ),
        migrations.AddField(
            model_name="revenueband",
            name="struck_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="struck out by",
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddConstraint(
            model_name="applicationstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="applicationstatus_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="certificate_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="companyprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="companyprofile_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="directorship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="directorship_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="membership_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("merged_into", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="organisation_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="participation_struck_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="revenueband",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("struck_because", ""),
                    models.Q(("superseded_at__isnull", False), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="revenueband_struck_out_once",
            ),
        ),
    ]
