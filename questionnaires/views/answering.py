"""The delegation's way: what this is → task list → one section a page → check → submit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import ListView

from icoca_portal.lib.access import SignedInVisibleMixin, authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.uploads import UploadRefused
from members.models import Delegate
from members.signing_in import person_of
from questionnaires import checks, circulation, kinds, operations
from questionnaires.editions import EditionContent, FrozenSection, freeze, write
from questionnaires.exceptions import (
    AnswerChangedMeanwhile,
    ClearanceMissing,
    QuestionnaireClosed,
    ResponseIncomplete,
    ResponseSealed,
)
from questionnaires.forms import (
    BoundQuestion,
    SubmitForm,
    answers_of,
    bind,
    bind_section,
    file_to_choose_again,
    read_change,
    stored_pairs,
    version_in,
)
from questionnaires.guests import guest_sections, is_guest_of, may_open_section
from questionnaires.models import Answer, Questionnaire, Response, Submission
from questionnaires.progress import progress_of
from questionnaires.together import beside_section, beside_sections, notes_in, open_sections


class QuestionnaireList(SignedInVisibleMixin, ListView):
    """All questionnaires that exist for the reader, newest first, with where their delegation stands."""

    model = Questionnaire
    template_name = "questionnaires/list_questionnaires.html"
    context_object_name = "questionnaires"
    paginate_by = 30

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = list(context["questionnaires"])
        delegation = self.request.user.standing.delegation  # type: ignore[union-attr]
        own = circulation.responses_of(delegation, rows) if delegation else {}
        context["rows"] = [(questionnaire, own.get(questionnaire.pk)) for questionnaire in rows]
        return context


def find_questionnaire(request: HttpRequest, slug: str) -> Questionnaire:
    """The questionnaire at this address, if it exists for the reader; else 404."""
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), slug=slug)


def find_response(request: HttpRequest, slug: str, *, guests: bool = False) -> Response:
    """The response of the reader's delegation; unsaved while it has not begun. 403 for people without a delegation.

    `guests` lets those in too who only help with some sections; which ones, `find_section` says.
    """
    # A questionnaire that a delegation has answered exists for it: one that has begun costs a single query.
    response = (
        Response.objects.visible_to(request.user)
        .filter(questionnaire__slug=slug)
        .select_related("questionnaire", "edition", "delegation__organisation")
        .first()
    )
    if response is None:
        response = _response_to_begin(request, find_questionnaire(request, slug))
    authorise(request.user, f"questionnaires.{'open' if guests else 'read'}_response", response)
    return response


def note_opening(request: HttpRequest, response: Response) -> None:
    """Note the first time that a delegate reads the questionnaire or the response; the secretariat's own looks count
    for nothing."""
    if request.method == "GET" and not request.user.is_staff and not is_guest_of(request.user, response):
        operations.note_opening(response.questionnaire, response.delegation, by=person_of(request))


def _response_to_begin(request: HttpRequest, questionnaire: Questionnaire) -> Response:
    delegation = request.user.standing.delegation  # type: ignore[union-attr]
    if delegation is None:
        raise PermissionDenied(_("Delegations answer questionnaires, and only they see their drafts."))
    if questionnaire.edition is None:
        raise Http404
    if not circulation.is_asked(questionnaire, delegation):
        raise PermissionDenied(_("This questionnaire was not put to your delegation."))
    return Response(questionnaire=questionnaire, delegation=delegation, edition=questionnaire.edition)


def may_write(request: HttpRequest, response: Response) -> bool:
    """Whether the fields are open: the reader drafts, the response is not sealed, the deadline has not passed."""
    return (
        request.user.has_perm("questionnaires.save_answer", response)
        and response.is_writable
        and response.takes_answers
    )


def values_of(response: Response) -> dict[int, Any]:
    """The stored values by question id."""
    return dict(response.answers.values_list("question_id", "value")) if response.has_begun else {}


@login_required
@require_GET
def read_questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """What the questionnaire asks, who will read the answers, by when; for the secretariat also while it is a draft."""
    questionnaire = find_questionnaire(request, slug)
    if guest_sections(request.user):
        return redirect("questionnaires:read_response", slug)  # a guest sees the own sections alone
    if questionnaire.edition is not None:
        content = questionnaire.edition.questions
    else:
        content = EditionContent.read(write(freeze(questionnaire, 1))[0])
    delegation = request.user.standing.delegation  # type: ignore[union-attr]
    own = circulation.responses_of(delegation, [questionnaire])[questionnaire.pk] if delegation else None
    if own is not None and not own.has_begun and not circulation.is_asked(questionnaire, own.delegation):
        own = None
    if own is not None:
        note_opening(request, own)
    return render(
        request,
        "questionnaires/read_questionnaire.html",
        {
            "questionnaire": questionnaire,
            "content": content,
            "count": sum(len(section.questions) for section in content.sections),
            "response": own,
            "may_read_submissions": request.user.has_perm("questionnaires.read_submissions"),
        },
    )


@login_required
@require_GET
def read_response(request: HttpRequest, slug: str) -> HttpResponse:
    """The task list: each section with how far it is, then check and submit."""
    response = find_response(request, slug, guests=True)
    note_opening(request, response)
    content = response.edition.questions
    progress = [
        row for row in progress_of(content, response) if may_open_section(request.user, response, row.section.id)
    ]
    record = latest_submission(response)
    return render(
        request,
        "questionnaires/read_response.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "sections": progress,
            "answered": sum(section.answered for section in progress),
            "total": sum(section.total for section in progress),
            "writable": may_write(request, response),
            "may_submit": request.user.has_perm("questionnaires.submit_response", response),
            "submission": record,
            "replaced": response.edition_read if response.has_unread_changes else None,
            "returned": return_of(response, record),
            **beside_sections(request.user, response),
        },
    )


def find_submissions(response: Response) -> QuerySet[Submission]:
    """The submissions of a response, the one on record first."""
    rows = response.submissions.all() if response.has_begun else Submission.objects.none()
    return rows.select_related("return_record").order_by("-number")


def latest_submission(response: Response) -> Submission | None:
    """The submission on record, if there is one; its sealed text stays in the database until it is asked for."""
    return find_submissions(response).defer("content").first()


def return_of(response: Response, submission: Submission | None) -> Any:
    """Why the response was returned, until it is submitted again; also once it was cleared again."""
    is_open = submission is not None and response.state != Response.State.SUBMITTED
    return getattr(submission, "return_record", None) if is_open else None


def find_section(request: HttpRequest, response: Response, number: int) -> FrozenSection:
    """The section with this number, if the reader may open it; else 404."""
    section = response.edition.questions.section(number)
    if section is None or not may_open_section(request.user, response, section.id):
        raise Http404
    return section


@login_required
@require_http_methods(["GET", "POST"])
def edit_section(request: HttpRequest, slug: str, section: int) -> HttpResponse:
    """One section a page. GET shows its fields; POST is the plain Save, which works without JavaScript."""
    response = find_response(request, slug, guests=True)
    frozen = find_section(request, response, section)
    if request.method == "POST":
        return _save_section(request, response, frozen)
    items = bind_section(frozen, response, writable=may_write(request, response))
    for item in items:
        # After “Add a row” without JavaScript the table comes back with one more, which holds nothing yet.
        item.least_rows = max(1, version_in(request.GET, f"rows-{item.question.id}"))
    return _render_section(request, response, frozen, items)


def _save_section(request: HttpRequest, response: Response, section: FrozenSection) -> HttpResponse:
    authorise(request.user, "questionnaires.save_answer", response)
    questionnaire, delegation = response.questionnaire, response.delegation
    changes, refused = [], {}
    for question in section.questions:
        change = read_change(question, request.POST, request.FILES)
        if change is not None:
            changes.append(change)
        elif again := file_to_choose_again(question, request.POST, change):
            refused[question.id] = again
    texts = [change for change in changes if change.upload is None]
    try:
        stored, saved = operations.save_answers(questionnaire, delegation, texts, by=person_of(request))
        for change in changes:
            if change.upload is not None:
                try:
                    stored, one = operations.save_answers(questionnaire, delegation, [change], by=person_of(request))
                    saved.answers.update(one.answers)
                    saved.conflicts.update(one.conflicts)
                except UploadRefused as refusal:
                    refused[change.question_id] = str(refusal)
    except (QuestionnaireClosed, ResponseSealed) as refusal:
        items = _bind_typed(section, response, changes={c.question_id: c.value for c in texts})
        return _render_section(request, response, section, items, refusal=str(refusal), status=409)
    stored.questionnaire = questionnaire
    if saved.conflicts or refused:
        typed = {c.question_id: c.value for c in texts if c.question_id in saved.conflicts}
        bases = {question: version_in(request.POST, f"q{question}-version") for question in saved.conflicts}
        items = _bind_typed(section, stored, changes=typed, conflicts=saved.conflicts, refused=refused, bases=bases)
        offered = {c.question_id: c.upload.name or "" for c in changes if c.upload is not None}
        for item in items:
            item.offered = offered.get(item.question.id, "")
        return _render_section(request, stored, section, items, status=409 if saved.conflicts else 422)
    if table := _table_in_work(request, section):
        return table
    messages.success(request, _("Section %(number)s is saved.") % {"number": section.number})
    following = next_section(request, stored, section)
    if request.POST.get("go") != "next":
        return redirect("questionnaires:edit_section", questionnaire.slug, section.number)
    if following is None:
        is_guest = is_guest_of(request.user, stored)
        return redirect(f"questionnaires:{'read' if is_guest else 'check'}_response", questionnaire.slug)
    return redirect("questionnaires:edit_section", questionnaire.slug, following.number)


def _table_in_work(request: HttpRequest, section: FrozenSection) -> HttpResponse | None:
    """Back to the table whose rows somebody adds or removes without JavaScript, with a row more or less."""
    act, _dash, rest = request.POST.get("go", "").partition("-")
    question = next((row for row in section.questions if str(row.id) == rest.partition("-")[0]), None)
    if question is None or question.kind != "table" or act not in ("add", "drop"):
        return None
    rows = len(kinds.row_numbers(request.POST, f"q{question.id}")) + (1 if act == "add" else -1)
    return redirect(f"{request.path}?rows-{question.id}={rows}#q-{question.id}")


def _bind_typed(
    section: FrozenSection,
    response: Response,
    *,
    changes: dict[int, Any],
    conflicts: dict[int, Answer] | None = None,
    refused: dict[int, str] | None = None,
    bases: dict[int, int] | None = None,
) -> list[BoundQuestion]:
    """The section as stored, with what was typed in place where it could not be stored."""
    items = bind_section(section, response, writable=True)
    for item in items:
        if item.question.id in changes and item.question.kind != "file":
            item.value = changes[item.question.id]
        item.conflict = (conflicts or {}).get(item.question.id)
        item.refused = (refused or {}).get(item.question.id, "")
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
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "questionnaires/edit_section.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "section": section,
            "unconfirmed": [item for item in items if item.answer and item.answer.prefilled_from_id],
            "sections": open_sections(request.user, response),
            "next": next_section(request, response, section),
            "items": items,
            "conflicts": [item for item in items if item.conflict],
            "writable": may_write(request, response),
            "refusal": refusal,
            **beside_section(request.user, response, section),
        },
        status=status,
    )


def next_section(request: HttpRequest, response: Response, section: FrozenSection) -> FrozenSection | None:
    """The section that the reader opens after this one; None after the last."""
    after = (row for row in open_sections(request.user, response) if row.number > section.number)
    return next(after, None)


@login_required
@require_POST
def save_answer(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Save one field as it is left (htmx): answers with the question's state line, or with both versions (409)."""
    response = find_response(request, slug, guests=True)
    frozen = find_section(request, response, section)
    asked = next((row for row in frozen.questions if row.id == question), None)
    if asked is None:
        raise Http404
    authorise(request.user, "questionnaires.save_answer", response)
    change = read_change(asked, request.POST, request.FILES)
    picked = bool(request.POST.get(f"q{asked.id}-pick"))
    item = bind(asked, frozen.number, None, writable=True)
    context = {"item": item, "questionnaire": response.questionnaire, "response": response}
    try:
        if again := file_to_choose_again(asked, request.POST, change):
            raise UploadRefused(again)
        if change is None:
            item = bind(asked, frozen.number, answers_of(response, [asked.id]).get(asked.id), writable=True)
        else:
            response, answer = operations.save_answer(
                response.questionnaire, response.delegation, change, by=person_of(request)
            )
            item = bind(asked, frozen.number, answer, writable=True)
    except AnswerChangedMeanwhile as conflict:
        item.value, item.conflict = change.value if change else None, conflict.answer
        item.offered = (change.upload.name or "") if change and change.upload else ""
        # A 409 leaves the version in the form as it is: the next key stroke must not overwrite the colleague.
        item.base_version = version_in(request.POST, f"q{asked.id}-version")
        return render(request, "questionnaires/_state.html", context, status=409)
    except Refusal as refusal:
        item.refused = str(refusal)
        item.base_version = version_in(request.POST, f"q{asked.id}-version")
        return render(request, "questionnaires/_state.html", context, status=422)
    context["item"] = item
    if picked or asked.kind == "file":
        # The fields must show what was chosen: the whole question is put anew, and nobody is typing in it.
        context["notes"] = notes_in(response, [asked.id])
        reply = render(request, "questionnaires/_question.html", context)
        reply["HX-Retarget"], reply["HX-Reswap"] = f"#q-{asked.id}", "outerHTML"
        return reply
    return render(request, "questionnaires/_state.html", context)


@login_required
@require_GET
def check_response(request: HttpRequest, slug: str) -> HttpResponse:
    """All answers on one page, with what stops the submission first."""
    return _render_check(request, find_response(request, slug))


def _render_check(
    request: HttpRequest, response: Response, *, form: SubmitForm | None = None, status: int = 200
) -> HttpResponse:
    content = response.edition.questions
    rows = list(response.answers.all()) if response.has_begun else []
    values = {row.question_id: row.value for row in rows}
    unconfirmed = [row.question_id for row in rows if row.prefilled_from_id is not None]
    problems = checks.problems_in(content, values, unconfirmed)
    by_question: dict[int, list[str]] = {}
    for problem in problems:
        by_question.setdefault(problem.question.id, []).append(problem.message)
    sections = [
        (
            section,
            [
                {
                    "question": question,
                    "value": values.get(question.id),
                    "shown": kinds.show(question, values.get(question.id)),
                    "stored": stored_pairs(question, values.get(question.id)),
                    "problems": by_question.get(question.id, []),
                }
                for question in section.questions
            ],
        )
        for section in content.sections
    ]
    record = latest_submission(response)
    return render(
        request,
        "questionnaires/check_response.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "sections": sections,
            "problems": problems,
            "nothing": not checks.answered(content, values),
            "writable": may_write(request, response),
            "may_submit": request.user.has_perm("questionnaires.submit_response", response),
            "focal_points": _focal_points(response),
            "form": form or SubmitForm(),
            "refused": form is not None,
            "clearance_missing": response.requires_clearance and response.state != Response.State.CLEARED,
            "next_number": (record.number if record else 0) + 1,
            "submission": record,
        },
        status=status,
    )


def _focal_points(response: Response) -> list[Delegate]:
    rows = Delegate.objects.as_of(today()).filter(delegation=response.delegation, role=Delegate.Role.FOCAL_POINT)
    return list(rows.select_related("user"))


@login_required
@require_POST
def submit_response(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal the answers. A second click finds the response sealed and is shown the same receipt."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.submit_response", response)
    form = SubmitForm(request.POST)
    if response.state == Response.State.SUBMITTED:
        return redirect("questionnaires:read_submission", slug)
    if not response.has_begun or not form.is_valid():
        return _render_check(request, response, form=form, status=422)
    try:
        operations.submit_response(response, by=person_of(request))
    except ResponseSealed:
        return redirect("questionnaires:read_submission", slug)
    except (ResponseIncomplete, ClearanceMissing):
        return _render_check(request, response, form=form, status=422)
    except QuestionnaireClosed as refusal:
        messages.warning(request, str(refusal))
        return redirect("questionnaires:read_response", slug)
    return redirect("questionnaires:read_submission", slug)
