"""The delivery log in the admin: read it, and decide on what got stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from icoca_portal.lib.acts import Act, ActsMixin
from icoca_portal.lib.framed import in_a_frame, with_a_frame
from icoca_portal.lib.read_only import ReadOnlyMixin
from icoca_portal.outbox import emails, operations
from icoca_portal.outbox.codes import code_in_words, servers_words, what_helps
from icoca_portal.outbox.exceptions import MessageErased, MessageNotStuck
from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.querysets import MessageQuerySet
from icoca_portal.outbox.views import download_enclosed, files_of

#: How a state looks in the list.
SHAPES = {State.SENT: "is-done", State.SENDING: "is-half", State.FAILED: "is-wrong", State.RETURNED: "is-wrong"}


class AttentionFilter(admin.SimpleListFilter):
    """What waits for a person, and why."""

    title = _("waiting for a decision")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("all", _("Failed, returned or uncertain, nobody has decided")),
            ("returned", _("Returned: the server took it, and it came back")),
            ("uncertain", _("Uncertain: the outcome is not known")),
            ("overdue", _("Overdue: no worker has taken it")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        moment, choose = timezone.now(), cast(MessageQuerySet, queryset)
        match self.value():
            case "all":
                return choose.needs_attention(moment)
            case "returned":
                return choose.needs_attention(moment).filter(state=State.RETURNED)
            case "uncertain":
                return choose.uncertain(moment)
            case "overdue":
                return choose.overdue(moment)
            case _:
                return queryset


class AddressForm(forms.Form):
    """Where a message goes when it is sent again."""

    to = forms.CharField(
        label=_("Address"),
        max_length=254,
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off", "dir": "ltr", "inputmode": "email"}),
        help_text=_("Corrected here, it is corrected for this message alone; the account keeps its own address."),
    )


def waits_for_decision(message: Message) -> bool:
    """Whether somebody can still decide on the message."""
    return message.state != State.SENDING or message.is_uncertain


def can_go_again(message: Message) -> bool:
    """Whether there is anything left to send."""
    return waits_for_decision(message) and not (message.confidential and not message.text)


STUCK = (State.FAILED.value, State.RETURNED.value, State.SENDING.value)
ACTS = (
    Act(
        "retry_message",
        _("Send again"),
        STUCK,
        _("The message goes out at once, to the address below, as it was queued."),
        _("Sent again"),
        operations.retry_message,
        form=AddressForm,
        when=can_go_again,
    ),
    Act(
        "settle_message",
        _("Leave as it is"),
        STUCK,
        _("The message is not sent again. It stays in the log and no longer waits for a decision."),
        _("Left as it is"),
        operations.settle_message,
        when=lambda message: waits_for_decision(message) and not message.settled_at,
    ),
)


@admin.register(Message)
class MessageAdmin(ReadOnlyMixin, ActsMixin, admin.ModelAdmin):
    """Nothing here can be added, changed or deleted: a log that can be edited proves nothing."""

    list_display = ["subject", "recipient", "outcome", "reason", "queued_at", "sent_at"]
    list_filter = [AttentionFilter, "state", "queued_at"]
    search_fields = ["subject", "recipient", "recipient_name", "key", "=message_id"]
    search_help_text = _("Subject, name or address of the recipient, key, or Message-ID")
    ordering = ["-queued_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["retry_messages", "settle_messages"]
    acts = ACTS
    change_form_template = "admin/outbox/change_form.html"
    RETURN = (
        pgettext_lazy("mail", "Returned"),
        {"fields": ["returned_at", "returned_because", "returned_why", "advice"]},
    )
    fieldsets = [
        (None, {"fields": ["recipient_name", "recipient", "subject", "as_sent", "readable_text", "files"]}),
        (
            _("Delivery"),
            {"fields": ["outcome", "attempts", "queued_at", "taken_at", "sent_at", "next_attempt_at", "last_error"]},
        ),
        (_("Decisions"), {"fields": ["retried_at", "retried_by", "settled_at", "settled_by"]}),
        (_("For a mail administrator"), {"fields": ["headers", "provider_id", "key"]}),
    ]

    class Media:
        css = {"all": ["css/mail.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Message | None = None) -> Any:
        """What is known of its return, where it came back."""
        first, *others = self.fieldsets
        return [first, self.RETURN, *others] if obj and obj.returned_at else [first, *others]

    def act_initial(self, request: HttpRequest, act: Act, row: Message) -> dict[str, Any] | None:
        return {"to": row.recipient}

    def act_context(self, request: HttpRequest, act: Act, row: Message) -> dict[str, Any]:
        return {
            "mail": row,
            "reason": self.reason(row),
            "advice": what_helps(row.returned_code) if row.returned_at else "",
            "risks_second_copy": act.name == "retry_message" and row.is_uncertain,
        }

    @admin.display(description=_("state"), ordering="state")
    def outcome(self, message: Message) -> SafeString:
        """The state, or "uncertain", which no column holds."""
        reading = gettext("Uncertain") if message.is_uncertain else message.get_state_display()
        shape = "is-wrong" if message.is_uncertain else SHAPES.get(State(message.state), "")
        if message.settled_at:
            reading, shape = gettext("%(state)s, left as it is") % {"state": reading}, ""
        return format_html('<span class="wg-tag {}">{}</span>', shape, reading)

    @admin.display(description=_("reason"))
    def reason(self, message: Message) -> str:
        """Why it came back, in words; of any other message, the server's last answer."""
        if message.returned_at:
            return code_in_words(message.returned_code) or message.returned_why
        return servers_words(message.last_error)

    @admin.display(description=_("reason"))
    def returned_because(self, message: Message) -> str:
        return code_in_words(message.returned_code)

    @admin.display(description=_("what helps"))
    def advice(self, message: Message) -> str:
        return what_helps(message.returned_code)

    @admin.display(description=_("as it is sent"))
    def as_sent(self, message: Message) -> str:
        """The mail with its form, in a frame; never one which opens an account, or that stays in a delegation."""
        if message.confidential:
            return gettext("Not shown. This message is for its recipient alone.")
        return format_html(
            '<iframe class="wg-mail-frame" sandbox src="{}" title="{}"></iframe>',
            reverse("admin:outbox_message_form", args=[message.pk]),
            gettext("The mail with its form"),
        )

    @admin.display(description=_("text"))
    def readable_text(self, message: Message) -> str:
        """The text part of the mail."""
        if message.confidential:
            return gettext("Not shown. This message is for its recipient alone.")
        return format_html('<div class="wg-mail-text">{}</div>', emails.text_of(message))

    @admin.display(description=_("files"), empty_value="–")
    def files(self, message: Message) -> str | None:
        """The files that go with it, to be taken."""
        enclosed = [] if message.confidential else files_of(message, "admin:outbox_message_file")
        return render_to_string("outbox/_files.html", {"files": enclosed}) if enclosed else None

    @admin.display(description=_("headers"))
    def headers(self, message: Message) -> str:
        return render_to_string("outbox/_headers.html", {"headers": emails.headers_of(message)})

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        return [
            path("<int:pk>/form/", site.admin_view(require_GET(self.read_form)), name="outbox_message_form"),
            path(
                "<int:pk>/files/<int:file>/", site.admin_view(require_GET(self.read_file)), name="outbox_message_file"
            ),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return with_a_frame(super().change_view(request, *args, **kwargs))

    def read_form(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML of a message, for its frame."""
        return in_a_frame(emails.html_of(self._shown(request, pk)))

    def read_file(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """A file that goes with a message."""
        return download_enclosed(self._shown(request, pk), file)

    def _shown(self, request: HttpRequest, pk: int) -> Message:
        """A message whose content the secretariat may read. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Message, pk=pk, confidential=False)

    @admin.action(permissions=["retry"], description=_("Send again"))
    def retry_messages(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        done, refused = self._each(request, queryset, operations.retry_message, "Sent again")
        if done:
            self.message_user(
                request, ngettext("%d message is queued again.", "%d messages are queued again.", done) % done
            )
        self._tell_refused(request, refused)

    @admin.action(permissions=["settle"], description=_("Leave as it is"))
    def settle_messages(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        done, refused = self._each(request, queryset, operations.settle_message, "Left as it is")
        if done:
            self.message_user(
                request, ngettext("%d message stays as it is.", "%d messages stay as they are.", done) % done
            )
        self._tell_refused(request, refused)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.retry_message")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.settle_message")

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Message], operation: Callable[..., Message], done_word: str
    ) -> tuple[int, int]:
        """Run the operation on every row that waits for a decision, each with its entry in the admin's own history."""
        done = refused = 0
        for message in queryset.order_by("pk"):
            try:
                operation(message, by=request.user)
            except (MessageNotStuck, MessageErased):
                refused += 1
            else:
                self.log_change(request, message, done_word)
                done += 1
        return done, refused

    def _tell_refused(self, request: HttpRequest, refused: int) -> None:
        if refused:
            text = ngettext(
                "%d message was left alone: it is queued, on its way, sent or decided.",
                "%d messages were left alone: they are queued, on their way, sent or decided.",
                refused,
            )
            self.message_user(request, text % refused, messages.WARNING)
