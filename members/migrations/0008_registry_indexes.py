"""What a large registry is read by: names without accents as columns, and indexes that hold all that a day asks."""

from django.db import migrations, models
from django.db.models import F, Q

from icoca_portal.lib.folding import folded_copy

IN_FORCE = Q(superseded_at=None)


def in_force(model: str, name: str, *fields: str) -> migrations.AddIndex:
    columns = (F(field) for field in (*fields, "superseded_at"))
    return migrations.AddIndex(model, models.Index(*columns, condition=IN_FORCE, name=name))


class Migration(migrations.Migration):
    dependencies = [("members", "0006_secretariat_records")]

    operations = [
        migrations.AddField("organisation", "folded", folded_copy("name")),
        migrations.AddField("othername", "folded", folded_copy("name")),
        migrations.AddIndex("organisation", models.Index(F("folded"), name="organisation_by_name")),
        migrations.RemoveIndex("membership", "membership_force"),
        in_force("membership", "membership_force", "organisation", "valid_from", "valid_to", "pillar", "category"),
        migrations.RemoveIndex("companyprofile", "profile_force"),
        in_force(
            *("companyprofile", "profile_force", "organisation", "valid_from", "valid_to"),
            *("environment", "size", "headquarters"),
        ),
        migrations.RemoveIndex("certificate", "certificate_force"),
        in_force("certificate", "certificate_force", "organisation", "valid_from", "valid_to", "state"),
        in_force(
            *("certificate", "certificate_of_standard", "standard", "organisation", "valid_from", "valid_to", "state"),
        ),
        in_force(
            *("applicationstatus", "applicationstatus_in_state", "state", "valid_from", "valid_to", "application"),
        ),
    ]
