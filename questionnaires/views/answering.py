"""The delegation's way: what this is → task list → one section a page → check → submit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import ListView

from icoca_portal.lib.access import SignedInVisibleMixin, authorise
from icoca_portal.lib.days import today
from members.models import Delegate
from members.signing_in import person_of
from questionnaires import checks, circulation, conditions, operations
from questionnaires.checks import checked_sections
from questionnaires.editions import EditionContent, FrozenSection, freeze, write
from questionnaires.exceptions import ClearanceMissing, QuestionnaireClosed, ResponseIncomplete, ResponseSealed
from questionnaires.forms import SubmitForm
from questionnaires.guests import guest_sections, is_guest_of, may_open_section
from questionnaires.languages import choose_language, content_for, language_of, offered
from questionnaires.models import Questionnaire, Response, Submission
from questionnaires.progress import progress_of
from questionnaires.removed import no_longer_asked
from questionnaires.together import beside_sections

LANGUAGE = "questions"
"""What names the language of the questions in an address."""


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
    response = Response.objects.visible_at(request.user, slug)
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


def may_prefill(request: HttpRequest, response: Response) -> bool:
    """Whether the reader may take over answers of an earlier response now."""
    return request.user.has_perm("questionnaires.prefill_response", response) and may_write(request, response)


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
        content = EditionContent.read(write(freeze(questionnaire, 1))[0], (get_language() or "")[:2])
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


def in_language(request: HttpRequest, response: Response, content: EditionContent) -> dict[str, Any]:
    """What a page with questions says about their language."""
    current = language_of(request, response.edition, content)
    return {
        "title": content.title,
        "question_language": current,
        "foreign": current != (get_language() or "")[:2],
        "languages": offered(content, current),
    }


def switch_language(request: HttpRequest, response: Response) -> HttpResponse:
    """Keep the language in which the reader wants the questions, and show the page in it."""
    choose_language(request, response.edition, request.GET[LANGUAGE])
    return redirect(request.path)


@login_required
@require_GET
def read_response(request: HttpRequest, slug: str) -> HttpResponse:
    """The task list: each section with how far it is, then check and submit."""
    response = find_response(request, slug, guests=True)
    note_opening(request, response)
    if LANGUAGE in request.GET:
        return switch_language(request, response)
    content = content_for(request, response.edition)
    progress = [
        row for row in progress_of(content, response) if may_open_section(request.user, response, row.section.id)
    ]
    # The first edition cannot have removed anything, and what was removed stands in no section of a guest's.
    is_changed = response.has_begun and content.edition > 1 and not is_guest_of(request.user, response)
    removed = no_longer_asked(response, content, list(response.answers.all())) if is_changed else []
    record = latest_submission(response)
    return render(
        request,
        "questionnaires/read_response.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "sections": progress,
            "removed": removed,
            "answered": sum(section.answered for section in progress),
            "total": sum(section.total for section in progress),
            "writable": may_write(request, response),
            "may_submit": request.user.has_perm("questionnaires.submit_response", response),
            "submission": record,
            "replaced": response.edition_read if response.has_unread_changes else None,
            "returned": return_of(response, record),
            **beside_sections(request.user, response, may_prefill=may_prefill(request, response)),
            **in_language(request, response, content),
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
    """The section with this number in the reader's language, if they may open it; else 404.

    403 for a guest who no longer may.
    """
    section = content_for(request, response.edition).section(number)
    if section is None:
        raise Http404
    if not may_open_section(request.user, response, section.id):
        if response.assignments.filter(user=request.user.pk, section=section.id).exists():
            raise PermissionDenied(_("Your work on this section has ended. What you saved stays with the delegation."))
        raise Http404
    return section


def asked_in(response: Response, content: EditionContent) -> frozenset[int]:
    """The ids of the questions that are asked, given what is stored. No query where none depends on an answer."""
    if not content.has_conditions:
        return frozenset(content.by_id)
    return conditions.asked(content, values_of(response))


@login_required
@require_GET
def check_response(request: HttpRequest, slug: str) -> HttpResponse:
    """All answers on one page, with what stops the submission first."""
    return _render_check(request, find_response(request, slug))


def _render_check(
    request: HttpRequest, response: Response, *, form: SubmitForm | None = None, status: int = 200
) -> HttpResponse:
    content = content_for(request, response.edition)
    answers = list(response.answers.all()) if response.has_begun else []
    values = {row.question_id: row.value for row in answers}
    unconfirmed = [row.question_id for row in answers if row.prefilled_from_id is not None]
    problems = checks.problems_in(content, values, unconfirmed)
    record = latest_submission(response)
    return render(
        request,
        "questionnaires/check_response.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "sections": checked_sections(content, answers, problems),
            "removed": no_longer_asked(response, content, answers),
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
            **in_language(request, response, content),
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
