"""The designer: all sections and questions of a questionnaire on one screen.

Every step is a link or a form of its own; where htmx asks, only what changed is sent back. A row is edited in place or
on its own page, with the same form. Orders and texts that a colleague changed meanwhile are refused (409), with both
versions shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from icoca_portal.lib.acts import CONFLICT, INVALID, ActsMixin
from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.stale import OVER, last_saved
from members.signing_in import person_of
from questionnaires import operations
from questionnaires.design_forms import ImportForm, NoteForm, QuestionForm, SectionForm
from questionnaires.exceptions import DesignChangedMeanwhile, OrderChangedMeanwhile
from questionnaires.models import Question, Questionnaire, Section
from questionnaires.outline import Outline, moved, parse_order, write_order
from questionnaires.screen import Screen, compare_now

TEMPLATES = "admin/questionnaires/design"


class DesignMixin(ActsMixin):
    """For the screen of questionnaires: its designer."""

    def get_urls(self) -> list[Any]:
        section, question = "<int:pk>/design/sections/<int:section>/", "<int:pk>/design/questions/<int:question>/"
        return [
            self.act_path("<int:pk>/design/", self.design, "design"),
            self.act_path("<int:pk>/design/order/", self.reorder_questions, "reorder_questions"),
            self.act_path("<int:pk>/design/import/", self.import_questions, "import_questions"),
            self.act_path("<int:pk>/design/publish/", self.publish_edition, "publish_edition"),
            self.act_path("<int:pk>/design/sections/add/", self.add_section, "add_section"),
            self.act_path(section, self.change_section, "change_section"),
            self.act_path(f"{section}add/", self.add_question, "add_question"),
            self.act_path(question, self.change_question, "change_question"),
            *(
                self.act_path(f"{section}{verb}/", partial(self.step_section, step=step), f"{verb}_section")
                for verb, step in SECTION_STEPS.items()
            ),
            *(
                self.act_path(f"{question}{verb}/", partial(self.step_question, step=step), f"{verb}_question")
                for verb, step in QUESTION_STEPS.items()
            ),
            *super().get_urls(),
        ]

    # The screen

    def design(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sections and questions in order. Once the questionnaire is closed they are only read."""
        return self._render_screen(request, self._designed(request, pk))

    def _designed(self, request: HttpRequest, pk: int) -> Questionnaire:
        """The questionnaire, for those who may design it. 404, or PermissionDenied."""
        questionnaire: Questionnaire = self.row(Questionnaire, pk=pk)
        if not self._may_act(request, questionnaire, "questionnaires.design_questionnaire"):
            raise PermissionDenied
        return questionnaire

    def _render_screen(self, request: HttpRequest, questionnaire: Questionnaire, **more: Any) -> HttpResponse:
        screen = Screen.read(questionnaire)
        status = more.pop("status", 200)
        return self._render(request, questionnaire, "screen", {"screen": screen, **more}, status)

    def _render(
        self, request: HttpRequest, questionnaire: Questionnaire, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """A page, or for htmx only the part of the same name (``_name.html``)."""
        request.current_app = self.admin_site.name
        if is_partial(request):
            return TemplateResponse(
                request, f"{TEMPLATES}/_{name}.html", {"questionnaire": questionnaire, **context}, status=status
            )
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Questions"),
            "subtitle": str(questionnaire),
            "opts": self.opts,
            "original": questionnaire,
            "questionnaire": questionnaire,
            "back": self._back(questionnaire),
            **context,
        }
        return TemplateResponse(request, f"{TEMPLATES}/{name}.html", shown, status=status)

    def _back(self, questionnaire: Questionnaire, row: Section | Question | None = None) -> str:
        address = reverse("admin:questionnaires_questionnaire_design", args=[questionnaire.pk])
        if row is None:
            return address
        return f"{address}#{'q' if isinstance(row, Question) else 's'}-{row.pk}"

    def _done(
        self, request: HttpRequest, questionnaire: Questionnaire, row: Section | Question, message: str
    ) -> HttpResponse:
        """After a step: the row as it stands now (htmx), else the screen, at the row."""
        if not is_partial(request):
            messages.success(request, message)
            return redirect(self._back(questionnaire, row))
        screen = Screen.read(questionnaire)
        context: dict[str, Any] = {"questionnaire": questionnaire, "screen": screen, "said": message, "fresh": True}
        if isinstance(row, Question):
            context["row"] = screen.row_of(row.pk)
            return TemplateResponse(request, f"{TEMPLATES}/_saved_question.html", context)
        context["part"] = screen.part_of(row.pk)
        return TemplateResponse(request, f"{TEMPLATES}/_saved_section.html", context)

    def _refused(self, request: HttpRequest, questionnaire: Questionnaire, refusal: Refusal) -> HttpResponse:
        """A step that was refused: said on the screen, where everything stays as it was."""
        if not is_partial(request):
            return self._render_screen(request, questionnaire, refusal=str(refusal), status=INVALID)
        reply = TemplateResponse(request, f"{TEMPLATES}/_refused.html", {"refusal": str(refusal)}, status=INVALID)
        reply["HX-Retarget"], reply["HX-Reswap"] = "#design-refused", "outerHTML"
        return reply

    # Sections

    def add_section(self, request: HttpRequest, pk: int) -> HttpResponse:
        questionnaire = self._designed(request, pk)
        form = SectionForm(_posted(request), questionnaire=questionnaire)
        status = 200
        if request.method == "POST":
            status = INVALID
            if form.is_valid():
                try:
                    section = operations.add_section(
                        questionnaire, form.values(), by=person_of(request), after=_number(request.GET, "after")
                    )
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                else:
                    messages.success(request, _("Section “%(section)s” is added.") % {"section": section.title})
                    return redirect(self._back(questionnaire, section))
        context = {"form": form, "title": _("Add a section")}
        return self._render(request, questionnaire, "section_form", context, status)

    def change_section(self, request: HttpRequest, pk: int, section: int) -> HttpResponse:
        questionnaire = self._designed(request, pk)
        row = self.row(Section, pk=section, questionnaire=questionnaire)
        form = SectionForm(_posted(request), instance=row, questionnaire=questionnaire)
        context: dict[str, Any] = {"form": form, "section": row, "version": row.version, "title": _("Edit the section")}
        status = 200
        if request.method == "POST":
            status, context["version"] = INVALID, request.POST.get("version", "")
            if form.is_valid():
                try:
                    stored = operations.change_section(
                        row, form.values(), version=_version(request), by=person_of(request)
                    )
                except DesignChangedMeanwhile as refusal:
                    status, context["stale"] = CONFLICT, stale(form, refusal.row)
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                else:
                    return self._done(request, questionnaire, stored, _("The section is saved."))
        return self._render(request, questionnaire, "section_form", context, status)

    def step_section(self, request: HttpRequest, pk: int, section: int, step: Step) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        questionnaire = self._designed(request, pk)
        row = self.row(Section, pk=section, questionnaire=questionnaire)
        perform, done = step
        try:
            made = perform(row, by=person_of(request))
        except Refusal as refusal:
            return self._refused(request, questionnaire, refusal)
        messages.success(request, str(done()))
        return redirect(self._back(questionnaire, made if isinstance(made, Section) else None))

    # Questions

    def add_question(self, request: HttpRequest, pk: int, section: int) -> HttpResponse:
        questionnaire = self._designed(request, pk)
        row = self.row(Section, pk=section, questionnaire=questionnaire, removed_at=None)
        outline = Outline.read(questionnaire)
        after = _number(request.GET, "after")
        earlier = outline.up_to(after) if after else outline.before(None, section)
        if after == 0:
            first = next((part.places[0] for part in outline.parts if part.section == row and part.places), None)
            earlier = outline.before(first.question.pk) if first else earlier
        kind = request.GET.get("kind", "")
        initial = {"kind": kind if kind in Question.Kind.values else Question.Kind.LONG_TEXT}
        form = QuestionForm(_posted(request), questionnaire=questionnaire, earlier=earlier, initial=initial)
        context: dict[str, Any] = {"form": form, "section": row, "title": _("Add a question"), "after": after}

        def perform() -> Question:
            return operations.add_question(row, form.values(), by=person_of(request), after=after)

        return self._question_form(request, questionnaire, form, context, perform, _("The question is added."))

    def change_question(self, request: HttpRequest, pk: int, question: int) -> HttpResponse:
        questionnaire = self._designed(request, pk)
        row = self.row(Question, pk=question, section__questionnaire=questionnaire)
        outline = Outline.read(questionnaire)
        place = outline.by_id.get(row.pk)
        form = QuestionForm(
            _posted(request),
            instance=row,
            questionnaire=questionnaire,
            earlier=outline.before(row.pk) if place else [],
            asked=row.pk in operations.asked_ids(questionnaire),
        )
        context = {
            "form": form,
            "question": row,
            "number": place.number if place else "",
            "version": request.POST.get("version", row.version),
            "title": _("Edit question %(number)s") % {"number": place.number if place else ""},
        }

        def perform() -> Question:
            return operations.change_question(row, form.values(), version=_version(request), by=person_of(request))

        return self._question_form(request, questionnaire, form, context, perform, _("The question is saved."))

    def _question_form(
        self,
        request: HttpRequest,
        questionnaire: Questionnaire,
        form: QuestionForm,
        context: dict[str, Any],
        perform: Callable[[], Question],
        done: str,
    ) -> HttpResponse:
        """The form of a question: shown, changed in its shape, refused, or stored."""
        status = 200
        if request.method == "POST" and form.redrawn:
            if is_partial(request):
                return TemplateResponse(request, f"{TEMPLATES}/_condition.html", {"form": form})
        elif request.method == "POST":
            status, context["checked"] = INVALID, True
            if form.is_valid():
                try:
                    stored = perform()
                except DesignChangedMeanwhile as refusal:
                    status, context["stale"] = CONFLICT, stale(form, refusal.row)
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                else:
                    return self._done(request, questionnaire, stored, done)
        return self._render(request, questionnaire, "question_form", context, status)

    def step_question(self, request: HttpRequest, pk: int, question: int, step: Step) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        questionnaire = self._designed(request, pk)
        row = self.row(Question, pk=question, section__questionnaire=questionnaire)
        row.section.questionnaire = questionnaire
        perform, done = step
        try:
            made = perform(row, by=person_of(request))
        except Refusal as refusal:
            return self._refused(request, questionnaire, refusal)
        if made is None and is_partial(request):
            context = {"questionnaire": questionnaire, "screen": Screen.read(questionnaire), "said": str(done())}
            return TemplateResponse(request, f"{TEMPLATES}/_facts.html", {**context, "fresh": True})
        if made is None:
            messages.success(request, str(done()))
            return redirect(self._back(questionnaire, row.section))
        return self._done(request, questionnaire, made, str(done()))

    # The order

    def reorder_questions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an order: a whole one (`order`), or one row moved by one place (`move`: ``q12:up``, ``s3:down``)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        questionnaire = self._designed(request, pk)
        try:
            seen = parse_order(request.POST.get("seen", ""))
            if move := request.POST.get("move", ""):
                row, _colon, way = move.partition(":")
                order = moved(seen, row, -1 if way == "up" else 1)
            else:
                order = parse_order(request.POST.get("order", ""))
        except ValueError:
            return self._refuse_order(request, questionnaire, _("This order cannot be read. Open the page again."))
        try:
            operations.reorder_questions(questionnaire, order, seen=seen, by=person_of(request))
        except OrderChangedMeanwhile as refusal:
            return self._stale_order(request, questionnaire, order, str(refusal))
        except Refusal as refusal:
            return self._refuse_order(request, questionnaire, str(refusal))
        if is_partial(request):
            screen = Screen.read(questionnaire)
            facts = render_to_string(
                f"{TEMPLATES}/_facts.html", {"questionnaire": questionnaire, "screen": screen, "fresh": True}, request
            )
            return JsonResponse({"facts": facts})
        return redirect(self._back(questionnaire) + (f"#{move[0]}-{move[1:].partition(':')[0]}" if move else ""))

    def _refuse_order(self, request: HttpRequest, questionnaire: Questionnaire, sentence: str) -> HttpResponse:
        if is_partial(request):
            return JsonResponse({"refused": sentence}, status=INVALID)
        return self._render_screen(request, questionnaire, refusal=sentence, status=INVALID)

    def _stale_order(
        self, request: HttpRequest, questionnaire: Questionnaire, order: Any, sentence: str
    ) -> HttpResponse:
        """Both orders; mine can be put over theirs while it names the same rows."""
        outline = Outline.read(questionnaire)
        texts = dict(Question.objects.filter(section__questionnaire=questionnaire).values_list("pk", "text"))
        titles = dict(questionnaire.sections.values_list("pk", "title"))

        def listed(rows: Any) -> list[tuple[str, list[str]]]:
            return [(titles.get(pk, "–"), [texts.get(q, "–") for q in questions]) for pk, questions in rows]

        same = sorted(q for _s, rows in order for q in rows) == sorted(q for _s, rows in outline.order for q in rows)
        stale_order = {
            "sentence": sentence,
            "theirs": listed(outline.order),
            "mine": listed(order),
            "order": write_order(order) if same else "",
            "seen": outline.seen,
        }
        if is_partial(request):
            panel = render_to_string(
                f"{TEMPLATES}/_stale_order.html", {"questionnaire": questionnaire, "stale_order": stale_order}, request
            )
            return JsonResponse({"panel": panel}, status=CONFLICT)
        return self._render_screen(request, questionnaire, stale_order=stale_order, status=CONFLICT)

    # The next edition

    def publish_edition(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What changed since the latest edition, and the note with which it goes to the delegations."""
        questionnaire = self._designed(request, pk)
        latest = questionnaire.edition
        number = latest.number + 1 if latest else 1
        comparison = compare_now(questionnaire, latest) if latest else None
        return self.act(
            request,
            questionnaire,
            title=_("Publish edition %(number)s") % {"number": number},
            button=_("Publish edition %(number)s") % {"number": number},
            form_class=NoteForm,
            perform=lambda note: operations.publish_edition(questionnaire, note=note, by=person_of(request)),
            done=_("Edition %(number)s is published. The delegations that have begun are told.") % {"number": number},
            permission="questionnaires.publish_edition",
            template=f"{TEMPLATES}/publish_edition.html",
            context={
                "questionnaire": questionnaire,
                "comparison": comparison,
                "missing": operations.what_is_missing(questionnaire),
                "open": questionnaire.state == Questionnaire.State.OPEN,
                "design": self._back(questionnaire),
            },
        )

    # From an earlier questionnaire

    def import_questions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose an earlier questionnaire (``?from=``), tick its questions, copy them to the end of this one."""
        questionnaire = self._designed(request, pk)
        chosen = _number(request.GET, "from")
        source = self.row(Questionnaire, pk=chosen) if chosen else None
        others = Questionnaire.objects.exclude(pk=questionnaire.pk).order_by("-deadline")
        context: dict[str, Any] = {"title": _("Copy questions"), "others": others, "source": source}
        if source is None:
            return self._render(request, questionnaire, "import_questions", context)
        outline = Outline.read(source)
        form = ImportForm(_posted(request), outline=outline)
        status = 200
        if request.method == "POST":
            status = INVALID
            if form.is_valid():
                try:
                    imported = operations.import_questions(questionnaire, source, form.chosen, by=person_of(request))
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                else:
                    self._say_imported(request, imported, source)
                    return redirect(self._back(questionnaire))
        return self._render(
            request, questionnaire, "import_questions", {**context, "outline": outline, "form": form}, status
        )

    @staticmethod
    def _say_imported(request: HttpRequest, imported: operations.Imported, source: Questionnaire) -> None:
        count = len(imported.copies)
        messages.success(
            request, _("%(count)d questions are copied from “%(source)s”.") % {"count": count, "source": source}
        )
        for question in imported.without_condition:
            messages.warning(
                request,
                _("“%(question)s” is always asked now: what its condition looked at was not copied.")
                % {"question": question},
            )


def is_partial(request: Any) -> bool:
    """Whether htmx asks for a part of a page."""
    return bool(request.htmx)


def stale(form: Any, stored: Any) -> dict[str, Any]:
    """Both versions of a row, for ``admin/stale.html``."""
    return {
        "version": stored.version,
        "fields": list(form.differences(stored)),
        "inlines": [],
        "saved": last_saved(stored),
    }


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _version(request: HttpRequest) -> int:
    """The version that a save names: the one it would write over knowingly, else the one it was made from."""
    return whole_number(request.POST.get(OVER) or request.POST.get("version")) or 0


def _number(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "")
    if not text:
        return None
    number = whole_number(text, figures=18)
    if number is None:
        raise Http404
    return number


Step = tuple[Callable[..., Any], Callable[[], str]]
SECTION_STEPS: dict[str, Step] = {
    "duplicate": (operations.duplicate_section, lambda: _("The section is duplicated, with its questions.")),
    "remove": (operations.remove_section, lambda: _("The section is removed. It stands under “Removed”.")),
    "restore": (operations.restore_section, lambda: _("The section is restored.")),
    "delete": (operations.delete_section, lambda: _("The section is deleted.")),
}
QUESTION_STEPS: dict[str, Step] = {
    "duplicate": (operations.duplicate_question, lambda: _("The question is duplicated.")),
    "remove": (operations.remove_question, lambda: _("The question is removed. It stands under “Removed”.")),
    "restore": (operations.restore_question, lambda: _("The question is restored.")),
    "delete": (operations.delete_question, lambda: _("The question is deleted.")),
}
