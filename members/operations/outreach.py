"""Monitoring and outreach: guidance in versions, field-based reviews and workshops.

A version of a guidance is prepared, then issued: from then on it and its files stay as they are, and a wrong file gets
a new version. What is published of a review or workshop is all of it but the findings, which are the secretariat's.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from icoca_portal.lib.uploads import format_of
from members.exceptions import (
    ActivityInAnotherState,
    AlreadyIssued,
    ChangedMeanwhile,
    DayToCome,
    FileMissing,
    FileThere,
    LabelTaken,
)
from members.models import Activity, Guidance, GuidanceFile, GuidanceVersion, User

Kind = TypeVar("Kind", bound=Activity)
State = Activity.State


# Guidance


@transaction.atomic
def add_guidance_version(
    guidance: Guidance, *, label: str, dated: date, day_known: bool = True, change_note: str = ""
) -> GuidanceVersion:
    """Prepare a version: nobody but the secretariat knows of it until it is issued. Raises LabelTaken."""
    _raise_version(guidance)
    _refuse_label(guidance.pk, label)
    return GuidanceVersion.objects.create(
        guidance=guidance, label=label, dated=dated, day_known=day_known, change_note=change_note
    )


@transaction.atomic
def change_guidance_version(
    version: GuidanceVersion, *, label: str, dated: date, day_known: bool, change_note: str, seen: int | None = None
) -> GuidanceVersion:
    """Put right what is said of a version that is not issued yet. `seen` is the number of the guidance's version that
    the page was made from. Raises AlreadyIssued, LabelTaken, ChangedMeanwhile.
    """
    stored = _lock(version)
    if seen is not None and stored.guidance.version != seen:
        raise ChangedMeanwhile(
            _("Not saved. A colleague changed this guidance while you were writing. Open the page again.")
        )
    _refuse_label(stored.guidance_id, label, but=stored.pk)
    stored.label, stored.dated, stored.day_known, stored.change_note = label, dated, day_known, change_note
    stored.save(update_fields=["label", "dated", "day_known", "change_note"])
    return stored


@transaction.atomic
def add_guidance_file(
    version: GuidanceVersion, *, upload: UploadedFile, form: str, language: str, by: User
) -> GuidanceFile:
    """Add a file to a version that is not issued yet. Raises AlreadyIssued, FileThere, UploadRefused."""
    stored = _lock(version)
    try:
        return GuidanceFile.keep(upload, version=stored, form=form, language=language, uploaded_by=by)
    except IntegrityError as error:
        there = GuidanceFile.objects.filter(version=stored, form=form, language=language)
        formats = ", ".join(sorted({format_of(row.media_type) for row in there}))
        raise FileThere(
            _("This version has “%(form)s” in this language (%(formats)s). Remove that file first.")
            % {"form": form, "formats": formats}
        ) from error


@transaction.atomic
def remove_guidance_file(file: GuidanceFile) -> None:
    """Take a file out of a version that is not issued yet. Raises AlreadyIssued."""
    _lock(file.version)
    stored = GuidanceFile.objects.filter(pk=file.pk).first()
    if stored is not None:
        stored.delete()
        transaction.on_commit(lambda: stored.file.delete(save=False))


@transaction.atomic
def issue_guidance_version(version: GuidanceVersion, *, by: User) -> GuidanceVersion:
    """Make a version public, with its files. It stays as it is from then on. Raises AlreadyIssued, FileMissing."""
    stored = _lock(version)
    if not stored.files.exists():
        raise FileMissing(_("A guidance is issued with a file. Add one first."))
    stored.issued_at, stored.issued_by = timezone.now(), by
    stored.save(update_fields=["issued_at", "issued_by"])
    return stored


def _lock(version: GuidanceVersion) -> GuidanceVersion:
    """The stored version with its guidance, both locked, to be changed. Raises AlreadyIssued."""
    stored = (
        GuidanceVersion.objects.select_for_update(of=("self", "guidance")).select_related("guidance").get(pk=version.pk)
    )
    if stored.issued_at:
        raise AlreadyIssued(_("“%(version)s” was issued and stays as it is. Add a new version.") % {"version": stored})
    Guidance.objects.filter(pk=stored.guidance_id).update(version=F("version") + 1)
    return stored


def _raise_version(guidance: Guidance) -> None:
    Guidance.objects.select_for_update().get(pk=guidance.pk)
    Guidance.objects.filter(pk=guidance.pk).update(version=F("version") + 1)


def _refuse_label(guidance: int, label: str, but: int | None = None) -> None:
    if GuidanceVersion.objects.filter(guidance=guidance, label=label).exclude(pk=but or 0).exists():
        raise LabelTaken(_("This guidance has a version “%(label)s”.") % {"label": label})


# Field-based reviews and workshops


@transaction.atomic
def publish_activity(activity: Kind, *, by: User) -> Kind:
    """Show a field-based review or a workshop to everybody, but for the findings. Raises ActivityInAnotherState."""
    stored = _lock_activity(activity)
    if stored.published_at:
        raise ActivityInAnotherState(_("“%(activity)s” is published already.") % {"activity": stored})
    stored.published_at, stored.published_by = timezone.now(), by
    return _store(stored, "published_at", "published_by")


@transaction.atomic
def unpublish_activity(activity: Kind, *, by: User) -> Kind:
    """Take a review or workshop back from the public pages. Raises ActivityInAnotherState."""
    stored = _lock_activity(activity)
    if not stored.published_at:
        raise ActivityInAnotherState(_("“%(activity)s” is not published.") % {"activity": stored})
    stored.published_at = stored.published_by = None
    return _store(stored, "published_at", "published_by")


@transaction.atomic
def hold_activity(activity: Kind, *, by: User) -> Kind:
    """Record that a planned review or workshop has taken place. Raises ActivityInAnotherState, DayToCome."""
    stored = _lock_activity(activity)
    _expect(stored, State.PLANNED)
    if stored.begins_on > today():
        raise DayToCome(_("It begins on %(day)s. Put the date right first.") % {"day": date_format(stored.begins_on)})
    stored.state = State.HELD
    return _store(stored, "state")


@transaction.atomic
def cancel_activity(activity: Kind, *, by: User) -> Kind:
    """Record that a planned review or workshop does not take place. Raises ActivityInAnotherState."""
    stored = _lock_activity(activity)
    _expect(stored, State.PLANNED)
    stored.state = State.CANCELLED
    return _store(stored, "state")


@transaction.atomic
def plan_activity_again(activity: Kind, *, by: User) -> Kind:
    """Take back that a review or workshop was held or cancelled. Raises ActivityInAnotherState."""
    stored = _lock_activity(activity)
    _expect(stored, State.HELD, State.CANCELLED)
    stored.state = State.PLANNED
    return _store(stored, "state")


def _lock_activity(activity: Kind) -> Kind:
    rows: Any = type(activity)._default_manager
    stored: Kind = rows.select_for_update().get(pk=activity.pk)
    return stored


def _expect(activity: Activity, *states: str) -> None:
    if activity.state not in states:
        raise ActivityInAnotherState(
            _("“%(activity)s”: %(state)s. Open the page again.")
            % {"activity": activity, "state": activity.get_state_display()}
        )


def _store(activity: Kind, *fields: str) -> Kind:
    """Write what a step changed; a page that was open meanwhile notices it."""
    activity.version += 1
    activity.save(update_fields=[*fields, "version"])
    return activity
