"""Before the close: keys, parts, drafts, presenting and withdrawing. After it: closing.py and opening.py."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, Any

import pyrage
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from pliego.bidding import agefiles, bundles, participation, parts, queries, reach, rules, sealing
from pliego.bidding.events import (
    CUSTODIAN_FILE,
    BidConfirmed,
    BidSubmitted,
    BidWithdrawn,
    CustodianKeysAnnounced,
    OpeningKeyRegistered,
)
from pliego.bidding.models import Bid, Envelope, EnvelopePart, Part, SealedDraft
from pliego.bidding.policy import BID_POLICY, POLICY, ROOM_POLICY, Act, BidAct, RoomAct
from pliego.bidding.states import BID
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.kernel.planned import Planned
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.tendering.models import CustodianKey, OpeningKey, Tender

Judge = Callable[[Tender, datetime], Iterable[Objection]]
LARGEST_DRAFT = 4 * 2**20
CHALLENGE_LASTS = 3600
SALT = "pliego.bidding.challenge"


# ---- opening keys --------------------------------------------------------------------------------------------------


def challenge(*, actor: Actor, recipient: str) -> tuple[str, str]:
    """A secret that only the holder of the key can read, and a ticket to bring back with it."""
    ROOM_POLICY.require(actor, RoomAct.REGISTER_KEY)
    if not agefiles.is_recipient(recipient):
        raise Refused(Objection("not_a_key", _("This is not an age public key: it begins with age1."), "recipient"))
    answer = secrets.token_hex(16)
    sealed = pyrage.encrypt(answer.encode(), [agefiles.recipient_of(recipient)], armored=True).decode()
    kept = {"recipient": recipient, "user": actor.user_id, "answer": sealing.sha256(answer.encode())}
    return sealed, signing.dumps(kept, salt=SALT)


def key_is_not_proved(actor: Actor, recipient: str, answer: str, ticket: str) -> Objection | None:
    """Whether this person's answer to the challenge of that ticket does not show that they hold that key."""
    try:
        kept = signing.loads(ticket, salt=SALT, max_age=CHALLENGE_LASTS)
    except signing.BadSignature:
        kept = {}
    expected = {"recipient": recipient, "user": actor.user_id, "answer": sealing.sha256(answer.strip().encode())}
    if kept == expected:
        return None
    return Objection("key_not_proved", _("The answer does not show that the key works."), "answer")


@transaction.atomic
def register_opening_key(
    *, actor: Actor, recipient: str, answer: str, ticket: str, kept_by: str = "", at: datetime
) -> OpeningKey:
    """Make this the person's opening key, once they have shown that it opens. Older processes keep the older one.

    `kept_by` is what protects its file, as the person's browser says, or the person: nobody else sees the file.
    """
    ROOM_POLICY.require(actor, RoomAct.REGISTER_KEY)
    refuse_if_any(key_is_not_proved(actor, recipient, answer, ticket))
    assert actor.user_id is not None
    OpeningKey.objects.filter(user_id=actor.user_id, is_active=True).update(is_active=False)
    try:
        with transaction.atomic():
            key = OpeningKey.objects.create(user_id=actor.user_id, recipient=recipient, kept_by=kept_by, created_at=at)
    except IntegrityError:
        raise Refused(
            Objection("key_in_use", _("This key was registered before. Make a new one."), "recipient")
        ) from None
    data = {"person": actor.user_code, "recipient": recipient, **({"kept_by": kept_by} if kept_by else {})}
    outbox.publish(
        OpeningKeyRegistered(file=f"persona:{actor.user_code}", subject_id=key.pk, data=data), actor=actor, at=at
    )
    return key


@transaction.atomic
def announce_custodian_keys(*, actor: Actor, keys: Iterable[tuple[int, str]], at: datetime) -> list[CustodianKey]:
    """Take in the public keys that the custodian made; each process will use one. Repeating changes nothing."""
    ROOM_POLICY.require(actor, RoomAct.ANNOUNCE_KEYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bidding.custodian_keys'))")
    known = dict(CustodianKey.objects.values_list("number", "recipient"))
    fresh = []
    for number, recipient in keys:
        if known.setdefault(number, recipient) != recipient or not agefiles.is_recipient(recipient):
            raise Refused(Objection("not_a_key", _("Not a public key, or another one with this number."), "keys"))
        fresh.append(CustodianKey(number=number, recipient=recipient))
    made = CustodianKey.objects.bulk_create(
        [key for key in fresh if not CustodianKey.objects.filter(number=key.number).exists()]
    )
    if made:
        data = {"keys": [{"number": key.number, "recipient": key.recipient} for key in made]}
        event = CustodianKeysAnnounced(file=CUSTODIAN_FILE, subject_id=made[-1].pk, data=data)
        outbox.publish(event, actor=actor, at=at)
    return made


# ---- parts and drafts ------------------------------------------------------------------------------------------------


def keep_part(*, actor: Actor, sha256: str, stream: parts.Readable, at: datetime) -> Part:
    """Keep a piece of ciphertext for the actor's account. Sending it again only counts its time anew."""
    ROOM_POLICY.require(actor, RoomAct.SEND_PARTS)
    assert actor.account_id is not None
    if not sealing.format.HEX.fullmatch(sha256):
        raise Refused(Objection("wrong_hash", _("A part is named by its SHA-256."), "part"))
    waiting = Part.objects.filter(supplier_id=actor.account_id).unnamed().aggregate(size=Sum("size"))
    if (waiting["size"] or 0) > settings.PLIEGO_BID_QUOTA_BYTES:
        sentence = _("Your account has sent too many parts that no offer uses. Present the offer or write to the desk.")
        raise Refused(Objection("quota", sentence, "part"))
    with parts.arriving(stream, sha256) as arrived, transaction.atomic():
        hold_part(sha256)
        arrived.place()
        part, _created = Part.objects.update_or_create(
            supplier_id=actor.account_id, sha256=sha256, defaults={"size": arrived.size, "sent_at": at}
        )
    return part


def hold_part(sha256: str) -> None:
    """Until this transaction ends nobody else brings that part or sweeps it away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bidding.part:{sha256}"])


@transaction.atomic
def keep_part_of_upload(*, actor: Actor, sha256: str, upload_id: str, at: datetime) -> Part:
    """Keep a part that came by a resumable upload. Asking again, when the answer was lost, changes nothing."""
    ROOM_POLICY.require(actor, RoomAct.SEND_PARTS)
    known = Part.objects.filter(supplier_id=actor.account_id, sha256=sha256).first()
    if known is not None and parts.exists(sha256):
        return known
    with documents.opaque_upload(
        actor=actor, upload_id=upload_id, purpose="sealed_part", at=at, field="part"
    ) as content:
        return keep_part(actor=actor, sha256=sha256, stream=content, at=at)


@transaction.atomic
def save_draft(
    *, actor: Actor, tender_id: int, ciphertext: str, version: int, names: Iterable[str] = (), at: datetime
) -> SealedDraft:
    """Keep what the browser encrypted. Refused as stale when another page of the account saved after `version`.

    `names` are the parts of the files that the draft holds: while it lives they are not swept away.
    """
    tender = Tender.objects.get(pk=tender_id)
    POLICY.require(actor, Act.PREPARE, tender)
    if len(ciphertext) > LARGEST_DRAFT or not (ciphertext.isascii() and ciphertext.isprintable()):
        raise Refused(Objection("not_a_draft", _("This is not an encrypted draft, or it is too large."), "ciphertext"))
    assert actor.account_id is not None
    assert actor.user_id is not None
    one_at_a_time(tender_id, actor.account_id)
    draft = SealedDraft.objects.filter(tender=tender, supplier_id=actor.account_id).first()
    if (draft.version if draft else 0) != version:
        raise Refused(Objection("stale", _("Somebody of your account saved this draft meanwhile."), "version"))
    draft = draft or SealedDraft(tender=tender, supplier_id=actor.account_id, version=0)
    draft.version, draft.ciphertext, draft.saved_by_id, draft.saved_at = version + 1, ciphertext, actor.user_id, at
    draft.parts = sorted({name for name in names if sealing.format.HEX.fullmatch(name)})
    draft.save()
    return draft


@transaction.atomic
def present_bundle(*, actor: Actor, tender_id: int, file: IO[bytes], at: datetime) -> Bid:
    """Present the ZIP of `pliego seal`: keep its parts and submit its manifest."""
    tender = Tender.objects.select_related("buyer").get(pk=tender_id)
    POLICY.require(actor, Act.SUBMIT, tender)
    with bundles.opened(file) as bundle:
        manifest = bundles.read_manifest(bundle)
        checked(manifest, tender, actor, queries.sealing_process(tender))
        for sha256, part in bundles.parts_of(bundle, manifest):
            keep_part(actor=actor, sha256=sha256, stream=part, at=at)
    return submit_bid(actor=actor, tender_id=tender_id, manifest=manifest, at=at)


# ---- presenting ------------------------------------------------------------------------------------------------------


def one_at_a_time(tender_id: int, *account_ids: int | None) -> None:
    """Hold back another request of those suppliers on the process (double click, retry) until this one ends."""
    with connection.cursor() as cursor:
        for account_id in sorted(account_ids, key=str):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bidding:{tender_id}:{account_id}"])


HELD = Planned(-1, lambda tender_id: Tender.objects.filter(pk=tender_id).select_related("buyer"))


def held_open(tender_id: int) -> Tender:
    """The tender, which nobody closes or amends until this transaction ends; other suppliers do not wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tendering_tender WHERE id = %s FOR SHARE", [tender_id])
    [tender] = HELD(tender_id)
    return tender


@transaction.atomic
def submit_bid(*, actor: Actor, tender_id: int, manifest: dict[str, Any], at: datetime) -> Bid:
    """Present a sealed offer: received, receipted, and in the place of the account's earlier one."""
    one_at_a_time(tender_id, *participation.behind(actor.account_id))
    tender = held_open(tender_id)
    POLICY.require(actor, Act.SUBMIT, tender)
    assert actor.account_id is not None
    assert actor.user_id is not None
    process = queries.sealing_process(tender)
    checked(manifest, tender, actor, process)
    digest = sealing.hash_of(manifest)
    own = Bid.objects.filter(tender=tender, supplier_id=actor.account_id)
    if known := own.filter(submission=manifest["submission"]).first():
        if known.manifest_sha256 == digest:
            return known  # a retry: the same receipt, also after the close
        raise Refused(
            Objection("other_content", _("This submission was presented before with other content."), "manifest")
        )
    refuse_if_any(
        rules.reception_is_over(tender, at),
        rules.too_few_keys(manifest, reach.in_force(tender), process["members"]),
        parts_objections(manifest, actor.account_id),
        participation.is_in_another_offer(tender, actor.account_id),
    )
    previous = own.select_for_update().filter(state="submitted").first()
    if previous is not None:
        BID.fire(previous, "replace", at=at)
        previous.save(update_fields=["state"])
    bid = Bid.objects.create(
        code=next_public_id("bid"),
        tender=tender,
        supplier_id=actor.account_id,
        submission=manifest["submission"],
        manifest=manifest,
        manifest_sha256=digest,
        received_at=at,
        confirmed_version=tender.version,
        prepared_by_id=actor.user_id,
        replaces=previous,
    )
    keep_envelopes(bid)
    BID.fire(bid, "submit", at=at)
    bid.receipt = outbox.publish(submitted(bid, actor, previous), actor=actor, at=at)
    bid.save(update_fields=["state", "receipt"])
    SealedDraft.objects.filter(tender=tender, supplier_id=actor.account_id).delete()
    return bid


def checked(manifest: dict[str, Any], tender: Tender, actor: Actor, process: dict[str, Any]) -> None:
    """Refuse what was not sealed for this process, its members, its custodian and this supplier."""
    try:
        sealing.check_manifest(manifest, reach.process_sealed_for(tender, manifest, process), actor.account_code)
    except sealing.BadSeal as fault:
        raise Refused(rules.seal_fault(fault.code)) from None


def submitted(bid: Bid, actor: Actor, previous: Bid | None) -> BidSubmitted:
    headers = [envelope["header"] for envelope in bid.manifest["envelopes"]]
    reserved = [header["recipient"] for header in headers if "reserved" in header]
    return BidSubmitted(
        file=bid.tender.ocid,
        subject_id=bid.pk,
        data={
            "tender": bid.tender.code,
            "bid": bid.code,
            "supplier": actor.account_code,
            "supplier_name": actor.account_name,
            "manifest_sha256": bid.manifest_sha256,
            "recipients": {h["envelope"]: h["recipient"] for h in headers if "reserved" not in h},
            **({"reserved": reserved} if reserved else {}),
            "bytes": bid.size,
            "bundle": bid.manifest["bundle"],
            "replaces": previous.code if previous else "",
        },
    )


def parts_objections(manifest: dict[str, Any], account_id: int | None) -> Iterable[Objection]:
    """Every part is here, whole, encrypted, and was not somebody else's first."""
    rows = [row for envelope in manifest["envelopes"] for row in envelope["files"]]
    wanted = [piece for row in rows for piece in sealing.part_sizes(row)]
    names = {name for name, _size in wanted}
    sent = Part.objects.filter(supplier_id=account_id, sha256__in=names).select_for_update()  # against the sweep
    here = dict(sent.order_by("pk").values_list("sha256", "size"))
    missing = sum(here.get(name) != size or not parts.exists(name) for name, size in wanted)
    if missing:
        sentence = _("%(count)s parts of the offer have not arrived. Send them and present it again.")
        yield Objection("missing_parts", sentence % {"count": missing}, "manifest")
    elif not all(parts.starts_with(row["parts"][0], agefiles.INTRO) for row in rows):
        yield Objection("not_sealed", _("A file of the offer is not encrypted. Seal it again."), "manifest")
    recipients = [envelope["header"]["recipient"] for envelope in manifest["envelopes"]]
    theirs = EnvelopePart.objects.filter(sha256__in=names).exclude(supplier_id=account_id)
    if theirs.exists() or Envelope.objects.filter(recipient__in=recipients).exists():
        sentence = _("This sealed content was presented before in another offer. Seal yours again.")
        yield Objection("copied_ciphertext", sentence, "manifest")


def keep_envelopes(bid: Bid) -> None:
    for envelope in bid.manifest["envelopes"]:
        header = envelope["header"]
        try:
            with transaction.atomic():
                kept = Envelope.objects.create(
                    bid=bid,
                    code=header["envelope"],
                    reserved=header.get("reserved", 0),
                    recipient=header["recipient"],
                    header=header,
                )
        except IntegrityError:  # two accounts present the same envelope at the same moment
            raise Refused(
                Objection("copied_ciphertext", _("This sealed content was presented before."), "manifest")
            ) from None
        names = {part for row in envelope["files"] for part in row["parts"]}
        EnvelopePart.objects.bulk_create(
            [EnvelopePart(envelope=kept, supplier_id=bid.supplier_id, sha256=name) for name in sorted(names)]
        )


@transaction.atomic
def withdraw_bid(*, actor: Actor, bid_id: int, at: datetime) -> Bid:
    """Take an offer back before the term ends. It is never opened."""
    bid = _own(actor, BidAct.WITHDRAW, bid_id, at, over=rules.withdrawal_is_over)
    BID.fire(bid, "withdraw", at=at)
    event = BidWithdrawn(file=bid.tender.ocid, subject_id=bid.pk, data=_told(bid, actor))
    bid.withdrawal = outbox.publish(event, actor=actor, at=at)
    bid.save(update_fields=["state", "withdrawal"])
    return bid


@transaction.atomic
def confirm_bid(*, actor: Actor, bid_id: int, at: datetime) -> tuple[Bid, Entry]:
    """Say that an offer stands as it is under the pliego as it was amended. Answers the offer and the act's receipt.

    What the offer says stays sealed as it was presented: whoever must answer something new presents another one.
    """
    bid = _own(actor, BidAct.CONFIRM, bid_id, at)
    out = reach.is_out_of_reach(bid, reach.in_force(bid.tender))
    refuse_if_any(Objection("too_few_keys", rules.TOO_FEW_KEYS) if out else None)
    BID.fire(bid, "confirm", at=at)
    bid.confirmed_version = bid.tender.version
    bid.save(update_fields=["confirmed_version"])
    data = {**_told(bid, actor), "version": bid.confirmed_version}
    event = BidConfirmed(file=bid.tender.ocid, subject_id=bid.pk, data=data)
    return bid, outbox.publish(event, actor=actor, at=at)


def _own(
    actor: Actor,
    act: BidAct,
    bid_id: int,
    at: datetime,
    over: Callable[..., Iterable[Objection]] = rules.reception_is_over,
) -> Bid:
    """The offer, held, when the actor may do that to it and the term is not over."""
    bid = Bid.objects.select_related("tender").get(pk=bid_id)
    one_at_a_time(bid.tender_id, bid.supplier_id)
    tender = held_open(bid.tender_id)
    bid = Bid.objects.select_for_update(of=("self",)).select_related("tender", "receipt").get(pk=bid_id)
    BID_POLICY.require(actor, act, bid)
    refuse_if_any(over(tender, at))
    return bid


def _told(bid: Bid, actor: Actor) -> dict[str, Any]:
    assert bid.receipt is not None
    return {
        "tender": bid.tender.code,
        "bid": bid.code,
        "supplier": actor.account_code,
        "supplier_name": actor.account_name,
        "receipt": bid.receipt.code,
    }
