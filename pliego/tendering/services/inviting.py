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
    """Invite a supplier by name, where the method works by invitation."""
    tender = edited(actor, tender_id, Act.EDIT_INVITATION)
    if not tender.rulebook.flags.invitations:
        raise Refused(Objection("no_invitations", _("This method does not invite suppliers by name."), "supplier"))
    found = Account.objects.select_related("organization")
    supplier = found.filter(code=supplier_code, is_supplier=True, state="active").exclude(pk=tender.buyer_id).first()
    if supplier is None:
        raise Refused(Objection("unknown_supplier", _("There is no active supplier with that code."), "supplier"))
    if tender.invitations.filter(supplier=supplier).exists():
        raise Refused(Objection("already_done", _("This supplier is already invited."), "supplier"))
    invitation = Invitation.objects.create(tender=tender, supplier=supplier, invited_by_id=person(actor), invited_at=at)
    data = {"code": tender.code, "supplier": supplier.name, "supplier_code": supplier.code}
    outbox.publish(SupplierInvited(file=tender.ocid, subject_id=tender.pk, data=data), actor=actor, at=at)
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: Actor, tender_id: int, supplier_code: str, at: datetime) -> Tender:
    """Take an invitation out of the draft."""
    tender = edited(actor, tender_id, Act.EDIT_INVITATION)
    tender.invitations.filter(supplier__code=supplier_code).delete()
    return tender
