"""Words between colleagues about a question, which never leave the delegation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.refusals import Refusal
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.editions import FrozenQuestion, FrozenSection
from questionnaires.models import Response
from questionnaires.together import notes_in
from questionnaires.together_forms import NoteForm
from questionnaires.views.together.history import find_question


@login_required
@require_GET
def read_notes(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """The thread about one question, as a page of its own."""
    return _render(request, *find_question(request, slug, section, question))


@login_required
@require_POST
def write_note(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Leave a note; htmx gets the thread, a plain form comes back to the question."""
    response, frozen, asked = find_question(request, slug, section, question)
    authorise(request.user, "questionnaires.write_note", response)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _render(request, response, frozen, asked, form=form, status=422)
    if not response.has_begun:
        try:
            response = operations.begin_response(response.questionnaire, response.delegation)
        except Refusal as refusal:
            form.add_error("note", str(refusal))
            return _render(request, response, frozen, asked, form=form, status=422)
    operations.write_note(
        response,
        question_id=asked.id,
        text=form.cleaned_data["note"],
        tell=form.cleaned_data["tell"],
        by=person_of(request),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return _render(request, response, frozen, asked)
    return redirect(reverse("questionnaires:edit_section", args=[slug, section]) + f"#notes-{question}")


def _render(
    request: HttpRequest,
    response: Response,
    section: FrozenSection,
    question: FrozenQuestion,
    *,
    form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return render(
        request,
        f"questionnaires/together/{'_thread_alone' if is_fragment else 'read_notes'}.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "section": section,
            "question": question,
            "thread": notes_in(response, [question.id]).get(question.id, []),
            "form": form or NoteForm(),
        },
        status=status,
    )
