import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import questionnaires.models.responses


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0002_secretariat"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="StrategicPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address")),
                ("summary", models.TextField(blank=True, verbose_name="what it is")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "strategic plan",
                "verbose_name_plural": "strategic plans",
                "ordering": ["-slug"],
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(blank=True, verbose_name="what it means")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="questionnaires.strategicplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective",
                "verbose_name_plural": "objectives",
                "ordering": ["plan", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="objective_number_once_a_plan")
                ],
            },
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stands in the page’s address.", max_length=60, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Begins the reference numbers, for example SP2018.",
                        max_length=12,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z0-9]+$", "Capital letters and figures only.")
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True, help_text="What this is, and why it is asked.", verbose_name="introduction"
                    ),
                ),
                (
                    "deadline",
                    models.DateTimeField(help_text="Answers are taken until this second.", verbose_name="deadline"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("open", "Open"), ("closed", "Closed")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, null=True, verbose_name="opened")),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="closed")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questionnaires",
                        to="questionnaires.strategicplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "questionnaire",
                "verbose_name_plural": "questionnaires",
                "ordering": ["-deadline"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "open", "closed"])), name="questionnaire_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("opened_at__isnull", False), _connector="OR"),
                        name="questionnaire_open_since_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "content",
                    models.TextField(help_text="Canonical JSON; see questionnaires.editions.", verbose_name="content"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="seal")),
                ("frozen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="frozen")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="frozen by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["questionnaire", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("questionnaire", "number"), name="edition_number_once_a_questionnaire"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("submitted", "Submitted"), ("returned", "Returned")],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="started"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="last worked on"
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="questionnaires.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "response",
                "verbose_name_plural": "responses",
                "ordering": ["questionnaire", "delegation__organisation__name"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "delegation"), name="response_one_a_delegation"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                        name="response_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["questionnaire", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("short_text", "Short text"),
                            ("long_text", "Long text"),
                            ("yes_no", "Yes or no"),
                            ("single", "One choice"),
                            ("multiple", "Several choices"),
                            ("scale", "Scale from 1 to 5"),
                            ("number", "Number"),
                            ("date", "Date"),
                            ("ranking", "Ranking"),
                            ("matrix", "Matrix"),
                            ("file", "File"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="question")),
                (
                    "help_text",
                    models.CharField(
                        blank=True, help_text="One line below the question.", max_length=500, verbose_name="help"
                    ),
                ),
                ("required", models.BooleanField(default=False, verbose_name="required")),
                (
                    "choices",
                    models.TextField(
                        blank=True,
                        help_text="One a line: the choices, what is ranked, or the columns of a matrix.",
                        verbose_name="choices",
                    ),
                ),
                (
                    "rows",
                    models.TextField(blank=True, help_text="One a line: the rows of a matrix.", verbose_name="rows"),
                ),
                (
                    "has_other",
                    models.BooleanField(
                        default=False, help_text="Adds a last choice with a text.", verbose_name="with “other”"
                    ),
                ),
                ("low_label", models.CharField(blank=True, max_length=60, verbose_name="1 means")),
                ("high_label", models.CharField(blank=True, max_length=60, verbose_name="5 means")),
                ("word_limit", models.PositiveIntegerField(blank=True, null=True, verbose_name="words at most")),
                (
                    "minimum",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="smallest number"
                    ),
                ),
                (
                    "maximum",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="largest number"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        help_text="Stands behind the number, for example CHF.",
                        max_length=40,
                        verbose_name="unit",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the section’s.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="questionnaires.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["section", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "short_text",
                                    "long_text",
                                    "yes_no",
                                    "single",
                                    "multiple",
                                    "scale",
                                    "number",
                                    "date",
                                    "ranking",
                                    "matrix",
                                    "file",
                                ],
                            )
                        ),
                        name="question_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum", None), ("maximum", None), ("maximum__gte", models.F("minimum")), _connector="OR"
                        ),
                        name="question_largest_not_below_smallest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=questionnaires.models.responses.attachment_path, verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("attached_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="attached")),
                (
                    "attached_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="attached by",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "value",
                    models.JSONField(
                        help_text="Shape by kind; null: blank. See questionnaires.kinds.",
                        null=True,
                        verbose_name="value",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="saved")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "constraints": [
                    models.UniqueConstraint(fields=("response", "question"), name="answer_one_a_question"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="answer_version_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference number")),
                (
                    "content",
                    models.TextField(
                        help_text="Canonical JSON of questions and answers; this text is sealed.",
                        verbose_name="content",
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="seal")),
                ("submitted_at", models.DateTimeField(verbose_name="submitted")),
                ("submitted_by_name", models.CharField(max_length=150, verbose_name="name of who submitted")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "ordering": ["-submitted_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("response", "number"), name="submission_number_once_a_response"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="submission_number_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="reason")),
                ("returned_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="returned")),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="returned by",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_record",
                        to="questionnaires.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "return",
                "verbose_name_plural": "returns",
                "ordering": ["-returned_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="return_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="remark")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="questionnaires.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "remark",
                "verbose_name_plural": "remarks",
                "ordering": ["written_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="remark_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("value", models.JSONField(null=True, verbose_name="value")),
                ("saved_at", models.DateTimeField(verbose_name="saved")),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="questionnaires.answer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier text of an answer",
                "verbose_name_plural": "earlier texts of answers",
                "ordering": ["answer", "version"],
                "constraints": [models.UniqueConstraint(fields=("answer", "version"), name="answer_revision_once")],
            },
        ),
    ]
