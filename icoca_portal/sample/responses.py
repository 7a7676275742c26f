"""What the sample delegations answered, and what the Board remarks on it. All of it is invented, and each text says so.

Answers are written here by the keys of `plan.Q`: a scale as 1 to 5; choices as their places in the list, from 1, and a
text for “other”; a matrix as the column of each row; a ranking as the objectives in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.pdf import write_pdf
from icoca_portal.sample import board, together
from icoca_portal.sample.accounts import focal_point_of
from icoca_portal.sample.asking import S
from icoca_portal.sample.papers import position_paper
from icoca_portal.sample.plan import SECTIONS
from members.models import Delegation, User
from questionnaires import operations
from questionnaires.changes import Change
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Questionnaire, Response, Submission

Given = Mapping[str, Any]


def _given(importance: str, useful: str, order: str, **others: Any) -> dict[str, Any]:
    """Answers of one delegation; the first three are figures in a row: ``"453453"``."""
    scales = {f"importance_{number}": int(figure) for number, figure in enumerate(importance, start=1)}
    return {**scales, "useful": [int(f) for f in useful], "order": [int(f) for f in order], **others}


#: The delegations that have submitted, by code. `us` was returned afterwards.
SUBMITTED: dict[str, Given] = {
    "ch": _given(
        "545435",
        "3333",
        "146253",
        guide="yes",
        easier="Sample: a model text for the decree by which a government joins.\n\n"
        "Sample: one contact in the Association for governments.",
        clients=([1, 2, 3], ""),
        shorter=(1, ""),
        share="50",
        budget_day="2018-08-31",
        initiative="Sample initiative for fair recruitment",
        missing="Sample: the plan should say what the Association will stop doing when a seventh objective appears.",
        paper=True,
        guide_first="Sample: what a government member does in a year",
        workshop="CH",
        steps=[
            {"step": "Sample: a letter to all ministries that buy security", "by": "2018-09-30"},
            {"step": "Sample: a clause that tenders can take over", "by": "2018-12-31"},
        ],
        initiative_page="https://fair-recruitment.sample.example/",
        contact="office.ch@sample.example",
    ),
    "us": _given(
        "455354",
        "3323",
        "231465",
        guide="yes",
        easier="Sample: examples of contracts in which governments refer to the Code already.",
        clients=([1, 4], ""),
        shorter=(3, ""),
        share="60",
        budget_day="2018-09-30",
        initiative="Sample council of buyers",
        missing="Sample: that governments carry a third of the budget at most.",
        guide_first="Sample: how contracts refer to the Code",
        steps=[{"step": "Sample: a day for those who buy security", "by": "2018-10-15"}],
        contact="office.us@sample.example",
    ),
    "au": _given(
        "434543",
        "3422",
        "413265",
        guide="yes",
        easier="Sample: meetings by video, at an hour that suits all continents.",
        clients=([1, 4, 5], ""),
        shorter=(2, ""),
        share="40",
        initiative="Sample maritime code",
        guide_first="Sample: the costs",
        workshop="AU",
        initiative_page="https://maritime-code.sample.example/text",
    ),
    "ca": _given(
        "545344",
        "3332",
        "126345",
        guide="yes",
        clients=([1, 2, 4], ""),
        shorter=(4, ""),
        share="33",
        budget_day="2018-11-15",
        missing="Sample: a sentence on women in security work, and on how complaints reach the Association.",
        guide_first="Sample: the steps, one by one",
        steps=[{"step": "Sample: answers to questions that clients ask often"}],
    ),
    "de": _given(
        "345434",
        "3323",
        "314256",
        guide="yes",
        easier="Sample: a page that says what joining costs, and to what it obliges.",
        clients=([1, 2], "Sample: insurers"),
        shorter=(1, ""),
        initiative="Sample round table on tenders",
        missing="Sample: how the Association wants to keep the standard while the way to it becomes shorter.",
        guide_first="Sample: what joining obliges a government to",
        workshop="CH",
    ),
    "es": _given(
        "344323",
        "2322",
        "241356",
        guide="no",
        easier="Sample: a lower contribution in the first year.",
        clients=([5], ""),
        shorter=(0, "Sample: a list of auditors who speak the language of the company"),
    ),
    "fr": _given(
        "443355",
        "2332",
        "162435",
        guide="no",
        easier="Exemple (sample) : une version française des textes de l’Association, tenue à jour.",
        clients=([1, 3, 4], ""),
        shorter=(2, ""),
        initiative="Sample initiative of regional training centres",
        missing="Exemple (sample) : le plan devrait dire comment la société civile sera associée aux visites sur le "
        "terrain.",
    ),
    "gb": _given(
        "555443",
        "3333",
        "321456",
        guide="yes",
        clients=([1, 2, 3, 4, 5], ""),
        shorter=(1, ""),
        share="50",
        budget_day="2019-03-31",
        initiative="Sample industry forum",
        missing="Sample: a timetable. Which objective is worked on in which quarter, and by whom.",
        guide_first="Sample: a timetable",
        workshop="PT",
        contact="office.gb@sample.example",
    ),
    "it": _given(
        "334432",
        "2232",
        "432156",
        guide="no",
        clients=([5], ""),
        shorter=(4, ""),
        easier="Sample: visits of the Board to the ministries in charge, in Italy as elsewhere.",
    ),
    "jp": _given(
        "423442",
        "2324",
        "415326",
        guide="no",
        easier="Sample: 加盟手続きの手引き (a guide to the steps of joining).",
        clients=([2, 5], ""),
        budget_day="2018-12-20",
        workshop="JP",
    ),
    "nl": _given(
        "454355",
        "3332",
        "265134",
        guide="no",
        easier="Sample: a way to take part as an observer first.",
        clients=([2, 3, 5], ""),
        shorter=(3, ""),
        share="45",
        initiative="Sample partnership for responsible supply chains",
        missing="Sample: what a participant can do for an objective without being a member.",
        workshop="CH",
        steps=[{"step": "Sample: talks with banks and insurers", "by": "2019-03-01"}],
    ),
    "no": _given(
        "554545",
        "3332",
        "142635",
        guide="yes",
        clients=([1, 3, 4, 5], "Sample: pension funds that own such companies"),
        shorter=(1, ""),
        share="62.5",
        budget_day="2018-10-08",
        initiative="Sample voluntary principles for extraction",
        missing="Sample: a yearly report to the participants, two pages long.",
        guide_first="Sample: what has changed for those who joined",
        initiative_page="https://voluntary-principles.sample.example/",
    ),
}

#: The half-written response of `se`: first by the contributor, then by the focal point, who changes one answer.
DRAFT_OF_CONTRIBUTOR: Given = {
    "importance_1": 4,
    "guide": "yes",
    "easier": "Sample: first thoughts, to be cleared. To be compared with what others write.",
    "importance_2": 3,
    "clients": ([1, 2], ""),
    "importance_3": 4,
}
DRAFT_OF_FOCAL_POINT: Given = {
    "easier": "Sample: a short note on the rights and duties of a government member, for the ministers.",
    "importance_4": 5,
    "share": "55",
}

REASON = (
    "Sample: question 5.2 says that governments should carry 60 % of the budget, question 7.2 says a third at most. "
    "Correct one of the two, and submit again."
)

EXTENSION = "Sample: a week more, to correct the answer that is not clear."

#: What may be quoted in the results, by delegation and question.
QUOTED: dict[str, Mapping[str, str]] = {
    "ch": {"easier": "named", "missing": "unnamed"},
    "us": {"easier": "unnamed"},
    "au": {"easier": "unnamed"},
    "ca": {"missing": "named"},
    "de": {"easier": "unnamed", "missing": "unnamed"},
    "fr": {"missing": "named"},
    "gb": {"missing": "unnamed"},
    "it": {"easier": "unnamed"},  # held back until somebody decides: it tells whose it is
    "nl": {"easier": "named", "missing": "unnamed"},
    "no": {"missing": "unnamed"},
}

#: Delegation, question, text of the director's remarks.
REMARKS = (
    ("ch", "missing", "Sample remark: worth a paragraph of its own in the plan. To be discussed with the Chair."),
    ("de", "missing", "Sample remark: to be read together with the answers to question 3.2."),
    (
        "gb",
        "importance_3",
        "Sample remark: the highest mark, and the wish for a timetable. It may be one thing.",
    ),
)


def load(questionnaire: Questionnaire, *, by: User, director: User) -> int:
    """Write, submit, return and remark on the responses of a questionnaire that was just opened. Returns how many.

    `by` is of the secretariat.
    """
    questions = questions_of(questionnaire, SECTIONS)
    delegations = {d.code.lower(): d for d in Delegation.objects.select_related("organisation")}
    submissions: dict[str, Submission] = {}
    for code, given in SUBMITTED.items():
        writer = focal_point_of(code)
        response = write(questionnaire, delegations[code], questions, {**given, "read_by_board": "yes"}, by=writer)
        for key, quote in QUOTED.get(code, {}).items():
            operations.choose_quotation(questionnaire, delegations[code], questions[key].id, quote, by=writer)
        response.refresh_from_db()
        submissions[code] = operations.submit_response(response, by=writer)
    operations.return_response(submissions["us"].response, reason=REASON, by=by)
    operations.extend_deadline(
        questionnaire,
        delegations["us"],
        until=questionnaire.deadline + timedelta(days=7),
        reason=EXTENSION,
        by=by,
    )
    _draft(questionnaire, delegations["se"], questions)
    for code, key, text in REMARKS:
        operations.write_remark(submissions[code], question_id=questions[key].id, text=text, by=director)
    board.load(questionnaire, submissions, questions, director=director)
    return len(submissions) + 1


def _draft(questionnaire: Questionnaire, delegation: Delegation, questions: dict[str, FrozenQuestion]) -> None:
    """The half-written draft of two people, cleared once and changed since."""
    contributor = User.objects.get(email="contributor.se@sample.example")
    write(questionnaire, delegation, questions, DRAFT_OF_CONTRIBUTOR, by=contributor)
    together.assign(questionnaire, delegation)
    together.clear(questionnaire, delegation)
    response = write(questionnaire, delegation, questions, DRAFT_OF_FOCAL_POINT, by=focal_point_of("se"))
    together.write_notes(response, questions)


def questions_of(questionnaire: Questionnaire, sections: Sequence[S]) -> dict[str, FrozenQuestion]:
    """The frozen questions by the keys of the sections they were made from: they stand in the same order."""
    keys = [question.key for section in sections for question in section.questions]
    return dict(zip(keys, questionnaire.editions.get().questions, strict=True))


def write(
    questionnaire: Questionnaire,
    delegation: Delegation,
    questions: Mapping[str, FrozenQuestion],
    given: Given,
    *,
    by: User,
) -> Response:
    """Save the answers of a delegation, given by the keys of their questions."""
    there = dict(
        Response.objects.filter(questionnaire=questionnaire, delegation=delegation).values_list(
            "answers__question", "answers__version"
        )
    )
    typed = {key: value for key, value in given.items() if questions[key].kind != "file"}
    changes = [
        Change(questions[key].id, _value(questions[key], value), there.get(questions[key].id) or 0)
        for key, value in typed.items()
    ]
    response, _saved = operations.save_answers(questionnaire, delegation, changes, by=by)
    for key in given.keys() - typed.keys():
        upload = SimpleUploadedFile("sample-position.pdf", write_pdf(position_paper(str(delegation))))
        operations.attach_file(questionnaire, delegation, questions[key].id, upload, by=by)
    return response


def _value(question: FrozenQuestion, given: Any) -> Any:
    """What is stored for an answer that was written down in short (see the top of this module)."""
    keys = [choice.key for choice in question.choices]
    match question.kind:
        case "single":
            place, other = given
            return {"choice": keys[place - 1] if place else "other", "other": other}
        case "multiple":
            places, other = given
            return {"choices": _at(keys, places) + (["other"] if other else []), "other": other}
        case "ranking":
            return {key: rank for rank, key in enumerate(_at(keys, given), start=1)}
        case "matrix":
            columns = zip(question.rows, _at(keys, given), strict=True)
            return {row.key: column for row, column in columns}
    return given


def _at(keys: list[str], places: Iterable[int]) -> list[str]:
    return [keys[place - 1] for place in places]
