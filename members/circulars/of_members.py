"""The audiences that `members` knows: participants, the Board, members of the Association, typed addresses, and those
who got another circular.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icoca_portal.lib.days import day_of
from members.audience import participants_to_ask
from members.circulars.audiences import CONTACT, NOWHERE, Addressee, Audience, Rule, accounts_of, one_line, register
from members.models import (
    CircularRecipient,
    Contact,
    Delegate,
    Directorship,
    Membership,
    Organisation,
    Pillar,
    Representative,
)
from members.regions import Region, region_of

#: So many addresses are typed or pasted at most: a circular is no mailing list.
MOST_ADDRESSES = 5000


def _roles() -> forms.Field:
    return forms.MultipleChoiceField(
        label=gettext_lazy("People"),
        choices=Delegate.Role.choices,
        initial=[Delegate.Role.FOCAL_POINT],
        widget=forms.CheckboxSelectMultiple,
    )


def _day_field() -> forms.Field:
    return forms.DateField(
        label=gettext_lazy("Participants on the day"),
        required=False,
        help_text=gettext_lazy("Empty: those of the day on which it is sent."),
    )


def _day(audience: Audience, now: datetime) -> date:
    return date.fromisoformat(audience["day"]) if audience.get("day") else day_of(now)


def people_of_delegations(
    organisations: Sequence[Organisation], roles: Collection[str], now: datetime
) -> list[Addressee]:
    """The delegates of the day in these roles, by organisation as given, then by role; one query. Closed accounts are
    among them, and an organisation without anybody stands for itself: whoever writes should know."""
    keys = [organisation.pk for organisation in organisations]
    rows = Delegate.objects.as_of(day_of(now)).filter(delegation__organisation__in=keys, role__in=roles)
    people: dict[int, list[Delegate]] = {}
    for row in rows.select_related("user", "delegation").by_role():
        people.setdefault(row.delegation.organisation_id, []).append(row)
    found = []
    for organisation in organisations:
        delegates = people.get(organisation.pk, [])
        found += [Addressee.of_user(row.user, organisation=organisation, role=row.role) for row in delegates]
        if not delegates:
            found.append(Addressee.nobody(organisation))
    return found


def roles_in_words(audience: Audience) -> str:
    """``focal points, readers``, in small letters."""
    words = {
        Delegate.Role.FOCAL_POINT: _("focal points"),
        Delegate.Role.CONTRIBUTOR: _("contributors"),
        Delegate.Role.READER: _("readers"),
    }
    return ", ".join(words[role] for role in Delegate.Role if role in audience.get("roles", []))


def _of_day_in_words(audience: Audience) -> str:
    if not audience.get("day"):
        return ""
    return " " + _("on %(day)s") % {"day": date_format(date.fromisoformat(audience["day"]), "DATE_FORMAT")}


# All participants, or those of regions


def _participants(audience: Audience, now: datetime) -> Iterable[Addressee]:
    return people_of_delegations(participants_to_ask(_day(audience, now)), audience.get("roles", []), now)


def _in_regions(audience: Audience, now: datetime) -> Iterable[Addressee]:
    regions = set(audience.get("regions", []))
    chosen = [row for row in participants_to_ask(_day(audience, now)) if region_of(row) in regions]
    return people_of_delegations(chosen, audience.get("roles", []), now)


def _participants_in_words(audience: Audience) -> str:
    return _("All participants of the Montreux Document%(day)s: %(people)s") % {
        "day": _of_day_in_words(audience),
        "people": roles_in_words(audience),
    }


def _regions_in_words(audience: Audience) -> str:
    regions = [str(Region(value).label) for value in audience.get("regions", []) if value in Region.values]
    return _("Participants of the Montreux Document%(day)s in %(regions)s: %(people)s") % {
        "day": _of_day_in_words(audience),
        "regions": ", ".join(regions),
        "people": roles_in_words(audience),
    }


PARTICIPANTS = register(
    Rule(
        key="participants",
        label=gettext_lazy("All participants"),
        addressees=_participants,
        in_words=_participants_in_words,
        fields=lambda: {"roles": _roles(), "day": _day_field()},
    )
)
REGIONS = register(
    Rule(
        key="regions",
        label=gettext_lazy("Participants in regions"),
        addressees=_in_regions,
        in_words=_regions_in_words,
        fields=lambda: {
            "regions": forms.MultipleChoiceField(
                label=gettext_lazy("Regions"), choices=Region.choices, widget=forms.CheckboxSelectMultiple
            ),
            "roles": _roles(),
            "day": _day_field(),
        },
    )
)


# A list of delegations


def _with_delegation() -> list[Organisation]:
    return list(Organisation.objects.filter(delegation__isnull=False, merged_into=None).order_by("name"))


def _delegations(audience: Audience, now: datetime) -> Iterable[Addressee]:
    chosen = Organisation.objects.filter(pk__in=audience.get("delegations", [])).order_by("name")
    return people_of_delegations(list(chosen), audience.get("roles", []), now)


def _delegations_in_words(audience: Audience) -> str:
    names = Organisation.objects.filter(pk__in=audience.get("delegations", [])).order_by("name")
    return _("Delegations of %(delegations)s: %(people)s") % {
        "delegations": ", ".join(names.values_list("name", flat=True)),
        "people": roles_in_words(audience),
    }


DELEGATIONS = register(
    Rule(
        key="delegations",
        label=gettext_lazy("A list of delegations"),
        addressees=_delegations,
        in_words=_delegations_in_words,
        fields=lambda: {
            "delegations": forms.TypedMultipleChoiceField(
                label=gettext_lazy("Delegations"),
                coerce=int,
                choices=[(row.pk, row.name) for row in _with_delegation()],
                widget=forms.CheckboxSelectMultiple,
            ),
            "roles": _roles(),
        },
    )
)


# The Board


def _board(audience: Audience, now: datetime) -> Iterable[Addressee]:
    rows = Directorship.objects.as_of(day_of(now)).select_related("user").order_by("person_name", "pk")
    for row in rows:
        if row.user is None:
            yield Addressee(None, None, "director", row.person_name, "", "en")
        else:
            yield Addressee.of_user(row.user, role="director")


BOARD = register(
    Rule(
        key="board",
        label=gettext_lazy("The Board of Directors"),
        addressees=_board,
        in_words=lambda audience: _("Directors of the Board"),
    )
)


# Members of the Association


def _members(audience: Audience, now: datetime) -> Iterable[Addressee]:
    """Those who speak for them with an account, and contacts of whom a consent is on record."""
    day = day_of(now)
    rows = Membership.objects.as_of(day).members().filter(pillar__in=audience.get("pillars", []))
    organisations = list(Organisation.objects.filter(pk__in=rows.values("organisation")).order_by("name"))
    keys = [row.pk for row in organisations]
    people: dict[int, list[Addressee]] = {key: [] for key in keys}
    by_key = {row.pk: row for row in organisations}
    speakers = Representative.objects.as_of(day).filter(organisation__in=keys).select_related("user")
    for speaker in speakers.order_by("user__name", "pk"):
        organisation = by_key[speaker.organisation_id]
        people[organisation.pk].append(
            Addressee.of_user(speaker.user, organisation=organisation, role="representative")
        )
    contacts = Contact.objects.as_of(day).filter(organisation__in=keys, consent_on__lte=day, consent_withdrawn_on=None)
    for contact in contacts.exclude(email="").order_by("name", "pk"):
        organisation = by_key[contact.organisation_id]
        people[organisation.pk].append(
            Addressee(None, organisation, CONTACT, one_line(contact.name), contact.email, contact.language)
        )
    for organisation in organisations:
        yield from people[organisation.pk] or [Addressee.nobody(organisation)]


def _members_in_words(audience: Audience) -> str:
    pillars = [str(Pillar(value).label) for value in audience.get("pillars", []) if value in Pillar.values]
    return _("Members of the Association (%(pillars)s): their representatives, and contacts who have agreed to it") % {
        "pillars": ", ".join(pillars)
    }


MEMBERS = register(
    Rule(
        key="members",
        label=gettext_lazy("Members of the Association"),
        addressees=_members,
        in_words=_members_in_words,
        fields=lambda: {
            "pillars": forms.MultipleChoiceField(
                label=gettext_lazy("Pillars"), choices=Pillar.choices, widget=forms.CheckboxSelectMultiple
            )
        },
    )
)


# Addresses typed in or pasted


class AddressesField(forms.CharField):
    """Addresses, one a line: ``name@example.org`` or ``Name <name@example.org>``. Gives lists of name and address."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        return self._read(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{name} <{email}>" if name else email for name, email in value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    @staticmethod
    def _read(text: str) -> list[list[str]]:
        lines = [line.strip() for line in re.split(r"[\r\n;]+", text) if line.strip(" ,")]
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("There are %(count)d addresses. A circular goes to %(most)d at most.")
                % {"count": len(lines), "most": MOST_ADDRESSES}
            )
        return [read_address(line) for line in lines]


def read_address(line: str) -> list[str]:
    """Name and address of a line. What holds no address becomes an address that is pointed out as unusable."""
    line = "\t".join(one_line(cell) for cell in line.strip(" ,\t").split("\t"))
    bracketed = re.fullmatch(r"(?P<name>.*?)\s*<(?P<email>[^<>]*)>", line)
    if bracketed:
        return [bracketed["name"].strip(" \"'“”«»"), bracketed["email"].strip()]
    for mark in (",", "\t"):  # a line of a spreadsheet: name, address, in whichever order
        cells = [cell.strip(" \"'") for cell in line.split(mark)]
        found = next((cell for cell in cells if "@" in cell), "")
        if len(cells) > 1 and found:
            return [" ".join(cell for cell in cells if cell != found), found]
    name, email = parseaddr(line)
    return [name, email] if "@" in email and " " not in email else ["", line]


def decode_address_book(upload: UploadedFile) -> str:
    """The text of an address book: UTF-8 or UTF-16 with a mark, UTF-8 without, else Windows-1252, as older programs
    write it."""
    content = upload.read()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _addresses(audience: Audience, now: datetime) -> Iterable[Addressee]:
    """Who has an account of the address gets the letter as that person."""
    typed = [(one_line(str(name)), str(email)) for name, email in audience.get("addresses", [])]
    accounts = accounts_of(email for _name, email in typed)
    for name, email in typed:
        user = accounts.get(email.lower())
        if user is not None:
            yield Addressee.of_user(user, role="address")
        else:
            yield Addressee(None, None, "address", name, email, "en")


def _addresses_in_words(audience: Audience) -> str:
    count = len(audience.get("addresses", []))
    return ngettext("%(count)d address typed in", "%(count)d addresses typed in", count) % {"count": count}


ADDRESSES = register(
    Rule(
        key="addresses",
        label=gettext_lazy("Addresses"),
        addressees=_addresses,
        in_words=_addresses_in_words,
        fields=lambda: {
            "addresses": AddressesField(
                label=gettext_lazy("Addresses"),
                help_text=gettext_lazy("One a line: name@example.org, or Name <name@example.org>."),
            )
        },
    )
)


# Those who got another circular


def _recipients(audience: Audience, now: datetime) -> Iterable[Addressee]:
    """As they were found then, at their address of now: that of the account, else that of the last copy."""
    rows = CircularRecipient.objects.filter(circular=audience.get("circular")).exclude(email__endswith=f"@{NOWHERE}")
    rows = rows.select_related("user", "organisation")
    for row in rows.prefetch_related("copies__message"):
        copies = sorted(row.copies.all(), key=lambda copy: copy.number)
        email = copies[-1].message.recipient if copies else row.email
        if row.user is not None:
            yield Addressee.of_user(row.user, organisation=row.organisation, role=row.role)
        else:
            yield Addressee(None, row.organisation, row.role, row.name, email, row.language)


def _recipients_in_words(audience: Audience) -> str:
    from members.models import Circular

    circular = Circular.objects.filter(pk=audience.get("circular") or 0).first()
    return _("Those who got %(circular)s") % {"circular": circular or _("a circular")}


RECIPIENTS = register(
    Rule(
        key="recipients",
        label=gettext_lazy("Those who got the circular that it corrects"),
        addressees=_recipients,
        in_words=_recipients_in_words,
        offered=False,
    )
)
