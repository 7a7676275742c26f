"""What happens in the registry and to people. Each function is atomic, locks, checks, records who and when.

Days are days in Geneva; every end is exclusive: the first day on which the fact or role no longer holds.
"""

from members.operations.applications import (
    approve_application,
    begin_review,
    correct_application_status,
    receive_application,
    refuse_application,
    withdraw_application,
)
from members.operations.board import correct_directorship, end_directorship, record_directorship
from members.operations.participation import correct_participation, end_participation, record_participation
from members.operations.people import (
    appoint_delegate,
    change_address,
    change_role,
    close_account,
    edit_profile,
    end_appointment,
    invite_person,
    lift_pause,
    open_account,
    register_person,
    remove_second_factor,
)
from members.operations.registry import (
    change_certificate_state,
    correct_certificate,
    correct_membership,
    correct_profile,
    end_membership,
    end_profile,
    record_certificate,
    record_membership,
    record_profile,
    record_revenue_band,
)

__all__ = [
    "appoint_delegate",
    "approve_application",
    "begin_review",
    "change_address",
    "change_certificate_state",
    "change_role",
    "close_account",
    "correct_application_status",
    "correct_certificate",
    "correct_directorship",
    "correct_membership",
    "correct_participation",
    "correct_profile",
    "edit_profile",
    "end_appointment",
    "end_directorship",
    "end_membership",
    "end_participation",
    "end_profile",
    "invite_person",
    "lift_pause",
    "open_account",
    "receive_application",
    "record_certificate",
    "record_directorship",
    "record_membership",
    "record_participation",
    "record_profile",
    "record_revenue_band",
    "refuse_application",
    "register_person",
    "remove_second_factor",
    "withdraw_application",
]
