"""An earlier questionnaire, closed, with published results. It is invented from beginning to end and says so.

It is there so that results can be read, and so that delegations have something to take over into their response on the
Strategic Plan. Its days lie in 2017; nobody gets mail about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from icoca_portal.lib.days import geneva
from icoca_portal.sample import board
from icoca_portal.sample.accounts import focal_point_of
from icoca_portal.sample.asking import Q, S, make_sections
from icoca_portal.sample.clock import happening
from icoca_portal.sample.french import FRENCH
from icoca_portal.sample.responses import Given, questions_of, write
from members.models import Delegation, User
from questionnaires import operations
from questionnaires.models import Question, Questionnaire, StrategicPlan

SLUG = "sample-consultation-2017"
CODE = "SC2017"
OPENED = datetime(2017, 9, 4, 9, tzinfo=geneva())
ANSWERED = datetime(2017, 9, 20, 11, tzinfo=geneva())
DEADLINE = datetime(2017, 9, 29, 18, tzinfo=geneva())
CLOSED = datetime(2017, 10, 2, 9, tzinfo=geneva())
PUBLISHED = datetime(2017, 10, 16, 9, tzinfo=geneva())

SECTIONS = (
    S(
        "2017_governments",
        "Governments and the Association",
        "",
        1,
        (
            Q(
                "2017_importance",
                Question.Kind.SCALE,
                "How important is it to your delegation that more governments join or recognise the Association?",
                required=True,
                extra={"low_label": "not important", "high_label": "very important"},
            ),
            Q(
                "2017_guide",
                Question.Kind.YES_NO,
                "Would a guide be enough for governments that consider joining?",
                required=True,
            ),
            Q(
                "2017_instead",
                Question.Kind.SHORT_TEXT,
                "What is needed besides a guide?",
                required=True,
                extra={"word_limit": 20},
                only_if=("2017_guide", "one_of", ["no"]),
            ),
            Q(
                "2017_easier",
                Question.Kind.LONG_TEXT,
                "What would make it easier for governments to join?",
                extra={"word_limit": 150},
            ),
        ),
    ),
    S(
        "2017_clients_section",
        "Clients and means",
        "",
        2,
        (
            Q(
                "2017_clients",
                Question.Kind.MULTIPLE,
                "Which clients should the Association turn to first?",
                required=True,
                extra={
                    "choices": "Ministries and embassies\nInternational organisations\nHumanitarian organisations\n"
                    "Mining, oil and gas companies\nShipping companies",
                    "has_other": True,
                },
            ),
            Q(
                "2017_share",
                Question.Kind.NUMBER,
                "Which share of the Association’s budget should come from governments?",
                extra={"unit": "%", "minimum": 0, "maximum": 100},
            ),
            Q(
                "2017_order",
                Question.Kind.RANKING,
                "In which order should the Association look after these tasks?",
                extra={"choices": "Field-based reviews\nCertification\nComplaints"},
            ),
            Q(
                "2017_missing",
                Question.Kind.LONG_TEXT,
                "What should the next strategic plan say?",
                extra={"word_limit": 300},
            ),
        ),
    ),
)


def _given(importance: int, clients: str, order: str, instead: str = "", **others: Any) -> dict[str, Any]:
    """Answers of one delegation; without `instead` a guide is enough."""
    given: dict[str, Any] = {
        "2017_importance": importance,
        "2017_guide": "no" if instead else "yes",
        "2017_clients": ([int(place) for place in clients], ""),
        "2017_order": [int(place) for place in order],
        **{f"2017_{key}": text for key, text in others.items()},
    }
    return {**given, "2017_instead": instead} if instead else given


#: By code. All of it is invented.
ANSWERS: dict[str, Given] = {
    "ch": _given(
        5, "123", "132", share="50", easier="Sample: one person in the Association whom governments can ask.",
        missing="Sample: how the Association measures what it has achieved.",
    ),
    "us": _given(
        4, "14", "213", share="40", easier="Sample: contracts that refer to the Code already, as examples.",
        missing="Sample: a budget for three years.",
    ),
    "se": _given(
        5, "12", "321", "Sample: a visit to the capital", share="55",
        easier="Sample: a short paper for ministers on the rights and duties of a government member.",
        missing="Sample: that reviews in the field come before everything else.",
    ),
    "pt": _given(
        4, "25", "132", "Sample: a text in the language of the country", share="45",
        easier="Sample: to hear from those who have joined how long it took them.",
        missing="Sample: how small companies are helped on the way to certification.",
    ),
    "au": _given(4, "145", "123", share="35", easier="Sample: meetings by video."),
    "ca": _given(3, "124", "312", "Sample: a model decree", share="33", missing="Sample: women in security work."),
    "de": _given(5, "12", "231", share="60", easier="Sample: a page that says what joining costs."),
    "es": _given(2, "5", "123", "Sample: a lower first contribution"),
    "fr": _given(3, "134", "132", "Exemple (sample) : un séminaire", share="50"),
    "gb": _given(5, "1245", "213", share="50", easier="Sample: a timetable from the first letter to membership."),
    "it": _given(3, "5", "321", "Sample: advice on the law of each country"),
    "jp": _given(4, "25", "213", missing="Sample: what is different at sea."),
    "nl": _given(4, "235", "123", share="45", easier="Sample: to take part as an observer first."),
    "no": _given(5, "1345", "132", share="62.5", missing="Sample: a yearly report, two pages long."),
}  # fmt: skip

#: What may be quoted, by delegation and question. The others said no, or nothing.
QUOTED: dict[str, Mapping[str, str]] = {
    "ch": {"2017_easier": "named", "2017_missing": "named"},
    "us": {"2017_easier": "unnamed"},
    "se": {"2017_easier": "unnamed", "2017_missing": "unnamed", "2017_instead": "unnamed"},
    "pt": {"2017_easier": "unnamed", "2017_instead": "unnamed"},
    "ca": {"2017_instead": "named", "2017_missing": "unnamed"},
    "de": {"2017_easier": "unnamed"},
    "gb": {"2017_easier": "named"},
    "nl": {"2017_easier": "unnamed"},
    "no": {"2017_missing": "named"},
}


def load(plan: StrategicPlan, *, by: User, director: User) -> tuple[dict[str, Question], int]:
    """Make the consultation with its responses and results, unless it is there. Returns its questions by key, and how
    many responses were made."""
    questionnaire = Questionnaire.objects.filter(slug=SLUG).first()
    written = 0
    if questionnaire is None:
        questionnaire = _load(plan, by, director)
        written = len(ANSWERS)
    keys = [question.key for section in SECTIONS for question in section.questions]
    rows = Question.objects.filter(section__questionnaire=questionnaire).order_by("section__position", "position", "pk")
    return dict(zip(keys, rows, strict=False)), written


def _load(plan: StrategicPlan, by: User, director: User) -> Questionnaire:
    questionnaire = Questionnaire.objects.create(
        title="Sample consultation 2017",
        slug=SLUG,
        code=CODE,
        plan=plan,
        introduction="Sample: this consultation and all its answers are invented. It shows how results are published, "
        "and how a delegation takes over what it answered before.",
        translations={"fr": FRENCH[CODE]},
        deadline=DEADLINE,
        reminder_days=[],
    )
    make_sections(questionnaire, plan, SECTIONS)
    with happening(OPENED):
        operations.open_questionnaire(questionnaire, by=by)
    questions = questions_of(questionnaire, SECTIONS)
    delegations = {d.code.lower(): d for d in Delegation.objects.select_related("organisation")}
    with happening(ANSWERED):
        for code, given in ANSWERS.items():
            writer, delegation = focal_point_of(code), delegations[code]
            response = write(questionnaire, delegation, questions, given, by=writer)
            for key, quote in QUOTED.get(code, {}).items():
                operations.choose_quotation(questionnaire, delegation, questions[key].id, quote, by=writer)
            response.refresh_from_db()
            operations.submit_response(response, by=writer)
    with happening(CLOSED):
        operations.close_questionnaire(questionnaire, by=by)
    with happening(PUBLISHED):
        operations.publish_results(questionnaire, by=by)
        board.conclude(questionnaire, director=director, by=by)
    return questionnaire
