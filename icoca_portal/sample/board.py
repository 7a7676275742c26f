"""What the Board makes of the sample responses: themes, a remark with its reply, a discussion, conclusions.

That the Board discussed the responses in May 2018 is on record; what it thinks of them is invented and says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from meetings.models import Meeting
from members.models import User
from questionnaires import operations
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Discussion, Questionnaire, Remark, Submission

#: Theme, delegation, question, words of the answer.
PASSAGES = (
    ("Words and models to take over", "ch", "easier", "a model text for the decree"),
    ("Words and models to take over", "us", "easier", "examples of contracts"),
    ("Costs of joining", "de", "easier", "what joining costs"),
    ("Costs of joining", "es", "easier", "a lower contribution in the first year"),
    ("Order and timetable", "gb", "missing", "a timetable"),
    ("Order and timetable", "ch", "missing", "what the Association will stop doing"),
)

REPLY = "Sample reply: the secretariat could draft that paragraph before the next session."

DRAFT = (
    "<p>Sample: a draft. The delegations ask for texts and models that a government can take over, and for clear "
    "words on what joining costs.</p><ul><li>Sample: write the guide first.</li>"
    "<li>Sample: name one person whom governments can ask.</li></ul>"
)

PUBLISHED = (
    "<p>Sample conclusion: a guide alone is not enough for all. The next plan should say what governments find besides "
    "it: a contact, and examples to take over.</p>"
)


def load(
    questionnaire: Questionnaire,
    submissions: Mapping[str, Submission],
    questions: Mapping[str, FrozenQuestion],
    *,
    director: User,
) -> None:
    """Themes with passages, a reply to the first remark, the discussion of May 2018, and a draft conclusion."""
    for theme, code, key, words in PASSAGES:
        operations.tag_passage(submissions[code], question_id=questions[key].id, text=words, theme=theme, by=director)
    remark = Remark.objects.filter(submission=submissions["ch"], answers=None).earliest("written_at")
    operations.write_remark(submissions["ch"], question_id=remark.question_id, text=REPLY, answers=remark, by=director)
    # Its day is not on record, which the operation would ask for.
    Discussion.objects.create(
        questionnaire=questionnaire, occasion="Board of Directors, May 2018", recorded_by=director
    )
    ninth = Meeting.objects.get(working_group__slug="icoca", number=9)
    operations.record_discussion(questionnaire, meeting=ninth, by=director)
    objective = questionnaire.plan.objectives.get(number=1) if questionnaire.plan else None
    operations.write_conclusion(questionnaire, objective, text=DRAFT, base=0, by=director)


def conclude(questionnaire: Questionnaire, *, director: User, by: User) -> None:
    """What the Board concluded from the earlier consultation, which participants read. `by` is of the secretariat."""
    objective = questionnaire.plan.objectives.get(number=1) if questionnaire.plan else None
    conclusion = operations.write_conclusion(questionnaire, objective, text=PUBLISHED, base=0, by=director)
    operations.publish_conclusion(questionnaire, objective, seen=conclusion.version, by=by)
