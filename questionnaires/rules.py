"""Who may do what with questionnaires, asked as `user.has_perm("questionnaires.submit_response", response)`."""

from __future__ import annotations

from typing import Any

import rules

from meetings.querysets import chaired_groups
from members.rules import is_director, is_focal_point_of, is_of_delegation, is_secretariat, may_draft_for
from questionnaires.guests import is_guest_of


@rules.predicate
def is_own_response(user: Any, response: Any) -> bool:
    """The response is that of the person's delegation."""
    return response is not None and is_of_delegation(user, response.delegation)


@rules.predicate
def may_draft(user: Any, response: Any) -> bool:
    return response is not None and may_draft_for(user, response.delegation)


@rules.predicate
def is_focal_point(user: Any, response: Any) -> bool:
    return response is not None and is_focal_point_of(user, response.delegation)


@rules.predicate
def is_delegate(user: Any) -> bool:
    """Is of any delegation today."""
    return bool(user.is_authenticated and user.standing.delegation_id is not None)


@rules.predicate
def is_chair(user: Any) -> bool:
    """Chairs a working group today."""
    return bool(chaired_groups(user))


# What is circulated, whoever it was put to
rules.add_perm("questionnaires.read_circulated", is_director | is_secretariat | is_chair)


@rules.predicate
def is_guest(user: Any, response: Any) -> bool:
    """Helps to draft sections of the response. Which ones is asked of `guests.may_open_section`."""
    return response is not None and is_guest_of(user, response)


@rules.predicate
def is_asked_to_clear(user: Any, clearance: Any) -> bool:
    """The delegate who was asked; for what went out by other means, the focal point."""
    if clearance is None:
        return False
    if clearance.asked_of_id is None:
        return is_focal_point_of(user, clearance.response.delegation)
    return user.pk == clearance.asked_of_id and is_of_delegation(user, clearance.response.delegation)


@rules.predicate
def may_take_back(user: Any, clearance: Any) -> bool:
    """The focal point takes back what the delegation has asked for."""
    return clearance is not None and is_focal_point_of(user, clearance.response.delegation)


# The delegation's own; nobody else's, the secretariat's and administrators' included
rules.add_perm("questionnaires.read_response", is_own_response)
rules.add_perm("questionnaires.save_answer", may_draft | is_guest)
rules.add_perm("questionnaires.read_changes", is_own_response)
rules.add_perm("questionnaires.submit_response", is_focal_point)

# Word out and in. A form holds all sections, so it is for the delegation's own people, not for guests of a section.
rules.add_perm("questionnaires.export_form", is_own_response)
rules.add_perm("questionnaires.upload_form", may_draft)
rules.add_perm("questionnaires.read_upload", may_draft)
rules.add_perm("questionnaires.apply_upload", may_draft)


@rules.predicate
def is_named(user: Any, questionnaire: Any) -> bool:
    """The questionnaire promised nobody that the Board reads responses without names."""
    return questionnaire is not None and questionnaire.attribution == "named"


# How a delegation works together. The first four hold for a guest in the sections that are open to them
rules.add_perm("questionnaires.open_response", is_own_response | is_guest)
rules.add_perm("questionnaires.write_note", is_own_response | is_guest)
rules.add_perm("questionnaires.restore_answer", may_draft | is_guest)
rules.add_perm("questionnaires.confirm_answer", may_draft | is_guest)
rules.add_perm("questionnaires.prefill_response", may_draft)
rules.add_perm("questionnaires.assign_section", is_focal_point)
rules.add_perm("questionnaires.take_section", may_draft)
rules.add_perm("questionnaires.invite_guest", is_focal_point)
rules.add_perm("questionnaires.require_clearance", is_focal_point)
rules.add_perm("questionnaires.send_for_clearance", may_draft)
rules.add_perm("questionnaires.record_clearance", is_asked_to_clear)
rules.add_perm("questionnaires.decline_clearance", is_asked_to_clear | may_take_back)

# What was submitted. The secretariat runs the process: it reads at once and with names.
rules.add_perm("questionnaires.read_submissions", is_director | is_secretariat)
rules.add_perm("questionnaires.read_submissions_at_once", is_secretariat)
rules.add_perm("questionnaires.read_names", is_secretariat | (is_director & is_named))
rules.add_perm("questionnaires.export_submissions", is_director | is_secretariat)
# What the Board makes of it. Conclusions the secretariat reads too, which publishes them.
rules.add_perm("questionnaires.write_remark", is_director)
rules.add_perm("questionnaires.tag_passage", is_director)
rules.add_perm("questionnaires.record_discussion", is_director | is_secretariat)
rules.add_perm("questionnaires.read_conclusion", is_director | is_secretariat)
rules.add_perm("questionnaires.write_conclusion", is_director)
rules.add_perm("questionnaires.publish_conclusion", is_secretariat)

# What is published, for the participants
rules.add_perm("questionnaires.read_results", is_delegate | is_chair | is_director | is_secretariat)

# The secretariat's acts
rules.add_perm("questionnaires.design_questionnaire", is_secretariat)
rules.add_perm("questionnaires.publish_edition", is_secretariat)
rules.add_perm("questionnaires.open_questionnaire", is_secretariat)
rules.add_perm("questionnaires.invite_delegations", is_secretariat)
rules.add_perm("questionnaires.extend_deadline", is_secretariat)
rules.add_perm("questionnaires.remind_missing", is_secretariat)
rules.add_perm("questionnaires.set_reminders", is_secretariat)
rules.add_perm("questionnaires.close_questionnaire", is_secretariat)
rules.add_perm("questionnaires.move_deadline", is_secretariat)
rules.add_perm("questionnaires.return_response", is_secretariat)
rules.add_perm("questionnaires.publish_results", is_secretariat)
rules.add_perm("questionnaires.publish_plan_document", is_secretariat)
