"""In the sample site: the mail that would have been sent. Elsewhere: what a mail provider tells of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.generic import DetailView, ListView

from icoca_portal.outbox import providers
from icoca_portal.outbox.models import Message


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
    """One message with its whole text."""

    template_name = "outbox/read_message.html"
    context_object_name = "mail"
    model = Message


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
