"""The receipt as a sealed PDF/A-3b: one page for people, the exact text of the act, and the JSON attached."""

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import qrcode
import qrcode.image.svg
import typst
from django.conf import settings
from django.utils import translation
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.ledger import intentions, notes, seal
from pliego.ledger.models import Entry
from pliego.ledger.verify_pdf import in_own_thread

TEMPLATE = Path(__file__).with_name("recibo.typ")
METHODS = {
    "totp": "contraseña y código de un solo uso",
    "passkey": "llave de acceso",
    "demo": "firma de práctica, sin valor fuera de esta instalación",
}


def render(entry: Entry, receipt: dict[str, Any]) -> bytes:
    """The sealed PDF of a receipt. Legal documents are Spanish whatever the reader's language."""
    with translation.override("es-co"):
        shown = _shown(entry, receipt)
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={
            "shown": json.dumps(shown, ensure_ascii=False),
            "receipt": json.dumps(receipt, ensure_ascii=False, indent=1),
            "qr": _qr(shown["url"]),
        },
        pdf_standards=["a-3b"],
        ignore_system_fonts=True,
    )
    return in_own_thread(_sealed, pdf + b"\n")  # what is appended begins on a line of its own (ISO 19005-3, 6.1.9)


def _sealed(pdf: bytes) -> bytes:
    out = BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Sello",
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason="Recibo de un acto de la bitácora",
            name=settings.PLIEGO_OPERATOR or settings.PLIEGO_LEDGER_ORIGIN,
        ),
        signer=seal.signer(),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    return out.getvalue()


def _shown(entry: Entry, receipt: dict[str, Any]) -> dict[str, Any]:
    body = entry.content
    who, signature = body["who"], body.get("signature")
    return {
        "operator": settings.PLIEGO_OPERATOR,
        "is_practice": settings.PLIEGO_PRACTICE,
        "url": f"{settings.PLIEGO_SITE_URL}{entry.url}#{entry.leaf_hex}",
        "code": entry.code,
        "title": str(entry.title),
        "file": entry.file,
        "folio": entry.folio,
        "at": legal_instant(entry.at),
        "date": [*entry.at.astimezone(BOGOTA).timetuple()[:3]],
        "who": _said(who) or "Cualquier persona",
        "person": who["person"],
        "account": " · ".join(filter(None, (who["account_name"], who["account"]))),
        "signature": signed_with(signature),
        "documents": body["documents"],
        "leaf": receipt["leaf"],
        "index": receipt["index"],
        "size": int(receipt["checkpoint"].split("\n")[1]),
        "vkey": receipt["vkey"],
        "witnesses": notes.names_under(receipt["checkpoint"])[1:],
        "body": body_lines(entry.body),
    }


def signed_with(signature: dict[str, Any] | None) -> str:
    """How the act was signed, and over which hash when the signer was shown one."""
    if signature is None:
        return ""
    said = METHODS.get(signature["method"], signature["method"])
    evidence = signature["evidence"]
    if "intention" in evidence:
        said += f", sobre lo que mostró la huella {intentions.digest(evidence['intention'])}"
    if second := evidence.get("second"):
        said += f"; firmó también {second['name']}"
    return said


def _said(who: dict[str, Any]) -> str:
    given = who.get("by_delegation_of")
    return f"{who['name']}, por delegación de {given['name']}" if given else str(who["name"])


def legal_instant(at: datetime) -> str:
    local = at.astimezone(BOGOTA)
    return f"{dates.day(at, 'es')}, {local:%H:%M:%S}.{local.microsecond // 1000:03d}, hora legal de Colombia"


def body_lines(body: str, width: int = 92, most: int = 60) -> list[str]:
    """The exact text cut into lines for print; a very long one ends with a pointer to the attachment."""
    lines = [body[i : i + width] for i in range(0, len(body), width)]
    return lines if len(lines) <= most else [*lines[:most], "… (sigue en el archivo adjunto recibo.json)"]


def _qr(text: str) -> str:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    out = BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(out)
    return out.getvalue().decode()
