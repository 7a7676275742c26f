"""What stands in the way of sending a circular."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.richtext import to_blocks
from icoca_portal.outbox.enclosing import EnclosureTooLarge, check_enclosure_size
from members.circulars.audiences import Found, found, is_known
from members.circulars.composing import Composer
from members.circulars.merging import problems
from members.exceptions import CircularNotReady
from members.models import Circular


def refuse_unready(circular: Circular, now: datetime) -> None:
    reason = why_unready(circular, now)
    if reason:
        raise CircularNotReady(reason)


def why_unready(circular: Circular, now: datetime) -> str:
    """What stands in the way of sending a circular `now` (aware), as a sentence; empty where nothing does."""
    return reason_unready(circular, Composer(circular, now=now), found(circular, now))


def reason_unready(circular: Circular, composer: Composer, named: Found) -> str:
    if not composer.texts:
        return _("There is no text yet.")
    for text in composer.texts.values():
        if not text.subject:
            return _("The text in “%(language)s” has no subject.") % {"language": text.get_language_display()}
        if not to_blocks(text.body):
            return _("The text in “%(language)s” says nothing yet.") % {"language": text.get_language_display()}
    wrong = [each for row in composer.texts.values() for each in problems(row.subject, row.body, circular.about_kind)]
    if wrong:
        return " ".join(dict.fromkeys(wrong))
    try:
        check_enclosure_size(sum(file.size for file in composer.files if file.attached))
    except EnclosureTooLarge as refusal:
        return str(refusal)
    if circular.about_kind and composer.thing is None:
        return _("What the circular is about is not there any more.")
    if composer.thing is not None and not composer.thing.is_out and circular.released_at is not None:
        return _("“%(thing)s” is not published yet.") % {"thing": composer.thing.title()}
    if not is_known(circular.audience):
        return _("Nobody is chosen yet to whom it goes.")
    if not named.addressees:
        return _("Nobody is addressed: no letter would reach anybody.")
    missing = composer.missing(named.addressees)
    if missing:
        first = missing[0]
        others = len({row.addressee.email for row in missing}) - 1
        words = {"field": first.field, "person": first.addressee.name or first.addressee.email, "others": others}
        if others:
            said = ngettext(
                "“{%(field)s}” has nothing to say to %(person)s and %(others)d other.",
                "“{%(field)s}” has nothing to say to %(person)s and %(others)d others.",
                others,
            )
            return said % words
        return _("“{%(field)s}” has nothing to say to %(person)s.") % words
    return ""
