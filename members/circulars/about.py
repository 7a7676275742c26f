"""Circulars as things that a notice may be about."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.models import Circular
from members.things import Kind, Thing


def _find(pk: int) -> Thing | None:
    circular = Circular.objects.exclude(released_at=None).prefetch_related("texts").filter(pk=pk).first()
    if circular is None:
        return None
    return Thing("circular", circular.pk, lambda: title_of(circular), circular.get_absolute_url())


def title_of(circular: Circular) -> str:
    """Its number and subject, in the language of the moment."""
    text = circular.text_in(get_language() or "")
    return f"{circular.symbol}: {text.subject}" if text else str(circular)


CIRCULAR = Kind(key="circular", label=_("Circular"), find=_find, rows=lambda user: Circular.objects.visible_to(user))
