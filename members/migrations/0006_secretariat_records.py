"""What the Secretariat group may do with the records of the registry; its checklists and rules are written by people."""

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat

KEPT = ("organisation", "delegation", "delegate", "user", "othername", "standard", "contact")
KEPT_OF_OUTREACH = ("guidance", "guidanceversion", "fieldreview", "workshop", "selfassessment")
DATED = ("participation", "directorship", "membership", "companyprofile", "certificate", "revenueband", "succession")
DATED_OF_APPLICATIONS = ("application", "applicationstatus", "requirement", "deadlinerule", "representative")
FILES = ("evidence", "guidancefile", "selfassessmentfile")

PERMISSIONS = [
    *(f"{verb}_{row}" for verb in ("add", "change", "view") for row in (*KEPT, *KEPT_OF_OUTREACH)),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in (*DATED, *DATED_OF_APPLICATIONS, *FILES)),
    "change_check",
    "view_check",
    "view_checkstep",
]


class Migration(migrations.Migration):
    dependencies = [("members", "0005_records")]

    operations = [migrations.RunPython(grant_to_secretariat("members", PERMISSIONS), migrations.RunPython.noop)]
