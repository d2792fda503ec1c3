"""The signed copy of a contract: its text with a page that tells both signatures, and a seal over the file for each.

Guarantees: any PDF reader checks both seals, and one byte changed breaks them; the text is that which the parties
accepted, whose hash stands on the page; the same contract gets one copy, however often it is asked.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from pliego.contracts.models import Contract
from pliego.ledger import seal
from pliego.ledger.models import Entry
from pliego.ledger.receipt_pdf import legal_instant, signed_with
from pliego.ledger.verify_pdf import in_own_thread


@dataclass(frozen=True)
class Signature:
    """One party's act, as the page tells it. `field` is the name of its seal in the file."""

    field: str
    party: str
    person: str
    account: str
    at: str
    method: str
    receipt: str
    leaf: str


# The act of each party, the name of its seal, and what the page calls it.
PARTIES = (("contract.accepted", "Contratista", "EL CONTRATISTA"), ("contract.signed", "Entidad", "LA ENTIDAD"))


def signatures_of(contract: Contract) -> list[Signature]:
    """Who signed the text, in order: the last act of each party."""
    found = []
    for act, name, party in PARTIES:
        entry = Entry.objects.filter(file=contract.file, act=act, subject_id=contract.pk).order_by("-pk").first()
        if entry is not None:
            found.append(_told(entry, name, party))
    return found


def _told(entry: Entry, name: str, party: str) -> Signature:
    body: dict[str, Any] = entry.content
    who = body["who"]
    return Signature(
        field=name,
        party=party,
        person=who["name"],
        account=" · ".join(filter(None, (who["account_name"], who["account"]))),
        at=legal_instant(entry.at),
        method=signed_with(body.get("signature")),
        receipt=entry.code,
        leaf=entry.leaf_hex,
    )


def sealed(pdf: bytes, signatures: list[Signature]) -> bytes:
    """The file with one seal for each signature, the later over the earlier."""
    return in_own_thread(_seal, pdf, signatures)


def _seal(pdf: bytes, signatures: list[Signature]) -> bytes:
    for signature in signatures:
        out = BytesIO()
        told = signers.PdfSignatureMetadata(
            field_name=signature.field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=f"{signature.person}, {signature.at}. Acto {signature.receipt}",
            name=f"{signature.party}: {signature.account}",
        )
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signers.PdfSigner(told, signer=seal.signer()).sign_pdf(writer, output=out)
        pdf = out.getvalue()
    return pdf
