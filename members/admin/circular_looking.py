"""What is looked at before a circular is sent: who gets it, each letter as it goes, a test to oneself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.exports import CSV, csv_lines, stream
from icoca_portal.lib.framed import in_a_frame, with_a_frame
from icoca_portal.lib.paging import page_number, page_within
from members import operations
from members.circular_forms import TestLetterForm
from members.circulars.looking import Looked
from members.models import Circular
from members.signing_in import person_of


class LookingMixin(ActsMixin):
    """For the screen of circulars."""

    def _page(self, request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/members/circular/{name}.html", shown, status=status)

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/addressees/", self.list_addressees, "list_addressees"),
            self.act_path("<int:pk>/addressees.csv", self.export_addressees, "export_addressees"),
            self.act_path("<int:pk>/preview/", self.preview_circular, "preview_circular"),
            self.act_path("<int:pk>/preview/mail/", self.preview_mail, "preview_mail"),
            self.act_path("<int:pk>/test/", self.send_circular_test, "send_circular_test"),
            *super().get_urls(),
        ]

    def _to_look_at(self, request: HttpRequest, pk: int) -> Looked:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return Looked.at(self.row(Circular, pk=pk))

    @method_decorator(require_safe)
    def list_addressees(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who would get it now: first what to know before it is sent, then every name."""
        looked = self._to_look_at(request, pk)
        people = list(enumerate(looked.found.addressees, start=1))
        words = " ".join(request.GET.get("q", "").split())[:100]
        if words:
            people = [pair for pair in people if looked.matches(pair[1], words)]
        pages = page_within(page_number(request.GET), len(people))
        start = (pages.number - 1) * pages.size
        shown = people[start : start + pages.size]
        context: dict[str, Any] = {
            "title": _("Who gets it"),
            "original": looked.circular,
            "looked": looked,
            "people": [(number, each, looked.language_of(each)) for number, each in shown],
            "pages": pages,
            "words": words,
            "query": urlencode({"q": words}) if words else "",
        }
        return self._page(request, "addressees", **context)

    @method_decorator(require_safe)
    def export_addressees(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        looked = self._to_look_at(request, pk)
        heads = (_("Organisation"), _("Name"), _("As"), _("Address"), _("Language"), _("Letter"))
        return stream(csv_lines([str(head) for head in heads], looked.rows()), f"circular-{pk}-addressees.csv", CSV)

    @method_decorator(require_safe)
    def preview_circular(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter as one recipient gets it, with those before and after."""
        looked = self._to_look_at(request, pk)
        total = len(looked.found.addressees)
        number = looked.number_of(request.GET)
        context: dict[str, Any] = {
            "title": _("As recipients see it"),
            "original": looked.circular,
            "looked": looked,
            "number": number,
            "total": total,
            "before": number - 1 if number > 1 else None,
            "after": number + 1 if number < total else None,
            "words": " ".join(request.GET.get("q", "").split())[:100],
        }
        if number:
            addressee = looked.found.addressees[number - 1]
            mail = looked.mail(addressee) if looked.composer.texts else None
            context |= {"addressee": addressee, "mail": mail, "missing": looked.composer.missing([addressee])}
        return with_a_frame(self._page(request, "preview", **context))

    @method_decorator(require_safe)
    def preview_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter with its form, for the frame in the page of the preview."""
        looked = self._to_look_at(request, pk)
        number = looked.number_of(request.GET)
        if not number or not looked.composer.texts:
            raise Http404
        return in_a_frame(looked.mail(looked.found.addressees[number - 1]).html)

    def send_circular_test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter of the first recipient, or of the one that the preview has shown (`to`), to oneself."""
        circular = self.row(Circular, pk=pk)
        person = person_of(request)
        addressee = None
        if "to" in request.GET:
            looked = self._to_look_at(request, pk)
            number = looked.number_of({"to": request.GET["to"]})
            addressee = looked.found.addressees[number - 1] if number else None
        written = {row.language for row in circular.texts.all()}
        return self.act(
            request,
            circular,
            title=_("Send a test to myself"),
            button=_("Send the test"),
            text=gettext(
                "The letter of %(reader)s goes to %(address)s, and says that it is a test. It has no number, and "
                "leaves nothing in the record."
            )
            % {"address": person.email, "reader": addressee or gettext("the first recipient")},
            form_class=TestLetterForm,
            initial={"language": person.language if person.language in written else next(iter(written), "")},
            perform=lambda language: operations.send_circular_test(
                circular, by=person, language=language, addressee=addressee
            ),
            done=gettext("The test is on its way to %(address)s.") % {"address": person.email},
            permission="members.write_circular",
            template="admin/act.html",
        )
