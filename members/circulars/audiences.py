"""To whom a circular goes: rules by which recipients are found anew each time they are asked.

An audience is JSON: ``{"rule": "participants", "roles": [...], …}``, or ``{"rule": "several", "of": [audience, …]}``.
An app registers its rules when it is ready. A rule names the form fields that it needs; what they give, cleaned, is the
audience, so a field gives what JSON can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.richtext import printable
from members.models import Circular, Delegate, Organisation, User
from members.things import Thing

Audience = dict[str, Any]
SEVERAL = "several"

#: The role of contacts of an organisation: personal data that may have to be erased.
CONTACT = "contact"
#: Stands in the place of the address of a contact that was erased: no mail goes there (RFC 2606).
NOWHERE = "erased.invalid"

#: In what capacity somebody is addressed who is no delegate; the roles of delegates are those of `Delegate.Role`.
ROLES: dict[str, str | Promise] = {
    **dict(Delegate.Role.choices),
    "director": gettext_lazy("Director of the Board"),
    "chair": gettext_lazy("Chair"),
    "representative": gettext_lazy("Representative"),
    CONTACT: gettext_lazy("Contact"),
    "registered": gettext_lazy("Registered for the meeting"),
    "address": gettext_lazy("Address typed in"),
}


@dataclass(frozen=True)
class Addressee:
    """Somebody whom a rule names. Without `email` and `name` it is an organisation nobody of whom gets mail."""

    user: User | None
    organisation: Organisation | None
    role: str
    name: str
    email: str
    language: str
    time_zone: str = ""

    @classmethod
    def of_user(cls, user: User, *, organisation: Organisation | None = None, role: str = "") -> Addressee:
        """A person with an account, in the language and zone that they chose."""
        return cls(user, organisation, role, user.name, user.email, user.language, user.time_zone)

    @classmethod
    def nobody(cls, organisation: Organisation) -> Addressee:
        """An organisation that is addressed, and nobody of whom gets mail."""
        return cls(None, organisation, "", "", "", "en")

    @property
    def role_in_words(self) -> str:
        return str(ROLES.get(self.role, self.role))

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email or str(self.organisation or "")


@dataclass(frozen=True)
class Duplicate:
    """Somebody whom the rule names more than once, by person or by address: one letter goes to `kept`."""

    kept: Addressee
    others: list[Addressee]


@dataclass(frozen=True)
class LeftOut:
    """Whom no letter reaches, and `why`: ``nobody`` (an organisation without people), ``closed`` (a closed account),
    ``unusable`` (an address no mail can reach)."""

    addressee: Addressee
    why: str

    @property
    def why_in_words(self) -> str:
        return {
            "nobody": _("Nobody of it gets mail."),
            "closed": _("The account is closed."),
            "unusable": _("No mail can reach this address."),
        }[self.why]


@dataclass(frozen=True)
class Found:
    """Whom an audience names at a moment: one entry a letter, and what the writer should know of the rest."""

    addressees: list[Addressee] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    without_address: list[LeftOut] = field(default_factory=list)

    @property
    def organisations(self) -> int:
        """How many organisations get at least one letter."""
        return len({each.organisation.pk for each in self.addressees if each.organisation is not None})

    @property
    def unreached(self) -> list[Organisation]:
        """The organisations that are addressed, and none of whose people gets a letter."""
        reached = {each.organisation.pk for each in self.addressees if each.organisation is not None}
        missed = [row.addressee.organisation for row in self.without_address if row.addressee.organisation is not None]
        return list({each.pk: each for each in missed if each.pk not in reached}.values())

    def by_language(self) -> dict[str, int]:
        """How many letters there are in each language that readers chose."""
        counted: dict[str, int] = {}
        for each in self.addressees:
            counted[each.language] = counted.get(each.language, 0) + 1
        return counted


@dataclass(frozen=True)
class Rule:
    """A way to name recipients.

    `fields` makes the form fields that it needs, by the name under which their value stands in the audience.
    `addressees` finds whom it names now, in a number of queries that does not depend on how many they are; `in_words`
    says it as a reader of the record understands it. `about` names the kinds of things (`members.things`) for which
    alone the rule is offered; the reference of the thing then stands in the audience as ``about``.
    """

    key: str
    label: str | Promise
    addressees: Callable[[Audience, datetime], Iterable[Addressee]]
    in_words: Callable[[Audience], str]
    fields: Callable[[], dict[str, forms.Field]] = dict
    about: tuple[str, ...] = ()
    offered: bool = True


_RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Make a rule known. Called when an app is ready."""
    _RULES[rule.key] = rule
    return rule


def rules_for(about_kind: str = "") -> list[Rule]:
    """The rules that are offered for a circular about a thing of this kind (empty: about none)."""
    return [rule for rule in _RULES.values() if rule.offered and (not rule.about or about_kind in rule.about)]


def rule_of(audience: Audience) -> Rule | None:
    """The rule that an audience names, if any app has registered it."""
    return _RULES.get(str(audience.get("rule", "")))


def parts_of(audience: Audience) -> list[Audience]:
    """The audience as the rules that it is made of: several, one, or none where nothing was chosen yet."""
    if audience.get("rule") == SEVERAL:
        return [part for part in audience.get("of", []) if isinstance(part, dict)]
    return [audience] if audience.get("rule") else []


def put_about(audience: Audience, about: Thing | None) -> Audience:
    """The audience with the thing that the circular is about named in each rule that asks for one. Raises ValueError
    with a sentence where a rule is about other things."""
    parts = []
    for part in parts_of(audience):
        rule = rule_of(part)
        if rule is not None and rule.about:
            if about is None or about.kind not in rule.about:
                raise ValueError(
                    _("“%(rule)s” does not fit what the circular is about. Choose others to whom it goes.")
                    % {"rule": rule.label}
                )
            part = {**part, "about": about.reference}
        parts.append(part)
    return together(parts)


def key_of(audience: Audience, kind: str) -> int | None:
    """The primary key of the thing that an audience names, if it is of this kind."""
    named, _dash, key = str(audience.get("about", "")).rpartition("-")
    return int(key) if named == kind and key.isdecimal() else None


def together(audiences: Sequence[Audience]) -> Audience:
    """One audience out of several: whoever is named by any of them."""
    if len(audiences) == 1:
        return dict(audiences[0])
    return {"rule": SEVERAL, "of": [dict(each) for each in audiences]} if audiences else {}


class RuleForm(forms.Form):
    """The fields of one rule. `audience` is what it says once it is valid."""

    def __init__(self, *args: Any, rule: Rule, about: Thing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.about = rule, about
        self.fields.update(rule.fields())

    @property
    def audience(self) -> Audience:
        audience = {"rule": self.rule.key, **{name: _storable(self.cleaned_data[name]) for name in self.fields}}
        if self.rule.about and self.about is not None:
            audience["about"] = self.about.reference
        return audience


def _storable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def in_words(audience: Audience) -> str:
    """The audience as a reader of the record understands it, in the language of the moment."""
    said = [rule.in_words(part) if (rule := rule_of(part)) else _("An unknown rule") for part in parts_of(audience)]
    return "; ".join(said)


def is_known(audience: Audience) -> bool:
    """Whether the audience names rules, all of which are known."""
    parts = parts_of(audience)
    return bool(parts) and all(rule_of(part) for part in parts)


def is_usable(email: str) -> bool:
    """Whether a mail can be addressed to it: one address, as the standards write it, and nothing else."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return email.isprintable()


def find(audience: Audience, now: datetime) -> Found:
    """Whom the audience names `now` (aware): one entry for each person and address, first come first kept."""
    found = Found()
    kept: dict[Any, Addressee] = {}
    repeated: dict[int, Duplicate] = {}
    left_out: set[Any] = set()
    for addressee in _named(audience, now):
        why = _why_left_out(addressee)
        if why:
            mark = (why, addressee.organisation.pk if addressee.organisation else None, addressee.email.lower())
            if mark not in left_out:
                left_out.add(mark)
                found.without_address.append(LeftOut(addressee, why))
            continue
        marks: list[Any] = [addressee.email.lower()]
        if addressee.user is not None:
            marks.append(addressee.user.pk)
        first = next((kept[mark] for mark in marks if mark in kept), None)
        if first is None:
            found.addressees.append(addressee)
            kept.update(dict.fromkeys(marks, addressee))
            continue
        duplicate = repeated.get(id(first))
        if duplicate is None:
            duplicate = repeated[id(first)] = Duplicate(first, [])
            found.duplicates.append(duplicate)
        duplicate.others.append(addressee)
        for mark in marks:
            kept.setdefault(mark, first)
    return found


def found(circular: Circular, now: datetime) -> Found:
    """Whom a circular would go to `now` (aware)."""
    return find(circular.audience, now)


def _named(audience: Audience, now: datetime) -> Iterable[Addressee]:
    """All that the rules name; organisations without anybody only where no rule names anybody of them."""
    named = [each for part in parts_of(audience) if (rule := rule_of(part)) for each in rule.addressees(part, now)]
    reached = {each.organisation.pk for each in named if each.organisation is not None and each.email}
    for each in named:
        if each.email or each.name or each.organisation is None or each.organisation.pk not in reached:
            yield each


def _why_left_out(addressee: Addressee) -> str:
    if not addressee.email and not addressee.name:
        return "nobody"
    if addressee.user is not None and not addressee.user.is_active:
        return "closed"
    return "" if is_usable(addressee.email) else "unusable"


def accounts_of(addresses: Iterable[str]) -> dict[str, User]:
    """The accounts of these addresses, by the address in small letters; one query for each 900."""
    wanted = sorted({address.lower() for address in addresses if address})
    found: dict[str, User] = {}
    for start in range(0, len(wanted), 900):
        found |= {user.email: user for user in User.objects.filter(email__in=wanted[start : start + 900])}
    return found


def one_line(text: str) -> str:
    """A name as it may stand in a header: composed, without line breaks or control characters, spaces made single."""
    return " ".join(printable(text).split())
