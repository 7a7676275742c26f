"""What the Board does with what was submitted."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import User
from questionnaires.exceptions import NothingSubmitted
from questionnaires.models import Remark, Response, Submission


@transaction.atomic
def write_remark(submission: Submission, *, question_id: int, text: str, by: User) -> Remark:
    """Put a director's remark beside one answer of a submission; the same words sent twice are one remark.

    Raises NothingSubmitted for a question that is not in the submission.
    """
    text = text.strip()
    if not text:
        raise ValueError("a remark says something")
    if question_id not in submission.record.by_id:
        raise NothingSubmitted(_("The submission does not hold this question."))
    # The response's row makes a double click wait for the first one; the submission's own is sealed.
    Response.objects.select_for_update().get(pk=submission.response_id)
    remark, _made = Remark.objects.get_or_create(
        submission=submission, question_id=question_id, text=text, written_by=by
    )
    return remark
