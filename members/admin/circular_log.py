"""The delivery log of a circular in the administration: who got which version, what became of each copy, and what is
done about those that did not arrive."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.exports import CSV, XLSX, csv_lines, in_this_language, send_file, stream, xlsx_file
from icoca_portal.outbox import operations as outbox
from members import operations
from members.circular_log_forms import ResendCopyForm, SeenForm
from members.circulars import delivery, delivery_files
from members.circulars.delivery import Asked, Line, Log, Standing, lines_of
from members.exceptions import CopyChangedMeanwhile
from members.models import Circular, CircularRecipient
from members.signing_in import person_of


class CircularLogMixin(ActsMixin):
    """For the screen of circulars: the log of one, its files, and the steps from it."""

    def get_urls(self) -> list[Any]:
        log, recipient = "<int:pk>/log/", "<int:pk>/log/<int:recipient>/"
        return [
            self.act_path(log, self.log_of_circular, "log"),
            self.act_path(f"{log}resend/", self.resend_failed, "resend_failed"),
            self.act_path(f"{recipient}resend/", self.resend_copy, "resend_copy"),
            self.act_path(f"{recipient}leave/", self.settle_copy, "settle_copy"),
            *(
                self.act_path(f"{log}delivery.{form}", self.export_log, f"export_log_{form}", {"form": form})
                for form in ("csv", "xlsx", "pdf")
            ),
            *super().get_urls(),
        ]

    # Reading

    @method_decorator(require_safe)
    def log_of_circular(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where every recipient stands."""
        circular = self._circular_of_log(request, pk)
        log = Log(circular, Asked.read(request.GET))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delivery log"),
            "subtitle": str(circular),
            "opts": self.opts,
            "circular": circular,
            "log": log,
            "standings": [
                *delivery.GROUP_LABELS.items(),
                *((value, label) for value, label in Standing.choices if value != Standing.NONE),
            ],
            "query": request.GET.urlencode(),
            "may_resend": request.user.has_perm("members.resend_circular", circular),
            "may_settle": request.user.has_perm("outbox.settle_message"),
            "may_export": request.user.has_perm("members.export_circular"),
        }
        return TemplateResponse(request, "admin/members/circular/log.html", context)

    @method_decorator(require_safe)
    def export_log(self, request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
        """The log for the file, whole, every copy of it: CSV, Excel, or the delivery record as a paper."""
        circular = self._circular_of_log(request, pk)
        if not request.user.has_perm("members.export_circular"):
            raise PermissionDenied
        now = timezone.now()
        name = gettext("%(circular)s delivery") % {"circular": circular.symbol}
        if form == "pdf":
            return download_paper(delivery_files.delivery_record(circular, now), name, "pdf")
        headers, rows = delivery_files.headers(), delivery_files.rows(circular, now)
        if form == "xlsx":
            return send_file(xlsx_file([(circular.symbol, headers, rows)]), f"{name}.xlsx", XLSX)
        return stream(in_this_language(csv_lines(headers, rows)), f"{name}.csv", CSV)

    # Steps

    def resend_copy(self, request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
        """Send another copy to one recipient, to another address if the old one was wrong."""
        circular = self._circular_of_log(request, pk)
        line = self._line(circular, recipient)

        def perform(email: str, seen: int, also_account: bool = False) -> Any:
            self._refuse_if_changed(line, seen)
            also = also_account and email.lower() != line.recipient.user.email
            return operations.resend_copy(line.recipient, by=person_of(request), email=email, also_account=also)

        return self.act(
            request,
            circular,
            title=_("Send again"),
            button=_("Send another copy"),
            form_class=ResendCopyForm.for_recipient(line),
            initial={"email": line.address, "seen": line.latest.number if line.latest else 0},
            perform=perform,
            permission="members.resend_circular",
            done=lambda copy: gettext("Another copy to %(address)s is queued.") % {"address": copy.message.recipient},
            template="admin/members/circular/resend_copy.html",
            then=self._back_to_log(request, circular),
            context={"line": line, "circular": circular},
        )

    def settle_copy(self, request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
        """Leave what did not arrive as it is: it stays in the log and waits for nobody."""
        circular = self._circular_of_log(request, pk)
        line = self._line(circular, recipient)
        if not request.user.has_perm("outbox.settle_message"):
            raise PermissionDenied

        def perform(seen: int) -> Any:
            self._refuse_if_changed(line, seen)
            if line.message is None:
                raise CopyChangedMeanwhile(gettext("There is no copy to decide on."))
            return outbox.settle_message(line.message, by=request.user)

        return self.act(
            request,
            circular,
            title=_("Leave as it is"),
            button=_("Leave it as it is"),
            form_class=SeenForm,
            initial={"seen": line.latest.number if line.latest else 0},
            perform=perform,
            permission="members.resend_circular",
            done=gettext("The copy to %(name)s stays as it is.") % {"name": line.recipient.name or line.address},
            template="admin/members/circular/settle_copy.html",
            then=self._back_to_log(request, circular),
            context={"line": line, "circular": circular},
        )

    def resend_failed(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send another copy to everybody whose copy was refused or came back, and on whom nobody has decided."""
        circular = self._circular_of_log(request, pk)
        failed = delivery.count_standings(circular, timezone.now()).failed
        return self.act(
            request,
            circular,
            title=_("Send again to all that failed"),
            button=_("Send the copies again"),
            text=ngettext(
                "%(count)d copy was refused or came back. It is sent again, to the same address. Fix a wrong address "
                "before.",
                "%(count)d copies were refused or came back. They are sent again, to the same addresses. Fix wrong "
                "addresses before.",
                failed,
            )
            % {"count": failed},
            perform=lambda: operations.resend_failed(circular, by=person_of(request)),
            permission="members.resend_circular",
            done=lambda count: (
                ngettext("%(count)d copy is queued again.", "%(count)d copies are queued again.", count)
                % {"count": count}
            ),
            then=self._back_to_log(request, circular),
        )

    # What they share

    def _circular_of_log(self, request: HttpRequest, pk: int) -> Any:
        """A circular that was sent, with its record and texts. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Circular.objects.exclude(released_at=None).select_related("record__sealed_by")
        circular = rows.prefetch_related("texts").filter(pk=pk).first()
        if circular is None:
            raise Http404
        return circular

    def _line(self, circular: Circular, recipient: int) -> Line:
        lines = lines_of(circular, circular.recipients.filter(pk=recipient), timezone.now())
        if not lines:
            raise Http404
        return lines[0]

    @staticmethod
    def _refuse_if_changed(line: Line, seen: int) -> None:
        """Two colleagues at one recipient, or a button pressed twice: the second finds another copy than it was shown.

        Called in the transaction of the step; the recipient is locked, so that the two come one after the other.
        Raises CopyChangedMeanwhile.
        """
        recipient = CircularRecipient.objects.select_for_update().get(pk=line.recipient.pk)
        latest = recipient.copies.order_by("-number").values_list("number", flat=True).first() or 0
        if latest != seen:
            raise CopyChangedMeanwhile(
                gettext("Another copy was sent meanwhile. Nothing was sent now; look at the log first.")
            )

    def _back_to_log(self, request: HttpRequest, circular: Circular) -> str:
        """The log as it was narrowed when the step was chosen."""
        address = reverse("admin:members_circular_log", args=[circular.pk])
        kept = QueryDict(request.GET.urlencode(), mutable=True)
        for name in list(kept):
            if name not in ("q", "standing", "opened", "page"):
                del kept[name]
        return f"{address}?{kept.urlencode()}" if kept else address
