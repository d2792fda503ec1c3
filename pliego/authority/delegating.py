"""Delegations: granted by whoever holds the roles, with the act on file, and revoked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.authority import events, rules
from pliego.authority.configuring import places_called
from pliego.authority.models import Delegation
from pliego.authority.policy import DELEGATION_POLICY, POLICY, Act, DelegationAct
from pliego.authority.rules import DelegationData
from pliego.authority.states import DELEGATION
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.parties.models import Account, Membership
from pliego.parties.rules import BINDING_ROLES
from pliego.web.fields import Upload


@transaction.atomic
def grant_delegation(*, actor: Actor, data: DelegationData, document: Upload, at: datetime) -> Delegation:
    """Entrust one's own roles, or some of their acts, to another person of the account until a date."""
    account = Account.objects.select_related("organization").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor, Act.DELEGATE, account)
    refuse_if_any(rules.delegation_is_wrong(data, actor.roles, at))
    grantor = Membership.objects.select_related("user").get(
        account=account, user_id=actor.user_id or 0, state="accepted"
    )
    delegate = places_called(account, [data.delegate], "delegate")[0]
    refuse_if_any(_is_oneself(grantor, delegate), _cannot_sign(data, delegate))
    told: dict[str, Any] = {"kind": "delegation_act", "file": account.file, "audience": "account", "field": "document"}
    act = documents.take(actor=actor, value=document, at=at, **told)
    delegation = Delegation.objects.create(
        code=next_public_id("delegation"), account=account, grantor=grantor, delegate=delegate, roles=list(data.roles),
        kinds=list(data.kinds), limit_amount=data.limit, starts_at=data.starts_at, ends_at=data.ends_at, document=act,
        note=" ".join(data.note.split())[:500], granted_at=at,
    )  # fmt: skip
    said = {
        "delegation": delegation.code, "from": grantor.user.code, "person": delegate.user.code,
        "roles": sorted(delegation.roles), "kinds": sorted(delegation.kinds),
        "limit": str(data.limit) if data.limit is not None else "",
        "starts_at": instant(data.starts_at), "ends_at": instant(data.ends_at),
        "tell": [delegate.user.code], "grantor": grantor.user.full_name,
    }  # fmt: skip
    event = events.DelegationGranted(file=account.file, subject_id=delegation.pk, data=said, documents=(act.sha256,))
    delegation.receipt = outbox.publish(event, actor=actor, at=at)
    return delegation


def _is_oneself(grantor: Membership, delegate: Membership) -> Objection | None:
    if grantor.pk != delegate.pk:
        return None
    return Objection("delegates_to_oneself", _("Choose another person."), "delegate")


def _cannot_sign(data: DelegationData, delegate: Membership) -> Objection | None:
    if not BINDING_ROLES.intersection(data.roles) or factors.has_second_factor(delegate.user):
        return None
    sentence = _("%(name)s needs a second factor first: these roles sign acts that bind the account.")
    return Objection("second_factor_missing", sentence % {"name": delegate.user.full_name}, "delegate")


@transaction.atomic
def revoke_delegation(*, actor: Actor, delegation_id: int, at: datetime, reason: str = "") -> Delegation:
    """End it now. The next request of the delegate is only in their own name."""
    rows = Delegation.objects.select_for_update(of=("self",)).select_related(
        "account", "grantor__user", "delegate__user"
    )
    delegation = rows.filter(pk=delegation_id).first()
    if delegation is None:
        raise Unknown()
    DELEGATION_POLICY.require(actor, DelegationAct.REVOKE, delegation)
    DELEGATION.fire(delegation, "revoke", at=at)
    delegation.revoked_at, delegation.revoked_by_id = at, actor.user_id
    delegation.save(update_fields=["state", "revoked_at", "revoked_by"])
    said = {
        "delegation": delegation.code, "from": delegation.grantor.user.code, "person": delegation.delegate.user.code,
        "reason": " ".join(reason.split())[:500], "tell": [delegation.delegate.user.code],
        "grantor": delegation.grantor.user.full_name,
    }  # fmt: skip
    event = events.DelegationRevoked(file=delegation.account.file, subject_id=delegation.pk, data=said)
    delegation.receipt = outbox.publish(event, actor=actor, at=at)
    return delegation
