import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import icoca_portal.lib.days
import meetings.models.documents
import meetings.models.meetings


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0002_secretariat"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkingGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stands in the addresses of its pages.",
                        max_length=40,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "symbol",
                    models.CharField(
                        help_text="Begins the symbol of each paper: ICoCA-WG.",
                        max_length=40,
                        unique=True,
                        verbose_name="symbol",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
            ],
            options={
                "verbose_name": "working group",
                "verbose_name_plural": "working groups",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_address",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar address",
                "verbose_name_plural": "calendar addresses",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="Shown in words: 9 is the ninth exchange.", verbose_name="number"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="One line under the title.",
                        max_length=250,
                        verbose_name="what it is about",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                (
                    "mode",
                    models.CharField(
                        choices=[("in person", "In person"), ("online", "Online"), ("both", "In person and online")],
                        default="in person",
                        max_length=20,
                        verbose_name="way of meeting",
                    ),
                ),
                (
                    "date",
                    models.DateField(
                        blank=True,
                        help_text="Leave empty if the date is to be confirmed, and say so in the note.",
                        null=True,
                        verbose_name="date",
                    ),
                ),
                (
                    "starts_at",
                    models.TimeField(
                        blank=True, help_text="In the time zone of the meeting.", null=True, verbose_name="begins"
                    ),
                ),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Zurich",
                        max_length=64,
                        validators=[meetings.models.meetings.known_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "date_note",
                    models.CharField(
                        blank=True,
                        help_text="For example: before the end of the year; the date is to be confirmed.",
                        max_length=200,
                        verbose_name="note on the date",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("convened", "Convened"),
                            ("held", "Held"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("secretariat", "Secretariat and chair"),
                            ("participants", "Participants"),
                            ("public", "Public"),
                        ],
                        default="participants",
                        help_text="Attendance and follow-ups are never shown to the public.",
                        max_length=20,
                        verbose_name="readers",
                    ),
                ),
                (
                    "agenda_state",
                    models.CharField(
                        choices=[("provisional", "Provisional"), ("adopted", "Adopted")],
                        default="provisional",
                        editable=False,
                        max_length=20,
                        verbose_name="agenda",
                    ),
                ),
                (
                    "agenda_revision",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="revision of the agenda"),
                ),
                ("chair_name", models.CharField(blank=True, max_length=150, verbose_name="chair")),
                (
                    "participants_counted",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Where the record gives a number but no names.",
                        null=True,
                        verbose_name="participants who took part",
                    ),
                ),
                (
                    "heading_facts",
                    models.TextField(
                        blank=True,
                        help_text="One fact a line, as “Label: text”. Place, date, chair and attendance are added from this page.",
                        verbose_name="further title lines of the summary",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="changed"),
                ),
                (
                    "chair_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                        verbose_name="chair’s organisation",
                    ),
                ),
                (
                    "working_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="meetings.workinggroup",
                        verbose_name="working group",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["working_group__name", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("working_group", "number"), name="meeting_number_once_in_a_group"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="meeting_number_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date__isnull", False), models.Q(("date_note", ""), _negated=True), _connector="OR"
                        ),
                        name="meeting_has_a_date_or_a_note",
                        violation_error_message="Give the date, or say in the note on the date when it may be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "cancelled"]), ("date__isnull", False), _connector="OR"
                        ),
                        name="meeting_convened_has_a_date",
                        violation_error_message="A meeting that was convened keeps a date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at", None), ("date__isnull", False), _connector="OR"),
                        name="meeting_begins_on_a_date",
                        violation_error_message="An hour needs a date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            models.Q(("ends_at__gt", models.F("starts_at")), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="meeting_ends_after_it_begins",
                        violation_error_message="The meeting ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "convened", "held", "closed", "cancelled"])),
                        name="meeting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agenda_state__in", ["provisional", "adopted"])),
                        name="meeting_agenda_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["secretariat", "participants", "public"])),
                        name="meeting_readers_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["in person", "online", "both"])), name="meeting_mode_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChairsSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("circulated", "Circulated for comments"),
                            ("adopted", "Adopted"),
                            ("published", "Published"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "title_lines",
                    models.TextField(
                        blank=True,
                        help_text="One fact a line, as “Label: text”. Names may stand here.",
                        verbose_name="title lines",
                    ),
                ),
                ("circulated_at", models.DateTimeField(editable=False, null=True, verbose_name="circulated")),
                ("comments_until", models.DateTimeField(editable=False, null=True, verbose_name="comments until")),
                ("approved_at", models.DateTimeField(editable=False, null=True, verbose_name="approved")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="drafted"),
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
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summary",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "Chair’s Summary",
                "verbose_name_plural": "Chair’s Summaries",
                "ordering": ["-meeting__number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "circulated", "adopted", "published"])),
                        name="summary_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "circulated"]),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="summary_adopted_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "circulated"), _negated=True),
                            models.Q(("circulated_at__isnull", False), ("comments_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="summary_circulated_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("participant", "Montreux Document participant"),
                            ("chair", "Chair"),
                            ("executive director", "Executive Director of the Association"),
                            ("chair of the Board", "Chair of the Association’s Board"),
                            ("secretariat", "Secretariat"),
                            ("guest", "Guest"),
                        ],
                        default="participant",
                        max_length=30,
                        verbose_name="capacity",
                    ),
                ),
                ("person_name", models.CharField(blank=True, max_length=300, verbose_name="represented by")),
                ("guest_name", models.CharField(blank=True, max_length=150, verbose_name="name of a guest")),
                (
                    "guest_organisation",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation of a guest"),
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
                (
                    "delegation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="members.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendance",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delegation__isnull", False), ("guest_name", ""), ("guest_organisation", "")),
                            models.Q(
                                ("delegation", None),
                                ("person_name", ""),
                                models.Q(("guest_name", ""), ("guest_organisation", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attendance_of_a_delegation_or_a_guest",
                        violation_error_message="Choose a delegation, or name a guest or the guest’s organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "participant"), _negated=True),
                            ("delegation__isnull", False),
                            _connector="OR",
                        ),
                        name="attendance_participant_is_a_delegation",
                        violation_error_message="A participant is a delegation. Choose it, or another capacity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "capacity__in",
                                [
                                    "participant",
                                    "chair",
                                    "executive director",
                                    "chair of the Board",
                                    "secretariat",
                                    "guest",
                                ],
                            )
                        ),
                        name="attendance_capacity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["in person", "online"])), name="attendance_mode_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("delegation__isnull", False)),
                        fields=("meeting", "delegation", "capacity"),
                        name="attendance_of_a_delegation_once",
                        violation_error_message="This delegation stands in the list already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("presenter", models.CharField(blank=True, max_length=200, verbose_name="introduced by")),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Printed on the agenda, under the title.",
                        max_length=250,
                        verbose_name="note",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes")),
                (
                    "record",
                    models.TextField(
                        blank=True,
                        help_text="What was said. Read by the secretariat and the chair; the draft of the summary begins from it.",
                        verbose_name="record",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda items",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PublishedSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0: the original; 1: Corr.1.", verbose_name="number"
                    ),
                ),
                ("symbol", models.CharField(max_length=80, unique=True, verbose_name="symbol")),
                (
                    "content",
                    models.TextField(
                        help_text="Canonical JSON: sorted keys, no spaces, UTF-8.", verbose_name="sealed text"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="seal")),
                ("published_at", models.DateTimeField(verbose_name="published")),
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
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="meetings.chairssummary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "published summary",
                "verbose_name_plural": "published summaries",
                "ordering": ["summary", "number"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("summary", "number"), name="published_summary_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
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
                        ],
                        max_length=30,
                        verbose_name="what",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SummaryPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("number", models.CharField(blank=True, max_length=12, verbose_name="number")),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="meetings.chairssummary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "part",
                "verbose_name_plural": "parts",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("chair", "Chair")], default="chair", max_length=20, verbose_name="office"
                    ),
                ),
                ("valid_from", models.DateField(default=icoca_portal.lib.days.today, verbose_name="from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day without the office; empty: without end.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "working_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="meetings.workinggroup",
                        verbose_name="working group",
                    ),
                ),
            ],
            options={
                "verbose_name": "office",
                "verbose_name_plural": "offices",
                "ordering": ["working_group__name", "-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="office_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("role", "chair")), name="office_role_known"),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("user", "working_group", "role"),
                        name="office_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=250, verbose_name="what")),
                ("who", models.CharField(blank=True, max_length=120, verbose_name="who")),
                ("due", models.DateField(blank=True, null=True, verbose_name="by")),
                (
                    "due_note",
                    models.CharField(
                        blank=True,
                        help_text="Where there is no day: end of 2018.",
                        max_length=120,
                        verbose_name="note on the date",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("in progress", "In progress"), ("done", "Done")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": [models.OrderBy(models.F("due"), nulls_last=True), "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "in progress", "done"])), name="follow_up_state_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "symbol",
                    models.CharField(
                        blank=True, help_text="For example ICoCA-WG/9/2.", max_length=60, verbose_name="symbol"
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="title")),
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
                    "visibility",
                    models.CharField(
                        choices=[
                            ("secretariat", "Secretariat and chair"),
                            ("participants", "Participants"),
                            ("public", "Public"),
                        ],
                        default="participants",
                        max_length=20,
                        verbose_name="readers",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=meetings.models.documents.storage_name, verbose_name="file"
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
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["symbol", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["secretariat", "participants", "public"])),
                        name="document_readers_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("symbol", ""), _negated=True),
                        fields=("symbol", "language", "media_type"),
                        name="document_symbol_once",
                        violation_error_message="A document with this symbol, language and type is there already.",
                    ),
                ],
            },
        ),
    ]
