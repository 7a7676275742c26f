"""One section a page: its fields, saved one by one (htmx) or all with the section, files and quotations beside them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import number_in, whole_number
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.uploads import UploadRefused
from members.signing_in import person_of
from questionnaires import kinds, operations
from questionnaires.changes import Saved
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.exceptions import (
    AnswerChangedMeanwhile,
    FilesNotTaken,
    QuestionnaireClosed,
    QuestionNoLongerAsked,
    ResponseSealed,
)
from questionnaires.files import MOST_FILES, takes_files
from questionnaires.forms import (
    BoundQuestion,
    answers_of,
    bind,
    bind_section,
    posted_ids,
    read_change,
)
from questionnaires.guests import is_guest_of, may_open_section
from questionnaires.languages import content_for
from questionnaires.models import Answer, Response
from questionnaires.removed import last_asked
from questionnaires.together import beside_section, notes_in
from questionnaires.views.answering import (
    LANGUAGE,
    asked_in,
    find_response,
    find_section,
    in_language,
    may_write,
    switch_language,
)


@login_required
@require_http_methods(["GET", "POST"])
def edit_section(request: HttpRequest, slug: str, section: int) -> HttpResponse:
    """One section a page. GET shows its fields; POST is the plain Save, which works without JavaScript."""
    response = find_response(request, slug, guests=True)
    if request.method == "POST":
        return _save_section(request, response, section)
    frozen = find_section(request, response, section)
    if LANGUAGE in request.GET:
        return switch_language(request, response)
    asked = asked_in(response, content_for(request, response.edition))
    items = bind_section(frozen, response, writable=may_write(request, response), asked=asked)
    for item in items:
        # After “Add a row” without JavaScript the table comes back with one more, which holds nothing yet.
        item.least_rows = max(1, number_in(request.GET, f"rows-{item.question.id}"))
    return _render_section(request, response, frozen, items, asked=asked)


# The plain Save
def _save_section(request: HttpRequest, response: Response, number: int) -> HttpResponse:
    authorise(request.user, "questionnaires.save_answer", response)
    content = content_for(request, response.edition)
    section = _section_to_show(request, response, content, number)
    questions = _posted_questions(request, response, content)
    before = asked_in(response, content)
    changes = [change for q in questions.values() if (change := read_change(q, request.POST)) is not None]
    typed = {change.question_id: change.value for change in changes}
    person, questionnaire = person_of(request), response.questionnaire
    refused: dict[int, list[str]] = {}
    try:
        stored, saved = operations.save_answers(questionnaire, response.delegation, changes, by=person)
        refused = _save_beside(request, response, [q for q in questions.values() if q.id not in saved.gone])
    except (QuestionnaireClosed, ResponseSealed) as refusal:
        items = _bind_typed(section, response, typed=typed)
        return _render_section(request, response, section, items, refusal=str(refusal), status=409)
    if refused or not stored.has_begun:
        stored = find_response(request, questionnaire.slug, guests=True)  # a file may have begun it
    stored.questionnaire = questionnaire
    content = content_for(request, stored.edition)
    if saved.conflicts or saved.gone or refused:
        return _show_refused(request, stored, section, saved, typed, refused, questions)
    if table := _table_in_work(request, section):
        return table
    return _go_on(request, stored, content, section, before)


def _section_to_show(request: HttpRequest, response: Response, content: EditionContent, number: int) -> FrozenSection:
    """The section that was posted; the first one where an edition that came meanwhile has it no more."""
    try:
        return find_section(request, response, number)
    except Http404:
        if number <= len(content.sections) or not posted_ids(request.POST):
            raise
        return find_section(request, response, content.sections[0].number)


def _posted_questions(request: HttpRequest, response: Response, content: EditionContent) -> dict[int, FrozenQuestion]:
    """The questions whose fields were posted, also those that a later edition moved to another section or asks no
    more: what was typed for them must not vanish. Those in sections that the writer may not open are left out."""
    ids = posted_ids(request.POST)
    gone = last_asked(response.questionnaire, [pk for pk in ids if pk not in content.by_id])
    found = {}
    for pk in ids:
        if pk in gone:
            found[pk] = gone[pk][1]
        elif section := content.section_of(pk):
            try:
                find_section(request, response, section.number)
            except Http404:
                continue
            found[pk] = content.by_id[pk]
    return found


def _save_beside(request: HttpRequest, response: Response, questions: Iterable[FrozenQuestion]) -> dict[int, list[str]]:
    """Attach the files that were sent with the section, remove the one whose button was pressed, keep the quotations
    that were chosen. Gives what was refused of the files, by question."""
    refused: dict[int, list[str]] = {}
    questionnaire, delegation, by = response.questionnaire, response.delegation, person_of(request)
    for question in questions:
        for upload in request.FILES.getlist(f"q{question.id}-file") if takes_files(question) else ():
            try:
                operations.attach_file(questionnaire, delegation, question.id, upload, by=by)
            except (UploadRefused, FilesNotTaken) as refusal:
                refused.setdefault(question.id, []).append(f"{upload.name}: {refusal}")
        act, _dash, attachment = request.POST.get("go", "").partition(f"-{question.id}-")
        if act == "remove" and (key := whole_number(attachment, figures=18)) is not None:
            operations.remove_file(questionnaire, delegation, question.id, key, by=by)
        quote = request.POST.get(f"q{question.id}-quote", "")
        # Only what the writer chose: a page that is older than a colleague's choice does not undo it.
        if quote in Answer.Quote.values and quote != request.POST.get(f"q{question.id}-quote-was"):
            operations.choose_quotation(questionnaire, delegation, question.id, quote, by=by)
    return refused


def _show_refused(
    request: HttpRequest,
    response: Response,
    section: FrozenSection,
    saved: Saved,
    typed: dict[int, Any],
    refused: dict[int, list[str]],
    questions: dict[int, FrozenQuestion],
) -> HttpResponse:
    """The section as stored, with what could not be stored in its place: both versions, files, texts asked no more."""
    bases = {question: number_in(request.POST, f"q{question}-version") for question in saved.conflicts}
    items = _bind_typed(
        section,
        response,
        typed={pk: value for pk, value in typed.items() if pk in saved.conflicts},
        conflicts=saved.conflicts,
        bases=bases,
    )
    for item in items:
        item.file_errors = refused.get(item.question.id, [])
    gone = [
        {"question": questions[pk], "shown": kinds.show(questions[pk], typed[pk]), "why": why}
        for pk, why in saved.gone.items()
    ]
    elsewhere = [pk for pk in saved.conflicts if not any(item.question.id == pk for item in items)]
    moved = [bind(questions[pk], section.number, saved.conflicts[pk], writable=True) for pk in elsewhere]
    for item in moved:
        # The question stands in another section now: both versions are settled here, where the text was typed.
        item.value, item.conflict, item.base_version = typed[item.question.id], item.answer, bases[item.question.id]
    status = 409 if saved.conflicts else 422
    return _render_section(request, response, section, [*items, *moved], gone=gone, status=status)


def _table_in_work(request: HttpRequest, section: FrozenSection) -> HttpResponse | None:
    """Back to the table whose rows somebody adds or removes without JavaScript, with a row more or less."""
    act, _dash, rest = request.POST.get("go", "").partition("-")
    question = next((row for row in section.questions if str(row.id) == rest.partition("-")[0]), None)
    if question is None or question.kind != "table" or act not in ("add", "drop"):
        return None
    rows = len(kinds.row_numbers(request.POST, f"q{question.id}")) + (1 if act == "add" else -1)
    return redirect(f"{request.path}?rows-{question.id}={rows}#q-{question.id}")


def _go_on(
    request: HttpRequest, response: Response, content: EditionContent, section: FrozenSection, before: Collection[int]
) -> HttpResponse:
    """To the next section that asks something; back to this one if its answers opened more questions in it."""
    slug, asked = response.questionnaire.slug, asked_in(response, content)
    opened = [question for question in section.questions if question.id in asked and question.id not in before]
    if opened:
        messages.success(
            request,
            _("Section %(number)s is saved. Your answers open more questions in it.") % {"number": section.number},
        )
        return redirect(f"{request.path}#q-{opened[0].id}")
    messages.success(request, _("Section %(number)s is saved.") % {"number": section.number})
    if request.POST.get("go") != "next":
        return redirect("questionnaires:edit_section", slug, section.number)
    following = next_section(request, response, content, section, asked)
    if following is None:
        is_guest = is_guest_of(request.user, response)
        return redirect(f"questionnaires:{'read' if is_guest else 'check'}_response", slug)
    return redirect("questionnaires:edit_section", slug, following.number)


def next_section(
    request: HttpRequest, response: Response, content: EditionContent, section: FrozenSection, asked: Collection[int]
) -> FrozenSection | None:
    """The section after this one that asks something and that the reader may open; None after the last."""
    return next(
        (
            row
            for row in sections_open_to(request, response, content)
            if row.number > section.number and any(question.id in asked for question in row.questions)
        ),
        None,
    )


def sections_open_to(request: HttpRequest, response: Response, content: EditionContent) -> list[FrozenSection]:
    """The sections that the reader may open: all of them, for a guest their own."""
    return [section for section in content.sections if may_open_section(request.user, response, section.id)]


def _bind_typed(
    section: FrozenSection,
    response: Response,
    *,
    typed: dict[int, Any],
    conflicts: dict[int, Answer] | None = None,
    bases: dict[int, int] | None = None,
) -> list[BoundQuestion]:
    """The section as stored, with what was typed in place where it could not be stored."""
    items = bind_section(section, response, writable=True)
    for item in items:
        if item.question.id in typed and item.question.kind != "file":
            item.value = typed[item.question.id]
        item.conflict = (conflicts or {}).get(item.question.id)
        if item.conflict is not None:
            # The fields keep the version they started from, so that only a choice can replace the colleague's text.
            item.base_version = (bases or {}).get(item.question.id, 0)
    return items


def _render_section(
    request: HttpRequest,
    response: Response,
    section: FrozenSection,
    items: list[BoundQuestion],
    *,
    asked: Collection[int] | None = None,
    gone: Collection[dict[str, Any]] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    content = content_for(request, response.edition)
    asked = asked_in(response, content) if asked is None else asked
    for item in items:
        # What could not be stored is shown, whether it is asked or not.
        item.asked = item.question.id in asked or item.conflict is not None or bool(refusal and item.value is not None)
    following = next_section(request, response, content, section, asked)
    return render(
        request,
        "questionnaires/edit_section.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "section": section,
            "unconfirmed": [item for item in items if item.answer and item.answer.prefilled_from_id],
            "sections": [
                (row, any(q.id in asked for q in row.questions)) for row in sections_open_to(request, response, content)
            ],
            "next": following,
            "next_label": next_label(following, is_guest=is_guest_of(request.user, response)),
            "items": items,
            "nothing_asked": not any(item.asked for item in items),
            "conflicts": [item for item in items if item.conflict],
            "file_errors": [item for item in items if item.file_errors],
            "gone": gone,
            "writable": may_write(request, response),
            "refusal": refusal,
            **upload_limits(),
            **in_language(request, response, content),
            **beside_section(request.user, response, section),
        },
        status=status,
    )


def upload_limits() -> dict[str, int]:
    return {
        "most_files": MOST_FILES,
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "most_mb": settings.MAX_UPLOAD_BYTES >> 20,
    }


# One field at a time
def find_question(request: HttpRequest, response: Response, question: int) -> tuple[FrozenSection, FrozenQuestion]:
    """A question that the edition asks, in whichever section it stands now; else 404.

    Raises QuestionNoLongerAsked if only an earlier edition asked it.
    """
    content = content_for(request, response.edition)
    section = content.section_of(question)
    if section is not None:
        find_section(request, response, section.number)
        return section, content.by_id[question]
    if not last_asked(response.questionnaire, [question]):
        raise Http404
    raise QuestionNoLongerAsked(
        _(
            "Since edition %(number)d this question is asked no more, so the text is not stored. "
            "It stays here for you to copy."
        )
        % {"number": content.edition}
    )


@login_required
@require_POST
def save_answer(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Save one field as it is left (htmx): answers with the question's state line, or with both versions (409)."""
    response = find_response(request, slug, guests=True)
    authorise(request.user, "questionnaires.save_answer", response)
    try:
        frozen, asked = find_question(request, response, question)
    except QuestionNoLongerAsked as refusal:
        return _refuse_gone(request, response, section, question, refusal)
    change = read_change(asked, request.POST)
    item = bind(asked, frozen.number, None, writable=True)
    context = {
        "item": item,
        "questionnaire": response.questionnaire,
        "response": response,
        **upload_limits(),
        **in_language(request, response, content_for(request, response.edition)),
    }
    try:
        if change is None:
            answer = answers_of(response, [asked.id]).get(asked.id)
        else:
            response, answer = operations.save_answer(
                response.questionnaire, response.delegation, change, by=person_of(request)
            )
    except AnswerChangedMeanwhile as conflict:
        item.value, item.conflict = change.value if change else None, conflict.answer
        # A 409 leaves the version in the form as it is: the next key stroke must not overwrite the colleague.
        item.base_version = number_in(request.POST, f"q{asked.id}-version")
        return render(request, "questionnaires/_state.html", context, status=409)
    except QuestionNoLongerAsked as refusal:
        return _refuse_gone(request, response, section, question, refusal)
    except Refusal as refusal:
        item.refused = str(refusal)
        item.base_version = number_in(request.POST, f"q{asked.id}-version")
        return render(request, "questionnaires/_state.html", context, status=422)
    context["item"] = bind(asked, frozen.number, answer, writable=True)
    if request.POST.get(f"q{asked.id}-pick"):
        # The fields must show what was chosen: the whole question is put anew, and nobody is typing in it.
        context["notes"] = notes_in(response, [asked.id])
        reply = render(request, "questionnaires/_question.html", context)
        reply["HX-Retarget"], reply["HX-Reswap"] = f"#q-{asked.id}", "outerHTML"
    else:
        reply = render(request, "questionnaires/_state.html", context)
    return _tell_what_is_asked(request, reply, response, section)


def _refuse_gone(
    request: HttpRequest, response: Response, section: int, question: int, refusal: QuestionNoLongerAsked
) -> HttpResponse:
    """A later edition asks this question no more: what was typed stays on the page and in the browser."""
    _edition, asked = last_asked(response.questionnaire, [question])[question]
    item = bind(asked, section, None, writable=True)
    item.refused = str(refusal)
    item.base_version = number_in(request.POST, f"q{question}-version")
    return render(request, "questionnaires/_state.html", {"item": item, "response": response}, status=422)


def _tell_what_is_asked(request: HttpRequest, reply: HttpResponse, response: Response, number: int) -> HttpResponse:
    """Let the page show and hide questions, now that an answer they look at is stored. Fields stay as they are: the
    page has them all, and only what is shown changes."""
    content = content_for(request, response.edition)
    section = next((row for row in sections_open_to(request, response, content) if row.number == number), None)
    if section is None or not content.has_conditions:
        return reply
    asked = asked_in(response, content)
    following = next_section(request, response, content, section, asked)
    told = {
        "questions": [question.id for question in section.questions if question.id in asked],
        "sections": [
            row.number
            for row in sections_open_to(request, response, content)
            if any(q.id in asked for q in row.questions)
        ],
        "next": next_label(following, is_guest=is_guest_of(request.user, response)),
    }
    reply["HX-Trigger"] = json.dumps({"asked": told})
    return reply


def next_label(following: FrozenSection | None, *, is_guest: bool) -> str:
    """What the button says that saves and goes on."""
    if following is None:
        return _("Save and go to your sections") if is_guest else _("Save and check your answers")
    return _("Save and go to section %(number)s") % {"number": following.number}


# Files and quotations
@login_required
@require_POST
def attach_file(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Attach one or several files. The page sends each as it is chosen and gets the list of files back; a plain form
    goes back to the section."""
    response, asked = _for_files(request, slug, question)
    errors = []
    for upload in request.FILES.getlist(f"q{question}-file"):
        try:
            operations.attach_file(response.questionnaire, response.delegation, question, upload, by=person_of(request))
        except Refusal as refusal:
            errors.append(f"{upload.name}: {refusal}")
    return _show_files(request, slug, asked, errors)


@login_required
@require_POST
def remove_file(request: HttpRequest, slug: str, section: int, question: int, attachment: int) -> HttpResponse:
    """Take a file out of an answer; it stays in the archive, since earlier texts name it."""
    response, asked = _for_files(request, slug, question)
    errors = []
    try:
        operations.remove_file(response.questionnaire, response.delegation, question, attachment, by=person_of(request))
    except Refusal as refusal:
        errors.append(str(refusal))
    return _show_files(request, slug, asked, errors)


def _for_files(request: HttpRequest, slug: str, question: int) -> tuple[Response, FrozenQuestion]:
    response = find_response(request, slug, guests=True)
    authorise(request.user, "questionnaires.save_answer", response)
    try:
        return response, find_question(request, response, question)[1]
    except QuestionNoLongerAsked as refusal:
        raise Http404 from refusal


def _show_files(request: HttpRequest, slug: str, question: FrozenQuestion, errors: list[str]) -> HttpResponse:
    response = find_response(request, slug, guests=True)
    section = content_for(request, response.edition).section_of(question.id)
    number = section.number if section else 0
    if not request.htmx:  # type: ignore[attr-defined]
        for error in errors:
            messages.warning(request, error)
        return redirect(f"{_address(slug, number)}#q-{question.id}")
    item = bind(question, number, answers_of(response, [question.id]).get(question.id), writable=True)
    item.file_errors = errors
    context = {"item": item, "questionnaire": response.questionnaire, "response": response, "swap_state": True}
    return render(request, "questionnaires/_file_list.html", context, status=422 if errors else 200)


def _address(slug: str, section: int) -> str:
    return reverse("questionnaires:edit_section", args=[slug, section])


@login_required
@require_POST
def choose_quotation(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Say whether results may quote this answer, as it is chosen (htmx) or from a plain form."""
    response = find_response(request, slug, guests=True)
    authorise(request.user, "questionnaires.save_answer", response)
    try:
        frozen, asked = find_question(request, response, question)
    except QuestionNoLongerAsked as refusal:
        raise Http404 from refusal
    quote, refused, answer = request.POST.get(f"q{question}-quote", ""), "", None
    if quote not in Answer.Quote.values:
        raise Http404
    try:
        response, answer = operations.choose_quotation(
            response.questionnaire, response.delegation, question, quote, by=person_of(request)
        )
    except Refusal as refusal:
        refused = str(refusal)
    if not request.htmx:  # type: ignore[attr-defined]
        if refused:
            messages.warning(request, refused)
        return redirect(f"{_address(slug, frozen.number)}#q-{question}")
    item = bind(asked, frozen.number, answer, writable=True)
    context = {"item": item, "questionnaire": response.questionnaire, "refused": refused}
    return render(request, "questionnaires/_quotation_state.html", context, status=422 if refused else 200)
