"""Links of agenda items to guidance, field-based reviews and workshops. They change no text of the agenda."""

from __future__ import annotations

from django.db import transaction

from meetings.models import AgendaItem, ItemLink
from members.models import FieldReview, Guidance, User, Workshop


@transaction.atomic
def link_item(item: AgendaItem, *, to: Guidance | FieldReview | Workshop, by: User) -> ItemLink:
    """Link an item to what it is about; linked before, it stays so. Neither the agenda's revision nor its calendar
    entry moves: a link is no part of what is circulated."""
    field = {Guidance: "guidance", FieldReview: "field_review", Workshop: "workshop"}[type(to)]
    AgendaItem.objects.select_for_update().get(pk=item.pk)
    link, _made = ItemLink.objects.get_or_create(item=item, **{field: to}, defaults={"linked_by": by})
    return link


@transaction.atomic
def unlink_item(link: ItemLink) -> None:
    """Take a link away; one that is gone already stays gone."""
    ItemLink.objects.filter(pk=link.pk).delete()
