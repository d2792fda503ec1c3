"""The chain of payments of an entity: written as an act, version after version; and who may do each step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.authority.configuring import configured, places_called
from pliego.authority.models import Group
from pliego.execution import events
from pliego.execution.chain import UNDO_MINUTES, StepData, chain_objections
from pliego.execution.models import ChainStep, ChainSupport, Invoice, PaymentChain
from pliego.execution.supports import SupportData, asked_of, support_objections
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account, Membership


def in_force(account_id: int) -> PaymentChain | None:
    """The chain by which a request sent now goes; none is the default one."""
    return PaymentChain.objects.filter(account_id=account_id, is_active=True).first()


def supports_asked(contract: Any) -> list[ChainSupport]:
    """The documents that a request of that contract brings if it is sent now."""
    chain = in_force(contract.buyer_id)
    return asked_of(list(chain.supports.all()), contract.contract_type) if chain else []


@transaction.atomic
def set_chain(
    *, actor: Actor, steps: Sequence[StepData], at: datetime, undo_minutes: int = UNDO_MINUTES,
    supports: Sequence[SupportData] = (),
) -> PaymentChain:  # fmt: skip
    """Write the steps by which requests go from now on, and what each brings. Those on their way keep their chain."""
    account = _configured(actor)
    refuse_if_any(chain_objections(steps, undo_minutes), support_objections(supports))
    places = {p.user.code: p for p in places_called(account, [s.person for s in steps if s.person], "who_1")}
    groups = {g.code: g for g in Group.objects.filter(account=account, is_active=True)}
    if missing := [number for number, s in enumerate(steps, 1) if s.group and s.group not in groups]:
        raise Refused(Objection("group_unknown", _("Choose a group of the list."), f"who_{missing[0]}"))
    before = PaymentChain.objects.filter(account=account)
    version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    before.filter(is_active=True).update(is_active=False)
    chain = PaymentChain.objects.create(
        account=account, version=version, undo_minutes=undo_minutes, created_by_id=actor.user_id or 0, created_at=at
    )
    rows = [
        ChainStep(
            chain=chain, number=number, name=" ".join(s.name.split())[:100], role=s.role, place=places.get(s.person),
            group=groups.get(s.group), term_days=s.term_days, checks=" ".join(s.checks.split())[:500],
            second_above=s.second_above, is_payment=number == len(steps),
        )
        for number, s in enumerate(steps, start=1)
    ]  # fmt: skip
    ChainStep.objects.bulk_create(rows)
    _ask_for(chain, supports)
    _announce(chain, rows, steps, actor, at, supports=[vars(support) for support in supports])
    return chain


def _ask_for(chain: PaymentChain, supports: Sequence[SupportData]) -> None:
    ChainSupport.objects.bulk_create(
        ChainSupport(
            chain=chain, number=number, title=" ".join(support.title.split())[:200],
            contract_type=support.contract_type, is_required=support.is_required,
        )
        for number, support in enumerate(supports, start=1)
    )  # fmt: skip


@transaction.atomic
def end_chain(*, actor: Actor, at: datetime) -> PaymentChain:
    """Requests sent from now on go by the default chain again: supervisor and treasurer."""
    account = _configured(actor)
    chain = in_force(account.pk)
    if chain is None:
        raise Refused(Objection("no_chain", _("Your entity already has the usual chain.")))
    chain.is_active = False
    chain.save(update_fields=["is_active"])
    _announce(chain, [], [], actor, at)
    return chain


def _configured(actor: Actor) -> Account:
    """The entity, locked, for whoever configures it; what only sells pays nobody here."""
    account = configured(actor)
    if not account.is_buyer:
        raise Unknown()
    return account


def _announce(
    chain: PaymentChain, rows: Sequence[ChainStep], steps: Sequence[StepData], actor: Actor, at: datetime, **more: Any
) -> None:
    told: list[dict[str, Any]] = [
        {
            "name": row.name, "role": typed.role, "person": typed.person, "group": typed.group,
            "term_days": row.term_days, "checks": row.checks,
            "second_above": "" if row.second_above is None else str(row.second_above),
        }
        for row, typed in zip(rows, steps, strict=True)
    ]  # fmt: skip
    data = {
        "account": chain.account.code, "version": chain.version, "undo_minutes": chain.undo_minutes,
        "is_active": chain.is_active, "steps": told, **more,
    }  # fmt: skip
    event = events.PaymentChainSet(file=chain.account.file, subject_id=chain.pk, data=data)
    chain.receipt = outbox.publish(event, actor=actor, at=at)


def people_of(invoice: Invoice) -> list[str]:
    """The codes of those who may do the step at which the invoice is: who is told that it is their turn."""
    step, contract = invoice.here, invoice.contract
    if step is None:
        return []
    if step.role == "supervisor":
        return [contract.supervisor.code] if contract.supervisor else []
    places = Membership.objects.accepted().filter(account_id=contract.buyer_id)
    if step.role:
        places = places.filter(pk__in=Membership.objects.holding(step.role))
    elif step.place is not None:
        places = places.filter(pk=step.place.pk)
    else:
        places = places.filter(in_groups__group=step.group, in_groups__group__is_active=True)
    return list(places.order_by("pk").values_list("user__code", flat=True))
