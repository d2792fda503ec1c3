"""Where an invoice is, like a parcel: each step with whose it is, since when, its term and what was said; and how many
days an entity takes to pay, counted over its paid invoices."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.execution import chain
from pliego.execution.models import Invoice, Passage
from pliego.kernel import dates
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Text

Kind = Passage.Kind
OF_THE_STEP = {Kind.APPROVED, Kind.ENDORSED, Kind.PAID}


@dataclass(frozen=True)
class Stop:
    """A stop on the way. `took` are the working days that the step had it; `is_now` is where it waits."""

    title: Text
    at: datetime | date | None = None
    owner: str = ""  # whose the step is, or who did it
    did: Text = ""
    text: str = ""
    since: datetime | None = None
    due_at: datetime | None = None
    took: int | None = None
    is_done: bool = False
    is_now: bool = False
    is_late: bool = False


def waits_for(invoice: Invoice) -> str:
    """“Gloria Ruiz, supervisor, has it since 12 oct 2026, 10:00”."""
    holder = invoice.holder
    if holder is None:
        return ""
    words = {"who": holder.name, "moment": dates.instant(holder.since)}
    return gettext("%(who)s has it since %(moment)s.") % words


def tracker(invoice: Invoice, at: datetime) -> list[Stop]:
    """The whole way: what was done, where it waits, and the steps to come."""
    sent = Stop(_("Sent by the contractor"), invoice.sent_at, invoice.sent_by.full_name, is_done=True)
    passages = sorted(invoice.passages.all(), key=lambda passage: passage.pk)
    done = [_done(passage) for passage in passages]
    if invoice.state == "returned":
        supplier = invoice.supplier.name
        now = Stop(_("Sent back to be mended"), owner=supplier, text=waits_for(invoice), is_now=True)
        return [sent, *(done or [_returned_before_passages(invoice)]), now]
    here = invoice.here
    if here is None:
        return [sent, *(done or _paid_before_passages(invoice))]
    following = [Stop(step.name, owner=chain.owner_of(step, invoice.contract)) for step in invoice.steps
                 if step.number > here.number]  # fmt: skip
    return [sent, *done, _waiting(invoice, here, at), *following]


def _done(passage: Passage) -> Stop:
    who = passage.user.full_name
    if passage.on_behalf_of is not None:
        who = gettext("%(person)s, by delegation of %(other)s") % {
            "person": who, "other": passage.on_behalf_of.full_name,
        }  # fmt: skip
    took = calendar.count(calendar.day_of(passage.arrived_at), calendar.day_of(passage.at))
    return Stop(
        passage.name,
        passage.paid_on if passage.kind == Kind.PAID else passage.at,
        who,
        Kind(passage.kind).label,
        passage.reason,
        passage.arrived_at,
        passage.due_at,
        took,
        is_done=True,
        is_late=chain.is_late(passage.due_at, passage.at),
    )


def _waiting(invoice: Invoice, step: Any, at: datetime) -> Stop:
    due = chain.due_at(invoice.since, step.term_days)
    took = calendar.count(calendar.day_of(invoice.since), calendar.day_of(at))
    return Stop(
        step.name, None, chain.owner_of(step, invoice.contract), "", waits_for(invoice), invoice.since, due, took,
        is_now=True, is_late=chain.is_late(due, at),
    )  # fmt: skip


def _returned_before_passages(invoice: Invoice) -> Stop:
    """Of an invoice returned before its way was written step by step."""
    who = invoice.decided_by.full_name if invoice.decided_by else ""
    return Stop(_("Approval of the supervisor"), invoice.decided_at, who, _("Sent back to be mended"),
                invoice.returned_reason, is_done=True)  # fmt: skip


def _paid_before_passages(invoice: Invoice) -> list[Stop]:
    approved = invoice.decided_by.full_name if invoice.decided_by else ""
    paid = invoice.paid_by.full_name if invoice.paid_by else ""
    return [
        Stop(_("Approved by the supervisor"), invoice.decided_at, approved, is_done=True),
        Stop(_("Paid"), invoice.paid_on, paid, is_done=True),
    ]


# ---- days to pay -----------------------------------------------------------------------------------------------------

# From the day on which the first invoice with that number was sent to the day on which the money left; what is approved
# and not paid counts apart, by its age today.
DAYS = """
WITH took AS (  -- how many invoices of each entity took so many days: what is counted over them is few rows
  SELECT contract.buyer_id, invoice.state,
         coalesce(invoice.paid_on, (%(at)s::timestamptz AT TIME ZONE 'America/Bogota')::date)
           - (coalesce(invoice.first_sent_at, invoice.sent_at) AT TIME ZONE 'America/Bogota')::date AS days,
         count(*) AS invoices,
         coalesce(sum(invoice.amount) FILTER (WHERE invoice.currency = 'COP'), 0) AS amount
  FROM execution_invoice invoice JOIN contracts_contract contract ON contract.id = invoice.contract_id
  WHERE invoice.state IN ('approved', 'paid')
    AND (%(year)s::int IS NULL OR invoice.state = 'approved' OR extract(year FROM invoice.paid_on) = %(year)s::int)
  GROUP BY 1, 2, 3
), ranked AS (
  SELECT took.*, sum(invoices) OVER (PARTITION BY buyer_id, state ORDER BY days) AS until,
         sum(invoices) OVER (PARTITION BY buyer_id, state) AS every
  FROM took
)
SELECT organization.number, organization.check_digit, organization.legal_name, account.code,
       coalesce(sum(invoices) FILTER (WHERE ranked.state = 'paid'), 0)::bigint AS paid,
       coalesce(sum(amount) FILTER (WHERE ranked.state = 'paid'), 0) AS amount,
       sum(days * invoices) FILTER (WHERE ranked.state = 'paid')
         / sum(invoices) FILTER (WHERE ranked.state = 'paid') AS average,
       min(days) FILTER (WHERE ranked.state = 'paid' AND until * 2 >= every) AS median,
       max(days) FILTER (WHERE ranked.state = 'paid') AS longest,
       coalesce(sum(invoices) FILTER (WHERE ranked.state = 'approved'), 0)::bigint AS waiting,
       max(days) FILTER (WHERE ranked.state = 'approved') AS oldest
FROM ranked
JOIN parties_account account ON account.id = ranked.buyer_id
JOIN parties_organization organization ON organization.id = account.organization_id
GROUP BY organization.number, organization.check_digit, organization.legal_name, account.code
ORDER BY average DESC NULLS LAST, organization.legal_name
"""


@dataclass(frozen=True)
class DaysToPay:
    """How an entity pays: calendar days from the sending of an invoice to the day of its payment."""

    nit: str
    entity: str
    code: str
    paid: int
    amount: Decimal
    average: Decimal | None
    median: int | None
    longest: int | None
    waiting: int
    oldest: int | None


COLUMNS = tuple(DaysToPay.__dataclass_fields__)


def days_to_pay(*, at: datetime, year: int | None = None) -> list[DaysToPay]:
    """Each entity with public invoices, the slowest first; of those paid in a year, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, {"at": at, "year": year})
        found = cursor.fetchall()
    return [
        DaysToPay(
            f"{number}-{digit}" if digit is not None else number, name, code, paid, amount,
            None if average is None else round(Decimal(average), 1), median, longest, waiting, oldest,
        )
        for number, digit, name, code, paid, amount, average, median, longest, waiting, oldest in found
    ]  # fmt: skip
