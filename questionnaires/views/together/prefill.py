"""Taking over answers of the delegation's last response, and vouching for each of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.refusals import Refusal
from members.signing_in import person_of
from questionnaires import operations, prefill
from questionnaires.exceptions import AnswerChangedMeanwhile
from questionnaires.forms import bind
from questionnaires.views.answering import find_response, find_section, may_write
from questionnaires.views.together.history import find_answer, find_question


@login_required
@require_http_methods(["GET", "POST"])
def prefill_response(request: HttpRequest, slug: str) -> HttpResponse:
    """What the delegation answered last time, beside what stands now; POST takes over what is ticked."""
    response = find_response(request, slug)
    authorise(request.user, "questionnaires.prefill_response", response)
    source, rows = prefill.earlier_answers(response)
    if request.method == "POST" and source is not None:
        chosen = [row for row in rows if request.POST.get(f"take-{row.question.id}") == "1"]
        if not chosen:
            messages.info(request, _("Nothing was chosen, and nothing taken over."))
            return redirect("questionnaires:prefill_response", slug)
        try:
            _response, done = operations.prefill_response(
                response.questionnaire,
                response.delegation,
                source=source,
                values={row.question.id: row.value for row in chosen},
                seen={row.question.id: number_in(request.POST, f"seen-{row.question.id}") for row in chosen},
                by=person_of(request),
            )
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return redirect("questionnaires:prefill_response", slug)
        return _taken(request, slug, done)
    return render(
        request,
        "questionnaires/together/prefill_response.html",
        {
            "response": response,
            "questionnaire": response.questionnaire,
            "source": source,
            "rows": rows,
            "writable": may_write(request, response),
        },
    )


def _taken(request: HttpRequest, slug: str, done: operations.Prefilled) -> HttpResponse:
    count = len(done.taken)
    if count:
        told = ngettext(
            "%(count)d answer is taken over. Confirm it in its section.",
            "%(count)d answers are taken over. Confirm each in its section.",
            count,
        )
        messages.success(request, told % {"count": count})
    if done.changed_meanwhile:
        count = len(done.changed_meanwhile)
        told = ngettext(
            "%(count)d answer was left as it is: a colleague saved it meanwhile.",
            "%(count)d answers were left as they are: colleagues saved them meanwhile.",
            count,
        )
        messages.warning(request, told % {"count": count})
        return redirect("questionnaires:prefill_response", slug)
    return redirect("questionnaires:read_response", slug)


@login_required
@require_POST
def confirm_answer(request: HttpRequest, slug: str, section: int, question: int) -> HttpResponse:
    """Vouch for one answer that was taken over; htmx gets its state line."""
    response, frozen, asked = find_question(request, slug, section, question)
    authorise(request.user, "questionnaires.confirm_answer", response)
    status, told = 200, ""
    answer = find_answer(response, asked.id)
    if answer is not None:
        try:
            version = number_in(request.POST, f"q{asked.id}-seen")
            operations.confirm_answer(response, question_id=asked.id, version=version, by=person_of(request))
        except AnswerChangedMeanwhile as refusal:
            status, told = 409, str(refusal)
        except Refusal as refusal:
            status, told = 422, str(refusal)
    if request.htmx and status == 200:  # type: ignore[attr-defined]
        item = bind(asked, frozen.number, find_answer(response, asked.id), writable=True)
        context = {"item": item, "questionnaire": response.questionnaire, "response": response}
        return render(request, "questionnaires/_state.html", context)
    if told:
        messages.warning(request, told)
    back = reverse("questionnaires:edit_section", args=[slug, section]) + f"#q-{question}"
    if request.htmx:  # type: ignore[attr-defined]
        reply = HttpResponse(status=status)
        reply["HX-Refresh"] = "true"
        return reply
    return redirect(back)


@login_required
@require_POST
def confirm_answers(request: HttpRequest, slug: str, section: int) -> HttpResponse:
    """Vouch for all answers of a section that were taken over, each as it stood on the page."""
    response = find_response(request, slug, guests=True)
    frozen = find_section(request, response, section)
    authorise(request.user, "questionnaires.confirm_answer", response)
    posted = {question.id: number_in(request.POST, f"q{question.id}-seen") for question in frozen.questions}
    try:
        count = operations.confirm_answers(
            response, versions={pk: version for pk, version in posted.items() if version}, by=person_of(request)
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        told = ngettext("%(count)d answer is confirmed.", "%(count)d answers are confirmed.", count)
        messages.success(request, told % {"count": count})
    return redirect("questionnaires:edit_section", slug, section)
