"""How each contract was settled, for its parties and for everybody; and whose turn it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from pliego.contracts.deadlines import supervised_by
from pliego.contracts.models import Contract
from pliego.documents.models import Document
from pliego.execution.models import Closing, Settlement
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.money import Money
from pliego.kernel.objections import Objection, Text
from pliego.kernel.todo import Task
from pliego.settlements import law, terms
from pliego.settlements.models import Resolution, Ruling
from pliego.settlements.policy import POLICY, RESOLUTIONS, Act, ResolutionAct
from pliego.settlements.states import WAITING

# fmt: off
WAYS: dict[str, Text] = {
    "mutual":     _("By both parties"),
    "unilateral": _("By the entity alone"),
    "judicial":   _("By a judge"),
}
# fmt: on


@dataclass(frozen=True)
class Settled:
    """How a contract was settled, in whatever way, with the accounts of that day."""

    way: str
    on: date
    at: datetime
    paid_amount: Decimal
    released_amount: Decimal
    currency: str
    documents: tuple[Document, ...]
    owed_to_contractor: Decimal = Decimal(0)
    owed_to_entity: Decimal = Decimal(0)
    statement: str = ""
    reservations: str = ""
    about: str = ""

    @property
    def way_title(self) -> Text:
        return WAYS[self.way]

    @property
    def amounts(self) -> dict[str, Money]:
        """By the name of each, for a page."""
        names = ("paid_amount", "released_amount", "owed_to_contractor", "owed_to_entity")
        return {name: Money(getattr(self, name), self.currency) for name in names}


def settled(contracts: Iterable[Contract]) -> dict[int, Settled]:
    """Those that were settled, by their contract's id, in three queries. All of it is public."""
    found: dict[int, Settled] = {}
    chosen = list(contracts)
    for row in Settlement.objects.filter(contract__in=chosen, state="accepted").select_related("document"):
        found[row.contract_id] = _mutual(row)
    decided = Resolution.objects.filter(contract__in=chosen, state="firm")
    for resolution in decided.select_related("document", "answer_document"):
        found[resolution.contract_id] = _unilateral(resolution)
    for ruling in Ruling.objects.filter(contract__in=chosen).select_related("document"):
        about = f"{ruling.court} · {ruling.file_number} · {shown_day(ruling.decided_on)}"
        accounts = _accounts(ruling)
        at = ruling.registered_at
        found[ruling.contract_id] = Settled(
            "judicial", ruling.decided_on, at, documents=(ruling.document,), about=about, **accounts
        )
    return found


def closings(contracts: Iterable[Contract]) -> "QuerySet[Closing]":
    return Closing.objects.filter(contract__in=contracts).select_related("document")


def _mutual(row: Settlement) -> Settled:
    assert row.accepted_at is not None
    return Settled(
        "mutual",
        calendar.day_of(row.accepted_at),
        row.accepted_at,
        row.paid_amount,
        row.released_amount,
        row.currency,
        (row.document,) if row.document else (),
        statement=row.statement,
        reservations=row.reservations,
    )


def _unilateral(row: Resolution) -> Settled:
    assert row.firm_at is not None
    papers = tuple(one for one in (row.document, row.answer_document) if one is not None)
    told = _g("Resolution %(number)s, firm since %(day)s")
    about = told % {"number": row.number, "day": shown_day(row.firm_at)}
    return Settled(
        "unilateral", calendar.day_of(row.firm_at), row.firm_at, documents=papers, about=about, **_accounts(row)
    )


def _accounts(row: Any) -> dict[str, Any]:
    names = ("paid_amount", "released_amount", "currency", "owed_to_contractor", "owed_to_entity")
    return {name: getattr(row, name) for name in names}


def resolution_of(actor: Actor, contract: Contract) -> Resolution | None:
    """The last one that this person may see."""
    rows = Resolution.objects.visible_to(actor).filter(contract=contract)
    return rows.select_related("document", "appeal_document", "answer_document").last()


def resolution_waits(contract: Contract, at: datetime) -> Iterator[Objection]:
    """Both parties, or a judge, do not settle what the entity has just settled alone."""
    for resolution in Resolution.objects.filter(contract=contract, state__in=WAITING):
        sentence = _g(
            "The entity settled it alone by resolution %(number)s, which is not firm: it must be decided first."
        )
        yield Objection("resolution_waits", sentence % {"number": resolution.number}, "", law.BASIS["unilateral"])


def url_of(contract: Contract) -> str:
    return reverse("settlements:ending", args=[contract.code])


# ---- turns -----------------------------------------------------------------------------------------------------------

NOTIFIED = _("The entity settled the contract alone: you may appeal.")
# fmt: off
TURNS = (
    # state       act                    verb and object                              why it is this person's turn
    ("draft",    ResolutionAct.ISSUE,   _("Sign the unilateral settlement"),          _("It is drafted.")),
    ("issued",   ResolutionAct.APPEAL,  _("Read the unilateral settlement"),          NOTIFIED),
    ("appealed", ResolutionAct.RESOLVE, _("Decide the appeal of the settlement"),     _("The contractor appealed.")),
)
# fmt: on
MOST_TASKS = 100


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Resolutions to sign, to read or to decide, and contracts whose term to settle together is over."""
    if actor.account_id is None or not actor.roles:
        return []
    return [*_of_resolutions(actor), *_late(actor, at)]


def _of_resolutions(actor: Actor) -> Iterator[Task]:
    rows = Resolution.objects.visible_to(actor).filter(state__in=[turn[0] for turn in TURNS])
    for row in rows.select_related("contract").order_by("pk")[:MOST_TASKS]:
        for state, act, title, reason in TURNS:
            if row.state == state and RESOLUTIONS.verdict(actor, act, row):
                due = calendar.at(row.appeal_until, 23, 59) if state == "issued" and row.appeal_until else None
                subject = f"{row.contract.code} {row.contract.title}"
                yield Task(title, url_of(row.contract), subject, reason, due)


def _late(actor: Actor, at: datetime) -> Iterator[Task]:
    today = calendar.day_of(at)
    rows = terms.unsettled().filter(buyer_id=actor.account_id).exclude(settlement_resolutions__state="draft")
    if actor.roles.isdisjoint({"approver", "preparer"}):  # a supervisor settles the contracts that they follow
        rows = rows.filter(supervised_by(actor))
    for contract in rows.order_by("completed_on", "pk")[:MOST_TASKS]:
        found = terms.of(contract)
        running = found.running(today) if found else None
        if running is not None and running.code != "mutual" and POLICY.verdict(actor, Act.DRAFT, contract):
            subject = f"{contract.code} {contract.title}"
            reason = _("The term to settle it together is over.")
            due = calendar.at(running.until, 23, 59)
            yield Task(_("Settle the contract"), url_of(contract), subject, reason, due)
