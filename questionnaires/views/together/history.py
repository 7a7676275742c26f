"""Every text that an answer ever had, to be read and put back; and what changed lately in the whole response."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.wording import marked
from members.signing_in import person_of
from questionnaires import history, kinds, operations
from questionnaires.editions import FrozenQuestion, FrozenSection
from questionnaires.exceptions import AnswerChangedMeanwhile
from questionnaires.models import Answer, Response
from questionnaires.removed import last_asked
from questionnaires.together_forms import ChangesForm
from questionnaires.views.answering import find_response, find_section, may_write


def find_question(
    request: HttpRequest, slug: str, section: int, question: int
) -> tuple[Response, FrozenSection, FrozenQuestion]:
    """A question of a section that the reader may open, else 404; with the response it is asked in."""
    response = find_response(request, slug, guests=True)
    frozen = find_section(request, response, section)
    asked = next((row for row in frozen.questions if row.id == question), None)
    if asked is None:
        raise Http404
    return response, frozen, asked


@login_required
@require_GET
def read_answer_history(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Who wrote what in one answer, newest first, with what each version changed."""
    response, frozen, asked = find_question(request, slug, section, question)
    return _render(request, response, frozen, asked, page=number_in(request.GET, "page"))


@login_required
@require_GET
def read_removed_history(request: HttpRequest, slug: str, question: int) -> HttpResponse:
    """The same for a question that is asked no more: every text that was written for it stays readable."""
    response = find_response(request, slug)
    if question in response.edition.questions.by_id:
        raise Http404
    found = last_asked(response.questionnaire, [question])
    if question not in found or find_answer(response, question) is None:
        raise Http404
    return _render(request, response, None, found[question][1], page=number_in(request.GET, "page"))


def _render(
    request: HttpRequest,
    response: Response,
    section: FrozenSection | None,
    question: FrozenQuestion,
    *,
    page: int = 1,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    answer = find_answer(response, question.id)
    page = max(page, 1)
    versions, pages = history.versions(answer, question, page=page) if answer else ([], 1)
    return render(
        request,
        "questionnaires/together/read_answer_history.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "section": section,
            "question": question,
            "answer": answer,
            "versions": versions,
            "page": min(page, pages),
            "pages": pages,
            "conflict": conflict,
            "may_restore": section is not None
            and request.user.has_perm("questionnaires.restore_answer", response)
            and may_write(request, response),
        },
        status=status,
    )


def find_answer(response: Response, question: int) -> Answer | None:
    """The stored answer, if the question was ever answered."""
    if not response.has_begun:
        return None
    return response.answers.select_related("saved_by", "prefilled_from").filter(question=question).first()


@login_required
@require_POST
def restore_answer(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Put an earlier text on top. If somebody saved meanwhile, both texts are shown, and nothing is changed."""
    response, frozen, asked = find_question(request, slug, section, question)
    authorise(request.user, "questionnaires.restore_answer", response)
    version = number_in(request.POST, "version")
    try:
        operations.restore_answer(
            response,
            question_id=asked.id,
            version=version,
            base_version=number_in(request.POST, "base"),
            by=person_of(request),
        )
    except AnswerChangedMeanwhile as refusal:
        theirs: Answer = refusal.answer
        earlier = theirs.revisions.get(version=version)
        old, new = marked(kinds.show(asked, earlier.value), kinds.show(asked, theirs.value))
        conflict = {"version": version, "answer": theirs, "earlier": old, "now": new, "message": str(refusal)}
        return _render(request, response, frozen, asked, conflict=conflict, status=409)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Version %(number)s is restored, as a new version.") % {"number": version})
    return redirect("questionnaires:read_answer_history", slug, section, question)


@login_required
@require_GET
def read_history(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in the whole response: the last hundred changes, of one person, in one section, on one day."""
    response = find_response(request, slug)
    form = ChangesForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in ("by", "section", "on")}
    return render(
        request,
        "questionnaires/together/read_history.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "sections": response.edition.questions.sections,
            "writers": history.writers(response) if response.has_begun else [],
            "changes": history.last_changes(response, **asked) if response.has_begun else [],
            "asked": asked,
            "most": history.LAST_CHANGES,
        },
    )
