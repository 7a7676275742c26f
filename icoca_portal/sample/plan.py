"""The strategic plan of 2018 and the questionnaire on it. The objectives are those of the plan; the words that explain
them, and the questions, are written for the sample site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from icoca_portal.lib.days import geneva, today
from icoca_portal.sample.asking import Q, S, make_sections
from icoca_portal.sample.french import FRENCH
from members.models import User
from questionnaires import operations
from questionnaires.models import Milestone, Objective, Question, Questionnaire, StrategicPlan

SLUG = "strategic-plan-2018"
CODE = "SP2018"
DAYS_TO_ANSWER = 12

#: Title and meaning of each objective, in their order.
OBJECTIVES = (
    (
        "Government membership and recognition",
        "More governments join the Association, or refer to it in their laws, their contracts and their policies.",
    ),
    (
        "Client engagement",
        "Those who hire security companies know the Code, ask for it in their tenders and look at how it is kept.",
    ),
    (
        "Streamlined certification",
        "The way to certification is clear and no longer than it has to be, and asks for no less than before.",
    ),
    (
        "Operational awareness and credibility",
        "The Association knows how its members work in the field, and what it says of them is trusted.",
    ),
    (
        "Broader funding",
        "The Association lives on the means of many, and not of a few.",
    ),
    (
        "Synergies with other initiatives",
        "What others do to regulate private security and the work of the Association strengthen each other.",
    ),
)

#: The steps on the way to the plan, as they are known.
MILESTONES: tuple[dict[str, Any], ...] = (
    {
        "title": "Questionnaire circulated to the participants",
        "date_note": "Before June 2018",
        "note": "Written responses came back.",
        "is_done": True,
    },
    {"title": "Responses discussed by the Board of Directors", "date_note": "May 2018", "is_done": True},
    {
        "title": "Participants told how the plan is being drawn up",
        "date": date(2018, 6, 6),
        "note": "At the ninth exchange of the Working Group.",
        "is_done": True,
    },
    {"title": "Plan final, and shared with the participants", "date": date(2018, 11, 30)},
    {"title": "Plan presented at the Annual General Assembly", "date_note": "2018"},
)

INTRODUCTION = (
    "The Association is writing its Strategic Plan, and asks the participants of the Montreux Document what it should "
    "aim at. Each delegation answers once. The answers go to the Board of Directors, which discusses them before the "
    "plan becomes final.\n\n"
    "Sample: this questionnaire was written for the sample site."
)


def _importance(number: int, that: str) -> Q:
    return Q(
        f"importance_{number}",
        Question.Kind.SCALE,
        f"How important is it to your delegation that {that}?",
        required=True,
        extra={"low_label": "not important", "high_label": "very important"},
        earlier="2017_importance" if number == 1 else "",
    )


SECTIONS = (
    S(
        "governments",
        OBJECTIVES[0][0],
        "Seven governments are members of the Association. More could join it, or recognise it in other ways.",
        1,
        (
            _importance(1, "more governments join or recognise the Association"),
            Q(
                "guide",
                Question.Kind.YES_NO,
                "Should the Association write a guide for governments that consider joining?",
                required=True,
                extra={"help_text": "What it means to be a member, and the steps on the way."},
            ),
            Q(
                "easier",
                Question.Kind.LONG_TEXT,
                "What would make it easier for governments to join?",
                extra={"help_text": "Name what stands in the way, and who could remove it.", "word_limit": 150},
                earlier="2017_easier",
            ),
            Q(
                "guide_first",
                Question.Kind.SHORT_TEXT,
                "What should the guide explain first?",
                extra={"word_limit": 20},
                only_if=("guide", "one_of", ["yes"]),
            ),
            Q(
                "workshop",
                Question.Kind.COUNTRY,
                "In which country should a workshop for governments that consider joining be held?",
            ),
        ),
    ),
    S(
        "client_engagement",
        OBJECTIVES[1][0],
        "Clients decide by their contracts whether a security company has a reason to keep the Code.",
        2,
        (
            _importance(2, "the clients of security companies know the Code and ask for it"),
            Q(
                "clients",
                Question.Kind.MULTIPLE,
                "Which clients should the Association turn to first?",
                required=True,
                extra={
                    "help_text": "Choose all that apply.",
                    "choices": "Ministries and embassies\nInternational organisations\nHumanitarian organisations\n"
                    "Mining, oil and gas companies\nShipping companies",
                    "has_other": True,
                },
                earlier="2017_clients",
            ),
            Q(
                "steps",
                Question.Kind.TABLE,
                "What should the Association do with clients, and by when?",
                extra={
                    "help_text": "One row a step, five at most.",
                    "max_rows": 5,
                    "columns": [
                        {"key": "step", "label": "Step", "type": "text"},
                        {"key": "by", "label": "By", "type": "date"},
                    ],
                },
            ),
        ),
    ),
    S(
        "certification",
        OBJECTIVES[2][0],
        "A company that seeks certification brings proof that it meets a standard and keeps the Code.",
        3,
        (
            _importance(3, "the way to certification becomes shorter"),
            Q(
                "shorter",
                Question.Kind.SINGLE,
                "What would shorten the way most, without asking for less?",
                extra={
                    "choices": "Accept audits that were made already\nPublish how long each stage takes\n"
                    "One application for membership and certification\nHelp small companies to prepare",
                    "has_other": True,
                },
            ),
        ),
    ),
    S(
        "awareness",
        OBJECTIVES[3][0],
        "The Association follows the work of its members by reviews in the field, by complaints and by reports.",
        4,
        (
            _importance(4, "the Association knows and shows how its members work in the field"),
            Q(
                "useful",
                Question.Kind.MATRIX,
                "How useful is each of these to your authorities?",
                required=True,
                extra={
                    "help_text": "One answer in each row.",
                    "rows": "Guidance on grievance mechanisms\nField-based reviews\nWorkshops with civil society\n"
                    "Figures on complaints",
                    "choices": "Not useful\nUseful\nVery useful\nNo view",
                },
            ),
        ),
    ),
    S(
        "funding",
        OBJECTIVES[4][0],
        "The Association needs means that last. What you write here is for the Board’s discussion and binds nobody.",
        5,
        (
            _importance(5, "more governments and others share the cost of the Association"),
            Q(
                "share",
                Question.Kind.NUMBER,
                "Which share of the Association’s budget should come from governments?",
                extra={
                    "help_text": "In per cent. Leave it empty if you cannot say.",
                    "unit": "%",
                    "minimum": 0,
                    "maximum": 100,
                },
            ),
            Q(
                "budget_day",
                Question.Kind.DATE,
                "By which day should governments know what the Association needs for the next year?",
                extra={"help_text": "Early enough for their own budgets."},
            ),
        ),
    ),
    S(
        "synergies",
        OBJECTIVES[5][0],
        "Other initiatives set rules for private security, too: for one trade, one region, or one kind of client.",
        6,
        (
            _importance(6, "the Association works together with other initiatives"),
            Q(
                "initiative",
                Question.Kind.SHORT_TEXT,
                "With which initiative should the Association work first?",
                extra={"help_text": "One name, or a few words.", "word_limit": 20},
            ),
            Q(
                "initiative_page",
                Question.Kind.URL,
                "Which page of that initiative should the Board read?",
                only_if=("initiative", "answered", []),
            ),
        ),
    ),
    S(
        "else",
        "Anything else",
        "The order of the objectives, what is missing, and papers that the Board should read.",
        None,
        (
            Q(
                "order",
                Question.Kind.RANKING,
                "In which order should the Association pursue its six objectives?",
                required=True,
                extra={
                    "help_text": "1 is the first. Give each number once.",
                    "choices": "\n".join(title for title, _summary in OBJECTIVES),
                },
            ),
            Q(
                "missing",
                Question.Kind.LONG_TEXT,
                "What else should the Strategic Plan say?",
                extra={"word_limit": 300, "takes_files": True},
                earlier="2017_missing",
            ),
            Q(
                "paper",
                Question.Kind.FILE,
                "Attach a paper that the Board should read",
                extra={"help_text": "A position of your government, for example. PDF, Word, Excel or a picture."},
            ),
            Q(
                "contact",
                Question.Kind.EMAIL,
                "To which address may the Board write with a question on these answers?",
                extra={"help_text": "That of an office rather than of a person."},
            ),
            Q(
                "read_by_board",
                Question.Kind.CONFIRMATION,
                "We know that the Board of Directors reads these answers.",
                required=True,
            ),
        ),
    ),
)


def deadline() -> datetime:
    """18:00 in Geneva, twelve days from today."""
    return datetime.combine(today() + timedelta(days=DAYS_TO_ANSWER), time(18), tzinfo=geneva())


def load_plan() -> StrategicPlan:
    """Make the plan with its objectives and the steps on the way, unless it is there. Its text is not final yet."""
    plan, made = StrategicPlan.objects.get_or_create(
        slug=SLUG,
        defaults={
            "title": "Strategic Plan 2018",
            "summary": "Six objectives of the Association for 2018. Sample: their explanations are invented.",
        },
    )
    if made:
        Objective.objects.bulk_create(
            Objective(plan=plan, number=number, title=title, summary=summary)
            for number, (title, summary) in enumerate(OBJECTIVES, start=1)
        )
        Milestone.objects.bulk_create(
            Milestone(plan=plan, position=position, **step) for position, step in enumerate(MILESTONES, start=1)
        )
    return plan


def load(plan: StrategicPlan, *, by: User, earlier: Mapping[str, Question]) -> tuple[Questionnaire, bool]:
    """Open the questionnaire on the plan, unless it is there. Returns it, and whether it was made.

    `earlier` are the questions of an earlier questionnaire that it repeats, by key.
    """
    there = Questionnaire.objects.filter(slug=SLUG).first()
    if there is not None:
        return there, False
    questionnaire = Questionnaire.objects.create(
        title="Strategic Plan 2018",
        slug=SLUG,
        code=CODE,
        plan=plan,
        introduction=INTRODUCTION,
        translations={"fr": FRENCH[CODE]},
        deadline=deadline(),
    )
    make_sections(questionnaire, plan, SECTIONS, earlier)
    operations.open_questionnaire(questionnaire, by=by)
    return questionnaire, True


def keep_deadline_to_come(questionnaire: Questionnaire, *, by: User) -> bool:
    """Move the deadline of the open questionnaire if it has passed; returns whether it was moved.

    A questionnaire that somebody has closed stays closed.
    """
    if questionnaire.state != Questionnaire.State.OPEN or questionnaire.deadline > timezone.now():
        return False
    operations.move_deadline(questionnaire, to=deadline(), by=by)
    return True
