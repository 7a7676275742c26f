"""In the sample site: the mail that would have been sent. Elsewhere: what a mail provider tells of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from django.views.generic import DetailView, ListView

from icoca_portal.lib.downloads import download_file
from icoca_portal.lib.framed import in_a_frame, with_a_frame
from icoca_portal.outbox import emails, providers
from icoca_portal.outbox.models import EnclosedFile, Message


class SampleSiteMixin:
    """A page that exists in the sample site only; elsewhere it is a 404, for everybody.

    Open to visitors there: whoever tries the portal out reads the sign-in code of an invented person here.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SAMPLE_SITE:
            raise Http404
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "no-store"
        return response


class ReadOutbox(SampleSiteMixin, ListView):
    """All queued and sent messages, newest first; ``?to=`` narrows them to one recipient."""

    template_name = "outbox/read_outbox.html"
    context_object_name = "outbox"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Message]:
        messages = Message.objects.order_by("-queued_at", "-pk")
        recipient = self.request.GET.get("to", "").strip()
        return messages.filter(recipient__icontains=recipient) if recipient else messages

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(to=self.request.GET.get("to", "").strip(), **kwargs)


class ReadMessage(SampleSiteMixin, DetailView):
    """One message: with its form and as text, its files, its headers, and how it was sent."""

    template_name = "outbox/read_message.html"
    context_object_name = "mail"
    model = Message

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            text=emails.text_of(self.object),
            headers=emails.headers_of(self.object),
            files=files_of(self.object, "outbox:read_file"),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return with_a_frame(super().render_to_response(context, **kwargs))


@require_GET
@never_cache
def read_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a message, as a mail program gets it."""
    return in_a_frame(emails.html_of(_sample_message(pk)))


@require_GET
@never_cache
def read_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file that goes with a message."""
    return download_enclosed(_sample_message(pk), file)


def files_of(message: Message, route: str) -> list[dict[str, Any]]:
    """What a page says of the files of a message; `route` takes the message and the file."""
    enclosed = message.enclosure.files.all() if message.enclosure else []
    return [
        {
            "original_name": file.original_name,
            "format": file.format,
            "size": file.size,
            "address": reverse(route, args=[message.pk, file.pk]),
        }
        for file in enclosed
    ]


def download_enclosed(message: Message, pk: int) -> FileResponse:
    """The file of this message. Raises Http404 for that of another one."""
    file = get_object_or_404(EnclosedFile, pk=pk, enclosure=message.enclosure_id)
    return download_file(file.file, file.original_name, file.media_type, file.size)


def _sample_message(pk: int) -> Message:
    if not settings.SAMPLE_SITE:
        raise Http404
    return get_object_or_404(Message, pk=pk)


@csrf_exempt  # a machine posts here; basic authentication and the provider's signature prove who (django-anymail)
@require_http_methods(["POST", "HEAD"])
def receive_events(request: HttpRequest, provider: str) -> HttpResponseBase:
    """What the provider that sends our mail tells of it. A 404 for every other name, and where no secret is set."""
    if not provider or provider != settings.ANYMAIL_PROVIDER or not settings.ANYMAIL_WEBHOOK_SECRET:
        raise Http404
    view = providers.tracking_view(provider)
    if view is None:
        raise Http404
    return view(request)
