"""What the Board makes of the responses: themes and their passages, discussions, objectives and conclusions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from js_asset import Media  # type: ignore[import-untyped]

from icoca_portal.lib.access import authorise
from icoca_portal.lib.days import today
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.numbers import number_in, whole_number
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.richtext import clean
from members.signing_in import person_of
from questionnaires import operations, review
from questionnaires.exceptions import ConclusionChangedMeanwhile, ConclusionPublished
from questionnaires.models import Conclusion, Discussion, Objective, Passage, Question, Theme
from questionnaires.review.report import report
from questionnaires.review_forms import ConclusionForm, DiscussionForm, ThemeForm
from questionnaires.views.review import INVALID, asked_by, find_reader, frame

CONFLICT = 409


def safe(html: str) -> SafeString:
    """Stored rich text for a page, cleaned once more whatever was stored."""
    return mark_safe(clean(html))  # noqa: S308


# Themes and passages


def find_theme(reader: review.Reader, pk: int) -> Theme:
    """A theme of this questionnaire that exists for the reader; else 404."""
    return get_object_or_404(Theme.objects.visible_to(reader.user).filter(questionnaire=reader.questionnaire), pk=pk)


def find_tagger(request: HttpRequest, slug: str) -> review.Reader:
    """The reader, who is of the Board; 403 for everybody else."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.tag_passage", reader.questionnaire)
    return reader


@never_cache
@login_required
@require_GET
def list_themes(request: HttpRequest, slug: str) -> HttpResponse:
    """The themes that the Board follows through the answers."""
    reader = find_tagger(request, slug)
    return themes_page(request, reader, ThemeForm())


def themes_page(request: HttpRequest, reader: review.Reader, form: ThemeForm) -> HttpResponse:
    """The list with the form for a new theme."""
    context = frame(reader, themes=review.list_themes(reader), form=form)
    status = INVALID if form.is_bound else 200
    return render(request, "questionnaires/list_themes.html", context, status=status)


@login_required
@require_POST
def make_theme(request: HttpRequest, slug: str) -> HttpResponse:
    """A theme without passages yet; to its page."""
    reader = find_tagger(request, slug)
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return themes_page(request, reader, form)
    theme = operations.make_theme(reader.questionnaire, name=form.cleaned_data["name"], by=person_of(request))
    return redirect("questionnaires:read_theme", slug, theme.pk)


@never_cache
@login_required
@require_GET
def read_theme(request: HttpRequest, slug: str, theme: int) -> HttpResponse:
    """All passages of a theme, with whose they are."""
    reader = find_tagger(request, slug)
    return theme_page(request, reader, find_theme(reader, theme))


def theme_page(
    request: HttpRequest, reader: review.Reader, theme: Theme, *, form: ThemeForm | None = None, refused: str = ""
) -> HttpResponse:
    """The page of a theme, also after a new name or a merger was refused."""
    asked = asked_by(reader.questionnaire)
    themes = review.list_themes(reader)
    place = [row.pk for row in themes].index(theme.pk)
    context = frame(
        reader,
        theme=theme,
        passages=review.read_theme(reader, asked, theme),
        form=form or ThemeForm(initial={"name": theme.name}),
        others=[row for row in themes if row.pk != theme.pk],
        refused=refused,
        previous=themes[place - 1] if place else None,
        next=themes[place + 1] if place + 1 < len(themes) else None,
    )
    status = INVALID if refused or (form and form.is_bound) else 200
    return render(request, "questionnaires/read_theme.html", context, status=status)


@login_required
@require_POST
def rename_theme(request: HttpRequest, slug: str, theme: int) -> HttpResponse:
    """Give a theme another name."""
    reader = find_tagger(request, slug)
    found = find_theme(reader, theme)
    form = ThemeForm(request.POST)
    if form.is_valid():
        try:
            operations.rename_theme(found, name=form.cleaned_data["name"], by=person_of(request))
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The theme has its new name."))
            return redirect("questionnaires:read_theme", slug, found.pk)
    return theme_page(request, reader, found, form=form)


@login_required
@require_POST
def merge_themes(request: HttpRequest, slug: str, theme: int) -> HttpResponse:
    """Put the passages of a theme under another one; to that one's page."""
    reader = find_tagger(request, slug)
    found = find_theme(reader, theme)
    chosen = whole_number(request.POST.get("into"), figures=18)
    if chosen is None:
        return theme_page(request, reader, found, refused=_("Choose the theme to merge with."))
    into = find_theme(reader, chosen)
    try:
        moved = operations.merge_themes(found, into=into, by=person_of(request))
    except Refusal as refusal:
        return theme_page(request, reader, found, refused=str(refusal))
    said = ngettext(
        "%(count)d passage was put under “%(theme)s”.", "%(count)d passages were put under “%(theme)s”.", moved
    )
    messages.success(request, said % {"count": moved, "theme": into})
    return redirect("questionnaires:read_theme", slug, into.pk)


@login_required
@require_POST
def untag_passage(request: HttpRequest, slug: str, passage: int) -> HttpResponse:
    """Take a passage off its theme; back to where it stood."""
    reader = find_tagger(request, slug)
    # One that is untagged already is found too, so that a double click is no error.
    rows = Passage.objects.filter(theme__questionnaire=reader.questionnaire).select_related(
        "submission__response__delegation__organisation"
    )
    found = get_object_or_404(rows, pk=passage)
    operations.untag_passage(found, by=person_of(request))
    messages.success(request, _("The words are untagged."))
    back = request.POST.get("back", "")
    received = review.Received(reader, found.submission)
    if back == "theme":
        return redirect("questionnaires:read_theme", slug, found.theme_id)
    if back == "question":
        page = reverse("questionnaires:read_question_review", args=[slug, found.question_id])
        return redirect(f"{page}#d-{received.key}")
    page = reverse("questionnaires:read_delegation_review", args=[slug, received.key])
    return redirect(f"{page}?number={found.submission.number}#q-{found.question_id}")


# Discussions


def about(reader: review.Reader, data: Any) -> tuple[Objective | None, Any]:
    """What a discussion is about: an objective, a question, or neither: the whole. 404 for what is not of this
    questionnaire."""
    number, question = data.get("objective", ""), data.get("question", "")
    if number:
        objective = review.objectives_of(reader.questionnaire).get(_whole_number(number))
        if objective is None:
            raise Http404
        return objective, None
    if question:
        found = asked_by(reader.questionnaire).by_id.get(_whole_number(question))
        if found is None:
            raise Http404
        return None, found
    return None, None


def _whole_number(text: str) -> int:
    number = whole_number(text, figures=11)
    if number is None:
        raise Http404
    return number


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def record_discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """Where and when the whole, an objective or a question was discussed."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.record_discussion", reader.questionnaire)
    objective, question = about(reader, request.POST if request.method == "POST" else request.GET)
    form = DiscussionForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            operations.record_discussion(
                reader.questionnaire,
                by=person_of(request),
                objective=objective,
                question=Question.objects.get(pk=question.id) if question else None,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error("occasion" if not form.cleaned_data["occasion"] else "date", str(refusal))
        else:
            messages.success(request, _("The discussion is recorded."))
            if question:
                return redirect("questionnaires:read_question_review", slug, question.id)
            return redirect("questionnaires:read_objective_review", slug, objective.number if objective else 0)
    context = frame(reader, form=form, objective=objective, question=question)
    status = INVALID if form.errors else 200
    return render(request, "questionnaires/record_discussion.html", context, status=status)


@login_required
@require_POST
def strike_discussion(request: HttpRequest, slug: str, discussion: int) -> HttpResponse:
    """Take back what was recorded by mistake."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.record_discussion", reader.questionnaire)
    found = Discussion.objects.filter(questionnaire=reader.questionnaire, pk=discussion).first()
    if found is not None:
        operations.strike_discussion(found, by=person_of(request))
        messages.success(request, _("The discussion is taken back."))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("questionnaires:list_objectives_review", slug)


# Objectives and conclusions


@never_cache
@login_required
@require_GET
def list_objectives_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The objectives of the plan, with what there is to each and how far its conclusion is."""
    reader = find_reader(request, slug)
    lines = review.list_objectives(reader, asked_by(reader.questionnaire))
    return render(request, "questionnaires/list_objectives_review.html", frame(reader, lines=lines))


@never_cache
@login_required
@require_GET
def read_objective_review(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One objective, or the whole (0): counts, themes, discussions and the conclusion."""
    reader = find_reader(request, slug)
    return objective_page(request, reader, number)


def objective_page(
    request: HttpRequest, reader: review.Reader, number: int, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of an objective, also after its publication was refused."""
    asked = asked_by(reader.questionnaire)
    reading = review.read_objective(reader, asked, number)
    if reading is None:
        raise Http404
    numbers = [0, *(line for line, _title in asked.objectives)]
    numbers = numbers if number in numbers else sorted({*numbers, number})
    place = numbers.index(number)
    context = frame(
        reader,
        reading=reading,
        conclusion_html=safe(reading.conclusion.text if reading.conclusion else ""),
        refused=refused,
        may_write=request.user.has_perm("questionnaires.write_conclusion", reader.questionnaire),
        may_publish=request.user.has_perm("questionnaires.publish_conclusion", reader.questionnaire),
        previous=numbers[place - 1] if place else None,
        next=numbers[place + 1] if place + 1 < len(numbers) else None,
    )
    return render(request, "questionnaires/read_objective_review.html", context, status=status)


def find_objective(reader: review.Reader, number: int) -> Objective | None:
    """The objective of this number; None for 0, the whole. 404 if the plan has none."""
    if number == 0:
        return None
    objective = review.objectives_of(reader.questionnaire).get(number)
    if objective is None:
        raise Http404
    return objective


def find_conclusion(reader: review.Reader, objective: Objective | None) -> Conclusion | None:
    rows = Conclusion.objects.filter(questionnaire=reader.questionnaire, objective=objective)
    return rows.select_related("written_by", "published_by").first()


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def write_conclusion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write what the Board concludes. A save from an old page stores nothing and shows both texts."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.write_conclusion", reader.questionnaire)
    objective = find_objective(reader, number)
    standing = find_conclusion(reader, objective)
    if request.method == "GET":
        initial = {"text": standing.text if standing else "", "base": standing.version if standing else 0}
        return conclusion_page(request, reader, number, objective, standing, ConclusionForm(initial=initial))
    data = request.POST.copy()
    if over := data.get("over"):
        data["base"] = str(over)
    form = ConclusionForm(data)
    if not form.is_valid():
        return conclusion_page(request, reader, number, objective, standing, form, status=INVALID)
    try:
        operations.write_conclusion(
            reader.questionnaire,
            objective,
            text=form.cleaned_data["text"],
            base=form.cleaned_data["base"],
            by=person_of(request),
        )
    except ConclusionPublished as refusal:
        changed = isinstance(refusal, ConclusionChangedMeanwhile)
        form = ConclusionForm(initial={"text": form.cleaned_data["text"], "base": request.POST.get("base", 0)})
        return conclusion_page(
            request, reader, number, objective, refusal.conclusion, form, refused=refusal, changed=changed
        )
    messages.success(request, _("The conclusion is stored. The Board and the secretariat read it."))
    return redirect("questionnaires:read_objective_review", slug, number)


def conclusion_page(
    request: HttpRequest,
    reader: review.Reader,
    number: int,
    objective: Objective | None,
    standing: Conclusion | None,
    form: ConclusionForm,
    *,
    refused: Refusal | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form; after a stale save with what stands beside what was typed."""
    context = frame(
        reader,
        number=number,
        objective=objective,
        standing=standing,
        form=form,
        media=Media.from_media(form.media, nonce=str(request.csp_nonce)),  # type: ignore[attr-defined]
        refused=refused,
        changed=changed,
        theirs_html=safe(standing.text if standing else ""),
        mine_html=safe(str(form["text"].value() or "")),
    )
    status = CONFLICT if refused else status
    return render(request, "questionnaires/write_conclusion.html", context, status=status)


@never_cache
@login_required
@require_GET
def read_conclusion_history(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every version of a conclusion that was ever stored, the newest first."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.read_conclusion", reader.questionnaire)
    objective = find_objective(reader, number)
    standing = find_conclusion(reader, objective)
    if standing is None:
        raise Http404
    rows = standing.history.select_related("written_by", "history_user").order_by("-history_date", "-history_id")
    versions = [(row, safe(row.text)) for row in rows[:200]]
    context = frame(reader, number=number, objective=objective, versions=versions)
    return render(request, "questionnaires/read_conclusion_history.html", context)


@login_required
@require_POST
def publish_conclusion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let participants read the conclusion: the secretariat's act."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.publish_conclusion", reader.questionnaire)
    objective = find_objective(reader, number)
    version = number_in(request.POST, "seen")
    try:
        operations.publish_conclusion(reader.questionnaire, objective, by=person_of(request), seen=version)
    except Refusal as refusal:
        return objective_page(request, reader, number, refused=str(refusal), status=CONFLICT)
    messages.success(request, _("The conclusion is published. Participants read it with the plan."))
    return redirect("questionnaires:read_objective_review", slug, number)


@login_required
@require_POST
def withdraw_conclusion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a published conclusion back, so that the Board can change it: the secretariat's act."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.publish_conclusion", reader.questionnaire)
    operations.withdraw_conclusion(reader.questionnaire, find_objective(reader, number), by=person_of(request))
    messages.success(request, _("The conclusion is taken back. Participants do not read it any more."))
    return redirect("questionnaires:read_objective_review", slug, number)


@never_cache
@login_required
@require_GET
def export_report(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The report for the Board's session, as PDF or Word."""
    reader = find_reader(request, slug)
    authorise(request.user, "questionnaires.export_submissions", reader.questionnaire)
    paper = report(reader, asked_by(reader.questionnaire))
    return download_paper(paper, f"{reader.questionnaire.slug}-report-{today():%Y-%m-%d}", form)
