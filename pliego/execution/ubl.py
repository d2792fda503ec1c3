"""Electronic invoices of DIAN (UBL 2.1): read with a hardened parser, and their CUFE computed again.

Guarantees: no entity, DTD or external file is ever followed; a document that cannot be read says so in a sentence; the
amounts are decimals. The CUFE is the SHA-384 of the fields of `CUFE_ORDER`, one after the other (Resolución 165 de 2023
of DIAN, anexo técnico). The technical key is the issuer's secret: without it only the code's form can be checked.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from pliego.kernel.objections import Objection, Refused

LARGEST = 5 << 20
INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
DEBIT = "urn:oasis:names:specification:ubl:schema:xsd:DebitNote-2"
# Each document, where its totals stand, and its lines.
DOCUMENTS = {
    f"{{{INVOICE}}}Invoice": ("invoice", "cac:LegalMonetaryTotal", "cac:InvoiceLine"),
    f"{{{CREDIT}}}CreditNote": ("credit", "cac:LegalMonetaryTotal", "cac:CreditNoteLine"),
    f"{{{DEBIT}}}DebitNote": ("debit", "cac:RequestedMonetaryTotal", "cac:DebitNoteLine"),
}
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
SLOT = "{urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2}ExtensionContent"
ATTACHED = "urn:oasis:names:specification:ubl:schema:xsd:AttachedDocument-2"
NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
TAXES = ("01", "04", "03")  # IVA, INC, ICA, in the order of the rule
CUFE_FORM = re.compile(r"[0-9a-f]{96}")
AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,8})?")  # an xsd:decimal, of a size that money has here
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DEPTH_OF_ATTACHMENT = 1


@dataclass(frozen=True)
class DianInvoice:
    """What an electronic invoice says, as far as paying it needs."""

    number: str
    issued_on: date
    issued_time: str
    line_total: Decimal
    payable: Decimal
    currency: str
    issuer_nit: str
    buyer_id: str
    environment: str
    cufe: str
    taxes: dict[str, Decimal] = field(default_factory=dict)
    kind: str = "invoice"
    order: str = ""  # what it says that it invoices: an order or a contract
    due_on: str = ""
    lines_total: Decimal | None = None  # what its lines add up to; none when it has no lines
    reckoned: Decimal | None = None  # what the totals that it states come to; none when it does not state them
    codes: int = 1  # how many unique codes it has
    currencies: frozenset[str] = frozenset()  # those of its amounts
    signature: str = "none"  # none, slot, elsewhere, many


def parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def read(content: bytes, depth: int = 0) -> DianInvoice:
    """The invoice in the file; the one inside an AttachedDocument when it is wrapped, as DIAN delivers it."""
    root = tree_of(content)
    if root.tag == f"{{{ATTACHED}}}AttachedDocument" and depth < DEPTH_OF_ATTACHMENT:
        return read(text(root, "cac:Attachment/cac:ExternalReference/cbc:Description").encode(), depth + 1)
    if root.tag not in DOCUMENTS:
        raise refused("not_an_invoice", _("The XML is not an electronic invoice or note (UBL 2.1)."))
    kind, totals, lines = DOCUMENTS[root.tag]
    day = text(root, "cbc:IssueDate")
    try:
        issued_on = date.fromisoformat(day if DAY.fullmatch(day) else "")
    except ValueError:
        raise refused("invoice_incomplete", _("The XML says no date of issue that can be read.")) from None
    return DianInvoice(
        number=text(root, "cbc:ID"),
        issued_on=issued_on,
        issued_time=text(root, "cbc:IssueTime"),
        line_total=amount(root, f"{totals}/cbc:LineExtensionAmount"),
        payable=amount(root, f"{totals}/cbc:PayableAmount"),
        currency=text(root, "cbc:DocumentCurrencyCode"),
        issuer_nit=party(root, "cac:AccountingSupplierParty"),
        buyer_id=party(root, "cac:AccountingCustomerParty"),
        environment=optional(root, "cbc:ProfileExecutionID"),
        cufe=optional(root, "cbc:UUID").lower(),
        taxes=taxes_of(root),
        kind=kind,
        order=optional(root, "cac:OrderReference/cbc:ID"),
        due_on=optional(root, "cbc:DueDate"),
        lines_total=lines_of(root, lines),
        reckoned=reckoned(root, totals),
        codes=len(root.findall("cbc:UUID", NS)),
        currencies=frozenset(str(found) for found in root.xpath("//@currencyID")),
        signature=signature_of(root),
    )


def lines_of(root: Any, path: str) -> Decimal | None:
    found = root.findall(path, NS)
    return sum((amount(line, "cbc:LineExtensionAmount") for line in found), Decimal(0)) if found else None


def reckoned(root: Any, totals: str) -> Decimal | None:
    """What is payable by the totals that it states: with taxes, less discounts and prepayments, plus charges."""
    if not optional(root, f"{totals}/cbc:TaxInclusiveAmount"):
        return None

    def part(name: str) -> Decimal:
        path = f"{totals}/cbc:{name}"
        return amount(root, path) if optional(root, path) else Decimal(0)

    return (
        part("TaxInclusiveAmount") - part("AllowanceTotalAmount") + part("ChargeTotalAmount") - part("PrepaidAmount")
        + part("PayableRoundingAmount")
    )  # fmt: skip


def signature_of(root: Any) -> str:
    """Where the signature stands: DIAN puts one, inside an extension of the document."""
    found = list(root.iter(SIGNATURE))
    if len(found) > 1:
        return "many"
    if not found:
        return "none"
    return "slot" if found[0].getparent().tag == SLOT else "elsewhere"


def tree_of(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise refused("xml_too_large", _("The XML is too large for an invoice."))
    try:
        root = etree.fromstring(content, parser())
    except (etree.XMLSyntaxError, ValueError):
        raise refused("damaged_xml", _("The XML of the invoice is not well formed. Download it again.")) from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.internalDTD is not None:
        entities = list(docinfo.internalDTD.iterentities())
        if docinfo.system_url or any(entity.content is None for entity in entities):
            raise refused("xml_external", _("The XML of the invoice calls for a file from outside, which is not read."))
        raise refused("xml_entities", _("The XML of the invoice has a DTD, which no electronic invoice has."))
    return root


def party(root: Any, role: str) -> str:
    """The number by which the tax authority knows the party, without its check digit."""
    company = optional(root, f"{role}/cac:Party/cac:PartyTaxScheme/cbc:CompanyID")
    found = company or optional(root, f"{role}/cac:Party/cac:PartyIdentification/cbc:ID")
    if not found:
        raise refused("invoice_incomplete", _("The XML does not say who sells or who buys."))
    return re.sub(r"\D", "", found.split("-")[0])


def taxes_of(root: Any) -> dict[str, Decimal]:
    """Each tax by its code: the totals of the document, not those of its lines."""
    found: dict[str, Decimal] = {}
    for total in root.iterfind("cac:TaxTotal", NS):
        code = optional(total, "cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme/cbc:ID")
        found[code] = found.get(code, Decimal(0)) + amount(total, "cbc:TaxAmount")
    return found


def text(root: Any, path: str) -> str:
    if not (found := optional(root, path)):
        raise refused(
            "invoice_incomplete",
            _("The XML of the invoice lacks %(what)s.") % {"what": path.rsplit(":", maxsplit=1)[-1]},
        )
    return found


def optional(root: Any, path: str) -> str:
    return (root.findtext(path, namespaces=NS) or "").strip()


def amount(root: Any, path: str) -> Decimal:
    found = text(root, path)
    if AMOUNT.fullmatch(found) is None:
        raise refused("invoice_incomplete", _("The XML of the invoice has an amount that cannot be read."))
    return Decimal(found)


def refused(code: str, sentence: str) -> Refused:
    return Refused(Objection(code, sentence, "document"))


# ---- the unique code -----------------------------------------------------------------------------------------------


def cufe(invoice: DianInvoice, secret: str) -> str:
    """The code that the fields and the technical key give."""
    return fingerprint(
        invoice.number,
        invoice.issued_on.isoformat(),
        invoice.issued_time,
        truncated(invoice.line_total),
        *(part for code in TAXES for part in (code, truncated(invoice.taxes.get(code, Decimal(0))))),
        truncated(invoice.payable),
        invoice.issuer_nit,
        invoice.buyer_id,
        secret,
        invoice.environment,
    )


def fingerprint(*fields: str) -> str:
    return hashlib.sha384("".join(fields).encode()).hexdigest()


def truncated(value: Decimal) -> str:
    """Two decimals, cut and not rounded, as the rule says."""
    return format(value.quantize(Decimal("0.01"), ROUND_DOWN), "f")


def has_the_form_of_a_cufe(code: str) -> bool:
    return CUFE_FORM.fullmatch(code) is not None


def matches(invoice: DianInvoice, secret: str) -> bool:
    return secrets.compare_digest(cufe(invoice, secret.strip()), invoice.cufe)
