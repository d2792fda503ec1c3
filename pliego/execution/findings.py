"""What is found in an electronic invoice or note, one line for each thing: what it says, what it should, whether it is
right. Plain Python: the refusals of sending it and the table of its page are the same lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.execution import ubl
from pliego.kernel.objections import Objection, Text

OK, WRONG, TOLD = "ok", "wrong", "told"  # `told`: it hinders nothing, and whoever approves should look at it


@dataclass(frozen=True)
class Known:
    """What the contract knows, against which the document is read."""

    seller: str
    buyer: str
    currency: str
    kind: str
    orders: tuple[str, ...]
    today: date
    practice: bool


@dataclass(frozen=True)
class Finding:
    code: str
    title: Text
    read: str
    expected: str
    verdict: str
    sentence: Text = ""


def findings(found: ubl.DianInvoice, known: Known) -> list[Finding]:
    """Every line, right or wrong, in the order in which a person would check them."""
    return [
        *_kind_and_parties(found, known), *_money(found), *_code_and_signature(found, known), *_dates(found, known),
        *_order(found, known),
    ]  # fmt: skip


def objections(found: ubl.DianInvoice, known: Known) -> Iterator[Objection]:
    """What is wrong, as refusals at the file."""
    for line in findings(found, known):
        if line.verdict == WRONG:
            yield Objection(line.code, line.sentence, "document")


def _line(code: str, title: Text, read: str, expected: str, sentence: Text) -> Finding:
    """Right when what was read is what was expected."""
    is_right = read == expected
    words = {"read": read, "expected": expected}
    return Finding(code, title, read, expected, OK if is_right else WRONG, "" if is_right else str(sentence) % words)


def _kind_and_parties(found: ubl.DianInvoice, known: Known) -> Iterator[Finding]:
    wanted = "invoice" if known.kind == "advance" else known.kind
    yield _line(
        "another_kind",
        _("Kind of document"),
        found.kind,
        wanted,
        _("The XML is of kind “%(read)s” and you ask for “%(expected)s”."),
    )
    yield _line(
        "another_seller",
        _("Seller"),
        found.issuer_nit,
        known.seller,
        _("The invoice is issued by %(read)s and the contractor is %(expected)s."),
    )
    yield _line(
        "another_buyer",
        _("Buyer"),
        found.buyer_id,
        known.buyer,
        _("The invoice is for %(read)s and the entity is %(expected)s."),
    )
    yield _line(
        "another_currency",
        _("Currency"),
        found.currency,
        known.currency,
        _("The invoice is in %(read)s and the contract in %(expected)s."),
    )


def _money(found: ubl.DianInvoice) -> Iterator[Finding]:
    others = ", ".join(sorted(found.currencies - {found.currency}))
    yield _line(
        "currency_mixed",
        _("Currency of its amounts"),
        others or found.currency,
        found.currency,
        _("Some amounts are in %(read)s and the invoice is in %(expected)s."),
    )
    for code, title, stated, reckoned, sentence in (
        (
            "lines_differ",
            _("Sum of its lines"),
            found.line_total,
            found.lines_total,
            _("The invoice states %(read)s before taxes and its lines add up to %(expected)s."),
        ),
        (
            "totals_differ",
            _("Total to pay"),
            found.payable,
            found.reckoned,
            _("The invoice states %(read)s to pay and its totals come to %(expected)s."),
        ),
    ):
        if reckoned is None:
            yield Finding(code, title, str(stated), "", TOLD, _("It does not say enough to add it up again."))
        else:
            yield _line(code, title, f"{stated:.2f}", f"{reckoned:.2f}", sentence)


def _code_and_signature(found: ubl.DianInvoice, known: Known) -> Iterator[Finding]:
    yield _line(
        "uuid_repeated",
        _("Unique codes"),
        str(found.codes),
        "1",
        _("The invoice has %(read)s unique codes and must have %(expected)s."),
    )
    is_right = ubl.has_the_form_of_a_cufe(found.cufe)
    malformed = _("The invoice has no CUFE, or it is not one (96 hexadecimal digits).")
    yield Finding("cufe_malformed", _("CUFE or CUDE"), found.cufe, "", OK if is_right else WRONG,
                  "" if is_right else malformed)  # fmt: skip
    is_test = found.environment == "2"
    verdict = OK if not is_test else TOLD if known.practice else WRONG
    yield Finding("test_invoice", _("Environment"), found.environment, "1", verdict,
                  _("The invoice was issued in DIAN's test environment.") if is_test else "")  # fmt: skip
    yield _signature(found)


def _signature(found: ubl.DianInvoice) -> Finding:
    title = _("Signature")
    if found.signature == "slot":
        return Finding("signature_slot", title, found.signature, "slot", OK)
    if found.signature == "none":
        sentence = _("It carries no signature. DIAN's documents are signed: check it at DIAN by its code.")
        return Finding("signature_missing", title, found.signature, "slot", TOLD, sentence)
    sentence = _("The signature must be one, inside the extensions of the document, and it is not.")
    return Finding("signature_slot", title, found.signature, "slot", WRONG, sentence)


def _dates(found: ubl.DianInvoice, known: Known) -> Iterator[Finding]:
    issued, today = found.issued_on.isoformat(), known.today.isoformat()
    is_right = issued <= today
    yield Finding("issued_in_the_future", _("Day of issue"), issued, today, OK if is_right else WRONG,
                  "" if is_right else _("The invoice cannot be of a day to come."))  # fmt: skip
    if found.due_on:
        is_after = found.due_on >= issued
        said = "" if is_after else _("It falls due before it was issued.")
        title = _("Day on which it falls due")
        yield Finding("due_before_issue", title, found.due_on, issued, OK if is_after else TOLD, said)


def _order(found: ubl.DianInvoice, known: Known) -> Iterator[Finding]:
    is_right = found.order in known.orders
    sentence = _("It names no order, or one that is not this contract: check that it is of this contract.")
    yield Finding("another_order", _("Order or contract"), found.order, known.orders[0] if known.orders else "",
                  OK if is_right else TOLD, "" if is_right else sentence)  # fmt: skip


def known_of(contract: Any, kind: str, today: date, *, practice: bool) -> Known:
    return Known(
        seller=contract.supplier.organization.number,
        buyer=contract.buyer.organization.number,
        currency=contract.value_currency,
        kind=kind,
        orders=(contract.number, contract.code),
        today=today,
        practice=practice,
    )
