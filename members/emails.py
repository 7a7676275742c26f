"""The messages to people about their account. Each is queued in the transaction of the change that causes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.outbox.operations import queue_message
from members import notices, things
from members.models import SelfAssessment, User


def queue_account_mail(template_prefix: str, address: str, user: User | None, message: EmailMessage) -> None:
    """Queue what allauth has written: a code, a link, a notice that something about the account has changed."""
    queue_message(
        key=f"account:{template_prefix.rsplit('/', 1)[-1]}:{uuid4().hex}",
        to=address,
        name=user.name if user else "",
        subject=str(message.subject),
        text=str(message.body),
        language=user.language if user else translation.get_language() or "",
        confidential=True,
    )


def queue_invitation(user: User, *, by: User, introduction: str = "") -> None:
    """Queue the invitation: a link to set a password (for `settings.PASSWORD_RESET_TIMEOUT`), and what else works.

    `introduction`, in the person's language, stands in the place of the secretariat's own words.
    """
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    context = {
        "user": user,
        "by": by,
        "link": settings.PORTAL_ADDRESS + reverse("account_reset_password_from_key", kwargs=split_key(key)),
        "sign_in": settings.PORTAL_ADDRESS + reverse("account_login"),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        "delegation": user.standing.delegation,
        "introduction": introduction,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
    }
    with translation.override(user.language):
        queue_message(
            key=f"person.invited:{user.pk}:{uuid4().hex}",
            to=user.email,
            name=user.name,
            subject=_("Your account in the ICoCA Working Group’s portal"),
            text=render_to_string("emails/members/invite_person.txt", context),
            language=user.language,
            confidential=True,
        )


def queue_factor_removed(user: User) -> None:
    """Queue the notice that the secretariat has removed the person's second factor."""
    context = {"user": user, "secretariat_email": settings.SECRETARIAT_EMAIL}
    with translation.override(user.language):
        queue_message(
            key=f"person.factor_removed:{user.pk}:{uuid4().hex}",
            to=user.email,
            name=user.name,
            subject=_("Your second factor was removed"),
            text=render_to_string("emails/members/remove_second_factor.txt", context),
            language=user.language,
        )


def queue_assessments_requested(assessments: Iterable[SelfAssessment], people: Mapping[int, Sequence[User]]) -> None:
    """Tell the `people` (by the keys of organisations) that the self-assessment of their member is asked for."""
    left: dict[int, list[tuple[User, SelfAssessment]]] = {}
    for row in assessments:
        for person in people.get(row.organisation_id, ()):
            left.setdefault(person.pk, []).append((person, row))
    # Almost everybody speaks for one member: all of them are told at once, then who speaks for a second one …
    while left:
        _tell_of_assessments([rows.pop(0) for rows in left.values()], "assessment_requested")
        left = {pk: rows for pk, rows in left.items() if rows}


def queue_assessment_due(assessment: SelfAssessment, person: User, days: int) -> None:
    """A reminder: so many days before the self-assessment is due, or after (negative)."""
    _tell_of_assessments([(person, assessment)], "assessment_due", days)


def reminder_key(assessment: SelfAssessment, days: int) -> str:
    """What makes a reminder one that goes out once to each person."""
    return f"assessment.due:{assessment.due_on.isoformat()}:{days}:{assessment.pk}"


def _tell_of_assessments(rows: list[tuple[User, SelfAssessment]], kind: str, days: int | None = None) -> None:
    """The request, or with `days` the reminder; each person is among the rows once."""
    of = {person.pk: row for person, row in rows}

    def key(person: User) -> str:
        row = of[person.pk]
        return f"assessment.requested:{row.pk}" if days is None else reminder_key(row, days)

    def letter(person: User) -> notices.Words:
        row = of[person.pk]
        words = {"organisation": row.organisation.name, "year": row.year}
        if days is None:
            subject = _("Self-assessment %(year)d of %(organisation)s") % words
        elif days < 0:
            subject = _("Overdue: self-assessment %(year)d of %(organisation)s") % words
        else:
            subject = _("Reminder: self-assessment %(year)d of %(organisation)s") % words
        context = {
            "person": person,
            "assessment": row,
            "days": days,
            "is_overdue": days is not None and days < 0,
            "link": settings.PORTAL_ADDRESS + row.get_absolute_url(),
            "secretariat_email": settings.SECRETARIAT_EMAIL,
        }
        return notices.Words(subject, render_to_string("emails/members/send_self_assessment.txt", context))

    notices.tell(
        [person for person, _row in rows],
        kind=kind,
        key=key,
        letter=letter,
        about=lambda person: things.reference_of("assessment", of[person.pk].pk),
        address=lambda person: of[person.pk].get_absolute_url(),
    )


def split_key(key: str) -> dict[str, str]:
    """A reset key as the parts of its address."""
    uid, token = key.split("-", 1)
    return {"uidb36": uid, "key": token}
