"""The text of a strategic plan."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from icoca_portal.lib.uploads import check_upload
from members.models import User
from questionnaires.models import PlanDocument, StrategicPlan


def publish_plan_document(
    plan: StrategicPlan, *, upload: UploadedFile, title: str, by: User, is_final: bool = False
) -> PlanDocument:
    """Store a text of the plan under a random name, after looking into it. Earlier ones stay.

    Raises UploadRefused (empty, too large, damaged, macros, a type that is not taken).
    """
    checked = check_upload(upload)
    document = PlanDocument(
        plan=plan,
        title=title,
        is_final=is_final,
        name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        published_by=by,
    )
    document.file.save(checked.name, upload, save=False)
    try:
        with transaction.atomic():
            document.save()
    except Exception:
        document.file.delete(save=False)
        raise
    return document
