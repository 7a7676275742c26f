"""The quality desk: what in the registry looks wrong or forgotten, each with a link to where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.exports import CSV, csv_lines, stream
from icoca_portal.lib.paging import page_number, page_within
from members.quality import BY_NAME, CHECKS, Check, counts, may_keep


class QualityMixin(ActsMixin):
    """For the screen of organisations: the desk, a check of it, and the check as a file."""

    def get_urls(self) -> list[Any]:
        return [
            self.act_path("quality/", self.quality, "quality"),
            self.act_path("quality/<slug:name>/", self.quality_check, "quality_check"),
            self.act_path("quality/<slug:name>.csv", self.export_quality_check, "export_quality_check"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def quality(self, request: HttpRequest) -> HttpResponse:
        """Every check, with how much it finds."""
        self._authorise(request)
        found = counts()
        checks = [(check, found[check.name]) for check in CHECKS]
        return self._page(request, "quality", title=_("Quality of the registry"), checks=checks)

    @method_decorator(require_safe)
    def quality_check(self, request: HttpRequest, name: str) -> HttpResponse:
        """What one check finds."""
        self._authorise(request)
        check = self._check(name)
        pages = page_within(page_number(request.GET), check.count())
        start = (pages.number - 1) * pages.size
        rows = [
            {
                "finding": finding,
                "mended": reverse(check.route, args=finding.keys),
                "cells": list(zip(check.columns, finding.facts, strict=True)),
            }
            for finding in check.findings(start, start + pages.size)
        ]
        return self._page(request, "quality_check", title=check.title, check=check, rows=rows, pages=pages)

    @method_decorator(require_safe)
    def export_quality_check(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """The whole check as CSV, with the address where each row is mended."""
        self._authorise(request)
        check = self._check(name)
        headers = [gettext("Organisation"), *(str(column) for column in check.columns), gettext("Address")]

        def rows() -> Iterator[list[Any]]:
            for finding in check.findings():
                address = request.build_absolute_uri(reverse(check.route, args=finding.keys))
                yield [finding.name, *finding.facts, address]

        return stream(csv_lines(headers, rows()), f"registry {check.name} {today():%Y-%m-%d}.csv", CSV)

    def _authorise(self, request: HttpRequest) -> None:
        """Raises PermissionDenied: the desk is for whoever keeps the registry."""
        if not may_keep(request.user):
            raise PermissionDenied

    def _check(self, name: str) -> Check:
        if name not in BY_NAME:
            raise Http404
        return BY_NAME[name]

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/members/organisation/{template}.html", shown)
