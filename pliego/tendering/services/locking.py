"""How every act of this room begins: the row is locked, and the policy is asked."""

from contextvars import ContextVar

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act


def person(actor: Actor) -> int:
    """The id of whoever acts. The policy has already refused those who have not signed in."""
    assert actor.user_id is not None
    return actor.user_id


def locked(tender_id: int) -> Tender:
    """The tender, held by this transaction until it ends."""
    rows = Tender.objects.select_for_update(of=("self",)).select_related("buyer__organization", "team")
    if (found := rows.filter(pk=tender_id).first()) is None:
        raise Unknown()
    return found


def opened_for(act: Act, *, actor: Actor, tender_id: int) -> Tender:
    """The locked tender, when the actor may do this to it now."""
    tender = locked(tender_id)
    POLICY.require(actor, act, tender)
    return tender


# The public process whose tables hold, for the length of a savepoint, what its amendment in preparation says.
AMENDED: ContextVar[int | None] = ContextVar("amended", default=None)


def edited(actor: Actor, tender_id: int, section: Act) -> Tender:
    """The locked draft, when the actor may edit that section; they are written down as one of its authors, and
    authors never approve it. Inside `editing.amended`, the public process as its amendment leaves it.
    """
    if AMENDED.get() == tender_id:
        return opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender_id)
    tender = opened_for(section, actor=actor, tender_id=tender_id)
    if actor.user_id is not None and actor.user_id not in tender.authors:
        tender.authors = [*tender.authors, actor.user_id]
        tender.save(update_fields=["authors"])
    return tender
