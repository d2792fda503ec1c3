"""What must be true before a contract starts, one line each, for the page of the contract and for the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pliego.conditions.covers import COVERS
from pliego.contracts import rules
from pliego.contracts.models import Contract
from pliego.contracts.sections import PERFORMANCE, SUPPLIER_DOCUMENTS
from pliego.contracts.sections.papers import SOCIAL_SECURITY
from pliego.contracts.states import START_RECORD
from pliego.kernel.dates import day
from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Line:
    title: Text
    is_done: bool
    detail: Text = ""
    legal_basis: str = ""


def conditions(contract: Contract, at: datetime) -> list[Line]:
    """All that the start asks of both parties, and how each stands."""
    return [*_guarantees(contract), *_budget(contract), *_papers(contract), *_record(contract)]


def _guarantees(contract: Contract) -> Iterator[Line]:
    approved = {row.cover: row for row in contract.guarantees.all() if row.state == "approved"}
    for code in contract.covers:
        row = approved.get(code)
        detail = f"{row.insurer} · {row.policy_number} · {day(row.starts_on)} – {day(row.ends_on)}" if row else ""
        title = _("Guarantee approved: %(cover)s") % {"cover": COVERS[code].title}
        yield Line(title, row is not None, detail, rules.TO_START)


def _budget(contract: Contract) -> Iterator[Line]:
    if contract.is_sale:
        return
    is_short = list(rules.has_no_budget_commitment(contract, contract.created_at))
    detail = f"{contract.budget_commitment} · {rules.money(contract, contract.budget_commitment_amount or Decimal())}"
    yield Line(_("Budget commitment for the whole value"), not is_short, detail, rules.TO_START)


def _papers(contract: Contract) -> Iterator[Line]:
    brought = {paper.asked: paper for paper in contract.papers.all() if paper.asked}
    if PERFORMANCE.content(contract).social_security == "yes":
        found = brought.get(SOCIAL_SECURITY)
        detail = day(found.added_at) if found else ""
        yield Line(_("Social security and contributions proved"), found is not None, detail, rules.TO_START)
    for row in SUPPLIER_DOCUMENTS.content(contract).asked:
        if row.required == "yes" and row.moment == "start":
            found = brought.get(row.title)
            yield Line(row.title, found is not None, day(found.added_at) if found else "")


def _record(contract: Contract) -> Iterator[Line]:
    if not contract.starts_with_record:
        return
    last = max(contract.start_records.all(), key=lambda row: row.number, default=None)
    is_done = last is not None and last.state == "accepted"
    yield Line(_("Record of the start signed by both parties"), is_done, START_RECORD.label(last.state) if last else "")
