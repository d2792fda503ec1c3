"""Seal an offer: what the browser does, in Python, for the command line and for programs."""

import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any

import pyrage

from pliego.bidding import agefiles, shamir
from pliego.bidding.sealing import padding
from pliego.bidding.sealing.format import (
    ANSWERS_FILE,
    PART_SIZE,
    VERSION,
    WITH_RESERVES,
    Json,
    PutPart,
    canonical,
    sha256,
)


@dataclass(frozen=True)
class Attachment:
    """A file that answers item `item` of the questionnaire."""

    item: str
    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class Variant:
    """What a variant says in one envelope; what it leaves out is as in the base offer. `summary` goes in the first."""

    summary: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    prices: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Contents:
    """What goes into one envelope. Answers by item number, unit prices (decimal strings) by line number."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    prices: Mapping[str, str] = field(default_factory=dict)
    total: str = ""
    attachments: Sequence[Attachment] = ()
    confidential: Mapping[str, str] = field(default_factory=dict)  # why, by item number
    lots: Sequence[int] = ()  # for which it offers, where the process has lots; the same in every envelope
    about: Mapping[str, str] = field(default_factory=dict)  # of the offer (format.ABOUT), in its first envelope
    variant: Variant | None = None  # sealed inside the same envelope: nothing outside tells that there is one

    def apart(self) -> Iterator["Contents"]:
        """What is asked to be confidential: each question alone, so that each has a key of its own."""
        for number in self.confidential:
            said = {number: self.answers[number]} if self.answers.get(number) else {}
            files = [each for each in self.attachments if each.item == number]
            if said or files:
                yield Contents(answers=said, attachments=files)

    def open_to_all(self) -> "Contents":
        """The rest, with the reasons: what is asked to be confidential is told, and what it says is not."""
        said = {number: text for number, text in self.answers.items() if number not in self.confidential}
        return replace(
            self, answers=said, attachments=[each for each in self.attachments if each.item not in self.confidential]
        )


class PartWriter(io.RawIOBase):
    """Cuts a stream into parts and hands each on with its hash."""

    def __init__(self, put: PutPart, size: int = PART_SIZE) -> None:
        self.put, self.part_size, self.buffer = put, size, bytearray()
        self.parts: list[str] = []
        self.total = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.buffer += content
        while len(self.buffer) >= self.part_size:
            self._hand_on(self.part_size)
        return len(content)

    def _hand_on(self, size: int) -> None:
        part = bytes(self.buffer[:size])
        del self.buffer[:size]
        digest = sha256(part)
        self.put(digest, part)
        self.parts.append(digest)
        self.total += size

    def finish(self) -> None:
        if self.buffer:
            self._hand_on(len(self.buffer))


def _locked(recipient: str, piece: bytes) -> str:
    return pyrage.encrypt(piece, [agefiles.recipient_of(recipient)], armored=True).decode()


def new_header(process: Json, supplier: str, envelope: str, reserved: int = 0) -> tuple[Json, pyrage.x25519.Identity]:
    """A fresh identity S for one envelope, and the header that locks it for the members and the custodian. A reserved
    one says so: what its members give, and S, are not published at the opening."""
    identity = pyrage.x25519.Identity.generate()
    custodian_half = secrets.token_bytes(32)
    members_half = bytes(a ^ b for a, b in zip(agefiles.secret_of(identity), custodian_half, strict=True))
    shares = shamir.split(members_half, len(process["members"]), process["t"])
    header = {
        "v": WITH_RESERVES if reserved else VERSION,
        **({"reserved": reserved} if reserved else {}),
        "process": process["process"],
        "supplier": supplier,
        "envelope": envelope,
        "recipient": str(identity.to_public()),
        "t": process["t"],
        "locks": [
            {
                "member": member["member"],
                "recipient": member["recipient"],
                "commit": sha256(share),
                "age": _locked(member["recipient"], share),
            }
            for member, share in zip(process["members"], shares, strict=True)
        ],
        "custodian": {
            "number": process["custodian"]["number"],
            "recipient": process["custodian"]["recipient"],
            "commit": sha256(custodian_half),
            "age": _locked(process["custodian"]["recipient"], custodian_half),
        },
    }
    return header, identity


def seal(process: Json, supplier: str, envelopes: Mapping[str, Contents], put: PutPart, *, bundle: str = "") -> Json:
    """Seal an offer: hand every part to `put` and return the manifest. Nothing of it can be undone by who sealed."""
    sealed = [seal_envelope(process, supplier, code, what.open_to_all(), put) for code, what in envelopes.items()]
    apart = [
        seal_envelope(process, supplier, code, kept, put, reserved=number)
        for code, what in envelopes.items()
        for number, kept in enumerate(what.apart(), 1)
    ]
    return {
        "v": WITH_RESERVES if apart else VERSION,
        "process": process["process"],
        "supplier": supplier,
        "submission": secrets.token_hex(16),
        "bundle": bundle,
        "part_size": PART_SIZE,
        "envelopes": sealed + apart,
    }


def seal_envelope(
    process: Json, supplier: str, envelope: str, contents: Contents, put: PutPart, *, reserved: int = 0
) -> Json:
    header, identity = new_header(process, supplier, envelope, reserved)
    recipient = identity.to_public()
    rows, listed = [], []
    # A question of a lot in clear would tell the lot; one twice, a variant; of a reserved envelope, what is kept.
    is_told = not (process.get("lots") or process.get("variants") or reserved)
    is_padded = bool(process.get("reinforced"))
    given = [*contents.attachments, *(contents.variant.attachments if contents.variant else ())]
    for index, attachment in enumerate(given, start=ANSWERS_FILE + 1):
        reader = padding.Reader(attachment.content, is_padded=is_padded)
        rows.append(_sealed_file(recipient, reader, attachment.item if is_told else "", put))
        listed.append(
            {
                "item": attachment.item,
                "file": index,
                "name": attachment.name,
                "size": reader.size,
                "sha256": reader.digest.hexdigest(),
            }
        )
    written = canonical(answers_of(header, contents, listed, is_padded=is_padded))
    if is_padded:
        written = written.ljust(padding.padded(len(written)))  # with spaces: it is JSON all the same
    rows.insert(ANSWERS_FILE, _sealed_file(recipient, padding.Reader(io.BytesIO(written)), "", put))
    for index, row in enumerate(rows):
        row["name"] = f"{index:04d}.age"  # real names are inside
    return {"header": header, "files": rows}


def answers_of(header: Json, contents: Contents, files: list[Json], *, is_padded: bool = False) -> Json:
    """The first file of an envelope (README: "Answers"). `seal` binds the ciphertext to process, supplier and S. The
    files of the variant come after those of the base."""
    variant, own = contents.variant, len(contents.attachments)
    return {
        "v": VERSION,
        "seal": {name: header[name] for name in ("process", "supplier", "envelope", "recipient")},
        "answers": dict(contents.answers),
        "prices": dict(contents.prices),
        "total": contents.total,
        "files": files[:own],
        **({"padded": True} if is_padded else {}),
        **({"confidential": dict(contents.confidential)} if contents.confidential else {}),
        **({"lots": sorted(contents.lots)} if contents.lots else {}),
        **({"about": dict(contents.about)} if contents.about else {}),
        **({"variant": _variant_of(variant, files[own:])} if variant else {}),
    }


def _variant_of(variant: Variant, files: list[Json]) -> Json:
    said = {"summary": variant.summary, "answers": dict(variant.answers), "prices": dict(variant.prices)}
    return {**said, "files": files}


def _sealed_file(recipient: Any, reader: padding.Reader, item: str, put: PutPart) -> Json:
    writer = PartWriter(put)
    pyrage.encrypt_io(io.BufferedReader(reader, 2**16), writer, [recipient])
    writer.finish()
    return {"name": "", "item": item, "size": reader.sent, "sealed": writer.total, "parts": writer.parts}
