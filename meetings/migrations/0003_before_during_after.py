import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import meetings.models.importing


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_secretariat_and_seals"),
        ("members", "0002_secretariat"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="0: the first text; 1: Rev.1.", verbose_name="number"),
                ),
                (
                    "content",
                    models.TextField(help_text="Canonical JSON: sorted keys, no spaces, UTF-8.", verbose_name="text"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="seal")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="issued")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_revisions",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of an agenda",
                "verbose_name_plural": "texts of agendas",
                "ordering": ["meeting", "number"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="agenda_revision_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(verbose_name="decision")),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="recorded")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="removed")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["meeting", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("meeting", "Meeting"),
                            ("item", "Agenda item"),
                            ("record", "Record"),
                            ("note", "Note or intervention"),
                            ("decision", "Decision"),
                            ("summary", "Chair’s Summary"),
                            ("draft", "Draft of a summary"),
                            ("document", "Document"),
                            ("follow-up", "Follow-up"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField(verbose_name="number of the thing")),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("language", models.CharField(blank=True, max_length=8, verbose_name="language")),
                ("date", models.DateField(null=True, verbose_name="date")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the search",
                "verbose_name_plural": "entries of the search",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="entry_once")],
            },
        ),
        migrations.CreateModel(
            name="FollowUpChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in progress", "In progress"),
                            ("done", "Done"),
                            ("dropped", "No longer pursued"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="meetings.followup",
                        verbose_name="follow-up",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a follow-up",
                "verbose_name_plural": "steps of follow-ups",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="FollowUpReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DateField(verbose_name="due")),
                ("days_before", models.SmallIntegerField(verbose_name="days before")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="meetings.followup",
                        verbose_name="follow-up",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder of a follow-up",
                "verbose_name_plural": "reminders of follow-ups",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("follow_up", "due", "days_before"), name="follow_up_reminded_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reply",
                    models.CharField(
                        choices=[("none", "No reply yet"), ("attends", "Attends"), ("declines", "Does not attend")],
                        default="none",
                        max_length=20,
                        verbose_name="reply",
                    ),
                ),
                ("replied_at", models.DateTimeField(null=True, verbose_name="replied")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="note")),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="reminded")),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="members.delegation",
                        verbose_name="delegation",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="replied by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["delegation__organisation__name"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "delegation"), name="delegation_invited_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at", None), ("reply", "none")),
                            models.Q(
                                ("replied_at__isnull", False),
                                ("replied_by__isnull", False),
                                ("reply__in", ["attends", "declines"]),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_reply_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NamesAccepted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("circulated", "Before circulation"), ("published", "Before publication")],
                        max_length=20,
                        verbose_name="step",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("passages", models.JSONField(default=list, verbose_name="passages")),
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
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names_accepted",
                        to="meetings.chairssummary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "names accepted",
                "verbose_name_plural": "names accepted",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="names_accepted_for_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveIntegerField(default=0, verbose_name="order")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("question", "Question"),
                            ("comment", "Comment"),
                            ("reply", "Reply"),
                            ("proposal", "Proposal"),
                        ],
                        default="note",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "speaker",
                    models.CharField(
                        blank=True,
                        help_text="Who speaks for no delegation, or the person’s name.",
                        max_length=200,
                        verbose_name="speaker",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("version", models.PositiveIntegerField(default=1)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="noted")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="removed")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["item", "position", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "question", "comment", "reply", "proposal"])),
                        name="note_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("who", models.CharField(blank=True, max_length=400, verbose_name="who spoke")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("question", "Question"),
                            ("comment", "Comment"),
                            ("reply", "Reply"),
                            ("proposal", "Proposal"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
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
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="meetings.note",
                        verbose_name="note",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a note",
                "verbose_name_plural": "texts of notes",
                "ordering": ["note", "version"],
                "default_permissions": ("view",),
                "constraints": [models.UniqueConstraint(fields=("note", "version"), name="note_revision_once")],
            },
        ),
        migrations.CreateModel(
            name="PastSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=meetings.models.importing.import_name, verbose_name="file"
                    ),
                ),
                ("original_name", models.CharField(max_length=255, verbose_name="name of the file")),
                ("media_type", models.CharField(max_length=120, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("understood", models.JSONField(default=dict, verbose_name="understood")),
                ("version", models.PositiveIntegerField(default=1)),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded")),
                ("saved_at", models.DateTimeField(null=True, verbose_name="saved")),
                ("discarded_at", models.DateTimeField(null=True, verbose_name="given up")),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought_in",
                        to="meetings.meeting",
                        verbose_name="saved as meeting",
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
                (
                    "working_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past_summaries",
                        to="meetings.workinggroup",
                        verbose_name="working group",
                    ),
                ),
            ],
            options={
                "verbose_name": "summary of the past",
                "verbose_name_plural": "summaries of the past",
                "ordering": ["-uploaded_at"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_name", models.CharField(max_length=150, verbose_name="name")),
                ("function", models.CharField(blank=True, max_length=150, verbose_name="function")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("head", "Head of delegation"),
                            ("member", "Member of the delegation"),
                            ("adviser", "Adviser"),
                            ("interpreter", "Interpreter or assistant"),
                        ],
                        default="member",
                        max_length=20,
                        verbose_name="capacity",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("in person", "In person"), ("online", "Online")],
                        default="in person",
                        max_length=20,
                        verbose_name="present",
                    ),
                ),
                ("dietary_needs", models.CharField(blank=True, max_length=250, verbose_name="dietary needs")),
                ("access_needs", models.CharField(blank=True, max_length=250, verbose_name="access needs")),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="registered")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "ordering": ["delegation__organisation__name", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["head", "member", "adviser", "interpreter"])),
                        name="registration_capacity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["in person", "online"])), name="registration_mode_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "head"), ("withdrawn_at", None)),
                        fields=("meeting", "delegation"),
                        name="registration_one_head_of_delegation",
                        violation_error_message="The delegation has a head already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("invited", "Delegation invited"),
                            ("attends", "Reply: attends"),
                            ("declines", "Reply: does not attend"),
                            ("added", "Person registered"),
                            ("changed", "Registration changed"),
                            ("withdrawn", "Registration withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("person_name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="what changed")),
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
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registration_changes",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a registration",
                "verbose_name_plural": "changes of registrations",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SpeakerTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="order")),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for the floor"),
                ),
                ("began_at", models.DateTimeField(null=True, verbose_name="began")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                (
                    "delegation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="speaker_turns",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="speaker_turns",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "place on the speakers’ list",
                "verbose_name_plural": "speakers’ list",
                "ordering": ["position", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delegation__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="speaker_is_a_delegation_or_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("began_at__isnull", False), ("ended_at__gte", models.F("began_at"))),
                            _connector="OR",
                        ),
                        name="speaker_ends_after_beginning",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("began_at__isnull", False), ("ended_at", None)),
                        fields=("meeting",),
                        name="one_speaker_has_the_floor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="figure")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("value", models.JSONField(verbose_name="value")),
                ("sentence", models.TextField(verbose_name="sentence")),
                ("inserted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="inserted")),
                (
                    "inserted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inserted by",
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="meetings.chairssummary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure in a summary",
                "verbose_name_plural": "figures in summaries",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SummaryRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="1: the first text; 2: Rev.1.", verbose_name="number"),
                ),
                (
                    "content",
                    models.TextField(help_text="Canonical JSON of title lines and parts.", verbose_name="text"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="seal")),
                (
                    "comment_readers",
                    models.CharField(
                        choices=[
                            ("secretariat", "The secretariat, the chair and the delegation that wrote it"),
                            ("participants", "All participants"),
                        ],
                        max_length=20,
                        verbose_name="who reads comments",
                    ),
                ),
                ("circulated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="circulated")),
                ("until", models.DateTimeField(verbose_name="comments until")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open for comments"),
                            ("adopted", "Adopted by silence"),
                            ("objected", "Stopped by an objection"),
                            ("withdrawn", "Withdrawn"),
                            ("replaced", "Followed by a revised text"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="reminded")),
                (
                    "circulated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="circulated by",
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="meetings.chairssummary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "round of silence",
                "verbose_name_plural": "rounds of silence",
                "ordering": ["summary", "number"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("summary", "number"), name="summary_round_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open")), fields=("summary",), name="summary_one_round_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("circulated_at"))), name="summary_round_has_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "open")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("outcome__in", ["adopted", "objected", "withdrawn", "replaced"]),
                            ),
                            _connector="OR",
                        ),
                        name="summary_round_ended_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paragraph",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: the whole text.", null=True, verbose_name="paragraph"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("comment", "Comment"), ("proposal", "Proposed wording"), ("objection", "Objection")],
                        default="comment",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("proposed", models.TextField(blank=True, verbose_name="proposed wording")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("none", "Not answered yet"),
                            ("taken", "Taken"),
                            ("partly", "Taken in part"),
                            ("not taken", "Not taken"),
                            ("noted", "Noted"),
                        ],
                        default="none",
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                ("answer_text", models.TextField(blank=True, verbose_name="answer in words")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summary_comments",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="meetings.summaryround",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on a summary",
                "verbose_name_plural": "comments on summaries",
                "ordering": ["round", models.OrderBy(models.F("paragraph"), nulls_first=True), "made_at", "pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["comment", "proposal", "objection"])),
                        name="summary_comment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "none"), ("answered_at", None)),
                            models.Q(
                                ("answer__in", ["taken", "partly", "not taken", "noted"]),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="summary_comment_answer_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="chairssummary",
            name="summary_adopted_was_approved",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="document_symbol_once",
        ),
        migrations.RemoveConstraint(
            model_name="followup",
            name="follow_up_state_known",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="documents",
            field=models.ManyToManyField(
                blank=True, related_name="items", to="meetings.document", verbose_name="documents"
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="follow_ups",
            field=models.ManyToManyField(
                blank=True, related_name="taken_up_in", to="meetings.followup", verbose_name="follow-ups taken up"
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="is_standing",
            field=models.BooleanField(
                default=False, help_text="The next meeting takes it over.", verbose_name="standing item"
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("item", "Item"),
                    ("adoption", "Adoption of the agenda"),
                    ("summary", "Approval of the last summary"),
                    ("follow-ups", "Follow-ups of earlier meetings"),
                    ("aob", "Any other business"),
                ],
                default="item",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sub_items",
                to="meetings.agendaitem",
                verbose_name="under item",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="starts_at",
            field=models.TimeField(
                blank=True, help_text="In the time zone of the meeting.", null=True, verbose_name="at"
            ),
        ),
        migrations.AddField(
            model_name="chairssummary",
            name="adopted_by_silence",
            field=models.BooleanField(default=False, editable=False, verbose_name="adopted by silence"),
        ),
        migrations.AddField(
            model_name="chairssummary",
            name="comment_readers",
            field=models.CharField(
                choices=[
                    ("secretariat", "The secretariat, the chair and the delegation that wrote it"),
                    ("participants", "All participants"),
                ],
                default="participants",
                max_length=20,
                verbose_name="who reads comments",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="change_note",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="what changed"),
        ),
        migrations.AddField(
            model_name="document",
            name="number",
            field=models.PositiveSmallIntegerField(
                blank=True,
                editable=False,
                help_text="2 in ICoCA-WG/9/2.",
                null=True,
                verbose_name="number of the paper",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="readable_from",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then the secretariat and the chair alone read it. Empty: at once.",
                null=True,
                verbose_name="readable from",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="replaced_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="replaced"),
        ),
        migrations.AddField(
            model_name="document",
            name="replaces",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="meetings.document",
                verbose_name="replaces",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="version",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="followup",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="closed"),
        ),
        migrations.AddField(
            model_name="followup",
            name="closed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="closing_note",
            field=models.CharField(blank=True, max_length=500, verbose_name="how it ended"),
        ),
        migrations.AddField(
            model_name="followup",
            name="delegation",
            field=models.ForeignKey(
                blank=True,
                help_text="Its delegates are reminded. Empty: the secretariat is.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="members.delegation",
                verbose_name="delegation that does it",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreed",
                to="meetings.agendaitem",
                verbose_name="under item",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="meeting",
            name="calendar_changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="changed in calendars"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="calendar_sequence",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="sequence in calendars"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="has_speakers_list",
            field=models.BooleanField(
                default=False,
                help_text="The note-taker keeps the order and the time.",
                verbose_name="with a speakers’ list",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="languages",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="In which people speak or hear an interpreter.",
                verbose_name="languages",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="needs_cleared_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="dietary and access needs deleted"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="online_link",
            field=models.CharField(
                blank=True,
                help_text="Shown to participants alone, never public.",
                max_length=500,
                validators=[django.core.validators.URLValidator(schemes=["https"])],
                verbose_name="link to join online",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="online_note",
            field=models.CharField(
                blank=True,
                help_text="For example a code. Shown with the link.",
                max_length=250,
                verbose_name="how to join online",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="registration_note",
            field=models.CharField(
                blank=True,
                help_text="Shown above the form of the focal points.",
                max_length=250,
                verbose_name="note on registration",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="registration_until",
            field=models.DateTimeField(
                blank=True, help_text="Empty: until the meeting begins.", null=True, verbose_name="registration until"
            ),
        ),
        migrations.AddField(
            model_name="summarypart",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="meetings.agendaitem",
                verbose_name="agenda item",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("in progress", "In progress"),
                    ("done", "Done"),
                    ("dropped", "No longer pursued"),
                ],
                default="open",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="by",
            field=models.ForeignKey(
                help_text="Empty: the portal itself, at its hour.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="what",
            field=models.CharField(
                choices=[
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
                    ("summary objected", "Silence broken by an objection"),
                    ("summary adopted", "Summary adopted by silence"),
                    ("summary imported", "Summary of the past brought in"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["item", "adoption", "summary", "follow-ups", "aob"])),
                name="agenda_item_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="agenda_item_not_under_itself",
                violation_error_message="An item does not stand under itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="chairssummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "circulated"]),
                    models.Q(
                        ("approved_at__isnull", False),
                        models.Q(("approved_by__isnull", False), ("adopted_by_silence", True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="summary_adopted_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="chairssummary",
            constraint=models.CheckConstraint(
                condition=models.Q(("comment_readers__in", ["secretariat", "participants"])),
                name="summary_comment_readers_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("symbol", ""), _negated=True), ("replaced_at", None)),
                fields=("symbol", "language", "media_type"),
                name="document_symbol_once",
                violation_error_message="A document with this symbol, language and type is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "in progress", "done", "dropped"])),
                name="follow_up_state_known",
            ),
        ),
    ]
