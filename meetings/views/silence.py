"""The circulated text with what delegations say of it, and what differs from the text before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.exports import XLSX, download, write_xlsx
from icoca_portal.lib.numbers import number_in, whole_number
from icoca_portal.lib.refusals import Refusal
from meetings import operations, papers
from meetings.comment_forms import AnswerForm, CommentForm, ObjectionForm
from meetings.differences import differences
from meetings.models import ChairsSummary, SummaryComment, SummaryRound
from meetings.texts import text_of_round
from meetings.views.finding import find_summary
from members.models import Delegation
from members.signing_in import person_of

INVALID = 422


def find_rounds(request: HttpRequest, group: str, number: int) -> tuple[ChairsSummary, list[SummaryRound]]:
    """The summary and the texts of it that were circulated, if they exist for the reader; else a 404."""
    summary = find_summary(request, group, number)
    rows = SummaryRound.objects.visible_to(request.user).filter(summary=summary).order_by("number")
    rounds = list(rows.select_related("summary__meeting__working_group"))
    if not rounds:
        raise Http404
    return summary, rounds


def comments_of(request: HttpRequest, summary: ChairsSummary) -> QuerySet[SummaryComment]:
    """The comments on all its texts that exist for the reader."""
    rows = SummaryComment.objects.visible_to(request.user).filter(round__summary=summary)
    return rows.select_related(
        "round__summary__meeting__working_group", "delegation__organisation", "made_by", "answered_by"
    ).order_by("round__number", F("paragraph").asc(nulls_first=True), "made_at", "pk")


@never_cache
@login_required
@require_GET
def read_comments(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """A circulated text, paragraph by paragraph with its comments. ``?round=1`` reads an earlier one, ``?on=3`` opens
    the form for a paragraph (0: for the whole), ``?answer=5`` the one for an answer."""
    summary, rounds = find_rounds(request, group, number)
    return _page(request, summary, rounds)


def _page(request: HttpRequest, summary: ChairsSummary, rounds: list[SummaryRound], **more: Any) -> HttpResponse:
    """The page of comments, also after something was refused (`more` holds its form)."""
    user = person_of(request)
    authorise(user, "meetings.read_comments", summary)
    wanted = more.get("wanted") or number_in(request.GET, "round")
    shown = next((one for one in rounds if one.number == wanted), rounds[-1])
    comments = list(comments_of(request, summary))
    by_paragraph: dict[int, list[SummaryComment]] = {}
    for comment in comments:
        if comment.round_id == shown.pk:
            by_paragraph.setdefault(comment.paragraph or 0, []).append(comment)
    takes_comments = shown.takes_comments_at(timezone.now())
    may_comment = takes_comments and user.has_perm("meetings.comment_summary", summary)
    context = {
        "meeting": summary.meeting,
        "summary": summary,
        "round": shown,
        "rounds": rounds,
        "text": text_of_round(shown),
        "by_paragraph": by_paragraph,
        "count": sum(not comment.withdrawn_at for comment in comments if comment.round_id == shown.pk),
        # What was said of earlier texts and is not answered yet goes along.
        "earlier": [
            comment
            for comment in comments
            if comment.round.number < shown.number and comment.answer == "none" and not comment.withdrawn_at
        ],
        # The browser keeps what was typed until it finds it stored, on whichever text it was said.
        "own_comments": [
            comment
            for comment in comments
            if comment.delegation_id == user.standing.delegation_id and not comment.withdrawn_at
        ],
        "takes_comments": takes_comments,
        "may_comment": may_comment,
        "may_answer": user.has_perm("meetings.answer_comment", summary),
        "may_export": user.has_perm("meetings.export_comments", summary),
        "own": user.standing.delegation_id,
        "may_draft": user.standing.may_draft,
        "on": None,
        "answering": None,
    }
    if may_comment and (on := whole_number(request.GET.get("on"), figures=6)) is not None:
        context["on"] = on
        context["form"] = CommentForm(initial={"round": shown.number, "paragraph": context["on"] or None})
    if context["may_answer"] and (pk := number_in(request.GET, "answer")):
        answered = next((comment for comment in comments if comment.pk == pk and not comment.withdrawn_at), None)
        if answered:
            context |= {"answering": pk, "answer_form": _answer_form(answered)}
    context |= more
    refused = "form" in more or "answer_form" in more
    return render(request, "meetings/read_comments.html", context, status=INVALID if refused else 200)


def _answer_form(comment: SummaryComment) -> AnswerForm:
    seen = comment.answered_at.isoformat() if comment.answered_at else ""
    answer = "" if comment.answer == SummaryComment.Answer.NONE else comment.answer
    return AnswerForm(initial={"answer": answer, "text": comment.answer_text, "seen": seen})


def _address(summary: ChairsSummary, anchor: str = "", round_number: int = 0) -> str:
    query = f"?round={round_number}" if round_number else ""
    return f"{reverse('meetings:read_comments', args=summary.meeting.address)}{query}{anchor}"


def _delegation_of(request: HttpRequest) -> Delegation:
    delegation = person_of(request).standing.delegation
    if delegation is None:  # the rule lets in those alone who write for one
        raise PermissionDenied
    return delegation


def _refuse(form: forms.Form, refusal: Refusal) -> None:
    form.add_error(None, str(refusal))


@login_required
@require_POST
def comment_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """A delegation comments on a paragraph or on the whole. What is refused stays on the page."""
    summary, rounds = find_rounds(request, group, number)
    authorise(request.user, "meetings.comment_summary", summary)
    form = CommentForm(request.POST)
    paragraph = number_in(request.POST, "paragraph")
    if form.is_valid():
        data = form.cleaned_data
        said_of = next((one for one in rounds if one.number == data["round"]), None)
        if said_of is None:
            raise Http404
        try:
            comment = operations.comment_summary(
                said_of,
                _delegation_of(request),
                text=data["text"],
                kind=data["kind"],
                proposed=data["proposed"],
                paragraph=data["paragraph"],
                by=person_of(request),
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The comment is stored."))
            return redirect(_address(summary, f"#comment-{comment.pk}"))
    return _page(
        request,
        summary,
        rounds,
        form=form,
        on=paragraph,
        may_comment=True,
        wanted=number_in(request.POST, "round"),
    )


def _find_comment(request: HttpRequest, summary: ChairsSummary, pk: int) -> SummaryComment:
    return get_object_or_404(comments_of(request, summary), pk=pk)


@login_required
@require_POST
def withdraw_comment(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """A delegation takes its comment back."""
    summary, _rounds = find_rounds(request, group, number)
    comment = _find_comment(request, summary, pk)
    authorise(request.user, "meetings.withdraw_comment", comment)
    try:
        operations.withdraw_comment(comment, by=person_of(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The comment is withdrawn."))
    return redirect(_address(summary, f"#comment-{pk}", comment.round.number))


@login_required
@require_POST
def answer_comment(request: HttpRequest, group: str, number: int, pk: int) -> HttpResponse:
    """The secretariat answers a comment. What is refused stays on the page."""
    summary, rounds = find_rounds(request, group, number)
    comment = _find_comment(request, summary, pk)
    authorise(request.user, "meetings.answer_comment", summary)
    form = AnswerForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            operations.answer_comment(
                comment, answer=data["answer"], text=data["text"], by=person_of(request), seen=_moment(data["seen"])
            )
        except Refusal as refusal:
            _refuse(form, refusal)
            comment.refresh_from_db()
            typed = cast(QueryDict, form.data).copy()
            typed["seen"] = comment.answered_at.isoformat() if comment.answered_at else ""
            form.data = typed
        else:
            messages.success(request, _("The answer is stored. The delegation is told."))
            return redirect(_address(summary, f"#comment-{pk}", comment.round.number))
    return _page(request, summary, rounds, answer_form=form, answering=pk, wanted=comment.round.number)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def object_to_summary(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """A delegation objects, on a page of its own that asks for the reason and whether it is meant."""
    summary, rounds = find_rounds(request, group, number)
    authorise(request.user, "meetings.object_to_summary", summary)
    shown = rounds[-1]
    form = ObjectionForm(request.POST if request.method == "POST" else None, initial={"round": shown.number})
    status = 200
    if request.method == "POST" and form.is_valid():
        objected_to = next((one for one in rounds if one.number == form.cleaned_data["round"]), shown)
        try:
            operations.object_to_summary(
                objected_to, _delegation_of(request), reason=form.cleaned_data["reason"], by=person_of(request)
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(
                request, _("The objection is recorded. The silence has ended, and all delegations are told.")
            )
            return redirect(_address(summary))
    if form.errors:
        status = INVALID
    return render(
        request,
        "meetings/object_to_summary.html",
        {
            "meeting": summary.meeting,
            "summary": summary,
            "round": shown,
            "form": form,
            "takes_comments": shown.takes_comments_at(timezone.now()),
            "delegation": _delegation_of(request),
        },
        status=status,
    )


@never_cache
@login_required
@require_GET
def read_changed_text(request: HttpRequest, group: str, number: int, revision: int) -> HttpResponse:
    """What a revised text changes of the one that was circulated before it."""
    summary, rounds = find_rounds(request, group, number)
    by_number = {one.number: one for one in rounds}
    if revision - 1 not in by_number or revision not in by_number:
        raise Http404
    old, new = (text_of_round(by_number[one]) for one in (revision - 1, revision))
    address = reverse("meetings:read_comments", args=summary.meeting.address)
    return render(
        request,
        "meetings/read_difference.html",
        {
            "meeting": summary.meeting,
            "summary": summary,
            "old": old,
            "new": new,
            "difference": differences(old, new),
            "readers": _("Participants"),
            "title": _("What %(symbol)s changes") % {"symbol": new.symbol},
            "old_url": f"{address}?round={revision - 1}",
            "new_url": f"{address}?round={revision}",
        },
    )


@login_required
@require_GET
def export_comments(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """All comments on all circulated texts, as a spreadsheet or PDF."""
    summary, _rounds = find_rounds(request, group, number)
    authorise(request.user, "meetings.export_comments", summary)
    comments = list(comments_of(request, summary))
    name = _("%(symbol)s comments") % {"symbol": summary.symbol}
    if form == "pdf":
        return download_paper(papers.comments_paper(summary, comments), name, form)
    sheet = (_("Comments"), papers.comment_headers(), papers.comment_rows(comments))
    return download(write_xlsx([sheet]), f"{name}.xlsx", XLSX)
