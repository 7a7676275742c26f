"""The clock: directors who want it are told of responses once the Board can read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from members.models import Notice
from questionnaires import emails
from questionnaires.models import Questionnaire, Submission
from questionnaires.querysets import read_by_the_board

#: What became readable longer ago is not told of any more.
TOLD_WITHIN = timedelta(days=1)


def tell_the_board(now: datetime) -> int:
    """Tell the Board of questionnaires with responses that it can read since a short while at `now` (aware): those that
    were submitted since the last time, or all once the questionnaire is closed. Returns of how many questionnaires.
    Must not be called inside a transaction. One query if there is none.
    """
    since = now - TOLD_WITHIN
    rows = Submission.objects.on_record().filter(
        read_by_the_board("response__questionnaire__"),
        Q(submitted_at__gt=since) | Q(response__questionnaire__closed_at__gt=since),
    )
    newest = dict(rows.order_by().values_list("response__questionnaire").annotate(newest=Max("pk")))
    if not newest:
        return 0
    keys = {f"submissions-to-read:{pk}:{submission}": pk for pk, submission in newest.items()}
    told = set(Notice.objects.filter(kind="submissions_to_read", key__in=keys).values_list("key", flat=True))
    new = {questionnaire: key for key, questionnaire in keys.items() if key not in told}
    for row in Questionnaire.objects.filter(pk__in=new).order_by("pk"):
        with transaction.atomic():
            emails.submissions_to_read(row, new[row.pk])
    return len(new)
