"""Circulars in the administration: written, looked at as each recipient will see them, put to a colleague, sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import CONFLICT, Act, ActsMixin
from icoca_portal.lib.moments import in_geneva, in_zone
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.parking import typed_in
from icoca_portal.lib.prose import ProseAdminMixin
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.stale import OVER, SEEN, StaleSaveMixin
from members import operations, things
from members.admin.circular_log import CircularLogMixin
from members.admin.circular_looking import LookingMixin
from members.admin.registry import tag
from members.circular_forms import (
    BODY,
    BOOK,
    SUBJECT,
    TYPED,
    CircularForm,
    ReturnCircularForm,
    StartForm,
    in_braces,
    kinds_of_circulars,
    thing_named,
)
from members.circulars import audiences, merging
from members.circulars.delivery import Counts, Standing, count_standings_of
from members.circulars.looking import Looked
from members.circulars.waiting import with_trouble
from members.exceptions import ChangedMeanwhile
from members.models import Circular, CircularTemplate, User
from members.signing_in import person_of

State = Circular.State
#: Where the page of a circular leads after saving, beside its steps: what stands in `_go`.
PLACES = ("list_addressees", "preview_circular", "send_circular_test")

#: The steps that show what would be sent, and are taken only on what was shown.
LOOKED_AT = ("submit_circular", "approve_circular", "release_circular")

TAGS: dict[str, str] = {
    State.DRAFT: "",
    State.SUBMITTED: "is-due",
    State.QUEUED: "is-half",
    State.SENT: "is-done",
    State.CANCELLED: "",
}


class ShownForm(forms.Form):
    """What the page of a step showed: the version of the circular, and to whom it would go."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class ReturnForm(ReturnCircularForm, ShownForm):
    pass


def said_after_release(circular: Circular) -> str:
    """What became of a circular that was approved or released."""
    if circular.released_at:
        letters = circular.recipients.count()
        words = {"circular": circular, "count": letters}
        return (
            ngettext(
                "%(circular)s is on its way: %(count)d letter.",
                "%(circular)s is on its way: %(count)d letters.",
                letters,
            )
            % words
        )
    if circular.held_why:
        return gettext("Nothing was sent. %(why)s") % {"why": circular.held_why}
    hour = in_geneva(circular.send_at) if circular.send_at else ""
    return gettext("The circular is approved. It is sent on %(hour)s.") % {"hour": hour}


CIRCULAR_ACTS = (
    Act(
        "submit_circular",
        _("Put it to a colleague"),
        (State.DRAFT,),
        _("A colleague reads it and sends it, or returns it to you. Until then nobody changes it."),
        _("The circular waits for a colleague."),
        operations.submit_circular,
        ShownForm,
        when=lambda row: bool(settings.CIRCULARS_FOUR_EYES),
    ),
    Act(
        "approve_circular",
        _("Send the circular"),
        (State.DRAFT, State.SUBMITTED),
        _(
            "It gets its number, and the letters go out. This cannot be undone: a correction is sent after it, "
            "as Corr.1."
        ),
        said_after_release,
        operations.approve_circular,
        ShownForm,
        when=lambda row: row.state == State.SUBMITTED or not settings.CIRCULARS_FOUR_EYES,
    ),
    Act(
        "return_circular",
        _("Make it a draft again"),
        (State.SUBMITTED, State.QUEUED),
        _("It is not sent, and can be changed again. Whoever wrote it reads your reason."),
        _("The circular is a draft again."),
        operations.return_circular,
        ReturnForm,
        when=lambda row: row.released_at is None,
    ),
    Act(
        "release_circular",
        _("Try to send it again"),
        (State.QUEUED,),
        _("It goes out now, if nothing stands in its way any more."),
        said_after_release,
        lambda row, by: operations.release_circular(row, now=timezone.now()),
        ShownForm,
        when=lambda row: row.released_at is None and bool(row.held_why),
    ),
    Act(
        "cancel_circular",
        pgettext_lazy("circular", "Give it up"),
        (State.DRAFT, State.SUBMITTED, State.QUEUED),
        _("Nothing is sent. The text stays here, to be read."),
        _("The circular is given up. Nothing was sent."),
        operations.cancel_circular,
        ShownForm,
        when=lambda row: row.released_at is None,
    ),
    Act(
        "correct_circular",
        _("Write a correction"),
        (State.QUEUED, State.SENT),
        _(
            "A draft with the same text, for those who got this one, opens. It is sent under the same number, as a "
            "correction of it; this one stays as it is."
        ),
        _("The correction is begun."),
        operations.correct_circular,
        outcome=lambda correction: correction,
        when=lambda row: row.released_at is not None,
    ),
)


class AboutFilter(admin.SimpleListFilter):
    title = _("about")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.key, kind.label) for kind in kinds_of_circulars()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(about_kind=self.value()) if self.value() else queryset


class AttentionFilter(admin.SimpleListFilter):
    """What waits for a person."""

    title = _("waiting for a decision")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("held", _("Held back")), ("copies", _("Letters that failed or came back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "held":
            return queryset.filter(state=State.QUEUED).exclude(held_why="")
        if self.value() == "copies":
            return queryset.filter(pk__in=with_trouble(timezone.now()))
        return queryset


class CircularList(ChangeList):
    """The list, with what each circular of the page says, is about, and has become of."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        counts = count_standings_of(self.result_list, timezone.now())
        titles: dict[str, str] = {}
        for key in {row.about_kind for row in self.result_list}:
            if kind := things.kind_of(key):
                titles |= {thing.reference: thing.title() for thing in kind.recent()}
        for row in self.result_list:
            row.counts = counts.get(row.pk)
            row.about_title = titles.get(things.reference_of(row.about_kind, row.about_id or 0), "")


@admin.register(Circular)
class CircularAdmin(CircularLogMixin, LookingMixin, ActsMixin, ProseAdminMixin, StaleSaveMixin, admin.ModelAdmin):
    """A draft is written on its page; from then on it moves by its steps. What was sent is only read."""

    form = CircularForm
    acts = CIRCULAR_ACTS
    act_template = "admin/members/circular/act.html"
    change_form_template = "admin/members/circular/change_form.html"
    change_list_template = "admin/members/circular/change_list.html"
    list_display = ("called", "subject", "about", "to_whom", "state_shown", "hour", "progress")
    list_display_links = ("called", "subject")
    list_filter = ("state", AttentionFilter, AboutFilter, "year")
    search_fields = ("texts__subject", "texts__body")
    search_help_text = _("Words of the subject or text, or a number such as 3/2026.")
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    class Media:
        css = {"all": ["css/circulars-admin.css"]}
        js = ["js/circulars.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("corrects", "created_by", "submitted_by", "approved_by")
        return rows.prefetch_related("texts")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CircularList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Its number, as it stands in the symbol, finds a circular with its corrections."""
        if named := re.search(r"(?<!\d)(\d{1,6})/(\d{4})(?!\d)", search_term):
            return queryset.filter(number=int(named[1]), year=int(named[2])), False
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was not sent is given up; what was sent is a record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_editable)

    # The list

    @admin.display(description=_("Circular"), ordering="-year")
    def called(self, row: Circular) -> str:
        if row.symbol:
            return row.symbol
        if row.corrects:
            return gettext("Correction of %(circular)s") % {"circular": row.corrects}
        return gettext("Without a number")

    @admin.display(description=_("Subject"))
    def subject(self, row: Circular) -> str:
        text = row.text_in(get_language() or settings.LANGUAGE_CODE)
        return text.subject if text else gettext("No text yet")

    @admin.display(description=_("About"))
    def about(self, row: Any) -> Any:
        kind = things.kind_of(row.about_kind)
        return format_html("{}<small>{}</small>", row.about_title, kind.label) if kind else "–"

    @admin.display(description=_("To"))
    def to_whom(self, row: Circular) -> str:
        return audiences.in_words(row.audience) or "–"

    @admin.display(description=_("State"), ordering="state")
    def state_shown(self, row: Circular) -> Any:
        if row.held_why and row.state == State.QUEUED:
            return tag(_("Held back"), "is-wrong")
        if row.state == State.QUEUED and row.released_at:
            return tag(_("On its way"), "is-half")
        if row.state == State.QUEUED:
            return tag(_("Waits for its hour"), "is-half")
        return tag(row.get_state_display(), TAGS[row.state])

    @admin.display(description=_("Hour"), ordering="send_at")
    def hour(self, row: Circular) -> str:
        if row.released_at:
            return in_geneva(row.released_at)
        return in_geneva(row.send_at) if row.send_at else "–"

    @admin.display(description=_("Progress"))
    def progress(self, row: Any) -> Any:
        return progress_in_words(row.counts) if row.counts and row.counts.total else "–"

    # Beginning

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """About what, and with which words, it begins."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = thing_named(request.GET.get("about", ""))
        template = CircularTemplate.objects.filter(pk=number_in(request.GET, "template")).first()
        form = StartForm(request.POST or None, asked=asked, initial={"template": template} if template else None)
        if request.method == "POST" and form.is_valid():
            begun = form.cleaned_data
            circular = operations.draft_circular(
                by=person_of(request), about=begun["about"], template=begun["template"]
            )
            self.log_addition(request, circular, gettext("Begun."))
            return redirect(self._address_of(circular))
        shown = {"title": _("Write a circular"), "form": form, "media": self.media, "back": self._address_of(None)}
        return self._page(request, "start", status=422 if form.errors else 200, **shown)

    # Writing

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The template lays the fields out; the administration only has to know that there are some."""
        return ((None, {"fields": ("send_at",) if obj is not None and self._may_write(request, obj) else ()}),)

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Writing on a circular that a colleague has put forward or sent meanwhile stores nothing, and loses nothing:
        what was typed is shown, to be copied."""
        if request.method == "POST":
            row = self.get_object(request, unquote(object_id))
            if row is not None and not row.is_editable and super().has_change_permission(request, row):
                shown = {"title": _("Not saved"), "original": row, "typed": typed_in(request)}
                return self._page(request, "not_saved", status=CONFLICT, **shown)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.has_changed() or OVER in request.POST:
            operations.write_circular(
                obj,
                by=person_of(request),
                texts=form.texts(),
                audience=form.audience,
                send_at=form.cleaned_data["send_at"],
                about=form.thing,
            )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        self._take_files(request, form.instance, form)

    def _take_files(self, request: HttpRequest, circular: Circular, form: Any) -> None:
        """Store the files that came with the form, or go with a button of the list of files. Each by itself: one that
        is refused leaves the others, and what was typed besides is neither better nor worse for it."""
        attached = bool(request.POST.get("upload_attached"))
        for upload in request.FILES.getlist("upload"):
            try:
                operations.attach_circular_file(circular, by=person_of(request), upload=upload, attached=attached)
            except Refusal as refused:
                words = {"file": upload.name, "why": refused}
                messages.error(request, gettext("“%(file)s” was not added. %(why)s") % words)
            else:
                messages.success(request, gettext("“%(file)s” is added.") % {"file": upload.name})
        shown = circular.files.filter(pk=number_in(request.POST, "_present_file")).first()
        if shown is not None:
            operations.present_circular_file(shown, by=person_of(request), attached=not shown.attached)
        removed = circular.files.filter(pk=number_in(request.POST, "_remove_file")).first()
        if removed is not None:
            operations.remove_circular_file(removed, by=person_of(request))
            messages.success(request, gettext("“%(file)s” is removed.") % {"file": removed})

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to the page where there is more to do on it."""
        place = request.POST.get("_go", "")
        if place in PLACES:
            return redirect(self._place(place, obj))
        if request.FILES or "_remove_file" in request.POST or "_present_file" in request.POST:
            return redirect(self._address_of(obj))
        return super().response_change(request, obj)

    def _place(self, name: str, row: Any) -> str:
        return reverse(f"admin:members_circular_{name}", args=[row.pk])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        circular = kwargs["obj"]
        form = context["adminform"].form
        writes = self._may_write(request, circular)
        refused = writes and form.is_bound
        if refused:
            self._take_files(request, circular, form)
        circular.refresh_from_db(fields=["version"])
        context |= {"writes": writes, "has_file_field": writes, "show_save_and_add_another": False}
        context |= self._written(form) if writes else self._sent(circular)
        files = list(circular.files.all())
        context |= {
            "files": files,
            "attached_size": sum(row.size for row in files if row.attached),
            "attached_limit": settings.MAIL_ATTACHMENTS_LIMIT,
            "state_tag": self.state_shown(circular),
            "progress": progress_in_words(context["counts"]) if context.get("counts") else "",
            "waits_for_colleague": circular.state == State.SUBMITTED and is_own(circular, request.user),
            "thing": things.find(circular.about_kind, circular.about_id),
        }
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["waits_for_colleague"]:
            context["acts"] = [each for each in context["acts"] if each[0].name != "approve_circular"]
        if refused and not form.is_stale and isinstance(response, TemplateResponse) and response.context_data:
            # The files that came with it are stored: that is no colleague's change.
            response.context_data[SEEN] = circular.version
        return response

    def _written(self, form: Any) -> dict[str, Any]:
        """What the page of a draft shows around its fields."""
        circular = form.instance
        return {
            "languages": [
                {"code": code, "name": name, "subject": form[f"{SUBJECT}{code}"], "body": form[f"{BODY}{code}"]}
                for code, name in settings.LANGUAGES
            ],
            "merge_fields": in_braces(merging.field_names(form.about_kind)),
            "parts": [
                {
                    "box": box,
                    "fields": [form[name] for name in form.names_of(box.data["value"])],
                    "chosen": box.data["selected"],
                    "takes_book": TYPED in form.names_of(box.data["value"]),
                }
                for box in form["rules"]
            ],
            "book": BOOK,
            "found": audiences.found(circular, timezone.now()) if circular.audience else None,
            "in_zone": in_zone(circular.send_at) if circular.send_at else "",
        }

    def _sent(self, circular: Any) -> dict[str, Any]:
        """What the page of a circular shows that is only read."""
        texts = {row.language: row for row in circular.texts.all()}
        return {
            "texts": [(code, name, texts[code]) for code, name in settings.LANGUAGES if code in texts],
            "to_whom": audiences.in_words(circular.audience),
            "counts": count_standings_of([circular], timezone.now()).get(circular.pk),
            "record": getattr(circular, "record", None),
            "corrections": list(circular.corrections.exclude(released_at=None)),
            "in_zone": in_zone(circular.send_at) if circular.send_at else "",
        }

    # The steps

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """A circular that waits for its hour is not sent at once, and says so on its button."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and act.name == "approve_circular":
            act = as_it_is_sent(act, row)
        return super().act_view(request, object_id, replace(act, operation=as_it_was_shown(act)))

    def act_context(self, request: HttpRequest, act: Act, row: Any) -> dict[str, Any]:
        if act.name not in LOOKED_AT:
            return {"shown": row.version}
        looked = Looked.at(row)
        return {
            "looked": looked,
            "shown": looked.fingerprint,
            "texts": looked.texts,
            "in_zone": in_zone(row.send_at) if row.send_at else "",
        }


def is_own(circular: Circular, user: Any) -> bool:
    """Whether two pairs of eyes are asked for, and this is one of the first."""
    own = (circular.submitted_by_id, circular.written_by_id)
    return bool(settings.CIRCULARS_FOUR_EYES) and user.pk in own


def progress_in_words(counts: Counts) -> Any:
    """``140 of 142 sent``, and what waits for a decision."""
    said = gettext("%(sent)d of %(total)d sent") % {"sent": counts.sent, "total": counts.total}
    refused, returned = counts.of.get(Standing.REFUSED, 0), counts.of.get(Standing.RETURNED, 0)
    wrong = [
        (ngettext("%(count)d refused", "%(count)d refused", refused), refused),
        (ngettext("%(count)d returned", "%(count)d returned", returned), returned),
        (gettext("%(count)d uncertain"), counts.of.get(Standing.UNCERTAIN, 0)),
    ]
    tags = [tag(words % {"count": count}, "is-wrong") for words, count in wrong if count]
    return format_html("{} {}", said, format_html_join(" ", "{}", ((each,) for each in tags))) if tags else said


def as_it_is_sent(act: Act, circular: Circular) -> Act:
    """The step of sending, with the words for a circular that waits for its hour, or for a colleague's."""
    if circular.send_at and circular.send_at > timezone.now():
        label = _("Approve it for its hour") if circular.state == State.SUBMITTED else _("Send it at its hour")
        consequence = _("At its hour the audience is asked anew, it gets its number, and the letters go out.")
        return replace(act, label=label, consequence=consequence)
    return replace(act, label=_("Approve and send the circular")) if circular.state == State.SUBMITTED else act


def as_it_was_shown(act: Act) -> Callable[..., Any]:
    """The operation of a step, on what its page showed: if the text or the recipients changed meanwhile, nothing is
    done, and the page shows what there is now."""

    def operation(row: Circular, *, by: User, shown: str = "", **given: Any) -> Any:
        stored = Circular.objects.select_for_update().get(pk=row.pk)
        if shown and stored.state in act.states:
            now = Looked.at(stored).fingerprint if act.name in LOOKED_AT else str(stored.version)
            if shown != now:
                raise ChangedMeanwhile(
                    gettext("The text or the recipients have changed since this page was opened. Look again, below.")
                )
        return act.operation(stored, by=by, **given)

    return operation
