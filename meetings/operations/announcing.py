"""The clock: delegates who want it are told of documents once they can read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from meetings import emails
from meetings.models import Document
from meetings.models.meetings import Visibility
from members.models import Notice

#: What became readable longer ago is not told of any more.
TOLD_WITHIN = timedelta(days=1)


def tell_of_documents(now: datetime) -> int:
    """Tell the delegates of documents that participants can read since a short while at `now` (aware), once of each
    paper and version, whatever languages it is in; returns of how many. Must not be called inside a transaction.

    One query if there is none.
    """
    since = now - TOLD_WITHIN
    rows = Document.objects.current().read_by_participants_at(now)
    rows = rows.filter(
        Q(readable_from=None, uploaded_at__gt=since) | Q(readable_from__gt=since),
        meeting__visibility__in=[Visibility.PARTICIPANTS, Visibility.PUBLIC],
    )
    found: dict[str, Document] = {}
    for row in rows.select_related("meeting__working_group").order_by("uploaded_at", "pk"):
        found.setdefault(f"document.readable:{row.meeting_id}:{row.number or row.pk}:{row.version}", row)
    if not found:
        return 0
    told = set(Notice.objects.filter(kind="document_published", key__in=found).values_list("key", flat=True))
    new = {key: row for key, row in found.items() if key not in told}
    for key, row in new.items():
        with transaction.atomic():
            emails.queue_document_readable(row, key)
    return len(new)
