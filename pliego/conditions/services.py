"""What suppliers ask of the conditions of a process."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.conditions import mipyme
from pliego.conditions.events import LimitationRequested
from pliego.conditions.models import LimitationRequest
from pliego.conditions.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering.models import Tender


@transaction.atomic
def request_limitation(*, actor: Actor, tender_id: int, scope: str, declares: bool, at: datetime) -> LimitationRequest:
    """Ask in time that only Mipymes may offer. With enough requests the entity must declare it."""
    tender = Tender.objects.select_for_update().visible_to(actor).filter(pk=tender_id).first()
    if tender is None:
        raise Unknown()
    POLICY.require(actor, Act.ASK_LIMITATION, tender)
    account = Account.objects.get(pk=actor.account_id or 0)
    again = tender.limitation_requests.filter(supplier=account).exists()
    refuse_if_any(
        mipyme.requests_are_over(tender, at),
        Objection("already_done", _("Your account has already asked for it.")) if again else None,
        mipyme.is_no_mipyme(account.size, declares),
        None if scope in dict(mipyme.SCOPES) else Objection("missing", _("Choose one of the list."), "scope"),
    )
    made = LimitationRequest.objects.create(
        tender=tender,
        number=tender.limitation_requests.count() + 1,
        supplier=account,
        scope=scope,
        size=account.size,
        asked_by_id=actor.user_id or 0,
        asked_at=at,
    )
    data = {"code": tender.code, "title": tender.title, "number": made.number, "scope": scope}
    data |= {"supplier": actor.account_name, "supplier_code": actor.account_code}
    event = LimitationRequested(file=tender.ocid, subject_id=tender.pk, data=data)
    made.receipt = outbox.publish(event, actor=actor, at=at)
    return made
