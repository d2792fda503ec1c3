"""Reads of contracts: what the public sees, what waits for whom, what may be done now."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.contracts import changes, rules, sections
from pliego.contracts.models import Contract, Guarantee, Modification
from pliego.contracts.policy import MODIFICATION_POLICY, POLICY, Act, ModificationAct
from pliego.contracts.sections.general import OFFICERS
from pliego.contracts.starting.models import StartRecord
from pliego.contracts.states import ALIVE, CONTRACT, STANDING_RECORDS
from pliego.contracts.versions import Compared
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.dates import day as shown_day
from pliego.kernel.money import Money
from pliego.kernel.objections import Text, Unknown
from pliego.kernel.todo import Task
from pliego.parties.models import Account, Membership
from pliego.suppliers.models import BankAccount
from pliego.suppliers.policy import POLICY as POLICY_OF_SUPPLIERS
from pliego.suppliers.policy import Act as SupplierAct


@dataclass(frozen=True)
class PublicLine:
    number: int
    unspsc: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    total: Decimal | None


@dataclass(frozen=True)
class PublicGuarantee:
    cover: str
    title: Text
    policy_number: str
    insurer: str
    amount: Decimal
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class PublicContract:
    """All that the world may know of a signed contract, and nothing else: never bank data, never a draft."""

    code: str
    number: str
    title: str
    object: str
    state: str
    state_title: Text
    ocds_status: str
    award_code: str
    tender_code: str
    ocid: str
    buyer_name: str
    buyer_code: str
    supplier_name: str
    supplier_nit: str
    supplier_code: str
    value: Money
    signed_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    completed_on: date | None
    budget_certificate: str
    budget_commitment: str
    has_settlement: bool
    supervisor: str
    document: Document | None
    lines: list[PublicLine] = field(default_factory=list)
    guarantees: list[PublicGuarantee] = field(default_factory=list)


def whole(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """With everything a page of the contract reads, in a fixed number of queries."""
    approved = Prefetch("guarantees", Guarantee.objects.select_related("document").order_by("id"))
    return rows.select_related(
        "tender", "award", "buyer__organization", "supplier__organization", "document", "signed_document", "supervisor"
    ).prefetch_related("lines", approved)


def of_account(
    *, actor: Actor, state: str = "", happened: str = "", words: str = "", supervised: bool = False
) -> QuerySet[Contract]:
    """The contracts of the actor's account, as buyer or as supplier, also those that it assigned to another."""
    given = Modification.objects.published().filter(given_by__isnull=False, given_by_id=actor.account_id)
    own = Q(buyer_id=actor.account_id) | Q(supplier_id=actor.account_id) | Q(pk__in=given.values("contract"))
    rows = Contract.objects.visible_to(actor).filter(own)
    rows = rows.filter(state=state) if state in CONTRACT.states else rows
    rows = rows.filter(happened__contains=[happened]) if happened in changes.HAPPENED else rows
    if words := words.strip()[:100]:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words) | Q(number__icontains=words))
    if supervised:
        rows = rows.filter(supervisor_id=actor.mandate.grantor_id if actor.mandate else actor.user_id)
    return rows.select_related("buyer__organization", "supplier__organization").order_by("-id")


def numbered_guarantee(contract: Contract, number: int) -> Guarantee:
    """The guarantee with that place in the contract's list. Unknown when there is none."""
    found = list(contract.guarantees.all())
    if not 1 <= number <= len(found):
        raise Unknown()
    return found[number - 1]


def guarantees_for(actor: Actor, contract: Contract) -> list[tuple[int, Guarantee]]:
    """With their place in the list: all for both parties, the approved ones for everybody, and for who assigned the
    contract those that it gave."""
    is_party, was_party = (
        actor.account_id in {contract.buyer_id, contract.supplier_id},
        contract.was_of(actor.account_id),
    )
    return [
        (number, one)
        for number, one in enumerate(contract.guarantees.all(), start=1)
        if is_party or one.state == "approved" or (was_party and not contract.is_of_the_party(one))
    ]


def supervisors_of(contract: Contract) -> list[tuple[int, str]]:
    """The people of the entity who may supervise: (user id, name)."""
    places = Membership.objects.holding("supervisor").filter(account_id=contract.buyer_id)
    return [
        (place.user_id, place.user.full_name) for place in places.select_related("user").order_by("user__full_name")
    ]


def supervisor_named(contract: Contract) -> int | None:
    """The supervisor whom the general information names, while they still may be it."""
    code = sections.GENERAL.content(contract).supervisor
    places = Membership.objects.holding("supervisor").filter(account_id=contract.buyer_id, user__code=code)
    return places.values_list("user_id", flat=True).first() if code else None


def officers_of(contract: Contract) -> dict[str, list[tuple[str, str]]]:
    """For each officer that the general information names, the people who may be it: (code, name)."""
    places = Membership.objects.holding(*OFFICERS.values()).filter(account_id=contract.buyer_id)
    found = [(place, place.user) for place in places.select_related("user").order_by("user__full_name")]
    return {
        name: [(user.code, user.full_name) for place, user in found if role in place.all_roles]
        for name, role in OFFICERS.items()
    }


def bank_account_of(actor: Actor, contract: Contract, given_by: Account | None = None) -> BankAccount | None:
    """Where the supplier is paid, read from its profile and kept nowhere else: for its own people who may see it, and
    for who pays in the entity once the supplier accepted the contract. `given_by`: who assigned it, and is still paid
    for what it did."""
    supplier = given_by or contract.supplier
    is_own = POLICY_OF_SUPPLIERS.verdict(actor, SupplierAct.SEE_BANK, supplier)
    if not is_own and not POLICY.verdict(actor, Act.SEE_BANK, contract):
        return None
    return BankAccount.objects.filter(account=supplier).first()


def public_contracts(*, tender_id: int | None = None) -> list[PublicContract]:
    rows = whole(Contract.objects.public()).order_by("id")
    return [public_view(contract) for contract in (rows if tender_id is None else rows.filter(tender_id=tender_id))]


def public_view(contract: Contract) -> PublicContract:
    """The contract as publication shows it. Only for signed ones: ask `Contract.objects.public()`."""
    if not contract.is_public:
        raise ValueError("a contract is not public before it is signed")
    supplier = contract.supplier
    return PublicContract(
        code=contract.code,
        number=contract.number,
        title=contract.title,
        object=contract.object,
        state=contract.state,
        state_title=contract.state_title,
        ocds_status=CONTRACT.ocds(contract.state),
        award_code=contract.award.code if contract.award else "",
        tender_code=contract.tender.code,
        ocid=contract.file,
        buyer_name=contract.buyer.name,
        buyer_code=contract.buyer.code,
        supplier_name=supplier.name,
        supplier_nit=supplier.nit,
        supplier_code=supplier.code,
        value=contract.value,
        signed_at=contract.signed_at,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        completed_on=contract.completed_on,
        budget_certificate=contract.budget_certificate,
        budget_commitment=contract.budget_commitment,
        has_settlement=contract.has_settlement,
        supervisor=contract.supervisor.full_name if contract.supervisor else "",
        document=contract.document,
        lines=[_line(line) for line in contract.lines.all()],
        guarantees=[_guarantee(one) for one in contract.guarantees.all() if one.state == "approved"],
    )


def _line(line: Any) -> PublicLine:
    return PublicLine(
        number=line.number,
        unspsc=line.unspsc,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price_amount,
        total=line.total_amount,
    )


def _guarantee(guarantee: Guarantee) -> PublicGuarantee:
    return PublicGuarantee(
        cover=guarantee.cover,
        title=guarantee.get_cover_display(),
        policy_number=guarantee.policy_number,
        insurer=guarantee.insurer,
        amount=guarantee.amount,
        starts_on=guarantee.starts_on,
        ends_on=guarantee.ends_on,
    )


# ---- modifications ---------------------------------------------------------------------------------------------------


def changes_in(modification: Modification) -> list[Compared]:
    """What it changes, in the order of the contract."""
    kept = modification.changes
    return [
        Compared(name, title, changes.value_of(name, kept[name]["old"]), changes.value_of(name, kept[name]["new"]))
        for name, title in changes.FIELDS.items()
        if name in kept
    ]


def modifications_of(actor: Actor, contract: Contract) -> list[Modification]:
    """Those of a contract that this person may see, in order."""
    rows = Modification.objects.visible_to(actor).filter(contract=contract).exclude(state="discarded")
    return list(rows.select_related("document", "party", "given_by").order_by("number"))


# fmt: off
MODIFICATION_TURNS = (
    # state       act                      verb and object                      why it is this person's turn
    ("sent",     ModificationAct.ACCEPT,  _("Accept or reject a modification"), _("The entity sent it to you.")),
    ("sent",     ModificationAct.TAKE_OVER, _("Take a contract over, or reject it"), _("The entity sent it to you.")),
    ("rejected", ModificationAct.REWORK,  _("Change a modification"),           _("The supplier rejected it.")),
    ("accepted", ModificationAct.PUBLISH, _("Publish a modification"),          _("The supplier accepted it.")),
)
# fmt: on


def _modification_tasks(actor: Actor) -> list[Task]:
    waiting = Modification.objects.visible_to(actor).filter(state__in=[turn[0] for turn in MODIFICATION_TURNS])
    own = Q(contract__buyer_id=actor.account_id) | Q(contract__supplier_id=actor.account_id)
    waiting = waiting.filter(own | Q(party_id=actor.account_id))
    return [
        Task(title, modification_url(one), f"{one.code} {one.contract.title}", reason)
        for one in waiting.select_related("contract").order_by("id")
        for state, act, title, reason in MODIFICATION_TURNS
        if one.state == state and MODIFICATION_POLICY.verdict(actor, act, one)
    ]


def modification_url(modification: Modification) -> str:
    return reverse("contracts:modification", args=[modification.contract.code, modification.number])


# ---- turns -----------------------------------------------------------------------------------------------------------

# fmt: off
TURNS = (
    # state       act              verb and object                         why it is this person's turn
    ("draft",    Act.SEND,    _("Prepare the contract and send it"),  _("The award is made: the contract waits.")),
    ("sent",     Act.ACCEPT,  _("Accept or reject the contract"),     _("The entity sent it to you.")),
    ("rejected", Act.REWORK,  _("Change the contract"),               _("The supplier rejected it.")),
    ("accepted", Act.SIGN,    _("Sign the contract"),                 _("The supplier accepted it.")),
    ("signed",   Act.START,   _("Start the contract"),                _("It is signed and has not started.")),
)
# Of the entity: whose turn it may be at each state (policy.py).
TURNS_OF = {"preparer": ("draft", "rejected"), "approver": ("draft", "rejected", "accepted", "signed")}
MOST_TASKS = 100
RECORD_TURNS = (
    # record     act               what to do                         why
    ("drawn",    Act.SIGN_START,   _("Sign the record of the start"), _("It is drawn and names you as supervisor.")),
    ("signed",   Act.ACCEPT_START, _("Sign the record of the start"), _("The supervisor signed it.")),
)
# fmt: on


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Contracts that wait for this person, and guarantees to decide."""
    if not actor.signed_in or actor.account_id is None:
        return []
    mine = _waiting_for(actor).select_related("tender").prefetch_related("start_records")
    tasks = []
    for contract in mine.order_by("id")[:MOST_TASKS]:
        for state, act, title, reason in (*TURNS, *_record_turns(contract)):
            if contract.state == state and POLICY.verdict(actor, act, contract):
                due = contract.tender.due_at("contract_signed") if state in {"draft", "sent", "accepted"} else None
                tasks.append(Task(title, url_of(contract), f"{contract.code} {contract.title}", reason, due))
    parts = (_guarantee_tasks, _renewals, _modification_tasks, _resumptions)
    return [*tasks, *(task for part in parts for task in part(actor))]


def _waiting_for(actor: Actor) -> QuerySet[Contract]:
    """Those whose turn may be of a person with these roles: what is not theirs is not even read."""
    states = [state for role, states in TURNS_OF.items() if role in actor.roles for state in states]
    records = StartRecord.objects.filter(state__in=STANDING_RECORDS).values("contract")
    own = Q(buyer_id=actor.account_id) | Q(supplier_id=actor.account_id)
    mine = Q(buyer_id=actor.account_id, state__in=states) | Q(supplier_id=actor.account_id, state="sent")
    return Contract.objects.filter(mine | own & Q(state="signed", pk__in=records))


def _record_turns(contract: Contract) -> list[tuple[str, Act, Text, Text]]:
    """Whose turn it is with the record of the start, where one stands or the contract asks for one."""
    row = next((one for one in contract.start_records.all() if one.state in STANDING_RECORDS), None)
    return [("signed", act, title, why) for state, act, title, why in RECORD_TURNS if row and state == row.state]


def _renewals(actor: Actor) -> list[Task]:
    """Guarantees of the contractor that end soon, of which both parties were told, and those that fall short since the
    contract was modified."""
    approved = Guarantee.objects.filter(state="approved", contract__supplier_id=actor.account_id)
    approved = approved.filter(Q(alerted__isnull=False) | ~Q(contract__happened=[]), contract__state__in=ALIVE)
    found = approved.select_related("contract").prefetch_related("contract__parts__saved_by", "contract__versions")
    return [
        Task(
            _("Send a guarantee to take the place of one that ends"),
            url_of(guarantee.contract),
            f"{guarantee.contract.code} {guarantee.get_cover_display()}",
            _("The contract was modified, and it does not cover it any more.")
            if guarantee.alerted is None
            else format_lazy(_("It ends on {day}."), day=shown_day(guarantee.ends_on)),
        )
        for guarantee in found.order_by("ends_on", "id")
        if (guarantee.alerted is not None or rules.falls_short(guarantee.contract, guarantee))
        and POLICY.verdict(actor, Act.SUBMIT_GUARANTEE, guarantee.contract)
    ]


def _resumptions(actor: Actor) -> list[Task]:
    """Suspended contracts of the entity of which both parties were told that they should resume."""
    due = Contract.objects.filter(
        buyer_id=actor.account_id, suspended_on__isnull=False, resumption_told=F("resumes_on")
    )
    return [
        Task(
            _("Resume a contract, or make its suspension longer"),
            url_of(contract),
            f"{contract.code} {contract.title}",
            format_lazy(_("It was planned to resume on {day}."), day=shown_day(contract.resumes_on)),
        )
        for contract in due.order_by("resumes_on", "id")
        if contract.resumes_on and POLICY.verdict(actor, Act.MODIFY, contract)
    ]


def _guarantee_tasks(actor: Actor) -> list[Task]:
    waiting = Guarantee.objects.filter(state="submitted", contract__buyer_id=actor.account_id)
    reason = _("The contractor sent it and waits for your decision.")
    return [
        Task(
            _("Approve or reject a guarantee"),
            url_of(guarantee.contract),
            f"{guarantee.contract.code} {guarantee.get_cover_display()}",
            reason,
        )
        for guarantee in waiting.select_related("contract").order_by("id")
        if POLICY.verdict(actor, Act.DECIDE_GUARANTEE, guarantee.contract)
    ]


def url_of(contract: Contract) -> str:
    """The page of the whole contract, which the room that knows its payments shows."""
    return reverse("execution:contract", args=[contract.code])


# fmt: off
HOLDERS = {
    "draft":     _("The entity prepares it"),
    "sent":      _("The supplier must accept or reject it"),
    "rejected":  _("The entity must change it"),
    "accepted":  _("The authorising officer must sign it"),
    "signed":    _("The entity must start it, with the guarantees approved"),
    "running":   _("The contractor performs it and the supervisor follows it"),
    "completed": _("The parties must settle it or close its file"),
    "settled":   _("The entity must close its file"),
    "closed":    _("Nobody: its file is closed"),
}
# fmt: on


def holder_of(contract: Contract) -> Text:
    """Who has the contract now."""
    return HOLDERS[contract.state]
