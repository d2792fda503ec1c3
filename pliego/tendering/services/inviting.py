"""Who opens the offers, and who is invited: in the draft, and while the process receives offers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering import joining, reinforcing, rules
from pliego.tendering.events import SupplierInvited, SuppliersAdmitted, SuppliersTold
from pliego.tendering.models import Invitation, OpeningMember, Tender
from pliego.tendering.policy import POLICY, Act, act_of_inviting
from pliego.tendering.queries import people_who_may_open
from pliego.tendering.services.editing import note_saved, unless_changed
from pliego.tendering.services.locking import edited, locked, person

MOST_AT_ONCE = 50


@transaction.atomic
def choose_opening_members(
    *,
    actor: Actor,
    tender_id: int,
    threshold: int,
    members: Sequence[tuple[int, str]],
    reinforced: bool = False,
    reinforced_reason: str = "",
    at: datetime,
    seen: str = "",
) -> Tender:
    """Fix who holds a share of the opening and in which capacity, how many are needed, and whether it is reinforced."""
    tender = edited(actor, tender_id, Act.EDIT_OPENING)
    unless_changed(tender, "opening", seen)
    allowed = {person.user_id for person in people_who_may_open(tender)}
    refuse_if_any(
        rules.members_are_wrong(threshold, members, allowed), reinforcing.no_reason(reinforced, reinforced_reason)
    )
    tender.opening_members.all().delete()
    OpeningMember.objects.bulk_create(
        OpeningMember(tender=tender, number=number, user_id=user_id, capacity=capacity)
        for number, (user_id, capacity) in enumerate(members, 1)
    )
    tender.opening_threshold, tender.is_reinforced = threshold, reinforced
    tender.reinforced_reason = reinforced_reason.strip()
    tender.save(update_fields=["opening_threshold", "is_reinforced", "reinforced_reason"])
    note_saved(actor=actor, tender=tender, part="opening", at=at)
    return tender


@transaction.atomic
def invite_supplier(*, actor: Actor, tender_id: int, supplier_code: str, at: datetime) -> Invitation:
    """Invite a supplier by name, where the method lets the entity do it."""
    invited = _invite(actor, tender_id, [supplier_code], at, field="supplier")
    return invited[0]


@transaction.atomic
def invite_suppliers(*, actor: Actor, tender_id: int, supplier_codes: Sequence[str], at: datetime) -> list[Invitation]:
    """Invite several suppliers at once, in the draft or while the process receives offers: all of them, or none and
    what stands against each. Nobody is un-invited once the process is public."""
    return _invite(actor, tender_id, list(dict.fromkeys(supplier_codes)), at, field="suppliers")


def _invite(actor: Actor, tender_id: int, codes: list[str], at: datetime, *, field: str) -> list[Invitation]:
    tender = locked(tender_id)
    act = act_of_inviting(tender)
    if tender.is_public:
        POLICY.require(actor, act, tender)
    else:
        edited(actor, tender_id, act)
    if not tender.rulebook.flags.invites:
        raise Refused(Objection("no_invitations", _("This method does not invite suppliers by name."), field))
    if tender.is_public:
        refuse_if_any(joining.invitation_is_late(tender, at, field))
    suppliers = _chosen(tender, codes, field)
    told = {"tender": tender, "invited_by_id": person(actor), "invited_at": at}
    made = [Invitation.objects.create(supplier=supplier, **told) for supplier in suppliers]
    receipts = [outbox.publish(event, actor=actor, at=at) for event in _events(tender, act, suppliers)]
    for invitation in made if tender.is_public else ():
        invitation.receipt = receipts[0]
    return made


def _chosen(tender: Tender, codes: list[str], field: str) -> list[Account]:
    """The suppliers of those codes, all of whom may be invited; or refused with what stands against each."""
    if not 1 <= len(codes) <= MOST_AT_ONCE:
        sentence = _("Choose at least one supplier, and at most %(most)s at once.") % {"most": MOST_AT_ONCE}
        raise Refused(Objection("nobody_chosen", sentence, field))
    known = Account.objects.select_related("organization").filter(is_supplier=True, state__in=("active", "suspended"))
    suppliers = {one.code: one for one in known.filter(code__in=codes).exclude(pk=tender.buyer_id)}
    invited = set(tender.invitations.filter(supplier__code__in=codes).values_list("supplier__code", flat=True))
    refuse_if_any(*(_stands_against(code, suppliers.get(code), invited, field) for code in codes))
    return [suppliers[code] for code in codes]


def _events(tender: Tender, act: Act, suppliers: list[Account]) -> list[Event]:
    """In a draft each by itself, to nobody yet; in a public process one act for all of them, at the same time."""
    about: dict[str, Any] = {"file": tender.ocid, "subject_id": tender.pk}
    named = [{"supplier": supplier.name, "supplier_code": supplier.code} for supplier in suppliers]
    if act is Act.EDIT_INVITATION:
        return [SupplierInvited(**about, data={"code": tender.code, **one}) for one in named]
    made = SuppliersAdmitted if act is Act.ADMIT_SUPPLIERS else SuppliersTold
    return [made(**about, data={"code": tender.code, "title": tender.title, "suppliers": named})]


def _stands_against(code: str, supplier: Account | None, invited: set[str], field: str) -> Objection | None:
    if supplier is None:
        sentence = _("There is no active supplier with the code “%(code)s”.") % {"code": code}
        return Objection("unknown_supplier", sentence, field)
    named = {"name": supplier.name}
    if code in invited:
        return Objection("already_done", _("%(name)s is already invited: take it out of the list.") % named, field)
    if supplier.state == "suspended":
        sentence = _("%(name)s is suspended and cannot be invited: take it out of the list.") % named
        return Objection("suspended_supplier", sentence, field)
    return None


@transaction.atomic
def withdraw_invitation(*, actor: Actor, tender_id: int, supplier_code: str, at: datetime) -> Tender:
    """Take an invitation out of the draft."""
    tender = edited(actor, tender_id, Act.EDIT_INVITATION)
    tender.invitations.filter(supplier__code=supplier_code).delete()
    return tender
