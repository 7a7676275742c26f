"""Two entries of one organisation become one, with all that each of them holds: docs/decisions/merging.md.

`merge_plan` says beforehand what will happen to each row; `merge_organisations` does it. The dated rows of the
duplicate are struck out and recorded anew with the entry that stays, known from now on: figures as known then still
know two, as known today one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.exceptions import AlreadyMerged, CannotBeMerged, ChangedMeanwhile, NotMerged
from members.models import (
    Application,
    ApplicationStatus,
    Certificate,
    CircularRecipient,
    CompanyProfile,
    Contact,
    Delegation,
    FieldReview,
    ImportedLine,
    Membership,
    Organisation,
    OtherName,
    Participation,
    Representative,
    SelfAssessment,
    Succession,
    User,
    Workshop,
)
from members.operations import dated
from members.operations.registry import refuse_certificates_without_membership
from members.operations.successions import refuse_circle

Text = str | Promise

MOVES = gettext_lazy("Goes to the entry that stays.")
KNOWN = gettext_lazy("Recorded there already; struck out here.")
JOINED = gettext_lazy("Becomes one row with the one recorded there.")


@dataclass(frozen=True)
class Fate:
    """What happens to a row: `part` and `row` name it, `text` says what; `conflict` that it stands in the way."""

    part: Text
    row: str
    text: Text
    days: tuple[date, date | None] | None = None
    conflict: bool = False


@dataclass
class Cluster:
    """Rows that say the same of days that touch: those of the duplicate and of the entry that stays, and the days of
    all of them together."""

    ours: list[Any] = field(default_factory=list)
    theirs: list[Any] = field(default_factory=list)

    @property
    def begins(self) -> date:
        return min(row.valid_from for row in (*self.ours, *self.theirs))

    @property
    def ends(self) -> date | None:
        ends = [row.valid_to for row in (*self.ours, *self.theirs)]
        return None if None in ends else max(ends)

    @property
    def standing(self) -> Any:
        """The row of the entry that stays which says all of it already, or None."""
        return next((row for row in self.ours if (row.valid_from, row.valid_to) == (self.begins, self.ends)), None)


@dataclass(frozen=True)
class DatedKind:
    """A kind of dated rows of an organisation: which of its fields tell rows apart that may share days (`apart`), and
    which say the fact itself (`says`)."""

    model: type[Any]
    apart: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def of(self, organisation: Organisation) -> list[Any]:
        rows = self.model._default_manager.filter(organisation=organisation, superseded_at=None)
        return list(rows.select_related(*self.names).order_by("valid_from", "pk"))

    @property
    def names(self) -> tuple[str, ...]:
        """The other rows that the name of one is made of."""
        return tuple(each.name for each in self.model._meta.fields if each.name in ("organisation", "standard", "user"))

    def fact(self, row: Any, both: dict[int, int]) -> tuple[Any, ...]:
        """What a row says; a certification body that is the duplicate is the entry that stays."""
        found = []
        for name in (*self.apart, *self.says):
            value = getattr(row, self.model._meta.get_field(name).attname)
            found.append(both.get(value, value) if name == "body" else _plain(value))
        return tuple(found)

    def place(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, self.model._meta.get_field(name).attname) for name in self.apart)


DATED = (
    DatedKind(Participation),
    DatedKind(Membership, says=("pillar", "category")),
    DatedKind(CompanyProfile, says=("headquarters", "environment", "size", "works_in")),
    DatedKind(Certificate, ("standard",), ("body", "number", "scope", "state", "issued_on", "expires_on")),
    DatedKind(Representative, ("user",)),
)


def _plain(value: Any) -> Any:
    """A value that can be compared: countries are compared by their codes."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(sorted(str(each.code) for each in value))
    return getattr(value, "code", value)


# What other apps hold of organisations


@dataclass(frozen=True)
class Follows:
    """A field of a row of another app that leads to an organisation, and is to lead to the entry that stays."""

    model: type[Any]
    name: str
    versioned: bool = False

    def of(self, organisation: Organisation) -> Any:
        return self.model._default_manager.filter(**{self.name: organisation})

    def move(self, duplicate: Organisation, into: Organisation) -> None:
        more: dict[str, Any] = {"version": F("version") + 1} if self.versioned else {}
        self.of(duplicate).update(**{self.name: into}, **more)


_followers: list[Follows] = [
    Follows(Contact, "organisation", versioned=True),
    Follows(SelfAssessment, "organisation", versioned=True),
    Follows(Workshop, "led_by", versioned=True),
]
#: Fields that hold many organisations.
LISTS: tuple[tuple[type[Any], str], ...] = (
    (Workshop, "partners"),
    (Workshop, "organisations"),
    (FieldReview, "organisations"),
)


def follow(model: type[Any], name: str, *, versioned: bool = False) -> None:
    """Let a field of another app lead to the entry that stays. Twice counts once."""
    follows = Follows(model, name, versioned)
    if follows not in _followers:
        _followers.append(follows)


def handled() -> set[str]:
    """Every field that leads to an organisation and that a merge knows what to do with, as ``app.Model.field``."""
    dated_rows = {(kind.model, "organisation") for kind in DATED}
    own = {
        (Succession, "organisation"),
        (Succession, "predecessor"),
        (Certificate, "body"),
        (Application, "organisation"),
        (OtherName, "organisation"),
        (Delegation, "organisation"),
        (Organisation, "merged_into"),
        # A record of what a file said: it stays with the entry that the file was about.
        (ImportedLine, "organisation"),
        # A record of for whom somebody was written to.
        (CircularRecipient, "organisation"),
    }
    fields = dated_rows | own | set(LISTS) | {(follows.model, follows.name) for follows in _followers}
    return {f"{model._meta.label}.{name}" for model, name in fields}


# What will happen


@dataclass
class Plan:
    """What a merge will do, worked out before anything is written."""

    duplicate: Organisation
    into: Organisation
    fates: list[Fate] = field(default_factory=list)
    clusters: list[tuple[DatedKind, Cluster]] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Fate]:
        return [fate for fate in self.fates if fate.conflict]

    @property
    def seal(self) -> str:
        """Says whether it is still the same plan."""
        said = [self.duplicate.pk, self.into.pk, *((fate.row, str(fate.days), fate.conflict) for fate in self.fates)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def say(self, part: Text, row: Any, text: Text, *, conflict: bool = False) -> None:
        days = (row.valid_from, row.valid_to) if hasattr(row, "valid_from") else None
        self.fates.append(Fate(part, str(row), text, days, conflict))


def merge_plan(duplicate: Organisation, into: Organisation) -> Plan:
    """What a merge of the duplicate into the other entry would do to each row of it, and what stands in its way."""
    plan = Plan(duplicate, into)
    for kind in DATED:
        _plan_dated(plan, kind)
    _plan_successions(plan)
    part = gettext_lazy("Certificates that it gave")
    for row in _certificates_given(duplicate):
        own = row.organisation_id == into.pk
        text = gettext_lazy("An organisation gives itself no certificate. Correct the certification body first.")
        plan.say(part, row, text if own else MOVES, conflict=own)
    _plan_applications(plan)
    _plan_assessments(plan)
    _plan_delegation(plan)
    for name in duplicate.other_names.all():
        plan.say(OtherName._meta.verbose_name_plural or "", name, MOVES)
    _plan_rest(plan)
    return plan


def _plan_dated(plan: Plan, kind: DatedKind) -> None:
    """Rows that say the same of shared days are joined; rows that say something else of a shared day are a conflict."""
    both = {plan.duplicate.pk: plan.into.pk}
    part = kind.model._meta.verbose_name_plural or ""
    ours, theirs = kind.of(plan.into), kind.of(plan.duplicate)
    in_the_way = set()
    for row in theirs:
        for other in ours:
            differs = kind.fact(row, both) != kind.fact(other, both)
            if kind.place(row) == kind.place(other) and differs and _share_days(row, other):
                words = {"row": other, "days": _days(other)}
                text = _("“%(row)s” (%(days)s) says something else of these days. Correct or end one of them first.")
                plan.say(part, row, text % words, conflict=True)
                in_the_way.add(row.pk)
        if kind.model is Certificate and both.get(row.body_id, row.body_id) == plan.into.pk:
            text = _("An organisation gives itself no certificate. Correct the certification body first.")
            plan.say(part, row, text, conflict=True)
            in_the_way.add(row.pk)
    for cluster in _clusters(kind, ours, theirs, both):
        if not cluster.theirs:
            continue
        plan.clusters.append((kind, cluster))
        for row in cluster.theirs:
            if row.pk not in in_the_way:
                alone = not cluster.ours and len(cluster.theirs) == 1
                plan.say(part, row, MOVES if alone else KNOWN if cluster.standing else JOINED)


def _clusters(kind: DatedKind, ours: list[Any], theirs: list[Any], both: dict[int, int]) -> Iterable[Cluster]:
    by_fact: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in (*ours, *theirs):
        by_fact[kind.fact(row, both)].append(row)
    mine = {row.pk for row in ours}
    for rows in by_fact.values():
        cluster = Cluster()
        for row in sorted(rows, key=lambda each: each.valid_from):
            if (cluster.ours or cluster.theirs) and cluster.ends is not None and row.valid_from >= cluster.ends:
                yield cluster
                cluster = Cluster()
            (cluster.ours if row.pk in mine else cluster.theirs).append(row)
        yield cluster


def _share_days(one: Any, other: Any) -> bool:
    return (one.valid_to is None or one.valid_to > other.valid_from) and (
        other.valid_to is None or other.valid_to > one.valid_from
    )


def _days(row: Any) -> str:
    return f"{row.valid_from} – {row.valid_to or ''}".strip()


def _successions(organisation: Organisation) -> list[Succession]:
    rows = Succession.objects.filter(Q(organisation=organisation) | Q(predecessor=organisation), superseded_at=None)
    return list(rows.select_related("organisation", "predecessor").order_by("pk"))


def _plan_successions(plan: Plan) -> None:
    part = Succession._meta.verbose_name_plural or ""
    there = {(row.organisation_id, row.predecessor_id) for row in _successions(plan.into)}
    for row in _successions(plan.duplicate):
        pair = _pair(row, plan)
        if pair[0] == pair[1]:
            plan.say(part, row, gettext_lazy("Both are one: struck out."))
        else:
            plan.say(part, row, KNOWN if pair in there else MOVES)


def _pair(row: Succession, plan: Plan) -> tuple[int, int]:
    """The two organisations of a succession as they will be."""
    both = {plan.duplicate.pk: plan.into.pk}
    ends = row.organisation_id, row.predecessor_id
    return both.get(ends[0], ends[0]), both.get(ends[1], ends[1])


def _certificates_given(organisation: Organisation) -> list[Certificate]:
    rows = Certificate.objects.filter(body=organisation, superseded_at=None).exclude(organisation=organisation)
    return list(rows.select_related("organisation", "standard").order_by("pk"))


def _plan_applications(plan: Plan) -> None:
    """Two that ask for the same and are both undecided would be one too many."""
    part = Application._meta.verbose_name_plural or ""
    states = ApplicationStatus.objects.undecided().filter(application__organisation__in=[plan.into, plan.duplicate])
    undecided = set(states.values_list("application", flat=True))
    asked = {(row.kind, row.standard_id): row for row in plan.into.applications.all() if row.pk in undecided}
    for row in plan.duplicate.applications.select_related("organisation", "standard"):
        other = asked.get((row.kind, row.standard_id)) if row.pk in undecided else None
        if other:
            text = _("“%(row)s” asks for the same and is not decided either. Withdraw one of them first.")
            plan.say(part, row, text % {"row": other}, conflict=True)
        else:
            plan.say(part, row, MOVES)


def _plan_assessments(plan: Plan) -> None:
    part = SelfAssessment._meta.verbose_name_plural or ""
    years = set(plan.into.self_assessments.values_list("year", flat=True))
    for row in plan.duplicate.self_assessments.select_related("organisation"):
        if row.year in years:
            text = _("The entry that stays has one for this year, too. They cannot both be its own.")
            plan.say(part, row, text, conflict=True)
        else:
            plan.say(part, row, MOVES)


def _plan_delegation(plan: Plan) -> None:
    part = Delegation._meta.verbose_name or ""
    rows = Delegation.objects.filter(organisation__in=[plan.duplicate, plan.into])
    having = set(rows.values_list("organisation", flat=True))
    if len(having) == 2:
        text = _("Both have a delegation, with its own people and responses. Keep the entry whose delegation works.")
        plan.say(part, plan.duplicate, text, conflict=True)
    elif plan.duplicate.pk in having:
        plan.say(part, plan.duplicate, gettext_lazy("Goes to the entry that stays, with its people and responses."))


def _plan_rest(plan: Plan) -> None:
    """What is moved without being looked at: contacts are counted, and never named."""
    for follows in _followers:
        if follows.model is SelfAssessment:
            continue
        if number := follows.of(plan.duplicate).count():
            plan.fates.append(Fate(follows.model._meta.verbose_name_plural or "", str(number), MOVES))
    for model, name in LISTS:
        if number := model._default_manager.filter(**{name: plan.duplicate}).count():
            part = model._meta.get_field(name).verbose_name
            plan.fates.append(Fate(f"{model._meta.verbose_name_plural}: {part}", str(number), MOVES))


# The merge


@transaction.atomic
def merge_organisations(
    duplicate: Organisation, into: Organisation, *, source: str, by: User, seen: str | None = None
) -> Organisation:
    """Make two entries of one organisation one: all that the duplicate holds goes to `into`, which is returned.

    `seen` is the seal of the plan that was shown. Raises AlreadyMerged, CannotBeMerged (with what stands in the way),
    ChangedMeanwhile (the plan is another now), and what the rows raise: NotAMember, CertificateStillRuns, Circle.
    """
    duplicate, into = lock_both(duplicate, into)
    plan = merge_plan(duplicate, into)
    if plan.conflicts:
        told = "; ".join(f"“{fate.row}”: {fate.text}" for fate in plan.conflicts)
        raise CannotBeMerged(_("These rows stand in the way: %(rows)s") % {"rows": told})
    if seen is not None and seen != plan.seal:
        raise ChangedMeanwhile(_("Something of the two entries was changed meanwhile. Open the page again."))
    because = Truncator(_("Merged into “%(name)s”: %(source)s") % {"name": into, "source": source}).chars(300)
    for kind, cluster in plan.clusters:
        _merge_cluster(kind, cluster, plan, source=source, because=because, by=by)
    _merge_successions(plan, because=because, by=by)
    for row in _certificates_given(duplicate):
        beside = Certificate.objects.filter(organisation=row.organisation_id, standard=row.standard_id)
        dated.supersede(row, {"body": into, "source": because}, by=by, beside=beside)
    _merge_applications(plan, because=because, by=by)
    _merge_names(plan)
    Delegation.objects.filter(organisation=duplicate).update(organisation=into)
    for follows in _followers:
        follows.move(duplicate, into)
    _merge_lists(plan)
    _merge_entries(plan, because)
    refuse_certificates_without_membership(into)
    return into


def lock_both(duplicate: Organisation, into: Organisation) -> tuple[Organisation, Organisation]:
    """Both entries, locked in one order, with the organisations certified by the duplicate.

    Raises AlreadyMerged, CannotBeMerged (with itself, or entries of two kinds).
    """
    certified = Certificate.objects.filter(body=duplicate.pk, superseded_at=None).values("organisation")
    rows = Organisation.objects.select_for_update(of=("self",)).filter(
        Q(pk__in=[duplicate.pk, into.pk]) | Q(pk__in=certified)
    )
    locked = {row.pk: row for row in rows.order_by("pk")}
    duplicate, into = locked[duplicate.pk], locked[into.pk]
    if duplicate == into:
        raise CannotBeMerged(_("“%(name)s” is this very entry. Choose another one.") % {"name": into})
    for entry in (duplicate, into):
        if entry.merged_into_id:
            words = {"name": entry, "kept": entry.merged_into}
            raise AlreadyMerged(_("“%(name)s” was merged into “%(kept)s” already.") % words)
    if duplicate.kind != into.kind:
        raise CannotBeMerged(
            _("“%(name)s” is recorded as “%(kind)s”, “%(other)s” as “%(other_kind)s”. Correct the kind first.")
            % {
                "name": duplicate,
                "kind": duplicate.get_kind_display(),
                "other": into,
                "other_kind": into.get_kind_display(),
            }
        )
    return duplicate, into


def _merge_cluster(kind: DatedKind, cluster: Cluster, plan: Plan, *, source: str, because: str, by: User) -> None:
    begins, ends, standing = cluster.begins, cluster.ends, cluster.standing
    for row in cluster.theirs:
        dated.strike_out(row, because=because, by=by)
    if standing:
        return
    beside = kind.model._default_manager.filter(organisation=plan.into)
    if kind.apart:
        beside = beside.filter(**dict(zip(kind.apart, kind.place(cluster.theirs[0]), strict=True)))
    days = {"valid_from": begins, "valid_to": ends}
    if cluster.ours:
        first, *others = cluster.ours
        for row in others:
            dated.strike_out(row, because=because, by=by)
        dated.supersede(first, {**days, "source": because}, by=by, beside=beside)
        return
    new = dated.copied(cluster.theirs[0])
    new.organisation, new.recorded_by = plan.into, by
    if len(cluster.theirs) > 1:
        new.source = because
    for name, value in days.items():
        setattr(new, name, value)
    if getattr(new, "body_id", None) == plan.duplicate.pk:
        new.body = plan.into
    dated.record(new, beside=beside)


def _merge_successions(plan: Plan, *, because: str, by: User) -> None:
    there = {(row.organisation_id, row.predecessor_id) for row in _successions(plan.into)}
    for row in _successions(plan.duplicate):
        pair = _pair(row, plan)
        dated.strike_out(row, because=because, by=by)
        if pair[0] == pair[1] or pair in there:
            continue
        there.add(pair)
        new = dated.copied(row)
        new.organisation_id, new.predecessor_id = pair
        new.recorded_by = by
        refuse_circle(new)
        dated.record(new, beside=Succession.objects.filter(organisation=pair[0], predecessor=pair[1]))


def _merge_applications(plan: Plan, *, because: str, by: User) -> None:
    """An application is no dated row: it changes hands, and its last state, recorded anew, says since when and why."""
    for application in list(plan.duplicate.applications.select_for_update(of=("self",))):
        Application.objects.filter(pk=application.pk).update(organisation=plan.into)
        now = application.statuses.current().first()
        if now:
            dated.supersede(now, {"source": because}, by=by, beside=application.statuses.all())


def _merge_names(plan: Plan) -> None:
    """Each name that one of them had leads to the entry that stays; the history of both keeps who had it."""
    known = {plan.into.name, *plan.into.other_names.values_list("name", flat=True)}
    for name in plan.duplicate.other_names.all():
        if name.name in known:
            name.delete()
        else:
            name.organisation = plan.into
            name.save()
            known.add(name.name)
    if plan.duplicate.name not in known:
        OtherName.objects.create(organisation=plan.into, name=plan.duplicate.name, kind=OtherName.Kind.OTHER)


def _merge_lists(plan: Plan) -> None:
    for model, name in LISTS:
        for row in model._default_manager.filter(**{name: plan.duplicate}).select_for_update(of=("self",)):
            organisations = getattr(row, name)
            organisations.add(plan.into)
            organisations.remove(plan.duplicate)
            model._default_manager.filter(pk=row.pk).update(version=F("version") + 1)


def _merge_entries(plan: Plan, because: str) -> None:
    """The duplicate leads to the entry that stays, which takes over what it lacks: code, country, website."""
    duplicate, into = plan.duplicate, plan.into
    code = duplicate.code
    if code and not into.code:
        duplicate.code = None
    duplicate.merged_into = into
    duplicate.version += 1
    duplicate._change_reason = because[:100]  # type: ignore[attr-defined]
    duplicate.save()
    into.code = into.code or code
    into.country = into.country or duplicate.country
    into.website = into.website or duplicate.website
    into.version += 1
    into._change_reason = Truncator(_("“%(name)s” was merged into it") % {"name": duplicate}).chars(100)  # type: ignore[attr-defined]
    into.save()
    for earlier in Organisation.objects.filter(merged_into=duplicate):
        earlier.merged_into = into
        earlier.version += 1
        earlier.save()


@transaction.atomic
def separate_organisation(duplicate: Organisation, *, source: str, by: User) -> Organisation:
    """Take back that an entry is a duplicate: it stands for itself again, and its struck rows can be restored.

    What the other entry took over stays there until it is struck out. Raises NotMerged.
    """
    stored: Organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    if not stored.merged_into_id:
        raise NotMerged(_("“%(name)s” is an entry of its own.") % {"name": stored})
    stored.merged_into = None
    stored.version += 1
    stored._change_reason = Truncator(source).chars(100)  # type: ignore[attr-defined]
    stored.save()
    return stored
