"""What a document can be: the one list of kinds, with what each accepts. Plain data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused, Text

# The closed allow-list (security.md 6.3), by what the bytes are and not by what the name says.
ALLOWED = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "png", "jpg", "zip", "dwg", "txt", "csv", "xml")
SEALED = ("age",)
MADE_HERE = (*ALLOWED, "json", *SEALED)


@dataclass(frozen=True)
class Kind:
    """`accepts` names types of `inspection.TYPES`; `is_uploaded` is false for what only the platform makes.

    A kind that accepts no type is opaque: nobody can look inside, it never becomes a document, and the act that takes
    it knows it by its hash.
    """

    code: str
    title: Text
    accepts: tuple[str, ...] = ALLOWED
    is_uploaded: bool = True
    largest: int = 0  # in bytes, where it is less than what the installation lets in

    @property
    def is_opaque(self) -> bool:
        return not self.accepts


# fmt: off
_KINDS = (
    # planning and tendering
    Kind("plan",                   _("Annual procurement plan"), MADE_HERE),
    Kind("prior_studies",          _("Prior studies")),
    Kind("budget_certificate",     _("Budget availability certificate (CDP)")),
    Kind("invitation",             _("Invitation")),
    Kind("tender_document",        _("Document of the process")),
    Kind("terms",                  _("Terms of the process")),
    Kind("annex",                  _("Annex")),
    Kind("amendment",              _("Addendum"), MADE_HERE),
    Kind("enquiry",                _("Document of an observation")),
    Kind("answer",                 _("Document of an answer")),
    Kind("message_document",       _("Document of a message")),
    Kind("justification",          _("Administrative act of justification")),
    # offers
    Kind("bid_document",           _("Document of an offer")),
    Kind("sealed_envelope",        _("Sealed envelope"), SEALED),
    Kind("sealed_part",            _("Part of a sealed offer"), (), largest=8 << 20),
    Kind("closing_record",         _("Closing record"), MADE_HERE, is_uploaded=False),
    Kind("opening_record",         _("Opening record"), MADE_HERE, is_uploaded=False),
    # evaluation and award
    Kind("hearing_document",       _("Document of a hearing or visit")),
    Kind("hearing_record",         _("Minutes of a hearing or visit"), MADE_HERE, is_uploaded=False),
    Kind("panel_act",              _("Act that appoints who evaluates")),
    Kind("evaluation_report",      _("Evaluation report"), MADE_HERE),
    Kind("report_observation",     _("Document of an observation on the report")),
    Kind("auction_minutes",        _("Minutes of an auction"), MADE_HERE, is_uploaded=False),
    Kind("auction_record",         _("Record of an auction held elsewhere")),
    Kind("award",                  _("Award"), MADE_HERE),
    # contract and execution
    Kind("contract",               _("Contract"), MADE_HERE),
    Kind("contract_document",      _("Document of the contract")),
    Kind("supplier_document",      _("Document of the contractor")),
    Kind("guarantee",              _("Guarantee"), ("pdf", "png", "jpg", "zip")),
    Kind("budget_commitment",      _("Budget commitment (RP)")),
    Kind("start_record",           _("Start record")),
    Kind("execution_plan",         _("Execution plan")),
    Kind("supervision_report",     _("Supervision report")),
    Kind("invoice",                _("Invoice"), ("pdf", "xml", "zip")),
    Kind("invoice_support",        _("Support of an invoice")),
    Kind("payment_proof",          _("Proof of payment"), ("pdf", "png", "jpg")),
    Kind("settlement",             _("Settlement record"), MADE_HERE),
    Kind("settlement_resolution",  _("Resolution of unilateral settlement"), MADE_HERE, is_uploaded=False),
    Kind("settlement_document",    _("Document of a settlement")),
    Kind("settlement_ruling",      _("Decision of a judge that settles a contract")),
    Kind("closing_record",         _("Record of the closing of a file"), MADE_HERE, is_uploaded=False),
    Kind("breach_report",          _("Report of a possible breach")),
    Kind("breach_document",        _("Document of a procedure of breach")),
    Kind("breach_citation",        _("Citation to a hearing of breach"), MADE_HERE, is_uploaded=False),
    Kind("breach_minutes",         _("Minutes of a hearing of breach"), MADE_HERE, is_uploaded=False),
    Kind("breach_resolution",      _("Resolution on a breach"), MADE_HERE, is_uploaded=False),
    # accounts and people
    Kind("account_document",       _("Registration document"), ("pdf", "png", "jpg")),
    Kind("structure_act",          _("Act of structure and organisation"), ("pdf", "png", "jpg")),
    Kind("administrator_authorisation", _("Authorisation of the administrator"), ("pdf", "png", "jpg")),
    Kind("identity_document",      _("Identity document"), ("pdf", "png", "jpg")),
    Kind("appointment_act",        _("Act of appointment"), ("pdf", "png", "jpg")),
    Kind("delegation_act",         _("Act of delegation"), ("pdf", "png", "jpg")),
    Kind("library",                _("Document of the library of the account")),
    Kind("tax_register",           _("Tax register (RUT)"), ("pdf", "png", "jpg")),
    Kind("experience_proof",       _("Certificate of experience"), ("pdf", "png", "jpg")),
    Kind("financial_statement",    _("Financial statements"), ("pdf", "xlsx")),
    Kind("bidders_register",       _("Register of bidders (RUP)"), ("pdf", "png", "jpg")),
    Kind("bank_certificate",       _("Bank certificate"), ("pdf", "png", "jpg")),
    Kind("plural_constitution",    _("Constitution of the plural bidder"), ("pdf", "png", "jpg")),
    Kind("change_support",         _("Support of a change of data"), ("pdf", "png", "jpg")),
    Kind("legal_existence",        _("Certificate of existence and representation"), ("pdf", "png", "jpg")),
    # the platform's own
    Kind("receipt",                _("Receipt"), MADE_HERE, is_uploaded=False),
    Kind("expediente",             _("Whole file of the process"), MADE_HERE, is_uploaded=False),
    Kind("other",                  _("Other document")),
)
# fmt: on
KINDS = {kind.code: kind for kind in _KINDS}


def get(code: str) -> Kind:
    """The kind with that code; Refused for a code that no table has, because it may come from outside."""
    if (kind := KINDS.get(code)) is None:
        raise Refused(Objection("unknown_kind", _("There is no kind of document with that name."), "kind"))
    return kind
