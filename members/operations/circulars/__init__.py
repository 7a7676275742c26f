"""What happens to circulars: written, put to a colleague, approved, sent at their hour, repaired.

A circular is released in one transaction: its number, its recipients, its sealed record, and every letter, or nothing.
What was released stays as it is; a correction is another circular. docs/decisions/circulars.md
"""

from members.operations.circulars.approving import approve_circular, cancel_circular, return_circular, submit_circular
from members.operations.circulars.readiness import why_unready
from members.operations.circulars.releasing import finish_circulars, release_circular, release_due_circulars
from members.operations.circulars.repairing import (
    forget_contact,
    latest_copies,
    note_circular_opened,
    resend_copy,
    resend_failed,
)
from members.operations.circulars.writing import (
    attach_circular_file,
    correct_circular,
    draft_circular,
    present_circular_file,
    remove_circular_file,
    send_circular_test,
    write_circular,
)

__all__ = [
    "approve_circular",
    "attach_circular_file",
    "cancel_circular",
    "correct_circular",
    "draft_circular",
    "finish_circulars",
    "forget_contact",
    "latest_copies",
    "note_circular_opened",
    "present_circular_file",
    "release_circular",
    "release_due_circulars",
    "remove_circular_file",
    "resend_copy",
    "resend_failed",
    "return_circular",
    "send_circular_test",
    "submit_circular",
    "why_unready",
    "write_circular",
]
