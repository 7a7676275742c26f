"""What the tests of a delegation's pages share: a questionnaire, its states, and forms as a browser would send them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from icoca_portal.lib.refusals import Refusal
from members.models import Delegation, User
from questionnaires import operations
from questionnaires.models import Answer, Question, Questionnaire, Response
from tests import factories
from tests.factories import VALUES, question_of

SLUG = "sample-plan"
SECRET = "An unmistakable draft that nobody else reads"
# People of the cast who belong to no delegation: the page is refused to them, whatever office they hold.
WITHOUT_DELEGATION = ("chair", "director", "secretariat", "superuser")
STATES = ("past_deadline", "closed", "submitted")
PDF = b"%PDF-1.7\nSample paper\n%%EOF\n"


def make_questionnaire(**options: Any) -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug=SLUG, code="SP", **options)


def address(name: str, *args: Any) -> str:
    return reverse(f"questionnaires:{name}", args=[SLUG, *args])


def answer_address(question: Question) -> str:
    return address("save_answer", question.section.position, question.pk)


def draft(questionnaire: Questionnaire, delegation: Delegation, **values: Any) -> Response:
    """A complete draft; `values` by kind replace the usual ones."""
    return factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, values=values)


def bring_to(state: str, response: Response, by: User) -> None:
    """Bring an open questionnaire with this draft into one of `STATES`, or into ``returned``."""
    questionnaire = response.questionnaire
    if state == "past_deadline":
        now = timezone.now()
        Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=now - timedelta(seconds=1))
    elif state == "closed":
        operations.close_questionnaire(questionnaire, by=by)
    else:
        operations.submit_response(response, by=by)
        if state == "returned":
            operations.return_response(response, reason="Sample reason to return", by=by)


def value_of(response: Response, kind: str) -> Any:
    """What is stored now for the first question of a kind."""
    return Answer.objects.get(response=response, question=question_of(response.questionnaire, kind)).value


def fields_on(page: Any) -> dict[str, list[str]]:
    """What a browser without JavaScript would send from the section form of a page, nobody having touched it."""
    form = next(form for form in html.document_fromstring(page.text).iter("form") if form.get("enctype"))
    fields: dict[str, list[str]] = {}
    for name, value in cast(html.FormElement, form).form_values():
        # A browser ends the lines of a text with both signs.
        fields.setdefault(name, []).append(value.replace("\n", "\r\n"))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def posted(kind: str, question: Question, value: Any, base: int) -> dict[str, Any]:
    """What the field of a text posts, with the version it started from."""
    return {f"q{question.pk}": value, f"q{question.pk}-version": str(base)}


def query(pairs: list[tuple[str, str]]) -> QueryDict:
    """Posted names and values."""
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


def queries(browser: Client, url: str) -> int:
    """How many queries a page costs a reader who has been there before."""
    assert browser.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def widen(questionnaire: Questionnaire, questions: int) -> None:
    """A draft questionnaire with one section of so many questions, then opened."""
    section = factories.SectionFactory(questionnaire=questionnaire, position=1)
    kinds = list(VALUES)
    for number in range(questions):
        factories.QuestionFactory(section=section, position=number + 1, kind=kinds[number % len(kinds)])
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())


def narrow_and_wide(delegation: Delegation) -> tuple[str, str]:
    """The addresses' slugs of two questionnaires of 1 and 30 questions, answered throughout by several people."""
    slugs = []
    for count in (1, 30):
        questionnaire = Questionnaire.objects.create(
            title=f"Sample of {count}",
            slug=f"of-{count}",
            code=f"OF{count}",
            deadline=timezone.now() + timedelta(days=9),
        )
        widen(questionnaire, count)
        for question in questionnaire.edition.questions:
            change = operations.Change(question.id, VALUES[question.kind], 0)
            operations.save_answers(questionnaire, delegation, [change], by=factories.UserFactory())
        slugs.append(questionnaire.slug)
    return slugs[0], slugs[1]


def assert_same_queries(client_of: Callable[..., Client], delegation: Delegation, name: str, *args: Any) -> None:
    """A page costs the same queries for 1 and for 30 questions, at most 12."""
    narrow, wide = narrow_and_wide(delegation)
    browser = client_of("focal_point")
    few = queries(browser, reverse(f"questionnaires:{name}", args=[narrow, *args]))
    many = queries(browser, reverse(f"questionnaires:{name}", args=[wide, *args]))
    assert few == many <= 12


def at_once(tasks: list[Any]) -> list[Any]:
    """The results, or refusals, of functions that start at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Any) -> Any:
        barrier.wait(60)
        try:
            return task()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))
