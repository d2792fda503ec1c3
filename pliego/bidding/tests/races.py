"""Races around the deadline and the opening, in drawn interleavings, each judged by what the database holds after it.

`python -m benchmarks race --rows 10000`; the tests draw a few hundred.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pliego.bidding import closing, opening, sealing, services
from pliego.bidding.models import Bid, BidDocument, Closing, Envelope
from pliego.bidding.tests import given
from pliego.bidding.tests.interleaving import Order, kept_world
from pliego.kernel.actors import SYSTEM, Actor
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

REFUSALS = {"wrong_state", "denied"}  # how somebody who came second may be told
Races = dict[str, tuple[str, dict[str, Callable[[], Any]]]]
COUNTING = ("submitted", "opened", "unopenable")


class World:
    """A process with an offer of carla's, and everything that is given to open it, at hand."""

    def __init__(self, at: datetime) -> None:
        self.at, self.tender = at, given.published_tender(at)
        self.people = tenders.people_of(self.tender)
        self.carla, self.dario = (tenders.signed(tenders.supplier(at, name), at) for name in ("carla", "dario"))
        self.bid = given.submitted_bid(self.tender, self.carla)
        self.last, self.closes, self.opens = (
            given.last_moment(self.tender), given.after_close(self.tender), given.opening_time(self.tender),
        )  # fmt: skip
        self.offers = {
            name: given.sealed(self.tender, actor, at)
            for name, actor in (("carla", self.carla), ("carla again", self.carla), ("dario", self.dario))
        }
        (self.envelope,) = self.bid.envelopes.all()
        key = tenders.CUSTODIAN[self.tender.custodian_number or 0]
        half = sealing.unwrap(self.envelope.header["custodian"], key).hex()
        self.halves = [{"recipient": self.envelope.recipient, "half": half}]
        self.shares = [(member, self.share_of(member)) for member in (self.people.ana, self.people.beto)]

    def share_of(self, member: Actor) -> list[dict[str, str]]:
        number = str(self.tender.opening_members.get(user_id=member.user_id).number)
        lock = next(lock for lock in self.envelope.header["locks"] if lock["member"] == number)
        share = sealing.unwrap(lock, tenders.IDENTITIES[member.user_id or 0]).hex()
        return [{"recipient": self.envelope.recipient, "share": share}]

    # ---- what somebody does ----

    def submit(self, offer: str = "carla") -> Callable[[], Any]:
        actor = self.dario if offer == "dario" else self.carla
        told = {"actor": actor, "tender_id": self.tender.pk, "manifest": self.offers[offer], "at": self.last}
        return lambda: services.submit_bid(**told)

    def withdraw(self) -> Any:
        return services.withdraw_bid(actor=self.carla, bid_id=self.bid.pk, at=self.last)

    def close(self) -> Closing:
        return closing.close_tender(actor=SYSTEM, tender_id=self.tender.pk, at=self.closes)

    def give_keys(self) -> None:
        on = {"tender_id": self.tender.pk, "at": self.opens}
        closing.release_custodian_half(actor=SYSTEM, halves=self.halves, **on)
        for member, shares in self.shares:
            closing.release_share(actor=member, shares=shares, **on)

    def open(self) -> Tender:
        return opening.open_bids(actor=self.people.ana, tender_id=self.tender.pk, at=self.opens)

    def close_and_open(self) -> Tender:
        self.close()
        if Bid.objects.filter(tender=self.tender, state="submitted").exists():
            self.give_keys()
        return self.open()


# ---- what may not be -------------------------------------------------------------------------------------------------


def anomalies(world: World, answers: dict[str, Any]) -> list[str]:
    """Everything that contradicts itself after a race."""
    tender = Tender.objects.get(pk=world.tender.pk)
    bids = list(Bid.objects.filter(tender=tender).select_related("receipt").order_by("pk"))
    acts = list(Entry.objects.filter(file=tender.ocid).order_by("folio"))
    return [*_answers(bids, answers), *_acts(bids, acts), *_record(tender, bids, acts), *_opening(tender, bids, acts)]


def _answers(bids: list[Bid], answers: dict[str, Any]) -> list[str]:
    found, there = [], {bid.pk: bid for bid in bids}
    for who, answer in answers.items():
        if isinstance(answer, set):
            found += [f"{who}: {answer}"] if not answer <= REFUSALS else []
        elif isinstance(answer, Exception):
            found.append(f"{who}: {answer!r}")
        elif isinstance(answer, Bid) and answer.pk not in there:
            found.append(f"{who}: accepted and not there")
        elif isinstance(answer, Bid) and answer.withdrawal_id and there[answer.pk].state != "withdrawn":
            found.append(f"{who}: withdrawn and {there[answer.pk].state}")
    accepted = {a.submission for who, a in answers.items() if isinstance(a, Bid)}
    return [*found, *(f"{bid}: there and not accepted" for bid in bids[1:] if bid.submission not in accepted)]


def _acts(bids: list[Bid], acts: list[Entry]) -> list[str]:
    """One act for each thing that was done, one after the other in the file."""
    found, previous = [], b""
    for folio, act in enumerate(acts, 1):
        if act.folio != folio or (folio > 1 and bytes(act.previous) != previous):
            found.append(f"folio {folio}: the chain is broken")
        previous = bytes(act.leaf)
    said = Counter(act.act for act in acts)
    subjects = {
        name: sorted(a.subject_id for a in acts if a.act == name) for name in ("bid.submitted", "bid.withdrawn")
    }
    if subjects["bid.submitted"] != [bid.pk for bid in bids]:
        found.append("offers and acts of presenting differ")
    if subjects["bid.withdrawn"] != [bid.pk for bid in bids if bid.state == "withdrawn"]:
        found.append("withdrawn offers and acts of withdrawing differ")
    found += [f"{name} {said[name]} times" for name in ("bids.closed", "bids.opened") if said[name] > 1]
    standing = Counter(bid.supplier_id for bid in bids if bid.state in COUNTING)
    return [*found, *(f"{times} offers of {who} count" for who, times in standing.items() if times > 1)]


def _record(tender: Tender, bids: list[Bid], acts: list[Entry]) -> list[str]:
    """The closing record names every offer, as it still is: nobody changes anything after it but by opening it."""
    record = next((act for act in acts if act.act == "bids.closed"), None)
    if record is None:
        return ["closed without a record"] if tender.state != "published" else []
    said = {line["receipt"]: line["state"] for line in record.content["data"]["receipts"]}
    now = {bid.receipt.code: "submitted" if bid.state in COUNTING else bid.state for bid in bids}
    found = [f"the record says {said} and there is {now}"] if said != now else []
    later = [act.act for act in acts[record.folio :] if act.act in {"bid.submitted", "bid.withdrawn", "bid.confirmed"}]
    return [*found, *(f"{act} after the record" for act in later)]


def _opening(tender: Tender, bids: list[Bid], acts: list[Entry]) -> list[str]:
    """Once opened, everything that counted is open, once, and nothing else was touched."""
    is_opened = any(act.act == "bids.opened" for act in acts)
    opened = {bid.pk for bid in bids if bid.state == "opened"}
    keys = set(Envelope.objects.filter(bid__in=bids).exclude(identity="").values_list("bid_id", flat=True))
    files = Counter(BidDocument.objects.filter(envelope__bid__in=bids).values_list("envelope__bid_id", flat=True))
    found = [] if is_opened == (tender.state == "opened") else [f"{tender.state}, and an act of opening: {is_opened}"]
    left = [bid.code for bid in bids if bid.state == "submitted"]
    found += [f"left sealed: {left}"] if is_opened and left else []
    found += [f"keys of {keys}, opened {opened}"] if keys != opened else []
    return [*found, *(f"{times} files of one" for bid, times in files.items() if times != 1 or bid not in opened)]


# ---- the races -------------------------------------------------------------------------------------------------------


def races(world: World) -> Races:
    """Each with the state in which it begins."""
    w = world
    return {
        "close against submit": ("published", {"dario": w.submit("dario"), "close": w.close}),
        "close against replace": ("published", {"carla": w.submit(), "close": w.close, "dario": w.submit("dario")}),
        "close against withdraw": ("published", {"withdraw": w.withdraw, "close": w.close}),
        "withdraw against open": ("published", {"withdraw": w.withdraw, "open": w.close_and_open}),
        "replace against withdraw": ("published", {"carla": w.submit(), "withdraw": w.withdraw}),
        "replace against replace": ("published", {"one": w.submit(), "other": w.submit("carla again")}),
        "two closers": ("published", {"one": w.close, "other": w.close, "dario": w.submit("dario")}),
        "two openers": ("closed", {"one": w.open, "other": w.open, "withdraw": w.withdraw}),
    }


@dataclass
class Figures:
    rounds: Counter = field(default_factory=Counter)
    outcomes: dict[str, Counter] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    steps: int = 0

    @property
    def lines(self) -> list[str]:
        anomalous = sum(len(each) for each in self.found.values())
        first = f"{self.rounds.total():,} interleavings of {self.steps:,} steps, {anomalous} with anomalies"
        each = [f"  {race}: {times:,}; {_shares(self.outcomes[race])}" for race, times in self.rounds.items()]
        return [first, *each, *(f"  ANOMALY {race}: {said[0]}" for race, said in self.found.items() if said)]


def _shares(outcomes: Counter) -> str:
    return ", ".join(f"{times:,} {outcome}" for outcome, times in outcomes.most_common())


def race(world: World, rounds: int, *, seed: int = 1, only: str = "", patient: bool = True) -> Figures:
    """Draw that many interleavings, the races in turn, and leave the world as it was; impatient, end at the first
    anomaly."""
    draw, figures = random.Random(seed), Figures()
    chosen = {name: told for name, told in races(world).items() if only in {"", name}}
    with kept_world() as as_it_was:
        for state in ("published", "closed"):
            here = [name for name, (begins, _works) in chosen.items() if begins == state]
            if state == "closed" and here:
                world.close()
                world.give_keys()
            with kept_world() as put_back:
                for number in range(rounds * len(here) // len(chosen)):
                    if figures.found and not patient:
                        break
                    _one(world, here[number % len(here)], chosen, draw, figures)
                    put_back()
        as_it_was()
    return figures


def _one(world: World, name: str, chosen: Races, draw: random.Random, figures: Figures) -> None:
    order = Order(draw)
    answers = order.run(chosen[name][1])
    figures.rounds[name] += 1
    figures.steps += order.steps
    refused = sorted(who for who, answer in answers.items() if isinstance(answer, set))
    figures.outcomes.setdefault(name, Counter())[f"refused {' and '.join(refused) or 'nobody'}"] += 1
    if found := anomalies(world, answers):
        figures.found.setdefault(name, []).append("; ".join(found))
