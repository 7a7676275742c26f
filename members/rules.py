"""Who may: the predicates about people that every app shares, and the permissions of this one."""

from __future__ import annotations

from typing import Any

import rules

from members.representing import organisations_of


@rules.predicate
def is_secretariat(user: Any) -> bool:
    """Staff of the secretariat, in the administration."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


@rules.predicate
def is_director(user: Any) -> bool:
    """Sits on the Board today."""
    return bool(user.is_authenticated and user.standing.is_director)


@rules.predicate
def is_of_delegation(user: Any, delegation: Any) -> bool:
    """Has any role in this delegation today."""
    return bool(user.is_authenticated and delegation is not None and user.standing.delegation_id == delegation.pk)


@rules.predicate
def may_draft_for(user: Any, delegation: Any) -> bool:
    """Writes for this delegation today: its focal points and contributors."""
    return is_of_delegation(user, delegation) and user.standing.may_draft


@rules.predicate
def is_focal_point_of(user: Any, delegation: Any) -> bool:
    """Speaks for this delegation today: submits, clears, appoints."""
    return is_of_delegation(user, delegation) and user.standing.is_focal_point


def keeps(row: str) -> rules.Predicate:
    """Whoever of the secretariat may change these rows."""

    @rules.predicate(f"keeps_{row}")
    def may_keep(user: Any) -> bool:
        return bool(is_secretariat(user)) and bool(user.has_perm(f"members.change_{row}"))

    return may_keep


@rules.predicate
def speaks_for_its_member(user: Any, row: Any) -> bool:
    """Represents today the organisation that the row is of."""
    return row is not None and any(own.pk == row.organisation_id for own in organisations_of(user))


@rules.predicate
def keeps_activity(user: Any, activity: Any) -> bool:
    """Whoever of the secretariat may change this review or workshop."""
    row = activity._meta.model_name if activity is not None else "fieldreview"
    return bool(is_secretariat(user)) and bool(user.has_perm(f"members.change_{row}"))


#: What an import of the registry writes, and an export reads.
KEPT_IN_FILES = ("organisation", "othername", "participation", "membership", "companyprofile", "certificate")


@rules.predicate
def may_import_registry(user: Any) -> bool:
    """Keeps every kind of record that a file of the registry can hold."""
    wanted = {*(f"add_{row}" for row in KEPT_IN_FILES), "change_organisation", "change_othername", "add_registryimport"}
    return is_secretariat(user) and all(user.has_perm(f"members.{right}") for right in wanted)


@rules.predicate
def may_export_registry(user: Any) -> bool:
    """Reads every kind of record that a file of the registry holds, with what is not public of it."""
    return is_secretariat(user) and all(user.has_perm(f"members.view_{row}") for row in KEPT_IN_FILES)


def holds(right: str) -> rules.Predicate:
    """Whoever of the secretariat has this right on the model: a rule of the same name may ask for it."""

    @rules.predicate(f"holds_{right}")
    def has_right(user: Any) -> bool:
        # get_all_permissions, not has_perm: that one would ask the rule again.
        return bool(is_secretariat(user)) and f"members.{right}" in user.get_all_permissions()

    return has_right


@rules.predicate
def gets_circular(user: Any, circular: Any) -> bool:
    """The circular was sent, and exists for the person."""
    return circular is not None and type(circular)._default_manager.visible_to(user).filter(pk=circular.pk).exists()


rules.add_perm("members.read_delegation", is_of_delegation)
for _step in ("write", "submit", "cancel", "resend", "correct"):
    rules.add_perm(f"members.{_step}_circular", holds("change_circular"))
rules.add_perm("members.send_circular_test", holds("change_circular"))
rules.add_perm("members.attach_circular_file", holds("change_circular"))
rules.add_perm("members.remove_circular_file", holds("change_circular"))
rules.add_perm("members.draft_circular", holds("add_circular"))
for _step in ("return", "approve", "release"):
    rules.add_perm(f"members.{_step}_circular", holds("approve_circular"))
rules.add_perm("members.read_circular", gets_circular)
for _verb in ("publish", "unpublish", "hold", "cancel"):
    rules.add_perm(f"members.{_verb}_activity", keeps_activity)
rules.add_perm("members.plan_activity_again", keeps_activity)
rules.add_perm("members.issue_guidance_version", keeps("guidance"))
rules.add_perm("members.send_self_assessment", speaks_for_its_member)
for _step in ("receive_self_assessment", "waive_self_assessment", "ask_again"):
    rules.add_perm(f"members.{_step}", keeps("selfassessment"))
rules.add_perm("members.supply_evidence", speaks_for_its_member)
rules.add_perm("members.import_registry", may_import_registry)
rules.add_perm("members.export_registry", may_export_registry)
