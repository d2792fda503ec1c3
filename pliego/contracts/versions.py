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

    @property
    def end_before(self) -> str | None:
        """When the contract ended before it, where it moved that day."""
        moved = self.modification.changes.get("ends_on") if self.modification else None
        return moved["old"] if moved else None

    @property
    def fields(self) -> dict[str, str]:
        return {name: self.snapshot.get(name, "") for name in changes.KEPT}


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
    """In order, from the one that was signed: what was sent and taken back before is nobody else's business."""
    if contract.signed_at is None:
        return []
    signed, changed = contract.signed_version, contract.versions.exclude(modification=None)
    number, snapshot = (signed.number, signed.snapshot) if signed else (contract.version, snapshot_of(contract))
    rows = changed.select_related("modification").order_by("number")
    later = [Version(row.number, row.at, row.snapshot, row.modification) for row in rows]
    begun = {**snapshot, "ends_on": snapshot.get("ends_on") or _first_end(contract, later)}
    return [Version(number, contract.signed_at, begun), *later]


def _first_end(contract: Contract, later: list[Version]) -> str:
    """When it ended before anything moved that day: it is written at the start, after what was signed."""
    moved = [one.end_before for one in later if one.end_before is not None]
    return moved[0] if moved else changes.written(contract.ends_on)


def compared(old: Version, new: Version) -> list[Compared]:
    """Field by field, in the order of the contract; what one of them does not keep was empty then.

    The budget commitment is written with the signature: the version that was sent does not know it.
    """
    return [
        Compared(name, title, *(changes.value_of(name, one.fields[name]) for one in (old, new)))
        for name, title in changes.KEPT.items()
        if (old.fields[name] or new.fields[name]) and not _unknown(name, old, new)
    ]


def _unknown(name: str, *both: Version) -> bool:
    return name.startswith("budget") and not all(one.fields[name] for one in both)


def chosen(found: list[Version], old: str, new: str) -> tuple[Version, Version]:
    """The two versions that were asked for; without one, the first against the last. Unknown when there is none."""
    by_number = {str(one.number): one for one in found}
    if not found or {old, new} - {""} - by_number.keys():
        raise Unknown()
    return by_number.get(old, found[0]), by_number.get(new, found[-1])
