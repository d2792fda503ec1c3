"""The versions of a contract: one for what was signed, one for each modification, and any two of them compared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pliego.contracts import changes
from pliego.contracts.models import Contract, Modification
from pliego.kernel.objections import Text, Unknown


@dataclass(frozen=True)
class Version:
    """The contract as it was from one moment to the next."""

    number: int
    at: datetime
    snapshot: dict[str, str]
    modification: Modification | None = None


@dataclass(frozen=True)
class Compared:
    """A field of two versions, as values and not as text."""

    field: str
    title: Text
    old: Any
    new: Any

    @property
    def is_other(self) -> bool:
        return bool(self.old != self.new)

    @property
    def kind(self) -> str:
        return changes.kind_of(self.field)


def snapshot_of(contract: Contract) -> dict[str, str]:
    """What is kept of it: each field as it is written."""
    return {name: changes.written(getattr(contract, name)) for name in changes.KEPT}


def versions_of(contract: Contract) -> list[Version]:
    """In order. One that was never modified has the version that was signed."""
    rows = contract.versions.select_related("modification__document", "modification__party__organization")
    found = [Version(row.number, row.at, row.snapshot, row.modification) for row in rows.order_by("number")]
    if found or contract.signed_at is None:
        return found
    return [Version(contract.version, contract.signed_at, snapshot_of(contract))]


def compared(old: Version, new: Version) -> list[Compared]:
    """Field by field, in the order of the contract; what one of them does not keep was empty then."""
    return [
        Compared(name, title, *(changes.value_of(name, one.snapshot.get(name, "")) for one in (old, new)))
        for name, title in changes.KEPT.items()
        if old.snapshot.get(name) or new.snapshot.get(name)
    ]


def chosen(found: list[Version], old: str, new: str) -> tuple[Version, Version]:
    """The two versions that were asked for; without one, the first against the last. Unknown when there is none."""
    by_number = {str(one.number): one for one in found}
    if not found or {old, new} - {""} - by_number.keys():
        raise Unknown()
    return by_number.get(old, found[0]), by_number.get(new, found[-1])
