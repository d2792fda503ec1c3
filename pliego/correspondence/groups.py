"""To whom the entity may write, as a table: each group, what stands against writing to it now, and who is in it.

Before the closing record is public nobody may learn who presented an offer, nor whether anybody did: the group of
bidders does not exist until then, and of those interested neither names nor numbers are told.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.bidding.models import Bid, Closing, SealedDraft
from pliego.correspondence.models import Case
from pliego.enquiries.models import Enquiry
from pliego.kernel.objections import Objection, Text
from pliego.tendering.models import Tender

Rule = Callable[[Tender], Objection | None]
Reach = Callable[[Tender], Q]
OPEN = ("opened", "unopenable")


@dataclass(frozen=True)
class Group:
    code: str
    title: Text
    help: Text
    refuse: Rule
    reach: Reach


def known(tender: Tender) -> Q:
    """Accounts of which everybody, or the entity itself, knows that they take part: the only ones ever named to it."""
    asked = Enquiry.objects.filter(tender=tender).exclude(account=tender.buyer_id)
    listed = Bid.objects.filter(tender=tender, state__in=OPEN)
    wrote = Case.objects.filter(tender=tender)
    return (
        Q(pk__in=tender.invitations.values("supplier"))
        | Q(pk__in=tender.interests.values("supplier"))
        | Q(pk__in=asked.values("account"))
        | Q(pk__in=wrote.values("account"))
        | Q(pk__in=listed.values("supplier"))
    )


def interested(tender: Tender) -> Q:
    """Those known, and in silence whoever prepares or has presented an offer."""
    presented = Bid.objects.filter(tender=tender).exclude(state="draft")
    preparing = SealedDraft.objects.filter(tender=tender)
    return known(tender) | Q(pk__in=presented.values("supplier")) | Q(pk__in=preparing.values("supplier"))


def invited(tender: Tender) -> Q:
    return Q(pk__in=tender.invitations.values("supplier"))


def bidders(tender: Tender) -> Q:
    return Q(pk__in=Bid.objects.standing().filter(tender=tender).values("supplier"))


def nothing(tender: Tender) -> None:
    """A group that can always be written to: refusing for want of members would tell that there are none."""


def nobody_was_invited(tender: Tender) -> Objection | None:
    if tender.invitations.exists():
        return None
    return Objection("nobody_invited", _("Nobody was invited to this process by name."), "group")


def bidders_are_secret(tender: Tender) -> Objection | None:
    if not Closing.objects.filter(tender=tender).exists():
        sentence = _(
            "Until the closing record is public nobody knows who presented an offer, nor whether anybody did. Write to"
            " everybody interested: those who prepare or have presented an offer are among them."
        )
        return Objection("bidders_are_secret", sentence, "group")
    if not Bid.objects.standing().filter(tender=tender).exists():
        return Objection("no_bidders", _("No offer was received in this process."), "group")
    return None


# fmt: off
GROUPS: dict[str, Group] = {group.code: group for group in (
    Group("public",     _("Everybody: a public message"),
          _("It stays on the public page for ever, and is sent to everybody interested."), nothing, interested),
    Group("interested", _("Everybody interested"),
          _("Invited, interested, who asked or wrote, and who prepares an offer. You are not told who they are."),
          nothing, interested),
    Group("invited",    _("The invited suppliers"), "", nobody_was_invited, invited),
    Group("bidders",    _("The bidders"), _("Only once the closing record is public."), bidders_are_secret, bidders),
    Group("supplier",   _("One supplier"), _("It opens a case, which the supplier can answer."), nothing, known),
)}
# fmt: on
TITLES: dict[str, Text] = {code: group.title for code, group in GROUPS.items()} | {"entity": _("The entity")}
