"""Who is behind an offer: the account that presents it and, of a plural bidder, its members.

Nobody takes part in two offers of one process, alone or as a member (Ley 80 de 1993, art. 8, num. 1, lit. h [GK]).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from pliego.bidding.models import Bid
from pliego.consortia.models import Member
from pliego.kernel.objections import Objection
from pliego.parties.models import Account


def behind(account_id: int | None) -> set[int]:
    """The account and its members: nobody else may come in with any of them."""
    if account_id is None:
        return set()
    members = Member.objects.filter(group__account_id=account_id, state="accepted")
    return {account_id, *members.values_list("supplier_id", flat=True)}


def is_in_another_offer(tender: Any, account_id: int) -> Iterator[Objection]:
    """It names who is in two offers, and says nothing else of the other one."""
    people = behind(account_id)
    own = Bid.objects.filter(tender=tender, state="submitted").exclude(supplier_id=account_id)
    there = Q(supplier_id__in=people) | Q(
        supplier__group__members__supplier_id__in=people, supplier__group__members__state="accepted"
    )
    others = set(own.filter(there).values_list("supplier_id", flat=True))
    twice = people & set().union(*(behind(other) for other in others))
    for account in Account.objects.filter(pk__in=twice).select_related("organization").order_by("pk"):
        sentence = _(
            "%(name)s takes part in another offer of this process. Withdraw that one, or present this one without."
        )
        yield Objection("in_two_offers", sentence % {"name": account.name}, "manifest", "Ley 80 de 1993, art. 8")
