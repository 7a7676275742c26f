"""The Secretariat group holds exactly what the migrations say."""

import pytest

EXPECTED = {
    "add_organisation", "change_organisation", "view_organisation",
    "add_othername", "change_othername", "view_othername",
    "add_standard", "change_standard", "view_standard",
    "add_membership", "view_membership",
    "add_companyprofile", "view_companyprofile",
    "add_certificate", "view_certificate",
    "add_revenueband", "view_revenueband",
    "add_application", "view_application",
    "add_applicationstatus", "view_applicationstatus",
    "add_participation", "view_participation",
    "add_delegation", "change_delegation", "view_delegation",
    "add_delegate", "change_delegate", "view_delegate",
    "add_directorship", "view_directorship",
    "add_user", "change_user", "view_user",
    "add_contact", "change_contact", "view_contact",
    "add_succession", "view_succession",
    "add_representative", "view_representative",
    "add_requirement", "view_requirement",
    "add_deadlinerule", "view_deadlinerule",
    "change_check", "view_check", "view_checkstep",
    "add_evidence", "view_evidence",
    "add_guidance", "change_guidance", "view_guidance",
    "add_guidanceversion", "change_guidanceversion", "view_guidanceversion",
    "add_guidancefile", "view_guidancefile",
    "add_fieldreview", "change_fieldreview", "view_fieldreview",
    "add_workshop", "change_workshop", "view_workshop",
    "add_selfassessment", "change_selfassessment", "view_selfassessment",
    "add_selfassessmentfile", "view_selfassessmentfile",
    "add_registryimport", "view_registryimport",
    "add_circular", "change_circular", "view_circular", "approve_circular", "export_circular",
    "add_circulartext", "change_circulartext", "view_circulartext",
    "add_circularfile", "view_circularfile",
    "add_circulartemplate", "change_circulartemplate", "view_circulartemplate",
    "add_templatetext", "change_templatetext", "view_templatetext",
    "view_circularrecipient", "view_circularrecord",
}  # fmt: skip


def test_the_group_has_these_permissions_in_members_and_no_other(secretariat_group):
    held = secretariat_group.permissions.filter(content_type__app_label="members").values_list("codename", flat=True)
    assert set(held) == EXPECTED


def test_the_group_deletes_nothing_anywhere(secretariat_group):
    assert not secretariat_group.permissions.filter(codename__startswith="delete_", content_type__app_label="members")


@pytest.mark.parametrize("app_label", ["auth", "axes", "account", "mfa", "admin", "sessions"])
def test_the_group_holds_nothing_of_the_machinery(secretariat_group, app_label):
    assert not secretariat_group.permissions.filter(content_type__app_label=app_label).exists()
