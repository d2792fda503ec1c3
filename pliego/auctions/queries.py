"""Reading an auction: what everybody sees, what a bidder sees besides, and the drawing of the bids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from pliego.auctions import chart as drawing
from pliego.auctions import outcome, rules
from pliego.auctions.models import Auction, AuctionBid, Outside, Participant
from pliego.auctions.terms import Terms
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import Money, format_money, grouped
from pliego.kernel.todo import Task


def second(value: datetime) -> str:
    """An instant with its seconds, in Bogotá: bids come closer than a minute."""
    local = value.astimezone(BOGOTA)
    return f"{dates.day(local.date())}, {local:%H:%M:%S}"


def margin_told(terms: Terms) -> str:
    if terms.margin_kind == "percent":
        return _("%(percent)s %% of the best bid") % {"percent": grouped(terms.margin)}
    return format_money(Money(terms.margin, "COP"))


# ---- what is told of every bid ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A bid as everybody sees it. `supplier` is nothing until the minutes name everybody."""

    number: int
    alias: str
    amount: Decimal
    value: Decimal
    received_at: datetime
    ends_at: datetime
    supplier: str = ""

    @property
    def instant(self) -> str:
        return second(self.received_at)


def told_bids(auction: Auction, after: int = 0) -> list[Told]:
    """The bids after that number, in their order."""
    rows = auction.bids.filter(number__gt=after).order_by("number")
    is_named = auction.is_named
    rows = rows.select_related("participant__account__organization" if is_named else "participant")
    return [
        Told(
            row.number,
            row.participant.alias,
            row.amount,
            row.value,
            row.received_at,
            row.ends_at,
            row.participant.account.name if is_named else "",
        )
        for row in rows
    ]


def chart_of(auction: Auction, bids: Sequence[Told]) -> drawing.Chart:
    initial = auction.participants.values_list("initial", flat=True)
    first = (max if auction.is_upward else min)(initial)
    return drawing.chart(first=first, starts_at=auction.starts_at, ends_at=auction.ends_at, bids=bids)


# ---- how it stands ---------------------------------------------------------------------------------------------------


def phase(auction: Auction, at: datetime) -> str:
    """What is so at that moment, whoever has written it down: announced, running, closing, suspended, ended, recorded,
    void. `closing`: the time is over, and bids that had arrived are still being looked at."""
    if rules.is_open(auction, at):
        return "running"
    goes_on = auction.state == "suspended" and auction.resumes_at is not None and at >= auction.resumes_at
    if (auction.state == "running" or goes_on) and at >= auction.due_end(at):
        return "closing" if at < auction.due_end(at) + rules.SETTLING else "ended"
    return auction.state


@dataclass(frozen=True)
class Own:
    """What only a bidder sees: its letters, its place, its price and what it must offer to go first."""

    alias: str
    place: int
    price: Decimal
    is_best: bool
    to_reach: Decimal


def own_of(auction: Auction, participant: Participant) -> Own:
    """Places are counted among the prices of now. Who shares one is not told."""
    terms = auction.terms
    ranked = {one.code: one.rank for one in outcome.order_of(auction)}
    place = ranked[participant.bid.code]
    return Own(
        alias=participant.alias,
        place=place,
        price=participant.price,
        is_best=auction.best_id == participant.pk if auction.best_id else place == 1,
        to_reach=terms.price_to_reach(auction.best_value, participant.quality),
    )


def to_reach(auction: Auction) -> Decimal | None:
    """The price of the next valid bid; nothing where it is another one for each bidder."""
    return auction.terms.price_to_reach(auction.best_value) if auction.compares == "price" else None


PHASES = {
    "announced": gettext_lazy("It waits for its hour"),
    "running": gettext_lazy("Bids are received"),
    "closing": gettext_lazy("The time is over: the last bids are being looked at"),
    "suspended": gettext_lazy("Suspended"),
    "ended": gettext_lazy("Ended: its minutes are not signed yet"),
    "recorded": gettext_lazy("Ended, with its minutes"),
    "outside": gettext_lazy("It is held outside the platform"),
    "void": gettext_lazy("Without effect"),
}


@dataclass(frozen=True)
class Seen:
    """An auction as its page shows it at one moment."""

    auction: Auction
    phase: str
    ends_at: datetime
    to_reach: Decimal | None

    @property
    def phase_title(self) -> Any:
        return PHASES[self.phase]

    @property
    def title(self) -> str:
        return title_of(self.auction)

    @property
    def url(self) -> str:
        return url_of(self.auction)

    @property
    def margin(self) -> str:
        return margin_told(self.auction.terms)


def seen(auction: Auction, at: datetime) -> Seen:
    return Seen(auction, phase(auction, at), auction.due_end(at), to_reach(auction))


def title_of(auction: Auction) -> str:
    if auction.is_training:
        told = {"n": auction.training, "lot": auction.lot}
        return (_("Training auction %(n)s of the lot %(lot)s") if auction.lot else _("Training auction %(n)s")) % told
    return _("Auction of the lot %(n)s") % {"n": auction.lot} if auction.lot else _("Auction")


def outside_of(auction: Auction) -> Outside | None:
    """Where it is held, or was, if that is not here."""
    return Outside.objects.filter(auction=auction).first() if auction.is_outside else None


def order_told(auction: Auction) -> list[dict[str, Any]]:
    """The bidders in their order with their names: only once there are minutes."""
    rows = {row.bid.code: row for row in auction.participants.select_related("bid", "account__organization")}
    return [{"ranked": one, "participant": rows[one.code]} for one in outcome.order_of(auction)]


def entries_of(actor: Actor, participant: Participant) -> list[dict[str, str]]:
    """The entries of this person whose key may be in this browser."""
    rows = participant.sessions.filter(person_id=actor.user_id or 0).exclude(public_key="").order_by("-pk")[:20]
    return [{"session": row.code, "key": row.public_key} for row in rows]


def bid_told(bid: AuctionBid) -> str:
    """What its bidder reads when it counted."""
    assert bid.receipt is not None
    told = {"n": bid.number, "amount": format_money(Money(bid.amount, "COP")), "code": bid.receipt.code}
    return _("Your bid of %(amount)s counts: it is number %(n)s. Receipt %(code)s.") % told


def sheet(auction: Auction) -> tuple[list[str], Iterable[list[Any]]]:
    """Headings and rows of a file with every bid. Files are Spanish whoever downloads them."""
    with override("es-co"):
        heads = [_("Number"), _("When it arrived"), _("Bidder"), _("Name"), _("Bid"), _("End after it")]
    rows = (
        [b.number, b.received_at.isoformat(), b.alias, b.supplier, str(b.amount), b.ends_at.isoformat()]
        for b in told_bids(auction)
    )
    return heads, rows


def participant_of(actor: Actor, auction: Auction) -> Participant | None:
    if actor.account_id is None:
        return None
    return auction.participants.select_related("bid__tender").filter(account_id=actor.account_id).first()


def auctions_of(tender: Any) -> list[Auction]:
    return list(Auction.objects.of(tender).select_related("record"))


def trainings_of(actor: Actor, tender: Any) -> list[Auction]:
    """Those that this person may see, the last one first; called off ones too."""
    rows = Auction.every.visible_to(actor).filter(tender=tender, training__gt=0).select_related("record", "tender")
    return list(rows.order_by("-training"))


# ---- what waits for somebody -----------------------------------------------------------------------------------------


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """An auction to enter, for those who qualified; minutes to sign, for the authorising officer."""
    if actor.account_id is None:
        return []
    return [*_to_enter(actor), *_to_record(actor, at)]


def _to_enter(actor: Actor) -> Iterable[Task]:
    if not actor.is_supplier or "representative" not in actor.roles:
        return
    mine = Auction.every.filter(participants__account_id=actor.account_id or 0).select_related("tender")
    for auction in mine.filter(state__in=("announced", "running", "suspended")).filter(tender__state="opened"):
        tender = auction.tender
        subject, url = f"{tender.code} {tender.title}", url_of(auction)
        title = _("Try the training auction") if auction.is_training else _("Take part in the auction")
        yield Task(title, url, subject, _("Your offer qualified."), auction.starts_at)


def _to_record(actor: Actor, at: datetime) -> Iterable[Task]:
    if "approver" not in actor.roles:
        return
    rows = Auction.objects.filter(tender__buyer_id=actor.account_id, state__in=("running", "ended", "outside"))
    for auction in rows.select_related("tender"):
        tender, now = auction.tender, phase(auction, at)
        if now == "ended" or (now == "outside" and auction.starts_at <= at):
            title = _("Sign the minutes of the auction") if now == "ended" else _("Record an auction held elsewhere")
            reason = _("You are the authorising officer of your entity.")
            yield Task(title, url_of(auction), f"{tender.code} {tender.title}", reason)


def url_of(auction: Auction) -> str:
    return address(auction, "auction")


def address(auction: Auction, name: str, *more: Any) -> str:
    """The page of that name of an auction, or of a training."""
    if auction.is_training:
        return reverse(
            f"auctions:training_{name}", args=[auction.tender.code, auction.lot or 0, auction.training, *more]
        )
    return reverse(f"auctions:{name}", args=[auction.tender.code, auction.lot or 0, *more])
