"""Building the pliego: who opens the offers, and who is invited."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering import rules
from pliego.tendering.events import SupplierInvited
from pliego.tendering.models import Invitation, OpeningMember, Tender
from pliego.tendering.policy import Act
from pliego.tendering.queries import people_who_may_open
from pliego.tendering.services.locking import edited, person

MOST_AT_ONCE = 50


@transaction.atomic
def choose_opening_members(
    *, actor: Actor, tender_id: int, threshold: int, members: Sequence[tuple[int, str]], at: datetime
) -> Tender:
    """Fix who holds a share of the opening, in which capacity, and how many of them are needed."""
    tender = edited(actor, tender_id, Act.EDIT_OPENING)
    allowed = {person.user_id for person in people_who_may_open(tender)}
    refuse_if_any(rules.members_are_wrong(threshold, members, allowed))
    tender.opening_members.all().delete()
    OpeningMember.objects.bulk_create(
        OpeningMember(tender=tender, number=number, user_id=user_id, capacity=capacity)
        for number, (user_id, capacity) in enumerate(members, 1)
    )
    tender.opening_threshold = threshold
    tender.save(update_fields=["opening_threshold"])
    return tender


@transaction.atomic
def invite_supplier(*, actor: Actor, tender_id: int, supplier_code: str, at: datetime) -> Invitation:
    """Invite a supplier by name, where the method lets the entity do it."""
    invited = _invite(actor, tender_id, [supplier_code], at, field="supplier")
    return invited[0]


@transaction.atomic
def invite_suppliers(*, actor: Actor, tender_id: int, supplier_codes: Sequence[str], at: datetime) -> list[Invitation]:
    """Invite several suppliers at once: all of them, or none and what stands against each."""
    return _invite(actor, tender_id, list(dict.fromkeys(supplier_codes)), at, field="suppliers")


def _invite(actor: Actor, tender_id: int, codes: list[str], at: datetime, *, field: str) -> list[Invitation]:
    tender = edited(actor, tender_id, Act.EDIT_INVITATION)
    if not tender.rulebook.flags.invites:
        raise Refused(Objection("no_invitations", _("This method does not invite suppliers by name."), field))
    if not 1 <= len(codes) <= MOST_AT_ONCE:
        sentence = _("Choose at least one supplier, and at most %(most)s at once.") % {"most": MOST_AT_ONCE}
        raise Refused(Objection("nobody_chosen", sentence, field))
    known = Account.objects.select_related("organization").filter(is_supplier=True, state__in=("active", "suspended"))
    suppliers = {one.code: one for one in known.filter(code__in=codes).exclude(pk=tender.buyer_id)}
    invited = set(tender.invitations.filter(supplier__code__in=codes).values_list("supplier__code", flat=True))
    refuse_if_any(*(_stands_against(code, suppliers.get(code), invited, field) for code in codes))
    made = []
    for supplier in (suppliers[code] for code in codes):
        made.append(
            Invitation.objects.create(tender=tender, supplier=supplier, invited_by_id=person(actor), invited_at=at)
        )
        data = {"code": tender.code, "supplier": supplier.name, "supplier_code": supplier.code}
        outbox.publish(SupplierInvited(file=tender.ocid, subject_id=tender.pk, data=data), actor=actor, at=at)
    return made


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
