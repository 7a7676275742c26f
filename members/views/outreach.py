"""Monitoring and outreach on the public pages: the list, one guidance with its files, one review, one workshop."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from icoca_portal.lib.downloads import download_file
from members.models import FieldReview, Guidance, GuidanceFile, GuidanceVersion, Organisation, Workshop
from members.outreach import Asked, Found, What, by_form, named


@require_GET
def list_outreach(request: HttpRequest) -> HttpResponse:
    """Guidance, field-based reviews and workshops, the newest first: of a kind, a country, a year."""
    asked = Asked.read(request.GET)
    return render(request, "members/list_outreach.html", {"asked": asked, "found": Found(asked), "kinds": What.choices})


@require_GET
def list_outreach_of(request: HttpRequest, what: str) -> HttpResponse:
    """The list of one kind, at the address above its pages."""
    return redirect(f"{reverse('members:list_outreach')}?what={what}")


@require_GET
def read_guidance(request: HttpRequest, slug: str) -> HttpResponse:
    """A guidance: the version that holds with its files, and those before it."""
    guidance = get_object_or_404(Guidance.objects.visible_to(request.user), slug=slug)
    versions = (
        GuidanceVersion.objects.visible_to(request.user)
        .filter(guidance=guidance)
        .prefetch_related("files")
        .order_by("-dated", "-pk")
    )
    rows: list[Any] = list(versions)
    for version in rows:
        version.guidance = guidance
        for file in version.files.all():
            file.version = version
        version.forms = by_form(version.files.all())
    issued = [version for version in rows if version.issued_at]
    context = {
        "guidance": guidance,
        "newest": issued[0] if issued else None,
        "earlier": issued[1:],
        "drafts": [version for version in rows if not version.issued_at],
    }
    return render(request, "members/read_guidance.html", context)


@require_GET
@cache_control(private=True, max_age=0, must_revalidate=True)
def read_guidance_file(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A file of a guidance, to save: never shown in the browser, whatever it holds."""
    files = GuidanceFile.objects.visible_to(request.user)
    file = get_object_or_404(files, pk=pk, version__guidance__slug=slug)
    return download_file(file.file, file.original_name, file.media_type, file.size)


@require_GET
def read_field_review(request: HttpRequest, pk: int) -> HttpResponse:
    """A field-based review, without what was found: that is read in the administration alone."""
    reviews = FieldReview.objects.visible_to(request.user).defer("findings")
    review = get_object_or_404(reviews, pk=pk)
    context = {"activity": review, "review": review, "visited": named(review.organisations, request.user)}
    return render(request, "members/read_field_review.html", context)


@require_GET
def read_workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """A workshop: where and when, who led it, with whom, and who took part."""
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user), pk=pk)
    leading = Organisation.objects.filter(pk=workshop.led_by_id or 0)
    context = {
        "activity": workshop,
        "workshop": workshop,
        "leading": named(leading, request.user),
        "partners": named(workshop.partners, request.user),
        "taking_part": named(workshop.organisations, request.user, workshop.taking_part),
    }
    return render(request, "members/read_workshop.html", context)
