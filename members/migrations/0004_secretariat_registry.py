"""What the Secretariat group may do with the registry; the standards that companies are certified to."""

from typing import Any

from django.db import migrations

from icoca_portal.lib.access import grant_to_secretariat

PERMISSIONS = [
    *(f"{verb}_{row}" for verb in ("add", "change", "view") for row in ("organisation", "delegation", "delegate")),
    *(f"{verb}_{row}" for verb in ("add", "change", "view") for row in ("user", "othername", "standard")),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in ("participation", "directorship", "membership")),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in ("companyprofile", "certificate", "revenueband")),
    *(f"{verb}_{row}" for verb in ("add", "view") for row in ("application", "applicationstatus")),
]

STANDARDS = {
    "PSC.1": "Management system for quality of private security company operations (ANSI/ASIS PSC.1)",
    "ISO 18788": "Management system for private security operations",
    "ISO 28007": "Private maritime security companies providing armed personnel on board ships",
}


def write_standards(apps: Any, schema_editor: Any) -> None:
    """The standards in use; others are added in the administration."""
    standards = apps.get_model("members", "Standard").objects.using(schema_editor.connection.alias)
    for code, title in STANDARDS.items():
        standards.get_or_create(code=code, defaults={"title": title})


class Migration(migrations.Migration):
    dependencies = [("members", "0003_registry")]

    operations = [
        migrations.RunPython(grant_to_secretariat("members", PERMISSIONS), migrations.RunPython.noop),
        migrations.RunPython(write_standards, migrations.RunPython.noop),
    ]
