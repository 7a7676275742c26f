"""What can be read: one function an address. All of it is public, and the same whoever asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from members.api import VERSION, shapes
from members.api.asking import (
    FiguresAsked,
    InALanguage,
    MembersAsked,
    ParticipantsAsked,
    Slug,
    sentences,
)
from members.api.contents import (
    at,
    countries_content,
    entry_content,
    participants_content,
    register_content,
    terms_content,
)
from members.api.problems import DoesNotExist, problem, refused
from members.figures import AsOf, figures_of
from members.figures.over_time import charts_over_time
from members.models import Organisation, Standard
from members.register import Register, entry_of
from members.register.entries import ANYBODY


class Renderer(JSONRenderer):
    """Names as they are written."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


api = NinjaAPI(
    title="Register of the Association",
    version=VERSION,
    description=(
        "The public register of the International Code of Conduct Association, the participants of the Montreux "
        "Document, and the figures of any day. Read only, without an account, the same for everybody."
    ),
    renderer=Renderer(),
    docs_url=None,
    openapi_url=None,
)

_PROBLEMS = {
    HTTPStatus.NOT_MODIFIED: None,
    **dict.fromkeys(
        (
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.METHOD_NOT_ALLOWED,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
        shapes.Problem,
    ),
}


def _answers(shape: Any) -> dict[int, Any]:
    """What an address may answer."""
    return {200: shape, **{int(status): problem_shape for status, problem_shape in _PROBLEMS.items()}}


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters that cannot be read."""
    return refused(sentences(error.errors))


@api.exception_handler(DoesNotExist)
def find_nothing(request: HttpRequest, error: DoesNotExist) -> HttpResponse:
    """A day to come, a page after the last, an organisation that is not public."""
    errors = [(error.parameter, error.detail)] if error.parameter else []
    return problem(HTTPStatus.NOT_FOUND, error.detail, errors)


@api.exception_handler(Http404)
def find_no_address(request: HttpRequest, error: Http404) -> HttpResponse:
    """For the sake of whoever raises Django's own."""
    return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


@api.exception_handler(Exception)
def fail(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody expected is Django's to log, and the middleware's to answer."""
    raise error


@api.get("", response=_answers(shapes.Start), operation_id="read_start", summary="Where everything is", tags=["Start"])
def read_start(request: HttpRequest) -> Any:
    """The lists that can be read, the description of the API for people and for programs."""
    lists = ("members", "participants", "figures", "figures/over-time", "standards", "countries", "terms")
    return {
        "version": VERSION,
        "sample": settings.SAMPLE_SITE,
        "documentation": f"{settings.PORTAL_ADDRESS}{reverse('members:read_api')}",
        "openapi": at("openapi.json"),
        "resources": {name.replace("/", "-"): at(name) for name in lists},
    }


@api.get(
    "members",
    response=_answers(shapes.Members),
    operation_id="list_members",
    summary="Members of a day",
    tags=["Members"],
)
def list_members(request: HttpRequest, asked: Query[MembersAsked]) -> Any:
    """The register as its page shows it: members, affiliates and observers of a day, as known today.

    A page after the last is not found (404).
    """
    register = Register(asked.read())
    last = register.page.paginator.num_pages
    if asked.page > last:
        raise DoesNotExist(f"There is no page {asked.page}: the last one is {last}.", "page")
    return register_content(register)


@api.get(
    "members/{slug:slug}",
    response=_answers(shapes.OrganisationFacts),
    operation_id="read_member",
    summary="One organisation",
    tags=["Members"],
)
def read_member(
    request: HttpRequest,
    slug: Annotated[
        Slug, Path(description="What stands for it in addresses: “slug” in lists.", examples=["switzerland"])
    ],
    asked: Query[InALanguage],
) -> Any:
    """A member or participant, of today or before: what it is today, and its periods in order, as known today."""
    organisation = Organisation.objects.visible_to(ANYBODY).filter(slug=slug).first()
    if organisation is None:
        raise DoesNotExist("The register has no organisation of this name.", "slug")
    with override(asked.language):
        return entry_content(entry_of(organisation))


@api.get(
    "participants",
    response=_answers(shapes.Participants),
    operation_id="list_participants",
    summary="Participants of a day",
    tags=["Participants"],
)
def list_participants(request: HttpRequest, asked: Query[ParticipantsAsked]) -> Any:
    """The States and international organisations that supported the Montreux Document on a day, as known today."""
    return participants_content(asked)


@api.get(
    "figures",
    response=_answers(shapes.Figures),
    operation_id="list_figures",
    summary="Figures of a day",
    tags=["Figures"],
)
def list_figures(request: HttpRequest, asked: Query[FiguresAsked]) -> Any:
    """All figures of a day, each with the sentence in which a record says it.

    Which figures there are depends on the day: a standard that nobody is certified to has none.
    """
    as_of = _as_of(asked)
    query = urlencode({"as_of": as_of.day.isoformat(), **({"known": "then"} if as_of.then else {})})
    with override(asked.language):
        return {
            **_asked(asked),
            "figures": [
                {
                    "key": figure.key,
                    "label": figure.label,
                    "value": figure.value,
                    "unit": figure.unit,
                    "sentence": figure.sentence,
                    "page": (
                        f"{settings.PORTAL_ADDRESS}{reverse('members:read_figure', args=[figure.key])}?{query}"
                        if figure.value and figure.may_be_seen_by(ANYBODY)
                        else None
                    ),
                }
                for figure in figures_of(as_of)
            ],
        }


@api.get(
    "figures/over-time",
    response=_answers(shapes.OverTheYears),
    operation_id="list_figures_over_time",
    summary="Figures over the years",
    tags=["Figures"],
)
def list_figures_over_time(request: HttpRequest, asked: Query[FiguresAsked]) -> Any:
    """Members, certified companies, applications under review and participants on each 1 January, and on the day."""
    with override(asked.language):
        return {
            **_asked(asked),
            "charts": [
                {
                    "key": chart.name,
                    "label": str(chart.lines.caption),
                    "days": chart.lines.days,
                    "series": [
                        {"key": key, "label": str(line.label), "values": line.values}
                        for key, line in zip(chart.keys, chart.lines.lines, strict=True)
                    ],
                }
                for chart in charts_over_time(_as_of(asked), lambda day: "")
            ],
        }


@api.get(
    "standards",
    response=_answers(shapes.Standards),
    operation_id="list_standards",
    summary="Standards",
    tags=["Reference"],
)
def list_standards(request: HttpRequest) -> Any:
    """The standards that companies are certified to."""
    return {"standards": list(Standard.objects.order_by("code").values("code", "title"))}


@api.get(
    "countries",
    response=_answers(shapes.Countries),
    operation_id="list_countries",
    summary="Countries and their regions",
    tags=["Reference"],
)
def list_countries(request: HttpRequest) -> Any:
    """The countries of ISO 3166-1 with their names and regions, whether or not anybody is from there."""
    return countries_content()


@api.get(
    "terms",
    response=_answers(shapes.Terms),
    operation_id="list_terms",
    summary="What keys are called",
    tags=["Reference"],
)
def list_terms(request: HttpRequest) -> Any:
    """Answers hold keys, which do not change. This is what to call them, in each language of the portal."""
    return terms_content()


def _as_of(asked: FiguresAsked) -> AsOf:
    return AsOf.known_then(asked.day) if asked.known == "then" else AsOf(asked.day)


def _asked(asked: FiguresAsked) -> dict[str, Any]:
    return {"as_of": asked.day, "known": asked.known, "language": asked.language}
