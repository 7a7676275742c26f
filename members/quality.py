"""What in the registry looks wrong or forgotten, and where it is mended: the quality desk of the secretariat."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, pairwise
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rapidfuzz import fuzz

from icoca_portal.lib.days import today
from members.deadlines import Rules
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Contact,
    DeadlineRule,
    Membership,
    Organisation,
    OtherName,
    Pillar,
)
from members.next_steps import STEPS, Actor, NextStep, applications_waiting_for, steps_of
from members.querysets import is_member

#: How far back and ahead an expiry is looked at, and after how many days an application stands still.
EXPIRED_WITHIN = timedelta(days=365)
EXPIRES_WITHIN = timedelta(days=90)
STANDS_STILL = timedelta(days=90)
#: Names looked at, the most of them that may share a word, and the pairs looked at in all: it answers within 2 seconds.
NAMES_COMPARED = 20_000
NAMES_OF_A_WORD = 40
PAIRS_COMPARED = 400_000
#: From 0 to 100.
ALIKE = 87
ALIKE_WORDS = 80
SHORT = 3

Text = str | Promise


@dataclass(frozen=True)
class Finding:
    """One row of a check: the organisation by key and name, what is found, and the keys of what is mended."""

    organisation: int
    name: str
    facts: tuple[Any, ...]
    keys: tuple[int, ...]


@dataclass(frozen=True)
class Check:
    """A question to the registry. `rows` is the query, or the list, of what it finds; `read` makes a finding of one.

    `route` is where a finding is mended, and `mend` what is done there.
    """

    name: str
    title: Text
    text: Text
    none: Text
    columns: tuple[Text, ...]
    route: str
    mend: Text
    rows: Callable[[], Any]
    read: Callable[[Any], Finding]

    def count(self) -> int:
        rows = self.rows()
        return len(rows) if isinstance(rows, list) else int(rows.count())

    def findings(self, start: int | None = None, end: int | None = None) -> Iterable[Finding]:
        """What is found, or a page of it; a long one is read as it is sent."""
        rows = self.rows()
        if end is not None or isinstance(rows, list):
            return [self.read(row) for row in rows[start:end]]
        return (self.read(row) for row in rows.iterator(chunk_size=500))


def expiring_certificates() -> Any:
    """The last period of certificates of members that expired lately or expire soon, and that no other follows."""
    day = today()
    followed = Certificate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")),
        organisation=OuterRef("organisation"),
        standard=OuterRef("standard"),
        superseded_at=None,
    )
    rows = Certificate.objects.filter(
        is_member(day),
        ~Exists(followed),
        superseded_at=None,
        valid_to__gte=day - EXPIRED_WITHIN,
        valid_to__lte=day + EXPIRES_WITHIN,
    )
    rows = rows.exclude(state=Certificate.State.WITHDRAWN).select_related("organisation", "standard", "body")
    return rows.order_by("valid_to", "organisation__name", "pk")


def still_applications() -> Any:
    """The states of applications that wait for a decision, and have not moved for long."""
    rows = ApplicationStatus.objects.undecided().filter(valid_from__lte=today() - STANDS_STILL)
    rows = rows.select_related("application__organisation", "application__standard")
    return rows.order_by("valid_from", "pk")


def applications_to_check() -> Any:
    """Applications on which the secretariat acts next."""
    return applications_waiting_for(Actor.SECRETARIAT)


def overdue_steps() -> list[tuple[Application, NextStep]]:
    """Steps of open applications whose last day has passed, the longest overdue first."""
    rules = Rules.read(*STEPS)
    if not rules.rows:
        return []
    statuses = list(
        ApplicationStatus.objects.undecided().select_related("application__organisation", "application__standard")
    )
    steps = steps_of(statuses, rules)
    found = [(row.application, step) for row in statuses for step in steps[row.application_id] if step.is_overdue]
    return sorted(found, key=lambda pair: (pair[1].due or date.max, pair[0].pk))


def companies_to_certify() -> Any:
    """Memberships of today of companies that have no valid certificate, and must have one by now or soon.

    The time of each is that of the rule that held on the day on which its membership began.
    """
    day = today()
    certified = Certificate.objects.as_of(day).filter(
        organisation=OuterRef("organisation"), state=Certificate.State.VALID
    )
    rules = Rules.read(DeadlineRule.Step.CERTIFY)
    due = rules.due_by(DeadlineRule.Step.CERTIFY, Pillar.INDUSTRY, day + EXPIRES_WITHIN, field="valid_from")
    rows = Membership.objects.as_of(day).members().filter(due, ~Exists(certified), pillar=Pillar.INDUSTRY)
    rows = rows.annotate(**rules.of_each(DeadlineRule.Step.CERTIFY, Pillar.INDUSTRY, field="valid_from"))
    return rows.select_related("organisation").order_by("valid_from", "organisation__name", "pk")


def companies_without_profile() -> Any:
    """Memberships of today of companies of which nothing is recorded today."""
    profiles = CompanyProfile.objects.as_of(today()).filter(organisation=OuterRef("organisation"))
    rows = Membership.objects.as_of(today()).members().filter(~Exists(profiles), pillar=Pillar.INDUSTRY)
    return rows.select_related("organisation").order_by("organisation__name", "pk")


def members_without_country() -> Any:
    """Memberships of today, in any category, of organisations without a country. International ones have none."""
    rows = Membership.objects.as_of(today()).filter(organisation__country="")
    rows = rows.exclude(organisation__kind=Organisation.Kind.INTERNATIONAL_ORGANISATION)
    return rows.select_related("organisation").order_by("organisation__name", "pk")


def members_without_contact() -> Any:
    """Memberships of today, in any category, of organisations to which nobody is recorded whom to write."""
    contacts = Contact.objects.as_of(today()).filter(organisation=OuterRef("organisation"))
    rows = Membership.objects.as_of(today()).filter(~Exists(contacts))
    return rows.select_related("organisation").order_by("organisation__name", "pk")


def contacts_without_consent() -> Any:
    """Contacts of today without a consent."""
    rows = Contact.objects.as_of(today()).filter(consent_on=None)
    return rows.select_related("organisation").order_by("organisation__name", "pk")


@dataclass(frozen=True)
class Name:
    """A name of an organisation, and the name it has in the register."""

    organisation: int
    known_as: str
    text: str
    words: frozenset[str]
    plain: str
    code: str


def names_alike() -> list[tuple[Name, Name]]:
    """Pairs of organisations of which two names are nearly the same, the most alike first.

    At most `NAMES_COMPARED` names are looked at, the newest organisations first, and only those are compared that have
    a word in common, the rarest words first, or begin or end alike. Names that differ in a number are of different
    organisations, and so are organisations with two codes: Australia and Austria.
    """
    names = _names()
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        for word in name.words:
            by_word[word].append(place)
    pairs: set[tuple[int, int]] = set()
    for turned in (False, True):
        order = sorted(range(len(names)), key=lambda place: names[place].plain[:: -1 if turned else 1])
        pairs.update((one, other) if one < other else (other, one) for one, other in pairwise(order))
    # The rarest words first: a name of many says little, and the pairs are counted.
    for places in sorted(by_word.values(), key=len):
        if len(places) > NAMES_OF_A_WORD or len(pairs) >= PAIRS_COMPARED:
            break
        pairs.update(combinations(places, 2))
    alike: dict[tuple[int, int], tuple[float, Name, Name]] = {}
    for one, other in pairs:
        first, second = names[one], names[other]
        if first.organisation > second.organisation:
            first, second = second, first
        if first.organisation == second.organisation or (first.code and second.code and first.code != second.code):
            continue
        likeness = _likeness(first.plain, second.plain)
        both = first.organisation, second.organisation
        if likeness and (both not in alike or alike[both][0] < likeness):
            alike[both] = likeness, first, second
    found = sorted(alike.values(), key=lambda row: (-row[0], row[1].known_as, row[2].known_as))
    return [(first, second) for _likeness_, first, second in found]


def _likeness(one: str, other: str) -> float:
    """From 0 (less than `ALIKE`) to 100. Of the words that only one of the names has, each long one must be nearly one
    of the other's; of the short ones ("Ltd", "B") one name may have some, but not both."""
    if one == other:
        return 100.0
    likeness = fuzz.ratio(one, other, score_cutoff=ALIKE)
    if not likeness or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    ours, theirs = set(one.split()), set(other.split())
    left, right = ours - theirs, theirs - ours
    lonely = [
        {word for word in words if not any(_nearly(word, each) for each in others)}
        for words, others in ((left, right), (right, left))
    ]
    if all(lonely) or any(len(word) > SHORT for words in lonely for word in words):
        return 0.0
    return float(likeness)


def _nearly(one: str, other: str) -> bool:
    """Whether one word is a slip for the other: seldom of its first letter."""
    return one[0] == other[0] and fuzz.ratio(one, other) >= ALIKE_WORDS


def _names() -> list[Name]:
    entries = Organisation.objects.filter(merged_into=None).order_by("-pk")
    own = entries.values_list("pk", "name", "name", "code")[:NAMES_COMPARED]
    rows = OtherName.objects.order_by("-organisation", "pk")
    others = rows.values_list("organisation", "organisation__name", "name", "organisation__code")[:NAMES_COMPARED]
    names = [_name(*row) for row in chain(own, others)]
    return [name for name in names if name.words][:NAMES_COMPARED]


def _name(organisation: int, known_as: str, text: str, code: str | None = None) -> Name:
    letters = text.casefold()
    if not letters.isascii():
        letters = "".join(each for each in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(each))
    words = re.findall(r"\w+", letters)
    telling = frozenset(word for word in words if len(word) > 2 and not word.isdigit())
    # "S.A." is one word.
    plain = re.sub(r"(?<=\b\w) (?=\w\b)", "", " ".join(words))
    return Name(organisation, known_as, text, telling, plain, code or "")


def _membership(row: Any) -> tuple[Any, ...]:
    return row.valid_from, row.get_pillar_display(), row.get_category_display()


def _expiry(day: date) -> Text:
    return _("Expired") if day <= today() else _("Expires")


def _to_certify(row: Any) -> Finding:
    """From a membership with the length and unit of its rule."""
    due = DeadlineRule(length=row.rule_length, unit=row.rule_unit).last_day(row.valid_from)
    state = _("Overdue") if due < today() else pgettext_lazy("deadline", "To come")
    return Finding(row.organisation_id, row.organisation.name, (row.valid_from, due, state), (row.organisation_id,))


SCREEN = "admin:members_organisation_"

CHECKS: Sequence[Check] = (
    Check(
        "certificates",
        _("Certificates that end without a successor"),
        _("Of members: expired within the last year, or expiring within 90 days, with no later certificate recorded."),
        _("Every certificate that ends has a successor."),
        (_("Standard"), _("Certification body"), _("State"), _("On")),
        f"{SCREEN}record_certificate",
        _("Record a certificate"),
        expiring_certificates,
        lambda row: Finding(
            row.organisation_id,
            row.organisation.name,
            (row.standard.code, row.body.name, _expiry(row.valid_to), row.valid_to),
            (row.organisation_id,),
        ),
    ),
    Check(
        "applications",
        _("Applications without movement"),
        _("Received or under review, in the same state for 90 days or more."),
        _("Every open application moved within 90 days."),
        (_("Asks for"), _("State"), _("Since")),
        "admin:members_application_change",
        _("Open the application"),
        still_applications,
        lambda row: Finding(
            row.application.organisation_id,
            row.application.organisation.name,
            (row.application.asks_for, row.get_state_display(), row.valid_from),
            (row.application_id,),
        ),
    ),
    Check(
        "deadlines",
        _("Applications past a deadline"),
        _("A step whose last day has passed, by the rule that held on the day on which it began."),
        _("Every open application is within its deadlines."),
        (_("Asks for"), _("Next"), _("By")),
        "admin:members_application_change",
        _("Open the application"),
        overdue_steps,
        lambda pair: Finding(
            pair[0].organisation_id,
            pair[0].organisation.name,
            (pair[0].asks_for, pair[1].what, pair[1].due),
            (pair[0].pk,),
        ),
    ),
    Check(
        "certification",
        _("Member companies to be certified"),
        _("Without a valid certificate, and the time that they had as new members is over or ends within 90 days."),
        _("Every member company is certified or has time."),
        (_("Member since"), _("By"), _("State")),
        f"{SCREEN}record_certificate",
        _("Record a certificate"),
        companies_to_certify,
        _to_certify,
    ),
    Check(
        "profiles",
        _("Member companies without a profile"),
        _("No figure counts where they work, how large they are or where their headquarters are."),
        _("Every member company has a profile today."),
        (_("Member since"), _("Pillar"), _("Category")),
        f"{SCREEN}record_profile",
        _("Record a company profile"),
        companies_without_profile,
        lambda row: Finding(row.organisation_id, row.organisation.name, _membership(row), (row.organisation_id,)),
    ),
    Check(
        "countries",
        _("Members without a country"),
        _("Members, affiliates and observers of today, but for international organisations."),
        _("Every member has a country."),
        (_("Member since"), _("Pillar"), _("Category")),
        f"{SCREEN}change",
        _("Name the country"),
        members_without_country,
        lambda row: Finding(row.organisation_id, row.organisation.name, _membership(row), (row.organisation_id,)),
    ),
    Check(
        "contacts",
        _("Members without a contact"),
        _("Members, affiliates and observers of today with nobody recorded to write to."),
        _("Every member has a contact."),
        (_("Member since"), _("Pillar"), _("Category")),
        f"{SCREEN}record_contact",
        _("Record a contact"),
        members_without_contact,
        lambda row: Finding(row.organisation_id, row.organisation.name, _membership(row), (row.organisation_id,)),
    ),
    Check(
        "consents",
        _("Contacts without consent"),
        _("Contacts of today who were not asked, or have not answered."),
        _("Every contact gave its consent."),
        (_("Contact since"),),
        f"{SCREEN}record_consent",
        _("Record the consent"),
        contacts_without_consent,
        lambda row: Finding(
            row.organisation_id, row.organisation.name, (row.valid_from,), (row.organisation_id, row.pk)
        ),
    ),
    Check(
        "names",
        _("Organisations that look alike"),
        _(
            "Names and other names that are nearly the same. At most 20,000 names are looked at, those of the newest "
            "organisations first, and those compared that share a rare word or begin or end alike."
        ),
        _("No two names are nearly the same."),
        (_("Name"), _("Looks like"), _("Other organisation")),
        f"{SCREEN}merge",
        _("Compare and merge"),
        names_alike,
        lambda pair: Finding(
            pair[0].organisation,
            pair[0].known_as,
            (pair[0].text, pair[1].text, pair[1].known_as),
            (pair[1].organisation, pair[0].organisation),
        ),
    ),
)
BY_NAME = {check.name: check for check in CHECKS}


def counts() -> dict[str, int]:
    """How much each check finds: all that the database counts, in one query."""
    asked = {check.name: check.rows() for check in CHECKS}
    found = {name: len(rows) for name, rows in asked.items() if isinstance(rows, list)}
    first, *others = (
        rows.order_by()
        .values(asked=Value(name, output_field=CharField()))
        .annotate(number=Count("pk"))
        .values_list("asked", "number")
        for name, rows in asked.items()
        if name not in found
    )
    counted: dict[str, Any] = dict(first.union(*others, all=True))
    return {check.name: found.get(check.name, counted.get(check.name, 0)) for check in CHECKS}


def may_keep(user: Any) -> bool:
    """Whether the desk is theirs: whoever keeps organisations and reads applications."""
    return bool(user.has_perm("members.change_organisation") and user.has_perm("members.view_application"))


def secretariat_day(user: Any) -> dict[str, int] | None:
    """What of the registry waits for the secretariat today; None for whoever does not keep it."""
    if not may_keep(user):
        return None
    counted = {name: BY_NAME[name].count() for name in ("certificates", "applications")}
    return {**counted, "to_check": applications_to_check().count()}
