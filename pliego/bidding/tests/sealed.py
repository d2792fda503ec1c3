"""People with keys, and offers sealed for them, without a database."""

import io
from dataclasses import dataclass, field
from typing import Any

import pyrage

from pliego.bidding import sealing


@dataclass
class Committee:
    """A process with `n` members, `t` of whom open it together with the custodian."""

    t: int = 3
    n: int = 5
    envelopes: tuple[str, ...] = ("oferta",)
    members: list[Any] = field(default_factory=list)
    custodian: Any = field(default_factory=pyrage.x25519.Identity.generate)

    def __post_init__(self) -> None:
        self.members = [pyrage.x25519.Identity.generate() for _i in range(self.n)]

    @property
    def process(self) -> dict[str, Any]:
        return {
            "v": 1,
            "process": "ocds-test-PLG.EXP.1",
            "t": self.t,
            "members": [
                {"member": str(number), "recipient": str(identity.to_public())}
                for number, identity in enumerate(self.members, 1)
            ],
            "custodian": {"number": 7, "recipient": str(self.custodian.to_public())},
            "envelopes": list(self.envelopes),
        }

    def shares(self, header: dict[str, Any]) -> dict[str, bytes]:
        return {
            lock["member"]: sealing.unwrap(lock, identity)
            for lock, identity in zip(header["locks"], self.members, strict=True)
        }

    def half(self, header: dict[str, Any]) -> bytes:
        return sealing.unwrap(header["custodian"], self.custodian)


@dataclass
class Offer:
    manifest: dict[str, Any]
    parts: dict[str, bytes]

    @property
    def envelope(self) -> dict[str, Any]:
        return self.manifest["envelopes"][0]

    @property
    def header(self) -> dict[str, Any]:
        return self.envelope["header"]


def contents(text: str = "Cumplimos", file: bytes = b"%PDF-1.4 propuesta") -> sealing.Contents:
    return sealing.Contents(
        answers={"1": text},
        prices={"1": "1500.50"},
        total="3001.00",
        attachments=[sealing.Attachment("2", "propuesta técnica.pdf", io.BytesIO(file))],
    )


def offer(committee: Committee, supplier: str = "CTA-1", **what: Any) -> Offer:
    parts: dict[str, bytes] = {}
    sealed = sealing.seal(
        committee.process, supplier, {code: contents(**what) for code in committee.envelopes}, parts.__setitem__
    )
    return Offer(sealed, parts)
