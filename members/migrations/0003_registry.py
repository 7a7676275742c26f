import django.db.models.deletion
import django.utils.timezone
import django_countries.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_secretariat"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyProfile",
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
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                ("headquarters", django_countries.fields.CountryField(max_length=2, verbose_name="headquarters")),
                (
                    "environment",
                    models.CharField(
                        choices=[("land", "On land"), ("sea", "At sea"), ("both", "On land and at sea")],
                        max_length=10,
                        verbose_name="works",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        blank=True,
                        choices=[("small", "Small"), ("medium", "Medium"), ("large", "Large")],
                        help_text="Read by the secretariat only.",
                        max_length=10,
                        verbose_name="size by revenue",
                    ),
                ),
                (
                    "works_in",
                    django_countries.fields.CountryField(
                        blank=True, max_length=800, multiple=True, verbose_name="countries of operation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="members.organisation",
                        verbose_name="company",
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
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.companyprofile",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "company profile",
                "verbose_name_plural": "company profiles",
                "ordering": ["valid_from", "organisation__name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="companyprofile_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("organisation", "valid_from"),
                        name="profile_begins_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("organisation",),
                        name="profile_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("environment__in", ["land", "sea", "both"])), name="profile_works_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__in", ["", "small", "medium", "large"])), name="profile_size_known"
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.F("organisation"),
                        models.F("valid_from"),
                        condition=models.Q(("superseded_at", None)),
                        name="profile_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalOtherName",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("former", "Former name"), ("short", "Short name"), ("other", "Other name")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="The first day without this name.", null=True, verbose_name="until"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier version of the name",
                "verbose_name_plural": "historical other names",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Membership",
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
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
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
                (
                    "category",
                    models.CharField(
                        choices=[("member", "Member"), ("affiliate", "Affiliate"), ("observer", "Observer")],
                        default="member",
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
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
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.membership",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["valid_from", "organisation__name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="membership_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("organisation", "valid_from"),
                        name="membership_begins_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("organisation",),
                        name="membership_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pillar__in", ["government", "industry", "civil society"])),
                        name="membership_pillar_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["member", "affiliate", "observer"])),
                        name="membership_category_known",
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.F("organisation"),
                        models.F("valid_from"),
                        condition=models.Q(("superseded_at", None)),
                        name="membership_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("former", "Former name"), ("short", "Short name"), ("other", "Other name")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="The first day without this name.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_names",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name",
                "verbose_name_plural": "other names",
                "ordering": ["organisation", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "name"), name="othername_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["former", "short", "other"])), name="othername_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevenueBand",
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
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[("small", "Small"), ("medium", "Medium"), ("large", "Large")],
                        max_length=10,
                        verbose_name="size",
                    ),
                ),
                ("lower", models.PositiveIntegerField(help_text="Included.", verbose_name="from, million USD")),
                (
                    "upper",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Not included; empty: without limit.",
                        null=True,
                        verbose_name="to, million USD",
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
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.revenueband",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "revenue band",
                "verbose_name_plural": "revenue bands",
                "ordering": ["valid_from", "lower"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="revenueband_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("size",),
                        name="revenueband_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__in", ["small", "medium", "large"])), name="revenueband_size_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("upper", None), ("upper__gt", models.F("lower")), _connector="OR"),
                        name="revenueband_edges_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="For example PSC.1.", max_length=30, unique=True, verbose_name="standard"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
            ],
            options={
                "verbose_name": "standard",
                "verbose_name_plural": "standards",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("membership", "Membership"), ("certification", "Certification")],
                        max_length=20,
                        verbose_name="asks for",
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
                        help_text="The pillar of the applicant.",
                        max_length=20,
                        verbose_name="pillar",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="members.organisation",
                        verbose_name="applicant",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="members.standard",
                        verbose_name="standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "membership"), ("standard", None)),
                            models.Q(("kind", "certification"), ("standard__isnull", False)),
                            _connector="OR",
                        ),
                        name="application_names_a_standard_for_certification",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pillar__in", ["government", "industry", "civil society"])),
                        name="application_pillar_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationStatus",
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
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("under review", "Under review"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statuses",
                        to="members.application",
                        verbose_name="application",
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
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.applicationstatus",
                        verbose_name="superseded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "state of an application",
                "verbose_name_plural": "states of applications",
                "ordering": ["application", "valid_from"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="applicationstatus_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("application", "valid_from"),
                        name="applicationstatus_begins_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None), ("valid_to", None)),
                        fields=("application",),
                        name="applicationstatus_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["received", "under review", "approved", "refused", "withdrawn"])
                        ),
                        name="applicationstatus_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="applicationstatus_refusal_has_a_reason",
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.F("application"),
                        models.F("valid_from"),
                        condition=models.Q(("superseded_at", None)),
                        name="applicationstatus_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
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
                    "source",
                    models.CharField(help_text="Where this is known from.", max_length=300, verbose_name="source"),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("scope", models.CharField(blank=True, max_length=300, verbose_name="scope")),
                (
                    "state",
                    models.CharField(
                        choices=[("valid", "Valid"), ("suspended", "Suspended"), ("withdrawn", "Withdrawn")],
                        default="valid",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="issued")),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        help_text="The first day on which the certificate no longer counts.",
                        null=True,
                        verbose_name="expires",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates_given",
                        to="members.organisation",
                        verbose_name="certification body",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="members.organisation",
                        verbose_name="company",
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
                    "superseded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="members.certificate",
                        verbose_name="superseded by",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="members.standard",
                        verbose_name="standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["valid_from", "organisation__name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="certificate_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("organisation", "standard", "valid_from"),
                        name="certificate_begins_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["valid", "suspended", "withdrawn"])),
                        name="certificate_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None), ("expires_on__gt", models.F("issued_on")), _connector="OR"
                        ),
                        name="certificate_expires_after_issue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__gte", models.F("issued_on"))),
                        name="certificate_holds_from_its_issue_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", models.F("body")), _negated=True),
                        name="certificate_given_by_somebody_else",
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.F("organisation"),
                        models.F("valid_from"),
                        condition=models.Q(("superseded_at", None)),
                        name="certificate_force",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="organisation",
            name="organisation_kind_known",
        ),
        migrations.AlterField(
            model_name="historicalorganisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("state", "State"),
                    ("international organisation", "International organisation"),
                    ("company", "Company"),
                    ("civil society", "Civil-society organisation"),
                    ("certification body", "Certification body"),
                    ("partner", "Other partner"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("state", "State"),
                    ("international organisation", "International organisation"),
                    ("company", "Company"),
                    ("civil society", "Civil-society organisation"),
                    ("certification body", "Certification body"),
                    ("partner", "Other partner"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "state",
                            "international organisation",
                            "company",
                            "civil society",
                            "certification body",
                            "partner",
                        ],
                    )
                ),
                name="organisation_kind_known",
            ),
        ),
    ]
