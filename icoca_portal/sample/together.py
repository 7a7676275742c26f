"""How the delegation of Sweden works together on its draft: sections, notes, an earlier clearance. Invented."""

from __future__ import annotations

from datetime import timedelta

from icoca_portal.lib.days import today
from icoca_portal.sample.accounts import focal_point_of
from members.models import Delegation, User
from questionnaires import operations
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Questionnaire, Response

NOTES = (
    ("focal.se", "easier", "Sample note: shortened, so that the ministers read it. Is the second sentence needed?"),
    ("contributor.se", "easier", "Sample note: it is not. Taken out."),
    ("contributor.se", "share", "Sample note: the ministry of finance has not confirmed the figure yet."),
)


def assign(questionnaire: Questionnaire, delegation: Delegation) -> None:
    """Two sections have somebody who looks after them."""
    focal, contributor = focal_point_of("se"), User.objects.get(email="contributor.se@sample.example")
    sections = questionnaire.editions.get().questions.sections
    for place, person in ((0, focal), (1, contributor), (2, contributor)):
        operations.assign_section(questionnaire, delegation, section_id=sections[place].id or 0, user=person, by=focal)


def clear(questionnaire: Questionnaire, delegation: Delegation) -> None:
    """The draft was cleared once; what is changed afterwards makes the clearance lapse."""
    focal = focal_point_of("se")
    clearance = operations.send_for_clearance(
        questionnaire, delegation, of=None, message="Sample: the first four sections, for your agreement.", by=focal
    )
    operations.record_clearance(
        clearance,
        name="Sample Head of Department",
        on=today() - timedelta(days=1),
        seen=Response.objects.get(pk=clearance.response_id).changed_at,
        remark="Sample: agreed by telephone.",
        by=focal,
    )


def write_notes(response: Response, questions: dict[str, FrozenQuestion]) -> None:
    """Notes between colleagues."""
    for person, key, text in NOTES:
        writer = User.objects.get(email=f"{person}@sample.example")
        operations.write_note(response, question_id=questions[key].id, text=text, by=writer)
