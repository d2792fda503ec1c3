"""What a modification asks of the guarantees: which must grow, last longer or be given by the new contractor."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pliego.conditions.covers import COVERS
from pliego.contracts import changes, rules
from pliego.contracts.changed import planned_end
from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Demand:
    """What one cover must reach, as it is kept with the modification: amounts and days as they are written."""

    cover: str
    amount: str
    ends_on: str
    grows: bool = False
    lasts_longer: bool = False
    of_the_new_party: bool = False

    @property
    def title(self) -> Text:
        return COVERS[self.cover].title

    @property
    def until(self) -> date | None:
        return date.fromisoformat(self.ends_on) if self.ends_on else None


class After:
    """The contract as the modification would leave it, for the rules that ask it; nothing is written."""

    def __init__(self, contract: Any, changed: dict[str, dict[str, str]]) -> None:
        self._contract = contract
        told = {name: changes.value_of(name, one["new"]) for name, one in changed.items()}
        self.value_amount = told.get("value_amount", contract.value_amount)
        self.ends_on = told.get("ends_on", contract.ends_on)
        self.suspended_on = told.get("suspended_on", contract.suspended_on)
        self.resumes_on = told.get("resumes_on", contract.resumes_on)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._contract, name)

    @property
    def runs_until(self) -> date | None:
        return planned_end(self)


def demands(contract: Any, kind: changes.Kind, changed: dict[str, dict[str, str]]) -> list[Demand]:
    """Of the covers that the contract asks for, those whose approved guarantee would fall short."""
    return [] if kind.ends else list(_short(contract, After(contract, changed), is_new="supplier" in changed))


def _short(contract: Any, after: After, *, is_new: bool) -> Iterator[Demand]:
    standing = {one.cover: one for one in contract.guarantees.all() if one.state == "approved"}
    for cover in contract.covers:
        given = standing.get(cover)
        begins = given.starts_on if given else contract.starts_on
        least = rules.least_amount(after, cover)
        until = rules.least_end(after, cover, begins) if begins else None
        grows = given is not None and given.amount < least
        longer = given is not None and until is not None and given.ends_on < until
        if grows or longer or is_new:
            yield Demand(cover, str(least), until.isoformat() if until else "", grows, longer, is_new)


def kept(found: list[Demand]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def demanded_by(modification: Any) -> list[Demand]:
    return [Demand(**row) for row in modification.guarantees]
