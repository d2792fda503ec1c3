"""What makes a plural bidder (Ley 80 de 1993, art. 7). Rules of the tables: (group or member, at) → objections."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection
from pliego.parties import kinds

if TYPE_CHECKING:
    from pliego.consortia.models import Group, Member

WHOLE = Decimal(100)
LAW = "Ley 80 de 1993, art. 7"
FEWEST = 2
INVITATION = timedelta(days=15)
# Whose extent of participation the members must write down: sanctions fall by it (Ley 80 de 1993, art. 7 num. 7).
STATES_ACTIVITIES = {kinds.TEMPORARY_UNION}


def terms_are_incomplete(group: "Group", at: datetime) -> Iterator[Objection]:
    """Everything that stands between a draft and asking its members."""
    members = list(group.members.all())
    yield from shares_do_not_add_up([member.share for member in members])
    if group.promoter_id not in {member.supplier_id for member in members}:
        yield Objection("promoter_missing", _("Your own account must be one of the members."), "members", LAW)
    if group.document_id is None:
        sentence = _("Attach the document that constitutes it, with the rules between its members.")
        yield Objection("document_missing", sentence, "document", LAW)
    for member in members:
        if group.kind in STATES_ACTIVITIES and not member.activities.strip():
            sentence = _("In a temporary union each member says what it does: write the activities of %(name)s.")
            yield Objection("activities_missing", sentence % {"name": member.supplier.name}, "activities", LAW)
        if member.supplier.state != "active":
            idle = _("%(name)s is not active as a supplier.") % {"name": member.supplier.name}
            yield Objection("member_not_active", idle, "members")


def shares_do_not_add_up(shares: list[Decimal]) -> Iterator[Objection]:
    if len(shares) < FEWEST:
        yield Objection("too_few_members", _("A plural bidder has at least two members."), "members", LAW)
    elif (total := sum(shares, Decimal(0))) != WHOLE:
        sentence = _("The shares add up to %(total)s %%: they must add up to exactly 100 %%.")
        yield Objection("shares_not_100", sentence % {"total": written(total)}, "share", LAW)


def written(share: Decimal) -> str:
    """A share as people write it: 33,333334 · 50."""
    text = f"{share:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def somebody_is_missing(group: "Group", at: datetime) -> Iterator[Objection]:
    if any(member.state != "accepted" for member in group.members.all()):
        yield Objection("members_missing", _("Not every member has accepted yet."))


def invitation_is_over(member: "Member", at: datetime) -> Iterator[Objection]:
    if member.group.is_over(at):
        yield Objection("invitation_over", _("The invitation expired. Ask whoever made it to send it again."))


def invitation_still_runs(group: "Group", at: datetime) -> Any:
    return None if group.is_over(at) else Objection("invitation_runs", _("The invitation has not expired yet."))
