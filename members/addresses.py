"""The addresses of organisations, which stand beside those of the portal's own pages and take none of them."""

from __future__ import annotations

from django.urls import resolve, reverse


def is_page_of_the_portal(slug: str) -> bool:
    """Whether `/members/<slug>/` leads elsewhere than to an organisation of this address."""
    return resolve(reverse("members:read_member", args=[slug])).url_name != "read_member"
