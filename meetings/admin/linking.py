"""What the items of an agenda are about, beyond their papers: a page of its own, so that the meeting's stays light."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.acts import ActsMixin
from meetings import operations
from meetings.admin_forms import LinkItemForm
from meetings.agendas import outline
from meetings.models import ItemLink, Meeting
from members.signing_in import person_of


class LinksMixin(ActsMixin):
    """For the screen of meetings: links of its items to guidance, field-based reviews and workshops."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("<int:pk>/links/", self.link_item, "link_item"),
            self.act_path("<int:pk>/links/<int:link>/remove/", self.unlink_item, "unlink_item"),
            *super().get_urls(),
        ]

    def link_item(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The links that there are, and the form that adds one."""
        meeting = self._linked(request, pk, "meetings.add_itemlink")
        lines = outline(meeting.items.all())
        links: dict[int, list[ItemLink]] = {}
        for link in ItemLink.objects.filter(item__meeting=meeting).with_targets().order_by("pk"):
            links.setdefault(link.item_id, []).append(link)

        class Form(LinkItemForm):
            items = lines

        return self.act(
            request,
            meeting,
            title=_("Guidance, reviews and workshops of the items"),
            button=_("Link the item"),
            text=_(
                "They stand under the item on the meeting’s page, for whoever may read them. They are no part of the "
                "agenda’s text: an adopted agenda stays as it is, and no revision tells of them."
            ),
            form_class=Form,
            perform=lambda item, to: operations.link_item(item, to=to, by=person_of(request)),
            done=_("Item linked."),
            template="admin/meetings/item_links.html",
            then=self._links_address(pk) if request.method == "POST" else "",
            context={"linked": [(line, links[line.item.pk]) for line in lines if line.item.pk in links]},
        )

    def unlink_item(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        meeting = self._linked(request, pk, "meetings.delete_itemlink")
        row = self.row(ItemLink, pk=link, item__meeting=meeting)
        return self.act(
            request,
            meeting,
            title=_("Remove a link"),
            button=_("Remove the link"),
            text=f"{row.item}: {row}",
            form_class=forms.Form,
            perform=lambda: operations.unlink_item(row),
            done=_("Link removed."),
            then=self._links_address(pk),
        )

    def _linked(self, request: HttpRequest, pk: int, permission: str) -> Meeting:
        """Raises Http404, PermissionDenied."""
        meeting: Meeting = self.row(Meeting, pk=pk)
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return meeting

    def _links_address(self, pk: int) -> str:
        return reverse("admin:meetings_meeting_link_item", args=[pk])
