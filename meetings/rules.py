"""Who may do what with meetings and their papers."""

from __future__ import annotations

from typing import Any

import rules

from meetings.models import CalendarAddress, ChairsSummary, Invitation, Meeting, Registration, SummaryComment
from meetings.querysets import chaired_groups, is_insider
from members.rules import is_focal_point_of, is_of_delegation, is_secretariat


def meeting_of(obj: Meeting | ChairsSummary | None) -> Meeting | None:
    """The meeting that a rule is about: permissions are asked on it or on its summary."""
    return obj.meeting if isinstance(obj, ChairsSummary) else obj


@rules.predicate
def chairs_its_group(user: Any, obj: Meeting | ChairsSummary | None) -> bool:
    """Chairs today the working group of this meeting."""
    meeting = meeting_of(obj)
    return meeting is not None and meeting.working_group_id in chaired_groups(user)


@rules.predicate
def sits_inside(user: Any, obj: Meeting | None) -> bool:
    """Reads what participants read."""
    return is_insider(user)


@rules.predicate
def exists_for(user: Any, meeting: Meeting | None) -> bool:
    """The meeting exists for the person."""
    return meeting is not None and Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists()


@rules.predicate
def owns_address(user: Any, address: CalendarAddress | None) -> bool:
    """The private address is the person's own."""
    return address is not None and bool(user.is_authenticated) and address.user_id == user.pk


@rules.predicate
def is_of_its_delegation(user: Any, row: Invitation | Registration | Meeting | None) -> bool:
    """Has a role today in the delegation that an invitation or a registration is of; asked of a meeting, nobody has."""
    return is_of_delegation(user, getattr(row, "delegation", None))


@rules.predicate
def speaks_for_its_delegation(user: Any, row: Invitation | Registration | None) -> bool:
    """Is a focal point today of the delegation that an invitation or a registration is of."""
    return is_focal_point_of(user, getattr(row, "delegation", None))


@rules.predicate
def writes_for_a_delegation(user: Any, obj: ChairsSummary | None) -> bool:
    """Is a focal point or contributor of a delegation today."""
    return is_insider(user) and bool(user.standing.may_draft)


@rules.predicate
def writes_for_its_delegation(user: Any, comment: SummaryComment | None) -> bool:
    """Is a focal point or contributor of the delegation that made the comment."""
    return (
        comment is not None
        and writes_for_a_delegation(user, None)
        and user.standing.delegation_id == comment.delegation_id
    )


rules.add_perm("meetings.read_meeting", exists_for)
rules.add_perm("meetings.read_attendance", exists_for & sits_inside)
rules.add_perm("meetings.read_record", is_secretariat | chairs_its_group)

rules.add_perm("meetings.convene_meeting", is_secretariat)
rules.add_perm("meetings.hold_meeting", is_secretariat)
rules.add_perm("meetings.close_meeting", is_secretariat)
rules.add_perm("meetings.cancel_meeting", is_secretariat)
rules.add_perm("meetings.move_meeting", is_secretariat)
rules.add_perm("meetings.prepare_next_meeting", is_secretariat)
rules.add_perm("meetings.revise_agenda", is_secretariat)
rules.add_perm("meetings.adopt_agenda", is_secretariat | chairs_its_group)
rules.add_perm("meetings.attach_document", is_secretariat)
rules.add_perm("meetings.change_document", is_secretariat)
rules.add_perm("meetings.upload_past_summary", is_secretariat)
rules.add_perm("meetings.correct_past_summary", is_secretariat)
rules.add_perm("meetings.save_past_summary", is_secretariat)
rules.add_perm("meetings.discard_past_summary", is_secretariat)

rules.add_perm("meetings.read_draft", is_secretariat | chairs_its_group)
rules.add_perm("meetings.draft_summary", is_secretariat)
rules.add_perm("meetings.circulate_summary", is_secretariat)
rules.add_perm("meetings.approve_summary", chairs_its_group)
rules.add_perm("meetings.reopen_summary", is_secretariat | chairs_its_group)
rules.add_perm("meetings.publish_summary", is_secretariat)
rules.add_perm("meetings.read_comments", sits_inside)
rules.add_perm("meetings.comment_summary", writes_for_a_delegation)
rules.add_perm("meetings.object_to_summary", writes_for_a_delegation)
rules.add_perm("meetings.withdraw_comment", writes_for_its_delegation)
rules.add_perm("meetings.answer_comment", is_secretariat)
rules.add_perm("meetings.export_comments", is_secretariat | chairs_its_group)
rules.add_perm("meetings.compose_summary", is_secretariat)
rules.add_perm("meetings.insert_figure", is_secretariat)

# While a meeting sits, and what is written down then: attributed, and so read by nobody else.
rules.add_perm("meetings.take_notes", is_secretariat | chairs_its_group)
rules.add_perm("meetings.tick_attendance", is_secretariat | chairs_its_group)
rules.add_perm("meetings.keep_speakers", is_secretariat | chairs_its_group)

rules.add_perm("meetings.read_follow_ups", sits_inside)
rules.add_perm("meetings.open_follow_up", is_secretariat | chairs_its_group)
rules.add_perm("meetings.change_follow_up", is_secretariat)
rules.add_perm("meetings.progress_follow_up", is_secretariat)
rules.add_perm("meetings.close_follow_up", is_secretariat)
rules.add_perm("meetings.reopen_follow_up", is_secretariat)

rules.add_perm("meetings.make_calendar_address", sits_inside)
rules.add_perm("meetings.revoke_calendar_address", owns_address)

rules.add_perm("meetings.invite_delegations", is_secretariat)
rules.add_perm("meetings.remind_invited", is_secretariat)
rules.add_perm("meetings.set_registration", is_secretariat)
rules.add_perm("meetings.register_delegation", speaks_for_its_delegation | is_secretariat)
rules.add_perm("meetings.register_late", is_secretariat)
# Asked of an invitation or a registration: the needs of one delegation. Asked of a meeting: those of everybody.
rules.add_perm("meetings.read_needs", is_of_its_delegation | is_secretariat)
rules.add_perm("meetings.list_attendance", is_of_delegation | is_secretariat)
