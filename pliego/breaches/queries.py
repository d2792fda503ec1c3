"""Breaches for their parties, the register of sanctions for everybody, and whose turn it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from pliego.breaches import law
from pliego.breaches.models import Breach, ComplianceCall, Sanction
from pliego.breaches.policy import BREACHES, POLICY, Act, BreachAct
from pliego.breaches.states import HEARD, LIVE
from pliego.consortia.models import Member
from pliego.contracts.models import Contract, Modification
from pliego.contracts.states import ALIVE
from pliego.documents.models import Document
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection
from pliego.kernel.todo import Task
from pliego.parties.models import Account

MOST_TASKS = 50


def whole(rows: "QuerySet[Breach]") -> "QuerySet[Breach]":
    """With all that its page reads, in a fixed number of queries."""
    return rows.select_related("report", "citation", "ended_document", "contract__tender").prefetch_related(
        "guarantors",
        "sessions__record",
        "sessions__attendances",
        "attendances",
        "statements__document",
        "evidence_asked__document",
        "evidence_asked__result_document",
        "decisions__document",
        "sanctions__recoveries",
    )


def of_contract(actor: Actor, contract: Contract) -> "QuerySet[Breach]":
    rows = Breach.objects.visible_to(actor).filter(contract=contract)
    return rows.prefetch_related("sessions", "sanctions").order_by("-number")


def insurers_of(contract: Contract) -> list[str]:
    """Who guarantees it by a policy: they are called in the same way (Ley 1474 de 2011, art. 86, lit. a)."""
    rows = contract.guarantees.filter(state="approved", guarantee_class="policy").order_by("pk")
    return list(dict.fromkeys(row.insurer.strip() for row in rows))


def policies_of(contract: Contract) -> list[tuple[str, str]]:
    """(insurer, its first policy) of each one."""
    rows = contract.guarantees.filter(state="approved", guarantee_class="policy").order_by("-pk")
    return list({row.insurer.strip(): row.policy_number for row in rows}.items())[::-1]


def papers_of(breach: Breach) -> list[Document]:
    """What the parties have in writing, in its order: citation and report, pleas, evidence, minutes, resolutions."""
    found = [breach.citation, breach.report]
    found += [row.document for row in breach.statements.all()]
    found += [row.document for row in breach.evidence_asked.all()]
    found += [row.result_document for row in breach.evidence_asked.all()]
    found += [row.record for row in breach.sessions.all()]
    found += [row.document for row in breach.decisions.all()]
    return [document for document in (*found, breach.ended_document) if document]


def list_url(contract: Contract) -> str:
    return reverse("breaches:breaches", args=[contract.code])


def url_of(breach: Breach) -> str:
    return reverse("breaches:breach", args=[breach.contract.code, breach.number])


# ---- the register ----------------------------------------------------------------------------------------------------


def register(day: date, words: str = "") -> "QuerySet[Sanction]":
    """What is in force and shown on that day, the newest first; `words` of the name or the NIT of the contractor."""
    rows = Sanction.objects.shown_on(day)
    for word in words.split():
        number = Q(supplier__organization__number=word.split("-")[0].replace(".", ""))
        is_public = Q(supplier__organization__is_natural_person=False)
        rows = rows.filter(Q(supplier__organization__legal_name__icontains=word) | number & is_public)
    return _told(rows)


def _told(rows: "QuerySet[Sanction]") -> "QuerySet[Sanction]":
    parties = ("supplier__organization", "buyer__organization")
    return rows.select_related(*parties, "breach__contract", "decision__document").prefetch_related("recoveries")


def related(account_id: int) -> list[int]:
    """The account, the plural bidders in which it takes part, and the members of it where it is one."""
    rows = Member.objects.filter(Q(supplier_id=account_id) | Q(group__account_id=account_id), state="accepted")
    pairs = rows.values_list("group__account_id", "supplier_id")
    return sorted({account_id, *(one for pair in pairs for one in pair if account_id in pair)})


@dataclass(frozen=True)
class Standing:
    """What the register says of one contractor on a day: its sanctions, and what they bar it from."""

    sanctions: list[Sanction] = field(default_factory=list)
    bars: list[law.Bar] = field(default_factory=list)


def standing_of(account: Account, day: date) -> Standing:
    """Everybody may read it. Its own, and those of the plural bidders in which it takes part."""
    if not account.is_supplier:
        return Standing()
    rows = list(_told(Sanction.objects.standing().filter(supplier_id__in=related(account.pk))))
    known = [(row.measure, row.in_force_on, row.breach.contract_id) for row in rows]
    bars = [bar for bar in law.bars(known) if bar.ends_on >= day]
    return Standing([row for row in rows if row.shown_until >= day], bars)


def bars_taking_over(modification: Modification, day: date) -> Iterator[Objection]:
    """Against an assignment: who would take it over may not contract, or a breach of it is not decided yet."""
    assert modification.party is not None
    for bar in standing_of(modification.party, day).bars:
        if bar.starts_on <= day:
            sentence = _("A sanction in the register bars it from contracting until %(day)s.")
            yield Objection("barred", sentence % {"day": dates.day(bar.ends_on)}, "to", bar.legal_basis)
    if modification.contract.breaches.filter(state__in=LIVE).exists():
        sentence = _("A breach of this contract is not decided yet: decide it or file it first.")
        yield Objection("breach_undecided", sentence, "to")


def fines_of(account: Account, offers_due_on: date) -> Iterator[str]:
    """What takes points away from its offer, as a committee writes it down. Not what a judge is looking at."""
    rows = _told(Sanction.objects.standing().filter(supplier_id__in=related(account.pk), challenged_on=None))
    for row in rows:
        if law.loses_points(row.measure, row.in_force_on, offers_due_on):
            words = {
                "measure": row.of.title,
                "number": row.decision.number,
                "buyer": row.buyer.name,
                "day": dates.day(row.in_force_on),
            }
            yield _g("%(measure)s, resolution %(number)s of %(buyer)s, in force since %(day)s") % words


def notes_for(contract: Contract) -> list[str]:
    """What the settlement of a contract says of its sanctions: amounts, what is recovered and owed. In Spanish."""
    found = []
    rows = Sanction.objects.standing().filter(breach__contract=contract).order_by("pk")
    for row in _told(rows):
        said = f"{row.of.title}: resolución {row.decision.number}, en firme desde el {dates.day(row.in_force_on, 'es')}"
        if row.amount is not None:
            amounts = (format_money(Money(value, row.currency)) for value in (row.amount, row.recovered, row.owed))
            said += ". Valor {}; recuperado {}; por recuperar {}".format(*amounts)
        found.append(f"{said}.")
    return found


def hearing_is_open(contract: Contract, at: datetime) -> Iterator[Objection]:
    """Nothing is settled while the contractor is called to a hearing: its end may be a sanction of the accounts."""
    for breach in Breach.objects.filter(contract=contract, state__in=HEARD).order_by("number"):
        sentence = _g("The hearing of breach %(n)s is open: it must end before the contract is settled or closed.")
        yield Objection("hearing_open", sentence % {"n": breach.number}, "", law.HEARING)


def of_contracts(contracts: Iterable[Contract]) -> dict[int, list[Sanction]]:
    """What was imposed and stands, by contract, for publication."""
    found: dict[int, list[Sanction]] = {}
    for row in _told(Sanction.objects.standing().filter(breach__contract__in=contracts)).order_by("pk"):
        found.setdefault(row.breach.contract_id, []).append(row)
    return found


# ---- turns -----------------------------------------------------------------------------------------------------------


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Reports to act on, sessions to hold or to attend, calls to answer."""
    if actor.account_id is None or not actor.roles:
        return []
    return [*_breach_tasks(actor), *_call_tasks(actor, at)]


# fmt: off
CALLED = _("The entity called you to the hearing of breach.")
TURNS: tuple[tuple[str, BreachAct, Any, Any], ...] = (
    # while it is  who may            verb and object                                  why it is this person's turn
    ("reported", BreachAct.CITE,    _("Call to a hearing of breach, or file the report"), _("A breach was reported.")),
    ("called",   BreachAct.BEGIN,   _("Hold the hearing of breach"),                   _("You called the contractor.")),
    ("called",   BreachAct.PLEAD,   _("Prepare your pleas and come to the hearing"),   CALLED),
    ("open",     BreachAct.DECIDE,  _("Decide in the hearing of breach"),              _("It is in session.")),
    ("open",     BreachAct.RESOLVE, _("Decide the appeal in the hearing of breach"),   _("It is in session.")),
    ("open",     BreachAct.CLOSE,   _("Close the hearing of breach with its minutes"), _("It is in session.")),
)
# fmt: on


def _breach_tasks(actor: Actor) -> Iterator[Task]:
    mine = Q(contract__buyer_id=actor.account_id) | Q(contract__supplier_id=actor.account_id)
    live = Breach.objects.visible_to(actor).filter(mine).exclude(state__in=["in_force", "filed", "ceased", "annulled"])
    rows = live.select_related("contract").prefetch_related("sessions", "attendances").order_by("pk")
    for breach in rows[:MOST_TASKS]:
        session = breach.sitting or breach.next_session
        while_ = session.state if session else breach.state
        for moment, act, title, reason in TURNS:
            if moment == while_ and BREACHES.verdict(actor, act, breach):
                subject = f"{breach.contract.code} {breach.contract.title}"
                yield Task(title, url_of(breach), subject, reason, session.called_for if session else None)
                break


def _call_tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    waiting = ComplianceCall.objects.filter(contract__supplier_id=actor.account_id, answered_at=None)
    rows = waiting.filter(contract__state__in=ALIVE).select_related("contract").order_by("pk")
    reason = _("The entity asks you to comply and waits for your answer.")
    for call in rows[:MOST_TASKS]:
        if POLICY.verdict(actor, Act.ANSWER, call.contract):
            url = reverse("breaches:answer", args=[call.contract.code, call.number])
            subject = f"{call.contract.code} {call.contract.title}"
            yield Task(_("Answer a call for compliance"), url, subject, reason, call.due_at)


def today(at: datetime) -> date:
    return BusinessCalendar.day_of(at)
