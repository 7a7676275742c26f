"""What an applicant supplies, and what the secretariat says of it: the lines of an application's checklist.

A line moves while its application is not decided. The application is locked before its line, so that no line moves
while the review begins or the Board decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.uploads import UploadRefused
from members import application_emails as emails
from members.exceptions import AlreadyDecided, LineChangedMeanwhile, LineSettled, LinesNotSettled, NothingSupplied
from members.models import Application, ApplicationStatus, Check, CheckStep, DeadlineRule, Evidence, Requirement, User
from members.operations import dated

#: The most files that one sending brings.
MOST_FILES = 10

State = Check.State

# What is asked for


@transaction.atomic
def record_requirement(
    *,
    asks: str,
    pillar: str,
    title: str,
    valid_from: date,
    source: str,
    by: User,
    explanation: str = "",
    needs_file: bool = True,
    position: int = 0,
    valid_to: date | None = None,
) -> Requirement:
    """Record a line of the checklist of a kind of application, from a day on. A line of the same title without an end
    ends on that day; applications keep the lines that they were received with.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    own = _same_line(asks=asks, pillar=pillar, title=title)
    dated.give_way(own, on=valid_from, source=source, by=by)
    row = Requirement(
        asks=asks,
        pillar=pillar,
        title=title,
        explanation=explanation,
        needs_file=needs_file,
        position=position,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    return dated.record(row, beside=own)


@transaction.atomic
def end_requirement(row: Requirement, *, on: date, source: str, by: User) -> Requirement:
    """Ask for it no more of applications that are received from a day on. Raises AlreadyEnded, EndsBeforeItBegins."""
    return dated.end(
        row, on=on, source=source, by=by, beside=_same_line(asks=row.asks, pillar=row.pillar, title=row.title)
    )


@transaction.atomic
def correct_requirement(row: Requirement, *, by: User, **changes: Any) -> Requirement:
    """Put right any field of a line; `source` is among `changes`.

    Applications keep the wording that they were received with. Raises AlreadyEnded (superseded before), DatesOverlap,
    EndsBeforeItBegins.
    """
    named = {name: changes.get(name, getattr(row, name)) for name in ("asks", "pillar", "title")}
    return dated.supersede(row, changes, by=by, beside=_same_line(**named))


def _same_line(**named: Any) -> Any:
    return Requirement.objects.select_for_update(of=("self",)).filter(**named)


# How long a step takes


@transaction.atomic
def record_deadline_rule(
    *,
    step: str,
    length: int,
    unit: str,
    valid_from: date,
    source: str,
    by: User,
    pillar: str = "",
    valid_to: date | None = None,
) -> DeadlineRule:
    """Record how long a step takes that begins from a day on, in a pillar or (empty) in all. The rule that the step had
    ends on that day, and goes on for what began under it.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    own = _same_step(step, pillar)
    dated.give_way(own, on=valid_from, source=source, by=by)
    row = DeadlineRule(
        step=step,
        pillar=pillar,
        length=length,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    return dated.record(row, beside=own)


@transaction.atomic
def end_deadline_rule(row: DeadlineRule, *, on: date, source: str, by: User) -> DeadlineRule:
    """Set no deadline for what begins from a day on. Raises AlreadyEnded, EndsBeforeItBegins."""
    return dated.end(row, on=on, source=source, by=by, beside=_same_step(row.step, row.pillar))


@transaction.atomic
def correct_deadline_rule(row: DeadlineRule, *, by: User, **changes: Any) -> DeadlineRule:
    """Put right any field of a rule; `source` is among `changes`. Deadlines that follow from it follow the correction.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    beside = _same_step(changes.get("step", row.step), changes.get("pillar", row.pillar))
    return dated.supersede(row, changes, by=by, beside=beside)


def _same_step(step: str, pillar: str) -> Any:
    return DeadlineRule.objects.select_for_update(of=("self",)).filter(step=step, pillar=pillar)


# The checklist of an application


def write_checks(application: Application, *, received_on: date) -> list[Check]:
    """Give an application the lines that hold on the day on which it was received. For `receive_application`."""
    lines = Requirement.objects.of(asks=application.kind, pillar=application.pillar, day=received_on)
    return Check.objects.bulk_create(Check(application=application, requirement=line) for line in lines)


def refuse_open_lines(application: Application) -> None:
    """Raises LinesNotSettled, and names the lines."""
    rows = application.checks.exclude(state__in=Check.SETTLED).select_related("requirement")
    if rows:
        raise LinesNotSettled(
            ngettext(
                "A line of the checklist is not settled: %(lines)s. Accept it, or say why it is not needed.",
                "Lines of the checklist are not settled: %(lines)s. Accept them, or say why they are not needed.",
                len(rows),
            )
            % {"lines": "; ".join(f"“{row.requirement.title}” ({row.get_state_display()})" for row in rows)}
        )


@dataclass(frozen=True)
class Supplied:
    """What came of sending: the line, the files that it was given, and those not taken, each with the reason."""

    check: Check
    files: list[Evidence]
    refused: list[tuple[str, str]]


@transaction.atomic
def supply_evidence(check: Check, *, uploads: Collection[UploadedFile] = (), note: str = "", by: User) -> Supplied:
    """Give a line files, words, or both; the secretariat then checks it. Every file that can be taken is taken.

    Files commute, so no version is named: what a colleague sent meanwhile stays, and a file that the line has already
    is not stored twice. Raises NothingSupplied (neither file nor words, or no file for a line that needs its first),
    UploadRefused (of several files none can be taken), AlreadyDecided and LineSettled, which name the files.
    """
    taken, refused = _look_into(uploads)  # before the lock: reading 20 MB takes its time
    note = note.strip()
    line = _lock(check, refused=lambda: _not_taken([upload.name or "" for upload in uploads]))
    if line.state in Check.SETTLED:
        raise LineSettled(
            _("“%(line)s” is settled since %(day)s and takes nothing more. %(files)s").strip()
            % {"line": line, "day": _day_of(line), "files": _not_taken([upload.name or "" for upload in uploads])}
        )
    if refused and not taken:
        raise UploadRefused(" ".join(f"{name}: {sentence}" for name, sentence in refused))
    there = {(file.sha256, file.original_name) for file in line.evidence.all()}
    if not taken and (not note or (line.requirement.needs_file and not there)):
        raise NothingSupplied(
            _("Choose a file.") if line.requirement.needs_file and not there else _("Choose a file, or write a note.")
        )
    new = [values for values in taken if (values["sha256"], values["original_name"]) not in there]
    if not new and line.state == State.SUPPLIED and not _is_new_note(line, note):
        return Supplied(line, [], refused)  # a second press of the button
    moment = timezone.now()
    files = [Evidence.objects.create(check_line=line, uploaded_at=moment, uploaded_by=by, **values) for values in new]
    _move(line, State.SUPPLIED, note=note, by=by)
    return Supplied(line, files, refused)


def _look_into(uploads: Collection[UploadedFile]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The columns of the files that can be taken, each once; the names of the others, with the reason."""
    taken: dict[tuple[str, str], dict[str, Any]] = {}
    refused = []
    for number, upload in enumerate(uploads):
        try:
            if number >= MOST_FILES:
                raise UploadRefused(
                    _("At most %(most)d files are taken at a time. Send it after the others.") % {"most": MOST_FILES}
                )
            values = Evidence.values_of(upload)
        except UploadRefused as refusal:
            refused.append((upload.name or "", str(refusal)))
        else:
            taken[values["sha256"], values["original_name"]] = values
    return list(taken.values()), refused


def _is_new_note(line: Check, note: str) -> bool:
    last = line.steps.last()
    return bool(note) and (last is None or last.note != note)


def _not_taken(names: list[str]) -> str:
    """Which files a refusal leaves where they are."""
    if not names:
        return ""
    return ngettext("This file was not taken: %(names)s.", "These files were not taken: %(names)s.", len(names)) % {
        "names": ", ".join(names)
    }


@transaction.atomic
def accept_check(check: Check, *, version: int, by: User, note: str = "") -> Check:
    """Say that a line is in order. One that needs no file may be accepted before anything was supplied.

    Raises LineChangedMeanwhile, LineSettled, NothingSupplied, AlreadyDecided.
    """
    line = _lock(check, version=version)
    _refuse_settled(line)
    if line.state != State.SUPPLIED and line.requirement.needs_file:
        raise NothingSupplied(_("Nothing was supplied for “%(line)s” that could be accepted.") % {"line": line})
    return _move(line, State.ACCEPTED, note=note, by=by)


@transaction.atomic
def return_check(check: Check, *, reason: str, version: int, by: User) -> Check:
    """Send a line back to the applicant, with what is missing or wrong; their representatives are told.

    Raises LineChangedMeanwhile, LineSettled, NothingSupplied, AlreadyDecided.
    """
    line = _lock(check, version=version)
    _refuse_settled(line)
    if line.state != State.SUPPLIED:
        raise NothingSupplied(_("“%(line)s” is with the applicant already.") % {"line": line})
    _move(line, State.RETURNED, note=reason, by=by)
    emails.queue_lines_returned(line.application)
    return line


@transaction.atomic
def waive_check(check: Check, *, reason: str, version: int, by: User) -> Check:
    """Say that, and why, a line is not needed of this applicant. Raises LineChangedMeanwhile, LineSettled,
    AlreadyDecided."""
    line = _lock(check, version=version)
    _refuse_settled(line)
    return _move(line, State.WAIVED, note=reason, by=by)


@transaction.atomic
def reopen_check(check: Check, *, version: int, by: User, note: str = "") -> Check:
    """Open a settled line again: it waits for the secretariat if something was supplied, else for the applicant.

    Raises LineChangedMeanwhile, LineSettled (it is open), AlreadyDecided.
    """
    line = _lock(check, version=version)
    if line.state not in Check.SETTLED:
        raise LineSettled(_("“%(line)s” is open already.") % {"line": line})
    return _move(line, State.SUPPLIED if line.evidence.exists() else State.MISSING, note=note, by=by)


def _lock(check: Check, *, version: int | None = None, refused: Callable[[], str] = str) -> Check:
    """The stored line of an application that nobody decided, locked. `refused` adds to the refusal."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=check.application_id)
    line: Check = (
        Check.objects.select_for_update(of=("self",))
        .select_related("application__organisation", "application__standard", "requirement")
        .get(pk=check.pk)
    )
    status = ApplicationStatus.objects.current().get(application=application)
    if not status.is_open:
        raise AlreadyDecided(
            _("The application is no longer open (%(state)s on %(day)s).")
            % {"state": status.get_state_display(), "day": date_format(status.valid_from)}
            + f" {refused()}".rstrip()
        )
    if version is not None and line.version != version:
        last = line.steps.select_related("by").last()
        raise LineChangedMeanwhile(
            _("“%(line)s” changed meanwhile: %(state)s, %(name)s, %(day)s. Read what is there before you go on.")
            % {"line": line, "state": line.get_state_display(), "name": last.by if last else "–", "day": _day_of(line)}
        )
    return line


def _refuse_settled(line: Check) -> None:
    if line.state in Check.SETTLED:
        raise LineSettled(_("“%(line)s” is settled already. Open it again first.") % {"line": line})


def _day_of(line: Check) -> str:
    return date_format(timezone.localtime(line.changed_at))


def _move(line: Check, state: str, *, note: str, by: User) -> Check:
    line.state, line.changed_at = state, timezone.now()
    line.version += 1
    line.save(update_fields=["state", "changed_at", "version"])
    CheckStep.objects.create(check_line=line, state=state, note=note, at=line.changed_at, by=by)
    return line
