"""What SIIF last said: of an entity's documents, and of those that a contract names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q, QuerySet

from pliego.contracts import sections
from pliego.contracts.models import Contract
from pliego.kernel.objections import Objection, Text
from pliego.parties.models import Account
from pliego.siif import rest
from pliego.siif.models import Reading
from pliego.siif.policy import is_in_siif
from pliego.siif.rules import CERTIFICATE, COMMITMENT, Line, Typed, commitment_doubts, compared, tidy

ONE = ("kind", "year", "number")  # of one entity


def newest(account_id: int) -> QuerySet[Reading]:
    """The last reading of each document of an entity."""
    last = Reading.objects.filter(account_id=account_id).order_by(*ONE, "-id").distinct(*ONE).values("pk")
    return Reading.objects.filter(pk__in=last)


def listed(account: Account, *, kind: str = "", text: str = "", every: bool = False) -> QuerySet[Reading]:
    """Its documents, newest year first; with `every` their older readings too."""
    rows = Reading.objects.filter(account_id=account.pk) if every else newest(account.pk)
    if kind in (CERTIFICATE, COMMITMENT):
        rows = rows.filter(kind=kind)
    if text := text.strip():
        rows = rows.filter(Q(number__icontains=tidy(text)) | Q(certificate=tidy(text)) | Q(source__icontains=text))
    return rows.select_related("read_by").order_by("-year", "kind", "number", "-id")


def newest_of(account_id: int, documents: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Reading]]:
    """By kind and number, the last reading in each year, the last year first; in one query."""
    wanted = [Q(kind=kind, number=tidy(number)) for kind, number in documents]
    found: dict[tuple[str, str], list[Reading]] = {}
    if wanted:
        for row in newest(account_id).filter(reduce(or_, wanted)).order_by("-year"):
            found.setdefault((row.kind, row.number), []).append(row)
    return found


@dataclass(frozen=True)
class Side:
    """A document of a contract beside what SIIF last said of it, if anything."""

    typed: Typed
    reading: Reading | None
    lines: list[Line]

    @property
    def differs(self) -> bool:
        return any(line.differs for line in self.lines)


def beside(account_id: int, typed: list[Typed], today: date) -> list[Side]:
    """Each document that is named, with the last reading of its year."""
    found = newest_of(account_id, ((one.kind, one.number) for one in typed))
    sides = []
    for one in typed:
        asked = one.asked(today)
        readings = found.get((one.kind, asked.number), [])
        exact = next((row for row in readings if row.year == asked.year), None)
        reading = exact or (None if one.issued_on else next(iter(readings), None))
        known = reading is not None and reading.is_known
        sides.append(Side(one, reading, compared(one, reading) if known else []))
    return sides


def doubts(contract: Contract) -> Iterator[Objection]:
    """What SIIF has against the commitment of a contract; nothing where the entity is not in SIIF."""
    if not is_in_siif(None, contract.buyer):  # type: ignore[arg-type]  # nobody in particular asks
        return
    content = sections.BUDGET.content(contract)
    number = contract.budget_commitment or content.commitment
    if not tidy(number):
        return
    readings = newest_of(contract.buyer_id, [(COMMITMENT, number)]).get((COMMITMENT, tidy(number)), [])
    year = content.commitment_on.year if content.commitment_on and number == content.commitment else 0
    reading = next((row for row in readings if year in (0, row.year)), None)
    yield from commitment_doubts(contract, number, reading)


def told_doubts(contract: Contract) -> Iterator[Text]:
    """The same, to whoever is about to sign."""
    return (objection.sentence for objection in doubts(contract))


def blocking_doubts(contract: Contract) -> Iterator[Objection]:
    """The same, where the operator decided that nothing is signed against SIIF (PLIEGO_SIIF_BLOCKS)."""
    return doubts(contract) if settings.PLIEGO_SIIF_BLOCKS else iter(())


def last_consultation(account: Account) -> Reading | None:
    """The last that SIIF answered to this entity."""
    return Reading.objects.filter(account_id=account.pk, road=rest.Service.road).order_by("-id").first()
