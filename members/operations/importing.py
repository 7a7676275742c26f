"""A file of the registry is brought in: checked, with nothing written, then applied as a whole, or given up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.exports import CSV, XLSX
from icoca_portal.lib.richtext import printable
from members.exceptions import ImportRefused, ImportSettled, RegistryChangedMeanwhile
from members.importing import Plan, PlannedLine, plan, read
from members.importing.columns import head
from members.models import CompanyProfile, ImportedLine, Organisation, OtherName, RegistryImport, User
from members.operations import batches

State, Fate = RegistryImport.State, ImportedLine.Fate

#: Lines stored, and organisations locked, by one statement.
AT_ONCE = 900


def upload_registry_file(upload: UploadedFile, *, source: str, by: User, holds: str = "") -> RegistryImport:
    """Keep a file, and work out the fate of each of its lines. The registry stays as it is.

    `source` is where new records and corrections are known from that do not say so; `holds` what a CSV holds. The same
    file sent again while the first is not settled is the first, checked again. Raises FileNotRead.
    """
    content = upload.read()
    planned = plan(read(content, holds=holds), source=source)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        same = RegistryImport.objects.open().filter(sha256=sha256, source=source, holds=holds)
        row = same.select_for_update(of=("self",)).first()
        if row is None:
            name = _name_of(upload)
            row = RegistryImport(
                original_name=name,
                size=len(content),
                media_type=XLSX if content.startswith(b"PK") else CSV,
                sha256=sha256,
                uploaded_by=by,
                holds=holds,
                source=source,
            )
            row.file.save(name, ContentFile(content), save=False)
            try:
                _show(row, planned)
            except Exception:
                row.file.delete(save=False)
                raise
        else:
            _show(row, planned)
    return row


def _name_of(upload: UploadedFile) -> str:
    name = (upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in printable(name) if letter.isprintable())[:200] or "registry"


def check_registry_import(row: RegistryImport, *, by: User) -> RegistryImport:
    """Work out the fates again, from what the registry holds now. Raises ImportSettled."""
    planned = _plan(row)
    with transaction.atomic():
        row = _locked(row)
        _show(row, planned)
    return row


def import_registry(row: RegistryImport, *, shown: str, by: User) -> RegistryImport:
    """Write what the dry run showed whose fingerprint is `shown`: all of it, or nothing.

    The fates are worked out again once the organisations are locked. If they are others than those shown, nothing is
    written, and the import carries the new ones. Raises RegistryChangedMeanwhile, ImportSettled, ImportRefused (a line
    is refused).
    """
    tables = _read(row)
    try:
        with transaction.atomic():
            row = _locked(row)
            # Whom the lines are about, as shown; under the lock it is worked out again.
            organisations = sorted(set(row.lines.exclude(organisation=None).values_list("organisation", flat=True)))
            for start in range(0, len(organisations), AT_ONCE):
                chunk = organisations[start : start + AT_ONCE]
                list(Organisation.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))
            planned = plan(tables, source=row.source)
            if planned.fingerprint != shown or planned.organisations != organisations:
                raise _Changed
            if planned.count(Fate.REFUSED):
                raise ImportRefused(_("A line of the file is refused. Mend the file, and send it again."))
            _write(row, planned, by)
    except (_Changed, IntegrityError) as error:
        # Somebody wrote meanwhile; what a constraint refused, the new check names.
        check_registry_import(row, by=by)
        raise RegistryChangedMeanwhile(
            _("The registry has changed since the file was checked. Nothing was written. This is what it would do now.")
        ) from error
    return row


def discard_registry_import(row: RegistryImport, *, by: User) -> RegistryImport:
    """Give an import up: nothing comes of it, and neither its file nor its lines are kept. Raises ImportSettled."""
    with transaction.atomic():
        row = _locked(row)
        _settle(row, State.DISCARDED, by)
        row.lines.all().delete()
        storage, name = row.file.storage, str(row.file.name)
        transaction.on_commit(lambda: storage.delete(name))
    return row


class _Changed(Exception):
    """The fates are not those that were shown."""


def _read(row: RegistryImport) -> Any:
    with row.file.open("rb") as file:
        return read(file.read(), holds=row.holds)


def _plan(row: RegistryImport) -> Plan:
    return plan(_read(row), source=row.source)


def _locked(row: RegistryImport) -> RegistryImport:
    row = RegistryImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not row.is_open:
        raise ImportSettled(_("This file was applied or given up already."))
    return row


def _settle(row: RegistryImport, state: str, by: User) -> None:
    row.state, row.settled_at, row.settled_by = state, timezone.now(), by
    row.save(update_fields=["state", "settled_at", "settled_by"])


def _show(row: RegistryImport, planned: Plan) -> None:
    """Store the fates that the page shows."""
    row.fingerprint, row.checked_at = planned.fingerprint, timezone.now()
    row.new, row.changed = planned.count(Fate.NEW), planned.count(Fate.CHANGED)
    row.unchanged, row.refused = planned.count(Fate.UNCHANGED), planned.count(Fate.REFUSED)
    row.save()
    row.lines.all().delete()
    ImportedLine.objects.bulk_create(
        (_line(row, position, line) for position, line in enumerate(planned.lines, start=1)), batch_size=AT_ONCE
    )


def _line(row: RegistryImport, position: int, line: PlannedLine) -> ImportedLine:
    said = {"faults": line.faults, "changes": line.changes, "notes": line.notes}
    return ImportedLine(
        registry_import=row,
        position=position,
        sheet=line.sheet.name,
        number=line.number,
        fate=line.fate,
        about=line.about[:300],
        organisation_id=line.key if line.key > 0 else None,
        said={name: value for name, value in said.items() if value},
    )


def _write(row: RegistryImport, planned: Plan, by: User) -> None:
    """Write what the plan says. Organisations come first: what else is new may be about them."""
    reason = _("Import of %(name)s: %(source)s") % {"name": row.original_name, "source": row.source}
    now = timezone.now()
    new = planned.made(Organisation, Fate.NEW)
    batches.add_organisations([line.made for line in new], by=by, reason=reason)
    changes = planned.made(Organisation, Fate.CHANGED)
    fields = sorted({line.sheet.by_word[head(word)].field for line in changes for word, _old, _new in line.changes})
    changed = [line.made for line in changes]
    names = planned.made(OtherName, Fate.NEW), planned.made(OtherName, Fate.CHANGED)
    renamed = _of_others([line.organisation for lines in names for line in lines], [line.made for line in new])
    batches.change_organisations(_once([*changed, *renamed]), fields, by=by, reason=reason)
    batches.add_names([line.made for line in names[0]], by=by, reason=reason)
    batches.change_names([line.made for line in names[1]], by=by, reason=reason)
    dated_lines = [line for line in planned.lines if line.made is not None and line.sheet.is_dated]
    for sheet, lines in groupby(dated_lines, key=lambda line: line.sheet):
        of_sheet = list(lines)
        replaced = [(line.target, line.made) for line in of_sheet if line.target is not None]
        if sheet.model is CompanyProfile:
            replaced += planned.gives_way
        added = [line.made for line in of_sheet if line.target is None]
        batches.record_rows(sheet.model, added, replaced, by=by, at=now)
    _note_new_organisations(row, planned)
    _settle(row, State.APPLIED, by)


def _of_others(organisations: Sequence[Any], new: Sequence[Organisation]) -> list[Organisation]:
    """The organisations that were there before."""
    ids = {id(organisation) for organisation in new}
    return [organisation for organisation in organisations if id(organisation) not in ids]


def _once(organisations: Sequence[Organisation]) -> list[Organisation]:
    return list({organisation.pk: organisation for organisation in organisations}.values())


def _note_new_organisations(row: RegistryImport, planned: Plan) -> None:
    """Let the lines about organisations that the file added lead to them."""
    made = {line.key: line.made.pk for line in planned.made(Organisation, Fate.NEW)}
    lines = []
    for position, line in enumerate(planned.lines, start=1):
        if line.key in made:
            stored = _line(row, position, line)
            stored.organisation_id = made[line.key]
            lines.append(stored)
    ImportedLine.objects.bulk_create(
        lines,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["registry_import", "position"],
        update_fields=["organisation"],
    )
