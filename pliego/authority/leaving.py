"""What a person leaves behind in an account when their access ends."""

from datetime import datetime

from django.db import transaction

from pliego.authority import events
from pliego.authority.configuring import refresh
from pliego.authority.models import Delegation, GroupPlace, Profile, UnitPlace
from pliego.authority.states import DELEGATION
from pliego.kernel.actors import SYSTEM
from pliego.ledger import outbox
from pliego.parties.models import Membership


@transaction.atomic
def clear_place(*, membership_id: int, at: datetime) -> None:
    """Take whoever left out of groups, units and profiles, and end the delegations that they gave or received.

    None of it was in force since their access ended; this keeps it from coming back with them.
    """
    place = Membership.objects.select_for_update(of=("self",)).select_related("account").get(pk=membership_id)
    if place.state == "accepted":
        return
    GroupPlace.objects.filter(place=place).delete()
    UnitPlace.objects.filter(place=place).delete()
    for profile in Profile.objects.filter(people=place):
        profile.people.remove(place)
    refresh(place.account)
    given, received = Delegation.objects.filter(grantor=place), Delegation.objects.filter(delegate=place)
    for delegation in (given | received).filter(state="granted").select_related("grantor__user", "delegate__user"):
        DELEGATION.fire(delegation, "revoke", at=at)
        delegation.revoked_at = at
        delegation.save(update_fields=["state", "revoked_at"])
        grantor, delegate = delegation.grantor.user, delegation.delegate.user
        data = {"delegation": delegation.code, "from": grantor.code, "person": delegate.code, "reason": ""}
        data |= {"grantor": grantor.full_name}
        event = events.DelegationRevoked(file=place.account.file, subject_id=delegation.pk, data={**data, "tell": []})
        outbox.publish(event, actor=SYSTEM, at=at)
