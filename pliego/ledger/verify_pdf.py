"""The offline verifier of receipt PDFs: the seal over the whole file, and the receipt attached in it."""

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, TypeVar

from asn1crypto import cms, core, x509  # type: ignore[import-untyped]
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pliego.ledger import notes
from pliego.ledger.verify import NotReadable, Report, _read, verify_receipt

ATTACHED = "recibo.json"
T = TypeVar("T")


def in_own_thread(work: Callable[..., T], *args: Any) -> T:
    """pyHanko runs an event loop of its own, and a thread that has one already cannot run another."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(work, *args).result()


def verify(content: bytes, key: notes.Key | None) -> Report:
    """Verify the attached receipt and that the page around it was sealed by the same log."""
    try:
        reader = PdfFileReader(BytesIO(content))
        data = _read(attached(reader))
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, zlib.error) as error:
        raise NotReadable(_("the PDF cannot be read, or it is not a receipt of Pliego")) from error
    report = verify_receipt(data, key)
    try:
        used = key or notes.Key.parse(str(data.get("vkey")))
        fault = in_own_thread(_seal_fault, reader, used) or _envelope_fault(reader, content)
    except (PdfError, ValueError, notes.NotSigned):
        fault = _("the seal of the PDF cannot be read")
    except Exception as error:  # pyHanko raises many kinds over damaged signatures; all mean the same here
        fault = _("the seal of the PDF cannot be read") + f" ({type(error).__name__})"
    if fault:
        report.fail("pdf", fault)
    return report


def attached(reader: PdfFileReader) -> bytes:
    """The receipt inside the PDF."""
    names = reader.root["/Names"]["/EmbeddedFiles"]
    for name, spec in _pairs(names):
        if str(name) == ATTACHED:
            return bytes(_plain(spec)["/EF"]["/F"].data)
    raise NotReadable(_("the PDF brings no receipt"))


def _pairs(tree: Any) -> Any:
    for kid in tree.get("/Kids", ()):
        yield from _pairs(_plain(kid))
    flat = tree.get("/Names", ())
    for i in range(0, len(flat), 2):
        yield flat[i], flat[i + 1]


def _plain(found: Any) -> Any:
    return found.get_object() if isinstance(found, IndirectObject) else found  # type: ignore[no-untyped-call]


def _seal_fault(reader: PdfFileReader, key: notes.Key) -> str:
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return _("the PDF does not carry the one seal of the log")
    signature = signatures[0]
    signature.compute_integrity_info()
    root = next((cert for cert in signature.other_embedded_certs if _public(cert) == key.public), None)
    if root is None:
        return _("the seal of the PDF is not of this log")
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))
    if not status.intact or not status.valid:
        return _("the PDF was altered after it was sealed")
    if not status.trusted:
        return _("the seal of the PDF is not of this log")
    if status.coverage is None or status.coverage.name != "ENTIRE_FILE":
        return _("something was added to the PDF after it was sealed")
    return ""


def _envelope_fault(reader: PdfFileReader, content: bytes) -> str:
    """The seal itself lies outside the bytes it seals: its writing must be the only one there is."""
    signature = reader.embedded_signatures[0]
    start, length, end, _rest = (int(number) for number in signature.byte_range)
    written = content[start + length : end]
    raw = bytes.fromhex(written[1:-1].decode("ascii"))
    envelope = _written_again(cms.ContentInfo.load(raw)["content"])
    root = next(cert for cert in signature.other_embedded_certs if cert.self_issued)
    loaded = load_der_x509_certificate(root.dump())
    try:
        loaded.verify_directly_issued_by(loaded)
    except (InvalidSignature, ValueError, TypeError):
        return _("the seal of the PDF is not of this log")
    if written != f"<{envelope.hex().upper()}{'00' * (len(raw) - len(envelope))}>".encode():
        return _("the PDF was altered after it was sealed")
    return ""


def _written_again(seal: Any) -> bytes:
    """The seal as it is written from what its signatures protect; the rest of it (RFC 5652) leaves no choice."""
    [signer], hashed = seal["signer_infos"], {"algorithm": "sha256", "parameters": core.Null()}
    certificates = [_certificate_again(choice.chosen) for choice in seal["certificates"]]
    own = next(certificate for certificate in certificates if not certificate.self_issued)
    who = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    again = {
        "version": "v1",
        "digest_algorithms": [hashed],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices("certificate", certificate) for certificate in certificates],
        "signer_infos": [
            {
                "version": "v1",
                "sid": cms.SignerIdentifier("issuer_and_serial_number", who),
                "digest_algorithm": hashed,
                "signed_attrs": signer["signed_attrs"],
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": signer["signature"].native,
            }
        ],
    }
    whole = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(again)})
    return bytes(whole.dump(force=True))


def _certificate_again(certificate: x509.Certificate) -> x509.Certificate:
    """A certificate as it is written from what the log's key signed in it (RFC 5280 section 4.1.1)."""
    signed = certificate["tbs_certificate"]
    again = {
        "tbs_certificate": signed,
        "signature_algorithm": {"algorithm": signed["signature"]["algorithm"].native},
        "signature_value": certificate["signature_value"].native,
    }
    return x509.Certificate(again)


def _public(certificate: x509.Certificate) -> bytes:
    return bytes(certificate.public_key["public_key"].native) if certificate.public_key.algorithm == "ed25519" else b""


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue; translated by whoever shows it."""
    return sentence
