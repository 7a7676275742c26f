"""Delegations as people type them: by name, by code, by the beginning of a name."""

from __future__ import annotations

from dataclasses import dataclass

from members.models import Delegation


@dataclass(frozen=True)
class Choices:
    """The delegations that a page offers, in the order of their names. One query, made by `delegation_choices`."""

    rows: tuple[Delegation, ...]

    def find(self, typed: str) -> Delegation | None:
        """The delegation that was meant: its name or code, or the beginning of one name alone; None if there is none
        or if it may be one of several."""
        wanted = " ".join(typed.split()).casefold()
        if not wanted:
            return None
        for row in self.rows:
            if wanted in (row.organisation.name.casefold(), (row.organisation.code or "").casefold()):
                return row
        begins = [row for row in self.rows if row.organisation.name.casefold().startswith(wanted)]
        return begins[0] if len(begins) == 1 and len(wanted) > 2 else None


def delegation_choices() -> Choices:
    """Every delegation, with its organisation."""
    return Choices(tuple(Delegation.objects.select_related("organisation").order_by("organisation__name")))
