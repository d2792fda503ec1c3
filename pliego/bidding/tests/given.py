"""Worlds for the tests of this room and of those above: sealed offers, closed and opened processes."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pliego.bidding import closing, moments, opening, parts, rules, sealing, services
from pliego.bidding.models import Bid, Closing
from pliego.bidding.queries import price_keys, sealing_process
from pliego.kernel.actors import SYSTEM, Actor
from pliego.parties.tests.given import pdf
from pliego.tendering import services as tendering
from pliego.tendering.lots import concerns
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.given import CUSTODIAN, IDENTITIES, published_tender, signed
from tests.furnishing import furnished

__all__ = ["parts", "published_tender"]


def due(tender: Tender) -> datetime:
    instant = tender.due_at("bids_due")
    assert instant is not None
    return instant


def last_moment(tender: Tender) -> datetime:
    return due(tender) - timedelta(microseconds=1)


def after_close(tender: Tender) -> datetime:
    return due(tender) + rules.SETTLING


def as_it_is(tender: Tender) -> Tender:
    return Tender.objects.select_related("buyer").get(pk=tender.pk)


def opening_time(tender: Tender) -> datetime:
    """When the envelopes whose turn it is may be opened: the first ones before the close."""
    turn = moments.turn_now(as_it_is(tender))
    return max((turn.due_at if turn else tender.due_at("opening")) or due(tender), after_close(tender))


def contents(
    tender: Tender,
    prices: Sequence[str] = ("1000000.00", "500000.00"),
    file: bytes | None = None,
    lots: Sequence[int] = (),
    confidential: dict[str, str] | None = None,
) -> Any:
    """Answers to everything that the pliego asks of an offer for those lots: a PDF for each file, a price for each
    line, "Sí" for the rest."""
    keys = {key: line for key, line in price_keys(tender).items() if concerns(line.item.lots, lots)}
    items = [item for item in tender.items.all() if concerns(item.lots, lots)]
    inside: dict[str, set[str]] = {}
    for item in items:
        inside.setdefault(item.envelope, set()).add(str(item.number))
    return {
        envelope: sealing.Contents(
            answers={
                str(item.number): "Sí"
                for item in items
                if item.envelope == envelope and item.kind not in {"file", "price_list", "info"}
            },
            prices={
                key: price
                for (key, line), price in zip(keys.items(), prices, strict=False)
                if line.item.envelope == envelope
            },
            total="",
            attachments=[
                sealing.Attachment(str(item.number), f"documento {item.number}.pdf", io.BytesIO(file or pdf("oferta")))
                for item in items
                if item.envelope == envelope and item.kind == "file"
            ],
            lots=lots,
            confidential={number: why for number, why in (confidential or {}).items() if number in inside[envelope]},
        )
        for envelope in sealing_process(tender)["envelopes"]
    }


def sealed(tender: Tender, supplier: Actor, at: datetime, *, send: bool = True, what: Any = None, **inside: Any) -> Any:
    """A manifest; its parts are already with the platform, unless told not to."""

    def put(sha256: str, part: bytes) -> None:
        if send:
            services.keep_part(actor=supplier, sha256=sha256, stream=io.BytesIO(part), at=at)

    return sealing.seal(
        sealing_process(tender), supplier.account_code, what or contents(tender, **inside), put, bundle="pruebas"
    )


@furnished
def submitted_bid(tender: Tender, supplier: Actor | None = None, at: datetime | None = None, **inside: Any) -> Bid:
    """An offer of carla's firm, or of another supplier, presented."""
    at = at or tender.published_at
    assert at is not None
    supplier = supplier or tenders.supplier(at)
    manifest = sealed(tender, supplier, at, **inside)
    return services.submit_bid(actor=signed(supplier, at), tender_id=tender.pk, manifest=manifest, at=at)


TERMS = "Otra marca con las mismas prestaciones; el plazo no cambia."


@furnished
def with_variants(at: datetime) -> Tender:
    """A public process that admits variants."""
    house = tenders.buyer(at)
    draft = tenders.draft_tender(at, house)
    common: dict[str, Any] = {"actor": house.ana, "tender_id": draft.pk, "at": at}
    said = {"admitted": "yes", "terms": TERMS}
    tendering.save_section(part="variants", content=said, **common)
    tendering.submit_for_approval(**common)
    return tendering.publish_tender(actor=signed(house.beto, at), tender_id=draft.pk, at=at)


def varied(tender: Tender, base: Sequence[str], summary: str = "Monitores de otra marca", **prices: str) -> Any:
    """The whole of an offer with a variant: other prices, by line, and another file."""
    [(code, whole)] = contents(tender, base).items()
    file = whole.attachments[0]
    other = sealing.Attachment(file.item, "otra marca.pdf", io.BytesIO(pdf("variante")))
    named = {key.removeprefix("line"): price for key, price in prices.items()}
    return {code: replace(whole, variant=sealing.Variant(summary, prices=named, attachments=[other]))}


@furnished
def closed_tender(tender: Tender) -> Closing:
    return closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=after_close(tender))


def custodian_halves(tender: Tender) -> list[dict[str, str]]:
    """What the custodian of the tests posts for every sealed envelope."""
    assert tender.custodian_number is not None
    key = CUSTODIAN[tender.custodian_number]
    return [
        {"recipient": e.recipient, "half": sealing.unwrap(e.header["custodian"], key).hex()}
        for e in closing.envelopes_to_open(as_it_is(tender))
    ]


def member_shares(tender: Tender, user_id: int) -> list[dict[str, str]]:
    """What a member of the tests posts for every sealed envelope."""
    number = str(tender.opening_members.get(user_id=user_id).number)
    released = []
    for envelope in closing.envelopes_to_open(as_it_is(tender)):
        lock = next(lock for lock in envelope.header["locks"] if lock["member"] == number)
        try:
            piece = {"share": sealing.unwrap(lock, IDENTITIES[user_id]).hex()}
        except sealing.BadShare as fault:
            piece = {"file_key": fault.file_key} if fault.file_key else {}
        released.append({"recipient": envelope.recipient, **piece})
    return released


def released_halves(tender: Tender) -> None:
    at, halves = opening_time(tender), custodian_halves(tender)
    closing.release_custodian_half(actor=SYSTEM, tender_id=tender.pk, halves=halves, at=at)


def released_shares(tender: Tender, *members: Actor) -> None:
    for member in members:
        assert member.user_id is not None
        closing.release_share(
            actor=member,
            tender_id=tender.pk,
            shares=member_shares(tender, member.user_id),
            at=opening_time(tender),
        )


@furnished
def ready_to_open(tender: Tender) -> datetime:
    """Closed, and both locks released by ana, beto and the custodian; answers the hour of the opening."""
    people = tenders.people_of(tender)
    if tender.state == "published":
        closed_tender(tender)
    if tender.bids.filter(state="submitted").exists():
        released_halves(tender)
        released_shares(tender, people.ana, people.beto)
    return opening_time(tender)


@furnished
def opened_tender(tender: Tender) -> Tender:
    at = ready_to_open(tender)
    return opening.open_bids(actor=tenders.people_of(tender).beto, tender_id=tender.pk, at=at)


def foreign_recipient() -> str:
    import pyrage

    return str(pyrage.x25519.Identity.generate().to_public())
