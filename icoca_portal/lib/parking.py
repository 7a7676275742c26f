"""A session that ends loses no typing.

A form that is sent after its session or its CSRF token has expired would be dropped by Django: a redirect to the
sign-in page, or a 403. Here its fields are *parked* in the browser's session, which survives the sign-in, and are shown
afterwards to be sent again. Three rules keep that from becoming a way in:

* only a form of the portal's own pages is parked (``Origin``, else ``Referer``); another site's form never is, and what
  is parked is only sent again by a person who has read it and presses a button;
* it is parked for one person: the one signed in, or the one whom a signed cookie remembers as the last to have been
  signed in with this browser. Whoever else signs in there never sees it. Signing out deletes the cookie;
* nothing is parked for a browser in which nobody has signed in, so strangers cannot fill the database with sessions.

Passwords are never kept, nothing under ``/accounts/`` is, and files are not: their names are, to be chosen again.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY as SIGNED_IN_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

SESSION_KEY = "parked"
TOKEN_FIELD = "parked_token"  # noqa: S105  the name of a form field
MAX_BYTES = 1_000_000
"""What one session may hold. Beyond it a text is not kept, and the page says so."""

LAST_USER_COOKIE = "portal_last_user"
LAST_USER_SALT = "icoca_portal.lib.parking.last_user"
LAST_USER_SECONDS = 30 * 24 * 3600

NEVER_PARKED = "/accounts/"
SIGN_OUT_VIEWS = frozenset({"account_logout", "admin:logout"})

# Statuses of a form that has been read by its view: done, shown again with its errors, or shown beside a colleague's
# version. After any other (403, 404, 405, 413 …) the typed text stands nowhere else, and stays parked.
TAKEN_STATUSES = frozenset({*range(200, 400), 409, 422})

# Fields that carry a form's machinery. They are parked and sent again, but nobody typed them.
_MACHINERY = re.compile(r"^_|(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|^next$|(^|[_-])version$", re.IGNORECASE)


@dataclass(frozen=True)
class ParkedPost:
    """What somebody sent without being let in."""

    token: str
    user: str
    """The primary key of the only person who sees it, as text."""
    path: str
    """Where it was sent to, with its query."""
    page: str
    """The page on which the form stood, where that is known."""
    at: str
    """When, ISO 8601 in UTC."""
    fields: list[list[Any]] = field(default_factory=list)
    """``[name, [value, …]]`` in the order of the form."""
    files: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Names of fields that are never kept (passwords)."""
    too_long: bool = False

    @property
    def moment(self) -> datetime:
        """When it was sent (aware)."""
        return datetime.fromisoformat(self.at)

    @property
    def typed(self) -> list[tuple[str, list[str]]]:
        """What a person would recognise: readable name and the values that are not empty."""
        return [
            (readable(name), shown)
            for name, values in self.fields
            if not _MACHINERY.search(name) and (shown := [value.strip() for value in values if value.strip()])
        ]

    @property
    def hidden_inputs(self) -> list[tuple[str, str]]:
        """One pair for every value, for the form that sends it again."""
        return [(name, value) for name, values in self.fields for value in values]

    def is_same_form(self, other: ParkedPost) -> bool:
        """Whether it is the same content for the same address: a button pressed twice."""
        return (self.user, self.path, self.fields, self.files) == (other.user, other.path, other.fields, other.files)


def readable(name: str) -> str:
    """``discussion_notes-0`` → ``Discussion notes 0``."""
    words = re.sub(r"[\W_]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def forget(response: HttpResponseBase) -> None:
    """Let this browser no longer know who used it last."""
    response.delete_cookie(
        LAST_USER_COOKIE, path=settings.SESSION_COOKIE_PATH, samesite="Lax", domain=settings.SESSION_COOKIE_DOMAIN
    )


class ParkingMiddleware:
    """Park what an expired session would drop, and remember who uses this browser.

    Stands after the session, authentication and message middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A session that is ended in the course of this request (a role that is over) has nobody to come back.
        may_come_back = request.method == "POST" and SIGNED_IN_KEY not in request.session
        response = self.get_response(request)
        if response.status_code >= 500:  # the database may be gone; the error page is to stand as it is
            return response
        if request.method == "POST":
            response = self._after_post(request, response, may_come_back)
        if request.user.is_authenticated:
            self._recognise(request, response)
        elif self._is_sign_out(request, response):
            forget(response)
        return response

    def _after_post(self, request: HttpRequest, response: HttpResponseBase, may_come_back: bool) -> HttpResponseBase:
        if getattr(request, "is_parked", False):  # csrf_failure has answered
            return response
        if request.user.is_anonymous and _leads_to_sign_in(request, response):
            if _is_htmx(request):
                return _refuse_htmx(request)
            owner = _last_user(request) if may_come_back else None
            if owner and _may_park(request):
                return _park_and_sign_in(request, owner)
            return response
        self._drop_taken(request, response)
        return response

    def _drop_taken(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """A parked form that was sent again, and that its view has read, is parked no longer."""
        if SESSION_KEY not in request.session or response.status_code not in TAKEN_STATUSES:
            return
        try:
            token = request.POST.get(TOKEN_FIELD, "")
        except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
            return
        posts = _parked(request)
        left = [post for post in posts if (post.token, post.path) != (token, request.get_full_path())]
        if len(left) < len(posts):
            _store(request, left)

    def _recognise(self, request: HttpRequest, response: HttpResponseBase) -> None:
        user = _user_key(request)
        if _last_user(request) != user:
            response.set_signed_cookie(
                LAST_USER_COOKIE,
                user,
                salt=LAST_USER_SALT,
                max_age=LAST_USER_SECONDS,
                path=settings.SESSION_COOKIE_PATH,
                domain=settings.SESSION_COOKIE_DOMAIN,
                secure=bool(settings.SESSION_COOKIE_SECURE),
                httponly=True,
                samesite="Lax",
            )
        if SESSION_KEY in request.session and any(post.user != user for post in _parked(request)):
            _store(request, _own(request))

    def _is_sign_out(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        match = request.resolver_match
        return (
            request.method == "POST"
            and response.status_code < 400
            and match is not None
            and match.view_name in SIGN_OUT_VIEWS
        )


def typed_in(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """What somebody typed into one of the portal's own forms, for a page that refuses it to show it once more.

    Readable names and values, without passwords; nothing for what was not sent as a form.
    """
    post = _read_post(request, "") if request.method == "POST" and _may_park(request) else None
    return post.typed if post else []


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: park the portal's own forms, refuse (403) those of other sites.

    A token changes at every sign-in, so a page left open in another tab fails here without anybody's fault.
    """
    signed_in = request.user.is_authenticated
    if _is_htmx(request):
        return _refuse_htmx(request)
    owner = _user_key(request) if signed_in else _last_user(request)
    if owner and _may_park(request):
        if not signed_in:
            return _park_and_sign_in(request, owner)
        if _park(request, owner):
            return redirect("read_parked")
    context = {"page": _page(request), "signed_in": signed_in, "moment": timezone.now()}
    return render(request, "403_csrf.html", context, status=403)


@require_GET
@never_cache
@login_required
def read_parked(request: HttpRequest) -> HttpResponse:
    """What this person typed and could not send, newest first; each to be sent again, opened or discarded."""
    return render(request, "parked.html", {"posts": _own(request)[::-1], "token_field": TOKEN_FIELD})


@require_POST
@login_required
def discard_parked(request: HttpRequest) -> HttpResponse:
    """Throw one parked form away; a second time is harmless."""
    posts = _own(request)
    left = [post for post in posts if post.token != request.POST.get(TOKEN_FIELD)]
    _store(request, left)
    if len(left) < len(posts):
        messages.info(request, _("Discarded. Nothing of it is kept."))
    return redirect("read_parked" if left else "home")


def _leads_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    if response.status_code not in (301, 302, 303, 307, 308):
        return False
    target = urlsplit(response["Location"])
    return target.netloc in ("", request.get_host()) and target.path in _sign_in_paths()


def _sign_in_paths() -> tuple[str, str]:
    return resolve_url(settings.LOGIN_URL), reverse("admin:login")


def _may_park(request: HttpRequest) -> bool:
    """A form of our own pages that is not part of signing in."""
    is_signing_in = request.path_info.startswith(NEVER_PARKED) or request.path in _sign_in_paths()
    return not is_signing_in and _is_ours(request, request.headers.get("Origin") or request.headers.get("Referer", ""))


def _is_ours(request: HttpRequest, address: str) -> bool:
    """Whether `address` has the scheme and host of this request. An absent or opaque origin (``null``) has not."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc.lower()) == (request.scheme, request.get_host().lower())


def _page(request: HttpRequest) -> str:
    """The portal's page on which the form stood; else the address it was sent to. Always a path of this site."""
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if _is_ours(request, referer):
        parts = urlsplit(referer)
        return escape_leading_slashes(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _refuse_htmx(request: HttpRequest) -> HttpResponse:
    """Tell the page's script, and change nothing on the page: the browser keeps the draft itself.

    401 with the address of the sign-in page when nobody is signed in, 403 when only the token was wrong.
    """
    request.is_parked = True  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        text, status = _("Not saved. Open this page again. Your text is kept in this browser."), 403
    else:
        text, status = _("Not saved. Sign in again. Your text is kept in this browser."), 401
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    if status == 401:
        response["X-Sign-In"] = redirect_to_login(_page(request)).url
    return response


def _park_and_sign_in(request: HttpRequest, owner: str) -> HttpResponse:
    """Park it and go to the sign-in page, which leads back to what was parked, or to the form's page without it."""
    if not _park(request, owner):
        return redirect_to_login(_page(request))
    messages.info(request, _("Sign in again. What you typed is kept and comes back."))
    return redirect_to_login(reverse("read_parked"))


def _park(request: HttpRequest, owner: str) -> bool:
    """Put the request's form into the session. False when there was nothing that anybody typed."""
    post = _read_post(request, owner)
    if post is None:
        return False
    request.is_parked = True  # type: ignore[attr-defined]
    others = [other for other in _parked(request) if other.user == owner and not other.is_same_form(post)]
    if sum(_size(other) for other in [*others, post]) > MAX_BYTES:
        post = _without_content(post)
    _store(request, [*others, post])
    return True


def _read_post(request: HttpRequest, owner: str) -> ParkedPost | None:
    frame = ParkedPost(
        token=secrets.token_urlsafe(16),
        user=owner,
        path=request.get_full_path(),
        page=_page(request),
        at=timezone.now().isoformat(),
    )
    try:
        sent = list(request.POST.lists())
        files = [upload.name or "" for _name, uploads in request.FILES.lists() for upload in uploads]
    except SuspiciousOperation:  # more than the server accepts in one form
        return _without_content(frame)
    except (UnreadablePostError, MultiPartParserError):  # the browser hung up
        return None
    left_out = [name for name, _values in sent if "password" in name.lower()]
    dropped = {*left_out, "csrfmiddlewaretoken", TOKEN_FIELD}
    fields = [[name, values] for name, values in sent if name not in dropped]
    post = ParkedPost(**{**asdict(frame), "fields": fields, "files": files, "left_out": left_out})
    return post if post.typed or post.files else None


def _without_content(post: ParkedPost) -> ParkedPost:
    return ParkedPost(**{**asdict(post), "fields": [], "files": [], "left_out": [], "too_long": True})


def _size(post: ParkedPost) -> int:
    """Bytes in the session's row."""
    return len(json.dumps(asdict(post)))


def _parked(request: HttpRequest) -> list[ParkedPost]:
    return [ParkedPost(**record) for record in request.session.get(SESSION_KEY, [])]


def _own(request: HttpRequest) -> list[ParkedPost]:
    return [post for post in _parked(request) if post.user == _user_key(request)]


def _store(request: HttpRequest, posts: list[ParkedPost]) -> None:
    if posts:
        request.session[SESSION_KEY] = [asdict(post) for post in posts]
    else:
        request.session.pop(SESSION_KEY, None)


def _user_key(request: HttpRequest) -> str:
    return str(request.user.pk)


def _last_user(request: HttpRequest) -> str | None:
    return request.get_signed_cookie(LAST_USER_COOKIE, default=None, salt=LAST_USER_SALT, max_age=LAST_USER_SECONDS)
