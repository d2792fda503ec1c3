"""Witnesses of the log: who they are, and what they cosigned.

Guarantees: a cosignature is kept only if a registered witness made it over a head that was published here, word for
word; a witness is registered and retired by an act of the log, so that nobody becomes one unseen. Nothing here signs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused
from pliego.ledger import notes, outbox
from pliego.ledger.events import WITNESSES_FILE, WitnessRegistered, WitnessRetired
from pliego.ledger.models import ENOUGH, Checkpoint, Cosignature, Witness
from pliego.ledger.policy import LOG_POLICY, LogAct

LATELY = timedelta(hours=24)
# A witness that signs the same head again and again is written down once in so long.
REPEATS = timedelta(hours=1)
# So long the witnesses are given the head that one of them signed, so that several stand under the same one.
TOGETHER = timedelta(minutes=2)


# ---- who they are ----------------------------------------------------------------------------------------------------


@transaction.atomic
def register_witness(*, actor: Actor, vkey: str, institution: str, at: datetime) -> Witness:
    """Let an outside party be a witness from now on: its name, its institution and its key are public in the log."""
    LOG_POLICY.require(actor, LogAct.NAME_WITNESSES)
    try:
        key = notes.Key.parse(vkey, notes.COSIGNATURE)
    except notes.NotSigned:
        sentence = _("This is not the public key of a witness: its own folder has it, in testigo.vkey.")
        raise Refused(Objection("not_a_key", sentence, "vkey")) from None
    institution = institution.strip()
    if not institution or institution.casefold() == settings.PLIEGO_OPERATOR.casefold():
        sentence = _("Write the institution that runs the witness: one that is not the operator of the platform.")
        raise Refused(Objection("not_outside", sentence, "institution"))
    others = Witness.objects.filter(name=key.name) | Witness.objects.filter(vkey=str(key))
    if others.exists() or key.name == settings.PLIEGO_LEDGER_ORIGIN:
        sentence = _("There is a witness with that name or that key already, or it is the name of the log.")
        raise Refused(Objection("already_done", sentence, "vkey"))
    witness = Witness.objects.create(name=key.name, vkey=str(key), institution=institution, registered_at=at)
    event = WitnessRegistered(file=WITNESSES_FILE, subject_id=witness.pk, data=described(witness))
    outbox.publish(event, actor=actor, at=at)
    return witness


@transaction.atomic
def retire_witness(*, actor: Actor, name: str, reason: str, at: datetime) -> Witness:
    """Count on a witness no longer: it stopped, or lost its key. What it cosigned before stands."""
    LOG_POLICY.require(actor, LogAct.NAME_WITNESSES)
    witness = Witness.objects.active().select_for_update().filter(name=name).first()
    if witness is None:
        raise Refused(Objection("unknown_witness", _("There is no witness in force with that name."), "name"))
    witness.retired_at = at
    witness.save(update_fields=["retired_at"])
    event = WitnessRetired(
        file=WITNESSES_FILE, subject_id=witness.pk, data={**described(witness), "reason": reason.strip()}
    )
    outbox.publish(event, actor=actor, at=at)
    return witness


def described(witness: Witness) -> dict[str, str]:
    return {"name": witness.name, "institution": witness.institution, "vkey": witness.vkey}


# ---- what they sign --------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_cosignature(*, actor: Actor, size: int, line: str, at: datetime) -> Cosignature:
    """Keep what a witness signed under a head. Bringing it again, or soon again, answers the one that is kept."""
    LOG_POLICY.require(actor, LogAct.COSIGN)
    line = line.strip("\n")
    name = line.removeprefix("— ").partition(" ")[0]
    witness = Witness.objects.active().filter(name=name).first()
    if witness is None:
        sentence = _("No witness with that name is registered here: the operator of the platform registers its key.")
        raise Refused(Objection("unknown_witness", sentence, "line"))
    checkpoint = Checkpoint.objects.filter(size=size).first()
    if checkpoint is None:
        raise Refused(Objection("unknown_head", _("This log has published no head of that size."), "size"))
    key = notes.Key.parse(witness.vkey, notes.COSIGNATURE)
    seconds = notes.cosigned_at(line, notes.parted(checkpoint.note)[0], key)
    if seconds is None or seconds >= 2**33:
        sentence = _("It is not a cosignature of that witness under the head that was published with that size.")
        raise Refused(Objection("bad_cosignature", sentence, "line"))
    when = datetime.fromtimestamp(seconds, UTC)
    return _keep(checkpoint, witness, when, line, at)


def _keep(checkpoint: Checkpoint, witness: Witness, when: datetime, line: str, at: datetime) -> Cosignature:
    with connection.cursor() as cursor:  # one after the other, so that each knows how many stand under the head
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.cosignatures'))")
    under = list(checkpoint.cosignatures.order_by("-cosigned_at"))
    own = [signed for signed in under if signed.witness_id == witness.pk]
    if own and own[0].cosigned_at > when - REPEATS:
        return own[0]
    places = {signed.witness_id: signed.place for signed in under}
    place = places.get(witness.pk, len(places) + 1)
    told = {"cosigned_at": when, "line": line, "received_at": at}
    return Cosignature.objects.create(checkpoint=checkpoint, size=checkpoint.size, witness=witness, place=place, **told)


def head_to_cosign(*, at: datetime) -> Checkpoint | None:
    """The head that witnesses are given: the last one, or for a while the largest that one of them has signed. It is
    never smaller than what any of them signed before."""
    last = Cosignature.objects.select_related("checkpoint").order_by("-size", "id").first()
    if last is not None and at < last.received_at + TOGETHER:
        return last.checkpoint
    return Checkpoint.objects.order_by("-size").first()


def note_of(head: Checkpoint) -> str:
    """The head as it is given away: the signature of the log, and the last one of each witness under it."""
    return notes.with_lines(head.note, (signed.line for signed in signed_under(head)))


def signed_under(head: Checkpoint) -> list[Cosignature]:
    rows = head.cosignatures.select_related("witness").order_by("witness_id", "cosigned_at")
    return list({signed.witness_id: signed for signed in rows}.values())


# ---- what others ask -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A witness and the largest head that it signed."""

    witness: Witness
    signed: Cosignature | None

    def is_awake(self, at: datetime) -> bool:
        return self.signed is not None and self.signed.received_at > at - LATELY


def witnesses() -> list[Seen]:
    """Every witness in force, with what it signed last."""
    signed = Cosignature.objects.filter(witness=OuterRef("pk")).order_by("-size", "-id")
    return _seen(Witness.objects.active(), signed)


def _seen(rows: QuerySet[Witness], signed: QuerySet[Cosignature]) -> list[Seen]:
    found = list(rows.annotate(signed=Subquery(signed.values("pk")[:1])).order_by("pk"))
    kept = Cosignature.objects.select_related("checkpoint", "witness").in_bulk([row.signed for row in found])
    return [Seen(row, kept.get(row.signed)) for row in found]


def awake(at: datetime) -> list[Witness]:
    """The witnesses in force that have signed a head in the last 24 hours."""
    return [seen.witness for seen in witnesses() if seen.is_awake(at)]


def state(at: datetime) -> str:
    """How many look from outside, for the operator."""
    seen = witnesses()
    return f"{sum(each.is_awake(at) for each in seen)} of {len(seen)} signed the log in the last 24 hours"


def holding(index: int | None, vkeys: Iterable[str] | None = None) -> list[Cosignature]:
    """For each witness (of those keys), its signature under the first of its heads that holds the act at that index."""
    if index is None:
        return []
    rows = Witness.objects.all() if vkeys is None else Witness.objects.filter(vkey__in=list(vkeys))
    signed = Cosignature.objects.filter(witness=OuterRef("pk"), size__gt=index).order_by("size", "id")
    return [seen.signed for seen in _seen(rows, signed) if seen.signed is not None]


def witnessed_head(index: int) -> Checkpoint | None:
    """The first head that holds the act and that enough witnesses cosigned, once there is one."""
    rows = Cosignature.objects.filter(size__gt=index, place__gte=ENOUGH).select_related("checkpoint")
    found = rows.order_by("size").first()
    return found.checkpoint if found else None
