"""Whom a process may invite, found in the directory, and how far those invited are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pliego.bidding.models import Bid
from pliego.directory.asking import Asked, ask
from pliego.directory.rules import level_of
from pliego.kernel.actors import Actor
from pliego.kernel.objections import gather
from pliego.ledger.models import Entry
from pliego.notifications.audiences import INVITED, NOW_INVITED
from pliego.notifications.models import Notice
from pliego.parties.models import Account, Membership
from pliego.tendering import joining
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, act_of_inviting

CLASS = 6  # digits of a UNSPSC class
MOST_PROCESSES = 50
# Who is told of which act that they are invited.
TOLD = {"tender.published": INVITED, "tender.suppliers_told": NOW_INVITED, "tender.suppliers_admitted": NOW_INVITED}


def classes_of(tender: Tender) -> list[str]:
    """The UNSPSC classes of what the process buys, the main one first."""
    codes = [code for code in (tender.unspsc_main, *tender.unspsc_additional) if code]
    return list(dict.fromkeys(level_of(code[:CLASS]) for code in codes))


def asked_for(tender: Tender, parameters: Mapping[str, str]) -> Asked:
    """The question of the directory, of suppliers only; before anything is asked, whoever sells what is bought."""
    proposed = {} if parameters or not (found := classes_of(tender)) else {"unspsc": found[0]}
    return ask({**proposed, **parameters, "quienes": "supplier"})


@dataclass(frozen=True)
class Invited:
    supplier: Account
    invited_at: datetime
    invited_by: str
    state: str  # "invited", "seen" or, once the offers are opened, "offered"


def invited_to(tender: Tender) -> list[Invited]:
    """Who was invited, and whether somebody of theirs read the notice. Nobody knows of an offer before the opening."""
    rows = list(tender.invitations.select_related("supplier__organization", "invited_by").order_by("invited_at", "pk"))
    told = Entry.objects.filter(file=tender.ocid, act__in=TOLD).values_list("pk", "act")
    sources = [f"{entry}/{TOLD[act].name}" for entry, act in told]
    readers = Notice.objects.filter(source__in=sources, read_at__isnull=False).values("user_id")
    places = Membership.objects.filter(account__in=[row.supplier_id for row in rows], user_id__in=readers)
    seen = set(places.values_list("account_id", flat=True)) if sources else set()
    opened = Bid.objects.filter(tender=tender, opened_at__isnull=False)
    offered = set(opened.values_list("supplier_id", flat=True))
    return [
        Invited(row.supplier, row.invited_at, row.invited_by.full_name, _state(row.supplier_id, seen, offered))
        for row in rows
    ]


def _state(supplier_id: int, seen: set[int], offered: set[int]) -> str:
    return "offered" if supplier_id in offered else "seen" if supplier_id in seen else "invited"


def processes_that_invite(actor: Actor, at: datetime) -> list[Tender]:
    """The processes of their entity to which this person may add somebody by name now."""
    states = ("draft", "returned", "published")
    mine = Tender.objects.visible_to(actor).filter(buyer_id=actor.account_id or 0, state__in=states)
    related = mine.select_related("buyer__organization", "team").prefetch_related("milestones")
    return [one for one in related.order_by("-pk")[:MOST_PROCESSES] if may_invite(actor, one, at)]


def may_invite(actor: Actor, tender: Tender, at: datetime) -> bool:
    return (
        tender.rulebook.flags.invites
        and bool(POLICY.verdict(actor, act_of_inviting(tender), tender))
        and not (tender.is_public and gather(joining.invitation_is_late(tender, at)))
    )


def described(invited: Invited) -> dict[str, Any]:
    supplier = invited.supplier
    return {"code": supplier.code, "name": supplier.name, "invited_at": invited.invited_at,
            "invited_by": invited.invited_by, "state": invited.state}  # fmt: skip
