import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import icoca_portal.lib.sealing
import questionnaires.models.design
import questionnaires.models.plans


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_secretariat_and_seals"),
        ("members", "0002_secretariat"),
        ("members", "__first__"),
        ("questionnaires", "0003_choices_to_lists"),
    ]

    operations = [
        icoca_portal.lib.sealing.LiftSeal(
            model_name="Edition",
        ),
        icoca_portal.lib.sealing.LiftSeal(
            model_name="AnswerRevision",
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="assigned")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.section",
                        verbose_name="section",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["section__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("response", "section", "user"),
                        name="assignment_once_a_section",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("cleared", "Cleared"),
                            ("declined", "Not cleared"),
                            ("lapsed", "Lapsed: an answer was changed"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("cleared_by_name", models.CharField(blank=True, max_length=150, verbose_name="cleared by")),
                ("cleared_on", models.DateField(null=True, verbose_name="cleared on")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="recorded")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked of",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
            ],
            options={
                "verbose_name": "clearance",
                "verbose_name_plural": "clearances",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["asked", "cleared", "declined", "lapsed"])),
                        name="clearance_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "cleared"), _negated=True),
                            models.Q(models.Q(("cleared_by_name", ""), _negated=True), ("cleared_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="clearance_says_by_whom_and_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome__in", ["asked", "cleared"])),
                        fields=("response",),
                        name="clearance_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="conclusion")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="questionnaires.objective",
                        verbose_name="objective",
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
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
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
            ],
            options={
                "verbose_name": "conclusion",
                "verbose_name_plural": "conclusions",
                "ordering": ["questionnaire", "objective__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "objective"), name="conclusion_once_an_objective"),
                    models.UniqueConstraint(
                        condition=models.Q(("objective", None)),
                        fields=("questionnaire",),
                        name="conclusion_once_on_the_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        blank=True,
                        help_text="For example: session of the Board, Geneva.",
                        max_length=200,
                        verbose_name="occasion",
                    ),
                ),
                ("date", models.DateField(blank=True, null=True, verbose_name="day")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discussions",
                        to="questionnaires.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discussions",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
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
                "verbose_name": "discussion",
                "verbose_name_plural": "discussions",
                "ordering": ["-date", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("meeting__isnull", False), models.Q(("occasion", ""), _negated=True), _connector="OR"
                        ),
                        name="discussion_was_somewhere",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField(help_text="Answers are taken until this second.", verbose_name="until")),
                ("reason", models.TextField(verbose_name="reason")),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="granted")),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="granted by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ["-granted_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guests",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "guest",
                "verbose_name_plural": "guests",
                "ordering": ["user__name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("response", "user"), name="guest_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalConclusion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="conclusion")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
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
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="questionnaires.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier version of the conclusion",
                "verbose_name_plural": "historical conclusions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["questionnaire", "delegation__organisation__name"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "delegation"), name="invitation_one_a_delegation")
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("date", models.DateField(blank=True, null=True, verbose_name="day")),
                (
                    "date_note",
                    models.CharField(
                        blank=True,
                        help_text="Where the day is not known: “in May 2018”.",
                        max_length=120,
                        verbose_name="day in words",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("is_done", models.BooleanField(default=False, verbose_name="done")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="questionnaires.strategicplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["plan", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date__isnull", False), models.Q(("date_note", ""), _negated=True), _connector="OR"
                        ),
                        name="milestone_has_a_day_or_says_when",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="note")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
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
                        related_name="notes",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["written_at", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_says_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("is_final", models.BooleanField(default=False, verbose_name="final")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=questionnaires.models.plans.plan_document_path, verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="published")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="questionnaires.strategicplan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of the plan",
                "verbose_name_plural": "documents of the plan",
                "ordering": ["-published_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="seen")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presences",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.section",
                        verbose_name="section",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presences",
                "constraints": [models.UniqueConstraint(fields=("response", "section", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deadline", models.DateTimeField(verbose_name="deadline")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="days before")),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="queued")),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-queued_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("days__isnull", False)),
                        fields=("questionnaire", "user", "deadline", "days"),
                        name="reminder_once_a_day_before",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Results",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content",
                    models.TextField(help_text="Canonical JSON; see questionnaires.results.", verbose_name="content"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="seal")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="published")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "questionnaire",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "results",
                "verbose_name_plural": "results",
            },
        ),
        migrations.CreateModel(
            name="ReviewVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(null=True, verbose_name="since")),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="seen")),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "constraints": [models.UniqueConstraint(fields=("user", "questionnaire"), name="review_visit_once")],
            },
        ),
        migrations.CreateModel(
            name="SubmittedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.JSONField(null=True, verbose_name="value")),
                ("text", models.TextField(blank=True, verbose_name="as a reader sees it")),
                (
                    "quote",
                    models.CharField(
                        choices=[
                            ("none", "Do not quote"),
                            ("unnamed", "Quote without our name"),
                            ("named", "Quote with our name"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="quotation",
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
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="questionnaires.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "submitted answer",
                "verbose_name_plural": "submitted answers",
                "constraints": [
                    models.UniqueConstraint(fields=("question", "submission"), name="submitted_answer_one_a_question")
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="theme")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to="questionnaires.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "name"), name="theme_name_once_a_questionnaire"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="theme_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField(verbose_name="from")),
                ("end", models.PositiveIntegerField(verbose_name="to")),
                ("text", models.TextField(verbose_name="passage")),
                ("tagged_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="tagged")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="removed")),
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
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="removed by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="questionnaires.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "tagged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tagged by",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="questionnaires.theme",
                        verbose_name="theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
                "ordering": ["theme", "submission", "question", "start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="passage_ends_after_it_begins"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("theme", "submission", "question", "start", "end"),
                        name="passage_tagged_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WordUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("content", models.JSONField(verbose_name="what was read")),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="word_uploads",
                        to="questionnaires.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded Word file",
                "verbose_name_plural": "uploaded Word files",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="questionnaire",
            name="questionnaire_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="response",
            name="response_state_known",
        ),
        migrations.AddField(
            model_name="answer",
            name="files",
            field=models.JSONField(blank=True, default=list, verbose_name="files"),
        ),
        migrations.AddField(
            model_name="answer",
            name="prefilled_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="questionnaires.submission",
                verbose_name="taken from",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="quote",
            field=models.CharField(
                choices=[
                    ("none", "Do not quote"),
                    ("unnamed", "Quote without our name"),
                    ("named", "Quote with our name"),
                ],
                default="none",
                max_length=10,
                verbose_name="quotation",
            ),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="files",
            field=models.JSONField(blank=True, default=list, verbose_name="files"),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="origin",
            field=models.CharField(
                choices=[
                    ("typed", "Typed"),
                    ("restored", "Restored"),
                    ("prefilled", "Taken from an earlier response"),
                    ("uploaded", "Read from a Word file"),
                    ("files", "Files changed"),
                ],
                default="typed",
                max_length=12,
                verbose_name="origin",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="note",
            field=models.TextField(blank=True, verbose_name="what changed, and why"),
        ),
        migrations.AddField(
            model_name="question",
            name="columns",
            field=models.JSONField(blank=True, default=list, verbose_name="columns"),
        ),
        migrations.AddField(
            model_name="question",
            name="condition",
            field=models.JSONField(blank=True, null=True, verbose_name="ask only if"),
        ),
        migrations.AddField(
            model_name="question",
            name="copied_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="questionnaires.question",
                verbose_name="copied from",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="max_choices",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="choices at most"),
        ),
        migrations.AddField(
            model_name="question",
            name="max_rows",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rows at most"),
        ),
        migrations.AddField(
            model_name="question",
            name="min_choices",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="choices at least"),
        ),
        migrations.AddField(
            model_name="question",
            name="removed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="removed"),
        ),
        migrations.AddField(
            model_name="question",
            name="takes_files",
            field=models.BooleanField(
                default=False, help_text="Delegations may attach files to their answer.", verbose_name="with files"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="translations",
            field=models.JSONField(blank=True, default=dict, verbose_name="other languages"),
        ),
        migrations.AddField(
            model_name="question",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="attribution",
            field=models.CharField(
                choices=[
                    ("named", "With the name of the delegation"),
                    ("unnamed", "Without the name of the delegation"),
                ],
                default="named",
                max_length=10,
                verbose_name="the Board reads them",
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="audience",
            field=models.CharField(
                choices=[("all", "All participants"), ("chosen", "Chosen delegations")],
                default="all",
                max_length=10,
                verbose_name="put to",
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="read_from",
            field=models.CharField(
                choices=[
                    ("submission", "As soon as a response is submitted"),
                    ("closing", "After the questionnaire has closed"),
                ],
                default="submission",
                max_length=12,
                verbose_name="the Board reads responses",
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="reminder_days",
            field=models.JSONField(
                blank=True,
                default=questionnaires.models.design.default_reminder_days,
                help_text="So many days before the deadline the missing are reminded.",
                verbose_name="reminders",
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="threshold",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="Published results show no figure that stands for fewer delegations than this.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)],
                verbose_name="smallest number shown in results",
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="translations",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="By language: title and introduction.",
                verbose_name="other languages",
            ),
        ),
        migrations.AddField(
            model_name="remark",
            name="answers",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="questionnaires.remark",
                verbose_name="answers to",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="edition_read",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="0: the first one answered.",
                verbose_name="edition whose changes were read",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="record",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="questionnaires.submission",
                verbose_name="on record",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="requires_clearance",
            field=models.BooleanField(default=False, editable=False, verbose_name="needs clearance"),
        ),
        migrations.AddField(
            model_name="section",
            name="removed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="removed"),
        ),
        migrations.AddField(
            model_name="section",
            name="translations",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="By language: title and introduction.",
                verbose_name="other languages",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="choices",
            field=models.JSONField(blank=True, default=list, verbose_name="choices"),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
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
                    ("file", "Files"),
                    ("table", "Table"),
                    ("email", "E-mail address"),
                    ("url", "Web address"),
                    ("country", "Country"),
                    ("confirmation", "Confirmation"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="rows",
            field=models.JSONField(blank=True, default=list, verbose_name="rows"),
        ),
        migrations.AlterField(
            model_name="questionnaire",
            name="slug",
            field=models.SlugField(
                help_text="Stands in the page’s address.",
                max_length=60,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^plans$", "This address is taken by the plans.", inverse_match=True
                    )
                ],
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="questionnaire",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("open", "Open"),
                    ("closed", "Closed"),
                    ("published", "Results published"),
                ],
                default="draft",
                editable=False,
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("cleared", "Cleared"),
                    ("submitted", "Submitted"),
                    ("returned", "Returned"),
                ],
                default="draft",
                editable=False,
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("quote__in", ["none", "unnamed", "named"])), name="answer_quote_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["typed", "restored", "prefilled", "uploaded", "files"])),
                name="answer_revision_origin_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
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
                            "table",
                            "email",
                            "url",
                            "country",
                            "confirmation",
                        ],
                    )
                ),
                name="question_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_choices", None),
                    ("max_choices", None),
                    ("max_choices__gte", models.F("min_choices")),
                    _connector="OR",
                ),
                name="question_most_choices_not_below_fewest",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "open", "closed", "published"])),
                name="questionnaire_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "open"]), ("closed_at__isnull", False), _connector="OR"),
                name="questionnaire_closed_since_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["all", "chosen"])), name="questionnaire_audience_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("read_from__in", ["submission", "closing"])), name="questionnaire_read_from_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("attribution__in", ["named", "unnamed"])), name="questionnaire_attribution_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("threshold__gte", 1)), name="questionnaire_threshold_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "cleared", "submitted", "returned"])),
                name="response_state_known",
            ),
        ),
        icoca_portal.lib.sealing.SealTable(
            model_name="Edition",
        ),
        icoca_portal.lib.sealing.SealTable(
            model_name="AnswerRevision",
        ),
        icoca_portal.lib.sealing.SealTable(
            model_name="Extension",
        ),
        icoca_portal.lib.sealing.SealTable(
            model_name="Results",
        ),
    ]
